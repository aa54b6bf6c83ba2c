// One page at work: the store, the stage that draws it, and what the parts of the interface share besides the scene.
import { type Anatomy, type Side, splitId } from "../atlas/anatomy";
import { type SearchIndex, searchIndex } from "../atlas/search";
import { structureTree, type TreeNode } from "../atlas/tree";
import type { Catalogue } from "../generated/catalogue";
import type { Scene } from "../generated/scene";
import { Parts } from "../host/parts";
import type { Loaded } from "../host/source";
import { speak } from "../language/speaking";
import type { Translate } from "../language/translate";
import { type Action, visibleIn } from "../scene/actions";
import { announcement } from "../scene/announce";
import { lookOf, type Surroundings } from "../scene/look";
import { type Change, Store } from "../scene/store";
import type { Library } from "../stage/loader";
import type { Insets, LoadFile, Look, PickEvent, StageApi, ThemeName } from "../stage/types";
import { Eye } from "./eye";
import { countedLoad } from "./fetching";
import { Follow } from "./follow";
import { Glide } from "./glide";
import { firstGrowth, type Growth, watchGrowth } from "./growth";
import { Heat } from "./heat";
import { insetsFor, type Layout, layoutFor, type Panels, splitInsets } from "./layout";
import { describe, listen } from "./listening";
import { Marking } from "./marking";
import { Measuring } from "./measuring";
import { Morphing } from "./morphing";
import type { Plate } from "./plates";
import { Signal } from "./signal";
import { inStep } from "./step";
import { openAside } from "./variant-actions";
import { viewFields } from "./views";

/** What can be open over the picture; on a narrow page all of it comes as a sheet from below. */
export type Panel = "tree" | "card" | "peel" | "views" | "tools" | "marks" | "cut" | "menu" | "welcome";
export type Dialog = "help" | "credits";

/** What can take the card's place beside the picture (on a narrow page, in the sheet). */
export type Aside =
  | "triggers"
  | "variants"
  | "section"
  | "measure"
  | "plate"
  | "lesson"
  | "quiz"
  | "bodies"
  | "landmarks";

export interface Tip {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly secondary: string | null;
}

export interface Notice {
  readonly text: string;
  readonly tone: "calm" | "error";
  /** Stays until it is taken back by whoever put it up. */
  readonly lasting?: boolean;
  readonly retry?: () => void;
}

export type Picture =
  | { readonly state: "loading"; readonly done: number; readonly total: number }
  | { readonly state: "ready" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "unavailable" };

export interface SessionOptions {
  readonly still?: string | null;
  /** Scripts that come when they are first needed. */
  readonly parts?: Parts;
  /** Keep the scene in the address. */
  readonly fragment: boolean;
  /** Greet whoever comes, while nothing is selected. */
  readonly welcome?: boolean;
}

const REFIT_MS = 350;

export class Session {
  readonly store: Store;
  readonly scene: Signal<Scene>;
  readonly hovered = new Signal<string | null>(null);
  readonly tip = new Signal<Tip | null>(null);
  /** Name of the footprint that the card points at. */
  readonly footprint = new Signal<string | null>(null);
  readonly notice = new Signal<Notice | null>(null);
  readonly spoken = new Signal("");
  readonly picture = new Signal<Picture>({ state: "loading", done: 0, total: 0 });
  readonly theme = new Signal<ThemeName>("light");
  readonly reducedMotion = new Signal(false);
  readonly layout = new Signal<Layout>(layoutFor(1200, 800));
  readonly panels = new Signal<Panels>({ tree: true, card: true, sheet: 0, hint: 0 });
  readonly open = new Signal<Panel | null>(null);
  readonly dialog = new Signal<Dialog | null>(null);
  /** Asks the search box to take the focus, as soon as it is there. */
  readonly searchWanted = new Signal(false);
  /** Asks the card to take the focus: the button that led to it is gone. */
  readonly cardWanted = new Signal(false);
  /** Whether the welcome is wanted; it is seen while nothing is selected. */
  readonly welcome: Signal<boolean>;
  /** Loads a file for the stage, counting what has come; or the meshes that other viewers of the page have read. */
  readonly load: LoadFile | Library;
  /** What stands beside the picture in place of the card. */
  readonly aside = new Signal<Aside | null>(null);
  /** The plate that was opened last. */
  readonly plate = new Signal<Plate | null>(null);
  /** The side of the body that the tools for nerve and muscle are about. */
  readonly side: Signal<Side>;
  readonly parts: Parts;
  private readonly documents = new Map<string, Promise<unknown>>();
  readonly growth: Signal<Growth>;
  readonly morphing: Morphing;
  readonly measuring = new Measuring(this);
  readonly follow = new Follow(this);
  readonly heat = new Heat(this);
  readonly marking: Marking;
  /** What is shown in place of the scene's own while a client is shown something: in the page's memory only. */
  readonly overlay = new Signal<Partial<Scene> | null>(null);
  readonly eye = new Eye(this);
  /** Counts up when the shapes on screen have changed: what is worked out from them is out of date. */
  readonly geometry = new Signal(0);
  /** A variant that is chosen comes to both sides. */
  readonly alike: Signal<boolean>;
  readonly body: Signal<Anatomy>;
  index: SearchIndex;
  tree: readonly TreeNode[];
  stage: StageApi | null = null;
  /** The second picture of a comparison. */
  second: StageApi | null = null;
  /** Draws the second body anew, once it is there. */
  drawBeside: (() => void) | null = null;
  /** Takes presses in the picture for itself, while it is there; whether it has. */
  taken: ((event: PickEvent) => boolean) | null = null;

  private readonly endings: (() => void)[] = [];
  private pending = 0;
  private readonly glide: Glide;

  constructor(
    anatomy: Anatomy,
    private readonly loaded: Loaded,
    scene: Scene,
    readonly options: SessionOptions,
  ) {
    this.body = new Signal(anatomy);
    this.parts = options.parts ?? new Parts({}, () => {});
    this.growth = new Signal(firstGrowth(anatomy));
    this.store = new Store(scene, anatomy);
    this.load = loaded.library ?? countedLoad(loaded, this.picture);
    this.morphing = new Morphing(this, scene);
    this.marking = new Marking(this, loaded);
    this.alike = new Signal(scene.variant.right === scene.variant.left);
    this.side = new Signal<Side>(scene.section?.side ?? splitId(scene.selected ?? "")[1] ?? "right");
    this.index = searchIndex(anatomy);
    this.tree = structureTree(anatomy);
    this.scene = new Signal(scene);
    this.welcome = new Signal(options.welcome === true);
    this.glide = new Glide(insetsFor(this.layout.value, this.panels.value));
    this.endings.push(this.store.subscribe((change) => this.changed(change)));
    for (const signal of [
      this.hovered,
      this.footprint,
      this.measuring.first,
      this.overlay,
      this.marking.marks,
      this.marking.ballZone,
      this.marking.drawn,
      this.theme,
      this.reducedMotion,
      this.layout,
      this.panels,
    ])
      this.endings.push(signal.subscribe(() => this.redraw()));
    for (const signal of [this.layout, this.panels])
      this.endings.push(signal.subscribe(() => this.eye.refit()));
    this.endings.push(watchGrowth(this, loaded));
    // A scene that comes with heat is painted once there is something to paint.
    this.endings.push(this.geometry.subscribe(() => !this.heat.painted && this.heat.refresh()));
    for (const signal of [this.growth, this.body])
      this.endings.push(signal.subscribe(() => this.marking.tend()));
    if (scene.section) this.aside.set("section");
    if (scene.trigger) this.aside.set("triggers");
    if (scene.lesson) this.aside.set("lesson");
    if (this.checks) openAside(this, "landmarks");
  }

  get anatomy(): Anatomy {
    return this.body.value;
  }

  /** Texts of the interface in the page's language. */
  get t(): Translate {
    return this.anatomy.t;
  }

  /** Goes on with the body as it has grown. */
  grow(anatomy: Anatomy): void {
    this.store.anatomy = anatomy;
    this.index = searchIndex(anatomy);
    this.tree = structureTree(anatomy);
    this.body.set(anatomy);
    void this.morphing.aim(this.seen.variant);
    describe(this);
    this.redraw();
  }

  /** The scene as it is seen. */
  get seen(): Scene {
    return this.overlay.value ? { ...this.store.scene, ...this.overlay.value } : this.store.scene;
  }

  /** The languages that this page has texts in, English first. */
  get languages(): Catalogue["languages"] {
    const { documents } = this.loaded;
    return this.anatomy.languages.filter(
      ({ code }) => code === "en" || documents.includes(`language.${code}`),
    );
  }

  /** Other bodies that can be set beside this one. */
  get bodies(): NonNullable<Loaded["bodies"]> {
    return this.loaded.bodies ?? {};
  }

  /** Whether the page was opened to check landmarks. */
  get checks(): boolean {
    return this.loaded.documents.includes("landmarks");
  }

  /** A document that comes when it is first wanted; fetched once, and anew after a failure. */
  document<T>(name: string): Promise<T> {
    let coming = this.documents.get(name);
    if (!coming) {
      coming = this.loaded.document(name);
      this.documents.set(name, coming);
      coming.catch(() => this.documents.delete(name));
    }
    return coming as Promise<T>;
  }

  dispatch(action: Action, gesture = ""): void {
    this.store.dispatch(action, { gesture });
  }

  select(name: string | null): void {
    this.dispatch({ type: "select", name });
  }

  setView(id: string): void {
    const scene = this.store.scene;
    this.footprint.set(null);
    this.dispatch({ type: "replace", scene: { ...scene, ...viewFields(id, scene, this.anatomy) } });
    // The same view again means: back to it from wherever a flight has led.
    if (scene.camera.view === id) this.eye.fly();
  }

  /** Shows a scene of its own, in one step of undo, and goes to the card of what is selected in it. */
  begin(scene: Scene): void {
    this.footprint.set(null);
    const same = scene.camera.view === this.store.scene.camera.view;
    this.store.dispatch({ type: "replace", scene }, { whole: true });
    if (same) this.eye.fly();
    const narrow = this.layout.value.name === "narrow";
    this.open.set(narrow && scene.selected !== null ? "card" : null);
    this.cardWanted.set(scene.selected !== null);
  }

  /** Flies to what the names stand for; to all that is in sight if there are none. */
  async frame(names: readonly string[]): Promise<void> {
    const seen = visibleIn(this.store.scene, this.anatomy);
    const ids = names.flatMap((name) => this.anatomy.seenAs(name)).filter((id) => seen.has(id));
    if (names.length && !ids.length) return;
    await this.stage?.frame(ids);
    this.eye.keep();
  }

  /** Puts the focus into the search box, wherever it is. */
  findStructure(): void {
    if (this.layout.value.name === "narrow") this.open.set("tree");
    else this.panels.set({ ...this.panels.value, tree: true });
    this.searchWanted.set(true);
  }

  say(text: string): void {
    if (text) this.spoken.set(text === this.spoken.value ? `${text}\u00a0` : text);
  }

  /** Takes a stage into use: it shows the scene from now on, and its events reach the scene. */
  attach(stage: StageApi): void {
    this.stage = stage;
    listen(this, stage);
    describe(this);
    stage.apply(this.look());
    stage.setCamera(this.eye.pose());
    void this.morphing.aim(this.seen.variant);
    this.marking.tend();
  }

  detach(): void {
    this.stage?.dispose();
    this.stage = null;
  }

  /** What stands in the picture when it is drawn next. */
  look(): Look {
    const now = performance.now();
    if (this.morphing.moving(now)) queueMicrotask(() => this.redraw());
    else if (this.morphing.arrived()) queueMicrotask(() => this.geometry.set(this.geometry.value + 1));
    return lookOf(this.seen, this.anatomy, {
      ...this.surroundings(this.split ? splitInsets(this.insets(), this.layout.value, 0) : this.insets()),
      shapes: this.morphing.shapes(now),
      fading: this.morphing.fading(now),
      painted: this.heat.paints,
    });
  }

  /** The same with the variants that are compared with, in the second half of the picture. */
  private secondLook(variant: Scene["variant"]): Look {
    return lookOf({ ...this.store.scene, variant }, this.anatomy, {
      ...this.surroundings(splitInsets(this.insets(), this.layout.value, 1)),
      shapes: this.morphing.still(variant),
    });
  }

  /** Whether two pictures stand side by side. */
  get split(): boolean {
    const { beside, compare } = this.store.scene;
    return beside ? beside.how === "side_by_side" : compare !== null;
  }

  surroundings(insets: Insets): Surroundings {
    return {
      rulerStart: this.measuring.first.value,
      hovered: this.hovered.value,
      footprint: this.footprint.value,
      theme: this.theme.value,
      reducedMotion: this.reducedMotion.value,
      insets,
      marks: this.marking.document,
      ballZone: this.marking.ballZone.value,
      drawn: this.marking.drawn.value,
    };
  }

  /** What the panels cover; on its way there while it changes. */
  insets(): Insets {
    const now = performance.now();
    const moves = this.picture.value.state === "ready" && !this.reducedMotion.value;
    this.glide.aim(insetsFor(this.layout.value, this.panels.value), now, moves ? REFIT_MS : 0);
    if (this.glide.moving(now)) queueMicrotask(() => this.redraw());
    return this.glide.at(now);
  }

  dispose(): void {
    for (const end of this.endings) end();
    this.follow.stop();
    this.heat.stop();
    if (this.pending) cancelAnimationFrame(this.pending);
    this.detach();
  }

  private changed({ scene, before }: Change): void {
    this.scene.set(scene);
    this.say(announcement(before, scene, this.anatomy));
    if (scene.selected !== before.selected) this.footprint.set(null);
    if (scene.language !== before.language) void speak(this);
    inStep(this, scene, before);
    describe(this);
    this.redraw();
    if (scene.camera !== before.camera && scene.camera !== this.eye.kept) this.eye.fly();
  }

  /** Does something once the page has been laid out and the stage knows its new room. */
  afterLayout(then: () => void): void {
    requestAnimationFrame(() => requestAnimationFrame(then));
  }

  /** Several changes in one turn make one new look. */
  redraw(): void {
    if (this.pending || !this.stage) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.stage?.apply(this.look());
      const { beside, compare } = this.store.scene;
      if (beside) this.drawBeside?.();
      else if (compare) this.second?.apply(this.secondLook(compare));
    });
  }
}
