// What happens when the pointer comes over something in the picture, and when it presses there.
import { type Anatomy, type NameMode, splitId } from "../atlas/anatomy";
import type { HoverEvent, PickEvent } from "../stage/types";
import type { Session } from "./session";
import { ownClickOnly } from "./tap";

/** "Insertion of right piriformis"; null if no structure has this footprint. */
export function footprintText(name: string, anatomy: Anatomy, mode: NameMode): string | null {
  for (const entry of Object.values(anatomy.atlas.structures)) {
    const print = entry.footprints.find((candidate) => candidate.name === name);
    if (!print) continue;
    const { t } = anatomy;
    const owner = t.within(anatomy.title(entry.id, mode).full);
    return print.end === "proximal"
      ? t("Origin of {name}", { name: owner })
      : t("Insertion of {name}", { name: owner });
  }
  return null;
}

/** Names what is under the pointer. */
export function hover(session: Session, { pick: found, x, y }: HoverEvent): void {
  if (session.overlay.value) return;
  session.hovered.set(found?.id ?? null);
  if (!found) {
    session.tip.set(null);
    return;
  }
  const mode = session.store.scene.names;
  const title = session.anatomy.title(found.id, mode);
  const print = found.footprint ? footprintText(found.footprint, session.anatomy, mode) : null;
  session.tip.set({
    x,
    y,
    text: found.landmark ? session.anatomy.landmarkTitle(found.landmark, mode) : title.full,
    secondary: print ?? title.secondary,
  });
}

/** Selects what was pressed; twice flies to it; with the ruler in hand it marks a point. */
export function pick(session: Session, event: PickEvent): void {
  if (session.taken?.(event)) return;
  const { pick: found, pointer, double } = event;
  if (session.measuring.active) {
    session.tip.set(null);
    if (found && !double) session.measuring.mark(found.point);
    return;
  }
  if (session.overlay.value) return;
  if (double) {
    // To what the first press selected: by the second one the picture may stand elsewhere.
    const { selected } = session.store.scene;
    if (selected !== null) void session.frame([selected]);
    return;
  }
  // The skin is there for its dots: pressing on it, or beside the body, leads nowhere else.
  if (session.aside.value === "triggers" && (!found || splitId(found.id)[0] === "skin")) return;
  session.tip.set(null);
  session.footprint.set(null);
  session.select(found?.id ?? null);
  if (!found) return;
  // A lesson, quiz or comparison goes on beside whatever is looked at.
  if (["lesson", "quiz", "bodies"].includes(session.aside.value ?? "")) return;
  session.aside.set(null);
  if (session.layout.value.name === "narrow") {
    if (pointer !== "mouse" && pointer !== "label" && session.stage) ownClickOnly(session.stage.canvas);
    session.open.set("card");
  }
}
