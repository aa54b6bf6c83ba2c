// Finding a structure by whatever name a person knows: English, Latin, a synonym, or an identifier.

import { plain } from "../language/translate";
import type { Anatomy, Side } from "./anatomy";
import { editDistance, fold, words } from "./text";

type Field = "english" | "latin" | "synonym" | "identifier" | "id";

/** One way to name a structure. */
interface Handle {
  readonly field: Field;
  readonly text: string;
  readonly folded: string;
}

export interface SearchIndex {
  readonly sides: Readonly<Record<string, Side>>;
  readonly items: readonly { readonly id: string; readonly handles: readonly Handle[] }[];
}

export interface Hit {
  /** Unsided id. */
  readonly id: string;
  /** Side that was asked for ("piriformis left"), or null. */
  readonly side: Side | null;
  readonly field: Field;
  /** The name that matched. */
  readonly text: string;
  /** Stretches of `text` that match, [from, to). */
  readonly ranges: readonly (readonly [number, number])[];
  readonly score: number;
}

/** Worth of a hit in each kind of name, against 1 in the English one. */
const WEIGHT: Record<Field, number> = { english: 1, latin: 0.95, synonym: 0.9, identifier: 0.9, id: 0.85 };

const SIDE_WORDS: Record<string, Side> = {
  right: "right",
  r: "right",
  dexter: "right",
  left: "left",
  l: "left",
  sinister: "left",
};

/** The words for a side in the page's language too. */
function sideWords({ t }: Anatomy): Readonly<Record<string, Side>> {
  return { [fold(t("right"))]: "right", [fold(t("left"))]: "left", ...SIDE_WORDS };
}

/** Abbreviations that anatomists write. */
const LONG_FORMS: Record<string, string> = {
  m: "musculus",
  mm: "musculi",
  n: "nervus",
  lig: "ligament",
  ligg: "ligament",
  glut: "glute",
  it: "iliotibial",
};

/** Everything that can be found: structures of the catalogue, and those of the atlas that it does not know. */
export function searchIndex(anatomy: Anatomy): SearchIndex {
  const ids = new Set([
    ...Object.keys(anatomy.catalogue.structures),
    ...anatomy.entries.map((entry) => entry.structure),
  ]);
  const items = [...ids].map((id) => {
    const annotation = anatomy.catalogue.structures[id];
    const handle = (field: Field, text: string): Handle => ({ field, text, folded: fold(text) });
    const english = anatomy.english.structures[id]?.names;
    const handles = [handle("english", plain(annotation?.names.english ?? words(id)))];
    if (annotation?.names.latin) handles.push(handle("latin", annotation.names.latin));
    // What the page's language calls it, and what English does, which is read by everyone.
    const others = [annotation?.names.synonyms, english && [english.english], english?.synonyms];
    for (const synonym of new Set(others.flatMap((names) => names ?? []))) {
      const other = handle("synonym", synonym);
      if (!handles.some(({ folded }) => folded === other.folded)) handles.push(other);
    }
    handles.push(handle("id", id));
    for (const { scheme, value } of annotation?.identifiers ?? [])
      handles.push(handle("identifier", `${scheme}:${value}`));
    return { id, handles };
  });
  return { sides: sideWords(anatomy), items };
}

/** How well one word of the query fits a name: 0 not at all, 1 at best. */
function fit(word: string, name: string): number {
  const names = name.split(" ");
  if (names.includes(word)) return 1;
  const start = names.findIndex((part) => part.startsWith(word));
  if (start >= 0) return start === 0 ? 0.92 : 0.88;
  if (word.length >= 3 && name.includes(word)) return 0.6;
  if (word.length >= 4) {
    const limit = word.length >= 8 ? 2 : 1;
    // A slip of the finger: also against the beginning of a longer word, while it is still being typed.
    const slips = (part: string) =>
      Math.min(editDistance(word, part, limit), editDistance(word, part.slice(0, word.length), limit));
    const best = Math.min(...names.map(slips));
    if (best <= limit) return 0.5 - 0.1 * best;
  }
  return 0;
}

function identifierFit(query: string, handle: Handle): number {
  const digits = handle.folded.replace(/ /g, "").replace(/:/g, "");
  const wanted = query.replace(/[ :]/g, "");
  const value = digits.replace(/^(fma|uberon|ta98|ta2)/, "");
  if (wanted === digits || wanted === value) return 1;
  return wanted.length >= 4 && (digits.startsWith(wanted) || value.startsWith(wanted)) ? 0.5 : 0;
}

/** Where the words of the query stand in the text as it is shown. */
export function matchRanges(text: string, query: readonly string[]): [number, number][] {
  // One folded character for each shown one, so that places agree.
  const shown = [...text].map((char) => fold(char).charAt(0) || " ").join("");
  const ranges: [number, number][] = [];
  for (const word of query) {
    const start = shown.search(new RegExp(`(?<=^| )${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
    const place = start >= 0 ? start : shown.indexOf(word);
    if (place >= 0) ranges.push([place, place + word.length]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  return ranges.filter((range, i) => i === 0 || range[0] >= (ranges[i - 1]?.[1] ?? 0));
}

/** The structures that a query means, the best first; every word of it has to fit. */
export function search(index: SearchIndex, query: string): Hit[] {
  const folded = fold(query.replace(/:/g, " "));
  if (!folded) return [];
  const all = folded.split(" ");
  const sideWord = all.length > 1 ? all.find((word) => word in index.sides) : undefined;
  const side = sideWord ? (index.sides[sideWord] ?? null) : null;
  const asked = all.filter((word) => word !== sideWord);
  const hits: Hit[] = [];
  for (const { id, handles } of index.items) {
    let best: Hit | null = null;
    for (const handle of handles) {
      let score: number;
      if (handle.field === "identifier") {
        score = identifierFit(folded, handle);
      } else {
        const fits = asked.map((word) =>
          Math.max(
            fit(word, handle.folded),
            LONG_FORMS[word] ? 0.9 * fit(LONG_FORMS[word], handle.folded) : 0,
          ),
        );
        score = fits.includes(0) ? 0 : fits.reduce((sum, value) => sum + value, 0) / fits.length;
        // Of two names that both fit, the one with less left over is meant; the whole name is surest.
        if (handle.folded === asked.join(" ")) score += 0.2;
        else score *= 0.9 + 0.1 * Math.min(1, asked.join(" ").length / handle.folded.length);
      }
      score *= WEIGHT[handle.field];
      if (score > (best?.score ?? 0)) {
        best = {
          id,
          side,
          field: handle.field,
          text: handle.text,
          ranges: matchRanges(handle.text, asked),
          score,
        };
      }
    }
    if (best) hits.push(best);
  }
  return hits.sort((a, b) => b.score - a.score || a.text.localeCompare(b.text));
}
