// A piece of the interface that comes with a script of its own, when it is first wanted.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toggleConsult } from "./consult/toggle";
import type { Session } from "./session";

type Face = ComponentType<{ session: Session }>;

type State =
  | { readonly state: "coming" }
  | { readonly state: "here"; readonly View: Face }
  | { readonly state: "failed"; readonly message: string };

/** The view of a part; with `panel`, what it shows in the card's place. */
export function Brought({ session, part, panel }: { session: Session; part: ViewPart; panel?: boolean }) {
  const [now, setNow] = useState<State>({ state: "coming" });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let gone = false;
    setNow({ state: "coming" });
    session.parts.load(part).then(
      (faces: { View: Face; Panel?: Face }) =>
        !gone && setNow({ state: "here", View: (panel && faces.Panel) || faces.View }),
      (error: Error) => !gone && setNow({ state: "failed", message: error.message }),
    );
    return () => {
      gone = true;
    };
  }, [session, part, attempt]);

  if (now.state === "here") return <now.View session={session} />;
  if (now.state === "coming")
    return (
      <p class="brought" role="status">
        {session.t("One moment …")}
      </p>
    );
  return (
    <div class="brought" role="alert">
      <p>{session.t.of(now.message)}</p>
      <button type="button" class="primary" onClick={() => setAttempt(attempt + 1)}>
        {session.t("Try again")}
      </button>
      {part === "consult" && (
        <button type="button" class="text-toggle" onClick={() => toggleConsult(session)}>
          {session.t("Back to the atlas")}
        </button>
      )}
    </div>
  );
}

/** Parts whose module has a `View`. */
type ViewPart = "trigger" | "consult" | "landmarks" | "lesson" | "quiz" | "bodies";
