// What stands beside the picture in place of the card: variants, cross-section, numbers.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { phrase } from "../language/translate";
import { Brought } from "./Brought";
import { Statement } from "./Evidence";
import { Icon } from "./icons";
import { MeasurePanel } from "./measure/MeasurePanel";
import { SectionPanel } from "./section/SectionPanel";
import type { Aside, Session } from "./session";
import { useSignal } from "./signal";
import { closeAside } from "./variant-actions";
import { Variants } from "./variants/Variants";

export const ASIDES: Record<Aside, string> = {
  triggers: phrase("Trigger points"),
  variants: phrase("Nerve and piriformis"),
  section: phrase("Cross-section"),
  measure: phrase("Measure"),
  plate: phrase("Plate"),
  lesson: phrase("Lessons"),
  quiz: phrase("Quiz"),
  landmarks: phrase("Landmarks"),
  bodies: phrase("Compare bodies"),
};

export function asideContent(aside: Aside, session: Session): ComponentChildren {
  if (aside === "triggers") return <Brought session={session} part="trigger" />;
  if (aside === "bodies") return <Brought session={session} part={aside} panel />;
  if (aside === "lesson" || aside === "quiz" || aside === "landmarks")
    return <Brought session={session} part={aside} />;
  if (aside === "variants") return <Variants session={session} />;
  if (aside === "section") return <SectionPanel session={session} />;
  return aside === "measure" ? <MeasurePanel session={session} /> : <PlateText session={session} />;
}

/** What a plate shows, and who says so. */
function PlateText({ session }: { session: Session }) {
  const shown = useSignal(session.plate);
  const plate = session.anatomy.catalogue.plates.find(({ id }) => id === shown?.id);
  if (!plate) return null;
  return (
    <>
      <div class="card-text">
        <h3 class="plate-name">{plate.name}</h3>
        <p>{plate.caption}</p>
      </div>
      <section class="card-section">
        {plate.statements.map((claim) => (
          <Statement key={claim.text} claim={claim} anatomy={session.anatomy} />
        ))}
      </section>
    </>
  );
}

/** The panel on a page with room for one. */
export function AsidePanel({ session, aside }: { session: Session; aside: Aside }) {
  const close = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => close.current?.focus({ preventScroll: true }), [aside]);
  return (
    <section class="panel card-side" aria-label={session.t.of(ASIDES[aside])} data-aside={aside}>
      <header class="card-head">
        <h2 class="card-title aside-title">{session.t.of(ASIDES[aside])}</h2>
        <button
          ref={close}
          type="button"
          class="card-close"
          aria-label={session.t("Close (Esc)")}
          onClick={() => closeAside(session)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="card-scroll">{asideContent(aside, session)}</div>
    </section>
  );
}
