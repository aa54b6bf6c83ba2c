// What is said of a structure: attachments, nerve, actions, blood, notes, relations.
import type { ComponentChildren } from "preact";
import { type Annotation, splitId } from "../atlas/anatomy";
import type { FootprintEntry } from "../generated/atlas";
import type { Attachment } from "../generated/catalogue";
import type { Translate } from "../language/translate";
import { Statement } from "./Evidence";
import { frameFootprint } from "./framing";
import { Icon } from "./icons";
import type { Session } from "./session";
import { useSignal } from "./signal";

interface FactsProps {
  session: Session;
  annotation: Annotation;
  name: string;
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="card-section">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** A structure's name that selects it, on the same side where it has one. */
function StructureLink({ session, id, side }: { session: Session; id: string; side: string | null }) {
  const { anatomy } = session;
  const { names } = useSignal(session.scene);
  const sided = side && anatomy.knows(`${id}.${side}`) ? `${id}.${side}` : id;
  return (
    <button type="button" class="link" onClick={() => session.select(sided)}>
      {session.t.within(anatomy.title(id, names).short)}
    </button>
  );
}

const isMuscle = (annotation: Annotation) => annotation.kind === "muscle";

function endName(end: Attachment["end"], annotation: Annotation, t: Translate): string {
  if (isMuscle(annotation)) return end === "proximal" ? t("Origin") : t("Insertion");
  return end === "proximal" ? t("Proximal end") : t("Distal end");
}

/** The painted areas of one end on what an attachment names, on the side that is selected. */
function printsFor(session: Session, name: string, attachment: Attachment): FootprintEntry[] {
  const { anatomy } = session;
  const [, side] = splitId(name);
  return anatomy
    .membersOf(name)
    .filter((id) => side || anatomy.entry(id)?.side !== "left")
    .flatMap((id) => anatomy.entry(id)?.footprints ?? [])
    .filter((print) => print.end === attachment.end && attachment.on.includes(splitId(print.on)[0]));
}

function Attachments({ session, annotation, name }: FactsProps) {
  const focus = useSignal(session.footprint);
  const [, side] = splitId(name);
  const counted = new Set<string>();
  return (
    <Section title={isMuscle(annotation) ? session.t("Attaches to") : session.t("Runs between")}>
      {annotation.attachments.map((attachment, i) => {
        const prints = printsFor(session, name, attachment);
        const label = endName(attachment.end, annotation, session.t);
        // Several claims may speak of the same painted area; it is measured once.
        const area = prints
          .filter((print) => !counted.has(print.name))
          .reduce((sum, print) => sum + print.area_mm2, 0);
        for (const print of prints) counted.add(print.name);
        const chosen = prints.some((print) => print.name === focus);
        return (
          <div class="attachment" key={`${attachment.end}${i}`}>
            <div class="attachment-head">
              {prints.length > 0 ? (
                <button
                  type="button"
                  class="chip"
                  data-end={attachment.end}
                  aria-pressed={chosen}
                  title={session.t("Fly to it and paint it stronger")}
                  onClick={() => {
                    // Each of its areas in turn, then the whole picture again.
                    const next = prints[prints.findIndex((print) => print.name === focus) + 1];
                    if (next) void frameFootprint(session, next.name);
                    else session.footprint.set(null);
                  }}
                >
                  <span class="chip-sign" aria-hidden="true" />
                  {label}
                  <Icon name="focus" />
                </button>
              ) : (
                <span class="chip" data-end={attachment.end}>
                  <span class="chip-sign" aria-hidden="true" />
                  {label}
                </span>
              )}
              <span class="attachment-on">
                {attachment.on.map((id, at) => (
                  <span key={id}>
                    {at > 0 && ", "}
                    <StructureLink session={session} id={id} side={side} />
                  </span>
                ))}
                {area > 0 && (
                  <small>
                    {session.t("{area} cm² here", {
                      area: session.t.number(area / 100, area < 1000 ? 1 : 0),
                    })}
                  </small>
                )}
              </span>
            </div>
            <Statement claim={attachment.statement} anatomy={session.anatomy} />
          </div>
        );
      })}
    </Section>
  );
}

/** Structures whose painted areas lie on this one. */
function Carries({ session, name }: Pick<FactsProps, "session" | "name">) {
  const { anatomy } = session;
  const { names } = useSignal(session.scene);
  const members = new Set(anatomy.membersOf(name));
  const guests = Object.values(anatomy.atlas.structures).filter((entry) =>
    entry.footprints.some((print) => members.has(print.on)),
  );
  const found = [...new Map(guests.map((entry) => [entry.structure, entry])).values()];
  if (!found.length) return null;
  return (
    <Section title={session.t("Carries")}>
      <ul class="carries">
        {found.map((entry) => (
          <li key={entry.id}>
            <button type="button" class="pill" onClick={() => session.select(entry.id)}>
              {anatomy.title(entry.structure, names).short}
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function CardFacts({ session, annotation, name }: FactsProps) {
  const { anatomy } = session;
  const { names } = useSignal(session.scene);
  const [structure, side] = splitId(name);
  const parts = Object.values(anatomy.catalogue.structures).filter((other) => other.part_of === structure);
  return (
    <>
      {annotation.part_of && (
        <p class="part-of">
          {session.t("Part of:")} <StructureLink session={session} id={annotation.part_of} side={side} />
        </p>
      )}
      {annotation.attachments.length > 0 && (
        <Attachments session={session} annotation={annotation} name={name} />
      )}
      {annotation.actions.length > 0 && (
        <Section title={session.t("Moves")}>
          {annotation.actions.map((claim) => (
            <Statement key={claim.text} claim={claim} anatomy={anatomy} />
          ))}
        </Section>
      )}
      {annotation.innervation.length > 0 && (
        <Section title={session.t("Nerve")}>
          {annotation.innervation.map((entry) => (
            <div key={entry.nerve}>
              <p class="nerve">
                {entry.structure ? (
                  <StructureLink session={session} id={entry.structure} side={side} />
                ) : (
                  <span>{entry.nerve}</span>
                )}
                <span class="roots">
                  {entry.roots.map((root) => (
                    <span key={root} class="root">
                      {root}
                    </span>
                  ))}
                  {entry.sometimes.map((root) => (
                    <span key={root} class="root sometimes" title={session.t("Not all sources")}>
                      ({root})
                    </span>
                  ))}
                </span>
              </p>
              <Statement claim={entry.statement} anatomy={anatomy} />
            </div>
          ))}
        </Section>
      )}
      {annotation.blood_supply.length > 0 && (
        <Section title={session.t("Blood")}>
          {annotation.blood_supply.map((claim) => (
            <Statement key={claim.text} claim={claim} anatomy={anatomy} />
          ))}
        </Section>
      )}
      {annotation.notes.length > 0 && (
        <Section title={session.t("Worth knowing")}>
          {annotation.notes.map((claim) => (
            <Statement key={claim.text} claim={claim} anatomy={anatomy} />
          ))}
        </Section>
      )}
      {parts.length > 0 && (
        <Section title={session.t("Parts")}>
          <ul class="carries">
            {parts.map((part) => (
              <li key={part.id}>
                <button
                  type="button"
                  class="pill"
                  onClick={() => session.select(side && part.paired ? `${part.id}.${side}` : part.id)}
                >
                  {anatomy.title(part.id, names).short}
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Carries session={session} name={name} />
    </>
  );
}
