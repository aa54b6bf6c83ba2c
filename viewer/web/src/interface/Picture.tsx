// The place of the picture: makes the stage, shows how loading goes, and steps aside where there is no WebGL.
import { useEffect, useRef, useState } from "preact/hooks";
import { Stage } from "../stage/index";
import { Brought } from "./Brought";
import { Compare } from "./Compare";
import { Progress } from "./Progress";
import type { Session } from "./session";
import { useSignal } from "./signal";

export function Picture({ session, onReady }: { session: Session; onReady: () => void }) {
  const host = useRef<HTMLDivElement>(null);
  const picture = useSignal(session.picture);
  const { beside } = useSignal(session.scene);
  const ready = picture.state === "ready";
  const split = ready && session.split;
  const growth = useSignal(session.growth);
  const measuring = useSignal(session.measuring.on);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (!host.current) return;
    let gone = false;
    session.picture.set({ state: "loading", done: 0, total: 0 });
    try {
      const stage = new Stage(host.current, session.anatomy.atlas, session.load);
      session.attach(stage);
      stage.ready.then(
        () => {
          if (gone) return;
          session.picture.set({ state: "ready" });
          onReady();
        },
        (error: unknown) => {
          if (!gone)
            session.picture.set({
              state: "failed",
              message: error instanceof Error ? error.message : String(error),
            });
        },
      );
    } catch {
      // No WebGL: asking beforehand would cost a context, half a second on a slow machine.
      session.picture.set({ state: "unavailable" });
      onReady();
    }
    return () => {
      gone = true;
      session.detach();
    };
  }, [session, attempt]);

  return (
    <div
      class="picture"
      data-split={split || undefined}
      data-growth={growth.state}
      data-measuring={measuring || undefined}
    >
      <div class="stage" ref={host} data-state={picture.state} />
      {ready && beside ? <Brought session={session} part="bodies" /> : split && <Compare session={session} />}
      {picture.state !== "ready" && (
        <div class="free">
          {picture.state === "loading" && (
            <Progress t={session.t} done={picture.done} total={picture.total} />
          )}
          {picture.state === "failed" && (
            <div class="message" role="alert">
              <h2>{session.t("The picture could not be loaded")}</h2>
              <p>{session.t.of(picture.message)}</p>
              <button type="button" class="primary" onClick={() => setAttempt(attempt + 1)}>
                {session.t("Try again")}
              </button>
            </div>
          )}
          {picture.state === "unavailable" && <Still session={session} />}
        </div>
      )}
    </div>
  );
}

function Still({ session }: { session: Session }) {
  const { still } = session.options;
  return (
    <div class="still">
      {still && (
        <img
          src={still}
          alt={session.t("{title}, seen from behind", { title: session.anatomy.atlas.title })}
        />
      )}
      <div class="message" role="status">
        <h2>{session.t("This browser cannot draw in 3D")}</h2>
        <p>
          {still
            ? session.t("WebGL is switched off or missing here, so this is a still picture.")
            : session.t("WebGL is switched off or missing here, so there is no picture.")}{" "}
          {session.t(
            "The list and the cards work all the same. To turn the body, switch on hardware acceleration in the browser’s settings or open the page in another browser.",
          )}
        </p>
      </div>
    </div>
  );
}
