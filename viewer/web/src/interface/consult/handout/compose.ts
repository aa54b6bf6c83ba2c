// What a handout says, from the annotations: the same words as on the page, in the order a client needs them.
import type { Side } from "../../../atlas/anatomy";
import { capital } from "../../../atlas/text";
import type { AtlasDocument } from "../../../generated/atlas";
import type { Catalogue } from "../../../generated/catalogue";
import { UNREVIEWED } from "../../../language/Safe";
import { phrase, type Translate } from "../../../language/translate";
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
  readonly t: Translate;
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

/** Everything that stands on the handout. */
export function compose(wanted: Wanted): Handout {
  const { t, catalogue, point, side, pictures } = wanted;
  const { safety } = catalogue;
  const muscle = catalogue.structures[point.muscle];
  const review = reviewWords(t, point.reviewed_by, safety.reviewed_by);
  return {
    language: t.code,
    title: pointTitle(point, catalogue),
    subtitle: `${capital(sideWords(side, t))} · ${t("To take home")}`,
    about: [
      ...(wanted.name.trim() ? [{ lead: t("For"), text: wanted.name.trim() }] : []),
      ...(wanted.date ? [{ lead: t("Date"), text: wanted.date }] : []),
    ],
    blocks: [
      { kind: "lead", text: point.plain },
      ...(pictures.length
        ? [{ kind: "pictures", pictures, legend: legend(pictures, wanted) } satisfies Block]
        : []),
      { kind: "heading", text: t("Where people feel it") },
      { kind: "text", lines: zoneLines(point, t) },
      ...(muscle
        ? ([
            {
              kind: "heading",
              text: t("The muscle: {name}", { name: t.within(muscleName(point, catalogue)) }),
            },
            { kind: "text", lines: [{ text: muscle.plain }] },
          ] satisfies Block[])
        : []),
      { kind: "heading", text: t("Before anything else") },
      { kind: "text", lines: [...notes(t), line(safety.not_a_diagnosis, t)] },
      ...flagBoxes(safety, t),
      ...ballBlocks(wanted),
      {
        kind: "small",
        title: t("Where this comes from"),
        lines: [...caveats(point, safety), review, ...credits(wanted)],
      },
    ],
    footer: `${t("Ischia teaches; it does not diagnose.")} ${review}`,
  };
}

/** A line of text about safety. */
function line(text: string, t: Translate): Line {
  const english = t.beside(text);
  return english === null ? { text } : { text, english };
}

/** How far the translation can be trusted. */
const notes = (t: Translate): Line[] => (t.unreviewed ? [{ text: t.of(UNREVIEWED) }] : []);

function legend(pictures: readonly HandoutPicture[], { t, flags, balls }: Wanted): string {
  const words = t(
    "X: the spot. Dots: where people feel it, close together for nearly everyone, wide apart for some.",
  );
  const shown = flags === "none" && balls.length > 0 && pictures.some(({ ball }) => ball);
  return shown ? `${words} ${t("Green: where it may stand. Yellow: the path of the nerve.")}` : words;
}

function zoneLines({ zones }: TriggerPoint, t: Translate): Line[] {
  const words = { essential: t("Nearly everyone:"), spillover: t("Some people:") };
  return zones.map((zone) => ({ lead: words[zone.level], text: zone.words }));
}

/** Signs that come before any self-care, the most urgent first. */
export function flagBoxes({ red_flags }: Safety, t: Translate): Block[] {
  return URGENCIES.flatMap(([urgency, title]) => {
    const flags = red_flags.filter((flag) => flag.urgency === urgency);
    if (!flags.length) return [];
    const items = flags.flatMap(({ sign, action }) => {
      const [of, to] = [line(sign, t), line(action, t)];
      const english = of.english && to.english ? { english: `${of.english} ${to.english}` } : {};
      return [{ text: `${sign} ${action}`, ...english }];
    });
    return [{ kind: "box", tone: TONES[urgency], title: t.of(title), items } satisfies Block];
  });
}

const FLAGGED = phrase(
  "One of the warning signs above fits. Please do what stands beside it first, and leave the ball away until then.",
);

function ballBlocks({ t, catalogue, point, balls, flags }: Wanted): Block[] {
  const { safety } = catalogue;
  if (flags === "open") return [];
  if (flags === "some")
    return [
      { kind: "heading", text: t("No ball for now") },
      { kind: "text", lines: [line(t.safeOf(FLAGGED), t)] },
    ];
  const heading: Block = {
    kind: "heading",
    text: balls.length ? t("Where a ball goes") : t("No ball on this spot"),
  };
  if (!balls.length) return [heading, { kind: "text", lines: [line(point.self_care.why, t)] }];
  const names = balls.map((id) => safety.balls.find((ball) => ball.id === id)?.name ?? id);
  const texts = (advice: Safety["stop"]) => advice.map(({ text }) => line(text, t));
  return [
    heading,
    { kind: "text", lines: [line(point.self_care.why, t)] },
    {
      kind: "box",
      tone: "calm",
      title: t("Ask a clinician first, if any of these fits you"),
      items: texts(safety.ask_first),
    },
    {
      kind: "list",
      items: [
        { lead: t("With:"), text: `${t.list(names, "disjunction")}.` },
        ...texts(safety.ways.filter(({ id }) => id === "gentlest_first")),
        ...texts(safety.ways.filter(({ id }) => id !== "gentlest_first")),
        ...texts(safety.never_press),
      ],
    },
    { kind: "box", tone: "emergency", title: t("When to stop"), items: texts(safety.stop) },
    { kind: "heading", text: t("How long") },
    { kind: "list", items: texts(safety.dose) },
  ];
}

/** How far a picture of a trigger point can be trusted at all. */
function caveats(point: TriggerPoint, { evidence }: Safety): string[] {
  return [point.zone_source.text, ...evidence.slice(0, 2).map(({ text }) => text)];
}

/** Whose work the pictures and words are, and on what terms. */
function credits({ t, sources, catalogue }: Wanted): string[] {
  const geometry = Object.values(sources).map(({ title, creators, license, url, notice }) =>
    sentences(`${t("Pictures:")} ${title}, ${creators}, ${license}${url ? ` (${url})` : ""}`, notice ?? ""),
  );
  const words = catalogue.credits
    .filter(({ id }) => id === "annotations")
    .map(({ text, license }) => sentences(`${t("Words:")} ${text}, ${license}`));
  return [...geometry, ...words];
}

const sentences = (...parts: readonly string[]) =>
  parts
    .filter(Boolean)
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(" ");
