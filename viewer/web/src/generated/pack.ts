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
  sources: {
    [k: string]: Source;
  };
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
  made: "population" | "modelled" | "loaded";
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
   * Its other shapes by name (`B`, `slim`); a name that is not here means the part as its own node is.
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
