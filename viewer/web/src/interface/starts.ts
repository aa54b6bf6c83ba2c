// Good places to begin: each is a whole scene, made from a fresh one in the person's own language and colours.
import type { Anatomy } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import { phrase } from "../language/translate";
import { reduce } from "../scene/actions";
import type { Aside } from "./session";
import { viewFields } from "./views";

export interface Start {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  /** The scene it leads to; null where this body lacks what it is about. */
  readonly scene: (now: Scene, anatomy: Anatomy) => Scene | null;
  /** What it opens beside the picture. */
  readonly aside?: Aside;
}

const OBLIQUE = "oblique";
const POSTERIOR = "posterior";

function seenFrom(view: string, scene: Scene, anatomy: Anatomy): Scene {
  return anatomy.catalogue.views[view] ? { ...scene, ...viewFields(view, scene, anatomy) } : scene;
}

const fresh = (now: Scene, anatomy: Anatomy) => reduce(now, { type: "reset" }, anatomy);

/** The name on the right, or as this body has it. */
function nameIn(structure: string, anatomy: Anatomy): string | null {
  return [`${structure}.right`, structure].find((name) => anatomy.membersOf(name).length) ?? null;
}

export const STARTS: readonly Start[] = [
  {
    id: "nerve",
    title: phrase("Where the sciatic nerve runs"),
    hint: phrase("The right nerve, with all else turned to glass"),
    scene(now, anatomy) {
      const selected = nameIn("sciatic_nerve", anatomy);
      if (!selected) return null;
      return { ...seenFrom(OBLIQUE, fresh(now, anatomy), anatomy), selected, fade_others: true };
    },
  },
  {
    id: "variants",
    title: phrase("Where nerve and piriformis meet"),
    hint: phrase("Every way they lie together, on either side"),
    aside: "variants",
    scene(now, anatomy) {
      if (!nameIn("piriformis", anatomy) || !nameIn("sciatic_nerve", anatomy)) return null;
      return { ...seenFrom(POSTERIOR, fresh(now, anatomy), anatomy), focus: true };
    },
  },
  {
    id: "pain",
    title: phrase("Where muscles send their pain"),
    hint: phrase("Trigger points, and where a ball may go"),
    aside: "triggers",
    scene: (now, anatomy) => seenFrom(POSTERIOR, fresh(now, anatomy), anatomy),
  },
  {
    id: "attachments",
    title: phrase("What attaches where"),
    hint: phrase("Bare bones, every attachment area painted on"),
    scene(now, anatomy) {
      if (!Object.values(anatomy.atlas.structures).some((entry) => entry.footprints.length)) return null;
      const peel = anatomy.layers.length - 1;
      return { ...seenFrom(OBLIQUE, fresh(now, anatomy), anatomy), peel, footprints: "all" };
    },
  },
  {
    id: "deep",
    title: phrase("Deep to gluteus maximus"),
    hint: phrase("The large muscle off: what lies beneath it"),
    scene(now, anatomy) {
      const name = nameIn("gluteus_maximus", anatomy);
      const layer = anatomy.layerIndex(anatomy.membersOf(name ?? "")[0] ?? "");
      if (layer < 0 || layer >= anatomy.layers.length - 1) return null;
      return { ...seenFrom(POSTERIOR, fresh(now, anatomy), anatomy), peel: layer + 1 };
    },
  },
];
