// The whole page: picture, list, card, tools, and what comes over them.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { phrase } from "../language/translate";
import { AsidePanel } from "./AsidePanel";
import { Brought } from "./Brought";
import { Card } from "./Card";
import { Dialogs } from "./Dialogs";
import { BottomBar, Dock } from "./Dock";
import { FocusBar } from "./FocusBar";
import { Icon, Sign } from "./icons";
import { NoticeBar, Spoken, Tooltip } from "./Overlays";
import { Picture } from "./Picture";
import { Popover, Sheet } from "./Popover";
import type { Session } from "./session";
import { useSignal } from "./signal";
import { TreePanel } from "./TreePanel";
import { Hint, Welcome } from "./Welcome";

/** On a slow line list and tools come before the picture, ms. */
const PATIENCE_MS = 1500;

export function App({ session, onReady }: { session: Session; onReady: () => void }) {
  const narrow = useSignal(session.layout).name === "narrow";
  const scene = useSignal(session.scene);
  const welcome = useSignal(session.welcome) && scene.selected === null;
  const aside = useSignal(session.aside);
  const pictured = usePictured(session);
  const card = !narrow && (aside !== null || welcome || scene.selected !== null);

  useLayoutEffect(() => {
    session.panels.set({ ...session.panels.value, card });
  }, [session, card]);

  // What takes its room from the picture by a height of its own is there before it.
  const early = narrow || scene.focus || scene.consult;
  return (
    <>
      <Picture session={session} onReady={onReady} />
      {(early || pictured) && <Around session={session} narrow={narrow} welcome={welcome} />}
    </>
  );
}

/** Whether the first picture is there, cannot be had, or is long in coming: until then nothing else takes its time. */
function usePictured(session: Session): boolean {
  const [pictured, setPictured] = useState(false);
  useEffect(() => {
    const look = () => session.picture.value.state !== "loading" && setPictured(true);
    const stop = session.picture.subscribe(look);
    const timer = setTimeout(() => setPictured(true), PATIENCE_MS);
    look();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [session]);
  return pictured;
}

/** All that stands around the picture and over it. */
function Around({ session, narrow, welcome }: { session: Session; narrow: boolean; welcome: boolean }) {
  const panels = useSignal(session.panels);
  const scene = useSignal(session.scene);
  const open = useSignal(session.open);
  const aside = useSignal(session.aside);
  useSignal(session.body);

  return (
    <>
      {scene.consult ? (
        <Brought session={session} part="consult" />
      ) : narrow ? (
        <>
          {scene.focus && !session.split ? (
            <FocusBar session={session} />
          ) : (
            welcome && open === null && aside === null && <Hint session={session} />
          )}
          <Sheet session={session} />
          <BottomBar session={session} />
        </>
      ) : (
        <>
          {panels.tree ? (
            <section class="panel tree-side" aria-label={session.t("Structures")}>
              <Head session={session} />
              <TreePanel session={session} />
            </section>
          ) : (
            <button
              type="button"
              class="panel reopen"
              onClick={() => {
                session.panels.set({ ...session.panels.value, tree: true });
                session.findStructure();
              }}
            >
              <Icon name="tree" /> {session.t("Structures")}
            </button>
          )}
          {scene.focus && !session.split && <FocusBar session={session} />}
          {aside !== null && <AsidePanel session={session} aside={aside} />}
          {aside === null && scene.selected !== null && (
            <section class="panel card-side" aria-label={session.t("Selected structure")}>
              <Card session={session} name={scene.selected} />
            </section>
          )}
          {aside === null && welcome && <Welcome session={session} />}
          <div class="dock-side">
            <Popover session={session} />
            <Dock session={session} />
          </div>
        </>
      )}
      {!scene.consult && <Tooltip session={session} />}
      <NoticeBar session={session} />
      <Dialogs session={session} />
      <Spoken session={session} />
    </>
  );
}

/** Title of the body that comes along. */
phrase("Population mean: bones of 26 adults, soft tissue solved on them");

function Head({ session }: { session: Session }) {
  const button = useRef<HTMLButtonElement>(null);
  return (
    <header class="head">
      <Sign />
      <div>
        <h1>Ischia</h1>
        <p title={session.t.of(session.anatomy.atlas.title)}>{session.t.of(session.anatomy.atlas.title)}</p>
      </div>
      <button
        ref={button}
        type="button"
        class="card-close"
        aria-label={session.t("Put the list away")}
        onClick={() => session.panels.set({ ...session.panels.value, tree: false })}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}
