// How often: the published series of a variant as a forest plot that is a table at the same time.
import type { Anatomy } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import {
  intervalOf,
  niceEnd,
  type Prevalence as Series,
  sourceName,
  type Variant,
} from "../../atlas/variants";
import { phrase, type Translate } from "../../language/translate";
import { Outside } from "../controls";
import { Statement } from "../Evidence";
import type { Session } from "../session";

export function Prevalence({ session, variant }: { session: Session; variant: Variant | undefined }) {
  const { anatomy, t } = session;
  const { any_variant: any, variant_notes: notes } = anatomy.catalogue;
  const [silent, ...more] = notes;
  return (
    <section class="prevalence" aria-label={t("How often")}>
      <h3>{t("How often")}</h3>
      {variant && <Forest title={capital(variant.short)} series={variant.prevalence} anatomy={anatomy} />}
      <Forest title={t("Any but the usual arrangement")} series={any} anatomy={anatomy} />
      <p class="forest-key">
        <Mark x={50} pooled /> {t("pooled value")} <Mark x={50} /> {t("single series")} <Mark x={50} faint />{" "}
        {t("recalled, not read again.")}{" "}
        {t(
          "Lines are 95 % intervals: as published for pooled values, worked out here from n (Wilson) for single series. Series differ widely; read each with its population.",
        )}
      </p>
      {silent && <p class="forest-silent">{silent.text}</p>}
      {more.map((claim) => (
        <Statement key={claim.text} claim={claim} anatomy={anatomy} />
      ))}
    </section>
  );
}

interface ForestProps {
  title: string;
  series: readonly Series[];
  anatomy: Anatomy;
}

function Forest({ title, series, anatomy }: ForestProps) {
  if (!series.length)
    return <p class="aside">{anatomy.t("{title}: no figure was found in the sources read.", { title })}</p>;
  const end = niceEnd(Math.max(...series.map((one) => intervalOf(one)?.[1] ?? one.percent)));
  return (
    <table class="forest">
      <caption>{title}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">{anatomy.t("Source and population")}</th>
          <th scope="col">{anatomy.t("Percent, with 95 % interval")}</th>
        </tr>
      </thead>
      <tbody>
        {series.map((one) => (
          <Row key={`${one.source}${one.population}`} one={one} end={end} anatomy={anatomy} />
        ))}
      </tbody>
      <tfoot aria-hidden="true">
        <tr>
          <td colSpan={2}>
            <div class="forest-axis">
              {[0, end / 2, end].map((tick) => (
                <span key={tick}>{tick} %</span>
              ))}
            </div>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

/** With as many decimals as it has, two at most below 1. */
const figure = (percent: number, t: Translate) => {
  const short = Number(percent.toFixed(percent < 1 ? 2 : 1));
  return t.number(short, String(short).split(".")[1]?.length ?? 0);
};

const UNITS: Record<Series["unit"], string> = {
  limbs: phrase("{n} limbs"),
  hips: phrase("{n} hips"),
  cadavers: phrase("{n} cadavers"),
  studies: phrase("{n} studies"),
  examinations: phrase("{n} examinations"),
};

function Row({ one, end, anatomy }: { one: Series; end: number; anatomy: Anatomy }) {
  const { t } = anatomy;
  const reference = anatomy.catalogue.references[one.source];
  const interval = intervalOf(one);
  const name = sourceName(reference?.text ?? one.source);
  return (
    <tr data-pooled={one.pooled || undefined}>
      <th scope="row">
        {reference?.url ? (
          <Outside href={reference.url}>{name}</Outside>
        ) : (
          <span title={reference?.text}>{name}</span>
        )}
        <small>
          {one.population}
          {one.n !== null && `, ${t.of(UNITS[one.unit], { n: t.number(one.n) })}`}
          {one.mark === "recalled" && ` · ${t("recalled")}`}
        </small>
      </th>
      <td>
        <span class="forest-value">
          {figure(one.percent, t)} %
          {interval && (
            <small>
              {" "}
              ({figure(interval[0], t)}–{figure(interval[1], t)})
            </small>
          )}
        </span>
        <Plot one={one} end={end} interval={interval} />
      </td>
    </tr>
  );
}

function Plot({
  one,
  end,
  interval,
}: {
  one: Series;
  end: number;
  interval: readonly [number, number] | null;
}) {
  const at = (percent: number) => (Math.min(percent, end) / end) * 100;
  return (
    <svg class="forest-plot" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <path class="forest-line" d="M0 6H100" />
      {interval && <path class="forest-interval" d={`M${at(interval[0])} 6H${at(interval[1])}`} />}
      <Point x={at(one.percent)} pooled={one.pooled} faint={one.mark === "recalled"} />
    </svg>
  );
}

/** Drawn in a stretched picture: a stroke that does not scale keeps its form. */
function Point({ x, pooled, faint }: { x: number; pooled?: boolean; faint?: boolean }) {
  return (
    <path
      class="forest-point"
      data-pooled={pooled || undefined}
      data-faint={faint || undefined}
      d={`M${x} 6h.001`}
    />
  );
}

function Mark(props: { x: number; pooled?: boolean; faint?: boolean }) {
  return (
    <svg class="forest-mark" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <Point {...props} />
    </svg>
  );
}
