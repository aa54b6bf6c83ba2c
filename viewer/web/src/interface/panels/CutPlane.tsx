// The cutting plane: which way it lies, where, and which side is taken away.
import type { Anatomy } from "../../atlas/anatomy";
import type { Cut } from "../../generated/scene";
import { phrase, type Translate } from "../../language/translate";
import { Choice, Command, Range } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { toggleSection } from "../variant-actions";

type End = "right" | "left" | "front" | "back" | "lower" | "upper";
type Orientation = "sagittal" | "coronal" | "transverse";

/** Axis of each orientation's normal (LPS), and what lies towards its positive end and its negative one. */
const AXES: Record<Orientation, { axis: 0 | 1 | 2; ends: [negative: End, positive: End] }> = {
  sagittal: { axis: 0, ends: ["right", "left"] },
  coronal: { axis: 1, ends: ["front", "back"] },
  transverse: { axis: 2, ends: ["lower", "upper"] },
};

/** Orientation of a plane that lies along an axis; null for one that lies otherwise. */
export function orientationOf(cut: Cut): Orientation | null {
  const found = (Object.keys(AXES) as Orientation[]).find(
    (one) => Math.abs(cut.normal[AXES[one].axis]) > 0.9999,
  );
  return found ?? null;
}

/** The body's reach along an axis, mm. */
export function reach(anatomy: Anatomy, axis: 0 | 1 | 2): [number, number] {
  const bounds = Object.values(anatomy.atlas.structures).map((entry) => entry.bounds);
  if (!bounds.length) return [-100, 100];
  return [
    Math.floor(Math.min(...bounds.map(([low]) => low[axis]))),
    Math.ceil(Math.max(...bounds.map(([, high]) => high[axis]))),
  ];
}

const along = (axis: 0 | 1 | 2, sign: number): [number, number, number] => [
  axis === 0 ? sign : 0,
  axis === 1 ? sign : 0,
  axis === 2 ? sign : 0,
];

/** From behind one sees into a body whose back is cut away, so each plane first takes what faces the usual views. */
const FIRST_SIGN: Record<Orientation, 1 | -1> = { sagittal: 1, coronal: 1, transverse: 1 };

export function CutPlane({ session }: { session: Session }) {
  const { cut, section } = useSignal(session.scene);
  const orientation = cut ? orientationOf(cut) : null;
  const set = (next: Cut | null, gesture = "") =>
    session.dispatch({ type: "set", fields: { cut: next } }, gesture);
  const flip = () =>
    cut && set({ normal: along2(cut.normal, -1), offset: cut.offset === 0 ? 0 : -cut.offset });
  const shape = orientation && AXES[orientation];
  const sign = cut && shape ? Math.sign(cut.normal[shape.axis]) : 1;
  const [low, high] = shape ? reach(session.anatomy, shape.axis) : [-150, 150];
  const place = cut ? Math.round(shape ? cut.offset * sign : cut.offset) : 0;
  return (
    <>
      <Choice<Orientation | "off" | "oblique">
        legend={session.t("Cutting plane")}
        value={cut ? (orientation ?? "oblique") : "off"}
        options={[
          ["off", session.t("Off")],
          ["sagittal", session.t("Sagittal")],
          ["coronal", session.t("Coronal")],
          ["transverse", session.t("Transverse")],
          ...(cut && !orientation ? ([["oblique", session.t("Oblique")]] as const) : []),
        ]}
        onChange={(chosen) => {
          if (chosen === "oblique") return;
          set(chosen === "off" ? null : { normal: along(AXES[chosen].axis, FIRST_SIGN[chosen]), offset: 0 });
        }}
      />
      {cut && (
        <>
          <Range
            label={session.t("Place")}
            value={Math.min(high, Math.max(low, place))}
            min={low}
            max={high}
            text={shape ? placeInWords(place, shape.ends, session.t) : session.t("{place} mm", { place })}
            onInput={(value) => set({ ...cut, offset: shape ? value * sign + 0 : value }, "cut")}
          />
          <Command icon="flip" onClick={flip}>
            {shape ? session.t.of(AWAY[shape.ends[sign > 0 ? 1 : 0]]) : session.t("Take away the other side")}
          </Command>
        </>
      )}
      {session.follow.course && (
        <Command icon="section" shortcut="X" onClick={() => toggleSection(session)}>
          {section ? session.t("Close the cross-section") : session.t("Cross-section of nerve and muscle")}
        </Command>
      )}
    </>
  );
}

const along2 = (normal: Cut["normal"], factor: number): Cut["normal"] => [
  normal[0] * factor + 0,
  normal[1] * factor + 0,
  normal[2] * factor + 0,
];

/** What a plane takes away. */
const AWAY: Record<End, string> = {
  right: phrase("Takes away the right"),
  left: phrase("Takes away the left"),
  front: phrase("Takes away the front"),
  back: phrase("Takes away the back"),
  lower: phrase("Takes away the lower part"),
  upper: phrase("Takes away the upper part"),
};

const TOWARDS: Record<End, string> = {
  right: phrase("{mm} mm to the right"),
  left: phrase("{mm} mm to the left"),
  front: phrase("{mm} mm forward"),
  back: phrase("{mm} mm back"),
  lower: phrase("{mm} mm down"),
  upper: phrase("{mm} mm up"),
};

/** "12 mm to the left", measured from the middle between the femoral heads. */
function placeInWords(place: number, [negative, positive]: readonly [End, End], t: Translate): string {
  if (place === 0) return t("through the hip centres");
  return t.of(TOWARDS[place > 0 ? positive : negative], { mm: Math.abs(place) });
}
