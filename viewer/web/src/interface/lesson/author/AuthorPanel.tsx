// Writing a lesson: its name, its steps, and what becomes of it.
import { useRef, useState } from "preact/hooks";
import { Icon } from "../../icons";
import type { Session } from "../../session";
import { useSignal } from "../../signal";
import { authorOf } from "./author";
import { DraftStepRow } from "./DraftStepRow";
import { type Gap, gaps, idOf, LONGEST_TITLE, yamlOf } from "./draft";
import { Field } from "./Field";

export function AuthorPanel({ session }: { session: Session }) {
  const author = authorOf(session);
  const draft = useSignal(author.draft);
  const editing = useSignal(author.editing);
  const [sure, setSure] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const { t } = session;
  const missing = gaps(draft);

  const read = async (input: HTMLInputElement) => {
    const [chosen] = input.files ?? [];
    if (chosen) author.read(await chosen.text());
    input.value = "";
  };

  return (
    <div class="lesson-step">
      <div class="lesson-bar">
        <button type="button" class="lesson-leave" onClick={() => author.close()}>
          {t("All lessons")}
        </button>
      </div>
      <div class="lesson-scroll lesson-author">
        <h3 class="lesson-heading" tabIndex={-1}>
          {t("Write a lesson")}
        </h3>
        <p class="aside">
          {t(
            "Make the picture as you want it, then add it as a step and say what it shows. It stays on this device until you download or discard it.",
          )}
        </p>
        <Field
          label={t("Title")}
          value={draft.title}
          most={LONGEST_TITLE}
          onInput={(title) => author.set({ title })}
        />
        <Field
          label={t("What one will be able to tell after it")}
          value={draft.summary}
          most={300}
          rows={2}
          onInput={(summary) => author.set({ summary })}
        />
        <ol class="lesson-draft">
          {draft.steps.map((step, place) => (
            <DraftStepRow
              key={step.key}
              session={session}
              step={step}
              place={place}
              count={draft.steps.length}
              open={editing === step.key}
            />
          ))}
        </ol>
        <button type="button" class="primary wide lesson-add" onClick={() => author.add()}>
          {t("Add this view as a step")}
        </button>
        {missing.length > 0 && draft.steps.length > 0 && (
          <section class="lesson-gaps" aria-label={t("Still missing")}>
            <h4>{t("Still missing")}</h4>
            <ul>
              {missing.map((gap) => (
                <li key={`${gap.place} ${gap.field}`}>{words(gap, session)}</li>
              ))}
            </ul>
          </section>
        )}
        <div class="lesson-deeds">
          <button
            type="button"
            class="lesson-deed"
            disabled={!draft.steps.length}
            onClick={() => author.play()}
          >
            <Icon name="play" /> {t("Try it")}
          </button>
          <button
            type="button"
            class="lesson-deed"
            disabled={missing.length > 0}
            onClick={() => download(`${idOf(draft.title)}.yaml`, yamlOf(draft))}
          >
            <Icon name="card" /> {t("Download as YAML")}
          </button>
          <button type="button" class="lesson-deed" onClick={() => file.current?.click()}>
            <Icon name="book" /> {t("Open a lesson file")}
          </button>
          <button
            type="button"
            class="lesson-deed"
            data-sure={sure || undefined}
            onBlur={() => setSure(false)}
            onClick={() => {
              if (sure) author.discard();
              else session.say(t("Press again to throw it away."));
              setSure(!sure);
            }}
          >
            <Icon name="reset" /> {sure ? t("Press again to throw it away") : t("Discard")}
          </button>
          <input
            ref={file}
            type="file"
            class="unseen"
            tabIndex={-1}
            aria-label={t("Lesson file")}
            accept=".yaml,.yml,.json"
            onChange={(event) => void read(event.currentTarget)}
          />
        </div>
        <p class="aside">{t("A file of yours is played with: ischia view --lesson FILE")}</p>
      </div>
    </div>
  );
}

/** What is missing, in words. */
function words({ place, field }: Gap, { t }: Session): string {
  const step = place + 1;
  switch (field) {
    case "summary":
      return t("What one will be able to tell");
    case "steps":
      return t("A step");
    case "text":
      return t("Step {step}: a text", { step });
    case "question":
      return t("Step {step}: the question itself", { step });
    case "choice":
      return t("Step {step}: at least two different answers", { step });
    case "explanation":
      return t("Step {step}: why the answer is right", { step });
    case "title":
      return place < 0 ? t("The lesson's title") : t("Step {step}: a title", { step });
  }
}

/** Hands a text over as a file; nothing leaves the device. */
function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
