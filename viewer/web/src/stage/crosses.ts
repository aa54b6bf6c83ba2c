// The X of a trigger point on its muscle: seen through whatever lies before it, strongest where nothing does; and the
// window through which one looks down to it.
import type { BufferGeometry, Points, ShaderMaterial } from "three";
import { LAYER } from "./body";
import type { Layer, LayerKit } from "./layer";
import { onScreen, type Theme } from "./palette";
import { geometryFrom, pointsFrom, reform } from "./pieces";
import { placed } from "./places";
import { DOT_VERTEX } from "./shaders/paint";
import { CROSS_FRAGMENT } from "./shaders/skin";
import { material, setUniform } from "./surface";
import type { Look, Vec3, WindowLook } from "./types";
import { subtract } from "./vector";

/** An X is so wide on the body, mm, but on screen never smaller nor larger than this, CSS pixels. */
const WIDTH = { body: 20, least: 30, most: 48 };
/** Brought towards the eye, mm, so that a muscle's bundles do not swallow it. */
const LIFT_MM = 3;
/** Radius of the window, mm, and its least on screen, CSS pixels. */
const WINDOW = { body: 27, least: 34 };
/** Opacity of an X where something hides it. */
const THROUGH = 0.6;

export class Crosses implements Layer {
  private readonly plain: Points<BufferGeometry, ShaderMaterial>;
  private readonly through: Points<BufferGeometry, ShaderMaterial>;
  private points: readonly Vec3[] = [];
  private window: WindowLook | null = null;

  constructor(private readonly kit: LayerKit) {
    this.plain = this.make(485, LAYER.solid, 1);
    this.through = this.make(1900, LAYER.glass, THROUGH);
  }

  private make(order: number, layer: number, opacity: number): Points<BufferGeometry, ShaderMaterial> {
    const look = material(
      DOT_VERTEX,
      CROSS_FRAGMENT,
      { uCut: this.kit.shared.uCut },
      { uColour: [0, 0, 0], uRim: [1, 1, 1], uSize: 24, uLift: LIFT_MM, uOpacity: opacity },
      { transparent: true, depthWrite: false, depthTest: layer === LAYER.solid },
    );
    const points = pointsFrom(look, { order, layer });
    points.visible = false;
    this.kit.scene.add(points);
    return points;
  }

  show(look: Look): void {
    const points = (look.crosses ?? []).map(({ point }) => point);
    this.window = look.window ?? null;
    this.aim();
    if (points.length === this.points.length && points.every((point, i) => point === this.points[i])) return;
    this.points = points;
    for (const mesh of [this.plain, this.through]) {
      reform(mesh, geometryFrom({ position: [Float32Array.from(points.flat()), 3] }));
      mesh.visible = points.length > 0;
    }
  }

  /** Which way the window looks out: to the place of the skin over its point. */
  private aim(): void {
    const { uWindow, uWindowOut } = this.kit.shared;
    const body = this.kit.cast.bodies.find(({ part }) => part === this.window?.part);
    if (!this.window || !body) {
      uWindow.value.w = 0;
      return;
    }
    const { point, over } = this.window;
    const [x = 0, y = 0, z = 0] = placed(body.geometry, over);
    uWindow.value.set(...point, WINDOW.body);
    uWindowOut.value.set(...subtract([x, y, z], point));
  }

  arrange(theme: Theme, ratio: number): void {
    const { view, shared } = this.kit;
    const pixel = view.millimetresPerPixel;
    const window = shared.uWindow.value;
    if (window.w > 0) window.w = Math.max(WINDOW.body, WINDOW.least * pixel);
    const size = Math.min(WIDTH.most, Math.max(WIDTH.least, WIDTH.body / pixel)) * ratio;
    for (const { visible, material: look } of [this.plain, this.through]) {
      if (!visible) continue;
      setUniform(look, "uSize", size);
      setUniform(look, "uColour", onScreen(theme.cross));
      setUniform(look, "uRim", onScreen(theme.crossRim));
    }
  }

  release(): void {
    for (const mesh of [this.plain, this.through]) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
  }
}
