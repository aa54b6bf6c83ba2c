// What stands beside the scene and has to keep in step with it, whoever changed it: person, link, undo or Python.
import { splitId } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import type { Session } from "./session";

/** Brings shapes, paint, panels and the side that is dealt with into line with a scene that has changed. */
export function inStep(session: Session, scene: Scene, before: Scene): void {
  const { aside, side, alike, follow, heat, morphing, marking } = session;
  if (scene.variant !== before.variant) {
    void morphing.aim(scene.variant);
    if (scene.variant.right !== scene.variant.left) alike.set(false);
  }
  if (scene.heat !== before.heat || scene.variant !== before.variant) heat.refresh();
  if (scene.section && !before.section) {
    side.set(scene.section.side);
    if (!scene.lesson) aside.set("section");
  }
  if (!scene.section && before.section && aside.value === "section") aside.set(null);
  if (scene.trigger && scene.trigger !== before.trigger) {
    side.set(scene.trigger.side);
    marking.tend();
    if (!before.trigger && !scene.consult && !scene.lesson) aside.set("triggers");
  }
  if (scene.lesson && !before.lesson) aside.set("lesson");
  if (!scene.lesson && before.lesson && aside.value === "lesson") aside.set(null);
  const [, selected] = splitId(scene.selected ?? "");
  if (selected && scene.selected !== before.selected) side.set(selected);
  if (!scene.focus && before.focus) follow.stop();
}
