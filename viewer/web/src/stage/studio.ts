// What drawing needs before there is anything to draw: context, texture, programs. Made while files are still coming.
import { BufferAttribute, BufferGeometry, Camera, Mesh, Scene, type WebGLRenderer } from "three";
import { depthPaint, normalPaint, tissuePaint } from "./body";
import { drawsInSoftware, newRenderer } from "./canvas";
import { Pipeline } from "./pipeline";
import { SharedUniforms } from "./surface";

const SHARPEST_ANISOTROPY = 8;

export class Studio {
  readonly renderer: WebGLRenderer;
  /** The processor draws, for want of a graphics card. */
  readonly software: boolean;
  readonly shared: SharedUniforms;
  readonly pipeline: Pipeline;
  private readonly sample: Mesh;

  /** Throws NoWebGL. */
  constructor() {
    this.renderer = newRenderer();
    this.software = drawsInSoftware(this.renderer);
    const anisotropy = this.software ? 1 : this.renderer.capabilities.getMaxAnisotropy();
    this.shared = new SharedUniforms(Math.min(SHARPEST_ANISOTROPY, anisotropy));
    const paints = { normals: normalPaint(this.shared), depth: depthPaint(this.shared) };
    this.pipeline = new Pipeline(this.renderer, !this.software, paints);
    this.sample = new Mesh(dot(), tissuePaint(this.shared));
    this.sample.frustumCulled = false;
    this.compile();
  }

  /** Has the programs of the first picture made, and, once they are, run on a point, which makes them quick. */
  private compile(): void {
    const scene = new Scene();
    scene.add(this.sample);
    void this.pipeline.compile(scene, new Camera());
  }

  dispose(): void {
    this.sample.geometry.dispose();
    this.shared.dispose();
    this.pipeline.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }
}

/** A triangle of no size, with what every tissue has. */
function dot(): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(new Float32Array(9), 3));
  geometry.setAttribute("normal", new BufferAttribute(new Int16Array(12), 4, true));
  geometry.setAttribute("tint", new BufferAttribute(new Uint8Array(12), 4, true));
  geometry.setIndex(new BufferAttribute(new Uint32Array([0, 1, 2]), 1));
  return geometry;
}

let ready: Studio | null = null;

/** Makes a studio for the next stage; says nothing where that cannot be done. */
export function prepareStudio(): void {
  try {
    ready ??= new Studio();
  } catch {
    /* whoever needs it is told then */
  }
}

/** The studio made ready, or a new one. Throws NoWebGL. */
export function takeStudio(): Studio {
  const studio = ready ?? new Studio();
  ready = null;
  return studio;
}
