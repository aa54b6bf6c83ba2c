// From pain to muscle: which trigger points are described to refer to where it hurts, the nearest match first.
// The rule is the one of `meshes/pain.py`, which explains it; both are tested on the same cases.
import type { MarksDocument } from "../generated/marks";
import type { Side } from "./anatomy";

/** How much an area in a spillover zone counts against one in an essential zone. */
const SPILLOVER = 0.4;

/** One trigger point that is described to refer to what was marked. */
export interface Referral {
  readonly id: string;
  readonly side: Side;
  /** 0 to 1, by which they are ranked. */
  readonly score: number;
  /** Part of the marked area that lies in its zones, 0 to 1. */
  readonly share: number;
}

const sum = (vertices: Iterable<number>, areas: ArrayLike<number>) => {
  let total = 0;
  for (const vertex of vertices) total += areas[vertex] ?? 0;
  return total;
};

/**
 * Trigger points that are described to refer to the marked vertices of the skin, the best match first.
 * `areas`: mm² of each vertex, a third of its triangles.
 */
export function referrals(
  marked: Iterable<number>,
  areas: ArrayLike<number>,
  points: MarksDocument["points"],
): Referral[] {
  const patch = new Set(marked);
  const total = sum(patch, areas);
  const found: Referral[] = [];
  for (const [id, sides] of Object.entries(points))
    for (const side of ["right", "left"] as const) {
      let [overlap, size, inside] = [0, 0, 0];
      for (const zone of sides[side]?.zones ?? []) {
        const weight = zone.level === "essential" ? 1 : SPILLOVER;
        const met = sum(
          zone.vertices.filter((vertex) => patch.has(vertex)),
          areas,
        );
        overlap += weight * met;
        size += weight * sum(zone.vertices, areas);
        inside += met;
      }
      if (overlap > 0)
        found.push({ id, side, score: overlap / Math.sqrt(total * size), share: inside / total });
    }
  return found.sort((a, b) => b.score - a.score);
}
