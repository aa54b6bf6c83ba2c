// What a person has done to a set's landmarks: pure functions on plain data, with a way back for each step.
import type { LandmarkEntry, PlacedOnPage } from "../../generated/landmarks";
import type { Vec3 } from "../../stage/types";
import { length, subtract } from "../../stage/vector";

export type Placed = Readonly<PlacedOnPage>;

/** All that were moved or agreed to, by sided id; every other one is where it was found. */
export type Work = Readonly<Record<string, Placed>>;

export interface History {
  readonly past: readonly Work[];
  readonly now: Work;
  readonly next: readonly Work[];
  /** What is being done, while it is one step however long it takes. */
  readonly gesture: string;
}

export const begun = (now: Work): History => ({ past: [], now, next: [], gesture: "" });

/** One more step; a step of the same gesture as the last takes its place. */
export function done(history: History, now: Work, gesture = ""): History {
  if (same(now, history.now)) return history;
  const goesOn = gesture !== "" && gesture === history.gesture;
  return { past: goesOn ? history.past : [...history.past, history.now], now, next: [], gesture };
}

export function undone({ past, now, next, gesture }: History): History {
  const before = past.at(-1);
  if (!before) return { past, now, next, gesture };
  return { past: past.slice(0, -1), now: before, next: [now, ...next], gesture: "" };
}

export function redone({ past, now, next, gesture }: History): History {
  const [after, ...rest] = next;
  if (!after) return { past, now, next, gesture };
  return { past: [...past, now], now: after, next: rest, gesture: "" };
}

const sorted = (work: Work) => Object.entries(work).sort(([a], [b]) => (a < b ? -1 : 1));

export const same = (one: Work, other: Work): boolean =>
  one === other || JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** What is kept of these landmarks already. */
export function keptOf(entries: readonly LandmarkEntry[]): Work {
  return Object.fromEntries(entries.flatMap(({ id, placed }) => (placed ? [[id, placed]] : [])));
}

export const placeOf = ({ id, found }: LandmarkEntry, work: Work): Vec3 => work[id]?.point ?? found;

/** How far a landmark lies from where it was found, mm; null where it was left there. */
export function movedBy(entry: LandmarkEntry, work: Work): number | null {
  const mine = work[entry.id];
  return mine?.by === "person" ? length(subtract(mine.point, entry.found)) : null;
}

/** What is as near as this is the same answer, mm. */
const ALIKE = 0.5;

/** Other answers to where a landmark is than the one that it was given when it was found. */
export function answersOf({ found, rule, carried }: LandmarkEntry): { rule?: Vec3; carried?: Vec3 } {
  const other = (point: Vec3) => length(subtract(point, found)) > ALIKE;
  return {
    ...(rule && other(rule) ? { rule } : {}),
    ...(rule && other(carried) ? { carried } : {}),
  };
}

/** How far a landmark may be trusted, or that a person has placed it. */
export type Trust = LandmarkEntry["trust"] | "placed";

export const trustOf = (entry: LandmarkEntry, work: Work): Trust =>
  work[entry.id]?.by === "person" ? "placed" : entry.trust;

const thousandths = ([x, y, z]: Vec3): [number, number, number] => [
  Math.round(x * 1000) / 1000,
  Math.round(y * 1000) / 1000,
  Math.round(z * 1000) / 1000,
];

/** The landmark put elsewhere by hand; a tick that it has stays. */
export function placedAt(work: Work, { id }: LandmarkEntry, point: Vec3): Work {
  return {
    ...work,
    [id]: { point: thousandths(point), by: "person", checked: work[id]?.checked ?? false },
  };
}

function without(work: Work, id: string): Work {
  const { [id]: _gone, ...rest } = work;
  return rest;
}

/** Back where it was found; a tick that it has stays. */
export function asFound(work: Work, { id, found }: LandmarkEntry): Work {
  if (!work[id]?.checked) return without(work, id);
  return { ...work, [id]: { point: found, by: "finder", checked: true } };
}

/** Agreed to, or no longer. */
export function ticked(work: Work, { id, found }: LandmarkEntry, checked: boolean): Work {
  const mine = work[id];
  if (mine?.by === "person") return { ...work, [id]: { ...mine, checked } };
  return checked ? { ...work, [id]: { point: found, by: "finder", checked } } : without(work, id);
}

export const isChecked = (work: Work, id: string): boolean => work[id]?.checked === true;

/** The next one without a tick after this one, round to the beginning; null if all have theirs. */
export function nextUnchecked(
  entries: readonly LandmarkEntry[],
  work: Work,
  after: string | null,
): LandmarkEntry | null {
  const from = entries.findIndex(({ id }) => id === after) + 1;
  const round = [...entries.slice(from), ...entries.slice(0, from)];
  return round.find(({ id }) => id !== after && !isChecked(work, id)) ?? null;
}

const isPlaced = (value: unknown): value is Placed => {
  const one = value as Placed | null;
  return (
    typeof one === "object" &&
    one !== null &&
    Array.isArray(one.point) &&
    one.point.length === 3 &&
    one.point.every((number) => Number.isFinite(number)) &&
    (one.by === "person" || one.by === "finder") &&
    typeof one.checked === "boolean"
  );
};

/** What a device has kept, as far as it is of these landmarks; null if it is none at all. */
export function workFrom(value: unknown, entries: readonly LandmarkEntry[]): Work | null {
  if (typeof value !== "object" || value === null) return null;
  const known = new Set(entries.map(({ id }) => id));
  const mine = Object.entries(value).filter(([id, one]) => known.has(id) && isPlaced(one));
  return Object.fromEntries(
    mine.map(([id, { point, by, checked }]: [string, Placed]) => [id, { point, by, checked }]),
  );
}
