// A lesson that is being written: kept on this device until it is thrown away, and written as a file that anyone can play.
import { dump, load } from "js-yaml";
import type { Lesson, Step } from "../../../generated/lessons";
import { DEFAULT_SCENE, type Scene } from "../../../generated/scene";
import { difference } from "../../../scene/link";
import { readScene } from "../../../scene/scene";

export type Question = NonNullable<Step["question"]>;

export interface DraftStep {
  /** Stays the same while it is moved and edited. */
  readonly key: number;
  readonly title: string;
  readonly text: string;
  readonly scene: Readonly<Record<string, unknown>>;
  readonly question: Question | null;
  /** What the panel does not edit, such as words for a client: it is kept as it was read. */
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface Draft {
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly steps: readonly DraftStep[];
  readonly rest: Readonly<Record<string, unknown>>;
}

export const EMPTY: Draft = { title: "", summary: "", minutes: 5, steps: [], rest: {} };
export const LONGEST_TITLE = 70;
export const LONGEST_TEXT = 640;

/** What of a scene is its reader's own and goes into no lesson. */
const THEIRS: readonly (keyof Scene)[] = [
  "version",
  "atlas",
  "theme",
  "language",
  "names",
  "consult",
  "lesson",
];

/** What differs from the default, without what is the reader's. */
export function sceneOfStep(scene: Scene): Record<string, unknown> {
  const short: Record<string, unknown> = { ...difference(scene) };
  for (const field of THEIRS) delete short[field];
  return short;
}

export const wholeScene = (scene: Readonly<Record<string, unknown>>): Scene =>
  readScene({ ...DEFAULT_SCENE, ...scene });

/** A paragraph: one line, no blanks around it. */
export const paragraph = (text: string): string => text.replace(/\s+/g, " ").trim();

/** `What lies deep` → `what_lies_deep`. */
export function idOf(title: string): string {
  const id = title
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
  return id || "my_lesson";
}

/** What keeps a draft from being a lesson: the place it is at (-1: the whole), and which field. */
export interface Gap {
  readonly place: number;
  readonly field: "title" | "summary" | "steps" | "text" | "question" | "choice" | "explanation";
}

export function gaps(draft: Draft): Gap[] {
  const found: Gap[] = [];
  if (!paragraph(draft.title)) found.push({ place: -1, field: "title" });
  if (!paragraph(draft.summary)) found.push({ place: -1, field: "summary" });
  if (!draft.steps.length) found.push({ place: -1, field: "steps" });
  for (const [place, { title, text, question }] of draft.steps.entries()) {
    if (!paragraph(title)) found.push({ place, field: "title" });
    if (!paragraph(text)) found.push({ place, field: "text" });
    if (!question) continue;
    if (!paragraph(question.prompt)) found.push({ place, field: "question" });
    if (!paragraph(question.explanation.text)) found.push({ place, field: "explanation" });
    const texts = question.choices.map((choice) => paragraph(choice.text));
    const sound =
      question.find !== null ||
      (texts.length >= 2 && texts.every(Boolean) && new Set(texts).size === texts.length);
    if (!sound) found.push({ place, field: "choice" });
  }
  return found;
}

function written(question: Question): Record<string, unknown> {
  const { prompt, choices, find, explanation } = question;
  const asked =
    find !== null
      ? { find }
      : {
          choices: choices.map(({ text, right, why }) => ({
            text: paragraph(text),
            ...(right ? { right } : {}),
            ...(why && paragraph(why) ? { why: paragraph(why) } : {}),
          })),
        };
  return {
    prompt: paragraph(prompt),
    ...asked,
    explanation: { ...explanation, text: paragraph(explanation.text) },
  };
}

/** The lesson as a document with only what was said. */
export function documentOf(draft: Draft): Record<string, unknown> {
  return {
    id: idOf(draft.title),
    title: paragraph(draft.title),
    summary: paragraph(draft.summary),
    audience: ["educators"],
    minutes: draft.minutes,
    reviewed_by: null,
    ...draft.rest,
    steps: draft.steps.map(({ title, text, scene, question, rest }) => ({
      title: paragraph(title),
      text: paragraph(text),
      ...rest,
      scene,
      ...(question ? { question: written(question) } : {}),
    })),
  };
}

/** The file to give away. */
export const yamlOf = (draft: Draft): string =>
  `# A lesson for Ischia. Check it:  ischia lesson check FILE    Play it:  ischia view --lesson FILE\n${dump(
    documentOf(draft),
    { lineWidth: 112, noRefs: true },
  )}`;

/** The lesson as it is played; texts that are missing are blank. */
export function lessonOf(draft: Draft): Lesson {
  const step = ({ title, text, scene, question, rest }: DraftStep): Step => ({
    client: null,
    teacher: null,
    statements: [],
    ...rest,
    title: title || "…",
    text: paragraph(text),
    scene: wholeScene(scene) as unknown as Step["scene"],
    question,
  });
  return {
    audience: ["educators"],
    order: 100,
    reviewed_by: null,
    ...draft.rest,
    id: idOf(draft.title),
    title: draft.title || "…",
    summary: paragraph(draft.summary),
    minutes: draft.minutes,
    steps: draft.steps.map(step),
  } as Lesson;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

function questionIn(value: unknown): Question | null {
  if (!isObject(value)) return null;
  const claim = isObject(value.explanation) ? value.explanation : {};
  const choices = Array.isArray(value.choices) ? value.choices.filter(isObject) : [];
  return {
    prompt: textIn(value.prompt),
    find: typeof value.find === "string" ? value.find : null,
    choices: choices.map((choice) => ({
      text: textIn(choice.text),
      right: choice.right === true,
      why: textIn(choice.why) || null,
    })),
    explanation: {
      text: textIn(claim.text),
      sources: Array.isArray(claim.sources) ? claim.sources.map(textIn) : [],
      evidence: (textIn(claim.evidence) || "established_anatomy") as Question["explanation"]["evidence"],
      mark: (textIn(claim.mark) || "recalled") as Question["explanation"]["mark"],
    },
  };
}

/** A draft from a lesson file, YAML or JSON. Throws an Error for people if it is none, SceneError for a faulty scene. */
export function draftFrom(text: string, notALesson: string): Draft {
  let content: unknown;
  try {
    content = load(text);
  } catch (error) {
    throw new Error(`${notALesson} ${(error as Error).message.split("\n")[0]}`);
  }
  if (!isObject(content) || !Array.isArray(content.steps)) throw new Error(notALesson);
  const { id: _id, title, summary, minutes, steps: listed, ...rest } = content;
  const steps = (listed as unknown[]).filter(isObject).map((step, key): DraftStep => {
    const { title: heading, text: words, scene, question, ...others } = step;
    const own = isObject(scene) ? scene : {};
    wholeScene(own);
    return {
      key,
      title: textIn(heading),
      text: textIn(words),
      scene: own,
      question: questionIn(question),
      rest: others,
    };
  });
  return {
    title: textIn(title),
    summary: textIn(summary),
    minutes: typeof minutes === "number" ? minutes : 5,
    steps,
    rest,
  };
}
