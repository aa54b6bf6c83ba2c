import assert from "node:assert/strict";
import { test } from "node:test";
import { Box3, Vector3 } from "three";
import { crossings, rectangleAround } from "../../src/stage/cut";
import type { Vec3 } from "../../src/stage/types";
import { dot, unit } from "../../src/stage/vector";

const BOX = new Box3(new Vector3(-10, -20, -30), new Vector3(10, 20, 30));

test("a level plane meets the four upright edges of a box", () => {
  const found = crossings(BOX, { normal: [0, 0, 1], offset: 12 });
  const places = found.map(([x, y, z]) => `${x} ${y} ${z}`).sort();
  assert.deepEqual(places, ["-10 -20 12", "-10 20 12", "10 -20 12", "10 20 12"]);
});

test("a plane beside a box meets nothing", () => {
  assert.deepEqual(crossings(BOX, { normal: [1, 0, 0], offset: 10.5 }), []);
});

test("the rectangle around an oblique section lies in the plane and holds all of it with its margin", () => {
  const plane = { normal: unit([1, 2, 3]), offset: 4 };
  const section = crossings(BOX, plane);
  assert.ok(section.length >= 3);
  for (const point of section) {
    assert.ok(Math.abs(dot(plane.normal, point) - plane.offset) < 1e-9);
    assert.ok(BOX.containsPoint(new Vector3(...point)));
  }
  const corners = rectangleAround(section, plane, 1);
  for (const corner of corners) assert.ok(Math.abs(dot(plane.normal, corner) - plane.offset) < 1e-9);
  const [first, second, , last] = corners as [Vec3, Vec3, Vec3, Vec3];
  const inside = (way: Vec3, from: Vec3, to: Vec3) =>
    section.every((point) => {
      const [low, high, at] = [dot(way, from), dot(way, to), dot(way, point)];
      return at >= low + 1 - 1e-9 && at <= high - 1 + 1e-9;
    });
  const way = (to: Vec3): Vec3 => unit([to[0] - first[0], to[1] - first[1], to[2] - first[2]]);
  assert.ok(inside(way(second), first, second));
  assert.ok(inside(way(last), first, last));
});
