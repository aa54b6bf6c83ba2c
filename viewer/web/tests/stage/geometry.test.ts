import assert from "node:assert/strict";
import { test } from "node:test";
import { fan, gridSize, longestAxis } from "../../src/stage/fibres";
import { readGlb } from "../../src/stage/glb";
import { rim } from "../../src/stage/lines";
import { beaded } from "../../src/stage/marks";
import { tissueNoise } from "../../src/stage/noise";
import { ENGLISH, letters } from "../../src/stage/overlay";
import { halton } from "../../src/stage/pipeline";
import { section } from "../../src/stage/section";
import { summarise } from "../../src/stage/survey";

/** A GLB of one triangle under a root node that carries LPS mm → glTF metres, positions quantised to 16 bits. */
function triangleGlb(): Uint8Array {
  const binary = new ArrayBuffer(48);
  const data = new DataView(binary);
  const points = [
    [0, 0, 0],
    [1000, 0, 0],
    [0, 2000, 500],
  ];
  for (const [i, point] of points.entries())
    for (const [k, value] of point.entries()) data.setUint16(8 * i + 2 * k, value, true);
  for (let i = 0; i < 3; i++) data.setInt8(24 + 4 * i + 2, 127);
  for (const [i, value] of [0, 1, 2].entries()) data.setUint16(36 + 2 * i, value, true);
  const json = {
    asset: { version: "2.0" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [
      { children: [1], matrix: [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1] },
      { name: "piriformis.right/upper_head", mesh: 0, translation: [-10, 20, 30], scale: [0.1, 0.1, 0.1] },
    ],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1 }, indices: 2 }] }],
    accessors: [
      { bufferView: 0, componentType: 5123, count: 3, type: "VEC3" },
      { bufferView: 1, componentType: 5120, normalized: true, count: 3, type: "VEC3" },
      { bufferView: 2, componentType: 5123, count: 3, type: "SCALAR" },
    ],
    bufferViews: [
      { buffer: 0, byteLength: 24, byteStride: 8 },
      { buffer: 0, byteOffset: 24, byteLength: 12, byteStride: 4 },
      { buffer: 0, byteOffset: 36, byteLength: 6 },
    ],
  };
  let text = JSON.stringify(json);
  text += " ".repeat((4 - (text.length % 4)) % 4);
  const file = new Uint8Array(12 + 8 + text.length + 8 + 48);
  const head = new DataView(file.buffer);
  head.setUint32(0, 0x46546c67, true);
  head.setUint32(4, 2, true);
  head.setUint32(8, file.length, true);
  head.setUint32(12, text.length, true);
  head.setUint32(16, 0x4e4f534a, true);
  file.set(new TextEncoder().encode(text), 20);
  head.setUint32(20 + text.length, 48, true);
  head.setUint32(24 + text.length, 0x004e4942, true);
  file.set(new Uint8Array(binary), 28 + text.length);
  return file;
}

test("a GLB in metres with y up is read back into LPS millimetres, however its bytes are wrapped", async () => {
  const file = triangleGlb();
  const padded = new Uint8Array(file.length + 7);
  padded.set(file, 3);
  for (const wrapped of [file, file.buffer as ArrayBuffer, new DataView(padded.buffer, 3, file.length)]) {
    const [mesh] = await readGlb(wrapped);
    assert.ok(mesh);
    assert.equal(mesh.name, "piriformis.right/upper_head");
    const expected = [-10, 20, 30, 90, 20, 30, -10, 220, 80];
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs((mesh.positions[i] as number) - value) < 1e-3);
    assert.deepEqual([...mesh.normals.subarray(0, 3)], [0, 0, 32767]);
    assert.deepEqual([...mesh.index], [0, 1, 2]);
    assert.deepEqual([...mesh.tint.subarray(0, 4)], [0, 255, 0, 255]);
  }
});

test("a file that is no GLB, or only half of one, is refused in words", async () => {
  await assert.rejects(readGlb(new Uint8Array(40)), /not a GLB/);
  await assert.rejects(readGlb(triangleGlb().subarray(0, 200)), /cut short/);
});

const tetrahedron = {
  positions: Float32Array.from([0, 0, 0, 10, 0, 0, 0, 10, 0, 0, 0, 10]),
  index: Uint32Array.from([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]),
};

test("the section of a closed mesh is a closed line in the plane", () => {
  const segments = section(tetrahedron.positions, tetrahedron.index, [0, 0, 1], 4);
  assert.equal(segments.length, 3 * 6);
  const ends = new Map<string, number>();
  for (let i = 0; i < segments.length; i += 3) {
    assert.ok(Math.abs((segments[i + 2] as number) - 4) < 1e-5);
    const name = [segments[i], segments[i + 1]].map((value) => Math.round((value as number) * 1000)).join();
    ends.set(name, (ends.get(name) ?? 0) + 1);
  }
  assert.deepEqual([...ends.values()], [2, 2, 2]);
});

test("the rim of a patch is its outline alone, though its vertices be doubled", () => {
  const positions = Float32Array.from([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0]);
  assert.equal(rim(positions, Uint32Array.from([0, 1, 2, 3, 4, 5])).length, 4 * 6);
  assert.equal(rim(tetrahedron.positions, tetrahedron.index).length, 0);
});

test("a grid's size is measured in millimetres along and around", () => {
  const positions: number[] = [];
  const uv: number[] = [];
  const index: number[] = [];
  for (let i = 0; i <= 10; i++)
    for (let k = 0; k <= 10; k++) {
      positions.push(i * 12, 0, k * 4);
      uv.push(i / 10, k / 10);
      const at = i * 11 + k;
      if (i < 10 && k < 10) index.push(at, at + 1, at + 11, at + 1, at + 12, at + 11);
    }
  const mesh = { positions: Float32Array.from(positions), index: Uint32Array.from(index) };
  const [along, around] = gridSize(mesh, Float32Array.from(uv));
  assert.ok(Math.abs(along - 120) < 1e-3 && Math.abs(around - 40) < 1e-3);
});

test("fibres without a grid run from the wide attachment and meet beyond the narrow one", () => {
  const disc = (z: number, radius: number) =>
    Float32Array.from(
      { length: 300 },
      (_, i) => [Math.cos(i) * radius, Math.sin(i) * radius, z][i % 3] as number,
    );
  const belly = Float32Array.from([...disc(0, 30), ...disc(50, 20), ...disc(100, 10)]);
  const { focus, axis } = fan(belly, disc(0, 30), disc(100, 10));
  assert.ok(focus[2] > 120 && focus[2] < 190, `the focus is at ${focus}`);
  assert.ok(Math.abs(axis[2]) > 0.99);
  const line = Float32Array.from({ length: 90 }, (_, i) => ([1, 2, -2][i % 3] as number) * Math.floor(i / 3));
  const long = longestAxis(line);
  assert.ok(Math.abs(Math.abs(long[0] * 1 + long[1] * 2 + long[2] * -2) - 3) < 1e-6);
});

test("the survey finds each structure's deepest visible place and what is at a place", () => {
  const width = 20;
  const numbers = new Uint16Array(width * 10);
  for (let y = 1; y < 8; y++) for (let x = 2; x < 9; x++) numbers[y * width + x] = 1;
  for (let y = 4; y < 7; y++) for (let x = 12; x < 15; x++) numbers[y * width + x] = 2;
  const result = summarise(numbers, width, 10, ["sacrum", "coccyx", "hip_bone.right"]);
  assert.deepEqual(result.sightings.get("sacrum"), { x: 5.5 / 20, y: 4.5 / 10, share: 49 / 200 });
  assert.deepEqual(result.sightings.get("coccyx"), { x: 13.5 / 20, y: 5.5 / 10, share: 9 / 200 });
  assert.ok(!result.sightings.has("hip_bone.right"));
  assert.deepEqual([result.left, result.right], [2 / 20, 15 / 20]);
  assert.ok(result.isAt("coccyx", 13.5 / 20, 5.5 / 10) && !result.isAt("sacrum", 0.01, 0.01));
});

test("directions on screen are named as on a radiograph", () => {
  assert.equal(letters([-1, 0, 0], ENGLISH).short, "R");
  assert.equal(letters([1, 0, 0], ENGLISH).long, "Left");
  assert.equal(letters([-0.8, 0.6, 0], ENGLISH).short, "RP");
});

test("beads lie on the line at even steps, ends included", () => {
  const beads = beaded(
    [
      [0, 0, 0],
      [9, 0, 0],
      [9, 6, 0],
    ],
    3,
  );
  assert.deepEqual(beads[0], [0, 0, 0]);
  assert.deepEqual(beads.at(-1), [9, 6, 0]);
  assert.equal(beads.length, 6);
});

test("the tissue texture tiles and uses its whole range", () => {
  const size = 64;
  const bytes = tissueNoise(size);
  for (let channel = 0; channel < 4; channel++) {
    const values = [...bytes].filter((_, i) => i % 4 === channel);
    assert.ok(Math.max(...values) > 200 && Math.min(...values) < 60, `channel ${channel}`);
  }
  const at = (x: number, y: number) => bytes[4 * (y * size + x) + 2] as number;
  let seam = 0;
  let inside = 0;
  for (let y = 0; y < size; y++) {
    seam += Math.abs(at(0, y) - at(size - 1, y));
    inside += Math.abs(at(size / 2, y) - at(size / 2 - 1, y));
  }
  assert.ok(seam < 2 * inside + size, "the seam is no rougher than the rest");
});

test("sample positions are spread evenly", () => {
  const values = Array.from({ length: 16 }, (_, i) => halton(i + 1, 2));
  assert.equal(new Set(values.map((value) => Math.floor(value * 16))).size, 16);
});
