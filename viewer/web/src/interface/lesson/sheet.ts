// The sheet of a narrow page, where what is in it changes its height.
import type { Session } from "../session";

/** On a narrow page the picture keeps clear of the sheet, whose height changes with what comes into it. */
export function watchSheet(session: Session, box: HTMLElement | null): (() => void) | undefined {
  const sheet = box?.closest<HTMLElement>(".sheet");
  if (!sheet) return undefined;
  const watch = new ResizeObserver(() => {
    const height = sheet.dataset.tall ? 0 : sheet.offsetHeight;
    if (height !== session.panels.value.sheet) session.panels.set({ ...session.panels.value, sheet: height });
  });
  watch.observe(sheet);
  return () => watch.disconnect();
}
