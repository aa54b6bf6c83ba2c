// Generated from meshes.atlas.AtlasDocument by `python -m viewer.schema`; change the model, not this file.

/**
 * `atlas.json`.
 */
export interface AtlasDocument {
  version: 1;
  id: string;
  title: string;
  /**
   * Hash of everything the atlas was made from; names its folder in the cache.
   */
  hash: string;
  structures: {
    [k: string]: StructureEntry;
  };
  /**
   * Points (one vector) and lines (several), LPS mm.
   */
  landmarks: {
    [k: string]: [number, number, number][];
  };
  sources: {
    [k: string]: Source;
  };
  files: FileEntry[];
  /**
   * What `later.json` will bring; empty if nothing more is made.
   */
  growing: GrowingEntry[];
  /**
   * By side, where a body has a piriformis and a sciatic nerve.
   */
  centrelines: {
    right?: Centrelines;
    left?: Centrelines;
  };
  /**
   * Mean mm by which the population's shape model misses each bone of a mesh set that it was laid on.
   */
  fit: {
    [k: string]: number;
  };
  /**
   * What is to be known of a body: what was mended, left out or could not be solved, a sentence each.
   */
  notes: string[];
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
/**
 * A structure that is made after the atlas and comes with `later.json`.
 */
export interface GrowingEntry {
  /**
   * Sided id.
   */
  id: string;
  /**
   * Unsided id, the key of its annotation.
   */
  structure: string;
  side: "right" | "left" | "midline";
  kind: "bone" | "muscle" | "tendon" | "ligament" | "nerve" | "fascia" | "membrane" | "skin" | "disc";
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
