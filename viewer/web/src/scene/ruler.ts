// Straight distances between two points, and how they are written.
import type { Translate } from "../language/translate";
import type { Vec3 } from "../stage/types";

/** Millimetres between two points, LPS mm. */
export const distance = (from: Vec3, to: Vec3): number =>
  Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);

/** "8.4 mm", "62 mm": as exact as a finger on a screen can be. */
export const millimetres = (mm: number, t: Translate): string => `${t.number(mm, mm < 20 ? 1 : 0)} mm`;
