// What the surfaces measure, in words, and the published figures that each number stands beside.
import type { Catalogue } from "../generated/catalogue";
import type { Measures } from "../generated/pack";
import { phrase, type Translate } from "../language/translate";

export type Published = Catalogue["measures"][number];

export interface MeasureRow {
  readonly id: string;
  readonly label: string;
  /** What is meant, in plain words. */
  readonly plain: string;
  readonly unit: "mm" | "cm³" | "%" | "";
  readonly value: (measures: Measures) => number | string | null;
  /** Function of the published table that measures the same on the same structure. */
  readonly how?: string;
}

const QUARTERS = [
  "",
  phrase("medial quarter"),
  phrase("second quarter"),
  phrase("third quarter"),
  phrase("lateral quarter"),
];
const percent = (fraction: number | null) => (fraction === null ? null : fraction * 100);

const TOGETHER: readonly MeasureRow[] = [
  {
    id: "nearest",
    label: phrase("Nerve to muscle"),
    plain: phrase("The least distance between the sciatic nerve and piriformis."),
    unit: "mm",
    value: (m) => m.nerve_muscle_min_mm,
  },
  {
    id: "contact",
    label: phrase("Length of contact"),
    plain: phrase("How much of the nerve lies within 2 mm of the muscle."),
    unit: "mm",
    value: (m) => m.contact_length_mm,
  },
];

/** Rows of a structure's card, the most telling first. */
export const MEASURES: Readonly<Record<string, readonly MeasureRow[]>> = {
  sciatic_nerve: [
    {
      id: "exit",
      label: phrase("Where it comes out"),
      plain: phrase(
        "Along the line from the posterior superior iliac spine (0 %) to the ischial tuberosity (100 %).",
      ),
      unit: "%",
      value: (m) => percent(m.psis_it_fraction),
      how: "nerve_psis_it_fraction",
    },
    {
      id: "between",
      label: phrase("Behind the hip"),
      plain: phrase("Along the line from the ischial tuberosity (0 %) to the greater trochanter (100 %)."),
      unit: "%",
      value: (m) => percent(m.it_gt_fraction),
      how: "nerve_it_gt_fraction",
    },
    {
      id: "crossing",
      label: phrase("Crosses the lower border"),
      plain: phrase("Which quarter of piriformis’ lower border it comes out under, counted from the sacrum."),
      unit: "",
      value: (m) =>
        m.crossing_quarter === null ? phrase("not crossed") : (QUARTERS[m.crossing_quarter] ?? null),
    },
    ...TOGETHER,
    {
      id: "bone",
      label: phrase("Nerve to bone"),
      plain: phrase("The least distance between the nerve and hip bone, sacrum or femur."),
      unit: "mm",
      value: (m) => m.nerve_bone_min_mm,
    },
    {
      id: "width",
      label: phrase("Width at piriformis"),
      plain: phrase("Across the flat nerve where it passes the lower border; of two divisions, their sum."),
      unit: "mm",
      value: (m) => m.nerve_width_mm_at_lower_border,
      how: "nerve_width_lower_border",
    },
    {
      id: "thickness",
      label: phrase("Thickness there"),
      plain: phrase("From front to back of the flat nerve at the same place."),
      unit: "mm",
      value: (m) => m.nerve_thickness_mm_at_lower_border,
    },
    {
      id: "lower_width",
      label: phrase("Width at the lesser trochanter"),
      plain: phrase("The nerve grows narrower and rounder on its way down."),
      unit: "mm",
      value: (m) => m.nerve_width_mm_at_lesser_trochanter,
      how: "nerve_width_lesser_trochanter",
    },
  ],
  piriformis: [
    ...TOGETHER,
    {
      id: "belly",
      label: phrase("Thickness"),
      plain: phrase("From front to back through the thickest part of the belly."),
      unit: "mm",
      value: (m) => m.muscle_thickness_mm,
      how: "middle_thickness",
    },
    {
      id: "border",
      label: phrase("Lower border"),
      plain: phrase("From the edge of the greater sciatic foramen to the greater trochanter."),
      unit: "mm",
      value: (m) => m.lower_border_mm,
      how: "piriformis_lower_edge",
    },
    {
      id: "volume",
      label: phrase("Volume"),
      plain: phrase("Of both heads together."),
      unit: "cm³",
      value: (m) => m.muscle_volume_cm3,
      how: "volume",
    },
    {
      id: "tendon",
      label: phrase("Tendon"),
      plain: phrase("Diameter where the belly ends and the tendon begins."),
      unit: "mm",
      value: (m) => m.tendon_diameter_mm,
      how: "tendon_diameter",
    },
  ],
};

/** "31 %", "15.6 mm": with as many digits as the number can bear. */
export function measured(value: number | string, unit: MeasureRow["unit"], t: Translate): string {
  if (typeof value === "string") return t.of(value);
  const text = t.number(value, unit === "%" || Math.abs(value) >= 100 ? 0 : 1);
  return unit ? `${text} ${unit}` : text;
}

/** Published figures of one row, in its own unit. */
export function publishedFor(row: MeasureRow, structure: string, table: readonly Published[]): Published[] {
  return table.filter((one) => row.how !== undefined && one.how === row.how && one.structure === structure);
}

/** "31 ± 6 %" */
export function publishedText({ mean, sd, unit }: Published, t: Translate): string {
  const part = unit === "fraction";
  const show = (value: number) => {
    const tenths = part ? Math.round(value * 100) : Math.round(value * 10) / 10;
    return t.number(tenths, Number.isInteger(tenths) ? 0 : 1);
  };
  return `${show(mean)}${sd === null ? "" : ` ± ${show(sd)}`} ${part ? "%" : unit}`;
}
