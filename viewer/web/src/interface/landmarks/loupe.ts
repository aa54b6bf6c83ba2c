// What a finger hides while it drags: the place under it, larger, beside it.
import type { StageApi } from "../../stage/types";

/** Width of the glass and how much larger it shows, CSS pixels. */
const WIDTH = 128;
const LARGER = 2.2;
/** From the place to the middle of the glass, CSS pixels; on the other side where there is no room. */
const AWAY = 112;

export class Loupe {
  readonly element = document.createElement("div");
  private readonly glass = document.createElement("canvas");
  private readonly still = document.createElement("canvas");
  private place: readonly [number, number] = [0, 0];
  private readonly before: StageApi["onFrame"];
  private wanted = false;

  /** redraw : asks for a new picture, which is copied as it is drawn */
  constructor(
    private readonly stage: StageApi,
    private readonly redraw: () => void,
  ) {
    this.element.className = "landmark-loupe";
    this.element.setAttribute("aria-hidden", "true");
    this.element.hidden = true;
    this.element.append(this.glass);
    this.before = stage.onFrame;
    stage.onFrame = (frame) => {
      this.before?.(frame);
      if (this.wanted) this.copy();
    };
  }

  /** Begins to show the picture as it is; it stands still while one drags. */
  take(): void {
    this.wanted = true;
    this.redraw();
  }

  hide(): void {
    this.wanted = false;
    this.element.hidden = true;
  }

  stop(): void {
    this.stage.onFrame = this.before;
  }

  private copy(): void {
    const { canvas } = this.stage;
    Object.assign(this.still, { width: canvas.width, height: canvas.height });
    this.still.getContext("2d")?.drawImage(canvas, 0, 0);
    const pixels = Math.round(WIDTH * Math.min(2, globalThis.devicePixelRatio || 1));
    Object.assign(this.glass, { width: pixels, height: pixels });
    this.element.hidden = false;
    this.at(...this.place);
  }

  /** Shows what lies around a place of the host. */
  at(x: number, y: number): void {
    this.place = [x, y];
    if (this.element.hidden) return;
    const { canvas } = this.stage;
    const up = y > AWAY + WIDTH / 2 + 8;
    this.element.style.transform = `translate(${x.toFixed(1)}px,${(y + (up ? -AWAY : AWAY)).toFixed(1)}px)`;
    const pen = this.glass.getContext("2d");
    const { width } = this.glass;
    const scale = this.still.width / Math.max(canvas.clientWidth, 1);
    const part = (WIDTH / LARGER) * scale;
    pen?.clearRect(0, 0, width, width);
    pen?.drawImage(this.still, x * scale - part / 2, y * scale - part / 2, part, part, 0, 0, width, width);
  }
}
