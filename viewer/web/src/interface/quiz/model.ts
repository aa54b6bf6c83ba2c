// What a quiz is made of: facts that can be asked, and questions that ask one of them.
import type { Side } from "../../atlas/anatomy";
import type { Statement } from "../../generated/catalogue";

export const LEVELS = ["beginner", "student", "expert"] as const;
export type Level = (typeof LEVELS)[number];

export const KINDS = ["name", "find", "nerve", "attachment", "variant", "point"] as const;
export type Kind = (typeof KINDS)[number];

export type End = "proximal" | "distal";

/** What the ends of a muscle are called. */
export const LEADS = { proximal: "origin", distal: "insertion" } as const;

/** Which sentence asks it. */
export type Form = "name" | "find" | "nerve" | "bone" | "landmark" | "whose" | "variant" | "usual" | "point";

/** Something that can be answered; two of the same key are the same answer. */
export interface Answer {
  readonly key: string;
  readonly text: string;
}

/** What stands behind an answer; `lead` says what the claim is about, where its text does not. */
export interface Reason {
  readonly lead: "origin" | "insertion" | null;
  readonly claim: Statement;
}

/** One thing that can be asked, with what is plausible and certainly wrong. */
export interface Fact {
  /** `nerve:gluteus_maximus`. */
  readonly id: string;
  readonly kind: Kind;
  readonly form: Form;
  /** Structure it is about, without a side; of a variant, piriformis. */
  readonly about: string;
  /** Groups of structures that it belongs to. */
  readonly regions: readonly string[];
  /** Lowest level at which it is asked. */
  readonly from: Level;
  readonly right: Answer;
  /** The most alike first. */
  readonly wrong: readonly Answer[];
  /** So many of the first of them are of the same kind of thing. */
  readonly alike: number;
  /** Never empty, and each names its sources. */
  readonly reasons: readonly Reason[];
  readonly end: End | null;
  /** Sides of the body on which it can be shown; empty for what lies in the middle. */
  readonly sides: readonly Side[];
}

/** A fact as it is asked now. */
export interface Question {
  readonly fact: Fact;
  readonly level: Level;
  readonly side: Side | null;
  /** Empty where one answers by typing or by pointing. */
  readonly choices: readonly Answer[];
  readonly typed: boolean;
}

/** How an answer was taken. */
export interface Outcome {
  readonly right: boolean;
  /** What was answered, in words; null where nothing was. */
  readonly given: string | null;
}

export const levelIndex = (level: Level): number => LEVELS.indexOf(level);
