// Named camera views: from where one looks at this body, and the pose that this gives.
import type { Anatomy } from "../atlas/anatomy";
import { type Camera, DEFAULT_SCENE, type Scene } from "../generated/scene";
import type { CameraPose, Vec3 } from "../stage/types";

const rounded = (vector: Vec3, digits: number): [number, number, number] => {
  const unit = 10 ** digits;
  const [x, y, z] = vector.map((value) => Math.round(value * unit) / unit + 0);
  return [x ?? 0, y ?? 0, z ?? 0];
};

/** Where a view looks: the mean of its landmarks on this body, or its centre where they are missing. */
export function viewTarget(id: string, anatomy: Anatomy): Vec3 {
  const view = anatomy.catalogue.views[id];
  const points = (view?.target_landmarks ?? []).map((name) => anatomy.atlas.landmarks[name]);
  if (!view || !points.length || points.some((curve) => !curve?.length)) return view?.centre ?? [0, 0, 0];
  const means = points.map((curve = []) =>
    [0, 1, 2].map((axis) => curve.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / curve.length),
  );
  const [x, y, z] = [0, 1, 2].map(
    (axis) => means.reduce((sum, mean) => sum + (mean[axis] ?? 0), 0) / means.length,
  );
  return [x ?? 0, y ?? 0, z ?? 0];
}

/**
 * Pose of the scene's camera. `zoom` says how much farther than in a square picture the eye has to stand
 * to see as much of the body in a narrow one.
 */
export function cameraPose(camera: Camera, anatomy: Anatomy, zoom: number): CameraPose {
  const { position, target, up, field_of_view: fieldOfView } = camera;
  if (camera.view === null && position && target) return { position, target, up, fieldOfView };
  const id = camera.view ?? "posterior";
  const view = anatomy.catalogue.views[id];
  const centre = viewTarget(id, anatomy);
  const direction: Vec3 = view?.direction ?? [0, 1, 0];
  // A view's distance is meant for 24 degrees; another angle shows as much from elsewhere.
  const angle = Math.tan((12 * Math.PI) / 180) / Math.tan((fieldOfView * Math.PI) / 360);
  const distance = (view?.distance ?? 1000) * angle * zoom;
  const [x, y, z] = centre.map((value, axis) => value + (direction[axis] ?? 0) * distance);
  return { position: [x ?? 0, y ?? 0, z ?? 0], target: centre, up: view?.up ?? [0, 0, 1], fieldOfView };
}

/** The scene's camera for a pose reached by hand, to a tenth of a millimetre. */
export function cameraOf(pose: CameraPose): Camera {
  return {
    view: null,
    position: rounded(pose.position, 1),
    target: rounded(pose.target, 1),
    up: rounded(pose.up, 4),
    field_of_view: Math.round(pose.fieldOfView * 100) / 100,
  };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Fields of the scene that a view sets: the camera, and the cut that some views need and others do away with. */
export function viewFields(id: string, scene: Scene, anatomy: Anatomy): Pick<Scene, "camera" | "cut"> {
  const view = anatomy.catalogue.views[id];
  const { up } = DEFAULT_SCENE.camera;
  const cuts = Object.values(anatomy.catalogue.views).map(({ cut }) => cut);
  const made =
    scene.cut !== null &&
    cuts.some((cut) => cut && same([cut.normal, cut.offset], [scene.cut?.normal, scene.cut?.offset]));
  return {
    camera: { view: id, position: null, target: null, up, field_of_view: scene.camera.field_of_view },
    cut: view?.cut ? { normal: view.cut.normal, offset: view.cut.offset } : made ? null : scene.cut,
  };
}
