// Numbers: the ruler, the distance painted on the muscle, and what both sides measure.
import { useId, useState } from "preact/hooks";
import type { Side } from "../../atlas/anatomy";
import type { Translate } from "../../language/translate";
import { distance, millimetres } from "../../scene/ruler";
import { HEAT } from "../../stage/heat";
import { Choice, Command, Switch } from "../controls";
import { HEAT_RANGE } from "../heat";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Numbers } from "./Numbers";

export function MeasurePanel({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const on = useSignal(session.measuring.on);
  const first = useSignal(session.measuring.first);
  const busy = useSignal(session.heat.busy);
  return (
    <>
      <section class="measure">
        <Switch
          label={session.t("Ruler")}
          hint={
            on
              ? first
                ? session.t("Now press the second point")
                : session.t("Press a first point in the picture")
              : session.t("Straight distance between two points")
          }
          on={on}
          onChange={(value) => session.measuring.toggle(value)}
        />
        <Between session={session} />
        {scene.rulers.length > 0 && (
          <ol class="rulers" aria-label={session.t("Distances")}>
            {scene.rulers.map(({ from, to }, i) => (
              <li key={`${from} ${to}`}>
                <strong>{millimetres(distance(from, to), session.t)}</strong>
                <button
                  type="button"
                  class="card-close"
                  aria-label={session.t("Remove the distance of {distance}", {
                    distance: millimetres(distance(from, to), session.t),
                  })}
                  onClick={() => session.measuring.remove(i)}
                >
                  <Icon name="close" />
                </button>
              </li>
            ))}
          </ol>
        )}
        {scene.rulers.length > 1 && (
          <Command icon="reset" onClick={() => session.dispatch({ type: "set", fields: { rulers: [] } })}>
            {session.t("Remove all distances")}
          </Command>
        )}
      </section>
      <section class="measure">
        <Switch
          label={session.t("Distance painted on piriformis")}
          hint={
            busy ? session.t("Being worked out …") : session.t("How far each point is from the sciatic nerve")
          }
          on={scene.heat}
          onChange={(heat) => session.dispatch({ type: "set", fields: { heat } })}
        />
        {scene.heat && <HeatLegend t={session.t} />}
      </section>
      <SideNumbers session={session} />
    </>
  );
}

/** What nerve and muscle of one side measure. */
function SideNumbers({ session }: { session: Session }) {
  const side = useSignal(session.side);
  return (
    <>
      <Choice<Side>
        legend={session.t("Numbers of")}
        value={side}
        options={[
          ["right", session.t("Right side")],
          ["left", session.t("Left side")],
        ]}
        onChange={(value) => session.side.set(value)}
      />
      <Numbers session={session} structure="sciatic_nerve" side={side} titled />
      <Numbers session={session} structure="piriformis" side={side} titled />
    </>
  );
}

function HeatLegend({ t }: { t: Translate }) {
  const [low, high] = HEAT_RANGE;
  return (
    <div class="heat-legend">
      <div style={`background:linear-gradient(to right,${HEAT.join(",")})`} />
      <p>
        <span>{low} mm</span>
        <span>{(low + high) / 2}</span>
        <span>{t("{mm} mm and more", { mm: high })}</span>
      </p>
    </div>
  );
}

/** The ruler without a pointer: between two landmarks that are chosen by name. */
function Between({ session }: { session: Session }) {
  const { anatomy } = session;
  const points = Object.entries(anatomy.atlas.landmarks).filter(([, curve]) => curve.length === 1);
  const names = points
    .map(([id]) => ({ id, name: anatomy.landmarkTitle(id, "english") }))
    .sort((a, b) => a.name.localeCompare(b.name, anatomy.t.code));
  const [ends, setEnds] = useState<[string, string]>(["", ""]);
  const id = useId();
  if (names.length < 2) return null;
  const at = (name: string) => anatomy.atlas.landmarks[name]?.[0];
  const [from, to] = [at(ends[0]), at(ends[1])];
  return (
    <details class="between">
      <summary>{session.t("Between two landmarks")}</summary>
      {[session.t("From"), session.t("To")].map((label, i) => (
        <label key={label} for={`${id}${i}`}>
          {label}
          <select
            id={`${id}${i}`}
            value={ends[i]}
            onChange={(event) =>
              setEnds(i ? [ends[0], event.currentTarget.value] : [event.currentTarget.value, ends[1]])
            }
          >
            <option value="">{session.t("Choose …")}</option>
            {names.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      ))}
      <button
        type="button"
        class="text-toggle"
        disabled={!from || !to || ends[0] === ends[1]}
        onClick={() => from && to && session.measuring.add(from, to)}
      >
        {session.t("Measure")}
      </button>
    </details>
  );
}
