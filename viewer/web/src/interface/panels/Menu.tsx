// Settings of the page, and what there is to read about it.
import { copyLink } from "../clipboard";
import { toggleConsult } from "../consult/toggle";
import { Choice, Command } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { toggleLessons, toggleQuiz } from "../variant-actions";

export function Menu({ session, onDone }: { session: Session; onDone?: () => void }) {
  const scene = useSignal(session.scene);
  return (
    <>
      <Choice
        legend="Colours"
        value={scene.theme}
        options={[
          ["auto", "Auto"],
          ["light", "Light"],
          ["dark", "Dark"],
          ["contrast", "Contrast"],
        ]}
        onChange={(theme) => session.dispatch({ type: "set", fields: { theme } })}
      />
      <div class="commands">
        {session.options.fragment && (
          <Command icon="link" onClick={() => void copyLink(session)}>
            Copy a link to this view
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
          Lessons
        </Command>
        <Command
          icon="info"
          shortcut="Q"
          onClick={() => {
            onDone?.();
            toggleQuiz(session);
          }}
        >
          Quiz
        </Command>
        <Command
          icon="consult"
          shortcut="C"
          onClick={() => {
            onDone?.();
            toggleConsult(session);
          }}
        >
          Show a client
        </Command>
        <Command
          icon="reset"
          shortcut="0"
          onClick={() => {
            session.dispatch({ type: "reset" });
            onDone?.();
          }}
        >
          Start over
        </Command>
        <Command
          icon="info"
          onClick={() => {
            onDone?.();
            session.greet();
          }}
        >
          Welcome, and where to begin
        </Command>
        <Command icon="keyboard" shortcut="?" onClick={() => session.dialog.set("help")}>
          Keyboard and gestures
        </Command>
        <Command icon="book" onClick={() => session.dialog.set("credits")}>
          Credits and licences
        </Command>
      </div>
    </>
  );
}
