// What needs the marks on this body: shown once they are there; until then, how far they are.
import type { ComponentChildren } from "preact";
import { growthWords } from "../growth";
import type { Session } from "../session";
import { useSignal } from "../signal";

export function Await({ session, children }: { session: Session; children: ComponentChildren }) {
  const marks = useSignal(session.marking.marks);
  const growth = useSignal(session.growth);
  const { t } = session;
  const words = growthWords(growth, t);
  if (marks.state === "ready") return <>{children}</>;
  if (marks.state === "failed" || growth.state === "failed")
    return (
      <div class="awaited" role="alert">
        <p>
          {marks.state === "failed"
            ? t.of(marks.message)
            : t("The skin could not be made, so there is no picture.")}
        </p>
        {marks.state === "failed" && (
          <button type="button" class="primary" onClick={() => session.marking.retry()}>
            {t("Try again")}
          </button>
        )}
      </div>
    );
  if (marks.state === "none")
    return (
      <p class="awaited">
        {t("This body comes without skin, so there is no picture. The words hold all the same.")}
      </p>
    );
  return (
    <p class="awaited" role="status">
      {words
        ? t("The picture comes with the skin: {words}.", { words })
        : t("The picture comes with the skin.")}
    </p>
  );
}
