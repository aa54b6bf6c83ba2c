// What the person has told their system (colours, contrast, motion), and what that means here.
import type { Session } from "../interface/session";
import type { ThemeName } from "../stage/types";

/** The theme that is shown: the scene's, or the system's where the scene leaves it open. */
export function themeFor(asked: "auto" | ThemeName, system: { dark: boolean; contrast: boolean }): ThemeName {
  if (asked !== "auto") return asked;
  if (system.contrast) return "contrast";
  return system.dark ? "dark" : "light";
}

/** A host that knows on what ground it lies, light or dark, says so on an element around the viewer. */
const GROUND = "data-ground";

/** Keeps theme and motion of the session in step with the system, host and scene; returns how to stop. */
export function watchPreferences(session: Session, element: HTMLElement): () => void {
  const around = element.closest(`[${GROUND}]`);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const contrast = window.matchMedia("(prefers-contrast: more), (forced-colors: active)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const update = () => {
    const system = { dark: dark.matches, contrast: contrast.matches };
    if (around) system.dark = around.getAttribute(GROUND) === "dark";
    const theme = themeFor(session.store.scene.theme, system);
    element.dataset.theme = theme;
    session.theme.set(theme);
    session.reducedMotion.set(still.matches);
  };
  const queries = [dark, contrast, still];
  for (const query of queries) query.addEventListener("change", update);
  const stop = session.store.subscribe(update);
  const observer = new MutationObserver(update);
  if (around) observer.observe(around, { attributeFilter: [GROUND] });
  update();
  return () => {
    stop();
    observer.disconnect();
    for (const query of queries) query.removeEventListener("change", update);
  };
}

const WELCOME = "ischia:welcome";

/** Whether the welcome was closed in this browser before. */
export function welcomeClosed(): boolean {
  try {
    return window.localStorage.getItem(WELCOME) === "closed";
  } catch {
    // Storage is forbidden here: the welcome then comes each time.
    return false;
  }
}

/** Keeps in mind that the welcome was closed, or asked for again; returns how to stop. */
export function rememberWelcome(session: Session): () => void {
  return session.welcome.subscribe((open) => {
    try {
      if (open) window.localStorage.removeItem(WELCOME);
      else window.localStorage.setItem(WELCOME, "closed");
    } catch {
      // Nothing is lost but the memory of it.
    }
  });
}

const LANGUAGE = "ischia:language";

/** The person's language among those that there are: as it was chosen here before, else as the browser has it. */
export function ownLanguage(codes: readonly string[]): string {
  let asked: readonly string[] = navigator.languages ?? [];
  try {
    asked = [window.localStorage.getItem(LANGUAGE) ?? "", ...asked];
  } catch {
    // Storage is forbidden here: the browser's languages are all that is known.
  }
  const known = asked.map((one) => codes.find((code) => one === code || one.startsWith(`${code}-`)));
  return known.find(Boolean) ?? "en";
}

/** Keeps in mind which language was chosen in this browser. */
export function rememberLanguage(code: string): void {
  try {
    window.localStorage.setItem(LANGUAGE, code);
  } catch {
    // It is asked for again next time.
  }
}
