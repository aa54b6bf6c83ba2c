// What has changed, in words for those who do not see the picture.
import type { Anatomy } from "../atlas/anatomy";
import { capital } from "../atlas/text";
import type { Scene } from "../generated/scene";
import { visibleIn } from "./actions";

function listed(ids: readonly string[], anatomy: Anatomy, scene: Scene): string {
  if (ids.length > 4) return `${ids.length} structures`;
  return ids.map((id) => anatomy.title(id, scene.names).full).join(", ");
}

/** Which variant a side has now, in words; once for both if they are alike. */
function variantsSaid(before: Scene, after: Scene, anatomy: Anatomy): string[] {
  const words = (id: string) => anatomy.variant(id)?.short ?? id;
  const { right, left } = after.variant;
  const changed = (["right", "left"] as const).filter((side) => before.variant[side] !== after.variant[side]);
  if (changed.length === 2 && right === left) return [`Both sides: ${words(right)}.`];
  return changed.map((side) => `${side === "right" ? "Right" : "Left"}: ${words(after.variant[side])}.`);
}

/** Which trigger point is shown now, and the pain it is known for. */
function triggerSaid({ trigger, stipple, ball }: Scene, before: Scene, anatomy: Anatomy): string[] {
  const said: string[] = [];
  const key = (one: Scene["trigger"]) => one && `${one.id}.${one.side}`;
  if (key(trigger) !== key(before.trigger)) {
    const point = trigger && anatomy.catalogue.trigger_points[trigger.id];
    const zone = point?.zones[0]?.words;
    said.push(
      point
        ? `Trigger point ${point.name}, ${trigger.side}.${zone ? ` ${sentence(zone)}` : ""}`
        : "Trigger point off.",
    );
  }
  if (trigger && stipple !== before.stipple)
    said.push(
      stipple === "skin" ? "Pain is stippled on the skin." : "Pain is stippled on what lies beneath.",
    );
  if (ball !== before.ball) {
    const name = anatomy.catalogue.safety.balls.find(({ id }) => id === ball)?.name;
    said.push(name ? sentence(name) : "Ball taken away.");
  }
  return said;
}

const sentence = (words: string) => `${capital(words).replace(/\.$/, "")}.`;

/** One or two short sentences, or none if nothing changed that one would see. */
export function announcement(before: Scene, after: Scene, anatomy: Anatomy): string {
  const said: string[] = [];
  if (before.peel !== after.peel) {
    const next = anatomy.layers[after.peel];
    said.push(after.peel === 0 ? "Nothing peeled." : `Peeled down to ${next?.name.toLowerCase() ?? "bone"}.`);
  }
  const was = visibleIn(before, anatomy);
  const is = visibleIn(after, anatomy);
  const gone = [...was].filter((id) => !is.has(id));
  const come = [...is].filter((id) => !was.has(id));
  if (after.isolated.length && !before.isolated.length) {
    said.push(`Isolated: ${listed([...is], anatomy, after)}.`);
  } else {
    if (gone.length) said.push(`Hidden: ${listed(gone, anatomy, after)}.`);
    if (come.length) said.push(`Shown: ${listed(come, anatomy, after)}.`);
  }
  if (before.selected !== after.selected)
    said.push(
      after.selected ? `Selected: ${anatomy.title(after.selected, after.names).full}.` : "Nothing selected.",
    );
  if (before.fade_others !== after.fade_others)
    said.push(after.fade_others ? "Others are faded." : "Others are solid.");
  if (before.footprints !== after.footprints) said.push(`Attachment areas: ${after.footprints}.`);
  if (before.labels !== after.labels) said.push(`Labels: ${after.labels}.`);
  if (before.landmarks !== after.landmarks)
    said.push(after.landmarks ? "Landmarks shown." : "Landmarks hidden.");
  said.push(...variantsSaid(before, after, anatomy));
  if (before.focus !== after.focus)
    said.push(after.focus ? "Nerve and piriformis alone." : "Everything is back.");
  if (!before.compare !== !after.compare)
    said.push(after.compare ? "Two pictures side by side." : "One picture.");
  if (before.heat !== after.heat)
    said.push(after.heat ? "Distance to the nerve is painted on piriformis." : "Paint taken off.");
  if (!before.section !== !after.section) said.push(after.section ? "Cross-section." : "Cross-section off.");
  if (!before.cut !== !after.cut) said.push(after.cut ? "Cutting plane on." : "Cutting plane off.");
  said.push(...triggerSaid(after, before, anatomy));
  if (before.consult !== after.consult) said.push(after.consult ? "Consult mode." : "Consult mode left.");
  const view = after.camera.view;
  if (view && view !== before.camera.view)
    said.push(`View: ${anatomy.catalogue.views[view]?.name.toLowerCase() ?? view}.`);
  return said.join(" ");
}
