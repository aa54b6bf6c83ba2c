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
  /**
   * Variants of a second picture beside the first, with the same camera; or null.
   */
  compare: Variants | null;
  /**
   * A second body beside the first or over it, in place of other variants; or null.
   */
  beside: Beside | null;
  /**
   * Everything but piriformis, the bones it joins and the sciatic nerve recedes.
   */
  focus: boolean;
  /**
   * Whether piriformis is painted with its distance to the nerve.
   */
  heat: boolean;
  /**
   * Thickness of the tissue under the skin: 0 slim, 0.5 usual, 1 large.
   */
  subcutaneous: number;
  camera: Camera;
  /**
   * Cutting plane, or null.
   */
  cut: Cut | null;
  /**
   * Cross-section along the nerve or piriformis, in place of the cutting plane; or null.
   */
  section: Section | null;
  /**
   * Distances that are measured in the picture.
   */
  rulers: Ruler[];
  /**
   * Trigger point whose X and referred pain are shown, or null.
   */
  trigger: Trigger | null;
  /**
   * Whether referred pain is stippled on the skin or on what lies beneath it.
   */
  stipple: "skin" | "muscle";
  /**
   * What is set into the skin where the trigger point may be pressed, or null.
   */
  ball: ("tennis_ball" | "lacrosse_ball" | "roller") | null;
  /**
   * The page as something to show to a client: one side, large targets, plain words.
   */
  consult: boolean;
  /**
   * Lesson that is being played, or null.
   */
  lesson: LessonPlace | null;
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
 * Which sciatic–piriformis variant each side of the body has.
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
 * A second body to compare with: in a second picture with the same camera, or drawn over the first.
 */
export interface Beside {
  /**
   * Which body: `bodyparts3d`.
   */
  atlas: string;
  /**
   * How the two are shown.
   */
  how: "side_by_side" | "overlaid";
  /**
   * Opacity of the second body where it is overlaid.
   */
  opacity: number;
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
/**
 * A plane across the sciatic nerve or across piriformis: the cut goes with it, and a flat picture is drawn.
 */
export interface Section {
  /**
   * Whose length the plane slides along.
   */
  along: "nerve" | "piriformis";
  /**
   * Side of the body.
   */
  side: "right" | "left";
  /**
   * Place along the centreline, 0 to 1: from the roots to the thigh, from the sacrum to the femur.
   */
  at: number;
}
/**
 * A straight distance between two points.
 */
export interface Ruler {
  /**
   * First point, LPS mm.
   *
   * @minItems 3
   * @maxItems 3
   */
  from: [number, number, number];
  /**
   * Second point, LPS mm.
   *
   * @minItems 3
   * @maxItems 3
   */
  to: [number, number, number];
}
/**
 * A trigger point on one side of the body: its X, and its pain as stippling.
 */
export interface Trigger {
  /**
   * Trigger point by id: `gluteus_maximus.2`.
   */
  id: string;
  /**
   * Side of the body.
   */
  side: "right" | "left";
}
/**
 * A lesson that is being played, and where one is in it.
 */
export interface LessonPlace {
  /**
   * Lesson by id: `variants`.
   */
  id: string;
  /**
   * Step that is shown, from 0.
   */
  step: number;
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
  compare: null,
  beside: null,
  focus: false,
  heat: false,
  subcutaneous: 0.5,
  camera: {
    view: "posterior",
    position: null,
    target: null,
    up: [0.0, 0.0, 1.0],
    field_of_view: 24.0,
  },
  cut: null,
  section: null,
  rulers: [],
  trigger: null,
  stipple: "skin",
  ball: null,
  consult: false,
  lesson: null,
  theme: "auto",
  language: "en",
  names: "english",
};
