// Hands on the canvas: mouse, fingers, wheel and keys become turns, shifts and zooms, with a little inertia.

/** What the controls ask of the stage. Angles in radians, distances in CSS pixels. */
export interface Steered {
  turn(azimuth: number, elevation: number): void;
  shift(dx: number, dy: number): void;
  /** x, y : place on the canvas that stays where it is */
  zoomAt(factor: number, x: number, y: number): void;
  hover(x: number, y: number): void;
  leave(): void;
  press(x: number, y: number, event: PointerEvent, double: boolean): void;
  /** Something will move: draw pictures until `step` returns false. */
  wake(): void;
}

/** What draws while it is held over the canvas: one finger, pen or left button; places are CSS pixels of the canvas. */
export interface Painter {
  /** Whether there is something under the hand to draw on; else it turns as usual. */
  begin(x: number, y: number): boolean;
  move(x: number, y: number): void;
  /** kept : the stroke counts; not if a second finger came down */
  end(kept: boolean): void;
}

/** Turn per pixel of drag. */
const TURN = 0.0062;
/** A press that moves less than this (pixels) is a click. */
const CLICK = 5;
const DOUBLE_MS = 350;
/** Time constant with which pending motion is used up, ms. */
const GLIDE_MS = 70;
const KEY_TURN = (7.5 * Math.PI) / 180;
const KEY_SHIFT = 40;

interface Finger {
  x: number;
  y: number;
}

export class Controls {
  reducedMotion = false;
  private brush: Painter | null = null;
  /** Draws the stroke that is under way. */
  private painting: Painter | null = null;
  /** Presses of the mouse in quick succession, as the system counts them. */
  private clicks = 0;
  private readonly fingers = new Map<number, Finger>();
  private readonly abort = new AbortController();
  private pressed: { x: number; y: number; time: number } | null = null;
  private lastClick: { x: number; y: number; time: number } | null = null;
  private speed = { azimuth: 0, elevation: 0, time: 0 };
  private pending = { azimuth: 0, elevation: 0, dx: 0, dy: 0, zoom: 0, x: 0, y: 0 };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly steered: Steered,
  ) {
    const { signal } = this.abort;
    canvas.addEventListener("pointerdown", (event) => this.down(event), { signal });
    canvas.addEventListener("mousedown", ({ detail }) => (this.clicks = detail), { signal });
    canvas.addEventListener("pointermove", (event) => this.move(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.up(event, true), { signal });
    canvas.addEventListener("pointercancel", (event) => this.up(event, false), { signal });
    canvas.addEventListener("pointerleave", () => this.fingers.size === 0 && steered.leave(), { signal });
    canvas.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  }

  /** Draws instead of turning, while there is one. */
  get painter(): Painter | null {
    return this.brush;
  }

  set painter(painter: Painter | null) {
    this.brush = painter;
    this.canvas.style.cursor = painter ? "crosshair" : "";
  }

  /** Whether a hand is on the canvas or its motion still goes on. */
  get busy(): boolean {
    return this.moved || this.gliding;
  }

  private get moved(): boolean {
    return this.fingers.size > 0 && this.pressed === null;
  }

  private get gliding(): boolean {
    const { azimuth, elevation, dx, dy, zoom } = this.pending;
    return (
      Math.abs(azimuth) + Math.abs(elevation) > 2e-4 ||
      Math.abs(dx) + Math.abs(dy) > 0.1 ||
      Math.abs(zoom) > 5e-4
    );
  }

  /** Lets pending motion go on; milliseconds since the last picture. Returns whether there is more to come. */
  step(milliseconds: number): boolean {
    if (!this.gliding) {
      this.still();
      return this.moved;
    }
    const share = this.reducedMotion ? 1 : 1 - Math.exp(-milliseconds / GLIDE_MS);
    const p = this.pending;
    if (p.azimuth || p.elevation) this.steered.turn(p.azimuth * share, p.elevation * share);
    if (p.dx || p.dy) this.steered.shift(p.dx * share, p.dy * share);
    if (p.zoom) this.steered.zoomAt(Math.exp(p.zoom * share), p.x, p.y);
    for (const name of ["azimuth", "elevation", "dx", "dy", "zoom"] as const) p[name] *= 1 - share;
    return true;
  }

  /** Ends all pending motion. */
  still(): void {
    this.pending = { azimuth: 0, elevation: 0, dx: 0, dy: 0, zoom: 0, x: 0, y: 0 };
  }

  /** Adds motion that is used up smoothly. */
  glide(motion: { azimuth?: number; elevation?: number; dx?: number; dy?: number }): void {
    for (const [name, value] of Object.entries(motion)) this.pending[name as keyof typeof motion] += value;
    this.steered.wake();
  }

  /** Zooms smoothly about a place on the canvas. */
  glideZoom(factor: number, x: number, y: number): void {
    this.pending.zoom += Math.log(factor);
    this.pending.x = x;
    this.pending.y = y;
    this.steered.wake();
  }

  dispose(): void {
    this.abort.abort();
  }

  private place(event: { clientX: number; clientY: number }): Finger {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private down(event: PointerEvent): void {
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const place = this.place(event);
    this.fingers.set(event.pointerId, place);
    this.still();
    this.speed = { azimuth: 0, elevation: 0, time: event.timeStamp };
    this.pressed = this.fingers.size === 1 ? { ...place, time: event.timeStamp } : null;
    this.endStroke(false);
    if (this.pressed && event.button === 0 && this.painter?.begin(place.x, place.y)) {
      this.painting = this.painter;
      this.pressed = null;
      this.steered.leave();
    }
    this.steered.wake();
  }

  private endStroke(kept: boolean): void {
    const { painting } = this;
    this.painting = null;
    painting?.end(kept);
  }

  private move(event: PointerEvent): void {
    const place = this.place(event);
    const finger = this.fingers.get(event.pointerId);
    if (!finger) {
      if (event.pointerType !== "touch") this.steered.hover(place.x, place.y);
      return;
    }
    if (this.painting) {
      this.painting.move(place.x, place.y);
      return;
    }
    if (this.pressed && Math.hypot(place.x - this.pressed.x, place.y - this.pressed.y) < CLICK) return;
    if (this.pressed) this.steered.leave();
    this.pressed = null;
    const dx = place.x - finger.x;
    const dy = place.y - finger.y;
    if (this.fingers.size === 2) this.pinch(event.pointerId, finger, place);
    else if (this.fingers.size === 1) {
      if (event.buttons & 6 || event.shiftKey || event.ctrlKey) this.steered.shift(dx, dy);
      else this.drag(dx, dy, event.timeStamp);
    }
    this.fingers.set(event.pointerId, place);
    this.steered.wake();
  }

  private drag(dx: number, dy: number, time: number): void {
    const azimuth = -dx * TURN;
    const elevation = dy * TURN;
    this.steered.turn(azimuth, elevation);
    const elapsed = Math.max(time - this.speed.time, 1);
    const share = 1 - Math.exp(-elapsed / 40);
    this.speed.azimuth += (azimuth / elapsed - this.speed.azimuth) * share;
    this.speed.elevation += (elevation / elapsed - this.speed.elevation) * share;
    this.speed.time = time;
  }

  private pinch(id: number, from: Finger, to: Finger): void {
    const other = [...this.fingers].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    const [dx, dy] = [(to.x - from.x) / 2, (to.y - from.y) / 2];
    // One finger draws: two have to do what one does elsewhere.
    if (this.painter) this.steered.turn(-dx * TURN, dy * TURN);
    else this.steered.shift(dx, dy);
    if (before > 8 && after > 8)
      this.steered.zoomAt(before / after, (to.x + other.x) / 2, (to.y + other.y) / 2);
  }

  private up(event: PointerEvent, real: boolean): void {
    if (!this.fingers.delete(event.pointerId)) return;
    const place = this.place(event);
    if (this.painting) {
      this.endStroke(real);
      this.steered.wake();
      return;
    }
    if (real && this.pressed && this.fingers.size === 0 && event.button === 0) {
      const last = this.lastClick;
      const quick =
        !!last &&
        event.timeStamp - last.time < DOUBLE_MS &&
        Math.hypot(place.x - last.x, place.y - last.y) < 12;
      const double = event.pointerType === "mouse" ? this.clicks === 2 : quick;
      this.lastClick = double ? null : { ...place, time: event.timeStamp };
      this.steered.press(place.x, place.y, event, double);
    } else if (this.fingers.size === 0 && event.timeStamp - this.speed.time < 60 && !this.reducedMotion) {
      this.pending.azimuth = this.speed.azimuth * GLIDE_MS * 2;
      this.pending.elevation = this.speed.elevation * GLIDE_MS * 2;
    }
    this.pressed = null;
    this.speed.time = 0;
    this.steered.wake();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? 400 : 1;
    const steps = Math.min(240, Math.max(-240, event.deltaY * unit));
    const { x, y } = this.place(event);
    this.glideZoom(Math.exp(steps * (event.ctrlKey ? 0.008 : 0.0016)), x, y);
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const middle = [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2] as const;
    if (way) {
      const [x, y] = way as [number, number];
      if (event.shiftKey) this.glide({ dx: x * KEY_SHIFT, dy: y * KEY_SHIFT });
      else this.glide({ azimuth: -x * KEY_TURN, elevation: y * KEY_TURN });
    } else if (event.key === "+" || event.key === "=") this.glideZoom(1 / 1.2, ...middle);
    else if (event.key === "-" || event.key === "_") this.glideZoom(1.2, ...middle);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
