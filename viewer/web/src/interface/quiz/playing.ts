// While something is asked: the picture shows it, the page keeps quiet about it, and the keys answer.
import { useEffect, useLayoutEffect } from "preact/hooks";
import { poseAround } from "../../scene/fit";
import type { Pick } from "../../stage/types";
import { insetsFor } from "../layout";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { seenFrom } from "../trigger/flight";
import type { Question } from "./model";
import { directions, shownScene, sided } from "./shown";
import type { Quiz } from "./state";
import { bestPose, broadest, fly, further, inSight, type Wanted } from "./viewing";

/** Share of the rays that have to come upon what is looked for: less is not really in sight. */
const IN_SIGHT = 0.02;
const GLIDE_MS = 380;
/** The longest wait for a file that may not be coming. */
const LONG_MS = 4000;
const FLASH_MS = 260;
const FLASHES = 3;
/** Room around what is asked: its neighbours say where it is. */
const ROOM = { close: 1.6, usual: 1.7, wide: 2.4, pain: 1.35 };

type Release = () => void;

/** Keys that are left to the page: to leave, to get help, to move about. */
const LEFT = new Set(["Escape", "q", "Q", "?", "Tab", "Enter", " ", "+", "-", "=", "_"]);

export function usePlaying(session: Session, quiz: Quiz, box: { current: HTMLElement | null }): void {
  const question = useSignal(quiz.question);
  const phase = useSignal(quiz.phase);
  const candidate = useSignal(quiz.candidate);
  const peel = useSignal(quiz.peel);
  const { state } = useSignal(session.picture);
  const playing = question !== null;
  const told = phase === "told";

  useLayoutEffect(() => {
    if (!question) return;
    const { compare } = session.store.scene;
    session.overlay.set(shownScene({ question, told, peel, candidate }, session.anatomy));
    if (compare) session.dispatch({ type: "set", fields: { compare: null } });
    void session.morphing.aim(session.seen.variant);
  }, [session, question, told, peel, candidate]);

  useRoom(session, box, playing);

  useEffect(() => {
    if (!question || state !== "ready") return;
    let gone = false;
    void look(session, quiz, question, told, () => gone);
    const stop = told && !session.reducedMotion.value ? flash(session, question) : null;
    return () => {
      gone = true;
      stop?.();
    };
  }, [session, quiz, question?.fact, question?.side, told, state]);

  useLayoutEffect(() => (playing ? quiet(session, quiz) : undefined), [session, quiz, playing, state]);
  useLayoutEffect(
    () => (playing ? answerKeys(session, quiz, box) : undefined),
    [session, quiz, box, playing],
  );
}

/** Takes the page over, and gives it back as it was. */
function quiet(session: Session, quiz: Quiz): Release {
  const { stage } = session;
  session.follow.pause();
  session.tip.set(null);
  session.hovered.set(null);
  session.footprint.set(null);
  const before = stage?.onPick;
  if (stage) stage.onPick = ({ pick }) => quiz.point(pick);
  return () => {
    if (stage) stage.onPick = before;
    session.overlay.set(null);
    session.hovered.set(null);
    void session.morphing.aim(session.store.scene.variant);
    session.eye.fly();
  };
}

/** Digits choose, Enter goes on; all that would change what is shown, or tell a name, waits. */
function answerKeys(session: Session, quiz: Quiz, box: { current: HTMLElement | null }): Release {
  const root = box.current?.closest(".frame");
  const onKey = (event: KeyboardEvent) => {
    const [target] = event.composedPath();
    const inside = (root && event.composedPath().includes(root)) || target === document.body;
    const typing = target instanceof Element && target.matches("input, textarea, select");
    if (!inside || typing || session.dialog.value || LEFT.has(event.key)) return onEnter(event, target);
    if (event.key.startsWith("Arrow") || event.key === "Shift") return;
    const undo = (event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key);
    if ((event.ctrlKey || event.metaKey || event.altKey) && !undo) return;
    if (event.key.length > 1) return;
    event.preventDefault();
    event.stopPropagation();
    if (!undo) press(quiz, box, event.key);
  };
  /** Enter where nothing else takes it: on with the next one. */
  const onEnter = (event: KeyboardEvent, target: EventTarget | undefined) => {
    const taken = target instanceof Element && target.matches("button, a, input, select, summary");
    if (event.key !== "Enter" || taken || session.dialog.value || quiz.phase.value !== "told") return;
    event.preventDefault();
    quiz.next();
  };
  window.addEventListener("keydown", onKey, { capture: true });
  return () => window.removeEventListener("keydown", onKey, { capture: true });
}

/** A key presses the button that it is written on. */
function press(quiz: Quiz, box: { current: HTMLElement | null }, key: string): void {
  if (quiz.phase.value !== "asked" || !/^[1-9]$/.test(key)) return;
  box.current?.querySelector<HTMLButtonElement>(`button[aria-keyshortcuts="${key}"]`)?.click();
}

/** Lets the right answer glow a few times. */
function flash(session: Session, { fact, side }: Question): Release {
  const id = sided(fact.about, side);
  let turn = 0;
  const timer = setInterval(() => {
    session.hovered.set(turn % 2 ? null : id);
    if (++turn >= 2 * FLASHES) clearInterval(timer);
  }, FLASH_MS);
  return () => {
    clearInterval(timer);
    session.hovered.set(null);
  };
}

/** Tells the picture which part of the page is left for it: list and tools are away meanwhile. */
function useRoom(session: Session, box: { current: HTMLElement | null }, playing: boolean): void {
  const layout = useSignal(session.layout);
  useLayoutEffect(() => {
    const panel = box.current?.closest<HTMLElement>(".card-side, .sheet");
    const frame = box.current?.closest<HTMLElement>(".frame");
    if (!playing || !panel || !frame) return;
    const measure = () => {
      const [outer, own] = [frame.getBoundingClientRect(), panel.getBoundingClientRect()];
      const low = layout.name === "narrow";
      const covered = {
        top: 12,
        left: 12,
        right: low ? 12 : outer.right - own.left + 12,
        bottom: low ? outer.bottom - own.top + 12 : 12,
      };
      const { value } = session.panels;
      if (JSON.stringify(value.covered) !== JSON.stringify(covered))
        session.panels.set({ ...value, covered });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(panel);
    return () => {
      observer.disconnect();
      session.panels.set({ ...session.panels.value, covered: null });
    };
  }, [session, box, playing, layout]);
}

const frames = (session: Session) => new Promise<void>((done) => session.afterLayout(done));

/** What the picture has to show of a question. */
function wantedFor(session: Session, question: Question, told: boolean): Wanted | null {
  const { anatomy } = session;
  const { fact, side } = question;
  const members = anatomy.membersOf(sided(fact.about, side));
  const towards = directions(side);
  const own = (pick: Pick) => members.includes(pick.id);
  const prints = members.flatMap((id) => anatomy.entry(id)?.footprints ?? []);
  const ends = prints.filter((print) => fact.end === null || print.end === fact.end);
  const painted = (pick: Pick) => ends.some(({ name }) => name === pick.footprint);
  const first = towards.slice(0, 1);
  // All else is glass: nothing stands before it.
  const bounds = members[0] === undefined ? undefined : anatomy.entry(members[0])?.bounds;
  const broad = bounds && broadest(bounds, towards);
  const clear = broad ? [broad] : first;
  switch (fact.form) {
    case "name":
      return { ids: members, room: ROOM.usual, towards: clear, meets: own };
    case "find": {
      const both = anatomy.membersOf(fact.about);
      const pelvis = ["hip_bone", "sacrum"].flatMap((id) => anatomy.membersOf(id));
      return { ids: [...pelvis, ...both], room: 1, towards, meets: (pick) => both.includes(pick.id) };
    }
    case "nerve": {
      const nerve = told ? anatomy.membersOf(sided(fact.right.key, side)) : [];
      const shown = (pick: Pick) => own(pick) || nerve.includes(pick.id);
      return { ids: [...members, ...nerve], room: ROOM.usual, towards: told ? towards : clear, meets: shown };
    }
    case "bone":
    case "landmark": {
      const seen = told || question.level === "beginner";
      const meets = told && ends.length ? painted : own;
      // Without the muscle the picture must not be centred on where it begins.
      return { ids: members, room: seen ? ROOM.usual : ROOM.wide, towards: seen ? towards : first, meets };
    }
    case "whose":
      return { ids: prints.map(({ name }) => name), room: ROOM.usual, towards, meets: painted };
    case "variant":
    case "usual":
      return { ids: members, room: ROOM.close, towards: first, meets: own };
    case "point":
      return null;
  }
}

/** Brings what is asked into sight, taking off layers for what has to be found. */
async function look(
  session: Session,
  quiz: Quiz,
  question: Question,
  told: boolean,
  gone: () => boolean,
): Promise<void> {
  const { stage, anatomy } = session;
  if (!stage) return;
  const { fact } = question;
  if (fact.form === "point") return told ? undefined : await lookAtPain(session, question, gone);
  await stage.structuresReady(anatomy.membersOf(fact.about)).catch(() => {});
  await frames(session);
  if (!session.reducedMotion.value) await new Promise((done) => setTimeout(done, GLIDE_MS));
  if (gone()) return;
  const wanted = wantedFor(session, question, told);
  if (!wanted) return;
  if (told && (fact.form === "name" || fact.form === "variant" || fact.form === "usual")) return;
  if (fact.form === "find") {
    if (told) return keepInSight(session, wanted);
    return await uncover(session, quiz, question, wanted, gone);
  }
  let best = bestPose(session, wanted);
  if (best?.share === 0 && wanted.towards.length > 1) {
    // Painted areas come with a file of their own.
    await moreCame(session);
    if (gone()) return;
    best = bestPose(session, wanted);
  }
  if (best) fly(session, best.pose);
}

/** Resolves when another file has come, or none does for a while. */
function moreCame(session: Session): Promise<void> {
  return new Promise((done) => {
    const stop = session.geometry.subscribe(() => end());
    const timer = setTimeout(() => end(), LONG_MS);
    const end = () => {
      stop();
      clearTimeout(timer);
      session.afterLayout(done);
    };
  });
}

/** Takes off as few layers as will do; for a beginner, all that lie over it. */
async function uncover(
  session: Session,
  quiz: Quiz,
  { fact, level, side }: Question,
  wanted: Wanted,
  gone: () => boolean,
): Promise<void> {
  const [member] = session.anatomy.membersOf(fact.about);
  const deepest = Math.max(0, session.anatomy.layerIndex(member ?? ""));
  for (let peel = level === "beginner" ? deepest : 0; peel <= deepest; peel++) {
    quiz.peel.set(peel);
    await frames(session);
    if (gone()) return;
    const best = bestPose(session, wanted);
    if (best && best.share >= IN_SIGHT) return fly(session, best.pose);
  }
  // What is slight is looked at from nearer.
  const [one] = session.anatomy.membersOf(sided(fact.about, side));
  const near = bestPose(session, { ...wanted, ids: one ? [one] : wanted.ids, room: ROOM.wide });
  if (near) fly(session, near.pose);
}

/** Stays where one is, unless what was looked for is hidden from there. */
function keepInSight(session: Session, wanted: Wanted): void {
  if (inSight(session, wanted.meets) >= IN_SIGHT) return;
  const best = bestPose(session, wanted);
  if (best) fly(session, best.pose);
}

/** From where the skin is seen on which pain is stippled. */
async function lookAtPain(session: Session, { fact, side }: Question, gone: () => boolean): Promise<void> {
  const id = fact.id.slice("point:".length);
  const point = session.anatomy.catalogue.trigger_points[id];
  const { stage } = session;
  if (!point || !stage || !side) return;
  await stage.structuresReady(["skin"]).catch(() => {});
  await frames(session);
  const marks = session.marking.document?.points[id]?.[side];
  const places =
    marks &&
    stage.places(
      "skin",
      marks.zones.flatMap((zone) => zone.dots),
    );
  if (gone() || !places?.length) return;
  const { left, right, top, bottom } = insetsFor(session.layout.value, session.panels.value);
  const { width, height } = session.layout.value;
  const aspect = (width - left - right) / Math.max(height - top - bottom, 50);
  const pose = poseAround(places, seenFrom(point, side), aspect, session.store.scene.camera.field_of_view);
  fly(session, further(pose, ROOM.pain));
}
