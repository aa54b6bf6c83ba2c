// What a nerve's division is called while the nerve is whole.
import type { Anatomy } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import type { Entry } from "./visibility";

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
