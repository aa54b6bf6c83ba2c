import assert from "node:assert/strict";
import { test } from "node:test";
import * as orbits from "../../src/stage/orbit";
import type { Vec3 } from "../../src/stage/types";
import { add, dot, length, scale, subtract } from "../../src/stage/vector";
import { View } from "../../src/stage/view";

const near = (a: number, b: number, slack = 1e-9) => assert.ok(Math.abs(a - b) <= slack, `${a} is not ${b}`);
const nearVector = (a: Vec3, b: Vec3, slack = 1e-9) => near(length(subtract(a, b)), 0, slack);

const posterior: orbits.Orbit = {
  target: [3, 10, -5],
  azimuth: Math.PI / 2,
  elevation: 0.1,
  distance: 900,
  fieldOfView: 24,
};

test("from behind, the subject's right is on the right of the screen and up is up", () => {
  const level = { ...posterior, elevation: 0 };
  nearVector(orbits.direction(level), [0, 1, 0]);
  nearVector(orbits.right(level), [-1, 0, 0]);
  nearVector(orbits.up(level), [0, 0, 1]);
});

test("an orbit survives the way to a pose and back, at the poles too", () => {
  for (const elevation of [-Math.PI / 2, -1.2, 0, 0.7, Math.PI / 2])
    for (const azimuth of [-3, -0.4, 1.2, 2.9]) {
      const orbit = { ...posterior, elevation, azimuth };
      const again = orbits.fromPose(orbits.toPose(orbit));
      assert.ok(orbits.same(orbit, again), `${JSON.stringify(again)} is not ${JSON.stringify(orbit)}`);
      nearVector(orbits.up(orbit), orbits.up(again), 1e-3);
    }
});

test("a flight starts and ends where it should, goes the short way round and keeps its distance to the target", () => {
  const from = { ...posterior, azimuth: 3.0, elevation: 0 };
  const to = { ...posterior, azimuth: -3.0, elevation: 0.5, distance: 300 };
  assert.ok(orbits.same(orbits.flight(from, to, 0), from));
  assert.ok(orbits.same(orbits.flight(from, to, 1), to));
  let turned = 0;
  let last = from.azimuth;
  for (let t = 0; t <= 1.0001; t += 0.01) {
    const stage = orbits.flight(from, to, t);
    turned += Math.abs(stage.azimuth - last);
    last = stage.azimuth;
    assert.ok(stage.distance <= 900.0001 && stage.distance >= 299.9999);
    assert.ok(orbits.up(stage)[2] > 0);
  }
  near(turned, 2 * Math.PI - 6, 1e-6);
});

test("no turn brings the head below the feet, and a full turn comes back", () => {
  const high = orbits.turned(posterior, 0, 99);
  near(high.elevation, Math.PI / 2);
  assert.ok(orbits.same(orbits.turned(posterior, 2 * Math.PI, 0), posterior));
});

test("zooming keeps the fixed point where it is on screen", () => {
  const view = new View();
  Object.assign(view, { width: 1000, height: 700, insets: { top: 20, right: 0, bottom: 40, left: 250 } });
  view.orbit = posterior;
  const point: Vec3 = [40, 60, 80];
  const before = view.project(point);
  view.orbit = orbits.zoomed(posterior, 0.4, point);
  const after = view.project(point);
  near(before.x, after.x, 1e-6);
  near(before.y, after.y, 1e-6);
  near(view.orbit.distance, 360, 1e-9);
});

test("panning moves what lies at the target's depth with the pointer", () => {
  const view = new View();
  Object.assign(view, { width: 800, height: 600 });
  view.orbit = posterior;
  const before = view.project(posterior.target);
  view.orbit = orbits.panned(posterior, 30, -12, view.freeHeight);
  const after = view.project(posterior.target);
  near(after.x - before.x, 30, 1e-6);
  near(after.y - before.y, -12, 1e-6);
});

test("the ray through a projected point meets the point", () => {
  const view = new View();
  Object.assign(view, { width: 390, height: 780, insets: { top: 0, right: 0, bottom: 300, left: 0 } });
  view.orbit = { ...posterior, elevation: -1.1, azimuth: 0.3 };
  const point: Vec3 = [-60, 33, 12];
  const { x, y, inFront } = view.project(point);
  assert.ok(inFront);
  const away = subtract(point, view.eye);
  nearVector(scale(view.ray(x, y), length(away)), away, 1e-6);
});

test("a fitted picture holds every point, touches the edge, and has the target in the middle of what panels leave free", () => {
  const points: Vec3[] = [];
  for (let i = 0; i < 60; i++)
    points.push([90 * Math.sin(i), 50 * Math.cos(2.3 * i), 200 * Math.sin(0.7 * i + 1)]);
  const view = new View();
  Object.assign(view, { width: 1200, height: 800, insets: { top: 50, right: 320, bottom: 0, left: 280 } });
  for (const azimuth of [0, 1, 2.5]) {
    view.orbit = orbits.fitted({ ...posterior, azimuth }, points, view.aspect, 1);
    const { left, right, top, bottom } = view.free;
    let slack = Infinity;
    for (const point of points) {
      const at = view.project(point);
      slack = Math.min(slack, at.x - left, right - at.x, at.y - top, bottom - at.y);
    }
    assert.ok(slack > -1e-6 && slack < 40, `nearest point is ${slack} px inside the free part`);
    const middle = view.project(view.orbit.target);
    near(middle.x, (left + right) / 2, 1e-6);
    near(middle.y, (top + bottom) / 2, 1e-6);
  }
});

test("the angle of view spans the height that panels leave free", () => {
  const view = new View();
  Object.assign(view, { width: 800, height: 900, insets: { top: 100, right: 0, bottom: 200, left: 0 } });
  view.orbit = { ...posterior, elevation: 0 };
  const half = posterior.distance * Math.tan((12 * Math.PI) / 180);
  const top = view.project(add(posterior.target, [0, 0, half]));
  near(top.y, 100, 1e-6);
  near(dot(view.ray(400, 100), orbits.direction(view.orbit)), -Math.cos((12 * Math.PI) / 180), 1e-9);
});
