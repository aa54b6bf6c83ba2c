// The ruler in hand: two points make a distance.
import type { Ruler } from "../generated/scene";
import { distance, millimetres } from "../scene/ruler";
import type { Vec3 } from "../stage/types";
import type { Session } from "./session";
import { Signal } from "./signal";

const rounded = ([x, y, z]: Vec3): [number, number, number] => [
  Math.round(x * 10) / 10,
  Math.round(y * 10) / 10,
  Math.round(z * 10) / 10,
];

export class Measuring {
  /** Whether a press in the picture marks a point. */
  readonly on = new Signal(false);
  /** The first point, while the second is awaited. */
  readonly first = new Signal<Vec3 | null>(null);

  constructor(private readonly session: Session) {}

  get active(): boolean {
    return this.on.value;
  }

  toggle(on: boolean): void {
    this.on.set(on);
    this.first.set(null);
    this.session.say(on ? this.session.t("Ruler on. Mark two points.") : this.session.t("Ruler off."));
  }

  /** Marks a point: the first, or the second, which makes a distance. */
  mark(point: Vec3): void {
    const first = this.first.value;
    if (!first) {
      this.first.set(point);
      this.session.say(this.session.t("First point marked. Mark the second."));
      return;
    }
    this.first.set(null);
    this.add(first, point);
  }

  add(from: Vec3, to: Vec3): void {
    const ruler: Ruler = { from: rounded(from), to: rounded(to) };
    const { rulers } = this.session.store.scene;
    this.session.dispatch({ type: "set", fields: { rulers: [...rulers, ruler] } });
    const { t } = this.session;
    this.session.say(t("Distance: {distance}.", { distance: millimetres(distance(from, to), t) }));
  }

  remove(index: number): void {
    const { rulers } = this.session.store.scene;
    this.session.dispatch({ type: "set", fields: { rulers: rulers.filter((_, at) => at !== index) } });
  }
}
