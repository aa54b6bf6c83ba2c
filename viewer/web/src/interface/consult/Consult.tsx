// The page as something to show to a client: one side at a time, large targets, plain words, five steps.
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { phrase, type Translate } from "../../language/translate";
import { Icon, Sign } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { BallStep } from "./BallStep";
import { Behind } from "./Behind";
import { Big, Pair, Watchful } from "./controls";
import { HandoutStep } from "./HandoutStep";
import { Spot } from "./Spot";
import { direction, framed, poseFor, shownScene } from "./showing";
import { type Consulting, consultOf, type From, STEPS, type Step } from "./state";
import { toggleConsult } from "./toggle";
import { Where } from "./Where";

const TITLES: Record<Step, string> = {
  where: phrase("Where it hurts"),
  behind: phrase("What may be behind it"),
  picture: phrase("The picture"),
  ball: phrase("Where a ball goes"),
  handout: phrase("To take home"),
};

/** The same in the room that a step has among five. */
const SHORT: Record<Step, string> = {
  where: phrase("Where it hurts"),
  behind: phrase("Behind it"),
  picture: phrase("The picture"),
  ball: phrase("The ball"),
  handout: phrase("To take home"),
};

const FLIGHT_MS = 600;

export function Consult({ session }: { session: Session }) {
  const consult = useMemo(() => {
    const now = consultOf(session);
    now.begin();
    return now;
  }, [session]);
  const step = useSignal(consult.step);
  useShown(session, consult);
  const panel = useRef<HTMLElement>(null);
  useRoom(session, panel);

  const first = useRef(true);
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    panel.current?.querySelector(".consult-body")?.scrollTo?.({ top: 0 });
    title.current?.focus({ preventScroll: true });
    if (first.current) first.current = false;
    else session.say(session.t.of(TITLES[step]));
  }, [step, session]);

  return (
    <div class="consult">
      <Bar session={session} consult={consult} />
      <div class="consult-room">
        <Viewpoint t={session.t} consult={consult} />
      </div>
      <section ref={panel} class="consult-panel" aria-label={session.t.of(TITLES[step])}>
        <div class="consult-body">
          <h2 ref={title} tabIndex={-1}>
            {session.t.of(TITLES[step])}
          </h2>
          {content(step, session)}
        </div>
        <Onward session={session} consult={consult} />
      </section>
    </div>
  );
}

function content(step: Step, session: Session) {
  switch (step) {
    case "where":
      return <Where session={session} />;
    case "behind":
      return <Behind session={session} />;
    case "picture":
      return <Spot session={session} />;
    case "ball":
      return <BallStep session={session} />;
    case "handout":
      return <HandoutStep session={session} />;
  }
}

/** The next client. */
function startAnew(session: Session, consult: Consulting): void {
  consult.forget();
  session.say(session.t("All that was marked and typed is gone."));
}

/** Where one is, and the two ways out: the next client, or back to the atlas. */
function Bar({ session, consult }: { session: Session; consult: Consulting }) {
  const step = useSignal(consult.step);
  useSignal(consult.point);
  return (
    <header class="consult-bar">
      <Sign />
      <nav aria-label={session.t("Steps")}>
        <ol>
          {STEPS.map((one, i) => (
            <li key={one}>
              <button
                type="button"
                class="consult-step"
                aria-current={one === step ? "step" : undefined}
                aria-disabled={!consult.open(one) || undefined}
                aria-label={`${i + 1}. ${session.t.of(TITLES[one])}`}
                onClick={() => consult.open(one) && consult.step.set(one)}
              >
                <span class="consult-number" aria-hidden="true">
                  {i + 1}
                </span>
                <span class="consult-step-name">{session.t.of(SHORT[one])}</span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <Big class="consult-new" onClick={() => startAnew(session, consult)}>
        {session.t("New client")}
      </Big>
      <button
        type="button"
        class="consult-leave"
        aria-label={session.t("Leave (Esc)")}
        title={session.t("Back to the atlas (Esc)")}
        onClick={() => toggleConsult(session)}
      >
        <Icon name="close" />
        <span>{session.t("Leave")}</span>
      </button>
    </header>
  );
}

/** Which side, and from where. */
function Viewpoint({ t, consult }: { t: Translate; consult: Consulting }) {
  const side = useSignal(consult.side);
  const from = useSignal(consult.from);
  return (
    <div class="consult-view">
      <Pair
        legend={t("Side of the body")}
        value={side}
        options={[
          ["left", t("Left")],
          ["right", t("Right")],
        ]}
        onChange={(value) => consult.side.set(value)}
      />
      <Pair<From>
        legend={t("Seen from")}
        value={from}
        options={[
          ["behind", t("Behind")],
          ["side", t("Side")],
          ["front", t("Front")],
        ]}
        onChange={(value) => consult.from.set(value)}
      />
    </div>
  );
}

/** One step on, one step back; and what is always in sight. */
function Onward({ session, consult }: { session: Session; consult: Consulting }) {
  const step = useSignal(consult.step);
  useSignal(consult.point);
  const at = STEPS.indexOf(step);
  const [back, on] = [STEPS[at - 1], STEPS[at + 1]];
  return (
    <footer class="consult-foot">
      <div class="consult-onward">
        {back && <Big onClick={() => consult.step.set(back)}>{session.t("Back")}</Big>}
        {on && (
          <Big primary disabled={!consult.open(on)} onClick={() => consult.step.set(on)}>
            {session.t.of(TITLES[on])}
            <Icon name="chevron" />
          </Big>
        )}
      </div>
      <Watchful session={session} point={consult.chosen} onNew={() => startAnew(session, consult)} />
    </footer>
  );
}

/** Keeps the picture as the step needs it, over the scene and apart from it. */
function useShown(session: Session, consult: Consulting): void {
  const step = useSignal(consult.step);
  const id = useSignal(consult.point);
  const side = useSignal(consult.side);
  const from = useSignal(consult.from);
  const beneath = useSignal(consult.beneath);
  const ball = useSignal(consult.ball);
  const layout = useSignal(session.layout);
  const { state } = useSignal(session.picture);

  useLayoutEffect(() => {
    session.overlay.set(shownScene({ step, point: consult.chosen, side, beneath, ball }, session.anatomy));
  }, [session, consult, step, id, side, beneath, ball]);

  const marked = step === "where" || step === "behind";
  useLayoutEffect(() => {
    consult.paint(marked);
    return () => consult.paint(false);
  }, [consult, marked]);

  const around =
    step === "where" ? "whole" : ball && (step === "ball" || step === "handout") ? "ball" : "pattern";
  useEffect(() => {
    if (state !== "ready") return;
    session.afterLayout(() => {
      const { stage, panels, layout: now } = session;
      if (!stage || !session.overlay.value) return;
      const { top = 0, right = 0, bottom = 0, left = 0 } = panels.value.covered ?? {};
      const aspect = (now.value.width - left - right) / Math.max(1, now.value.height - top - bottom);
      const points = framed(around === "whole" ? null : consult.chosen, side, session.anatomy);
      const { field_of_view } = session.scene.value.camera;
      const pose = poseFor(points, around, direction(from, side), aspect, field_of_view);
      void stage.flyTo(pose, session.reducedMotion.value ? 0 : FLIGHT_MS);
    });
  }, [session, consult, around, id, side, from, layout, state]);

  useEffect(() => {
    session.marking.want();
    return () => {
      session.overlay.set(null);
      session.eye.fly();
    };
  }, [session]);
}

/** Tells the picture which part of the page is left for it. */
function useRoom(session: Session, panel: { current: HTMLElement | null }): void {
  const layout = useSignal(session.layout);
  useLayoutEffect(() => {
    const box = panel.current;
    const bar = box?.parentElement?.querySelector<HTMLElement>(".consult-bar");
    const view = box?.parentElement?.querySelector<HTMLElement>(".consult-view");
    if (!box || !bar) return;
    const low = layout.name === "narrow";
    session.panels.set({
      ...session.panels.value,
      covered: {
        top: bar.offsetHeight + (view?.offsetHeight ?? 0) + 12,
        right: low ? 8 : box.offsetWidth + 8,
        bottom: low ? box.offsetHeight + 8 : 8,
        left: 8,
      },
    });
    return () => session.panels.set({ ...session.panels.value, covered: null });
  }, [session, panel, layout]);
}
