// Everything that can be asked of this body, from its annotations: nothing here is known but how to ask.
import type { Anatomy, NameMode } from "../../atlas/anatomy";
import { attachmentFacts } from "./attachments";
import { type Fact, LEADS, type Reason } from "./model";
import { nerveFacts } from "./nerves";
import { pointFacts } from "./points";
import { named, related, type Unit, unitsOf, unlikeness } from "./units";
import { variantFacts } from "./variants";

/** Fewer wrong answers than this do not make a question. */
const FEWEST = 2;

/** Why a structure is that one: its attachments, or what is noted of it. */
function reasonsFor(unit: Unit, anatomy: Anatomy): Reason[] {
  const card = anatomy.catalogue.structures[unit.id];
  if (!card) return [];
  const ends = (["proximal", "distal"] as const).flatMap((end) => {
    const first = card.attachments.find((attachment) => attachment.end === end);
    return first ? [{ lead: LEADS[end], claim: first.statement }] : [];
  });
  if (ends.length) return ends;
  const note = card.notes.find(({ mark }) => mark !== "unverified");
  return note ? [{ lead: null, claim: note }] : [];
}

/** Naming and finding: the same structures, asked from both ends. */
function nameFacts(units: readonly Unit[], anatomy: Anatomy, names: NameMode): Fact[] {
  return units.flatMap((unit) => {
    const others = units
      .filter(({ id }) => !related(id, unit.id, anatomy))
      .sort((a, b) => unlikeness(unit, a, anatomy) - unlikeness(unit, b, anatomy));
    return (["name", "find"] as const).map(
      (kind): Fact => ({
        id: `${kind}:${unit.id}`,
        kind,
        form: kind,
        about: unit.id,
        regions: [unit.group],
        from: "beginner",
        alike: others.filter(({ kind: other }) => other === unit.kind).length,
        right: named(unit.id, anatomy, names),
        wrong: others.map(({ id }) => named(id, anatomy, names)),
        reasons: reasonsFor(unit, anatomy),
        end: null,
        sides: unit.sides,
      }),
    );
  });
}

/** What can be asked of a body as it has grown, in the names that are chosen. `marked`: dots of pain can be drawn. */
export function factsOf(anatomy: Anatomy, names: NameMode, marked = false): Fact[] {
  const mode = names === "both" ? "english" : names;
  const units = unitsOf(anatomy);
  const facts = [
    ...nameFacts(units, anatomy, mode),
    ...nerveFacts(units, anatomy, mode),
    ...attachmentFacts(units, anatomy, mode),
    ...variantFacts(anatomy),
    ...(marked ? pointFacts(units, anatomy, mode) : []),
  ];
  return facts
    .map((fact) => ({ ...fact, reasons: fact.reasons.filter(({ claim }) => claim.mark !== "unverified") }))
    .filter(({ wrong, reasons }) => wrong.length >= FEWEST && reasons.length > 0);
}
