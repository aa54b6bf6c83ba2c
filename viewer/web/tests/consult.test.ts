import assert from "node:assert/strict";
import { test } from "node:test";
import type { Catalogue } from "../src/generated/catalogue";
import type { PointMarks } from "../src/generated/marks";
import { compose, type Wanted } from "../src/interface/consult/handout/compose";
import { type Piece, paginate } from "../src/interface/consult/handout/flow";
import { canWrite, writable } from "../src/interface/consult/handout/letters";
import type { Block, Handout } from "../src/interface/consult/handout/model";
import { direction, framed, poseFor, shownScene } from "../src/interface/consult/showing";
import { ballsFor, reviewWords, shareWords, type TriggerPoint } from "../src/interface/consult/wording";
import type { Vec3 } from "../src/stage/types";
import { dot, subtract, unit } from "../src/stage/vector";
import { anatomy, catalogue } from "./fixtures";

const { t } = anatomy;

const statement = (text: string) => ({
  text,
  sources: ["one"] as [string],
  evidence: "expert_convention" as const,
  mark: "verified" as const,
});
const advice = (id: string, text: string) => ({ id, text, statement: statement(text) });

const point: TriggerPoint = {
  id: "piriformis.1",
  muscle: "piriformis",
  name: "Piriformis 1",
  where: "towards the hip",
  shown: "with_x",
  seen: "behind",
  often: "usual",
  place: { landmarks: { asis: 1 }, lateral: 10, cranial: 0, posterior: 0 },
  location: statement("On the line."),
  zones: [
    {
      level: "essential",
      words: "The buttock.",
      strokes: [
        {
          through: [{ landmarks: { asis: 1 }, lateral: 0, cranial: 100, posterior: 0 }],
          width: 40,
          seen: "behind",
        },
      ],
      both_sides: false,
    },
    { level: "spillover", words: "The thigh.", strokes: [], both_sides: false },
  ],
  zone_source: statement("Two clinicians drew the maps."),
  spared: [],
  feels_like: [],
  causes: [],
  entrapment: [],
  self_care: {
    verdict: "zone",
    why: "There is muscle under a ball.",
    tools: ["roller", "tennis_ball"],
    how: [],
  },
  cautions: [],
  plain: "A spot deep in the buttock.",
  reviewed_by: null,
} as TriggerPoint;

const safety = {
  not_a_diagnosis: "It does not know what causes yours.",
  red_flags: [
    {
      id: "b",
      urgency: "see_someone",
      sign: "Numbness that stays.",
      action: "See a clinician.",
      statement: statement(""),
    },
    { id: "a", urgency: "emergency", sign: "Numb saddle.", action: "Go now.", statement: statement("") },
  ],
  stop: [advice("tingling", "Stop if it tingles.")],
  ask_first: [advice("clot", "A blood clot.")],
  never_press: [advice("bone", "Never on bone.")],
  dose: [advice("half", "Practitioners say 30 to 60 seconds.")],
  ways: [advice("gentlest_first", "The gentlest first."), advice("leg", "The leg straight or bent.")],
  therapist: [],
  evidence: [statement("No fixed place.")],
  balls: [
    { id: "roller", name: "foam roller", diameter: 150, statement: statement("") },
    { id: "tennis_ball", name: "tennis ball", diameter: 67, statement: statement("") },
  ],
  reviewed_by: null,
} as unknown as Catalogue["safety"];

const whole = { ...catalogue, safety, trigger_points: { [point.id]: point } };
const source = {
  title: "Bones",
  creators: "An institute",
  license: "MPL-2.0",
  license_url: null,
  citation: null,
  url: "https://example.org",
  notice: "Under its terms.",
};

const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  t,
  catalogue: whole,
  sources: { bones: source } as unknown as Wanted["sources"],
  point,
  side: "left",
  flags: "none",
  balls: ["roller", "tennis_ball"],
  pictures: [],
  name: "",
  date: "",
  ...more,
});

/** Everything a handout says, in order. */
function said(handout: Handout): string {
  const lines = (block: Block): string[] => {
    switch (block.kind) {
      case "lead":
      case "heading":
        return [block.text];
      case "text":
        return block.lines.map(({ lead = "", text }) => `${lead} ${text}`);
      case "list":
        return block.items.map(({ lead = "", text }) => `${lead} ${text}`);
      case "box":
        return [block.title, ...block.items.map(({ text }) => text)];
      case "pictures":
        return [...block.pictures.map(({ caption }) => caption), block.legend];
      case "small":
        return [block.title, ...block.lines];
    }
  };
  const about = handout.about.map(({ lead, text }) => `${lead} ${text}`);
  return [handout.title, handout.subtitle, ...about, ...handout.blocks.flatMap(lines), handout.footer].join(
    "\n",
  );
}

const inOrder = (text: string, ...parts: string[]) => {
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    assert.ok(found >= 0, `"${part}" comes after what stands before it in\n${text}`);
    at = found + part.length;
  }
};

test("a handout says where, what, who should be seen first, where the ball goes, when to stop, and whose work it is", () => {
  inOrder(
    said(compose(wanted())),
    "Piriformis: towards the hip",
    "Left side",
    point.plain,
    "Nearly everyone: The buttock.",
    "Some people: The thigh.",
    "Plain.",
    safety.not_a_diagnosis,
    "Emergency: go now",
    "Numb saddle. Go now.",
    "Have it looked at",
    "Numbness that stays. See a clinician.",
    "Where a ball goes",
    point.self_care.why,
    "A blood clot.",
    "foam roller or tennis ball.",
    "The gentlest first.",
    "The leg straight or bent.",
    "Never on bone.",
    "Stop if it tingles.",
    "30 to 60 seconds",
    "Two clinicians drew the maps.",
    "These texts have not been reviewed by a clinician.",
    "Bones, An institute, MPL-2.0 (https://example.org). Under its terms.",
    "it does not diagnose",
  );
});

test("nobody's name and no day stand on a handout unless they are asked for", () => {
  assert.deepEqual(compose(wanted()).about, []);
  assert.deepEqual(compose(wanted({ name: "  " })).about, []);
  const about = compose(wanted({ name: " Ada ", date: "1 May" })).about;
  assert.deepEqual(about, [
    { lead: "For", text: "Ada" },
    { lead: "Date", text: "1 May" },
  ]);
});

test("a ball is spoken of only where the warning signs were read, none fits, and a place is safe", () => {
  const ball = /Where a ball goes|How long|foam roller/;
  const unread = said(compose(wanted({ flags: "open" })));
  assert.doesNotMatch(unread, ball);
  assert.match(unread, /Numb saddle/);
  const flagged = said(compose(wanted({ flags: "some" })));
  assert.doesNotMatch(flagged, ball);
  assert.match(flagged, /No ball for now/);
  const nowhere = said(compose(wanted({ balls: [] })));
  assert.doesNotMatch(nowhere, ball);
  inOrder(nowhere, "No ball on this spot", point.self_care.why);
});

test("what a picture shows is explained under it; a ball only if there is one", () => {
  const picture = { address: "data:,", width: 4, height: 3, caption: "Where it goes: roller", ball: true };
  assert.match(
    said(compose(wanted({ pictures: [picture] }))),
    /X: the spot\. Dots: .* Green: where it may stand\./,
  );
  const without = said(
    compose(wanted({ pictures: [{ ...picture, caption: "From behind", ball: false }], balls: [] })),
  );
  assert.doesNotMatch(without, /Green:/);
});

test("a review is claimed only where every text has a name behind it", () => {
  assert.equal(reviewWords(t, "Dr. A", "Dr. A"), "Reviewed by Dr. A.");
  assert.equal(reviewWords(t, "Dr. A", "Dr. B"), "Reviewed by Dr. A and Dr. B.");
  assert.match(reviewWords(t, "Dr. A", null), /not been reviewed/);
});

test("how much a pattern covers is said in three steps, never as a chance", () => {
  const words = [0.1, 0.5, 0.9].map((share) => shareWords(share, t));
  assert.equal(new Set(words).size, 3);
  for (const one of words) assert.doesNotMatch(one, /\d|%|likely|probabl/);
});

test("balls are offered where the text allows one and the surfaces have a place for it", () => {
  const place = {
    vertices: [1],
    best: 1,
    direction: [0, 1, 0],
    muscle: 20,
    bone: 30,
    nerve: null,
    why_not: "",
  };
  const marks = {
    balls: [
      { ball: "roller", ...place, best: null, vertices: [] },
      { ball: "tennis_ball", ...place },
      { ball: "lacrosse_ball", ...place },
    ],
  } as unknown as PointMarks;
  assert.deepEqual(ballsFor(point, marks), ["tennis_ball"]);
  assert.deepEqual(ballsFor(point, undefined), []);
  const never = { ...point, self_care: { ...point.self_care, verdict: "no_zone" as const } };
  assert.deepEqual(ballsFor(never, marks), []);
});

test("letters of a PDF: typographic ones stay, others become what is nearest, and what would be lost is told", () => {
  assert.equal(writable("“it’s 30–60 s” — œuvre €5"), "“it’s 30–60 s” — œuvre €5");
  assert.equal(writable("−0.22\u00a0mm, a\u2011b, Łódź, Čapek"), "–0.22 mm, a-b, Lódz, Capek");
  assert.ok(canWrite("Zoë Łukasiewicz"));
  assert.ok(!canWrite("小林"));
  assert.equal(writable("小林"), "??");
});

const piece = (height: number, keeps = false): Piece => ({ height, above: 2, keeps, draw: () => {} });

test("pages: pieces follow each other, none is cut, and a heading goes with what it heads", () => {
  const pages = paginate([piece(30), piece(40), piece(5, true), piece(30), piece(10)], 10, 100);
  assert.deepEqual(
    pages.map((page) => page.map(({ piece: { height }, y }) => [height, y])),
    [
      [
        [30, 10],
        [40, 42],
      ],
      [
        [5, 10],
        [30, 17],
        [10, 49],
      ],
    ],
  );
});

test("pages: what is too high for one begins a new one, and nothing is left out", () => {
  const pages = paginate([piece(10), piece(500), piece(10)], 10, 100);
  assert.deepEqual(
    pages.map((page) => page.map(({ piece: { height } }) => height)),
    [[10], [500], [10]],
  );
});

const shown = { point, side: "left", beneath: false, ball: "roller" } as const;

test("each step shows its own: skin alone, then the pattern, and a ball only where one speaks of it", () => {
  const where = shownScene({ ...shown, step: "where" }, anatomy);
  assert.deepEqual([where.isolated, where.trigger, where.ball], [["skin"], null, null]);
  const picture = shownScene({ ...shown, step: "picture" }, anatomy);
  assert.deepEqual(
    [picture.isolated, picture.trigger, picture.ball],
    [[], { id: point.id, side: "left" }, null],
  );
  assert.equal(shownScene({ ...shown, step: "ball" }, anatomy).ball, "roller");
  const words = { ...point, shown: "text_only" as const };
  assert.equal(shownScene({ ...shown, point: words, step: "picture" }, anatomy).trigger, null);
});

test("under the skin, what lies over the muscle is off and the skin is glass", () => {
  const { peel, opacity } = shownScene({ ...shown, beneath: true, step: "picture" }, anatomy);
  assert.equal(anatomy.layers[peel ?? 0]?.id, catalogue.structures.piriformis?.layer);
  assert.ok((opacity?.skin ?? 1) < 0.5);
  assert.equal(shownScene({ ...shown, beneath: true, step: "ball" }, anatomy).peel, 0);
});

test("the scene itself is never part of what is shown: camera, colours and names are the person's own", () => {
  for (const step of ["where", "behind", "picture", "ball", "handout"] as const) {
    const fields = Object.keys(shownScene({ ...shown, step }, anatomy));
    for (const own of ["camera", "theme", "names", "language", "atlas", "variant", "subcutaneous", "consult"])
      assert.ok(!fields.includes(own), `${own} in ${step}`);
  }
});

test("one looks at a side from its own outside, and sees all of a pattern", () => {
  assert.ok(direction("side", "right")[0] < -0.9);
  assert.ok(direction("side", "left")[0] > 0.9);
  const places = framed(point, "right", anatomy);
  assert.deepEqual(places, [
    [-130, -40, 80],
    [-120, -40, 180],
  ]);
  const pose = poseFor(places, "pattern", direction("behind", "right"), 1, 24);
  const forward = unit(subtract(pose.target, pose.position));
  for (const place of places) {
    const ray = subtract(place as Vec3, pose.position);
    const angle = (Math.acos(dot(unit(ray), forward)) * 180) / Math.PI;
    assert.ok(angle < 12, `${place} is ${angle} degrees off the middle`);
  }
});
