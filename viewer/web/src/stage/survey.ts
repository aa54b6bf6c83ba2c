// Which structures can be seen, and where: a small picture of ids, read back when the camera rests. Labels hang on it.
import {
  DoubleSide,
  NearestFilter,
  type PerspectiveCamera,
  type Scene,
  type ShaderMaterial,
  Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";
import { type Body, LAYER } from "./body";
import type { Area } from "./layout";
import { CUT, PLAIN_VERTEX } from "./shaders/common";
import { material, type SharedUniforms, uniformValue } from "./surface";

const ID_FRAGMENT = /* glsl */ `
${CUT}
uniform vec3 uId;
in vec3 vP;
out vec4 outColour;
void main() { if (isCut(vP)) discard; outColour = vec4(uId, 1.0); }
`;

/** Picture of ids is about this many pixels wide. */
const WIDTH = 300;

/** Where a structure is seen best. Fractions of the picture from its upper left corner. */
export interface Sighting {
  readonly x: number;
  readonly y: number;
  /** Visible share of the picture. */
  readonly share: number;
}

export interface SurveyResult {
  readonly sightings: ReadonlyMap<string, Sighting>;
  /** Edges of all that is seen, fractions of the picture's width. */
  readonly left: number;
  readonly right: number;
  /** Whether the structure is what is seen at a place. */
  isAt(id: string, x: number, y: number): boolean;
}

export class Survey {
  private readonly target = new WebGLRenderTarget(1, 1, {
    magFilter: NearestFilter,
    minFilter: NearestFilter,
    generateMipmaps: false,
  });
  private readonly id: ShaderMaterial;

  constructor(shared: SharedUniforms) {
    this.id = material(
      PLAIN_VERTEX,
      ID_FRAGMENT,
      { uCut: shared.uCut },
      { uId: new Vector3() },
      { side: DoubleSide },
    );
  }

  /**
   * Draws the ids and reads them, of the part that no panel covers.
   *
   * shift, width : offset of the picture's middle and width of the host, CSS pixels · free : what panels leave of it
   */
  take(
    renderer: WebGLRenderer,
    scene: Scene,
    camera: PerspectiveCamera,
    bodies: readonly Body[],
    host: { readonly shift: readonly [number, number]; readonly width: number; readonly free: Area },
  ): SurveyResult {
    const width = WIDTH;
    const height = Math.max(1, Math.round(WIDTH / camera.aspect));
    this.target.setSize(width, height);
    const ids: string[] = [];
    for (const body of bodies) {
      const seen = body.visible && body.opacity >= 0.3;
      if (!seen) {
        body.surface.layers.disable(LAYER.survey);
        continue;
      }
      let number = ids.indexOf(body.id) + 1;
      if (!number) number = ids.push(body.id);
      body.surface.layers.enable(LAYER.survey);
      body.surface.onBeforeRender = (_renderer, _scene, _camera, _geometry, used) => {
        if (used !== this.id) return;
        uniformValue<Vector3>(this.id, "uId").set((number & 255) / 255, (number >> 8) / 255, 0);
        this.id.uniformsNeedUpdate = true;
      };
    }
    const { shift, free } = host;
    const part = width / host.width;
    camera.setViewOffset(width, height, -shift[0] * part, -shift[1] * part, width, height);
    scene.overrideMaterial = this.id;
    camera.layers.set(LAYER.survey);
    renderer.setRenderTarget(this.target);
    renderer.clear();
    renderer.render(scene, camera);
    scene.overrideMaterial = null;
    const pixels = new Uint8Array(width * height * 4);
    renderer.readRenderTargetPixels(this.target, 0, 0, width, height, pixels);
    renderer.setRenderTarget(null);
    const numbers = new Uint16Array(width * height);
    const [top, bottom] = [Math.ceil(free.top * part), Math.min(height, Math.floor(free.bottom * part))];
    const [left, right] = [Math.ceil(free.left * part), Math.min(width, Math.floor(free.right * part))];
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        const from = 4 * ((height - 1 - y) * width + x);
        numbers[y * width + x] = (pixels[from] as number) + 256 * (pixels[from + 1] as number);
      }
    return summarise(numbers, width, height, ids);
  }

  dispose(): void {
    this.target.dispose();
    this.id.dispose();
  }
}

/**
 * Where each id is seen best: the place deepest inside its visible area.
 *
 * numbers : height × width, row by row from the top; 0 is background, k is ids[k − 1]
 */
export function summarise(
  numbers: Uint16Array,
  width: number,
  height: number,
  ids: readonly string[],
): SurveyResult {
  const depth = depthInside(numbers, width, height);
  const best = ids.map(() => ({ at: -1, depth: 0, count: 0 }));
  let left = width;
  let right = 0;
  for (let at = 0; at < numbers.length; at++) {
    const entry = best[(numbers[at] as number) - 1];
    if (!entry) continue;
    const x = at % width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    entry.count++;
    if ((depth[at] as number) > entry.depth) {
      entry.depth = depth[at] as number;
      entry.at = at;
    }
  }
  const sightings = new Map<string, Sighting>();
  for (const [i, { at, count }] of best.entries())
    if (at >= 0)
      sightings.set(ids[i] as string, {
        x: ((at % width) + 0.5) / width,
        y: (Math.floor(at / width) + 0.5) / height,
        share: count / numbers.length,
      });
  return {
    sightings,
    left: Math.min(left, right) / width,
    right: right / width,
    isAt(id, x, y) {
      const column = Math.floor(x * width);
      const row = Math.floor(y * height);
      if (column < 0 || row < 0 || column >= width || row >= height) return false;
      return ids[(numbers[row * width + column] as number) - 1] === id;
    },
  };
}

/** For each pixel its distance to the nearest pixel of another id, in thirds of a pixel (3–4 chamfer). */
function depthInside(numbers: Uint16Array, width: number, height: number): Uint16Array {
  const depth = new Uint16Array(numbers.length);
  const relax = (at: number, x: number, y: number, dx: number, dy: number, cost: number) => {
    const nx = x + dx;
    const ny = y + dy;
    if (nx < 0 || ny < 0 || nx >= width || ny >= height) {
      depth[at] = Math.min(depth[at] as number, cost);
      return;
    }
    const near = ny * width + nx;
    depth[at] = Math.min(
      depth[at] as number,
      numbers[near] === numbers[at] ? (depth[near] as number) + cost : cost,
    );
  };
  depth.fill(60000);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      relax(at, x, y, -1, 0, 3);
      relax(at, x, y, 0, -1, 3);
      relax(at, x, y, -1, -1, 4);
      relax(at, x, y, 1, -1, 4);
    }
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--) {
      const at = y * width + x;
      relax(at, x, y, 1, 0, 3);
      relax(at, x, y, 0, 1, 3);
      relax(at, x, y, 1, 1, 4);
      relax(at, x, y, -1, 1, 4);
    }
  return depth;
}
