// A question: answers to choose from, or a structure to be found in the picture. Every answer is met kindly.
import { useEffect, useRef } from "preact/hooks";
import type { Question } from "../../generated/lessons";
import { Statement } from "../Evidence";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { playerOf } from "./player";

interface Props {
  session: Session;
  question: Question;
  /** Lesson and step: what the answer is kept under. */
  id: string;
}

export function QuestionBox({ session, question, id }: Props) {
  const player = playerOf(session);
  const { found } = useSignal(player.answers)[id] ?? player.answerTo(id);
  const done = useRef<HTMLDivElement>(null);
  const was = useRef(found);
  useEffect(() => {
    if (found && !was.current) done.current?.scrollIntoView({ block: "nearest" });
    was.current = found;
  }, [found]);
  return (
    <section class="lesson-question" aria-label={session.t("Question")} data-found={found || undefined}>
      <p class="lesson-prompt">
        <Icon name={question.find ? "search" : "info"} /> <span>{question.prompt}</span>
      </p>
      {question.find ? (
        <Find session={session} question={question} id={id} name={question.find} />
      ) : (
        <Choices session={session} question={question} id={id} />
      )}
      {found && (
        <div class="lesson-explained" ref={done}>
          <Statement claim={question.explanation} anatomy={session.anatomy} />
        </div>
      )}
    </section>
  );
}

function Choices({ session, question, id }: Props) {
  const player = playerOf(session);
  const { given, found } = useSignal(player.answers)[id] ?? player.answerTo(id);
  const { t } = session;
  const choose = (index: number) => {
    const choice = question.choices[index];
    if (!choice || found) return;
    player.answer(id, index, choice.right);
    session.say(
      choice.right
        ? `${t("That is right.")} ${question.explanation.text}`
        : `${t("Not quite.")} ${choice.why ?? t("Look again, and try another.")}`,
    );
  };
  return (
    <ul class="lesson-choices">
      {question.choices.map((choice, index) => {
        const chosen = given.includes(index);
        const mark = chosen ? (choice.right ? "right" : "wrong") : undefined;
        return (
          <li key={choice.text}>
            <button
              type="button"
              class="lesson-choice"
              data-mark={mark}
              aria-pressed={chosen}
              aria-disabled={(found && !choice.right) || undefined}
              onClick={() => choose(index)}
            >
              <span class="lesson-sign" aria-hidden="true">
                {mark ? (
                  <Icon name={mark === "right" ? "check" : "close"} />
                ) : (
                  String.fromCharCode(65 + index)
                )}
              </span>
              <span>
                {choice.text}
                {mark && (
                  <small>
                    {mark === "right" ? t("That is right.") : t("Not quite.")}{" "}
                    {choice.why ?? (mark === "wrong" && !found ? t("Look again, and try another.") : "")}
                  </small>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Whatever is selected is the answer: pressed in the picture, or chosen in the list of structures by keyboard. */
function Find({ session, question, id, name }: Props & { name: string }) {
  const player = playerOf(session);
  const { given, found } = useSignal(player.answers)[id] ?? player.answerTo(id);
  const { selected } = useSignal(session.scene);
  const first = useRef(selected);
  const { t, anatomy } = session;
  useEffect(() => {
    if (selected === null || selected === first.current) return;
    first.current = selected;
    const right = isPartOf(session, selected, name);
    player.answer(id, selected, right);
    const title = anatomy.title(selected, session.store.scene.names).full;
    session.say(
      right
        ? `${t("Found: {name}.", { name: title })} ${question.explanation.text}`
        : t("That is {name}. Look again.", { name: title }),
    );
  }, [selected]);
  const last = given[given.length - 1];
  const title = typeof last === "string" ? anatomy.title(last, session.store.scene.names).full : "";
  return (
    <p class="lesson-found" data-mark={found ? "right" : title ? "wrong" : undefined}>
      {found
        ? t("Found: {name}.", { name: title })
        : title
          ? t("That is {name}. Look again.", { name: title })
          : t("Press it in the picture, or choose it in the list of structures.")}
    </p>
  );
}

/** Whether one name stands for the other, for a part of it, or for the whole of it that was meant. */
function isPartOf({ anatomy }: Session, chosen: string, wanted: string): boolean {
  const members = anatomy.membersOf(wanted);
  const found = anatomy.membersOf(chosen);
  return chosen === wanted || (found.length > 0 && found.every((id) => members.includes(id)));
}
