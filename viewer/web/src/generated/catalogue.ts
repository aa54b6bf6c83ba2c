// Generated from annotations.catalogue.Catalogue by `python -m viewer.schema`; change the model, not this file.

export type JsonValue = unknown;

/**
 * `catalogue.json`: the annotations, and which other languages there are documents of.
 */
export interface Catalogue {
  version: 1;
  /**
   * Language of its names and of what is said about safety; all else is English.
   */
  language: string;
  /**
   * Languages that it can be shown in, English first.
   */
  languages: LanguageEntry[];
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
  /**
   * How sciatic nerve and piriformis lie together; the usual first.
   */
  variants: {
    [k: string]: Variant;
  };
  /**
   * What is true of all variants; shown wherever one is.
   */
  variant_notes: Statement[];
  /**
   * How often it is any but the usual arrangement.
   */
  any_variant: Prevalence[];
  /**
   * How often left and right are alike.
   */
  same_on_both_sides: Prevalence[];
  /**
   * Named scenes with captions.
   */
  plates: Plate[];
  /**
   * Published measures that the models are held against.
   */
  measures: PublishedMeasure[];
  trigger_points: {
    [k: string]: TriggerPoint;
  };
  /**
   * Named regions to choose from when one says where it hurts.
   */
  pain_regions: PainRegion[];
  safety: Safety;
  references: {
    [k: string]: ReferenceEntry;
  };
  evidence_levels: EvidenceLevelEntry[];
  credits: Credit[];
}
/**
 * A language that a page may be shown in.
 */
export interface LanguageEntry {
  /**
   * BCP 47 code: `de`.
   */
  code: string;
  /**
   * Its own name.
   */
  name: string;
  /**
   * Its English name.
   */
  english: string;
  reviewed: Reviewed;
}
/**
 * Who checked a translation, by topic; null: nobody qualified has.
 */
export interface Reviewed {
  interface: string | null;
  names: string | null;
  /**
   * Null: the texts stand beside the English, marked.
   */
  safety: string | null;
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
 * One file of `variants/`.
 */
export interface Variant {
  /**
   * Also the file's name.
   */
  id:
    | "A"
    | "B"
    | "B_apart"
    | "C"
    | "D"
    | "E"
    | "F"
    | "high_division_below"
    | "both_through"
    | "both_above"
    | "two_headed";
  /**
   * Letter of Beaton and Anson's scheme; null if it has none there.
   */
  letter: ("A" | "B" | "C" | "D" | "E" | "F") | null;
  /**
   * In words: `common fibular through a split piriformis, tibial below`.
   */
  name: string;
  /**
   * The same in a few words, for a list: `fibular through, tibial below`.
   */
  short: string;
  /**
   * Two or three sentences on what lies where.
   */
  words: string;
  /**
   * One sentence for under a picture.
   */
  caption: string;
  passes: Passages;
  /**
   * Whether the two divisions pass piriformis apart from each other.
   */
  divided: boolean;
  /**
   * Whether the belly of piriformis is in two heads.
   */
  split: boolean;
  /**
   * Whether the divisions come together below; null if they never part.
   */
  rejoins: boolean | null;
  /**
   * Drawn from a reading, not from a specimen that was read of.
   */
  hypothetical: boolean;
  /**
   * Sources that letter it differently.
   */
  other_names: Statement[];
  /**
   * What is known of it.
   */
  statements: Statement[];
  /**
   * By source, the strongest first.
   */
  prevalence: Prevalence[];
}
/**
 * Where each division of the nerve passes piriformis.
 */
export interface Passages {
  tibial: "below" | "through" | "above";
  common_fibular: "below" | "through" | "above";
}
/**
 * How often one source saw something.
 */
export interface Prevalence {
  /**
   * Key of the reference.
   */
  source: string;
  /**
   * How many were looked at; null if it was not found.
   */
  n: number | null;
  /**
   * What n counts.
   */
  unit: "limbs" | "hips" | "cadavers" | "studies" | "examinations";
  /**
   * Who they were, and how they were looked at.
   */
  population: string;
  /**
   * Of n, in percent.
   */
  percent: number;
  /**
   * Lower end of the 95 % interval, if one was given.
   */
  low: number | null;
  /**
   * Upper end of the 95 % interval, if one was given.
   */
  high: number | null;
  /**
   * Whether it is the pooled value of several studies.
   */
  pooled: boolean;
  mark: "verified" | "recalled" | "derived" | "unverified";
}
/**
 * One named scene. What its caption says is told claim by claim in `statements`, each with its source.
 */
export interface Plate {
  id: string;
  /**
   * Title of the plate.
   */
  name: string;
  /**
   * What is seen, in two or three sentences.
   */
  caption: string;
  /**
   * The claims of the plate, with their sources.
   *
   * @minItems 1
   */
  statements: Statement[];
  /**
   * A scene; what it leaves out takes its default.
   */
  scene: {
    [k: string]: JsonValue;
  };
}
/**
 * One figure of one source. Rows with the same `how` on the same structure measure the same thing.
 */
export interface PublishedMeasure {
  id: string;
  /**
   * What was measured, without a side.
   */
  structure: string;
  /**
   * The measure, in the terms of the source.
   */
  what: string;
  unit: "mm" | "mm²" | "cm²" | "cm³" | "°" | "fraction";
  mean: number;
  /**
   * Standard deviation between people; null if the source gives none.
   */
  sd: number | null;
  /**
   * Lowest value that the source gives for healthy adults.
   */
  low: number | null;
  /**
   * Highest value that the source gives for healthy adults.
   */
  high: number | null;
  /**
   * Limbs or people measured, as the source counts; null if not known.
   */
  n: number | null;
  /**
   * Who or what was measured, and how.
   */
  population: string;
  /**
   * Key of the reference that says so.
   */
  source: string;
  /**
   * verified: read in the source; others are shown, never tested.
   */
  mark: "verified" | "recalled" | "derived" | "unverified";
  /**
   * Whether the model was shaped to this figure; false where another one was.
   */
  followed: boolean;
  /**
   * Whether a test holds the model to it: within two SD, or within low and high.
   */
  tested: boolean;
  /**
   * The measuring function; null if the model has no such part to measure.
   */
  how: string | null;
  /**
   * Why it is not followed or not tested, or how it was read.
   */
  note: string | null;
}
/**
 * One file of `trigger_points/`: `gluteus_maximus.2`. Both sides share it.
 */
export interface TriggerPoint {
  /**
   * Muscle and number, also the file's name: `piriformis.1`.
   */
  id: string;
  /**
   * The structure that it lies in.
   */
  muscle: string;
  /**
   * `Gluteus maximus 2`.
   */
  name: string;
  /**
   * Where it is, in a few words for a list: `just above the sitting bone`.
   */
  where: string;
  /**
   * How common its sources call it among those of its muscle.
   */
  often: "most" | "usual" | "rare";
  shown: "with_x" | "zones_only" | "text_only";
  /**
   * Of the X, before it is laid onto the muscle.
   */
  place: Place | null;
  /**
   * From where the X is looked for: muscle and skin lie that way.
   */
  seen: "behind" | "side" | "front";
  location: Statement;
  /**
   * @minItems 1
   */
  zones: Zone[];
  zone_source: Statement1;
  spared: Spared[];
  /**
   * What people say of it.
   */
  feels_like: Statement[];
  /**
   * What is said to start it or keep it going.
   */
  causes: Statement[];
  /**
   * Nerves it is proposed to press on.
   */
  entrapment: Statement[];
  self_care: SelfCare;
  cautions: Statement[];
  /**
   * For a client, to be read aloud: no jargon, nothing to fear.
   */
  plain: string;
  /**
   * The clinician who checked it; null: unreviewed, and shown as such.
   */
  reviewed_by: string | null;
}
/**
 * A weighted mean of landmarks, moved in directions that mirror by themselves.
 */
export interface Place {
  /**
   * Weight of each landmark by unsided id; `iliac_crest@0.5` is a place along a line landmark.
   */
  landmarks: {
    [k: string]: number;
  };
  /**
   * mm away from the midline.
   */
  lateral: number;
  /**
   * mm upwards.
   */
  cranial: number;
  /**
   * mm backwards.
   */
  posterior: number;
}
/**
 * Where pain is described, in words and as strokes on the skin that say the same.
 */
export interface Zone {
  level: "essential" | "spillover";
  /**
   * The regions in plain anatomical words: what the picture shows.
   */
  words: string;
  /**
   * Empty where the atlas draws no picture.
   */
  strokes: Stroke[];
  /**
   * Whether it reaches over the midline to the other side.
   */
  both_sides: boolean;
}
/**
 * A band on the skin: from place to place over the surface, so wide; one place alone makes a disc.
 */
export interface Stroke {
  /**
   * @minItems 1
   */
  through: Place[];
  /**
   * mm across.
   */
  width: number;
  /**
   * From where its places are laid onto the skin.
   */
  seen: ("behind" | "side" | "front") | "nearest";
}
/**
 * One claim, and how far it can be trusted.
 */
export interface Statement1 {
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
 * A place that a zone must not cover, because the sources say so.
 */
export interface Spared {
  words: string;
  stroke: Stroke;
}
/**
 * Where a ball may go, or why it may not: the verdict that the surfaces must bear out.
 */
export interface SelfCare {
  /**
   * Whether a safe zone for a ball is expected.
   */
  verdict: "zone" | "no_zone";
  /**
   * One plain sentence: where, or why not.
   */
  why: string;
  /**
   * What may be used, the gentlest first.
   */
  tools: ("tennis_ball" | "lacrosse_ball" | "roller")[];
  /**
   * Position, leg, time: as the sources have it.
   */
  how: Statement[];
}
/**
 * One entry of `pain_regions.yaml`, listed from the back of the belt line downwards.
 */
export interface PainRegion {
  id: string;
  /**
   * As a client would say it: `lower buttock`.
   */
  name: string;
  /**
   * Where that is, so that nobody needs the picture.
   */
  words: string;
  /**
   * true: one right, one left; false: one over the midline.
   */
  paired: boolean;
  /**
   * Bands on the skin; of a paired one, on the right side.
   *
   * @minItems 1
   */
  strokes: Stroke[];
}
/**
 * What comes before any self-care.
 */
export interface Safety {
  not_a_diagnosis: string;
  /**
   * The most urgent first.
   *
   * @minItems 1
   */
  red_flags: RedFlag[];
  /**
   * When to stop at once.
   *
   * @minItems 1
   */
  stop: Advice[];
  /**
   * Who should ask a professional before.
   *
   * @minItems 1
   */
  ask_first: Advice[];
  /**
   * Where a ball never goes.
   *
   * @minItems 1
   */
  never_press: Advice[];
  /**
   * How long and how often, as published.
   *
   * @minItems 1
   */
  dose: Advice[];
  /**
   * How it is done: surface, leg, both sides, clothing.
   *
   * @minItems 1
   */
  ways: Advice[];
  /**
   * For a therapist's own work.
   */
  therapist: Advice[];
  /**
   * How much is known of trigger points at all.
   *
   * @minItems 1
   */
  evidence: Statement[];
  /**
   * @minItems 1
   */
  balls: Ball[];
  /**
   * The clinician who checked it; null: unreviewed, and shown as such.
   */
  reviewed_by: string | null;
}
/**
 * A sign that needs care from someone qualified.
 */
export interface RedFlag {
  id: string;
  urgency: "emergency" | "urgent" | "see_someone";
  /**
   * What a person notices, in plain words.
   */
  sign: string;
  /**
   * What to do, calmly.
   */
  action: string;
  statement: Statement;
}
/**
 * One line of advice, in plain words, with what stands behind it.
 */
export interface Advice {
  id: string;
  text: string;
  statement: Statement;
}
/**
 * Something to lie on.
 */
export interface Ball {
  id: "tennis_ball" | "lacrosse_ball" | "roller";
  name: string;
  /**
   * mm.
   */
  diameter: number;
  statement: Statement;
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
