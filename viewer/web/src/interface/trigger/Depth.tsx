// The layers under the finger, drawn to scale along a ruler, and said in a list.
import { useEffect, useState } from "preact/hooks";
import type { Side } from "../../atlas/anatomy";
import type { TriggerPoint } from "../../generated/catalogue";
import type { PointMarks } from "../../generated/marks";
import type { Translate } from "../../language/translate";
import { SkinRange } from "../Card";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Await } from "./Await";
import { type Band, bands, spread } from "./ruler";
import { marksOf } from "./state";

const HEIGHT = 300;
const LABEL = 40;
/** x of the bands, and of the labels' lines. */
const [LEFT, RIGHT, END] = [34, 74, 92];

export function Depth({ session, point, side }: { session: Session; point: TriggerPoint; side: Side }) {
  return (
    <Await session={session}>
      <Ruler session={session} point={point} side={side} />
    </Await>
  );
}

function Ruler({ session, point, side }: { session: Session; point: TriggerPoint; side: Side }) {
  useSkin(session);
  const marks = marksOf(session, point.id, side);
  if (!marks?.layers.length)
    return <p class="aside">{session.t("How deep it lies has not been measured on this body.")}</p>;
  const layers = bands(
    marks.layers,
    session.anatomy,
    moreUnderSkin(session, marks, `${point.muscle}.${side}`),
  );
  const deepest = layers.at(-1)?.ends ?? 1;
  const scale = HEIGHT / deepest;
  const middles = layers.map((band) => ((band.begins + band.ends) / 2) * scale);
  const tops = spread(
    middles.map((middle) => middle - LABEL / 2),
    LABEL,
    HEIGHT + LABEL / 2,
  );
  const height = Math.max(HEIGHT, (tops.at(-1) ?? 0) + LABEL) + 6;
  const ticks = Array.from({ length: Math.floor(deepest / 10) + 1 }, (_, i) => i * 10);
  return (
    <>
      <p class="aside">
        {session.t(
          "Straight in from the X on the skin, on this body. Measured from the surfaces; people differ widely.",
        )}
      </p>
      <div class="ruler" style={{ height: `${height}px` }}>
        <svg width={END} height={height} viewBox={`0 -3 ${END} ${height}`} aria-hidden="true">
          {ticks.map((mm) => (
            <g key={mm}>
              <line class="ruler-tick" x1={mm % 20 ? 26 : 22} x2={LEFT - 2} y1={mm * scale} y2={mm * scale} />
              {mm % 20 === 0 && (
                <text class="ruler-number" x={18} y={mm * scale + 4}>
                  {mm}
                </text>
              )}
            </g>
          ))}
          {layers.map((band, i) => (
            <BandShape key={`${band.name}${band.begins}`} band={band} scale={scale} label={tops[i] ?? 0} />
          ))}
        </svg>
        <ol>
          {layers.map((band, i) => (
            <li
              key={`${band.name}${band.begins}`}
              style={{ top: `${(tops[i] ?? 0) + 3}px` }}
              data-tissue={band.tissue}
            >
              <span>{band.name}</span>
              <small>{bandWords(band, session.t)}</small>
            </li>
          ))}
        </ol>
      </div>
      <SkinRange session={session} />
    </>
  );
}

function BandShape({ band, scale, label }: { band: Band; scale: number; label: number }) {
  const top = band.begins * scale;
  const height = Math.max((band.ends - band.begins) * scale, band.stops ? 8 : 1);
  const middle = top + (band.stops ? 4 : height / 2);
  const at = label + LABEL / 2;
  return (
    <g>
      <rect
        class="ruler-band"
        data-tissue={band.tissue}
        x={LEFT}
        y={top}
        width={RIGHT - LEFT}
        height={height}
      />
      <path class="ruler-line" d={`M${RIGHT} ${middle}L${END - 8} ${at}H${END}`} />
    </g>
  );
}

function bandWords({ begins, ends, stops }: Band, t: Translate): string {
  if (stops) return t("reached at {mm} mm", { mm: Math.round(begins) });
  const [from, to] = [Math.round(begins), Math.round(ends)];
  return t("{from} to {to} mm: {thick} mm thick", { from, to, thick: Math.max(1, to - from) });
}

/** Draws anew once the skin stands as the scene wants it: its shape may still be on its way. */
function useSkin(session: Session): void {
  const { subcutaneous } = useSignal(session.scene);
  const geometry = useSignal(session.geometry);
  const [, stands] = useState(0);
  useEffect(() => {
    let gone = false;
    const shape = subcutaneous < 0.5 ? "slim" : "large";
    const ready = session.stage?.shapesReady(subcutaneous === 0.5 ? [] : [{ part: "skin", shape }]);
    ready?.then(
      () => session.afterLayout(() => !gone && stands((count) => count + 1)),
      // The stage has said so, with a way to try again.
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [session, subcutaneous, geometry]);
}

/** mm by which the skin over the X stands farther out (or in) than in the body that was measured. */
function moreUnderSkin(session: Session, marks: PointMarks, muscle: string): number {
  const measured = marks.layers.find(({ structure }) => structure === muscle)?.begins;
  if (measured === undefined || !marks.on_skin || !marks.on_muscle) return 0;
  const { triangle, weights } = marks.on_skin;
  const now = session.stage?.places("skin", [triangle, ...weights]);
  if (!now) return 0;
  const depth = Math.hypot(...marks.on_muscle.map((x, axis) => x - (now[axis] ?? x)));
  return depth - measured;
}
