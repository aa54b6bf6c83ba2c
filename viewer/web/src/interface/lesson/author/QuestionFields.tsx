// A question for a step that is being written: answers to choose from, or the selected structure to be found.
import { useId } from "preact/hooks";
import { Choice } from "../../controls";
import { Icon } from "../../icons";
import type { Session } from "../../session";
import { useSignal } from "../../signal";
import type { Question } from "./draft";
import { Field } from "./Field";

interface Props {
  session: Session;
  question: Question | null;
  onChange: (question: Question | null) => void;
}

const NO_ANSWER = { text: "", right: false, why: null };
const MOST_CHOICES = 5;

const EMPTY: Question = {
  prompt: "",
  choices: [{ ...NO_ANSWER, right: true }, NO_ANSWER],
  find: null,
  explanation: { text: "", sources: ["ischia"], evidence: "established_anatomy", mark: "recalled" },
};

export function QuestionFields({ session, question, onChange }: Props) {
  const { t } = session;
  if (!question)
    return (
      <button type="button" class="lesson-deed" onClick={() => onChange(EMPTY)}>
        <Icon name="info" /> {t("Ask a question here")}
      </button>
    );
  const set = (fields: Partial<Question>) => onChange({ ...question, ...fields });
  return (
    <fieldset class="lesson-asked">
      <legend>{t("Question")}</legend>
      <Field
        label={t("Question")}
        value={question.prompt}
        most={240}
        rows={2}
        onInput={(prompt) => set({ prompt })}
      />
      <Kind session={session} question={question} set={set} />
      {question.find === null && <Answers session={session} question={question} set={set} />}
      <Field
        label={t("Why it is so: shown when the answer is found")}
        value={question.explanation.text}
        most={400}
        rows={2}
        onInput={(text) => set({ explanation: { ...question.explanation, text } })}
      />
      <Behind session={session} question={question} set={set} />
      <button type="button" class="lesson-deed" onClick={() => onChange(null)}>
        <Icon name="close" /> {t("No question here")}
      </button>
    </fieldset>
  );
}

interface Part {
  session: Session;
  question: Question;
  set: (fields: Partial<Question>) => void;
}

/** Answers to choose from, or a structure to be found: the one that is selected. */
function Kind({ session, question, set }: Part) {
  const { selected, names } = useSignal(session.scene);
  const { t, anatomy } = session;
  const wanted = question.find ?? selected;
  return (
    <>
      <Choice
        legend={t("Answered by")}
        value={question.find === null ? "choose" : "find"}
        options={[
          ["choose", t("Choosing")],
          ["find", t("Finding it in the picture")],
        ]}
        onChange={(kind) => {
          if (kind === "choose") set({ find: null, choices: EMPTY.choices });
          else if (selected) set({ find: selected, choices: [] });
          else session.say(t("Select a structure first."));
        }}
      />
      <p class="aside">
        {question.find !== null
          ? t("To be found: {name}", { name: anatomy.title(question.find, names).full })
          : wanted
            ? t("The selected structure can be what is to be found: {name}", {
                name: anatomy.title(wanted, names).full,
              })
            : t("Select a structure, and it can be what is to be found.")}
      </p>
    </>
  );
}

function Answers({ session, question, set }: Part) {
  const { t } = session;
  const group = useId();
  const { choices } = question;
  const edit = (place: number, fields: Partial<Question["choices"][number]>) =>
    set({ choices: choices.map((choice, index) => (index === place ? { ...choice, ...fields } : choice)) });
  return (
    <ol class="lesson-answers">
      {choices.map((choice, place) => (
        <li key={place}>
          <Field
            label={t("Answer {number}", { number: place + 1 })}
            value={choice.text}
            most={160}
            onInput={(text) => edit(place, { text })}
          />
          <label class="lesson-right">
            <input
              type="radio"
              name={group}
              checked={choice.right}
              onChange={() =>
                set({ choices: choices.map((one, index) => ({ ...one, right: index === place })) })
              }
            />
            {t("This is right")}
          </label>
        </li>
      ))}
      {choices.length < MOST_CHOICES && (
        <li>
          <button type="button" class="lesson-deed" onClick={() => set({ choices: [...choices, NO_ANSWER] })}>
            {t("Another answer")}
          </button>
        </li>
      )}
    </ol>
  );
}

/** Who says so, and how sure that is. */
function Behind({ session, question, set }: Part) {
  const { t, anatomy } = session;
  const { explanation } = question;
  const [source = ""] = explanation.sources;
  const { references, evidence_levels: levels } = anatomy.catalogue;
  return (
    <>
      <label class="lesson-field">
        <span>{t("Who says so")}</span>
        <select
          class="lesson-input"
          value={source}
          onChange={(event) => set({ explanation: { ...explanation, sources: [event.currentTarget.value] } })}
        >
          {Object.values(references).map(({ key, text }) => (
            <option key={key} value={key}>
              {text.length > 70 ? `${text.slice(0, 67)}…` : text}
            </option>
          ))}
        </select>
      </label>
      <label class="lesson-field">
        <span>{t("How sure that is")}</span>
        <select
          class="lesson-input"
          value={explanation.evidence}
          onChange={(event) =>
            set({
              explanation: {
                ...explanation,
                evidence: event.currentTarget.value as Question["explanation"]["evidence"],
              },
            })
          }
        >
          {levels.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
