// Everything a person can do to a scene, as pure functions from one scene to the next.
import type { Anatomy } from "../atlas/anatomy";
import { type Camera, DEFAULT_SCENE, type Scene } from "../generated/scene";
import { layerOf, ownOpacity, visibleIds } from "./visibility";

type Switches = Pick<
  Scene,
  | "fade_others"
  | "footprints"
  | "labels"
  | "landmarks"
  | "theme"
  | "lesson"
  | "language"
  | "names"
  | "names"
  | "cut"
  | "variant"
  | "compare"
  | "beside"
  | "focus"
  | "heat"
  | "subcutaneous"
  | "section"
  | "rulers"
  | "trigger"
  | "stipple"
  | "ball"
  | "consult"
>;

export type Action =
  | { readonly type: "show" | "hide" | "isolate"; readonly names: readonly string[] }
  | { readonly type: "showAll" | "reset" }
  | { readonly type: "opacity"; readonly names: readonly string[]; readonly value: number }
  | { readonly type: "peel"; readonly value: number }
  | { readonly type: "select"; readonly name: string | null }
  | { readonly type: "set"; readonly fields: Partial<Switches> }
  | { readonly type: "camera"; readonly camera: Camera }
  | { readonly type: "replace"; readonly scene: Scene };

/** Sided ids of the atlas that the scene shows. */
export function visibleIn(scene: Scene, anatomy: Anatomy): Set<string> {
  return visibleIds(scene, anatomy.entries, anatomy.layerIds, anatomy.annotated);
}

const membersOfAll = (names: readonly string[], anatomy: Anatomy) =>
  new Set(names.flatMap((name) => anatomy.membersOf(name)));

/** The same names without these members: a name that stood for some of them is replaced by the rest it stood for. */
function without(names: readonly string[], gone: ReadonlySet<string>, anatomy: Anatomy): string[] {
  return names.flatMap((name) => {
    const members = anatomy.membersOf(name);
    return members.some((id) => gone.has(id)) ? members.filter((id) => !gone.has(id)) : [name];
  });
}

const union = (names: readonly string[], more: Iterable<string>) => [...new Set([...names, ...more])];

function hide(scene: Scene, names: readonly string[], anatomy: Anatomy): Scene {
  const gone = membersOfAll(names, anatomy);
  const shown = without(scene.shown, gone, anatomy);
  if (scene.isolated.length) {
    const isolated = without(scene.isolated, gone, anatomy);
    // An empty list would mean "not isolated" and bring everything back.
    if (isolated.length) return { ...scene, shown, isolated };
  }
  const left = visibleIn({ ...scene, shown }, anatomy);
  return {
    ...scene,
    shown,
    hidden: union(
      scene.hidden,
      [...gone].filter((id) => left.has(id)),
    ),
  };
}

function show(scene: Scene, names: readonly string[], anatomy: Anatomy): Scene {
  const wanted = membersOfAll(names, anatomy);
  const next = { ...scene, hidden: without(scene.hidden, wanted, anatomy) };
  const seen = visibleIn(next, anatomy);
  const missing = [...wanted].filter((id) => !seen.has(id));
  return scene.isolated.length
    ? { ...next, isolated: union(scene.isolated, missing) }
    : { ...next, shown: union(scene.shown, missing) };
}

function setOpacity(scene: Scene, names: readonly string[], value: number, anatomy: Anatomy): Scene {
  const opacity = { ...scene.opacity };
  for (const id of membersOfAll(names, anatomy)) {
    delete opacity[id];
    const entry = anatomy.entries.find((candidate) => candidate.id === id);
    if (entry && ownOpacity({ opacity }, entry, anatomy.annotated) !== value) opacity[id] = value;
  }
  return { ...scene, opacity };
}

/**
 * Layers come off or back on; what had been brought back by hand is forgotten once its layer is on again. What is out
 * of sight by default and was brought by hand (skin, small nerves) goes with the layers around it.
 */
function peel(scene: Scene, value: number, anatomy: Anatomy): Scene {
  const depth = Math.max(0, Math.min(Math.round(value), anatomy.layers.length - 1));
  const left = anatomy.layerIds.indexOf(anatomy.layers[depth]?.id ?? "");
  const needed = (name: string) => {
    const members = anatomy.membersOf(name);
    if (!members.length) return true;
    return members.some((id) => {
      const entry = anatomy.entries.find((candidate) => candidate.id === id);
      if (!entry) return true;
      const place = anatomy.layerIds.indexOf(layerOf(entry.structure, anatomy.annotated) ?? "");
      const off = depth > 0 && place >= 0 && place < left;
      return entry.shown ? off : !off;
    });
  };
  return { ...scene, peel: depth, isolated: [], shown: scene.shown.filter(needed) };
}

/** What was shown by hand stays, but for a skin that would cover the dots that are asked for beneath it. */
function set(scene: Scene, fields: Partial<Switches>, anatomy: Anatomy): Scene {
  const bares = fields.stipple === "muscle" && scene.stipple !== "muscle";
  const shown = bares ? without(scene.shown, membersOfAll(["skin"], anatomy), anatomy) : scene.shown;
  return { ...scene, ...fields, shown };
}

/** The scene after the action. */
export function reduce(scene: Scene, action: Action, anatomy: Anatomy): Scene {
  switch (action.type) {
    case "show":
      return show(scene, action.names, anatomy);
    case "hide":
      return hide(scene, action.names, anatomy);
    case "isolate": {
      const ids = membersOfAll(action.names, anatomy);
      return { ...scene, isolated: [...action.names], hidden: without(scene.hidden, ids, anatomy) };
    }
    case "showAll":
      return { ...scene, hidden: [], isolated: [], peel: 0, opacity: {} };
    case "opacity":
      return setOpacity(scene, action.names, action.value, anatomy);
    case "peel":
      return peel(scene, action.value, anatomy);
    case "select":
      return { ...scene, selected: action.name };
    case "set":
      return set(scene, action.fields, anatomy);
    case "camera":
      return { ...scene, camera: action.camera };
    case "replace":
      return action.scene;
    case "reset": {
      const { theme, names, language, atlas } = scene;
      return { ...structuredClone(DEFAULT_SCENE), theme, names, language, atlas };
    }
  }
}
