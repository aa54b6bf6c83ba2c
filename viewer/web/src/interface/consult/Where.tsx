// Where does it hurt? Drawn on the picture, or chosen by name.
import { useEffect } from "preact/hooks";
import { capital } from "../../atlas/text";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Await } from "../trigger/Await";
import { type Hand, painOf } from "../trigger/pain";
import { Big, Pair } from "./controls";
import { consultOf } from "./state";

export function Where({ session }: { session: Session }) {
  const consult = consultOf(session);
  const pain = painOf(session);
  const side = useSignal(consult.side);
  const drawn = useSignal(session.marking.drawn);
  const hand = useSignal(pain.hand);
  const regions = useSignal(pain.regions);
  const ready = useSignal(session.marking.marks).state === "ready";
  useEffect(() => {
    if (ready) pain.take("draw");
    return () => pain.rest();
  }, [pain, ready]);

  return (
    <Await session={session}>
      <p class="consult-say">{session.t("Draw on the picture with a finger. Or choose a place below.")}</p>
      <Pair<Hand>
        legend={session.t("What a finger does")}
        value={hand ?? "draw"}
        options={[
          ["draw", session.t("Draw")],
          ["erase", session.t("Rub out")],
          ["turn", session.t("Turn")],
        ]}
        onChange={(value) => pain.take(value)}
      />
      <Big disabled={!drawn.length} onClick={() => pain.clear()}>
        {session.t("Take it all back")}
      </Big>
      <ul class="consult-regions">
        {session.anatomy.catalogue.pain_regions.map(({ id, name, words, paired }) => {
          const one = paired ? side : null;
          return (
            <li key={id}>
              <Big pressed={regions.has(one ? `${id}.${one}` : id)} onClick={() => pain.toggle(id, one)}>
                <span>
                  {capital(name)}
                  <small>{words}</small>
                </span>
              </Big>
            </li>
          );
        })}
      </ul>
    </Await>
  );
}
