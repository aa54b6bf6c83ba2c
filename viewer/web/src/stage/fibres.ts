// How fibres run over a surface, so that one texture draws them at their natural size: from the surface's own (u, v)
// grid where it has one, otherwise from where its two ends are attached, otherwise from its longest axis.
import type { MeshData } from "./glb";
import type { Vec3 } from "./types";
import { add, dot, length, scale, subtract, unit } from "./vector";

/** The texture spans this much along and across the fibres, mm. */
export const TEXTURE_SPAN = { along: 320, across: 26 } as const;

/** Mean length of the u and of the v direction of a surface, mm: how long and how far around it is. */
export function gridSize(mesh: Pick<MeshData, "positions" | "index">, uv: Float32Array): [number, number] {
  let area = 0;
  let alongSum = 0;
  let aroundSum = 0;
  const { positions, index } = mesh;
  const point = (i: number): Vec3 =>
    [positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]] as unknown as Vec3;
  const step = Math.max(1, Math.floor(index.length / 3 / 800)) * 3;
  for (let t = 0; t + 2 < index.length; t += step) {
    const [i, j, k] = [index[t] as number, index[t + 1] as number, index[t + 2] as number];
    const e1 = subtract(point(j), point(i));
    const e2 = subtract(point(k), point(i));
    const u1 = (uv[2 * j] as number) - (uv[2 * i] as number);
    const v1 = (uv[2 * j + 1] as number) - (uv[2 * i + 1] as number);
    const u2 = (uv[2 * k] as number) - (uv[2 * i] as number);
    const v2 = (uv[2 * k + 1] as number) - (uv[2 * i + 1] as number);
    const det = u1 * v2 - u2 * v1;
    if (Math.abs(det) < 1e-9) continue;
    const size = Math.abs(det);
    alongSum += size * length(scale(subtract(scale(e1, v2), scale(e2, v1)), 1 / det));
    aroundSum += size * length(scale(subtract(scale(e2, u1), scale(e1, u2)), 1 / det));
    area += size;
  }
  return area > 0 ? [alongSum / area, aroundSum / area] : [TEXTURE_SPAN.along, TEXTURE_SPAN.across];
}

/**
 * A bundle of straight fibres through one focus: parallel if the focus is far, fanning if it is near.
 *
 * axis : unit direction of the fibres at the belly's middle · reach : distance from the focus to that middle, mm
 */
export interface Fan {
  readonly focus: Vec3;
  readonly axis: Vec3;
  readonly reach: number;
}

interface Cloud {
  readonly centre: Vec3;
  readonly spread: number;
}

function cloud(points: Float32Array): Cloud {
  const count = points.length / 3;
  const step = Math.max(1, Math.floor(count / 2000));
  let centre: Vec3 = [0, 0, 0];
  let taken = 0;
  const at = (i: number): Vec3 => [points[3 * i], points[3 * i + 1], points[3 * i + 2]] as unknown as Vec3;
  for (let i = 0; i < count; i += step, taken++) centre = add(centre, at(i));
  centre = scale(centre, 1 / Math.max(1, taken));
  let squares = 0;
  for (let i = 0; i < count; i += step) squares += length(subtract(at(i), centre)) ** 2;
  return { centre, spread: Math.sqrt(squares / Math.max(1, taken)) };
}

/** Longest axis of a cloud of points, by power iteration on its covariance. */
export function longestAxis(points: Float32Array): Vec3 {
  const { centre } = cloud(points);
  const count = points.length / 3;
  const step = Math.max(1, Math.floor(count / 2000));
  let axis: Vec3 = unit([0.3, 0.4, 0.86]);
  for (let round = 0; round < 30; round++) {
    let next: Vec3 = [0, 0, 0];
    for (let i = 0; i < count; i += step) {
      const p = subtract([points[3 * i], points[3 * i + 1], points[3 * i + 2]] as unknown as Vec3, centre);
      next = add(next, scale(p, dot(p, axis)));
    }
    axis = unit(next, axis);
  }
  return axis;
}

/** The fan of a belly: through where its attachments' widths meet, or parallel to its longest axis. */
export function fan(belly: Float32Array, proximal: Float32Array | null, distal: Float32Array | null): Fan {
  const middle = cloud(belly).centre;
  if (!proximal?.length || !distal?.length) {
    const axis = longestAxis(belly);
    return { focus: subtract(middle, scale(axis, 4000)), axis, reach: 4000 };
  }
  const ends = [cloud(proximal), cloud(distal)] as const;
  const [wide, narrow] = ends[0].spread >= ends[1].spread ? ends : [ends[1], ends[0]];
  const run = subtract(narrow.centre, wide.centre);
  const closing = Math.max((wide.spread - narrow.spread) / Math.max(wide.spread, 1e-6), 0.02);
  const focus = add(wide.centre, scale(run, Math.min(1 / closing, 40) * 1.05));
  const towards = subtract(middle, focus);
  return { focus, axis: unit(towards), reach: length(towards) };
}
