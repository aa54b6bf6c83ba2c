// What a trigger point brings into the picture: its X, the stippling of its pain, and where a ball goes.
import type { Anatomy } from "../atlas/anatomy";
import type { MarksDocument, PointMarks } from "../generated/marks";
import type { Scene } from "../generated/scene";
import { plain } from "../language/translate";
import type { BallLook, CrossLook, DotsLook, StainLook, StructureLook, WindowLook } from "../stage/types";

/** What is known of trigger points besides the scene. */
export interface TriggerSurroundings {
  readonly marks?: MarksDocument | null;
  /** Whether the places are painted where a ball may go. */
  readonly ballZone?: boolean;
  /** Vertices of the skin that a person has marked. */
  readonly drawn?: readonly number[];
}

export interface TriggerLook {
  readonly dots: readonly DotsLook[];
  readonly dotsBeneath: boolean;
  readonly crosses: readonly CrossLook[];
  readonly ball: BallLook | null;
  readonly stain: StainLook | null;
  readonly window: WindowLook | null;
}

const SKIN = "skin";
/** One and the same list: what nothing has changed in need not be drawn anew. */
const NONE: readonly number[] = [];
/** Opacity of the skin, if it is in sight, while pain is stippled on what lies beneath. */
const SKIN_OVER_DOTS = 0.16;

/** The marks of the scene's trigger point on its side. */
export function pointOf({ trigger }: Scene, marks: MarksDocument | null | undefined): PointMarks | null {
  return (trigger && marks?.points[trigger.id]?.[trigger.side]) || null;
}

/** Structures that lie between the skin and the muscle of the X. */
export function coversOf(scene: Scene, point: PointMarks): string[] {
  const { trigger } = scene;
  if (!trigger) return [];
  const ids = point.layers.map(({ structure }) => structure);
  const own = ids.indexOf(`${trigger.id.split(".")[0]}.${trigger.side}`);
  return own < 0 ? [] : ids.slice(0, own);
}

function crossOf(scene: Scene, point: PointMarks, anatomy: Anatomy): CrossLook[] {
  const { trigger } = scene;
  if (!trigger || !point.on_muscle) return [];
  const text = anatomy.catalogue.trigger_points[trigger.id]?.name ?? trigger.id;
  return [{ id: `${trigger.id}.${trigger.side}`, point: point.on_muscle, text: plain(text) }];
}

function ballOf(scene: Scene, point: PointMarks, marks: MarksDocument, anatomy: Anatomy): BallLook | null {
  const { ball: kind, trigger } = scene;
  const place = point.balls.find(({ ball }) => ball === kind);
  const thing = anatomy.catalogue.safety.balls.find(({ id }) => id === kind);
  if (!kind || !trigger || !thing || !place || place.best === null || !place.direction) return null;
  return {
    kind,
    radius: thing.diameter / 2,
    sinks: marks.sinks,
    part: SKIN,
    vertex: place.best,
    direction: place.direction,
    shunned: anatomy.membersOf(`sciatic_nerve.${trigger.side}`),
  };
}

function safeOf(scene: Scene, point: PointMarks): readonly number[] {
  const place =
    point.balls.find(({ ball }) => ball === scene.ball) ?? point.balls.find((one) => one.best !== null);
  return place?.vertices ?? NONE;
}

function windowOf({ on_muscle, on_skin }: PointMarks): WindowLook | null {
  if (!on_muscle || !on_skin) return null;
  return { point: on_muscle, part: SKIN, over: [on_skin.triangle, ...on_skin.weights] };
}

/** What stands in the picture for the scene's trigger point, and what a person has marked. */
export function triggerLook(
  scene: Scene,
  anatomy: Anatomy,
  around: TriggerSurroundings,
  looks: Readonly<Record<string, StructureLook>>,
): TriggerLook {
  const { marks, ballZone = false, drawn = NONE } = around;
  const point = pointOf(scene, marks);
  const safe = point && ballZone ? safeOf(scene, point) : NONE;
  return {
    dots: point?.zones.map(({ level, dots }) => ({ part: SKIN, places: dots, level })) ?? [],
    dotsBeneath: scene.stipple === "muscle" || !looks[SKIN]?.visible,
    crosses: point ? crossOf(scene, point, anatomy) : [],
    ball: point && marks ? ballOf(scene, point, marks, anatomy) : null,
    stain: safe.length || drawn.length ? { part: SKIN, safe, drawn } : null,
    window: point ? windowOf(point) : null,
  };
}

/** Lets one look down to the X: through the skin and whatever else lies over its muscle. */
export function opened(
  looks: Readonly<Record<string, StructureLook>>,
  scene: Scene,
  point: PointMarks,
): Record<string, StructureLook> {
  const open: Record<string, StructureLook> = { ...looks };
  for (const id of [SKIN, ...coversOf(scene, point)]) {
    const look = open[id];
    if (!look?.visible) continue;
    const over = id === SKIN && scene.stipple === "muscle";
    open[id] = {
      ...look,
      windowed: true,
      ...(over ? { opacity: Math.min(look.opacity, SKIN_OVER_DOTS) } : {}),
    };
  }
  return open;
}
