// Fetches and reads the atlas's files, each once, and turns their meshes into bodies, footprints and shapes.
import { BufferGeometry, type Vector2 } from "three";
import type { AtlasDocument, FootprintEntry, StructureEntry } from "../generated/atlas";
import { Body } from "./body";
import { fan } from "./fibres";
import { FootprintPaint } from "./footprint";
import { type MeshData, readGlb } from "./glb";
import type { ShapeData } from "./shapes";
import { geometryOf, type SharedUniforms } from "./surface";
import type { LoadEvent, LoadFile } from "./types";

/** Who a mesh node of the GLB files is. */
type Owner =
  | { readonly role: "part"; readonly entry: StructureEntry }
  | { readonly role: "shape"; readonly part: string; readonly shape: string }
  | { readonly role: "footprint"; readonly entry: FootprintEntry; readonly structure: string };

/** One more shape of a part. */
export interface LoadedShape {
  readonly part: string;
  readonly shape: string;
  readonly data: ShapeData;
}

export interface Loaded {
  readonly bodies: Body[];
  readonly footprints: FootprintPaint[];
  readonly shapes: LoadedShape[];
}

/** The meshes of one body, read once however many stages show them. */
export class Library {
  private readonly files = new Map<string, Promise<MeshData[]>>();
  private readonly geometries = new Map<string, BufferGeometry>();

  constructor(private readonly load: LoadFile) {}

  /** All meshes of a file. A file that failed is fetched anew when next asked for. */
  meshes(file: string): Promise<MeshData[]> {
    let content = this.files.get(file);
    if (!content) {
      content = this.read(file);
      content.catch(() => this.files.delete(file));
      this.files.set(file, content);
    }
    return content;
  }

  /** Lets go of all meshes; stages that show them keep theirs. */
  clear(): void {
    this.files.clear();
    this.geometries.clear();
  }

  private async read(file: string): Promise<MeshData[]> {
    try {
      return await readGlb(await this.load(file));
    } catch (error) {
      throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** A mesh as the GPU wants it: numbers that all who ask share, in a geometry that each may paint and dispose of. */
  geometry(mesh: MeshData): BufferGeometry {
    let shared = this.geometries.get(mesh.name);
    if (!shared) {
      shared = geometryOf(mesh);
      this.geometries.set(mesh.name, shared);
    }
    const own = new BufferGeometry();
    for (const [name, attribute] of Object.entries(shared.attributes)) own.setAttribute(name, attribute);
    own.setIndex(shared.index);
    own.boundingBox = shared.boundingBox;
    own.boundingSphere = shared.boundingSphere;
    return own;
  }
}

export class AtlasFiles {
  private readonly asked = new Map<string, Promise<Loaded>>();
  private readonly owners = new Map<string, Owner>();
  private stopped = false;
  private underway = 0;

  /** library : the meshes, which other stages may use too */
  constructor(
    private readonly atlas: AtlasDocument,
    private readonly library: Library,
    private readonly shared: SharedUniforms,
    private readonly pixels: { value: Vector2 },
    private readonly report: (event: LoadEvent) => void,
  ) {
    this.learn();
  }

  /** Reads in the atlas who is in which file; to be called again when the atlas has grown. */
  learn(): void {
    for (const entry of Object.values(this.atlas.structures)) {
      for (const { name, shapes } of entry.parts) {
        this.owners.set(name, { role: "part", entry });
        for (const [shape, { node }] of Object.entries(shapes))
          this.owners.set(node, { role: "shape", part: name, shape });
      }
      for (const footprint of entry.footprints)
        this.owners.set(footprint.name, { role: "footprint", entry: footprint, structure: entry.id });
    }
  }

  /** Names of the files that a page wants at a time: for its first picture, or right after it. */
  wanted(when: "first" | "soon"): string[] {
    return this.atlas.files.filter((file) => file.wanted === when).map((file) => file.name);
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
    const loaded: Loaded = { bodies: [], footprints: [], shapes: [] };
    const meshes = await this.library.meshes(file);
    if (this.stopped) return loaded;
    const byName = new Map(meshes.map((mesh) => [mesh.name, mesh]));
    for (const mesh of meshes) {
      const owner = this.owners.get(mesh.name);
      if (owner?.role === "footprint")
        loaded.footprints.push(this.footprint(owner.entry, owner.structure, mesh));
      else if (owner?.role === "part") loaded.bodies.push(this.body(owner.entry, mesh, byName));
      else if (owner) loaded.shapes.push({ part: owner.part, shape: owner.shape, data: mesh });
    }
    return loaded;
  }

  private footprint(entry: FootprintEntry, structure: string, mesh: MeshData): FootprintPaint {
    const geometry = this.library.geometry(mesh);
    return new FootprintPaint(entry, structure, mesh, geometry, this.shared, this.pixels);
  }

  private body(entry: StructureEntry, mesh: MeshData, byName: ReadonlyMap<string, MeshData>): Body {
    const geometry = this.library.geometry(mesh);
    // Places on the skin are told by its triangles: its search tree must not turn them round.
    geometry.userData.ordered = entry.kind === "skin";
    const end = (which: "proximal" | "distal") =>
      entry.footprints.flatMap((each) => (each.end === which ? (byName.get(each.name) ?? []) : []))[0]
        ?.positions ?? null;
    const run = (positions: Float32Array) => fan(positions, end("proximal"), end("distal"));
    return new Body(entry, mesh.name, mesh, geometry, this.shared, run);
  }
}
