// What one meets first: what this is, how it is used, and where to begin. It gives way to the card of what is selected.
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { DEFAULT_SCENE } from "../generated/scene";
import { Safe } from "../language/Safe";
import { frameSubjects } from "./framing";
import { Icon, type IconName } from "./icons";
import type { Session } from "./session";
import { useSignal } from "./signal";
import { STARTS, type Start } from "./starts";
import { openAside } from "./variant-actions";

/** The welcome in place of whatever card is open. */
export function greet(session: Session): void {
  session.select(null);
  session.welcome.set(true);
  session.open.set(session.layout.value.name === "narrow" ? "welcome" : null);
}

function closeWelcome(session: Session): void {
  session.welcome.set(false);
  // Whoever closed it by key goes on in the picture.
  session.stage?.canvas.focus({ preventScroll: true });
}

/** The card on a page with room for one. */
export function Welcome({ session }: { session: Session }) {
  return (
    <section class="panel card-side welcome" aria-labelledby="welcome-title">
      <header class="card-head">
        <h2 id="welcome-title" class="card-title">
          {session.t("Welcome")}
        </h2>
        <button
          type="button"
          class="card-close"
          aria-label={session.t("Close the welcome")}
          onClick={() => closeWelcome(session)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="card-scroll">
        <WelcomeText session={session} />
      </div>
      <Caution session={session} />
    </section>
  );
}

/** One line at the top of a phone; the rest is one touch away. */
export function Hint({ session }: { session: Session }) {
  const box = useRef<HTMLElement>(null);
  const layout = useSignal(session.layout);
  useLayoutEffect(() => {
    session.panels.set({ ...session.panels.value, hint: box.current?.offsetHeight ?? 0 });
    return () => session.panels.set({ ...session.panels.value, hint: 0 });
  }, [session, layout]);
  return (
    <section ref={box} class="panel hint" aria-label={session.t("Welcome")}>
      <p>{session.t("Turn it with a finger, touch a part to read about it.")}</p>
      <button type="button" class="text-toggle" onClick={() => session.open.set("welcome")}>
        {session.t("Where to begin")}
      </button>
      <button
        type="button"
        class="card-close"
        aria-label={session.t("Close the welcome")}
        onClick={() => closeWelcome(session)}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}

function Step({ icon, name, text }: { icon: IconName; name: string; text: string }) {
  return (
    <li>
      <Icon name={icon} />
      <span>
        <b>{name}</b> {text}
      </span>
    </li>
  );
}

export function WelcomeText({ session }: { session: Session }) {
  const { anatomy } = session;
  const solved = anatomy.atlas.id === DEFAULT_SCENE.atlas;
  const scene = useSignal(session.scene);
  const starts = useMemo(
    () => STARTS.filter((start) => start.scene(session.store.scene, anatomy)),
    [session],
  );

  const begin = (start: Start) => {
    const next = start.scene(scene, anatomy);
    if (!next) return;
    session.begin(next);
    if (!start.aside) return;
    openAside(session, start.aside);
    session.afterLayout(() => frameSubjects(session));
  };

  return (
    <>
      <p class="welcome-what">
        {solved
          ? session.t(
              "The bones are the average of 26 adults, with coccyx and sacral relief modelled; muscles, ligaments and the sciatic nerve were computed onto them from where they attach. It is a typical body: yours will differ, and that is normal.",
            )
          : session.t(
              "This is an open 3D atlas of the pelvis and the deep buttock. It shows “{title}”; where a body comes from stands on each card.",
              { title: anatomy.atlas.title },
            )}
      </p>
      <section class="card-section" aria-labelledby="welcome-starts">
        <h3 id="welcome-starts">{session.t("Good places to begin")}</h3>
        <ul class="starts">
          {starts.map((start) => (
            <li key={start.id}>
              <button type="button" class="start" onClick={() => begin(start)}>
                <span>
                  <b>{session.t.of(start.title)}</b>
                  <small>{session.t.of(start.hint)}</small>
                </span>
                <Icon name="chevron" />
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="card-section" aria-labelledby="welcome-steps">
        <h3 id="welcome-steps">{session.t("How to look around")}</h3>
        <ul class="welcome-steps">
          <Step
            icon="reset"
            name={session.t("Turn")}
            text={session.t("by dragging, or with the arrow keys.")}
          />
          <Step
            icon="card"
            name={session.t("Touch")}
            text={session.t("a part, or find it in the list, to read about it.")}
          />
          <Step
            icon="peel"
            name={session.t("Peel")}
            text={session.t("layer after layer, down to the bones.")}
          />
        </ul>
      </section>
      <p class="aside">
        <Safe
          t={session.t}
          text={session.t.safe("If pain or numbness worries you, please ask a doctor or physiotherapist.")}
        />
      </p>
    </>
  );
}

export function Caution({ session }: { session: Session }) {
  const cards = Object.values(session.anatomy.catalogue.structures);
  const { t } = session;
  const reviewed = cards.every((card) => card.reviewed_by !== null);
  return (
    <footer class="card-foot">
      <Icon name="info" />
      <span>
        <Safe
          t={t}
          text={
            reviewed
              ? t.safe("It teaches; it does not diagnose.")
              : t.safe("It teaches; it does not diagnose. Not reviewed by a clinician yet.")
          }
        />
      </span>
    </footer>
  );
}
