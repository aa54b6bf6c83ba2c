// The second body of a comparison: opened when it is first asked for, let go of when it is left.
import type { Anatomy } from "../../atlas/anatomy";
import type { Comparison } from "../../generated/comparison";
import type { PackDocument } from "../../generated/pack";
import { type BodyOffer, LoadError, type Loaded, loadSource } from "../../host/source";
import { phrase } from "../../language/translate";
import { Library } from "../../stage/loader";
import { merged } from "../../stage/merge";
import type { OtherBody } from "../../stage/types";
import type { Session } from "../session";
import { Signal } from "../signal";

/** Pause between questions to a server that is still at work. */
const ASK_MS = 700;

export type Opening =
  | { readonly state: "opening"; readonly done: number; readonly text: string }
  | { readonly state: "ready"; readonly body: OtherBody; readonly anatomy: Anatomy }
  | { readonly state: "failed"; readonly message: string };

/** Bones of both bodies, measured by the server; or why they are not. */
export type Measuring =
  | { readonly state: "measuring" | "none" }
  | { readonly state: "ready"; readonly comparison: Comparison }
  | { readonly state: "failed"; readonly message: string };

/** Asks until the answer is there. Rejects with a LoadError for people. */
async function answered<T>(
  address: string,
  signal: AbortSignal,
  tell: (done: number, text: string) => void,
): Promise<T> {
  for (;;) {
    let answer: Response;
    try {
      answer = await fetch(address, { signal, cache: "no-cache" });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new LoadError(phrase("The server does not answer. Is it still running, and are you connected?"));
    }
    if (answer.status === 202) {
      const { done, text } = (await answer.json()) as { done: number; text: string };
      tell(done, text);
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      if (signal.aborted) throw new DOMException("left", "AbortError");
      continue;
    }
    if (!answer.ok) throw new LoadError(await answer.text());
    return (await answer.json()) as T;
  }
}

export class Other {
  readonly opening = new Signal<Opening>({ state: "opening", done: 0, text: "" });
  readonly measuring = new Signal<Measuring>({ state: "none" });
  /** Draws it, in a picture of its own or over the first. */
  pack: PackDocument | null = null;
  private readonly ended = new AbortController();
  private readonly endings: (() => void)[] = [];
  private loaded: Loaded | null = null;
  private readonly extensions = new Set<(pack: PackDocument) => void>();

  /** id : what scenes call it */
  constructor(
    private readonly session: Session,
    readonly id: string,
  ) {
    // In another language, or grown: the second body is spoken of as the first is.
    this.endings.push(session.body.subscribe(() => this.reword()));
    void this.open();
  }

  get offer(): BodyOffer | undefined {
    return this.session.bodies[this.id];
  }

  /** What it is called, in the page's language as far as it is known. */
  get title(): string {
    return this.session.t.of(this.offer?.title ?? this.id);
  }

  /** Told of what is made after the atlas, now or when it comes; returns how to stop. */
  extended(take: (pack: PackDocument) => void): () => void {
    if (this.pack) take(this.pack);
    this.extensions.add(take);
    return () => this.extensions.delete(take);
  }

  async open(): Promise<void> {
    const { offer } = this;
    const { signal } = this.ended;
    if (!offer) {
      this.opening.set({
        state: "failed",
        message: phrase("This page was opened without that body. Leave the comparison to go on with one."),
      });
      return;
    }
    this.opening.set({ state: "opening", done: 0, text: "" });
    try {
      const { atlas } = await answered<{ atlas: string }>(`${offer.address}/open`, signal, (done, text) =>
        this.opening.set({ state: "opening", done, text }),
      );
      this.loaded = await loadSource({ kind: "http", atlas, catalogue: offer.catalogue }, signal);
      if (signal.aborted) return;
      const { loaded } = this;
      const body = { atlas: loaded.atlas, library: new Library((name) => loaded.file(name)) };
      this.opening.set({ state: "ready", body, anatomy: this.anatomyOf(body) });
      this.endings.push(loaded.later((later) => later.state === "ready" && this.grow(later.pack)));
      void this.measure();
    } catch (error) {
      if (signal.aborted) return;
      this.opening.set({ state: "failed", message: (error as Error).message });
    }
  }

  async measure(): Promise<void> {
    const { offer } = this;
    const { signal } = this.ended;
    if (!offer) return;
    this.measuring.set({ state: "measuring" });
    try {
      const comparison = await answered<Comparison>(`${offer.address}/measures`, signal, () => {});
      this.measuring.set({ state: "ready", comparison });
    } catch (error) {
      if (!signal.aborted) this.measuring.set({ state: "failed", message: (error as Error).message });
    }
  }

  private anatomyOf({ atlas }: OtherBody): Anatomy {
    return this.session.anatomy.grown(this.pack ? merged(atlas, this.pack) : atlas, this.pack);
  }

  private grow(pack: PackDocument): void {
    this.pack = pack;
    for (const take of this.extensions) take(pack);
    this.reword();
  }

  private reword(): void {
    const { value } = this.opening;
    if (value.state === "ready") this.opening.set({ ...value, anatomy: this.anatomyOf(value.body) });
  }

  /** Lets go of all that was fetched. */
  dispose(): void {
    this.ended.abort();
    for (const end of this.endings) end();
    const { value } = this.opening;
    if (value.state === "ready") value.body.library.clear();
    this.extensions.clear();
  }
}

/** The one second body of each viewer: its pictures, its panel and its captions share it. */
const others = new WeakMap<Session, Signal<Other | null>>();

/** The second body that is there now; null while there is none. */
export function otherOf(session: Session): Signal<Other | null> {
  let signal = others.get(session);
  if (!signal) {
    signal = new Signal<Other | null>(null);
    others.set(session, signal);
  }
  return signal;
}

/** Brings the second body in line with the scene: opened, changed for another, or let go of. */
export function keepOther(session: Session, id: string | null): void {
  const signal = otherOf(session);
  if ((signal.value?.id ?? null) === id) return;
  signal.value?.dispose();
  signal.set(id === null ? null : new Other(session, id));
}
