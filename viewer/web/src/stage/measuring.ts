// What is measured on the bodies as they stand: flat sections and distances.
import type { BufferGeometry } from "three";
import type { Body } from "./body";
import type { Cast } from "./cast";
import { contours, weld } from "./contours";
import { meets } from "./cut";
import { distances } from "./heat";
import type { Forest } from "./picking";
import { placed } from "./places";
import type { Contour, CutLook, Vec3 } from "./types";
import { cross, length, subtract } from "./vector";

/** Welded vertices of meshes; a part's shapes are welded alike. */
const WELDED = new WeakMap<BufferGeometry, Uint32Array>();

const positionsOf = ({ geometry }: Body) => geometry.getAttribute("position").array as Float32Array;

/** Closed outlines of the section of a plane with structures: all that are visible if none is named. */
export function contoursOf(cast: Cast, { normal, offset }: CutLook, ids?: readonly string[]): Contour[] {
  const named = cast.bodies.filter((body) => (ids ? ids.includes(body.id) : body.visible));
  const met = named.filter((body) => meets(body, { normal, offset }));
  return met.flatMap((body) => {
    let same = WELDED.get(body.geometry);
    if (!same) {
      same = weld(positionsOf(body));
      WELDED.set(body.geometry, same);
    }
    const index = body.geometry.index?.array as Uint32Array;
    return contours(positionsOf(body), index, same, normal, offset).map((points) => ({
      id: body.id,
      part: body.part,
      points,
    }));
  });
}

/** Distance (mm) of a part's vertices from the nearest of some structures; null if the part is not loaded. */
export async function distancesOf(
  cast: Cast,
  forest: Forest,
  part: string,
  to: readonly string[],
  signal?: AbortSignal,
): Promise<Float32Array | null> {
  const from = cast.bodies.find((body) => body.part === part);
  if (!from) return null;
  const trees = cast.bodies.filter((body) => to.includes(body.id)).map((body) => forest.grown(body));
  return await distances(positionsOf(from).slice(), trees, signal);
}

/** Positions of places on a part as it stands; null if the part is not loaded. */
export function placesOf(cast: Cast, part: string, places: readonly number[]): Float32Array | null {
  const body = cast.bodies.find((each) => each.part === part);
  return body ? placed(body.geometry, places) : null;
}

/** Area (mm²) of each vertex of a part in its first shape: a third of its triangles; null if the part is not loaded. */
export function areasOf(cast: Cast, part: string): Float32Array | null {
  const body = cast.bodies.find((each) => each.part === part);
  if (!body) return null;
  const positions = body.shapes.first;
  const index = body.geometry.index?.array as Uint32Array;
  const areas = new Float32Array(positions.length / 3);
  const corner = (i: number): Vec3 => {
    const at = 3 * (index[i] as number);
    return [positions[at] as number, positions[at + 1] as number, positions[at + 2] as number];
  };
  for (let i = 0; i + 2 < index.length; i += 3) {
    const origin = corner(i);
    const area = length(cross(subtract(corner(i + 1), origin), subtract(corner(i + 2), origin))) / 2;
    for (let k = i; k < i + 3; k++)
      areas[index[k] as number] = (areas[index[k] as number] as number) + area / 3;
  }
  return areas;
}
