// The tools below the picture.
import { toggleFade, toggleHidden, toggleIsolated } from "./actions";
import { Tool } from "./controls";
import type { IconName } from "./icons";
import { Peel } from "./panels/Peel";
import type { Panel, Session } from "./session";
import { useSignal } from "./signal";
import {
  closeAside,
  openAside,
  toggleFocus,
  toggleMeasure,
  toggleTriggers,
  toggleVariants,
} from "./variant-actions";

/** The actions on what is shown; also a part of the narrow page's tools. */
export function ActionTools({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const selected = scene.selected !== null && session.anatomy.membersOf(scene.selected).length > 0;
  return (
    <>
      <Tool
        icon="fade"
        label={session.t("Fade")}
        shortcut="F"
        pressed={scene.fade_others}
        onClick={() => toggleFade(session)}
      />
      <Tool
        icon="isolate"
        label={session.t("Isolate")}
        shortcut="I"
        pressed={scene.isolated.length > 0}
        disabled={!selected && !scene.isolated.length}
        onClick={() => toggleIsolated(session)}
      />
      <Tool
        icon="hide"
        label={session.t("Hide")}
        shortcut="H"
        disabled={!selected}
        onClick={() => toggleHidden(session)}
      />
      <Tool
        icon="show"
        label={session.t("Show all")}
        shortcut="A"
        disabled={
          !scene.hidden.length && !scene.isolated.length && !scene.peel && !Object.keys(scene.opacity).length
        }
        onClick={() => session.dispatch({ type: "showAll" })}
      />
    </>
  );
}

/** Nerve and muscle: their variants, and all else out of the way. */
export function AsideTools({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const aside = useSignal(session.aside);
  const { anatomy } = session;
  const points = Object.keys(anatomy.catalogue.trigger_points).length > 0;
  if (session.checks)
    return (
      <Tool
        icon="focus"
        label={session.t("Landmarks")}
        expanded={aside === "landmarks"}
        onClick={() => (aside === "landmarks" ? closeAside(session) : openAside(session, "landmarks"))}
      />
    );
  if (!anatomy.membersOf("piriformis").length) return null;
  return (
    <>
      {points && (
        <Tool
          icon="trigger"
          label={session.t("Trigger points")}
          short={session.t("Trigger")}
          shortcut="T"
          expanded={aside === "triggers"}
          onClick={() => toggleTriggers(session)}
        />
      )}
      <Tool
        icon="variants"
        label={session.t("Variants")}
        shortcut="V"
        expanded={aside === "variants"}
        onClick={() => toggleVariants(session)}
      />
      <Tool
        icon="spotlight"
        label={session.t("Focus")}
        shortcut="P"
        pressed={scene.focus}
        onClick={() => toggleFocus(session)}
      />
    </>
  );
}

export function MeasureTool({ session }: { session: Session }) {
  const aside = useSignal(session.aside);
  return (
    <Tool
      icon="measure"
      label={session.t("Measure")}
      shortcut="M"
      expanded={aside === "measure"}
      onClick={() => toggleMeasure(session)}
    />
  );
}

export function HistoryTools({ session }: { session: Session }) {
  useSignal(session.scene);
  return (
    <>
      <Tool
        icon="undo"
        label={session.t("Undo")}
        shortcut="U"
        disabled={!session.store.canUndo}
        onClick={() => session.store.undo()}
      />
      <Tool
        icon="redo"
        label={session.t("Redo")}
        shortcut="Shift+U"
        disabled={!session.store.canRedo}
        onClick={() => session.store.redo()}
      />
    </>
  );
}

function Opener(props: { session: Session; panel: Panel; icon: IconName; label: string; on?: boolean }) {
  const { session, panel, icon, label, on } = props;
  const open = useSignal(session.open);
  return (
    <span class="opener" data-panel={panel} data-on={on || undefined}>
      <Tool
        icon={icon}
        label={label}
        expanded={open === panel}
        onClick={() => session.open.set(open === panel ? null : panel)}
      />
    </span>
  );
}

export function Dock({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const { low } = useSignal(session.layout);
  return (
    <section class="dock" aria-label={session.t("Tools")}>
      {!low && !session.checks && (
        <div class="dock-top">
          <Peel session={session} />
          <HistoryTools session={session} />
        </div>
      )}
      <div class="dock-tools">
        <Opener session={session} panel="views" icon="views" label={session.t("Views")} />
        <AsideTools session={session} />
        {low && (
          <Opener session={session} panel="peel" icon="peel" label={session.t("Peel")} on={scene.peel > 0} />
        )}
        <span class="divider" />
        <ActionTools session={session} />
        <span class="divider" />
        {low && <HistoryTools session={session} />}
        {low && <span class="divider" />}
        <Opener
          session={session}
          panel="marks"
          icon="labels"
          label={session.t("Marks")}
          on={scene.labels !== "none" || scene.footprints === "all"}
        />
        <Opener
          session={session}
          panel="cut"
          icon="cut"
          label={session.t("Cut")}
          on={scene.cut !== null || scene.section !== null}
        />
        <MeasureTool session={session} />
        <Opener session={session} panel="menu" icon="menu" label={session.t("More")} />
      </div>
    </section>
  );
}

/** The narrow page's tools: each opens a sheet. */
export function BottomBar({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const open = useSignal(session.open);
  const aside = useSignal(session.aside);
  const tab = (panel: Panel, icon: IconName, label: string, disabled = false) => (
    <Tool
      icon={icon}
      label={label}
      expanded={open === panel}
      disabled={disabled}
      onClick={() => session.open.set(open === panel ? null : panel)}
    />
  );
  return (
    <nav class="bottom-bar" aria-label={session.t("Tools")}>
      {tab("tree", "tree", session.t("Structures"))}
      {tab("peel", "peel", session.t("Peel"))}
      {tab("views", "views", session.t("Views"))}
      {session.checks ? (
        <AsideTools session={session} />
      ) : (
        <Tool
          icon="variants"
          label={session.t("Variants")}
          expanded={aside === "variants" && open === null}
          onClick={() => toggleVariants(session)}
        />
      )}
      {!session.checks && Object.keys(session.anatomy.catalogue.trigger_points).length > 0 && (
        <Tool
          icon="trigger"
          label={session.t("Trigger points")}
          short={session.t("Trigger")}
          expanded={aside === "triggers" && open === null}
          onClick={() => toggleTriggers(session)}
        />
      )}
      {tab("tools", "tools", session.t("Tools"))}
      {tab("card", "card", session.t("Details"), scene.selected === null)}
    </nav>
  );
}
