// What is shown to one client: all of it in the page's memory, none of it in the scene, a link or a file.
import type { Side } from "../../atlas/anatomy";
import type { Session } from "../session";
import { Signal } from "../signal";
import { type Kept, painOf } from "../trigger/pain";
import type { Paper } from "./handout/model";
import type { BallId, TriggerPoint } from "./wording";

export const STEPS = ["where", "behind", "picture", "ball", "handout"] as const;
export type Step = (typeof STEPS)[number];

/** From where one looks. */
export type From = "behind" | "side" | "front";

/** What was answered when the warning signs were read: not yet, none fits, one fits. */
export type Flags = "open" | "none" | "some";

export class Consulting {
  readonly step = new Signal<Step>("where");
  readonly side: Signal<Side>;
  /** Id of the trigger point that is spoken of. */
  readonly point = new Signal<string | null>(null);
  readonly from = new Signal<From>("behind");
  /** The skin is glass, and what lies beneath it is seen. */
  readonly beneath = new Signal(false);
  /** Sided id of what was touched in the picture. */
  readonly touched = new Signal<string | null>(null);
  readonly flags = new Signal<Flags>("open");
  readonly ball = new Signal<BallId | null>(null);
  readonly name = new Signal("");
  readonly dated = new Signal(false);
  readonly paper = new Signal<Paper>(usualPaper());

  /** What was marked, while the picture goes without it. */
  private kept: Kept | null = null;

  constructor(private readonly session: Session) {
    this.side = new Signal<Side>(session.side.value);
  }

  get chosen(): TriggerPoint | null {
    const { value } = this.point;
    return (value && this.session.anatomy.catalogue.trigger_points[value]) || null;
  }

  /** Goes on with the trigger point that the atlas shows, unless there is a client to go on with. */
  begin(): void {
    const { trigger } = this.session.store.scene;
    if (!trigger || this.point.value !== null || this.kept) return;
    this.choose(trigger.id, trigger.side);
    this.step.set("picture");
  }

  /** Turns to a trigger point; the ball that was chosen for another one is put away. */
  choose(id: string, side: Side): void {
    const same = this.point.value === id && this.side.value === side;
    this.side.set(side);
    this.point.set(id);
    this.touched.set(null);
    if (same) return;
    this.ball.set(null);
    const { chosen } = this;
    if (chosen) this.from.set(chosen.seen);
  }

  /** Whether there is enough to go to a step. */
  open(step: Step): boolean {
    return step === "where" || step === "behind" || this.chosen !== null;
  }

  /** Paints what was marked, or takes it off the picture without forgetting it. */
  paint(on: boolean): void {
    const pain = painOf(this.session);
    if (on && this.kept) {
      pain.lay(this.kept);
      this.kept = null;
    } else if (!on && !this.kept) {
      const lifted = pain.lift();
      if (lifted.strokes.size || lifted.regions.size) this.kept = lifted;
    }
  }

  /** The next client: nothing of this one is left. */
  forget(): void {
    this.kept = null;
    painOf(this.session).clear();
    this.step.set("where");
    this.point.set(null);
    this.from.set("behind");
    this.beneath.set(false);
    this.touched.set(null);
    this.flags.set("open");
    this.ball.set(null);
    this.name.set("");
    this.dated.set(false);
  }
}

const consulted = new WeakMap<Session, Consulting>();

/** What is shown to the client of this page; it stays while consult mode is left for a look elsewhere. */
export function consultOf(session: Session): Consulting {
  const known = consulted.get(session) ?? new Consulting(session);
  consulted.set(session, known);
  return known;
}

/** Letter where it is the usual paper, by the browser's language. */
function usualPaper(): Paper {
  return /-(US|CA|MX|PH)\b/i.test(globalThis.navigator?.language ?? "") ? "letter" : "a4";
}
