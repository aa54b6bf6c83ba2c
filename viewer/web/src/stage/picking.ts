// What lies under the pointer: search trees built in idle time, rays that end where the cut takes matter away.
import { DoubleSide, FrontSide, Ray, Vector3 } from "three";
import { MeshBVH } from "three-mesh-bvh";
import type { Body } from "./body";
import type { FootprintPaint } from "./footprint";
import type { CutLook, Pick, Vec3 } from "./types";
import { dot } from "./vector";

/** Up to this opacity a structure cannot be picked. */
const PICKABLE = 0.1;
/** A footprint is hit where it lies this close to the surface hit, mm along the ray. */
const FOOTPRINT_SLACK_MM = 1.5;

export interface Hit {
  readonly body: Body;
  readonly distance: number;
  /** Of the triangle, out of the body. */
  readonly normal: Vec3;
}

interface Tree {
  readonly geometry: Body["geometry"];
  tree: MeshBVH | null;
}

/** Trees of meshes that several stages show, by the triangles that they share (which a tree turns round). */
const KNOWN = new WeakMap<object, MeshBVH>();

/** Search trees of all meshes, built one by one when the page has nothing better to do. */
export class Forest {
  milliseconds = 0;
  private readonly queue: Tree[] = [];
  private handle = 0;
  private stopped = false;

  get pending(): number {
    return this.queue.filter((each) => !each.tree).length;
  }

  plant(trees: readonly Tree[]): void {
    this.queue.push(...trees);
    this.later();
  }

  /** The tree of a mesh, built now if it has not been. */
  grown(owner: Tree): MeshBVH {
    if (!owner.tree) {
      const start = performance.now();
      const indirect = owner.geometry.userData.ordered === true;
      const triangles = owner.geometry.index ?? owner.geometry;
      owner.tree = KNOWN.get(triangles) ?? new MeshBVH(owner.geometry, { targetLeafSize: 8, indirect });
      KNOWN.set(triangles, owner.tree);
      this.milliseconds += performance.now() - start;
    }
    return owner.tree;
  }

  stop(): void {
    this.stopped = true;
    this.queue.length = 0;
    clearTimeout(this.handle);
  }

  private later(): void {
    if (this.stopped || this.handle) return;
    const idle = globalThis.requestIdleCallback as typeof requestIdleCallback | undefined;
    this.handle = window.setTimeout(() => {
      if (idle) idle((deadline) => this.grow(() => deadline.timeRemaining() > 12), { timeout: 5000 });
      else this.grow(() => false);
    }, 60);
  }

  private grow(more: () => boolean): void {
    this.handle = 0;
    if (this.stopped) return;
    do {
      const next = this.queue.shift();
      if (!next) return;
      this.grown(next);
    } while (more());
    this.later();
  }
}

/** A ray in LPS mm and the stretch of it that the cut leaves. */
export class Probe {
  readonly near: number;
  readonly far: number;
  /** The ray enters what is left through the plane of the cut. */
  readonly throughCut: boolean;
  readonly ray: Ray;

  constructor(origin: Vec3, direction: Vec3, cut: CutLook | null) {
    this.ray = new Ray(new Vector3(...origin), new Vector3(...direction));
    let near = 0;
    let far = Infinity;
    let through = false;
    if (cut) {
      const slope = dot(cut.normal, direction);
      const depth = dot(cut.normal, origin) - cut.offset;
      if (Math.abs(slope) < 1e-9) far = depth > 0 ? 0 : far;
      else if (slope < 0) {
        near = Math.max(0, -depth / slope);
        through = depth > 0;
      } else far = Math.max(0, -depth / slope);
    }
    this.near = near;
    this.far = far;
    this.throughCut = through;
  }

  at(distance: number): Vec3 {
    const { origin, direction } = this.ray;
    return [
      origin.x + direction.x * distance,
      origin.y + direction.y * distance,
      origin.z + direction.z * distance,
    ];
  }
}

/** Distance at which the ray enters the body's box, or null if it misses it. */
function entry(body: { geometry: Body["geometry"] }, probe: Probe): number | null {
  const bounds = body.geometry.boundingBox;
  if (!bounds) return null;
  const { origin, direction } = probe.ray;
  let low = probe.near;
  let high = probe.far;
  for (const axis of ["x", "y", "z"] as const) {
    const inverse = 1 / direction[axis];
    const a = (bounds.min[axis] - origin[axis]) * inverse;
    const b = (bounds.max[axis] - origin[axis]) * inverse;
    low = Math.max(low, Math.min(a, b));
    high = Math.min(high, Math.max(a, b));
  }
  return low <= high + 1e-6 ? low : null;
}

/** The nearest surface or cap on the ray among bodies that pass the test. */
export function firstHit(
  bodies: readonly Body[],
  probe: Probe,
  forest: Forest,
  test: (body: Body) => boolean,
): Hit | null {
  const order = bodies
    .filter(test)
    .map((body) => ({ body, enter: entry(body, probe) }))
    .filter((each): each is { body: Body; enter: number } => each.enter !== null)
    .sort((a, b) => a.enter - b.enter);
  let best: Hit | null = null;
  for (const { body, enter } of order) {
    if (best && enter > best.distance) break;
    const far = Math.min(probe.far, best ? best.distance : Infinity);
    const tree = forest.grown(body);
    const side = probe.throughCut || !body.closed ? DoubleSide : FrontSide;
    const hit = tree.raycastFirst(probe.ray, side, probe.near, far);
    if (!hit) continue;
    const leaving = !!hit.face && hit.face.normal.dot(probe.ray.direction) > 0;
    const distance = probe.throughCut && body.closed && leaving ? probe.near : hit.distance;
    const { x = 0, y = 0, z = 1 } = hit.face?.normal ?? {};
    if (!best || distance < best.distance) best = { body, distance, normal: [x, y, z] };
  }
  return best;
}

/** What is under the ray, as the page is told. Undimmed structures come before dimmed ones. */
export function pickAlong(
  probe: Probe,
  bodies: readonly Body[],
  footprints: readonly FootprintPaint[],
  forest: Forest,
): Pick | null {
  const pickable = (body: Body) => body.visible && body.opacity > PICKABLE;
  const hit =
    firstHit(bodies, probe, forest, (body) => pickable(body) && !body.dimmed) ??
    firstHit(bodies, probe, forest, (body) => pickable(body) && body.dimmed);
  if (!hit) return null;
  const { body, distance } = hit;
  const painted = footprints.find((footprint) => {
    if (!footprint.visible || footprint.entry.on !== body.id || entry(footprint, probe) === null)
      return false;
    const found = forest
      .grown(footprint)
      .raycastFirst(probe.ray, DoubleSide, probe.near, distance + FOOTPRINT_SLACK_MM);
    return !!found && Math.abs(found.distance - distance) < FOOTPRINT_SLACK_MM;
  });
  return {
    id: body.id,
    part: body.part,
    footprint: painted?.entry.name ?? null,
    landmark: null,
    point: probe.at(distance),
  };
}

/** Whether a point can be seen from an eye: nothing solid between, but for what lies within `slack` mm of the point. */
export function inSight(
  eye: Vec3,
  point: Vec3,
  bodies: readonly Body[],
  forest: Forest,
  cut: CutLook | null,
  slack = 2,
): boolean {
  if (cut && dot(cut.normal, point) > cut.offset) return false;
  const way: Vec3 = [point[0] - eye[0], point[1] - eye[1], point[2] - eye[2]];
  const distance = Math.hypot(...way);
  const probe = new Probe(eye, [way[0] / distance, way[1] / distance, way[2] / distance], cut);
  const hit = firstHit(bodies, probe, forest, (body) => body.solid);
  return !hit || hit.distance > distance - slack;
}
