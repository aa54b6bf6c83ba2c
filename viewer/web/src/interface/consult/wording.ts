// What consult mode says: plain words, for someone who may be worried.
import type { Side } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import type { Catalogue } from "../../generated/catalogue";
import type { PointMarks } from "../../generated/marks";
import { phrase, type Translate } from "../../language/translate";

export type TriggerPoint = Catalogue["trigger_points"][string];
export type Safety = Catalogue["safety"];
export type Urgency = Safety["red_flags"][number]["urgency"];
export type BallId = Safety["balls"][number]["id"];

export const URGENCIES: readonly (readonly [Urgency, string])[] = [
  ["emergency", phrase("Emergency: go now")],
  ["urgent", phrase("See a doctor soon")],
  ["see_someone", phrase("Have it looked at")],
];

/** "Piriformis", as the catalogue calls the muscle; the trigger point's own name where it has no card. */
export function muscleName(point: TriggerPoint, catalogue: Catalogue): string {
  return capital(catalogue.structures[point.muscle]?.names.english ?? point.name);
}

/** "Piriformis: towards the hip" */
export function pointTitle(point: TriggerPoint, catalogue: Catalogue): string {
  return `${muscleName(point, catalogue)}: ${point.where}`;
}

export const sideWords = (side: Side, t: Translate) => (side === "right" ? t("right side") : t("left side"));

/** Whether text has a clinician's name behind it, and whose. */
export function reviewWords(t: Translate, ...reviewers: readonly (string | null | undefined)[]): string {
  const names = [...new Set(reviewers)];
  const known = names.filter((name): name is string => !!name);
  return known.length === names.length
    ? t.safe("Reviewed by {names}.", { names: t.list(known) })
    : t.safe("These texts have not been reviewed by a clinician.");
}

/** How much of what was marked a pattern covers, without a number that sounds like a chance. */
export function shareWords(share: number, t: Translate): string {
  if (share >= 0.75) return t("Is felt over nearly all of what you marked.");
  if (share >= 0.4) return t("Is felt over a good part of what you marked.");
  return t("Is felt over some of what you marked.");
}

/** What may be lain on for this point on this side, the gentlest first; none where no place is safe. */
export function ballsFor(point: TriggerPoint, marks: PointMarks | undefined): BallId[] {
  if (point.self_care.verdict !== "zone") return [];
  return point.self_care.tools.filter((tool) =>
    marks?.balls.some((entry) => entry.ball === tool && entry.best !== null),
  );
}
