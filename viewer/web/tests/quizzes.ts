// Every question that the quiz can make of a body, at every level: node tests/quizzes.mjs INPUT.json OUTPUT.json
import { readFileSync, writeFileSync } from "node:fs";
import { Anatomy } from "../src/atlas/anatomy";
import type { AtlasDocument } from "../src/generated/atlas";
import type { Catalogue } from "../src/generated/catalogue";
import { ask } from "../src/interface/quiz/choosing";
import { factsOf } from "../src/interface/quiz/facts";
import { LEVELS } from "../src/interface/quiz/model";
import { seeded } from "../src/interface/quiz/random";
import { asking } from "../src/interface/quiz/words";

const SEEDS = [1, 2, 3, 4, 5];

const [input, output] = process.argv.slice(2) as [string, string];
const given = JSON.parse(readFileSync(input, "utf8")) as { atlas: AtlasDocument; catalogue: Catalogue };
const anatomy = new Anatomy(given.atlas, given.catalogue);
const facts = factsOf(anatomy, "english", true);
const questions = facts.flatMap((fact) =>
  LEVELS.flatMap((level) =>
    SEEDS.map((seed) => {
      const question = ask(fact, level, seeded(seed));
      return { ...question, fact: fact.id, asked: asking(question, anatomy, "english") };
    }),
  ),
);
writeFileSync(output, JSON.stringify({ facts, questions }));
