// From one variant to another: how far the shapes are, and how much of the muscle is seen while the nerve crosses it.
import type { Side } from "../atlas/anatomy";
import type { Variant } from "../atlas/variants";
import type { AtlasDocument } from "../generated/atlas";
import type { ShapeLook } from "../stage/types";

/** Length of a morph, ms: a nerve that goes through matter takes longer, for the muscle has to fade and come back. */
const PLAIN_MS = 550;
const CROSSING_MS = 950;
/** Share of a crossing in which the muscle goes, and in which it comes back. */
const FADING = 0.28;
/** Opacity of the muscle while matter passes it. */
const FADED = 0.1;

/** One side on its way from a variant to another. */
export interface Morph {
  readonly from: string;
  readonly to: string;
  /** Milliseconds on the page's clock. */
  readonly start: number;
  readonly ms: number;
  /** The nerve passes the muscle elsewhere than before. */
  readonly crosses: boolean;
}

/** Whether the nerve has to go through the muscle to get from one variant to the other. */
export function crosses(from: Variant | undefined, to: Variant | undefined): boolean {
  return (
    from?.passes.tibial !== to?.passes.tibial || from?.passes.common_fibular !== to?.passes.common_fibular
  );
}

export function morph(
  from: Variant | undefined,
  to: Variant | undefined,
  start: number,
): Pick<Morph, "start" | "ms" | "crosses"> {
  const over = crosses(from, to);
  return { start, ms: over ? CROSSING_MS : PLAIN_MS, crosses: over };
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
const eased = (s: number) => s * s * (3 - 2 * s);

/** How far the shapes are, 0 to 1, exactly 0 and 1 at the ends. While the muscle fades nothing moves yet. */
export function progress({ start, ms, crosses: over }: Morph, now: number): number {
  const s = clamp((now - start) / ms);
  return over ? eased(clamp((s - FADING * 0.6) / (1 - FADING * 1.2))) : eased(s);
}

/** Factor on the muscle's opacity: it goes before the nerve moves and comes back after. */
export function muscleOpacity({ start, ms, crosses: over }: Morph, now: number): number {
  if (!over) return 1;
  const s = clamp((now - start) / ms);
  const gone = eased(clamp(Math.min(s, 1 - s) / FADING));
  return 1 - (1 - FADED) * gone;
}

/** Shapes of all parts of a side that have any of the two. */
export function sideShapes(
  atlas: AtlasDocument,
  side: Side,
  { from, to, t }: ShapeLook,
): Record<string, ShapeLook> {
  const looks: Record<string, ShapeLook> = {};
  for (const entry of Object.values(atlas.structures)) {
    if (entry.side !== side) continue;
    for (const part of entry.parts)
      if (from in part.shapes || to in part.shapes) looks[part.name] = { from, to, t };
  }
  return looks;
}

/** Skin between slim, usual and large; nothing where it has but one shape. */
export function skinShapes(atlas: AtlasDocument, subcutaneous: number): Record<string, ShapeLook> {
  const looks: Record<string, ShapeLook> = {};
  const look: ShapeLook =
    subcutaneous < 0.5
      ? { from: "slim", to: "base", t: subcutaneous * 2 }
      : { from: "base", to: "large", t: subcutaneous * 2 - 1 };
  for (const entry of Object.values(atlas.structures)) {
    if (entry.kind !== "skin") continue;
    for (const part of entry.parts)
      if ("slim" in part.shapes || "large" in part.shapes) looks[part.name] = look;
  }
  return looks;
}
