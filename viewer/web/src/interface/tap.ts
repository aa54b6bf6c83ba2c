// A tap, and the click that the browser makes of it afterwards.
const CLICK_MS = 350;

/** The browser's click comes after the tap: it must not press what the tap has brought up under the finger. */
export function ownClickOnly(canvas: HTMLElement): void {
  const stop = (event: Event) => {
    if (event.composedPath().includes(canvas)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", stop, { capture: true }), CLICK_MS);
}
