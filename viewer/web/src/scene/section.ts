// The cross-section: a plane that stands upright on the nerve or on piriformis, at a place along it.
import type { Anatomy } from "../atlas/anatomy";
import type { Cut, Scene, Section } from "../generated/scene";
import type { Vec3 } from "../stage/types";
import { dot, length, mix, scale, subtract, unit } from "../stage/vector";

export type Curve = readonly Vec3[];

/** Middle curve of what the section slides along, in the variant that its side has; null where this body has none. */
export function centreline({ along, side }: Section, scene: Scene, anatomy: Anatomy): Curve | null {
  const lines = anatomy.centrelines(side, scene.variant[side]);
  const curve = lines?.[along];
  return curve && curve.length > 1 ? curve : null;
}

/** Point and direction (unit) at a share of a curve's length, 0 to 1. */
export function pointAlong(curve: Curve, share: number): { point: Vec3; direction: Vec3; mm: number } {
  const steps = curve.slice(1).map((point, i) => length(subtract(point, curve[i] ?? point)));
  const total = steps.reduce((sum, step) => sum + step, 0);
  let left = Math.min(1, Math.max(0, share)) * total;
  let i = 0;
  while (i < steps.length - 1 && left > (steps[i] ?? 0)) left -= steps[i++] ?? 0;
  const a = curve[i] ?? [0, 0, 0];
  const b = curve[i + 1] ?? a;
  const t = left / (steps[i] || 1);
  const point = mix(a, b, t);
  // The direction over some neighbours: single steps of a sampled curve turn by jerks.
  const way = subtract(curve[Math.min(i + 2, curve.length - 1)] ?? b, curve[Math.max(i - 1, 0)] ?? a);
  return { point, direction: unit(way), mm: total * share };
}

/** The plane of a section; what comes before it along the curve stays. Null where this body has no such curve. */
export function sectionCut(scene: Scene, anatomy: Anatomy): Cut | null {
  const { section } = scene;
  const curve = section && centreline(section, scene, anatomy);
  if (!section || !curve) return null;
  const { point, direction } = pointAlong(curve, section.at);
  // Seen from behind one looks down on the cut of the nerve, and from the side on that of the muscle.
  const [x, y, z] = scale(direction, section.along === "nerve" ? -1 : 1);
  return { normal: [x, y, z], offset: dot([x, y, z], point) };
}

/** Share of a curve's length, 0 to 1, at which it comes nearest to another. */
export function nearestShare(curve: Curve, other: Curve): number {
  let best = { gap: Number.POSITIVE_INFINITY, share: 0.5 };
  for (let share = 0; share <= 1; share += 0.005) {
    const { point } = pointAlong(curve, share);
    const gap = Math.min(...other.map((one) => length(subtract(one, point))));
    if (gap < best.gap) best = { gap, share: Math.round(share * 1000) / 1000 };
  }
  return best.share;
}
