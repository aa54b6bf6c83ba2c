// The quiz of this page: what is asked, how it was answered, what comes next. In memory, but for the score.
import type { Side } from "../../atlas/anatomy";
import { splitId } from "../../atlas/anatomy";
import type { Pick } from "../../stage/types";
import type { Session } from "../session";
import { Signal } from "../signal";
import { ALL, ask, drawn, fitting, type Wish } from "./choosing";
import { answered, type Deck, hard, known, newDeck } from "./deck";
import { factsOf } from "./facts";
import { typedName } from "./matching";
import { type Answer, type Fact, KINDS, type Outcome, type Question } from "./model";
import { type Random, seeded } from "./random";
import { keepScore, keptScore, NOTHING, type Score } from "./score";
import { type Unit, unitAt, unitsOf } from "./units";

export type Phase = "begin" | "asked" | "told" | "end";

/** What a round is chosen by. */
export interface Settings extends Wish {
  readonly count: number;
}

export class Quiz {
  readonly phase = new Signal<Phase>("begin");
  readonly settings = new Signal<Settings>({ region: ALL, level: "student", kinds: KINDS, count: 10 });
  readonly question = new Signal<Question | null>(null);
  readonly outcome = new Signal<Outcome | null>(null);
  readonly score: Signal<Score>;
  /** Sided id that the keys have come to, while something is looked for. */
  readonly candidate = new Signal<string | null>(null);
  /** Layers that are taken off, while something is looked for. */
  readonly peel = new Signal(0);
  /** More of a name has to be said. */
  readonly more = new Signal(false);
  deck: Deck = newDeck([]);
  /** Answers of this round, and how many were right. */
  round = { answered: 0, right: 0 };
  private facts = new Map<string, Fact>();
  private random: Random = seeded(1);

  constructor(readonly session: Session) {
    this.score = new Signal(keptScore());
    // In another language, or with other names, the same is asked in other words.
    session.body.subscribe(() => this.reword());
    session.store.subscribe(({ scene, before }) => scene.names !== before.names && this.reword());
  }

  get units(): Unit[] {
    return unitsOf(this.session.anatomy);
  }

  /** All that can be asked now: it grows with the body. */
  get all(): Fact[] {
    const { anatomy, store, marking } = this.session;
    const marked = marking.document !== null && anatomy.membersOf("skin").length > 0;
    return factsOf(anatomy, store.scene.names, marked);
  }

  /** Begins a round; the same seed on the same body asks the same. */
  begin(seed: number = Math.floor(Math.random() * 2 ** 32)): void {
    const { settings } = this;
    this.random = seeded(seed);
    const chosen = drawn(fitting(this.all, settings.value), settings.value.count, this.random);
    this.play(chosen);
  }

  /** The hard ones once more. */
  again(): void {
    const missed = hard(this.deck);
    this.play(missed.flatMap((id) => this.facts.get(id) ?? []));
  }

  private play(facts: readonly Fact[]): void {
    if (!facts.length) return;
    this.facts = new Map(facts.map((fact) => [fact.id, fact]));
    this.deck = newDeck([...this.facts.keys()]);
    this.round = { answered: 0, right: 0 };
    this.next();
  }

  private reword(): void {
    const now = new Map(this.all.map((fact) => [fact.id, fact]));
    this.facts = new Map([...this.facts].map(([id, fact]) => [id, now.get(id) ?? fact]));
    const { value } = this.question;
    const fact = value && this.facts.get(value.fact.id);
    if (!value || !fact) return;
    const answers = new Map([fact.right, ...fact.wrong].map((answer) => [answer.key, answer]));
    const choices = value.choices.map((answer) => answers.get(answer.key) ?? answer);
    this.question.set({ ...value, fact, choices });
  }

  /** What was hard, the hardest first. */
  get missed(): Fact[] {
    return hard(this.deck).flatMap((id) => this.facts.get(id) ?? []);
  }

  get known(): number {
    return known(this.deck);
  }

  next(): void {
    const [id] = this.deck.queue;
    const fact = id === undefined ? undefined : this.facts.get(id);
    this.outcome.set(null);
    this.candidate.set(null);
    this.peel.set(0);
    this.more.set(false);
    if (fact) {
      this.question.set(ask(fact, this.settings.value.level, this.random));
      this.phase.set("asked");
    } else this.end();
  }

  choose(answer: Answer): void {
    const right = answer.key === this.question.value?.fact.right.key;
    this.tell({ right, given: answer.text });
  }

  /** Takes a typed name; of part of a name that several share, more is asked for once. */
  type(text: string): void {
    const { value } = this.question;
    if (!value || !text.trim()) return;
    const found = typedName(text, value.fact.about, this.units, this.session.anatomy);
    if (found === "more" && !this.more.value) this.more.set(true);
    else this.tell({ right: found === "right", given: text.trim() });
  }

  /** Takes what was pressed in the picture; beside the body, and on the skin, nothing was meant. */
  point(pick: Pick | null): void {
    if (pick && this.phase.value === "asked" && this.question.value?.fact.form === "find") this.take(pick.id);
  }

  /** Takes a sided id as the answer to where something is. */
  take(id: string): void {
    const { anatomy, store } = this.session;
    const unit = unitAt(id, this.units);
    const { value } = this.question;
    if (!unit || !value) return;
    const side: Side | null = splitId(id)[1];
    const right = unit.id === value.fact.about;
    // Found on the other side, it is shown there.
    if (right && side) this.question.set({ ...value, side });
    const names = store.scene.names === "both" ? "english" : store.scene.names;
    this.tell({ right, given: anatomy.title(unit.id, names).short });
  }

  /** The answer is wanted without an attempt. */
  giveUp(): void {
    this.tell({ right: false, given: null });
  }

  private tell(outcome: Outcome): void {
    if (this.phase.value !== "asked") return;
    this.deck = answered(this.deck, outcome.right);
    const right = Number(outcome.right);
    this.round = { answered: this.round.answered + 1, right: this.round.right + right };
    const { value: score } = this.score;
    this.keep({ ...score, answered: score.answered + 1, right: score.right + right });
    this.outcome.set(outcome);
    this.phase.set("told");
  }

  end(): void {
    if (this.round.answered && !this.deck.queue.length)
      this.keep({ ...this.score.value, rounds: this.score.value.rounds + 1 });
    this.question.set(null);
    this.outcome.set(null);
    this.phase.set(this.round.answered ? "end" : "begin");
  }

  /** Back to where one chooses. */
  restart(): void {
    this.question.set(null);
    this.phase.set("begin");
  }

  forget(): void {
    this.keep(NOTHING);
  }

  private keep(score: Score): void {
    this.score.set(score);
    keepScore(score);
  }
}

const quizzes = new WeakMap<Session, Quiz>();

/** The quiz of this page; it stays while its panel is closed for a look elsewhere. */
export function quizOf(session: Session): Quiz {
  const quiz = quizzes.get(session) ?? new Quiz(session);
  quizzes.set(session, quiz);
  return quiz;
}
