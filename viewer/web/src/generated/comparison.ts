// Generated from meshes.comparison.Comparison by `python -m viewer.schema`; change the model, not this file.

/**
 * The bones of two bodies, measured alike.
 */
export interface Comparison {
  version: 1;
  first: BodyMeasures;
  second: BodyMeasures;
}
/**
 * What the bones of one body measure.
 */
export interface BodyMeasures {
  /**
   * Id of the body.
   */
  atlas: string;
  title: string;
  /**
   * Whether its landmarks were looked for here, as the atlas has none of its own.
   */
  found: boolean;
  /**
   * By the measure's id; mm.
   */
  bones: {
    [k: string]: Measured;
  };
}
/**
 * One measure of one body, mm: of each side, or across the midline. None where it cannot be taken.
 */
export interface Measured {
  right: number | null;
  left: number | null;
  midline: number | null;
}
