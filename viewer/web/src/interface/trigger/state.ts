// What the panel of trigger points holds besides the scene: what it shows, and what has been read. In memory only.
import type { Side } from "../../atlas/anatomy";
import type { TriggerPoint } from "../../generated/catalogue";
import type { PointMarks } from "../../generated/marks";
import type { Scene } from "../../generated/scene";
import type { Session } from "../session";
import { Signal } from "../signal";
import { flyToPattern } from "./flight";
import { painOf } from "./pain";

/** What is looked for: a muscle's points, or what refers to where it hurts. */
export type Search = "muscle" | "pain";
export type Tab = "pattern" | "depth" | "ball";

export class TriggerState {
  readonly search = new Signal<Search>("muscle");
  readonly tab = new Signal<Tab>("pattern");
  readonly query = new Signal("");
  /** What sends people to a doctor is being read again. */
  readonly flags = new Signal(false);
  /** It has been gone through: self-care may be shown. */
  readonly cleared = new Signal(false);
  /** So has been who asks someone before using a ball. */
  readonly asked = new Signal(false);
  /** Counts up when another page is shown. */
  readonly turned = new Signal(0);
  /** The point that was looked at last. */
  last = "";
  private flight: { id: string; side: Side } | null = null;

  constructor(private readonly session: Session) {
    const { aside, scene, marking } = session;
    for (const signal of [
      aside,
      scene,
      marking.marks,
      this.search,
      this.tab,
      this.flags,
      this.cleared,
      this.asked,
    ])
      signal.subscribe(() => this.follow());
    marking.marks.subscribe(() => this.fly());
    this.follow();
  }

  /** Shows a trigger point on a side, and flies to where its pain is felt. */
  choose(id: string, side: Side): void {
    this.session.dispatch({ type: "set", fields: { trigger: { id, side }, ball: null } });
    this.flight = { id, side };
    this.last = id;
    this.flags.set(false);
    this.openTab(this.tab.value);
    this.fly();
  }

  /** Back to where one chose; the pattern goes. */
  leave(): void {
    this.turn();
    this.tab.set("pattern");
    this.session.dispatch({ type: "set", fields: { trigger: null, ball: null } });
  }

  openTab(tab: Tab): void {
    this.turn();
    this.tab.set(tab);
    const { trigger, ball } = this.session.store.scene;
    const speaks = tab === "ball" && this.cleared.value && this.asked.value && trigger !== null;
    const first = (speaks && possibleTools(this.session, trigger.id, trigger.side)[0]) || null;
    const next = speaks && ball ? ball : first;
    if (next !== ball) this.setBall(next);
  }

  /** Shows a ball in the picture, or takes it out. */
  setBall(ball: Scene["ball"]): void {
    const { trigger } = this.session.store.scene;
    this.session.dispatch({ type: "set", fields: { ball } });
    if (!trigger) return;
    this.flight = trigger;
    this.fly();
  }

  /** Begins with a muscle, or with what hurts. */
  lookFor(search: Search): void {
    this.turn();
    this.search.set(search);
  }

  /** Shows what sends people to a doctor, or goes back from it. */
  readFlags(read: boolean): void {
    this.turn();
    this.flags.set(read);
  }

  /** None of the signs is there: what stood behind them comes. */
  clear(): void {
    this.cleared.set(true);
    if (this.session.store.scene.trigger) this.asked.set(true);
    this.openTab(this.tab.value);
  }

  /** Brings picture and pen into line with what the panel shows. */
  private follow(): void {
    const { aside, store, marking } = this.session;
    const open = aside.value === "triggers" && !store.scene.consult;
    const chosen = store.scene.trigger !== null;
    marking.ballZone.set(
      open && chosen && this.tab.value === "ball" && this.asked.value && !this.flags.value,
    );
    const pain = painOf(this.session);
    const draws =
      open && !chosen && this.search.value === "pain" && this.cleared.value && marking.document !== null;
    if (draws && !pain.drawing) pain.open();
    if (!draws && pain.drawing && !store.scene.consult) pain.close();
    // What a person has marked goes with the panel.
    if (!open && !store.scene.consult && marking.drawn.value.length) pain.clear();
  }

  private turn(): void {
    this.turned.set(this.turned.value + 1);
  }

  private fly(): void {
    const { flight } = this;
    if (!flight || !this.session.marking.document) return;
    this.flight = null;
    void flyToPattern(this.session, flight.id, flight.side);
  }
}

const states = new WeakMap<Session, TriggerState>();

/** The panel's state on this page. */
export function triggerState(session: Session): TriggerState {
  let state = states.get(session);
  if (!state) {
    state = new TriggerState(session);
    states.set(session, state);
  }
  return state;
}

export function marksOf(session: Session, id: string, side: Side): PointMarks | undefined {
  return session.marking.document?.points[id]?.[side];
}

/** Balls that may be used on this body, the gentlest first: what the text allows and the surfaces bear out. */
export function possibleTools(session: Session, id: string, side: Side): TriggerPoint["self_care"]["tools"] {
  const balls = marksOf(session, id, side)?.balls ?? [];
  const tools = session.anatomy.catalogue.trigger_points[id]?.self_care.tools ?? [];
  return tools.filter((tool) => balls.some(({ ball, best }) => ball === tool && best !== null));
}
