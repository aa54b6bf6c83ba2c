// Scripts that are fetched when they are first needed: the start stays small however much the page can do.
import { shared } from "ischia:shared";
import { phrase } from "../language/translate";
import needs from "../parts/needs.json";
import { LoadError } from "./source";

/** What each part brings. */
export interface PartModules {
  readonly trigger: typeof import("../parts/trigger");
  readonly consult: typeof import("../parts/consult");
  readonly handout: typeof import("../parts/handout");
  readonly lesson: typeof import("../parts/lesson");
  readonly quiz: typeof import("../parts/quiz");
  readonly landmarks: typeof import("../parts/landmarks");
  readonly bodies: typeof import("../parts/bodies");
}

export type PartName = keyof PartModules;

/** A part's text, in a page that has no server. */
export interface PartText {
  readonly code: string;
}

/** Where a part is: its address, its text, or what brings its text or itself when it is first wanted. */
export type PartSource = string | PartText | (() => Promise<PartText | Bring>);

export type PartSources = Readonly<Record<string, PartSource>>;

interface PartExports {
  readonly part: { readonly styles?: string };
  readonly shared: Readonly<Record<string, object>>;
}

/** What a part's script exports. */
export type Bring = (require: (file: string) => object) => PartExports;

export class Parts {
  private readonly modules: Record<string, object> = { ...shared };
  private readonly coming = new Map<string, Promise<PartExports>>();
  private attempts = 0;

  /** `adopt` is given each part's styles, once. */
  constructor(
    private readonly sources: PartSources,
    private readonly adopt: (styles: string) => void,
  ) {}

  /** What the part brings; fetched once, and anew after a failure. Rejects with a LoadError for people. */
  async load<Name extends PartName>(name: Name): Promise<PartModules[Name]> {
    return (await this.bring(name)).part as unknown as PartModules[Name];
  }

  private bring(name: string): Promise<PartExports> {
    let coming = this.coming.get(name);
    if (!coming) {
      coming = this.fetch(name);
      this.coming.set(name, coming);
      coming.catch(() => this.coming.delete(name));
    }
    return coming;
  }

  private async fetch(name: string): Promise<PartExports> {
    for (const other of (needs as Readonly<Record<string, readonly string[]>>)[name] ?? [])
      await this.bring(other);
    const source = this.sources[name];
    if (source === undefined) throw new LoadError(phrase("This page was made without this part."));
    const brought = (await importScript(source, this.attempts++))((file) => {
      const module = this.modules[file];
      if (!module)
        throw new LoadError(
          phrase("The page has changed since it was opened. Reload it; what is shown stays."),
        );
      return module;
    });
    Object.assign(this.modules, brought.shared);
    if (brought.part.styles) this.adopt(brought.part.styles);
    return brought;
  }
}

/** A browser may remember that an address failed, so each attempt asks under another. */
async function importScript(source: PartSource, attempt: number): Promise<Bring> {
  if (typeof source === "function") {
    const found = await source();
    return typeof found === "function" ? found : importText(found);
  }
  if (typeof source !== "string") return importText(source);
  const address = new URL(source, document.baseURI);
  if (attempt > 0) address.searchParams.append("attempt", String(attempt));
  return importFrom(address.href);
}

async function importText({ code }: PartText): Promise<Bring> {
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return await importFrom(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function importFrom(address: string): Promise<Bring> {
  try {
    return ((await import(address)) as { default: Bring }).default;
  } catch (error) {
    console.warn(error);
    throw new LoadError(
      phrase(
        "This part of the page could not be fetched. Is the server still running, and are you connected?",
      ),
    );
  }
}
