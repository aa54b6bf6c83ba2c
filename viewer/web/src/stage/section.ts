// The line where a plane cuts a triangle mesh.
import type { Vec3 } from "./types";

/**
 * Segments (6 floats each, LPS mm) of the section of a mesh with the plane dot(normal, p) = offset.
 *
 * positions : 3 floats a vertex · index : 3 a triangle
 */
export function section(
  positions: Float32Array,
  index: Uint32Array,
  normal: Vec3,
  offset: number,
): Float32Array {
  const count = positions.length / 3;
  const distance = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const d =
      normal[0] * (positions[3 * i] as number) +
      normal[1] * (positions[3 * i + 1] as number) +
      normal[2] * (positions[3 * i + 2] as number) -
      offset;
    distance[i] = d === 0 ? 1e-7 : d;
  }
  const segments: number[] = [];
  for (let t = 0; t + 2 < index.length; t += 3) {
    const [i, j, k] = [index[t] as number, index[t + 1] as number, index[t + 2] as number];
    const a = (distance[i] as number) > 0;
    const b = (distance[j] as number) > 0;
    const c = (distance[k] as number) > 0;
    if (a === b && b === c) continue;
    const alone = b === c ? i : a === c ? j : k;
    for (const other of [i, j, k]) if (other !== alone) crossing(segments, positions, distance, alone, other);
  }
  return Float32Array.from(segments);
}

function crossing(
  out: number[],
  positions: Float32Array,
  distance: Float32Array,
  a: number,
  b: number,
): void {
  const t = (distance[a] as number) / ((distance[a] as number) - (distance[b] as number));
  for (let axis = 0; axis < 3; axis++) {
    const from = positions[3 * a + axis] as number;
    out.push(from + ((positions[3 * b + axis] as number) - from) * t);
  }
}
