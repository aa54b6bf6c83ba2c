// Flights to the pattern of a trigger point: from where its places are looked at, as near as all of it fits.
import type { Side } from "../../atlas/anatomy";
import type { TriggerPoint } from "../../generated/catalogue";
import { poseAround } from "../../scene/fit";
import type { Vec3 } from "../../stage/types";
import { insetsFor } from "../layout";
import type { Session } from "../session";
import { cameraOf } from "../views";

/** Skin around the pattern that is seen with it, as mm on each side: without it one does not see where on the body it is. */
const AROUND = 60;

/** From the body to the eye, for places that are found from behind, from the side, or from the front. */
const TOWARDS: Record<"behind" | "side" | "front", Vec3> = {
  behind: [0.3, 1, 0.12],
  side: [1, 0.45, 0.08],
  front: [0.55, -1, 0.05],
};

/** From where a point is looked at, on its side. */
export function seenFrom(point: TriggerPoint, side: Side): Vec3 {
  const [lateral, back, up] = TOWARDS[point.seen];
  // LPS: x points to the subject's left.
  return [side === "left" ? lateral : -lateral, back, up];
}

/** The corners of a box around points, so much wider. */
function widened(points: Float32Array, by: number): number[] {
  const corners: number[] = [];
  for (let i = 0; i + 2 < points.length; i += 3)
    for (const sign of [-by, by])
      for (const axis of [0, 1, 2])
        for (const k of [0, 1, 2]) corners.push((points[i + k] ?? 0) + (k === axis ? sign : 0));
  return corners;
}

/** Flies to where the pain of a trigger point is drawn; the pose is the scene's from then on. */
export async function flyToPattern(session: Session, id: string, side: Side): Promise<void> {
  const point = session.anatomy.catalogue.trigger_points[id];
  const marks = session.marking.document?.points[id]?.[side];
  const { stage } = session;
  if (!point || !marks || !stage) return;
  await stage.structuresReady(["skin"]);
  const { trigger } = session.store.scene;
  if (trigger?.id !== id || trigger.side !== side || session.stage !== stage) return;
  const dots = marks.zones.flatMap((zone) => zone.dots);
  const points = stage.places("skin", dots);
  if (!points?.length) return;
  const { layout, panels, store } = session;
  const { left, right, top, bottom } = insetsFor(layout.value, panels.value);
  const aspect = (layout.value.width - left - right) / Math.max(layout.value.height - top - bottom, 50);
  const pose = poseAround(
    widened(points, AROUND),
    seenFrom(point, side),
    aspect,
    store.scene.camera.field_of_view,
    1.05,
  );
  session.dispatch({ type: "camera", camera: cameraOf(pose) });
}
