// What the picture shows in each step, and from where: derived, and laid over the scene without touching it.
import type { Anatomy, Side } from "../../atlas/anatomy";
import { DEFAULT_SCENE, type Scene } from "../../generated/scene";
import { poseAround } from "../../scene/fit";
import type { CameraPose, Vec3 } from "../../stage/types";
import { add, scale, unit } from "../../stage/vector";
import type { From, Step } from "./state";
import type { BallId, TriggerPoint } from "./wording";

type Place = TriggerPoint["zones"][number]["strokes"][number]["through"][number];

export interface Shown {
  readonly step: Step;
  readonly point: TriggerPoint | null;
  readonly side: Side;
  readonly beneath: boolean;
  readonly ball: BallId | null;
}

/** How much of the skin is left while one looks beneath it: so little that a finger goes through it. */
const GLASS = 0.1;

/** The scene's fields as this step needs them; theme, names and body stay the person's own. */
export function shownScene({ step, point, side, beneath, ball }: Shown, anatomy: Anatomy): Partial<Scene> {
  const { hidden, opacity, fade_others, peel, selected, footprints, labels, landmarks } = DEFAULT_SCENE;
  const { focus, heat, cut, section, rulers, compare } = DEFAULT_SCENE;
  const over = point && beneath && step === "picture" ? above(point, anatomy) : null;
  return {
    ...{ hidden, opacity, fade_others, peel, selected, footprints, labels, landmarks },
    ...{ focus, heat, cut, section, rulers, compare },
    // Where it hurts is shown on the skin alone; with a spot, one looks through it to the muscles.
    isolated: step === "where" || !point ? ["skin"] : [],
    shown: ["skin"],
    ...(over === null ? {} : { peel: over, opacity: { skin: GLASS } }),
    trigger: point && step !== "where" && point.shown !== "text_only" ? { id: point.id, side } : null,
    stipple: "skin",
    ball: step === "ball" || step === "handout" ? ball : null,
  };
}

/** How many layers lie over the muscle. */
function above({ muscle }: TriggerPoint, anatomy: Anatomy): number {
  const [member] = anatomy.membersOf(muscle);
  return Math.max(0, anatomy.layerIndex(member ?? ""));
}

/** Towards the outside of a side, along x. */
const outward = (side: Side) => (side === "right" ? -1 : 1);

/** From the body to the eye. */
export function direction(from: From, side: Side): Vec3 {
  const out = outward(side);
  const ways: Record<From, Vec3> = {
    behind: [0.22 * out, 1, 0.06],
    side: [out, 0.24, 0.05],
    front: [0.4 * out, -1, 0.05],
  };
  return unit(ways[from]);
}

/** Landmarks that the picture reaches from and to while one says where it hurts: low back to knee. */
const WHOLE: readonly string[] = ["psis", "asis", "greater_trochanter", "fibular_head", "coccyx_apex"];
/** mm of the body around what is spoken of: so that one sees where on the body it is, and all of a ball. */
const AROUND = { whole: 70, pattern: 105, ball: 150, paper: 50, paperBall: 90 };

/** A landmark of one side (`iliac_crest@0.6` is a place along a line), LPS mm. */
function landmark(name: string, side: Side, { atlas }: Anatomy): Vec3 | null {
  const [id = name, along] = name.split("@");
  const curve = atlas.landmarks[`${id}.${side}`] ?? atlas.landmarks[id];
  if (!curve?.length) return null;
  const index = Math.round((along === undefined ? 0.5 : Number(along)) * (curve.length - 1));
  return (curve[index] as Vec3 | undefined) ?? null;
}

/** Where a place in landmark terms lies before it is laid onto the skin; null where this body lacks a landmark. */
export function placeOf(
  { landmarks, lateral, cranial, posterior }: Place,
  side: Side,
  anatomy: Anatomy,
): Vec3 | null {
  let sum: Vec3 = [lateral * outward(side), posterior, cranial];
  for (const [name, weight] of Object.entries(landmarks)) {
    const point = landmark(name, side, anatomy);
    if (!point) return null;
    sum = add(sum, scale(point, weight));
  }
  return sum;
}

/** Everything that should be in the picture. */
export function framed(point: TriggerPoint | null, side: Side, anatomy: Anatomy): Vec3[] {
  const places = point
    ? [
        ...(point.place ? [point.place] : []),
        ...point.zones.flatMap(({ strokes }) => strokes.flatMap((s) => s.through)),
      ]
    : [];
  const found = places.map((place) => placeOf(place, side, anatomy)).filter((place) => place !== null);
  return found.length
    ? found
    : WHOLE.map((name) => landmark(name, side, anatomy)).filter((place) => place !== null);
}

/** From a side, so near that the points fill a picture of this aspect (width by height) with the body around them. */
export function poseFor(
  points: readonly Vec3[],
  around: keyof typeof AROUND,
  way: Vec3,
  aspect: number,
  fieldOfView: number,
): CameraPose {
  const by = AROUND[around];
  const corners = points.flatMap(([x, y, z]) => [x - by, y, z - by, x + by, y, z + by]);
  return poseAround(corners, way, aspect, fieldOfView);
}
