// The part of the stage's face that is asked: what lies where, how large it is, whether it is there yet.
import { areasOf, contoursOf, distancesOf, placesOf } from "./measuring";
import { Navigation } from "./navigation";
import type { Forest } from "./picking";
import type { Pointing } from "./pointing";
import type { Supply } from "./supply";
import type { Contour, CutLook, Pick, ShapeName } from "./types";
import { unit } from "./vector";

export abstract class Inquiry extends Navigation {
  protected abstract readonly forest: Forest;
  protected abstract readonly pointing: Pointing;
  protected abstract readonly supply: Supply;

  pick(x: number, y: number): Pick | null {
    return this.pointing.pick(x, y);
  }

  shapesReady(shapes: readonly ShapeName[]): Promise<void> {
    return this.supply.shapes(shapes);
  }

  structuresReady(ids: readonly string[]): Promise<void> {
    return this.supply.structures(ids);
  }

  contours(plane: CutLook, ids?: readonly string[]): Contour[] {
    return contoursOf(this.cast, { ...plane, normal: unit(plane.normal) }, ids);
  }

  distances(part: string, to: readonly string[], signal?: AbortSignal): Promise<Float32Array | null> {
    return distancesOf(this.cast, this.forest, part, to, signal);
  }

  places(part: string, places: readonly number[]): Float32Array | null {
    return placesOf(this.cast, part, places);
  }

  areas(part: string): Float32Array | null {
    return areasOf(this.cast, part);
  }
}
