// What the keys lead through while something is looked for: what is in sight, from left to right and no name on it.
import { splitId } from "../../atlas/anatomy";
import type { Session } from "../session";
import type { Quiz } from "./state";
import { unitAt } from "./units";
import { inPicture } from "./viewing";

/** Fewer rays than this come upon a sliver, which is no candidate. */
const SLIVER = 2;
const MOST = 14;

/** Sided ids, one for each structure that is seen; what is looked for is among them. */
export function candidatesFor(session: Session, quiz: Quiz): string[] {
  const { stage, anatomy } = session;
  const about = quiz.question.value?.fact.about;
  const seen = inPicture(session);
  const best = new Map<string, { id: string; rays: number }>();
  for (const [member, rays] of seen) {
    const unit = unitAt(member, quiz.units);
    if (!unit) continue;
    const side = splitId(member)[1];
    const id = side ? `${unit.id}.${side}` : unit.id;
    const known = best.get(unit.id);
    if ((rays >= SLIVER || unit.id === about) && (!known || rays > known.rays))
      best.set(unit.id, { id, rays });
  }
  const found = [...best].sort(([a, one], [b, other]) => {
    const asked = Number(b === about) - Number(a === about);
    return asked || other.rays - one.rays;
  });
  const ids = found.slice(0, MOST).map(([, { id }]) => id);
  if (about && !best.has(about)) ids.push(...anatomy.membersOf(about).slice(0, 1));
  const across = (id: string) => {
    const [member] = anatomy.membersOf(id);
    const anchor = member ? anatomy.entry(member)?.anchor : undefined;
    return anchor && stage ? stage.project(anchor).x : 0;
  };
  return ids.sort((a, b) => across(a) - across(b));
}
