// What the surfaces on screen measure, each number beside what was published of living and dead bodies.

import type { Anatomy, Side } from "../../atlas/anatomy";
import {
  MEASURES,
  type MeasureRow,
  measured,
  type Published,
  publishedFor,
  publishedText,
} from "../../atlas/measures";
import { sourceName } from "../../atlas/variants";
import { phrase } from "../../language/translate";
import { Outside } from "../controls";
import { growthWords } from "../growth";
import type { Session } from "../session";
import { useSignal } from "../signal";

interface NumbersProps {
  session: Session;
  /** `piriformis` or `sciatic_nerve`. */
  structure: string;
  side: Side;
  /** Say whose numbers they are; on its own card that is plain. */
  titled?: boolean;
}

export function Numbers({ session, structure, side, titled }: NumbersProps) {
  const scene = useSignal(session.scene);
  const growth = useSignal(session.growth);
  const { anatomy, t } = session;
  const variant = anatomy.variant(scene.variant[side]);
  const found = anatomy.measures(side, scene.variant[side]);
  const rows = MEASURES[structure];
  if (!rows || !variant) return null;
  if (!found) {
    const words = growthWords(growth, t);
    return words ? <p class="aside">{t("The numbers: {words}.", { words })}</p> : null;
  }
  return (
    <section class="card-section numbers">
      <h3>
        {titled ? anatomy.title(structure, scene.names).short : t("Measured")},{" "}
        {side === "right" ? t("right side") : t("left side")}: {variant.short}
      </h3>
      <dl>
        {rows.map((row) => {
          const value = row.value(found);
          return (
            <div key={row.id} class="number">
              <dt>{t.of(row.label)}</dt>
              <dd>{value === null ? t("not met") : measured(value, row.unit, t)}</dd>
              {publishedFor(row, structure, anatomy.catalogue.measures).map((one) => (
                <dd key={one.id} class="number-more">
                  <Beside one={one} value={value} row={row} anatomy={anatomy} />
                </dd>
              ))}
              <dd class="number-more">
                <small>{t.of(row.plain)}</small>
              </dd>
            </div>
          );
        })}
      </dl>
      <p class="aside">
        {scene.variant[side] === "A"
          ? t("Taken from the surfaces on screen, which are a model and not a person.")
          : t(
              "Figures were published of the usual arrangement; taken from the surfaces on screen, which are a model and not a person.",
            )}
      </p>
    </section>
  );
}

const MARK: Record<Published["mark"], string> = {
  verified: "",
  recalled: phrase("recalled"),
  derived: phrase("derived"),
  unverified: phrase("unverified"),
};

interface BesideProps {
  one: Published;
  value: number | string | null;
  row: MeasureRow;
  anatomy: Anatomy;
}

/** A published mean with its spread, and where the number here lies in it. */
function Beside({ one, value, row, anatomy }: BesideProps) {
  const { t } = anatomy;
  const reference = anatomy.catalogue.references[one.source];
  const name = sourceName(reference?.text ?? one.source);
  const factor = one.unit === "fraction" && row.unit === "%" ? 100 : 1;
  const off = typeof value === "number" && one.sd ? (value / factor - one.mean) / one.sd : null;
  return (
    <span class="published" data-far={off !== null && Math.abs(off) > 2 ? true : undefined}>
      {off !== null && <Spread off={off} />}
      <span>
        {t("published {value}", { value: publishedText(one, t) })}
        <small>
          {" "}
          {reference?.url ? <Outside href={reference.url}>{name}</Outside> : name}
          {one.n !== null && `, n = ${one.n}`}
          {one.followed && `, ${t("followed here")}`}
          {one.mark !== "verified" && ` · ${t.of(MARK[one.mark])}`}
        </small>
      </span>
    </span>
  );
}

/** Two standard deviations to either side, one of them filled, and a mark at the number here. */
function Spread({ off }: { off: number }) {
  const x = 24 + Math.max(-2.6, Math.min(2.6, off)) * 8;
  return (
    <svg class="spread" viewBox="0 0 48 12" width="48" height="12" aria-hidden="true">
      <path class="spread-two" d="M8 6h32" />
      <path class="spread-one" d="M16 6h16" />
      <path class="spread-here" d={`M${x} 1v10`} />
    </svg>
  );
}
