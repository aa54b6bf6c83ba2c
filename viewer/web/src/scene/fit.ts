// A pose from which points fill the room that a picture has.
import type { CameraPose, Vec3 } from "../stage/types";

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: Vec3): Vec3 => {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** Factor of room around the points. */
const MARGIN = 1.05;

/**
 * `points`: 3 numbers each, LPS mm. `towards`: from the points to the eye. `aspect`: width over height of the free room.
 */
export function poseAround(
  points: ArrayLike<number>,
  towards: Vec3,
  aspect: number,
  fieldOfView: number,
): CameraPose {
  const back = unit(towards);
  const right = unit(cross([0, 0, 1], back));
  const up = cross(back, right);
  const axes = [right, up, back] as const;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 2 < points.length; i += 3) {
    const point: Vec3 = [points[i] ?? 0, points[i + 1] ?? 0, points[i + 2] ?? 0];
    axes.forEach((axis, k) => {
      const at = dot(point, axis);
      low[k] = Math.min(low[k] ?? at, at);
      high[k] = Math.max(high[k] ?? at, at);
    });
  }
  const middle = axes.map((_, k) => ((low[k] ?? 0) + (high[k] ?? 0)) / 2);
  const size = axes.map((_, k) => Math.max((high[k] ?? 0) - (low[k] ?? 0), 1));
  const target = axes.reduce<Vec3>(
    (sum, axis, k) => {
      const at = middle[k] ?? 0;
      return [sum[0] + axis[0] * at, sum[1] + axis[1] * at, sum[2] + axis[2] * at];
    },
    [0, 0, 0],
  );
  const tall = Math.max(size[1] ?? 1, (size[0] ?? 1) / Math.max(aspect, 0.1)) * MARGIN;
  const distance = tall / 2 / Math.tan((fieldOfView * Math.PI) / 360) + (size[2] ?? 0) / 2;
  const position = minus(target, [-back[0] * distance, -back[1] * distance, -back[2] * distance]);
  return { position, target, up: [0, 0, 1], fieldOfView };
}
