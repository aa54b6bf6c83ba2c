// The table of measures of two bodies: each number beside what was published, and the difference.
import { publishedText } from "../../atlas/measures";
import { sourceName } from "../../atlas/variants";
import { phrase, type Translate } from "../../language/translate";
import type { Session } from "../session";
import type { Group, Numbers, Place, Row } from "./rows";

const GROUPS: Record<Group["id"], string> = {
  bones: phrase("Bones"),
  nerve: phrase("Nerve and piriformis"),
  volumes: phrase("Volumes of muscles"),
};

const PLACES: Record<Place, string> = {
  right: phrase("Right"),
  left: phrase("Left"),
  midline: phrase("Across"),
};

interface TableProps {
  session: Session;
  group: Group;
  /** What the two bodies are called, shortly. */
  titles: readonly [string, string];
}

export function MeasureTable({ session, group, titles }: TableProps) {
  const { t } = session;
  return (
    <table class="bodies-table" data-group={group.id}>
      <caption>{t.of(GROUPS[group.id])}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">{t("Measure")}</span>
          </th>
          <th scope="col">
            <span class="unseen">{titles[0]}</span>
            <span class="body-key first" aria-hidden="true">
              1
            </span>
          </th>
          <th scope="col">
            <span class="unseen">{titles[1]}</span>
            <span class="body-key second" aria-hidden="true">
              2
            </span>
          </th>
          <th scope="col">{t("Difference")}</th>
        </tr>
      </thead>
      {group.rows.map((row) => (
        <Measure key={row.id} session={session} row={row} />
      ))}
    </table>
  );
}

function Measure({ session, row }: { session: Session; row: Row }) {
  const { t, anatomy } = session;
  return (
    <tbody data-measure={row.id}>
      <tr class="measure-name">
        <th scope="rowgroup" colSpan={4}>
          {row.name}
          {row.unit && <small class="unit"> {row.unit}</small>}
          {row.definition && <small class="definition">{row.definition}</small>}
          {row.published.map((one) => (
            <small key={one.id} class="definition">
              {t("published {value}", { value: publishedText(one, t) })},{" "}
              {sourceName(anatomy.catalogue.references[one.source]?.text ?? one.source)}
              {one.n !== null && `, n = ${one.n}`}
            </small>
          ))}
        </th>
      </tr>
      {row.numbers.map((numbers) => (
        <Line key={numbers.place} t={t} row={row} numbers={numbers} />
      ))}
    </tbody>
  );
}

function Line({ t, row, numbers: { place, first, second } }: { t: Translate; row: Row; numbers: Numbers }) {
  const decimals = decimalsOf(row);
  const shown = (value: number | null) =>
    value === null ? <span title={t("not known")}>–</span> : t.number(value, decimals);
  return (
    <tr data-place={place}>
      <th scope="row">{t.of(PLACES[place])}</th>
      <td>{shown(first)}</td>
      <td>{shown(second)}</td>
      <td>{first === null || second === null ? "" : signed(second - first, decimals, t)}</td>
    </tr>
  );
}

/** As many as the numbers of a row can bear. */
function decimalsOf({ unit, numbers }: Row): number {
  if (unit === "%") return 0;
  const largest = Math.max(...numbers.flatMap(({ first, second }) => [first ?? 0, second ?? 0]));
  return unit === "cm³" && largest >= 100 ? 0 : 1;
}

/** With its sign, and a minus of a plus's width; nothing is neither more nor less. */
function signed(value: number, decimals: number, t: Translate): string {
  const text = t.number(Math.abs(value), decimals);
  return Math.abs(value) < 0.5 / 10 ** decimals ? text : `${value > 0 ? "+" : "−"}${text}`;
}
