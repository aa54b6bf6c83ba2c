// What the interface says, by its English text: the translation, or the English marked as such.
import type { LanguageDocument } from "../generated/language";

/** What stands in the {holes} of a text. */
export type Holes = Readonly<Record<string, string | number>>;

/** Ends a text that is English where another language is wanted; never drawn, and taken off before anything is compared. */
export const FOREIGN = "\u2063";

/** The text without the mark. */
export const plain = (text: string): string => text.replaceAll(FOREIGN, "");

/** A text that is kept in a table and translated by `t.of` where it is shown. */
export const phrase = (english: string): string => english;

/** Texts in one language, by their English. Keys are written out where they are used: `ischia validate` collects them. */
export interface Translate {
  (english: string, holes?: Holes): string;
  /** BCP 47 code. */
  readonly code: string;
  /** Nobody qualified has reviewed what is said about safety in this language. */
  readonly unreviewed: boolean;
  /** A text that was marked with `phrase`. */
  of(english: string, holes?: Holes): string;
  /** One of two texts by the language's own rule for a number, which fills the hole {n}. */
  n(count: number, one: string, other: string, holes?: Holes): string;
  /** A text about safety: `beside` finds its English again. */
  safe(english: string, holes?: Holes): string;
  /** The same of a text that was marked with `phrase`. */
  safeOf(english: string, holes?: Holes): string;
  /** English of a text about safety that nobody qualified has reviewed in this language: it stands beside it. */
  beside(text: string): string | null;
  /** A number with so many decimals, as the language writes it. */
  number(value: number, decimals?: number): string;
  /** A name within a sentence: lower case in English, as it stands in all other languages. */
  within(name: string): string;
  /** "a, b". */
  list(items: readonly string[], kind?: "conjunction" | "disjunction" | "unit"): string;
}

const fill = (text: string, holes: Holes) =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) => String(holes[name] ?? hole));

/** Texts of a language document; without one, the English texts as they are. */
export function translator(
  document: LanguageDocument | null,
  /** English of the translations of texts about safety; grows as more of them are said. */
  beside: Map<string, string> = new Map(),
): Translate {
  const code = document?.code ?? "en";
  const unreviewed = document !== null && document.reviewed.safety === null;
  const rules = new Intl.PluralRules(code);
  const of = (english: string, holes: Holes = {}): string => {
    if (!document) return fill(english, holes);
    const own = document.texts[english];
    return fill(own ?? english + FOREIGN, holes);
  };
  const safe = (english: string, holes?: Holes): string => {
    const own = of(english, holes);
    if (unreviewed && !own.endsWith(FOREIGN)) beside.set(own, fill(english, holes ?? {}));
    return own;
  };
  return Object.assign((english: string, holes?: Holes) => of(english, holes), {
    code,
    unreviewed,
    of,
    n: (count: number, one: string, other: string, holes: Holes = {}) =>
      of(rules.select(count) === "one" ? one : other, { n: count, ...holes }),
    safe,
    safeOf: safe,
    beside: (text: string) => (unreviewed ? (beside.get(text) ?? null) : null),
    number: (value: number, decimals = 0) =>
      value.toLocaleString(code, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
    within: (name: string) => (document ? name : name.toLowerCase()),
    list: (items: readonly string[], type: "conjunction" | "disjunction" | "unit" = "conjunction") =>
      new Intl.ListFormat(code, { type, style: type === "unit" ? "narrow" : "long" }).format(items),
  });
}
