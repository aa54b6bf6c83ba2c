// A small body and its catalogue, enough for every rule of the page.
import { Anatomy } from "../src/atlas/anatomy";
import type { AtlasDocument, StructureEntry } from "../src/generated/atlas";
import type { Catalogue } from "../src/generated/catalogue";
import { DEFAULT_SCENE, type Scene } from "../src/generated/scene";

type Card = Catalogue["structures"][string];

function card(id: string, part: Partial<Card>): Card {
  return {
    id,
    kind: "muscle",
    group: "muscles",
    layer: "deep",
    part_of: null,
    paired: true,
    names: { english: id.replace(/_/g, " "), latin: "", synonyms: [] },
    identifiers: [],
    plain: "Plain.",
    precise: "Precise.",
    reviewed_by: null,
    attachments: [],
    innervation: [],
    actions: [],
    blood_supply: [],
    notes: [],
    ...part,
  };
}

const names = (english: string, latin = "", ...synonyms: string[]) => ({ english, latin, synonyms });

const cards: Card[] = [
  card("skin", { kind: "skin", group: "skin", layer: "skin", paired: false }),
  card("gluteus_maximus", {
    layer: "superficial",
    names: names("gluteus maximus", "musculus gluteus maximus"),
  }),
  card("gluteus_medius", { layer: "middle", names: names("gluteus medius", "musculus gluteus medius") }),
  card("piriformis", {
    names: names("piriformis", "musculus piriformis", "pear-shaped muscle"),
    identifiers: [
      { scheme: "FMA", value: "19082", doubtful: false, url: null, side: null, scope: null },
      { scheme: "UBERON", value: "0008529", doubtful: false, url: null, side: null, scope: null },
      { scheme: "TA98", value: "A04.7.02.011", doubtful: true, url: null, side: null, scope: null },
    ],
  }),
  card("sciatic_nerve", {
    kind: "nerve",
    group: "nerves",
    layer: "nerves",
    names: names("sciatic nerve", "nervus ischiadicus", "ischiatic nerve"),
  }),
  card("tibial_division", { kind: "nerve", group: "nerves", layer: "nerves", part_of: "sciatic_nerve" }),
  card("common_fibular_division", {
    kind: "nerve",
    group: "nerves",
    layer: "nerves",
    part_of: "sciatic_nerve",
  }),
  card("hip_bone", { kind: "bone", group: "bones", layer: "bones", names: names("hip bone", "os coxae") }),
  card("ilium", {
    kind: "bone",
    group: "bones",
    layer: "bones",
    part_of: "hip_bone",
    names: names("ilium", "os ilium"),
  }),
  card("sacrum", {
    kind: "bone",
    group: "bones",
    layer: "bones",
    paired: false,
    names: names("sacrum", "os sacrum"),
  }),
];

export const usual: Catalogue["variants"][string] = {
  id: "A",
  letter: "A",
  name: "undivided nerve below piriformis",
  short: "undivided, below",
  words: "The usual arrangement.",
  caption: "Below.",
  passes: { tibial: "below", common_fibular: "below" },
  divided: false,
  split: false,
  rejoins: null,
  hypothetical: false,
  other_names: [],
  statements: [],
  prevalence: [],
};

export const pierced: Catalogue["variants"][string] = {
  ...usual,
  id: "B",
  letter: "B",
  name: "common fibular through, tibial below",
  short: "fibular through, tibial below",
  passes: { tibial: "below", common_fibular: "through" },
  divided: true,
  split: true,
  rejoins: true,
};

export const catalogue: Catalogue = {
  version: 1,
  language: "en",
  languages: [
    {
      code: "en",
      name: "English",
      english: "English",
      reviewed: { interface: null, names: null, safety: null },
    },
  ],
  layers: [
    { id: "skin", name: "Skin" },
    { id: "superficial", name: "Superficial muscles and fascia" },
    { id: "middle", name: "Middle muscles" },
    { id: "deep", name: "Deep muscles" },
    { id: "nerves", name: "Nerves" },
    { id: "ligaments", name: "Ligaments" },
    { id: "bones", name: "Bones and joints" },
  ],
  groups: [
    { id: "muscles", name: "Muscles" },
    { id: "nerves", name: "Nerves" },
    { id: "bones", name: "Bones" },
    { id: "skin", name: "Skin" },
  ],
  structures: Object.fromEntries(cards.map((one) => [one.id, one])),
  landmarks: {},
  views: {
    posterior: {
      id: "posterior",
      name: "Posterior",
      direction: [0, 1, 0],
      up: [0, 0, 1],
      target_landmarks: [],
      centre: [0, 20, 15],
      distance: 1000,
      cut: null,
    },
    medial: {
      id: "medial",
      name: "Medial",
      direction: [1, 0, 0],
      up: [0, 0, 1],
      target_landmarks: ["asis.right"],
      centre: [-60, 30, 20],
      distance: 1000,
      cut: { normal: [1, 0, 0], offset: 0 },
    },
  },
  variants: Object.fromEntries([usual, pierced].map((one) => [one.id, one])),
  variant_notes: [],
  any_variant: [],
  same_on_both_sides: [],
  plates: [],
  measures: [],
  trigger_points: {},
  pain_regions: [],
  safety: {} as Catalogue["safety"],
  references: {},
  evidence_levels: [],
  credits: [],
};

function entry(id: string, kind: StructureEntry["kind"], more: Partial<StructureEntry> = {}): StructureEntry {
  const [structure = id, side] = id.split(".");
  return {
    id,
    structure,
    side: side === "right" || side === "left" ? side : "midline",
    kind,
    made: "modelled",
    source: "made",
    parts: [{ name: id, file: id === "skin" ? "later.glb" : "atlas.glb", triangles: 10, shapes: {} }],
    footprints: [],
    anchor: [0, 0, 0],
    bounds: [
      [-10, -10, -10],
      [10, 10, 10],
    ],
    volume_cm3: 1,
    shown: id !== "skin",
    ...more,
  };
}

const print = (structure: string, end: "proximal" | "distal", on: string) => ({
  name: `${structure}#${end}@${on}`,
  file: "atlas.glb",
  end,
  on,
  area_mm2: 100,
});

const entries: StructureEntry[] = [
  entry("skin", "skin"),
  entry("gluteus_maximus.right", "muscle", {
    footprints: [print("gluteus_maximus.right", "proximal", "sacrum")],
  }),
  entry("gluteus_maximus.left", "muscle"),
  entry("gluteus_medius.right", "muscle"),
  entry("piriformis.right", "muscle", { footprints: [print("piriformis.right", "proximal", "sacrum")] }),
  entry("piriformis.left", "muscle", { footprints: [print("piriformis.left", "proximal", "sacrum")] }),
  entry("tibial_division.right", "nerve"),
  entry("common_fibular_division.right", "nerve"),
  entry("hip_bone.right", "bone"),
  entry("sacrum", "bone"),
  entry("stranger", "bone"),
];

export const atlas: AtlasDocument = {
  version: 1,
  id: "population",
  title: "A small body",
  hash: "0",
  structures: Object.fromEntries(entries.map((one) => [one.id, one])),
  landmarks: { "asis.right": [[-120, -40, 80]] },
  sources: {},
  files: [
    { name: "atlas.glb", bytes: 1, sha256: "", wanted: "first" },
    { name: "later.glb", bytes: 1, sha256: "", wanted: "shown" },
  ],
  growing: [],
  centrelines: {},
  fit: {},
  notes: [],
};

export const anatomy = new Anatomy(atlas, catalogue);

export const scene = (part: Partial<Scene> = {}): Scene => ({ ...structuredClone(DEFAULT_SCENE), ...part });
