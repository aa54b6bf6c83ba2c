// Spaced repetition within one session: what was missed comes back after a few others, what is known stays away.

/** Boxes, as Leitner had them: one begins in the middle, a miss leads to the lowest, two steps up lead out. */
const BEGIN = 1;
const KNOWN = 2;
/** How many others come in between, by the box that a fact has come to. */
const BETWEEN = [2, 5] as const;

export interface Deck {
  /** Ids still to be asked, the next one first. */
  readonly queue: readonly string[];
  readonly boxes: Readonly<Record<string, number>>;
  /** How often each was missed; what never was is absent. */
  readonly misses: Readonly<Record<string, number>>;
  readonly total: number;
}

export function newDeck(ids: readonly string[]): Deck {
  return { queue: [...ids], boxes: {}, misses: {}, total: ids.length };
}

/** The deck after the first of its queue was answered. */
export function answered(deck: Deck, right: boolean): Deck {
  const [id, ...rest] = deck.queue;
  if (id === undefined) return deck;
  const box = right ? (deck.boxes[id] ?? BEGIN) + 1 : 0;
  const boxes = { ...deck.boxes, [id]: box };
  const misses = right ? deck.misses : { ...deck.misses, [id]: (deck.misses[id] ?? 0) + 1 };
  if (box >= KNOWN) return { ...deck, queue: rest, boxes, misses };
  const place = Math.min(BETWEEN[box] ?? 0, rest.length);
  return { ...deck, queue: [...rest.slice(0, place), id, ...rest.slice(place)], boxes, misses };
}

/** How many are known by now. */
export const known = (deck: Deck): number => deck.total - deck.queue.length;

/** What was missed, the most often first; the rest in the order in which it was missed first. */
export function hard(deck: Deck): string[] {
  return Object.keys(deck.misses).sort((a, b) => (deck.misses[b] ?? 0) - (deck.misses[a] ?? 0));
}
