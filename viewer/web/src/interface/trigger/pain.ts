// Where it hurts: drawn on the body or chosen by name, and which trigger points are described to refer there.
// That is a person's health. It is held here, in the page's memory, and goes into no scene, link, storage or log.
import type { Side } from "../../atlas/anatomy";
import { type Referral, referrals } from "../../atlas/pain";
import type { Scene } from "../../generated/scene";
import type { Session } from "../session";
import { Signal } from "../signal";

export type Hand = "draw" | "erase" | "turn";

/** mm around the pen that a press covers; so far people point with a palm rather than with a needle (`meshes/pain.py`). */
const TIP = 30;

/** The body from outside, with nothing on it but what is marked. */
const outside = ({ shown, hidden }: Scene): Partial<Scene> => ({
  shown: shown.includes("skin") ? shown : [...shown, "skin"],
  hidden: hidden.filter((name) => name !== "skin"),
  isolated: [],
  opacity: {},
  peel: 0,
  selected: null,
  fade_others: false,
  footprints: "none",
  labels: "none",
  landmarks: false,
  focus: false,
  heat: false,
  cut: null,
  section: null,
  rulers: [],
  trigger: null,
  ball: null,
});

/** What was marked. */
export interface Kept {
  readonly strokes: ReadonlySet<number>;
  readonly regions: ReadonlySet<string>;
}

export class Pain {
  /** What a finger or the pointer does on the body; null: the body is not drawn on at all. */
  readonly hand = new Signal<Hand | null>(null);
  /** Named regions that were chosen: `lower_buttock.right`, `tailbone`. */
  readonly regions = new Signal<ReadonlySet<string>>(new Set());
  /** Trigger points that are described to refer there, the best match first. */
  readonly ranked = new Signal<readonly Referral[]>([]);
  private weighed = true;
  private strokes: ReadonlySet<number> = new Set();

  constructor(private readonly session: Session) {
    session.marking.marks.subscribe(() => this.tell());
    // What was chosen by name before the skin had come is weighed by its areas now.
    session.geometry.subscribe(() => !this.weighed && this.tell());
  }

  get drawing(): boolean {
    return this.hand.value !== null;
  }

  /** Shows the skin, and lets one draw on it. */
  open(): void {
    const { session } = this;
    if (session.store.scene.compare) session.dispatch({ type: "set", fields: { compare: null } });
    session.overlay.set(outside(session.store.scene));
    this.take("draw");
  }

  /** Puts the pen away; what is marked stays. */
  close(): void {
    if (!this.drawing) return;
    this.rest();
    this.session.overlay.set(null);
    this.session.eye.keep();
  }

  /** Puts the pen away and leaves all else as it is. */
  rest(): void {
    this.hand.set(null);
    this.session.stage?.brush(null);
  }

  /** Takes what is marked off the page and gives it back, to be laid on again. */
  lift(): Kept {
    const kept = { strokes: this.strokes, regions: this.regions.value };
    this.clear();
    return kept;
  }

  lay({ strokes, regions }: Kept): void {
    this.strokes = strokes;
    this.regions.set(regions);
    this.tell();
  }

  /** Takes pen or eraser into the hand, or neither. */
  take(hand: Hand): void {
    this.hand.set(hand);
    const erase = hand === "erase";
    const done = (vertices: readonly number[]) => this.stroke(vertices, erase);
    this.session.stage?.brush(hand === "turn" ? null : { part: "skin", radius: TIP, erase, done });
  }

  /** Chooses a named region of a side, or takes it back; one over the midline has no side. */
  toggle(id: string, side: Side | null): void {
    const name = side ? `${id}.${side}` : id;
    const regions = new Set(this.regions.value);
    if (!regions.delete(name)) regions.add(name);
    this.regions.set(regions);
    this.tell();
  }

  /** Forgets everything. */
  clear(): void {
    this.strokes = new Set();
    this.regions.set(new Set());
    this.tell();
  }

  private stroke(vertices: readonly number[], erase: boolean): void {
    const strokes = new Set(this.strokes);
    for (const vertex of vertices) {
      if (erase) strokes.delete(vertex);
      else strokes.add(vertex);
    }
    this.strokes = strokes;
    this.tell();
  }

  /** Paints what is marked, and ranks what refers there. */
  private tell(): void {
    const { marking, stage } = this.session;
    const { document } = marking;
    const named = [...this.regions.value].flatMap((name) => {
      const [id = "", side = "midline"] = name.split(".");
      return document?.regions[id]?.[side as Side | "midline"]?.vertices ?? [];
    });
    const marked = [...new Set([...this.strokes, ...named])];
    marking.drawn.set(marked);
    const areas = stage?.areas("skin") ?? null;
    this.weighed = areas !== null || !marked.length;
    // Where there is no skin to measure (no WebGL), every vertex counts alike: they lie about evenly.
    const areaOf = (vertex: number) => (areas ? (areas[vertex] ?? 0) : 1);
    const ranked = document && marked.length ? referrals(marked, areaOf, document.points) : [];
    this.ranked.set(ranked);
    if (marked.length) this.session.say(this.words(ranked));
  }

  private words(ranked: readonly Referral[]): string {
    const [first] = ranked;
    const point = first && this.session.anatomy.catalogue.trigger_points[first.id];
    const { t } = this.session;
    if (!first || !point) return t("Nothing in this atlas is described to refer there.");
    const count = t.n(
      ranked.length,
      "{n} trigger point is described to refer there.",
      "{n} trigger points are described to refer there.",
    );
    const sides = first.sides.map((side) => (side === "right" ? t("right") : t("left")));
    return `${count} ${t("First: {name}, {sides}.", { name: point.name, sides: t.list(sides) })}`;
  }
}

const pains = new WeakMap<Session, Pain>();

/** Where it hurts, on this page. */
export function painOf(session: Session): Pain {
  let pain = pains.get(session);
  if (!pain) {
    pain = new Pain(session);
    pains.set(session, pain);
  }
  return pain;
}
