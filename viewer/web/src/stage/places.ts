// Places on a mesh that follow it into every shape: a triangle, and how much of its first two corners.
import type { BufferGeometry } from "three";

/** Weights are kept in steps of one part in so many. */
export const STEPS = 255;

/**
 * Positions of places on a mesh as it stands, and if asked for its normals there (unit), 3 numbers each.
 *
 * places : triangle and first two weights of each, one after the other
 */
export function placed(
  geometry: BufferGeometry,
  places: readonly number[],
  normals?: Float32Array,
): Float32Array {
  const index = geometry.index?.array as Uint32Array;
  const position = geometry.getAttribute("position").array as Float32Array;
  const normal = geometry.getAttribute("normal").array as Int16Array;
  const points = new Float32Array(places.length);
  for (let i = 0; i < places.length; i += 3) {
    const triangle = 3 * (places[i] as number);
    const first = (places[i + 1] as number) / STEPS;
    const second = (places[i + 2] as number) / STEPS;
    const weights = [first, second, 1 - first - second];
    for (let corner = 0; corner < 3; corner++) {
      const vertex = index[triangle + corner] as number;
      const share = weights[corner] as number;
      for (let axis = 0; axis < 3; axis++) {
        points[i + axis] = (points[i + axis] as number) + share * (position[3 * vertex + axis] as number);
        if (normals)
          normals[i + axis] = (normals[i + axis] as number) + share * (normal[4 * vertex + axis] as number);
      }
    }
    if (!normals) continue;
    const length = Math.hypot(normals[i] as number, normals[i + 1] as number, normals[i + 2] as number) || 1;
    for (let axis = 0; axis < 3; axis++) normals[i + axis] = (normals[i + axis] as number) / length;
  }
  return points;
}
