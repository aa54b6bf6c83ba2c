import assert from "node:assert/strict";
import { test } from "node:test";
import { type Area, cross, type LabelBox, leader, placeLabels, stack } from "../../src/stage/layout";
import { wrapped } from "../../src/stage/overlay";

const area: Area = { left: 10, top: 10, right: 990, bottom: 590, leftBottom: 500 };
const body = { left: 300, right: 700 };

function boxes(count: number, seed: number): LabelBox[] {
  let state = seed;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  return Array.from({ length: count }, (_, i) => ({
    id: `label ${i}`,
    x: 300 + 400 * random(),
    y: 30 + 540 * random(),
    width: 60 + 90 * random(),
    height: random() < 0.3 ? 36 : 20,
    priority: random(),
  }));
}

test("stacked boxes keep their order, do not overlap, stay inside and stay put where they can", () => {
  const heights = [20, 30, 20, 20];
  const free = stack([50, 120, 200, 300], heights, 0, 400);
  assert.deepEqual(free, [50, 120, 200, 300]);
  const tight = stack([100, 100, 100, 395], heights, 0, 400);
  for (let i = 1; i < 4; i++) {
    const gap = (tight[i] as number) - (tight[i - 1] as number);
    assert.ok(gap >= ((heights[i] as number) + (heights[i - 1] as number)) / 2 - 1e-9);
  }
  assert.ok((tight[3] as number) <= 390);
  const mean = ((tight[0] as number) + (tight[1] as number) + (tight[2] as number)) / 3;
  assert.ok(Math.abs(mean - 100) < 6, "boxes that want the same place share it evenly");
});

for (const seed of [1, 7, 42, 99])
  test(`labels neither overlap nor leave their area, leader lines do not cross (seed ${seed})`, () => {
    const all = boxes(24, seed);
    const placed = placeLabels(all, area, body);
    assert.ok(placed.length >= 20, `${placed.length} of 24 are placed`);
    const found = placed.map((label) => {
      const box = all.find(({ id }) => id === label.id) as LabelBox;
      const left = label.column === "left" ? label.x - box.width : label.x;
      return {
        ...label,
        box,
        line: leader({ left, right: left + box.width, y: label.y, height: box.height }, box),
        left,
        right: left + box.width,
        top: label.y - box.height / 2,
        bottom: label.y + box.height / 2,
      };
    });
    for (const [i, a] of found.entries()) {
      assert.ok(a.left >= area.left - 1e-6 && a.right <= area.right + 1e-6 && a.top >= area.top - 1e-6);
      assert.ok(a.bottom <= (a.column === "left" ? 500 : 590) + 1e-6, "the corner of the cross stays free");
      for (const b of found.slice(i + 1)) {
        const apart =
          a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 1e-6 || b.bottom <= a.top + 1e-6;
        assert.ok(apart, `${a.id} overlaps ${b.id}`);
        assert.ok(!cross(a.line, b.line), `${a.id} crosses ${b.id}`);
      }
    }
  });

test("when space is short the most important labels stay", () => {
  const all = boxes(80, 5);
  const placed = new Set(placeLabels(all, area, body).map(({ id }) => id));
  assert.ok(placed.size < 80 && placed.size > 30);
  const top = [...all].sort((a, b) => b.priority - a.priority).slice(0, 30);
  for (const box of top) assert.ok(placed.has(box.id), `${box.id} was dropped`);
});

test("a label whose own column is full is left out: no line runs across the picture", () => {
  const crowd = Array.from({ length: 60 }, (_, i): LabelBox => {
    const place = { x: 320 + (i % 7) * 12, y: 20 + 9 * i };
    return { id: `label ${i}`, ...place, width: 90, height: 20, priority: 1 };
  });
  const placed = placeLabels(crowd, area, body);
  assert.ok(placed.length >= 15 && placed.length < 60);
  for (const { column, id } of placed) assert.equal(column, "left", id);
});

test("a narrow picture carries eight labels a side at most", () => {
  const phone: Area = { left: 6, top: 10, right: 384, bottom: 590 };
  const all = boxes(40, 3).map((box) => ({ ...box, x: 60 + (box.x - 300) * 0.6, width: 60 }));
  const placed = placeLabels(all, phone, { left: 60, right: 300 });
  for (const side of ["left", "right"])
    assert.ok(placed.filter(({ column }) => column === side).length <= 8, side);
});

test("a label keeps its column while its anchor moves a little over the middle", () => {
  const box = (x: number): LabelBox => ({ id: "a", x, y: 100, width: 50, height: 20, priority: 1 });
  const first = placeLabels([box(490)], area, body);
  assert.equal(first[0]?.column, "left");
  const kept = placeLabels([box(520)], area, body, new Map([["a", "left"]]));
  assert.equal(kept[0]?.column, "left");
  const changed = placeLabels([box(560)], area, body, new Map([["a", "left"]]));
  assert.equal(changed[0]?.column, "right");
});

test("a leader line leaves its label on the side of the anchor", () => {
  const box = { left: 100, right: 200, y: 50, height: 20 };
  assert.deepEqual(leader(box, { x: 300, y: 80 }).at(0), [201, 50]);
  assert.deepEqual(leader(box, { x: 20, y: 80 }).at(0), [99, 50]);
  assert.deepEqual(leader(box, { x: 150, y: 80 }), [
    [150, 60],
    [150, 80],
  ]);
});

test("long names are broken into even lines at spaces, and no word is lost", () => {
  assert.deepEqual(wrapped("Sacrum", 22), ["Sacrum"]);
  assert.deepEqual(wrapped("Common fibular division", 22), ["Common fibular", "division"]);
  const text = "Inferolateral angle of the sacrum on the right";
  assert.equal(wrapped(text, 22).join(" "), text);
  for (const line of wrapped(text, 22)) assert.ok(line.length <= 26);
});
