// Where a round is chosen: about what, how hard, which kinds of questions.
import { useId } from "preact/hooks";
import { Choice } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { ALL, fitting } from "./choosing";
import { KINDS, type Kind, LEVELS, type Level } from "./model";
import type { Quiz, Settings } from "./state";
import { KIND_WORDS, LEVEL_HINTS, LEVEL_WORDS } from "./words";

const COUNTS = ["5", "10", "20"] as const;

interface Props {
  session: Session;
  quiz: Quiz;
}

export function Begin({ session, quiz }: Props) {
  const { anatomy } = session;
  const { t } = anatomy;
  const settings = useSignal(quiz.settings);
  const id = useId();
  useSignal(session.body);
  useSignal(session.marking.marks);
  const facts = quiz.all;
  const set = (change: Partial<Settings>) => quiz.settings.set({ ...settings, ...change });
  const regions = anatomy.catalogue.groups.filter((group) =>
    facts.some((fact) => fact.regions.includes(group.id)),
  );
  const possible = KINDS.filter((kind) => fitting(facts, { ...settings, kinds: [kind] }).length > 0);
  const count = fitting(facts, settings).length;
  return (
    <>
      <h3 class="unseen" tabIndex={-1} data-first="">
        {t("A new round")}
      </h3>
      <label class="quiz-region" for={id}>
        <span>{t("About")}</span>
        <select
          id={id}
          value={settings.region}
          onChange={(event) => set({ region: event.currentTarget.value })}
        >
          <option value={ALL}>{t("Everything")}</option>
          {regions.map((region) => (
            <option key={region.id} value={region.id}>
              {region.name}
            </option>
          ))}
        </select>
      </label>
      <div>
        <Choice<Level>
          legend={t("Level")}
          value={settings.level}
          options={LEVELS.map((level) => [level, t.of(LEVEL_WORDS[level])] as const)}
          onChange={(level) => set({ level })}
        />
        <p class="quiz-how">{t.of(LEVEL_HINTS[settings.level])}</p>
      </div>
      <Kinds quiz={quiz} session={session} possible={possible} />
      <Choice<string>
        legend={t("Questions")}
        value={String(settings.count)}
        options={COUNTS.map((one) => [one, one] as const)}
        onChange={(value) => set({ count: Number(value) })}
      />
      <button
        type="button"
        class="primary wide"
        aria-disabled={count === 0 || undefined}
        onClick={() => count > 0 && quiz.begin()}
      >
        {t("Begin")}
      </button>
      {count === 0 && (
        <p class="quiz-how" role="status">
          {t("Nothing fits this choice: take another region or more kinds of questions.")}
        </p>
      )}
      <Kept session={session} quiz={quiz} />
    </>
  );
}

function Kinds({ session, quiz, possible }: Props & { possible: readonly Kind[] }) {
  const { t } = session.anatomy;
  const settings = useSignal(quiz.settings);
  const turn = (kind: Kind, on: boolean) => {
    const kinds = KINDS.filter((one) => (one === kind ? on : settings.kinds.includes(one)));
    quiz.settings.set({ ...settings, kinds });
  };
  return (
    <fieldset class="quiz-kinds">
      <legend>{t("Kinds of questions")}</legend>
      {possible.map((kind) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={settings.kinds.includes(kind)}
            onChange={(event) => turn(kind, event.currentTarget.checked)}
          />
          <span>{t.of(KIND_WORDS[kind])}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What has been kept of earlier rounds, and where. */
export function Kept({ session, quiz }: Props) {
  const { t } = session.anatomy;
  const { answered, right, rounds } = useSignal(quiz.score);
  if (!answered) return <p class="quiz-how">{t("Your score stays in this browser.")}</p>;
  return (
    <section class="quiz-kept" aria-label={t("Your score so far")}>
      <p>
        {t("So far: {right} of {answered} right.", { right, answered })}{" "}
        {rounds > 0 && t.n(rounds, "{n} round finished.", "{n} rounds finished.")}
      </p>
      <p class="quiz-how">{t("Kept in this browser alone: in no link, no file, no request.")}</p>
      <button type="button" class="text-toggle" onClick={() => quiz.forget()}>
        {t("Forget my score")}
      </button>
    </section>
  );
}
