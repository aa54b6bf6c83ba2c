import assert from "node:assert/strict";
import { test } from "node:test";
import { Glide } from "../src/interface/glide";
import { STARTS } from "../src/interface/starts";
import { visibleIn } from "../src/scene/actions";
import { checkNames, readScene } from "../src/scene/scene";
import { Store } from "../src/scene/store";
import { anatomy, scene } from "./fixtures";

const away = scene({
  theme: "dark",
  names: "latin",
  peel: 3,
  hidden: ["piriformis"],
  labels: "all",
  selected: "sacrum",
  camera: { view: null, position: [1, 2, 3], target: [0, 0, 0], up: [0, 0, 1], field_of_view: 24 },
});

for (const start of STARTS) {
  test(`"${start.title}" is a scene of its own, reached and undone in one step`, () => {
    const next = start.scene(away, anatomy);
    assert.ok(next, "the small body has what it is about");
    checkNames(readScene(next), anatomy);
    assert.equal(next.theme, "dark");
    assert.equal(next.names, "latin");
    assert.deepEqual(next.hidden, []);
    const store = new Store(away, anatomy);
    store.dispatch({ type: "replace", scene: next }, { whole: true });
    assert.deepEqual(store.scene, next);
    store.undo();
    assert.deepEqual(store.scene, away);
    store.redo();
    assert.deepEqual(store.scene, next);
  });
}

const made = (id: string) => {
  const next = STARTS.find((start) => start.id === id)?.scene(away, anatomy);
  assert.ok(next);
  return next;
};

test("the nerve's start selects it with all of its divisions in sight", () => {
  const next = made("nerve");
  assert.equal(next.selected, "sciatic_nerve.right");
  const seen = visibleIn(next, anatomy);
  assert.ok(anatomy.membersOf("sciatic_nerve.right").every((id) => seen.has(id)));
});

test("the start deep to gluteus maximus takes it off and leaves piriformis", () => {
  const seen = visibleIn(made("deep"), anatomy);
  assert.ok(!seen.has("gluteus_maximus.right"));
  assert.ok(seen.has("piriformis.right"));
});

test("the attachments' start leaves bare bones, all areas painted", () => {
  const next = made("attachments");
  const kinds = [...visibleIn(next, anatomy)].map((id) => anatomy.entry(id)?.kind);
  assert.deepEqual([...new Set(kinds)], ["bone"]);
  assert.equal(next.footprints, "all");
});

test("starting over can be undone, with the place one stood at", () => {
  const store = new Store(away, anatomy);
  store.dispatch({ type: "reset" });
  store.undo();
  assert.deepEqual(store.scene, away);
});

test("room glides from where it is to where it is wanted, and stays there", () => {
  const narrow = { top: 0, right: 300, bottom: 0, left: 0 };
  const full = { ...narrow, right: 0 };
  const glide = new Glide(narrow);
  glide.aim(full, 1000, 400);
  assert.deepEqual(glide.at(1000), narrow);
  const half = glide.at(1200).right;
  assert.ok(Math.abs(half - 150) < 1e-9);
  // Called back on its way it turns round without a jump.
  glide.aim(narrow, 1200, 400);
  assert.equal(glide.at(1200).right, half);
  assert.deepEqual(glide.at(1600), narrow);
  assert.equal(glide.moving(1600), false);
  glide.aim(full, 2000, 0);
  assert.deepEqual(glide.at(2000), full);
});
