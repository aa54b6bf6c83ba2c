// Generated from meshes.marks.MarksDocument by `python -m viewer.schema`; change the model, not this file.

/**
 * `marks.json`: all trigger points on one body.
 */
export interface MarksDocument {
  version: 1;
  /**
   * mm that a ball sinks in: its centre lies so much nearer than its radius.
   */
  sinks: number;
  /**
   * By id and side.
   */
  points: {
    [k: string]: {
      right?: PointMarks;
      left?: PointMarks;
    };
  };
  /**
   * Named regions where it hurts, by id and side.
   */
  regions: {
    [k: string]: {
      right?: RegionEntry;
      left?: RegionEntry;
      midline?: RegionEntry;
    };
  };
}
/**
 * One trigger point on one side.
 */
export interface PointMarks {
  /**
   * The X, LPS mm, on the muscle's superficial face.
   */
  on_muscle: [number, number, number] | null;
  /**
   * Where the X shows on the skin.
   */
  on_skin: SkinPlace | null;
  /**
   * From the skin at the X inwards, down to bone or nerve.
   */
  layers: LayerEntry[];
  zones: ZoneEntry[];
  balls: BallEntry[];
}
/**
 * A place on the skin that follows it into every shape.
 */
export interface SkinPlace {
  triangle: number;
  /**
   * First two barycentric coordinates, in parts of 255.
   *
   * @minItems 2
   * @maxItems 2
   */
  weights: [number, number];
}
/**
 * One structure under the finger.
 */
export interface LayerEntry {
  /**
   * Sided id.
   */
  structure: string;
  /**
   * mm below the skin.
   */
  begins: number;
  /**
   * mm below the skin.
   */
  ends: number;
}
/**
 * Dots of one zone.
 */
export interface ZoneEntry {
  level: "essential" | "spillover";
  area_cm2: number;
  /**
   * Triangle and first two weights of each dot, one after the other.
   */
  dots: number[];
  /**
   * Vertices of the skin inside: what a place that hurts is compared with.
   */
  vertices: number[];
}
/**
 * Where a ball may go.
 */
export interface BallEntry {
  /**
   * Id of the ball.
   */
  ball: string;
  /**
   * Vertices of the skin where its axis may stand; empty: nowhere.
   */
  vertices: number[];
  /**
   * The one that is deepest inside the zone.
   */
  best: number | null;
  /**
   * In which it presses there, LPS.
   */
  direction: [number, number, number] | null;
  /**
   * mm of muscle under it there.
   */
  muscle: number | null;
  /**
   * mm from its axis to the nearest prominence of bone there; null: none near.
   */
  bone: number | null;
  /**
   * mm from its axis to the sciatic nerve there; null: not near.
   */
  nerve: number | null;
  /**
   * What forbids most of the rest.
   */
  why_not: "" | "bone" | "nerve" | "muscle";
}
/**
 * One named region on one side, or over the midline.
 */
export interface RegionEntry {
  area_cm2: number;
  /**
   * Triangle and first two weights of each dot, one after the other.
   */
  dots: number[];
  /**
   * Vertices of the skin inside.
   */
  vertices: number[];
}
