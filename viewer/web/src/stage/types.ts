// What the page tells the stage, and what the stage tells the page. Everything here is in LPS millimetres
// (x to the subject's left, y to posterior, z up) and in sided ids (`piriformis.right`, `sacrum`).

export type { AtlasDocument } from "../generated/atlas";

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
  stats(): FrameStats;
  /** Frees the GPU and the DOM; safe at any time, also while files are loading. */
  dispose(): void;
}

/** How the stage gets the bytes of a file named in the atlas. */
export type LoadFile = (file: string) => Promise<Uint8Array | ArrayBuffer | DataView>;
