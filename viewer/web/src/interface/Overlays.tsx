// What passes over the page: the name under the pointer, notices, and what is said aloud.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import type { Session } from "./session";
import { useSignal } from "./signal";

const NOTICE_MS = 6000;
const FROM_POINTER = 16;

export function Tooltip({ session }: { session: Session }) {
  const tip = useSignal(session.tip);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!tip || !element) return;
    const { width, height } = session.layout.value;
    const { offsetWidth: w, offsetHeight: h } = element;
    // On the other side of the pointer where there is no room.
    const x = tip.x + FROM_POINTER + w > width ? tip.x - FROM_POINTER - w : tip.x + FROM_POINTER;
    const y = tip.y + FROM_POINTER + h > height ? tip.y - FROM_POINTER - h : tip.y + FROM_POINTER;
    element.style.transform = `translate(${Math.max(4, Math.round(x))}px, ${Math.max(4, Math.round(y))}px)`;
  }, [tip, session]);
  if (!tip) return null;
  return (
    <div ref={box} class="tooltip" aria-hidden="true">
      <span>{tip.text}</span>
      {tip.secondary && <small>{tip.secondary}</small>}
    </div>
  );
}

export function NoticeBar({ session }: { session: Session }) {
  const notice = useSignal(session.notice);
  useEffect(() => {
    if (!notice || notice.lasting || notice.tone === "error") return;
    const timer = setTimeout(() => session.notice.set(null), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice, session]);
  return (
    <div class="notices" role={notice?.tone === "error" ? "alert" : "status"}>
      {notice && (
        <div class="notice" data-tone={notice.tone}>
          <Icon name="info" />
          <p>{notice.text}</p>
          {notice.retry && (
            <button
              type="button"
              class="text-toggle"
              onClick={() => {
                session.notice.set(null);
                notice.retry?.();
              }}
            >
              {session.t("Try again")}
            </button>
          )}
          <button
            type="button"
            class="card-close"
            aria-label={session.t("Dismiss")}
            onClick={() => session.notice.set(null)}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}

/** Read aloud by screen readers; never seen. */
export function Spoken({ session }: { session: Session }) {
  const text = useSignal(session.spoken);
  return (
    <div class="unseen" role="status" aria-live="polite" data-spoken>
      {text}
    </div>
  );
}
