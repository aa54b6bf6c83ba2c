// The second body in the picture: in a half of its own with the same camera, or drawn over the first.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { plain } from "../../language/translate";
import { Ghost } from "../../stage/ghost";
import type { LayerKit, MakeLayer } from "../../stage/layer";
import type { OtherBody, StageApi } from "../../stage/types";
import { insetsFor, splitAt, splitInsets } from "../layout";
import { Progress } from "../Progress";
import { hover, pick } from "../pointing";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { openAside } from "../variant-actions";
import { Caption } from "./Captions";
import { lookBeside } from "./look";
import { keepOther, type Opening, type Other, otherOf } from "./other";
import { brief } from "./words";

export function BodyPictures({ session }: { session: Session }) {
  const { beside } = useSignal(session.scene);
  const other = useSignal(otherOf(session));
  const id = beside?.atlas ?? null;

  useLayoutEffect(() => keepOther(session, id), [session, id]);
  useEffect(() => () => keepOther(session, null), [session]);
  useEffect(() => makeRoom(session), [session]);

  if (!beside || other?.id !== beside.atlas) return null;
  return <Both key={other.id} session={session} other={other} how={beside.how} />;
}

/** Two bodies take the list's room; the table opens where there is some for it. */
function makeRoom(session: Session): void {
  const { layout, panels, aside, store } = session;
  if (layout.value.name === "narrow" || store.scene.lesson || store.scene.consult) return;
  if (aside.value === null) openAside(session, "bodies");
  if (layout.value.width < 1600) panels.set({ ...panels.value, tree: false });
}

const end = (session: Session) => session.dispatch({ type: "set", fields: { beside: null } });

function Both({ session, other, how }: { session: Session; other: Other; how: "side_by_side" | "overlaid" }) {
  const layout = useSignal(session.layout);
  const panels = useSignal(session.panels);
  const opening = useSignal(other.opening);
  const frame = useRef<HTMLDivElement>(null);
  const split = how === "side_by_side";

  useLayoutEffect(() => {
    const picture = frame.current?.parentElement;
    const insets = insetsFor(layout, panels);
    picture?.style.setProperty("--split", `${splitAt(layout, insets)}px`);
    picture?.style.setProperty("--left", `${insets.left}px`);
    picture?.style.setProperty("--right", `${insets.right}px`);
    session.redraw();
  }, [session, layout, panels, split]);

  useLayoutEffect(() => {
    const bars = frame.current?.parentElement?.querySelectorAll<HTMLElement>(".body-caption") ?? [];
    const heights = [...bars].map((bar) => bar.offsetHeight);
    // On a narrow page each half has its own above it, and over one picture they stand below each other.
    const stacked = layout.name === "narrow" && !split;
    const above = layout.name === "narrow" && split ? heights.slice(0, 1) : heights;
    const hint = stacked ? above.reduce((sum, each) => sum + each + 4, 0) : Math.max(0, ...above);
    if (hint !== session.panels.value.hint) session.panels.set({ ...session.panels.value, hint });
  });
  useEffect(() => () => session.panels.set({ ...session.panels.value, hint: 0 }), [session]);

  const ready = opening.state === "ready" ? opening : null;
  return (
    <>
      <div class="stage second" ref={frame} hidden={!split} data-body={other.id} data-state={opening.state}>
        {!ready && <Waiting session={session} other={other} opening={opening} />}
        {ready && split && <Half key="half" session={session} other={other} body={ready.body} />}
      </div>
      {ready && !split && <Over key="over" session={session} other={other} body={ready.body} />}
      {!ready && !split && (
        <div class="panel body-waiting">
          <Waiting session={session} other={other} opening={opening} />
        </div>
      )}
      <Caption
        session={session}
        anatomy={session.anatomy}
        title={session.t.of(session.anatomy.atlas.title)}
        which="first"
      />
      {ready && (
        <Caption
          session={session}
          anatomy={ready.anatomy}
          title={other.title}
          which="second"
          onEnd={() => end(session)}
        />
      )}
    </>
  );
}

/** How far the second body is, or why it does not come. */
function Waiting({ session, other, opening }: { session: Session; other: Other; opening: Opening }) {
  const { t } = session;
  if (opening.state === "failed")
    return (
      <div class="message" role="alert">
        <h2>{t("The second body could not be opened")}</h2>
        <p>{t.of(opening.message)}</p>
        <div class="message-actions">
          {other.offer && (
            <button type="button" class="primary" onClick={() => void other.open()}>
              {t("Try again")}
            </button>
          )}
          <button type="button" class="text-toggle" onClick={() => end(session)}>
            {t("End the comparison")}
          </button>
        </div>
      </div>
    );
  if (opening.state !== "opening") return null;
  return (
    <div class="message" role="status">
      <Progress t={t} done={opening.done} total={1} />
      <p>
        {t("{title} is being opened.", { title: brief(other.title) })} {opening.text && t.of(opening.text)}
      </p>
    </div>
  );
}

interface BodyProps {
  session: Session;
  other: Other;
  body: OtherBody;
}

/** A picture of its own. */
function Half({ session, other, body }: BodyProps) {
  const host = useRef<HTMLDivElement>(null);
  const picture = useRef<StageApi | null>(null);
  useEffect(() => {
    const { stage } = session;
    const box = host.current;
    if (!stage || !box) return;
    const second = stage.twin(box, body);
    picture.current = second;
    const offset = () => {
      const here = box.getBoundingClientRect();
      const there = stage.canvas.getBoundingClientRect();
      return [here.left - there.left, here.top - there.top] as const;
    };
    second.onHover = (event) => {
      const [x, y] = offset();
      hover(session, { ...event, x: event.x + x, y: event.y + y });
      const { tip } = session;
      if (tip.value) tip.set({ ...tip.value, secondary: brief(other.title) });
    };
    second.onPick = (event) => {
      pick(session, event);
      if (event.pick) session.say(brief(other.title));
    };
    second.onLoad = ({ state, message }) => {
      if (state === "failed" && message) session.notice.set({ text: session.t.of(message), tone: "error" });
    };
    second.canvas.setAttribute("role", "application");
    const draw = () => {
      const { value } = other.opening;
      if (value.state !== "ready") return;
      const insets = splitInsets(session.insets(), session.layout.value, 1);
      second.apply(lookBeside(session, value.anatomy, insets));
    };
    session.drawBeside = draw;
    const unextend = other.extended((pack) => second.extend(pack));
    const reworded = other.opening.subscribe(() => session.redraw());
    draw();
    return () => {
      session.drawBeside = null;
      picture.current = null;
      unextend();
      reworded();
      second.dispose();
    };
  }, [session, other, body]);

  const { t } = session;
  useEffect(() => {
    const canvas = picture.current?.canvas;
    canvas?.setAttribute("aria-roledescription", plain(t("3D picture")));
    const label = t("{title}. This picture turns with the first.", { title: brief(other.title) });
    canvas?.setAttribute("aria-label", plain(label));
  }, [t, other]);
  return <div class="half" ref={host} />;
}

/** Layers stay with their stage: what draws over it is put in and taken out of one that is made once. */
const overlays = new WeakMap<StageApi, { kit: LayerKit | null; ghost: Ghost | null; make: MakeLayer }>();

function overlayOf(stage: StageApi) {
  let overlay = overlays.get(stage);
  if (!overlay) {
    const fresh: { kit: LayerKit | null; ghost: Ghost | null; make: MakeLayer } = {
      kit: null,
      ghost: null,
      make: (kit) => {
        fresh.kit ??= kit;
        return {
          show: () => kit === fresh.kit && fresh.ghost?.show(),
          release: () => kit === fresh.kit && fresh.ghost?.release(),
        };
      },
    };
    overlays.set(stage, fresh);
    overlay = fresh;
  }
  stage.use([overlay.make]);
  return overlay;
}

/** Drawn over the first. */
function Over({ session, other, body }: BodyProps) {
  useEffect(() => {
    const { stage } = session;
    if (!stage) return;
    const overlay = overlayOf(stage);
    if (!overlay.kit) return;
    const ghost = new Ghost(overlay.kit, body, ({ state, message }) => {
      if (state === "failed" && message) session.notice.set({ text: session.t.of(message), tone: "error" });
    });
    overlay.ghost = ghost;
    const draw = () => {
      const { value } = other.opening;
      const { beside } = session.store.scene;
      if (value.state === "ready" && beside)
        ghost.draw(lookBeside(session, value.anatomy, session.insets()), beside.opacity);
    };
    session.drawBeside = draw;
    const unextend = other.extended((pack) => ghost.extend(pack));
    const reworded = other.opening.subscribe(() => session.redraw());
    draw();
    return () => {
      session.drawBeside = null;
      unextend();
      reworded();
      overlay.ghost = null;
      ghost.stop();
      session.redraw();
    };
  }, [session, other, body]);
  return null;
}
