// One mesh of a structure on the stage: its surface, and the helpers that make it see-through, outlined or cut.
import {
  BufferAttribute,
  type BufferGeometry,
  CustomBlending,
  DoubleSide,
  FrontSide,
  Mesh,
  OneFactor,
  type ShaderMaterial,
  Vector3,
  Vector4,
} from "three";
import type { MeshBVH } from "three-mesh-bvh";
import type { StructureEntry } from "../generated/atlas";
import { type Fan, gridSize, TEXTURE_SPAN } from "./fibres";
import type { MeshData } from "./glb";
import { SINEW, tissueColours } from "./palette";
import { CUT, PLAIN_VERTEX } from "./shaders/common";
import { TISSUE, TISSUE_FRAGMENT, TISSUE_VERTEX } from "./shaders/tissue";
import { Shapes } from "./shapes";
import { material, type SharedUniforms, setUniform, uniformValue } from "./surface";
import type { Paint, ShapeLook, StructureLook } from "./types";

/** Which of the pipeline's pictures a mesh belongs to. */
export const LAYER = { solid: 0, glass: 1, mask: 2, survey: 3, normals: 4, occluder: 5 } as const;

/** At and above this opacity a surface hides what lies behind it. */
const SOLID = 0.995;

const VEIL_FRAGMENT = /* glsl */ `
${CUT}
in vec3 vP;
void main() { if (isCut(vP)) discard; }
`;

const FLAT_FRAGMENT = /* glsl */ `
${CUT}
uniform vec4 uColour;
in vec3 vP;
out vec4 outColour;
void main() { if (isCut(vP)) discard; outColour = uColour; }
`;

const NORMAL_VERTEX = /* glsl */ `
out vec3 vP;
out vec3 vN;
void main() {
  vP = position;
  vN = normal;
  gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0);
}
`;

const NORMAL_FRAGMENT = /* glsl */ `
${CUT}
in vec3 vP;
in vec3 vN;
out vec4 outColour;
void main() { if (isCut(vP)) discard; outColour = vec4(normalize(vN) * 0.5 + 0.5, 1.0); }
`;

/** Depth alone. */
export const depthPaint = (shared: SharedUniforms): ShaderMaterial =>
  material(PLAIN_VERTEX, VEIL_FRAGMENT, { uCut: shared.uCut }, {}, { colorWrite: false });

/** Paints a surface with its normals. */
export const normalPaint = (shared: SharedUniforms): ShaderMaterial =>
  material(NORMAL_VERTEX, NORMAL_FRAGMENT, { uCut: shared.uCut }, {});

/** The tissue's colours; `closed` surfaces are seen from outside only. */
export const tissuePaint = (
  { uCut, uExposure, uGhostTint, uNoise, uWindow, uWindowOut }: SharedUniforms,
  own: Record<string, unknown> = {},
  closed = true,
): ShaderMaterial =>
  material(
    TISSUE_VERTEX,
    TISSUE_FRAGMENT,
    { uCut, uExposure, uGhostTint, uNoise, uWindow, uWindowOut },
    own,
    { side: closed ? FrontSide : DoubleSide, forceSinglePass: true },
  );

export class Body {
  readonly id: string;
  /** Its mesh as it stands; a mesh of its own once it has taken another shape than its first. */
  geometry: BufferGeometry;
  readonly shapes: Shapes;
  /** The surface in colour. */
  readonly surface: Mesh<BufferGeometry, ShaderMaterial>;
  /** Depth alone, drawn first where the surface is see-through, so that only its nearest layer shows. */
  readonly veil: Mesh<BufferGeometry, ShaderMaterial>;
  /** Silhouette for the outline of what is hovered or selected: all of it, and what of it nothing hides. */
  readonly silhouette: Mesh<BufferGeometry, ShaderMaterial>;
  readonly unhidden: Mesh<BufferGeometry, ShaderMaterial>;
  readonly closed: boolean;
  /** A cut through it is closed by a cap, even if its surface has small holes. */
  readonly solidInside: boolean;
  tree: MeshBVH | null = null;
  private painted: Paint | null = null;
  private forked = false;
  visible = false;
  opacity = 1;
  dimmed = false;
  private windowed = false;
  /** What is painted into the mesh is shown; another stage may show the same mesh without. */
  private stained = false;

  constructor(
    public entry: StructureEntry,
    readonly part: string,
    data: MeshData,
    geometry: BufferGeometry,
    shared: SharedUniforms,
    fan: (positions: Float32Array) => Fan,
  ) {
    this.id = entry.id;
    this.closed = entry.volume_cm3 !== null;
    this.solidInside =
      this.closed || entry.kind === "muscle" || entry.kind === "bone" || entry.kind === "nerve";
    this.geometry = geometry;
    this.shapes = new Shapes(geometry);
    const colours = tissueColours(entry.kind);
    const own: Record<string, unknown> = {
      uKind: colours.kind,
      uHasUv: data.uv !== null,
      uBase: colours.base,
      uDeep: colours.deep,
      uTendon: SINEW,
      uSection: colours.section,
      uOpacity: 1,
      uGhost: 0,
      uHover: 0,
      uSelected: 0,
      uWindowed: 0,
      ...fibrePattern(colours.kind, data, fan),
    };
    const side = this.closed ? FrontSide : DoubleSide;
    this.surface = this.meshOf(tissuePaint(shared, own, this.closed));
    this.veil = this.meshOf(
      material(
        PLAIN_VERTEX,
        VEIL_FRAGMENT,
        { uCut: shared.uCut },
        {},
        { side, colorWrite: false, transparent: true, forceSinglePass: true },
      ),
    );
    this.veil.layers.set(LAYER.glass);
    this.silhouette = this.maskOf(shared, false);
    this.unhidden = this.maskOf(shared, true);
    this.show(null);
  }

  private maskOf(shared: SharedUniforms, tested: boolean): Mesh<BufferGeometry, ShaderMaterial> {
    const paint = material(
      PLAIN_VERTEX,
      FLAT_FRAGMENT,
      { uCut: shared.uCut },
      { uColour: new Vector4() },
      {
        side: DoubleSide,
        depthTest: tested,
        depthWrite: false,
        forceSinglePass: true,
        blending: CustomBlending,
        blendSrc: OneFactor,
        blendDst: OneFactor,
      },
    );
    const mesh = this.meshOf(paint);
    mesh.layers.set(LAYER.mask);
    return mesh;
  }

  private meshOf(look: ShaderMaterial): Mesh<BufferGeometry, ShaderMaterial> {
    const mesh = new Mesh(this.geometry, look);
    mesh.matrixAutoUpdate = false;
    mesh.name = this.part;
    return mesh;
  }

  /** Takes on a look; null hides it. */
  show(look: StructureLook | null): void {
    this.visible = !!look?.visible && look.opacity > 0.003 && !look.hiddenParts?.includes(this.part);
    this.opacity = look?.opacity ?? 1;
    this.dimmed = !!look?.dimmed;
    this.windowed = !!look?.windowed;
    const clear = this.visible && !this.solid;
    const tissue = this.surface.material;
    this.surface.visible = this.visible;
    this.surface.layers.set(clear ? LAYER.glass : LAYER.solid);
    if (!clear) this.surface.layers.enable(LAYER.normals);
    tissue.transparent = clear;
    tissue.depthWrite = !clear;
    this.veil.visible = clear;
    setUniform(tissue, "uOpacity", clear ? this.opacity : 1);
    setUniform(tissue, "uWindowed", this.windowed ? 1 : 0);
    setUniform(tissue, "uGhost", clear && this.dimmed ? 1 : 0);
    setUniform(tissue, "uHover", look?.hovered ? 1 : 0);
    setUniform(tissue, "uSelected", look?.selected ? 1 : 0);
    const marked = this.visible && !!(look?.hovered || look?.selected);
    this.silhouette.visible = marked;
    this.unhidden.visible = marked;
    if (!clear) this.surface.layers.enable(LAYER.occluder);
    const [hovered, selected] = [look?.hovered ? 1 : 0, look?.selected ? 1 : 0];
    uniformValue<Vector4>(this.silhouette.material, "uColour").set(hovered, selected, 0, 0);
    uniformValue<Vector4>(this.unhidden.material, "uColour").set(0, 0, selected, hovered);
  }

  /** Takes on a shape, if all of it is loaded; returns whether anything has changed. */
  reshape(look: ShapeLook | undefined): boolean {
    const entries = this.entry.parts.find(({ name }) => name === this.part)?.shapes ?? {};
    if (!this.shapes.wants(look, entries)) return false;
    if (!this.forked) {
      this.geometry = this.shapes.fork();
      this.tree = null;
      this.forked = true;
      for (const mesh of this.meshes) mesh.geometry = this.geometry;
    }
    if (this.shapes.mix(this.geometry, look, entries)) this.tree?.refit();
    return true;
  }

  /** Shows numbers in colours instead of the tissue's own colour; null shows the tissue again. */
  paint(paint: Paint | null): void {
    if (paint === this.painted) return;
    this.painted = paint;
    if (paint && paint.values.length === this.geometry.getAttribute("position").count) {
      const [low, high] = paint.range;
      const places = paint.values.map((value) => (value - low) / (high - low || 1));
      this.geometry.setAttribute("heat", new BufferAttribute(places, 1));
    } else this.geometry.deleteAttribute("heat");
    this.define();
  }

  /** Areas painted into the tissue: 4 numbers for each vertex, as the tissue's shader reads them; null takes them off. */
  stain(values: Uint8Array | null): void {
    const before = this.geometry.getAttribute("stain") as BufferAttribute | undefined;
    this.stained = values !== null;
    if (values && before?.array === values) before.needsUpdate = true;
    else if (values) this.geometry.setAttribute("stain", new BufferAttribute(values, 4, true));
    this.define();
  }

  /** Lets the shader read what the mesh has been given. */
  private define(): void {
    const { material: tissue } = this.surface;
    const defines = {
      ...(this.geometry.hasAttribute("heat") ? { HEAT: "" } : {}),
      ...(this.stained ? { STAIN: "" } : {}),
    };
    if (Object.keys(defines).join() === Object.keys(tissue.defines ?? {}).join()) return;
    tissue.defines = defines;
    tissue.needsUpdate = true;
  }

  private get meshes(): Mesh<BufferGeometry, ShaderMaterial>[] {
    return [this.surface, this.veil, this.silhouette, this.unhidden];
  }

  /** Whether it hides what is behind it. */
  get solid(): boolean {
    return this.visible && this.opacity >= SOLID && !this.windowed;
  }

  /**
   * Place in the drawing order. Among the solid, nearer first, so that what is hidden need not be coloured; among the
   * see-through, farther first.
   */
  setRank(rank: number): void {
    this.veil.renderOrder = 10 * rank;
    this.surface.renderOrder = this.solid ? rank : 10 * rank + 5;
  }

  dispose(): void {
    this.geometry.dispose();
    for (const mesh of this.meshes) mesh.material.dispose();
  }
}

function fibrePattern(
  kind: number,
  data: MeshData,
  fan: (positions: Float32Array) => Fan,
): Record<string, unknown> {
  if (kind === TISSUE.bone || kind === TISSUE.skin)
    return { uFibre: new Vector4(0, 0, 0, 1), uAxis: new Vector3(0, 0, 1) };
  if (data.uv) {
    const [along, around] = gridSize(data, data.uv);
    const repeats = Math.max(1, Math.round(around / TEXTURE_SPAN.across));
    return { uFibre: new Vector4(along / TEXTURE_SPAN.along, repeats, 0, 0), uAxis: new Vector3(0, 0, 1) };
  }
  const { focus, axis, reach } = fan(data.positions);
  return { uFibre: new Vector4(...focus, reach), uAxis: new Vector3(...axis) };
}
