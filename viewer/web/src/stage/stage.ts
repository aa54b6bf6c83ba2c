// The stage: owns the canvas, shows a `Look` of an atlas, and says what the hand does to it. It knows of no panels and
// fetches nothing itself. Everything in its scene is in LPS millimetres.
import { PerspectiveCamera, Scene, Vector2 } from "three";
import type { AtlasDocument } from "../generated/atlas";
import { dress } from "./canvas";
import { Cast } from "./cast";
import { Controls } from "./controls";
import { Cut } from "./cut";
import { Inquiry } from "./inquiry";
import { Layers, type MakeLayer } from "./layer";
import { Legend } from "./legend";
import { AtlasFiles, Library } from "./loader";
import { LandmarkDots } from "./marks";
import { EMPTY, NO_INSETS } from "./nothing";
import * as orbits from "./orbit";
import { THEMES } from "./palette";
import { Forest } from "./picking";
import { Pilot } from "./pilot";
import type { Shot } from "./pipeline";
import { Pointing } from "./pointing";
import { portrait } from "./portrait";
import { type Quality, Rhythm } from "./rhythm";
import { Rulers } from "./rulers";
import { prepareStudio, takeStudio } from "./studio";
import { Supply } from "./supply";
import { type Follower, Tether } from "./twin";
import type {
  Brush,
  FrameStats,
  LoadFile,
  Look,
  OtherBody,
  PackDocument,
  ScreenshotOptions,
  StageApi,
} from "./types";
import { unit } from "./vector";
import { View } from "./view";

export class Stage extends Inquiry implements StageApi, Follower {
  onHover: StageApi["onHover"];
  onPick: StageApi["onPick"];
  onCamera: StageApi["onCamera"];
  onFrame: StageApi["onFrame"];
  onLoad: StageApi["onLoad"];
  onContext: StageApi["onContext"];
  readonly ready: Promise<void>;
  readonly canvas: HTMLCanvasElement;

  private readonly studio = takeStudio();
  private readonly scene = new Scene();
  private readonly eye = new PerspectiveCamera(24, 1, 10, 4000);
  protected readonly view = new View();
  private readonly pixels = { value: new Vector2(1, 1) };
  protected readonly forest = new Forest();
  protected readonly cast: Cast;
  /** The atlas as this stage knows it; it grows. */
  private readonly atlas: AtlasDocument;
  private readonly library: Library;
  private readonly files: AtlasFiles;
  protected readonly supply: Supply;
  private readonly cut: Cut;
  private readonly dots: LandmarkDots;
  private readonly rulers: Rulers;
  private readonly layers: Layers;
  protected readonly pointing: Pointing;
  private readonly legend: Legend;
  protected readonly pilot: Pilot;
  protected readonly controls: Controls;
  private readonly rhythm: Rhythm;
  private readonly observer: ResizeObserver;
  private readonly abort = new AbortController();
  /** Stages that move with this one, and those of them that end with it. */
  private tether = new Tether();
  private readonly twins = new Set<Stage>();
  private look: Look = EMPTY;
  private byHand = false;
  /** The camera has moved since it last came to rest. */
  private travelled = false;
  private disposed = false;
  private firstPicture: (() => void) | null = null;
  /** The first picture is there. */
  private pictured = false;

  /** Starts the GPU for the next stage while its files are still coming. Never throws. */
  static prepare(): void {
    prepareStudio();
  }

  /**
   * host : positioned element with a size; the stage fills it
   * meshes : gives the bytes of a file named in the atlas, or the meshes that another stage has read
   *
   * Throws NoWebGL where the browser cannot draw in three dimensions.
   */
  constructor(
    private readonly host: HTMLElement,
    atlas: AtlasDocument,
    meshes: LoadFile | Library,
  ) {
    super();
    const { shared } = this.studio;
    this.atlas = { ...atlas };
    this.library = meshes instanceof Library ? meshes : new Library(meshes);
    this.canvas = this.studio.renderer.domElement;
    dress(this.canvas);
    host.append(this.canvas);
    this.scene.matrixWorldAutoUpdate = false;
    this.cast = new Cast(this.scene, this.atlas);
    this.cut = new Cut(this.scene, shared, this.pixels);
    this.dots = new LandmarkDots(this.scene, shared);
    this.pilot = new Pilot(
      this.view,
      (byHand) => this.moved(byHand),
      () => this.rhythm.wake(),
      () => this.rhythm.settle(),
    );
    this.pointing = new Pointing(this.atlas, this.cast, this.view, this.cut, this.forest, {
      hover: (event) => !this.disposed && this.onHover?.(event),
      pick: (event) => this.onPick?.(event),
      labelPoint: (id) => this.legend.anchor(id),
    });
    this.legend = new Legend(host, this.atlas, shared, this.view, this.cast, this.cut, this.pointing, {
      labelPressed: (...label) => this.pointing.labelPressed(...label),
      labelHovered: (...label) => this.pointing.labelHovered(...label),
      direction: (direction) => void this.flyTo(this.pilot.poseFrom(direction)),
    });
    this.rulers = new Rulers(this.legend.element, this.scene, shared, this.pixels);
    this.controls = this.newControls();
    this.rhythm = this.newRhythm();
    const { scene, cast, forest, view, controls, pixels } = this;
    const redraw = () => this.rhythm.invalidate();
    this.layers = new Layers({ scene, shared, cast, forest, view, controls, pixels, redraw });
    const report: typeof this.onLoad = (event) => !this.disposed && this.onLoad?.(event);
    this.files = new AtlasFiles(this.atlas, this.library, shared, this.pixels, report);
    this.supply = new Supply(this.atlas, this.files, this.cast, this.forest, () => this.supplied());
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.watchContext();
    this.resize();
    this.view.orbit = orbits.fitted(this.view.orbit, this.cast.pointsOf([]), this.view.aspect);
    this.ready = this.open();
  }

  private newControls(): Controls {
    const steer = (orbit: orbits.Orbit) => this.pilot.place(orbit, true);
    return new Controls(this.canvas, {
      turn: (azimuth, elevation) => steer(orbits.turned(this.view.orbit, azimuth, elevation)),
      shift: (dx, dy) => steer(orbits.panned(this.view.orbit, dx, dy, this.view.freeHeight)),
      zoomAt: (factor, x, y) => steer(orbits.zoomed(this.view.orbit, factor, this.pointing.fixedPoint(x, y))),
      hover: (x, y) => this.pointing.hover(x, y),
      leave: () => this.pointing.leave(),
      press: (x, y, event, double) => this.pointing.press(x, y, event, double),
      wake: () => {
        this.pilot.land();
        this.rhythm.wake();
      },
    });
  }

  private newRhythm(): Rhythm {
    const player = {
      advance: (milliseconds: number) => {
        const gliding = this.controls.step(milliseconds);
        return this.pilot.advance() || gliding;
      },
      shot: () => this.shot(),
      drawn: (refined: boolean) => this.drawn(refined),
      begun: () => this.begun(),
      rested: () => this.rested(),
    };
    return new Rhythm(this.studio, player);
  }

  private watchContext(): void {
    const { signal } = this.abort;
    const change = (lost: boolean) => {
      this.rhythm.pause(lost);
      if (lost) this.releaseGpu();
      this.onContext?.({ lost });
    };
    this.canvas.addEventListener("webglcontextlost", () => change(true), { signal });
    this.canvas.addEventListener("webglcontextrestored", () => change(false), { signal });
  }

  private releaseGpu(): void {
    this.cast.release();
    this.layers.release();
    this.legend.releaseGpu();
    this.studio.shared.dispose();
  }

  /** Reads the files of the first picture and waits for it; the rest of what is seen by default comes after it. */
  private async open(): Promise<void> {
    await Promise.resolve(); /* the page gives its first look right after it has made the stage */
    await this.supply.deliverFirst(this.look);
    if (this.disposed) return;
    await new Promise<void>((resolve) => {
      this.firstPicture = resolve;
      this.rhythm.begin();
    });
    this.pictured = true;
    this.supply.deliverSoon(this.look); /* failures are told through onLoad */
  }

  private supplied(): void {
    this.cast.show(this.look);
    this.layers.show(this.look);
    this.legend.bodyChanged();
    this.rhythm.invalidate();
  }

  apply(look: Look): void {
    if (this.disposed) return;
    const before = this.look;
    this.look = look;
    this.view.insets = look.insets ?? NO_INSETS;
    this.controls.reducedMotion = look.reducedMotion;
    this.pilot.reducedMotion = look.reducedMotion;
    this.pointing.landmarks = look.landmarks;
    this.studio.shared.useTheme(THEMES[look.theme]);
    this.cut.set(look.cut && { normal: unit(look.cut.normal), offset: look.cut.offset });
    if (look.landmarks !== before.landmarks) this.dots.set(look.landmarks);
    if (look.rulers !== before.rulers) this.rulers.set(look.rulers ?? []);
    this.cast.show(look);
    this.layers.show(look);
    this.legend.set(look);
    if (this.pictured) this.supply.fetchFor(look);
    this.rhythm.invalidate();
  }

  private shot(): Shot {
    const theme = THEMES[this.look.theme];
    const { ratio } = this.rhythm;
    this.cast.arrange(this.look, this.view, this.cut, theme, ratio);
    this.dots.style(theme, ratio);
    this.rulers.style(theme, ratio);
    this.layers.arrange(theme, ratio);
    this.pixels.value.set(this.view.width * ratio, this.view.height * ratio);
    this.view.sync(this.eye, this.cast.extent);
    const [dx, dy] = this.view.shift;
    return {
      scene: this.scene,
      camera: this.eye,
      theme,
      outlined: this.cast.outlined,
      shift: [dx * ratio, dy * ratio],
    };
  }

  private begun(): void {
    this.firstPicture?.();
    this.firstPicture = null;
    this.write();
  }

  private drawn(refined: boolean): void {
    this.canvas.style.opacity = "";
    if (this.firstPicture) return; /* all else can wait */
    if (this.legend.wantsSurvey(!this.rhythm.atRest, this.rhythm.refines)) this.lookAround();
    this.write();
    this.onFrame?.({ refined });
  }

  private rested(): void {
    this.legend.forget();
    if (this.legend.wantsSurvey(false, true)) this.lookAround();
    this.write();
    if (this.travelled) this.onCamera?.({ pose: this.camera, byHand: this.byHand, settled: true });
    this.travelled = false;
    this.byHand = false;
  }

  private write(): void {
    this.legend.write();
    this.rulers.write((point) => this.view.project(point));
  }

  private lookAround(): void {
    this.view.sync(this.eye, this.cast.extent);
    this.legend.lookAround(this.studio.renderer, this.scene, this.eye);
  }

  private resize(): void {
    if (this.disposed) return;
    this.view.width = Math.max(1, this.host.clientWidth);
    this.view.height = Math.max(1, this.host.clientHeight);
    this.rhythm.resize(this.view.width, this.view.height);
    this.legend.forget();
  }

  private moved(byHand: boolean): void {
    this.byHand = byHand;
    this.travelled = true;
    this.tether.moved(this, this.view.orbit, byHand);
    this.onCamera?.({ pose: this.camera, byHand, settled: false });
  }

  get resting(): boolean {
    return this.rhythm.resting && !this.files.loading;
  }

  follow(orbit: orbits.Orbit, byHand: boolean): void {
    this.pilot.place(orbit, byHand);
  }

  twin(host: HTMLElement, other?: OtherBody): Stage {
    const twin = new Stage(host, other?.atlas ?? this.atlas, other?.library ?? this.library);
    twin.setCamera(this.camera);
    twin.use(this.layers.makers);
    twin.tether = this.tether;
    this.tether.join(this);
    this.tether.join(twin);
    this.twins.add(twin);
    return twin;
  }

  extend(pack: PackDocument): void {
    if (this.disposed) return;
    this.supply.extend(pack);
    for (const twin of this.twins) if (twin.library === this.library) twin.extend(pack);
  }

  use(makers: readonly MakeLayer[]): void {
    if (this.disposed) return;
    this.layers.use(makers);
    for (const twin of this.twins) twin.use(makers);
    this.supplied();
  }

  brush(brush: Brush | null): void {
    this.layers.brush(brush);
  }

  /** "high" refines resting pictures on any machine; "auto" (the default) only where it is fast. */
  get quality(): Quality {
    return this.rhythm.quality;
  }

  set quality(quality: Quality) {
    this.rhythm.quality = quality;
    this.rhythm.invalidate();
  }

  async screenshot(options: ScreenshotOptions = {}): Promise<Blob> {
    const { canvas, view, legend, rulers, rhythm, look } = this;
    const write = () => {
      if (legend.wantsSurvey(false, true)) this.lookAround();
      this.write();
    };
    const { insets = look.insets ?? NO_INSETS, theme = look.theme } = options;
    const posed = insets === look.insets && theme === look.theme ? look : { ...look, insets, theme };
    try {
      if (posed !== look) this.apply(posed);
      return await portrait({ canvas, view, legend, rulers, rhythm, write }, options);
    } finally {
      if (!this.disposed) {
        if (posed !== look && this.look === posed) this.apply(look);
        rhythm.resume();
      }
    }
  }

  stats(): FrameStats {
    return {
      triangles: this.studio.pipeline.triangles,
      calls: this.studio.pipeline.calls,
      ms: this.rhythm.milliseconds,
      bvhMs: this.forest.milliseconds,
      bvhPending: this.forest.pending,
      pickMs: this.pointing.times.quantile(0.5),
      pickP95Ms: this.pointing.times.quantile(0.95),
      refines: this.rhythm.refines,
      pixelRatio: this.rhythm.ratios,
    };
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.tether.leave(this);
    for (const twin of this.twins) twin.dispose();
    this.pilot.land();
    this.firstPicture?.();
    this.abort.abort();
    this.observer.disconnect();
    this.pointing.stop();
    this.controls.dispose();
    this.supply.stop();
    this.forest.stop();
    this.layers.stop();
    this.rhythm.stop();
    this.releaseGpu();
    for (const each of [this.cut, this.dots, this.rulers, this.legend, this.studio]) each.dispose();
    this.canvas.remove();
  }
}
