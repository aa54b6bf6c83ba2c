// What is done with nerve and muscle: variant, focus, comparison. Said once for panels and keys.
import type { Side } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import { nearestShare } from "../scene/section";
import { frameSection, frameSubjects } from "./framing";
import type { Aside, Session } from "./session";

/** Gives the side that is dealt with (or both, if they are to be alike) a variant. */
export function chooseVariant(session: Session, id: string): void {
  const { variant } = session.store.scene;
  const next: Scene["variant"] = session.alike.value
    ? { right: id, left: id }
    : { ...variant, [session.side.value]: id };
  session.dispatch({ type: "set", fields: { variant: next } });
}

/** Opens or closes the variants; what hides nerve and muscle recedes as they open. */
export function toggleVariants(session: Session): void {
  if (session.aside.value === "variants") {
    session.aside.set(null);
    return;
  }
  openAside(session, "variants");
  if (!session.store.scene.focus && !session.store.scene.isolated.length) toggleFocus(session);
}

/** Opens or closes the trigger points. */
export function toggleTriggers(session: Session): void {
  if (session.aside.value === "triggers") closeAside(session);
  else openAside(session, "triggers");
}

/** Opens or closes the lessons. */
export function toggleLessons(session: Session): void {
  if (session.aside.value === "lesson") closeAside(session);
  else openAside(session, "lesson");
}

/** Opens or closes the quiz. */
export function toggleQuiz(session: Session): void {
  if (session.aside.value === "quiz") closeAside(session);
  else openAside(session, "quiz");
}

/** Opens or closes the comparison of bodies, where there is another one. */
export function toggleBodies(session: Session): void {
  if (session.aside.value === "bodies") closeAside(session);
  else if (session.store.scene.beside || Object.keys(session.bodies).length) openAside(session, "bodies");
}

/** Nerve and muscle stand out, seen as closely as they fill the picture; or all else comes back. */
export function toggleFocus(session: Session): void {
  const { focus } = session.store.scene;
  session.dispatch({ type: "set", fields: { focus: !focus } });
  session.welcome.set(false);
  if (!focus) session.afterLayout(() => frameSubjects(session));
}

/** Two pictures side by side: what is shown, and the usual arrangement (or the first variant beside it). */
export function toggleCompare(session: Session): void {
  const { compare, variant } = session.store.scene;
  const [usual = "A", second = "B"] = session.anatomy.variants.map(({ id }) => id);
  const other = variant.right === usual && variant.left === usual ? second : usual;
  session.dispatch({
    type: "set",
    fields: {
      compare: compare ? null : { right: other, left: other },
      beside: null,
      ...(compare ? {} : { focus: true }),
    },
  });
  // Half a picture has room for one side.
  session.afterLayout(() => frameSubjects(session, compare !== null && session.alike.value));
}

/** Opens or closes the ruler and the numbers. */
export function toggleMeasure(session: Session): void {
  if (session.aside.value === "measure") closeAside(session);
  else openAside(session, "measure");
}

/** Lays a section across the nerve where it crosses piriformis, or takes it away. */
export function toggleSection(session: Session): void {
  const { section } = session.store.scene;
  if (section) {
    if (session.aside.value === "section") closeAside(session);
    else openAside(session, "section");
    return;
  }
  const side = session.side.value;
  const at = crossingOf(session, side);
  session.dispatch({ type: "set", fields: { section: { along: "nerve", side, at } } });
  openAside(session, "section");
  session.afterLayout(() => frameSection(session));
}

/** Where along the nerve, 0 to 1, it passes piriformis. */
export function crossingOf({ anatomy, store }: Session, side: Side): number {
  const lines = anatomy.centrelines(side, store.scene.variant[side]);
  return lines ? nearestShare(lines.nerve, lines.piriformis) : 0.5;
}

export function openAside(session: Session, aside: Aside): void {
  session.welcome.set(false);
  session.open.set(null);
  session.aside.set(aside);
}

/** Puts an aside away, with what only makes sense while it is open. */
export function closeAside(session: Session): void {
  const { aside, measuring } = session;
  if (aside.value === "section") session.dispatch({ type: "set", fields: { section: null } });
  if (aside.value === "lesson") session.dispatch({ type: "set", fields: { lesson: null } });
  if (measuring.active) measuring.toggle(false);
  aside.set(null);
}
