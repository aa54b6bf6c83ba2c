// How deep: what lies under the finger, laid out along a ruler.
import type { Anatomy } from "../../atlas/anatomy";
import type { LayerEntry } from "../../generated/marks";

export type Tissue = "fat" | "muscle" | "bone" | "nerve" | "other";

/** One step under the finger. */
export interface Band {
  readonly name: string;
  readonly tissue: Tissue;
  /** mm below the skin. */
  readonly begins: number;
  readonly ends: number;
  /** The last one: here the finger is stopped, or has to stop. */
  readonly stops: boolean;
}

/** Thinner than this between two layers is not worth a name. */
const GAP = 2;

const tissueOf = (kind: string | undefined): Tissue =>
  kind === "muscle" || kind === "bone" || kind === "nerve" ? kind : "other";

/**
 * What lies from the skin inwards. `more`: mm of tissue under the skin more (or less) than in the body that was measured.
 * What a bone or nerve at the end measures itself is of no matter: it counts as where the way ends.
 */
export function bands(layers: readonly LayerEntry[], anatomy: Anatomy, more = 0): Band[] {
  const found: Band[] = [];
  let reached = 0;
  layers.forEach((layer, i) => {
    const begins = Math.max(0, layer.begins + more);
    const tissue = tissueOf(anatomy.entry(layer.structure)?.kind);
    const stops = tissue === "bone" || tissue === "nerve";
    if (begins - reached > GAP || i === 0) {
      const name = i === 0 ? anatomy.t("Skin and what lies under it") : anatomy.t("Fat and tissue between");
      found.push({ name, tissue: "fat", begins: reached, ends: begins, stops: false });
    }
    const ends = stops ? begins : layer.ends + more;
    if (stops || ends > reached) {
      const from = Math.max(begins, i === 0 ? 0 : reached);
      found.push({
        name: anatomy.title(layer.structure, "english").short,
        tissue,
        begins: stops ? begins : from,
        ends: stops ? begins : ends,
        stops,
      });
      reached = Math.max(reached, ends);
    }
  });
  return found;
}

/**
 * Where labels stand (px from the top) that want to be at `wanted` and need `height` each: in order, none over another,
 * as little moved as that allows.
 */
export function spread(wanted: readonly number[], height: number, room: number): number[] {
  const places: number[] = [];
  let next = 0;
  for (const place of wanted) {
    places.push(Math.max(next, place));
    next = (places.at(-1) ?? 0) + height;
  }
  let limit = Math.max(room, wanted.length * height);
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i] ?? 0, limit - height);
    limit = places[i] ?? 0;
  }
  return places;
}
