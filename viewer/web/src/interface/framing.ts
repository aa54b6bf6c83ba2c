// Flights to what is spoken of: an attachment area, nerve and muscle, a section.
import type { CameraPose } from "../stage/types";
import { sectionPose, subjectsPose } from "./follow";
import type { Session } from "./session";
import { cameraOf } from "./views";

/** Flies to a pose, which is the scene's from now on: nothing that is laid out anew meanwhile leads elsewhere. */
function fly(session: Session, pose: CameraPose): void {
  session.dispatch({ type: "camera", camera: cameraOf(pose) });
}

/** Paints one footprint stronger and flies to it. */
export async function frameFootprint(session: Session, name: string): Promise<void> {
  if (session.store.scene.footprints === "none")
    session.dispatch({ type: "set", fields: { footprints: "selected" } });
  session.footprint.set(name);
  await session.stage?.frame([name]);
  session.eye.keep();
}

/** Flies to piriformis and the nerve beside it, from behind: on the side that is dealt with, or on both if they are alike. */
export function frameSubjects(session: Session, both = session.alike.value): void {
  const narrow = session.layout.value.name === "narrow";
  const sides = both && !narrow ? (["right", "left"] as const) : [session.side.value];
  const ids = sides.map((side) => `piriformis.${side}`).filter((id) => session.anatomy.entry(id));
  if (session.stage && ids.length) fly(session, subjectsPose(session.stage, ids, sides));
}

/** Flies to the section, so that its face is seen from the side that is cut away. */
export function frameSection(session: Session): void {
  const pose = sectionPose(session.store.scene, session.anatomy);
  if (pose) fly(session, pose);
}
