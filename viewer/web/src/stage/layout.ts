// Places labels in two columns beside the body so that neither labels nor their leader lines cross. Pixels throughout.

export interface LabelBox {
  readonly id: string;
  /** Where the leader line ends. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Higher comes first when space is short. */
  readonly priority: number;
}

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Where the left column must end above something that stands in the corner; absent means at the bottom. */
  readonly leftBottom?: number;
}

export type Column = "left" | "right";

export interface PlacedLabel {
  readonly id: string;
  readonly column: Column;
  /** Edge of the label that faces the body, and the label's middle. */
  readonly x: number;
  readonly y: number;
}

const GAP = 4;
/** An anchor must be this far over the middle before its label changes columns. */
const STICKINESS = 40;
/** Room between the body and the columns. */
const CLEARANCE = 26;
/** Where labels have less than this width, so few of them stand on a side. */
const NARROW = 500;
const FEW = 8;
/** An anchor within this share of the body's width from its middle belongs to no side. */
const MIDDLE = 0.04;

/**
 * Middles of boxes stacked in the given order without overlap, as near as can be (least squares) to where they want to be.
 *
 * wanted, heights : (n,) · They are taken to fit: the sum of heights is at most bottom − top.
 */
export function stack(
  wanted: readonly number[],
  heights: readonly number[],
  top: number,
  bottom: number,
): number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const height of heights) {
    offsets.push(at + height / 2);
    at += height;
  }
  /* blocks of boxes that touch, each with the mean of what its boxes want (pool adjacent violators) */
  const blocks: { sum: number; count: number }[] = [];
  for (const [i, want] of wanted.entries()) {
    let block = { sum: want - (offsets[i] as number), count: 1 };
    for (
      let last = blocks.at(-1);
      last && last.sum / last.count >= block.sum / block.count;
      last = blocks.at(-1)
    ) {
      block = { sum: block.sum + last.sum, count: block.count + last.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  const lowest = bottom - at;
  const starts = blocks.flatMap(({ sum, count }) => {
    const start = Math.max(top, Math.min(lowest, sum / count));
    return new Array<number>(count).fill(start);
  });
  return starts.map((start, i) => start + (offsets[i] as number));
}

type Point = readonly [number, number];

/** A leader line from the side of a label that faces its anchor: a short level piece, then straight to it. */
export function leader(
  box: { readonly left: number; readonly right: number; readonly y: number; readonly height: number },
  anchor: { readonly x: number; readonly y: number },
): Point[] {
  const { left, right, y, height } = box;
  const end: Point = [anchor.x, anchor.y];
  if (anchor.x > right) return [[right + 1, y], [Math.min(right + 12, anchor.x), y], end];
  if (anchor.x < left) return [[left - 1, y], [Math.max(left - 12, anchor.x), y], end];
  return [[anchor.x, anchor.y > y ? y + height / 2 : y - height / 2], end];
}

/** Whether two lines of points cross. */
export function cross(one: readonly Point[], other: readonly Point[]): boolean {
  for (let i = 1; i < one.length; i++)
    for (let k = 1; k < other.length; k++)
      if (segmentsCross(one[i - 1] as Point, one[i] as Point, other[k - 1] as Point, other[k] as Point))
        return true;
  return false;
}

function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point) =>
    (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/**
 * Places as many labels as fit, each on the side where its anchor is.
 *
 * area : where labels may stand · body : its left and right edge on screen · before : columns of the last layout, so that
 * labels do not jump over while the body turns a little
 */
export function placeLabels(
  boxes: readonly LabelBox[],
  area: Area,
  body: { readonly left: number; readonly right: number },
  before: ReadonlyMap<string, Column> = new Map(),
): PlacedLabel[] {
  const [low, high] = [Math.max(body.left, area.left), Math.min(body.right, area.right)];
  const middle = (low + high) / 2;
  const most = area.right - area.left < NARROW ? FEW : Infinity;
  const columns: Record<Column, LabelBox[]> = { left: [], right: [] };
  const used: Record<Column, number> = { left: 0, right: 0 };
  const areas: Record<Column, Area> = {
    left: { ...area, bottom: area.leftBottom ?? area.bottom },
    right: area,
  };
  const fits = (column: Column, box: LabelBox) =>
    columns[column].length < most &&
    used[column] + box.height + GAP <= areas[column].bottom - areas[column].top;
  const ranked = [...boxes].sort((a, b) => b.priority - a.priority || a.id.localeCompare(b.id));
  for (const box of ranked) {
    const last = before.get(box.id);
    const shifted = box.x - middle + (last === "left" ? -STICKINESS : last === "right" ? STICKINESS : 0);
    const own: Column = shifted < 0 ? "left" : "right";
    const other: Column = own === "left" ? "right" : "left";
    /* only from about the middle may a line run to either side */
    const either = Math.abs(box.x - middle) < (high - low) * MIDDLE;
    const column = fits(own, box) ? own : either && fits(other, box) ? other : null;
    if (!column) continue;
    columns[column].push(box);
    used[column] += box.height + GAP;
  }
  return uncrossed([
    ...placeColumn("left", columns.left, areas.left, body),
    ...placeColumn("right", columns.right, areas.right, body),
  ]).map(({ box, column, x, y }) => ({ id: box.id, column, x, y }));
}

/** A label where it is to stand, and its line. */
interface Stand {
  readonly box: LabelBox;
  readonly column: Column;
  readonly x: number;
  readonly y: number;
  readonly line: readonly Point[];
}

function stand(box: LabelBox, column: Column, x: number, y: number): Stand {
  const left = column === "left" ? x - box.width : x;
  const line = leader({ left, right: left + box.width, y, height: box.height }, box);
  return { box, column, x, y, line };
}

/** Without those labels, least important first, whose lines cross another's. */
function uncrossed(stands: readonly Stand[]): Stand[] {
  const kept: Stand[] = [];
  for (const each of [...stands].sort((a, b) => b.box.priority - a.box.priority))
    if (!kept.some(({ line }) => cross(line, each.line))) kept.push(each);
  return kept;
}

function placeColumn(
  column: Column,
  boxes: LabelBox[],
  area: Area,
  body: { left: number; right: number },
): Stand[] {
  if (boxes.length === 0) return [];
  const widest = Math.max(...boxes.map((box) => box.width));
  const free = column === "left" ? body.left - CLEARANCE - area.left : area.right - body.right - CLEARANCE;
  /* beside the body, one edge for all; where there is no room beside it, each as far out as it can stand */
  const edge = (box: LabelBox) => {
    const out = free < widest ? box.width : free;
    return column === "left"
      ? area.left + Math.min(out, area.right - area.left)
      : area.right - Math.min(out, area.right - area.left);
  };
  const order = [...boxes].sort((a, b) => a.y - b.y || a.id.localeCompare(b.id));
  const stands = () => {
    const middles = stackBoxes(order, area);
    return order.map((box, i) => stand(box, column, edge(box), middles[i] as number));
  };
  /* labels whose lines cross change places, while that leaves fewer crossings */
  let best = stands();
  let crossings = crossingsOf(best);
  for (let round = 0; crossings.length && round < order.length; round++) {
    const better = crossings.some(([i, k]) => {
      swap(order, i, k);
      const tried = stands();
      const left = crossingsOf(tried);
      if (left.length >= crossings.length) {
        swap(order, i, k);
        return false;
      }
      best = tried;
      crossings = left;
      return true;
    });
    if (!better) break;
  }
  return best;
}

function swap(order: LabelBox[], i: number, k: number): void {
  [order[i], order[k]] = [order[k] as LabelBox, order[i] as LabelBox];
}

function crossingsOf(stands: readonly Stand[]): [number, number][] {
  return stands.flatMap((one, i) =>
    stands.flatMap((other, k): [number, number][] => (k > i && cross(one.line, other.line) ? [[i, k]] : [])),
  );
}

const stackBoxes = (order: readonly LabelBox[], area: Area) =>
  stack(
    order.map((box) => box.y),
    order.map((box) => box.height + GAP),
    area.top,
    area.bottom,
  );
