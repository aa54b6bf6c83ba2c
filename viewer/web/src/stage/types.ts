// What the page tells the stage, and what the stage tells the page. Everything here is in LPS millimetres
// (x to the subject's left, y to posterior, z up) and in sided ids (`piriformis.right`, `sacrum`).

import type { AtlasDocument } from "../generated/atlas";
import type { PackDocument } from "../generated/pack";
import type { MakeLayer } from "./layer";
import type { Library } from "./loader";

export type { AtlasDocument } from "../generated/atlas";
export type { PackDocument } from "../generated/pack";

export type Vec3 = readonly [number, number, number];

/** Where the viewer stands. `fieldOfView` is the vertical angle in degrees. */
export interface CameraPose {
  readonly position: Vec3;
  readonly target: Vec3;
  readonly up: Vec3;
  readonly fieldOfView: number;
}

export interface StructureLook {
  readonly visible: boolean;
  /** 0 to 1. Below 1 the structure is drawn as one see-through surface; up to 0.1 it cannot be picked. */
  readonly opacity: number;
  /** Drawn like glass and without colour, and picked only where nothing undimmed lies on the ray ("fade others"). */
  readonly dimmed?: boolean;
  readonly hovered?: boolean;
  readonly selected?: boolean;
  /** Names of parts not to draw (a variant's geometry that is not in use); absent means that all are drawn. */
  readonly hiddenParts?: readonly string[];
  /** Clear where it lies before the look's window. */
  readonly windowed?: boolean;
}

/** A round window that follows the eye: what is `windowed` is clear where it would hide this point. */
export interface WindowLook {
  readonly point: Vec3;
  /** The place of a part over it (triangle, first two weights): what lies on the body's other side stays as it is. */
  readonly part: string;
  readonly over: readonly number[];
}

/** Dots of one kind on a part: each a triangle and its first two weights in parts of 255, one after the other. */
export interface DotsLook {
  readonly part: string;
  readonly places: readonly number[];
  /** Filled discs where pain is felt by nearly all, open rings where only some feel it. */
  readonly level: "essential" | "spillover";
}

/** An X that is seen through whatever lies before it, with its label. */
export interface CrossLook {
  readonly id: string;
  readonly point: Vec3;
  readonly text: string;
}

export type BallKind = "tennis_ball" | "lacrosse_ball" | "roller";

/** A ball of true size, set into a part. */
export interface BallLook {
  readonly kind: BallKind;
  /** mm. */
  readonly radius: number;
  /** mm that it sinks in. */
  readonly sinks: number;
  readonly part: string;
  /** Vertex of the part that it is set on, and the way it presses (unit, LPS). */
  readonly vertex: number;
  readonly direction: Vec3;
  /** Structures whose way beneath is shown faintly on the part, around the ball. */
  readonly shunned: readonly string[];
}

/** Areas painted on a part, by its vertices. */
export interface StainLook {
  readonly part: string;
  /** Calm: where pressing is allowed. */
  readonly safe: readonly number[];
  /** What a person has marked. */
  readonly drawn: readonly number[];
}

/**
 * Where a part with several shapes (`A`, `B`, `slim`) stands between two of them; the stage mixes, whoever sends the look
 * drives `t`. A name that the part has no shape of (`A`, `base`) means the part as the atlas first gave it.
 */
export interface ShapeLook {
  readonly from: string;
  readonly to: string;
  /** 0 is `from`, 1 is `to`: send 0 and 1 exactly at the ends, since only there the search trees are brought up to date. */
  readonly t: number;
}

/** A distance that was measured, drawn as a line with end marks and its text. */
export interface RulerLook {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly text: string;
}

/** Numbers painted on a part instead of its tissue: one for each of its vertices. */
export interface Paint {
  readonly values: Float32Array;
  /** The numbers that the first and the last colour of the map stand for; those beyond take the end colours. */
  readonly range: readonly [number, number];
}

export interface FootprintLook {
  /** Name of the footprint in the atlas: `piriformis.right#proximal@sacrum`. */
  readonly name: string;
  /** Painted stronger than the rest (the selected or hovered structure's). */
  readonly emphasised?: boolean;
}

export interface LabelLook {
  /** Sided id of the structure that is named. */
  readonly id: string;
  readonly text: string;
  /** Second line, smaller (the Latin name when both are asked for). */
  readonly secondary?: string;
  /** Comes before all others when space is short. */
  readonly emphasised?: boolean;
}

export interface LandmarkLook {
  /** Sided landmark id. */
  readonly id: string;
  readonly text: string;
  /** One point, or the points of a line. */
  readonly points: readonly Vec3[];
}

export interface CutLook {
  /** Unit normal; points to the side that is removed. */
  readonly normal: Vec3;
  /** Signed distance of the plane from the origin along the normal, mm. */
  readonly offset: number;
}

export type ThemeName = "light" | "dark" | "contrast";

/** Letters on screen for the six directions of the body, in the page's language. */
export interface DirectionNames {
  readonly right: string;
  readonly left: string;
  readonly anterior: string;
  readonly posterior: string;
  readonly superior: string;
  readonly inferior: string;
}

/** Pixels of the host that panels cover: the picture, its labels and marks keep to what is left. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** All that is to be seen, but for the camera: plain data, fully derived, compared with the last one by the stage. */
export interface Look {
  /** By sided id; a structure that is absent is not visible. */
  readonly structures: Readonly<Record<string, StructureLook>>;
  readonly footprints: readonly FootprintLook[];
  readonly labels: readonly LabelLook[];
  readonly landmarks: readonly LandmarkLook[];
  readonly cut: CutLook | null;
  readonly theme: ThemeName;
  readonly reducedMotion: boolean;
  readonly insets?: Insets;
  /** Letters of the marks on screen and their long forms (`R`, `Right`); English if absent. */
  /** By name of a part; a part that is absent has the shape that the atlas first gave it. */
  readonly shapes?: Readonly<Record<string, ShapeLook>>;
  readonly rulers?: readonly RulerLook[];
  /** By name of a part. Keep the object's identity while its numbers are the same. */
  readonly painted?: Readonly<Record<string, Paint>>;
  /** What only a stage with the layers of `skin.ts` draws. Keep the identity of lists while they are the same. */
  readonly dots?: readonly DotsLook[];
  /** Dots stand on the first surface in sight beneath their part, not on the part. */
  readonly dotsBeneath?: boolean;
  readonly crosses?: readonly CrossLook[];
  readonly ball?: BallLook | null;
  readonly stain?: StainLook | null;
  readonly window?: WindowLook | null;
  readonly directions?: { readonly short: DirectionNames; readonly long: DirectionNames };
}

/** What lies under a point of the canvas. */
export interface Pick {
  /** Sided id of the structure. */
  readonly id: string;
  /** Name of the part (the structure's id if it has but one). */
  readonly part: string;
  /** Name of the footprint painted there, or null. */
  readonly footprint: string | null;
  /** Sided id of the landmark marked there, or null. */
  readonly landmark: string | null;
  /** LPS mm, on the surface or on the cap of the cut. */
  readonly point: Vec3;
}

export interface HoverEvent {
  readonly pick: Pick | null;
  /** Pointer, CSS pixels from the host's upper left corner. */
  readonly x: number;
  readonly y: number;
}

export interface PickEvent extends HoverEvent {
  /** How it was asked for: a touch may want a larger reaction than a mouse. */
  readonly pointer: "mouse" | "touch" | "pen" | "label";
  readonly double: boolean;
  readonly shift: boolean;
}

export interface CameraEvent {
  readonly pose: CameraPose;
  /** The pose came from the user's hand, not from `flyTo` or `setCamera`. */
  readonly byHand: boolean;
  /** The camera has come to rest: time to write the scene. */
  readonly settled: boolean;
}

export interface LoadEvent {
  readonly file: string;
  readonly state: "loading" | "ready" | "failed";
  /** For people, when `state` is `failed`. */
  readonly message?: string;
}

export interface FrameStats {
  /** Triangles and draw calls of the last picture. */
  readonly triangles: number;
  readonly calls: number;
  /** Median time of the last moving pictures, from issue to completion on the GPU, ms. */
  readonly ms: number;
  /** Time spent building the search trees for picking, ms; `bvhPending` meshes still have none. */
  readonly bvhMs: number;
  readonly bvhPending: number;
  /** Median and 95th percentile of the last picks, ms. */
  readonly pickMs: number;
  readonly pickP95Ms: number;
  /** Whether resting pictures are refined (antialiasing, ambient occlusion) on this machine. */
  readonly refines: boolean;
  /** Device pixels per CSS pixel while moving and at rest. */
  readonly pixelRatio: readonly [number, number];
}

export interface StageCallbacks {
  onHover?: (event: HoverEvent) => void;
  onPick?: (event: PickEvent) => void;
  onCamera?: (event: CameraEvent) => void;
  /** After each picture on screen; `refined` once a resting picture has all its samples. */
  onFrame?: (frame: { readonly refined: boolean }) => void;
  onLoad?: (event: LoadEvent) => void;
  /** The GPU was taken away (`lost: true`) or came back. */
  onContext?: (event: { readonly lost: boolean }) => void;
}

/** One closed line of a flat section through a part, LPS mm; the last point is joined to the first. */
export interface Contour {
  /** Sided id of the structure, and name of its part. */
  readonly id: string;
  readonly part: string;
  /** 3 numbers a point. Counter-clockwise round matter, seen from the side that the plane's normal points to. */
  readonly points: Float32Array;
}

/** A shape of a part, as `{ part: "piriformis_superior_head.right", shape: "B" }`. */
export interface ShapeName {
  readonly part: string;
  readonly shape: string;
}

/** What draws on a part by hand. While there is one, one finger, pen or button draws; two fingers turn and zoom. */
export interface Brush {
  readonly part: string;
  /** mm. */
  readonly radius: number;
  /** Takes away instead of adding. */
  readonly erase?: boolean;
  /** Told at the end of each stroke which vertices of the part it went over. */
  readonly done: (vertices: readonly number[]) => void;
}

/** Which way a picture is framed: from the target to the eye, and what is up. */
export interface ViewDirection {
  readonly direction: Vec3;
  readonly up?: Vec3;
}

export interface ScreenshotOptions {
  /** Picture size in pixels; absent means the canvas as it is. */
  readonly width?: number;
  readonly height?: number;
  /** With labels, landmarks' names and side marks (default true). */
  readonly annotated?: boolean;
  /** From elsewhere, in another theme, with no room kept for panels; as on screen if absent. */
  readonly pose?: CameraPose;
  readonly theme?: ThemeName;
  readonly insets?: Insets;
  /** Pictures in the mean: fewer are sooner there and rougher; absent means what the machine is good for. */
  readonly samples?: number;
  /** Ends it early: it rejects, and the stage is free again. */
  readonly signal?: AbortSignal;
}

/**
 * The public face of `Stage` (`new Stage(host, atlas, load)` implements it).
 *
 * The host must have a size and be positioned; the stage fills it with a canvas (focusable, class `stage-canvas`) and an
 * overlay for labels. On the canvas: drag or one finger turns, right/middle/shift-drag or two fingers pan, wheel or
 * pinch zooms to the pointer, arrow keys turn, shift+arrows pan, + and - zoom; every other key is left to the page.
 */
export interface StageApi {
  /** Resolves after the first picture of the default files is on screen; rejects if they cannot be read. */
  readonly ready: Promise<void>;
  readonly canvas: HTMLCanvasElement;
  /** Nothing moves, loads or is still to be drawn: what is on screen stays until something changes. */
  readonly resting: boolean;
  onHover: StageCallbacks["onHover"];
  onPick: StageCallbacks["onPick"];
  onCamera: StageCallbacks["onCamera"];
  onFrame: StageCallbacks["onFrame"];
  onLoad: StageCallbacks["onLoad"];
  onContext: StageCallbacks["onContext"];
  /** Shows this; cheap when little has changed. Fetches files that are first needed. */
  apply(look: Look): void;
  readonly camera: CameraPose;
  setCamera(pose: CameraPose): void;
  /** Smooth flight; resolves when it ends or is broken off. Without motion if the look asks for reduced motion. */
  flyTo(pose: CameraPose, ms?: number): Promise<void>;
  /** Pose that fits these structures (all visible ones if empty) into the free part of the host. */
  poseFor(ids: readonly string[], view?: ViewDirection): CameraPose;
  /** Flies to `poseFor(ids)` from the present direction. */
  frame(ids: readonly string[], ms?: number): Promise<void>;
  /** Steps for keyboard hooks and buttons: degrees of turn, pixels of pan, factor of distance. */
  turn(azimuth: number, elevation: number): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
  /** What lies under a point, CSS pixels from the host's upper left corner. */
  pick(x: number, y: number): Pick | null;
  /** Where a point (LPS mm) is on the host, CSS pixels, and whether it is in front of the eye. */
  project(point: Vec3): { x: number; y: number; inFront: boolean };
  screenshot(options?: ScreenshotOptions): Promise<Blob>;
  /** Takes what `later.json` has brought into the atlas that the stage was given; draw it by applying a look. */
  extend(pack: PackDocument): void;
  /** Resolves when all of these shapes are there to be shown; rejects with an Error for people if one cannot be had. */
  shapesReady(shapes: readonly ShapeName[]): Promise<void>;
  /** The files that these structures are drawn from, all there when this resolves. */
  structuresReady(ids: readonly string[]): Promise<void>;
  /**
   * Closed outlines of the flat section of a plane with structures as they stand (all visible ones if `ids` is absent).
   * Only what is loaded is met. Exact: points lie on the edges of the mesh.
   */
  contours(plane: CutLook, ids?: readonly string[]): Contour[];
  /**
   * Distance (mm) from every vertex of a part, as it stands, to the nearest surface among structures; worked out in
   * pieces of a few milliseconds. Null when the part is not loaded. Rejects with an AbortError when told to stop.
   */
  distances(part: string, to: readonly string[], signal?: AbortSignal): Promise<Float32Array | null>;
  /**
   * A second stage in another host: it has a look of its own, and its camera and this one's move as one. Of the same body
   * it shares files, meshes and search trees. Disposed of by itself, or with this stage.
   */
  twin(host: HTMLElement, other?: OtherBody): StageApi;
  /** Takes layers into use that draw more of a look; twins get them too. Layers that are in use already are let be. */
  use(makers: readonly MakeLayer[]): void;
  /** Lets one finger draw, or turn again; nothing happens on a stage without the layers of `skin.ts`. */
  brush(brush: Brush | null): void;
  /** Positions (LPS mm, 3 numbers each) of places on a part as it stands; null when it is not loaded. */
  places(part: string, places: readonly number[]): Float32Array | null;
  /** Area (mm²) of each vertex of a part in its first shape: a third of its triangles; null when it is not loaded. */
  areas(part: string): Float32Array | null;
  stats(): FrameStats;
  /** Frees the GPU and the DOM; safe at any time, also while files are loading. */
  dispose(): void;
}

/** Another body than the stage's own. */
export interface OtherBody {
  readonly atlas: AtlasDocument;
  readonly library: Library;
}

/** How the stage gets the bytes of a file named in the atlas. */
export type LoadFile = (file: string) => Promise<Uint8Array | ArrayBuffer | DataView>;
