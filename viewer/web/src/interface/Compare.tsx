// Two variants side by side: a second picture whose camera moves with the first, and what each shows.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { capital } from "../atlas/text";
import type { Scene } from "../generated/scene";
import { plain } from "../language/translate";
import { Icon } from "./icons";
import { insetsFor, splitAt } from "./layout";
import { hover, pick } from "./pointing";
import type { Session } from "./session";
import { useSignal } from "./signal";

export function Compare({ session }: { session: Session }) {
  const host = useRef<HTMLDivElement>(null);
  const layout = useSignal(session.layout);
  const panels = useSignal(session.panels);
  const scene = useSignal(session.scene);

  useLayoutEffect(() => {
    const frame = host.current?.parentElement;
    const insets = insetsFor(layout, panels);
    frame?.style.setProperty("--split", `${splitAt(layout, insets)}px`);
    frame?.style.setProperty("--left", `${insets.left}px`);
    frame?.style.setProperty("--right", `${insets.right}px`);
    session.redraw();
  }, [session, layout, panels]);

  useEffect(() => {
    const box = host.current;
    const { stage } = session;
    if (!box || !stage) return;
    const second = stage.twin(box);
    session.second = second;
    second.onHover = (event) =>
      hover(session, { ...event, x: event.x + box.offsetLeft, y: event.y + box.offsetTop });
    second.onPick = (event) => pick(session, event);
    second.canvas.setAttribute("role", "application");
    session.redraw();
    return () => {
      session.second = null;
      second.dispose();
    };
  }, [session]);

  const { t } = session;
  useEffect(() => {
    const { second } = session;
    second?.canvas.setAttribute("aria-roledescription", plain(t("3D picture")));
    second?.canvas.setAttribute("aria-label", plain(t("The second picture. It turns with the first.")));
  }, [session, t]);

  useLayoutEffect(() => {
    const bars = host.current?.parentElement?.querySelectorAll<HTMLElement>(".compare-pick") ?? [];
    const hint = Math.max(0, ...[...bars].map((bar) => bar.offsetHeight));
    if (hint !== session.panels.value.hint) session.panels.set({ ...session.panels.value, hint });
  });
  useEffect(() => () => session.panels.set({ ...session.panels.value, hint: 0 }), [session]);

  const end = () => session.dispatch({ type: "set", fields: { compare: null } });
  return (
    <>
      <div class="stage second" ref={host} />
      <Caption
        session={session}
        place="first"
        chosen={scene.variant}
        onChoose={(variant) => session.dispatch({ type: "set", fields: { variant } })}
      />
      {scene.compare && (
        <Caption
          session={session}
          place="second"
          chosen={scene.compare}
          onChoose={(compare) => session.dispatch({ type: "set", fields: { compare } })}
          onEnd={end}
        />
      )}
    </>
  );
}

interface CaptionProps {
  session: Session;
  place: "first" | "second";
  chosen: Scene["variant"];
  onChoose: (variant: Scene["variant"]) => void;
  onEnd?: () => void;
}

/** Which variant a picture shows, on both sides, and what passes where in it. */
function Caption({ session, place, chosen, onChoose, onEnd }: CaptionProps) {
  const { anatomy, t } = session;
  const same = chosen.right === chosen.left;
  const variant = anatomy.variant(chosen.right);
  return (
    <section
      class={`panel compare-pick ${place}`}
      aria-label={place === "first" ? t("The first picture") : t("The second picture")}
    >
      <label>
        <span class="unseen">
          {place === "first" ? t("Variant in the first picture") : t("Variant in the second picture")}
        </span>
        <select
          value={same ? chosen.right : ""}
          onChange={(event) => {
            const id = event.currentTarget.value;
            if (id) onChoose({ right: id, left: id });
          }}
        >
          {!same && <option value="">{t("Each side its own")}</option>}
          {anatomy.variants
            .filter(({ id }) => anatomy.hasShapes(id))
            .map(({ id, short, letter }) => (
              <option key={id} value={id}>
                {capital(short)}
                {letter ? ` (${letter})` : ""}
              </option>
            ))}
        </select>
      </label>
      {onEnd && (
        <button type="button" class="card-close" aria-label={t("End the comparison")} onClick={onEnd}>
          <Icon name="close" />
        </button>
      )}
      {same && variant && <p>{variant.caption}</p>}
    </section>
  );
}
