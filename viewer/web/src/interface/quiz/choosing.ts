// Which facts are asked, and among which answers: by region, by kind and by level.
import { type Fact, type Kind, type Level, levelIndex, type Question } from "./model";
import { type Random, shuffled } from "./random";

/** Answers to choose from, the right one among them. */
export const CHOICES: Record<Level, number> = { beginner: 3, student: 4, expert: 4 };

/** Everywhere. */
export const ALL = "all";

export interface Wish {
  readonly region: string;
  readonly level: Level;
  readonly kinds: readonly Kind[];
}

/** Facts that fit a wish. */
export function fitting(facts: readonly Fact[], { region, level, kinds }: Wish): Fact[] {
  return facts.filter(
    (fact) =>
      kinds.includes(fact.kind) &&
      (region === ALL || fact.regions.includes(region)) &&
      levelIndex(fact.from) <= levelIndex(level),
  );
}

/** So many of them: each kind in its turn, and as far as that goes no structure twice. */
export function drawn(facts: readonly Fact[], count: number, random: Random): Fact[] {
  const left = shuffled(facts, random);
  const taken: Fact[] = [];
  const times = (kind: Kind) => taken.filter((fact) => fact.kind === kind).length;
  const met = (about: string) => taken.filter((fact) => fact.about === about).length;
  while (taken.length < count && left.length) {
    const costs = left.map((fact) => met(fact.about) + 2 * times(fact.kind));
    taken.push(...left.splice(costs.indexOf(Math.min(...costs)), 1));
  }
  return taken;
}

/** The wrong answers of a level: far ones of the same kind first, then like ones, then the likest. */
function misleading({ wrong, alike }: Fact, level: Level, random: Random): Fact["wrong"] {
  const wanted = CHOICES[level] - 1;
  const same = wrong.slice(0, Math.max(alike, wanted));
  const half = Math.max(wanted, Math.ceil(same.length / 2));
  const pools = {
    beginner: same.slice(-half),
    student: wrong.slice(0, half),
    expert: wrong.slice(0, wanted + 1),
  };
  return shuffled(pools[level], random).slice(0, wanted);
}

/** Whether one answers by pointing. */
export const pointed = (fact: Fact): boolean => fact.form === "find";

/** A fact as a question; asked again it has another side and another order. */
export function ask(fact: Fact, level: Level, random: Random): Question {
  const side = fact.sides[Math.floor(random() * fact.sides.length)] ?? null;
  const typed = level === "expert" && fact.form === "name";
  const choices =
    typed || pointed(fact) ? [] : shuffled([fact.right, ...misleading(fact, level, random)], random);
  return { fact, level, side, choices, typed };
}
