// Ways along a surface, and from where a place on it is seen best: pure functions.
import type { Vec3 } from "../../stage/types";
import { add, dot, length, scale, subtract, unit } from "../../stage/vector";

/** A place on a surface and which way is out there. */
export interface Footing {
  readonly point: Vec3;
  readonly normal: Vec3;
}

/** mm that are gone at once, so that no edge is cut. */
export const STRIDE = 0.5;

/** Where one comes to along a surface in about a direction; steps of `STRIDE` mm, each set onto the surface. */
export function walked(nearest: (point: Vec3) => Footing, from: Vec3, towards: Vec3, mm: number): Vec3 {
  let here = nearest(from);
  for (let left = Math.round(mm / STRIDE); left > 0; left--) {
    const flat = subtract(towards, scale(here.normal, dot(towards, here.normal)));
    // Straight into the surface or away from it, there is no way along it but the one that was asked for.
    const way = length(flat) > 0.05 ? unit(flat) : towards;
    here = nearest(add(here.point, scale(way, STRIDE)));
  }
  return here.point;
}

/** About evenly spread over the sphere. */
export function directions(count: number): Vec3[] {
  const golden = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, i): Vec3 => {
    const z = 1 - (2 * i + 1) / count;
    const flat = Math.sqrt(1 - z * z);
    return [flat * Math.cos(golden * i), flat * Math.sin(golden * i), z];
  });
}

const DIRECTIONS = directions(150);
/** Looking steeply up or down, one knows less well where one is. */
const STEEP = 0.35;

/**
 * From where to look at a place (unit, towards the eye): as square to the surface as nothing hides it, rather level.
 * Null where it is hidden from everywhere.
 */
export function bestDirection(normal: Vec3, free: (direction: Vec3) => boolean): Vec3 | null {
  const worth = (one: Vec3) => dot(one, normal) - STEEP * one[2] * one[2];
  const order = DIRECTIONS.filter((one) => dot(one, normal) > 0.1).sort((a, b) => worth(b) - worth(a));
  return order.find(free) ?? null;
}
