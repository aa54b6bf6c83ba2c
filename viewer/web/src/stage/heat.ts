// Distances painted on a surface: the colours, and the distances themselves, worked out in pieces of a few milliseconds.
import { Color, Vector3 } from "three";
import type { MeshBVH } from "three-mesh-bvh";
import { linear } from "./shaders/common";

/**
 * Colours of the map in even steps from the first to the last number of a range: after "cividis" (Nuñez, Anderton and
 * Renslow 2018), which looks the same, and evenly graded, to eyes with and without colour blindness; turned round, so
 * that what is near is bright.
 */
export const HEAT: readonly string[] = [
  "#fee838",
  "#e1cc55",
  "#c3b369",
  "#a69d75",
  "#8a8779",
  "#707173",
  "#575d6d",
  "#3b496c",
  "#123570",
  "#00224e",
];

/** CSS colour of a place (0 to 1) in the map. */
export function heatColour(t: number): string {
  const at = Math.min(1, Math.max(0, t)) * (HEAT.length - 1);
  const low = Math.min(HEAT.length - 2, Math.floor(at));
  const [one, two] = [new Color(HEAT[low] as string), new Color(HEAT[low + 1] as string)];
  return `#${one.lerp(two, at - low).getHexString()}`;
}

/** The same map for shaders; a place in it, 0 to 1, gives a linear colour. */
export const HEAT_SHADER = /* glsl */ `
const vec3 MAP[${HEAT.length}] = vec3[](${HEAT.map(linear).join(", ")});
vec3 heatAt(float t) {
  float at = clamp(t, 0.0, 1.0) * ${(HEAT.length - 1).toFixed(1)};
  int low = min(int(at), ${HEAT.length - 2});
  return mix(MAP[low], MAP[low + 1], at - float(low));
}
`;

/** Nothing may keep the page from answering for longer than this, ms. */
const PIECE_MS = 8;

/**
 * Distance (mm) from each point to the nearest of some surfaces; Infinity where there is none.
 *
 * points : 3 floats each, LPS mm
 */
export async function distances(
  points: Float32Array,
  trees: readonly MeshBVH[],
  signal?: AbortSignal,
): Promise<Float32Array> {
  const found = new Float32Array(points.length / 3);
  const point = new Vector3();
  let until = performance.now() + PIECE_MS;
  for (let i = 0; i < found.length; i++) {
    point.set(points[3 * i] as number, points[3 * i + 1] as number, points[3 * i + 2] as number);
    let least = Number.POSITIVE_INFINITY;
    for (const tree of trees)
      least = Math.min(least, tree.closestPointToPoint(point, undefined, 0, least)?.distance ?? least);
    found[i] = least;
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    until = performance.now() + PIECE_MS;
  }
  return found;
}
