// Starts the viewer in a static site, and once the first picture is there has the whole site kept on the device.
import type { HttpSource, IschiaElement, MountOptions } from "../index";
import { phrase } from "../language/translate";
import { readyForPaper } from "./print";

/** What the page says of itself (`viewer/site.py` writes it); addresses are relative to the page. */
interface Values {
  readonly script: string;
  readonly worker: string;
  readonly scene: unknown;
  readonly source: HttpSource;
  readonly parts: Readonly<Record<string, string>>;
}

interface Viewer {
  mount(host: HTMLElement, options: MountOptions): { readonly element: IschiaElement };
}

/** So long a note about the site stands. */
const NOTE_MS = 8000;
/** So long a newer version may take to take over. */
const TAKING_OVER_MS = 2000;

/** The browser's keeper of sites; null where it has none, or forbids it (a frame in a sandbox). */
function keeper(): ServiceWorkerContainer | null {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/** Where a newer version waits, begins with that; resolves to whether the page is about to be opened anew. */
async function newer(container: ServiceWorkerContainer): Promise<boolean> {
  const waiting = (await container.getRegistration())?.waiting;
  if (!waiting) return false;
  const taken = new Promise<boolean>((done) => {
    container.addEventListener("controllerchange", () => done(true), { once: true });
    setTimeout(() => done(false), TAKING_OVER_MS);
  });
  waiting.postMessage("take over");
  return taken;
}

const firstPicture = () =>
  new Promise<void>((done) => {
    new PerformanceObserver((list, observer) => {
      if (!list.getEntriesByName("ischia:first-frame").length) return;
      observer.disconnect();
      done();
    }).observe({ type: "mark", buffered: true });
  });

function say(element: IschiaElement, text: string): void {
  element.setNotice(text);
  setTimeout(() => element.setNotice(null), NOTE_MS);
}

/** Has the site kept on the device, and says so the first time. */
async function keepSite(
  container: ServiceWorkerContainer,
  address: string,
  element: IschiaElement,
): Promise<void> {
  const fresh = !(await container.getRegistration())?.active;
  const registration = await container.register(address, { updateViaCache: "none" });
  if (fresh) {
    await container.ready;
    say(element, phrase("This page is now on your device: it opens without a network too."));
  }
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed" && container.controller)
        say(element, phrase("A newer version has come. You get it when you open this page the next time."));
    });
  });
}

async function start(host: HTMLElement): Promise<void> {
  const values = JSON.parse(document.getElementById("ischia-values")?.textContent ?? "{}") as Values;
  const container = keeper();
  if (container && (await newer(container).catch(() => false))) {
    window.location.reload();
    return;
  }
  const viewer = (await import(new URL(values.script, document.baseURI).href)) as Viewer;
  const { element } = viewer.mount(host, {
    source: values.source,
    scene: values.scene,
    parts: values.parts,
    settings: { link_fragment: true, height: "100%" },
  });
  if (!container) return;
  await firstPicture();
  // Without it the page does all it does, as long as there is a network.
  await keepSite(container, values.worker, element).catch((error: unknown) => console.info(error));
}

const host = document.getElementById("ischia-page");
if (host) {
  readyForPaper(host);
  start(host).catch((error: unknown) => {
    host.className = "problem";
    host.textContent = "This page could not be fetched whole. Reload it when you are connected.";
    console.error(error);
  });
}
