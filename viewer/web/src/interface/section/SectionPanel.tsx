// The cross-section: what it slides along, where it stands, and its flat picture.
import { useMemo, useRef, useState } from "preact/hooks";
import type { Side } from "../../atlas/anatomy";
import type { Section } from "../../generated/scene";
import { centreline, pointAlong, sectionCut } from "../../scene/section";
import { Choice, Range } from "../controls";
import { placeWords } from "../follow";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { crossingOf } from "../variant-actions";
import { FlatSection } from "./FlatSection";
import { basisOf, flatShapes, sectionWords } from "./flat";

const REACH = { near: 42, wide: 110 } as const;
type Zoom = keyof typeof REACH;

export function SectionPanel({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const geometry = useSignal(session.geometry);
  const [zoom, setZoom] = useState<Zoom>("near");
  const { section } = scene;
  const { anatomy } = session;
  const curve = section && centreline(section, scene, anatomy);
  const cut = useMemo(() => sectionCut(scene, anatomy), [scene, anatomy]);
  const dragged = useRef(0);

  const drawn = useMemo(() => {
    if (!section || !curve || !cut || !session.stage) return null;
    const basis = basisOf(cut, section.along, section.side);
    const { point } = pointAlong(curve, section.at);
    const shapes = flatShapes(session.stage.contours(cut), basis, point, REACH[zoom]);
    return { basis, shapes, words: sectionWords(shapes, scene, anatomy) };
  }, [
    section,
    curve,
    cut,
    zoom,
    geometry,
    anatomy,
    session,
    scene.hidden,
    scene.shown,
    scene.isolated,
    scene.peel,
  ]);

  if (!section) return null;
  const set = (part: Partial<Section>, gesture = "") =>
    session.dispatch({ type: "set", fields: { section: { ...section, ...part } } }, gesture);
  const slide = (at: number) =>
    set({ at: Math.min(1, Math.max(0, Math.round(at * 1000) / 1000)) }, "section");
  const lines = anatomy.centrelines(section.side, scene.variant[section.side]);
  const mm = curve ? Math.round(pointAlong(curve, section.at).mm) : 0;
  const place =
    section.along === "nerve" && lines
      ? session.t("{place}, {mm} mm along", {
          place: placeWords(lines.nerve, lines.piriformis, section.at, anatomy, section.side),
          mm,
        })
      : session.t("{mm} mm from the sacrum", { mm });

  return (
    <>
      <Range
        label={session.t("Place")}
        value={section.at}
        min={0}
        max={1}
        step={0.005}
        text={place}
        onInput={slide}
      />
      {drawn ? (
        <>
          <FlatSection
            shapes={drawn.shapes}
            basis={drawn.basis}
            reach={REACH[zoom]}
            anatomy={anatomy}
            scene={scene}
            words={drawn.words}
            onGrab={() => {
              dragged.current = section.at;
            }}
            onDrag={(share) => slide(dragged.current + share)}
          />
          <Choice<Zoom>
            legend={session.t("Picture")}
            value={zoom}
            options={[
              ["near", session.t("Near")],
              ["wide", session.t("Whole side")],
            ]}
            onChange={setZoom}
          />
        </>
      ) : (
        <p class="aside">{session.t("This body has no middle line of nerve and muscle to cut along.")}</p>
      )}
      <Choice<Section["along"]>
        legend={session.t("Slides along")}
        value={section.along}
        options={[
          ["nerve", session.t("Sciatic nerve")],
          ["piriformis", session.t("Piriformis")],
        ]}
        onChange={(along) => set({ along, at: along === "nerve" ? crossingOf(session, section.side) : 0.5 })}
      />
      <Choice<Side>
        legend={session.t("Side")}
        value={section.side}
        options={[
          ["right", session.t("Right")],
          ["left", session.t("Left")],
        ]}
        onChange={(side) => {
          session.side.set(side);
          set({ side });
        }}
      />
    </>
  );
}
