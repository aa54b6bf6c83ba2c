// The sign of each landmark: its shape says how far it may be trusted, a tick in it that a person agrees.
import type { Trust } from "./work";

const SVG = "http://www.w3.org/2000/svg";

/** Disc, diamond, triangle, square, cross: told apart without colour. On a grid of 16. */
export const SHAPES: Readonly<Record<Trust, string>> = {
  good: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z",
  fair: "M8 1 15 8 8 15 1 8Z",
  poor: "M8 1.5 15.2 14H.8Z",
  carried: "M2.5 2.5h11v11h-11Z",
  placed: "M5.6 1.5h4.8v4.1h4.1v4.8h-4.1v4.1H5.6v-4.1H1.5V5.6h4.1Z",
};

export const TICK = "m4.6 8.4 2.3 2.3 4.4-4.8";

/** A sign for the picture. */
export function sign(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "landmark-dot");
  svg.setAttribute("viewBox", "-1 -1 18 18");
  svg.setAttribute("aria-hidden", "true");
  for (const name of ["landmark-shape", "landmark-tick"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    svg.append(path);
  }
  svg.lastElementChild?.setAttribute("d", TICK);
  return svg;
}

export function draw(svg: SVGSVGElement, trust: Trust, checked: boolean): void {
  svg.dataset.trust = trust;
  svg.toggleAttribute("data-checked", checked);
  svg.firstElementChild?.setAttribute("d", SHAPES[trust]);
}

/** Another answer to where the chosen one is: by its rule (a cross), or as the population's bone carries it (a plus). */
export type Answer = "rule" | "carried";

/** Its place, and a line from there to the handle. */
export function answerMark(answer: Answer): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "landmark-answer");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.answer = answer;
  for (const name of ["halo", "line", "halo", "mark"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", `landmark-answer-${name}`);
    svg.append(path);
  }
  return svg;
}

/** The ring of the handle and the arms of the mark leave their places free, CSS pixels. */
const RING = 18;
const ARMS: Readonly<Record<Answer, readonly [a: number, b: number]>> = { rule: [6, 6], carried: [8, 0] };

interface Spot {
  readonly x: number;
  readonly y: number;
}

export function drawAnswer(svg: SVGSVGElement, at: Spot, handle: Spot): void {
  const [a, b] = ARMS[svg.dataset.answer as Answer];
  const away = Math.hypot(handle.x - at.x, handle.y - at.y);
  const [dx, dy] = [(handle.x - at.x) / Math.max(away, 1), (handle.y - at.y) / Math.max(away, 1)];
  const line =
    away > RING + a + 4
      ? `M${at.x + dx * (a + 3)} ${at.y + dy * (a + 3)}L${handle.x - dx * RING} ${handle.y - dy * RING}`
      : "";
  const arms = `M${at.x - a} ${at.y - b}l${2 * a} ${2 * b}M${at.x + b} ${at.y - a}l${-2 * b} ${2 * a}`;
  const ways = [line, line, arms, arms];
  for (const [i, path] of [...svg.children].entries()) path.setAttribute("d", ways[i] ?? "");
}
