// Small operations on the names of things.

/** Lower case without accents, with one blank between words: the form in which names are compared. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/æ/g, "ae")
    .replace(/œ/g, "oe")
    .replace(/ß/g, "ss")
    .replace(/[_\-–/.,()'’]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** First letter in upper case, the rest as it is. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `posterior_sacroiliac_ligament` as words. */
export function words(id: string): string {
  return id.replace(/_/g, " ");
}

/** Edits (insert, delete, replace, swap of neighbours) that lead from one text to the other; stops counting past `limit`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** Up to `count` of the candidates that are most like the given text, the likest first. */
export function nearest(text: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = fold(text);
  const ranked = [...new Set(candidates)]
    .map((candidate) => {
      const folded = fold(candidate);
      const inside = wanted.length > 2 && (folded.includes(wanted) || wanted.includes(folded));
      return {
        candidate,
        cost: inside ? 0.5 : editDistance(wanted, folded) / Math.max(wanted.length, folded.length, 1),
      };
    })
    .filter(({ cost }) => cost <= 0.5)
    .sort((a, b) => a.cost - b.cost || a.candidate.localeCompare(b.candidate));
  // Beside one that is nearly it, far ones would only confuse.
  const close = ranked.filter(({ cost }) => cost <= (ranked[0]?.cost ?? 0) + 0.25);
  return close.slice(0, count).map(({ candidate }) => candidate);
}

/** "a", "a or b", "a, b or c". */
export function either(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items[items.length - 1]}`;
}
