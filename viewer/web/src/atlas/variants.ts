// The ways in which the sciatic nerve and piriformis lie together: what is said of them, and which come to which body.
import type { Catalogue } from "../generated/catalogue";
import type { Translate } from "../language/translate";
import { capital } from "./text";

export type Variant = Catalogue["variants"][string];
export type Passage = Variant["passes"]["tibial"];
export type Prevalence = Variant["prevalence"][number];

/** "common fibular through, tibial below" → "Common fibular through, tibial below", with the letter it has, if any. */
export const variantTitle = ({ short, letter }: Variant, t: Translate): string =>
  capital(letter ? t("{variant} (type {letter})", { variant: short, letter }) : short);

const whole = (percent: number, t: Translate) =>
  t.number(percent, percent < 1 && Math.round(percent * 10) % 10 ? 1 : 0);

/**
 * How often, in a few honest words: the pooled values if there are any, else the span of single series.
 * Percentages that rest on memory alone are said to be so elsewhere, by their mark.
 */
export function prevalenceWords(series: readonly Prevalence[], t: Translate): string {
  if (!series.length) return t("No figure found");
  const pooled = series.filter((one) => one.pooled);
  const used = pooled.length ? pooled : series;
  const low = Math.min(...used.map((one) => one.percent));
  const high = Math.max(...used.map((one) => one.percent));
  if (high < 1) return t("under 1 %");
  const [from, to] = [whole(low, t), whole(high, t)];
  const span = from === to ? t("about {percent} %", { percent: from }) : `${from}–${to} %`;
  const most = Math.max(...series.map((one) => one.percent));
  const outlier =
    pooled.length && most > 1.5 * high
      ? `, ${t("up to {percent} % in one series", { percent: whole(most, t) })}`
      : "";
  return `${span}${outlier}`;
}

/** 95 % interval of a series: as published, or Wilson's of one that counted limbs or people; null where n says nothing. */
export function intervalOf({ percent, low, high, n, unit, pooled }: Prevalence): [number, number] | null {
  if (low !== null && high !== null) return [low, high];
  if (pooled || n === null || unit === "studies") return null;
  const z = 1.96;
  const p = percent / 100;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, middle - half) * 100, Math.min(1, middle + half) * 100];
}

/** A round end of the axis that holds this many percent. */
export function niceEnd(percent: number): number {
  return [1, 2, 4, 10, 20, 40, 60, 80].find((end) => percent <= end) ?? 100;
}

/** Who found it and when, from the beginning of a reference: "Tomaszewski 2016", "Bergman RA and others". */
export function sourceName(reference: string): string {
  const head = reference.split(/ \(|\. /)[0] ?? reference;
  return head.match(/^.*?\b(?:19|20)\d\d\b/)?.[0] ?? head;
}
