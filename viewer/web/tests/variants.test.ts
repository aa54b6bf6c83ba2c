import assert from "node:assert/strict";
import { test } from "node:test";
import { MEASURES, measured, publishedFor, publishedText } from "../src/atlas/measures";
import { intervalOf, niceEnd, type Prevalence, prevalenceWords, sourceName } from "../src/atlas/variants";
import type { Catalogue } from "../src/generated/catalogue";
import { Course, followPose } from "../src/interface/follow";
import { basisOf, directionLetters, flatShapes } from "../src/interface/section/flat";
import { announcement } from "../src/scene/announce";
import { lookOf } from "../src/scene/look";
import { crosses, morph, muscleOpacity, progress, sideShapes, skinShapes } from "../src/scene/morph";
import { distance, millimetres } from "../src/scene/ruler";
import { nearestShare, pointAlong } from "../src/scene/section";
import { keepsFocus, recedes } from "../src/scene/visibility";
import type { Contour, Vec3 } from "../src/stage/types";
import { anatomy, atlas, pierced, scene, usual } from "./fixtures";

const { t } = anatomy;

const series = (percent: number, more: Partial<Prevalence> = {}): Prevalence => ({
  source: "someone_2020",
  n: 514,
  unit: "limbs",
  population: "cadavers",
  percent,
  low: null,
  high: null,
  pooled: false,
  mark: "verified",
  ...more,
});

test("an interval is the published one, else Wilson's, and none where n does not count limbs", () => {
  assert.deepEqual(intervalOf(series(85.2, { low: 78.4, high: 87 })), [78.4, 87]);
  const [low, high] = intervalOf(series(34)) ?? [];
  // Wilson's interval of 175 in 514, by the textbook.
  assert.ok(Math.abs((low ?? 0) - 30.04) < 0.05 && Math.abs((high ?? 0) - 38.2) < 0.05);
  assert.deepEqual(intervalOf(series(0, { n: 120 }))?.[0], 0);
  assert.equal(intervalOf(series(90, { pooled: true })), null);
  assert.equal(intervalOf(series(90, { unit: "studies" })), null);
});

test("how often is told by pooled values, with single series that stand far off", () => {
  assert.equal(prevalenceWords([], t), "No figure found");
  assert.equal(prevalenceWords([series(85.2, { pooled: true }), series(90, { pooled: true })], t), "85–90 %");
  assert.equal(
    prevalenceWords([series(9.8, { pooled: true }), series(34)], t),
    "about 10 %, up to 34 % in one series",
  );
  assert.equal(prevalenceWords([series(0.3), series(0.5)], t), "under 1 %");
  assert.equal(niceEnd(38), 40);
  assert.equal(
    sourceName("Beaton LE, Anson BJ 1937. The relation of the sciatic nerve"),
    "Beaton LE, Anson BJ 1937",
  );
});

test("the muscle is out of the way before the nerve moves, and back when it has arrived", () => {
  assert.equal(crosses(usual, pierced), true);
  assert.equal(crosses(usual, { ...usual, id: "two_headed", split: true }), false);
  const way = { from: "A", to: "B", ...morph(usual, pierced, 1000) };
  assert.ok(way.ms <= 1000);
  assert.deepEqual([progress(way, 1000), muscleOpacity(way, 1000)], [0, 1]);
  assert.deepEqual([progress(way, 1000 + way.ms), muscleOpacity(way, 1000 + way.ms)], [1, 1]);
  let before = 0;
  for (let now = 1000; now <= 1000 + way.ms; now += 10) {
    const t = progress(way, now);
    assert.ok(t >= before, "the way goes on");
    if (t > 0.1 && t < 0.9)
      assert.ok(muscleOpacity(way, now) < 0.35, "what is passed through is hardly seen");
    before = t;
  }
  const plain = { from: "A", to: "two_headed", ...morph(usual, { ...usual, split: true }, 0) };
  assert.equal(muscleOpacity(plain, plain.ms / 2), 1);
});

const shaped = structuredClone(atlas);
for (const part of shaped.structures["piriformis.right"]?.parts ?? [])
  part.shapes = { B: { file: "b.glb", node: `${part.name}@B` } };
for (const part of shaped.structures.skin?.parts ?? [])
  part.shapes = { slim: { file: "s.glb", node: "skin@slim" }, large: { file: "s.glb", node: "skin@large" } };

test("only parts of the side that have the shape are told of it", () => {
  const look = { from: "A", to: "B", t: 0.5 };
  assert.deepEqual(sideShapes(shaped, "right", look), { "piriformis.right": look });
  assert.deepEqual(sideShapes(shaped, "left", look), {});
  assert.deepEqual(skinShapes(shaped, 0).skin, { from: "slim", to: "base", t: 0 });
  assert.deepEqual(skinShapes(shaped, 0.5).skin, { from: "base", to: "large", t: 0 });
  assert.deepEqual(skinShapes(shaped, 1).skin, { from: "base", to: "large", t: 1 });
  assert.deepEqual(skinShapes(atlas, 0.2), {});
});

test("focus keeps muscle, nerve and bones, brings them back from the peel, and names them", () => {
  const entries = anatomy.entries;
  const kept = entries
    .filter((entry) => keepsFocus(entry, anatomy.annotated))
    .map(({ structure }) => structure);
  assert.deepEqual([...new Set(kept)].sort(), [
    "common_fibular_division",
    "hip_bone",
    "piriformis",
    "sacrum",
    "tibial_division",
  ]);
  const focused = scene({ focus: true, peel: 9 });
  assert.ok(entries.filter((entry) => recedes(focused, entry, anatomy.annotated)).length > 2);
  const around = {
    hovered: null,
    footprint: null,
    theme: "light",
    reducedMotion: true,
    insets: { top: 0, right: 0, bottom: 0, left: 0 },
  } as const;
  const look = lookOf(focused, anatomy, around);
  assert.equal(look.structures["piriformis.right"]?.visible, true);
  assert.equal(look.structures["piriformis.right"]?.opacity, 1);
  assert.deepEqual(
    look.labels.filter(({ id }) => id.endsWith(".right")).map(({ text }) => text),
    ["Piriformis", "Sciatic nerve"],
    "an undivided nerve carries one name",
  );
  const apart = lookOf({ ...focused, variant: { right: "B", left: "A" } }, anatomy, around);
  assert.equal(apart.labels.filter(({ id }) => id.endsWith(".right")).length, 3);
  const maximus = lookOf(scene({ focus: true }), anatomy, around).structures["gluteus_maximus.right"];
  assert.ok(maximus?.dimmed && maximus.opacity <= 0.1, "what recedes cannot be picked");
  const passing = lookOf(focused, anatomy, { ...around, fading: { right: 0.2 } });
  assert.equal(passing.structures["piriformis.right"]?.opacity, 0.2);
  assert.equal(passing.structures["piriformis.left"]?.opacity, 1);
});

const line: Vec3[] = [
  [0, 0, 100],
  [0, 0, 50],
  [0, 0, 0],
];

test("a place along a curve goes by its length", () => {
  assert.deepEqual(pointAlong(line, 0).point, [0, 0, 100]);
  assert.deepEqual(pointAlong(line, 0.25).point, [0, 0, 75]);
  assert.deepEqual(pointAlong(line, 1).point, [0, 0, 0]);
  assert.deepEqual(pointAlong(line, 0.5).direction, [0, 0, -1]);
  const muscle: Vec3[] = [
    [-30, 5, 60],
    [30, 5, 60],
    [0, 5, 60],
  ];
  assert.ok(Math.abs(nearestShare(line, muscle) - 0.4) < 0.006);
});

test("the flight looks from the front into the pelvis and from behind at the thigh, ever downwards", () => {
  const nerve: Vec3[] = Array.from({ length: 41 }, (_, i) => [-60, 40, 80 - i * 10]);
  const muscle: Vec3[] = [
    [-30, 40, 50],
    [-60, 45, 40],
    [-100, 30, 30],
  ];
  const course = new Course(nerve, muscle);
  const start = followPose(course, "right", 0, 24);
  const passing = followPose(course, "right", course.passing, 24);
  assert.ok(start.position[1] < start.target[1] - 100);
  assert.ok(passing.position[1] > passing.target[1] + 100, "the eye is behind when the nerve comes out");
  let height = Number.POSITIVE_INFINITY;
  for (let share = 0; share <= 1; share += 0.05) {
    const { target } = followPose(course, "right", share, 24);
    assert.ok(target[2] <= height);
    height = target[2];
  }
  assert.ok(height > (nerve.at(-1)?.[2] ?? 0), "it ends in the thigh, not at the nerve's end");
});

const square = (id: string, size: number): Contour => ({
  id,
  part: id,
  points: new Float32Array([-size, -size, 0, size, -size, 0, size, size, 0, -size, size, 0]),
});

test("across the nerve the flat section is seen from below: front up, the left of the body to the right", () => {
  const cut = { normal: [0, 0, -1] as [number, number, number], offset: 0 };
  const basis = basisOf(cut, "nerve", "right");
  assert.equal(directionLetters(basis.up), "A");
  assert.equal(directionLetters(basis.right), "L");
  const lateral = basisOf({ normal: [1, 0, 0], offset: 0 }, "piriformis", "right");
  assert.equal(directionLetters(lateral.up), "S");
  assert.equal(directionLetters(lateral.right), "A", "from the right, the front is to the right");
  assert.equal(directionLetters(basisOf({ normal: [1, 0, 0], offset: 0 }, "piriformis", "left").right), "P");
  const shapes = flatShapes(
    [square("piriformis.right", 5), square("hip_bone.right", 20)],
    basis,
    [0, 0, 0],
    40,
  );
  assert.deepEqual(
    shapes.map(({ id, area }) => [id, Math.round(area)]),
    [
      ["hip_bone.right", 1600],
      ["piriformis.right", 100],
    ],
  );
  assert.ok(shapes.every((shape) => shape.holds(0, 0) && !shape.holds(30, 0)));
  assert.deepEqual(
    flatShapes([square("sacrum", 90)], basis, [0, 0, 0], 40),
    [],
    "nothing of it is in the window",
  );
});

test("distances are written as exactly as they can be pointed at", () => {
  assert.equal(distance([0, 0, 0], [3, 4, 12]), 13);
  assert.equal(millimetres(8.44, t), "8.4 mm");
  assert.equal(millimetres(102.4, t), "102 mm");
});

test("numbers stand beside published ones of the same thing, in the same unit", () => {
  const exit = MEASURES.sciatic_nerve?.find(({ id }) => id === "exit");
  assert.ok(exit);
  const published = {
    id: "x",
    structure: "sciatic_nerve",
    how: "nerve_psis_it_fraction",
    unit: "fraction",
    mean: 0.31,
    sd: 0.06,
  } as unknown as Catalogue["measures"][number];
  assert.deepEqual(publishedFor(exit, "sciatic_nerve", [published]), [published]);
  assert.deepEqual(publishedFor(exit, "piriformis", [published]), []);
  assert.equal(publishedText(published, t), "31 ± 6 %");
  assert.equal(measured(31.4, "%", t), "31 %");
  assert.equal(measured(15.55, "mm", t), "15.6 mm");
});

test("a change of variant is said once for both sides, or by side", () => {
  const before = scene();
  const both = scene({ variant: { right: "B", left: "B" } });
  assert.equal(announcement(before, both, anatomy), "Both sides: fibular through, tibial below.");
  const left = scene({ variant: { right: "A", left: "B" } });
  assert.equal(announcement(before, left, anatomy), "Left: fibular through, tibial below.");
});
