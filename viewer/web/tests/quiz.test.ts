// The quiz: what comes back and when, which answers are taken, what typed names are forgiven, and what is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Anatomy } from "../src/atlas/anatomy";
import { ALL, ask, drawn, fitting } from "../src/interface/quiz/choosing";
import { answered, type Deck, hard, known, newDeck } from "../src/interface/quiz/deck";
import { factsOf } from "../src/interface/quiz/facts";
import { typedName } from "../src/interface/quiz/matching";
import { type Fact, KINDS, LEVELS } from "../src/interface/quiz/model";
import { seeded, shuffled } from "../src/interface/quiz/random";
import { NOTHING, readScore } from "../src/interface/quiz/score";
import { shownScene } from "../src/interface/quiz/shown";
import { unitAt, unitsOf } from "../src/interface/quiz/units";
import { asking, description, verdict } from "../src/interface/quiz/words";
import { anatomy, atlas, catalogue } from "./fixtures";

const play = (deck: Deck, answers: (id: string) => boolean, turns: number) => {
  const asked: string[] = [];
  let now = deck;
  for (let i = 0; i < turns && now.queue.length; i++) {
    const id = now.queue[0] as string;
    asked.push(id);
    now = answered(now, answers(id));
  }
  return { asked, deck: now };
};

test("what is known at once is not asked again", () => {
  const { asked, deck } = play(newDeck(["a", "b", "c"]), () => true, 9);
  assert.deepEqual(asked, ["a", "b", "c"]);
  assert.deepEqual([known(deck), hard(deck)], [3, []]);
});

test("what was missed comes back after two others, then after five, and then stays away", () => {
  let misses = 1;
  const ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  const { asked, deck } = play(newDeck(ids), (id) => id !== "a" || misses-- <= 0, 20);
  assert.equal(asked.join(""), "abcadefghai");
  assert.deepEqual([deck.queue, hard(deck)], [[], ["a"]]);
});

test("a miss while it is being learnt leads back to the beginning", () => {
  const rights = [false, true, false, true, true];
  const { asked } = play(
    newDeck(["a", "b", "c", "d", "e", "f", "g"]),
    (id) => id !== "a" || !!rights.shift(),
    30,
  );
  assert.equal(asked.join(""), "abcadefgaaa");
  assert.equal(rights.length, 0);
});

test("the last one left is asked until it is known; the hardest stand first", () => {
  let a = 0;
  let b = 0;
  const answer = (id: string) => (id === "a" ? ++a > 3 : ++b > 1);
  const { deck } = play(newDeck(["b", "a"]), answer, 40);
  assert.deepEqual([deck.queue, hard(deck), deck.misses], [[], ["a", "b"], { a: 3, b: 1 }]);
});

test("the same seed gives the same round, another one another", () => {
  const order = (seed: number) => shuffled([...Array(30).keys()], seeded(seed)).join();
  assert.equal(order(7), order(7));
  assert.notEqual(order(7), order(8));
  assert.deepEqual(shuffled([1, 2, 3, 4], seeded(3)).sort(), [1, 2, 3, 4]);
});

const card = (id: string, part: object) => ({ ...catalogue.structures.piriformis, id, ...part });
const note = { text: "So it is.", sources: ["book"], evidence: "established_anatomy", mark: "verified" };
const supply = (nerve: string, structure: string | null, roots: string[], text = nerve) => ({
  nerve,
  structure,
  roots,
  sometimes: [],
  statement: { ...note, text },
});
const held = (end: string, on: string, text: string) => ({
  end,
  on: [on],
  landmarks: [],
  statement: { ...note, text },
});
const names = (english: string, latin: string) => ({ english, latin, synonyms: [] });

/** A body with muscles whose nerves and bones are told. */
function taught(): Anatomy {
  const structures = {
    ...catalogue.structures,
    gluteus_maximus: card("gluteus_maximus", {
      names: names("gluteus maximus", "musculus gluteus maximus"),
      innervation: [supply("inferior gluteal nerve", null, ["L5", "S1"])],
      attachments: [held("proximal", "hip_bone", "Ilium."), held("distal", "femur", "Femur.")],
    }),
    gluteus_medius: card("gluteus_medius", {
      names: names("gluteus medius", "musculus gluteus medius"),
      innervation: [
        supply("superior gluteal nerve", null, ["L4"], "Superior gluteal nerve, and the femoral nerve."),
      ],
      attachments: [held("proximal", "hip_bone", "Ilium.")],
    }),
    piriformis: card("piriformis", {
      innervation: [supply("nerve to piriformis", null, ["S1"])],
      attachments: [held("proximal", "sacrum", "Sacrum.")],
    }),
    pectineus: card("pectineus", { innervation: [supply("femoral nerve", null, ["L2"])] }),
    adductor: card("adductor", { innervation: [supply("obturator nerve", null, ["L3"])] }),
    psoas: card("psoas", { innervation: [supply("ventral rami of L4", null, ["L4"])] }),
    sciatic_nerve: { ...catalogue.structures.sciatic_nerve, notes: [note] },
    hip_bone: { ...catalogue.structures.hip_bone, notes: [note] },
    sacrum: { ...catalogue.structures.sacrum, notes: [note] },
  };
  return new Anatomy(atlas, { ...catalogue, structures } as never);
}

const body = taught();
const facts = factsOf(body, "english");
const byId = (id: string) => facts.find((fact) => fact.id === id) as Fact;

test("wholes are asked for, not their parts; nothing is asked that the body cannot show, or that nobody vouches for", () => {
  const asked = unitsOf(body).map(({ id }) => id);
  assert.ok(asked.includes("sciatic_nerve") && asked.includes("piriformis"));
  for (const id of ["tibial_division.right", "sciatic_nerve.right", "sciatic_nerve"])
    assert.equal(unitAt(id, unitsOf(body))?.id, "sciatic_nerve", id);
  for (const id of ["tibial_division", "ilium", "skin", "pectineus"]) assert.ok(!asked.includes(id), id);
  assert.ok(
    facts.every(({ reasons }) => reasons.length > 0 && reasons.every(({ claim }) => claim.sources.length)),
  );
});

test("a wrong nerve is one that no text that was read calls right", () => {
  const wrong = byId("nerve:gluteus_medius").wrong.map(({ key }) => key);
  // The femoral nerve is spoken of; the ventral ramus is where the nerve comes from.
  assert.ok(!wrong.includes("femoral nerve") && !wrong.includes("ventral rami of L4"));
  assert.ok(wrong.includes("inferior gluteal nerve") && wrong.includes("obturator nerve"));
  assert.equal(byId("nerve:piriformis"), undefined, "its own name tells it");
});

test("right is among the choices once, and nothing twice; an expert types a name", () => {
  for (const fact of facts)
    for (const level of LEVELS) {
      const { choices, typed, side } = ask(fact, level, seeded(5));
      const keys = choices.map(({ key }) => key);
      assert.equal(typed, level === "expert" && fact.form === "name");
      assert.ok(side === null ? fact.sides.length === 0 : fact.sides.includes(side));
      if (!keys.length) continue;
      assert.equal(keys.filter((key) => key === fact.right.key).length, 1);
      assert.equal(new Set(keys).size, keys.length);
    }
});

test("a round takes every kind in its turn, and structures that were not met before where it can", () => {
  const wish = { region: ALL, level: "student", kinds: KINDS } as const;
  const possible = fitting(facts, wish);
  const kinds = new Set(possible.map(({ kind }) => kind));
  assert.ok(kinds.size >= 3);
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const first = drawn(possible, kinds.size, seeded(seed));
    assert.deepEqual(new Set(first.map(({ kind }) => kind)), kinds);
    assert.equal(new Set(first.map(({ about }) => about)).size, kinds.size);
  }
  assert.equal(drawn(facts, 500, seeded(2)).length, facts.length);
  assert.ok(
    fitting(facts, { ...wish, level: "beginner", kinds: ["variant", "point"] }).every(
      (one) => one.from === "beginner",
    ),
  );
  assert.ok(fitting(facts, { ...wish, region: "bones" }).every(({ regions }) => regions.includes("bones")));
});

test("typed names: slips, Latin and word order are forgiven, another structure is not", () => {
  const units = unitsOf(body);
  const type = (text: string, id: string) => typedName(text, id, units, body);
  for (const text of [
    "piriformis",
    "Pirifomis",
    "m. piriformis",
    "MUSCULUS PIRIFORMIS",
    "pear shaped muscle",
    "right piriformis",
  ])
    assert.equal(type(text, "piriformis"), "right", text);
  for (const text of ["maximus gluteus", "glutaeus maximus", "muscculus gluteus maximus", "gluteus maximuss"])
    assert.equal(type(text, "gluteus_maximus"), "right", text);
  assert.equal(type("gluteus medius", "gluteus_maximus"), "wrong");
  assert.equal(type("gluteus", "gluteus_maximus"), "more");
  assert.equal(type("nervus ischiadicus", "sciatic_nerve"), "right");
  assert.equal(type("", "piriformis"), "wrong");
  assert.equal(type("sacrum", "piriformis"), "wrong");
});

test("nothing that is shown or said while it is asked names the answer", () => {
  for (const fact of facts) {
    const question = ask(fact, "student", seeded(1));
    const shown = shownScene({ question, told: false, peel: 0, candidate: null }, body);
    assert.equal(shown.labels, "none");
    assert.equal(shown.landmarks, false);
    if (fact.form === "find") assert.equal(shown.selected, null);
    if (fact.form === "whose") assert.ok(!shown.isolated?.some((id) => id.startsWith(fact.about)));
    const said = asking(question, body, "english").toLowerCase();
    if (fact.form === "name" || fact.form === "whose")
      assert.ok(!said.includes(fact.right.text.toLowerCase()));
    const told = description(`${fact.about}.right`, body, "english").toLowerCase();
    if (fact.kind === "name") assert.ok(!told.includes(fact.right.text.toLowerCase()), told);
  }
});

test("an answer is told kindly, with what is right", () => {
  const question = ask(byId("find:piriformis"), "student", seeded(1));
  const said = (right: boolean, given: string | null) => verdict({ right, given }, question, body);
  assert.equal(said(true, "Piriformis"), "Right: Piriformis.");
  assert.equal(said(false, "Sacrum"), "Not quite: that is Sacrum. Here it is: Piriformis.");
  assert.equal(said(false, null), "It is: Piriformis.");
});

test("a score is read back; what is none counts as nothing", () => {
  const score = { answered: 5, right: 3, rounds: 1 };
  assert.deepEqual(readScore(JSON.stringify(score)), score);
  for (const text of [
    null,
    "",
    "{}",
    "[1]",
    '{"answered":1,"right":2,"rounds":0}',
    '{"answered":"1","right":0,"rounds":0}',
  ])
    assert.equal(readScore(text), NOTHING, String(text));
});

test("the small body without annotations asks nothing that it could not vouch for", () => {
  assert.ok(factsOf(anatomy, "english").every(({ reasons }) => reasons.length > 0));
});
