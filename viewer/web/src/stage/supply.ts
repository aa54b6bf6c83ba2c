// Brings on the stage what a look asks for: fetches files when they are needed, hands out what they hold.
import type { AtlasDocument } from "../generated/atlas";
import type { Cast } from "./cast";
import type { AtlasFiles, Loaded } from "./loader";
import { merged } from "./merge";
import type { Forest } from "./picking";
import type { Look, PackDocument, ShapeName } from "./types";

export class Supply {
  private stopped = false;

  /** atlas : the stage's own, which grows · changed : something new is on the stage */
  constructor(
    private readonly atlas: AtlasDocument,
    private readonly files: AtlasFiles,
    private readonly cast: Cast,
    private readonly forest: Forest,
    private readonly changed: () => void,
  ) {}

  /** What the first picture of a look needs. */
  async deliverFirst(look: Look): Promise<void> {
    const files = this.files.wanted("first");
    if (this.uncovers(look)) files.push(...this.files.wanted("soon"));
    await Promise.all(files.map((file) => this.fetch(file)));
  }

  /** All that is fetched by itself once the first picture is there. */
  deliverSoon(look: Look): void {
    for (const file of this.files.wanted("soon")) this.fetch(file).catch(() => undefined);
    this.fetchFor(look);
  }

  /** Whether a look takes away, fades or cuts anything that hides something of what is seen by default. */
  private uncovers(look: Look): boolean {
    const first = new Set(this.files.wanted("first"));
    const solid = (id: string) => look.structures[id]?.visible && (look.structures[id]?.opacity ?? 0) > 0.99;
    return (
      look.cut !== null ||
      Object.values(this.atlas.structures).some(
        ({ id, shown, parts }) => shown && parts.some(({ file }) => first.has(file)) && !solid(id),
      )
    );
  }

  /** Fetches what a look needs and nobody has asked for yet. Failures are told through the files' report. */
  fetchFor(look: Look): void {
    for (const file of this.filesOf(look))
      if (!this.files.knows(file)) this.fetch(file).catch(() => undefined);
  }

  private filesOf(look: Look): Set<string> {
    const painted = new Set(look.footprints.map(({ name }) => name));
    const marked = markedParts(look);
    const files = new Set<string>();
    for (const entry of Object.values(this.atlas.structures)) {
      for (const footprint of entry.footprints) if (painted.has(footprint.name)) files.add(footprint.file);
      const seen = look.structures[entry.id]?.visible;
      for (const part of entry.parts) {
        if (!seen && !marked.has(part.name)) continue;
        files.add(part.file);
        const shape = look.shapes?.[part.name];
        for (const name of shape ? [shape.from, shape.to] : []) {
          const file = part.shapes[name]?.file;
          if (file) files.add(file);
        }
      }
    }
    return files;
  }

  /** Resolves when all of these shapes are there. */
  async shapes(wanted: readonly ShapeName[]): Promise<void> {
    const parts = new Map(
      Object.values(this.atlas.structures).flatMap((entry) => entry.parts.map((part) => [part.name, part])),
    );
    const files = new Set<string>();
    for (const { part: name, shape } of wanted) {
      const part = parts.get(name);
      for (const file of [part?.file, part?.shapes[shape]?.file]) if (file) files.add(file);
    }
    await Promise.all([...files].map((file) => this.fetch(file)));
  }

  /** Resolves when these structures are there. */
  async structures(ids: readonly string[]): Promise<void> {
    const files = new Set(
      ids.flatMap((id) => this.atlas.structures[id]?.parts.map(({ file }) => file) ?? []),
    );
    await Promise.all([...files].map((file) => this.fetch(file)));
  }

  /** Takes in what came later. */
  extend(pack: PackDocument): void {
    Object.assign(this.atlas, merged(this.atlas, pack));
    this.files.learn();
    for (const body of this.cast.bodies) body.entry = this.atlas.structures[body.id] ?? body.entry;
  }

  private async fetch(file: string): Promise<void> {
    const loaded = await this.files.fetch(file);
    if (this.stopped) discard(loaded);
    else {
      const fresh = this.cast.take(loaded);
      this.forest.plant([...fresh.bodies, ...fresh.footprints]);
      this.changed();
    }
  }

  stop(): void {
    this.stopped = true;
    this.files.stop();
  }
}

/** Parts that something stands on, be they in sight or not. */
function markedParts({ dots = [], window, ball, stain }: Look): Set<string> {
  return new Set([...dots, window, ball, stain].flatMap((mark) => mark?.part ?? []));
}

function discard({ bodies, footprints }: Loaded): void {
  for (const each of [...bodies, ...footprints]) each.dispose();
}
