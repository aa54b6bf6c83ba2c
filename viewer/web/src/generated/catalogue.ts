// Generated from annotations.catalogue.Catalogue by `python -m viewer.schema`; change the model, not this file.

/**
 * `catalogue.json`: the annotations in one language.
 */
export interface Catalogue {
  version: 1;
  language: string;
  /**
   * Outermost first.
   */
  layers: Layer[];
  /**
   * In the order of the tree.
   */
  groups: Group[];
  structures: {
    [k: string]: StructureCard;
  };
  landmarks: {
    [k: string]: LandmarkCard;
  };
  views: {
    [k: string]: ViewEntry;
  };
  references: {
    [k: string]: ReferenceEntry;
  };
  evidence_levels: EvidenceLevelEntry[];
  credits: Credit[];
}
/**
 * One anatomical layer; the peel takes layers off from the outermost.
 */
export interface Layer {
  id: string;
  name: string;
}
/**
 * One branch of the structure tree.
 */
export interface Group {
  id: string;
  name: string;
}
/**
 * Everything that is said of one structure, for both sides.
 */
export interface StructureCard {
  id: string;
  kind: "bone" | "muscle" | "tendon" | "ligament" | "nerve" | "fascia" | "membrane" | "skin" | "joint" | "disc";
  group: string;
  layer: string;
  part_of: string | null;
  paired: boolean;
  names: Names;
  identifiers: IdentifierEntry[];
  /**
   * Text for a client.
   */
  plain: string;
  /**
   * Text for a student.
   */
  precise: string;
  /**
   * Null: say that the texts are unreviewed.
   */
  reviewed_by: string | null;
  attachments: Attachment[];
  innervation: Innervation[];
  actions: Statement[];
  blood_supply: Statement[];
  notes: Statement[];
}
/**
 * What it is called.
 */
export interface Names {
  /**
   * English term.
   */
  english: string;
  /**
   * Latin term of Terminologia Anatomica.
   */
  latin: string;
  /**
   * Other names in use, in any language.
   */
  synonyms: string[];
}
/**
 * An identifier as it is shown.
 */
export interface IdentifierEntry {
  scheme: "FMA" | "UBERON" | "TA2" | "TA98";
  value: string;
  /**
   * Show as unverified.
   */
  doubtful: boolean;
  /**
   * Address to link to; always null if doubtful.
   */
  url: string | null;
  /**
   * Set if it names one side only.
   */
  side: ("right" | "left") | null;
  /**
   * Set if it names more or less than the entry.
   */
  scope: string | null;
}
/**
 * Where one end holds on.
 */
export interface Attachment {
  /**
   * proximal (origin) or distal (insertion).
   */
  end: "proximal" | "distal";
  /**
   * Structures that carry it.
   *
   * @minItems 1
   */
  on: string[];
  /**
   * Landmarks it lies on or between.
   */
  landmarks: string[];
  statement: Statement;
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
/**
 * A nerve that reaches the structure.
 */
export interface Innervation {
  /**
   * The nerve's English name.
   */
  nerve: string;
  /**
   * The nerve's own entry, if it has one.
   */
  structure: string | null;
  /**
   * Spinal roots that all sources give.
   *
   * @minItems 1
   */
  roots: string[];
  /**
   * Further roots that some sources give.
   */
  sometimes: string[];
  statement: Statement;
}
/**
 * Everything that is said of one landmark, for both sides.
 */
export interface LandmarkCard {
  id: string;
  paired: boolean;
  form: "point" | "line" | "area";
  names: Names;
  on: string;
  definition: Statement;
  identifiers: IdentifierEntry[];
}
/**
 * A camera view.
 */
export interface ViewEntry {
  id: string;
  name: string;
  /**
   * Unit vector from the target to the eye, LPS.
   *
   * @minItems 3
   * @maxItems 3
   */
  direction: [number, number, number];
  /**
   * @minItems 3
   * @maxItems 3
   */
  up: [number, number, number];
  target_landmarks: string[];
  /**
   * @minItems 3
   * @maxItems 3
   */
  centre: [number, number, number];
  distance: number;
  cut: ViewCut | null;
}
/**
 * A plane that takes away what would stand between the eye and the view's subject.
 */
export interface ViewCut {
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
 * A source, ready to print and to link.
 */
export interface ReferenceEntry {
  key: string;
  text: string;
  url: string | null;
  kind: "paper" | "encyclopaedia" | "teaching_site" | "repository" | "recalled" | "project";
}
/**
 * A level of evidence, explained to everyone.
 */
export interface EvidenceLevelEntry {
  id: "established_anatomy" | "pooled_prevalence" | "expert_convention" | "contested" | "case_reports";
  name: string;
  /**
   * One friendly sentence.
   */
  explanation: string;
}
/**
 * Work of others that the atlas is made from, and the terms under which it is used.
 */
export interface Credit {
  id: string;
  name: string;
  /**
   * The credit line to show.
   */
  text: string;
  license: string;
  url: string | null;
}
