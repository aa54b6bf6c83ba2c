import assert from "node:assert/strict";
import { test } from "node:test";
import type { LandmarkEntry } from "../src/generated/landmarks";
import { bestDirection, directions, STRIDE, walked } from "../src/interface/landmarks/walk";
import {
  answersOf,
  asFound,
  begun,
  done,
  keptOf,
  movedBy,
  nextUnchecked,
  placedAt,
  redone,
  same,
  ticked,
  trustOf,
  undone,
  type Work,
  workFrom,
} from "../src/interface/landmarks/work";
import type { Vec3 } from "../src/stage/types";
import { dot, length, scale, subtract, unit } from "../src/stage/vector";

const entry = (id: string, placed: LandmarkEntry["placed"] = null): LandmarkEntry => ({
  id,
  bone: "sacrum",
  found: [1, 2, 3],
  trust: "fair",
  apart: 12,
  rule: [1, 2, 9],
  carried: [1, 2, 3.4],
  placed,
  finding: null,
});
const [a, b, c] = [entry("a"), entry("b"), entry("c")] as const;

test("what is moved is placed by a person, what is only ticked stays where it was found", () => {
  const moved = placedAt({}, a, [1, 2, 7.00049]);
  assert.deepEqual(moved, { a: { point: [1, 2, 7], by: "person", checked: false } });
  assert.equal(movedBy(a, moved), 4);
  assert.deepEqual([trustOf(a, moved), trustOf(b, moved)], ["placed", "fair"]);
  const agreed = ticked({}, a, true);
  assert.deepEqual(agreed, { a: { point: [1, 2, 3], by: "finder", checked: true } });
  assert.equal(movedBy(a, agreed), null);
  assert.deepEqual(ticked(agreed, a, false), {}, "a tick taken back leaves nothing");
});

test("other answers are shown where they are others", () => {
  assert.deepEqual(answersOf(a), { rule: [1, 2, 9] }, "what lies within half a millimetre is the same");
  assert.deepEqual(answersOf({ ...a, found: [1, 2, 9] }), { carried: [1, 2, 3.4] });
  assert.deepEqual(
    answersOf({ ...a, found: [9, 9, 9], rule: null }),
    {},
    "without a rule it is the one that was carried",
  );
});

test("a tick stays while a landmark is moved, and when it goes back", () => {
  const both = placedAt(ticked({}, a, true), a, [0, 0, 0]);
  assert.equal(both.a?.checked, true);
  assert.deepEqual(asFound(both, a), ticked({}, a, true));
  assert.deepEqual(asFound(placedAt({}, a, [0, 0, 0]), a), {});
  assert.equal(ticked(both, a, false).a?.by, "person");
});

test("each step has a way back and forth, and one drag is one step", () => {
  let history = begun({});
  for (const z of [4, 5, 6]) history = done(history, placedAt(history.now, a, [1, 2, z]), "drag 1");
  history = done(history, ticked(history.now, a, true));
  history = done(history, placedAt(history.now, a, [1, 2, 9]), "drag 2");
  assert.equal(history.past.length, 3);
  const before = undone(undone(history));
  assert.deepEqual(before.now.a?.point, [1, 2, 6]);
  assert.deepEqual(undone(before).now, {});
  assert.deepEqual(redone(redone(redone(undone(before)))).now, history.now);
  assert.equal(done(history, { ...history.now }), history, "nothing done is no step");
  assert.equal(done(before, placedAt(before.now, b, [0, 0, 0])).next.length, 0);
  const joined = done(
    undone(done(begun({}), placedAt({}, a, [0, 0, 1]), "step a")),
    placedAt({}, a, [0, 0, 2]),
    "step a",
  );
  assert.equal(joined.past.length, 1, "after a way back the same gesture begins anew");
});

test("the next one without a tick comes round to the beginning", () => {
  const work = ticked({}, b, true);
  assert.equal(nextUnchecked([a, b, c], work, "a"), c);
  assert.equal(nextUnchecked([a, b, c], work, "c"), a);
  assert.equal(nextUnchecked([a, b, c], work, null), a);
  assert.equal(nextUnchecked([a, b], ticked(work, a, true), null), null);
});

test("what a device has kept is taken as far as it is sound", () => {
  const kept: Work = { a: { point: [0, 0, 1], by: "person", checked: true } };
  assert.deepEqual(workFrom(JSON.parse(JSON.stringify(kept)), [a, b]), kept);
  assert.deepEqual(
    workFrom({ ...kept, z: kept.a, b: { point: [0, null, 1], by: "person", checked: true } }, [a, b]),
    kept,
  );
  for (const wrong of [null, "a", 3]) assert.equal(workFrom(wrong, [a]), null);
  const saved = entry("a", { point: [0, 0, 1], by: "person", checked: true });
  assert.ok(same(keptOf([saved, b]), kept));
  assert.ok(!same(kept, {}));
});

const RADIUS = 20;
/** A ball about the origin. */
const onBall = (point: Vec3) => {
  const normal = unit(point);
  return { point: scale(normal, RADIUS), normal };
};

test("a walk stays on the surface and is as long as it was asked for", () => {
  const end = walked(onBall, [0, -RADIUS - 3, 0], [1, 0, 0], 5);
  assert.ok(Math.abs(length(end) - RADIUS) < 1e-9);
  const angle = Math.atan2(end[0], -end[1]);
  assert.ok(Math.abs(angle * RADIUS - 5) < 0.01, "5 mm along the surface, from the nearest point of it");
  assert.ok(Math.abs(end[2]) < 1e-9, "straight on");
  const step = subtract(walked(onBall, [0, -RADIUS, 0], [0, 0, 1], STRIDE), [0, -RADIUS, 0]);
  assert.ok(Math.abs(length(step) - STRIDE) < 0.001);
});

test("a walk that leads straight into the surface ends on it", () => {
  const end = walked(onBall, [0, -RADIUS, 0], [0, 1, 0], STRIDE);
  assert.ok(Math.abs(length(end) - RADIUS) < 1e-9);
});

test("the best direction is square to the surface, rather level, and free", () => {
  const spread = directions(150);
  assert.ok(spread.every((one) => Math.abs(length(one) - 1) < 1e-9));
  assert.ok(
    length(spread.reduce((sum, one) => [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]], [0, 0, 0])) < 2,
  );
  const straight = bestDirection([0, -1, 0], () => true);
  assert.ok(straight && dot(straight, [0, -1, 0]) > 0.97);
  const steep = bestDirection([0, 0, 1], () => true);
  assert.ok(steep && steep[2] > 0.5 && steep[2] < 0.999, "not from straight above if there is a choice");
  const around = bestDirection([0, -1, 0], (one) => one[0] > 0.3);
  assert.ok(around && around[0] > 0.3 && around[0] < 0.5, "as square as what is free");
  assert.equal(
    bestDirection([0, -1, 0], () => false),
    null,
  );
});
