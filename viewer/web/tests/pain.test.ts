// From pain to muscle: the same cases as `meshes/pain.py` is tested on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Referral, type Referring, referrals } from "../src/atlas/pain";

interface Cases {
  readonly areas: readonly number[];
  readonly points: Referring;
  readonly cases: readonly {
    readonly what: string;
    readonly marked: readonly number[];
    readonly referrals: readonly Referral[];
  }[];
}

const CASES = join("..", "..", "tests", "data", "pain_cases.json");
const { areas, points, cases } = JSON.parse(readFileSync(CASES, "utf8")) as Cases;

for (const { what, marked, referrals: expected } of cases) {
  test(what, () => {
    const found = referrals(marked, (vertex) => areas[vertex] ?? 0, points);
    assert.deepEqual(
      found.map(({ id, sides }) => ({ id, sides })),
      expected.map(({ id, sides }) => ({ id, sides })),
    );
    found.forEach((one, i) => {
      assert.ok(Math.abs(one.score - (expected[i]?.score ?? 2)) < 1e-5, `score of ${one.id}: ${one.score}`);
      assert.ok(Math.abs(one.share - (expected[i]?.share ?? 2)) < 1e-5, `share of ${one.id}: ${one.share}`);
    });
  });
}

test("there are cases", () => assert.ok(cases.length > 4));
