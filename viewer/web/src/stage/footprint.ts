// An attachment area painted on the bone that carries it.
import {
  type BufferGeometry,
  Color,
  DoubleSide,
  Mesh,
  type ShaderMaterial,
  type Vector2,
  Vector3,
} from "three";
import type { MeshBVH } from "three-mesh-bvh";
import type { FootprintEntry } from "../generated/atlas";
import { LAYER } from "./body";
import type { MeshData } from "./glb";
import { LineSet, rim } from "./lines";
import { type Theme, tissueColours } from "./palette";
import { FOOTPRINT_FRAGMENT, FOOTPRINT_VERTEX } from "./shaders/paint";
import { material, type SharedUniforms, setUniform, uniformValue } from "./surface";
import type { Vec3 } from "./types";
import { planeBasis, unit } from "./vector";

/** Distance between hatching lines on screen, CSS pixels. */
const SPACING = 11;

export class FootprintPaint {
  readonly patch: Mesh<BufferGeometry, ShaderMaterial>;
  readonly rim: LineSet;
  /** Mean outward normal. */
  readonly facing: Vec3;
  tree: MeshBVH | null = null;
  visible = false;

  constructor(
    readonly entry: FootprintEntry,
    /** Sided id of the structure that is attached. */
    readonly structure: string,
    data: MeshData,
    readonly geometry: BufferGeometry,
    shared: SharedUniforms,
    pixels: { value: Vector2 },
  ) {
    this.facing = meanNormal(data.normals);
    const [across, along] = planeBasis(this.facing);
    const { uCut, uExposure } = shared;
    const paint = material(
      FOOTPRINT_VERTEX,
      FOOTPRINT_FRAGMENT,
      { uCut, uExposure },
      {
        uColour: new Color(),
        uBone: tissueColours("bone").base,
        uInk: new Color(),
        uAcross: new Vector3(...across),
        uAlong: new Vector3(...along),
        uSpacing: 4,
        uDots: entry.end === "distal" ? 1 : 0,
        uStrength: 1,
        uEmphasis: 0,
        uOpacity: 1,
      },
      {
        side: DoubleSide,
        forceSinglePass: true,
        polygonOffset: true,
        polygonOffsetFactor: -2,
        polygonOffsetUnits: -4,
        transparent: true,
        depthWrite: false,
      },
    );
    this.patch = new Mesh(this.geometry, paint);
    this.patch.matrixAutoUpdate = false;
    this.rim = new LineSet(shared, pixels, 0.6, true);
    this.rim.setSegments(rim(data.positions, data.index));
    this.hide();
  }

  hide(): void {
    this.visible = false;
    this.patch.visible = false;
    this.rim.mesh.visible = false;
  }

  /** carrier : opacity of what it is painted on, and its place among the see-through (null if it is solid) */
  show(
    theme: Theme,
    emphasised: boolean,
    carrier: { opacity: number; rank: number | null },
    ratio: number,
  ): void {
    this.visible = true;
    const proximal = this.entry.end === "proximal";
    const paint = this.patch.material;
    const colour = proximal ? theme.proximal : theme.distal;
    uniformValue<Color>(paint, "uColour").copy(colour);
    uniformValue<Color>(paint, "uInk").copy(colour).multiplyScalar(0.22);
    setUniform(paint, "uStrength", theme.footprintStrength);
    setUniform(paint, "uEmphasis", emphasised ? 1 : 0);
    setUniform(paint, "uOpacity", Math.max(0.6, carrier.opacity));
    this.rim.style({
      colour: theme.footprintRim,
      width: theme.rimWidth * (emphasised ? 1.15 : 0.7) * ratio,
      opacity: emphasised ? 0.95 : 0.75,
    });
    for (const [mesh, step] of [
      [this.patch, 7],
      [this.rim.mesh, 8],
    ] as const) {
      mesh.visible = true;
      mesh.layers.set(carrier.rank === null ? LAYER.solid : LAYER.glass);
      mesh.renderOrder = carrier.rank === null ? 400 + step : 10 * carrier.rank + step;
    }
  }

  /** Keeps the hatching at one size on screen, in steps so that it does not swim. millimetres : size of a CSS pixel */
  setScale(millimetres: number): void {
    const octave = Math.round(Math.log2(Math.max(millimetres * SPACING, 0.2)) * 2) / 2;
    setUniform(this.patch.material, "uSpacing", 2 ** octave);
  }

  dispose(): void {
    this.geometry.dispose();
    this.patch.material.dispose();
    this.rim.dispose();
  }
}

function meanNormal(normals: Int16Array): Vec3 {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < normals.length; i += 4)
    for (let axis = 0; axis < 3; axis++)
      sum[axis] = (sum[axis] as number) + (normals[i + axis] as number) / 32767;
  return unit(sum, [0, 1, 0]);
}
