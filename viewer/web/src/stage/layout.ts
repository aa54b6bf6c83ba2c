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

/** Whether the segments a–b and c–d cross. */
export function crosses(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
) {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number) =>
    Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px));
  return (
    side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 &&
    side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
  );
}

/**
 * Places as many labels as fit.
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
  const middle = (Math.max(body.left, area.left) + Math.min(body.right, area.right)) / 2;
  const columns: Record<Column, LabelBox[]> = { left: [], right: [] };
  const used: Record<Column, number> = { left: 0, right: 0 };
  const areas: Record<Column, Area> = {
    left: { ...area, bottom: area.leftBottom ?? area.bottom },
    right: area,
  };
  const ranked = [...boxes].sort((a, b) => b.priority - a.priority || a.id.localeCompare(b.id));
  for (const box of ranked) {
    const last = before.get(box.id);
    const shifted = box.x - middle + (last === "left" ? -STICKINESS : last === "right" ? STICKINESS : 0);
    const first: Column = shifted < 0 ? "left" : "right";
    const second: Column = first === "left" ? "right" : "left";
    const column = [first, second].find(
      (each) => used[each] + box.height + GAP <= areas[each].bottom - area.top,
    );
    if (!column) continue;
    columns[column].push(box);
    used[column] += box.height + GAP;
  }
  return [
    ...placeColumn("left", columns.left, areas.left, body),
    ...placeColumn("right", columns.right, area, body),
  ];
}

function placeColumn(
  column: Column,
  boxes: LabelBox[],
  area: Area,
  body: { left: number; right: number },
): PlacedLabel[] {
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
  let middles = stackBoxes(order, area);
  for (let round = 0; round < order.length; round++) {
    const crossing = order.findIndex((box, i) => {
      const next = order[i + 1];
      return (
        next &&
        crosses(
          edge(box),
          middles[i] as number,
          box.x,
          box.y,
          edge(next),
          middles[i + 1] as number,
          next.x,
          next.y,
        )
      );
    });
    if (crossing < 0) break;
    const [a, b] = [order[crossing] as LabelBox, order[crossing + 1] as LabelBox];
    order.splice(crossing, 2, b, a);
    middles = stackBoxes(order, area);
  }
  return order.map((box, i) => ({ id: box.id, column, x: edge(box), y: middles[i] as number }));
}

const stackBoxes = (order: readonly LabelBox[], area: Area) =>
  stack(
    order.map((box) => box.y),
    order.map((box) => box.height + GAP),
    area.top,
    area.bottom,
  );
