// Generated from viewer.scene.Scene by `python -m viewer.schema`; change the model, not this file.

/**
 * What is visible and how. Every field has a default; `Scene()` is the picture a first visitor sees.
 */
export interface Scene {
  /**
   * Version of this document's form.
   */
  version: 1;
  /**
   * Which body is shown.
   */
  atlas: string;
  /**
   * Structures put out of sight, by sided id.
   */
  hidden: string[];
  /**
   * Structures brought into sight that the peel or their default would hide.
   */
  shown: string[];
  /**
   * If not empty, only these structures (and their parts) are visible.
   */
  isolated: string[];
  /**
   * Opacity by sided id, 0 to 1; absent means 1.
   */
  opacity: {
    [k: string]: number;
  };
  /**
   * Everything but the selection recedes.
   */
  fade_others: boolean;
  /**
   * How many of the outermost layers are taken off.
   */
  peel: number;
  /**
   * Sided id of the selected structure.
   */
  selected: string | null;
  /**
   * Whose attachment areas are painted on the bones.
   */
  footprints: "none" | "selected" | "all";
  /**
   * Which structures carry a label with a leader line.
   */
  labels: "none" | "selected" | "all";
  /**
   * Whether bony landmarks are marked and named.
   */
  landmarks: boolean;
  variant: Variants;
  camera: Camera;
  /**
   * Cutting plane, or null.
   */
  cut: Cut | null;
  /**
   * Colour scheme of the page.
   */
  theme: "auto" | "light" | "dark" | "contrast";
  /**
   * Language of names and texts.
   */
  language: string;
  /**
   * Which names labels use.
   */
  names: "english" | "latin" | "both";
}
/**
 * Sciatic–piriformis variant of each side.
 */
export interface Variants {
  /**
   * Variant of the right side.
   */
  right: string;
  /**
   * Variant of the left side.
   */
  left: string;
}
/**
 * Where the viewer stands: a named view, or a position and target in LPS millimetres.
 */
export interface Camera {
  /**
   * Named camera view; null once the camera was moved by hand.
   */
  view: string | null;
  /**
   * Eye, LPS mm; used when view is null.
   */
  position: [number, number, number] | null;
  /**
   * Point looked at, LPS mm; used when view is null.
   */
  target: [number, number, number] | null;
  /**
   * Up direction, LPS.
   *
   * @minItems 3
   * @maxItems 3
   */
  up: [number, number, number];
  /**
   * Vertical angle of view, degrees.
   */
  field_of_view: number;
}
/**
 * A cutting plane: matter on the positive side of the plane is taken away, and what is cut is closed by a cap.
 */
export interface Cut {
  /**
   * Unit normal, LPS; points to the side that is removed.
   *
   * @minItems 3
   * @maxItems 3
   */
  normal: [number, number, number];
  /**
   * Signed distance of the plane from the origin along the normal, mm.
   */
  offset: number;
}

type Input<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Input<T[K]> } : T;

/** A Scene as someone may write it: whatever is left out, at any depth, takes its default. */
export type SceneInput = Input<Scene>;

/** The Scene of which nothing was said. */
export const DEFAULT_SCENE: Scene = {
  version: 1,
  atlas: "population",
  hidden: [],
  shown: [],
  isolated: [],
  opacity: {},
  fade_others: false,
  peel: 0,
  selected: null,
  footprints: "selected",
  labels: "none",
  landmarks: false,
  variant: {
    right: "A",
    left: "A",
  },
  camera: {
    view: "posterior",
    position: null,
    target: null,
    up: [0.0, 0.0, 1.0],
    field_of_view: 24.0,
  },
  cut: null,
  theme: "auto",
  language: "en",
  names: "english",
};
