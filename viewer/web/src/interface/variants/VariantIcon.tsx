// A variant as a line drawing: the right side from behind, sacrum to the left, greater trochanter to the right.
// What lies in front of piriformis is hidden by it; where the nerve comes out it goes on over what is behind it.
import type { Passage, Variant } from "../../atlas/variants";

type Point = readonly [x: number, y: number];

/** Upper border, both borders of a cleft, and the lower border, from the sacrum to the tendon. */
const BELLY = "M3 11C18 10 36 17 60 27.5L61 30.5C42 34 20 38 3 37Z";
const UPPER_HEAD = "M3 11C18 10 36 17 60 27.5L60.5 29C40 27 20 22.5 3 22.5Z";
const LOWER_HEAD = "M3 26.5C20 26.5 40 30 60.5 29L61 30.5C42 34 20 38 3 37Z";

/** Where the nerve comes out from in front of the muscle, or over its upper border. */
const OUT: Record<Passage, Point> = { below: [25, 33], through: [27, 24.5], above: [29, 10.5] };
/** The divisions lie side by side: tibial towards the midline, common fibular away from it. */
const APART = 3;

interface Strand {
  readonly passage: Passage;
  readonly width: number;
  /** To the side of the nerve's middle, where it comes out and at its lower end. */
  readonly out: number;
  readonly end: number;
}

function strands({ passes, divided, rejoins }: Variant): Strand[] {
  if (!divided) return [{ passage: passes.tibial, width: 7, out: 0, end: 0 }];
  const together = passes.tibial === passes.common_fibular;
  const end = rejoins ? 1.8 : APART + 0.6;
  return [
    { passage: passes.tibial, width: 3.6, out: together ? -APART : 0, end: -end },
    { passage: passes.common_fibular, width: 3.6, out: together ? APART : 1, end },
  ];
}

/** Course after the nerve has come out, down to the lower edge of the drawing. */
function course({ passage, out, end }: Strand): string {
  const [x, y] = OUT[passage];
  const from = x + out;
  return `M${from} ${y}C${from + 2} ${y + 8} ${31 + end * 1.5} 38 ${31.5 + end} 52L${32 + end} 66`;
}

/** Course in front of the muscle, from the roots to where it comes out. */
function hidden({ passage, out }: Strand): string {
  const [x, y] = OUT[passage];
  return `M5 ${passage === "above" ? 17 : 19}Q14 ${(y + 16) / 2} ${x + out} ${y}`;
}

function Nerve({ strand }: { strand: Strand }) {
  const d = course(strand);
  return (
    <>
      <path class="icon-casing" d={d} stroke-width={strand.width + 2.4} />
      <path class="icon-nerve" d={d} stroke-width={strand.width} />
    </>
  );
}

/** `left` mirrors it: the trochanter to the left, as the left side is seen from behind. */
export function VariantIcon({ variant, left }: { variant: Variant; left?: boolean }) {
  const all = strands(variant);
  const passing = (passage: Passage) =>
    all
      .filter((strand) => strand.passage === passage)
      .map((strand) => <Nerve key={strand.end} strand={strand} />);
  return (
    <svg class="variant-icon" viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
      <g transform={left ? "matrix(-1 0 0 1 64 0)" : undefined}>
        <path class="icon-bone" d="M-2 2C6 4 7 14 5 24S4 42-2 50Z" />
        <circle class="icon-bone" cx="64" cy="31" r="8" />
        {passing("below")}
        {variant.split ? (
          <>
            <path class="icon-muscle" d={LOWER_HEAD} />
            {passing("through")}
            <path class="icon-muscle" d={UPPER_HEAD} />
          </>
        ) : (
          <path class="icon-muscle" d={BELLY} />
        )}
        {passing("above")}
        {all.map((strand) => (
          <path key={strand.end} class="icon-hidden" d={hidden(strand)} />
        ))}
      </g>
    </svg>
  );
}
