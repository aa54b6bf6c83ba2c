// What may be behind it: trigger points that are known to be felt where it hurts, as large cards.
import { useState } from "preact/hooks";
import { capital } from "../../atlas/text";
import type { Translate } from "../../language/translate";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { painOf } from "../trigger/pain";
import { Big } from "./controls";
import { consultOf } from "./state";
import { muscleName, shareWords, sideWords, type TriggerPoint } from "./wording";

/** Cards that are seen at once. */
const FEW = 3;

export function Behind({ session }: { session: Session }) {
  const consult = consultOf(session);
  const { catalogue } = session.anatomy;
  const ranked = useSignal(painOf(session).ranked);
  const side = useSignal(consult.side);
  const chosen = useSignal(consult.point);
  const [all, setAll] = useState(false);

  const points = Object.values(catalogue.trigger_points);
  const found = ranked.map(({ id, sides, share }) => ({
    point: catalogue.trigger_points[id],
    side: sides.includes(side) ? side : (sides[0] ?? side),
    share,
  }));
  const listed = found.length && !all ? found.slice(0, FEW) : null;
  return (
    <>
      <p class="consult-say">
        {found.length
          ? session.t(
              "These spots are known to be felt where you marked. That does not make one of them the cause.",
            )
          : session.t("Nothing is marked. Choose a spot, or go back and mark where it hurts.")}
      </p>
      <ul class="consult-cards">
        {(listed ?? points.map((point) => ({ point, side, share: null }))).map(
          (one) =>
            one.point && (
              <li key={`${one.point.id}.${one.side}`}>
                <Card
                  t={session.t}
                  title={muscleName(one.point, catalogue)}
                  point={one.point}
                  side={one.side}
                  share={one.share}
                  pressed={one.point.id === chosen && one.side === side}
                  onClick={() => one.point && consult.choose(one.point.id, one.side)}
                />
              </li>
            ),
        )}
      </ul>
      {found.length > 0 && (
        <Big onClick={() => setAll(!all)}>
          {all ? session.t("Only those that fit") : session.t("All spots")}
        </Big>
      )}
    </>
  );
}

interface CardProps {
  t: Translate;
  title: string;
  point: TriggerPoint;
  side: "right" | "left";
  share: number | null;
  pressed: boolean;
  onClick: () => void;
}

function Card({ t, title, point, side, share, pressed, onClick }: CardProps) {
  return (
    <button type="button" class="consult-card" aria-pressed={pressed} onClick={onClick}>
      <strong>{title}</strong>
      <span>
        {capital(point.where)}, {sideWords(side, t)}
      </span>
      {share !== null && <span class="consult-share">{shareWords(share, t)}</span>}
      {pressed && <span class="consult-plain">{point.plain}</span>}
    </button>
  );
}
