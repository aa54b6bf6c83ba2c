// Where the viewer of the picture stands: the scene's camera, fitted into the room that the panels leave.
import type { Scene } from "../generated/scene";
import type { CameraPose } from "../stage/types";
import { insetsFor } from "./layout";
import type { Session } from "./session";
import { cameraOf, cameraPose } from "./views";

const FLIGHT_MS = 700;
const REFIT_MS = 350;

export class Eye {
  /** The scene's camera as it was taken over from the picture last. */
  kept: Scene["camera"] | null = null;
  private room = "";

  constructor(private readonly session: Session) {}

  /** A narrow picture shows as much of the body across as a square one would. */
  pose(): CameraPose {
    const { layout, panels, store, anatomy } = this.session;
    const { left, right, top, bottom } = insetsFor(layout.value, panels.value);
    const parts = this.session.split ? 2 : 1;
    const [across, down] = layout.value.name === "narrow" ? [1, parts] : [parts, 1];
    const width = Math.max((layout.value.width - left - right) / across, 50);
    const height = Math.max((layout.value.height - top - bottom) / down, 50);
    return cameraPose(store.scene.camera, anatomy, Math.max(1, height / width));
  }

  /** Flies to where the scene's camera is. */
  fly(ms = FLIGHT_MS): void {
    // After the redraw, so that reduced motion and insets are known to the stage.
    requestAnimationFrame(() => {
      void this.session.stage?.flyTo(this.pose(), this.session.reducedMotion.value ? 0 : ms);
    });
  }

  /** A named view is fitted anew when panels or the window change the room it has; a pose set by hand stays. */
  refit(): void {
    const { layout, panels, store, picture, overlay } = this.session;
    if (store.scene.camera.view === null || picture.value.state !== "ready" || overlay.value) return;
    const insets = JSON.stringify(insetsFor(layout.value, panels.value));
    const room = `${insets} ${layout.value.width} ${layout.value.height}`;
    if (room === this.room) return;
    this.room = room;
    this.fly(REFIT_MS);
  }

  /** Whether the camera still stands where the scene's named view has put it: a tap is no movement. */
  get stands(): boolean {
    const { stage, store } = this.session;
    if (!stage || store.scene.camera.view === null) return false;
    const [here, there] = [stage.camera, this.pose()];
    return here.position.every((value, axis) => Math.abs(value - (there.position[axis] ?? 0)) < 0.5);
  }

  /** Takes the pose that the picture has come to into the scene; not while something else is shown in its place. */
  keep(): void {
    const { stage, store, overlay } = this.session;
    if (!stage || overlay.value) return;
    this.kept = cameraOf(stage.camera);
    store.dispatch({ type: "camera", camera: this.kept }, { origin: "camera" });
  }
}
