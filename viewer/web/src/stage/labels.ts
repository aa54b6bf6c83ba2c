// Which labels and landmark names are shown, what point of the body each hangs on, and where it stands on screen.
import type { Body } from "./body";
import { type Area, type Column, type LabelBox, type PlacedLabel, placeLabels } from "./layout";
import { beaded } from "./marks";
import type { LabelSize, LabelText, Overlay } from "./overlay";
import type { SurveyResult } from "./survey";
import type { CrossLook, LabelLook, LandmarkLook, Vec3 } from "./types";

/** A structure of which less than this share of the picture is seen carries no label. */
const LEAST_SHARE = 0.00012;

interface Anchor {
  point: Vec3;
  seen: boolean;
  share: number;
}

export interface LabelView {
  /** CSS pixels on the host, and whether the point is in front of the eye and not cut away. */
  project(point: Vec3): { x: number; y: number; inFront: boolean };
  /** First point of this structure under a place of the host, CSS pixels. */
  touch(id: string, x: number, y: number): Vec3 | null;
  /** Whether nothing solid hides a point. */
  inSight(point: Vec3): boolean;
  /** Whether a place of the host lies under no panel. */
  isFree(x: number, y: number): boolean;
  readonly width: number;
  readonly height: number;
  readonly area: Area;
}

export interface LabelOnScreen extends PlacedLabel {
  readonly text: LabelText;
  readonly anchor: { readonly x: number; readonly y: number };
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}

const structureKey = (id: string) => id;
const landmarkKey = (id: string) => `landmark:${id}`;
const CROSS = "cross:";
const crossKey = (id: string) => `${CROSS}${id}`;
/** CSS pixels. */
const ABOVE_CROSS = 44;

export class Labels {
  private labels: readonly LabelLook[] = [];
  private landmarks: readonly LandmarkLook[] = [];
  private texts: LabelText[] = [];
  private readonly anchors = new Map<string, Anchor>();
  private columns = new Map<string, Column>();
  private edges = { left: 0.3, right: 0.7 };
  /** What is on screen now, for screenshots. */
  shown: LabelOnScreen[] = [];

  constructor(
    private readonly overlay: Overlay,
    private readonly startingPoint: (id: string) => Vec3 | null,
  ) {}

  get any(): boolean {
    return this.texts.length > 0;
  }

  /** crosses : what is seen through whatever lies before it, so that its label is always there */
  set(
    labels: readonly LabelLook[],
    landmarks: readonly LandmarkLook[],
    crosses: readonly CrossLook[] = [],
  ): void {
    this.labels = labels;
    this.landmarks = landmarks;
    this.texts = [
      ...labels.map((label) => ({
        id: structureKey(label.id),
        text: label.text,
        ...(label.secondary ? { secondary: label.secondary } : {}),
        landmark: false,
        emphasised: !!label.emphasised,
        pressable: true,
      })),
      ...crosses.map(({ id, text }) => ({
        ...{ id: crossKey(id), text, landmark: false },
        ...{ emphasised: true, pressable: false },
      })),
      ...landmarks.map(({ id, text }) => ({
        ...{ id: landmarkKey(id), text, landmark: true },
        ...{ emphasised: false, pressable: false },
      })),
    ];
    const wanted = new Set(this.texts.map(({ id }) => id));
    for (const id of this.anchors.keys()) if (!wanted.has(id)) this.anchors.delete(id);
    for (const { id, point } of crosses) this.anchors.set(crossKey(id), { point, seen: true, share: 0 });
  }

  /** The point of a structure that its label hangs on. */
  anchor(id: string): Vec3 | null {
    return this.anchors.get(structureKey(id))?.point ?? null;
  }

  /** Chooses anchors anew, where the old ones can no longer be seen. Costly: for a camera at rest. */
  survey(result: SurveyResult, bodies: readonly Body[], view: LabelView): void {
    this.edges = { left: result.left, right: result.right };
    const faint = new Set(bodies.filter((body) => body.visible && body.opacity < 0.3).map((body) => body.id));
    for (const { id } of this.labels) {
      const sighting = result.sightings.get(id);
      const known = this.anchors.get(structureKey(id));
      if (!sighting || sighting.share < LEAST_SHARE) {
        const start = faint.has(id) ? this.startingPoint(id) : null;
        if (start) this.anchors.set(structureKey(id), { point: start, seen: true, share: 0 });
        else if (known) known.seen = false;
        continue;
      }
      if (known) {
        const at = view.project(known.point);
        if (at.inFront && result.isAt(id, at.x / view.width, at.y / view.height)) {
          known.seen = true;
          known.share = sighting.share;
          continue;
        }
      }
      const point =
        view.touch(id, sighting.x * view.width, sighting.y * view.height) ?? this.startingPoint(id);
      if (point) this.anchors.set(structureKey(id), { point, seen: true, share: sighting.share });
    }
    for (const { id, points } of this.landmarks) {
      const candidates = points.length > 1 ? spread(beaded(points, 6), 9) : points;
      const point = candidates.find((each) => {
        const at = view.project(each);
        return at.inFront && view.isFree(at.x, at.y) && view.inSight(each);
      });
      if (point) this.anchors.set(landmarkKey(id), { point, seen: true, share: 0 });
      else this.anchors.delete(landmarkKey(id));
    }
  }

  /** Stands labels beside the body for the present camera. */
  layout(view: LabelView): void {
    if (!this.any) {
      if (this.shown.length) this.overlay.setLabels([]);
      this.shown = [];
      return;
    }
    const sizes = this.overlay.setLabels(this.texts);
    const boxes: LabelBox[] = [];
    const places = new Map<string, { x: number; y: number }>();
    for (const text of this.texts) {
      const anchor = this.anchors.get(text.id);
      const size = sizes.get(text.id);
      if (!anchor?.seen || !size) continue;
      const at = view.project(anchor.point);
      if (!at.inFront || !view.isFree(at.x, at.y)) continue;
      places.set(text.id, at);
      const priority = (text.emphasised ? 10 : 0) + (text.landmark ? 0 : 1) + Math.min(0.9, anchor.share * 8);
      // Where there is no room beside the body, the name of an X stands above it, not on it.
      const y = at.y - (text.id.startsWith(CROSS) ? ABOVE_CROSS : 0);
      boxes.push({ id: text.id, x: at.x, y, width: size.width, height: size.height, priority });
    }
    const body = { left: this.edges.left * view.width, right: this.edges.right * view.width };
    const placed = placeLabels(boxes, view.area, body, this.columns);
    this.columns = new Map(placed.map(({ id, column }) => [id, column]));
    this.overlay.place(placed, places);
    const texts = new Map(this.texts.map((text) => [text.id, text]));
    this.shown = placed.map((label) => ({
      ...label,
      text: texts.get(label.id) as LabelText,
      anchor: places.get(label.id) as { x: number; y: number },
      ...(sizes.get(label.id) as LabelSize),
    }));
  }
}

/** Up to `count` of the points, from the middle outwards. */
function spread(points: readonly Vec3[], count: number): Vec3[] {
  const middle = (points.length - 1) / 2;
  const step = points.length / count;
  return Array.from({ length: count }, (_, k) => {
    const away = Math.ceil(k / 2) * step * (k % 2 ? 1 : -1);
    return points[Math.round(Math.min(points.length - 1, Math.max(0, middle + away)))] as Vec3;
  });
}
