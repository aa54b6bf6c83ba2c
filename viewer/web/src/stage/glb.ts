// Reads the atlas's GLB files into LPS millimetres: meshes, quantised or not, compressed with meshopt or not.
// Only what an atlas holds is read: one primitive a mesh, positions, normals, one uv set, colours, an index.
import { MeshoptDecoder } from "meshoptimizer/decoder";

/**
 * One mesh node, in LPS mm.
 *
 * positions : 3 floats a vertex · normals : 4 signed 16-bit fractions a vertex (the fourth is unused)
 * uv : 2 floats a vertex or null · tint : 4 bytes a vertex (tendon, shade, 0, 255)
 */
export interface MeshData {
  readonly name: string;
  readonly positions: Float32Array;
  readonly normals: Int16Array;
  readonly uv: Float32Array | null;
  readonly tint: Uint8Array;
  readonly index: Uint32Array;
}

interface Compression {
  buffer: number;
  byteOffset?: number;
  byteLength: number;
  byteStride: number;
  count: number;
  mode: string;
  filter?: string;
}
interface BufferView {
  buffer: number;
  byteOffset?: number;
  byteLength: number;
  byteStride?: number;
  extensions?: Record<string, Compression>;
}
interface Accessor {
  bufferView?: number;
  byteOffset?: number;
  componentType: number;
  normalized?: boolean;
  count: number;
  type: string;
}
interface Node {
  name?: string;
  mesh?: number;
  children?: number[];
  matrix?: number[];
  translation?: number[];
  rotation?: number[];
  scale?: number[];
}
interface Gltf {
  scene?: number;
  scenes?: { nodes: number[] }[];
  nodes?: Node[];
  meshes?: { name?: string; primitives: { attributes: Record<string, number>; indices?: number }[] }[];
  accessors?: Accessor[];
  bufferViews?: BufferView[];
}

const WIDTHS: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };
const COMPRESSIONS = ["EXT_meshopt_compression", "KHR_meshopt_compression"];

/** glTF's metres, y up, to LPS millimetres; column-major. The GLB's root node carries the inverse. */
export const GLTF_TO_LPS: readonly number[] = [1000, 0, 0, 0, 0, 0, 1000, 0, 0, -1000, 0, 0, 0, 0, 0, 1];

/** The bytes, whatever the host wrapped them in. */
export function bytesOf(data: Uint8Array | ArrayBuffer | DataView): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** All mesh nodes of a GLB file. Throws an Error that says what is wrong with the file. */
export async function readGlb(data: Uint8Array | ArrayBuffer | DataView): Promise<MeshData[]> {
  await MeshoptDecoder.ready;
  const { json, binary } = chunks(bytesOf(data));
  const views = new Map<number, { bytes: Uint8Array; stride: number | undefined }>();
  const view = (index: number) => {
    let found = views.get(index);
    if (!found) {
      found = decodedView(json, index, binary);
      views.set(index, found);
    }
    return found;
  };
  const meshes: MeshData[] = [];
  const visit = (index: number, parent: readonly number[]) => {
    const node = json.nodes?.[index];
    if (!node) throw new Error(`the file names node ${index}, which it does not have`);
    const matrix = multiply(parent, nodeMatrix(node));
    if (node.mesh !== undefined) meshes.push(readMesh(json, node, matrix, view));
    for (const child of node.children ?? []) visit(child, matrix);
  };
  for (const root of json.scenes?.[json.scene ?? 0]?.nodes ?? []) visit(root, GLTF_TO_LPS);
  return meshes;
}

function chunks(bytes: Uint8Array): { json: Gltf; binary: Uint8Array } {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 20 || header.getUint32(0, true) !== 0x46546c67)
    throw new Error("it is not a GLB file");
  if (header.getUint32(8, true) > bytes.byteLength) throw new Error("the GLB file is cut short");
  let json: Gltf | undefined;
  let binary = new Uint8Array(0);
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const size = header.getUint32(at, true);
    const kind = header.getUint32(at + 4, true);
    const content = bytes.subarray(at + 8, at + 8 + size);
    if (kind === 0x4e4f534a) json = JSON.parse(new TextDecoder().decode(content)) as Gltf;
    else if (kind === 0x004e4942) binary = content as Uint8Array<ArrayBuffer>;
    at += 8 + size;
  }
  if (!json) throw new Error("the GLB file has no description of its content");
  return { json, binary };
}

function decodedView(json: Gltf, index: number, binary: Uint8Array) {
  const view = json.bufferViews?.[index];
  if (!view) throw new Error(`the file names buffer view ${index}, which it does not have`);
  const packed = COMPRESSIONS.map((name) => view.extensions?.[name]).find(Boolean);
  if (!packed) {
    const start = view.byteOffset ?? 0;
    return { bytes: binary.subarray(start, start + view.byteLength), stride: view.byteStride };
  }
  const start = packed.byteOffset ?? 0;
  const target = new Uint8Array(packed.count * packed.byteStride);
  const source = binary.subarray(start, start + packed.byteLength);
  MeshoptDecoder.decodeGltfBuffer(
    target,
    packed.count,
    packed.byteStride,
    source,
    packed.mode,
    packed.filter,
  );
  return { bytes: target, stride: packed.byteStride };
}

type View = (index: number) => { bytes: Uint8Array; stride: number | undefined };

type Numbers = Int8Array | Uint8Array | Int16Array | Uint16Array | Uint32Array | Float32Array;

/** An accessor's numbers as they are in the file: every `step`-th begins a row. */
interface Rows {
  readonly values: Numbers;
  readonly step: number;
  readonly count: number;
  readonly width: number;
  /** What a stored number is to be divided by: more than 1 for fractions. */
  readonly whole: number;
}

const KINDS = {
  5120: { Kind: Int8Array, whole: 127 },
  5121: { Kind: Uint8Array, whole: 255 },
  5122: { Kind: Int16Array, whole: 32767 },
  5123: { Kind: Uint16Array, whole: 65535 },
  5125: { Kind: Uint32Array, whole: 4294967295 },
  5126: { Kind: Float32Array, whole: 1 },
} as const;

function rowsOf(json: Gltf, index: number, view: View): Rows {
  const accessor = json.accessors?.[index];
  if (accessor?.bufferView === undefined) throw new Error(`the file's accessor ${index} has no data`);
  const width = WIDTHS[accessor.type];
  if (!width) throw new Error(`the file's accessor ${index} is of the unknown type ${accessor.type}`);
  const known = KINDS[accessor.componentType as keyof typeof KINDS];
  if (!known) throw new Error(`the file uses the unknown component type ${accessor.componentType}`);
  const { Kind, whole } = known;
  const { bytes, stride } = view(accessor.bufferView);
  const size = Kind.BYTES_PER_ELEMENT;
  const step = (stride ?? size * width) / size;
  const start = bytes.byteOffset + (accessor.byteOffset ?? 0);
  const length = (accessor.count - 1) * step + width;
  if (accessor.count < 1 || start + length * size > bytes.byteOffset + bytes.byteLength)
    throw new Error(`the file's accessor ${index} reaches beyond its data`);
  /* the format keeps rows aligned within their view, but the file itself may lie anywhere in memory */
  const aligned = start % size === 0;
  const from = aligned ? bytes.buffer : bytes.buffer.slice(start, start + length * size);
  return {
    values: new Kind(from as ArrayBuffer, aligned ? start : 0, length),
    step,
    count: accessor.count,
    width,
    whole: accessor.normalized ? whole : 1,
  };
}

/** Numbers as floats, row by row; fractions are scaled to [−1, 1] or [0, 1] as the format says. */
function floats({ values, step, count, width, whole }: Rows): Float32Array {
  const out = new Float32Array(count * width);
  const factor = 1 / whole;
  for (let row = 0, at = 0; row < count; row++)
    for (let k = row * step, end = k + width; k < end; k++) out[at++] = (values[k] as number) * factor;
  return out;
}

/** Colours as bytes (tendon, shade, 0, 255); the file's own memory where it holds just that. */
function tintOf(rows: Rows | null, count: number): Uint8Array {
  if (rows?.values instanceof Uint8Array && rows.step === 4 && rows.width === 4) return rows.values;
  const tint = new Uint8Array(count * 4);
  const factor = rows ? 255 / rows.whole : 0;
  for (let i = 0; i < count; i++) {
    tint[4 * i] = rows ? Math.round((rows.values[i * rows.step] as number) * factor) : 0;
    tint[4 * i + 1] = rows ? Math.round((rows.values[i * rows.step + 1] as number) * factor) : 255;
    tint[4 * i + 3] = 255;
  }
  return tint;
}

function readMesh(json: Gltf, node: Node, matrix: readonly number[], view: View): MeshData {
  const mesh = json.meshes?.[node.mesh as number];
  const primitive = mesh?.primitives[0];
  const name = node.name ?? mesh?.name ?? "";
  if (primitive?.attributes.POSITION === undefined) throw new Error(`the mesh "${name}" has no positions`);
  const attribute = (key: string): Rows | null => {
    const index = primitive.attributes[key];
    return index === undefined ? null : rowsOf(json, index, view);
  };
  const positions = placed(rowsOf(json, primitive.attributes.POSITION, view), matrix);
  const count = positions.length / 3;
  const index =
    primitive.indices === undefined
      ? Uint32Array.from({ length: count }, (_, i) => i)
      : indexOf(rowsOf(json, primitive.indices, view));
  const normals = attribute("NORMAL");
  const uv = attribute("TEXCOORD_0");
  return {
    name,
    positions,
    normals: normals
      ? packedNormals(normals, matrix)
      : packedNormals(plain(smoothNormals(positions, index, matrix)), matrix),
    uv: uv && floats(uv),
    tint: tintOf(attribute("COLOR_0"), count),
    index,
  };
}

const plain = (values: Float32Array): Rows => ({
  values,
  step: 3,
  count: values.length / 3,
  width: 3,
  whole: 1,
});

function indexOf({ values, step, count }: Rows): Uint32Array {
  if (step === 1) return values instanceof Uint32Array ? values : new Uint32Array(values);
  return Uint32Array.from({ length: count }, (_, i) => values[i * step] as number);
}

/** Points carried over by a matrix. */
function placed({ values, step, count, whole }: Rows, m: readonly number[]): Float32Array {
  const points = new Float32Array(count * 3);
  const [a, b, c, , d, e, f, , g, h, i, , u, v, w] = m as number[] as Sixteen;
  for (let row = 0, at = 0, k = 0; row < count; row++, at += 3, k += step) {
    const x = (values[k] as number) / whole;
    const y = (values[k + 1] as number) / whole;
    const z = (values[k + 2] as number) / whole;
    points[at] = a * x + d * y + g * z + u;
    points[at + 1] = b * x + e * y + h * z + v;
    points[at + 2] = c * x + f * y + i * z + w;
  }
  return points;
}

type Sixteen = [
  ...[number, number, number, number],
  ...[number, number, number, number],
  ...[number, number, number, number],
  ...[number, number, number, number],
];

/** Normals turned by the matrix's rotation (its scale is uniform) and packed. */
function packedNormals({ values, step, count }: Rows, m: readonly number[]): Int16Array {
  const packed = new Int16Array(count * 4);
  const [a, b, c, , d, e, f, , g, h, i] = m as number[] as Sixteen;
  for (let row = 0, at = 0, k = 0; row < count; row++, at += 4, k += step) {
    const x = values[k] as number;
    const y = values[k + 1] as number;
    const z = values[k + 2] as number;
    const p = a * x + d * y + g * z;
    const q = b * x + e * y + h * z;
    const r = c * x + f * y + i * z;
    const factor = 32767 / Math.max(Math.sqrt(p * p + q * q + r * r), 1e-12);
    packed[at] = Math.round(p * factor);
    packed[at + 1] = Math.round(q * factor);
    packed[at + 2] = Math.round(r * factor);
  }
  return packed;
}

/** Normals of a mesh that has none, in the file's own frame so that `packedNormals` can turn them like any other. */
function smoothNormals(positions: Float32Array, index: Uint32Array, m: readonly number[]): Float32Array {
  const sums = new Float32Array(positions.length);
  const at = (vertex: number, axis: number) => positions[3 * vertex + axis] as number;
  for (let t = 0; t + 2 < index.length; t += 3) {
    const [i, j, k] = [index[t] as number, index[t + 1] as number, index[t + 2] as number];
    const u = [0, 1, 2].map((axis) => at(j, axis) - at(i, axis)) as [number, number, number];
    const v = [0, 1, 2].map((axis) => at(k, axis) - at(i, axis)) as [number, number, number];
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    for (const vertex of [i, j, k])
      for (let axis = 0; axis < 3; axis++)
        sums[3 * vertex + axis] = (sums[3 * vertex + axis] as number) + (n[axis] as number);
  }
  for (let k = 0; k < sums.length; k += 3) {
    const world = [sums[k], sums[k + 1], sums[k + 2]] as [number, number, number];
    for (let row = 0; row < 3; row++)
      sums[k + row] = world.reduce((total, value, axis) => total + value * (m[4 * row + axis] as number), 0);
    const size = Math.hypot(sums[k] as number, sums[k + 1] as number, sums[k + 2] as number) || 1;
    for (let row = 0; row < 3; row++) sums[k + row] = (sums[k + row] as number) / size;
  }
  return sums;
}

/** Product of two column-major 4 × 4 matrices. */
export function multiply(a: readonly number[], b: readonly number[]): number[] {
  const product = new Array<number>(16).fill(0);
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++)
      for (let k = 0; k < 4; k++)
        product[4 * column + row] =
          (product[4 * column + row] as number) + (a[4 * k + row] as number) * (b[4 * column + k] as number);
  return product;
}

function nodeMatrix(node: Node): readonly number[] {
  if (node.matrix) return node.matrix;
  const [x, y, z, w] = (node.rotation ?? [0, 0, 0, 1]) as [number, number, number, number];
  const [sx, sy, sz] = (node.scale ?? [1, 1, 1]) as [number, number, number];
  const [tx, ty, tz] = (node.translation ?? [0, 0, 0]) as [number, number, number];
  return [
    (1 - 2 * (y * y + z * z)) * sx,
    2 * (x * y + z * w) * sx,
    2 * (x * z - y * w) * sx,
    0,
    2 * (x * y - z * w) * sy,
    (1 - 2 * (x * x + z * z)) * sy,
    2 * (y * z + x * w) * sy,
    0,
    2 * (x * z + y * w) * sz,
    2 * (y * z - x * w) * sz,
    (1 - 2 * (x * x + y * y)) * sz,
    0,
    tx,
    ty,
    tz,
    1,
  ];
}
