// Texts about safety: a translation that nobody qualified has reviewed stands beside the English.
import { phrase, type Translate } from "./translate";

/** How far a translation can be trusted that nobody qualified has reviewed. */
export const UNREVIEWED = phrase(
  "Nobody qualified has reviewed this translation yet: the English stands beside it.",
);

/** The text, and its English below it where the translation is unreviewed. */
export function Safe({ t, text }: { t: Translate; text: string }) {
  const english = t.beside(text);
  if (english === null) return <>{text}</>;
  return (
    <>
      {text}
      <span class="beside" lang="en">
        {english}
      </span>
    </>
  );
}

/** Says once, over texts about safety, how far their translation can be trusted. */
export function Unreviewed({ t }: { t: Translate }) {
  if (!t.unreviewed) return null;
  return <p class="aside unreviewed">{t.of(UNREVIEWED)}</p>;
}
