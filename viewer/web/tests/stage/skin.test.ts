import assert from "node:assert/strict";
import { test } from "node:test";
import { BufferAttribute, BufferGeometry } from "three";
import { middleOf, turned } from "../../src/stage/ball";
import { beneath } from "../../src/stage/beneath";
import type { Body } from "../../src/stage/body";
import { onPart } from "../../src/stage/dots";
import { within } from "../../src/stage/hand";
import { Forest } from "../../src/stage/picking";
import { placed } from "../../src/stage/places";
import { soften } from "../../src/stage/stains";
import type { BallLook, Vec3 } from "../../src/stage/types";
import { dot, length, subtract } from "../../src/stage/vector";

const STEPS = 40;

/** A square sheet of 10 mm cells, level at a height, facing up or down; vertex (i, j) is number i * 41 + j. */
function sheet(height: number, up = 1): BufferGeometry {
  const row = STEPS + 1;
  const positions = new Float32Array(3 * row * row);
  const normals = new Int16Array(4 * row * row);
  const index: number[] = [];
  for (let i = 0; i < row; i++)
    for (let j = 0; j < row; j++) {
      const at = i * row + j;
      positions.set([10 * i, 10 * j, height], 3 * at);
      normals[4 * at + 2] = 32767 * up;
      if (i === STEPS || j === STEPS) continue;
      const [a, b, c, d] = [at, at + row, at + row + 1, at + 1];
      index.push(...(up > 0 ? [a, b, c, a, c, d] : [a, c, b, a, d, c]));
    }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setAttribute("normal", new BufferAttribute(normals, 4, true));
  geometry.setIndex(new BufferAttribute(Uint32Array.from(index), 1));
  geometry.computeBoundingBox();
  return geometry;
}

const bodyOf = (geometry: BufferGeometry, solid: boolean) =>
  ({ geometry, solid, closed: false, tree: null }) as unknown as Body;

const near = (value: number | undefined, wanted: number, slack: number) =>
  assert.ok(value !== undefined && Math.abs(value - wanted) <= slack, `${value} is not ${wanted}`);

test("a place keeps to its triangle whatever shape the mesh takes", () => {
  const geometry = sheet(5);
  /* the first triangle: corners (0, 0), (10, 0) and (10, 10) */
  const places = [0, 51, 102, 0, 255, 0];
  const normals = new Float32Array(6);
  const [x, y, z, ...corner] = placed(geometry, places, normals);
  near(x, 10 * (0.4 + 0.4), 1e-4);
  near(y, 10 * 0.4, 1e-4);
  assert.equal(z, 5);
  assert.deepEqual(corner, [0, 0, 5], "all weight on the first corner");
  assert.deepEqual([...normals], [0, 0, 1, 0, 0, 1]);
  const positions = geometry.getAttribute("position").array as Float32Array;
  for (let i = 2; i < positions.length; i += 3)
    positions[i] = (positions[i] as number) + (positions[i - 2] as number);
  near(placed(geometry, places)[2], 5 + 8, 1e-4);
});

test("a press covers what lies within reach and faces the same way, not the other side of a thin fold", () => {
  const there = within({ geometry: sheet(0) }, [200, 200, 0], [0, 0, 1], 25);
  assert.equal(there.length, 21, "the vertices of a 10 mm grid within 25 mm of one of them");
  assert.deepEqual(within({ geometry: sheet(-4, -1) }, [200, 200, 0], [0, 0, 1], 25), []);
});

test("a painted area ends in a slope: full inside, nothing outside, half at its edge", () => {
  const geometry = sheet(0);
  const row = STEPS + 1;
  const values = new Uint8Array(4 * row * row);
  for (let i = 0; i <= 20; i++) for (let j = 0; j < row; j++) values[4 * (i * row + j) + 1] = 255;
  soften(values, geometry.index?.array as Uint32Array);
  const across = (i: number) => values[4 * (i * row + 20) + 1] as number;
  assert.equal(across(16), 255);
  assert.equal(across(25), 0);
  for (let i = 17; i < 25; i++) assert.ok(across(i) >= across(i + 1), "it only falls");
  near((across(20) + across(21)) / 2, 127.5, 4);
  assert.ok(
    values.every((value, i) => i % 4 === 1 || value === 0),
    "other paints are let be",
  );
});

test("dots fall straight inwards onto the first surface in sight, and onto nothing that lies too deep", async () => {
  const skin = sheet(50);
  const dots = [{ part: "skin", places: [0, 85, 85, 1600, 85, 85], level: "essential" as const }];
  const lay = (...bodies: Body[]) =>
    beneath(onPart(skin, dots), bodies, new Forest(), new AbortController().signal);
  const flesh = bodyOf(sheet(20), true);
  const bone = bodyOf(sheet(0), true);
  const found = await lay(bone, flesh);
  assert.equal(found?.solid.essential.length, 2);
  assert.equal(found?.clear.essential.length, 0);
  for (const height of [found?.solid.centres[2], found?.solid.centres[5]]) near(height, 20, 1e-3);
  assert.deepEqual(
    Array.from(found?.solid.facing ?? [], (value) => value + 0),
    [0, 0, 1, 0, 0, 1],
  );
  assert.equal(
    (await lay(bodyOf(sheet(20), false), bone))?.clear.essential.length,
    2,
    "on what is see-through",
  );
  assert.equal((await lay(bodyOf(sheet(-200), true)))?.solid.essential.length, 0);
});

test("dots know which of them are essential", () => {
  const level = (name: "essential" | "spillover") => ({ part: "skin", places: [0, 85, 85], level: name });
  assert.deepEqual([...onPart(sheet(0), [level("essential"), level("spillover")]).essential], [1, 0]);
});

test("a ball sinks in as deep as it should, along the way it presses", () => {
  const direction: Vec3 = [0, 0.6, -0.8];
  const ball = { radius: 33, sinks: 15, vertex: 42, direction } as unknown as BallLook;
  const positions = sheet(0).getAttribute("position").array as Float32Array;
  const vertex: Vec3 = [positions[126] as number, positions[127] as number, positions[128] as number];
  const off = subtract(middleOf(ball, positions), vertex);
  near(length(off), 18, 1e-4);
  near(dot(off, direction), -18, 1e-4);
});

test("a half circle turned round its axis is a closed sphere, seen from outside", () => {
  const outline = Array.from({ length: 41 }, (_, i) => {
    const out = [Math.sin((Math.PI * i) / 40), -Math.cos((Math.PI * i) / 40)] as const;
    return { at: [30 * out[0], 30 * out[1]] as const, out };
  });
  const geometry = turned(outline);
  const position = geometry.getAttribute("position");
  const corner = (k: number): Vec3 => {
    const at = geometry.index?.getX(k) ?? 0;
    return [position.getX(at), position.getY(at), position.getZ(at)];
  };
  let volume = 0;
  for (let k = 0; k < (geometry.index?.count ?? 0); k += 3) {
    const [a, b, c] = [corner(k), corner(k + 1), corner(k + 2)];
    const normal: Vec3 = [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]];
    volume += dot(a, normal) / 6;
  }
  near(volume / ((4 / 3) * Math.PI * 30 ** 3), 1, 0.01);
});
