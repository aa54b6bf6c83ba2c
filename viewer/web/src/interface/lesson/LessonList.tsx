// All lessons, with how far one has come in each.
import type { Lesson } from "../../generated/lessons";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { authorOf } from "./author/author";
import { playerOf } from "./player";
import type { Progress } from "./progress";

export function LessonList({ session, lessons }: { session: Session; lessons: readonly Lesson[] }) {
  const player = playerOf(session);
  const progress = useSignal(player.progress);
  const scene = useSignal(session.scene);
  const { t } = session;
  const { fault } = player;
  return (
    <div class="lesson-scroll">
      <h3 class="lesson-heading" tabIndex={-1}>
        {t("Choose a lesson")}
      </h3>
      {scene.lesson && fault && (
        <p class="lesson-fault" role="alert">
          {fault}
        </p>
      )}
      <ol class="lesson-rows">
        {lessons.map((lesson) => (
          <li key={lesson.id}>
            <Row
              session={session}
              lesson={lesson}
              progress={progress[lesson.id]}
              onClick={() => player.start(lesson)}
            />
          </li>
        ))}
      </ol>
      <OnlyEnglish session={session} />
      {lessons.some(({ reviewed_by }) => reviewed_by === null) && (
        <p class="aside">{t("The lessons have not been reviewed by a clinician yet.")}</p>
      )}
      <p class="aside">{t("How far you have come is kept on this device only.")}</p>
      <button type="button" class="lesson-write" onClick={() => authorOf(session).begin()}>
        <Icon name="book" /> {t("Write a lesson")}
      </button>
    </div>
  );
}

/** Lessons were written in English: whoever reads another language is told. */
export function OnlyEnglish({ session }: { session: Session }) {
  const { t } = session;
  if (t.code === "en") return null;
  return <p class="aside">{t("The lessons are in English so far; names and tools are in your language.")}</p>;
}

function Row(props: {
  session: Session;
  lesson: Lesson;
  progress: Progress | undefined;
  onClick: () => void;
}) {
  const { session, lesson, progress, onClick } = props;
  const { t } = session;
  const { title, summary } = playerOf(session).named(lesson);
  const count = lesson.steps.length;
  const state = progress?.done
    ? t("Done")
    : progress
      ? t("Go on at step {step} of {count}", { step: Math.min(progress.step + 1, count), count })
      : t("{count} steps, about {minutes} minutes", { count, minutes: lesson.minutes });
  const share = progress ? (progress.done ? 1 : (progress.step + 1) / count) : 0;
  return (
    <button type="button" class="lesson-row" data-lesson={lesson.id} onClick={onClick}>
      <span class="lesson-ring" aria-hidden="true">
        <svg viewBox="0 0 36 36" aria-hidden="true">
          <circle cx="18" cy="18" r="15" />
          <circle class="lesson-come" cx="18" cy="18" r="15" pathLength="1" stroke-dasharray={`${share} 1`} />
        </svg>
        {progress?.done ? <Icon name="check" /> : <Icon name="play" />}
      </span>
      <span class="lesson-words">
        <b>{title}</b>
        <span>{summary}</span>
        <small>{state}</small>
      </span>
    </button>
  );
}
