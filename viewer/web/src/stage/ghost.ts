// Another body drawn over the stage's own, in one tint: of it one sees the nearest surface, and, where the stage's own
// body hides it, its edges. It is not picked, and nothing is painted on it.
import type { BufferGeometry, DepthModes, Mesh, ShaderMaterial } from "three";
import type { AtlasDocument, StructureEntry } from "../generated/atlas";
import { type Body, LAYER } from "./body";
import { Cast } from "./cast";
import type { Layer, LayerKit } from "./layer";
import { AtlasFiles } from "./loader";
import { Forest } from "./picking";
import { BOTH_SIDES, meshFrom } from "./pieces";
import { GHOST_FRAGMENT, GHOST_VERTEX } from "./shaders/ghost";
import { Supply } from "./supply";
import { material, setUniform } from "./surface";
import type { LoadEvent, Look, OtherBody, PackDocument } from "./types";

/** After the see-through of the body itself: edges of what is hidden, then depth, then what is seen. */
const ORDER = { edges: 1500, veil: 1510, surface: 1520 } as const;

/** three's `GreaterDepth`: drawn where something lies before it. */
const BEHIND: DepthModes = 6;

/** One hue for the whole body, light for bone and dark for nerves, so that they are told apart within it too. */
const TINTS: Record<StructureEntry["kind"], string> = {
  bone: "#5b9fe4",
  muscle: "#2c5fc7",
  nerve: "#0a2478",
  tendon: "#86b4e6",
  ligament: "#86b4e6",
  fascia: "#86b4e6",
  membrane: "#86b4e6",
  disc: "#86b4e6",
  skin: "#6fa8e6",
};

/** A CSS colour as the numbers that stand on screen. */
const onScreen = (css: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16) / 255);

/** What is swapped in for a mesh of the body: its own paint, and its edges where it is hidden. */
interface Shade {
  readonly paint: ShaderMaterial;
  readonly edges: Mesh<BufferGeometry, ShaderMaterial>;
}

export class Ghost implements Layer {
  private readonly atlas: AtlasDocument;
  private readonly cast: Cast;
  private readonly files: AtlasFiles;
  private readonly supply: Supply;
  private readonly shades = new Map<Body, Shade>();
  private look: Look | null = null;
  private opacity = 0.5;

  constructor(
    private readonly kit: LayerKit,
    { atlas, library }: OtherBody,
    report: (event: LoadEvent) => void,
  ) {
    this.atlas = { ...atlas };
    this.cast = new Cast(kit.scene, this.atlas);
    this.files = new AtlasFiles(this.atlas, library, kit.shared, kit.pixels, report);
    const unpicked = new Forest();
    unpicked.stop();
    this.supply = new Supply(this.atlas, this.files, this.cast, unpicked, () => this.dress());
  }

  /** Draws this of it; what is not here yet is fetched. opacity : 0 to 1, of all of it */
  draw(look: Look, opacity: number): void {
    this.look = look;
    this.opacity = opacity;
    this.supply.fetchFor(look);
    this.dress();
  }

  extend(pack: PackDocument): void {
    this.supply.extend(pack);
  }

  /** The stage has taken on another look: what it knows of its own extent has to hold this body too. */
  show(): void {
    const { extent } = this.kit.cast;
    if (this.cast.bodies.some((body) => body.visible))
      this.kit.cast.extent = { ...extent, radius: Math.max(extent.radius, this.cast.extent.radius) };
  }

  private dress(): void {
    const { look } = this;
    if (!look) return;
    for (const body of this.cast.bodies) if (!this.shades.has(body)) this.shades.set(body, this.shaded(body));
    this.cast.show({ ...look, painted: {} });
    for (const [body, { paint, edges }] of this.shades) {
      for (const mesh of [body.surface, body.veil]) mesh.layers.set(LAYER.glass);
      for (const mesh of [body.silhouette, body.unhidden]) mesh.visible = false;
      body.veil.visible = body.visible;
      edges.visible = body.visible;
      edges.geometry = body.geometry;
      const dense = this.opacity * Math.min(1, body.opacity);
      paint.transparent = true;
      paint.depthWrite = false;
      setUniform(paint, "uDense", dense);
      setUniform(edges.material, "uDense", dense);
      body.veil.renderOrder = ORDER.veil;
      body.surface.renderOrder = ORDER.surface;
    }
    this.show();
    this.kit.redraw();
  }

  private shaded(body: Body): Shade {
    const { uCut } = this.kit.shared;
    const tint = onScreen(TINTS[body.entry.kind]);
    // What `Body.show` sets on a tissue is there too, and does nothing.
    const idle = { uOpacity: 1, uWindowed: 0, uGhost: 0, uHover: 0, uSelected: 0 };
    const made = (uEdges: number, more: object) =>
      material(
        GHOST_VERTEX,
        GHOST_FRAGMENT,
        { uCut },
        { uTint: tint, uDense: 0.5, uEdges, ...idle },
        { ...BOTH_SIDES, transparent: true, depthWrite: false, ...more },
      );
    const paint = made(0, {});
    body.surface.material.dispose();
    body.surface.material = paint;
    const hidden = made(1, { depthFunc: BEHIND });
    const edges = meshFrom(body.geometry, hidden, { order: ORDER.edges, layer: LAYER.glass });
    this.kit.scene.add(edges);
    return { paint, edges };
  }

  release(): void {
    this.cast.release();
    for (const { edges } of this.shades.values()) edges.material.dispose();
  }

  /** Takes the body off the stage and frees what it held. */
  stop(): void {
    this.supply.stop();
    this.look = null;
    const { scene } = this.kit;
    for (const body of this.cast.bodies)
      scene.remove(body.surface, body.veil, body.silhouette, body.unhidden);
    for (const { patch, rim } of this.cast.footprints) scene.remove(patch, rim.mesh);
    for (const { edges } of this.shades.values()) scene.remove(edges);
    this.release();
    this.shades.clear();
    this.cast.bodies = [];
    this.cast.footprints = [];
    this.kit.redraw();
  }
}
