// Keeps the scene in the page's address, and takes it from there when a link is opened or pasted.
import type { Anatomy } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import type { Session } from "../interface/session";
import { decodeScene, encodeScene, fragmentScene, withScene } from "../scene/link";
import { checkNames } from "../scene/scene";

/** Browsers allow about three changes of the address in a second. */
const BETWEEN_MS = 350;

/** The scene of the address, or null if it has none. Throws SceneError if it cannot be shown. */
export function sceneFromAddress(anatomy: Anatomy): Scene | null {
  const value = fragmentScene(window.location.hash);
  if (value === null) return null;
  const scene = decodeScene(value);
  // A link without a body's name means the one it is opened on.
  const named = scene.atlas === "population" ? { ...scene, atlas: anatomy.atlas.id } : scene;
  checkNames(named, anatomy);
  return named;
}

/** Writes the scene into the address after changes, and reads it when the address changes; returns how to stop. */
export function keepInAddress(session: Session): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = Number.NEGATIVE_INFINITY;
  const write = () => {
    written = performance.now();
    const { pathname, search, hash } = window.location;
    const fragment = withScene(hash, encodeScene(session.store.scene));
    // Replacing adds nothing to the history: "back" leaves the page, as one expects.
    if (fragment !== hash)
      window.history.replaceState(window.history.state, "", `${pathname}${search}${fragment}`);
  };
  const stopWatching = session.store.subscribe(({ origin }) => {
    if (origin === "address") return;
    // A single change is written at once; of many in a row, the last when there is time for it.
    clearTimeout(timer);
    const wait = written + BETWEEN_MS - performance.now();
    if (wait <= 0) write();
    else timer = setTimeout(write, wait);
  });
  const read = () => {
    try {
      const scene = sceneFromAddress(session.anatomy);
      if (scene) session.store.dispatch({ type: "replace", scene }, { origin: "address" });
    } catch (error) {
      session.notice.set({ text: `${(error as Error).message} The view stays as it was.`, tone: "error" });
    }
  };
  window.addEventListener("hashchange", read);
  return () => {
    clearTimeout(timer);
    stopWatching();
    window.removeEventListener("hashchange", read);
  };
}
