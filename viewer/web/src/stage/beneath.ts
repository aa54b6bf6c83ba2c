// From dots on the skin straight inwards to the first surface in sight.
import type { Body } from "./body";
import type { Stipple } from "./dots";
import { type Forest, firstHit, Probe } from "./picking";
import type { Vec3 } from "./types";

/** No tissue under the skin is thicker, mm: what lies deeper is another part of the body. */
const DEEPEST = 130;
/** Nothing may keep the page from answering for longer than this, ms. */
const PIECE_MS = 8;

interface Found {
  readonly solid: Stipple;
  readonly clear: Stipple;
}

/** Where dots stand on bodies: on those that hide, and on those that are see-through. Null when told to stop. */
export async function beneath(
  { centres, facing, essential }: Stipple,
  bodies: readonly Body[],
  forest: Forest,
  signal: AbortSignal,
): Promise<Found | null> {
  const found = { solid: new Growing(), clear: new Growing() };
  let until = performance.now() + PIECE_MS;
  for (let i = 0; i < essential.length; i++) {
    const at = vector(centres, i);
    const out = vector(facing, i);
    const probe = new Probe(at, [-out[0], -out[1], -out[2]], null);
    const hit = firstHit(bodies, probe, forest, () => true);
    if (hit && hit.distance < DEEPEST)
      found[hit.body.solid ? "solid" : "clear"].add(
        probe.at(hit.distance),
        hit.normal,
        essential[i] as number,
      );
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return null;
    until = performance.now() + PIECE_MS;
  }
  return { solid: found.solid.stipple, clear: found.clear.stipple };
}

const vector = (from: Float32Array, i: number): Vec3 => [
  from[3 * i] as number,
  from[3 * i + 1] as number,
  from[3 * i + 2] as number,
];

class Growing {
  private readonly centres: number[] = [];
  private readonly facing: number[] = [];
  private readonly essential: number[] = [];

  add(centre: Vec3, facing: Vec3, essential: number): void {
    this.centres.push(...centre);
    this.facing.push(...facing);
    this.essential.push(essential);
  }

  get stipple(): Stipple {
    return {
      centres: Float32Array.from(this.centres),
      facing: Float32Array.from(this.facing),
      essential: Float32Array.from(this.essential),
    };
  }
}
