// What a handout says, from the annotations: the same words as on the page, in the order a client needs them.
import type { Side } from "../../../atlas/anatomy";
import { capital } from "../../../atlas/text";
import type { AtlasDocument } from "../../../generated/atlas";
import type { Catalogue } from "../../../generated/catalogue";
import type { Flags } from "../state";
import {
  type BallId,
  muscleName,
  pointTitle,
  reviewWords,
  type Safety,
  sideWords,
  type TriggerPoint,
  URGENCIES,
} from "../wording";
import type { Block, Handout, HandoutPicture, Line, Tone } from "./model";

export interface Wanted {
  readonly catalogue: Catalogue;
  readonly sources: AtlasDocument["sources"];
  readonly point: TriggerPoint;
  readonly side: Side;
  /** What was answered when the warning signs were read: only where none of them fits a ball is spoken of. */
  readonly flags: Flags;
  /** What may be lain on here, the gentlest first; empty where no place is safe. */
  readonly balls: readonly BallId[];
  readonly pictures: readonly HandoutPicture[];
  /** As it was typed; empty for none. */
  readonly name: string;
  /** The day, as it is to be printed; empty for none. */
  readonly date: string;
}

const TONES: Record<(typeof URGENCIES)[number][0], Tone> = {
  emergency: "emergency",
  urgent: "urgent",
  see_someone: "calm",
};

const LEGEND =
  "X: the spot. Dots: where people feel it, close together for nearly everyone, wide apart for some.";

/** Everything that stands on the handout. */
export function compose(wanted: Wanted): Handout {
  const { catalogue, point, side, pictures } = wanted;
  const { safety } = catalogue;
  const muscle = catalogue.structures[point.muscle];
  const review = reviewWords(point.reviewed_by, safety.reviewed_by);
  return {
    title: pointTitle(point, catalogue),
    subtitle: `${capital(sideWords(side))} · To take home`,
    about: [
      ...(wanted.name.trim() ? [{ lead: "For", text: wanted.name.trim() }] : []),
      ...(wanted.date ? [{ lead: "Date", text: wanted.date }] : []),
    ],
    blocks: [
      { kind: "lead", text: point.plain },
      ...(pictures.length
        ? [{ kind: "pictures", pictures, legend: legend(pictures, wanted) } satisfies Block]
        : []),
      { kind: "heading", text: "Where people feel it" },
      { kind: "text", lines: zoneLines(point) },
      ...(muscle
        ? ([
            { kind: "heading", text: `The muscle: ${muscleName(point, catalogue).toLowerCase()}` },
            { kind: "text", lines: [{ text: muscle.plain }] },
          ] satisfies Block[])
        : []),
      { kind: "heading", text: "Before anything else" },
      { kind: "text", lines: [{ text: safety.not_a_diagnosis }] },
      ...flagBoxes(safety),
      ...ballBlocks(wanted),
      {
        kind: "small",
        title: "Where this comes from",
        lines: [...caveats(point, safety), review, ...credits(wanted)],
      },
    ],
    footer: `Ischia teaches; it does not diagnose. ${review}`,
  };
}

function legend(pictures: readonly HandoutPicture[], { flags, balls }: Wanted): string {
  const shown =
    flags === "none" && balls.length > 0 && pictures.some(({ caption }) => /^Where the /.test(caption));
  return shown ? `${LEGEND} Green: where it may stand. Yellow: the path of the nerve.` : LEGEND;
}

function zoneLines({ zones }: TriggerPoint): Line[] {
  const words = { essential: "Nearly everyone:", spillover: "Some people:" };
  return zones.map((zone) => ({ lead: words[zone.level], text: zone.words }));
}

/** Signs that come before any self-care, the most urgent first. */
export function flagBoxes({ red_flags }: Safety): Block[] {
  return URGENCIES.flatMap(([urgency, title]) => {
    const flags = red_flags.filter((flag) => flag.urgency === urgency);
    if (!flags.length) return [];
    const items = flags.map(({ sign, action }) => ({ text: `${sign} ${action}` }));
    return [{ kind: "box", tone: TONES[urgency], title, items } satisfies Block];
  });
}

const FLAGGED =
  "One of the warning signs above fits. Please do what stands beside it first, and leave the ball away until then.";

function ballBlocks({ catalogue, point, balls, flags }: Wanted): Block[] {
  const { safety } = catalogue;
  if (flags === "open") return [];
  if (flags === "some")
    return [
      { kind: "heading", text: "No ball for now" },
      { kind: "text", lines: [{ text: FLAGGED }] },
    ];
  const heading: Block = {
    kind: "heading",
    text: balls.length ? "Where a ball goes" : "No ball on this spot",
  };
  if (!balls.length) return [heading, { kind: "text", lines: [{ text: point.self_care.why }] }];
  const names = balls.map((id) => safety.balls.find((ball) => ball.id === id)?.name ?? id);
  const texts = (advice: Safety["stop"]) => advice.map(({ text }): Line => ({ text }));
  return [
    heading,
    { kind: "text", lines: [{ text: point.self_care.why }] },
    {
      kind: "box",
      tone: "calm",
      title: "Ask a clinician first, if any of these fits you",
      items: texts(safety.ask_first),
    },
    {
      kind: "list",
      items: [
        { lead: "With:", text: `${names.join(", or ")}. ${first(safety.ways, "gentlest_first")}`.trim() },
        ...safety.ways.filter(({ id }) => id !== "gentlest_first").map(({ text }) => ({ text })),
        ...texts(safety.never_press),
      ],
    },
    { kind: "box", tone: "emergency", title: "When to stop", items: texts(safety.stop) },
    { kind: "heading", text: "How long" },
    { kind: "list", items: texts(safety.dose) },
  ];
}

const first = (advice: Safety["ways"], id: string) => advice.find((one) => one.id === id)?.text ?? "";

/** How far a picture of a trigger point can be trusted at all. */
function caveats(point: TriggerPoint, { evidence }: Safety): string[] {
  return [point.zone_source.text, ...evidence.slice(0, 2).map(({ text }) => text)];
}

/** Whose work the pictures and words are, and on what terms. */
function credits({ sources, catalogue }: Wanted): string[] {
  const geometry = Object.values(sources).map(({ title, creators, license, url, notice }) =>
    sentences(`Pictures: ${title}, ${creators}, ${license}${url ? ` (${url})` : ""}`, notice ?? ""),
  );
  const words = catalogue.credits
    .filter(({ id }) => id === "annotations")
    .map(({ text, license }) => sentences(`Words: ${text}, ${license}`));
  return [...geometry, ...words];
}

const sentences = (...parts: readonly string[]) =>
  parts
    .filter(Boolean)
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(" ");
