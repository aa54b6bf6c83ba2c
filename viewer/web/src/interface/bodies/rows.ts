// The measures of two bodies, row by row: bones as the server has measured them, all else from what each body brings.
import type { Anatomy, Side } from "../../atlas/anatomy";
import { MEASURES, type MeasureRow, type Published, publishedFor } from "../../atlas/measures";
import type { Comparison, Measured } from "../../generated/comparison";
import { phrase } from "../../language/translate";

/** Where on the body a number is taken. */
export type Place = Side | "midline";

export interface Numbers {
  readonly place: Place;
  readonly first: number | null;
  readonly second: number | null;
}

export interface Row {
  readonly id: string;
  readonly name: string;
  /** What exactly is measured; null where the name says it. */
  readonly definition: string | null;
  readonly unit: MeasureRow["unit"];
  readonly numbers: readonly Numbers[];
  readonly published: readonly Published[];
}

export interface Group {
  readonly id: "bones" | "nerve" | "volumes";
  readonly rows: readonly Row[];
}

interface BoneText {
  readonly name: string;
  readonly definition: string;
  /** Function of the published table that measures the same. */
  readonly how?: string;
}

/** What `meshes/comparison.py` measures, in the words that are said there. */
export const BONE_TEXTS: Readonly<Record<string, BoneText>> = {
  inter_asis: {
    name: phrase("Between the anterior superior iliac spines"),
    definition: phrase("From the tip of the right one to that of the left."),
  },
  biiliac: {
    name: phrase("Breadth across the iliac crests"),
    definition: phrase("From side to side between the outermost points of both hip bones."),
  },
  inter_psis: {
    name: phrase("Between the posterior superior iliac spines"),
    definition: phrase("From the tip of the right one to that of the left."),
  },
  interspinous: {
    name: phrase("Between the ischial spines"),
    definition: phrase("From the tip of the right one to that of the left."),
  },
  intertuberous: {
    name: phrase("Between the ischial tuberosities"),
    definition: phrase("From the middle of the rough area of the right one to that of the left."),
  },
  promontory_symphysis: {
    name: phrase("Sacral promontory to pubic symphysis"),
    definition: phrase("From the front edge of the first sacral vertebra to the middle of the symphysis."),
  },
  hip_centres: {
    name: phrase("Between the centres of the femoral heads"),
    definition: phrase("From the middle of the sphere that fits the right head to that of the left."),
  },
  psis_it_distance: {
    name: phrase("Posterior superior iliac spine to ischial tuberosity"),
    definition: phrase("From the tip of the spine to the middle of the rough area."),
    how: "psis_it_distance",
  },
  it_gt_distance: {
    name: phrase("Ischial tuberosity to greater trochanter"),
    definition: phrase("From the middle of the rough area to the tip of the trochanter."),
    how: "it_gt_distance",
  },
  greater_sciatic_notch_width: {
    name: phrase("Height of the greater sciatic foramen"),
    definition: phrase("From the posterior inferior iliac spine to the tip of the ischial spine."),
    how: "greater_sciatic_notch_width",
  },
  ischiofemoral: {
    name: phrase("Lesser trochanter to ischium"),
    definition: phrase(
      "Least distance between the hip bone and the femur within 15 mm of the lesser trochanter's tip, as they stand.",
    ),
  },
  hip_bone_length: {
    name: phrase("Length of the hip bone"),
    definition: phrase(
      "Between the two points that lie farthest apart: from the iliac crest to the ischium.",
    ),
  },
  femoral_head_diameter: {
    name: phrase("Diameter of the femoral head"),
    definition: phrase(
      "Twice the distance of its upper, medial half from the middle of the sphere that fits it.",
    ),
  },
  femoral_length: {
    name: phrase("Length of the femur"),
    definition: phrase("Between the two points that lie farthest apart: from the head to the condyles."),
  },
};

const SIDES: readonly Side[] = ["right", "left"];
const MIDLINE: readonly Place[] = ["midline"];

const isMidline = (one: Measured | undefined) => one !== undefined && one.midline !== null;

function boneRows({ first, second }: Comparison, anatomy: Anatomy): Row[] {
  return Object.entries(BONE_TEXTS).flatMap(([id, { name, definition, how }]): Row[] => {
    const [here, there] = [first.bones[id], second.bones[id]];
    const places = isMidline(here) || isMidline(there) ? MIDLINE : SIDES;
    const numbers = places.map((place) => ({
      place,
      first: here?.[place] ?? null,
      second: there?.[place] ?? null,
    }));
    if (numbers.every((each) => each.first === null && each.second === null)) return [];
    const published = how ? anatomy.catalogue.measures.filter((one) => one.how === how) : [];
    return [
      { id, name: anatomy.t.of(name), definition: anatomy.t.of(definition), unit: "mm", numbers, published },
    ];
  });
}

/** Nerve and piriformis, each body in the variant that it is shown in. */
function nerveRows(first: Anatomy, second: Anatomy, variantOf: (body: Anatomy, side: Side) => string): Row[] {
  const seen = new Set<string>();
  const rows = Object.entries(MEASURES).flatMap(([structure, list]) =>
    list.map((row) => ({ structure, row })),
  );
  return rows.flatMap(({ structure, row }): Row[] => {
    const numberOf = (body: Anatomy, side: Side) => {
      const measures = body.measures(side, variantOf(body, side));
      const value = measures && row.value(measures);
      return typeof value === "number" ? value : null;
    };
    const numbers = SIDES.map((side) => ({
      place: side,
      first: numberOf(first, side),
      second: numberOf(second, side),
    }));
    const known = (which: "first" | "second") => numbers.some((each) => each[which] !== null);
    if (!known("first") || !known("second") || seen.has(row.label)) return [];
    seen.add(row.label);
    const { t, catalogue } = first;
    const name = `${first.title(structure, "english").short}: ${t.within(t.of(row.label))}`;
    return [
      {
        id: `${structure}.${row.id}`,
        name,
        definition: t.of(row.plain),
        unit: row.unit,
        numbers,
        published: publishedFor(row, structure, catalogue.measures),
      },
    ];
  });
}

/** Volumes of muscles that both bodies have, as closed surfaces. */
function volumeRows(first: Anatomy, second: Anatomy): Row[] {
  const volume = (body: Anatomy, id: string) => body.entry(id)?.volume_cm3 ?? null;
  const names = new Set(
    Object.values(first.atlas.structures).flatMap(({ kind, structure }) =>
      kind === "muscle" ? structure : [],
    ),
  );
  return [...names].flatMap((structure): Row[] => {
    const numbers = SIDES.map((side) => ({
      place: side,
      first: volume(first, `${structure}.${side}`),
      second: volume(second, `${structure}.${side}`),
    }));
    if (!numbers.some((each) => each.first !== null && each.second !== null)) return [];
    const published = first.catalogue.measures.filter(
      (one) => one.how === "volume" && one.structure === structure && one.unit === "cm³",
    );
    const name = first.title(structure, "english").short;
    return [{ id: `volume.${structure}`, name, definition: null, unit: "cm³", numbers, published }];
  });
}

/** All rows that there is a number for, in groups. */
export function groupsOf(
  first: Anatomy,
  second: Anatomy,
  comparison: Comparison | null,
  variantOf: (body: Anatomy, side: Side) => string,
): Group[] {
  const groups: Group[] = [
    { id: "bones", rows: comparison ? boneRows(comparison, first) : [] },
    { id: "nerve", rows: nerveRows(first, second, variantOf) },
    { id: "volumes", rows: volumeRows(first, second) },
  ];
  return groups.filter(({ rows }) => rows.length);
}

/** Unsided ids of structures that the one body has and the other has not, on any side; kinds of the same order together. */
export function lackedBy(body: Anatomy, other: Anatomy): string[] {
  const there = new Set(Object.keys(body.atlas.structures));
  const missing = Object.values(other.atlas.structures).filter(({ id }) => !there.has(id));
  return [...new Set(missing.map(({ structure }) => structure))];
}
