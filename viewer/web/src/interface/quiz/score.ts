// How one has done so far: kept in this browser alone, and forgotten when one says so.

const KEY = "ischia:quiz";

export interface Score {
  readonly answered: number;
  readonly right: number;
  readonly rounds: number;
}

export const NOTHING: Score = { answered: 0, right: 0, rounds: 0 };

const whole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** What was kept; nothing where that is no score. */
export function readScore(text: string | null): Score {
  try {
    const { answered, right, rounds } = JSON.parse(text ?? "") as Record<string, unknown>;
    if (whole(answered) && whole(right) && whole(rounds) && right <= answered)
      return { answered, right, rounds };
  } catch {
    // It was written by something else.
  }
  return NOTHING;
}

/** Where browsers keep things; absent where that is forbidden, as in a page without an origin. */
function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

export function keptScore(): Score {
  try {
    return readScore(storage()?.getItem(KEY) ?? null);
  } catch {
    return NOTHING;
  }
}

/** Keeps a score, as far as this browser lets it; nothing at all is kept of none. */
export function keepScore(score: Score): void {
  try {
    if (score === NOTHING) storage()?.removeItem(KEY);
    else storage()?.setItem(KEY, JSON.stringify(score));
  } catch {
    // It then lasts as long as the page.
  }
}
