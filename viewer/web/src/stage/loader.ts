// Fetches and reads the atlas's files, each once, and turns their meshes into bodies and footprints.
import type { Vector2 } from "three";
import type { AtlasDocument, FootprintEntry, StructureEntry } from "../generated/atlas";
import { Body } from "./body";
import { fan } from "./fibres";
import { FootprintPaint } from "./footprint";
import { type MeshData, readGlb } from "./glb";
import type { SharedUniforms } from "./surface";
import type { LoadEvent, LoadFile } from "./types";

/** Who a mesh node of the GLB files is. */
type Owner =
  | { readonly role: "part"; readonly entry: StructureEntry }
  | { readonly role: "footprint"; readonly entry: FootprintEntry; readonly structure: string };

export interface Loaded {
  readonly bodies: Body[];
  readonly footprints: FootprintPaint[];
}

export class AtlasFiles {
  private readonly asked = new Map<string, Promise<Loaded>>();
  private readonly owners = new Map<string, Owner>();
  private stopped = false;
  private underway = 0;

  constructor(
    private readonly atlas: AtlasDocument,
    private readonly load: LoadFile,
    private readonly shared: SharedUniforms,
    private readonly pixels: { value: Vector2 },
    private readonly report: (event: LoadEvent) => void,
  ) {
    for (const entry of Object.values(atlas.structures)) {
      for (const { name } of entry.parts) this.owners.set(name, { role: "part", entry });
      for (const footprint of entry.footprints)
        this.owners.set(footprint.name, { role: "footprint", entry: footprint, structure: entry.id });
    }
  }

  get defaults(): string[] {
    return this.atlas.files.filter((file) => file.wanted === "first").map((file) => file.name);
  }

  /** Whether any file is still on its way. */
  get loading(): boolean {
    return this.underway > 0;
  }

  /** Whether a file has been asked for already. */
  knows(file: string): boolean {
    return this.asked.has(file);
  }

  /** The content of a file; rejects with an Error for people. A file that failed is fetched anew when next asked for. */
  fetch(file: string): Promise<Loaded> {
    let content = this.asked.get(file);
    if (!content) {
      this.report({ file, state: "loading" });
      content = this.read(file);
      this.asked.set(file, content);
      this.underway++;
      const settled = () => this.underway--;
      content.then(settled, settled);
      content.then(
        () => this.report({ file, state: "ready" }),
        (error: unknown) => {
          this.asked.delete(file);
          this.report({
            file,
            state: "failed",
            message: String(error instanceof Error ? error.message : error),
          });
        },
      );
    }
    return content;
  }

  stop(): void {
    this.stopped = true;
  }

  private async read(file: string): Promise<Loaded> {
    const loaded: Loaded = { bodies: [], footprints: [] };
    let meshes: MeshData[];
    try {
      meshes = await readGlb(await this.load(file));
    } catch (error) {
      throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
    }
    if (this.stopped) return loaded;
    const byName = new Map(meshes.map((mesh) => [mesh.name, mesh]));
    for (const mesh of meshes) {
      const owner = this.owners.get(mesh.name);
      if (!owner) continue;
      if (owner.role === "footprint")
        loaded.footprints.push(
          new FootprintPaint(owner.entry, owner.structure, mesh, this.shared, this.pixels),
        );
      else {
        const end = (which: "proximal" | "distal") =>
          owner.entry.footprints.flatMap((each) =>
            each.end === which ? (byName.get(each.name) ?? []) : [],
          )[0]?.positions ?? null;
        const run = (positions: Float32Array) => fan(positions, end("proximal"), end("distal"));
        loaded.bodies.push(new Body(owner.entry, mesh.name, mesh, this.shared, run));
      }
    }
    return loaded;
  }
}
