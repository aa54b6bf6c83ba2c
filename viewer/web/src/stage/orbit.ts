// The camera as a person thinks of it: turned around a target, up staying up. Pure functions on plain data.
import type { CameraPose, Vec3 } from "./types";
import { add, cross, dot, ease, length, mix, scale, subtract, unit } from "./vector";

/**
 * azimuth, elevation : radians of the direction from the target to the eye; azimuth 0 looks from the subject's left (+x),
 * 90° from behind (+y); elevation runs from −90° (from below) to 90°, both included
 * distance : mm · fieldOfView : angle of view over the height that panels leave free, degrees
 */
export interface Orbit {
  readonly target: Vec3;
  readonly azimuth: number;
  readonly elevation: number;
  readonly distance: number;
  readonly fieldOfView: number;
}

const QUARTER = Math.PI / 2;
const NEAREST_MM = 15;
const FARTHEST_MM = 20_000;

export const direction = (orbit: Orbit): Vec3 => [
  Math.cos(orbit.elevation) * Math.cos(orbit.azimuth),
  Math.cos(orbit.elevation) * Math.sin(orbit.azimuth),
  Math.sin(orbit.elevation),
];

/** Up on screen: defined at the poles too, so that a view straight from below is no special case. */
export const up = (orbit: Orbit): Vec3 => [
  -Math.sin(orbit.elevation) * Math.cos(orbit.azimuth),
  -Math.sin(orbit.elevation) * Math.sin(orbit.azimuth),
  Math.cos(orbit.elevation),
];

/** To the right on screen. */
export const right = (orbit: Orbit): Vec3 => cross(up(orbit), direction(orbit));

export function toPose(orbit: Orbit): CameraPose {
  return {
    position: add(orbit.target, scale(direction(orbit), orbit.distance)),
    target: orbit.target,
    up: up(orbit),
    fieldOfView: orbit.fieldOfView,
  };
}

/** The orbit of a pose. Its up only counts where the pose looks straight up or down; elsewhere up is up. */
export function fromPose(pose: CameraPose): Orbit {
  const offset = subtract(pose.position, pose.target);
  const towards = unit(offset, [0, 1, 0]);
  const elevation = Math.asin(Math.min(1, Math.max(-1, towards[2])));
  let azimuth = Math.atan2(towards[1], towards[0]);
  if (Math.hypot(towards[0], towards[1]) < 1e-3) {
    const sign = elevation > 0 ? -1 : 1;
    const flat = Math.hypot(pose.up[0], pose.up[1]);
    azimuth = flat > 1e-6 ? Math.atan2(sign * pose.up[1], sign * pose.up[0]) : QUARTER;
  }
  return limited({
    target: pose.target,
    azimuth,
    elevation,
    distance: Math.max(length(offset), NEAREST_MM),
    fieldOfView: pose.fieldOfView,
  });
}

function limited(orbit: Orbit): Orbit {
  return {
    ...orbit,
    elevation: Math.min(QUARTER, Math.max(-QUARTER, orbit.elevation)),
    distance: Math.min(FARTHEST_MM, Math.max(NEAREST_MM, orbit.distance)),
  };
}

/** Turned by angles in radians: a full turn sideways, from straight below to straight above up and down. */
export const turned = (orbit: Orbit, azimuth: number, elevation: number): Orbit =>
  limited({ ...orbit, azimuth: orbit.azimuth + azimuth, elevation: orbit.elevation + elevation });

/** Moved sideways so that what lies at the target's depth follows the pointer; pixels, `height` of the picture in pixels. */
export function panned(orbit: Orbit, dx: number, dy: number, height: number): Orbit {
  const perPixel = millimetresPerPixel(orbit, height);
  const shift = add(scale(right(orbit), -dx * perPixel), scale(up(orbit), dy * perPixel));
  return { ...orbit, target: add(orbit.target, shift) };
}

/** Nearer (factor < 1) or farther, with `fixed` staying where it is on screen. */
export function zoomed(orbit: Orbit, factor: number, fixed: Vec3 = orbit.target): Orbit {
  const distance = limited({ ...orbit, distance: orbit.distance * factor }).distance;
  const real = distance / orbit.distance;
  return { ...orbit, distance, target: mix(fixed, orbit.target, real) };
}

/** Size of a pixel at the target's depth, mm. */
export function millimetresPerPixel(orbit: Orbit, height: number): number {
  return (2 * orbit.distance * Math.tan((orbit.fieldOfView * Math.PI) / 360)) / Math.max(1, height);
}

/** The point at the target's depth under a place of the picture, given in pixels from its centre (x right, y down). */
export function pointAtTargetDepth(orbit: Orbit, x: number, y: number, height: number): Vec3 {
  const perPixel = millimetresPerPixel(orbit, height);
  return add(orbit.target, add(scale(right(orbit), x * perPixel), scale(up(orbit), -y * perPixel)));
}

/** The angle equal to `angle` that lies nearest to `reference`. */
export function nearestTurn(angle: number, reference: number): number {
  return angle - 2 * Math.PI * Math.round((angle - reference) / (2 * Math.PI));
}

/** A stage of the flight between two orbits, t from 0 to 1: around the target, the shortest way, up staying up. */
export function flight(from: Orbit, to: Orbit, t: number): Orbit {
  const s = ease(t);
  const end = nearestTurn(to.azimuth, from.azimuth);
  const between = (a: number, b: number) => a + (b - a) * s;
  return {
    target: mix(from.target, to.target, s),
    azimuth: between(from.azimuth, end),
    elevation: between(from.elevation, to.elevation),
    distance: Math.exp(between(Math.log(from.distance), Math.log(to.distance))),
    fieldOfView: between(from.fieldOfView, to.fieldOfView),
  };
}

/** Whether two orbits make the same picture, within what a person could see. */
export function same(a: Orbit, b: Orbit): boolean {
  const turn = Math.abs(nearestTurn(a.azimuth, b.azimuth) - b.azimuth) + Math.abs(a.elevation - b.elevation);
  return (
    turn < 1e-4 &&
    length(subtract(a.target, b.target)) < 1e-4 * b.distance &&
    Math.abs(a.distance / b.distance - 1) < 1e-4 &&
    Math.abs(a.fieldOfView - b.fieldOfView) < 1e-3
  );
}

/**
 * The orbit from the direction of `orbit` that fits points into the picture.
 *
 * points : LPS mm · aspect : width through height of the free part of the picture · part : free height through full
 * height, since the angle of view belongs to the full height
 */
export function fitted(orbit: Orbit, points: readonly Vec3[], aspect: number, margin = 1.06): Orbit {
  if (points.length === 0) return orbit;
  const axes = [right(orbit), up(orbit), direction(orbit)] as const;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const point of points)
    for (let axis = 0; axis < 3; axis++) {
      const value = dot(point, axes[axis] as Vec3);
      low[axis] = Math.min(low[axis] as number, value);
      high[axis] = Math.max(high[axis] as number, value);
    }
  const middle = [0, 1, 2].map((axis) => ((low[axis] as number) + (high[axis] as number)) / 2);
  const tangent = Math.tan((orbit.fieldOfView * Math.PI) / 360);
  let distance = NEAREST_MM;
  for (const point of points) {
    const x = Math.abs(dot(point, axes[0]) - (middle[0] as number));
    const y = Math.abs(dot(point, axes[1]) - (middle[1] as number));
    const z = dot(point, axes[2]) - (middle[2] as number);
    distance = Math.max(distance, z + (margin * Math.max(y, x / aspect)) / tangent);
  }
  const target = axes.reduce<Vec3>((sum, axis, i) => add(sum, scale(axis, middle[i] as number)), [0, 0, 0]);
  return limited({ ...orbit, target, distance });
}
