// One question, and what is said once it is answered.
import { useId, useLayoutEffect } from "preact/hooks";
import { sourceName } from "../../atlas/variants";
import { Statement } from "../Evidence";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Choices, Finding, Typing } from "./Answers";
import type { Question, Reason } from "./model";
import { sided } from "./shown";
import type { Quiz } from "./state";
import { asking, description, how, KIND_WORDS, LEAD_WORDS, LEVEL_WORDS, verdict } from "./words";

interface Props {
  session: Session;
  quiz: Quiz;
  question: Question;
}

export function QuestionCard({ session, quiz, question }: Props) {
  const { anatomy } = session;
  const { t } = anatomy;
  const phase = useSignal(quiz.phase);
  const { names } = useSignal(session.scene);
  useSignal(session.body);
  const told = phase === "told";
  const id = useId();
  const { fact } = question;
  const hint = how(question, anatomy);
  return (
    <>
      <Progress session={session} quiz={quiz} />
      <section class="quiz-question" aria-labelledby={id}>
        <p class="quiz-kind">
          {t.of(KIND_WORDS[fact.kind])} · {t.of(LEVEL_WORDS[question.level])}
        </p>
        <h3 id={id} tabIndex={-1} data-first={told ? undefined : ""} aria-describedby={`${id}-more`}>
          {asking(question, anatomy, names)}
        </h3>
        <p id={`${id}-more`} class="quiz-how">
          {!told && hint}
          {fact.form === "name" && (
            <span class="unseen">{description(sided(fact.about, question.side), anatomy, names)}</span>
          )}
        </p>
        {!told && fact.form === "find" && <Finding session={session} quiz={quiz} />}
        {!told && question.typed && <Typing session={session} quiz={quiz} />}
        {question.choices.length > 0 && <Choices session={session} quiz={quiz} question={question} />}
      </section>
      {told && <Told session={session} quiz={quiz} question={question} />}
      {quiz.deck.queue.length > 0 && (
        <div class="quiz-ways">
          {!told && (
            <button type="button" class="text-toggle" onClick={() => quiz.giveUp()}>
              {t("Show me")}
            </button>
          )}
          <button type="button" class="text-toggle" onClick={() => quiz.end()}>
            {t("End the round")}
          </button>
        </div>
      )}
    </>
  );
}

/** How far one has come, and how it goes. */
function Progress({ session, quiz }: { session: Session; quiz: Quiz }) {
  const { t } = session.anatomy;
  useSignal(quiz.outcome);
  const { answered, right } = quiz.round;
  const { total } = quiz.deck;
  const { known } = quiz;
  return (
    <div class="quiz-progress">
      <progress max={total} value={known} aria-label={t("Known so far")} />
      <p>
        <span>{t("{known} of {total} known", { known, total })}</span>
        {answered > 0 && <span>{t("{right} of {answered} right", { right, answered })}</span>}
      </p>
    </div>
  );
}

/** Whether it was right, what is right, why, and who says so. */
function Told({ session, quiz, question }: Props) {
  const { anatomy } = session;
  const { t } = anatomy;
  const outcome = useSignal(quiz.outcome);
  const said = outcome ? verdict(outcome, question, anatomy) : "";
  useLayoutEffect(() => session.say(said), [session, said]);
  const id = useId();
  if (!outcome) return null;
  const returns = !outcome.right && quiz.deck.queue.length > 1;
  const over = quiz.deck.queue.length === 0;
  return (
    <section class="quiz-told" data-right={outcome.right || undefined} aria-label={t("Answer")}>
      <p class="quiz-verdict" id={id}>
        <Icon name={outcome.right ? "check" : "info"} />
        <strong>{said}</strong>
      </p>
      <div class="quiz-reasons">
        {question.fact.reasons.slice(0, 2).map((reason) => (
          <Why key={reason.claim.text} reason={reason} session={session} />
        ))}
      </div>
      {returns && <p class="quiz-how">{t("This one comes back after a few others.")}</p>}
      <button
        type="button"
        class="primary wide"
        data-first=""
        aria-describedby={id}
        onClick={() => quiz.next()}
      >
        {over ? t("See how it went") : t("Next")}
      </button>
    </section>
  );
}

/** One sentence of why, with its level of evidence; its sources are named below. */
function Why({ reason, session }: { reason: Reason; session: Session }) {
  const { anatomy } = session;
  const { lead, claim } = reason;
  const { references } = anatomy.catalogue;
  const sources = [...new Set(claim.sources.map((key) => sourceName(references[key]?.text ?? key)))];
  return (
    <div>
      {lead && <h4>{anatomy.t.of(LEAD_WORDS[lead])}</h4>}
      <Statement claim={claim} anatomy={anatomy} />
      <p class="quiz-sources">{sources.join("; ")}</p>
    </div>
  );
}
