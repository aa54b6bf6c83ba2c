// The panel of trigger points: all of them, one of them, or what refers to where it hurts.
import { useEffect, useRef } from "preact/hooks";
import type { Side } from "../../atlas/anatomy";
import { Safe } from "../../language/Safe";
import { Choice } from "../controls";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { PainSearch } from "./PainSearch";
import { PointCard } from "./PointCard";
import { PointList } from "./PointList";
import { RedFlags } from "./RedFlags";
import { type Search, triggerState } from "./state";

export function TriggerPanel({ session }: { session: Session }) {
  const state = triggerState(session);
  const { trigger } = useSignal(session.scene);
  const flags = useSignal(state.flags);
  const box = useRef<HTMLDivElement>(null);
  const turned = useSignal(state.turned);
  useEffect(() => session.marking.want(), [session]);
  useEffect(() => {
    // Another page begins at its top.
    if (!turned || !box.current) return;
    box.current.closest(".card-scroll, .sheet-body")?.scrollTo({ top: 0 });
    // What was pressed may be gone: the focus goes back to where one came from, or to what is new.
    const row = `.point-row[data-point="${state.last}"]`;
    const next =
      box.current.querySelector<HTMLElement>(row) ?? box.current.querySelector<HTMLElement>(".point-title");
    if (!(box.current.getRootNode() as ShadowRoot).activeElement) next?.focus();
  }, [turned]);
  const point = trigger && session.anatomy.catalogue.trigger_points[trigger.id];
  return (
    <div class="triggers" ref={box}>
      {flags ? (
        <section aria-label={session.t("When to get help")}>
          <button type="button" class="back" onClick={() => state.readFlags(false)}>
            <Icon name="chevron" /> {session.t("Back")}
          </button>
          <h3 class="point-title">{session.t("When to get help")}</h3>
          <RedFlags anatomy={session.anatomy} />
          <p class="aside">
            <Safe t={session.t} text={session.anatomy.catalogue.safety.not_a_diagnosis} />
          </p>
        </section>
      ) : trigger && point ? (
        <PointCard session={session} point={point} side={trigger.side} />
      ) : (
        <Start session={session} />
      )}
      <Foot session={session} reviewed={(point ?? session.anatomy.catalogue.safety).reviewed_by} />
    </div>
  );
}

/** Where one begins: with a muscle, or with what hurts. */
function Start({ session }: { session: Session }) {
  const state = triggerState(session);
  const search = useSignal(state.search);
  const side = useSignal(session.side);
  return (
    <>
      <div class="point-choices begin">
        <Choice<Search>
          legend={session.t("Begin with")}
          value={search}
          options={[
            ["muscle", session.t("The muscle")],
            ["pain", session.t("Where it hurts")],
          ]}
          onChange={(value) => state.lookFor(value)}
        />
        <Choice<Side>
          legend={session.t("Side")}
          value={side}
          options={[
            ["right", session.t("Right")],
            ["left", session.t("Left")],
          ]}
          onChange={(value) => session.side.set(value)}
        />
      </div>
      {search === "pain" ? <PainSearch session={session} /> : <PointList session={session} />}
    </>
  );
}

/** Always in sight: what sends people to a doctor, and who has checked what stands here. */
function Foot({ session, reviewed }: { session: Session; reviewed: string | null }) {
  const { t } = session;
  const state = triggerState(session);
  const flags = useSignal(state.flags);
  return (
    <footer class="trigger-foot">
      <button type="button" class="pill help" aria-pressed={flags} onClick={() => state.readFlags(!flags)}>
        <span class="flag-sign" aria-hidden="true" />
        {session.t("When to get help")}
      </button>
      <span>
        <Safe
          t={t}
          text={
            reviewed
              ? t.safe("Reviewed by {name}. For learning, not for diagnosis.", { name: reviewed })
              : t.safe("Not reviewed by a clinician yet. For learning, not for diagnosis.")
          }
        />
      </span>
    </footer>
  );
}
