// Generated from viewer.landmark_page.LandmarkSheet by `python -m viewer.schema`; change the model, not this file.

/**
 * `landmarks.json`: the landmarks of the set whose bones are shown.
 */
export interface LandmarkSheet {
  version: 1;
  /**
   * Name of the set.
   */
  set: string;
  /**
   * Changes with the set's bones: what was done on others is not for these.
   */
  key: string;
  /**
   * Where they are kept.
   */
  file: string;
  /**
   * Whether they can be kept there from here.
   */
  kept: boolean;
  /**
   * Bones that gave no landmarks, and why.
   */
  refused: {
    [k: string]: string;
  };
  landmarks: LandmarkEntry[];
}
/**
 * One landmark of a set.
 */
export interface LandmarkEntry {
  /**
   * Sided id: `asis.right`, `sacral_promontory`.
   */
  id: string;
  /**
   * Sided id of the bone that carries it.
   */
  bone: string;
  /**
   * Where the finder has found it, LPS mm in the atlas's frame.
   *
   * @minItems 3
   * @maxItems 3
   */
  found: [number, number, number];
  /**
   * How far that may be trusted.
   */
  trust: "good" | "fair" | "poor" | "carried";
  /**
   * Where the population's bone carries it.
   *
   * @minItems 3
   * @maxItems 3
   */
  carried: [number, number, number];
  /**
   * Where a rule finds it on the mesh alone; null: there is no rule for it.
   */
  rule: [number, number, number] | null;
  /**
   * mm between these two; null: there is no rule for it.
   */
  apart: number | null;
  /**
   * What has been kept of it; null: nothing.
   */
  placed: PlacedOnPage | null;
  /**
   * How to find it on the bone.
   */
  finding: Statement | null;
}
/**
 * A landmark that a person has moved or agreed to.
 */
export interface PlacedOnPage {
  /**
   * LPS mm in the frame of the atlas that is shown.
   *
   * @minItems 3
   * @maxItems 3
   */
  point: [number, number, number];
  /**
   * person: moved there by hand; finder: left where it was found.
   */
  by: "person" | "finder";
  /**
   * Whether a person has looked at it and agrees.
   */
  checked: boolean;
}
/**
 * One claim, and how far it can be trusted.
 */
export interface Statement {
  /**
   * The claim, in the terms of the field.
   */
  text: string;
  /**
   * Keys of the references that say so.
   *
   * @minItems 1
   */
  sources: string[];
  /**
   * Level of evidence.
   */
  evidence: "established_anatomy" | "pooled_prevalence" | "expert_convention" | "contested" | "case_reports";
  /**
   * verified: read in the source; recalled: from a canonical reference that was not opened; derived: this project's own reading; unverified: uncertain, or sources conflict.
   */
  mark: "verified" | "recalled" | "derived" | "unverified";
}
