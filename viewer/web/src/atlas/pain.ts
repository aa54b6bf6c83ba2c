// From pain to muscle: which trigger points are described to refer to where it hurts, the nearest match first.
// The rule is that of `meshes/pain.py`, which explains it; both are tested on the same cases.
import type { ZoneEntry } from "../generated/marks";
import type { Side } from "./anatomy";

const SIDES: readonly Side[] = ["right", "left"];

/** How much an area counts in a zone of each level. */
const WEIGHT: Record<ZoneEntry["level"], number> = { essential: 1, spillover: 0.4 };

/** How much of the score of its better side a trigger point's other side needs to be named with it. */
const NEARLY = 0.9;

/** One trigger point that is described to refer to what was marked. */
export interface Referral {
  readonly id: string;
  /** Right, left, or both where they match alike. */
  readonly sides: readonly Side[];
  /** 0 to 1, by which they are ranked; of the better side. */
  readonly score: number;
  /** Part of the marked area that lies in that side's zones, 0 to 1. */
  readonly share: number;
}

type AreaOf = (vertex: number) => number;

type Zone = Pick<ZoneEntry, "level" | "vertices">;

/** What a ranking needs of `MarksDocument.points`. */
export type Referring = Readonly<
  Record<string, Readonly<Partial<Record<Side, { readonly zones: readonly Zone[] }>>>>
>;

/**
 * Trigger points that are described to refer to the marked vertices of the skin, the best match first.
 * `areaOf`: mm² of a vertex, a third of its triangles.
 */
export function referrals(marked: Iterable<number>, areaOf: AreaOf, points: Referring): Referral[] {
  const patch = new Set(marked);
  const found: Referral[] = [];
  for (const [id, sides] of Object.entries(points)) {
    const matches = SIDES.map((side) => match(patch, areaOf, sides[side]?.zones ?? []));
    const best = Math.max(...matches.map(({ score }) => score));
    const share = matches.find(({ score }) => score === best)?.share ?? 0;
    const alike = SIDES.filter((_, i) => (matches[i]?.score ?? 0) >= NEARLY * best);
    if (best > 0) found.push({ id, sides: alike, score: best, share });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** Score of some zones on some marked vertices, and the part of these that lies in them. */
function match(
  patch: ReadonlySet<number>,
  areaOf: AreaOf,
  zones: readonly Zone[],
): { score: number; share: number } {
  let [overlap, size, covered] = [0, 0, 0];
  for (const { level, vertices } of zones) {
    const both = sum(
      vertices.filter((vertex) => patch.has(vertex)),
      areaOf,
    );
    overlap += WEIGHT[level] * both;
    size += WEIGHT[level] * sum(vertices, areaOf);
    covered += both;
  }
  const total = sum(patch, areaOf);
  return overlap > 0
    ? { score: overlap / Math.sqrt(total * size), share: covered / total }
    : { score: 0, share: 0 };
}

function sum(vertices: Iterable<number>, areaOf: AreaOf): number {
  let total = 0;
  for (const vertex of vertices) total += areaOf(vertex);
  return total;
}
