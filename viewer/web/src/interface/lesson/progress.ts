// How far one has come in each lesson: kept on this device, and nowhere else.

export interface Progress {
  /** Step that was shown last, from 0. */
  readonly step: number;
  /** Whether it was played to its end. */
  readonly done: boolean;
}

const KEY = "ischia:lessons";

/** What the device keeps under a name; null where nothing is kept or keeping is forbidden. */
export function kept<T>(key: string): T | null {
  try {
    return JSON.parse(window.localStorage.getItem(key) ?? "null") as T | null;
  } catch {
    // A page without an origin of its own (a frame, some files) may keep nothing.
    return null;
  }
}

/** Keeps a value on the device; null takes it away. Nothing is lost but the memory of it where that is forbidden. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Forbidden, or full.
  }
}

const isProgress = (value: unknown): value is Progress =>
  typeof value === "object" && value !== null && Number.isInteger((value as Progress).step);

/** Progress by lesson id. */
export function progressKept(): Record<string, Progress> {
  const found = kept<unknown>(KEY);
  if (typeof found !== "object" || found === null || Array.isArray(found)) return {};
  return Object.fromEntries(
    Object.entries(found)
      .filter(([, value]) => isProgress(value))
      .map(([id, { step, done }]) => [id, { step, done: done === true }]),
  );
}

export function keepProgress(progress: Readonly<Record<string, Progress>>): void {
  keep(KEY, progress);
}
