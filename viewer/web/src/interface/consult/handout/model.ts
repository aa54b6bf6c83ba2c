// A handout as a document: what stands on it and in which order, before anything is drawn.

/** A picture taken from the stage, as an address the page and the PDF can both read. */
export interface HandoutPicture {
  /** `data:image/jpeg;base64,…` */
  readonly address: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** From where it is seen: "From behind". */
  readonly caption: string;
  /** Whether a ball is in it. */
  readonly ball: boolean;
}

export type Tone = "emergency" | "urgent" | "calm";

/** A line that may begin with a few strong words. */
export interface Line {
  readonly lead?: string;
  readonly text: string;
  /** The English of a translation that nobody qualified has reviewed. */
  readonly english?: string;
}

export type Block =
  | { readonly kind: "lead"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly lines: readonly Line[] }
  | {
      readonly kind: "pictures";
      readonly pictures: readonly HandoutPicture[];
      readonly legend: string;
    }
  | { readonly kind: "list"; readonly items: readonly Line[] }
  /** Stands out by a bar and its title, not by colour alone. */
  | { readonly kind: "box"; readonly tone: Tone; readonly title: string; readonly items: readonly Line[] }
  | { readonly kind: "small"; readonly title: string; readonly lines: readonly string[] };

export interface Handout {
  /** Code of its language. */
  readonly language: string;
  readonly title: string;
  readonly subtitle: string;
  /** Whom it is for and when it was made; empty where neither is wanted. */
  readonly about: readonly Line[];
  readonly blocks: readonly Block[];
  /** At the foot of every page. */
  readonly footer: string;
}

/** Sizes of paper, mm. */
export const PAPERS = { a4: [210, 297], letter: [215.9, 279.4] } as const;
export type Paper = keyof typeof PAPERS;
