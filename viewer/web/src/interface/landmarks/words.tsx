// How a landmark is spoken of: its sign, how far it may be trusted, and how far it lies from other answers.
import type { LandmarkEntry } from "../../generated/landmarks";
import { phrase, type Translate } from "../../language/translate";
import { SHAPES, TICK } from "./signs";
import { movedBy, type Trust, trustOf, type Work } from "./work";

export const TRUST: Readonly<Record<Trust, string>> = {
  good: phrase("Good"),
  fair: phrase("Fair"),
  poor: phrase("Poor: do not rely on it"),
  carried: phrase("Carried along, no rule for it"),
  placed: phrase("Placed by hand"),
};

export function Sign({ trust, checked }: { trust: Trust; checked: boolean }) {
  return (
    <svg
      class="landmark-sign"
      viewBox="-1 -1 18 18"
      data-trust={trust}
      data-checked={checked || undefined}
      aria-hidden="true"
    >
      <path class="landmark-shape" d={SHAPES[trust]} />
      <path class="landmark-tick" d={TICK} />
    </svg>
  );
}

/** How far it may be trusted, and how far what else is known of it lies from it. */
export function told(entry: LandmarkEntry, work: Work, t: Translate): string {
  const moved = movedBy(entry, work);
  const words = t.of(TRUST[trustOf(entry, work)]);
  if (moved !== null) return `${words} · ${t("{mm} mm from where it was found", { mm: t.number(moved, 1) })}`;
  if (entry.apart === null) return words;
  return `${words} · ${t("rule and population {mm} mm apart", { mm: t.number(entry.apart) })}`;
}
