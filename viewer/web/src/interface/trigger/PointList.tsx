// All trigger points, by muscle.
import type { TriggerPoint } from "../../generated/catalogue";
import { phrase, type Translate } from "../../language/translate";
import { Statement } from "../Evidence";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { triggerState } from "./state";
import { byMuscle, matching, numberOf } from "./words";

const OFTEN = { most: phrase("most common"), rare: phrase("rare") } as const;

export function PointList({ session }: { session: Session }) {
  const state = triggerState(session);
  const query = useSignal(state.query);
  const side = useSignal(session.side);
  const { anatomy } = session;
  const groups = byMuscle(anatomy)
    .map(([muscle, points]) => ({ muscle, count: points.length, found: matching(points, query) }))
    .filter(({ found }) => found.length);
  return (
    <>
      <label class="search">
        <Icon name="search" />
        <span class="unseen">{session.t("Search trigger points")}</span>
        <input
          type="search"
          placeholder={session.t("Muscle, or where it is felt")}
          value={query}
          onInput={(event) => state.query.set(event.currentTarget.value)}
        />
      </label>
      {groups.map(({ muscle, count, found }) => (
        <section key={muscle} class="point-group" aria-label={anatomy.title(muscle, "english").short}>
          {count > 1 && <h3>{anatomy.title(muscle, "english").short}</h3>}
          <ul>
            {found.map((point) => (
              <PointRow
                t={session.t}
                key={point.id}
                point={point}
                count={count}
                onChoose={() => state.choose(point.id, side)}
              />
            ))}
          </ul>
        </section>
      ))}
      {!groups.length && <p class="aside">{session.t("No trigger point has these words.")}</p>}
      <details class="how-sure">
        <summary>{session.t("How sure is all this?")}</summary>
        {anatomy.catalogue.safety.evidence.map((claim) => (
          <Statement key={claim.text} claim={claim} anatomy={anatomy} />
        ))}
      </details>
    </>
  );
}

function PointRow(props: { t: Translate; point: TriggerPoint; count: number; onChoose: () => void }) {
  const { t, point, count, onChoose } = props;
  const number = numberOf(point, count);
  return (
    <li>
      <button type="button" class="point-row" data-point={point.id} onClick={onChoose}>
        <span class="point-sign" aria-hidden="true">
          {number.length === 1 ? number : <Icon name="close" />}
        </span>
        <span class="point-words">
          <span class="point-name">
            {point.name}
            {point.often !== "usual" && <em>{t.of(OFTEN[point.often])}</em>}
          </span>
          <small>{point.where}</small>
        </span>
        <Icon name="chevron" />
      </button>
    </li>
  );
}
