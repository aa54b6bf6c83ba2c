// The one place where the scene changes: actions go in, the new scene comes out, and steps can be taken back.
import type { Anatomy } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import { type Action, reduce } from "./actions";

/** Who changed the scene: the person, the camera under their hand, the host (Python), or the address. */
export type Origin = "user" | "camera" | "host" | "address";

export interface Change {
  readonly scene: Scene;
  readonly before: Scene;
  readonly origin: Origin;
}

/** What undo leaves alone: where one stands, what one reads, and how the page is set. */
const KEPT = [
  "version",
  "atlas",
  "camera",
  "selected",
  "consult",
  "theme",
  "language",
  "names",
] as const satisfies (keyof Scene)[];

/** What a step that sets the whole scene takes along all the same. */
const WHOLE = ["camera", "selected"] as const satisfies (keyof Scene)[];

type Content = Omit<Scene, (typeof KEPT)[number]> & Partial<Pick<Scene, (typeof WHOLE)[number]>>;

/** Changes of one slider that follow each other within this time are one step. */
const ONE_GESTURE_MS = 900;
const LONGEST_HISTORY = 200;

function content(scene: Scene, whole = false): Content {
  const rest: Partial<Scene> = { ...scene };
  for (const key of KEPT) {
    if (!(whole && WHOLE.some((kept) => kept === key))) delete rest[key];
  }
  return rest as Content;
}

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export class Store {
  private now: Scene;
  private past: Content[] = [];
  private future: Content[] = [];
  private gesture: { key: string; time: number } | null = null;
  private readonly listeners = new Set<(change: Change) => void>();

  constructor(
    scene: Scene,
    /** The body as far as it has grown. */
    public anatomy: Anatomy,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.now = scene;
  }

  get scene(): Scene {
    return this.now;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /**
   * Applies an action. Changes that carry the same `gesture` in quick succession (a slider being dragged) make one step
   * of undo. A `whole` step is a scene of its own: undo also leads back to where one stood and what one read.
   */
  dispatch(
    action: Action,
    { origin = "user" as Origin, gesture = "", whole = action.type === "reset" } = {},
  ): void {
    const next = reduce(this.now, action, this.anatomy);
    if (equal(next, this.now)) return;
    const before = content(this.now, whole);
    if (!equal(before, content(next, whole))) {
      const time = this.clock();
      const goesOn =
        gesture !== "" && this.gesture?.key === gesture && time - this.gesture.time < ONE_GESTURE_MS;
      if (!goesOn) this.past = [...this.past, before].slice(-LONGEST_HISTORY);
      this.future = [];
      this.gesture = gesture ? { key: gesture, time } : null;
    }
    this.publish(next, origin);
  }

  undo(): void {
    const back = this.past.pop();
    if (!back) return;
    this.future.push(content(this.now, "camera" in back));
    this.gesture = null;
    this.publish({ ...this.now, ...back }, "user");
  }

  redo(): void {
    const forth = this.future.pop();
    if (!forth) return;
    this.past.push(content(this.now, "camera" in forth));
    this.gesture = null;
    this.publish({ ...this.now, ...forth }, "user");
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private publish(scene: Scene, origin: Origin): void {
    const before = this.now;
    this.now = scene;
    for (const listener of [...this.listeners]) listener({ scene, before, origin });
  }
}
