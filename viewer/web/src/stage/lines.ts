// Lines as wide as wanted on screen: rims of footprints, outlines of the cut, lines of the skeleton.
import { Color, type InstancedBufferGeometry, type Mesh, type ShaderMaterial, type Vector2 } from "three";
import { meshFrom, reform, squares } from "./pieces";
import { LINE_FRAGMENT, LINE_VERTEX } from "./shaders/paint";
import { material, type SharedUniforms, setUniform, uniformValue } from "./surface";

export interface LineStyle {
  /** As on screen. */
  readonly colour: Color;
  /** Device pixels. */
  readonly width: number;
  readonly opacity?: number;
}

export class LineSet {
  readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;

  /**
   * lift : how far the lines are brought towards the eye, mm
   * clipped : whether the cut takes them away like everything else
   */
  constructor(shared: SharedUniforms, pixels: { value: Vector2 }, lift: number, clipped: boolean) {
    const look = material(
      LINE_VERTEX,
      LINE_FRAGMENT,
      { uCut: shared.uCut },
      { uColour: new Color(), uOpacity: 1, uWidth: 1, uLift: lift, uClipped: clipped ? 1 : 0 },
      { transparent: true, depthWrite: false },
    );
    look.uniforms.uPixels = pixels;
    this.mesh = meshFrom(segmentsFrom(new Float32Array(), new Float32Array()), look, { order: 0 });
  }

  /** segments : 6 floats each (start, end), LPS mm */
  setSegments(segments: Float32Array): void {
    const starts = new Float32Array(segments.length / 2);
    const ends = new Float32Array(segments.length / 2);
    for (let i = 0; i < segments.length / 6; i++) {
      starts.set(segments.subarray(6 * i, 6 * i + 3), 3 * i);
      ends.set(segments.subarray(6 * i + 3, 6 * i + 6), 3 * i);
    }
    reform(this.mesh, segmentsFrom(starts, ends));
  }

  style({ colour, width, opacity = 1 }: LineStyle): void {
    uniformValue<Color>(this.mesh.material, "uColour").copy(colour).convertLinearToSRGB();
    setUniform(this.mesh.material, "uWidth", width);
    setUniform(this.mesh.material, "uOpacity", opacity);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

const CORNERS = [
  [0, -1],
  [1, -1],
  [1, 1],
  [0, 1],
] as const;

const segmentsFrom = (starts: Float32Array, ends: Float32Array) =>
  squares(CORNERS, { start: [starts, 3], end: [ends, 3] });

/** Segments of the free edges of a triangle mesh: edges that belong to one triangle only. */
export function rim(positions: Float32Array, index: Uint32Array): Float32Array {
  const key = welded(positions);
  const edges = new Map<string, [number, number] | null>();
  for (let t = 0; t + 2 < index.length; t += 3)
    for (let side = 0; side < 3; side++) {
      const a = index[t + side] as number;
      const b = index[t + ((side + 1) % 3)] as number;
      const [ka, kb] = [key[a] as number, key[b] as number];
      const name = ka < kb ? `${ka},${kb}` : `${kb},${ka}`;
      edges.set(name, edges.has(name) ? null : [a, b]);
    }
  const segments: number[] = [];
  for (const edge of edges.values())
    if (edge) for (const end of edge) segments.push(...positions.subarray(3 * end, 3 * end + 3));
  return Float32Array.from(segments);
}

/** For each vertex the first vertex at the same place (within 0.01 mm). */
function welded(positions: Float32Array): Uint32Array {
  const seen = new Map<string, number>();
  return Uint32Array.from({ length: positions.length / 3 }, (_, i) => {
    const name = [0, 1, 2].map((axis) => Math.round((positions[3 * i + axis] as number) * 100)).join();
    const first = seen.get(name) ?? i;
    seen.set(name, first);
    return first;
  });
}
