import assert from "node:assert/strict";
import { test } from "node:test";
import { matchRanges, search, searchIndex } from "../src/atlas/search";
import { editDistance, fold, nearest } from "../src/atlas/text";
import { checkedState, resultTree, structureTree, visibleRows } from "../src/atlas/tree";
import { anatomy } from "./fixtures";

const index = searchIndex(anatomy);
const found = (query: string) => search(index, query).map((hit) => hit.id);

test("English, Latin, synonym, and identifier find the same", () => {
  for (const query of [
    "piriformis",
    "musculus piriformis",
    "pear-shaped",
    "FMA 19082",
    "fma19082",
    "FMA:19082",
    "19082",
    "uberon:0008529",
    "A04.7.02.011",
    "m. piriformis",
    "PIRIFÓRMIS",
  ])
    assert.equal(found(query)[0], "piriformis", query);
});

test("slips of the finger are forgiven, nonsense is not", () => {
  assert.equal(found("pirifromis")[0], "piriformis");
  assert.equal(found("gluteas max")[0], "gluteus_maximus");
  assert.equal(found("schiatic")[0], "sciatic_nerve");
  assert.deepEqual(found("xylophone"), []);
  assert.deepEqual(found("  "), []);
});

test("the better match stands first", () => {
  assert.deepEqual(found("glut").slice(0, 2).sort(), ["gluteus_maximus", "gluteus_medius"]);
  assert.equal(found("sacr")[0], "sacrum");
  assert.equal(found("hip bone")[0], "hip_bone");
  assert.equal(found("ischiadicus")[0], "sciatic_nerve");
});

test("a side is understood", () => {
  const [hit] = search(index, "left piriformis");
  assert.deepEqual([hit?.id, hit?.side], ["piriformis", "left"]);
  assert.equal(resultTree(search(index, "piriformis l"), anatomy)[0]?.name, "piriformis.left");
});

test("what matched is marked where it stands", () => {
  assert.deepEqual(matchRanges("musculus Gluteus máximus", ["max"]), [[17, 20]]);
  const hit = search(index, "ischiad")[0];
  assert.equal(hit?.text.slice(...(hit.ranges[0] ?? [0, 0])), "ischiad");
});

test("folding and distances", () => {
  assert.equal(fold("  M. Glutéus-Maximus "), "m gluteus maximus");
  assert.equal(editDistance("form", "from"), 1);
  assert.deepEqual(
    nearest("piriformis.rigth", ["piriformis.right", "piriformis.left", "sacrum"])[0],
    "piriformis.right",
  );
});

test("the tree holds groups, wholes, sides and parts, and what has no annotation", () => {
  const tree = structureTree(anatomy);
  assert.deepEqual(
    tree.map((node) => node.label),
    ["Muscles", "Nerves", "Bones", "Skin", "Other"],
  );
  const nerve = tree[1]?.children[0];
  assert.equal(nerve?.name, "sciatic_nerve");
  assert.deepEqual(
    nerve?.children.map((node) => node.name),
    ["tibial_division", "common_fibular_division"],
  );
  // A term without geometry is found by search, but not listed.
  assert.ok(!JSON.stringify(tree).includes("ilium"));
  assert.equal(found("ilium")[0], "ilium");
  const members = tree.flatMap((node) => node.members);
  assert.deepEqual([...members].sort(), anatomy.entries.map((entry) => entry.id).sort());
});

test("check boxes know all, some, none", () => {
  assert.equal(checkedState(["a", "b"], new Set(["a", "b"])), "all");
  assert.equal(checkedState(["a", "b"], new Set(["a"])), "some");
  assert.equal(checkedState(["a", "b"], new Set()), "none");
  assert.equal(checkedState([], new Set()), "none");
});

test("rows below a closed node are not on screen", () => {
  const tree = structureTree(anatomy);
  assert.equal(visibleRows(tree, new Set()).length, 5);
  const rows = visibleRows(tree, new Set(["nerves"]));
  assert.deepEqual(rows[2] && [rows[2].node.name, rows[2].level, rows[2].parent], [
    "sciatic_nerve",
    2,
    "nerves",
  ]);
});
