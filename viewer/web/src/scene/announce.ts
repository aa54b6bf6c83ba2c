// What has changed, in words for those who do not see the picture.
import type { Anatomy } from "../atlas/anatomy";
import type { Scene } from "../generated/scene";
import { visibleIn } from "./actions";

function listed(ids: readonly string[], anatomy: Anatomy, scene: Scene): string {
  if (ids.length > 4) return `${ids.length} structures`;
  return ids.map((id) => anatomy.title(id, scene.names).full).join(", ");
}

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
  if (!before.cut !== !after.cut) said.push(after.cut ? "Cutting plane on." : "Cutting plane off.");
  const view = after.camera.view;
  if (view && view !== before.camera.view)
    said.push(`View: ${anatomy.catalogue.views[view]?.name.toLowerCase() ?? view}.`);
  return said.join(" ");
}
