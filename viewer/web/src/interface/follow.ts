// A flight along the sciatic nerve, from its roots on the front of piriformis to the thigh.
import type { Anatomy, Side } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import { type Curve, centreline, nearestShare, pointAlong, sectionCut } from "../scene/section";
import type { CameraPose, StageApi, Vec3 } from "../stage/types";
import { add, ease, length, mix, scale, subtract, unit } from "../stage/vector";
import type { Session } from "./session";
import { Signal } from "./signal";

const FLIGHT_MS = 14_000;
/** Where motion is not wanted, the flight goes by steps and rests at each. */
const STEPS = 8;
const STEP_MS = 2500;

/** Length of the flight below the muscle, mm, and how much slower it begins than it ends. */
const THIGH = 230;
const SLOWNESS = 1.6;
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

/** How a flight goes along a nerve: slowly past the muscle, faster below it, and no farther than the thigh. */
export class Course {
  /** Share of the flight at which the nerve passes the muscle. */
  readonly passing: number;
  private readonly end: number;

  constructor(
    readonly nerve: Curve,
    readonly muscle: Curve,
  ) {
    const crossing = nearestShare(nerve, muscle);
    const { mm } = pointAlong(nerve, 1);
    this.end = Math.min(1, crossing + THIGH / mm);
    this.passing = (crossing / this.end) ** (1 / SLOWNESS);
  }

  /** Share of the nerve's length at a share of the flight. */
  along(share: number): number {
    return this.end * share ** SLOWNESS;
  }
}

/** Where the eye stands at a share of the flight: first before the sacrum, then over the pelvis to behind it. */
export function followPose(course: Course, side: Side, share: number, fieldOfView: number): CameraPose {
  const { point } = pointAlong(course.nerve, course.along(share));
  const out = outward(side);
  const front = unit([-0.75 * out, -0.75, 0.55]);
  const back = unit([0.3 * out, 1, 0.12]);
  const direction = unit(mix(front, back, ease(share / course.passing)), back);
  const distance = between(NEAR, FAR, ease((share - course.passing) / (1 - course.passing)));
  return { position: add(point, scale(direction, distance)), target: point, up: [0, 0, 1], fieldOfView };
}

/** Onto the face of the scene's section, from behind and above as far as its plane allows; null if there is none. */
export function sectionPose(scene: Scene, anatomy: Anatomy): CameraPose | null {
  const { section } = scene;
  const cut = sectionCut(scene, anatomy);
  const curve = section && centreline(section, scene, anatomy);
  if (!section || !cut || !curve) return null;
  const { point } = pointAlong(curve, section.at);
  const direction = unit(add(scale(cut.normal, 1), [0.15 * outward(section.side), 0.75, 0.1]));
  return {
    position: add(point, scale(direction, NEAR)),
    target: point,
    up: [0, 0, 1],
    fieldOfView: scene.camera.field_of_view,
  };
}

/** Which part of its course the nerve is in at a share of its length, in words. */
export function placeWords(nerve: Curve, muscle: Curve, share: number, anatomy: Anatomy, side: Side): string {
  const { t } = anatomy;
  const { point } = pointAlong(nerve, share);
  const near = Math.min(...muscle.map((other) => length(subtract(other, point))));
  if (near < 25) return t("at piriformis");
  if (share < nearestShare(nerve, muscle)) return t("in the pelvis");
  const trochanter = anatomy.atlas.landmarks[`lesser_trochanter.${side}`]?.[0]?.[2];
  return point[2] > (trochanter ?? Number.NEGATIVE_INFINITY) ? t("behind the hip") : t("in the thigh");
}

export class Follow {
  /** Share of the way, 0 to 1; null while no flight was begun. */
  readonly at = new Signal<number | null>(null);
  readonly playing = new Signal(false);
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Session) {}

  /** The way along the nerve of the side that is dealt with; null where this body has none. */
  get course(): Course | null {
    const { anatomy, side, store } = this.session;
    const lines = anatomy.centrelines(side.value, store.scene.variant[side.value]);
    return lines ? new Course(lines.nerve, lines.piriformis) : null;
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
    this.session.eye.keep();
  }

  /** Goes to a place, 0 to 1. */
  seek(share: number): void {
    const { course } = this;
    const { stage, side, store } = this.session;
    if (!course || !stage) return;
    const at = Math.min(1, Math.max(0, share));
    this.at.set(at);
    stage.setCamera(followPose(course, side.value, at, store.scene.camera.field_of_view));
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
