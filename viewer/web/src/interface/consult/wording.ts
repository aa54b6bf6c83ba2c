// What consult mode says: plain words, for someone who may be worried.
import type { Side } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import type { Catalogue } from "../../generated/catalogue";
import type { PointMarks } from "../../generated/marks";

export type TriggerPoint = Catalogue["trigger_points"][string];
export type Safety = Catalogue["safety"];
export type Urgency = Safety["red_flags"][number]["urgency"];
export type BallId = Safety["balls"][number]["id"];

export const URGENCIES: readonly (readonly [Urgency, string])[] = [
  ["emergency", "Emergency: go now"],
  ["urgent", "See a doctor soon"],
  ["see_someone", "Have it looked at"],
];

export const NOT_REVIEWED = "These texts have not been reviewed by a clinician.";

/** "Piriformis", as the catalogue calls the muscle; the trigger point's own name where it has no card. */
export function muscleName(point: TriggerPoint, catalogue: Catalogue): string {
  return capital(catalogue.structures[point.muscle]?.names.english ?? point.name);
}

/** "Piriformis: towards the hip" */
export function pointTitle(point: TriggerPoint, catalogue: Catalogue): string {
  return `${muscleName(point, catalogue)}: ${point.where}`;
}

export const sideWords = (side: Side) => `${side} side`;

/** Whether text has a clinician's name behind it, and whose. */
export function reviewWords(...reviewers: readonly (string | null | undefined)[]): string {
  const names = [...new Set(reviewers)];
  const known = names.filter((name): name is string => !!name);
  return known.length === names.length ? `Reviewed by ${known.join(" and ")}.` : NOT_REVIEWED;
}

/** How much of what was marked a pattern covers, without a number that sounds like a chance. */
export function shareWords(share: number): string {
  if (share >= 0.75) return "Is felt over nearly all of what you marked";
  if (share >= 0.4) return "Is felt over a good part of what you marked";
  return "Is felt over some of what you marked";
}

/** What may be lain on for this point on this side, the gentlest first; none where no place is safe. */
export function ballsFor(point: TriggerPoint, marks: PointMarks | undefined): BallId[] {
  if (point.self_care.verdict !== "zone") return [];
  return point.self_care.tools.filter((tool) =>
    marks?.balls.some((entry) => entry.ball === tool && entry.best !== null),
  );
}
