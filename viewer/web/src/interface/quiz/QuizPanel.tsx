// The quiz: fetched when its panel is first opened.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Begin } from "./Begin";
import { End } from "./End";
import { usePlaying } from "./playing";
import { QuestionCard } from "./QuestionCard";
import { quizOf } from "./state";

export function QuizPanel({ session }: { session: Session }) {
  const quiz = quizOf(session);
  const phase = useSignal(quiz.phase);
  const question = useSignal(quiz.question);
  const box = useRef<HTMLDivElement>(null);
  usePlaying(session, quiz, box);
  useEffect(() => session.marking.want(), [session]);
  useTurned(box, `${phase} ${question?.fact.id} ${quiz.round.answered}`);
  return (
    <div
      class="quiz"
      ref={box}
      data-playing={question !== null || undefined}
      data-asked={phase === "asked" || undefined}
    >
      {question ? (
        <QuestionCard session={session} quiz={quiz} question={question} />
      ) : phase === "end" ? (
        <End session={session} quiz={quiz} />
      ) : (
        <Begin session={session} quiz={quiz} />
      )}
    </div>
  );
}

/** Another page begins at its top, with the focus on what is new: its heading, or the way on. */
function useTurned(box: { current: HTMLElement | null }, page: string): void {
  const first = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const opened = first.current;
    first.current = false;
    if (opened && !element.dataset.playing) return;
    const next = element.querySelector<HTMLElement>("[data-first]");
    next?.focus({ preventScroll: true });
    element.closest(".card-scroll, .sheet-body")?.scrollTo({ top: 0 });
  }, [box, page]);
}
