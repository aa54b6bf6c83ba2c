import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SCENE, type Scene } from "../src/generated/scene";
import { decodeScene, difference, encodeScene, fragmentScene, linkTo, withScene } from "../src/scene/link";
import { checkNames, readScene, SceneError } from "../src/scene/scene";
import { anatomy, scene } from "./fixtures";

const message = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof SceneError);
    return error.message;
  }
  return assert.fail("nothing was wrong");
};

const busy: Scene = scene({
  hidden: ["gluteus_maximus.left", "skin"],
  shown: ["piriformis.right"],
  isolated: ["sacrum", "sciatic_nerve"],
  opacity: { sacrum: 0.35, "piriformis.left": 0 },
  fade_others: true,
  peel: 3,
  selected: "piriformis.right",
  footprints: "all",
  labels: "selected",
  landmarks: true,
  camera: {
    view: null,
    position: [-12.3, 900.1, 40],
    target: [0, 1.5, -3],
    up: [0, 0.1, 0.995],
    field_of_view: 30,
  },
  cut: { normal: [0, -1, 0], offset: -12.5 },
  beside: { atlas: "bodyparts3d", how: "overlaid", opacity: 0.3 },
  trigger: { id: "gluteus_maximus.2", side: "left" },
  stipple: "muscle",
  ball: "tennis_ball",
  consult: true,
  theme: "contrast",
  names: "both",
});

test("a link reopens exactly what was seen", () => {
  assert.deepEqual(decodeScene(encodeScene(busy)), busy);
});

test("every single field survives the link by itself", () => {
  for (const key of Object.keys(DEFAULT_SCENE) as (keyof Scene)[]) {
    const one = { ...scene(), [key]: busy[key] };
    assert.deepEqual(decodeScene(encodeScene(one) || encodeScene(busy)), encodeScene(one) ? one : busy, key);
  }
});

test("only what differs is in the link, and the default scene needs none", () => {
  assert.equal(encodeScene(scene()), "");
  assert.deepEqual(difference(scene({ peel: 2 })), { peel: 2 });
  assert.deepEqual(difference(scene({ camera: { ...DEFAULT_SCENE.camera, view: "medial" } })), {
    camera: { view: "medial" },
  });
  assert.match(encodeScene(busy), /^[A-Za-z0-9_-]+$/);
});

test("the fragment keeps what others put there", () => {
  assert.equal(withScene("#tab=2&scene=old", "new"), "#tab=2&scene=new");
  assert.equal(withScene("#tab=2&scene=old", ""), "#tab=2");
  assert.equal(withScene("#scene=old", ""), "");
  assert.equal(fragmentScene("#tab=2&scene=abc"), "abc");
  assert.equal(fragmentScene("#"), null);
  const link = linkTo(busy, "http://127.0.0.1:1/?key=k#scene=old");
  assert.deepEqual(decodeScene(fragmentScene(new URL(link).hash) ?? ""), busy);
});

test("a damaged link says so", () => {
  assert.match(
    message(() => decodeScene("%%%")),
    /damaged/,
  );
  assert.match(
    message(() => decodeScene(encodeScene(busy).slice(0, -9))),
    /JSON|damaged/,
  );
});

test("what is left out takes its default", () => {
  assert.deepEqual(readScene({}), scene());
  assert.deepEqual(
    readScene('{"peel": 2, "variant": {"left": "B"}}'),
    scene({ peel: 2, variant: { right: "A", left: "B" } }),
  );
  assert.deepEqual(readScene({ camera: { position: [0, 1, 2], target: [0, 0, 0] } }).camera.view, null);
});

test("a newer scene is refused with the reason", () => {
  assert.match(
    message(() => readScene({ version: 2 })),
    /version 2.*newer Ischia.*Update/,
  );
});

test("what is wrong is named, with what is right", () => {
  assert.match(
    message(() => readScene({ peeel: 1 })),
    /no field "peeel".*Did you mean "peel"/,
  );
  assert.match(
    message(() => readScene({ camera: { wiew: "x" } })),
    /camera has no field "wiew".*"view"/,
  );
  assert.match(
    message(() => readScene({ opacity: { sacrum: 2 } })),
    /opacity\["sacrum"\] is 2.*0 to 1/,
  );
  assert.match(
    message(() => readScene({ labels: "some" })),
    /labels is "some".*"none", "selected" or "all"/,
  );
  assert.match(
    message(() => readScene({ peel: 1.5 })),
    /whole number/,
  );
  assert.match(
    message(() => readScene([])),
    /expected an object/,
  );
  assert.match(
    message(() => readScene("{")),
    /not valid JSON/,
  );
  assert.match(
    message(() => readScene({ hidden: [1] })),
    /hidden\[0\] is 1/,
  );
});

test("names are checked against this body and the catalogue", () => {
  const check = (part: Partial<Scene>) => message(() => checkNames(scene(part), anatomy));
  assert.match(
    check({ selected: "pirifromis.right" }),
    /selected names "pirifromis.right".*"piriformis.right"/,
  );
  assert.match(check({ hidden: ["gluteus_maxmus"] }), /hidden names.*"gluteus_maximus"/);
  assert.match(check({ opacity: { "sacrum.left": 1 } }), /opacity names "sacrum.left"/);
  assert.match(
    check({ camera: { ...DEFAULT_SCENE.camera, view: "front" } }),
    /known views are posterior or medial/,
  );
  assert.match(check({ variant: { right: "A", left: "Q" } }), /variant.left is "Q".*"A"/);
  assert.match(check({ language: "xx" }), /language is "xx".*"en"/);
  assert.match(check({ atlas: "other" }), /made for the body "other"/);
  // Known, though this body has no mesh of it.
  checkNames(scene({ hidden: ["gluteus_medius.left", "ilium", "stranger"] }), anatomy);
});
