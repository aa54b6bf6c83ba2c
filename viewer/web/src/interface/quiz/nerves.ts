// Which nerve supplies a muscle: wrong is only what no text that was read calls its nerve.
import type { Anatomy, NameMode } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import type { StructureCard } from "../../generated/catalogue";
import type { Answer, Fact } from "./model";
import { related, type Unit } from "./units";

type Supply = StructureCard["innervation"][number];

/** "obturator nerve, posterior division" is the obturator nerve. */
const trunk = (nerve: string) => nerve.split(",")[0] ?? nerve;

/** Spinal roots, which have no name of their own: a nerve that comes from them is not wrong. */
const isRoots = (nerve: string) => /\brami\b/i.test(nerve);

const rootsOf = ({ roots, sometimes }: Supply) => [...roots, ...sometimes];

/** Whether a nerve might be called right too. */
function mightFit(other: Supply, own: readonly Supply[], anatomy: Anatomy): boolean {
  return own.some((supply) => {
    const said = supply.statement.text.toLowerCase();
    if (trunk(other.nerve) === trunk(supply.nerve) || said.includes(trunk(other.nerve).toLowerCase()))
      return true;
    if (other.structure && supply.structure && related(other.structure, supply.structure, anatomy))
      return true;
    const shares = rootsOf(other).some((root) => rootsOf(supply).includes(root));
    return shares && (isRoots(other.nerve) || isRoots(supply.nerve));
  });
}

/** A nerve of the English catalogue as it is named now; `at` says where it stands in both. */
function answerFor(
  { nerve, structure }: Supply,
  at: readonly [muscle: string, index: number],
  anatomy: Anatomy,
  names: NameMode,
): Answer {
  const [muscle, index] = at;
  const shown = anatomy.catalogue.structures[muscle]?.innervation[index]?.nerve ?? nerve;
  return {
    key: structure ?? nerve,
    text: structure ? anatomy.title(structure, names).short : capital(shown),
  };
}

/** How far a nerve is from a muscle: 0 for one of its group, less far the more roots they share. */
function farness(other: Supply, own: Supply, sameGroup: boolean): number {
  const shared = rootsOf(other).filter((root) => rootsOf(own).includes(root)).length;
  return (sameGroup ? 0 : 1) + 1 / (1 + shared);
}

export function nerveFacts(units: readonly Unit[], anatomy: Anatomy, names: NameMode): Fact[] {
  // What is right is judged by the English texts, whatever language they are shown in.
  const { structures } = anatomy.english;
  const all = Object.values(structures).flatMap(({ id, group, innervation }) =>
    innervation.map((supply, index) => ({ group, supply, at: [id, index] as const })),
  );
  return units.flatMap((unit) => {
    const own = structures[unit.id]?.innervation ?? [];
    const [first] = own;
    // "Nerve to piriformis" tells itself.
    if (!first || first.nerve.includes(structures[unit.id]?.names.english ?? unit.id)) return [];
    const ranked = all
      .filter(({ supply }) => !mightFit(supply, own, anatomy))
      .map(({ group, supply, at }) => ({ supply, at, far: farness(supply, first, group === unit.group) }))
      .sort((a, b) => a.far - b.far);
    const wrong = new Map<string, Answer>();
    for (const { supply, at } of ranked) {
      const answer = answerFor(supply, at, anatomy, names);
      // A nerve and its own branch are not told apart by a question.
      if (![...wrong.keys()].some((key) => trunk(key) === trunk(answer.key))) wrong.set(answer.key, answer);
    }
    const fact: Fact = {
      id: `nerve:${unit.id}`,
      kind: "nerve",
      form: "nerve",
      about: unit.id,
      regions: [unit.group, "nerves"],
      from: "beginner",
      alike: wrong.size,
      right: answerFor(first, [unit.id, 0], anatomy, names),
      wrong: [...wrong.values()],
      reasons: (anatomy.catalogue.structures[unit.id]?.innervation ?? []).map(({ statement }) => ({
        lead: null,
        claim: statement,
      })),
      end: null,
      sides: unit.sides,
    };
    return [fact];
  });
}
