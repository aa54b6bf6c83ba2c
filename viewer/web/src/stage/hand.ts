// Drawing on the skin by hand: strokes become sets of its vertices.
import type { Body } from "./body";
import type { LayerKit } from "./layer";
import { firstHit, Probe } from "./picking";
import type { Brush, Vec3 } from "./types";

/** A stroke is looked at every so many CSS pixels, however fast the hand is. */
const STEP = 5;

export class Hand {
  brush: Brush | null = null;
  /** Vertices under the stroke that is being drawn. */
  covered = new Set<number>();
  /** The stroke is drawn, and kept in sight until the next look tells what it has come to. */
  private ended = false;
  private last: { x: number; y: number } | null = null;

  /** changed : the stroke has grown, or gone */
  constructor(
    private readonly kit: LayerKit,
    private readonly changed: () => void,
  ) {}

  /** Takes the brush up, or puts it down. */
  take(brush: Brush | null): void {
    this.brush = brush;
    this.covered = new Set();
    this.last = null;
    this.kit.controls.painter = brush && {
      begin: (x, y) => this.begin(x, y),
      move: (x, y) => this.move(x, y),
      end: (kept) => this.end(kept),
    };
  }

  /** Whether there is skin under the hand to draw on. */
  private begin(x: number, y: number): boolean {
    this.covered = new Set();
    this.ended = false;
    const body = this.body;
    // A part on its way between two shapes stands elsewhere than its search tree has it.
    if (body) this.kit.forest.grown(body).refit();
    const met = this.press(x, y);
    this.last = met ? { x, y } : null;
    if (met) this.changed();
    return met;
  }

  private move(x: number, y: number): void {
    const from = this.last ?? { x, y };
    const steps = Math.max(1, Math.ceil(Math.hypot(x - from.x, y - from.y) / STEP));
    for (let i = 1; i <= steps; i++)
      this.press(from.x + ((x - from.x) * i) / steps, from.y + ((y - from.y) * i) / steps);
    this.last = { x, y };
    this.changed();
  }

  private end(kept: boolean): void {
    const vertices = [...this.covered].sort((a, b) => a - b);
    this.last = null;
    this.ended = true;
    if (kept) this.brush?.done(vertices);
    else this.settle();
    this.changed();
  }

  /** Forgets a stroke that has ended: what has become of it is known elsewhere now. */
  settle(): void {
    if (this.ended) this.covered = new Set();
    this.ended = false;
  }

  private get body(): Body | undefined {
    return this.kit.cast.bodies.find(({ part }) => part === this.brush?.part);
  }

  /** Covers what lies around the place of the part under a place of the host. */
  private press(x: number, y: number): boolean {
    const { view, forest } = this.kit;
    const { body } = this;
    if (!body?.visible || !this.brush) return false;
    const probe = new Probe(view.eye, view.ray(x, y), null);
    const hit = firstHit([body], probe, forest, () => true);
    if (!hit) return false;
    for (const vertex of within(body, probe.at(hit.distance), hit.normal, this.brush.radius))
      this.covered.add(vertex);
    return true;
  }
}

/** Vertices of a body within a radius (mm) of a point on it that face the same way. */
export function within(body: Pick<Body, "geometry">, point: Vec3, facing: Vec3, radius: number): number[] {
  const positions = body.geometry.getAttribute("position").array as Float32Array;
  const normals = body.geometry.getAttribute("normal").array as Int16Array;
  const found: number[] = [];
  const [px, py, pz] = point;
  for (let i = 0; i < positions.length / 3; i++) {
    const dx = (positions[3 * i] as number) - px;
    const dy = (positions[3 * i + 1] as number) - py;
    const dz = (positions[3 * i + 2] as number) - pz;
    if (dx * dx + dy * dy + dz * dz > radius * radius) continue;
    const [nx, ny, nz] = [
      normals[4 * i] as number,
      normals[4 * i + 1] as number,
      normals[4 * i + 2] as number,
    ];
    if (nx * facing[0] + ny * facing[1] + nz * facing[2] > 0) found.push(i);
  }
  return found;
}
