// Everything of the body that is on the stage: takes on a look, keeps the drawing order, and knows its own extent.
import type { Scene } from "three";
import type { AtlasDocument } from "../generated/atlas";
import type { Body } from "./body";
import type { Cut } from "./cut";
import type { FootprintPaint } from "./footprint";
import type { Loaded, LoadedShape } from "./loader";
import * as orbits from "./orbit";
import type { Theme } from "./palette";
import type { Look, Vec3, ViewDirection } from "./types";
import { add, unit } from "./vector";
import type { Sphere, View } from "./view";

/** Places in the drawing order: solid surfaces, then caps and paint (100 to 500), then the see-through. */
const LAST_SOLID = 90;
const FIRST_CLEAR = 60;
const SMALLEST_RADIUS_MM = 60;
const STEEPEST = Math.PI / 3;

export class Cast {
  bodies: Body[] = [];
  footprints: FootprintPaint[] = [];
  /** Holds all that is visible. */
  extent: Sphere = { centre: [0, 0, 0], radius: 300 };
  private ranks = new Map<string, number>();
  /** Shapes of parts that are not here yet. */
  private wardrobe: LoadedShape[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly atlas: AtlasDocument,
  ) {}

  /** Brings what was loaded on the stage; returns what is new of it. */
  take({ bodies, footprints, shapes }: Loaded): Loaded {
    const fresh = {
      shapes,
      bodies: bodies.filter((body) => !this.bodies.includes(body)),
      footprints: footprints.filter((footprint) => !this.footprints.includes(footprint)),
    };
    this.bodies = [...this.bodies, ...fresh.bodies];
    this.footprints = [...this.footprints, ...fresh.footprints];
    this.wardrobe.push(...shapes);
    this.dress();
    for (const body of fresh.bodies) this.scene.add(body.surface, body.veil, body.silhouette, body.unhidden);
    for (const footprint of fresh.footprints) this.scene.add(footprint.patch, footprint.rim.mesh);
    return fresh;
  }

  /** Gives shapes to the parts that they are of, as soon as both are here. */
  private dress(): void {
    const bodies = new Map(this.bodies.map((body) => [body.part, body]));
    this.wardrobe = this.wardrobe.filter(({ part, shape, data }) => {
      const body = bodies.get(part);
      body?.shapes.add(shape, data);
      return !body;
    });
  }

  /** Brings every mesh in line with the look. */
  show(look: Look): void {
    let radius = SMALLEST_RADIUS_MM;
    for (const body of this.bodies) {
      body.show(look.structures[body.id] ?? null);
      if (body.visible) body.reshape(look.shapes?.[body.part]);
      body.paint(look.painted?.[body.part] ?? null);
      const sphere = body.geometry.boundingSphere;
      if (body.visible && sphere) radius = Math.max(radius, sphere.center.length() + sphere.radius);
    }
    this.extent = { centre: [0, 0, 0], radius };
  }

  /** Whether anything carries an outline. */
  get outlined(): boolean {
    return this.bodies.some((body) => body.silhouette.visible);
  }

  /** What depends on the camera too: the drawing order, caps and paint. ratio : device pixels per CSS pixel */
  arrange(look: Look, view: View, cut: Cut, theme: Theme, ratio: number): void {
    const towards = orbits.direction(view.orbit);
    const shown = this.bodies.filter((body) => body.visible);
    const order = shown
      .map((body) => ({ body, depth: nearest(body, towards) }))
      .sort((a, b) => a.depth - b.depth);
    this.ranks = new Map();
    for (const { body } of order) if (!body.solid) this.ranks.set(body.id, FIRST_CLEAR + this.ranks.size);
    const rank = (id: string) => this.ranks.get(id) ?? 0;
    for (const [i, { body }] of order.entries())
      body.setRank(body.solid ? ((order.length - i) / order.length) * LAST_SOLID : rank(body.id));
    cut.update(this.bodies, look.structures, rank, theme, ratio);
    this.paint(look, view, theme, ratio);
  }

  private paint(look: Look, view: View, theme: Theme, ratio: number): void {
    const wanted = new Map(look.footprints.map((footprint) => [footprint.name, footprint]));
    for (const footprint of this.footprints) {
      const asked = wanted.get(footprint.entry.name);
      const carrier = this.bodies.find((body) => body.id === footprint.entry.on && body.visible);
      if (!asked || !carrier) {
        footprint.hide();
        continue;
      }
      const rank = carrier.solid ? null : (this.ranks.get(carrier.id) ?? 0);
      footprint.show(theme, !!asked.emphasised, { opacity: carrier.opacity, rank }, ratio);
      footprint.setScale(view.millimetresPerPixel);
    }
  }

  /** Points that a picture of these structures (or footprints, by name) must hold; all visible structures if none is named. */
  pointsOf(names: readonly string[]): Vec3[] {
    const visible = this.bodies.filter((body) => body.visible).map((body) => body.id);
    const wanted = names.length ? names : visible.length ? visible : Object.keys(this.atlas.structures);
    return wanted.flatMap((name) => {
      const owners = [
        ...this.bodies.filter((body) => body.id === name),
        ...this.footprints.filter((footprint) => footprint.entry.name === name),
      ];
      if (owners.length)
        return owners.flatMap((owner) =>
          sampled(owner.geometry.getAttribute("position").array as Float32Array),
        );
      const bounds = this.atlas.structures[name.split("#")[0] as string]?.bounds;
      return bounds ? corners(bounds) : [];
    });
  }

  /** From where footprints are seen face on, never steeper than 60°; null if anything but footprints is named. */
  facing(names: readonly string[]): ViewDirection | null {
    const named = names.map((name) => this.footprints.find((footprint) => footprint.entry.name === name));
    if (!named.length || named.includes(undefined)) return null;
    const [x, y, z] = unit(
      named.reduce<Vec3>((sum, footprint) => add(sum, footprint?.facing ?? sum), [0, 0, 0]),
      [0, 1, 0],
    );
    const flat = Math.hypot(x, y);
    const steepest = Math.tan(STEEPEST) * flat;
    if (flat < 1e-3) return { direction: [0, Math.cos(STEEPEST), Math.sign(z) * Math.sin(STEEPEST)] };
    return { direction: [x, y, Math.min(steepest, Math.max(-steepest, z))] };
  }

  /** Frees the GPU; what is on the stage comes back by itself when it is drawn again. */
  release(): void {
    for (const each of [...this.bodies, ...this.footprints]) each.dispose();
  }
}

/** How near the nearest corner of a body's box is, along the direction to the eye. */
function nearest(body: Body, towards: Vec3): number {
  const box = body.geometry.boundingBox;
  if (!box) return 0;
  const side = (axis: 0 | 1 | 2, low: number, high: number) =>
    towards[axis] * (towards[axis] > 0 ? high : low);
  return side(0, box.min.x, box.max.x) + side(1, box.min.y, box.max.y) + side(2, box.min.z, box.max.z);
}

function corners([low, high]: readonly [Vec3, Vec3]): Vec3[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map(
    (corner): Vec3 => [
      (corner & 1 ? high : low)[0],
      (corner & 2 ? high : low)[1],
      (corner & 4 ? high : low)[2],
    ],
  );
}

/** Up to about 300 points of a surface, evenly taken. */
function sampled(positions: Float32Array): Vec3[] {
  const step = Math.max(1, Math.floor(positions.length / 3 / 300)) * 3;
  const points: Vec3[] = [];
  for (let i = 0; i < positions.length; i += step)
    points.push([positions[i] as number, positions[i + 1] as number, positions[i + 2] as number]);
  return points;
}
