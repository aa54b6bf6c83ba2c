// Areas painted into the skin: where pressing is allowed, what a person has marked, the nerve beneath, a ball's shadow.
import type { BufferAttribute } from "three";
import { middleOf } from "./ball";
import type { Body } from "./body";
import { Hand } from "./hand";
import { type Layer, type LayerKit, same } from "./layer";
import { firstHit, Probe } from "./picking";
import type { BallLook, Brush, Look, StainLook, Vec3 } from "./types";
import { dot, length, subtract } from "./vector";

/** The way of a nerve is shown so far around a ball, mm. */
const AROUND_BALL = 110;
/** How far from a ball its shadow reaches, mm. */
const SHADOW = 16;
/** Places of the numbers that the shader reads at each vertex. */
const RED = { safe: 0, drawn: 1, nerve: 2, shadow: 3 } as const;

export class Stains implements Layer {
  private readonly hand: Hand;
  private look: Look | null = null;
  /** What the paint was last derived from: all but the stroke, and the stroke. */
  private ground: readonly unknown[] = [];
  private stroke: readonly unknown[] = [];
  private body: Body | null = null;
  private base: Uint8Array = new Uint8Array();
  private values: Uint8Array | null = null;

  constructor(private readonly kit: LayerKit) {
    this.hand = new Hand(kit, () => this.paint());
  }

  show(look: Look): void {
    this.look = look;
    this.hand.settle();
    this.paint();
  }

  brush(brush: Brush | null): void {
    this.hand.take(brush);
    this.paint();
  }

  /** Brings the part's paint in line with the look and the stroke that is being drawn. */
  private paint(): void {
    const { stain = null, ball = null } = this.look ?? {};
    const { brush, covered } = this.hand;
    // A brush that is taken up gets its paint ready: the first touch must not wait for it.
    const part = stain?.part ?? ball?.part ?? brush?.part;
    const body = this.kit.cast.bodies.find((each) => each.part === part) ?? null;
    const ground = [body, ...stands(body), stain?.safe, stain?.drawn, ball?.vertex, ball?.radius];
    const laid = same(ground, this.ground);
    if (laid && same([covered, covered.size], this.stroke)) return;
    this.ground = ground;
    this.stroke = [covered, covered.size];
    if (this.body && this.body !== body) this.body.stain(null);
    this.body = body;
    if (!body) return;
    if (!laid) this.base = this.groundOf(body, stain, ball);
    if (this.values?.length !== this.base.length) this.values = new Uint8Array(this.base.length);
    this.values.set(this.base);
    for (const vertex of covered) this.values[4 * vertex + RED.drawn] = brush?.erase ? 0 : 255;
    soften(this.values, body.geometry.index?.array as Uint32Array);
    body.stain(this.values);
    this.kit.redraw();
  }

  /** All but the stroke, with sharp edges. */
  private groundOf(body: Body, stain: StainLook | null, ball: BallLook | null): Uint8Array {
    const values = new Uint8Array(4 * body.geometry.getAttribute("position").count);
    for (const vertex of stain?.safe ?? []) values[4 * vertex + RED.safe] = 255;
    for (const vertex of stain?.drawn ?? []) values[4 * vertex + RED.drawn] = 255;
    if (ball) this.around(ball, body, values);
    return values;
  }

  /** The nerve's way beneath, and the ball's shadow. */
  private around(ball: BallLook, body: Body, values: Uint8Array): void {
    const positions = body.geometry.getAttribute("position").array as Float32Array;
    const normals = body.geometry.getAttribute("normal").array as Int16Array;
    const middle = middleOf(ball, positions);
    const shunned = this.kit.cast.bodies.filter(({ id }) => ball.shunned.includes(id));
    for (let i = 0; i < positions.length / 3; i++) {
      const point = vector(positions, 3 * i);
      const off = subtract(point, middle);
      const away = length(off);
      if (away > ball.radius + AROUND_BALL || dot(vector(normals, 4 * i), ball.direction) > 0) continue;
      if (ball.kind !== "roller")
        values[4 * i + RED.shadow] = Math.round(
          255 * Math.max(0, 1 - Math.max(0, away - ball.radius) / SHADOW) ** 2,
        );
      const probe = new Probe(point, ball.direction, null);
      const over = firstHit(shunned, probe, this.kit.forest, () => true);
      const fade = 1 - Math.max(0, away - ball.radius) / AROUND_BALL;
      if (over && over.distance < AROUND_BALL) values[4 * i + RED.nerve] = Math.round(255 * Math.sqrt(fade));
    }
  }

  release(): void {
    this.ground = [];
  }

  stop(): void {
    this.hand.take(null);
  }
}

/** What changes when a body takes on another shape. */
const stands = (body: Body | null) => [
  body?.geometry,
  (body?.geometry.getAttribute("position") as BufferAttribute | undefined)?.version,
];

/** Rounds of taking the mean with what a vertex is joined to: areas end in a curve, not in steps from vertex to vertex. */
const ROUNDS = 2;

/** values : 4 numbers for each vertex, softened in place · index : of the triangles */
export function soften(values: Uint8Array, index: Uint32Array): void {
  const count = values.length / 4;
  const joined = new Uint16Array(count);
  for (const vertex of index) joined[vertex] = (joined[vertex] as number) + 2;
  const sums = new Uint32Array(values.length);
  for (let round = 0; round < ROUNDS; round++) {
    sums.fill(0);
    for (let i = 0; i + 2 < index.length; i += 3) {
      const [a, b, c] = [
        4 * (index[i] as number),
        4 * (index[i + 1] as number),
        4 * (index[i + 2] as number),
      ];
      for (let k = 0; k < 4; k++) {
        const [va, vb, vc] = [values[a + k] as number, values[b + k] as number, values[c + k] as number];
        if (!(va | vb | vc)) continue;
        sums[a + k] = (sums[a + k] as number) + vb + vc;
        sums[b + k] = (sums[b + k] as number) + va + vc;
        sums[c + k] = (sums[c + k] as number) + va + vb;
      }
    }
    for (let i = 0; i < values.length; i++) {
      const around = joined[i >> 2] as number;
      if (around) values[i] = ((values[i] as number) + (sums[i] as number) / around) / 2;
    }
  }
}

const vector = (from: Float32Array | Int16Array, at: number): Vec3 => [
  from[at] as number,
  from[at + 1] as number,
  from[at + 2] as number,
];
