// Where the eye is, and how LPS millimetres and pixels of the host go over into each other.
import type { PerspectiveCamera } from "three";
import type { Area } from "./layout";
import * as orbits from "./orbit";
import type { Insets, Vec3 } from "./types";
import { add, dot, scale, subtract, unit } from "./vector";

export interface Sphere {
  readonly centre: Vec3;
  readonly radius: number;
}

const MARGIN = 12;
/** What the marks of the sides take up at the top, and the cross of directions in the lower left corner, CSS pixels. */
const MARK_HEIGHT = 28;
const CROSS_HEIGHT = 90;

export class View {
  orbit: orbits.Orbit = {
    target: [0, 0, 0],
    azimuth: Math.PI / 2,
    elevation: 0,
    distance: 900,
    fieldOfView: 24,
  };
  /** Size of the host, CSS pixels. */
  width = 1;
  height = 1;
  insets: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

  /** The part of the host that panels leave free; the whole host if they leave next to nothing. */
  get free(): Area {
    const { top, right, bottom, left } = this.insets;
    const wide = this.width - left - right > 80;
    const high = this.height - top - bottom > 80;
    return {
      left: wide ? left : 0,
      right: wide ? this.width - right : this.width,
      top: high ? top : 0,
      bottom: high ? this.height - bottom : this.height,
    };
  }

  /** Where labels may stand. */
  get labelArea(): Area {
    const { left, right, top, bottom } = this.free;
    return {
      left: left + MARGIN,
      right: right - MARGIN,
      top: top + MARK_HEIGHT + MARGIN,
      bottom: bottom - MARGIN,
      leftBottom: bottom - CROSS_HEIGHT - MARGIN,
    };
  }

  get aspect(): number {
    const { left, right, top, bottom } = this.free;
    return (right - left) / (bottom - top);
  }

  /** The target's place on the host. */
  get middle(): readonly [number, number] {
    const { left, right, top, bottom } = this.free;
    return [(left + right) / 2, (top + bottom) / 2];
  }

  get freeHeight(): number {
    return this.free.bottom - this.free.top;
  }

  get millimetresPerPixel(): number {
    return orbits.millimetresPerPixel(this.orbit, this.freeHeight);
  }

  get eye(): Vec3 {
    return add(this.orbit.target, scale(orbits.direction(this.orbit), this.orbit.distance));
  }

  /** Pixels per unit of slope: what lies at a depth is drawn so many CSS pixels a mm, times the depth. */
  get focal(): number {
    return this.freeHeight / 2 / Math.tan((this.orbit.fieldOfView * Math.PI) / 360);
  }

  project(point: Vec3): { x: number; y: number; inFront: boolean } {
    const away = subtract(point, this.eye);
    const depth = -dot(away, orbits.direction(this.orbit));
    const factor = this.focal / Math.max(depth, 1e-6);
    const [x, y] = this.middle;
    return {
      x: x + dot(away, orbits.right(this.orbit)) * factor,
      y: y - dot(away, orbits.up(this.orbit)) * factor,
      inFront: depth > 0,
    };
  }

  /** Direction from the eye through a place of the host. */
  ray(x: number, y: number): Vec3 {
    const [mx, my] = this.middle;
    const across = scale(orbits.right(this.orbit), (x - mx) / this.focal);
    const upwards = scale(orbits.up(this.orbit), (my - y) / this.focal);
    return unit(add(add(across, upwards), scale(orbits.direction(this.orbit), -1)));
  }

  /** Brings three's camera in line; `body` is what must lie between its near and far plane. */
  sync(camera: PerspectiveCamera, body: Sphere): void {
    const { orbit } = this;
    camera.position.set(...this.eye);
    camera.up.set(...orbits.up(orbit));
    camera.lookAt(...orbit.target);
    camera.fov = (Math.atan(this.height / 2 / this.focal) * 360) / Math.PI;
    camera.aspect = this.width / this.height;
    const depth = dot(subtract(this.eye, body.centre), orbits.direction(orbit));
    camera.near = Math.max(depth - body.radius - 20, orbit.distance * 0.04, 1);
    camera.far = Math.max(depth + body.radius + 60, camera.near + 100);
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld(true);
  }

  /** Offset of the target from the middle of the host, CSS pixels. */
  get shift(): readonly [number, number] {
    const [x, y] = this.middle;
    return [x - this.width / 2, y - this.height / 2];
  }
}
