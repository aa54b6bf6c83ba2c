import assert from "node:assert/strict";
import { test } from "node:test";
import { themeFor } from "../src/host/preferences";
import { insetsFor, layoutFor } from "../src/interface/layout";
import { cameraOf, cameraPose, viewFields, viewTarget } from "../src/interface/views";
import { lookOf, type Surroundings } from "../src/scene/look";
import { anatomy, scene } from "./fixtures";

const around = (part: Partial<Surroundings> = {}): Surroundings => ({
  hovered: null,
  footprint: null,
  theme: "light",
  reducedMotion: false,
  insets: { top: 0, right: 0, bottom: 0, left: 0 },
  ...part,
});

test("what is selected, hovered and faded is told to the stage by sided id", () => {
  const look = lookOf(
    scene({ selected: "sciatic_nerve.right", fade_others: true }),
    anatomy,
    around({ hovered: "piriformis" }),
  );
  assert.deepEqual(look.structures["tibial_division.right"], {
    visible: true,
    opacity: 1,
    dimmed: false,
    hovered: false,
    selected: true,
  });
  assert.equal(look.structures["piriformis.left"]?.hovered, true);
  assert.equal(look.structures.sacrum?.dimmed, true);
  assert.equal(look.structures.skin?.visible, false);
});

test("a term without geometry marks what it is part of", () => {
  const look = lookOf(scene({ selected: "ilium.right" }), anatomy, around());
  assert.equal(look.structures["hip_bone.right"]?.selected, true);
});

test("what is wholly see-through is not drawn", () => {
  assert.equal(
    lookOf(scene({ opacity: { sacrum: 0 } }), anatomy, around()).structures.sacrum?.visible,
    false,
  );
});

test("footprints: the selection's, those on a selected bone, all, none, and never in the air", () => {
  const prints = (part: object) => lookOf(scene(part), anatomy, around()).footprints.map(({ name }) => name);
  assert.deepEqual(prints({ selected: "piriformis.right" }), ["piriformis.right#proximal@sacrum"]);
  assert.equal(prints({ selected: "sacrum" }).length, 3);
  assert.equal(prints({ footprints: "all" }).length, 3);
  assert.deepEqual(prints({ footprints: "none", selected: "sacrum" }), []);
  assert.deepEqual(prints({ footprints: "all", hidden: ["sacrum"] }), []);
  // The muscle may be hidden: its area is what one wants to see then.
  assert.equal(prints({ selected: "piriformis.right", hidden: ["piriformis"] }).length, 1);
});

test("while one footprint is looked at, its carrier alone is solid", () => {
  const name = "piriformis.right#proximal@sacrum";
  const look = lookOf(scene({ selected: "piriformis.right" }), anatomy, around({ footprint: name }));
  assert.deepEqual([look.structures.sacrum?.opacity, look.structures.sacrum?.dimmed], [1, false]);
  assert.equal(look.structures["piriformis.right"]?.opacity, 0.25);
  assert.equal(look.structures["gluteus_maximus.right"]?.dimmed, true);
  assert.deepEqual(look.footprints, [{ name, emphasised: true }]);
});

test("labels name what is visible, in the language that is wanted", () => {
  const labels = (part: object) => lookOf(scene(part), anatomy, around()).labels;
  assert.deepEqual(labels({}), []);
  assert.deepEqual(labels({ labels: "selected", selected: "piriformis.right", names: "both" }), [
    { id: "piriformis.right", text: "Right piriformis", secondary: "musculus piriformis", emphasised: true },
  ]);
  assert.equal(
    labels({ labels: "all", names: "latin" }).find(({ id }) => id === "sacrum")?.text,
    "Os sacrum",
  );
  assert.ok(!labels({ labels: "all", peel: 2 }).some(({ id }) => id.startsWith("gluteus_maximus")));
});

test("a view stands where its landmarks are, and brings its cut along", () => {
  assert.deepEqual(viewTarget("medial", anatomy), [-120, -40, 80]);
  assert.deepEqual(viewTarget("posterior", anatomy), [0, 20, 15]);
  const medial = { ...scene(), ...viewFields("medial", scene(), anatomy) };
  assert.deepEqual(medial.cut, { normal: [1, 0, 0], offset: 0 });
  assert.equal(viewFields("posterior", medial, anatomy).cut, null);
  const own = scene({ cut: { normal: [0, 1, 0], offset: 5 } });
  assert.deepEqual(viewFields("posterior", own, anatomy).cut, own.cut);
});

test("a pose reached by hand goes into the scene and comes back", () => {
  const pose = cameraPose(scene().camera, anatomy, 1);
  assert.deepEqual(pose.position, [0, 1020, 15]);
  assert.deepEqual(cameraPose(cameraOf(pose), anatomy, 3), pose);
});

test("the page has three layouts, and what is put away gives its room to the picture", () => {
  assert.deepEqual(
    [1440, 1024, 390].map((width) => layoutFor(width, 800).name),
    ["wide", "medium", "narrow"],
  );
  const wide = layoutFor(1440, 900);
  const both = insetsFor(wide, { tree: true, card: true, sheet: 0, hint: 0 });
  assert.ok(both.left >= 312 && both.right >= 352);
  assert.deepEqual(insetsFor(wide, { tree: true, card: false, sheet: 0, hint: 0 }), { ...both, right: 12 });
  const phone = layoutFor(390, 844);
  assert.ok(insetsFor(phone, { tree: false, card: false, sheet: 300, hint: 0 }).bottom > 300);
});

test("the system decides the colours only where the scene leaves them open", () => {
  assert.equal(themeFor("auto", { dark: true, contrast: false }), "dark");
  assert.equal(themeFor("auto", { dark: true, contrast: true }), "contrast");
  assert.equal(themeFor("light", { dark: true, contrast: true }), "light");
});
