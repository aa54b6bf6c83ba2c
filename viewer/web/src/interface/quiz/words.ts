// What is asked and answered, in words.
import { type Anatomy, type NameMode, splitId } from "../../atlas/anatomy";
import { phrase, plain } from "../../language/translate";
import type { Fact, Kind, Level, Outcome, Question } from "./model";

export const KIND_WORDS: Record<Kind, string> = {
  name: phrase("Name what is highlighted"),
  find: phrase("Find it in the picture"),
  nerve: phrase("Nerve supply"),
  attachment: phrase("Attachments"),
  variant: phrase("Nerve and piriformis"),
  point: phrase("Referred pain"),
};

export const LEVEL_WORDS: Record<Level, string> = {
  beginner: phrase("Beginner"),
  student: phrase("Student"),
  expert: phrase("Expert"),
};

export const LEVEL_HINTS: Record<Level, string> = {
  beginner: phrase("Three answers, well apart."),
  student: phrase("Four answers, mostly from the same region; all kinds of questions."),
  expert: phrase("The answers most alike; names are typed, in English or Latin too."),
};

export const LEAD_WORDS = {
  origin: phrase("Origin"),
  insertion: phrase("Insertion"),
} as const;

type Thing = Anatomy["catalogue"]["structures"][string]["kind"];

/** What is marked in the picture, told without its name. */
const THINGS: Record<Thing, string> = {
  bone: phrase("A bone; {where}."),
  muscle: phrase("A muscle; {where}."),
  ligament: phrase("A ligament; {where}."),
  nerve: phrase("A nerve; {where}."),
  fascia: phrase("A fascia; {where}."),
  membrane: phrase("A membrane; {where}."),
  tendon: phrase("A tendon; {where}."),
  joint: phrase("A joint; {where}."),
  disc: phrase("A disc; {where}."),
  skin: phrase("Skin; {where}."),
};

/** The question itself. */
export function asking({ fact }: Question, anatomy: Anatomy, names: NameMode): string {
  const { t } = anatomy;
  const name = nameOf(fact, anatomy, names);
  switch (fact.form) {
    case "name":
      return t("What is highlighted?");
    case "find":
      return t("Find: {name}", { name });
    case "nerve":
      return t("{name}: which nerve supplies this muscle?", { name });
    case "bone":
      return fact.end === "distal"
        ? t("{name}: on which bone is its insertion?", { name })
        : t("{name}: on which bone is its origin?", { name });
    case "landmark":
      return fact.end === "distal"
        ? t("{name}: at which landmark is its insertion?", { name })
        : t("{name}: at which landmark is its origin?", { name });
    case "whose":
      return t("Whose attachment areas are painted here?");
    case "variant":
      return t("How do the sciatic nerve and piriformis lie here?");
    case "usual":
      return t("How do the sciatic nerve and piriformis usually lie?");
    case "point":
      return t("Pain is stippled here. Which muscle has a trigger point that refers it?");
  }
}

/** How one answers, where that is not plain. */
export function how({ fact, typed }: Question, { t }: Anatomy): string {
  if (fact.form === "find") return t("Press on it in the picture. Either side counts.");
  if (fact.form === "whose") return t("Red is the origin, blue the insertion.");
  if (fact.form === "variant") return t("Turn the picture to look around.");
  return typed ? t("Type its name; Latin counts too.") : "";
}

export const nameOf = (fact: Fact, anatomy: Anatomy, names: NameMode): string =>
  anatomy.title(fact.about, names === "both" ? "english" : names).short;

/** What is marked in the picture, for those who do not see it: its kind, and what it joins; never its name. */
export function description(id: string, anatomy: Anatomy, names: NameMode): string {
  const { t } = anatomy;
  const card = anatomy.annotation(id);
  const [from, to] = (["proximal", "distal"] as const).map((end) => {
    const on = card?.attachments.find((attachment) => attachment.end === end)?.on[0];
    return on === undefined ? undefined : anatomy.title(on, names).short;
  });
  const layer = anatomy.catalogue.layers.find((one) => one.id === card?.layer)?.name;
  const side = splitId(id)[1];
  const where = [
    ...(side ? [side === "right" ? t("on the right") : t("on the left")] : []),
    ...(from && to ? [t("from: {from}; to: {to}", { from, to })] : []),
    ...(layer ? [t("layer: {layer}", { layer })] : []),
  ];
  return t.of(THINGS[card?.kind ?? "muscle"], { where: plain(where.join(", ")) });
}

/** What is said to an answer: kindly, and never of the person. */
export function verdict({ right, given }: Outcome, { fact }: Question, { t }: Anatomy): string {
  const answer = fact.right.text;
  if (right) return t("Right: {answer}.", { answer });
  if (given === null) return t("It is: {answer}.", { answer });
  if (fact.form === "find") return t("Not quite: that is {given}. Here it is: {answer}.", { given, answer });
  return t("Not quite. It is: {answer}.", { answer });
}
