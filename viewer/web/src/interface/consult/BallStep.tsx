// Where a ball goes: first the warning signs, then the place, then how, and when to stop.
import { useEffect } from "preact/hooks";
import { capital } from "../../atlas/text";
import { Safe } from "../../language/Safe";
import type { Translate } from "../../language/translate";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Big, Pair } from "./controls";
import { FlagList } from "./FlagList";
import { type Consulting, consultOf } from "./state";
import { type BallId, ballsFor, type Safety } from "./wording";

export function BallStep({ session }: { session: Session }) {
  const consult = consultOf(session);
  const flags = useSignal(consult.flags);
  const { t } = session;
  const { safety } = session.anatomy.catalogue;
  if (flags === "none") return <Place session={session} consult={consult} />;
  return (
    <>
      <p class="consult-say">
        <Safe
          t={t}
          text={
            flags === "open"
              ? t.safe("Before anything else: does one of these fit you?")
              : t.safe("Then no ball today. Please do what stands beside the sign that fits.")
          }
        />
      </p>
      <FlagList t={t} safety={safety} />
      <h3>
        <Safe t={t} text={t.safe("And ask a clinician first, if you have")} />
      </h3>
      <Lines t={t} advice={safety.ask_first} />
      {flags === "open" ? (
        <div class="consult-answer">
          <Big onClick={() => consult.flags.set("some")}>{t("One of them fits")}</Big>
          <Big primary onClick={() => consult.flags.set("none")}>
            {t("None of them fits")}
          </Big>
        </div>
      ) : (
        <Big onClick={() => consult.flags.set("open")}>{t("Ask again")}</Big>
      )}
    </>
  );
}

/** The place for a ball, or why there is none. */
function Place({ session, consult }: { session: Session; consult: Consulting }) {
  const { t } = session;
  const { safety } = session.anatomy.catalogue;
  const marks = useSignal(session.marking.marks);
  const document = marks.state === "ready" ? marks.document : null;
  const side = useSignal(consult.side);
  const ball = useSignal(consult.ball);
  useSignal(consult.point);
  const { chosen } = consult;
  const balls = chosen ? ballsFor(chosen, document?.points[chosen.id]?.[side]) : [];
  const gentlest = balls[0] ?? null;
  useEffect(() => {
    if (ball === null || !balls.includes(ball)) consult.ball.set(gentlest);
  }, [consult, ball, balls, gentlest]);

  const safe = balls.length > 0;
  useEffect(() => {
    session.marking.ballZone.set(safe);
    return () => session.marking.ballZone.set(false);
  }, [session, safe]);

  if (!chosen) return null;
  if (!safe)
    return (
      <>
        <h3>{t("No ball on this spot")}</h3>
        <p class="consult-say">
          <Safe t={t} text={chosen.self_care.why} />
        </p>
        <h3>{t("Never here")}</h3>
        <Lines t={t} advice={safety.never_press} />
      </>
    );
  const name = (id: BallId) => capital(safety.balls.find((one) => one.id === id)?.name ?? id);
  return (
    <>
      {balls.length > 1 && (
        <Pair<BallId>
          legend={t("With what")}
          value={ball ?? balls[0] ?? "tennis_ball"}
          options={balls.map((id) => [id, name(id)])}
          onChange={(id) => consult.ball.set(id)}
        />
      )}
      {gentlest && balls.length === 1 && <h3>{t("With: {ball}", { ball: t.within(name(gentlest)) })}</h3>}
      <p class="consult-say">
        <Safe t={t} text={chosen.self_care.why} />
      </p>
      <p class="consult-quiet">
        {t("Green on the skin is where it may stand; yellow is the path of the nerve.")}
      </p>
      <section class="consult-stop">
        <h3>{t("When to stop")}</h3>
        <Lines t={t} advice={safety.stop} />
      </section>
      <h3>{t("How long")}</h3>
      <Lines t={t} advice={safety.dose} />
      <h3>{t("How")}</h3>
      <Lines t={t} advice={safety.ways} />
      <h3>{t("Never here")}</h3>
      <Lines t={t} advice={safety.never_press} />
    </>
  );
}

function Lines({ t, advice }: { t: Translate; advice: Safety["stop"] }) {
  return (
    <ul class="consult-lines">
      {advice.map(({ id, text }) => (
        <li key={id}>
          <Safe t={t} text={text} />
        </li>
      ))}
    </ul>
  );
}
