// Focus: piriformis, the bones it joins and the sciatic nerve stand out, all else recedes. The rule is told in
// viewer/visibility.py too.
import type { Anatomy } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import { type Annotated, type Entry, lineage } from "./visibility";

/** The muscle and the nerve that are looked at, and the bones they are seen against. */
const SUBJECTS: readonly string[] = ["piriformis", "sciatic_nerve"];
const BONES: readonly string[] = ["sacrum", "hip_bone", "femur"];

/** Factor on the opacity of all else; so little cannot be picked either. */
export const RECEDED = 0.07;

const isOneOf = (names: readonly string[], { structure }: Pick<Entry, "structure">, annotated: Annotated) =>
  lineage(structure, annotated).some((name) => names.includes(name));

/** Whether focus is on this structure itself: piriformis, or any part of the sciatic nerve. */
export const isSubject = (entry: Pick<Entry, "structure">, annotated: Annotated): boolean =>
  isOneOf(SUBJECTS, entry, annotated);

/** Whether focus leaves this structure as it is. */
export const isKept = (entry: Pick<Entry, "structure">, annotated: Annotated): boolean =>
  isOneOf([...SUBJECTS, ...BONES], entry, annotated);

/** Whether focus makes this structure recede. */
export const recedes = (scene: Pick<Scene, "focus">, entry: Entry, annotated: Annotated): boolean =>
  scene.focus && !isKept(entry, annotated);

/**
 * Structure whose name a nerve's division goes by on its side: its own, or the whole nerve's where that is undivided.
 * Any other structure goes by its own.
 */
export function namedAs(
  { structure, side }: Pick<Entry, "structure" | "side">,
  scene: Pick<Scene, "variant">,
  anatomy: Pick<Anatomy, "annotated" | "variant">,
): string {
  const whole = anatomy.annotated[structure]?.part_of ?? structure;
  const divided = side !== "midline" && anatomy.variant(scene.variant[side])?.divided;
  return whole === "sciatic_nerve" && !divided ? whole : structure;
}
