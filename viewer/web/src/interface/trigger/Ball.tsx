// Where a ball goes, and where none does; what to heed comes first and stays in sight.
import type { Side } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import type { Ball as BallKind, TriggerPoint } from "../../generated/catalogue";
import { Safe } from "../../language/Safe";
import type { Translate } from "../../language/translate";
import { Choice } from "../controls";
import { Statement } from "../Evidence";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Await } from "./Await";
import { AdviceList } from "./RedFlags";
import { marksOf, possibleTools, triggerState } from "./state";
import { apart, WHY_NOT } from "./words";

/** General ways that each place says better for itself: how one lies there, and the leg. */
const OWN_WAYS = ["firm_surface", "leg"];

interface Props {
  session: Session;
  point: TriggerPoint;
  side: Side;
}

export function Ball({ session, point, side }: Props) {
  const { anatomy, t } = session;
  const { safety } = anatomy.catalogue;
  return (
    <>
      {point.self_care.verdict === "zone" ? (
        <>
          <Stop session={session} />
          <Await session={session}>
            <Zone session={session} point={point} side={side} />
          </Await>
        </>
      ) : (
        <NoZone t={t} why={point.self_care.why} />
      )}
      <details class="card-section">
        <summary>{session.t("Ask someone first if …")}</summary>
        <AdviceList lines={safety.ask_first} anatomy={anatomy} />
      </details>
      <details class="card-section" open>
        <summary>{session.t("Never there")}</summary>
        <AdviceList lines={safety.never_press} anatomy={anatomy} />
      </details>
    </>
  );
}

/** The rule that stands above all others, large. */
export function Stop({ session }: { session: Session }) {
  const { anatomy } = session;
  return (
    <section class="stop" aria-label={session.t("When to stop")}>
      <strong>
        <Safe t={session.t} text={session.t.safe("Stop if it tingles, goes numb or shoots.")} />
      </strong>
      <AdviceList lines={anatomy.catalogue.safety.stop} anatomy={anatomy} />
    </section>
  );
}

export function NoZone({ t, why }: { t: Translate; why: string | readonly string[] }) {
  return (
    <section class="no-zone" aria-label={t("No ball here")}>
      <h4>
        <Icon name="hide" /> {t("No ball here")}
      </h4>
      {[why].flat().map((text) => (
        <p key={text}>
          <Safe t={t} text={text} />
        </p>
      ))}
    </section>
  );
}

function Zone({ session, point, side }: Props) {
  const scene = useSignal(session.scene);
  const { anatomy, t } = session;
  const { safety } = anatomy.catalogue;
  const tools = possibleTools(session, point.id, side);
  const entries = marksOf(session, point.id, side)?.balls ?? [];
  const kinds = tools.flatMap((tool) => safety.balls.filter(({ id }) => id === tool));
  const [first] = kinds;
  if (!first) {
    const reason = entries.map(({ why_not }) => WHY_NOT[why_not]).find(Boolean);
    return (
      <NoZone
        t={t}
        why={[
          t.safe("On this body no place was found that is safe for a ball."),
          ...(reason ? [t.safeOf(reason)] : []),
          t.safe("A therapist’s hand is the better choice."),
        ]}
      />
    );
  }
  const kind = kinds.find(({ id }) => id === scene.ball) ?? first;
  const entry = entries.find(({ ball }) => ball === kind.id);
  return (
    <>
      <div class="card-text">
        <p>
          <Safe t={t} text={point.self_care.why} />
        </p>
      </div>
      {kinds.length > 1 && (
        <Choice<BallKind["id"]>
          legend={session.t("With what, the gentlest first")}
          value={kind.id}
          options={kinds.map(({ id, name }) => [id, capital(name)] as const)}
          onChange={(ball) => triggerState(session).setBall(ball)}
        />
      )}
      {scene.ball === null && (
        <button type="button" class="primary wide" onClick={() => triggerState(session).setBall(kind.id)}>
          {t("Show in the picture: {ball}", { ball: kind.name })}
        </button>
      )}
      {entry && (
        <dl class="ball-facts">
          <dt>{session.t("Size")}</dt>
          <dd>{t("{cm} cm across", { cm: Math.round(kind.diameter / 10) })}</dd>
          <dt>{session.t("Muscle under it")}</dt>
          <dd>{apart(entry.muscle, t)}</dd>
          <dt>{session.t("Nearest bony edge")}</dt>
          <dd>{t("{distance} aside", { distance: apart(entry.bone, t) })}</dd>
          <dt>{session.t("Sciatic nerve")}</dt>
          <dd>
            {entry.nerve === null
              ? t("not under it")
              : t("{distance} aside", { distance: apart(entry.nerve, t) })}
          </dd>
        </dl>
      )}
      <section class="card-section">
        <h3>{session.t("How")}</h3>
        {point.self_care.how.map((claim) => (
          <Statement key={claim.text} claim={claim} anatomy={anatomy} />
        ))}
        <AdviceList lines={safety.ways.filter(({ id }) => !OWN_WAYS.includes(id))} anatomy={anatomy} />
      </section>
      <details class="card-section">
        <summary>{session.t("How long, and what trials found")}</summary>
        <AdviceList lines={safety.dose} anatomy={anatomy} />
      </details>
    </>
  );
}
