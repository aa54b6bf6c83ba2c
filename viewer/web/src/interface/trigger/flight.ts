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

/** From between where the X and where the places of its pain are looked at, on its side. */
export function seenFrom(point: TriggerPoint, side: Side): Vec3 {
  const strokes = point.zones.filter(({ level }) => level === "essential").flatMap((zone) => zone.strokes);
  const seen = strokes.flatMap((stroke) => (stroke.seen === "nearest" ? [] : [TOWARDS[stroke.seen]]));
  const towards: [number, number, number] = [...TOWARDS[point.seen]];
  for (const one of seen) for (const axis of [0, 1, 2] as const) towards[axis] += one[axis] / seen.length;
  // LPS: x points to the subject's left.
  return [side === "left" ? towards[0] : -towards[0], towards[1], towards[2]];
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

/** The middle of a ball, mm around it that are seen with it, and from where: partly along its side, so that it hides less. */
function ballView(session: Session, id: string, side: Side, ball: string): View | null {
  const marks = session.marking.document?.points[id]?.[side];
  const direction = marks?.balls.find((entry) => entry.ball === ball)?.direction;
  const kind = session.anatomy.catalogue.safety.balls.find((one) => one.id === ball);
  if (!marks?.on_skin || !direction || !kind) return null;
  const [x, y] = direction;
  // Level, and square to the way it presses; of its two ends the one that is outward or behind.
  const level = Math.hypot(x, y) || 1;
  const outward = side === "left" ? 1 : -1;
  const sign = Math.sign(-y * outward + x) || 1;
  const along: Vec3 = [(-y / level) * sign, (x / level) * sign, 0];
  return {
    places: [marks.on_skin.triangle, ...marks.on_skin.weights],
    around: 70 + kind.diameter,
    towards: [along[0] - 0.75 * x, along[1] - 0.75 * y, 0.3],
  };
}

interface View {
  /** On the skin: triangle and two weights each. */
  readonly places: readonly number[];
  readonly around: number;
  readonly towards: Vec3;
}

/** Flies to where the pain of a trigger point is drawn, or to the ball that is shown; the pose is the scene's from then on. */
export async function flyToPattern(session: Session, id: string, side: Side): Promise<void> {
  const point = session.anatomy.catalogue.trigger_points[id];
  const marks = session.marking.document?.points[id]?.[side];
  const { stage } = session;
  if (!point || !marks || !stage) return;
  await stage.structuresReady(["skin"]);
  const { trigger, ball } = session.store.scene;
  if (trigger?.id !== id || trigger.side !== side || session.stage !== stage) return;
  const pattern: View = {
    places: marks.zones.flatMap((zone) => zone.dots),
    around: AROUND,
    towards: seenFrom(point, side),
  };
  const { places, around, towards } = (ball && ballView(session, id, side, ball)) || pattern;
  const points = stage.places("skin", places);
  if (!points?.length) return;
  const { layout, panels, store } = session;
  const { left, right, top, bottom } = insetsFor(layout.value, panels.value);
  const aspect = (layout.value.width - left - right) / Math.max(layout.value.height - top - bottom, 50);
  const pose = poseAround(widened(points, around), towards, aspect, store.scene.camera.field_of_view);
  session.dispatch({ type: "camera", camera: cameraOf(pose) });
}
