import assert from "node:assert/strict";
import { test } from "node:test";
import { Anatomy } from "../src/atlas/anatomy";
import type { Catalogue } from "../src/generated/catalogue";
import type { MarksDocument, PointMarks } from "../src/generated/marks";
import type { Scene } from "../src/generated/scene";
import { reduce } from "../src/scene/actions";
import { lookOf, type Surroundings } from "../src/scene/look";
import { checkNames, readScene } from "../src/scene/scene";
import { atlas, catalogue, scene } from "./fixtures";

const POINTS = {
  "piriformis.1": { id: "piriformis.1", name: "Piriformis 1", zones: [] },
  "gluteus_maximus.2": { id: "gluteus_maximus.2", name: "Gluteus maximus 2", zones: [] },
} as unknown as Catalogue["trigger_points"];
const safety = {
  balls: [
    { id: "tennis_ball", name: "tennis ball", diameter: 66 },
    { id: "roller", name: "foam roller", diameter: 150 },
  ],
} as Catalogue["safety"];
const anatomy = new Anatomy(atlas, { ...catalogue, trigger_points: POINTS, safety });

const layer = (structure: string, begins: number) => ({ structure, begins, ends: begins + 10 });
const piriformis: PointMarks = {
  on_muscle: [-90, 40, 18],
  on_skin: { triangle: 7, weights: [85, 85] },
  layers: [layer("gluteus_maximus.right", 20), layer("piriformis.right", 40), layer("hip_bone.right", 60)],
  zones: [
    { level: "essential", area_cm2: 70, dots: [1, 2, 3], vertices: [5] },
    { level: "spillover", area_cm2: 90, dots: [4, 5, 6], vertices: [6] },
  ],
  balls: [
    {
      ball: "tennis_ball",
      vertices: [11, 12],
      best: 11,
      direction: [0, -1, 0],
      muscle: 30,
      bone: 40,
      nerve: 30,
      why_not: "nerve",
    },
  ],
} as PointMarks;
const marks: MarksDocument = {
  version: 1,
  sinks: 15,
  points: { "piriformis.1": { right: piriformis } },
  regions: {},
};

const around = (part: Partial<Surroundings> = {}): Surroundings => ({
  hovered: null,
  footprint: null,
  theme: "light",
  reducedMotion: false,
  insets: { top: 0, right: 0, bottom: 0, left: 0 },
  marks,
  ...part,
});
const on = (part: Partial<Scene> = {}) => scene({ trigger: { id: "piriformis.1", side: "right" }, ...part });

test("a trigger point brings its X with its name, its dots, and a window down to its muscle", () => {
  const look = lookOf(on(), anatomy, around());
  assert.deepEqual(look.crosses, [
    { id: "piriformis.1.right", point: piriformis.on_muscle, text: "Piriformis 1" },
  ]);
  assert.deepEqual(
    look.dots?.map(({ level, places }) => [level, places]),
    [
      ["essential", [1, 2, 3]],
      ["spillover", [4, 5, 6]],
    ],
  );
  assert.equal(look.dotsBeneath, false);
  assert.deepEqual(look.window, { point: piriformis.on_muscle, part: "skin", over: [7, 85, 85] });
  assert.equal(look.structures.skin?.visible, true);
  assert.deepEqual(
    Object.keys(look.structures).filter((id) => look.structures[id]?.windowed),
    ["skin", "gluteus_maximus.right"].filter((id) => look.structures[id]),
    "what lies over the muscle, and neither the muscle nor what lies under it",
  );
});

test("nothing is marked on the other side, without marks, or without a trigger point", () => {
  for (const look of [
    lookOf(on({ trigger: { id: "piriformis.1", side: "left" } }), anatomy, around()),
    lookOf(on(), anatomy, around({ marks: null })),
    lookOf(scene(), anatomy, around()),
  ]) {
    assert.deepEqual(look.crosses, []);
    assert.deepEqual(look.dots, []);
    assert.equal(look.ball, null);
    assert.equal(look.stain, null);
    assert.equal(look.window, null);
    assert.ok(Object.values(look.structures).every(({ windowed }) => !windowed));
  }
});

test("dots lie beneath when asked for, and when the skin is hidden", () => {
  assert.equal(lookOf(on({ stipple: "muscle" }), anatomy, around()).dotsBeneath, true);
  assert.equal(lookOf(on({ hidden: ["skin"] }), anatomy, around()).dotsBeneath, true);
});

test("dots on the muscle take off the skin that was shown by hand", () => {
  const shown = on({ shown: ["skin", "piriformis.right"] });
  const next = reduce(shown, { type: "set", fields: { stipple: "muscle" } }, anatomy);
  assert.deepEqual(next.shown, ["piriformis.right"]);
  assert.deepEqual(reduce(shown, { type: "set", fields: { labels: "all" } }, anatomy).shown, shown.shown);
});

test("a ball of its true size stands where it may press, and nowhere else", () => {
  const look = lookOf(on({ ball: "tennis_ball" }), anatomy, around());
  assert.equal(look.ball?.radius, 33);
  assert.equal(look.ball?.sinks, 15);
  assert.equal(look.ball?.vertex, 11);
  assert.deepEqual(look.ball?.shunned, anatomy.membersOf("sciatic_nerve.right"));
  assert.equal(lookOf(on({ ball: "roller" }), anatomy, around()).ball, null, "it has no place of its own");
});

test("where pressing is allowed is painted when wanted; what a person has marked always is", () => {
  assert.equal(lookOf(on(), anatomy, around()).stain, null);
  assert.deepEqual(lookOf(on(), anatomy, around({ ballZone: true })).stain?.safe, [11, 12]);
  const drawn = lookOf(scene(), anatomy, around({ drawn: [3, 4], marks: null })).stain;
  assert.deepEqual(drawn, { part: "skin", safe: [], drawn: [3, 4] });
});

test("a trigger point that is not known is named, with those that are like it", () => {
  const wrong = readScene({ trigger: { id: "piriformis.3" } });
  assert.throws(() => checkNames(wrong, anatomy), /trigger\.id is "piriformis\.3".*"piriformis\.1"/);
  assert.throws(() => readScene({ trigger: { side: "left" } }), /trigger.*with its "id"/);
  assert.deepEqual(readScene({ trigger: { id: "piriformis.1" } }).trigger, {
    id: "piriformis.1",
    side: "right",
  });
});
