// What a scene lets be seen. The rule is told in viewer/visibility.py; both are tested on tests/data/visibility_cases.json.
import type { Scene } from "../generated/scene";

/** Factor on the opacity of what is not selected, when `fade_others` is on. */
export const FADED = 0.15;

/** What focus looks at, and the bones that it is seen against. */
const SUBJECTS: readonly string[] = ["piriformis", "sciatic_nerve", "sacral_plexus"];
const AGAINST: readonly string[] = ["sacrum", "hip_bone", "femur"];
/** Factor on the opacity of all else while focus is on; so little cannot be picked either. */
export const RECEDED = 0.07;

/** What the rule needs to know of one structure of an atlas. */
export interface Entry {
  readonly id: string;
  readonly structure: string;
  readonly side: "right" | "left" | "midline";
  /** Whether it is seen without being asked for. */
  readonly shown: boolean;
}

/** What the rule needs to know of one structure's annotation. */
export interface Kin {
  readonly layer: string | null;
  readonly part_of: string | null;
}

export type Annotated = Readonly<Record<string, Kin>>;

/** The structure, then what it is part of, and so on upwards (unsided ids). */
export function lineage(structure: string, annotated: Annotated): string[] {
  const line: string[] = [];
  let current: string | null = structure;
  while (current !== null && !line.includes(current)) {
    line.push(current);
    current = annotated[current]?.part_of ?? null;
  }
  return line;
}

/** All ids that name this structure, the nearest first: its own sided id, its unsided id, then its ancestors'. */
export function namesOf(entry: Entry, annotated: Annotated): string[] {
  return lineage(entry.structure, annotated).flatMap((structure) =>
    entry.side === "midline" ? [structure] : [`${structure}.${entry.side}`, structure],
  );
}

/** Layer of a structure: its own, or the nearest of what it is part of; null if there is none. */
export function layerOf(structure: string, annotated: Annotated): string | null {
  for (const ancestor of lineage(structure, annotated)) {
    const layer = annotated[ancestor]?.layer;
    if (layer) return layer;
  }
  return null;
}

/** The layers that have anything in sight by default, outermost first: the steps of the peel slider. */
export function presentLayers(
  entries: readonly Entry[],
  layers: readonly string[],
  annotated: Annotated,
): string[] {
  const used = new Set(
    entries.filter((entry) => entry.shown).map((entry) => layerOf(entry.structure, annotated)),
  );
  return layers.filter((layer) => used.has(layer));
}

const meets = (names: readonly string[], wanted: readonly string[]) =>
  names.some((name) => wanted.includes(name));

/** Whether focus looks at this structure: piriformis, and the sciatic nerve from its roots. */
export const isSubject = (entry: Pick<Entry, "structure">, annotated: Annotated): boolean =>
  meets(lineage(entry.structure, annotated), SUBJECTS);

/** Whether focus leaves this structure as it is. */
export const keepsFocus = (entry: Pick<Entry, "structure">, annotated: Annotated): boolean =>
  isSubject(entry, annotated) || meets(lineage(entry.structure, annotated), AGAINST);

/** Whether focus makes this structure recede. */
export const recedes = (scene: Pick<Scene, "focus">, entry: Entry, annotated: Annotated): boolean =>
  scene.focus && !keepsFocus(entry, annotated);

/** The sided ids that the scene's trigger point brings into sight: its muscle, and the skin if it is stippled. */
export function ofTrigger({ trigger, stipple }: Pick<Scene, "trigger" | "stipple">): string[] {
  if (!trigger) return [];
  const muscle = `${trigger.id.split(".")[0]}.${trigger.side}`;
  return stipple === "skin" ? [muscle, "skin"] : [muscle];
}

/** Sided ids of the structures that the scene shows. */
export function visibleIds(
  scene: Pick<Scene, "hidden" | "shown" | "isolated" | "peel" | "focus" | "trigger" | "stipple">,
  entries: readonly Entry[],
  layers: readonly string[],
  annotated: Annotated,
): Set<string> {
  const present = presentLayers(entries, layers, annotated);
  const peeled = new Set(present.slice(0, Math.min(scene.peel, Math.max(present.length - 1, 0))));
  const shown = [...scene.shown, ...ofTrigger(scene)];
  const found = new Set<string>();
  for (const entry of entries) {
    const names = namesOf(entry, annotated);
    if (meets(names, scene.hidden)) continue;
    let seen: boolean;
    if (scene.isolated.length) seen = meets(names, scene.isolated);
    else if (meets(names, shown) || (scene.focus && keepsFocus(entry, annotated))) seen = true;
    else seen = entry.shown && !peeled.has(layerOf(entry.structure, annotated) ?? "");
    if (seen) found.add(entry.id);
  }
  return found;
}

/** Whether `fade_others` makes this structure recede. */
export function isFaded(
  scene: Pick<Scene, "fade_others" | "selected">,
  entry: Entry,
  annotated: Annotated,
): boolean {
  return scene.fade_others && scene.selected !== null && !namesOf(entry, annotated).includes(scene.selected);
}

/** Opacity that the scene gives a structure, 0 to 1, before anything fades: the nearest name wins. */
export function ownOpacity(scene: Pick<Scene, "opacity">, entry: Entry, annotated: Annotated): number {
  for (const name of namesOf(entry, annotated)) {
    const value = scene.opacity[name];
    if (value !== undefined) return value;
  }
  return 1;
}

/** Opacity of one structure, 0 to 1, with `fade_others` and `focus` in it. */
export function opacityOf(
  scene: Pick<Scene, "opacity" | "fade_others" | "selected" | "focus">,
  entry: Entry,
  annotated: Annotated,
): number {
  const faded = isFaded(scene, entry, annotated) ? FADED : 1;
  return ownOpacity(scene, entry, annotated) * faded * (recedes(scene, entry, annotated) ? RECEDED : 1);
}
