// Where a ball goes, and where none does; what to heed comes first and stays in sight.
import type { Side } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import type { Ball as BallKind, TriggerPoint } from "../../generated/catalogue";
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
  const { anatomy } = session;
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
        <NoZone why={point.self_care.why} />
      )}
      <details class="card-section">
        <summary>Ask someone first if …</summary>
        <AdviceList lines={safety.ask_first} anatomy={anatomy} />
      </details>
      <details class="card-section" open>
        <summary>Never there</summary>
        <AdviceList lines={safety.never_press} anatomy={anatomy} />
      </details>
    </>
  );
}

/** The rule that stands above all others, large. */
export function Stop({ session }: { session: Session }) {
  const { anatomy } = session;
  return (
    <section class="stop" aria-label="When to stop">
      <strong>Stop if it tingles, goes numb or shoots.</strong>
      <AdviceList lines={anatomy.catalogue.safety.stop} anatomy={anatomy} />
    </section>
  );
}

export function NoZone({ why }: { why: string }) {
  return (
    <section class="no-zone" aria-label="No ball here">
      <h4>
        <Icon name="hide" /> No ball here
      </h4>
      <p>{why}</p>
    </section>
  );
}

function Zone({ session, point, side }: Props) {
  const scene = useSignal(session.scene);
  const { anatomy } = session;
  const { safety } = anatomy.catalogue;
  const tools = possibleTools(session, point.id, side);
  const entries = marksOf(session, point.id, side)?.balls ?? [];
  const kinds = tools.flatMap((tool) => safety.balls.filter(({ id }) => id === tool));
  const [first] = kinds;
  if (!first) {
    const reason = entries.map(({ why_not }) => WHY_NOT[why_not]).find(Boolean);
    return (
      <NoZone
        why={`On this body no place was found that is safe for a ball. ${reason ?? ""} A therapist’s hand is the better choice.`}
      />
    );
  }
  const kind = kinds.find(({ id }) => id === scene.ball) ?? first;
  const entry = entries.find(({ ball }) => ball === kind.id);
  return (
    <>
      <div class="card-text">
        <p>{point.self_care.why}</p>
      </div>
      {kinds.length > 1 && (
        <Choice<BallKind["id"]>
          legend="With what, the gentlest first"
          value={kind.id}
          options={kinds.map(({ id, name }) => [id, capital(name)] as const)}
          onChange={(ball) => triggerState(session).setBall(ball)}
        />
      )}
      {scene.ball === null && (
        <button type="button" class="primary wide" onClick={() => triggerState(session).setBall(kind.id)}>
          Show the {kind.name} in the picture
        </button>
      )}
      {entry && (
        <dl class="ball-facts">
          <dt>Size</dt>
          <dd>{Math.round(kind.diameter / 10)} cm across</dd>
          <dt>Muscle under it</dt>
          <dd>{apart(entry.muscle)}</dd>
          <dt>Nearest bony edge</dt>
          <dd>{apart(entry.bone)} aside</dd>
          <dt>Sciatic nerve</dt>
          <dd>{entry.nerve === null ? "not under it" : `${apart(entry.nerve)} aside`}</dd>
        </dl>
      )}
      <section class="card-section">
        <h3>How</h3>
        {point.self_care.how.map((claim) => (
          <Statement key={claim.text} claim={claim} anatomy={anatomy} />
        ))}
        <AdviceList lines={safety.ways.filter(({ id }) => !OWN_WAYS.includes(id))} anatomy={anatomy} />
      </section>
      <details class="card-section">
        <summary>How long, and what trials found</summary>
        <AdviceList lines={safety.dose} anatomy={anatomy} />
      </details>
    </>
  );
}
