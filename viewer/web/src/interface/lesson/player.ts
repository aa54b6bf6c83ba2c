// Plays lessons: which step is shown, its scene in the picture, what has been answered, and the way back out.
import type { Anatomy } from "../../atlas/anatomy";
import { nearest } from "../../atlas/text";
import type { Lesson, LessonsDocument, Step } from "../../generated/lessons";
import { DEFAULT_SCENE, type Scene } from "../../generated/scene";
import { plain } from "../../language/translate";
import { checkNames, readScene } from "../../scene/scene";
import type { Change } from "../../scene/store";
import { insetsFor } from "../layout";
import type { Session } from "../session";
import { Signal } from "../signal";
import { keepProgress, type Progress, progressKept } from "./progress";
import { asRead } from "./text";

export type Lessons =
  | { readonly state: "coming" }
  | { readonly state: "ready"; readonly lessons: readonly Lesson[] }
  | { readonly state: "failed"; readonly message: string };

/** What a person has answered to the question of one step: choices by number, or structures by id. */
export interface Answer {
  readonly given: readonly (number | string)[];
  readonly found: boolean;
}

export type Named = Pick<Lesson, "id" | "title" | "summary">;

const NOT_ANSWERED: Answer = { given: [], found: false };

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What of a scene a step sets: all but how the page is set. */
const pictured = ({ lesson, theme, language, names, ...rest }: Scene) => rest;

/** A camera at a place sees as much of the body across in a narrow picture as in a square one. */
export function fitted(camera: Scene["camera"], session: Session): Scene["camera"] {
  const { position, target } = camera;
  if (camera.view !== null || !position || !target) return camera;
  const { left, right, top, bottom } = insetsFor(session.layout.value, session.panels.value);
  const width = Math.max(session.layout.value.width - left - right, 50);
  const height = Math.max(session.layout.value.height - top - bottom, 50);
  const farther = Math.max(1, height / width);
  const [x, y, z] = position.map((value, axis) => {
    const centre = target[axis] ?? 0;
    return Math.round((centre + (value - centre) * farther) * 10) / 10;
  });
  return { ...camera, position: [x ?? 0, y ?? 0, z ?? 0] };
}

export class Player {
  readonly lessons = new Signal<Lessons>({ state: "coming" });
  readonly progress = new Signal<Readonly<Record<string, Progress>>>(progressKept());
  /** The lesson whose last page is shown: what was learnt, and what comes next. */
  readonly ended = new Signal<string | null>(null);
  /** Whether the picture is another than the step's. */
  readonly wandered = new Signal(false);
  readonly answers = new Signal<Readonly<Record<string, Answer>>>({});
  /** Counts up when another page is shown on purpose: the focus goes to its heading. */
  readonly turned = new Signal(0);
  /** A lesson that is being written and is tried out. */
  private trial: Lesson | null = null;
  private names: { anatomy: Anatomy; byId: ReadonlyMap<string, Named> } | null = null;
  private before: Scene | null = null;
  private shown: { key: string; scene: Scene } | null = null;

  constructor(private readonly session: Session) {
    const { store, layout, panels } = session;
    store.subscribe((change) => this.follow(change));
    for (const signal of [layout, panels]) signal.subscribe(() => this.refit());
    void this.fetch();
  }

  /** Fetches the lessons, now or after a failure. */
  async fetch(): Promise<void> {
    this.lessons.set({ state: "coming" });
    try {
      const { lessons } = await this.session.document<LessonsDocument>("lessons");
      this.names = null;
      this.lessons.set({ state: "ready", lessons });
      this.enter();
    } catch (error) {
      this.lessons.set({ state: "failed", message: (error as Error).message });
    }
  }

  /** The lessons that there are, in their order. */
  get all(): readonly Lesson[] {
    return this.lessons.value.state === "ready" ? this.lessons.value.lessons : [];
  }

  lesson(id: string): Lesson | undefined {
    return this.trial?.id === id ? this.trial : this.all.find((lesson) => lesson.id === id);
  }

  get isTrial(): boolean {
    return this.trial !== null && this.session.store.scene.lesson?.id === this.trial.id;
  }

  /** What a lesson is called in the page's language; the lessons themselves are in English. */
  named(lesson: Lesson): Named {
    const { anatomy } = this.session;
    if (this.names?.anatomy !== anatomy) {
      const lessons = this.all.map(({ id, title, summary }): Named => ({ id, title, summary }));
      const worded = anatomy.worded({ lessons }).lessons;
      this.names = { anatomy, byId: new Map(worded.map((named) => [named.id, named])) };
    }
    return this.trial === lesson ? lesson : (this.names.byId.get(lesson.id) ?? lesson);
  }

  /** The lesson after this one, if any. */
  after(id: string): Lesson | undefined {
    const place = this.all.findIndex((lesson) => lesson.id === id);
    return place < 0 ? undefined : this.all[place + 1];
  }

  /** Begins a lesson, or goes on where one was. */
  start(lesson: Lesson, step = this.placeIn(lesson)): void {
    if (!this.session.store.scene.lesson) this.before = this.session.store.scene;
    this.goTo(lesson, step);
  }

  /** Plays a lesson that is being written. */
  try(lesson: Lesson): void {
    this.trial = lesson;
    this.start(lesson, 0);
  }

  /** Step where one would go on. */
  placeIn(lesson: Lesson): number {
    const now = this.progress.value[lesson.id];
    return now && !now.done && now.step < lesson.steps.length ? now.step : 0;
  }

  /** One step on; from the last step to the end page. */
  next(): void {
    const now = this.now();
    if (!now) return;
    if (this.ended.value) return;
    if (now.place + 1 < now.lesson.steps.length) this.goTo(now.lesson, now.place + 1);
    else this.end(now.lesson);
  }

  back(): void {
    const now = this.now();
    if (!now) return;
    if (this.ended.value) this.goTo(now.lesson, now.place);
    else if (now.place > 0) this.goTo(now.lesson, now.place - 1);
  }

  /** What is being played: null where nothing is, or where there is no such step. */
  now(): { lesson: Lesson; step: Step; place: number } | null {
    const place = this.session.store.scene.lesson;
    const lesson = place && this.lesson(place.id);
    const step = lesson?.steps[place?.step ?? 0];
    return lesson && step && place ? { lesson, step, place: place.step } : null;
  }

  goTo(lesson: Lesson, place: number): void {
    this.ended.set(null);
    this.show(lesson, place);
    this.turned.set(this.turned.value + 1);
    this.announce();
  }

  /** Back to the picture that the step began with. */
  again(): void {
    const now = this.now();
    if (!now) return;
    this.show(now.lesson, now.place);
    this.session.say(this.session.t("Back to this step's view."));
  }

  /** Out of the lesson, to what was in the picture before it. */
  leave(): void {
    const { store, aside } = this.session;
    store.dispatch({ type: "replace", scene: this.beforeIt() }, { whole: true });
    aside.set("lesson");
    this.turned.set(this.turned.value + 1);
  }

  /** Gives an answer: the number of a choice, or the structure that was pressed. */
  answer(key: string, given: number | string, right: boolean): void {
    const before = this.answers.value[key] ?? NOT_ANSWERED;
    if (before.found) return;
    const list = before.given.includes(given) ? before.given : [...before.given, given];
    this.answers.set({ ...this.answers.value, [key]: { given: list, found: right } });
  }

  answerTo(key: string): Answer {
    return this.answers.value[key] ?? NOT_ANSWERED;
  }

  /** Why a lesson of the scene cannot be shown; null if it can. */
  get fault(): string | null {
    const { t, store } = this.session;
    const place = store.scene.lesson;
    if (!place || this.lessons.value.state !== "ready") return null;
    const lesson = this.lesson(place.id);
    if (!lesson) {
      const [near] = nearest(
        place.id,
        this.all.map(({ id }) => id),
      );
      const known = near ? this.lesson(near) : undefined;
      return [
        t("There is no lesson “{name}” here.", { name: place.id }),
        known ? t("Did you mean “{name}”?", { name: plain(this.named(known).title) }) : "",
      ]
        .join(" ")
        .trim();
    }
    if (place.step < lesson.steps.length) return null;
    return t("The lesson “{name}” has {count} steps; there is no step {step}.", {
      name: plain(this.named(lesson).title),
      count: lesson.steps.length,
      step: place.step + 1,
    });
  }

  /** Keeps the panel's place in step with the scene, whoever changed it: person, undo, link or Python. */
  private follow({ scene, before }: Change): void {
    if (!scene.lesson) {
      this.ended.set(null);
      this.wandered.set(false);
      this.shown = null;
      this.session.marking.ballZone.set(false);
      if (before.lesson) this.restore();
      return;
    }
    if (!before.lesson && !this.before) this.before = { ...before, lesson: null };
    if (keyOf(scene) !== this.shown?.key) this.enter();
    const { scene: present } = this.session.store;
    this.wandered.set(this.shown !== null && !same(pictured(present), pictured(this.shown.scene)));
    this.session.marking.ballZone.set(present.ball !== null);
  }

  /** Brings the scene of the step that is asked for into the picture, if it is not there. */
  private enter(): void {
    const { scene } = this.session.store;
    const now = this.now();
    if (!now || keyOf(scene) === this.shown?.key) return;
    this.ended.set(null);
    const own = this.sceneOf(now.lesson, now.place);
    // A step that comes with its picture, as undo brings it: to take that over adds nothing to what can be undone.
    if (own && same(pictured({ ...own, camera: scene.camera }), pictured(scene))) {
      this.shown = { key: keyOf(own), scene: own };
      this.session.dispatch({ type: "camera", camera: own.camera });
    } else this.show(now.lesson, now.place);
    this.announce();
  }

  /** The whole scene of a step, for the reader's own page; null, with a notice, if it cannot be shown. */
  private sceneOf(lesson: Lesson, place: number): Scene | null {
    const { session } = this;
    const { atlas, theme, language, names } = session.store.scene;
    try {
      const read = readScene(lesson.steps[place]?.scene ?? {});
      const kept = { atlas, theme, language, names, lesson: { id: lesson.id, step: place } };
      const scene: Scene = { ...read, camera: fitted(read.camera, session), ...kept };
      checkNames(scene, session.anatomy);
      return scene;
    } catch (error) {
      session.notice.set({ text: (error as Error).message, tone: "error" });
      return null;
    }
  }

  private show(lesson: Lesson, place: number): void {
    const { session } = this;
    const scene = this.sceneOf(lesson, place);
    if (scene) {
      const stays = same(scene.camera, session.store.scene.camera);
      this.shown = { key: keyOf(scene), scene };
      session.footprint.set(null);
      session.welcome.set(false);
      session.open.set(null);
      session.store.dispatch({ type: "replace", scene }, { whole: true });
      if (stays) session.eye.fly();
    }
    session.aside.set("lesson");
    this.wandered.set(false);
    if (lesson !== this.trial) this.note(lesson.id, place);
  }

  private end(lesson: Lesson): void {
    this.ended.set(lesson.id);
    if (lesson !== this.trial) this.note(lesson.id, lesson.steps.length - 1, true);
    this.turned.set(this.turned.value + 1);
    this.session.say(
      this.session.t("End of the lesson “{name}”.", { name: plain(this.named(lesson).title) }),
    );
  }

  private announce(): void {
    const now = this.now();
    if (!now) return;
    const { t } = this.session;
    const place = t("Step {step} of {count}.", { step: now.place + 1, count: now.lesson.steps.length });
    this.session.say(`${place} ${now.step.title}. ${asRead(now.step.text)}`);
  }

  private note(id: string, step: number, done = this.progress.value[id]?.done ?? false): void {
    this.progress.set({ ...this.progress.value, [id]: { step, done } });
    keepProgress(this.progress.value);
  }

  private beforeIt(): Scene {
    const { atlas, theme, language, names } = this.session.store.scene;
    const before = this.before ?? structuredClone(DEFAULT_SCENE);
    return { ...before, lesson: null, atlas, theme, language, names };
  }

  private restore(): void {
    const scene = this.beforeIt();
    this.before = null;
    this.trial = null;
    this.session.store.dispatch({ type: "replace", scene }, { whole: true });
  }

  /** A step's camera is fitted anew into the room that is left, as long as nobody has moved it. */
  private refit(): void {
    const now = this.now();
    const { shown, session } = this;
    if (!now || !shown || this.wandered.value) return;
    const camera = fitted(readScene(now.step.scene).camera, session);
    if (same(camera, shown.scene.camera)) return;
    this.shown = { ...shown, scene: { ...shown.scene, camera } };
    session.dispatch({ type: "camera", camera });
  }
}

const keyOf = ({ lesson }: Scene) => (lesson ? `${lesson.id} ${lesson.step}` : "");

const players = new WeakMap<Session, Player>();

/** The player of this page. */
export function playerOf(session: Session): Player {
  let player = players.get(session);
  if (!player) {
    player = new Player(session);
    players.set(session, player);
  }
  return player;
}
