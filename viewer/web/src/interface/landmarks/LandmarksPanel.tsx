// The landmarks of a set: all of them, or the one that is looked at. Fetched where there are some to be checked.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../icons";
import { watchSheet } from "../lesson/sheet";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { LandmarkList } from "./LandmarkList";
import { OneLandmark } from "./OneLandmark";
import { type Landmarks, landmarksOf } from "./state";

export function LandmarksPanel({ session }: { session: Session }) {
  const state = landmarksOf(session);
  const coming = useSignal(state.coming);
  const picture = useSignal(session.picture);
  const turned = useSignal(state.turned);
  useSignal(state.chosen);
  const box = useRef<HTMLDivElement>(null);
  const { t } = session;

  useEffect(() => {
    if (picture.state !== "ready") return;
    state.show(true);
    return () => state.show(false);
  }, [state, picture.state]);

  useEffect(() => watchKeys(session, state, box.current), [session, state]);
  useEffect(() => watchSheet(session, box.current), [session]);
  useEffect(() => watchLeaving(state), [state]);

  useLayoutEffect(() => {
    if (!turned) return;
    // Another page begins at its top, with its heading; back in the list one is where one was.
    const row = box.current?.querySelector<HTMLElement>(".landmark-row[data-last]");
    const next = state.current ? box.current?.querySelector<HTMLElement>(".landmark-name") : row;
    if (state.current) box.current?.querySelector(".landmark-scroll")?.scrollTo({ top: 0 });
    else row?.scrollIntoView({ block: "center" });
    next?.focus({ preventScroll: true });
  }, [turned]);

  return (
    <div class="landmarks" ref={box}>
      {coming.state === "coming" ? (
        <p class="brought" role="status">
          {t("One moment …")}
        </p>
      ) : coming.state === "failed" ? (
        <div class="brought" role="alert">
          <p>{t.of(coming.message)}</p>
          <button type="button" class="primary" onClick={() => void state.fetch()}>
            {t("Try again")}
          </button>
        </div>
      ) : (
        <>
          {state.current ? (
            <OneLandmark session={session} state={state} entry={state.current} />
          ) : (
            <LandmarkList session={session} state={state} sheet={coming.sheet} />
          )}
          <Foot session={session} state={state} />
        </>
      )}
    </div>
  );
}

/** Ways back, and where it is kept. */
function Foot({ session, state }: { session: Session; state: Landmarks }) {
  const { past, next } = useSignal(state.history);
  useSignal(state.saved);
  const saving = useSignal(state.saving);
  const coming = useSignal(state.coming);
  const { t } = session;
  const kept = coming.state === "here" && coming.sheet.kept;
  const { unsaved } = state;
  const anything = Object.keys(state.work).length > 0;
  return (
    <footer class="landmark-foot">
      <button
        type="button"
        class="landmark-tool"
        aria-label={t("Undo")}
        title={t("Undo")}
        aria-keyshortcuts="Control+Z"
        aria-disabled={!past.length}
        onClick={() => state.undo()}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        class="landmark-tool"
        aria-label={t("Redo")}
        title={t("Redo")}
        aria-keyshortcuts="Control+Shift+Z"
        aria-disabled={!next.length}
        onClick={() => state.redo()}
      >
        <Icon name="redo" />
      </button>
      {kept ? (
        <button
          type="button"
          class="primary"
          aria-disabled={!unsaved || saving}
          onClick={() => unsaved && void state.save()}
        >
          {saving ? t("Saving …") : unsaved ? t("Save") : anything ? t("Saved") : t("Nothing to save")}
        </button>
      ) : (
        <button type="button" class="primary" onClick={() => void state.download()}>
          {t("Download as YAML")}
        </button>
      )}
    </footer>
  );
}

/** What takes letters for itself. */
const TYPED_IN = "input[type=search], input[type=text], textarea, select";

/** Keys that are the landmarks' own wherever the focus is, as long as the panel is open. */
function watchKeys(session: Session, state: Landmarks, box: HTMLElement | null): (() => void) | undefined {
  const frame = box?.closest<HTMLElement>(".frame");
  if (!frame) return undefined;
  const onKey = (event: KeyboardEvent) => {
    const path = event.composedPath();
    const [target] = path;
    // The page's own keys, and those of nothing in particular.
    if (!path.includes(frame) && target !== document.body) return;
    if (session.dialog.value || (target instanceof Element && target.matches(TYPED_IN))) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      if (key === "y" || (key === "z" && event.shiftKey)) state.redo();
      else if (key === "z") state.undo();
      else return;
    } else if (event.altKey) return;
    else if (key === "n") state.next();
    else if (key === "escape" && state.current && session.open.value === null) void state.choose(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}

/** The browser asks before it leaves what is not saved, whether the panel is open or not. */
function watchLeaving(state: Landmarks): void {
  if (asking.has(state)) return;
  asking.add(state);
  window.addEventListener("beforeunload", (event) => state.unsaved && event.preventDefault());
}

const asking = new WeakSet<Landmarks>();
