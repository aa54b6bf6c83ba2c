// The shapes of a part, and what stands between two of them. They are mixed in memory, not in a shader: every pass of the
// picture (colour, depth, caps, outlines, ids), the contours and the search trees then see one and the same surface.
import { type BufferAttribute, type BufferGeometry, DynamicDrawUsage, Sphere } from "three";
import type { MeshData } from "./glb";
import { boxOf } from "./surface";
import type { ShapeLook } from "./types";

/** What differs from shape to shape. */
export type ShapeData = Pick<MeshData, "positions" | "normals" | "tint">;

export class Shapes {
  private readonly known = new Map<string, ShapeData>();
  private readonly base: ShapeData;
  private shown = "";

  /** geometry : of the part in its first shape; it stays as it is, others may use it too */
  constructor(private readonly geometry: BufferGeometry) {
    const array = (name: string) => geometry.getAttribute(name).array;
    this.base = {
      positions: array("position") as Float32Array,
      normals: array("normal") as Int16Array,
      tint: array("tint") as Uint8Array,
    };
  }

  /** Positions in the first shape, whatever stands. */
  get first(): Float32Array {
    return this.base.positions;
  }

  /** Takes in one more shape. Throws an Error for people if it has not the part's own vertices. */
  add(name: string, data: ShapeData): void {
    if (data.positions.length !== this.base.positions.length)
      throw new Error(`the shape "${name}" has other vertices than the part that it is of`);
    this.known.set(name, data);
  }

  /** Whether a look asks for something else than is shown, and all that it asks for is here. */
  wants(look: ShapeLook | undefined, entries: Readonly<Record<string, unknown>>): boolean {
    const [from, to, t] = [this.name(look?.from, entries), this.name(look?.to, entries), look?.t ?? 0];
    const here = (name: string) => name === "" || this.known.has(name);
    if (!(t < 1 ? here(from) : true) || !(t > 0 ? here(to) : true)) return false;
    return key(from, to, t) !== (this.shown || key("", "", 0));
  }

  /** A geometry of its own to be mixed into: triangles in an order of their own, since search trees turn it round. */
  fork(): BufferGeometry {
    const own = this.geometry.clone();
    for (const name of ["position", "normal", "tint"])
      (own.getAttribute(name) as BufferAttribute).setUsage(DynamicDrawUsage);
    const { uv } = this.geometry.attributes;
    if (uv) own.setAttribute("uv", uv);
    return own;
  }

  /**
   * Brings a forked geometry in line with a look; true once it has come to rest in one shape, so that its search tree is
   * worth bringing up to date.
   */
  mix(
    into: BufferGeometry,
    look: ShapeLook | undefined,
    entries: Readonly<Record<string, unknown>>,
  ): boolean {
    const [from, to, t] = [this.name(look?.from, entries), this.name(look?.to, entries), look?.t ?? 0];
    this.shown = key(from, to, t);
    const one = this.known.get(from) ?? this.base;
    const two = this.known.get(to) ?? this.base;
    for (const [name, kind] of [
      ["position", "positions"],
      ["normal", "normals"],
      ["tint", "tint"],
    ] as const) {
      const attribute = into.getAttribute(name) as BufferAttribute;
      blend(attribute.array as Float32Array, one[kind], two[kind], t, kind !== "positions");
      attribute.needsUpdate = true;
    }
    into.boundingBox = boxOf(into.getAttribute("position").array as Float32Array);
    into.boundingSphere = into.boundingBox.getBoundingSphere(new Sphere());
    return t <= 0 || t >= 1;
  }

  /** A shape's name as it is kept here: empty for the first one. */
  private name(name: string | undefined, entries: Readonly<Record<string, unknown>>): string {
    return name !== undefined && name in entries ? name : "";
  }
}

const key = (from: string, to: string, t: number) =>
  t <= 0 ? `${from}|` : t >= 1 ? `${to}|` : `${from}|${to}|${t}`;

type Numbers = Float32Array | Int16Array | Uint8Array;

function blend(into: Numbers, one: Numbers, two: Numbers, t: number, whole: boolean): void {
  if (t <= 0 || one === two) into.set(one);
  else if (t >= 1) into.set(two);
  else {
    const round = whole ? 0.5 : 0;
    for (let i = 0; i < into.length; i++) {
      const value = (one[i] as number) + ((two[i] as number) - (one[i] as number)) * t;
      into[i] = whole ? Math.floor(value + round) : value;
    }
  }
}
