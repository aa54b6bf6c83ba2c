// Moves the camera: by hand, by flights, by order.
import * as orbits from "./orbit";
import type { CameraPose, Vec3, ViewDirection } from "./types";
import { scale, unit } from "./vector";
import type { View } from "./view";

export const FLIGHT_MS = 700;

interface Flight {
  readonly from: orbits.Orbit;
  readonly to: orbits.Orbit;
  readonly start: number;
  readonly ms: number;
  readonly end: () => void;
}

export class Pilot {
  reducedMotion = false;
  private flight: Flight | null = null;

  /**
   * moved : told of every new place of the camera, and whether a hand moved it · wake : more pictures are needed ·
   * settle : the camera has jumped to where it stays
   */
  constructor(
    private readonly view: View,
    private readonly moved: (byHand: boolean) => void,
    private readonly wake: () => void,
    private readonly settle: () => void,
  ) {}

  get pose(): CameraPose {
    return orbits.toPose(this.view.orbit);
  }

  /** Puts the camera elsewhere at once; a flight is broken off. */
  place(orbit: orbits.Orbit, byHand: boolean): void {
    this.land();
    this.move(orbit, byHand);
    this.wake();
  }

  private move(orbit: orbits.Orbit, byHand: boolean): void {
    this.view.orbit = orbit;
    this.moved(byHand);
  }

  fly(pose: CameraPose, ms: number): Promise<void> {
    const to = orbits.fromPose(pose);
    this.land();
    if (this.reducedMotion || ms <= 0 || orbits.same(this.view.orbit, to)) {
      this.move(to, false);
      this.settle();
      return Promise.resolve();
    }
    this.wake();
    return new Promise((end) => {
      this.flight = { from: this.view.orbit, to, start: performance.now(), ms, end };
    });
  }

  /** Ends a flight where it is. */
  land(): void {
    const ended = this.flight;
    this.flight = null;
    ended?.end();
  }

  /** Carries a flight on; returns whether there was one. */
  advance(): boolean {
    if (!this.flight) return false;
    const { from, to, start, ms } = this.flight;
    const t = (performance.now() - start) / ms;
    this.move(orbits.flight(from, to, t), false);
    if (t >= 1) this.land();
    return true;
  }

  /** Pose that fits points into the free part of the host, seen as now or from a given direction. */
  poseFor(points: readonly Vec3[], view?: ViewDirection, margin?: number): CameraPose {
    const { orbit } = this.view;
    const from = view
      ? orbits.fromPose({
          ...this.pose,
          target: [0, 0, 0],
          position: scale(unit(view.direction), 500),
          up: view.up ?? [0, 0, 1],
        })
      : orbit;
    const turned = { ...orbit, azimuth: from.azimuth, elevation: from.elevation };
    return orbits.toPose(orbits.fitted(turned, points, this.view.aspect, margin));
  }

  /** The present pose turned to look from a direction. */
  poseFrom(direction: Vec3): CameraPose {
    const { target, distance } = this.view.orbit;
    const [x, y, z] = scale(direction, distance);
    const up: Vec3 = [0, direction[2] > 0 ? 1 : -1, 0];
    return { ...this.pose, position: [target[0] + x, target[1] + y, target[2] + z], up };
  }
}
