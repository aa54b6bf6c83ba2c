// From pain to muscle: what is drawn or named, and which trigger points are described to refer there.

import { useRef } from "preact/hooks";
import { capital } from "../../atlas/text";
import type { PainRegion } from "../../generated/catalogue";
import { Choice } from "../controls";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Await } from "./Await";
import { type Hand, painOf } from "./pain";
import { Emergencies, FlagGate } from "./RedFlags";
import { triggerState } from "./state";
import { percent } from "./words";

/** So many matches are shown before one asks for more: those that follow have little to do with it. */
const FIRST = 5;

export function PainSearch({ session }: { session: Session }) {
  const state = triggerState(session);
  const cleared = useSignal(state.cleared);
  return (
    <FlagGate anatomy={session.anatomy} cleared={cleared} onClear={() => state.clear()}>
      <Await session={session}>
        <Marking session={session} />
      </Await>
    </FlagGate>
  );
}

function Marking({ session }: { session: Session }) {
  const pain = painOf(session);
  const hand = useSignal(pain.hand);
  const drawn = useSignal(session.marking.drawn);
  return (
    <>
      <p class="aside">
        {session.t(
          "Draw on the body where it hurts, or choose regions by name. It stays on this page, and is gone when you close it.",
        )}
      </p>
      <div class="hands">
        <Choice<Hand>
          legend={session.t("Hand")}
          value={hand ?? "turn"}
          options={[
            ["draw", session.t("Draw")],
            ["erase", session.t("Rub out")],
            ["turn", session.t("Turn")],
          ]}
          onChange={(value) => pain.take(value)}
        />
        <button type="button" class="pill" disabled={!drawn.length} onClick={() => pain.clear()}>
          {session.t("Clear")}
        </button>
      </div>
      <Emergencies anatomy={session.anatomy} onMore={() => triggerState(session).readFlags(true)} />
      <Matches session={session} />
      <Regions session={session} />
    </>
  );
}

/** To the first match, which may stand out of sight above. */
function toMatches(from: HTMLElement | null): void {
  from?.closest(".triggers")?.querySelector<HTMLElement>(".match")?.focus();
}

/** Regions by name, for the side that is dealt with and for the midline. */
function Regions({ session }: { session: Session }) {
  const pain = painOf(session);
  const chosen = useSignal(pain.regions);
  const ranked = useSignal(pain.ranked);
  const box = useRef<HTMLElement>(null);
  const side = useSignal(session.side);
  const region = (one: PainRegion) => {
    const of = one.paired ? side : null;
    const on = chosen.has(of ? `${one.id}.${of}` : one.id);
    return (
      <li key={one.id}>
        <button
          type="button"
          class="pill region"
          aria-pressed={on}
          title={one.words}
          onClick={() => pain.toggle(one.id, of)}
        >
          {on && <Icon name="check" />}
          {capital(one.name)}
        </button>
      </li>
    );
  };
  return (
    <section class="card-section" aria-label={session.t("Regions by name")} ref={box}>
      <div class="by-name">
        <h3>{side === "right" ? session.t("By name, on the right") : session.t("By name, on the left")}</h3>
        {ranked.length > 0 && (
          <button type="button" class="text-toggle" onClick={() => toMatches(box.current)}>
            {session.t.n(ranked.length, "See {n} match", "See {n} matches")}
          </button>
        )}
      </div>
      <ul class="regions">{session.anatomy.catalogue.pain_regions.map(region)}</ul>
    </section>
  );
}

/** What is described to refer there, the best match first; each leads to its picture. */
function Matches({ session }: { session: Session }) {
  const state = triggerState(session);
  const ranked = useSignal(painOf(session).ranked);
  const drawn = useSignal(session.marking.drawn);
  const own = useSignal(session.side);
  const points = session.anatomy.catalogue.trigger_points;
  if (!drawn.length) return null;
  if (!ranked.length)
    return <p class="aside">{session.t("No trigger point in this atlas is described to refer there.")}</p>;
  const row = ({ id, sides, share, score }: (typeof ranked)[number]) => {
    const point = points[id];
    const side = sides.includes(own) ? own : (sides[0] ?? own);
    return (
      point && (
        <li key={id}>
          <button
            type="button"
            class="point-row match"
            data-point={id}
            data-side={side}
            onClick={() => state.choose(id, side)}
          >
            <span class="point-words">
              <span class="point-name">
                {point.name},{" "}
                {sides.length > 1
                  ? session.t("both sides")
                  : side === "right"
                    ? session.t("right")
                    : session.t("left")}
              </span>
              <small>{session.t("Covers {percent} of what is marked", { percent: percent(share) })}</small>
              <span class="match-bar" aria-hidden="true">
                <span style={{ width: `${Math.round(score * 100)}%` }} />
              </span>
            </span>
            <Icon name="chevron" />
          </button>
        </li>
      )
    );
  };
  const rest = ranked.slice(FIRST);
  return (
    <section aria-label={session.t("What is described to refer there")}>
      <h3 class="matches-title">{session.t("Described to refer there")}</h3>
      <ol class="matches">{ranked.slice(0, FIRST).map(row)}</ol>
      {rest.length > 0 && (
        <details class="more-matches">
          <summary>{session.t.n(rest.length, "{n} more that overlaps", "{n} more that overlap")}</summary>
          <ol class="matches" start={FIRST + 1}>
            {rest.map(row)}
          </ol>
        </details>
      )}
      <p class="aside">
        {session.t(
          "The pattern most like what is marked comes first. These are maps that teach; they do not say what causes your pain.",
        )}
      </p>
    </section>
  );
}
