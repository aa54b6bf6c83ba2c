// Measured distances: a line with a mark at each end, seen through whatever lies before it, and its text.
import {
  type BufferGeometry,
  Color,
  type Points,
  type Scene,
  type ShaderMaterial,
  type Vector2,
} from "three";
import { LineSet } from "./lines";
import type { Theme } from "./palette";
import { geometryFrom, pointsFrom, reform } from "./pieces";
import { DOT_FRAGMENT, DOT_VERTEX } from "./shaders/paint";
import { material, type SharedUniforms, setUniform, uniformValue } from "./surface";
import type { RulerLook, Vec3 } from "./types";
import { mix } from "./vector";

const STYLE = `
.stage-ruler{position:absolute;left:0;top:0;padding:1px 6px;border-radius:5px;white-space:nowrap;pointer-events:none;font:600 13px/1.3 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;color:var(--ink);background:var(--plate);box-shadow:0 0 0 1px var(--line)}
`;
/** After everything else in the drawing order. */
const ORDER = 2000;

/** Where the text of a ruler stands, CSS pixels of the host. */
export interface RulerText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export class Rulers {
  private readonly halo: LineSet;
  private readonly line: LineSet;
  private readonly ends: Points<BufferGeometry, ShaderMaterial>;
  private readonly sheet = new CSSStyleSheet();
  private readonly texts: HTMLElement[] = [];
  private rulers: readonly RulerLook[] = [];
  /** What is written now, for picture files. */
  written: RulerText[] = [];

  /** host : element that the texts are put into; it carries the theme's colours as `--ink`, `--plate` and `--line` */
  constructor(
    private readonly host: HTMLElement,
    scene: Scene,
    shared: SharedUniforms,
    pixels: { value: Vector2 },
  ) {
    this.sheet.replaceSync(STYLE);
    const page = this.page;
    page.adoptedStyleSheets = [...page.adoptedStyleSheets, this.sheet];
    this.halo = new LineSet(shared, pixels, 0, false);
    this.line = new LineSet(shared, pixels, 0, false);
    const dots = material(
      DOT_VERTEX,
      DOT_FRAGMENT,
      { uCut: shared.uCut },
      { uColour: new Color(), uRim: new Color(), uSize: 6, uLift: 0 },
      { transparent: true, depthWrite: false, depthTest: false },
    );
    this.ends = pointsFrom(dots, { order: ORDER });
    for (const [k, mesh] of [this.halo.mesh, this.line.mesh, this.ends].entries()) {
      mesh.material.depthTest = false;
      mesh.renderOrder = ORDER + k;
      scene.add(mesh);
    }
    this.set([]);
  }

  private get page(): Document | ShadowRoot {
    const root = this.host.getRootNode();
    return root instanceof ShadowRoot ? root : document;
  }

  set(rulers: readonly RulerLook[]): void {
    this.rulers = rulers;
    const ends = Float32Array.from(rulers.flatMap(({ from, to }) => [...from, ...to]));
    for (const lines of [this.halo, this.line]) {
      lines.setSegments(ends);
      lines.mesh.visible = rulers.length > 0;
    }
    reform(this.ends, geometryFrom({ position: [ends, 3] }));
    this.ends.visible = rulers.length > 0;
    while (this.texts.length > rulers.length) this.texts.pop()?.remove();
    while (this.texts.length < rulers.length) {
      const element = document.createElement("div");
      element.className = "stage-ruler";
      this.host.append(element);
      this.texts.push(element);
    }
    for (const [i, { text }] of rulers.entries()) (this.texts[i] as HTMLElement).textContent = text;
  }

  style(theme: Theme, ratio: number): void {
    if (!this.rulers.length) return;
    this.halo.style({ colour: theme.landmarkRim, width: 4.4 * ratio, opacity: 0.85 });
    this.line.style({ colour: theme.landmark, width: 2 * ratio });
    const { material: dots } = this.ends;
    uniformValue<Color>(dots, "uColour").copy(theme.landmark).convertLinearToSRGB();
    uniformValue<Color>(dots, "uRim").copy(theme.landmarkRim).convertLinearToSRGB();
    setUniform(dots, "uSize", 10 * ratio);
  }

  /** Stands the texts above the middles of their lines. */
  write(project: (point: Vec3) => { x: number; y: number; inFront: boolean }): void {
    this.written = [];
    for (const [i, { from, to, text }] of this.rulers.entries()) {
      const element = this.texts[i] as HTMLElement;
      const { x, y, inFront } = project(mix(from, to, 0.5));
      element.style.display = inFront ? "" : "none";
      element.style.transform = `translate(${x.toFixed(1)}px,${(y - 8).toFixed(1)}px) translate(-50%,-100%)`;
      if (inFront) this.written.push({ text, x, y: y - 18 });
    }
  }

  dispose(): void {
    for (const lines of [this.halo, this.line]) lines.dispose();
    this.ends.geometry.dispose();
    this.ends.material.dispose();
    for (const text of this.texts) text.remove();
    const page = this.page;
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }
}
