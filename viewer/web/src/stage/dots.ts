// Stippling: dots on a part's own triangles, which follow it into every shape; or on what is seen right beneath it.
import type { BufferAttribute, BufferGeometry, InstancedBufferGeometry, Mesh, ShaderMaterial } from "three";
import { beneath } from "./beneath";
import { type Body, LAYER } from "./body";
import { type Layer, type LayerKit, same } from "./layer";
import { onScreen, type Theme } from "./palette";
import { BOTH_SIDES, meshFrom, reform, squares } from "./pieces";
import { placed } from "./places";
import { STIPPLE_FRAGMENT, STIPPLE_VERTEX } from "./shaders/skin";
import { material, setUniform } from "./surface";
import type { DotsLook, Look } from "./types";

/** Radius of a filled disc and of an open ring, mm; least and largest radius of both on screen, CSS pixels. */
const RADIUS = [1.5, 1.9, 1.9, 6.5];
/** What is seen through this much carries no dots. */
const FAINT = 0.1;
/** Place in the drawing order: after every solid surface, and after every see-through one. */
const ORDER = { solid: 480, clear: 1800 };

/** Dots with the surface that they stand on: positions and facing 3 numbers each, one number whether essential. */
export interface Stipple {
  readonly centres: Float32Array;
  readonly facing: Float32Array;
  readonly essential: Float32Array;
}

export class Dots implements Layer {
  /** Dots on what hides, and dots on what is see-through. */
  private readonly solid: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  private readonly clear: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  private lists: readonly (readonly number[])[] = [];
  private state = "";
  private under = false;
  private laying: AbortController | null = null;

  constructor(private readonly kit: LayerKit) {
    this.solid = this.mesh(ORDER.solid, LAYER.solid);
    this.clear = this.mesh(ORDER.clear, LAYER.glass);
  }

  private mesh(order: number, layer: number): Mesh<InstancedBufferGeometry, ShaderMaterial> {
    const { uCut, uWindow, uWindowOut } = this.kit.shared;
    const own = {
      uFocal: 1,
      uRatio: 1,
      uRadius: RADIUS,
      uInk: [0, 0, 0],
      uHalo: [1, 1, 1],
      uHaloed: 0,
      uCovers: layer,
    };
    const more = { transparent: true, depthWrite: false, ...BOTH_SIDES };
    const look = material(STIPPLE_VERTEX, STIPPLE_FRAGMENT, { uCut, uWindow, uWindowOut }, own, more);
    const mesh = meshFrom(stippled(NOTHING), look, { order, layer });
    mesh.visible = false;
    this.kit.scene.add(mesh);
    return mesh;
  }

  private get meshes() {
    return [this.solid, this.clear];
  }

  show(look: Look): void {
    const dots = look.dots ?? [];
    const { bodies } = this.kit.cast;
    const part = bodies.find((body) => body.part === dots[0]?.part);
    const under = !!look.dotsBeneath;
    const seen = under ? bodies.filter((body) => body !== part && body.visible && body.opacity > FAINT) : [];
    const state = part ? [part, ...seen].map((body) => `${body.part} ${stand(body)}`).join() : "";
    const lists = dots.map(({ places }) => places);
    if (state === this.state && same(lists, this.lists)) return;
    this.state = state;
    this.lists = lists;
    this.laying?.abort();
    this.laying = null;
    if (!part || !lists.length) {
      this.fill(NOTHING, NOTHING);
      return;
    }
    const stipple = onPart(part.geometry, dots);
    this.under = under;
    for (const mesh of this.meshes) setUniform(mesh.material, "uHaloed", under ? 1 : 0);
    if (under) void this.lay(stipple, seen);
    else this.fill(NOTHING, stipple);
  }

  /** Lets dots fall onto what is seen beneath; in pieces, since that is many rays. */
  private async lay(stipple: Stipple, seen: readonly Body[]): Promise<void> {
    const laying = new AbortController();
    this.laying = laying;
    const found = await beneath(stipple, seen, this.kit.forest, laying.signal);
    if (!found) return;
    this.fill(found.solid, found.clear);
    this.kit.redraw();
  }

  private fill(solid: Stipple, clear: Stipple): void {
    for (const [mesh, stipple] of [
      [this.solid, solid],
      [this.clear, clear],
    ] as const) {
      reform(mesh, stippled(stipple));
      mesh.visible = stipple.essential.length > 0;
    }
  }

  arrange(theme: Theme, ratio: number): void {
    for (const { visible, material: look } of this.meshes) {
      if (!visible) continue;
      setUniform(look, "uFocal", this.kit.view.focal);
      setUniform(look, "uRatio", ratio);
      setUniform(look, "uInk", onScreen(this.under ? theme.painOnFlesh : theme.pain));
      setUniform(look, "uHalo", onScreen(theme.painHalo));
    }
  }

  release(): void {
    for (const mesh of this.meshes) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
  }

  stop(): void {
    this.laying?.abort();
  }
}

/** What of a body decides where dots on it stand. */
function stand({ geometry, solid }: Body): string {
  return `${geometry.uuid} ${(geometry.getAttribute("position") as BufferAttribute).version} ${solid}`;
}

const NOTHING: Stipple = {
  centres: new Float32Array(),
  facing: new Float32Array(),
  essential: new Float32Array(),
};

/** Dots on a part as it stands. */
export function onPart(geometry: BufferGeometry, dots: readonly DotsLook[]): Stipple {
  const places = dots.flatMap(({ places }) => places);
  const facing = new Float32Array(places.length);
  const centres = placed(geometry, places, facing);
  const essential = Float32Array.from(
    dots.flatMap(({ places, level }) =>
      new Array<number>(places.length / 3).fill(level === "essential" ? 1 : 0),
    ),
  );
  return { centres, facing, essential };
}

const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;

const stippled = ({ centres, facing, essential }: Stipple) =>
  squares(CORNERS, { centre: [centres, 3], facing: [facing, 3], essential: [essential, 1] });
