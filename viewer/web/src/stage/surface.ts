// Geometry and materials that everything on the stage shares.
import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  GLSL3,
  LinearFilter,
  LinearMipmapLinearFilter,
  RepeatWrapping,
  RGBAFormat,
  ShaderMaterial,
  type ShaderMaterialParameters,
  Sphere,
  Vector3,
  Vector4,
} from "three";
import type { MeshData } from "./glb";
import { tissueNoise } from "./noise";
import { THEMES, type Theme } from "./palette";

/** A plane so far off that it cuts nothing. */
export const NO_CUT = new Vector4(0, 0, 0, 1);

type Uniforms = Record<string, { value: unknown }>;

/** Values that all materials see; changed in one place. */
export class SharedUniforms {
  readonly uCut = { value: NO_CUT.clone() };
  readonly uExposure = { value: 1 };
  readonly uAccent = { value: new Color() };
  readonly uGhostTint = { value: new Color() };
  /** Point that the window is about, and its radius, mm; 0 while there is none. */
  readonly uWindow = { value: new Vector4() };
  /** From that point to the skin over it, mm. */
  readonly uWindowOut = { value: new Vector3() };
  readonly uNoise: { value: DataTexture };

  constructor(anisotropy: number) {
    const size = 256;
    const texture = new DataTexture(tissueNoise(size), size, size, RGBAFormat);
    texture.wrapS = RepeatWrapping;
    texture.wrapT = RepeatWrapping;
    texture.magFilter = LinearFilter;
    texture.minFilter = LinearMipmapLinearFilter;
    texture.generateMipmaps = true;
    texture.anisotropy = anisotropy;
    texture.needsUpdate = true;
    this.uNoise = { value: texture };
    this.useTheme(THEMES.light);
  }

  useTheme(theme: Theme): void {
    this.uExposure.value = theme.exposure;
    this.uAccent.value.copy(theme.accent);
    this.uGhostTint.value.copy(theme.ghost);
  }

  dispose(): void {
    this.uNoise.value.dispose();
  }
}

/** A material of our own shaders: `shared` uniforms by reference, `own` by value. */
export function material(
  vertexShader: string,
  fragmentShader: string,
  shared: Partial<SharedUniforms>,
  own: Record<string, unknown>,
  more: ShaderMaterialParameters = {},
): ShaderMaterial {
  const uniforms: Uniforms = {};
  for (const [name, value] of Object.entries(own)) uniforms[name] = { value };
  for (const [name, uniform] of Object.entries(shared)) uniforms[name] = uniform as { value: unknown };
  return new ShaderMaterial({ glslVersion: GLSL3, vertexShader, fragmentShader, uniforms, ...more });
}

/** Sets one uniform of a material; a name that the material has not is a mistake in the code. */
export function setUniform(target: ShaderMaterial, name: string, value: unknown): void {
  const uniform = target.uniforms[name];
  if (!uniform) throw new Error(`the material has no uniform ${name}`);
  uniform.value = value;
}

/** The value object of one uniform, to be changed in place. */
export function uniformValue<T>(target: ShaderMaterial, name: string): T {
  const uniform = target.uniforms[name];
  if (!uniform) throw new Error(`the material has no uniform ${name}`);
  return uniform.value as T;
}

/** The mesh as the GPU wants it. */
export function geometryOf(data: MeshData): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(data.positions, 3));
  geometry.setAttribute("normal", new BufferAttribute(data.normals, 4, true));
  geometry.setAttribute("tint", new BufferAttribute(data.tint, 4, true));
  if (data.uv) geometry.setAttribute("uv", new BufferAttribute(data.uv, 2));
  geometry.setIndex(new BufferAttribute(data.index, 1));
  const box = boxOf(data.positions);
  geometry.boundingBox = box;
  geometry.boundingSphere = box.getBoundingSphere(new Sphere());
  return geometry;
}

/** The box around points, 3 floats each. */
export function boxOf(points: Float32Array): Box3 {
  let [x0, y0, z0, x1, y1, z1] = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  for (let k = 0; k < points.length; k += 3) {
    const x = points[k] as number;
    const y = points[k + 1] as number;
    const z = points[k + 2] as number;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    if (z > z1) z1 = z;
  }
  return new Box3(new Vector3(x0, y0, z0), new Vector3(x1, y1, z1));
}
