// Puts a viewer into an element: root, styles, loading, and the ways in and out for the host.
import { render } from "preact";
import { Anatomy } from "../atlas/anatomy";
import { DEFAULT_SCENE, type Scene } from "../generated/scene";
import { App } from "../interface/App";
import { Boot, type BootState } from "../interface/Boot";
import { handleKey } from "../interface/keys";
import { layoutFor } from "../interface/layout";
import { Session } from "../interface/session";
import { speak } from "../language/speaking";
import { encodeScene } from "../scene/link";
import { checkNames, readScene } from "../scene/scene";
import { Stage } from "../stage/index";
import type { StageApi } from "../stage/types";
import { keepInAddress, sceneFromAddress } from "./address";
import { type PartSources, Parts } from "./parts";
import { ownLanguage, rememberWelcome, watchPreferences, welcomeClosed } from "./preferences";
import { LoadError, type Loaded, loadSource, type Source } from "./source";
import { addStyles, adoptStyles } from "./styles";

export interface Settings {
  /** Keep the scene in the page's address (the page belongs to this viewer alone). */
  readonly link_fragment?: boolean;
  /** Whether the list of structures is open from the start, where there is room for it; it is, if nothing is said. */
  readonly tree?: boolean;
  /** CSS height, or pixels. */
  readonly height?: number | string;
  /** Picture for browsers without WebGL: an address, a data: address, or the bytes of a PNG. */
  readonly still?: string | Uint8Array | ArrayBuffer | DataView | null;
  /** A calm note from the host, such as a lost connection; null takes it back. */
  readonly notice?: string | null;
}

export interface MountOptions {
  readonly source: Source;
  /** Scene to begin with; any part of it may be left out. */
  readonly scene?: unknown;
  readonly settings?: Settings;
  /** Scripts that are fetched when they are first needed, by name. */
  readonly parts?: PartSources;
  /** Told shortly after the scene has changed here (not when the host itself changed it). */
  readonly onScene?: (scene: Scene) => void;
  readonly onSelected?: (name: string | null) => void;
}

/** The root element of a viewer. */
export interface IschiaElement extends HTMLDivElement {
  /** The present scene, every field filled in. */
  getScene(): Scene;
  /** Shows a scene (object or JSON text, any part may be left out). Throws an Error that says what is wrong with it. */
  setScene(scene: unknown): void;
  /** A note over the picture that stays until it is taken back with null. */
  setNotice(text: string | null): void;
  /** The stage, for measurements; null before it is made and where there is no WebGL. */
  readonly stage: StageApi | null;
}

export interface Mounted {
  readonly element: IschiaElement;
  /** Shows a scene that comes from the host; what cannot be shown becomes a notice on the page. */
  takeScene(scene: unknown): void;
  takeSettings(settings: Settings): void;
  dispose(): void;
}

const SYNC_MS = 150;
const LANGUAGE_MS = 2000;

/** Whether it is the scene that everyone begins with. */
const untouched = (scene: Scene) => encodeScene({ ...scene, atlas: DEFAULT_SCENE.atlas }) === "";

const cssHeight = (height: Settings["height"]) =>
  typeof height === "number" ? `${height}px` : (height ?? "");

function stillAddress(still: Settings["still"]): { url: string | null; release: () => void } {
  if (!still || typeof still === "string") return { url: still || null, release: () => {} };
  const url = URL.createObjectURL(new Blob([still as BlobPart], { type: "image/png" }));
  return { url, release: () => URL.revokeObjectURL(url) };
}

/** A host's scene shows the host's atlas, whatever body it was first made for. */
function hostScene(scene: unknown, anatomy: Anatomy): Scene {
  const read = { ...readScene(scene ?? {}), atlas: anatomy.atlas.id };
  checkNames(read, anatomy);
  return read;
}

export function mount(el: HTMLElement, options: MountOptions): Mounted {
  const settings = options.settings ?? {};
  const element = document.createElement("div") as unknown as IschiaElement;
  element.className = "ischia";
  element.style.height = cssHeight(settings.height);
  const shadow = element.attachShadow({ mode: "open" });
  adoptStyles(shadow);
  const frame = document.createElement("div");
  frame.className = "frame";
  shadow.append(frame);
  el.append(element);

  const still = stillAddress(settings.still);
  const endings: (() => void)[] = [still.release];
  let disposed = false;
  let session: Session | null = null;
  let loading = new AbortController();
  /** What was asked for before there was anything to show it on. */
  let waiting: unknown = options.scene;
  let early = false;
  let notice = settings.notice ?? null;

  Object.assign(element, {
    getScene: (): Scene =>
      structuredClone(session?.store.scene ?? { ...DEFAULT_SCENE, ...(waiting as object) }),
    setScene(scene: unknown): void {
      if (!session) {
        waiting = readScene(scene);
        early = true;
        return;
      }
      const read = readScene(scene);
      const given = typeof scene === "string" ? (JSON.parse(scene) as object) : (scene as object);
      const named = "atlas" in given ? read : { ...read, atlas: session.anatomy.atlas.id };
      checkNames(named, session.anatomy);
      session.dispatch({ type: "replace", scene: named });
    },
    setNotice,
  });
  Object.defineProperty(element, "stage", { get: () => session?.stage ?? null });

  function setNotice(text: string | null): void {
    notice = text;
    session?.notice.set(text ? { text: session.t.of(text), tone: "calm", lasting: true } : null);
  }

  function boot(state: BootState): void {
    render(<Boot state={state} onRetry={() => void start()} />, frame);
  }

  function firstScene(anatomy: Anatomy): { scene: Scene; problem: string | null } {
    const fallback = { ...structuredClone(DEFAULT_SCENE), atlas: anatomy.atlas.id };
    const problems: string[] = [];
    const attempt = (read: () => Scene | null): Scene | null => {
      try {
        return read();
      } catch (error) {
        problems.push((error as Error).message);
        return null;
      }
    };
    // What was asked for most lately and most plainly comes first: setScene, then the link, then the host.
    const linked = settings.link_fragment && !early ? attempt(() => sceneFromAddress(anatomy)) : null;
    const scene = linked ?? attempt(() => hostScene(waiting, anatomy)) ?? fallback;
    return {
      scene,
      problem: problems.length ? `${problems.join(" ")} The usual view is shown instead.` : null,
    };
  }

  /** The scene's language; where the page belongs to the viewer and nothing was asked for, the person's own. */
  function firstLanguage({ language }: Scene, { documents }: Loaded): string {
    if (language !== "en" || settings.link_fragment !== true) return language;
    const prefix = "language.";
    const named = documents.filter((name) => name.startsWith(prefix));
    return ownLanguage(["en", ...named.map((name) => name.slice(prefix.length))]);
  }

  async function start(): Promise<void> {
    loading.abort();
    loading = new AbortController();
    boot({ state: "loading" });
    try {
      const coming = loadSource(options.source, loading.signal);
      // The graphics card wakes up while the files are on their way.
      Stage.prepare();
      const loaded = await coming;
      if (disposed) return;
      const anatomy = new Anatomy(loaded.atlas, loaded.catalogue);
      const { scene: asked, problem } = firstScene(anatomy);
      const scene = { ...asked, language: firstLanguage(asked, loaded) };
      session = new Session(anatomy, loaded, scene, {
        still: still.url,
        parts: new Parts(options.parts ?? {}, (styles) => addStyles(shadow, styles)),
        fragment: settings.link_fragment === true,
        // A viewer among other things on a page does not introduce itself, and a link shows what was meant to be seen.
        welcome: settings.link_fragment === true && untouched(asked) && !welcomeClosed(),
      });
      // A language that is long in coming does not keep the picture waiting.
      await Promise.race([speak(session), new Promise((resolve) => setTimeout(resolve, LANGUAGE_MS))]);
      if (disposed) return;
      open(session, problem);
    } catch (error) {
      if (disposed || loading.signal.aborted) return;
      if (!(error instanceof LoadError)) console.error(error);
      const message =
        error instanceof LoadError ? error.message : `Something is wrong with this page: ${error}`;
      boot({ state: "failed", message });
    }
  }

  function open(now: Session, problem: string | null): void {
    const measure = () => now.layout.set(layoutFor(element.clientWidth, element.clientHeight));
    const observer = new ResizeObserver(() => {
      const { name, low, tight, width, height } = layoutFor(element.clientWidth, element.clientHeight);
      frame.dataset.layout = name;
      frame.toggleAttribute("data-low", low);
      frame.toggleAttribute("data-tight", tight);
      const before = now.layout.value;
      if (before.width !== width || before.height !== height) measure();
    });
    observer.observe(element);
    measure();
    now.panels.set({ ...now.panels.value, tree: settings.tree !== false && now.layout.value.width >= 900 });
    frame.dataset.layout = now.layout.value.name;
    const speaks = () => {
      element.lang = now.t.code;
      if (settings.link_fragment) document.documentElement.lang = now.t.code;
    };
    speaks();
    endings.push(
      () => observer.disconnect(),
      now.body.subscribe(speaks),
      watchPreferences(now, element),
      rememberWelcome(now),
      syncOut(now),
    );
    if (settings.link_fragment) endings.push(keepInAddress(now));

    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && handleKey(event, now)) event.preventDefault();
    };
    frame.addEventListener("keydown", onKey);
    endings.push(() => frame.removeEventListener("keydown", onKey));
    // Where the page belongs to the viewer, keys also work before anything in it has the focus.
    const onPageKey = (event: KeyboardEvent) => event.target === document.body && onKey(event);
    if (settings.link_fragment) {
      document.addEventListener("keydown", onPageKey);
      endings.push(() => document.removeEventListener("keydown", onPageKey));
    }
    if (problem) now.notice.set({ text: problem, tone: "error" });
    else if (notice) setNotice(notice);
    render(<App session={now} onReady={ready} />, frame);
  }

  function ready(): void {
    if (disposed) return;
    if (session?.picture.value.state === "ready") performance.mark("ischia:first-frame");
    element.dataset.ready = "true";
  }

  function syncOut(now: Session): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = now.store.subscribe(({ scene, before, origin }) => {
      if (scene.selected !== before.selected) options.onSelected?.(scene.selected);
      clearTimeout(timer);
      if (origin !== "host") timer = setTimeout(() => options.onScene?.(now.store.scene), SYNC_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }

  void start();

  return {
    element,
    takeScene(scene) {
      if (!session) {
        if (!early) waiting = scene;
        return;
      }
      try {
        const read = hostScene(scene, session.anatomy);
        session.store.dispatch({ type: "replace", scene: read }, { origin: "host" });
      } catch (error) {
        session.notice.set({
          text: `${session.t.of((error as Error).message)} ${session.t("The view stays as it was.")}`,
          tone: "error",
        });
      }
    },
    takeSettings(next) {
      if (next.height !== undefined) element.style.height = cssHeight(next.height);
      if (next.notice !== undefined && next.notice !== notice) setNotice(next.notice);
    },
    dispose() {
      disposed = true;
      loading.abort();
      // Whoever still holds the element (a notebook keeps what was clicked last) holds nothing of what it showed.
      for (const end of endings.splice(0)) end();
      render(null, frame);
      session?.dispose();
      session = null;
      element.remove();
    },
  };
}
