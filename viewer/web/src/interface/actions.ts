// What the tools and the keys do, said once for both.
import { visibleIn } from "../scene/actions";
import type { Session } from "./session";

/** Hides the selection, or brings it back if it is hidden. */
export function toggleHidden(session: Session): void {
  const { selected } = session.store.scene;
  if (!selected) {
    session.say(session.t("Select a structure first."));
    return;
  }
  const visible = visibleIn(session.store.scene, session.anatomy);
  const seen = session.anatomy.membersOf(selected).some((id) => visible.has(id));
  session.dispatch({ type: seen ? "hide" : "show", names: [selected] });
}

/** Shows the selection alone, or everything again. */
export function toggleIsolated(session: Session): void {
  const { selected, isolated } = session.store.scene;
  if (isolated.length) session.dispatch({ type: "isolate", names: [] });
  else if (selected && session.anatomy.membersOf(selected).length)
    session.dispatch({ type: "isolate", names: [selected] });
  else session.say(session.t("Select a structure first."));
}

/** How deep the peel is: never beyond the innermost layer. */
export function peelDepth(session: Session): number {
  return Math.min(session.store.scene.peel, session.anatomy.layers.length - 1);
}

export function setPeel(session: Session, depth: number): void {
  session.dispatch({ type: "peel", value: depth }, "peel");
}

export function toggleFade(session: Session): void {
  const { fade_others, selected } = session.store.scene;
  session.dispatch({ type: "set", fields: { fade_others: !fade_others } });
  if (!fade_others && !selected) session.say(session.t("Others fade as soon as something is selected."));
}
