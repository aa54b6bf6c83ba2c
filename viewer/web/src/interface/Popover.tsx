// What the tools open: above the dock on a wide page, as a sheet from below on a narrow one.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { phrase } from "../language/translate";
import { ASIDES, asideContent } from "./AsidePanel";
import { Card } from "./Card";
import { ActionTools, AsideTools, HistoryTools, MeasureTool } from "./Dock";
import { Icon } from "./icons";
import { CutPlane } from "./panels/CutPlane";
import { Footprints, Labels } from "./panels/Marks";
import { Menu } from "./panels/Menu";
import { Peel } from "./panels/Peel";
import { Views } from "./panels/Views";
import type { Aside, Panel, Session } from "./session";
import { useSignal } from "./signal";
import { TreePanel } from "./TreePanel";
import { closeAside } from "./variant-actions";
import { Caution, WelcomeText } from "./Welcome";

const TITLES: Record<Panel, string> = {
  tree: phrase("Structures"),
  card: phrase("Details"),
  peel: phrase("Peel"),
  views: phrase("Camera views"),
  tools: phrase("Tools"),
  marks: phrase("Labels and areas"),
  cut: phrase("Cutting plane"),
  menu: phrase("More"),
  welcome: phrase("Welcome"),
};

const IN_POPOVER: readonly Panel[] = ["views", "peel", "marks", "cut", "menu"];

export function Popover({ session }: { session: Session }) {
  const open = useSignal(session.open);
  const box = useRef<HTMLDivElement>(null);
  const shown = open !== null && IN_POPOVER.includes(open) ? open : null;

  useLayoutEffect(() => {
    const root = box.current?.getRootNode() as ShadowRoot | Document | undefined;
    if (!shown || !root || !box.current) return;
    const opener = root.querySelector<HTMLElement>(`.opener[data-panel="${shown}"] button`);
    place(box.current, opener);
    box.current.querySelector<HTMLElement>('button, input:checked, input:not([type="radio"])')?.focus();
    const outside = (event: Event) => {
      const path = event.composedPath();
      const inside = path.some(
        (node) => node === box.current || (node instanceof Element && node.matches(".opener")),
      );
      if (!inside) session.open.set(null);
    };
    root.addEventListener("pointerdown", outside);
    return () => {
      root.removeEventListener("pointerdown", outside);
      // Closed by key or command: the focus goes back to where it came from, unless it went elsewhere by itself.
      const active = (root as ShadowRoot).activeElement;
      if (!active || box.current?.contains(active)) opener?.focus();
    };
  }, [shown, session]);

  if (!shown) return null;
  return (
    <div
      ref={box}
      class="panel popover"
      role="dialog"
      aria-label={session.t.of(TITLES[shown])}
      data-panel={shown}
    >
      {content(shown, session)}
    </div>
  );
}

/** Over its button, but never beyond the dock's own width. */
function place(box: HTMLElement, opener: HTMLElement | null): void {
  const dock = box.parentElement;
  if (!dock || !opener) return;
  const frame = dock.getBoundingClientRect();
  const button = opener.getBoundingClientRect();
  const middle = button.left + button.width / 2 - frame.left - box.offsetWidth / 2;
  const x = Math.max(0, Math.min(middle, frame.width - box.offsetWidth));
  box.style.setProperty("--x", `${Math.round(x)}px`);
}

function content(panel: Panel, session: Session): ComponentChildren {
  const done = () => session.open.set(null);
  switch (panel) {
    case "views":
      return <Views session={session} onDone={done} />;
    case "marks":
      return (
        <>
          <Labels session={session} />
          <Footprints session={session} />
        </>
      );
    case "cut":
      return <CutPlane session={session} />;
    case "menu":
      return <Menu session={session} onDone={done} />;
    case "peel":
      return <Peel session={session} vertical />;
    case "tree":
      return <TreePanel session={session} />;
    case "tools":
      return (
        <>
          <div class="tool-grid">
            <AsideTools session={session} />
            <MeasureTool session={session} />
            <ActionTools session={session} />
            <HistoryTools session={session} />
          </div>
          <CutPlane session={session} />
          <Labels session={session} />
          <Footprints session={session} />
          <Menu session={session} onDone={done} />
        </>
      );
    case "welcome":
      return (
        <>
          <WelcomeText session={session} />
          <Caution session={session} />
        </>
      );
    case "card":
      return null;
  }
}

/** The sheet of the narrow page; half the height, or nearly all of it. */
export function Sheet({ session }: { session: Session }) {
  const open = useSignal(session.open);
  const scene = useSignal(session.scene);
  const layout = useSignal(session.layout);
  const [tall, setTall] = useState(false);
  const box = useRef<HTMLElement>(null);
  const aside = useSignal(session.aside);
  const shown = (open === "card" && scene.selected === null ? null : open) ?? aside;
  const title = shown && session.t.of(shown in ASIDES ? ASIDES[shown as Aside] : TITLES[shown as Panel]);

  useEffect(() => {
    const tell = () => {
      const sheet = shown && box.current && !tall ? box.current.offsetHeight : 0;
      if (sheet !== session.panels.value.sheet) session.panels.set({ ...session.panels.value, sheet });
    };
    // What it holds may come later than the sheet itself.
    const observer = new ResizeObserver(tell);
    if (box.current) observer.observe(box.current);
    tell();
    return () => observer.disconnect();
  }, [session, shown, tall, scene.selected, layout]);

  useEffect(() => setTall(false), [shown]);

  if (!shown) return null;
  return (
    <section
      ref={box}
      class="sheet"
      data-tall={tall || undefined}
      data-panel={shown}
      aria-label={title ?? undefined}
    >
      <div class="sheet-head">
        <button
          type="button"
          class="grip"
          aria-label={tall ? session.t("Make the sheet lower") : session.t("Make the sheet taller")}
          aria-expanded={tall}
          onClick={() => setTall(!tall)}
        />
        {shown !== "card" && <h2>{title}</h2>}
        {shown !== "card" && (
          <button
            type="button"
            class="card-close"
            aria-label={session.t("Close (Esc)")}
            onClick={() => (open === null ? closeAside(session) : session.open.set(null))}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <div class="sheet-body">
        {shown === "card" && scene.selected ? (
          <Card session={session} name={scene.selected} />
        ) : open === null ? (
          asideContent(shown as Aside, session)
        ) : (
          content(shown as Panel, session)
        )}
      </div>
    </section>
  );
}
