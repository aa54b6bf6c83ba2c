// What is written over the picture: labels with leader lines, the marks of the body's sides, the small cross of directions.
import { type Area, leader, type PlacedLabel } from "./layout";
import type { DirectionNames, ThemeName, Vec3 } from "./types";

const SVG = "http://www.w3.org/2000/svg";

/** Directions of the body in LPS. */
export const DIRECTIONS: Readonly<Record<keyof DirectionNames, Vec3>> = {
  right: [-1, 0, 0],
  left: [1, 0, 0],
  anterior: [0, -1, 0],
  posterior: [0, 1, 0],
  superior: [0, 0, 1],
  inferior: [0, 0, -1],
};

/** The letters are those of radiographs, in every language. */
export const ENGLISH: { short: DirectionNames; long: DirectionNames } = {
  short: { right: "R", left: "L", anterior: "A", posterior: "P", superior: "S", inferior: "I" },
  long: {
    right: "Right",
    left: "Left",
    anterior: "Front",
    posterior: "Rear",
    superior: "Up",
    inferior: "Down",
  },
};

export const INK: Record<
  ThemeName,
  { ink: string; halo: string; line: string; plate: string; faint: string }
> = {
  light: {
    ink: "#1d242b",
    halo: "rgba(250,251,252,.92)",
    line: "#3a444e",
    plate: "rgba(252,253,253,.86)",
    faint: "#6a7681",
  },
  dark: {
    ink: "#f0f3f6",
    halo: "rgba(15,18,22,.92)",
    line: "#b7c2cc",
    plate: "rgba(20,24,29,.82)",
    faint: "#93a1ad",
  },
  contrast: { ink: "#ffffff", halo: "#000000", line: "#ffffff", plate: "#000000", faint: "#ffffff" },
};

const STYLE = `
.stage-over{position:absolute;inset:0;overflow:hidden;pointer-events:none;font:500 13px/1.25 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;user-select:none;-webkit-user-select:none}
.stage-lines{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.stage-lines polyline{stroke:var(--line);stroke-width:1.1}
.stage-lines circle{fill:var(--ink);stroke:var(--halo);stroke-width:1.4}
.stage-cross line{stroke:var(--line);stroke-width:1.5;stroke-linecap:round}
.stage-label{position:absolute;left:0;top:0;padding:1px 5px;border-radius:5px;pointer-events:auto;cursor:pointer;will-change:transform;white-space:nowrap;color:var(--ink);background:var(--plate);transition:opacity .15s}
.stage-label small{display:block;font-weight:400;font-style:italic;font-size:.86em;opacity:.8}
.stage-label.landmark{font-weight:400;font-size:12px}
.stage-label.fixed{cursor:default}
.stage-label.strong{font-weight:650;box-shadow:0 0 0 1.5px var(--accent)}
.stage-over[data-theme=contrast] .stage-label{box-shadow:0 0 0 1px var(--ink)}
.stage-over[data-theme=contrast] .stage-label.strong{box-shadow:0 0 0 2px var(--accent)}
.stage-mark{position:absolute;top:0;left:0;min-width:1em;padding:1px 6px;border-radius:7px;text-align:center;background:var(--plate);color:var(--ink);font-size:17px;font-weight:650;letter-spacing:.02em;opacity:.85}
.stage-cross{position:absolute;width:84px;height:84px;left:0;top:0;border-radius:50%;background:var(--plate)}
.stage-cross text{font-size:11px;font-weight:650;text-anchor:middle;dominant-baseline:central;pointer-events:auto;cursor:pointer;paint-order:stroke;stroke:var(--halo);stroke-width:3px}
@media (max-width:520px){.stage-label{font-size:12px;padding:0 3px}.stage-label.landmark{font-size:11px}}
`;

/** A label as the overlay needs it: its text, and what its size was last measured for. */
export interface LabelText {
  readonly id: string;
  readonly text: string;
  readonly secondary?: string;
  readonly landmark: boolean;
  readonly emphasised: boolean;
  /** It names a structure, which pressing it selects. */
  readonly pressable: boolean;
}

/** Size of a label, CSS pixels, and the lines its text was broken into. */
export interface LabelSize {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}

/** Up to this width of the host, CSS pixels, labels are small. */
const NARROW = 520;

interface LabelElement {
  readonly element: HTMLElement;
  readonly line: SVGPolylineElement;
  readonly dot: SVGCircleElement;
  key: string;
  lines: string[];
  width: number;
  height: number;
}

export class Overlay {
  readonly root = document.createElement("div");
  private readonly sheet = new CSSStyleSheet();
  private readonly page: Document | ShadowRoot;
  private readonly svg = document.createElementNS(SVG, "svg");
  private readonly cross = document.createElementNS(SVG, "svg");
  private readonly marks: Record<"left" | "right", HTMLElement>;
  private readonly labels = new Map<string, LabelElement>();
  private names = ENGLISH;

  constructor(
    private readonly host: HTMLElement,
    private readonly on: {
      label: (id: string, event: PointerEvent) => void;
      hover: (id: string | null, event: PointerEvent) => void;
      direction: (direction: Vec3) => void;
    },
  ) {
    this.sheet.replaceSync(STYLE);
    const page = host.getRootNode();
    this.page = page instanceof ShadowRoot ? page : document;
    this.page.adoptedStyleSheets = [...this.page.adoptedStyleSheets, this.sheet];
    this.root.className = "stage-over";
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.setAttribute("class", "stage-lines");
    this.cross.setAttribute("class", "stage-cross");
    this.cross.setAttribute("viewBox", "-38 -38 76 76");
    this.cross.setAttribute("aria-hidden", "true");
    this.marks = { left: document.createElement("div"), right: document.createElement("div") };
    for (const mark of Object.values(this.marks)) mark.className = "stage-mark";
    this.root.append(this.svg, this.cross, this.marks.left, this.marks.right);
    host.append(this.root);
  }

  setTheme(theme: ThemeName, accent: string): void {
    this.root.dataset.theme = theme;
    for (const [name, value] of Object.entries(INK[theme])) this.root.style.setProperty(`--${name}`, value);
    this.root.style.setProperty("--accent", accent);
  }

  setDirections(names: { readonly short: DirectionNames; readonly long: DirectionNames } | undefined): void {
    this.names = names ?? ENGLISH;
  }

  /** Makes, renews and drops label elements; returns the size of each, CSS pixels. */
  setLabels(texts: readonly LabelText[]): Map<string, LabelSize> {
    const wanted = new Set(texts.map(({ id }) => id));
    for (const [id, label] of this.labels)
      if (!wanted.has(id)) {
        for (const part of [label.element, label.line, label.dot]) part.remove();
        this.labels.delete(id);
      }
    const stale: LabelElement[] = [];
    for (const text of texts) {
      const label = this.labels.get(text.id) ?? this.makeLabel(text);
      const key = JSON.stringify([text, this.host.clientWidth <= NARROW]);
      if (label.key === key) continue;
      label.key = key;
      label.element.className = `stage-label${text.landmark ? " landmark" : ""}${text.pressable ? "" : " fixed"}${text.emphasised ? " strong" : ""}`;
      const limit = this.host.clientWidth <= NARROW ? 14 : 22;
      label.lines = wrapped(text.text, limit);
      const rows: HTMLElement[] = label.lines.map((line) => row("div", line));
      if (text.secondary) {
        rows.push(row("small", text.secondary));
        label.lines.push(text.secondary);
      }
      label.element.replaceChildren(...rows);
      stale.push(label);
    }
    for (const label of stale) {
      label.width = Math.ceil(label.element.offsetWidth);
      label.height = Math.ceil(label.element.offsetHeight);
    }
    return new Map([...this.labels].map(([id, { width, height, lines }]) => [id, { width, height, lines }]));
  }

  private makeLabel(text: LabelText): LabelElement {
    const element = document.createElement("div");
    element.dataset.label = text.id;
    if (text.pressable) {
      element.addEventListener("pointerup", (event) => this.on.label(text.id, event));
      element.addEventListener("pointerenter", (event) => this.on.hover(text.id, event));
      element.addEventListener("pointerleave", (event) => this.on.hover(null, event));
    }
    const line = document.createElementNS(SVG, "polyline");
    line.setAttribute("fill", "none");
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("r", text.pressable ? "2.6" : "0");
    this.svg.append(line, dot);
    this.root.append(element);
    const label = { element, line, dot, key: "", lines: [], width: 0, height: 0 };
    this.labels.set(text.id, label);
    return label;
  }

  /** Shows labels where the layout put them, with lines to their anchors; all others fade. */
  place(placed: readonly PlacedLabel[], anchors: ReadonlyMap<string, { x: number; y: number }>): void {
    const shown = new Map(placed.map((label) => [label.id, label]));
    for (const [id, label] of this.labels) {
      const place = shown.get(id);
      const anchor = anchors.get(id);
      const visible = !!place && !!anchor;
      label.element.style.opacity = visible ? "1" : "0";
      label.element.style.pointerEvents = visible ? "" : "none";
      label.element.toggleAttribute("aria-hidden", !visible);
      label.line.style.display = visible ? "" : "none";
      label.dot.style.display = visible ? "" : "none";
      if (!place || !anchor) continue;
      const left = place.column === "left" ? place.x - label.width : place.x;
      label.element.style.transform = `translate(${left.toFixed(1)}px,${(place.y - label.height / 2).toFixed(1)}px)`;
      label.element.style.textAlign = place.column === "left" ? "right" : "left";
      const line = leader({ left, right: left + label.width, y: place.y, height: label.height }, anchor);
      label.line.setAttribute(
        "points",
        line.map((each) => each.map((value) => value.toFixed(1)).join()).join(" "),
      );
      label.dot.setAttribute("cx", anchor.x.toFixed(1));
      label.dot.setAttribute("cy", anchor.y.toFixed(1));
    }
  }

  /** Marks and cross for a camera: its right, up and backward directions in LPS; `area` is the free part of the host. */
  orient(axes: { right: Vec3; up: Vec3; back: Vec3 }, area: Area): void {
    const side = (direction: Vec3) => letters(direction, this.names);
    const top = area.top + 10;
    const [left, right] = [side([-axes.right[0], -axes.right[1], -axes.right[2]]), side(axes.right)];
    setMark(this.marks.left, left, `translate(${area.left + 10}px,${top}px)`);
    setMark(this.marks.right, right, `translate(${area.right - 10}px,${top}px) translateX(-100%)`);
    this.cross.style.transform = `translate(${area.left + 6}px,${area.bottom - 90}px)`;
    const spokes = (Object.keys(DIRECTIONS) as (keyof DirectionNames)[])
      .map((name) => {
        const d = DIRECTIONS[name];
        const along = (axis: Vec3) => d[0] * axis[0] + d[1] * axis[1] + d[2] * axis[2];
        return { name, x: along(axes.right) * 26, y: -along(axes.up) * 26, depth: along(axes.back) };
      })
      .sort((a, b) => a.depth - b.depth);
    while (this.cross.childElementCount < spokes.length) this.cross.append(this.makeSpoke());
    for (const [i, spoke] of spokes.entries()) {
      const group = this.cross.children[i] as SVGGElement;
      const [line, text] = [group.children[0], group.children[1]] as [SVGLineElement, SVGTextElement];
      group.dataset.direction = spoke.name;
      group.style.opacity = (0.42 + 0.29 * (spoke.depth + 1)).toFixed(2);
      line.setAttribute("x2", (spoke.x * 0.72).toFixed(1));
      line.setAttribute("y2", (spoke.y * 0.72).toFixed(1));
      text.setAttribute("x", spoke.x.toFixed(1));
      text.setAttribute("y", spoke.y.toFixed(1));
      if (text.textContent !== this.names.short[spoke.name]) text.textContent = this.names.short[spoke.name];
      const main = spoke.name === "right" || spoke.name === "left";
      text.style.fill = main ? "var(--accent)" : "var(--ink)";
    }
  }

  private makeSpoke(): SVGGElement {
    const group = document.createElementNS(SVG, "g");
    const line = document.createElementNS(SVG, "line");
    const text = document.createElementNS(SVG, "text");
    text.addEventListener("pointerup", () => {
      const name = group.dataset.direction as keyof DirectionNames | undefined;
      if (name) this.on.direction(DIRECTIONS[name]);
    });
    group.append(line, text);
    return group;
  }

  dispose(): void {
    this.root.remove();
    this.page.adoptedStyleSheets = this.page.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }
}

interface Mark {
  readonly short: string;
  readonly long: string;
}

/** Name of a direction as a radiograph has it: the nearest direction of the body, and a second one if it is near too. */
export function letters(
  direction: Vec3,
  names: { readonly short: DirectionNames; readonly long: DirectionNames },
): Mark {
  const near = (Object.keys(DIRECTIONS) as (keyof DirectionNames)[])
    .map((name) => ({
      name,
      share: DIRECTIONS[name].reduce((sum, x, i) => sum + x * (direction[i] as number), 0),
    }))
    .filter(({ share }) => share > 0.38)
    .sort((a, b) => b.share - a.share)
    .slice(0, 2);
  return {
    short: near.map(({ name }) => names.short[name]).join(""),
    long: near.map(({ name }) => names.long[name]).join(" · "),
  };
}

function setMark(element: HTMLElement, mark: Mark, transform: string): void {
  element.style.transform = transform;
  const key = `${mark.short}|${mark.long}`;
  if (element.dataset.mark === key) return;
  element.dataset.mark = key;
  element.textContent = mark.short;
  element.title = mark.long;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", mark.long);
}

function row(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** A text broken at spaces into as few lines as keep to `limit` characters, of about the same length. */
export function wrapped(text: string, limit: number): string[] {
  const count = Math.ceil(text.length / limit);
  const wanted = text.length / count;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    const fits =
      joined.length <= Math.max(limit, 1) &&
      (last === undefined || joined.length - wanted < word.length / 2 + 1);
    if (last !== undefined && fits) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}
