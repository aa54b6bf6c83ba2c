// Landmarks on the bone: a dot for a point, a row of small dots for a line.
import { type BufferGeometry, Color, type Points, type Scene, type ShaderMaterial } from "three";
import type { Theme } from "./palette";
import { geometryFrom, pointsFrom, reform } from "./pieces";
import { DOT_FRAGMENT, DOT_VERTEX } from "./shaders/paint";
import { material, type SharedUniforms, setUniform, uniformValue } from "./surface";
import type { LandmarkLook, Vec3 } from "./types";
import { length, mix, subtract } from "./vector";

const LINE_STEP_MM = 3;
const LIFT_MM = 2.5;

export class LandmarkDots {
  private readonly points: Points<BufferGeometry, ShaderMaterial>;
  private readonly lines: Points<BufferGeometry, ShaderMaterial>;

  constructor(scene: Scene, shared: SharedUniforms) {
    const make = () => {
      const look = material(
        DOT_VERTEX,
        DOT_FRAGMENT,
        { uCut: shared.uCut },
        { uColour: new Color(), uRim: new Color(), uSize: 6, uLift: LIFT_MM },
        { transparent: true, depthWrite: false },
      );
      const dots = pointsFrom(look, { order: 470 });
      scene.add(dots);
      return dots;
    };
    this.points = make();
    this.lines = make();
  }

  set(landmarks: readonly LandmarkLook[]): void {
    fill(
      this.points,
      landmarks.filter(({ points }) => points.length === 1).map(({ points }) => points[0] as Vec3),
    );
    fill(
      this.lines,
      landmarks
        .filter(({ points }) => points.length > 1)
        .flatMap(({ points }) => beaded(points, LINE_STEP_MM)),
    );
  }

  style(theme: Theme, ratio: number): void {
    for (const [dots, size] of [
      [this.points, 9],
      [this.lines, 4.5],
    ] as const) {
      uniformValue<Color>(dots.material, "uColour").copy(theme.landmark).convertLinearToSRGB();
      uniformValue<Color>(dots.material, "uRim").copy(theme.landmarkRim).convertLinearToSRGB();
      setUniform(dots.material, "uSize", size * ratio);
    }
  }

  dispose(): void {
    for (const dots of [this.points, this.lines]) {
      dots.geometry.dispose();
      dots.material.dispose();
    }
  }
}

function fill(dots: Points<BufferGeometry, ShaderMaterial>, points: readonly Vec3[]): void {
  reform(dots, geometryFrom({ position: [Float32Array.from(points.flat()), 3] }));
  dots.visible = points.length > 0;
}

/** Points every `step` mm along a polyline, both ends included. */
export function beaded(points: readonly Vec3[], step: number): Vec3[] {
  const beads: Vec3[] = points[0] ? [points[0]] : [];
  for (const [i, end] of points.entries()) {
    const start = points[i - 1];
    if (!start) continue;
    const count = Math.max(1, Math.round(length(subtract(end, start)) / step));
    for (let k = 1; k <= count; k++) beads.push(mix(start, end, k / count));
  }
  return beads;
}
