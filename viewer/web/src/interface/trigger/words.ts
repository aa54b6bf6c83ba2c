// What the panel of trigger points says in words besides what the catalogue has.
import type { Anatomy } from "../../atlas/anatomy";
import { fold } from "../../atlas/text";
import type { RedFlag, TriggerPoint } from "../../generated/catalogue";
import type { BallEntry } from "../../generated/marks";
import { phrase, type Translate } from "../../language/translate";

export type Tool = TriggerPoint["self_care"]["tools"][number];

export const URGENCY: Record<RedFlag["urgency"], string> = {
  emergency: phrase("Emergency: now"),
  urgent: phrase("Urgent: see a doctor"),
  see_someone: phrase("See someone"),
};

/** Muscles with their trigger points, in the catalogue's order; within a muscle what is met most often comes first. */
export function byMuscle(anatomy: Anatomy): readonly (readonly [muscle: string, points: TriggerPoint[]])[] {
  const groups = new Map<string, TriggerPoint[]>();
  for (const point of Object.values(anatomy.catalogue.trigger_points))
    groups.set(point.muscle, [...(groups.get(point.muscle) ?? []), point]);
  const order = ["most", "usual", "rare"];
  return [...groups].map(([muscle, points]) => [
    muscle,
    points.toSorted((a, b) => order.indexOf(a.often) - order.indexOf(b.often)),
  ]);
}

/** Points in whose name, muscle, place or zones every word is found. */
export function matching(points: readonly TriggerPoint[], query: string): TriggerPoint[] {
  const words = fold(query).split(" ").filter(Boolean);
  return points.filter((point) => {
    const zones = point.zones.map((zone) => zone.words).join(" ");
    const text = fold(`${point.name} ${point.where} ${zones} ${point.plain}`);
    return words.every((word) => text.includes(word));
  });
}

/** "2", "front", or nothing where the muscle has but one. */
export function numberOf(point: TriggerPoint, count: number): string {
  return count > 1 ? (point.id.split(".")[1] ?? "") : "";
}

/** "34 mm", or "more than 10 cm" where none was found nearby. */
export const apart = (mm: number | null, t: Translate) =>
  mm === null ? t("none near") : `${t.number(Math.round(mm))} mm`;

export const WHY_NOT: Record<BallEntry["why_not"], string> = {
  "": "",
  bone: phrase("There is bone within its print everywhere near this spot."),
  nerve: phrase("The sciatic nerve runs within its print everywhere near this spot."),
  muscle: phrase("There is too little muscle under it near this spot."),
};

/** "18 % of what you marked". */
export const percent = (share: number) => `${Math.max(1, Math.round(share * 100))} %`;
