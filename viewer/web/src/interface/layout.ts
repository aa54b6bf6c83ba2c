// How the page is laid out in the room it has; the same measures are used by the style sheets.
import type { Insets } from "../stage/types";

/** wide: tree and card stand beside the picture; medium: the same, closer; narrow: sheets from below. */
export type LayoutName = "wide" | "medium" | "narrow";

export interface Layout {
  readonly name: LayoutName;
  readonly width: number;
  readonly height: number;
  /** Too little height for two rows of tools. */
  readonly low: boolean;
  /** Too little width for the tools beside the list: they run below it. */
  readonly tight: boolean;
}

/** Widths of the panels, pixels; `src/styles/layout.css` has the same. */
export const PANEL = { wide: { tree: 312, card: 352 }, medium: { tree: 256, card: 292 } } as const;
export const MARGIN = 12;
/** Height of the tools below the picture; on a low page the peel is not among them. */
export const DOCK = { full: 130, low: 74, narrow: 64 } as const;

export function layoutFor(width: number, height: number): Layout {
  const name = width >= 1280 ? "wide" : width >= 700 ? "medium" : "narrow";
  return { name, width, height, low: height < 560, tight: name === "medium" && width < 900 };
}

export interface Panels {
  readonly tree: boolean;
  /** The card of what is selected, or the welcome in its place. */
  readonly card: boolean;
  /** Height of the open sheet, pixels (narrow layout). */
  readonly sheet: number;
  /** Height of what stands over the top of the picture (the hint, the bar of focus), pixels. */
  readonly hint: number;
  /** What covers the picture instead of all these, while the page is another. */
  readonly covered?: Insets | null;
}

/** What the panels cover. */
export function insetsFor(layout: Layout, panels: Panels): Insets {
  if (panels.covered) return panels.covered;
  if (layout.name === "narrow") {
    return { top: panels.hint + 8, left: 8, right: 8, bottom: DOCK.narrow + panels.sheet };
  }
  const { tree, card } = PANEL[layout.name];
  return {
    top: MARGIN + (panels.hint ? panels.hint + MARGIN : 0),
    left: panels.tree ? tree + 2 * MARGIN : MARGIN,
    right: panels.card ? card + 2 * MARGIN : MARGIN,
    bottom: (layout.low ? DOCK.low : DOCK.full) + MARGIN,
  };
}

/** What covers the second of two pictures at its top, the first at its bottom, one above the other, px. */
const SECOND_TOP = 56;
const LOWER = 8;

/** Where two pictures that are compared meet, with equal room for both bodies, px: side by side, or on a narrow page one above the other. */
export function splitAt(layout: Layout, { left, right, top, bottom }: Insets): number {
  return layout.name === "narrow"
    ? Math.round(top + (layout.height - top - bottom - (SECOND_TOP - LOWER)) / 2)
    : Math.round(left + (layout.width - left - right) / 2);
}

/** What covers the first (0) or the second (1) of two pictures that are compared. */
export function splitInsets(insets: Insets, layout: Layout, which: 0 | 1): Insets {
  if (layout.name === "narrow") return which ? { ...insets, top: SECOND_TOP } : { ...insets, bottom: LOWER };
  return which ? { ...insets, left: MARGIN } : { ...insets, right: MARGIN };
}
