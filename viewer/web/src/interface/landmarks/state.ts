// The landmarks of a set on this page: which is looked at, what is done to them, and how that is kept.
import type { LandmarkEntry, LandmarkSheet } from "../../generated/landmarks";
import { poseAround } from "../../scene/fit";
import type { LayerKit } from "../../stage/layer";
import type { Vec3 } from "../../stage/types";
import { insetsFor } from "../layout";
import { keep, kept } from "../lesson/progress";
import type { Session } from "../session";
import { Signal } from "../signal";
import { cameraOf } from "../views";
import { Bones } from "./bones";
import { Handles } from "./handles";
import { walked } from "./walk";
import * as works from "./work";

/** Where the page's server takes them: to be kept with the set, or to be made a file of. */
const [KEPT_AT, FILE_AT] = ["landmarks.json", "landmarks.yaml"];
/** mm on each side of a landmark that are seen with it. */
const AROUND = 42;

export type Coming =
  | { readonly state: "coming" }
  | { readonly state: "here"; readonly sheet: LandmarkSheet }
  | { readonly state: "failed"; readonly message: string };

/** Under what the device keeps what was done to the landmarks on these bones. */
const keyOf = ({ set, key }: LandmarkSheet) => `ischia:landmarks:${set}:${key}`;

export class Landmarks {
  readonly coming = new Signal<Coming>({ state: "coming" });
  readonly history = new Signal<works.History>(works.begun({}));
  /** What the set's folder holds. */
  readonly saved = new Signal<works.Work>({});
  readonly chosen = new Signal<string | null>(null);
  /** The one that was looked at last. */
  last: string | null = null;
  readonly saving = new Signal(false);
  /** Only the bone of the chosen one is shown. */
  readonly alone: Signal<boolean>;
  /** Counts up when the panel has come to another page. */
  readonly turned = new Signal(0);
  private layer: Handles | null = null;
  private bones: Bones | null = null;
  private readonly make = (kit: LayerKit) => {
    this.bones = new Bones(kit);
    this.layer = new Handles(kit, this.bones, this, this.session);
    return this.layer;
  };

  constructor(private readonly session: Session) {
    this.alone = new Signal(session.store.scene.isolated.length > 0);
    this.history.subscribe(({ now }) => {
      const { value } = this.coming;
      if (value.state === "here") keep(keyOf(value.sheet), this.unsaved ? now : null);
      this.layer?.draw();
    });
    for (const signal of [this.chosen, this.coming]) signal.subscribe(() => this.layer?.draw());
    void this.fetch();
  }

  get entries(): readonly LandmarkEntry[] {
    return this.coming.value.state === "here" ? this.coming.value.sheet.landmarks : [];
  }

  get work(): works.Work {
    return this.history.value.now;
  }

  get current(): LandmarkEntry | null {
    return this.entries.find(({ id }) => id === this.chosen.value) ?? null;
  }

  /** Whether something was done that the set's folder does not hold. */
  get unsaved(): boolean {
    return !works.same(this.work, this.saved.value);
  }

  /** Name of a landmark with its side. */
  name(id: string): string {
    return this.session.anatomy.landmarkTitle(id, this.session.store.scene.names);
  }

  async fetch(): Promise<void> {
    this.coming.set({ state: "coming" });
    const { session } = this;
    try {
      const sheet = await session.document<LandmarkSheet>("landmarks");
      // Before anything is kept in its place.
      const before = works.workFrom(kept(keyOf(sheet)), sheet.landmarks);
      this.take(sheet);
      if (!before || works.same(before, this.saved.value)) return;
      this.history.set(works.done(this.history.value, before));
      session.notice.set({
        text: session.t("What you had not saved the last time is here again."),
        tone: "calm",
      });
    } catch (error) {
      this.coming.set({ state: "failed", message: (error as Error).message });
    }
  }

  private take(sheet: LandmarkSheet): void {
    const held = works.keptOf(sheet.landmarks);
    this.saved.set(held);
    this.coming.set({ state: "here", sheet });
    this.history.set(works.begun(held));
  }

  /** Puts dots and handle on the picture, or takes them off it. */
  show(on: boolean): void {
    this.session.taken = on ? (event) => this.pressed(event) : null;
    if (on) this.session.stage?.use([this.make]);
    this.layer?.open(on);
    if (!on && this.alone.value) this.isolate(false);
  }

  /** A press in the picture is for the dots; the bones themselves cannot be chosen here. */
  private pressed({ x, y, pointer }: { x: number; y: number; pointer: string }): boolean {
    const id = this.layer?.dotAt(x, y, pointer === "mouse" ? 14 : 24);
    if (id) void this.choose(id);
    return true;
  }

  /** Turns to a landmark and flies to it; null is the list. */
  async choose(id: string | null): Promise<void> {
    this.last = id ?? this.chosen.value;
    this.chosen.set(id);
    this.turned.set(this.turned.value + 1);
    if (id === null) {
      this.isolate(false);
      return;
    }
    this.session.say(this.name(id));
    await this.fly();
  }

  /** Flies to the chosen one, to where it is seen best; what hides it from everywhere is put away. */
  async fly(): Promise<void> {
    const entry = this.current;
    const { session } = this;
    const { stage } = session;
    if (!entry || !stage) return;
    await stage.structuresReady([entry.bone]);
    if (!this.bones || this.current !== entry) return;
    const point = works.placeOf(entry, this.work);
    let towards = this.bones.best(entry.bone, point, this.alone.value);
    if (!towards) this.isolate(true);
    else if (this.alone.value) this.isolate(true);
    towards ??= this.bones.best(entry.bone, point, true) ?? this.bones.outward(entry.bone, point);
    const corners = [-AROUND, AROUND].flatMap((by) =>
      [0, 1, 2].flatMap((axis) => point.map((value, k) => value + (k === axis ? by : 0))),
    );
    const { layout, panels, store } = session;
    const { left, right, top, bottom } = insetsFor(layout.value, panels.value);
    const aspect = (layout.value.width - left - right) / Math.max(layout.value.height - top - bottom, 50);
    const pose = poseAround(corners, towards, aspect, store.scene.camera.field_of_view);
    session.dispatch({ type: "camera", camera: cameraOf(pose) });
  }

  /** Shows the bone of the chosen one alone, or all again. */
  isolate(on: boolean): void {
    const { current } = this;
    const only = on && current ? [current.bone] : [];
    if (on || this.alone.value) this.session.dispatch({ type: "isolate", names: only });
    this.alone.set(only.length > 0);
  }

  /** Puts the chosen one elsewhere. gesture : what is one step of undo, however often it is called */
  place(point: Vec3, gesture: string): void {
    const entry = this.current;
    if (entry) this.do(works.placedAt(this.work, entry, point), gesture);
  }

  /** Moves the chosen one along its bone, so many mm to the right and up on screen. */
  step(right: number, up: number): void {
    const entry = this.current;
    const { bones, layer } = this;
    if (!entry || !bones || !layer) return;
    const towards = layer.onScreen(right, up);
    const from = works.placeOf(entry, this.work);
    const to = walked((point) => bones.nearest(entry.bone, point), from, towards, Math.hypot(right, up));
    this.place(to, `step ${entry.id}`);
    this.tell();
  }

  /** Gives the handle of the chosen one the focus, for the arrow keys. */
  hold(): void {
    this.layer?.focus();
  }

  /** Says how far the chosen one lies from where it was found. */
  tell(): void {
    const { t } = this.session;
    const mm = this.current && works.movedBy(this.current, this.work);
    if (mm === null) this.session.say(t("Where it was found"));
    else this.session.say(t("{mm} mm from where it was found", { mm: t.number(mm, 1) }));
  }

  /** Puts the chosen one on the bone where another answer has it. */
  accept(point: Vec3): void {
    const entry = this.current;
    if (!entry || !this.bones) return;
    this.place(this.bones.nearest(entry.bone, point).point, "");
    this.tell();
  }

  /** Puts the chosen one back where it was found. */
  back(): void {
    const entry = this.current;
    if (!entry) return;
    this.do(works.asFound(this.work, entry));
    this.tell();
  }

  tick(id: string, on: boolean): void {
    const entry = this.entries.find((one) => one.id === id);
    if (!entry) return;
    this.do(works.ticked(this.work, entry, on));
    const { t } = this.session;
    this.session.say(on ? t("Checked") : t("Not checked"));
  }

  /** Goes on to the next one that nobody has agreed to. */
  next(): void {
    const entry = works.nextUnchecked(this.entries, this.work, this.chosen.value);
    if (entry) void this.choose(entry.id);
    else this.session.say(this.session.t("All are checked."));
  }

  undo(): void {
    this.turnTo(works.undone(this.history.value));
  }

  redo(): void {
    this.turnTo(works.redone(this.history.value));
  }

  private turnTo(history: works.History): void {
    if (history.now === this.work) return;
    this.history.set(history);
    if (this.current) this.tell();
  }

  private do(now: works.Work, gesture = ""): void {
    this.history.set(works.done(this.history.value, now, gesture));
  }

  /** Gives what was done back to be kept in the set's folder. */
  async save(): Promise<void> {
    const { t, notice } = this.session;
    if (this.saving.value) return;
    this.saving.set(true);
    const sent = this.work;
    try {
      const sheet = (await (await this.send(KEPT_AT, sent)).json()) as LandmarkSheet;
      this.saved.set(works.keptOf(sheet.landmarks));
      // What is done meanwhile stays to be saved; a way back leads to what was before.
      const now = this.work === sent ? this.saved.value : this.work;
      this.history.set({ ...this.history.value, now, gesture: "" });
      notice.set({ text: t("Saved with the set."), tone: "calm" });
    } catch (error) {
      notice.set({ text: (error as Error).message, tone: "error", retry: () => void this.save() });
    } finally {
      this.saving.set(false);
    }
  }

  /** The same as a file, to be put beside the set by hand. */
  async download(): Promise<void> {
    try {
      const text = await (await this.send(FILE_AT, this.work)).text();
      const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
      Object.assign(document.createElement("a"), { href: address, download: FILE_AT }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    } catch (error) {
      this.session.notice.set({ text: (error as Error).message, tone: "error" });
    }
  }

  private async send(address: string, landmarks: works.Work): Promise<Response> {
    const { t } = this.session;
    let answer: Response;
    try {
      answer = await fetch(new URL(address, document.baseURI), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ landmarks }),
      });
    } catch {
      throw new Error(
        t(
          "It could not be saved: Python does not answer. Is it still running? Your work stays on this device.",
        ),
      );
    }
    if (!answer.ok) throw new Error(`${t("It could not be saved.")} ${await answer.text()}`);
    return answer;
  }
}

const known = new WeakMap<Session, Landmarks>();

/** The landmarks of this page; what was done to them stays while the panel is closed. */
export function landmarksOf(session: Session): Landmarks {
  let landmarks = known.get(session);
  if (!landmarks) {
    landmarks = new Landmarks(session);
    known.set(session, landmarks);
  }
  return landmarks;
}
