// The scene in the address: `#scene=` and the base64url of the JSON of those fields that differ from the default.
// The fragment stays in the browser: no server ever sees it.
import { DEFAULT_SCENE, type Scene, type SceneInput } from "../generated/scene";
import { readScene, SceneError } from "./scene";

const KEY = "scene";

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The fields of a scene that differ from the default; of the camera, each field for itself. */
export function difference(scene: Scene): SceneInput {
  const short: Record<string, unknown> = {};
  for (const key of Object.keys(DEFAULT_SCENE) as (keyof Scene)[]) {
    if (!same(scene[key], DEFAULT_SCENE[key])) short[key] = scene[key];
  }
  if (short.camera) {
    const entries = Object.entries(scene.camera) as [keyof Scene["camera"], unknown][];
    short.camera = Object.fromEntries(
      entries.filter(([key, value]) => !same(value, DEFAULT_SCENE.camera[key])),
    );
  }
  return short as SceneInput;
}

/** The value that stands in the address; empty for the default scene. */
export function encodeScene(scene: Scene): string {
  const short = difference(scene);
  if (!Object.keys(short).length) return "";
  // The version goes along, so that a reader of another version can say so.
  const bytes = new TextEncoder().encode(JSON.stringify({ version: scene.version, ...short }));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The scene that stands in an address; throws SceneError if it cannot be read. */
export function decodeScene(value: string): Scene {
  let json: string;
  try {
    const binary = atob(value.replace(/-/g, "+").replace(/_/g, "/"));
    json = new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(binary, (char) => char.charCodeAt(0)),
    );
  } catch {
    throw new SceneError("The link's scene is damaged; perhaps the address was cut off when it was copied.");
  }
  return readScene(json);
}

/** The value of the scene in a fragment (`#a=b&scene=…`), or null. */
export function fragmentScene(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get(KEY);
}

/** The fragment with the scene put in, or taken out if it is empty; whatever else stood there stays. */
export function withScene(fragment: string, value: string): string {
  const others = fragment
    .replace(/^#/, "")
    .split("&")
    .filter((part) => part && part.split("=")[0] !== KEY);
  const parts = value ? [...others, `${KEY}=${value}`] : others;
  return parts.length ? `#${parts.join("&")}` : "";
}

/** The address of the page with the scene in it. */
export function linkTo(scene: Scene, href: string): string {
  const [page = "", fragment = ""] = href.split("#", 2);
  return page + withScene(fragment, encodeScene(scene));
}
