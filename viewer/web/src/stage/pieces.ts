// Meshes, points and geometry in one line each: everything on the stage is placed by its shader and never culled.
import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  Points,
  type ShaderMaterial,
} from "three";

/** Numbers of each vertex, and how many they are. */
export type Numbers = readonly [values: Float32Array, size: number];

/** Place in the drawing order, and the picture that it belongs to. */
export interface Rank {
  readonly order: number;
  readonly layer?: number;
}

/** For materials of surfaces that are seen from both sides. */
export const BOTH_SIDES = { side: DoubleSide, forceSinglePass: true } as const;

export function geometryFrom(
  attributes: Readonly<Record<string, Numbers>>,
  index?: readonly number[],
): BufferGeometry {
  const geometry = new BufferGeometry();
  for (const [name, [values, size]] of Object.entries(attributes))
    geometry.setAttribute(name, new BufferAttribute(values, size));
  if (index) geometry.setIndex([...index]);
  return geometry;
}

/** One square (corners: x and y of `position`) for each of so many; `each` : numbers of each of them. */
export function squares(
  corners: readonly (readonly [number, number])[],
  each: Readonly<Record<string, Numbers>>,
): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  const position = Float32Array.from(corners.flatMap(([x, y]) => [x, y, 0]));
  geometry.setAttribute("position", new BufferAttribute(position, 3));
  geometry.setIndex([0, 1, 2, 0, 2, 3]);
  geometry.instanceCount = Infinity;
  for (const [name, [values, size]] of Object.entries(each)) {
    geometry.setAttribute(name, new InstancedBufferAttribute(values, size));
    geometry.instanceCount = Math.min(geometry.instanceCount, values.length / size);
  }
  return geometry;
}

function ranked<Piece extends Mesh | Points>(piece: Piece, { order, layer = 0 }: Rank): Piece {
  piece.frustumCulled = false;
  piece.matrixAutoUpdate = false;
  piece.renderOrder = order;
  piece.layers.set(layer);
  return piece;
}

export const meshFrom = <Geometry extends BufferGeometry>(
  geometry: Geometry,
  look: ShaderMaterial,
  rank: Rank,
): Mesh<Geometry, ShaderMaterial> => ranked(new Mesh(geometry, look), rank);

/** Points at these places, 3 numbers each. */
export const pointsFrom = (
  look: ShaderMaterial,
  rank: Rank,
  places = new Float32Array(),
): Points<BufferGeometry, ShaderMaterial> =>
  ranked(new Points(geometryFrom({ position: [places, 3] }), look), rank);

/** Gives a piece another geometry; the old one leaves the GPU. */
export function reform<Geometry extends BufferGeometry>(
  piece: { geometry: Geometry },
  geometry: Geometry,
): void {
  piece.geometry.dispose();
  piece.geometry = geometry;
}
