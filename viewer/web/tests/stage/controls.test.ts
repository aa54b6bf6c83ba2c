import assert from "node:assert/strict";
import { test } from "node:test";
import { Controls, type Painter } from "../../src/stage/controls";

/** A canvas without a page: it takes events, and nothing else matters. */
class Canvas extends EventTarget {
  readonly style = { cursor: "" };
  clientWidth = 800;
  clientHeight = 600;
  focus(): void {}
  setPointerCapture(): void {}
  getBoundingClientRect() {
    return { left: 0, top: 0 };
  }

  /** Every event comes a second after the one before. */
  private now = 0;

  send(type: string, pointerId: number, x: number, y: number, more: object = {}): void {
    const fields = {
      pointerId,
      clientX: x,
      clientY: y,
      button: 0,
      buttons: 1,
      pointerType: "touch",
      ...more,
    };
    this.now += 1000;
    const event = Object.defineProperty(new Event(type), "timeStamp", { value: this.now });
    this.dispatchEvent(Object.assign(event, fields));
  }
}

/** Controls with a notebook of what they asked for; the body takes up the left half of the canvas. */
function hands(drawing: boolean) {
  const canvas = new Canvas();
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const press = (_x: number, _y: number, _event: PointerEvent, double: boolean) =>
    void done.push(double ? "double" : "press");
  const steered = {
    turn: note("turn"),
    shift: note("shift"),
    zoomAt: note("zoom"),
    hover: note("hover"),
    press,
  };
  const controls = new Controls(canvas as unknown as HTMLCanvasElement, {
    ...steered,
    leave: () => {},
    wake: () => {},
  });
  const painter: Painter = {
    begin: (x) => {
      if (x > 400) return false;
      done.push("begin");
      return true;
    },
    move: (x, y) => void done.push(`paint ${x},${y}`),
    end: (kept) => void done.push(kept ? "keep" : "drop"),
  };
  if (drawing) controls.painter = painter;
  return { canvas, done };
}

test("one finger draws where there is something to draw on, and turns beside it", () => {
  const { canvas, done } = hands(true);
  canvas.send("pointerdown", 1, 100, 100);
  canvas.send("pointermove", 1, 110, 105);
  canvas.send("pointerup", 1, 110, 105);
  assert.deepEqual(done.splice(0), ["begin", "paint 110,105", "keep"]);
  canvas.send("pointerdown", 1, 600, 100);
  canvas.send("pointermove", 1, 630, 100);
  canvas.send("pointerup", 1, 630, 100);
  assert.deepEqual(done, ["turn"]);
});

test("a second finger takes the stroke back; two fingers turn and zoom while one draws", () => {
  const { canvas, done } = hands(true);
  canvas.send("pointerdown", 1, 100, 100);
  canvas.send("pointermove", 1, 104, 100);
  canvas.send("pointerdown", 2, 200, 100);
  assert.deepEqual(done.splice(0), ["begin", "paint 104,100", "drop"]);
  canvas.send("pointermove", 2, 240, 120);
  assert.deepEqual(done.splice(0), ["turn", "zoom"]);
  canvas.send("pointerup", 2, 240, 120);
  canvas.send("pointerup", 1, 104, 100);
  canvas.send("pointerdown", 1, 100, 100);
  assert.deepEqual(done, ["begin"], "then one finger draws again");
});

test("the mouse draws with its first button alone", () => {
  const { canvas, done } = hands(true);
  const mouse = { pointerType: "mouse" };
  canvas.send("pointerdown", 1, 100, 100, { ...mouse, button: 2, buttons: 2 });
  canvas.send("pointermove", 1, 140, 100, { ...mouse, buttons: 2 });
  canvas.send("pointerup", 1, 140, 100, { ...mouse, button: 2 });
  assert.deepEqual(done, ["shift"]);
});

test("without a brush two fingers shift and zoom, one turns", () => {
  const { canvas, done } = hands(false);
  canvas.send("pointerdown", 1, 100, 100);
  canvas.send("pointermove", 1, 130, 100);
  canvas.send("pointerdown", 2, 200, 100);
  canvas.send("pointermove", 2, 240, 120);
  assert.deepEqual(done, ["turn", "shift", "zoom"]);
});

test("a mouse's double press is told by the system's own count, however slow it was", () => {
  const { canvas, done } = hands(false);
  const mouse = { pointerType: "mouse" };
  for (const detail of [1, 2]) {
    canvas.send("pointerdown", 1, 100, 100, mouse);
    canvas.send("mousedown", 1, 100, 100, { detail });
    canvas.send("pointerup", 1, 100, 100, { ...mouse, buttons: 0 });
  }
  assert.deepEqual(done, ["press", "double"]);
});
