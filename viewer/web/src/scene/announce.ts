// What has changed, in words for those who do not see the picture.
import type { Anatomy } from "../atlas/anatomy";
import { capital } from "../atlas/text";
import type { Scene } from "../generated/scene";
import { phrase } from "../language/translate";
import { visibleIn } from "./actions";

/** Of labels and areas. */
const SCOPES: Record<Scene["labels"], string> = {
  none: phrase("none"),
  selected: phrase("selected"),
  all: phrase("all"),
};

function listed(ids: readonly string[], anatomy: Anatomy, scene: Scene): string {
  if (ids.length > 4) return anatomy.t.n(ids.length, "{n} structure", "{n} structures");
  return anatomy.t.list(
    ids.map((id) => anatomy.title(id, scene.names).full),
    "unit",
  );
}

/** Which variant a side has now, in words; once for both if they are alike. */
function variantsSaid(before: Scene, after: Scene, anatomy: Anatomy): string[] {
  const { t } = anatomy;
  const words = (id: string) => anatomy.variant(id)?.short ?? id;
  const { right, left } = after.variant;
  const changed = (["right", "left"] as const).filter((side) => before.variant[side] !== after.variant[side]);
  if (changed.length === 2 && right === left) return [t("Both sides: {words}.", { words: words(right) })];
  return changed.map((side) =>
    side === "right"
      ? t("Right: {words}.", { words: words(right) })
      : t("Left: {words}.", { words: words(left) }),
  );
}

/** Which trigger point is shown now, and the pain it is known for. */
function triggerSaid({ trigger, stipple, ball }: Scene, before: Scene, anatomy: Anatomy): string[] {
  const { t } = anatomy;
  const said: string[] = [];
  const key = (one: Scene["trigger"]) => one && `${one.id}.${one.side}`;
  if (key(trigger) !== key(before.trigger)) {
    const point = trigger && anatomy.catalogue.trigger_points[trigger.id];
    const zone = point?.zones[0]?.words;
    said.push(
      trigger && point
        ? [
            trigger.side === "right"
              ? t("Trigger point {name}, right.", { name: point.name })
              : t("Trigger point {name}, left.", { name: point.name }),
            ...(zone ? [sentence(zone)] : []),
          ].join(" ")
        : t("Trigger point off."),
    );
  }
  if (trigger && stipple !== before.stipple)
    said.push(
      stipple === "skin" ? t("Pain is stippled on the skin.") : t("Pain is stippled on what lies beneath."),
    );
  if (ball !== before.ball) {
    const name = anatomy.catalogue.safety.balls.find(({ id }) => id === ball)?.name;
    said.push(name ? sentence(name) : t("Ball taken away."));
  }
  return said;
}

const sentence = (words: string) => (/[.。]\W*$/.test(words) ? capital(words) : `${capital(words)}.`);

/** One or two short sentences, or none if nothing changed that one would see. */
export function announcement(before: Scene, after: Scene, anatomy: Anatomy): string {
  const { t } = anatomy;
  const said: string[] = [];
  if (before.peel !== after.peel) {
    const next = anatomy.layers[after.peel];
    said.push(
      after.peel === 0
        ? t("Nothing peeled.")
        : t("Peeled down to {layer}.", { layer: t.within(next?.name ?? "") }),
    );
  }
  const was = visibleIn(before, anatomy);
  const is = visibleIn(after, anatomy);
  const gone = [...was].filter((id) => !is.has(id));
  const come = [...is].filter((id) => !was.has(id));
  if (after.isolated.length && !before.isolated.length) {
    said.push(t("Isolated: {names}.", { names: listed([...is], anatomy, after) }));
  } else {
    if (gone.length) said.push(t("Hidden: {names}.", { names: listed(gone, anatomy, after) }));
    if (come.length) said.push(t("Shown: {names}.", { names: listed(come, anatomy, after) }));
  }
  if (before.selected !== after.selected)
    said.push(
      after.selected
        ? t("Selected: {name}.", { name: anatomy.title(after.selected, after.names).full })
        : t("Nothing selected."),
    );
  if (before.fade_others !== after.fade_others)
    said.push(after.fade_others ? t("Others are faded.") : t("Others are solid."));
  if (before.footprints !== after.footprints)
    said.push(t("Attachment areas: {scope}.", { scope: t.of(SCOPES[after.footprints]) }));
  if (before.labels !== after.labels) said.push(t("Labels: {scope}.", { scope: t.of(SCOPES[after.labels]) }));
  if (before.landmarks !== after.landmarks)
    said.push(after.landmarks ? t("Landmarks shown.") : t("Landmarks hidden."));
  said.push(...variantsSaid(before, after, anatomy));
  if (before.focus !== after.focus)
    said.push(after.focus ? t("Nerve and piriformis alone.") : t("Everything is back."));
  if (!before.compare !== !after.compare)
    said.push(after.compare ? t("Two pictures side by side.") : t("One picture."));
  if (!before.beside !== !after.beside) said.push(after.beside ? t("Two bodies.") : t("One body."));
  if (before.heat !== after.heat)
    said.push(after.heat ? t("Distance to the nerve is painted on piriformis.") : t("Paint taken off."));
  if (!before.section !== !after.section)
    said.push(after.section ? t("Cross-section.") : t("Cross-section off."));
  if (!before.cut !== !after.cut) said.push(after.cut ? t("Cutting plane on.") : t("Cutting plane off."));
  said.push(...triggerSaid(after, before, anatomy));
  if (before.consult !== after.consult)
    said.push(after.consult ? t("Consult mode.") : t("Consult mode left."));
  const view = after.camera.view;
  if (view && view !== before.camera.view)
    said.push(t("View: {view}.", { view: t.within(anatomy.catalogue.views[view]?.name ?? view) }));
  return said.join(" ");
}
