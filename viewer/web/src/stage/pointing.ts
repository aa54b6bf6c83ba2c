// What the pointer means: rays into the body, and the page's hover and pick events.
import type { AtlasDocument } from "../generated/atlas";
import type { Cast } from "./cast";
import { Recent } from "./clock";
import type { Cut } from "./cut";
import * as orbits from "./orbit";
import { type Forest, firstHit, inSight, Probe, pickAlong } from "./picking";
import type { HoverEvent, LandmarkLook, Pick, PickEvent, Vec3 } from "./types";
import type { View } from "./view";

/** A landmark is meant within this distance of its dot, CSS pixels. */
const LANDMARK_REACH = 9;

export class Pointing {
  landmarks: readonly LandmarkLook[] = [];
  readonly times = new Recent(200);
  private hovering = 0;

  constructor(
    private readonly atlas: AtlasDocument,
    private readonly cast: Cast,
    private readonly view: View,
    private readonly cut: Cut,
    private readonly forest: Forest,
    private readonly tell: {
      hover: (event: HoverEvent) => void;
      pick: (event: PickEvent) => void;
      /** The point a structure's label hangs on. */
      labelPoint: (id: string) => Vec3 | null;
    },
  ) {}

  private probe(x: number, y: number): Probe {
    return new Probe(this.view.eye, this.view.ray(x, y), this.cut.plane);
  }

  pick(x: number, y: number): Pick | null {
    const start = performance.now();
    const found = pickAlong(this.probe(x, y), this.cast.bodies, this.cast.footprints, this.forest);
    this.times.add(performance.now() - start);
    return found && { ...found, landmark: this.landmarkAt(x, y) };
  }

  /** First point of this structure under a place of the host. */
  touch(id: string, x: number, y: number): Vec3 | null {
    const probe = this.probe(x, y);
    const hit = firstHit(this.cast.bodies, probe, this.forest, (body) => body.visible && body.id === id);
    return hit && probe.at(hit.distance);
  }

  /** Whether nothing solid hides a point. */
  inSight(point: Vec3): boolean {
    return inSight(this.view.eye, point, this.cast.bodies, this.forest, this.cut.plane);
  }

  private landmarkAt(x: number, y: number): string | null {
    let best: string | null = null;
    let least = LANDMARK_REACH;
    for (const { id, points } of this.landmarks)
      for (const point of points) {
        const at = this.view.project(point);
        const away = Math.hypot(at.x - x, at.y - y);
        if (!at.inFront || away >= least || !this.inSight(point)) continue;
        least = away;
        best = id;
      }
    return best;
  }

  /** What a zoom keeps in place: the point under the pointer, or the one at the target's depth. */
  fixedPoint(x: number, y: number): Vec3 {
    const { orbit, middle, freeHeight } = this.view;
    const [dx, dy] = [x - middle[0], y - middle[1]];
    if (Math.hypot(dx, dy) < 1) return orbit.target;
    return this.pick(x, y)?.point ?? orbits.pointAtTargetDepth(orbit, dx, dy, freeHeight);
  }

  hover(x: number, y: number): void {
    cancelAnimationFrame(this.hovering);
    this.hovering = requestAnimationFrame(() => this.tell.hover({ pick: this.pick(x, y), x, y }));
  }

  leave(): void {
    cancelAnimationFrame(this.hovering);
    this.tell.hover({ pick: null, x: 0, y: 0 });
  }

  press(x: number, y: number, event: PointerEvent, double: boolean): void {
    const pointer =
      event.pointerType === "touch" || event.pointerType === "pen" ? event.pointerType : "mouse";
    this.tell.pick({ pick: this.pick(x, y), x, y, pointer, double, shift: event.shiftKey });
  }

  labelPressed(id: string, x: number, y: number, shift: boolean): void {
    this.tell.pick({ pick: this.labelled(id), x, y, pointer: "label", double: false, shift });
  }

  labelHovered(id: string | null, x: number, y: number): void {
    if (id === null) this.leave();
    else this.tell.hover({ pick: this.labelled(id), x, y });
  }

  private labelled(id: string): Pick {
    const entry = this.atlas.structures[id];
    const point = this.tell.labelPoint(id) ?? entry?.anchor ?? [0, 0, 0];
    return { id, part: entry?.parts[0]?.name ?? id, footprint: null, landmark: null, point };
  }

  stop(): void {
    cancelAnimationFrame(this.hovering);
  }
}
