// Lessons: the list of them, one that is played, its last page, or one that is written. Fetched when first opened.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { AuthorPanel } from "./author/AuthorPanel";
import { authorOf } from "./author/author";
import { EndPage } from "./EndPage";
import { LessonList } from "./LessonList";
import { playerOf } from "./player";
import { StepPage } from "./StepPage";
import { watchSheet } from "./sheet";

export function LessonPanel({ session }: { session: Session }) {
  const player = playerOf(session);
  const lessons = useSignal(player.lessons);
  const { lesson: place } = useSignal(session.scene);
  const ended = useSignal(player.ended);
  const writing = useSignal(authorOf(session).open);
  const turned = useSignal(player.turned);
  const box = useRef<HTMLDivElement>(null);
  const { t } = session;

  // At once: keys that follow a turn are for the new page, and nothing takes their focus away later.
  useLayoutEffect(() => {
    if (!turned) return;
    // Another page begins at its top, with its heading.
    box.current?.querySelector(".lesson-scroll")?.scrollTo({ top: 0 });
    box.current?.querySelector<HTMLElement>(".lesson-heading")?.focus({ preventScroll: true });
  }, [turned]);

  useEffect(() => watchSheet(session, box.current), [session]);

  const now = player.now();
  return (
    <div class="lesson" ref={box}>
      {lessons.state === "coming" ? (
        <p class="brought" role="status">
          {t("One moment …")}
        </p>
      ) : lessons.state === "failed" ? (
        <div class="brought" role="alert">
          <p>{lessons.message}</p>
          <button type="button" class="primary" onClick={() => void player.fetch()}>
            {t("Try again")}
          </button>
        </div>
      ) : place && now && ended === now.lesson.id ? (
        <EndPage session={session} lesson={now.lesson} />
      ) : place && now ? (
        <StepPage session={session} {...now} />
      ) : writing ? (
        <AuthorPanel session={session} />
      ) : (
        <LessonList session={session} lessons={lessons.lessons} />
      )}
    </div>
  );
}
