// What the picture shows while something is asked, and once it is answered: laid over the scene, which stays as it is.
import type { Anatomy, Side } from "../../atlas/anatomy";
import { DEFAULT_SCENE, type Scene } from "../../generated/scene";
import type { Vec3 } from "../../stage/types";
import type { Question } from "./model";
import { unitsOf } from "./units";

/** How much is left of a muscle that lies over the areas it is about. */
const THIN = 0.4;

/** Id of a structure on the side that is asked about. */
export const sided = (id: string, side: Side | null): string => (side ? `${id}.${side}` : id);

/** Nothing of the scene's own: neither what was hidden nor what was selected says anything here. */
function blank(): Partial<Scene> {
  const { hidden, shown, isolated, opacity, fade_others, peel, selected, footprints, labels, landmarks } =
    structuredClone(DEFAULT_SCENE);
  const { variant, compare, focus, heat, subcutaneous, cut, section, rulers, trigger, stipple, ball } =
    structuredClone(DEFAULT_SCENE);
  return {
    ...{ hidden, shown, isolated, opacity, fade_others, peel, selected, footprints, labels, landmarks },
    ...{ variant, compare, focus, heat, subcutaneous, cut, section, rulers, trigger, stipple, ball },
  };
}

const bonesOf = (anatomy: Anatomy): string[] =>
  unitsOf(anatomy)
    .filter(({ kind }) => kind === "bone")
    .map(({ id }) => id);

/** Structures that a variant is seen by. */
function around(side: Side | null): string[] {
  return [...["piriformis", "sciatic_nerve", "hip_bone", "femur"].map((id) => sided(id, side)), "sacrum"];
}

export interface Shown {
  readonly question: Question;
  readonly told: boolean;
  /** Layers that are taken off while something is looked for. */
  readonly peel: number;
  /** Sided id that the keys have come to, in a search. */
  readonly candidate: string | null;
}

/** Fields of the scene for a question. */
export function shownScene({ question, told, peel, candidate }: Shown, anatomy: Anatomy): Partial<Scene> {
  const { fact, side, level } = question;
  const own = sided(fact.about, side);
  const answer = sided(fact.right.key, side);
  const base = blank();
  const labels = told ? "selected" : "none";
  switch (fact.form) {
    case "name":
      return { ...base, shown: [own], selected: own, fade_others: true, footprints: "none", labels };
    case "find": {
      const selected = told ? own : candidate;
      // All of its kind come into sight with it: being there must not tell it.
      const kind = anatomy.annotation(fact.about)?.kind;
      const fellows = unitsOf(anatomy).filter((unit) => unit.kind === kind && unit.kind === "nerve");
      const shown = [fact.about, ...fellows.map(({ id }) => id)];
      return { ...base, shown, peel, selected, footprints: "none", labels };
    }
    case "nerve": {
      const nerve = told && anatomy.membersOf(answer).length ? answer : null;
      if (!nerve)
        return { ...base, shown: [own], selected: own, fade_others: true, footprints: "none", labels };
      return { ...base, isolated: [own, nerve, ...bonesOf(anatomy)], selected: nerve, labels };
    }
    case "bone":
    case "landmark": {
      const seen = told || level === "beginner";
      return {
        ...base,
        isolated: [...(seen ? [own] : []), ...bonesOf(anatomy)],
        opacity: told ? { [own]: THIN } : {},
        selected: seen ? own : null,
        footprints: told ? "selected" : "none",
        labels,
        landmarks: told && fact.form === "landmark",
      };
    }
    case "whose":
      return {
        ...base,
        isolated: [...(told ? [own] : []), ...bonesOf(anatomy)],
        opacity: told ? { [own]: THIN } : {},
        selected: own,
        footprints: "selected",
        labels,
      };
    case "variant":
    case "usual": {
      const variant = fact.form === "usual" && !told ? base.variant?.right : fact.right.key;
      const both = { right: variant ?? "A", left: variant ?? "A" };
      const bare = fact.form === "usual" && !told;
      return {
        ...base,
        variant: both,
        isolated: bare ? around(side).filter((id) => !id.startsWith("sciatic_nerve")) : around(side),
        footprints: "none",
      };
    }
    case "point": {
      const id = fact.id.slice("point:".length);
      return {
        ...base,
        shown: ["skin"],
        trigger: side ? { id, side } : null,
        selected: told ? own : null,
        labels,
      };
    }
  }
}

/** From where a question may be looked at, towards the eye: the picture takes the way from which most is seen. */
export function directions(side: Side | null): Vec3[] {
  const out = side === "left" ? 1 : -1;
  return [
    [0.2 * out, 1, 0.12],
    [0.8 * out, 0.75, 0.2],
    [out, 0.15, 0.1],
    [0.7 * out, -0.8, 0.15],
    [0.1 * out, -1, 0.15],
    [0.25 * out, 0.35, -1],
    [-0.9 * out, 0.5, 0.15],
  ];
}
