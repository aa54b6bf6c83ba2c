// What the second body shows: what the first one shows, structure by structure.
import type { Anatomy } from "../../atlas/anatomy";
import type { Scene } from "../../generated/scene";
import { lookOf, type Surroundings } from "../../scene/look";
import { sideShapes, skinShapes } from "../../scene/morph";
import type { Insets, Look, ShapeLook } from "../../stage/types";
import type { Session } from "../session";

/** As many layers of the second body as the first has off: bodies need not have the same ones. */
export function peelFor(peel: number, first: Anatomy, second: Anatomy): number {
  const depth = Math.min(peel, first.layers.length - 1);
  const left = first.layers[depth];
  if (depth === 0 || !left) return 0;
  const place = first.layerIds.indexOf(left.id);
  return second.layers.filter(({ id }) => second.layerIds.indexOf(id) < place).length;
}

/** The scene as it is meant for the second body: nothing in it that lies in the first one alone. */
export function sceneFor(scene: Scene, first: Anatomy, second: Anatomy): Scene {
  const has = (variant: string) => (second.hasShapes(variant) ? variant : "A");
  return {
    ...scene,
    atlas: second.atlas.id,
    peel: peelFor(scene.peel, first, second),
    variant: { right: has(scene.variant.right), left: has(scene.variant.left) },
    rulers: [],
    ball: null,
  };
}

function shapesOf(scene: Scene, { atlas }: Anatomy): Record<string, ShapeLook> {
  const looks = skinShapes(atlas, scene.subcutaneous);
  for (const side of ["right", "left"] as const) {
    const variant = scene.variant[side];
    Object.assign(looks, sideShapes(atlas, side, { from: variant, to: variant, t: 1 }));
  }
  return looks;
}

/** Everything of the second body that is to be drawn. */
export function lookBeside(session: Session, anatomy: Anatomy, insets: Insets): Look {
  const scene = sceneFor(session.seen, session.anatomy, anatomy);
  const around: Surroundings = {
    ...session.surroundings(insets),
    rulerStart: null,
    marks: null,
    shapes: shapesOf(scene, anatomy),
  };
  return lookOf(scene, anatomy, around);
}
