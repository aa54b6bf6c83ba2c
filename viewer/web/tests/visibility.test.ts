import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Annotated, type Entry, opacityOf, visibleIds } from "../src/scene/visibility";
import { scene } from "./fixtures";

interface Cases {
  layers: string[];
  annotated: Annotated;
  entries: Entry[];
  cases: { what: string; scene: object; visible: string[]; opacity?: Record<string, number> }[];
}

// The same file is read by the Python tests: page and Python cannot drift apart unseen.
const {
  layers,
  annotated,
  entries: bodies,
  cases,
} = JSON.parse(readFileSync("../../tests/data/visibility_cases.json", "utf8")) as Cases;

for (const { what, scene: part, visible, opacity } of cases) {
  test(what, () => {
    const full = scene(part);
    assert.deepEqual([...visibleIds(full, bodies, layers, annotated)].sort(), [...visible].sort());
    for (const [id, value] of Object.entries(opacity ?? {})) {
      const entry = bodies.find((one) => one.id === id);
      assert.ok(entry);
      assert.ok(
        Math.abs(opacityOf(full, entry, annotated) - value) < 1e-9,
        `${id}: ${opacityOf(full, entry, annotated)}`,
      );
    }
  });
}
