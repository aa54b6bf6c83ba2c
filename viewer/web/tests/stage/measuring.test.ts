import assert from "node:assert/strict";
import { test } from "node:test";
import { BufferAttribute, BufferGeometry } from "three";
import { MeshBVH } from "three-mesh-bvh";
import type { AtlasDocument, StructureEntry } from "../../src/generated/atlas";
import type { PackDocument } from "../../src/generated/pack";
import { contours, weld } from "../../src/stage/contours";
import { distances, HEAT, heatColour } from "../../src/stage/heat";
import { merged } from "../../src/stage/merge";
import { Shapes } from "../../src/stage/shapes";
import { Tether } from "../../src/stage/twin";
import type { Vec3 } from "../../src/stage/types";
import { atlas } from "../fixtures";

/** A torus round z (radii 30 and 10 mm), numbered with a seam: its first and last ring are the same places twice. */
function torus(rings = 96, around = 64) {
  const positions = new Float32Array(3 * (rings + 1) * around);
  const index: number[] = [];
  for (let i = 0; i <= rings; i++)
    for (let j = 0; j < around; j++) {
      const [a, b] = [(2 * Math.PI * (i % rings)) / rings, (2 * Math.PI * j) / around];
      const radius = 30 + 10 * Math.cos(b);
      positions.set([radius * Math.cos(a), radius * Math.sin(a), 10 * Math.sin(b)], 3 * (i * around + j));
      if (i === rings) continue;
      const [p, q] = [i * around + j, i * around + ((j + 1) % around)];
      index.push(p, p + around, q + around, p, q + around, q);
    }
  return { positions, index: Uint32Array.from(index) };
}

/** Signed area (mm²) of a closed line in the plane of two directions. */
function area(points: Float32Array, across: Vec3, along: Vec3): number {
  const at = (i: number, axis: Vec3) =>
    axis.reduce((sum, value, k) => sum + value * (points[(3 * i + k) % points.length] as number), 0);
  let twice = 0;
  for (let i = 0; i < points.length / 3; i++)
    twice += at(i, across) * at(i + 1, along) - at(i + 1, across) * at(i, along);
  return twice / 2;
}

test("a plane through the axis of a torus cuts two closed discs, matter on the left", () => {
  const { positions, index } = torus();
  const found = contours(positions, index, weld(positions), [0, -1, 0], 0);
  assert.equal(found.length, 2);
  for (const points of found) {
    // seen from where the normal points to (−y), x runs to the right and z up
    assert.ok(Math.abs(area(points, [1, 0, 0], [0, 0, 1]) - Math.PI * 100) < 2);
    for (let i = 0; i < points.length; i += 3) {
      assert.ok(Math.abs(points[i + 1] as number) < 1e-4, "in the plane");
      const off = Math.hypot(Math.abs(points[i] as number) - 30, points[i + 2] as number);
      assert.ok(Math.abs(off - 10) < 0.06, "on the surface");
    }
  }
});

test("a plane across the axis cuts a ring: the outer line runs round matter, the inner one the other way", () => {
  const { positions, index } = torus();
  const found = contours(positions, index, weld(positions), [0, 0, 1], 0).map((points) =>
    area(points, [1, 0, 0], [0, 1, 0]),
  );
  found.sort((a, b) => a - b);
  assert.equal(found.length, 2);
  assert.ok(Math.abs((found[0] as number) + Math.PI * 400) < 5);
  assert.ok(Math.abs((found[1] as number) - Math.PI * 1600) < 10);
});

test("a plane that goes exactly through vertices still closes every line", () => {
  const { positions, index } = torus();
  assert.equal(contours(positions, index, weld(positions), [1, 0, 0], 0).length, 2);
  assert.equal(contours(positions, index, weld(positions), [1, 0, 0], 200).length, 0);
});

const geometry = ({ positions, index }: ReturnType<typeof torus>): BufferGeometry => {
  const mesh = new BufferGeometry();
  const count = positions.length / 3;
  mesh.setAttribute("position", new BufferAttribute(positions, 3));
  mesh.setAttribute("normal", new BufferAttribute(new Int16Array(4 * count).fill(1000), 4, true));
  mesh.setAttribute("tint", new BufferAttribute(new Uint8Array(4 * count).fill(200), 4, true));
  mesh.setIndex(new BufferAttribute(index, 1));
  return mesh;
};

test("distances to a surface are those of geometry", async () => {
  const tree = new MeshBVH(geometry(torus()));
  const found = await distances(Float32Array.of(0, 0, 0, 30, 0, 0, 100, 0, 0, 0, 45, 0), [tree]);
  for (const [i, wanted] of [20, 10, 60, 5].entries())
    assert.ok(Math.abs((found[i] as number) - wanted) < 0.06, `${found[i]} should be ${wanted}`);
  assert.deepEqual([...(await distances(Float32Array.of(1, 2, 3), []))], [Number.POSITIVE_INFINITY]);
});

test("distances stop when told to", async () => {
  const stop = new AbortController();
  const all = distances(torus(200, 100).positions, [new MeshBVH(geometry(torus()))], stop.signal);
  stop.abort();
  await assert.rejects(all, { name: "AbortError" });
});

test("the map's ends are its colours, and light falls evenly along it", () => {
  assert.equal(heatColour(-1), HEAT[0]);
  assert.equal(heatColour(2), HEAT.at(-1));
  const light = HEAT.map((colour) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [
      number,
      number,
      number,
    ];
    return 0.2126 * r ** 2.2 + 0.7152 * g ** 2.2 + 0.0722 * b ** 2.2;
  });
  for (const [i, value] of light.entries()) if (i) assert.ok(value < (light[i - 1] as number));
});

test("a part goes from shape to shape and back, and leaves its first mesh alone", () => {
  const first = geometry(torus());
  const shapes = new Shapes(first);
  const base = (first.getAttribute("position").array as Float32Array).slice();
  const count = base.length / 3;
  const moved = base.map((value, i) => (i % 3 === 2 ? value + 8 : value));
  shapes.add("B", {
    positions: moved,
    normals: new Int16Array(4 * count).fill(-1000),
    tint: new Uint8Array(4 * count).fill(100),
  });
  const entries = { B: {}, C: {} };
  assert.equal(shapes.wants(undefined, entries), false);
  assert.equal(shapes.wants({ from: "A", to: "A", t: 1 }, entries), false, "A is the first shape itself");
  assert.equal(shapes.wants({ from: "A", to: "C", t: 0.5 }, entries), false, "C is not loaded yet");
  const half = { from: "A", to: "B", t: 0.5 };
  assert.ok(shapes.wants(half, entries));
  const own = shapes.fork();
  assert.equal(shapes.mix(own, half, entries), false, "it is on its way");
  assert.ok(Math.abs((own.getAttribute("position").getZ(5) as number) - (base[17] as number) - 4) < 1e-5);
  assert.equal((own.getAttribute("normal").array as Int16Array)[0], 0);
  assert.equal((own.getAttribute("tint").array as Uint8Array)[0], 150);
  assert.equal(shapes.mix(own, { ...half, t: 1 }, entries), true, "it rests");
  assert.deepEqual(own.getAttribute("position").array, moved);
  assert.ok(Math.abs((own.boundingBox?.max.z ?? 0) - 18) < 0.1);
  assert.equal(shapes.wants({ from: "B", to: "A", t: 0 }, entries), false, "from B at rest is B at rest");
  assert.ok(shapes.wants(undefined, entries));
  shapes.mix(own, undefined, entries);
  assert.deepEqual(own.getAttribute("position").array, base);
  assert.deepEqual(first.getAttribute("position").array, base);
});

test("a shape with other vertices is refused by name", () => {
  const shapes = new Shapes(geometry(torus()));
  const wrong = { positions: new Float32Array(3), normals: new Int16Array(4), tint: new Uint8Array(4) };
  assert.throws(() => shapes.add("B", wrong), /"B" has other vertices/);
});

test("what comes later joins the atlas, which stays as it was", () => {
  const skin = { ...(atlas.structures.skin as StructureEntry), id: "cover", structure: "cover" };
  const pack: PackDocument = {
    version: 1,
    hash: "1",
    notes: ["A nerve was left out."],
    structures: { cover: skin },
    shapes: { "piriformis.right": { B: { file: "b.glb", node: "piriformis.right@B" } } },
    centrelines: {},
    measures: {},
    sources: {},
    marks: null,
    files: [{ name: "b.glb", bytes: 1, sha256: "", wanted: "shown" }],
  };
  const before: AtlasDocument = {
    ...atlas,
    growing: [{ id: "cover", structure: "cover", side: "midline", kind: "skin" }],
  };
  const after = merged(before, pack);
  assert.equal(after.structures.cover, skin);
  assert.equal(after.structures["piriformis.right"]?.parts[0]?.shapes.B?.node, "piriformis.right@B");
  assert.deepEqual(after.structures["piriformis.left"]?.parts[0]?.shapes, {});
  assert.deepEqual(after.growing, []);
  assert.deepEqual(after.notes, pack.notes);
  assert.equal(after.files.length, before.files.length + 1);
  assert.equal(before.structures.cover, undefined);
  assert.deepEqual(before.structures["piriformis.right"]?.parts[0]?.shapes, {});
  assert.deepEqual(merged(after, pack).files, after.files, "twice is as good as once");
});

test("stages on a tether follow whoever leads, and nobody follows back", () => {
  const tether = new Tether();
  const moves: string[] = [];
  const member = (name: string) => ({
    follow: () => {
      moves.push(name);
      tether.moved(one, orbit, false);
    },
  });
  const orbit = { target: [0, 0, 0] as Vec3, azimuth: 0, elevation: 0, distance: 1, fieldOfView: 24 };
  const [one, two] = [member("one"), member("two")];
  tether.join(one);
  tether.join(two);
  tether.moved(one, orbit, true);
  assert.deepEqual(moves, ["two"]);
  tether.leave(two);
  tether.moved(one, orbit, true);
  assert.deepEqual(moves, ["two"]);
});
