import assert from "node:assert/strict";
import { test } from "node:test";
import type { Scene } from "../src/generated/scene";
import { type Action, reduce, visibleIn } from "../src/scene/actions";
import { announcement } from "../src/scene/announce";
import { Store } from "../src/scene/store";
import { anatomy, scene } from "./fixtures";

const act = (from: Scene, ...actions: Action[]) =>
  actions.reduce((now, action) => reduce(now, action, anatomy), from);
const seen = (now: Scene) => [...visibleIn(now, anatomy)].sort();
const everything = seen(scene());

test("hiding and showing one side leaves the other alone", () => {
  const hidden = act(scene(), { type: "hide", names: ["piriformis.right"] });
  assert.deepEqual(hidden.hidden, ["piriformis.right"]);
  assert.deepEqual(
    seen(hidden),
    everything.filter((id) => id !== "piriformis.right"),
  );
  assert.deepEqual(act(hidden, { type: "show", names: ["piriformis.right"] }), scene());
});

test("showing a part of what was hidden as a whole leaves the other parts hidden", () => {
  const now = act(scene({ hidden: ["sciatic_nerve"] }), { type: "show", names: ["tibial_division.right"] });
  assert.deepEqual(now.hidden, ["common_fibular_division.right"]);
});

test("showing what is peeled off brings it back, and putting its layer back forgets that", () => {
  const peeled = act(scene(), { type: "peel", value: 3 });
  const back = act(peeled, { type: "show", names: ["gluteus_maximus.left"] });
  assert.deepEqual(back.shown, ["gluteus_maximus.left"]);
  assert.ok(seen(back).includes("gluteus_maximus.left"));
  assert.ok(!seen(back).includes("gluteus_maximus.right"));
  assert.deepEqual(act(back, { type: "peel", value: 0 }), scene());
});

test("hiding what was brought back needs no entry in hidden", () => {
  const now = act(scene({ peel: 3, shown: ["gluteus_maximus"] }), {
    type: "hide",
    names: ["gluteus_maximus.left"],
  });
  assert.deepEqual(now.shown, ["gluteus_maximus.right"]);
  assert.deepEqual(now.hidden, []);
});

test("skin that was brought by hand goes with the first layer, and stays while nothing is peeled", () => {
  const dressed = act(scene(), { type: "show", names: ["skin"] }, { type: "peel", value: 0 });
  assert.deepEqual(dressed.shown, ["skin"]);
  assert.deepEqual(act(dressed, { type: "peel", value: 1 }).shown, []);
  assert.ok(
    anatomy.layers.every(({ id }) => id !== "skin"),
    "skin, which comes later, shifts no step",
  );
});

test("hiding the last isolated structure does not bring the others back", () => {
  const now = act(scene(), { type: "isolate", names: ["sacrum"] }, { type: "hide", names: ["sacrum"] });
  assert.deepEqual(seen(now), []);
});

test("while something is isolated, showing adds to it and hiding takes away from it", () => {
  const more = act(scene({ isolated: ["sciatic_nerve"] }), { type: "show", names: ["sacrum"] });
  assert.deepEqual(seen(more), ["common_fibular_division.right", "sacrum", "tibial_division.right"]);
  const less = act(more, { type: "hide", names: ["tibial_division"] });
  assert.deepEqual(seen(less), ["common_fibular_division.right", "sacrum"]);
});

test("isolating what was hidden shows it", () => {
  const now = act(scene({ hidden: ["piriformis"] }), { type: "isolate", names: ["piriformis.right"] });
  assert.deepEqual(seen(now), ["piriformis.right"]);
  assert.deepEqual(now.hidden, ["piriformis.left"]);
});

test("peel stays between nothing and the innermost layer", () => {
  assert.equal(act(scene(), { type: "peel", value: 99 }).peel, anatomy.layers.length - 1);
  assert.equal(act(scene(), { type: "peel", value: -1 }).peel, 0);
});

test("opacity is written where it differs, by sided id", () => {
  const half = act(scene(), { type: "opacity", names: ["piriformis"], value: 0.5 });
  assert.deepEqual(half.opacity, { "piriformis.right": 0.5, "piriformis.left": 0.5 });
  assert.deepEqual(act(half, { type: "opacity", names: ["piriformis"], value: 1 }), scene());
  const own = act(scene({ opacity: { piriformis: 0.5 } }), {
    type: "opacity",
    names: ["piriformis.right"],
    value: 1,
  });
  assert.equal(own.opacity["piriformis.right"], 1);
});

test("undo takes steps back and redo forth, but leaves camera, selection and theme", () => {
  const store = new Store(scene(), anatomy);
  store.dispatch({ type: "hide", names: ["sacrum"] });
  store.dispatch({ type: "select", name: "piriformis.right" });
  store.dispatch({ type: "set", fields: { theme: "dark" } });
  store.dispatch({ type: "peel", value: 2 });
  store.undo();
  assert.equal(store.scene.peel, 0);
  store.undo();
  assert.deepEqual(store.scene, scene({ selected: "piriformis.right", theme: "dark" }));
  assert.equal(store.canUndo, false);
  store.redo();
  store.redo();
  assert.deepEqual([store.scene.hidden, store.scene.peel, store.canRedo], [["sacrum"], 2, false]);
});

test("a new step forgets what was undone", () => {
  const store = new Store(scene(), anatomy);
  store.dispatch({ type: "peel", value: 2 });
  store.undo();
  store.dispatch({ type: "hide", names: ["sacrum"] });
  assert.equal(store.canRedo, false);
});

test("a dragged slider is one step, two drags are two", () => {
  let now = 0;
  const store = new Store(scene(), anatomy, () => now);
  for (const value of [0.9, 0.5, 0.2]) {
    store.dispatch({ type: "opacity", names: ["sacrum"], value }, { gesture: "opacity sacrum" });
    now += 100;
  }
  now += 5000;
  store.dispatch({ type: "opacity", names: ["sacrum"], value: 0.7 }, { gesture: "opacity sacrum" });
  store.undo();
  assert.equal(store.scene.opacity.sacrum, 0.2);
  store.undo();
  assert.deepEqual(store.scene.opacity, {});
});

test("what changes nothing is no step and tells nobody", () => {
  const store = new Store(scene(), anatomy);
  let told = 0;
  store.subscribe(() => told++);
  store.dispatch({ type: "show", names: ["sacrum"] });
  store.dispatch({ type: "hide", names: ["ilium"] });
  assert.deepEqual([told, store.canUndo], [0, false]);
});

test("changes are told in words", () => {
  const tell = (...actions: Action[]) => announcement(scene(), act(scene(), ...actions), anatomy);
  assert.equal(tell({ type: "hide", names: ["piriformis.right"] }), "Hidden: Right piriformis.");
  assert.equal(tell({ type: "select", name: "sciatic_nerve" }), "Selected: Sciatic nerve.");
  assert.match(tell({ type: "isolate", names: ["sacrum"] }), /^Isolated: Sacrum\.$/);
  assert.match(tell({ type: "peel", value: 3 }), /^Peeled down to nerves\. Hidden: 5 structures\.$/);
  assert.equal(tell({ type: "set", fields: {} }), "");
});
