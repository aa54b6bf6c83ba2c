// Where muscles and ligaments attach: on which bone, at which landmark, and whose painted areas these are.
import type { Anatomy, NameMode } from "../../atlas/anatomy";
import type { StructureCard } from "../../generated/catalogue";
import { type Answer, type End, type Fact, type Form, LEADS, type Reason } from "./model";
import { named, related, type Unit, unlikeness } from "./units";

type Attachment = StructureCard["attachments"][number];

const ENDS: readonly End[] = ["proximal", "distal"];

/** A landmark this near to a right one might be called right too, mm. */
const NEAR = 30;

/** What is right is judged by the English texts, whatever language they are shown in. */
const cardOf = (id: string, anatomy: Anatomy) => anatomy.english.structures[id];

const isBone = (id: string, anatomy: Anatomy) => cardOf(id, anatomy)?.kind === "bone";

const atEnd = (card: StructureCard, end: End): Attachment[] =>
  card.attachments.filter((attachment) => attachment.end === end);

/** Bones that an end reaches, by itself or through what carries it. */
function reached(
  attachments: readonly Attachment[],
  anatomy: Anatomy,
  seen = new Set<string>(),
): Set<string> {
  for (const carrier of attachments.flatMap(({ on }) => on)) {
    if (seen.has(carrier)) continue;
    seen.add(carrier);
    if (!isBone(carrier, anatomy)) reached(cardOf(carrier, anatomy)?.attachments ?? [], anatomy, seen);
  }
  return seen;
}

export function attachmentFacts(units: readonly Unit[], anatomy: Anatomy, names: NameMode): Fact[] {
  return units.flatMap((unit) => {
    const card = cardOf(unit.id, anatomy);
    if (!card) return [];
    const ends = card.kind === "muscle" ? ENDS : [];
    return [
      ...ends.flatMap((end) => boneFact(unit, card, end, units, anatomy, names)),
      ...ends.flatMap((end) => landmarkFact(unit, card, end, anatomy, names)),
      ...whoseFact(unit, card, units, anatomy, names),
    ];
  });
}

const base = (unit: Unit, form: Form, end: End | null) =>
  ({
    id: `${form}:${unit.id}${end ? `:${end}` : ""}`,
    kind: "attachment",
    form,
    about: unit.id,
    regions: [unit.group],
    end,
    sides: unit.sides,
  }) as const;

/** What is said of an attachment, as it is shown. */
function reason(attachment: Attachment, card: StructureCard, anatomy: Anatomy): Reason {
  const index = card.attachments.indexOf(attachment);
  const shown = anatomy.catalogue.structures[card.id]?.attachments[index] ?? attachment;
  return { lead: LEADS[attachment.end], claim: shown.statement };
}

/** On which bone it begins or ends. */
function boneFact(
  unit: Unit,
  card: StructureCard,
  end: End,
  units: readonly Unit[],
  anatomy: Anatomy,
  names: NameMode,
): Fact[] {
  const own = atEnd(card, end);
  const first = own.find(({ on }) => on.some((id) => isBone(id, anatomy)));
  const bone = first?.on.find((id) => isBone(id, anatomy));
  if (!first || !bone) return [];
  const taken = reached(own, anatomy);
  const [at] = units.filter(({ id }) => id === bone);
  const wrong = units
    .filter(({ id }) => isBone(id, anatomy) && ![...taken].some((other) => related(id, other, anatomy)))
    .sort((a, b) => (at ? unlikeness(at, a, anatomy) - unlikeness(at, b, anatomy) : 0));
  return [
    {
      ...base(unit, "bone", end),
      from: "beginner",
      alike: wrong.length,
      right: named(bone, anatomy, names),
      wrong: wrong.map(({ id }) => named(id, anatomy, names)),
      reasons: [reason(first, card, anatomy)],
    },
  ];
}

const pointsOf = (landmark: string, { atlas }: Anatomy) =>
  atlas.landmarks[`${landmark}.right`] ?? atlas.landmarks[landmark] ?? [];

/** mm between the nearest points of two landmarks on this body; 0 where it is not known. */
function between(a: string, b: string, anatomy: Anatomy): number {
  let least = Number.POSITIVE_INFINITY;
  for (const p of pointsOf(a, anatomy))
    for (const q of pointsOf(b, anatomy))
      least = Math.min(least, Math.hypot(...p.map((value, axis) => value - (q[axis] ?? 0))));
  return Number.isFinite(least) ? least : 0;
}

/** Whether one is told by the other, so that naming it is not quite wrong. */
function told(a: string, b: string, { english }: Anatomy): boolean {
  const [one, other] = [english.landmarks[a], english.landmarks[b]];
  if (!one || !other) return true;
  const says = (text: string, name: string) => text.toLowerCase().includes(name.toLowerCase());
  return says(one.definition.text, other.names.english) || says(other.definition.text, one.names.english);
}

/** At which landmark it begins or ends. */
function landmarkFact(unit: Unit, card: StructureCard, end: End, anatomy: Anatomy, names: NameMode): Fact[] {
  const { landmarks, structures } = anatomy.english;
  const own = atEnd(card, end);
  const first = own.find((attachment) => attachment.landmarks.some((id) => landmarks[id]));
  const right = first?.landmarks.find((id) => landmarks[id]);
  if (!first || right === undefined) return [];
  const taken = own.flatMap((attachment) => attachment.landmarks);
  const said = own.map(({ statement }) => statement.text.toLowerCase()).join(" ");
  // Of a bone that carries the end without a landmark being named on it, any landmark might be right.
  const bones = new Set(taken.map((id) => landmarks[id]?.on));
  const vague = own.flatMap(({ on }) => on).filter((id) => !bones.has(id));
  const carrying = new Set(
    Object.values(structures).flatMap(({ attachments }) => attachments.flatMap((one) => one.landmarks)),
  );
  const answer = (id: string): Answer => ({ key: id, text: anatomy.landmarkTitle(id, names) });
  const wrong = [...carrying]
    .filter((id) => landmarks[id] && !taken.includes(id) && !said.includes(landmarks[id].names.english))
    .filter((id) => !vague.includes(landmarks[id]?.on ?? ""))
    .filter((id) => taken.every((other) => between(id, other, anatomy) > NEAR && !told(id, other, anatomy)))
    .sort((a, b) => between(a, right, anatomy) - between(b, right, anatomy));
  return [
    {
      ...base(unit, "landmark", end),
      from: "student",
      alike: wrong.length,
      right: answer(right),
      wrong: wrong.map(answer),
      reasons: [reason(first, card, anatomy)],
    },
  ];
}

/** Whether two hold on to each other, or share a tendon: one's area is then not wholly not the other's. */
function joined(a: StructureCard, b: StructureCard): boolean {
  const holds = (one: StructureCard, other: StructureCard) =>
    one.attachments.some(
      ({ on, statement }) =>
        on.includes(other.id) || statement.text.toLowerCase().includes(other.names.english.toLowerCase()),
    );
  return holds(a, b) || holds(b, a);
}

const painted = (unit: Unit, anatomy: Anatomy) =>
  unit.members.flatMap((id) => anatomy.entry(id)?.footprints ?? []);

/** Whose areas are painted on the bones. */
function whoseFact(
  unit: Unit,
  card: StructureCard,
  units: readonly Unit[],
  anatomy: Anatomy,
  names: NameMode,
): Fact[] {
  const asked = card.kind === "muscle" || card.kind === "ligament";
  if (!asked || !painted(unit, anatomy).length) return [];
  const wrong = units
    .filter((other) => other.id !== unit.id && other.kind === unit.kind && painted(other, anatomy).length)
    .filter((other) => {
      const theirs = cardOf(other.id, anatomy);
      return theirs !== undefined && !joined(card, theirs) && !related(other.id, unit.id, anatomy);
    })
    .sort((a, b) => unlikeness(unit, a, anatomy) - unlikeness(unit, b, anatomy));
  return [
    {
      ...base(unit, "whose", null),
      from: "student",
      alike: wrong.length,
      right: named(unit.id, anatomy, names),
      wrong: wrong.map(({ id }) => named(id, anatomy, names)),
      reasons: ENDS.flatMap((end) => atEnd(card, end).slice(0, 1)).map((one) => reason(one, card, anatomy)),
    },
  ];
}
