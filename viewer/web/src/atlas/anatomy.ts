// One body and what is known of it, put together: the atlas (geometry) and the catalogue (meaning), indexed by name.
import type { AtlasDocument, Centrelines, StructureEntry } from "../generated/atlas";
import type { Catalogue } from "../generated/catalogue";
import type { Measures, PackDocument } from "../generated/pack";
import { Language } from "../language/language";
import type { Translate } from "../language/translate";
import {
  type Annotated,
  type Entry,
  type Kin,
  layerOf,
  lineage,
  namesOf,
  presentLayers,
} from "../scene/visibility";
import { capital, nearest, words } from "./text";
import type { Variant } from "./variants";

export type Side = "right" | "left";
export type NameMode = "english" | "latin" | "both";
export type Annotation = Catalogue["structures"][string];

/** A structure's name as it is shown. */
export interface Title {
  /** With its side: "Right piriformis". */
  readonly full: string;
  /** Without its side: "Piriformis". */
  readonly short: string;
  /** The name in Latin, if both are wanted. */
  readonly secondary: string | null;
  /** Its side in words: "Right". */
  readonly side: string | null;
}

export interface LayerStep {
  readonly id: string;
  readonly name: string;
}

const SIDES: readonly Side[] = ["right", "left"];

/** `piriformis.right` → ["piriformis", "right"]; the midline has no side. */
export function splitId(name: string): [structure: string, side: Side | null] {
  const dot = name.lastIndexOf(".");
  const side = name.slice(dot + 1);
  return dot > 0 && (side === "right" || side === "left") ? [name.slice(0, dot), side] : [name, null];
}

export class Anatomy {
  readonly atlas: AtlasDocument;
  /** What is known of it, in the page's language. */
  readonly catalogue: Catalogue;
  /** Texts of the page's language. */
  readonly t: Translate;
  readonly entries: readonly Entry[];
  readonly annotated: Annotated;
  readonly layerIds: readonly string[];
  /** Steps of the peel, outermost first; the innermost is never taken off. */
  readonly layers: readonly LayerStep[];
  private readonly names = new Map<string, readonly string[]>();
  private readonly members = new Map<string, string[]>();

  constructor(
    atlas: AtlasDocument,
    /** What is known of it, in English. */
    readonly english: Catalogue,
    /** What has been made since; it is in `atlas` already but for what belongs to variants. */
    readonly pack: PackDocument | null = null,
    private readonly language = new Language(),
  ) {
    this.atlas = atlas;
    const catalogue = language.catalogue(english);
    this.catalogue = catalogue;
    this.t = language.t;
    this.annotated = catalogue.structures as Readonly<Record<string, Kin>>;
    this.layerIds = catalogue.layers.map((layer) => layer.id);
    this.entries = Object.values(atlas.structures).map((entry) => ({
      id: entry.id,
      structure: entry.structure,
      side: entry.side,
      shown: entry.shown,
    }));
    for (const entry of this.entries) {
      const names = namesOf(entry, this.annotated);
      this.names.set(entry.id, names);
      for (const name of names) this.members.set(name, [...(this.members.get(name) ?? []), entry.id]);
    }
    const present = presentLayers(this.entries, this.layerIds, this.annotated);
    this.layers = catalogue.layers.filter((layer) => present.includes(layer.id));
  }

  /** The same body in another language. */
  speaking(language: Language): Anatomy {
    return new Anatomy(this.atlas, this.english, this.pack, language);
  }

  /** The same body with what has been made since. */
  grown(atlas: AtlasDocument, pack: PackDocument | null): Anatomy {
    return new Anatomy(atlas, this.english, pack, this.language);
  }

  /** A document in the page's language as far as that has its texts; what is left is marked as English. */
  worded<T extends object>(document: T): T {
    return this.language.worded(document);
  }

  /** The languages that there are, English first. */
  get languages(): Catalogue["languages"] {
    return this.english.languages;
  }

  entry(id: string): StructureEntry | undefined {
    return this.atlas.structures[id];
  }

  /** The ways in which nerve and piriformis lie together, the usual one first. */
  get variants(): readonly Variant[] {
    return Object.values(this.catalogue.variants);
  }

  variant(id: string): Variant | undefined {
    return this.catalogue.variants[id];
  }

  /** Middle curves of nerve and muscle on a side, in a variant as far as they have come. */
  centrelines(side: Side, variant: string): Centrelines | undefined {
    return this.pack?.centrelines[side]?.[variant] ?? this.atlas.centrelines[side];
  }

  /** What the surfaces of a side measure in a variant; undefined while they are still being made. */
  measures(side: Side, variant: string): Measures | undefined {
    return this.pack?.measures[side]?.[variant];
  }

  /** Annotation of a structure, sided or not. */
  annotation(name: string): Annotation | undefined {
    return this.catalogue.structures[splitId(name)[0]];
  }

  /** All ids that name an entry of the atlas, the nearest first. */
  namesOf(id: string): readonly string[] {
    return this.names.get(id) ?? [];
  }

  /** Whether it came as meshes of somebody's, at least in part. */
  get loaded(): boolean {
    return Object.values(this.atlas.structures).some(({ made }) => made === "loaded");
  }

  /** Whether a structure is still being made and comes later. */
  isGrowing(structure: string): boolean {
    return this.atlas.growing.some((entry) => entry.structure === structure);
  }

  /** Whether a variant has shapes here: the usual one always, the others once they are made. */
  hasShapes(variant: string): boolean {
    return (
      variant === this.variants[0]?.id ||
      Object.values(this.atlas.structures).some((entry) => entry.parts.some((part) => variant in part.shapes))
    );
  }

  /** Sided ids of the atlas that a name stands for: itself, both sides, and everything that is part of it. */
  membersOf(name: string): readonly string[] {
    return this.members.get(name) ?? [];
  }

  /** What the picture can show for a name: its members, or those of the nearest whole that has any. */
  seenAs(name: string): readonly string[] {
    const [structure, side] = splitId(name);
    for (const whole of lineage(structure, this.annotated)) {
      const found = this.membersOf(side ? `${whole}.${side}` : whole);
      if (found.length) return found;
    }
    return [];
  }

  /** Step of the peel that a structure belongs to; -1 if it is no step's. */
  layerIndex(id: string): number {
    const entry = this.entries.find((candidate) => candidate.id === id);
    const layer = entry ? layerOf(entry.structure, this.annotated) : null;
    return this.layers.findIndex((step) => step.id === layer);
  }

  /** Whether a name means anything here: in this body, or in the catalogue with a fitting side. */
  knows(name: string): boolean {
    if (this.members.has(name)) return true;
    const [structure, side] = splitId(name);
    const annotation = this.catalogue.structures[structure];
    return annotation !== undefined && (side === null || annotation.paired);
  }

  /** Every name that `knows` accepts. */
  allNames(): Set<string> {
    const names = new Set(this.members.keys());
    for (const [id, { paired }] of Object.entries(this.catalogue.structures)) {
      names.add(id);
      if (paired) for (const side of SIDES) names.add(`${id}.${side}`);
    }
    return names;
  }

  /** The known names nearest to a wrong one; with a side in it, sided ones first. */
  suggest(name: string): string[] {
    return nearest(name, this.allNames());
  }

  title(name: string, mode: NameMode): Title {
    const { t } = this;
    const [structure, side] = splitId(name);
    const names = this.catalogue.structures[structure]?.names;
    const own = names?.english ?? words(structure);
    const latin = names?.latin || null;
    const main = mode === "latin" && latin ? latin : own;
    const full = !side
      ? main
      : mode === "latin" && latin
        ? this.latinSided(main, side)
        : this.sided(main, side);
    return {
      full: capital(full),
      short: capital(main),
      secondary: mode === "both" && latin ? latin : null,
      side: side && capital(side === "right" ? t("right") : t("left")),
    };
  }

  /** A name with its side: "right piriformis". */
  sided(name: string, side: Side): string {
    return side === "right" ? this.t("right {name}", { name }) : this.t("left {name}", { name });
  }

  private latinSided(name: string, side: Side): string {
    return side === "right" ? this.t("{name} (right)", { name }) : this.t("{name} (left)", { name });
  }

  /** A name as short as it can be where its place says the rest: "Tibial division". */
  brief(name: string, mode: NameMode): string {
    return this.title(splitId(name)[0], mode).short.replace(/ (of the sciatic nerve|nervi ischiadici)/i, "");
  }

  /** Name of a landmark in the page's language or in Latin, with its side. */
  landmarkTitle(name: string, mode: NameMode): string {
    const [landmark, side] = splitId(name);
    const names = this.catalogue.landmarks[landmark]?.names;
    const main = (mode === "latin" && names?.latin) || names?.english || words(landmark);
    return capital(side ? this.sided(main, side) : main);
  }
}
