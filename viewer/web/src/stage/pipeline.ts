// From the scene to the screen: one quick picture while things move, and, at rest and where the machine is fast enough,
// a mean of many (each shifted by a fraction of a pixel, each with other directions of ambient occlusion).
import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  Color,
  CustomBlending,
  DepthStencilFormat,
  DepthTexture,
  GLSL3,
  HalfFloatType,
  LinearFilter,
  Matrix3,
  Matrix4,
  Mesh,
  NearestFilter,
  NoBlending,
  OneFactor,
  type PerspectiveCamera,
  Scene,
  ShaderMaterial,
  SrcColorFactor,
  UnsignedInt248Type,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
  ZeroFactor,
} from "three";
import { LAYER } from "./body";
import type { Theme } from "./palette";
import { SCREEN_VERTEX } from "./shaders/common";
import { COMPOSE_FRAGMENT, OCCLUSION_FRAGMENT, SOFTEN_FRAGMENT } from "./shaders/passes";

/** Pictures in a refined mean. */
export const SAMPLES = 24;
const OCCLUSION_RADII_MM = [11, 46];

/** What the pipeline draws and how. */
export interface Shot {
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  readonly theme: Theme;
  readonly outlined: boolean;
  /** Offset of the picture's middle from the host's middle, pixels of the target. */
  readonly shift: readonly [number, number];
}

export class Pipeline {
  private readonly screen: Mesh;
  private readonly screenScene = new Scene();
  private quick: WebGLRenderTarget;
  private fine: WebGLRenderTarget | null = null;
  private mean: WebGLRenderTarget | null = null;
  private occlusion: WebGLRenderTarget | null = null;
  private normals: WebGLRenderTarget | null = null;
  private mask: WebGLRenderTarget;
  private readonly occlude = pass(OCCLUSION_FRAGMENT, {
    uDepth: null,
    uNormals: null,
    uTurned: new Matrix3(),
    uProjection: new Matrix4(),
    uPixels: new Vector2(),
    uRadius: 10,
    uFocal: 1,
    uTurn: 0,
    uShift: 0,
    uStrength: 1,
  });
  private readonly multiply = pass(SOFTEN_FRAGMENT, { uPicture: null });
  private readonly compose = pass(COMPOSE_FRAGMENT, {
    uPicture: null,
    uMask: null,
    uRefined: null,
    uRefine: 0,
    uWeight: 1,
    uOutlined: 0,
    uSoften: 0,
    uPixels: new Vector2(),
    uRatio: 1,
    uInner: new Color(),
    uOuter: new Color(),
    uOutline: new Color(),
  });
  /** Triangles and calls of the last picture of the scene. */
  triangles = 0;
  calls = 0;
  private taken = 0;
  /** Something has been drawn, or all was given back. */
  private used = false;
  private samples = SAMPLES;
  private ratio = 1;

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly multisampled: boolean,
    private readonly paints: { readonly normals: ShaderMaterial; readonly depth: ShaderMaterial },
  ) {
    const triangle = new BufferGeometry();
    triangle.setAttribute(
      "position",
      new BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3),
    );
    this.screen = new Mesh(triangle, this.compose);
    this.screen.frustumCulled = false;
    this.screenScene.add(this.screen);
    this.screenScene.matrixWorldAutoUpdate = false;
    this.quick = target(multisampled ? 4 : 0, true);
    this.mask = target(0, true);
    this.multiply.blending = CustomBlending;
    this.multiply.blendSrc = ZeroFactor;
    this.multiply.blendDst = SrcColorFactor;
    this.multiply.blendSrcAlpha = ZeroFactor;
    this.multiply.blendDstAlpha = OneFactor;
  }

  /** Sets the size of all pictures: device pixels, and how many of them make a CSS pixel. */
  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio;
    for (const each of this.targets) each?.setSize(width, height);
    this.taken = 0;
  }

  private get targets(): (WebGLRenderTarget | null)[] {
    return [this.quick, this.fine, this.mean, this.occlusion, this.normals, this.mask];
  }

  /**
   * Has the programs of a quick picture of such a scene made beforehand, without waiting. Once they are there, they run
   * once: a processor that draws translates them only then.
   */
  async compile(scene: Scene, camera: Camera): Promise<void> {
    this.renderer.setRenderTarget(this.quick);
    const made = this.ordered(scene, camera);
    this.renderer.setRenderTarget(null);
    await Promise.all([made, this.ordered(this.screenScene, IDLE_CAMERA)]);
    if (this.used) return;
    this.renderer.setRenderTarget(this.quick);
    this.renderer.render(scene, camera);
    this.renderer.setRenderTarget(null);
  }

  /** Orders a scene's programs; resolves when they are there, or soon where the browser does not tell. */
  private async ordered(scene: Scene, camera: Camera): Promise<void> {
    if (this.renderer.extensions.has("KHR_parallel_shader_compile"))
      await this.renderer.compileAsync(scene, camera);
    else {
      this.renderer.compile(scene, camera);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** One quick picture of the scene, kept for `present`. */
  drawQuick(shot: Shot): void {
    this.used = true;
    this.taken = 0;
    this.jitter(shot, 0, 0);
    this.renderer.setRenderTarget(this.quick);
    this.renderer.clear();
    this.renderer.info.reset();
    this.draw(shot, LAYER.solid);
    this.draw(shot, LAYER.glass);
    this.triangles = this.renderer.info.render.triangles;
    this.calls = this.renderer.info.render.calls;
    this.drawMask(shot);
  }

  /** Adds one picture to the refined mean of so many; returns whether that was the last. */
  refine(shot: Shot, samples = SAMPLES): boolean {
    const { width, height } = this.quick;
    this.fine ??= fineTarget(width, height);
    this.occlusion ??= target(0, false, width, height);
    this.mean ??= target(0, false, width, height, HalfFloatType);
    const k = this.taken;
    if (k === 0) this.drawNormals(shot);
    this.jitter(shot, halton(k + 1, 2) - 0.5, halton(k + 1, 3) - 0.5);
    this.renderer.setRenderTarget(this.fine);
    this.renderer.clear();
    this.draw(shot, LAYER.solid);
    this.drawOcclusion(shot, k);
    this.renderer.setRenderTarget(this.fine);
    this.draw(shot, LAYER.glass);
    this.drawMask(shot);
    this.setCompose(shot, this.fine, 0, 1 / (k + 1));
    this.compose.blending = k === 0 ? NoBlending : CustomBlending;
    this.pass(this.compose, this.mean);
    this.taken = k + 1;
    this.jitter(shot, 0, 0);
    this.samples = samples;
    return this.taken >= samples;
  }

  /** Puts the quick picture on screen, and as much of the refined one as there is. */
  present(shot: Shot): void {
    const share = this.taken / this.samples;
    const shown = share >= 1 ? 1 : this.taken < 3 ? 0 : Math.min(1, share * 1.6);
    this.setCompose(shot, this.quick, shown, 1);
    this.compose.blending = NoBlending;
    this.pass(this.compose, null);
  }

  /** Frees the GPU. */
  dispose(): void {
    this.used = true;
    for (const each of this.targets) {
      each?.depthTexture?.dispose();
      each?.dispose();
    }
    for (const material of [
      this.paints.normals,
      this.paints.depth,
      this.occlude,
      this.multiply,
      this.compose,
    ])
      material.dispose();
    this.screen.geometry.dispose();
  }

  private draw(shot: Shot, layer: number): void {
    shot.camera.layers.set(layer);
    this.renderer.render(shot.scene, shot.camera);
  }

  private drawMask(shot: Shot): void {
    if (!shot.outlined) return;
    this.renderer.setRenderTarget(this.mask);
    this.renderer.clear();
    shot.scene.overrideMaterial = this.paints.depth;
    this.draw(shot, LAYER.occluder);
    shot.scene.overrideMaterial = null;
    this.draw(shot, LAYER.mask);
  }

  private drawNormals(shot: Shot): void {
    this.normals ??= target(0, true, this.quick.width, this.quick.height);
    this.jitter(shot, 0, 0);
    shot.scene.overrideMaterial = this.paints.normals;
    this.renderer.setRenderTarget(this.normals);
    this.renderer.clear();
    this.draw(shot, LAYER.normals);
    shot.scene.overrideMaterial = null;
  }

  private drawOcclusion(shot: Shot, k: number): void {
    const fine = this.fine as WebGLRenderTarget;
    const values = this.occlude.uniforms as Record<string, { value: unknown }>;
    set(values, "uDepth", fine.depthTexture);
    set(values, "uNormals", this.normals?.texture);
    (values.uTurned as { value: Matrix3 }).value.setFromMatrix4(shot.camera.matrixWorldInverse);
    (values.uProjection as { value: Matrix4 }).value.copy(shot.camera.projectionMatrix);
    (values.uPixels as { value: Vector2 }).value.set(fine.width, fine.height);
    set(values, "uFocal", fine.height / 2 / Math.tan((shot.camera.fov * Math.PI) / 360));
    set(values, "uRadius", OCCLUSION_RADII_MM[k % OCCLUSION_RADII_MM.length]);
    set(values, "uTurn", halton(k + 1, 5));
    set(values, "uShift", halton(k + 1, 7));
    set(values, "uStrength", shot.theme.occlusion);
    this.pass(this.occlude, this.occlusion);
    set(this.multiply.uniforms, "uPicture", (this.occlusion as WebGLRenderTarget).texture);
    this.pass(this.multiply, fine);
  }

  private setCompose(shot: Shot, picture: WebGLRenderTarget, refine: number, weight: number): void {
    const values = this.compose.uniforms as Record<string, { value: unknown }>;
    set(values, "uPicture", picture.texture);
    set(values, "uMask", this.mask.texture);
    set(values, "uRefined", refine > 0 ? (this.mean?.texture ?? null) : null);
    set(values, "uRefine", refine);
    set(values, "uWeight", weight);
    set(values, "uOutlined", shot.outlined ? 1 : 0);
    set(values, "uSoften", picture === this.quick && !this.multisampled ? 1 : 0);
    set(values, "uRatio", this.ratio);
    (values.uPixels as { value: Vector2 }).value.set(picture.width, picture.height);
    (values.uInner as { value: Color }).value.copy(shot.theme.background[0]).convertLinearToSRGB();
    (values.uOuter as { value: Color }).value.copy(shot.theme.background[1]).convertLinearToSRGB();
    (values.uOutline as { value: Color }).value.copy(shot.theme.outline).convertLinearToSRGB();
  }

  private pass(material: ShaderMaterial, into: WebGLRenderTarget | null): void {
    this.screen.material = material;
    this.renderer.setRenderTarget(into);
    this.renderer.render(this.screenScene, IDLE_CAMERA);
  }

  private jitter(shot: Shot, x: number, y: number): void {
    const { width, height } = this.quick;
    const [dx, dy] = shot.shift;
    if (x || y || dx || dy) shot.camera.setViewOffset(width, height, x - dx, y - dy, width, height);
    else shot.camera.clearViewOffset();
  }
}

const IDLE_CAMERA = new Camera();

function set(values: Record<string, { value: unknown }>, name: string, value: unknown): void {
  const uniform = values[name];
  if (uniform) uniform.value = value;
}

function pass(fragmentShader: string, values: Record<string, unknown>): ShaderMaterial {
  return new ShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: SCREEN_VERTEX,
    fragmentShader,
    uniforms: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
    depthTest: false,
    depthWrite: false,
    blending: NoBlending,
  });
}

function target(
  samples: number,
  depth: boolean,
  width = 1,
  height = 1,
  type?: typeof HalfFloatType,
): WebGLRenderTarget {
  return new WebGLRenderTarget(width, height, {
    samples,
    depthBuffer: depth,
    stencilBuffer: depth,
    minFilter: LinearFilter,
    magFilter: LinearFilter,
    generateMipmaps: false,
    ...(type ? { type } : {}),
  });
}

function fineTarget(width: number, height: number): WebGLRenderTarget {
  const depthTexture = new DepthTexture(width, height, UnsignedInt248Type);
  depthTexture.format = DepthStencilFormat;
  depthTexture.minFilter = NearestFilter;
  depthTexture.magFilter = NearestFilter;
  return new WebGLRenderTarget(width, height, { stencilBuffer: true, depthTexture, generateMipmaps: false });
}

/** The k-th number (k from 1) of the Halton sequence in a base: evenly spread in (0, 1). */
export function halton(k: number, base: number): number {
  let value = 0;
  for (let i = k, part = 1 / base; i > 0; i = Math.floor(i / base), part /= base) value += part * (i % base);
  return value;
}
