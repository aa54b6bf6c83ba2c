// The flat picture of a section: what the plane meets, drawn in millimetres as it is seen along the plane's normal.
import type { Anatomy, Side } from "../../atlas/anatomy";
import type { Cut, Scene, Section } from "../../generated/scene";
import { namedAs } from "../../scene/naming";
import type { Contour, Vec3 } from "../../stage/types";
import { cross, dot, unit } from "../../stage/vector";

/** One structure in the section. */
export interface FlatShape {
  readonly id: string;
  /** Outline, SVG path in mm; holes by the even-odd rule. */
  readonly d: string;
  readonly area: number;
  /** A place for its name: the middle of what is seen of it, mm. */
  readonly middle: readonly [number, number];
  /** Whether a point lies in it, mm. */
  readonly holds: (x: number, y: number) => boolean;
}

export interface Basis {
  readonly right: Vec3;
  readonly up: Vec3;
}

const minus = (a: Vec3): Vec3 => [-a[0], -a[1], -a[2]];

/**
 * How the section is laid on the page. Across the nerve as radiologists do: from below, front up, the subject's right
 * to the left. Across piriformis: from outside, up is up.
 */
export function basisOf({ normal }: Cut, along: Section["along"], side: Side): Basis {
  const hint: Vec3 = along === "nerve" ? [0, -1, 0] : [0, 0, 1];
  const away = along === "nerve" ? normal[2] > 0 : normal[0] * (side === "right" ? 1 : -1) > 0;
  const view = away ? normal : minus(normal);
  const lean = dot(hint, view);
  const up = unit([hint[0] - view[0] * lean, hint[1] - view[1] * lean, hint[2] - view[2] * lean]);
  return { right: cross(view, up), up };
}

const LETTERS: readonly (readonly [axis: 0 | 1 | 2, sign: 1 | -1, letter: string, word: string])[] = [
  [0, -1, "R", "right"],
  [0, 1, "L", "left"],
  [1, -1, "A", "front"],
  [1, 1, "P", "back"],
  [2, 1, "S", "up"],
  [2, -1, "I", "down"],
];

/** Letters of the body's directions that a vector points to, the strongest first: "A", "SL". */
export function directionLetters(vector: Vec3): string {
  return LETTERS.map(([axis, sign, letter]) => ({ letter, share: vector[axis] * sign }))
    .filter(({ share }) => share > 0.45)
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join("");
}

interface Ring {
  readonly flat: Float64Array;
  readonly area: number;
}

function flatten(points: Float32Array, { right, up }: Basis, middle: Vec3): Ring {
  const count = points.length / 3;
  const flat = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    const at: Vec3 = [
      (points[i * 3] ?? 0) - middle[0],
      (points[i * 3 + 1] ?? 0) - middle[1],
      (points[i * 3 + 2] ?? 0) - middle[2],
    ];
    flat[i * 2] = dot(at, right);
    flat[i * 2 + 1] = -dot(at, up);
  }
  let area = 0;
  for (let i = 0; i < count; i++) {
    const j = ((i + 1) % count) * 2;
    area += (flat[i * 2] ?? 0) * (flat[j + 1] ?? 0) - (flat[j] ?? 0) * (flat[i * 2 + 1] ?? 0);
  }
  return { flat, area: Math.abs(area) / 2 };
}

const digits = (value: number) => String(Math.round(value * 100) / 100);

function path({ flat }: Ring): string {
  let d = "";
  for (let i = 0; i < flat.length; i += 2)
    d += `${i ? "L" : "M"}${digits(flat[i] ?? 0)} ${digits(flat[i + 1] ?? 0)}`;
  return `${d}Z`;
}

/** Mean of the outline's points inside the window; null if it has none there. */
function middleOf(rings: readonly Ring[], reach: number): [number, number] | null {
  let [x, y, count] = [0, 0, 0];
  const [largest] = [...rings].sort((a, b) => b.area - a.area);
  const { flat } = largest ?? { flat: new Float64Array() };
  for (let i = 0; i < flat.length; i += 2) {
    const [px = 0, py = 0] = [flat[i], flat[i + 1]];
    if (Math.abs(px) > reach || Math.abs(py) > reach) continue;
    x += px;
    y += py;
    count++;
  }
  return count ? [x / count, y / count] : null;
}

/** Whether a point lies within rings, by the even-odd rule. */
function holds(rings: readonly Ring[], x: number, y: number): boolean {
  let inside = false;
  for (const { flat } of rings)
    for (let i = 0, j = flat.length - 2; i < flat.length; j = i, i += 2) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = [flat[i], flat[i + 1], flat[j], flat[j + 1]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  return inside;
}

/** What a section meets within `reach` mm of its middle, the largest first, so that small things are drawn on top. */
export function flatShapes(
  contours: readonly Contour[],
  basis: Basis,
  middle: Vec3,
  reach: number,
): FlatShape[] {
  const rings = new Map<string, Ring[]>();
  for (const { id, points } of contours)
    rings.set(id, [...(rings.get(id) ?? []), flatten(points, basis, middle)]);
  return [...rings]
    .flatMap(([id, all]) => {
      const place = middleOf(all, reach);
      const area = all.reduce((sum, ring) => sum + ring.area, 0);
      if (!place) return [];
      const shape = { id, d: all.map(path).join(""), area, middle: place };
      return [{ ...shape, holds: (x: number, y: number) => holds(all, x, y) }];
    })
    .sort((a, b) => b.area - a.area);
}

/** What the section meets, in a sentence for those who do not see it. */
export function sectionWords(shapes: readonly FlatShape[], scene: Scene, anatomy: Anatomy): string {
  const names = shapes.map(({ id }) => {
    const entry = anatomy.entry(id);
    return anatomy.t.within(anatomy.brief(entry ? namedAs(entry, scene, anatomy) : id, "english"));
  });
  const { t } = anatomy;
  return names.length
    ? t("The section meets {names}.", { names: [...new Set(names)].join(", ") })
    : t("The section meets nothing.");
}
