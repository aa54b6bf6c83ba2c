// What stands over each of two bodies: which it is, on what terms, and what of it is selected.
import type { Anatomy } from "../../atlas/anatomy";
import { Outside } from "../controls";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { brief, licenceName, makingsOf, sourcesOf, structureWords } from "./words";

interface CaptionProps {
  session: Session;
  anatomy: Anatomy;
  title: string;
  /** Its number, as in the table. */
  which: "first" | "second";
  onEnd?: () => void;
}

export function Caption({ session, anatomy, title, which, onEnd }: CaptionProps) {
  const { t } = session;
  const { selected } = useSignal(session.scene);
  return (
    <section
      class={`panel compare-pick body-caption ${which}`}
      aria-label={which === "first" ? t("The first body") : t("The second body")}
    >
      <h2 title={title}>
        <span class={`body-key ${which}`} aria-hidden="true">
          {which === "first" ? 1 : 2}
        </span>
        {brief(title)}
      </h2>
      {onEnd && (
        <button type="button" class="card-close" aria-label={t("End the comparison")} onClick={onEnd}>
          <Icon name="close" />
        </button>
      )}
      <p>
        <Licences anatomy={anatomy} /> · {makingsOf(anatomy, t)}
      </p>
      {selected && <p class="body-selected">{structureWords(selected, anatomy)}</p>}
    </section>
  );
}

/** The terms of its geometry, by name; who says so is in the panel. */
function Licences({ anatomy }: { anatomy: Anatomy }) {
  const known = new Map(sourcesOf(anatomy).map((one) => [licenceName(one.license), one.license_url]));
  return (
    <>
      {[...known].map(([name, url], i) => (
        <span key={name}>
          {i > 0 && ", "}
          {url ? <Outside href={url}>{name}</Outside> : name}
        </span>
      ))}
    </>
  );
}
