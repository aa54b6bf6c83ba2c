// A flight along the sciatic nerve, from its roots on the front of piriformis to the thigh.
import type { Anatomy, Side } from "../atlas/anatomy";
import { type Curve, pointAlong } from "../scene/section";
import type { CameraPose, StageApi, Vec3 } from "../stage/types";
import { add, ease, mix, scale, unit } from "../stage/vector";
import type { Session } from "./session";
import { Signal } from "./signal";

const FLIGHT_MS = 14_000;
/** Where motion is not wanted, the flight goes by steps and rests at each. */
const STEPS = 8;
const STEP_MS = 2500;

/** Share of the way at which the eye has come from the front of the pelvis to behind it. */
const BEHIND = 0.3;
/** Distance of the eye, mm: near in the pelvis, farther along the thigh. */
const NEAR = 460;
const FAR = 760;

/** Towards the outside of a side, along x. */
const outward = (side: Side) => (side === "right" ? -1 : 1);

const between = (a: number, b: number, t: number) => a + (b - a) * t;

/** From behind and a little from outside, so near that the given structures fill the picture with some room around. */
export function subjectsPose(stage: StageApi, ids: readonly string[], sides: readonly Side[]): CameraPose {
  const [only] = sides;
  const aside = sides.length === 1 && only ? 0.3 * outward(only) : 0;
  const pose = stage.poseFor(ids, { direction: unit([aside, 1, 0.12]), up: [0, 0, 1] });
  const room = sides.length === 1 ? 1.5 : 1.15;
  // The nerve goes on below the muscle: there the picture needs more room than above it.
  const lower: Vec3 = [0, 0, -12];
  const target = add(pose.target, lower);
  return { ...pose, position: mix(target, add(pose.position, lower), room), target };
}

/** Where the eye stands at a share of the way along a nerve: first before the sacrum, then over the pelvis to behind it. */
export function followPose(curve: Curve, side: Side, share: number, fieldOfView: number): CameraPose {
  const { point } = pointAlong(curve, share);
  const out = outward(side);
  const front = unit([-0.75 * out, -0.75, 0.55]);
  const back = unit([0.3 * out, 1, 0.12]);
  const direction = unit(mix(front, back, ease(share / BEHIND)), back);
  const distance = between(NEAR, FAR, ease((share - BEHIND) / (1 - BEHIND)));
  return {
    position: add(point, scale(direction, distance)),
    target: point,
    up: [0, 0, 1],
    fieldOfView,
  };
}

/** Which part of its course the nerve is in, in words. */
export function placeWords(curve: Curve, muscle: Curve, share: number, anatomy: Anatomy, side: Side): string {
  const { point } = pointAlong(curve, share);
  const near = Math.min(
    ...muscle.map((other) => Math.hypot(other[0] - point[0], other[1] - point[1], other[2] - point[2])),
  );
  const trochanter = anatomy.atlas.landmarks[`lesser_trochanter.${side}`]?.[0]?.[2] ?? Number.NEGATIVE_INFINITY;
  if (near < 25) return "at piriformis";
  if (share < BEHIND) return "in the pelvis";
  return point[2] > trochanter ? "behind the hip" : "in the thigh";
}

export class Follow {
  /** Share of the way, 0 to 1; null while no flight was begun. */
  readonly at = new Signal<number | null>(null);
  readonly playing = new Signal(false);
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Session) {}

  /** Middle curves of the side that is dealt with; undefined where this body has none. */
  get curves() {
    const { anatomy, side, store } = this.session;
    return anatomy.centrelines(side.value, store.scene.variant[side.value]);
  }

  play(): void {
    const from = this.at.value ?? 0;
    this.seek(from >= 1 ? 0 : from);
    this.playing.set(true);
    if (this.session.reducedMotion.value) this.stepOn();
    else this.flyOn(performance.now(), this.at.value ?? 0);
  }

  /** Stands still where it is; the pose goes into the scene. */
  pause(): void {
    if (!this.playing.value) return;
    this.halt();
    this.session.keepCamera();
  }

  /** Goes to a place, 0 to 1. */
  seek(share: number): void {
    const curve = this.curves?.nerve;
    const { stage, side, store } = this.session;
    if (!curve || !stage) return;
    this.at.set(Math.min(1, Math.max(0, share)));
    stage.setCamera(followPose(curve, side.value, share, store.scene.camera.field_of_view));
  }

  stop(): void {
    this.halt();
    this.at.set(null);
  }

  private halt(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.playing.set(false);
  }

  private flyOn(start: number, from: number): void {
    this.frame = requestAnimationFrame(() => {
      const share = from + (performance.now() - start) / FLIGHT_MS;
      this.seek(share);
      if (share >= 1) this.pause();
      else this.flyOn(start, from);
    });
  }

  private stepOn(): void {
    this.timer = setTimeout(() => {
      const share = (this.at.value ?? 0) + 1 / STEPS;
      this.seek(share);
      if (share >= 1) this.pause();
      else this.stepOn();
    }, STEP_MS);
  }
}
