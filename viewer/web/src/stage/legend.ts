// All writing on the picture, kept in step with camera and body: labels, landmarks' names, side marks, the cross.
import type { PerspectiveCamera, Scene, WebGLRenderer } from "three";
import type { AtlasDocument } from "../generated/atlas";
import type { Cast } from "./cast";
import type { Cut } from "./cut";
import { Labels, type LabelView } from "./labels";
import * as orbits from "./orbit";
import { ENGLISH, letters, Overlay } from "./overlay";
import { THEMES } from "./palette";
import type { Pointing } from "./pointing";
import type { RulerText } from "./rulers";
import type { Writing } from "./screenshot";
import type { SharedUniforms } from "./surface";
import { Survey } from "./survey";
import type { Look, Vec3 } from "./types";
import { dot, scale } from "./vector";
import type { View } from "./view";

/** While the camera moves, labels look for new anchors this often, ms, on machines that can. */
const SURVEY_MS = 240;

export interface LegendEvents {
  labelPressed(id: string, x: number, y: number, shift: boolean): void;
  labelHovered(id: string | null, x: number, y: number): void;
  direction(direction: Vec3): void;
}

export class Legend {
  private readonly overlay: Overlay;
  private readonly labels: Labels;
  private readonly survey: Survey;
  private surveyed = 0;
  private seen = "";
  private look: Look | null = null;

  constructor(
    private readonly host: HTMLElement,
    atlas: AtlasDocument,
    shared: SharedUniforms,
    private readonly view: View,
    private readonly cast: Cast,
    private readonly cut: Cut,
    private readonly pointing: Pointing,
    on: LegendEvents,
  ) {
    const place = ({ clientX, clientY }: PointerEvent) => {
      const box = this.host.getBoundingClientRect();
      return [clientX - box.left, clientY - box.top] as const;
    };
    this.overlay = new Overlay(host, {
      label: (id, event) => on.labelPressed(id, ...place(event), event.shiftKey),
      hover: (id, event) => on.labelHovered(id, ...place(event)),
      direction: on.direction,
    });
    this.labels = new Labels(this.overlay, (id) => atlas.structures[id]?.anchor ?? null);
    this.survey = new Survey(shared);
  }

  set(look: Look): void {
    if (look.theme !== this.look?.theme)
      this.overlay.setTheme(look.theme, `#${THEMES[look.theme].outline.getHexString()}`);
    this.look = look;
    this.overlay.setDirections(look.directions);
    this.labels.set(look.labels, look.landmarks, look.crosses);
    this.bodyChanged();
  }

  /** Lets labels look for new anchors if other things are seen than before. */
  bodyChanged(): void {
    const seen = JSON.stringify([
      this.cast.bodies.filter((body) => body.visible).map((body) => [body.part, body.opacity >= 0.3]),
      this.cut.plane,
      this.view.insets,
      this.look?.labels.map(({ id }) => id),
      this.look?.landmarks.map(({ id }) => id),
      // A part in another shape is elsewhere; on its way there nothing is looked for.
      Object.values(this.look?.shapes ?? {}).map(({ from, to, t }) => (t >= 1 ? to : from)),
    ]);
    if (seen !== this.seen) this.surveyed = 0;
    this.seen = seen;
  }

  /** The point a structure's label hangs on. */
  anchor(id: string): Vec3 | null {
    return this.labels.anchor(id);
  }

  /** Whether it is time to look for anchors; moving : the camera is on its way · able : the machine is fast */
  wantsSurvey(moving: boolean, able: boolean): boolean {
    if (!this.labels.any) return false;
    if (this.surveyed === 0) return able || !moving;
    return moving && able && performance.now() - this.surveyed > SURVEY_MS;
  }

  /** The camera has come to rest: what is seen is looked at anew. */
  forget(): void {
    this.surveyed = 0;
  }

  /** Looks which structures are seen, and where. */
  lookAround(renderer: WebGLRenderer, scene: Scene, camera: PerspectiveCamera): void {
    this.surveyed = performance.now();
    const { shift, width, free } = this.view;
    const result = this.survey.take(renderer, scene, camera, this.cast.bodies, { shift, width, free });
    this.labels.survey(result, this.cast.bodies, this.labelView());
  }

  /** Labels and marks for the present camera. */
  write(): void {
    const { orbit } = this.view;
    const axes = { right: orbits.right(orbit), up: orbits.up(orbit), back: orbits.direction(orbit) };
    this.overlay.orient(axes, this.view.free);
    this.labels.layout(this.labelView());
  }

  private labelView(): LabelView {
    const { view, pointing } = this;
    const { free } = view;
    const cut = this.cut.plane;
    return {
      width: view.width,
      height: view.height,
      area: view.labelArea,
      project: (point) => {
        const at = view.project(point);
        return cut && dot(cut.normal, point) > cut.offset + 0.5 ? { ...at, inFront: false } : at;
      },
      isFree: (x, y) => x > free.left && x < free.right && y > free.top && y < free.bottom,
      touch: (id, x, y) => pointing.touch(id, x, y),
      inSight: (point) => pointing.inSight(point),
    };
  }

  /** The element that all writing is in; it carries the theme. */
  get element(): HTMLElement {
    return this.overlay.root;
  }

  /** What is written, for a picture file. rulers : texts that stand above their places */
  writing(rulers: readonly RulerText[]): Writing {
    const { orbit, free } = this.view;
    const names = this.look?.directions ?? ENGLISH;
    const right = orbits.right(orbit);
    const y = free.top + 22;
    return {
      theme: this.look?.theme ?? "light",
      labels: this.labels.shown,
      rulers,
      marks: [
        { text: letters(scale(right, -1), names).short, x: free.left + 10, y, align: "left" },
        { text: letters(right, names).short, x: free.right - 10, y, align: "right" },
      ],
    };
  }

  releaseGpu(): void {
    this.survey.dispose();
  }

  dispose(): void {
    this.releaseGpu();
    this.overlay.dispose();
  }
}
