// The bones on the stage as something to put a point on.
import type { Body } from "../../stage/body";
import type { LayerKit } from "../../stage/layer";
import { firstHit, inSight, Probe } from "../../stage/picking";
import type { Vec3 } from "../../stage/types";
import { add, cross, dot, length, scale, subtract, unit } from "../../stage/vector";
import { bestDirection, type Footing } from "./walk";

/** mm around a place whose surface says which way is out: a tip has no side of its own. */
const AROUND = 9;
/** mm by which a landmark may lie in its bone, or in a hole of it, and still be seen. */
const SUNK = 6;
/** An edge holds a point as long as it would fall farther than so many mm, and so many times as far as it is drawn. */
const HOLDS_MM = 4;
const HOLDS = 4;
/** Beyond all bones, mm. */
const FAR = 800;
const UP: Vec3 = [0, 0, 1];

export class Bones {
  constructor(private readonly kit: LayerKit) {}

  private body(id: string): Body | undefined {
    return this.kit.cast.bodies.find((body) => body.id === id);
  }

  /** Whether the bone is on the stage. */
  has(id: string): boolean {
    return this.body(id) !== undefined;
  }

  /**
   * Where a point of the bone comes to when it is dragged to a place of the host: what lies under it; past an edge, and
   * where the surface falls away behind one, it stays at the edge until one is well past it.
   */
  under(id: string, x: number, y: number, near: Vec3): Vec3 {
    const { view, forest } = this.kit;
    const body = this.body(id);
    if (!body) return near;
    const direction = view.ray(x, y);
    const probe = new Probe(view.eye, direction, null);
    const hit = firstHit([body], probe, forest, () => true);
    const along = dot(subtract(near, view.eye), direction);
    const beside = add(view.eye, scale(direction, along));
    const reach = HOLDS_MM + HOLDS * length(subtract(beside, near));
    if (hit && Math.abs(hit.distance - along) < reach) return probe.at(hit.distance);
    return this.nearest(id, beside).point;
  }

  /** The point of the bone that is nearest to one, and which way is out there. */
  nearest(id: string, point: Vec3): Footing {
    const body = this.body(id);
    const found =
      body && this.kit.forest.grown(body).closestPointToPoint(new Probe(point, UP, null).ray.origin);
    if (!body || !found) return { point, normal: UP };
    const { index } = body.geometry;
    const positions = body.geometry.getAttribute("position").array as Float32Array;
    const [a, b, c] = [0, 1, 2].map((corner): Vec3 => {
      const at = 3 * (index?.getX(3 * found.faceIndex + corner) ?? 0);
      return [positions[at] as number, positions[at + 1] as number, positions[at + 2] as number];
    }) as [Vec3, Vec3, Vec3];
    const { x, y, z } = found.point;
    return { point: [x, y, z], normal: unit(cross(subtract(b, a), subtract(c, a))) };
  }

  /** Which way is out around a place of a bone. */
  outward(id: string, point: Vec3): Vec3 {
    const body = this.body(id);
    if (!body) return [0, 1, 0];
    const positions = body.geometry.getAttribute("position").array as Float32Array;
    const normals = body.geometry.getAttribute("normal").array as Int16Array;
    let sum: Vec3 = scale(this.nearest(id, point).normal, 0.1);
    for (let i = 0; i < positions.length / 3; i++) {
      const at: Vec3 = [
        positions[3 * i] as number,
        positions[3 * i + 1] as number,
        positions[3 * i + 2] as number,
      ];
      const away = Math.hypot(...subtract(at, point));
      if (away > AROUND) continue;
      const normal: Vec3 = [
        normals[4 * i] as number,
        normals[4 * i + 1] as number,
        normals[4 * i + 2] as number,
      ];
      sum = add(sum, scale(unit(normal), 1 - away / AROUND));
    }
    return unit(sum, [0, 1, 0]);
  }

  /** From where a place of a bone is seen best among all bones in sight; null if they hide it from everywhere. */
  best(id: string, point: Vec3, alone: boolean): Vec3 | null {
    const out = this.outward(id, point);
    const { cast, forest } = this.kit;
    const bodies = cast.bodies.filter((body) => (alone ? body.id === id : body.visible));
    const here = this.nearest(id, point).point;
    // From the eye, not to it: bones of some sets reach into each other.
    return bestDirection(out, (direction) =>
      inSight(add(here, scale(direction, FAR)), here, bodies, forest, null),
    );
  }

  /** Whether nothing hides a point from the eye. */
  seen(point: Vec3): boolean {
    const { view, cast, forest } = this.kit;
    return inSight(view.eye, point, cast.bodies, forest, null, SUNK);
  }
}
