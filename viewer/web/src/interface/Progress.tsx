// How far loading has come.
import { useEffect, useRef } from "preact/hooks";
import type { Translate } from "../language/translate";
import { Sign } from "./icons";

export function Progress({ t, done, total }: { t: Translate; done: number; total: number }) {
  const bar = useRef<HTMLSpanElement>(null);
  const share = total ? done / total : 0;
  useEffect(() => bar.current?.style.setProperty("--share", String(share)), [share]);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={t("Loading the atlas")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={total ? Math.round(share * 100) : undefined}
    >
      <Sign />
      <span class="progress-track">
        <span ref={bar} class="progress-bar" />
      </span>
      <span class="progress-text">
        {total && share >= 1 ? t("Preparing the picture") : t("Loading the atlas")}
      </span>
    </div>
  );
}
