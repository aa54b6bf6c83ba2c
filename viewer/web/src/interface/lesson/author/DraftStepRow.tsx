// One step of a lesson that is being written.
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../icons";
import type { Session } from "../../session";
import { authorOf } from "./author";
import { type DraftStep, LONGEST_TEXT, LONGEST_TITLE } from "./draft";
import { Field } from "./Field";
import { QuestionFields } from "./QuestionFields";

interface Props {
  session: Session;
  step: DraftStep;
  place: number;
  count: number;
  open: boolean;
}

export function DraftStepRow({ session, step, place, count, open }: Props) {
  const author = authorOf(session);
  const box = useRef<HTMLLIElement>(null);
  const { t } = session;
  const name = step.title || t("Step {step}", { step: place + 1 });

  useEffect(() => {
    if (open && !step.title) box.current?.querySelector<HTMLElement>(".lesson-input")?.focus();
  }, [open]);

  return (
    <li ref={box} class="lesson-draft-step" data-open={open || undefined}>
      <div class="lesson-draft-head">
        <button
          type="button"
          class="lesson-draft-name"
          aria-expanded={open}
          onClick={() => {
            author.editing.set(open ? null : step.key);
            if (!open) author.visit(step);
          }}
        >
          <b>{place + 1}</b> <span>{name}</span>
        </button>
        <button
          type="button"
          class="card-close lesson-up"
          aria-label={t("Step {step} up", { step: place + 1 })}
          aria-disabled={place === 0 || undefined}
          onClick={() => place > 0 && author.move(step.key, -1)}
        >
          <Icon name="chevron" />
        </button>
        <button
          type="button"
          class="card-close lesson-down"
          aria-label={t("Step {step} down", { step: place + 1 })}
          aria-disabled={place === count - 1 || undefined}
          onClick={() => place < count - 1 && author.move(step.key, 1)}
        >
          <Icon name="chevron" />
        </button>
        <button
          type="button"
          class="card-close"
          aria-label={t("Take step {step} out", { step: place + 1 })}
          onClick={() => author.remove(step.key)}
        >
          <Icon name="close" />
        </button>
      </div>
      {open && (
        <div class="lesson-draft-body">
          <Field
            label={t("Title of the step")}
            value={step.title}
            most={LONGEST_TITLE}
            onInput={(title) => author.edit(step.key, { title })}
          />
          <Field
            label={t("What is seen, in two to five sentences")}
            value={step.text}
            most={LONGEST_TEXT}
            rows={5}
            hint={t("*word* stresses; [piriformis](piriformis.right) shows a structure.")}
            onInput={(text) => author.edit(step.key, { text })}
          />
          <button type="button" class="lesson-deed" onClick={() => author.retake(step.key)}>
            <Icon name="views" /> {t("Take the present view instead")}
          </button>
          <QuestionFields
            session={session}
            question={step.question}
            onChange={(question) => author.edit(step.key, { question })}
          />
        </div>
      )}
    </li>
  );
}
