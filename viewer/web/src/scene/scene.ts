// Reading a scene that comes from outside: what is missing takes its default, what is wrong is named.
import type { Anatomy } from "../atlas/anatomy";
import { either, nearest } from "../atlas/text";
import {
  type Beside,
  type Camera,
  type Cut,
  DEFAULT_SCENE,
  type LessonPlace,
  type Ruler,
  type Scene,
  type Section,
  type Trigger,
} from "../generated/scene";

/** A scene that cannot be shown; the message says what is wrong and what is allowed. */
export class SceneError extends Error {
  override readonly name = "SceneError";
}

type Check = (value: unknown, where: string) => unknown;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const show = (value: unknown) => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

function fail(where: string, value: unknown, allowed: string): never {
  throw new SceneError(`In the scene, ${where} is ${show(value)}; it must be ${allowed}.`);
}

const text: Check = (value, where) => (typeof value === "string" ? value : fail(where, value, "a text"));

const flag: Check = (value, where) =>
  typeof value === "boolean" ? value : fail(where, value, "true or false");

function number(low: number, high: number, words: string): Check {
  return (value, where) =>
    typeof value === "number" && Number.isFinite(value) && value >= low && value <= high
      ? value
      : fail(where, value, words);
}

const fraction = number(0, 1, "a number from 0 to 1");
const anyNumber = number(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, "a number");

const whole: Check = (value, where) =>
  Number.isInteger(value) && (value as number) >= 0 ? value : fail(where, value, "a whole number, 0 or more");

const orNull =
  (check: Check): Check =>
  (value, where) =>
    value === null ? null : check(value, where);

const vector: Check = (value, where) =>
  Array.isArray(value) &&
  value.length === 3 &&
  value.every((x) => typeof x === "number" && Number.isFinite(x))
    ? [...value]
    : fail(where, value, "three numbers");

const oneOf =
  (...allowed: string[]): Check =>
  (value, where) =>
    typeof value === "string" && allowed.includes(value)
      ? value
      : fail(where, value, either(allowed.map((word) => `"${word}"`)));

const list =
  (check: Check): Check =>
  (value, where) =>
    Array.isArray(value)
      ? [...new Set(value.map((item, i) => check(item, `${where}[${i}]`)))]
      : fail(where, value, "a list");

const map =
  (check: Check): Check =>
  (value, where) =>
    isObject(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, check(item, `${where}["${key}"]`)]),
        )
      : fail(where, value, "an object");

/** Checks an object field by field; absent fields take their default, unknown ones are errors. */
function fields(checks: Record<string, Check>, defaults: object): Check {
  return (value, where) => {
    if (!isObject(value)) return fail(where, value, "an object");
    for (const key of Object.keys(value)) {
      if (key in checks) continue;
      const near = nearest(key, Object.keys(checks), 1);
      const hint = near.length
        ? `Did you mean "${near[0]}"?`
        : `Known are ${Object.keys(checks).join(", ")}.`;
      throw new SceneError(
        `${where === "scene" ? "A scene" : `In the scene, ${where}`} has no field "${key}". ${hint}`,
      );
    }
    const read: Record<string, unknown> = structuredClone({ ...defaults });
    for (const [key, check] of Object.entries(checks)) {
      if (value[key] !== undefined)
        read[key] = check(value[key], where === "scene" ? key : `${where}.${key}`);
    }
    return read;
  };
}

const cameraFields = fields(
  {
    view: orNull(text),
    position: orNull(vector),
    target: orNull(vector),
    up: vector,
    field_of_view: number(1.001, 119.999, "between 1 and 120 degrees"),
  } satisfies Record<keyof Camera, Check>,
  DEFAULT_SCENE.camera,
);

/** A position says where the camera is; a view left out then means that none is named. */
const camera: Check = (value, where) => {
  const placed = isObject(value) && value.position && value.view === undefined;
  return cameraFields(placed ? { ...value, view: null } : value, where);
};

const cut = fields(
  { normal: vector, offset: anyNumber } satisfies Record<keyof Cut, Check>,
  {
    normal: [0, 1, 0],
    offset: 0,
  } satisfies Cut,
);

const section = fields(
  {
    along: oneOf("nerve", "piriformis"),
    side: oneOf("right", "left"),
    at: fraction,
  } satisfies Record<keyof Section, Check>,
  { along: "nerve", side: "right", at: 0.5 } satisfies Section,
);

const rulerFields = fields({ from: vector, to: vector } satisfies Record<keyof Ruler, Check>, {});

/** Both ends have to be there: a distance from nowhere is none. */
const ruler: Check = (value, where) => {
  const read = rulerFields(value, where) as Partial<Ruler>;
  return read.from && read.to ? read : fail(where, value, 'two points, "from" and "to"');
};

const triggerFields = fields(
  { id: text, side: oneOf("right", "left") } satisfies Record<keyof Trigger, Check>,
  {
    side: "right",
  },
);

/** Without its id it is none. */
const trigger: Check = (value, where) => {
  const read = triggerFields(value, where) as Partial<Trigger>;
  return read.id !== undefined ? read : fail(where, value, 'a trigger point with its "id"');
};

const lessonFields = fields({ id: text, step: whole } satisfies Record<keyof LessonPlace, Check>, {
  step: 0,
});

/** Without its id it is none. Its fields come in the order of the model, so that it compares with one set elsewhere. */
const lesson: Check = (value, where) => {
  const { id, step } = lessonFields(value, where) as Partial<LessonPlace>;
  return id !== undefined ? { id, step } : fail(where, value, 'a lesson with its "id"');
};

const variants = fields({ right: text, left: text }, DEFAULT_SCENE.variant);

const besideFields = fields(
  {
    atlas: text,
    how: oneOf("side_by_side", "overlaid"),
    opacity: fraction,
  } satisfies Record<keyof Beside, Check>,
  { how: "side_by_side", opacity: 0.5 },
);

/** Without its body it is none. */
const beside: Check = (value, where) => {
  const { atlas, how, opacity } = besideFields(value, where) as Partial<Beside>;
  return atlas !== undefined ? { atlas, how, opacity } : fail(where, value, 'a body with its name, "atlas"');
};

const scene = fields(
  {
    version: anyNumber,
    atlas: text,
    hidden: list(text),
    shown: list(text),
    isolated: list(text),
    opacity: map(fraction),
    fade_others: flag,
    peel: whole,
    selected: orNull(text),
    footprints: oneOf("none", "selected", "all"),
    labels: oneOf("none", "selected", "all"),
    landmarks: flag,
    variant: variants,
    compare: orNull(variants),
    beside: orNull(beside),
    focus: flag,
    heat: flag,
    subcutaneous: fraction,
    camera,
    cut: orNull(cut),
    section: orNull(section),
    rulers: list(ruler),
    trigger: orNull(trigger),
    stipple: oneOf("skin", "muscle"),
    ball: orNull(oneOf("tennis_ball", "lacrosse_ball", "roller")),
    consult: flag,
    lesson: orNull(lesson),
    theme: oneOf("auto", "light", "dark", "contrast"),
    language: text,
    names: oneOf("english", "latin", "both"),
  } satisfies Record<keyof Scene, Check>,
  DEFAULT_SCENE,
);

/**
 * A scene from a document (an object or JSON text) of which any part may be left out.
 * Throws SceneError if it is of a newer version, or if a field is unknown or holds what it may not.
 */
export function readScene(input: unknown): Scene {
  let document = input;
  if (typeof input === "string") {
    try {
      document = JSON.parse(input);
    } catch {
      throw new SceneError("This is not a scene: the text is not valid JSON.");
    }
  }
  if (!isObject(document))
    throw new SceneError(`This is not a scene: expected an object, found ${show(document)}.`);
  const { version } = document;
  if (version !== undefined && version !== DEFAULT_SCENE.version) {
    throw typeof version === "number" && version > DEFAULT_SCENE.version
      ? new SceneError(
          `This scene is of version ${version}, made by a newer Ischia; this one reads version ${DEFAULT_SCENE.version}. Update Ischia to open it.`,
        )
      : new SceneError(`In the scene, version is ${show(version)}; it must be ${DEFAULT_SCENE.version}.`);
  }
  return scene(document, "scene") as Scene;
}

/** Throws SceneError if the scene names a body, a structure, a trigger point or a view that is not here. */
export function checkNames(read: Scene, anatomy: Anatomy): void {
  if (read.atlas !== anatomy.atlas.id) {
    throw new SceneError(
      `This scene was made for the body "${read.atlas}"; this page shows "${anatomy.atlas.id}" (${anatomy.atlas.title}).`,
    );
  }
  const named: [where: string, name: string][] = [
    ...(["hidden", "shown", "isolated"] as const).flatMap((where) =>
      read[where].map((name): [string, string] => [where, name]),
    ),
    ...Object.keys(read.opacity).map((name): [string, string] => ["opacity", name]),
  ];
  if (read.selected !== null) named.push(["selected", read.selected]);
  for (const [where, name] of named) {
    if (anatomy.knows(name)) continue;
    const near = anatomy.suggest(name);
    const hint = near.length ? ` Did you mean ${either(near.map((other) => `"${other}"`))}?` : "";
    throw new SceneError(
      `In the scene, ${where} names "${name}", which is no structure of this atlas.${hint}`,
    );
  }
  const known: string[] = anatomy.variants.map(({ id }) => id);
  for (const field of ["variant", "compare"] as const)
    for (const side of ["right", "left"] as const) {
      const variant = read[field]?.[side];
      if (variant === undefined || known.includes(variant)) continue;
      throw new SceneError(
        `In the scene, ${field}.${side} is "${variant}"; this atlas has ${either(known.map((one) => `"${one}"`))}.`,
      );
    }
  const points = Object.keys(anatomy.catalogue.trigger_points);
  if (read.trigger && !points.includes(read.trigger.id)) {
    const near = nearest(read.trigger.id, points, 3);
    throw new SceneError(
      `In the scene, trigger.id is "${read.trigger.id}"; ${near.length ? `did you mean ${either(near.map((id) => `"${id}"`))}?` : `known trigger points are ${either(points)}.`}`,
    );
  }
  const codes = anatomy.languages.map(({ code }) => code);
  if (!codes.includes(read.language))
    throw new SceneError(
      `In the scene, language is "${read.language}"; this atlas has ${either(codes.map((code) => `"${code}"`))}.`,
    );
  const views = Object.keys(anatomy.catalogue.views);
  const view = read.camera.view;
  if (view !== null && !views.includes(view)) {
    throw new SceneError(`In the scene, camera.view is "${view}"; known views are ${either(views)}.`);
  }
}
