// One trigger point: where its pain is felt, how deep it lies, and where a ball may go.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Side } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import type { Statement as Claim, TriggerPoint } from "../../generated/catalogue";
import { phrase } from "../../language/translate";
import { SkinRange } from "../Card";
import { toggleConsult } from "../consult/toggle";
import { Choice, Command } from "../controls";
import { Statement } from "../Evidence";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Ball } from "./Ball";
import { Depth } from "./Depth";
import { AdviceList, FlagGate } from "./RedFlags";
import { type Tab, triggerState } from "./state";

const LEVELS = [
  ["essential", phrase("Felt by nearly all")],
  ["spillover", phrase("Felt by some")],
] as const;

interface Props {
  session: Session;
  point: TriggerPoint;
  side: Side;
}

export function PointCard({ session, point, side }: Props) {
  const state = triggerState(session);
  const tab = useSignal(state.tab);
  const cleared = useSignal(state.cleared);
  const asked = useSignal(state.asked);
  const search = useSignal(state.search);
  const { anatomy } = session;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [point.id]);
  const depth = point.shown === "with_x";
  const shown = tab === "depth" && !depth ? "pattern" : tab;
  return (
    <article class="point" aria-label={session.t("About: {name}", { name: point.name })}>
      <div class="point-head">
        <button type="button" class="back" onClick={() => state.leave()}>
          <Icon name="chevron" />{" "}
          <span>{search === "pain" ? session.t("What you marked") : session.t("All trigger points")}</span>
        </button>
        <h3 ref={heading} tabIndex={-1} class="point-title">
          {point.name}
          <small>{capital(point.where)}</small>
        </h3>
      </div>
      <div class="point-choices">
        <Choice<Side>
          legend={session.t("Side")}
          value={side}
          options={[
            ["right", session.t("Right")],
            ["left", session.t("Left")],
          ]}
          onChange={(value) => state.choose(point.id, value)}
        />
        <Choice<Tab>
          legend={session.t("What is shown")}
          value={shown}
          options={[
            ["pattern", session.t("Pain")],
            ...(depth ? ([["depth", session.t("Depth")]] as const) : []),
            ["ball", session.t("Ball")],
          ]}
          onChange={(value) => state.openTab(value)}
        />
      </div>
      {shown === "pattern" && <Pattern session={session} point={point} />}
      {shown === "depth" && <Depth session={session} point={point} side={side} />}
      {shown === "ball" && (
        <FlagGate anatomy={anatomy} cleared={cleared} ask={!asked} onClear={() => state.clear()}>
          <Ball session={session} point={point} side={side} />
        </FlagGate>
      )}
    </article>
  );
}

/** What people say of it, where it is felt, and how the picture shows that. */
function Pattern({ session, point }: { session: Session; point: TriggerPoint }) {
  const scene = useSignal(session.scene);
  const { anatomy } = session;
  const drawn = point.shown !== "text_only";
  return (
    <>
      <div class="card-text">
        <p>{point.plain}</p>
      </div>
      <section class="felt" aria-label={session.t("Where it is felt")}>
        <ul>
          {LEVELS.map(([level, title]) => {
            const words = point.zones.filter((zone) => zone.level === level).map((zone) => zone.words);
            return (
              words.length > 0 && (
                <li key={level} data-level={level}>
                  <span class="felt-sign" aria-hidden="true" />
                  <span>
                    <strong>{session.t.of(title)}</strong>
                    {words.join(" ")}
                  </span>
                </li>
              )
            );
          })}
        </ul>
        {!drawn && (
          <p class="aside">{session.t("It has no picture here: its muscle is not part of this atlas.")}</p>
        )}
      </section>
      {drawn && (
        <>
          <Choice<"skin" | "muscle">
            legend={session.t("Dots on")}
            value={scene.stipple}
            options={[
              ["skin", session.t("On the skin")],
              ["muscle", session.t("On the muscles")],
            ]}
            onChange={(stipple) => session.dispatch({ type: "set", fields: { stipple } })}
          />
          {scene.stipple === "skin" && <SkinRange session={session} />}
        </>
      )}
      <Said session={session} title={session.t("What people say")} claims={point.feels_like} />
      <Said session={session} title={session.t("Take care")} claims={point.cautions} />
      <details class="card-section">
        <summary>{session.t("Where it is, and what is said to start it")}</summary>
        <Said
          session={session}
          title={session.t("Where it is")}
          claims={[point.location, point.zone_source]}
        />
        <Said session={session} title={session.t("What is said to start it")} claims={point.causes} />
        <Said session={session} title={session.t("Nerves nearby")} claims={point.entrapment} />
      </details>
      <details class="card-section">
        <summary>{session.t("For therapists")}</summary>
        <AdviceList lines={anatomy.catalogue.safety.therapist} anatomy={anatomy} />
      </details>
      <div class="commands">
        <Command icon="consult" shortcut="C" onClick={() => toggleConsult(session)}>
          {session.t("Show this to a client")}
        </Command>
      </div>
    </>
  );
}

function Said({ session, title, claims }: { session: Session; title: string; claims: readonly Claim[] }) {
  if (!claims.length) return null;
  return (
    <section class="card-section">
      <h3>{title}</h3>
      {claims.map((claim) => (
        <Statement key={claim.text} claim={claim} anatomy={session.anatomy} />
      ))}
    </section>
  );
}
