// What a person can be asked to name or to find: structures that this body can show, wholes before their parts.
import type { Anatomy, Side } from "../../atlas/anatomy";
import { splitId } from "../../atlas/anatomy";
import { lineage } from "../../scene/visibility";
import type { Answer } from "./model";

export interface Unit {
  /** Without a side. */
  readonly id: string;
  readonly kind: Anatomy["catalogue"]["structures"][string]["kind"];
  readonly group: string;
  /** Sided ids of what it is drawn from. */
  readonly members: readonly string[];
  readonly sides: readonly Side[];
}

/** A part of a whole that is shown is not asked for: where one ends and the next begins is not seen. */
export function unitsOf(anatomy: Anatomy): Unit[] {
  return Object.values(anatomy.catalogue.structures).flatMap(({ id, kind, group, part_of }) => {
    const members = anatomy.membersOf(id);
    const partly = part_of !== null && anatomy.membersOf(part_of).length > 0;
    if (!members.length || partly || kind === "skin") return [];
    const sides = (["right", "left"] as const).filter((side) =>
      members.some((member) => splitId(member)[1] === side),
    );
    return [{ id, kind, group, members, sides }];
  });
}

/** Whether one is the other, a part of it, or the whole of it. */
export function related(a: string, b: string, anatomy: Anatomy): boolean {
  return lineage(a, anatomy.annotated).includes(b) || lineage(b, anatomy.annotated).includes(a);
}

/** The unit that a sided id stands for: of one of its members, or of all of them on a side. */
export function unitAt(id: string, units: readonly Unit[]): Unit | undefined {
  return units.find((unit) => unit.members.includes(id) || unit.id === splitId(id)[0]);
}

/** How little two are alike, 0 for the same: by kind before all, by group, and by how far apart they lie. */
export function unlikeness(a: Unit, b: Unit, anatomy: Anatomy): number {
  const group = a.group === b.group ? 0 : 1;
  const kind = a.kind === b.kind ? 0 : 3;
  const layer =
    anatomy.catalogue.structures[a.id]?.layer === anatomy.catalogue.structures[b.id]?.layer ? 0 : 1;
  return group + kind + 0.4 * layer + Math.min(apart(a, b, anatomy) / 300, 1);
}

/** Distance between the middles of two on the side that they share, mm. */
function apart(a: Unit, b: Unit, anatomy: Anatomy): number {
  const [p, q] = [middle(a, anatomy), middle(b, anatomy)];
  return Math.hypot(...p.map((value, axis) => value - (q[axis] ?? 0)));
}

function middle({ members }: Unit, anatomy: Anatomy): number[] {
  const member = members.find((id) => splitId(id)[1] !== "left") ?? members[0];
  const entry = member === undefined ? undefined : anatomy.entry(member);
  return [0, 1, 2].map((axis) => ((entry?.bounds[0]?.[axis] ?? 0) + (entry?.bounds[1]?.[axis] ?? 0)) / 2);
}

/** An answer that names a structure. */
export function named(id: string, anatomy: Anatomy, names: Parameters<Anatomy["title"]>[1]): Answer {
  return { key: id, text: anatomy.title(id, names).short };
}
