// The panel of trigger points: the ruler, the pose that fits a pattern, the list's order and search.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Anatomy } from "../src/atlas/anatomy";
import type { TriggerPoint } from "../src/generated/catalogue";
import { bands, spread } from "../src/interface/trigger/ruler";
import { byMuscle, matching, numberOf } from "../src/interface/trigger/words";
import { poseAround } from "../src/scene/fit";
import { anatomy } from "./fixtures";

const layer = (structure: string, begins: number, ends: number) => ({ structure, begins, ends });

test("the ruler names skin first, what lies between, and ends at a nerve or bone", () => {
  const found = bands(
    [
      layer("gluteus_maximus.right", 20, 40),
      layer("piriformis.right", 55, 70),
      layer("tibial_division.right", 71, 76),
    ],
    anatomy,
  );
  assert.deepEqual(
    found.map(({ tissue, begins, ends }) => [tissue, begins, ends]),
    [
      ["fat", 0, 20],
      ["muscle", 20, 40],
      ["fat", 40, 55],
      ["muscle", 55, 70],
      ["nerve", 71, 71],
    ],
  );
  assert.deepEqual(
    found.map(({ stops }) => stops),
    [false, false, false, false, true],
  );
});

test("more tissue under the skin moves everything but the skin itself inwards", () => {
  const layers = [layer("gluteus_maximus.right", 20, 40), layer("tibial_division.right", 60, 64)];
  const [usual, large] = [bands(layers, anatomy), bands(layers, anatomy, 12)];
  assert.equal(large[0]?.begins, 0);
  assert.equal(large[0]?.ends, 32);
  for (const [i, band] of usual.entries()) {
    const other = large[i];
    assert.ok(other);
    assert.equal(other.ends - band.ends, 12);
    if (i) assert.equal(other.ends - other.begins, band.ends - band.begins);
  }
});

test("labels keep their order and their distance, and stay in the room there is", () => {
  const places = spread([0, 5, 8, 250, 252], 40, 300);
  for (let i = 1; i < places.length; i++)
    assert.ok((places[i] ?? 0) - (places[i - 1] ?? 0) >= 40, places.join(" "));
  assert.ok((places.at(-1) ?? 0) + 40 <= 300);
  assert.ok((places[0] ?? -1) >= 0);
  assert.deepEqual(spread([10, 100, 200], 40, 300), [10, 100, 200]);
});

test("a pose fits points into a picture, whatever its shape", () => {
  const points = [-100, 0, -50, 100, 0, -50, -100, 0, 50, 100, 0, 50];
  for (const aspect of [0.5, 1, 2]) {
    const pose = poseAround(points, [0, 1, 0], aspect, 24);
    assert.deepEqual(
      pose.target.map((value) => Math.round(value * 1e6) + 0),
      [0, 0, 0],
    );
    const half = Math.tan((12 * Math.PI) / 180) * pose.position[1];
    assert.ok(half >= 50 && half * aspect >= 100, `not all is seen at ${aspect}`);
    assert.ok(half < 60 || half * aspect < 120, `seen from too far at ${aspect}`);
  }
});

const point = (id: string, often: TriggerPoint["often"], where: string): TriggerPoint => ({
  id,
  muscle: id.split(".")[0] ?? "",
  name: `${id.replace(/[_.]/g, " ")}`,
  where,
  often,
  seen: "behind",
  shown: "zones_only",
  place: null,
  location: { text: "There.", sources: ["x"], evidence: "expert_convention", mark: "verified" },
  zones: [{ level: "essential", words: "The coccyx.", strokes: [], both_sides: false }],
  zone_source: { text: "So.", sources: ["x"], evidence: "expert_convention", mark: "verified" },
  spared: [],
  feels_like: [],
  causes: [],
  entrapment: [],
  self_care: { verdict: "no_zone", why: "Bone.", tools: [], how: [] },
  cautions: [],
  plain: "A spot.",
  reviewed_by: null,
});

const points = [
  point("gluteus_maximus.1", "rare", "beside the sacrum"),
  point("gluteus_maximus.2", "most", "above the sitting bone"),
  point("piriformis.1", "usual", "on the piriformis line"),
];

test("within a muscle the most common comes first; muscles keep their order", () => {
  const trigger_points = Object.fromEntries(points.map((one) => [one.id, one]));
  const body = new Anatomy(anatomy.atlas, { ...anatomy.catalogue, trigger_points });
  assert.deepEqual(
    byMuscle(body).map(([muscle, found]) => [muscle, found.map(({ id }) => id)]),
    [
      ["gluteus_maximus", ["gluteus_maximus.2", "gluteus_maximus.1"]],
      ["piriformis", ["piriformis.1"]],
    ],
  );
});

test("points are found by name, place and where they are felt", () => {
  const found = (query: string) => matching(points, query).map(({ id }) => id);
  assert.deepEqual(found("sitting"), ["gluteus_maximus.2"]);
  assert.deepEqual(found("COCCYX piriformis"), ["piriformis.1"]);
  assert.equal(found("").length, 3);
  assert.deepEqual(found("nowhere"), []);
});

test("a number is given where a muscle has several", () => {
  const [first, , only] = points;
  assert.ok(first && only);
  assert.equal(numberOf(first, 2), "1");
  assert.equal(numberOf(only, 1), "");
});
