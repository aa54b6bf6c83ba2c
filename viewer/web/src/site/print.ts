// A page on paper: the picture as it stands on the screen, smaller; its labels keep their places on it.

/** Width of a sheet between its margins, CSS pixels. */
const PAPER = 700;

/** Keeps the size of what is in `host` while it is printed, so that nothing is laid out anew. */
export function readyForPaper(host: HTMLElement): void {
  window.addEventListener("beforeprint", () => {
    const { clientWidth, clientHeight } = host;
    host.style.position = "static";
    host.style.width = `${clientWidth}px`;
    host.style.height = `${clientHeight}px`;
    host.style.setProperty("zoom", String(Math.min(1, PAPER / clientWidth)));
  });
  window.addEventListener("afterprint", () => {
    for (const name of ["position", "width", "height", "zoom"]) host.style.removeProperty(name);
  });
}
