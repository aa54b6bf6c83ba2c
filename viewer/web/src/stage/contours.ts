// Closed lines of the flat section of triangle meshes, traced from edge to edge.
import type { Vec3 } from "./types";

/**
 * For each vertex the first one at the same place: where a surface's texture has a seam, its two sides are two vertices.
 *
 * positions : 3 floats a vertex. Coordinates must be equal to the last bit, as those of one quantised mesh are.
 */
export function weld(positions: Float32Array): Uint32Array {
  const bits = new Int32Array(positions.buffer, positions.byteOffset, positions.length);
  const count = positions.length / 3;
  const first = new Uint32Array(count);
  let size = 1;
  while (size < 2 * count) size *= 2;
  const table = new Int32Array(size).fill(-1);
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [bits[3 * i] as number, bits[3 * i + 1] as number, bits[3 * i + 2] as number];
    let slot = (Math.imul(x, 73856093) ^ Math.imul(y, 19349663) ^ Math.imul(z, 83492791)) & (size - 1);
    for (;;) {
      const other = table[slot] as number;
      if (other < 0) {
        table[slot] = i;
        first[i] = i;
        break;
      }
      if (bits[3 * other] === x && bits[3 * other + 1] === y && bits[3 * other + 2] === z) {
        first[i] = other;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
  }
  return first;
}

/**
 * Closed lines (3 floats a point, LPS mm) where the plane dot(normal, p) = offset meets a closed mesh, counter-clockwise
 * round matter seen from where the normal points to. Lines that do not close (of an open surface) are left out.
 *
 * positions : 3 floats a vertex · index : 3 a triangle, counter-clockwise from outside · same : from `weld`
 */
export function contours(
  positions: Float32Array,
  index: Uint32Array,
  same: Uint32Array,
  normal: Vec3,
  offset: number,
): Float32Array[] {
  const height = heights(positions, normal, offset);
  const count = height.length;
  const name = (a: number, b: number) => {
    const [i, j] = [same[a] as number, same[b] as number];
    return i < j ? i * count + j : j * count + i;
  };
  /** From the edge where a line enters a triangle to the one where it leaves. */
  const next = new Map<number, number>();
  const cross = (above: boolean, i: number, j: number, k: number) =>
    above ? next.set(name(i, j), name(i, k)) : next.set(name(i, k), name(i, j));
  for (let t = 0; t + 2 < index.length; t += 3) {
    const [a, b, c] = [index[t] as number, index[t + 1] as number, index[t + 2] as number];
    const up = (height[same[a] as number] as number) > 0;
    const upB = (height[same[b] as number] as number) > 0;
    const upC = (height[same[c] as number] as number) > 0;
    if (up === upB && upB === upC) continue;
    /* the corner that is alone on its side, then the others in their order */
    if (upB === upC) cross(up, a, b, c);
    else if (up === upC) cross(upB, b, c, a);
    else cross(upC, c, a, b);
  }
  return loops(next).map((loop) => {
    const points = new Float32Array(3 * loop.length);
    for (const [n, edge] of loop.entries()) {
      const [a, b] = [Math.floor(edge / count), edge % count];
      const t = (height[a] as number) / ((height[a] as number) - (height[b] as number));
      for (let axis = 0; axis < 3; axis++) {
        const from = positions[3 * a + axis] as number;
        points[3 * n + axis] = from + ((positions[3 * b + axis] as number) - from) * t;
      }
    }
    return points;
  });
}

/** Signed distance of every vertex from the plane; none lies in it, so that every line runs through whole edges. */
function heights(positions: Float32Array, normal: Vec3, offset: number): Float32Array {
  const height = new Float32Array(positions.length / 3);
  for (let i = 0; i < height.length; i++) {
    const above =
      normal[0] * (positions[3 * i] as number) +
      normal[1] * (positions[3 * i + 1] as number) +
      normal[2] * (positions[3 * i + 2] as number) -
      offset;
    height[i] = Math.abs(above) < 1e-6 ? 1e-6 : above;
  }
  return height;
}

function loops(next: Map<number, number>): number[][] {
  const found: number[][] = [];
  while (next.size) {
    const [start] = next.keys() as unknown as [number];
    const loop: number[] = [];
    let at: number | undefined = start;
    while (at !== undefined && next.has(at)) {
      loop.push(at);
      const onward: number | undefined = next.get(at);
      next.delete(at);
      at = onward;
    }
    if (at === start && loop.length > 2) found.push(loop);
  }
  return found;
}
