// Over the picture while focus is on: what passes where, and the flight along the nerve.
import { useLayoutEffect, useRef } from "preact/hooks";
import { Range } from "./controls";
import { placeWords } from "./follow";
import { Icon } from "./icons";
import type { Session } from "./session";
import { useSignal } from "./signal";
import { toggleFocus } from "./variant-actions";

export function FocusBar({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const chosen = useSignal(session.side);
  const layout = useSignal(session.layout);
  const at = useSignal(session.follow.at);
  const playing = useSignal(session.follow.playing);
  const box = useRef<HTMLElement>(null);
  const { anatomy, follow } = session;

  const same = scene.variant.right === scene.variant.left;
  const sides = same ? ([chosen] as const) : (["right", "left"] as const);
  useLayoutEffect(() => {
    session.panels.set({ ...session.panels.value, hint: box.current?.offsetHeight ?? 0 });
    return () => session.panels.set({ ...session.panels.value, hint: 0 });
  }, [session, layout, same, at === null]);

  const { course } = follow;
  return (
    <section ref={box} class="panel focus-bar" aria-label={session.t("What passes where")}>
      <div class="focus-words">
        {sides.map((side) => {
          const variant = anatomy.variant(scene.variant[side]);
          return (
            variant && (
              <p key={side}>
                <strong>
                  {same ? session.t("Both sides") : side === "right" ? session.t("Right") : session.t("Left")}
                  : {variant.short}
                  {variant.letter && ` (${variant.letter})`}
                </strong>
                {same && <span>{variant.caption}</span>}
              </p>
            )
          );
        })}
      </div>
      {course && (
        <button
          type="button"
          class="focus-play"
          aria-pressed={playing}
          title={session.t("Follow the nerve (N)")}
          onClick={() => (playing ? follow.pause() : follow.play())}
        >
          <Icon name={playing ? "pause" : "play"} />
          <span>{playing ? session.t("Pause") : session.t("Follow the nerve")}</span>
        </button>
      )}
      <button
        type="button"
        class="card-close"
        aria-label={session.t("Bring all else back")}
        onClick={() => toggleFocus(session)}
      >
        <Icon name="close" />
      </button>
      {at !== null && course && (
        <div class="focus-scrub">
          <Range
            label={session.t("Along the nerve")}
            value={at}
            min={0}
            max={1}
            step={0.01}
            text={placeWords(course.nerve, course.muscle, course.along(at), anatomy, chosen)}
            onInput={(value) => {
              follow.pause();
              follow.seek(value);
            }}
          />
        </div>
      )}
    </section>
  );
}
