// How far loading has come.
import { useEffect, useRef } from "preact/hooks";
import { Sign } from "./icons";

export function Progress({ done, total }: { done: number; total: number }) {
  const bar = useRef<HTMLSpanElement>(null);
  const share = total ? done / total : 0;
  useEffect(() => bar.current?.style.setProperty("--share", String(share)), [share]);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label="Loading the atlas"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={total ? Math.round(share * 100) : undefined}
    >
      <Sign />
      <span class="progress-track">
        <span ref={bar} class="progress-bar" />
      </span>
      <span class="progress-text">{total && share >= 1 ? "Preparing the picture" : "Loading the atlas"}</span>
    </div>
  );
}
