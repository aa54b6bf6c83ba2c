// The landmarks over the picture: a dot for each, and a handle for the chosen one, which is dragged along its bone.
import type { Layer, LayerKit } from "../../stage/layer";
import * as orbits from "../../stage/orbit";
import type { Vec3 } from "../../stage/types";
import { add, scale, unit } from "../../stage/vector";
import type { Session } from "../session";
import type { Bones } from "./bones";
import { Loupe } from "./loupe";
import { type Answer, answerMark, draw, drawAnswer, sign } from "./signs";
import type { Landmarks } from "./state";
import { STRIDE } from "./walk";
import * as works from "./work";

/** Nothing has moved for so long: it is looked at what hides the dots, ms. */
const REST_MS = 140;
/** mm of a pixel from which on dots are drawn small, so that they leave the bones in sight. */
const FAR = 0.9;
/** mm that Shift and an arrow key go. */
const LONG = 5;

const ARROWS: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

interface Dot {
  readonly element: SVGSVGElement;
  point: Vec3;
  /** It is the chosen one, which has the handle. */
  hidden: boolean;
}

interface Drag {
  readonly pointer: number;
  /** From the place of the point to where it was taken hold of, CSS pixels. */
  readonly offset: readonly [number, number];
  readonly start: readonly [number, number];
  readonly gesture: string;
  moved: boolean;
}

let drags = 0;

export class Handles implements Layer {
  private readonly root = document.createElement("div");
  private readonly handle = document.createElement("button");
  private readonly label = document.createElement("span");
  private readonly answers = { rule: answerMark("rule"), carried: answerMark("carried") };
  private readonly dots = new Map<string, Dot>();
  private readonly loupe: Loupe;
  private readonly canvas: HTMLCanvasElement;
  private shown = false;
  private timer = 0;
  private drag: Drag | null = null;

  constructor(
    private readonly kit: LayerKit,
    private readonly bones: Bones,
    private readonly state: Landmarks,
    private readonly session: Session,
  ) {
    const stage = session.stage as NonNullable<Session["stage"]>;
    this.canvas = stage.canvas;
    this.root.className = "landmark-over";
    this.handle.type = "button";
    this.handle.className = "landmark-handle";
    this.label.className = "landmark-label";
    this.label.setAttribute("aria-hidden", "true");
    this.handle.append(this.label);
    this.loupe = new Loupe(stage, () => this.kit.redraw());
    this.root.append(...Object.values(this.answers), this.handle, this.loupe.element);
    this.canvas.parentElement?.append(this.root);
    const { handle } = this;
    handle.addEventListener("pointerdown", (event) => this.down(event));
    handle.addEventListener("pointermove", (event) => this.move(event));
    handle.addEventListener("pointerup", (event) => this.up(event, true));
    handle.addEventListener("pointercancel", (event) => this.up(event, false));
    handle.addEventListener("keydown", (event) => this.key(event));
    // The handle lies over the picture: what zooms there zooms here.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      this.canvas.dispatchEvent(new WheelEvent("wheel", event));
    };
    handle.addEventListener("wheel", wheel, { passive: false });
    handle.addEventListener("contextmenu", (event) => event.preventDefault());
    this.open(true);
  }

  show(): void {
    this.later();
  }

  open(on: boolean): void {
    this.shown = on;
    this.root.hidden = !on;
    this.draw();
  }

  /** Brings dots and handle in line with what is known of the landmarks. */
  draw(): void {
    if (!this.shown) return;
    const { entries, work, current } = this.state;
    for (const [id, dot] of this.dots)
      if (!entries.some((entry) => entry.id === id)) {
        dot.element.remove();
        this.dots.delete(id);
      }
    for (const entry of entries) {
      const dot = this.dots.get(entry.id) ?? this.newDot(entry.id);
      dot.point = works.placeOf(entry, work);
      dot.hidden = entry === current;
      draw(dot.element, works.trustOf(entry, work), works.isChecked(work, entry.id));
    }
    this.handle.hidden = current === null;
    const others = current ? works.answersOf(current) : {};
    for (const answer of ["rule", "carried"] as const)
      this.answers[answer].toggleAttribute("hidden", !others[answer]);
    if (current) this.dress(current.id);
    this.place();
    this.later();
  }

  private newDot(id: string): Dot {
    const element = sign();
    element.dataset.landmark = id;
    this.root.prepend(element);
    const dot: Dot = { element, point: [0, 0, 0], hidden: false };
    this.dots.set(id, dot);
    return dot;
  }

  private dress(id: string): void {
    const { t } = this.session;
    const name = this.state.name(id);
    this.label.textContent = name;
    const keys = t("Arrow keys move it half a millimetre, with Shift 5. Enter ticks it.");
    this.handle.setAttribute("aria-label", `${name}. ${keys}`);
    this.handle.setAttribute("aria-roledescription", t("Handle"));
    this.handle.dataset.landmark = id;
  }

  arrange(): void {
    if (!this.shown) return;
    this.place();
    this.later();
  }

  /** Where the camera is now, dots and handle stand over their places. */
  private place(): void {
    const { view } = this.kit;
    this.root.toggleAttribute("data-far", view.millimetresPerPixel > FAR);
    for (const { element, point, hidden } of this.dots.values()) {
      const { x, y, inFront } = view.project(point);
      element.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
      element.style.visibility = inFront && !hidden ? "" : "hidden";
    }
    const { current, work } = this.state;
    if (!current) return;
    const { x, y } = view.project(works.placeOf(current, work));
    this.handle.style.transform = `translate(${x.toFixed(2)}px,${y.toFixed(2)}px)`;
    for (const [answer, point] of Object.entries(works.answersOf(current)))
      drawAnswer(this.answers[answer as Answer], view.project(point), { x, y });
    if (this.drag) this.loupe.at(x, y);
  }

  /** What lies behind a bone is drawn fainter, once all rests. */
  private later(): void {
    clearTimeout(this.timer);
    if (this.shown && !this.drag) this.timer = window.setTimeout(() => this.lookAround(), REST_MS);
  }

  private lookAround(): void {
    for (const { element, point, hidden } of this.dots.values())
      element.toggleAttribute("data-behind", !hidden && !this.bones.seen(point));
    const { current, work } = this.state;
    if (!current) return;
    this.handle.toggleAttribute("data-behind", !this.bones.seen(works.placeOf(current, work)));
  }

  /** The landmark whose dot is in sight near a place of the host. */
  dotAt(x: number, y: number, reach: number): string | null {
    let best: string | null = null;
    let least = reach;
    for (const [id, { hidden, point }] of this.dots) {
      if (hidden) continue;
      const at = this.kit.view.project(point);
      const away = Math.hypot(at.x - x, at.y - y);
      if (!at.inFront || away >= least || !this.bones.seen(point)) continue;
      least = away;
      best = id;
    }
    return best;
  }

  /** A direction on screen in the body (unit, LPS). */
  onScreen(right: number, up: number): Vec3 {
    const { orbit } = this.kit.view;
    return unit(add(scale(orbits.right(orbit), right), scale(orbits.up(orbit), up)));
  }

  /** Gives the handle the focus. */
  focus(): void {
    this.handle.focus({ preventScroll: true });
  }

  private spot(event: PointerEvent): readonly [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private down(event: PointerEvent): void {
    const { current, work } = this.state;
    if (event.button !== 0 || this.drag || !current) return;
    event.preventDefault();
    this.focus();
    const point = works.placeOf(current, work);
    if (!this.bones.seen(point)) {
      // What one does not see is not dragged: the picture turns to it first.
      void this.state.fly();
      return;
    }
    this.handle.setPointerCapture(event.pointerId);
    const [x, y] = this.spot(event);
    const at = this.kit.view.project(point);
    const gesture = `drag ${drags++}`;
    this.drag = {
      pointer: event.pointerId,
      offset: [x - at.x, y - at.y],
      start: [x, y],
      gesture,
      moved: false,
    };
    this.handle.toggleAttribute("data-held", true);
    if (event.pointerType !== "mouse") this.loupe.take();
  }

  private move(event: PointerEvent): void {
    const { drag } = this;
    const { current, work } = this.state;
    if (!drag || event.pointerId !== drag.pointer || !current) return;
    const [x, y] = this.spot(event);
    // A hand that only rests on it moves nothing.
    if (!drag.moved && Math.hypot(x - drag.start[0], y - drag.start[1]) < 2) return;
    drag.moved = true;
    const near = works.placeOf(current, work);
    const point = this.bones.under(current.bone, x - drag.offset[0], y - drag.offset[1], near);
    this.state.place(point, drag.gesture);
  }

  private up(event: PointerEvent, real: boolean): void {
    const { drag } = this;
    if (!drag || event.pointerId !== drag.pointer) return;
    this.drag = null;
    this.handle.toggleAttribute("data-held", false);
    this.loupe.hide();
    if (drag.moved && !real) this.state.undo();
    else if (drag.moved) this.state.tell();
    this.later();
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    const id = this.state.chosen.value;
    if (arrow) {
      const mm = event.shiftKey ? LONG : STRIDE;
      this.state.step(arrow[0] * mm, arrow[1] * mm);
    } else if ((event.key === "Enter" || event.key === " ") && id) {
      this.state.tick(id, !works.isChecked(this.state.work, id));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  release(): void {}

  stop(): void {
    clearTimeout(this.timer);
    this.loupe.stop();
    this.root.remove();
  }
}
