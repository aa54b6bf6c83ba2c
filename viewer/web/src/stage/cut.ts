// The cutting plane: a closed cap for every structure it meets, the section's outline, and the plane's own frame.
// Caps are made in the stencil buffer: where a ray meets more backs than fronts of what is left, it entered through the cut.
import {
  AlwaysStencilFunc,
  BackSide,
  type Box3,
  BufferAttribute,
  BufferGeometry,
  DecrementWrapStencilOp,
  DoubleSide,
  FrontSide,
  IncrementWrapStencilOp,
  Mesh,
  NotEqualStencilFunc,
  type Scene,
  type ShaderMaterial,
  type Side,
  type StencilOp,
  type Vector2,
  Vector3,
  ZeroStencilOp,
} from "three";
import { type Body, LAYER } from "./body";
import { LineSet } from "./lines";
import { type Theme, tissueColours } from "./palette";
import { section } from "./section";
import { CUT, PLAIN_VERTEX } from "./shaders/common";
import { CAP_FRAGMENT } from "./shaders/paint";
import { material, NO_CUT, type SharedUniforms, setUniform, uniformValue } from "./surface";
import type { CutLook, StructureLook, Vec3 } from "./types";
import { add, dot, mix, planeBasis, scale } from "./vector";

const COUNT_FRAGMENT = /* glsl */ `
${CUT}
in vec3 vP;
void main() { if (isCut(vP)) discard; }
`;

/** First place in the drawing order of solid caps: after all surfaces, before what is painted on them. */
const FIRST_ORDER = 100;
/** How far a cap's face reaches beyond what it closes. */
const MARGIN_MM = 1;

interface Cap {
  readonly counters: Mesh[];
  readonly face: Mesh<BufferGeometry, ShaderMaterial>;
}

export class Cut {
  plane: CutLook | null = null;
  private readonly caps = new Map<string, Cap>();
  private readonly frame: LineSet;
  private readonly outline: LineSet;
  private readonly counter: Record<"back" | "front", Record<"solid" | "glass", ShaderMaterial>>;
  private traced = "";

  constructor(
    private readonly scene: Scene,
    private readonly shared: SharedUniforms,
    pixels: { value: Vector2 },
  ) {
    this.frame = new LineSet(shared, pixels, 0, false);
    this.outline = new LineSet(shared, pixels, 0.5, false);
    this.outline.mesh.renderOrder = 450;
    this.frame.mesh.renderOrder = 460;
    const counters = (side: Side, op: StencilOp) => ({
      solid: counterMaterial(shared, side, op, false),
      glass: counterMaterial(shared, side, op, true),
    });
    this.counter = {
      back: counters(BackSide, IncrementWrapStencilOp),
      front: counters(FrontSide, DecrementWrapStencilOp),
    };
    scene.add(this.frame.mesh, this.outline.mesh);
    this.set(null);
  }

  /** Puts the plane in place, or takes it away. */
  set(plane: CutLook | null): void {
    this.plane = plane;
    this.frame.mesh.visible = !!plane;
    this.outline.mesh.visible = !!plane;
    if (!plane) {
      this.shared.uCut.value.copy(NO_CUT);
      return;
    }
    this.shared.uCut.value.set(...plane.normal, plane.offset);
  }

  /**
   * Brings caps, outline and frame in line with what is visible.
   *
   * looks : by sided id · rank : place of see-through structures in the drawing order · ratio : device pixels per CSS pixel
   */
  update(
    bodies: readonly Body[],
    looks: Readonly<Record<string, StructureLook>>,
    rank: (id: string) => number,
    theme: Theme,
    ratio: number,
  ): void {
    for (const cap of this.caps.values())
      for (const mesh of [cap.face, ...cap.counters]) mesh.visible = false;
    const plane = this.plane;
    if (!plane) return;
    const met = bodies.filter((body) => body.visible && meets(body, plane));
    const ids = [...new Set(met.filter((body) => body.solidInside).map((body) => body.id))];
    for (const [i, id] of ids.entries()) {
      const parts = met.filter((body) => body.id === id);
      const first = parts[0] as Body;
      const order = first.solid ? FIRST_ORDER + 2 * i : 10 * rank(id) + 2;
      this.showCap(this.capOf(id, bodies), parts, looks[id], order);
    }
    this.trace(met, bodies, plane);
    this.outline.style({ colour: theme.ink, width: 1.2 * ratio, opacity: 0.8 });
    this.frame.style({ colour: theme.frame, width: 1.6 * ratio, opacity: 0.85 });
  }

  private showCap(cap: Cap, parts: Body[], look: StructureLook | undefined, order: number): void {
    const first = parts[0] as Body;
    const layer = first.solid ? LAYER.solid : LAYER.glass;
    const kind = first.solid ? "solid" : "glass";
    for (const mesh of cap.counters) {
      const side = mesh.userData.side as "back" | "front";
      mesh.material = this.counter[side][kind];
      mesh.visible = parts.some((part) => part.geometry === mesh.geometry);
      mesh.layers.set(layer);
      mesh.renderOrder = order;
    }
    const { face } = cap;
    const plane = this.plane as CutLook;
    // No larger than it must be: every pixel of every face is looked at.
    spread(
      face.geometry,
      parts.flatMap((part) => crossings(part.geometry.boundingBox as Box3, plane)),
      plane,
    );
    const [across, along] = planeBasis(plane.normal);
    uniformValue<Vector3>(face.material, "uNormal").set(...plane.normal);
    uniformValue<Vector3>(face.material, "uAcross").set(...across);
    uniformValue<Vector3>(face.material, "uAlong").set(...along);
    setUniform(face.material, "uOpacity", first.solid ? 1 : Math.max(first.opacity, 0.25));
    setUniform(face.material, "uGhost", !first.solid && first.dimmed ? 1 : 0);
    setUniform(face.material, "uHover", look?.hovered ? 1 : 0);
    setUniform(face.material, "uSelected", look?.selected ? 1 : 0);
    face.material.transparent = !first.solid;
    face.visible = true;
    face.layers.set(layer);
    face.renderOrder = order + 1;
  }

  private capOf(id: string, bodies: readonly Body[]): Cap {
    const parts = bodies.filter((body) => body.id === id);
    const known = this.caps.get(id);
    const current = (mesh: Mesh, i: number) => mesh.geometry === parts[i >> 1]?.geometry;
    if (known && known.counters.length === 2 * parts.length && known.counters.every(current)) return known;
    if (known) this.drop(known);
    const counters = parts.flatMap((part) =>
      (["back", "front"] as const).map((side) => {
        const mesh = new Mesh(part.geometry, this.counter[side].solid);
        mesh.matrixAutoUpdate = false;
        mesh.userData.side = side;
        return mesh;
      }),
    );
    const face = new Mesh(fourCorners(), capMaterial(parts[0] as Body, this.shared));
    face.frustumCulled = false;
    face.matrixAutoUpdate = false;
    const cap = { counters, face };
    this.scene.add(face, ...counters);
    this.caps.set(id, cap);
    return cap;
  }

  /** Traces section lines and frame anew if the plane or what is visible has changed. */
  private trace(met: readonly Body[], bodies: readonly Body[], plane: CutLook): void {
    const seen = bodies.filter((body) => body.visible);
    const form = (body: Body) => [
      body.part,
      (body.geometry.getAttribute("position") as BufferAttribute).version,
    ];
    const state = JSON.stringify([plane, met.map(form), seen.length]);
    if (state === this.traced) return;
    this.traced = state;
    const lines = met
      .filter((body) => body.opacity > 0.3)
      .map((body) => {
        const positions = body.geometry.getAttribute("position").array as Float32Array;
        return section(positions, body.geometry.index?.array as Uint32Array, plane.normal, plane.offset);
      });
    this.outline.setSegments(joined(lines));
    this.frame.setSegments(frameAround(seen, plane));
  }

  private drop(cap: Cap): void {
    this.scene.remove(cap.face, ...cap.counters);
    cap.face.material.dispose();
    cap.face.geometry.dispose();
  }

  dispose(): void {
    for (const cap of this.caps.values()) this.drop(cap);
    for (const kinds of Object.values(this.counter)) for (const each of Object.values(kinds)) each.dispose();
    this.frame.dispose();
    this.outline.dispose();
  }
}

function counterMaterial(shared: SharedUniforms, side: Side, op: StencilOp, glass: boolean): ShaderMaterial {
  return material(
    PLAIN_VERTEX,
    COUNT_FRAGMENT,
    { uCut: shared.uCut },
    {},
    {
      side,
      colorWrite: false,
      depthWrite: false,
      depthTest: false,
      transparent: glass,
      stencilWrite: true,
      stencilFunc: AlwaysStencilFunc,
      stencilFail: op,
      stencilZFail: op,
      stencilZPass: op,
    },
  );
}

function capMaterial(body: Body, shared: SharedUniforms): ShaderMaterial {
  const { uExposure, uAccent, uNoise } = shared;
  const colours = tissueColours(body.entry.kind);
  return material(
    PLAIN_VERTEX,
    CAP_FRAGMENT,
    { uExposure, uAccent, uNoise },
    {
      uKind: colours.kind,
      uColour: colours.section.clone(),
      uAcross: new Vector3(),
      uAlong: new Vector3(),
      uNormal: new Vector3(),
      uHover: 0,
      uSelected: 0,
      uOpacity: 1,
      uGhost: 0,
    },
    {
      side: DoubleSide,
      forceSinglePass: true,
      stencilWrite: true,
      stencilRef: 0,
      stencilFunc: NotEqualStencilFunc,
      stencilFail: ZeroStencilOp,
      stencilZFail: ZeroStencilOp,
      stencilZPass: ZeroStencilOp,
    },
  );
}

/** Whether a plane goes through the box of a body. */
export function meets(body: Body, plane: CutLook): boolean {
  const box = body.geometry.boundingBox;
  if (!box) return false;
  const middle = box.getCenter(new Vector3());
  const half = box.getSize(new Vector3()).multiplyScalar(0.5);
  const reach =
    Math.abs(plane.normal[0]) * half.x +
    Math.abs(plane.normal[1]) * half.y +
    Math.abs(plane.normal[2]) * half.z;
  return Math.abs(dot(plane.normal, [middle.x, middle.y, middle.z]) - plane.offset) <= reach;
}

/** Corners of a box; two that differ in one bit of their place in the list have an edge between them. */
const cornersOf = ({ min, max }: Box3): Vec3[] =>
  Array.from({ length: 8 }, (_, k) => [k & 1 ? max.x : min.x, k & 2 ? max.y : min.y, k & 4 ? max.z : min.z]);

/** Where a plane meets the edges of a box. */
export function crossings(box: Box3, { normal, offset }: Pick<CutLook, "normal" | "offset">): Vec3[] {
  const corners = cornersOf(box);
  const height = corners.map((corner) => dot(normal, corner) - offset);
  return corners.flatMap((corner, k) =>
    [1, 2, 4].flatMap((bit) => {
      const [one, other] = [height[k] as number, height[k | bit] as number];
      return one > 0 === other > 0 ? [] : [mix(corner, corners[k | bit] as Vec3, one / (one - other))];
    }),
  );
}

/** Corners of the rectangle in the plane, along its own two directions, that holds points and a margin around them. */
export function rectangleAround(points: readonly Vec3[], plane: CutLook, margin: number): Vec3[] {
  const [a, b] = planeBasis(plane.normal);
  const range = (way: Vec3): [number, number] => {
    const places = points.map((point) => dot(point, way));
    return [Math.min(...places) - margin, Math.max(...places) + margin];
  };
  const [[left, right], [low, high]] = [range(a), range(b)];
  const foot = scale(plane.normal, plane.offset);
  const corners: [number, number][] = [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ];
  return corners.map(([x, y]) => add(foot, add(scale(a, x), scale(b, y))));
}

function fourCorners(): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(new Float32Array(12), 3));
  geometry.setIndex([0, 1, 2, 0, 2, 3]);
  return geometry;
}

/** Spreads a face in the plane over points and a little more. */
function spread(face: BufferGeometry, points: readonly Vec3[], plane: CutLook): void {
  const positions = face.getAttribute("position") as BufferAttribute;
  if (points.length === 0) positions.array.fill(0);
  else
    for (const [i, corner] of rectangleAround(points, plane, MARGIN_MM).entries())
      positions.setXYZ(i, ...corner);
  positions.needsUpdate = true;
}

/** The rectangle of the plane around all that is visible, as segments. */
function frameAround(bodies: readonly Body[], plane: CutLook, margin = 12): Float32Array {
  const points = bodies.flatMap(({ geometry }) =>
    geometry.boundingBox ? cornersOf(geometry.boundingBox) : [],
  );
  if (points.length === 0) return new Float32Array(0);
  const corners = rectangleAround(points, plane, margin);
  return Float32Array.from(corners.flatMap((corner, i) => [...corner, ...(corners[(i + 1) % 4] as Vec3)]));
}

function joined(pieces: Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
