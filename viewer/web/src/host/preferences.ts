// What the person has told their system (colours, contrast, motion), and what that means here.
import type { Session } from "../interface/session";
import type { ThemeName } from "../stage/types";

/** The theme that is shown: the scene's, or the system's where the scene leaves it open. */
export function themeFor(asked: "auto" | ThemeName, system: { dark: boolean; contrast: boolean }): ThemeName {
  if (asked !== "auto") return asked;
  if (system.contrast) return "contrast";
  return system.dark ? "dark" : "light";
}

/** Keeps theme and motion of the session in step with the system and the scene; returns how to stop. */
export function watchPreferences(session: Session, element: HTMLElement): () => void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const contrast = window.matchMedia("(prefers-contrast: more), (forced-colors: active)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const update = () => {
    const theme = themeFor(session.store.scene.theme, { dark: dark.matches, contrast: contrast.matches });
    element.dataset.theme = theme;
    session.theme.set(theme);
    session.reducedMotion.set(still.matches);
  };
  const queries = [dark, contrast, still];
  for (const query of queries) query.addEventListener("change", update);
  const stop = session.store.subscribe(update);
  update();
  return () => {
    stop();
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
