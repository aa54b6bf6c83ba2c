// Copying text, also where the modern way is closed (a page that is not served securely, as on a local network).
import { linkTo } from "../scene/link";
import type { Session } from "./session";

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

/** Puts the address of exactly this view on the clipboard, or shows it where that is forbidden. */
export async function copyLink(session: Session): Promise<void> {
  const url = linkTo(session.store.scene, window.location.href);
  const copied = await copyText(url);
  session.notice.set(
    copied
      ? { text: session.t("The link is copied. It opens exactly this view."), tone: "calm" }
      : {
          text: session.t("This browser does not let the page copy. Here is the link: {url}", { url }),
          tone: "calm",
          lasting: true,
        },
  );
}
