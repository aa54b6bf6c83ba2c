// The distance from piriformis to the nerve, painted on the muscle: worked out anew when the shapes have come to rest.
import type { Paint } from "../stage/types";
import type { Session } from "./session";
import { Signal } from "./signal";

/** Millimetres that the first and the last colour stand for. */
export const HEAT_RANGE: readonly [number, number] = [0, 20];

export class Heat {
  /** By name of a part. */
  paints: Readonly<Record<string, Paint>> = {};
  readonly busy = new Signal(false);
  private working: AbortController | null = null;

  constructor(private readonly session: Session) {}

  /** Whether the scene has what it asks for, or it is on its way. */
  get painted(): boolean {
    return !this.session.store.scene.heat || this.busy.value || Object.keys(this.paints).length > 0;
  }

  /** Takes the paint off, and puts new on if the scene asks for it. */
  refresh(): void {
    this.stop();
    if (Object.keys(this.paints).length) this.paints = {};
    this.session.redraw();
    if (this.session.store.scene.heat) void this.work();
  }

  stop(): void {
    this.working?.abort();
    this.working = null;
    this.busy.set(false);
  }

  private async work(): Promise<void> {
    const { session } = this;
    const working = new AbortController();
    this.working = working;
    this.busy.set(true);
    try {
      await session.morphing.settled();
      const found: Record<string, Paint> = {};
      for (const side of ["right", "left"] as const) {
        const nerve = session.anatomy.membersOf(`sciatic_nerve.${side}`);
        for (const part of session.anatomy.entry(`piriformis.${side}`)?.parts ?? []) {
          const values = await session.stage?.distances(part.name, nerve, working.signal);
          if (values) found[part.name] = { values, range: HEAT_RANGE };
        }
      }
      if (working.signal.aborted) return;
      this.paints = found;
      this.busy.set(false);
      session.redraw();
    } catch (error) {
      if (!working.signal.aborted) throw error;
    }
  }
}
