// Whose trigger point refers pain here: wrong are only muscles whose own pain is felt elsewhere.
import type { Anatomy, NameMode } from "../../atlas/anatomy";
import type { TriggerPoint } from "../../generated/catalogue";
import type { Vec3 } from "../../stage/types";
import { placeOf } from "../consult/showing";
import type { Fact } from "./model";
import { named, type Unit } from "./units";

/** A disc of the skin. */
interface Disc {
  readonly centre: Vec3;
  readonly radius: number;
}

/** Places between the given ones of a stroke, so that none of its discs is far from the next. */
const STEPS = 6;
/** Share of a pattern that another may cover while it still is another. */
const SHARED = 0.25;

/** Where pain is felt by nearly all, as discs, of the right side. */
export function discsOf(point: TriggerPoint, anatomy: Anatomy): Disc[] {
  const strokes = point.zones.filter(({ level }) => level === "essential").flatMap((zone) => zone.strokes);
  return strokes.flatMap(({ through, width }) => {
    const places = through.map((place) => placeOf(place, "right", anatomy)).filter((place) => place !== null);
    return places.flatMap((place, i) => {
      const next = places[i + 1];
      const steps = next ? STEPS : 1;
      return Array.from({ length: steps }, (_, k) => {
        const t = k / steps;
        const centre = place.map((value, axis) => value + t * ((next?.[axis] ?? value) - value));
        return { centre: centre as unknown as Vec3, radius: width / 2 };
      });
    });
  });
}

/** Share of the first one's discs whose middle lies in the second, 0 to 1. */
export function covered(one: readonly Disc[], other: readonly Disc[]): number {
  const inside = one.filter(({ centre }) =>
    other.some(
      (disc) => Math.hypot(...centre.map((value, axis) => value - (disc.centre[axis] ?? 0))) < disc.radius,
    ),
  );
  return one.length ? inside.length / one.length : 1;
}

export function pointFacts(units: readonly Unit[], anatomy: Anatomy, names: NameMode): Fact[] {
  const points = Object.values(anatomy.catalogue.trigger_points).filter(({ shown }) => shown !== "text_only");
  const discs = new Map(points.map((point) => [point.id, discsOf(point, anatomy)]));
  const overlap = (a: TriggerPoint, b: TriggerPoint) => {
    const [one, other] = [discs.get(a.id) ?? [], discs.get(b.id) ?? []];
    return Math.max(covered(one, other), covered(other, one));
  };
  return points.flatMap((point) => {
    const unit = units.find(({ id }) => id === point.muscle);
    if (!unit) return [];
    const others = [...new Set(points.map(({ muscle }) => muscle))].filter((muscle) => muscle !== unit.id);
    const most = (muscle: string) =>
      Math.max(...points.filter((other) => other.muscle === muscle).map((other) => overlap(point, other)));
    const wrong = others
      .filter((muscle) => units.some(({ id }) => id === muscle) && most(muscle) <= SHARED)
      .sort((a, b) => most(b) - most(a));
    const fact: Fact = {
      id: `point:${point.id}`,
      kind: "point",
      form: "point",
      about: unit.id,
      regions: [unit.group],
      from: "student",
      alike: wrong.length,
      right: named(unit.id, anatomy, names),
      wrong: wrong.map((muscle) => named(muscle, anatomy, names)),
      reasons: [{ lead: null, claim: point.zone_source }],
      end: null,
      sides: unit.sides,
    };
    return [fact];
  });
}
