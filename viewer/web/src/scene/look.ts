// From what is meant (scene) to what is drawn (look): a pure derivation, done anew after every change.
import type { Anatomy, Side } from "../atlas/anatomy";
import type { FootprintEntry } from "../generated/atlas";
import type { Scene } from "../generated/scene";
import { plain } from "../language/translate";
import type {
  FootprintLook,
  Insets,
  LabelLook,
  LandmarkLook,
  Look,
  Paint,
  RulerLook,
  ShapeLook,
  StructureLook,
  ThemeName,
  Vec3,
} from "../stage/types";
import { visibleIn } from "./actions";
import { namedAs } from "./naming";
import { distance, millimetres } from "./ruler";
import { sectionCut } from "./section";
import { opened, pointOf, type TriggerSurroundings, triggerLook } from "./trigger";
import { FADED, isFaded, opacityOf, recedes } from "./visibility";

/** What the picture depends on besides the scene. */
export interface Surroundings extends TriggerSurroundings {
  /** Name under the pointer, in the picture or in the tree. */
  readonly hovered: string | null;
  /** Footprint that the card points at. */
  readonly footprint: string | null;
  readonly theme: ThemeName;
  readonly reducedMotion: boolean;
  readonly insets: Insets;
  readonly shapes?: Readonly<Record<string, ShapeLook>>;
  /** Factor on piriformis' opacity while a nerve passes it, by side. */
  readonly fading?: Readonly<Partial<Record<Side, number>>>;
  readonly painted?: Readonly<Record<string, Paint>>;
  /** First point of a distance that is being measured. */
  readonly rulerStart?: Vec3 | null;
}

/** Opacity of the muscle whose own footprint is looked at: it mostly lies in front of it. */
const OWNER_OPACITY = 0.25;

/** While one footprint is looked at, only its carrier stays solid: the area is seen wherever it lies. */
function aroundFootprint(looks: Record<string, StructureLook>, name: string, anatomy: Anatomy): void {
  for (const [id, look] of Object.entries(looks)) {
    const entry = anatomy.entry(id);
    const own = entry?.footprints.find((print) => print.name === name);
    const carries = Object.values(anatomy.atlas.structures).some((other) =>
      other.footprints.some((print) => print.name === name && print.on === id),
    );
    if (carries) continue;
    looks[id] = own
      ? { ...look, opacity: Math.min(look.opacity, OWNER_OPACITY) }
      : { ...look, opacity: look.opacity * FADED, dimmed: true };
  }
}

function structures(
  scene: Scene,
  anatomy: Anatomy,
  { hovered, footprint, fading = {} }: Pick<Surroundings, "hovered" | "footprint" | "fading">,
): Record<string, StructureLook> {
  const seen = visibleIn(scene, anatomy);
  const selected = new Set(scene.selected ? anatomy.seenAs(scene.selected) : []);
  const pointed = new Set(hovered ? anatomy.seenAs(hovered) : []);
  const looks = Object.fromEntries(
    anatomy.entries.map((entry) => {
      const back = recedes(scene, entry, anatomy.annotated);
      const passed =
        (entry.structure === "piriformis" && entry.side !== "midline" && fading[entry.side]) || 1;
      const opacity = opacityOf(scene, entry, anatomy.annotated) * passed;
      const look: StructureLook = {
        visible: seen.has(entry.id) && opacity > 0,
        opacity,
        dimmed: back || isFaded(scene, entry, anatomy.annotated),
        hovered: pointed.has(entry.id),
        selected: selected.has(entry.id),
      };
      return [entry.id, look];
    }),
  );
  if (footprint !== null) aroundFootprint(looks, footprint, anatomy);
  return looks;
}

/** Footprints of these structures, and those that lie on them: what a bone carries is part of what it is. */
export function footprintsOf(ids: ReadonlySet<string>, anatomy: Anatomy): FootprintEntry[] {
  return Object.values(anatomy.atlas.structures).flatMap((entry) =>
    entry.footprints.filter((footprint) => ids.has(entry.id) || ids.has(footprint.on)),
  );
}

function footprints(
  scene: Scene,
  anatomy: Anatomy,
  { hovered, footprint: focus }: Pick<Surroundings, "hovered" | "footprint">,
  looks: Record<string, StructureLook>,
): FootprintLook[] {
  if (scene.footprints === "none") return [];
  const selected = new Set(scene.selected ? anatomy.seenAs(scene.selected) : []);
  const pointed = new Set(hovered ? anatomy.membersOf(hovered) : []);
  const painted =
    scene.footprints === "all"
      ? Object.values(anatomy.atlas.structures).flatMap((entry) => entry.footprints)
      : footprintsOf(selected, anatomy);
  const own = new Set([...selected, ...pointed].flatMap((id) => anatomy.entry(id)?.footprints ?? []));
  return painted
    .filter((print) => looks[print.on]?.visible)
    .map((print) => ({
      name: print.name,
      emphasised: focus !== null ? print.name === focus : scene.footprints === "all" && own.has(print),
    }));
}

/** What focus is on carries its name without being asked; an undivided nerve carries one for both its divisions. */
function subjectLabels(scene: Scene, anatomy: Anatomy, looks: Record<string, StructureLook>): LabelLook[] {
  return anatomy.entries.flatMap(({ id, structure, side }) => {
    if (!looks[id]?.visible || side === "midline") return [];
    const name = namedAs({ structure, side }, scene, anatomy);
    const nerve = anatomy.annotated[structure]?.part_of === "sciatic_nerve";
    if (structure !== "piriformis" && !nerve) return [];
    if (name === "sciatic_nerve" && structure !== "tibial_division") return [];
    const { secondary } = anatomy.title(name, scene.names);
    return [{ id, text: plain(anatomy.brief(name, scene.names)), ...(secondary ? { secondary } : {}) }];
  });
}

function labels(scene: Scene, anatomy: Anatomy, looks: Record<string, StructureLook>): LabelLook[] {
  if (scene.labels === "none") return scene.focus ? subjectLabels(scene, anatomy, looks) : [];
  return anatomy.entries
    .filter(
      ({ id }) => looks[id]?.visible && (scene.labels === "all" ? !looks[id].dimmed : looks[id].selected),
    )
    .map(({ id }) => {
      const title = anatomy.title(id, scene.names);
      return {
        id,
        text: plain(title.full),
        ...(title.secondary ? { secondary: title.secondary } : {}),
        emphasised: looks[id]?.selected === true,
      };
    });
}

function landmarks(scene: Scene, anatomy: Anatomy, looks: Record<string, StructureLook>): LandmarkLook[] {
  if (!scene.landmarks) return [];
  return Object.entries(anatomy.atlas.landmarks)
    .filter(([id]) => {
      const [name, side] = id.split(".");
      const carrier = anatomy.catalogue.landmarks[name ?? id]?.on;
      const look = carrier ? (looks[side ? `${carrier}.${side}` : carrier] ?? looks[carrier]) : undefined;
      // A landmark floats in the air where its bone is out of sight; one whose bone is not in this body stays.
      return look === undefined || look.visible;
    })
    .map(([id, points]) => ({ id, text: plain(anatomy.landmarkTitle(id, scene.names)), points }));
}

function rulers(scene: Scene, start: Vec3 | null, { t }: Anatomy): RulerLook[] {
  const drawn = scene.rulers.map(({ from, to }) => ({ from, to, text: millimetres(distance(from, to), t) }));
  return start ? [...drawn, { from: start, to: start, text: "" }] : drawn;
}

const LETTERS = { right: "R", left: "L", anterior: "A", posterior: "P", superior: "S", inferior: "I" };

/** What the marks of the directions are called; their letters are those of radiographs, in every language. */
function directions({ t }: Anatomy): Look["directions"] {
  const long = {
    right: t("Right"),
    left: t("Left"),
    anterior: t("Front"),
    posterior: t("Rear"),
    superior: t("Up"),
    inferior: t("Down"),
  };
  const plainly = Object.entries(long).map(([name, text]) => [name, plain(text)]);
  return { short: LETTERS, long: Object.fromEntries(plainly) };
}

/** Everything that is to be drawn, but for the camera. */
export function lookOf(scene: Scene, anatomy: Anatomy, around: Surroundings): Look {
  const point = pointOf(scene, around.marks);
  const closed = structures(scene, anatomy, around);
  const looks = point ? opened(closed, scene, point) : closed;
  return {
    ...triggerLook(scene, anatomy, around, looks),
    structures: looks,
    footprints: footprints(scene, anatomy, around, looks),
    labels: labels(scene, anatomy, looks),
    landmarks: landmarks(scene, anatomy, looks),
    cut: sectionCut(scene, anatomy) ?? scene.cut,
    shapes: around.shapes ?? {},
    rulers: rulers(scene, around.rulerStart ?? null, anatomy),
    painted: around.painted ?? {},
    directions: directions(anatomy),
    theme: around.theme,
    reducedMotion: around.reducedMotion,
    insets: around.insets,
  };
}
