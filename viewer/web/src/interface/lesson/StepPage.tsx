// One step of a lesson: what is to be seen, what stands behind it, a question, and the way on.
import type { Lesson, Step } from "../../generated/lessons";
import { FOREIGN } from "../../language/translate";
import { Statement } from "../Evidence";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { playerOf } from "./player";
import { QuestionBox } from "./QuestionBox";
import { RichText } from "./RichText";
import { Signs } from "./Signs";

interface Props {
  session: Session;
  lesson: Lesson;
  step: Step;
  place: number;
}

/** Where arrow keys mean something else. */
const OWN_ARROWS = 'input, textarea, select, [role="slider"], [contenteditable]';

export function StepPage({ session, lesson, step, place }: Props) {
  const player = playerOf(session);
  const scene = useSignal(session.scene);
  const wandered = useSignal(player.wandered);
  const { t } = session;
  const { length: count } = lesson.steps;
  const here = `${lesson.id} ${place}`;

  const turn = (event: KeyboardEvent) => {
    const target = event.target as Element;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const arrows = !target.matches(OWN_ARROWS);
    const heading = target.matches(".lesson-heading");
    if (
      (event.key === "ArrowRight" && arrows) ||
      event.key === "PageDown" ||
      (event.key === "Enter" && heading)
    )
      player.next();
    else if ((event.key === "ArrowLeft" && arrows) || event.key === "PageUp") player.back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that turn the page from anywhere in it; buttons do the same
    <div class="lesson-step" onKeyDown={turn}>
      <div class="lesson-bar">
        <button type="button" class="lesson-leave" onClick={() => player.leave()}>
          {player.isTrial ? t("End the trial") : t("Leave lesson")}
        </button>
        {wandered && (
          <button type="button" class="lesson-again" onClick={() => player.again()}>
            <Icon name="reset" /> {t("Back to this step's view")}
          </button>
        )}
        <span class="lesson-place">{t("Step {step} of {count}", { step: place + 1, count })}</span>
      </div>
      <div class="lesson-scroll">
        <p class="lesson-of">{player.named(lesson).title}</p>
        <div lang="en" class="lesson-body">
          <h3 class="lesson-heading" tabIndex={-1} aria-describedby="lesson-text">
            {t.code === "en" ? step.title : step.title + FOREIGN}
          </h3>
          <p class="lesson-text" id="lesson-text">
            <RichText session={session} text={step.text} />
          </p>
          {step.question && <QuestionBox session={session} question={step.question} id={here} key={here} />}
          {step.client && (
            <details class="lesson-aside" key={`client ${here}`}>
              <summary>{t("In plain words, for a client")}</summary>
              <p>
                <RichText session={session} text={step.client} />
              </p>
            </details>
          )}
          {step.teacher && (
            <details class="lesson-aside" key={`teacher ${here}`}>
              <summary>{t("For whoever teaches it")}</summary>
              <p>
                <RichText session={session} text={step.teacher} />
              </p>
            </details>
          )}
          {step.statements.length > 0 && (
            <details class="lesson-aside" key={`statements ${here}`}>
              <summary>{t("What stands behind this")}</summary>
              {step.statements.map((claim) => (
                <Statement key={claim.text} claim={claim} anatomy={session.anatomy} />
              ))}
            </details>
          )}
        </div>
        {scene.trigger && <Signs session={session} />}
      </div>
      <nav class="lesson-turn" aria-label={t("Steps of the lesson")}>
        <button
          type="button"
          class="lesson-back"
          aria-disabled={place === 0 || undefined}
          onClick={() => player.back()}
        >
          <Icon name="chevron" />
          <span>{t("Back")}</span>
        </button>
        <ol class="lesson-dots">
          {lesson.steps.map((other, index) => (
            <li key={other.title}>
              <button
                type="button"
                class="lesson-dot"
                aria-label={t("Step {step}: {title}", { step: index + 1, title: other.title })}
                aria-current={index === place ? "step" : undefined}
                data-past={index < place || undefined}
                onClick={() => player.goTo(lesson, index)}
              />
            </li>
          ))}
        </ol>
        <button type="button" class="primary lesson-next" onClick={() => player.next()}>
          {place + 1 < count ? t("Next") : t("Finish")}
        </button>
      </nav>
    </div>
  );
}
