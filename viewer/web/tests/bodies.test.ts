import assert from "node:assert/strict";
import { test } from "node:test";
import type { Anatomy } from "../src/atlas/anatomy";
import type { Comparison, Measured } from "../src/generated/comparison";
import { peelFor, sceneFor } from "../src/interface/bodies/look";
import { groupsOf, lackedBy } from "../src/interface/bodies/rows";
import { brief, licenceName, makingsOf, structureWords } from "../src/interface/bodies/words";
import { lookOf } from "../src/scene/look";
import { anatomy, scene } from "./fixtures";

/** The same body without some structures. */
function without(...gone: string[]): Anatomy {
  const structures = Object.fromEntries(
    Object.entries(anatomy.atlas.structures).filter(([, { structure }]) => !gone.includes(structure)),
  );
  return anatomy.grown({ ...anatomy.atlas, id: "other", structures }, null);
}

const at = (value: number): Measured => ({ right: value, left: value + 1, midline: null });

test("a body without a layer has as many fewer taken off as it lacks", () => {
  const poor = without("gluteus_maximus");
  assert.equal(peelFor(0, anatomy, poor), 0);
  const depth = anatomy.layers.findIndex(({ id }) => id === "deep");
  assert.equal(peelFor(depth, anatomy, poor), depth - 1);
  assert.equal(peelFor(99, anatomy, anatomy), anatomy.layers.length - 1, "never beyond the last");
});

test("the second body shows by id what the first one shows", () => {
  const poor = without("gluteus_maximus");
  const depth = anatomy.layers.findIndex(({ id }) => id === "deep");
  const shown = scene({ peel: depth, hidden: ["hip_bone.left"], opacity: { sacrum: 0.4 } });
  const around = {
    hovered: null,
    footprint: null,
    theme: "light",
    reducedMotion: true,
    insets: { top: 0, right: 0, bottom: 0, left: 0 },
  } as const;
  const here = lookOf(shown, anatomy, around).structures;
  const there = lookOf(sceneFor(shown, anatomy, poor), poor, around).structures;
  for (const [id, look] of Object.entries(there)) assert.deepEqual(look, here[id], id);
  assert.equal(there["gluteus_medius.right"]?.visible, false);
  assert.equal(there["piriformis.right"]?.visible, true);
});

test("what lies in the first body alone is not drawn in the second", () => {
  const own = scene({
    rulers: [{ from: [0, 0, 0], to: [1, 0, 0] }],
    variant: { right: "no_such", left: "A" },
  });
  const meant = sceneFor(own, anatomy, without());
  assert.deepEqual(meant.rulers, []);
  assert.deepEqual(
    meant.variant,
    { right: "A", left: "A" },
    "a variant that it has no shapes of is the usual one",
  );
});

test("bones stand in the table with their places; what neither body has is left out", () => {
  const bones = { inter_asis: { right: null, left: null, midline: 230 }, femoral_length: at(440) };
  const comparison: Comparison = {
    version: 1,
    first: { atlas: "a", title: "A", found: false, bones },
    second: { atlas: "b", title: "B", found: true, bones: { femoral_length: at(450) } },
  };
  const [group] = groupsOf(anatomy, without(), comparison, () => "A");
  assert.deepEqual(
    group?.rows.map(({ id, numbers }) => [id, numbers]),
    [
      ["inter_asis", [{ place: "midline", first: 230, second: null }]],
      [
        "femoral_length",
        [
          { place: "right", first: 440, second: 450 },
          { place: "left", first: 441, second: 451 },
        ],
      ],
    ],
  );
});

test("what one body lacks is told once for both sides", () => {
  const poor = without("piriformis", "sacrum");
  assert.deepEqual(lackedBy(poor, anatomy).sort(), ["piriformis", "sacrum"]);
  assert.deepEqual(lackedBy(anatomy, poor), []);
});

test("titles and licences are short, and each structure's making is said", () => {
  assert.equal(brief("BodyParts3D 4.0: pelvis, hips and thighs"), "BodyParts3D 4.0");
  assert.equal(brief("My pelvis"), "My pelvis");
  assert.equal(
    licenceName("CC BY-SA 2.1 Japan by the notice inside; CC BY 4.0 by others."),
    "CC BY-SA 2.1 Japan",
  );
  assert.equal(licenceName("MPL-2.0"), "MPL-2.0");
  const count = Object.keys(anatomy.atlas.structures).length;
  const counted = [...makingsOf(anatomy, anatomy.t).matchAll(/\d+/g)].reduce(
    (sum, [n]) => sum + Number(n),
    0,
  );
  assert.equal(counted, count);
  assert.match(
    structureWords("piriformis.right", without("piriformis")),
    /^Right piriformis: not in this body$/,
  );
});
