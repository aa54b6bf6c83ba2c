// Draws when there is something to draw: quick pictures while things move, refined ones at rest if the machine can.
import type { WebGLRenderer } from "three";
import { Recent, whenDone } from "./clock";
import { type Pipeline, SAMPLES, type Shot } from "./pipeline";
import type { Studio } from "./studio";

/** A machine that needs longer than this for a quick picture at full size gets no refined ones, ms. */
const SLOW_MS = 60;
/** While moving, a picture should take no longer than this, ms; else it is drawn smaller. */
const FLUENT_MS = 34;
const SHARES = [1, 0.75, 0.55, 0.42];
/** Where the processor draws, the first picture is a small one: sharp ones follow at once. */
const FIRST_STEP = 3;
/** Time without motion until the picture counts as resting. */
const REST_MS = { card: 150, software: 320 };
/** More device pixels than these a CSS pixel are not worth their price. */
const SHARPEST = { card: 2, software: 1.5 };

/** Pictures in the mean of a portrait where the processor draws. */
const SOFTWARE_SAMPLES = 4;

export type Quality = "auto" | "high";

/** What the rhythm asks of the stage. */
export interface Player {
  /** Moves what moves; returns whether there is more to come. */
  advance(milliseconds: number): boolean;
  /** The scene in its present state. */
  shot(): Shot;
  /** A picture has been sent to the screen. */
  drawn(refined: boolean): void;
  /** The GPU has finished the first picture. */
  begun(): void;
  /** Motion has ended; called once, before refining. */
  rested(): void;
}

export class Rhythm {
  readonly pipeline: Pipeline;
  private readonly renderer: WebGLRenderer;
  quality: Quality = "auto";
  private readonly software: boolean;
  private readonly full = new Recent(9);
  private readonly moving = new Recent(9);
  private frame = 0;
  private timer = 0;
  private last = 0;
  private lastMotion = 0;
  private dirty = false;
  /** The camera has not moved for a while. */
  atRest = false;
  private refined = false;
  private drawing = false;
  private paused = false;
  private waiting = true;
  private begun = false;
  private step = 0;
  /** Time of a moving picture at each share, ms, and the last share that was worth its blur. */
  private readonly costs: (number | undefined)[] = [];
  private smallest = SHARES.length - 1;
  private size: [number, number] = [1, 1];
  private tooSlowToRefine = false;

  constructor(
    { renderer, pipeline, software }: Studio,
    private readonly player: Player,
  ) {
    this.renderer = renderer;
    this.software = software;
    this.pipeline = pipeline;
    this.step = software ? FIRST_STEP : 0;
  }

  /** Begins to draw, at once. Until then nothing is drawn: there is nothing to see yet. */
  begin(): void {
    this.waiting = false;
    this.resize(...this.size);
    cancelAnimationFrame(this.frame);
    this.lastMotion = performance.now();
    this.tick(this.lastMotion);
  }

  /** Nothing moves and nothing more will be drawn unless something changes. */
  get resting(): boolean {
    const busy = this.waiting || this.dirty || this.drawing || this.frame !== 0;
    return !busy && this.atRest && (this.refined || !this.refines);
  }

  private get restMs(): number {
    return this.software ? REST_MS.software : REST_MS.card;
  }

  get fullRatio(): number {
    return Math.min(this.software ? SHARPEST.software : SHARPEST.card, globalThis.devicePixelRatio || 1);
  }

  /** Device pixels per CSS pixel of the picture now being drawn. */
  get ratio(): number {
    return this.atRest ? this.fullRatio : this.fullRatio * (SHARES[this.step] as number);
  }

  get ratios(): readonly [number, number] {
    return [this.fullRatio * (SHARES[this.step] as number), this.fullRatio];
  }

  get refines(): boolean {
    if (this.quality === "high") return true;
    return !this.software && !this.tooSlowToRefine && this.full.quantile(0.5) < SLOW_MS;
  }

  get milliseconds(): number {
    return this.moving.count ? this.moving.quantile(0.5) : this.full.quantile(0.5);
  }

  resize(width: number, height: number): void {
    this.size = [width, height];
    /* a new size waits for all that the GPU has to do, which at the start is much */
    if (this.waiting) return;
    this.renderer.setPixelRatio(this.fullRatio);
    this.renderer.setSize(width, height, false);
    this.invalidate();
  }

  /** Something that is seen has changed. */
  invalidate(): void {
    this.dirty = true;
    this.refined = false;
    this.request();
  }

  /** The camera moves or is about to. */
  wake(): void {
    this.lastMotion = performance.now();
    this.atRest = false;
    this.invalidate();
  }

  /** The camera has jumped to where it stays: its picture there is one at rest, with no smaller one before it. */
  settle(): void {
    this.wake();
    this.lastMotion -= this.restMs;
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (paused) this.pipeline.dispose();
    else this.invalidate();
  }

  stop(): void {
    this.paused = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.pipeline.dispose();
  }

  private request(): void {
    if (this.frame || this.drawing || this.paused || this.waiting) return;
    clearTimeout(this.timer);
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.request(), milliseconds);
  }

  private tick(now: number): void {
    this.frame = 0;
    if (this.paused || this.drawing) return;
    const elapsed = Math.min(now - this.last, 60);
    this.last = now;
    const more = this.player.advance(elapsed);
    if (more) {
      this.atRest = false;
      this.lastMotion = performance.now();
      this.dirty = true;
    }
    const quiet = performance.now() - this.lastMotion;
    if (!this.atRest && !more && quiet >= this.restMs) this.rest();
    if (this.dirty) this.drawQuick(more);
    else if (this.atRest && !this.refined && this.refines) this.drawRefined();
    else if (!this.atRest) this.later(this.restMs - quiet);
  }

  private rest(): void {
    this.atRest = true;
    this.refined = false;
    this.player.rested();
    if (this.step > 0) this.dirty = true;
    else if (!this.dirty && !this.refines) this.player.drawn(true);
  }

  private setSize(): void {
    const [width, height] = this.size;
    const { ratio } = this;
    this.pipeline.resize(
      Math.max(1, Math.round(width * ratio)),
      Math.max(1, Math.round(height * ratio)),
      ratio,
    );
  }

  private drawQuick(more: boolean): void {
    this.dirty = false;
    this.setSize();
    const full = this.ratio === this.fullRatio;
    const shot = this.player.shot();
    this.pipeline.drawQuick(shot);
    this.pipeline.present(shot);
    this.player.drawn(this.atRest && !this.refines);
    const first = !this.begun;
    this.begun = true;
    this.finish((spent) => {
      if (first) this.player.begun();
      (full ? this.full : this.moving).add(spent);
      if (!this.atRest) this.adapt(spent);
      if (more || this.dirty || !this.atRest || this.refines) this.request();
    });
  }

  /**
   * Draws moving pictures smaller where they take too long and larger where there is time to spare; not smaller than is
   * of use, for where it is the number of triangles that costs, pixels saved are saved for nothing.
   */
  private adapt(spent: number): void {
    if (this.quality === "high") {
      this.step = 0;
      return;
    }
    const known = this.costs[this.step];
    this.costs[this.step] = known === undefined ? spent : known + (spent - known) * 0.4;
    const cost = this.costs[this.step] as number;
    const larger = this.costs[this.step - 1];
    if (this.step > 0 && larger !== undefined && cost > larger * 0.85) {
      this.step--;
      this.smallest = this.step;
    } else if (cost > FLUENT_MS * 1.25 && this.step < this.smallest) this.step++;
    else if (cost < FLUENT_MS * 0.3 && this.step > 0) this.step--;
  }

  private drawRefined(): void {
    const shot = this.player.shot();
    const last = this.pipeline.refine(shot);
    this.pipeline.present(shot);
    this.refined = last;
    this.player.drawn(last);
    this.finish((spent) => {
      if (spent > SLOW_MS * 4 && this.quality === "auto") this.tooSlowToRefine = true;
      if (!last || this.dirty) this.request();
    });
  }

  private finish(then: (milliseconds: number) => void): void {
    this.drawing = true;
    void whenDone(this.renderer.getContext() as WebGL2RenderingContext).then((spent) => {
      this.drawing = false;
      if (!this.paused) then(spent);
    });
  }

  /** A refined picture at any size, on the canvas when this resolves; the caller must read it in the same task. */
  async portrait(
    width: number,
    height: number,
    ratio: number,
    samples = this.software ? SOFTWARE_SAMPLES : SAMPLES,
    signal?: AbortSignal,
  ): Promise<void> {
    while (this.drawing) await new Promise((resolve) => setTimeout(resolve, 4));
    this.drawing = true;
    try {
      this.renderer.setPixelRatio(ratio);
      this.renderer.setSize(width, height, false);
      this.pipeline.resize(Math.round(width * ratio), Math.round(height * ratio), ratio);
      const shot = this.player.shot();
      this.pipeline.drawQuick(shot);
      const gl = this.renderer.getContext() as WebGL2RenderingContext;
      for (let k = 0; k < samples; k++) {
        this.pipeline.refine(shot, samples);
        await whenDone(gl);
        if (this.paused || signal?.aborted) return;
      }
      this.pipeline.present(shot);
    } finally {
      this.drawing = false;
    }
  }

  /** Back to the canvas as it is shown. */
  resume(): void {
    this.resize(...this.size);
  }
}
