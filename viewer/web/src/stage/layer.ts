// What can be added to a stage later: layers that draw more of a look than the body itself.
import type { Scene, Vector2 } from "three";
import type { Cast } from "./cast";
import type { Controls } from "./controls";
import type { Theme } from "./palette";
import type { Forest } from "./picking";
import type { SharedUniforms } from "./surface";
import type { Brush, Look } from "./types";
import type { View } from "./view";

/** What a layer may use of its stage. */
export interface LayerKit {
  readonly scene: Scene;
  readonly shared: SharedUniforms;
  readonly cast: Cast;
  readonly forest: Forest;
  readonly view: View;
  readonly controls: Controls;
  /** Size of the picture, device pixels. */
  readonly pixels: { readonly value: Vector2 };
  /** Asks for a new picture. */
  readonly redraw: () => void;
}

export interface Layer {
  /** Takes on a look; again with the same look when something has come onto the stage. */
  show(look: Look): void;
  /** Before each picture. ratio : device pixels per CSS pixel */
  arrange?(theme: Theme, ratio: number): void;
  brush?(brush: Brush | null): void;
  /** Frees the GPU; what is shown comes back by itself when it is drawn again. */
  release(): void;
  /** Ends all that goes on. */
  stop?(): void;
}

export type MakeLayer = (kit: LayerKit) => Layer;

/** Whether two lists hold the very same things. */
export const same = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((each, i) => each === other[i]);

/** The layers of one stage. */
export class Layers {
  private readonly made = new Map<MakeLayer, Layer>();

  constructor(private readonly kit: LayerKit) {}

  /** How the layers in use are made. */
  get makers(): readonly MakeLayer[] {
    return [...this.made.keys()];
  }

  use(makers: readonly MakeLayer[]): void {
    for (const make of makers) if (!this.made.has(make)) this.made.set(make, make(this.kit));
  }

  show(look: Look): void {
    for (const layer of this.made.values()) layer.show(look);
  }

  arrange(theme: Theme, ratio: number): void {
    for (const layer of this.made.values()) layer.arrange?.(theme, ratio);
  }

  brush(brush: Brush | null): void {
    for (const layer of this.made.values()) layer.brush?.(brush);
  }

  release(): void {
    for (const layer of this.made.values()) layer.release();
  }

  stop(): void {
    for (const layer of this.made.values()) layer.stop?.();
  }
}
