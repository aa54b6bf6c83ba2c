// The texts of lessons: words, stressed words, and structures that can be shown.

export type Piece =
  | { readonly kind: "words" | "em" | "strong"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly target: string };

const MARKS = /\[([^[\]]+)\]\(([^()\s]*)\)|\*\*([^*]+)\*\*|\*([^*]+)\*/g;

/** `*once* [piriformis](piriformis.right)` in its pieces. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, name, target, strong, em] = match;
    if (match.index > end) found.push({ kind: "words", text: text.slice(end, match.index) });
    if (name !== undefined && target !== undefined) found.push({ kind: "link", text: name, target });
    else if (strong !== undefined) found.push({ kind: "strong", text: strong });
    else found.push({ kind: "em", text: em ?? "" });
    end = match.index + whole.length;
  }
  if (end < text.length) found.push({ kind: "words", text: text.slice(end) });
  return found;
}

/** What one reads or hears of it. */
export const asRead = (text: string): string =>
  pieces(text)
    .map((piece) => piece.text)
    .join("");
