// Generated from annotations.lesson.LessonsDocument by `python -m viewer.schema`; change the model, not this file.

export type JsonValue = unknown;

/**
 * All lessons as the page gets them: each step's scene is whole.
 */
export interface LessonsDocument {
  version: 1;
  lessons: Lesson[];
}
/**
 * One file of `lessons/`: `variants`.
 */
export interface Lesson {
  /**
   * Also the file's name.
   */
  id: string;
  title: string;
  /**
   * One or two sentences for the list: what one will be able to tell.
   */
  summary: string;
  /**
   * @minItems 1
   */
  audience: ("students" | "therapists" | "educators")[];
  /**
   * How long it takes, about.
   */
  minutes: number;
  /**
   * Its place in the list; equal ones go by title.
   */
  order: number;
  /**
   * The clinician who checked it; null: unreviewed, and shown as such.
   */
  reviewed_by: string | null;
  /**
   * @minItems 1
   * @maxItems 24
   */
  steps: Step[];
}
/**
 * One idea and its picture.
 */
export interface Step {
  title: string;
  /**
   * Two to five sentences, with links to structures and stressed words.
   */
  text: string;
  /**
   * The same in plain words, to be said to a client.
   */
  client: string | null;
  /**
   * A hint for whoever teaches it to a class.
   */
  teacher: string | null;
  /**
   * The claims, with their sources.
   */
  statements: Statement[];
  /**
   * A scene; what it leaves out is default.
   */
  scene: {
    [k: string]: JsonValue;
  };
  question: Question | null;
}
/**
 * One claim, and how far it can be trusted.
 */
export interface Statement {
  /**
   * The claim, in the terms of the field.
   */
  text: string;
  /**
   * Keys of the references that say so.
   *
   * @minItems 1
   */
  sources: string[];
  /**
   * Level of evidence.
   */
  evidence: "established_anatomy" | "pooled_prevalence" | "expert_convention" | "contested" | "case_reports";
  /**
   * verified: read in the source; recalled: from a canonical reference that was not opened; derived: this project's own reading; unverified: uncertain, or sources conflict.
   */
  mark: "verified" | "recalled" | "derived" | "unverified";
}
/**
 * Something to think about: answers to choose from, or a structure to find in the picture.
 */
export interface Question {
  prompt: string;
  /**
   * Two to five answers, one of them right.
   */
  choices: Choice[];
  /**
   * Structure to be pressed in the picture, instead of choices.
   */
  find: string | null;
  explanation: Statement1;
}
/**
 * One answer to choose from.
 */
export interface Choice {
  text: string;
  /**
   * Whether it is the right one; exactly one is.
   */
  right: boolean;
  /**
   * What is said kindly to whoever chooses it.
   */
  why: string | null;
}
/**
 * One claim, and how far it can be trusted.
 */
export interface Statement1 {
  /**
   * The claim, in the terms of the field.
   */
  text: string;
  /**
   * Keys of the references that say so.
   *
   * @minItems 1
   */
  sources: string[];
  /**
   * Level of evidence.
   */
  evidence: "established_anatomy" | "pooled_prevalence" | "expert_convention" | "contested" | "case_reports";
  /**
   * verified: read in the source; recalled: from a canonical reference that was not opened; derived: this project's own reading; unverified: uncertain, or sources conflict.
   */
  mark: "verified" | "recalled" | "derived" | "unverified";
}
