// Room that panels take is given and taken smoothly: the picture slides to its new middle as the camera flies there.
import type { Insets } from "../stage/types";
import { ease } from "../stage/vector";

const EDGES = ["top", "right", "bottom", "left"] as const;

const same = (a: Insets, b: Insets) => EDGES.every((edge) => a[edge] === b[edge]);

export class Glide {
  private from: Insets;
  private start = 0;
  private ms = 0;

  constructor(private to: Insets) {
    this.from = to;
  }

  /** Sets off for other insets; without `ms` they hold at once. */
  aim(to: Insets, now: number, ms: number): void {
    if (same(to, this.to)) return;
    this.from = this.at(now);
    this.to = to;
    this.start = now;
    this.ms = ms;
  }

  at(now: number): Insets {
    if (!this.moving(now)) return this.to;
    const s = ease((now - this.start) / this.ms);
    const between = (edge: (typeof EDGES)[number]) => this.from[edge] + (this.to[edge] - this.from[edge]) * s;
    return { top: between("top"), right: between("right"), bottom: between("bottom"), left: between("left") };
  }

  moving(now: number): boolean {
    return now < this.start + this.ms;
  }
}
