// The letters that a PDF's own fonts can write: Latin-1 and a few more (Windows code page 1252).
const MORE = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

const INSTEAD: Readonly<Record<string, string>> = {
  "\u2212": "–",
  "\u2010": "-",
  "\u2011": "-",
  "\u2015": "—",
  "≤": "at most ",
  "≥": "at least ",
  "→": "to",
  κ: "kappa",
  Ł: "L",
  ł: "l",
  đ: "d",
  Đ: "D",
  ı: "i",
};

const written = (letter: string) => /[\n\x20-\x7e\xa1-\xff]/.test(letter) || MORE.includes(letter);

function instead(letter: string): string | null {
  if (written(letter)) return letter;
  if (/[\s\u00a0\u2000-\u200a\u202f]/u.test(letter)) return " ";
  if (/[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]/u.test(letter)) return "";
  const other = INSTEAD[letter] ?? letter.normalize("NFKD").replace(/\p{M}/gu, "");
  return [...other].every(written) && other ? other : null;
}

/** The text in letters that the fonts have: typographic signs as they are, others by what comes nearest. */
export function writable(text: string): string {
  return [...text.normalize("NFC")].map((letter) => instead(letter) ?? "?").join("");
}

/** Whether nothing of the text would be lost. */
export function canWrite(text: string): boolean {
  return [...text.normalize("NFC")].every((letter) => instead(letter) !== null);
}
