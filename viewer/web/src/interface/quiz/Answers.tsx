// The ways to answer: choosing, typing, pointing; each of them by finger, mouse or key.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { candidatesFor } from "./candidates";
import type { Answer, Question } from "./model";
import type { Quiz } from "./state";
import { description } from "./words";

interface Props {
  session: Session;
  quiz: Quiz;
}

/** One of a few; once it is told, which one was right, and which was chosen. */
export function Choices({ session, quiz, question }: Props & { question: Question }) {
  const { t } = session.anatomy;
  const outcome = useSignal(quiz.outcome);
  const chosen = useRef<string | null>(null);
  useEffect(() => {
    if (!outcome) chosen.current = null;
  }, [outcome]);
  const mark = (answer: Answer) => {
    if (!outcome) return undefined;
    if (answer.key === question.fact.right.key) return "right";
    return answer.key === chosen.current ? "wrong" : "other";
  };
  return (
    <ol class="quiz-choices">
      {question.choices.map((answer, i) => {
        const state = mark(answer);
        return (
          <li key={answer.key}>
            <button
              type="button"
              class="quiz-choice"
              data-state={state}
              aria-keyshortcuts={String(i + 1)}
              aria-disabled={state !== undefined || undefined}
              tabIndex={state === undefined ? undefined : -1}
              onClick={() => {
                if (state !== undefined) return;
                chosen.current = answer.key;
                quiz.choose(answer);
              }}
            >
              <span class="quiz-number" aria-hidden="true">
                {state === "right" ? (
                  <Icon name="check" />
                ) : state === "wrong" ? (
                  <Icon name="close" />
                ) : (
                  i + 1
                )}
              </span>
              <span>{answer.text}</span>
              {state === "right" && <span class="unseen">, {t("right answer")}</span>}
              {state === "wrong" && <span class="unseen">, {t("your answer")}</span>}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** A name that is typed. */
export function Typing({ session, quiz }: Props) {
  const { t } = session.anatomy;
  const more = useSignal(quiz.more);
  const [text, setText] = useState("");
  const id = useId();
  useEffect(() => {
    if (more) session.say(t("More than one has that in its name: which of them is it?"));
  }, [more, session, t]);
  return (
    <form
      class="quiz-typing"
      onSubmit={(event) => {
        event.preventDefault();
        quiz.type(text);
      }}
    >
      <label for={id}>{t("Its name")}</label>
      <input
        id={id}
        type="text"
        value={text}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-describedby={more ? `${id}-more` : undefined}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {more && (
        <p id={`${id}-more`} class="quiz-how">
          {t("More than one has that in its name: which of them is it?")}
        </p>
      )}
      <button type="submit" class="primary wide">
        {t("Answer")}
      </button>
    </form>
  );
}

/** By keys: through what is in the picture, one after the other, none of them named. */
export function Finding({ session, quiz }: Props) {
  const { anatomy } = session;
  const { t } = anatomy;
  const candidate = useSignal(quiz.candidate);
  const { names } = useSignal(session.scene);
  const list = useRef<readonly string[]>([]);
  const go = (step: number) => {
    if (!candidate) list.current = candidatesFor(session, quiz);
    const { length } = list.current;
    if (!length) return;
    const at = candidate ? list.current.indexOf(candidate) : step > 0 ? -1 : 0;
    const next = (at + step + length) % length;
    const id = list.current[next] ?? null;
    quiz.candidate.set(id);
    if (id)
      session.say(
        `${t("{at} of {count}", { at: next + 1, count: length })}. ${description(id, anatomy, names)}`,
      );
  };
  return (
    <fieldset class="quiz-finding">
      <legend>{t("Or step through what is in the picture")}</legend>
      <button type="button" class="pill" aria-keyshortcuts="1" onClick={() => go(-1)}>
        <span class="kbd" aria-hidden="true">
          1
        </span>
        {t("Previous")}
      </button>
      <button type="button" class="pill" aria-keyshortcuts="2" onClick={() => go(1)}>
        <span class="kbd" aria-hidden="true">
          2
        </span>
        {t("Next one")}
      </button>
      <button
        type="button"
        class="pill"
        aria-keyshortcuts="3"
        disabled={candidate === null}
        onClick={() => candidate && quiz.take(candidate)}
      >
        <span class="kbd" aria-hidden="true">
          3
        </span>
        {t("This is it")}
      </button>
    </fieldset>
  );
}
