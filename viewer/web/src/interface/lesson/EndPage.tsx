// The last page of a lesson: what one has been shown, and what comes next.
import type { Lesson } from "../../generated/lessons";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { playerOf } from "./player";

export function EndPage({ session, lesson }: { session: Session; lesson: Lesson }) {
  const player = playerOf(session);
  const answers = useSignal(player.answers);
  const { t } = session;
  const next = player.after(lesson.id);
  const asked = lesson.steps.flatMap((step, place) => (step.question ? [`${lesson.id} ${place}`] : []));
  const found = asked.filter((key) => answers[key]?.found).length;
  const open = lesson.steps.findIndex(
    (step, place) => step.question && !answers[`${lesson.id} ${place}`]?.found,
  );
  const turn = (event: KeyboardEvent) => {
    const heading = (event.target as Element).matches(".lesson-heading");
    if (event.key === "ArrowLeft" || event.key === "PageUp") player.back();
    else if (event.key === "Enter" && heading && next) player.start(next);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that turn the page from anywhere in it; buttons do the same
    <div class="lesson-step" onKeyDown={turn}>
      <div class="lesson-scroll">
        <p class="lesson-of">
          <span>{player.named(lesson).title}</span>
          <span>{t("Done")}</span>
        </p>
        <h3 class="lesson-heading" tabIndex={-1}>
          {t("What you have seen")}
        </h3>
        <ol class="lesson-seen" lang="en">
          {lesson.steps.map((step, place) => (
            <li key={step.title}>
              <button type="button" class="lesson-link" onClick={() => player.goTo(lesson, place)}>
                {step.title}
              </button>
            </li>
          ))}
        </ol>
        {asked.length > 0 && (
          <p>
            {t("{found} of {count} questions answered.", { found, count: asked.length })}{" "}
            {open >= 0 && (
              <button type="button" class="text-toggle" onClick={() => player.goTo(lesson, open)}>
                {t("To the open one")}
              </button>
            )}
          </p>
        )}
        {next && (
          <section class="lesson-after" aria-label={t("What comes next")}>
            <h4>{t("What comes next")}</h4>
            <button type="button" class="lesson-row" data-lesson={next.id} onClick={() => player.start(next)}>
              <span class="lesson-ring" aria-hidden="true">
                <Icon name="play" />
              </span>
              <span class="lesson-words">
                <b>{player.named(next).title}</b>
                <span>{player.named(next).summary}</span>
              </span>
            </button>
          </section>
        )}
        {lesson.reviewed_by === null && (
          <p class="aside">{t("This lesson has not been reviewed by a clinician yet.")}</p>
        )}
      </div>
      <nav class="lesson-turn" aria-label={t("Steps of the lesson")}>
        <button type="button" class="lesson-back" onClick={() => player.back()}>
          <Icon name="chevron" />
          <span>{t("Back")}</span>
        </button>
        <button type="button" class="primary lesson-next" onClick={() => player.leave()}>
          {player.isTrial ? t("End the trial") : t("All lessons")}
        </button>
      </nav>
    </div>
  );
}
