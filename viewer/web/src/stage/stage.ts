// The stage: owns the canvas, shows a `Look` of an atlas, and says what the hand does to it. It knows of no panels and
// fetches nothing itself. Everything in its scene is in LPS millimetres.
import { PerspectiveCamera, Scene, Vector2, WebGLRenderer } from "three";
import type { AtlasDocument } from "../generated/atlas";
import { type Body, normalPaint } from "./body";
import { Recent } from "./clock";
import { Controls } from "./controls";
import { Cut } from "./cut";
import type { FootprintPaint } from "./footprint";
import { Labels, type LabelView } from "./labels";
import { AtlasFiles, type Loaded } from "./loader";
import { LandmarkDots } from "./marks";
import * as orbits from "./orbit";
import { ENGLISH, letters, Overlay } from "./overlay";
import { THEMES, type Theme } from "./palette";
import { Forest, firstHit, inSight, Probe, pickAlong } from "./picking";
import type { Shot } from "./pipeline";
import { drawsInSoftware, type Quality, Rhythm } from "./rhythm";
import { picture, type Writing } from "./screenshot";
import { SharedUniforms } from "./surface";
import { Survey } from "./survey";
import type {
  CameraPose,
  FrameStats,
  LoadFile,
  Look,
  Pick,
  PickEvent,
  ScreenshotOptions,
  StageApi,
  Vec3,
  ViewDirection,
} from "./types";
import { dot, scale, unit } from "./vector";
import { type Sphere, View } from "./view";

const EMPTY: Look = {
  structures: {},
  footprints: [],
  labels: [],
  landmarks: [],
  cut: null,
  theme: "light",
  reducedMotion: false,
};
const FLIGHT_MS = 700;
/** While the camera moves, labels look for new anchors this often, ms, on machines that can. */
const SURVEY_MS = 240;

/** Places in the drawing order: solid surfaces, then caps and paint (100 to 500), then the see-through. */
const LAST_SOLID = 90;
const FIRST_CLEAR = 60;

interface Flight {
  readonly from: orbits.Orbit;
  readonly to: orbits.Orbit;
  readonly start: number;
  readonly ms: number;
  readonly end: () => void;
}

export class Stage implements StageApi {
  onHover: StageApi["onHover"];
  onPick: StageApi["onPick"];
  onCamera: StageApi["onCamera"];
  onFrame: StageApi["onFrame"];
  onLoad: StageApi["onLoad"];
  onContext: StageApi["onContext"];
  readonly ready: Promise<void>;
  readonly canvas: HTMLCanvasElement;

  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly eye = new PerspectiveCamera(24, 1, 10, 4000);
  private readonly view = new View();
  private readonly pixels = { value: new Vector2(1, 1) };
  private readonly shared: SharedUniforms;
  private readonly files: AtlasFiles;
  private readonly forest = new Forest();
  private readonly cut: Cut;
  private readonly dots: LandmarkDots;
  private readonly overlay: Overlay;
  private readonly labels: Labels;
  private readonly survey: Survey;
  private readonly controls: Controls;
  private readonly rhythm: Rhythm;
  private readonly observer: ResizeObserver;
  private readonly abort = new AbortController();
  private readonly picks = new Recent(200);
  private bodies: Body[] = [];
  private footprints: FootprintPaint[] = [];
  private look: Look = EMPTY;
  private ranks = new Map<string, number>();
  private flight: Flight | null = null;
  private byHand = false;
  private seen: Sphere = { centre: [0, 0, 0], radius: 300 };
  private surveyed = 0;
  private hovering = 0;
  private disposed = false;
  private firstPicture: (() => void) | null = null;

  /** Whether this browser can draw in three dimensions at all (WebGL 2). */
  static supported(): boolean {
    try {
      const gl = document.createElement("canvas").getContext("webgl2");
      gl?.getExtension("WEBGL_lose_context")?.loseContext();
      return gl !== null;
    } catch {
      return false;
    }
  }

  /**
   * host : positioned element with a size; the stage fills it
   * load : gives the bytes of a file named in the atlas
   */
  constructor(
    private readonly host: HTMLElement,
    private readonly atlas: AtlasDocument,
    load: LoadFile,
  ) {
    this.renderer = new WebGLRenderer({
      antialias: false,
      depth: false,
      stencil: false,
      alpha: false,
      powerPreference: "high-performance",
    });
    this.renderer.autoClear = false;
    this.renderer.info.autoReset = false;
    this.renderer.setClearColor(0x000000, 0);
    this.canvas = this.renderer.domElement;
    this.canvas.className = "stage-canvas";
    this.canvas.tabIndex = 0;
    Object.assign(this.canvas.style, {
      position: "absolute",
      inset: "0",
      width: "100%",
      height: "100%",
      touchAction: "none",
      display: "block",
    });
    host.append(this.canvas);
    this.shared = new SharedUniforms(
      drawsInSoftware(this.renderer) ? 1 : Math.min(8, this.renderer.capabilities.getMaxAnisotropy()),
    );
    this.scene.matrixWorldAutoUpdate = false;
    this.cut = new Cut(this.scene, this.shared, this.pixels);
    this.dots = new LandmarkDots(this.scene, this.shared);
    this.survey = new Survey(this.shared);
    this.overlay = new Overlay(host, {
      label: (id, event) => this.labelPressed(id, event),
      hover: (id, event) => this.labelHovered(id, event),
      direction: (direction) => void this.flyTo(this.turnedTo(direction)),
    });
    this.labels = new Labels(this.overlay, (id) => atlas.structures[id]?.anchor ?? null);
    this.controls = new Controls(this.canvas, {
      turn: (azimuth, elevation) => this.steer(orbits.turned(this.view.orbit, azimuth, elevation)),
      shift: (dx, dy) => this.steer(orbits.panned(this.view.orbit, dx, dy, this.view.freeHeight)),
      zoomAt: (factor, x, y) => this.steer(orbits.zoomed(this.view.orbit, factor, this.underPointer(x, y))),
      hover: (x, y) => this.hover(x, y),
      leave: () => this.leave(),
      press: (x, y, event, double) => this.press(x, y, event, double),
      wake: () => {
        this.endFlight();
        this.rhythm.wake();
      },
    });
    this.rhythm = new Rhythm(
      this.renderer,
      this.eye,
      {
        advance: (milliseconds) => this.advance(milliseconds),
        shot: () => this.shot(),
        drawn: (refined) => this.drawn(refined),
        rested: () => this.rested(),
      },
      normalPaint(this.shared),
    );
    this.files = new AtlasFiles(
      atlas,
      load,
      this.shared,
      this.pixels,
      (event) => !this.disposed && this.onLoad?.(event),
    );
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.listen();
    this.resize();
    this.view.orbit = orbits.fitted(
      this.view.orbit,
      this.cornersOf(Object.keys(atlas.structures)),
      this.view.aspect,
    );
    this.ready = this.open();
  }

  private listen(): void {
    const { signal } = this.abort;
    const context = (lost: boolean) => {
      this.rhythm.pause(lost);
      this.onContext?.({ lost });
    };
    this.canvas.addEventListener("webglcontextlost", () => context(true), { signal });
    this.canvas.addEventListener("webglcontextrestored", () => context(false), { signal });
  }

  /** Reads the default files and waits for the first picture that has them. */
  private async open(): Promise<void> {
    await Promise.all(this.files.defaults.map((file) => this.fetch(file)));
    if (this.disposed) return;
    await new Promise<void>((resolve) => {
      this.firstPicture = resolve;
      this.rhythm.invalidate();
    });
  }

  private async fetch(file: string): Promise<void> {
    const loaded = await this.files.fetch(file);
    if (this.disposed) this.discard(loaded);
    else this.take(loaded);
  }

  private discard(loaded: Loaded): void {
    for (const each of [...loaded.bodies, ...loaded.footprints]) each.dispose();
  }

  private take({ bodies, footprints }: Loaded): void {
    const fresh = bodies.filter((body) => !this.bodies.includes(body));
    const painted = footprints.filter((footprint) => !this.footprints.includes(footprint));
    if (fresh.length + painted.length === 0) return;
    this.bodies = [...this.bodies, ...fresh];
    this.footprints = [...this.footprints, ...painted];
    for (const body of fresh) this.scene.add(body.surface, body.veil, body.silhouette);
    for (const footprint of painted) this.scene.add(footprint.patch, footprint.rim.mesh);
    this.forest.plant([...fresh, ...painted]);
    this.showBodies();
    this.rhythm.invalidate();
  }

  apply(look: Look): void {
    if (this.disposed) return;
    const before = this.look;
    this.look = look;
    const insets = look.insets ?? { top: 0, right: 0, bottom: 0, left: 0 };
    this.view.insets = insets;
    this.controls.reducedMotion = look.reducedMotion;
    if (look.theme !== before.theme || before === EMPTY) {
      const theme = THEMES[look.theme];
      this.shared.useTheme(theme);
      this.overlay.setTheme(look.theme, `#${theme.outline.getHexString()}`);
    }
    this.overlay.setDirections(look.directions);
    this.cut.set(look.cut ? { normal: unit(look.cut.normal), offset: look.cut.offset } : null);
    if (look.landmarks !== before.landmarks) this.dots.set(look.landmarks);
    this.labels.set(look.labels, look.landmarks);
    this.showBodies();
    this.fetchWhatIsSeen();
    this.rhythm.wake();
  }

  private fetchWhatIsSeen(): void {
    const wanted = new Set<string>();
    for (const [id, { visible }] of Object.entries(this.look.structures))
      if (visible) for (const part of this.atlas.structures[id]?.parts ?? []) wanted.add(part.file);
    const painted = new Set(this.look.footprints.map(({ name }) => name));
    for (const entry of Object.values(this.atlas.structures))
      for (const footprint of entry.footprints) if (painted.has(footprint.name)) wanted.add(footprint.file);
    for (const file of wanted)
      if (!this.files.knows(file)) this.fetch(file).catch(() => undefined); /* told through onLoad */
  }

  /** Brings every mesh in line with the look. */
  private showBodies(): void {
    for (const body of this.bodies) body.show(this.look.structures[body.id] ?? null);
    const boxes = this.bodies.filter((body) => body.visible).map((body) => body.geometry.boundingSphere);
    let radius = 0;
    const centre: Vec3 = [0, 0, 0];
    for (const sphere of boxes) if (sphere) radius = Math.max(radius, sphere.center.length() + sphere.radius);
    this.seen = { centre, radius: Math.max(radius, 60) };
    this.surveyed = 0;
  }

  /** What depends on the camera too: order of the see-through, caps, paint, sizes in pixels. */
  private arrange(): Theme {
    const theme = THEMES[this.look.theme];
    const { ratio } = this.rhythm;
    const towards = orbits.direction(this.view.orbit);
    const nearest = (body: Body) => {
      const { boundingBox: box } = body.geometry;
      if (!box) return 0;
      const side = (axis: 0 | 1 | 2, low: number, high: number) =>
        towards[axis] * (towards[axis] > 0 ? high : low);
      return side(0, box.min.x, box.max.x) + side(1, box.min.y, box.max.y) + side(2, box.min.z, box.max.z);
    };
    const shown = this.bodies.filter((body) => body.visible).map((body) => ({ body, depth: nearest(body) }));
    shown.sort((a, b) => a.depth - b.depth);
    this.ranks = new Map();
    for (const { body } of shown) if (!body.solid) this.ranks.set(body.id, FIRST_CLEAR + this.ranks.size);
    const rank = (id: string) => this.ranks.get(id) ?? 0;
    for (const [i, { body }] of shown.entries())
      body.setRank(body.solid ? ((shown.length - i) / shown.length) * LAST_SOLID : rank(body.id));
    this.cut.update(this.bodies, this.look.structures, rank, theme, ratio);
    this.paint(theme, ratio);
    this.dots.style(theme, ratio);
    this.pixels.value.set(this.view.width * ratio, this.view.height * ratio);
    return theme;
  }

  private paint(theme: Theme, ratio: number): void {
    const wanted = new Map(this.look.footprints.map((footprint) => [footprint.name, footprint]));
    for (const footprint of this.footprints) {
      const look = wanted.get(footprint.entry.name);
      const carrier = this.bodies.find((body) => body.id === footprint.entry.on && body.visible);
      if (!look || !carrier) {
        footprint.hide();
        continue;
      }
      const place = carrier.solid ? null : (this.ranks.get(carrier.id) ?? 0);
      footprint.show(theme, !!look.emphasised, { opacity: carrier.opacity, rank: place }, ratio);
      footprint.setScale(this.view.millimetresPerPixel);
    }
  }

  private shot(): Shot {
    const theme = this.arrange();
    this.view.sync(this.eye, this.seen);
    const outlined = this.bodies.some((body) => body.silhouette.visible);
    const [dx, dy] = this.view.shift;
    const { ratio } = this.rhythm;
    return { scene: this.scene, camera: this.eye, theme, outlined, shift: [dx * ratio, dy * ratio] };
  }

  private advance(milliseconds: number): boolean {
    let more = this.controls.step(milliseconds);
    if (this.flight) {
      const { from, to, start, ms } = this.flight;
      const t = ms > 0 ? (performance.now() - start) / ms : 1;
      this.moveTo(orbits.flight(from, to, t), false);
      if (t >= 1) this.endFlight();
      more = true;
    }
    return more;
  }

  private drawn(refined: boolean): void {
    if (this.labels.any && this.rhythm.refines && performance.now() - this.surveyed > SURVEY_MS)
      this.lookAround();
    this.write();
    this.firstPicture?.();
    this.firstPicture = null;
    this.onFrame?.({ refined });
  }

  private rested(): void {
    if (this.labels.any) this.lookAround();
    this.write();
    this.onCamera?.({ pose: this.camera, byHand: this.byHand, settled: true });
    this.byHand = false;
  }

  private lookAround(): void {
    this.surveyed = performance.now();
    this.view.sync(this.eye, this.seen);
    const result = this.survey.take(
      this.renderer,
      this.scene,
      this.eye,
      this.bodies,
      this.view.shift,
      this.view.width,
    );
    this.labels.survey(result, this.bodies, this.labelView());
  }

  /** Labels and marks for the present camera. */
  private write(): void {
    const { orbit } = this.view;
    const axes = { right: orbits.right(orbit), up: orbits.up(orbit), back: orbits.direction(orbit) };
    this.overlay.orient(axes, this.view.free);
    this.labels.layout(this.labelView());
  }

  private labelView(): LabelView {
    const { view } = this;
    const cut = this.cut.plane;
    return {
      width: view.width,
      height: view.height,
      area: view.labelArea,
      project: (point) => {
        const at = view.project(point);
        return cut && dot(cut.normal, point) > cut.offset + 0.5 ? { ...at, inFront: false } : at;
      },
      touch: (id, x, y) => {
        const probe = this.probe(x, y);
        const hit = firstHit(this.bodies, probe, this.forest, (body) => body.visible && body.id === id);
        return hit ? probe.at(hit.distance) : null;
      },
      inSight: (point) => inSight(view.eye, point, this.bodies, this.forest, cut),
    };
  }

  private resize(): void {
    if (this.disposed) return;
    this.view.width = Math.max(1, this.host.clientWidth);
    this.view.height = Math.max(1, this.host.clientHeight);
    this.rhythm.resize(this.view.width, this.view.height);
    this.rhythm.wake();
  }

  /* ---- camera ---- */

  get camera(): CameraPose {
    return orbits.toPose(this.view.orbit);
  }

  setCamera(pose: CameraPose): void {
    this.endFlight();
    this.controls.still();
    this.moveTo(orbits.fromPose(pose), false);
    this.rhythm.wake();
  }

  flyTo(pose: CameraPose, ms = FLIGHT_MS): Promise<void> {
    this.endFlight();
    this.controls.still();
    const to = orbits.fromPose(pose);
    if (this.look.reducedMotion || ms <= 0 || orbits.same(this.view.orbit, to)) {
      this.setCamera(pose);
      return Promise.resolve();
    }
    return new Promise((end) => {
      this.rhythm.wake();
      this.flight = { from: this.view.orbit, to, start: performance.now(), ms, end };
    });
  }

  private endFlight(): void {
    const ended = this.flight;
    this.flight = null;
    ended?.end();
  }

  private steer(orbit: orbits.Orbit): void {
    this.moveTo(orbit, true);
  }

  private moveTo(orbit: orbits.Orbit, byHand: boolean): void {
    this.view.orbit = orbit;
    this.byHand = byHand;
    this.onCamera?.({ pose: this.camera, byHand, settled: false });
  }

  poseFor(ids: readonly string[], view?: ViewDirection): CameraPose {
    const wanted = ids.length ? ids : this.bodies.filter((body) => body.visible).map((body) => body.id);
    const points = this.cornersOf(wanted.length ? wanted : Object.keys(this.atlas.structures));
    const { orbit } = this.view;
    const from = view
      ? orbits.fromPose({
          ...this.camera,
          target: [0, 0, 0],
          position: scale(unit(view.direction), 500),
          up: view.up ?? [0, 0, 1],
        })
      : orbit;
    return orbits.toPose(
      orbits.fitted({ ...orbit, azimuth: from.azimuth, elevation: from.elevation }, points, this.view.aspect),
    );
  }

  frame(ids: readonly string[], ms = FLIGHT_MS): Promise<void> {
    return this.flyTo(this.poseFor(ids), ms);
  }

  private turnedTo(direction: Vec3): CameraPose {
    const { target, distance } = this.view.orbit;
    const away = scale(direction, distance);
    return {
      ...this.camera,
      position: [target[0] + away[0], target[1] + away[1], target[2] + away[2]],
      up: [0, direction[2] > 0 ? 1 : -1, 0],
    };
  }

  /** Points that a picture of these structures (or footprints, by name) must hold: of their surfaces, or of their bounds. */
  private cornersOf(names: readonly string[]): Vec3[] {
    return names.flatMap((name) => {
      const owners = [
        ...this.bodies.filter((body) => body.id === name),
        ...this.footprints.filter((footprint) => footprint.entry.name === name),
      ];
      if (owners.length)
        return owners.flatMap((owner) =>
          sampled(owner.geometry.getAttribute("position").array as Float32Array),
        );
      const bounds = this.atlas.structures[name.split("#")[0] as string]?.bounds;
      if (!bounds) return [];
      const [low, high] = bounds;
      return [0, 1, 2, 3, 4, 5, 6, 7].map(
        (corner): Vec3 => [
          (corner & 1 ? high : low)[0],
          (corner & 2 ? high : low)[1],
          (corner & 4 ? high : low)[2],
        ],
      );
    });
  }

  turn(azimuth: number, elevation: number): void {
    this.controls.glide({ azimuth: (azimuth * Math.PI) / 180, elevation: (elevation * Math.PI) / 180 });
  }

  pan(dx: number, dy: number): void {
    this.controls.glide({ dx, dy });
  }

  zoom(factor: number): void {
    this.controls.glideZoom(factor, ...this.view.middle);
  }

  /* ---- pointing ---- */

  private probe(x: number, y: number): Probe {
    return new Probe(this.view.eye, this.view.ray(x, y), this.cut.plane);
  }

  /** What a zoom keeps in place: the point under the pointer, or the one at the target's depth. */
  private underPointer(x: number, y: number): Vec3 {
    const [mx, my] = this.view.middle;
    if (Math.hypot(x - mx, y - my) < 1) return this.view.orbit.target;
    return (
      this.pick(x, y)?.point ??
      orbits.pointAtTargetDepth(this.view.orbit, x - mx, y - my, this.view.freeHeight)
    );
  }

  pick(x: number, y: number): Pick | null {
    const start = performance.now();
    const found = pickAlong(this.probe(x, y), this.bodies, this.footprints, this.forest);
    this.picks.add(performance.now() - start);
    return found && { ...found, landmark: this.landmarkAt(x, y) };
  }

  private landmarkAt(x: number, y: number): string | null {
    let best: string | null = null;
    let least = 9;
    for (const { id, points } of this.look.landmarks)
      for (const point of points) {
        const at = this.view.project(point);
        const away = Math.hypot(at.x - x, at.y - y);
        if (
          at.inFront &&
          away < least &&
          inSight(this.view.eye, point, this.bodies, this.forest, this.cut.plane)
        ) {
          least = away;
          best = id;
        }
      }
    return best;
  }

  project(point: Vec3): { x: number; y: number; inFront: boolean } {
    return this.view.project(point);
  }

  private hover(x: number, y: number): void {
    if (!this.onHover || this.hovering) return;
    this.hovering = requestAnimationFrame(() => {
      this.hovering = 0;
      if (!this.disposed) this.onHover?.({ pick: this.pick(x, y), x, y });
    });
  }

  private leave(): void {
    cancelAnimationFrame(this.hovering);
    this.hovering = 0;
    this.onHover?.({ pick: null, x: 0, y: 0 });
  }

  private press(x: number, y: number, event: PointerEvent, double: boolean): void {
    const pointer =
      event.pointerType === "touch" || event.pointerType === "pen" ? event.pointerType : "mouse";
    this.onPick?.({ pick: this.pick(x, y), x, y, pointer, double, shift: event.shiftKey });
  }

  private fromLabel(id: string, event: PointerEvent): Omit<PickEvent, "pointer" | "double" | "shift"> {
    const box = this.host.getBoundingClientRect();
    const point = this.labels.anchor(id) ?? this.atlas.structures[id]?.anchor ?? [0, 0, 0];
    const part = this.atlas.structures[id]?.parts[0]?.name ?? id;
    return {
      pick: { id, part, footprint: null, landmark: null, point },
      x: event.clientX - box.left,
      y: event.clientY - box.top,
    };
  }

  private labelPressed(id: string, event: PointerEvent): void {
    this.onPick?.({ ...this.fromLabel(id, event), pointer: "label", double: false, shift: event.shiftKey });
  }

  private labelHovered(id: string | null, event: PointerEvent): void {
    if (id === null) this.leave();
    else this.onHover?.(this.fromLabel(id, event));
  }

  /* ---- pictures and figures ---- */

  /** "high" refines resting pictures on any machine; "auto" (the default) only where it is fast. */
  get quality(): Quality {
    return this.rhythm.quality;
  }

  set quality(quality: Quality) {
    this.rhythm.quality = quality;
    this.rhythm.invalidate();
  }

  async screenshot(options: ScreenshotOptions = {}): Promise<Blob> {
    const { width, height } = this.view;
    const factor = options.height
      ? options.height / height
      : options.width
        ? options.width / width
        : this.rhythm.fullRatio;
    const other = options.width && options.height ? Math.round(options.width / factor) : width;
    try {
      this.view.width = other;
      if (this.labels.any) this.lookAround();
      this.write();
      const writing = options.annotated === false ? null : this.writing();
      await this.rhythm.portrait(other, height, factor);
      return await picture(this.canvas, writing, factor);
    } finally {
      this.view.width = width;
      if (!this.disposed) this.rhythm.resume();
    }
  }

  private writing(): Writing {
    const { orbit, free } = this.view;
    const names = this.look.directions ?? ENGLISH;
    const y = free.top + 22;
    const right = orbits.right(orbit);
    return {
      theme: this.look.theme,
      labels: this.labels.shown,
      marks: [
        { text: letters(scale(right, -1), names).short, x: free.left + 10, y, align: "left" },
        { text: letters(right, names).short, x: free.right - 10, y, align: "right" },
      ],
    };
  }

  stats(): FrameStats {
    const { pipeline } = this.rhythm;
    return {
      triangles: pipeline.triangles,
      calls: pipeline.calls,
      ms: this.rhythm.milliseconds,
      bvhMs: this.forest.milliseconds,
      bvhPending: this.forest.pending,
      pickMs: this.picks.quantile(0.5),
      pickP95Ms: this.picks.quantile(0.95),
      refines: this.rhythm.refines,
      pixelRatio: this.rhythm.ratios,
    };
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.endFlight();
    this.firstPicture?.();
    this.abort.abort();
    this.observer.disconnect();
    cancelAnimationFrame(this.hovering);
    this.controls.dispose();
    this.files.stop();
    this.forest.stop();
    this.rhythm.stop();
    this.discard({ bodies: this.bodies, footprints: this.footprints });
    for (const each of [this.cut, this.dots, this.survey, this.shared, this.overlay]) each.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }
}

/** Up to about 300 points of a surface, evenly taken. */
function sampled(positions: Float32Array): Vec3[] {
  const count = positions.length / 3;
  const step = Math.max(1, Math.floor(count / 300));
  const points: Vec3[] = [];
  for (let i = 0; i < count; i += step)
    points.push([positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]] as unknown as Vec3);
  return points;
}
