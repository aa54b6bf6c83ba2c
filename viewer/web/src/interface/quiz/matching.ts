// Names that were typed: a slip of the finger is forgiven, another structure's name is not.
import type { Anatomy } from "../../atlas/anatomy";
import { editDistance, fold } from "../../atlas/text";
import { plain } from "../../language/translate";
import { related, type Unit } from "./units";

/** right; wrong; or part of a name that several structures share: then more has to be said. */
export type Typed = "right" | "wrong" | "more";

/** Words that say what kind of thing is meant, or on which side: with or without them a name is the same. */
const KIND_WORDS = new Set(
  (
    "m mm musculus musculi muscle n nervus nerve lig ligamentum ligament os bone the of right left " +
    "dexter dextra dextrum sinister sinistra sinistrum r l"
  ).split(" "),
);

/** A name's own words, in alphabetical order: "gemellus superior" is "superior gemellus". */
function own(text: string): string {
  const words = fold(text).split(" ");
  const rest = words.filter((word) => !KIND_WORDS.has(word));
  return (rest.length ? rest : words).sort().join(" ");
}

function namesOf(id: string, anatomy: Anatomy): string[] {
  // In the page's language, in English and in Latin.
  const cards = [anatomy.catalogue, anatomy.english].map(({ structures }) => structures[id]?.names);
  const all = cards.flatMap((names) =>
    names ? [names.english, names.latin, ...names.synonyms].map(plain).filter((name) => name !== "") : [],
  );
  return [...new Set(all)];
}

/** Slips that are forgiven in a name of this length. */
const slips = (length: number) => (length >= 8 ? 2 : length >= 5 ? 1 : 0);

export function typedName(text: string, id: string, units: readonly Unit[], anatomy: Anatomy): Typed {
  const typed = own(text);
  if (!typed) return "wrong";
  const limit = slips(typed.length);
  // As it stands, for a slip may be in any word; and by its own words alone.
  const away = (unit: string) =>
    Math.min(
      ...namesOf(unit, anatomy).flatMap((name) => [
        editDistance(fold(text), fold(name), limit),
        editDistance(typed, own(name), limit),
      ]),
    );
  const others = units.filter((unit) => unit.id !== id);
  const here = away(id);
  if (here <= limit && others.every((unit) => here <= away(unit.id) && (here === 0 || here < away(unit.id))))
    return "right";
  const within = (unit: string) =>
    namesOf(unit, anatomy).some((name) => {
      const words = own(name).split(" ");
      return typed.split(" ").every((word) => words.includes(word));
    });
  const shares = others.some((unit) => !related(unit.id, id, anatomy) && within(unit.id));
  const exact = others.some((unit) => away(unit.id) === 0);
  return within(id) && !exact ? (shares ? "more" : "right") : "wrong";
}
