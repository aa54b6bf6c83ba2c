// One language of the page: what the interface says in it, and the catalogue with its names and safety texts.
import type { Catalogue } from "../generated/catalogue";
import type { LanguageDocument } from "../generated/language";
import { FOREIGN, type Translate, translator } from "./translate";

/** Keys of documents that hold prose: what is not translated of it is marked as English. */
const PROSE = new Set(
  (
    "text plain precise words where why name short caption explanation sign action english population what note " +
    "nerve scope not_a_diagnosis title summary client teacher prompt"
  ).split(" "),
);
/** Titles of sources, whose work it is, and scenes stand as they are in every language. */
const AS_IS = new Set(["references", "credits", "scene", "languages"]);
const ABOUT_SAFETY = /^(safety\/|trigger_points\/[^/]+\/(self_care|cautions)\/)/;

export class Language {
  readonly t: Translate;
  private readonly originals = new Map<string, string>();

  /** Without a document: English, in which everything was written. */
  constructor(private readonly document: LanguageDocument | null = null) {
    this.t = translator(document, this.originals);
  }

  get code(): string {
    return this.t.code;
  }

  /** The catalogue with what this language has of it; the rest is marked as English. */
  catalogue(english: Catalogue): Catalogue {
    return this.worded(english);
  }

  /** The same of any document. */
  worded<T extends object>(english: T): T {
    return this.document ? (this.translated(english, "", "") as T) : english;
  }

  private translated(node: unknown, path: string, key: string): unknown {
    const own = this.document?.catalogue[path];
    if (own !== undefined) {
      if (typeof node === "string" && typeof own === "string" && ABOUT_SAFETY.test(path))
        this.originals.set(own, node);
      return own;
    }
    if (typeof node === "string") return PROSE.has(key) ? node + FOREIGN : node;
    if (typeof node !== "object" || node === null || AS_IS.has(key)) return node;
    const below = ([name, value]: [string, unknown]) => {
      const step = Array.isArray(node) ? ((value as { id?: string } | null)?.id ?? name) : name;
      return [name, this.translated(value, path ? `${path}/${step}` : step, name)] as const;
    };
    const entries = Object.entries(node).map(below);
    return Array.isArray(node) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
  }
}
