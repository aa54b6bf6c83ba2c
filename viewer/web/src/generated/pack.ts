// Generated from meshes.pack.PackDocument by `python -m viewer.schema`; change the model, not this file.

/**
 * `later.json`: what is added to `atlas.json` of the same folder.
 */
export interface PackDocument {
  version: 1;
  /**
   * Hash of everything it was made from; its GLB files have it in their names.
   */
  hash: string;
  /**
   * New structures by sided id.
   */
  structures: {
    [k: string]: StructureEntry;
  };
  /**
   * By name of a part of the atlas: its further shapes by name (`B`).
   */
  shapes: {
    [k: string]: {
      [k: string]: ShapeEntry;
    };
  };
  /**
   * By side and variant; `A` too.
   */
  centrelines: {
    right?: {
      [k: string]: Centrelines;
    };
    left?: {
      [k: string]: Centrelines;
    };
  };
  /**
   * By side and variant; `A` too.
   */
  measures: {
    right?: {
      [k: string]: Measures;
    };
    left?: {
      [k: string]: Measures;
    };
  };
  sources: {
    [k: string]: Source;
  };
  /**
   * Name of the file beside it that holds the trigger points (`MarksDocument`); null: there are none.
   */
  marks: string | null;
  /**
   * What could not be made on this body, a sentence each; empty: nothing.
   */
  notes: string[];
  files: FileEntry[];
}
/**
 * One sided structure of the body.
 */
export interface StructureEntry {
  /**
   * Sided id: `piriformis.right`, `sacrum`.
   */
  id: string;
  /**
   * Unsided id, the key of its annotation.
   */
  structure: string;
  side: "right" | "left" | "midline";
  kind: "bone" | "muscle" | "tendon" | "ligament" | "nerve" | "fascia" | "membrane" | "skin" | "disc";
  /**
   * Mean of a population; solved; loaded from a mesh set as it is; or cut out of a set's own mesh.
   */
  made: "population" | "modelled" | "loaded" | "cut";
  /**
   * Key into `sources`.
   */
  source: string;
  parts: PartEntry[];
  footprints: FootprintEntry[];
  /**
   * A point on its outer surface where a label's leader line may end, LPS mm.
   *
   * @minItems 3
   * @maxItems 3
   */
  anchor: [number, number, number];
  /**
   * Lowest and highest corner, LPS mm.
   *
   * @minItems 2
   * @maxItems 2
   */
  bounds: [[number, number, number], [number, number, number]];
  /**
   * Volume of its closed surfaces, cm³; null if a surface is open.
   */
  volume_cm3: number | null;
  /**
   * Whether it is seen without being asked for.
   */
  shown: boolean;
}
/**
 * One part's mesh: where its node is.
 */
export interface PartEntry {
  /**
   * Node name in the GLB file.
   */
  name: string;
  /**
   * GLB file that holds it, relative to atlas.json.
   */
  file: string;
  triangles: number;
  /**
   * Its other shapes by name (`B`, `slim`); any other name means the part as its own node is.
   */
  shapes: {
    [k: string]: ShapeEntry;
  };
}
/**
 * One more shape of a part: where its node is. Its vertices are numbered as the part's own are.
 */
export interface ShapeEntry {
  /**
   * GLB file that holds it, relative to atlas.json.
   */
  file: string;
  /**
   * Node name in that file: `piriformis.right@B`.
   */
  node: string;
}
/**
 * One attachment area: where its node is, and on what.
 */
export interface FootprintEntry {
  /**
   * Node name in the GLB file: `piriformis.right#proximal@sacrum`.
   */
  name: string;
  file: string;
  end: "proximal" | "distal";
  /**
   * Sided id of the structure it lies on.
   */
  on: string;
  area_mm2: number;
}
/**
 * Middle curves of one side's nerve and muscle from the proximal to the distal end, LPS mm.
 */
export interface Centrelines {
  /**
   * The sciatic nerve with both its divisions.
   */
  nerve: [number, number, number][];
  /**
   * From the sacrum to the greater trochanter.
   */
  piriformis: [number, number, number][];
}
/**
 * Numbers of one side of one body with one variant, mm where nothing else is said.
 */
export interface Measures {
  variant:
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
   * Least distance of the nerve from piriformis; below 0: cut by it.
   */
  nerve_muscle_min_mm: number;
  /**
   * Least distance of the nerve from hip bone, sacrum and femur.
   */
  nerve_bone_min_mm: number;
  /**
   * Least distance between the two heads of piriformis.
   */
  head_head_min_mm: number;
  /**
   * Least distance between the two divisions of the nerve.
   */
  division_division_min_mm: number;
  /**
   * Length of nerve within 2 mm of piriformis.
   */
  contact_length_mm: number;
  /**
   * Where the nerve crosses the lower border of piriformis, seen from behind: 0 at the margin of the greater sciatic foramen, 1 at the greater trochanter; null if it does not cross it.
   */
  crossing_fraction: number | null;
  /**
   * The same as a quarter of the border, 1 the most medial.
   */
  crossing_quarter: number | null;
  /**
   * Where the nerve crosses the line from posterior superior iliac spine (0) to ischial tuberosity (1), on the coronal plane; null if it does not cross it.
   */
  psis_it_fraction: number | null;
  /**
   * Where the nerve crosses the line from ischial tuberosity (0) to greater trochanter (1), on the coronal plane; null if it does not cross it.
   */
  it_gt_fraction: number | null;
  /**
   * Greatest breadth there; of two divisions, their sum.
   */
  nerve_width_mm_at_lower_border: number;
  /**
   * Least breadth there; of two divisions, the larger.
   */
  nerve_thickness_mm_at_lower_border: number;
  nerve_width_mm_at_lesser_trochanter: number;
  nerve_thickness_mm_at_lesser_trochanter: number;
  /**
   * `upper_head` and `lower_head`.
   */
  head_volumes_cm3: {
    [k: string]: number;
  };
  muscle_volume_cm3: number;
  /**
   * Least breadth of the largest section of the belly.
   */
  muscle_thickness_mm: number;
  /**
   * Length of the lower border as far as it is free from behind: from the edge of the greater sciatic foramen, where the sacrum no longer covers it, to the greater trochanter.
   */
  lower_border_mm: number;
  /**
   * Diameter of a disc as large as the section where tendon begins.
   */
  tendon_diameter_mm: number;
}
/**
 * Who made the geometry, under which licence, and how to cite it. It travels with every file.
 */
export interface Source {
  title: string;
  creators: string;
  license: string;
  license_url: string;
  citation: string;
  url: string;
  notice: string;
}
/**
 * One GLB file beside atlas.json.
 */
export interface FileEntry {
  name: string;
  bytes: number;
  sha256: string;
  /**
   * When a page fetches it: for its first picture, right after that, or when something in it is shown.
   */
  wanted: "first" | "soon" | "shown";
}
