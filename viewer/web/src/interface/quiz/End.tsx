// How a round went, and what was hard in it.
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Kept } from "./Begin";
import type { Quiz } from "./state";
import { asking } from "./words";

export function End({ session, quiz }: { session: Session; quiz: Quiz }) {
  const { anatomy } = session;
  const { t } = anatomy;
  const { names } = useSignal(session.scene);
  useSignal(session.body);
  const { right, answered } = quiz.round;
  const { missed } = quiz;
  const { level } = quiz.settings.value;
  return (
    <>
      <h3 class="quiz-title" tabIndex={-1} data-first="">
        {missed.length ? t("That was the round") : t("All of it known")}
      </h3>
      <p>
        {t("{right} of {answered} answers were right; {known} of {total} are known now.", {
          right,
          answered,
          known: quiz.known,
          total: quiz.deck.total,
        })}
      </p>
      {missed.length > 0 && (
        <section class="quiz-hard" aria-label={t("What was hard")}>
          <h4>{t("What was hard")}</h4>
          <ul>
            {missed.map((fact) => (
              <li key={fact.id}>
                {asking({ fact, level, side: null, choices: [], typed: false }, anatomy, names)}
                <strong>{fact.right.text}</strong>
              </li>
            ))}
          </ul>
          <button type="button" class="primary wide" onClick={() => quiz.again()}>
            {t("The hard ones again")}
          </button>
        </section>
      )}
      <div class="quiz-ways">
        <button type="button" class={missed.length ? "pill" : "primary wide"} onClick={() => quiz.begin()}>
          {t("Another round")}
        </button>
        <button type="button" class="pill" onClick={() => quiz.restart()}>
          {t("Choose anew")}
        </button>
      </div>
      <Kept session={session} quiz={quiz} />
    </>
  );
}
