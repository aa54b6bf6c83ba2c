// Writing a lesson by clicking: each view that one likes becomes a step.
import type { Session } from "../../session";
import { Signal } from "../../signal";
import { playerOf } from "../player";
import { keep, kept } from "../progress";
import { type Draft, type DraftStep, draftFrom, EMPTY, lessonOf, sceneOfStep, wholeScene } from "./draft";

const KEY = "ischia:lesson-draft";

const isDraft = (value: unknown): value is Draft =>
  typeof value === "object" && value !== null && Array.isArray((value as Draft).steps);

export class Author {
  readonly open = new Signal(false);
  readonly draft: Signal<Draft>;
  /** Step that is being edited, by its key. */
  readonly editing = new Signal<number | null>(null);

  constructor(private readonly session: Session) {
    const found = kept<unknown>(KEY);
    this.draft = new Signal(isDraft(found) ? found : EMPTY);
    this.draft.subscribe((draft) => keep(KEY, draft === EMPTY ? null : draft));
  }

  begin(): void {
    this.open.set(true);
    this.turn();
  }

  close(): void {
    this.open.set(false);
    this.turn();
  }

  set(fields: Partial<Draft>): void {
    this.draft.set({ ...this.draft.value, ...fields });
  }

  /** What is in the picture becomes the last step, to be told about. */
  add(): void {
    const { steps } = this.draft.value;
    const key = 1 + Math.max(-1, ...steps.map((step) => step.key));
    const scene = sceneOfStep(this.session.store.scene);
    this.set({ steps: [...steps, { key, title: "", text: "", scene, question: null, rest: {} }] });
    this.editing.set(key);
    this.session.say(this.session.t("Step {step} was added.", { step: steps.length + 1 }));
  }

  edit(key: number, fields: Partial<DraftStep>): void {
    this.set({
      steps: this.draft.value.steps.map((step) => (step.key === key ? { ...step, ...fields } : step)),
    });
  }

  /** The step gets the view that is in the picture now. */
  retake(key: number): void {
    this.edit(key, { scene: sceneOfStep(this.session.store.scene) });
    this.session.say(this.session.t("The step has this view now."));
  }

  /** Shows a step's view in the picture. */
  visit(step: DraftStep): void {
    const { session } = this;
    const { atlas, theme, language, names } = session.store.scene;
    const scene = { ...wholeScene(step.scene), atlas, theme, language, names };
    session.footprint.set(null);
    session.store.dispatch({ type: "replace", scene }, { whole: true });
    session.open.set(null);
    session.aside.set("lesson");
  }

  /** One place up (-1) or down (1). */
  move(key: number, by: -1 | 1): void {
    const steps = [...this.draft.value.steps];
    const from = steps.findIndex((step) => step.key === key);
    const [step] = steps.splice(from, 1);
    const to = from + by;
    if (!step || to < 0 || to > steps.length) return;
    steps.splice(to, 0, step);
    this.set({ steps });
    this.session.say(this.session.t("Now step {step}.", { step: to + 1 }));
  }

  remove(key: number): void {
    const { steps } = this.draft.value;
    const gone = steps.findIndex((step) => step.key === key);
    this.set({ steps: steps.filter((step) => step.key !== key) });
    const { session } = this;
    session.notice.set({ text: session.t("Step {step} was taken out.", { step: gone + 1 }), tone: "calm" });
    this.turn();
  }

  /** Throws the draft away. */
  discard(): void {
    this.editing.set(null);
    this.draft.set(EMPTY);
    this.turn();
  }

  play(): void {
    playerOf(this.session).try(lessonOf(this.draft.value));
  }

  /** Takes a lesson file in place of the draft. */
  read(text: string): void {
    const { session } = this;
    try {
      this.draft.set(draftFrom(text, session.t("This file is no lesson.")));
      this.editing.set(null);
      session.say(session.t("The lesson was read."));
      this.turn();
    } catch (error) {
      session.notice.set({ text: (error as Error).message, tone: "error" });
    }
  }

  private turn(): void {
    const { turned } = playerOf(this.session);
    turned.set(turned.value + 1);
  }
}

const authors = new WeakMap<Session, Author>();

/** The lesson that is being written on this page. */
export function authorOf(session: Session): Author {
  let author = authors.get(session);
  if (!author) {
    author = new Author(session);
    authors.set(session, author);
  }
  return author;
}
