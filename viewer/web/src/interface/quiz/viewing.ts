// Flights to what is asked: from where most of it is really seen, among what lies around it.
import type { StructureEntry } from "../../generated/atlas";
import type { CameraPose, Pick, Vec3 } from "../../stage/types";
import { insetsFor } from "../layout";
import type { Session } from "../session";

/** Rays across the free part of the picture, each way. */
const GRID = 11;
const FINE = 24;
/** So much of the picture is plenty: other directions are not tried. */
const PLENTY = 0.06;
/** The first direction is kept unless another shows so much more of it: one stands where one expects to. */
const WORTH = 1.5;
const FLIGHT_MS = 700;

/** Points of the free part of the picture, host pixels. */
function grid(session: Session, count: number): [number, number][] {
  const { layout, panels } = session;
  const { left, right, top, bottom } = insetsFor(layout.value, panels.value);
  const width = Math.max(layout.value.width - left - right, 50);
  const height = Math.max(layout.value.height - top - bottom, 50);
  const at = (i: number, size: number) => ((i + 0.5) / count) * size;
  return Array.from({ length: count * count }, (_, i) => [
    left + at(i % count, width),
    top + at(Math.floor(i / count), height),
  ]);
}

/** A pose moved away from what it looks at, so that more is seen around it. */
export function further({ position, target, ...rest }: CameraPose, factor: number): CameraPose {
  const [x, y, z] = position.map((value, axis) => {
    const to = target[axis] ?? 0;
    return to + (value - to) * factor;
  });
  return { position: [x ?? 0, y ?? 0, z ?? 0], target, ...rest };
}

/** Silhouette of a box, seen from a direction, mm². */
function silhouette([low, high]: StructureEntry["bounds"], direction: Vec3): number {
  const size = [0, 1, 2].map((axis) => (high?.[axis] ?? 0) - (low?.[axis] ?? 0));
  const length = Math.hypot(...direction);
  return [0, 1, 2].reduce(
    (sum, axis) =>
      sum +
      (Math.abs(direction[axis] ?? 0) / length) * (size[(axis + 1) % 3] ?? 0) * (size[(axis + 2) % 3] ?? 0),
    0,
  );
}

/** From where what nothing hides is seen broadest; from the first direction unless another shows much more. */
export function broadest(bounds: StructureEntry["bounds"], towards: readonly Vec3[]): Vec3 | undefined {
  let [best] = towards;
  for (const direction of towards)
    if (best && silhouette(bounds, direction) > WORTH * silhouette(bounds, best)) best = direction;
  return best;
}

export interface Wanted {
  /** Structures or footprints that fill the picture. */
  readonly ids: readonly string[];
  /** How much more than these is seen. */
  readonly room: number;
  readonly towards: readonly Vec3[];
  /** Whether a ray has come upon what is asked. */
  readonly meets: (pick: Pick) => boolean;
}

/** Share of the rays, 0 to 1, that come upon what is asked, from where one stands. */
export function inSight(session: Session, meets: Wanted["meets"]): number {
  const points = grid(session, GRID);
  const hits = points.filter(([x, y]) => {
    const pick = session.stage?.pick(x, y);
    return pick ? meets(pick) : false;
  });
  return hits.length / points.length;
}

/** The pose from which most of it is seen, and how much that is. Nothing is drawn meanwhile. */
export function bestPose(session: Session, wanted: Wanted): { pose: CameraPose; share: number } | null {
  const { stage } = session;
  if (!stage || !wanted.ids.length) return null;
  const [only] = wanted.towards;
  if (only && wanted.towards.length === 1)
    return { pose: further(stage.poseFor(wanted.ids, { direction: only }), wanted.room), share: 1 };
  const before = stage.camera;
  let best: { pose: CameraPose; share: number } | null = null;
  for (const direction of wanted.towards) {
    const pose = further(stage.poseFor(wanted.ids, { direction }), wanted.room);
    stage.setCamera(pose);
    const share = inSight(session, wanted.meets);
    if (!best || share > best.share * WORTH) best = { pose, share };
    if (share >= PLENTY) break;
  }
  stage.setCamera(before);
  return best;
}

export function fly({ stage, reducedMotion }: Session, pose: CameraPose): void {
  void stage?.flyTo(pose, reducedMotion.value ? 0 : FLIGHT_MS);
}

/** Sided ids that are seen in the picture as it stands, with how many rays come upon each. */
export function inPicture(session: Session): Map<string, number> {
  const found = new Map<string, number>();
  for (const [x, y] of grid(session, FINE)) {
    const id = session.stage?.pick(x, y)?.id;
    if (id !== undefined) found.set(id, (found.get(id) ?? 0) + 1);
  }
  return found;
}
