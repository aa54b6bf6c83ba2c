// A lesson's text: the structures that it names are buttons that show where they are.
import type { Session } from "../session";
import { pieces } from "./text";

/** How long a structure lights up when it is named, ms. */
const FLASH_MS = 1400;

/** Selects a structure, brings it into sight, and lets it light up for a moment. */
export function pointAt(session: Session, name: string): void {
  const { anatomy } = session;
  const members = anatomy.seenAs(name);
  session.dispatch({ type: "show", names: members });
  session.select(name);
  light(session, name);
  setTimeout(() => members.includes(session.hovered.value ?? "") && session.hovered.set(null), FLASH_MS);
}

function light(session: Session, name: string | null): void {
  session.hovered.set(name === null ? null : (session.anatomy.seenAs(name)[0] ?? null));
}

export function RichText({ session, text }: { session: Session; text: string }) {
  const parts = pieces(text);
  return (
    <>
      {parts.map((piece, place) => {
        const key = `${place} ${piece.text}`;
        if (piece.kind === "words") return piece.text;
        if (piece.kind !== "link")
          return piece.kind === "em" ? (
            <em key={key}>{piece.text}</em>
          ) : (
            <strong key={key}>{piece.text}</strong>
          );
        return (
          <button
            key={key}
            type="button"
            class="lesson-link"
            data-structure={piece.target}
            onClick={() => pointAt(session, piece.target)}
            onFocus={() => light(session, piece.target)}
            onBlur={() => light(session, null)}
            onPointerEnter={() => light(session, piece.target)}
            onPointerLeave={() => light(session, null)}
          >
            {piece.text}
          </button>
        );
      })}
    </>
  );
}
