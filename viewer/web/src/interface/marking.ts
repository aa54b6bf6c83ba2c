// Trigger points on this body: their marks, fetched when they are first wanted, and what of them stands in the picture.
import type { MarksDocument } from "../generated/marks";
import type { Loaded } from "../host/source";
import type { StageApi } from "../stage/types";
import type { Session } from "./session";
import { Signal } from "./signal";

export type Marks =
  | { readonly state: "waiting" | "none" }
  | { readonly state: "ready"; readonly document: MarksDocument }
  | { readonly state: "failed"; readonly message: string };

export class Marking {
  readonly marks = new Signal<Marks>({ state: "waiting" });
  /** Whether the places are painted where a ball may go. */
  readonly ballZone = new Signal(false);
  /**
   * Vertices of the skin that were marked as the place where it hurts. That is a person's health: it is kept here, in the
   * page's memory, and goes into no scene, link, file or storage.
   */
  readonly drawn = new Signal<readonly number[]>([]);
  private wanted = false;
  private coming = false;
  private equipped: StageApi | null = null;

  constructor(
    private readonly session: Session,
    private readonly loaded: Loaded,
  ) {}

  get document(): MarksDocument | null {
    return this.marks.value.state === "ready" ? this.marks.value.document : null;
  }

  /** Fetches the marks, now or as soon as they have been made. */
  want(): void {
    this.wanted = true;
    this.tend();
  }

  /** Fetches what is wanted and can be had, and teaches the stage to draw it. */
  tend(): void {
    const { session } = this;
    if (session.store.scene.trigger) this.wanted = true;
    if (!this.wanted) return;
    if (session.stage && session.stage !== this.equipped) void this.equip(session.stage);
    const { pack } = session.anatomy;
    if (pack && this.marks.value.state === "waiting" && !this.coming) void this.fetch(pack);
    if (session.growth.value.state === "none") this.marks.set({ state: "none" });
  }

  /** Tries again after a failure. */
  retry(): void {
    this.marks.set({ state: "waiting" });
    this.tend();
  }

  private async equip(stage: StageApi): Promise<void> {
    this.equipped = stage;
    try {
      const { skinLayers } = await this.session.parts.load("trigger");
      if (this.session.stage === stage) stage.use(skinLayers);
    } catch {
      // The panel says so, with a way to try again.
      this.equipped = null;
    }
  }

  private async fetch(pack: Parameters<Loaded["marks"]>[0]): Promise<void> {
    this.coming = true;
    try {
      const document = await this.loaded.marks(pack);
      this.marks.set(document ? { state: "ready", document } : { state: "none" });
    } catch (error) {
      this.marks.set({ state: "failed", message: (error as Error).message });
    }
    this.coming = false;
  }
}
