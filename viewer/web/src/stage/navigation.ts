// The part of the stage's face that moves the camera.
import type { Cast } from "./cast";
import type { Controls } from "./controls";
import * as orbits from "./orbit";
import { FLIGHT_MS, type Pilot } from "./pilot";
import type { CameraPose, Vec3, ViewDirection } from "./types";
import type { View } from "./view";

/** How much of its surroundings is seen with a footprint that fills the picture: 1 is none. */
const FOOTPRINT_MARGIN = 2.2;
const RADIANS = Math.PI / 180;

export abstract class Navigation {
  protected abstract readonly view: View;
  protected abstract readonly cast: Cast;
  protected abstract readonly pilot: Pilot;
  protected abstract readonly controls: Controls;

  get camera(): CameraPose {
    return this.pilot.pose;
  }

  setCamera(pose: CameraPose): void {
    this.controls.still();
    this.pilot.place(orbits.fromPose(pose), false);
  }

  flyTo(pose: CameraPose, ms = FLIGHT_MS): Promise<void> {
    this.controls.still();
    return this.pilot.fly(pose, ms);
  }

  poseFor(ids: readonly string[], view?: ViewDirection): CameraPose {
    return this.pilot.poseFor(this.cast.pointsOf(ids), view);
  }

  frame(ids: readonly string[], ms = FLIGHT_MS): Promise<void> {
    const facing = this.cast.facing(ids);
    const points = this.cast.pointsOf(ids);
    return this.flyTo(
      facing ? this.pilot.poseFor(points, facing, FOOTPRINT_MARGIN) : this.pilot.poseFor(points),
      ms,
    );
  }

  turn(azimuth: number, elevation: number): void {
    this.controls.glide({ azimuth: azimuth * RADIANS, elevation: elevation * RADIANS });
  }

  pan(dx: number, dy: number): void {
    this.controls.glide({ dx, dy });
  }

  zoom(factor: number): void {
    this.controls.glideZoom(factor, ...this.view.middle);
  }

  project(point: Vec3): { x: number; y: number; inFront: boolean } {
    return this.view.project(point);
  }
}
