// Brings the shapes on screen to the variants of the scene, each side for itself.
import type { Side } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import { type Morph, morph, muscleOpacity, progress, sideShapes, skinShapes } from "../scene/morph";
import type { ShapeLook } from "../stage/types";
import type { Session } from "./session";

const SIDES: readonly Side[] = ["right", "left"];

interface Standing {
  /** Variant that is on screen, or where the morph leads. */
  variant: string;
  morph: Morph | null;
}

export class Morphing {
  private readonly sides: Record<Side, Standing>;
  private changed = false;

  constructor(
    private readonly session: Session,
    scene: Scene,
  ) {
    this.sides = {
      right: { variant: scene.variant.right, morph: null },
      left: { variant: scene.variant.left, morph: null },
    };
  }

  /** Sets off to the variants of the scene, as soon as their shapes are there. */
  async aim(variant: Scene["variant"]): Promise<void> {
    await Promise.all(SIDES.map((side) => this.aimSide(side, variant[side])));
  }

  private async aimSide(side: Side, to: string): Promise<void> {
    const { stage, anatomy } = this.session;
    if (to === this.sides[side].variant || !stage || !anatomy.hasShapes(to)) return;
    const shapes = Object.keys(sideShapes(anatomy.atlas, side, { from: to, to, t: 1 }));
    try {
      await stage.shapesReady(shapes.map((part) => ({ part, shape: to })));
    } catch {
      // The stage has said so, with a way to try again.
      return;
    }
    // Another variant may have been chosen while the file was on its way.
    if (this.session.seen.variant[side] !== to || this.sides[side].variant === to) return;
    const from = this.sides[side].variant;
    const still = this.session.reducedMotion.value || this.session.picture.value.state !== "ready";
    const way = morph(anatomy.variant(from), anatomy.variant(to), performance.now());
    this.sides[side] = { variant: to, morph: still ? null : { from, to, ...way } };
    this.changed ||= still;
    this.session.redraw();
  }

  /** The shapes at this moment, of both sides and of the skin. */
  shapes(now: number): Record<string, ShapeLook> {
    const { anatomy, seen } = this.session;
    const looks = skinShapes(anatomy.atlas, seen.subcutaneous);
    for (const side of SIDES) {
      const { variant, morph: way } = this.sides[side];
      const look = way
        ? { from: way.from, to: way.to, t: progress(way, now) }
        : { from: variant, to: variant, t: 1 };
      Object.assign(looks, sideShapes(anatomy.atlas, side, look));
    }
    return looks;
  }

  /** The shapes of other variants than the scene's, at rest. */
  still(variant: Scene["variant"]): Record<string, ShapeLook> {
    const { anatomy, seen } = this.session;
    const looks = skinShapes(anatomy.atlas, seen.subcutaneous);
    for (const side of SIDES)
      Object.assign(looks, sideShapes(anatomy.atlas, side, { from: variant[side], to: variant[side], t: 1 }));
    return looks;
  }

  /** Factor on piriformis' opacity by side, while a nerve passes it. */
  fading(now: number): Partial<Record<Side, number>> {
    const factors: Partial<Record<Side, number>> = {};
    for (const side of SIDES) {
      const { morph: way } = this.sides[side];
      if (way) factors[side] = muscleOpacity(way, now);
    }
    return factors;
  }

  /** Whether any side is on its way; ends the ways that have come to their end. */
  moving(now: number): boolean {
    let moves = false;
    for (const side of SIDES) {
      const standing = this.sides[side];
      if (standing.morph && now >= standing.morph.start + standing.morph.ms) {
        standing.morph = null;
        this.changed = true;
      }
      moves ||= standing.morph !== null;
    }
    return moves;
  }

  /** Whether a side has come to another variant since this was last asked. */
  arrived(): boolean {
    const { changed } = this;
    this.changed = false;
    return changed;
  }

  /** Resolves when no side is on its way any more and every shape that is wanted and can be had stands. */
  async settled(): Promise<void> {
    await this.aim(this.session.seen.variant);
    while (this.moving(performance.now())) await new Promise((done) => requestAnimationFrame(done));
  }

  /** Variant that is to be seen on a side, or is being morphed to: another than the scene's while shapes are awaited. */
  shown(side: Side): string {
    return this.sides[side].variant;
  }
}
