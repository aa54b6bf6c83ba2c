// A ball of true size, set into the skin where it may press.
import type { BufferGeometry, Mesh, ShaderMaterial } from "three";
import { type Body, LAYER } from "./body";
import type { Layer, LayerKit } from "./layer";
import { inLight } from "./palette";
import { geometryFrom, meshFrom, reform } from "./pieces";
import { BALL_FRAGMENT, BALL_VERTEX, MATTER } from "./shaders/skin";
import { material, setUniform } from "./surface";
import type { BallKind, BallLook, Look, Vec3 } from "./types";
import { add, cross, scale, unit } from "./vector";

/** Length of the short foam roller that is sold most, mm, and the round of its edges. */
const ROLLER = { length: 330, edge: 9 };

/** After all else on the body, which one sees through it. */
const ORDER = 1810;

interface Stuff {
  readonly matter: number;
  readonly base: string;
  readonly seam: string;
  /** How far one looks through its middle: what covers half the body must not hide it. */
  readonly clear: number;
}

const STUFF: Record<BallKind, Stuff> = {
  tennis_ball: { matter: MATTER.felt, base: "#c9dc3a", seam: "#f4f6ea", clear: 0.25 },
  lacrosse_ball: { matter: MATTER.rubber, base: "#e9eaec", seam: "#e9eaec", clear: 0.25 },
  roller: { matter: MATTER.foam, base: "#3e5c76", seam: "#3e5c76", clear: 0.7 },
};

/** The middle of a ball: over its vertex, sunk in along the way it presses. */
export function middleOf(ball: BallLook, positions: Float32Array): Vec3 {
  const [x = 0, y = 0, z = 0] = positions.subarray(3 * ball.vertex, 3 * ball.vertex + 3);
  return add([x, y, z], scale(ball.direction, ball.sinks - ball.radius));
}

export class BallLayer implements Layer {
  private readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;
  private shape = "";

  constructor(private readonly kit: LayerKit) {
    const { uCut, uExposure, uNoise } = kit.shared;
    const look = material(
      BALL_VERTEX,
      BALL_FRAGMENT,
      { uCut, uExposure, uNoise },
      { uKind: 0, uBase: [0, 0, 0], uSeam: [0, 0, 0], uClear: 0, uPlace: NOWHERE },
      { transparent: true, depthWrite: false },
    );
    this.mesh = meshFrom(turned([]), look, { order: ORDER, layer: LAYER.glass });
    this.mesh.visible = false;
    kit.scene.add(this.mesh);
  }

  show({ ball }: Look): void {
    const { cast } = this.kit;
    const body = cast.bodies.find(({ part }) => part === ball?.part);
    this.mesh.visible = !!ball && !!body;
    if (!ball || !body) return;
    this.form(ball);
    const middle = this.place(ball, body);
    const reach =
      Math.hypot(...middle) + Math.max(ball.radius, ball.kind === "roller" ? ROLLER.length / 2 : 0);
    cast.extent = { ...cast.extent, radius: Math.max(cast.extent.radius, reach) };
  }

  private form({ kind, radius }: BallLook): void {
    const shape = `${kind} ${radius}`;
    if (shape === this.shape) return;
    this.shape = shape;
    reform(this.mesh, turned(kind === "roller" ? roller(radius) : sphere(radius)));
    const { matter, base, seam, clear } = STUFF[kind];
    const { material: look } = this.mesh;
    setUniform(look, "uKind", matter);
    setUniform(look, "uClear", clear);
    setUniform(look, "uBase", inLight(base));
    setUniform(look, "uSeam", inLight(seam));
  }

  /** Stands it where it presses: its z axis level and across the way it presses. */
  private place(ball: BallLook, body: Body): Vec3 {
    const positions = body.geometry.getAttribute("position").array as Float32Array;
    const middle = middleOf(ball, positions);
    const level = unit(cross(ball.direction, [0, 0, 1]), [1, 0, 0]);
    const third = cross(level, ball.direction);
    const columns = [ball.direction, third, level, middle];
    setUniform(
      this.mesh.material,
      "uPlace",
      columns.flatMap(([x, y, z], i) => [x, y, z, i === 3 ? 1 : 0]),
    );
    return middle;
  }

  release(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

/** Points (distance from the axis, place along it) of an outline, with the directions out of it. */
type Outline = readonly { readonly at: readonly [number, number]; readonly out: readonly [number, number] }[];

/** A placing that is none. */
const NOWHERE = new Array<number>(16).fill(0);

const ARC = 28;
const ROUND = 64;

function arc(
  middle: readonly [number, number],
  radius: number,
  from: number,
  to: number,
  steps: number,
): Outline {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const turn = from + ((to - from) * i) / steps;
    const out = [Math.sin(turn), -Math.cos(turn)] as const;
    return { at: [middle[0] + radius * out[0], middle[1] + radius * out[1]] as const, out };
  });
}

const sphere = (radius: number): Outline => arc([0, 0], radius, 0, Math.PI, ARC);

function roller(radius: number): Outline {
  const { length, edge } = ROLLER;
  const [inner, end] = [radius - edge, length / 2 - edge];
  const flat = (z: number, out: number) => ({ at: [0, z] as const, out: [0, out] as const });
  return [
    flat(-length / 2, -1),
    ...arc([inner, -end], edge, 0, Math.PI / 2, 6),
    ...arc([inner, end], edge, Math.PI / 2, Math.PI, 6),
    flat(length / 2, 1),
  ];
}

/** The surface that an outline makes, turned round the z axis. */
export function turned(outline: Outline): BufferGeometry {
  const positions: number[] = [];
  const normals: number[] = [];
  const index: number[] = [];
  for (let k = 0; k <= ROUND; k++) {
    const turn = (2 * Math.PI * k) / ROUND;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    for (const { at, out } of outline) {
      positions.push(at[0] * c, at[0] * s, at[1]);
      normals.push(out[0] * c, out[0] * s, out[1]);
    }
  }
  const row = outline.length;
  for (let k = 0; k < ROUND; k++)
    for (let i = 0; i + 1 < row; i++) {
      const [a, b] = [k * row + i, (k + 1) * row + i];
      index.push(a, b, b + 1, a, b + 1, a + 1);
    }
  return geometryFrom(
    { position: [Float32Array.from(positions), 3], normal: [Float32Array.from(normals), 3] },
    index,
  );
}
