// The flat picture of a section: filled outlines with their names, letters of the directions, and a scale.
import type { Anatomy } from "../../atlas/anatomy";
import type { Scene } from "../../generated/scene";
import { namedAs } from "../../scene/naming";
import { isSubject, keepsFocus } from "../../scene/visibility";
import type { Vec3 } from "../../stage/types";
import { type Basis, directionLetters, type FlatShape } from "./flat";

interface FlatProps {
  shapes: readonly FlatShape[];
  basis: Basis;
  /** Half the width of the picture, mm. */
  reach: number;
  anatomy: Anatomy;
  scene: Scene;
  words: string;
  onGrab: () => void;
  /** Share of the picture's height that the finger has gone down since it was put on. */
  onDrag: (share: number) => void;
}

const minus = ([x, y, z]: Vec3): Vec3 => [-x, -y, -z];

export function FlatSection({ shapes, basis, reach, anatomy, scene, words, onGrab, onDrag }: FlatProps) {
  const type = reach / 12.5;
  const bar = reach < 60 ? 10 : 50;
  const edge = reach - type;
  const letters: [string, number, number][] = [
    [directionLetters(basis.up), 0, -edge + type * 0.35],
    [directionLetters(minus(basis.up)), 0, edge + type * 0.35],
    [directionLetters(minus(basis.right)), -edge, type * 0.35],
    [directionLetters(basis.right), edge, type * 0.35],
  ];
  return (
    <figure class="flat">
      <svg
        viewBox={`${-reach} ${-reach} ${2 * reach} ${2 * reach}`}
        role="img"
        aria-label={words}
        onPointerDown={(event) => {
          const start = event.clientY;
          const { currentTarget: box, pointerId } = event;
          const height = box.clientHeight;
          box.setPointerCapture(pointerId);
          onGrab();
          box.onpointermove = (move) => onDrag((move.clientY - start) / height / 2);
          box.onpointerup = box.onpointercancel = () => {
            box.onpointermove = null;
          };
        }}
      >
        {shapes.map(({ id, d }) => {
          const entry = anatomy.entry(id);
          return (
            <path
              key={id}
              class="flat-shape"
              data-kind={entry?.kind}
              data-far={entry && !keepsFocus(entry, anatomy.annotated) ? true : undefined}
              d={d}
              fill-rule="evenodd"
              stroke-width={reach / 140}
            />
          );
        })}
        {placed(shapes, anatomy, scene, reach, type).map(({ id, text, x, y, to, anchor }) => (
          <g key={id}>
            {to && (
              <path
                class="flat-leader"
                d={`M${to[0]} ${to[1]}L${x} ${y - type * 0.3}`}
                stroke-width={reach / 160}
              />
            )}
            <text class="flat-name" x={x} y={y} font-size={type} stroke-width={type / 4} text-anchor={anchor}>
              {text}
            </text>
          </g>
        ))}
        {letters.map(([text, x, y]) => (
          <text
            key={`${x} ${y}`}
            class="flat-letter"
            x={x}
            y={y}
            font-size={type * 1.05}
            text-anchor="middle"
          >
            {text}
          </text>
        ))}
        <g class="flat-scale" stroke-width={reach / 90}>
          <path d={`M${-edge} ${edge - type}v${type * 0.6}h${bar}v${-type * 0.6}`} />
          <text x={-edge + bar / 2} y={edge - type * 0.9} font-size={type * 0.9} text-anchor="middle">
            {bar} mm
          </text>
        </g>
      </svg>
      <figcaption class="aside">
        {words} {anatomy.t("Drag up and down to slide.")}
      </figcaption>
    </figure>
  );
}

interface Placed {
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Middle and width of the text, mm. */
  readonly middle: number;
  readonly width: number;
  readonly anchor: "start" | "middle" | "end";
  /** End of the line to what is named, for what is too small to hold its name. */
  readonly to: readonly [number, number] | null;
}

/** Names that fit: nerve and muscle first, then by size; one that would lie on another is left out. */
function placed(
  shapes: readonly FlatShape[],
  anatomy: Anatomy,
  scene: Scene,
  reach: number,
  type: number,
): Placed[] {
  const found: Placed[] = [];
  const edge = reach - type * 2.4;
  const rank = (shape: FlatShape) => {
    const entry = anatomy.entry(shape.id);
    return entry && isSubject(entry, anatomy.annotated) ? Number.POSITIVE_INFINITY : shape.area;
  };
  const free = (x: number, y: number, width: number) =>
    found.every(
      (other) =>
        Math.abs(other.y - y) > type * 1.15 ||
        Math.abs(other.middle - x) > (width + other.width) / 2 + type / 2,
    );
  for (const shape of [...shapes].sort((a, b) => rank(b) - rank(a))) {
    const entry = anatomy.entry(shape.id);
    const text = anatomy.brief(entry ? namedAs(entry, scene, anatomy) : shape.id, "english");
    // Both divisions of an undivided nerve are one thing to the eye.
    if (entry?.kind === "nerve" && found.some((other) => other.text === text)) continue;
    const width = text.length * type * 0.52;
    const [mx, my] = shape.middle;
    const subject = rank(shape) === Number.POSITIVE_INFINITY;
    const fits = [mx, mx - width / 2, mx + width / 2].find(
      (x) =>
        Math.abs(x) < edge - width / 2 && [-0.5, 0, 0.5].every((end) => shape.holds(x + end * width, my)),
    );
    // Of what is only context, no more than what holds its own name; what is looked at is named beside itself.
    if (fits === undefined && !subject) continue;
    const right = mx + type * 2 + width < edge;
    const beside = right ? mx + type * 2 : Math.max(mx - type * 2, width - edge);
    const x = fits ?? beside;
    const middle = fits ?? beside + (right ? width / 2 : -width / 2);
    const y = fits === undefined ? my - type * 1.6 : my + type * 0.35;
    const near = [y, y + type * 1.4, y - type * 1.4].find((at) => free(middle, at, width));
    if (near === undefined || Math.abs(near) > reach - type * 2) continue;
    const anchor = fits !== undefined ? "middle" : right ? "start" : "end";
    found.push({
      id: shape.id,
      text,
      x,
      y: near,
      middle,
      width,
      anchor,
      to: fits === undefined ? shape.middle : null,
    });
  }
  return found;
}
