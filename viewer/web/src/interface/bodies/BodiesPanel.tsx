// The panel of the comparison: which bodies, how they are shown, what they measure, what one of them lacks.
import { useEffect, useId } from "preact/hooks";
import { Choice, Outside, Range } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { sceneFor } from "./look";
import { type Measuring, type Other, otherOf } from "./other";
import { groupsOf, lackedBy } from "./rows";
import { MeasureTable } from "./Table";
import { brief, sourcesOf } from "./words";

export function BodiesPanel({ session }: { session: Session }) {
  const { beside } = useSignal(session.scene);
  const other = useSignal(otherOf(session));
  const offered = Object.keys(session.bodies);
  useEffect(() => {
    const [only, ...more] = offered;
    if (!session.store.scene.beside && only !== undefined && !more.length) choose(session, only);
  }, [session]);
  return (
    <div class="bodies">
      <section class="measure">
        <Chooser session={session} />
        {beside && (
          <Choice<"side_by_side" | "overlaid">
            legend={session.t("How they are shown")}
            value={beside.how}
            options={[
              ["side_by_side", session.t("Side by side")],
              ["overlaid", session.t("Overlaid")],
            ]}
            onChange={(how) => session.dispatch({ type: "set", fields: { beside: { ...beside, how } } })}
          />
        )}
        {beside?.how === "overlaid" && (
          <Range
            label={session.t("Opacity of the second body")}
            value={Math.round(beside.opacity * 100)}
            min={0}
            max={100}
            step={5}
            text={`${Math.round(beside.opacity * 100)} %`}
            onInput={(value) =>
              session.dispatch(
                { type: "set", fields: { beside: { ...beside, opacity: value / 100 } } },
                "beside.opacity",
              )
            }
          />
        )}
        {beside && (
          <p class="aside">
            {session.t(
              "Both stand in one frame at one scale: the origin lies midway between the centres of their femoral heads. What is hidden, peeled, isolated or cut in the first body is so in the second.",
            )}
          </p>
        )}
      </section>
      {other && <Compared session={session} other={other} />}
    </div>
  );
}

function choose(session: Session, atlas: string | null): void {
  const before = session.store.scene.beside;
  const beside = atlas === null ? null : { how: "side_by_side" as const, opacity: 0.5, ...before, atlas };
  session.dispatch({ type: "set", fields: { beside, compare: null } });
}

function Chooser({ session }: { session: Session }) {
  const { beside } = useSignal(session.scene);
  const id = useId();
  const { t, bodies } = session;
  return (
    <label class="body-chooser" for={id}>
      <span>{t("Second body")}</span>
      <select
        id={id}
        value={beside?.atlas ?? ""}
        onChange={(event) => choose(session, event.currentTarget.value || null)}
      >
        <option value="">{t("None")}</option>
        {Object.entries(bodies).map(([name, { title }]) => (
          <option key={name} value={name}>
            {t.of(title)}
          </option>
        ))}
        {beside && !(beside.atlas in bodies) && <option value={beside.atlas}>{beside.atlas}</option>}
      </select>
    </label>
  );
}

function Compared({ session, other }: { session: Session; other: Other }) {
  const opening = useSignal(other.opening);
  const measuring = useSignal(other.measuring);
  const scene = useSignal(session.scene);
  const first = useSignal(session.body);
  const { t } = session;
  if (opening.state !== "ready")
    return (
      <p class="aside bodies-state" role="status">
        {opening.state === "failed" ? t.of(opening.message) : t("One moment …")}
      </p>
    );
  const second = opening.anatomy;
  const theirs = sceneFor(scene, first, second);
  const titles = [brief(t.of(first.atlas.title)), brief(other.title)] as const;
  const groups = groupsOf(
    first,
    second,
    measuring.state === "ready" ? measuring.comparison : null,
    (body, side) => (body === first ? scene : theirs).variant[side],
  );
  return (
    <>
      <section class="card-section" aria-label={t("Measures of both bodies")}>
        <dl class="body-keys">
          {titles.map((title, i) => (
            <div key={title}>
              <dt class={`body-key ${i ? "second" : "first"}`}>{i + 1}</dt>
              <dd>{title}</dd>
            </div>
          ))}
        </dl>
        <Told session={session} other={other} measuring={measuring} />
        {groups.map((group) => (
          <MeasureTable key={group.id} session={session} group={group} titles={titles} />
        ))}
        {!groups.some(({ id }) => id === "nerve") && (
          <p class="aside">
            {t(
              "Nerve and piriformis stand here once both bodies have been measured there: not all have a nerve.",
            )}
          </p>
        )}
        <p class="aside">
          {t("The difference is the second body less the first. Each is a model or one person, and no norm.")}
        </p>
      </section>
      <Lacking session={session} title={titles[0]} names={lackedBy(first, second)} />
      <Lacking session={session} title={titles[1]} names={lackedBy(second, first)} />
      <section class="card-section">
        <h3>{t("Who made them")}</h3>
        {[first, second].map((body, i) => (
          <ul key={i ? "second" : "first"} class="body-sources" aria-label={titles[i]}>
            {sourcesOf(body).map((source) => (
              <li key={source.title}>
                {source.url ? <Outside href={source.url}>{source.title}</Outside> : source.title}.{" "}
                {source.creators}.{" "}
                {source.license_url ? (
                  <Outside href={source.license_url}>{source.license}</Outside>
                ) : (
                  source.license
                )}
              </li>
            ))}
          </ul>
        ))}
      </section>
    </>
  );
}

/** How it stands with the bones' measures, and whose landmarks they rest on. */
function Told({ session, other, measuring }: { session: Session; other: Other; measuring: Measuring }) {
  const { t } = session;
  if (measuring.state === "measuring")
    return (
      <p class="aside" role="status">
        {t("The bones are being measured …")}
      </p>
    );
  if (measuring.state === "failed")
    return (
      <p class="aside" role="alert">
        {t.of(measuring.message)}{" "}
        <button type="button" class="text-toggle" onClick={() => void other.measure()}>
          {t("Try again")}
        </button>
      </p>
    );
  if (measuring.state !== "ready") return null;
  const found = [measuring.comparison.first, measuring.comparison.second].filter((body) => body.found);
  if (!found.length) return null;
  const names = t.list(found.map(({ title }) => brief(t.of(title))));
  return <p class="aside">{t("Landmarks of {names} were found on its bones by their shape.", { names })}</p>;
}

function Lacking({ session, title, names }: { session: Session; title: string; names: readonly string[] }) {
  const { anatomy, t } = session;
  if (!names.length) return null;
  const list = names
    .map((name) => anatomy.title(name, "english").short)
    .sort((a, b) => a.localeCompare(b, t.code));
  return (
    <details class="card-section body-lacks">
      <summary>
        {t.n(names.length, "{title} lacks {n} structure", "{title} lacks {n} structures", { title })}
      </summary>
      <ul>
        {list.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </details>
  );
}
