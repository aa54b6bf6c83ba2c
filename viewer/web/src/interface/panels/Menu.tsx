// Settings of the page, and what there is to read about it.

import { rememberLanguage } from "../../host/preferences";
import { copyLink } from "../clipboard";
import { toggleConsult } from "../consult/toggle";
import { Choice, Command } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { toggleBodies, toggleLessons, toggleQuiz } from "../variant-actions";
import { greet } from "../Welcome";

/** The language of the page, each by its own name. */
function Language({ session }: { session: Session }) {
  const { language } = useSignal(session.scene);
  const { languages, t } = session;
  if (languages.length < 2) return null;
  return (
    <label class="language">
      <span>{t("Language")}</span>
      <select
        value={language}
        onChange={({ currentTarget: { value } }) => {
          rememberLanguage(value);
          session.dispatch({ type: "set", fields: { language: value } });
        }}
      >
        {languages.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Menu({ session, onDone }: { session: Session; onDone?: () => void }) {
  const scene = useSignal(session.scene);
  return (
    <>
      <Choice
        legend={session.t("Colours")}
        value={scene.theme}
        options={[
          ["auto", session.t("Auto")],
          ["light", session.t("Light")],
          ["dark", session.t("Dark")],
          ["contrast", session.t("Contrast")],
        ]}
        onChange={(theme) => session.dispatch({ type: "set", fields: { theme } })}
      />
      <Language session={session} />
      <div class="commands">
        {session.options.fragment && (
          <Command icon="link" onClick={() => void copyLink(session)}>
            {session.t("Copy a link to this view")}
          </Command>
        )}
        <Command
          icon="book"
          shortcut="E"
          onClick={() => {
            onDone?.();
            toggleLessons(session);
          }}
        >
          {session.t("Lessons")}
        </Command>
        <Command
          icon="info"
          shortcut="Q"
          onClick={() => {
            onDone?.();
            toggleQuiz(session);
          }}
        >
          {session.t("Quiz")}
        </Command>
        {Object.keys(session.bodies).length > 0 && (
          <Command
            icon="compare"
            shortcut="B"
            onClick={() => {
              onDone?.();
              toggleBodies(session);
            }}
          >
            {session.t("Compare bodies")}
          </Command>
        )}
        <Command
          icon="consult"
          shortcut="C"
          onClick={() => {
            onDone?.();
            toggleConsult(session);
          }}
        >
          {session.t("Show a client")}
        </Command>
        <Command
          icon="reset"
          shortcut="0"
          onClick={() => {
            session.dispatch({ type: "reset" });
            onDone?.();
          }}
        >
          {session.t("Start over")}
        </Command>
        <Command
          icon="info"
          onClick={() => {
            onDone?.();
            greet(session);
          }}
        >
          {session.t("Welcome, and where to begin")}
        </Command>
        <Command icon="keyboard" shortcut="?" onClick={() => session.dialog.set("help")}>
          {session.t("Keyboard and gestures")}
        </Command>
        <Command icon="book" onClick={() => session.dialog.set("credits")}>
          {session.t("Credits and licences")}
        </Command>
      </div>
    </>
  );
}
