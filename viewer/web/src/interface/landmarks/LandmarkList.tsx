// All landmarks of a set, bone by bone.
import { useState } from "preact/hooks";
import type { LandmarkEntry, LandmarkSheet } from "../../generated/landmarks";
import { Choice } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";
import type { Landmarks } from "./state";
import { Sign, told } from "./words";
import { isChecked, trustOf, type Work } from "./work";

type Shown = "all" | "open" | "doubtful";

interface Props {
  session: Session;
  state: Landmarks;
  sheet: LandmarkSheet;
}

export function LandmarkList({ session, state, sheet }: Props) {
  const { now } = useSignal(state.history);
  const [shown, setShown] = useState<Shown>("all");
  const { t } = session;
  const entries = sheet.landmarks;
  const checked = entries.filter(({ id }) => isChecked(now, id)).length;
  const rows = entries.filter((entry) => isShown(entry, now, shown));
  const bones = [...new Set(rows.map(({ bone }) => bone))];
  return (
    <div class="landmark-scroll">
      <p class="landmark-progress">
        <progress max={entries.length} value={checked} aria-label={t("Checked")} />
        <span>{t("{n} of {all} checked", { n: checked, all: entries.length })}</span>
      </p>
      <button type="button" class="primary wide" onClick={() => state.next()}>
        {t("Next unchecked")}
      </button>
      <Choice<Shown>
        legend={t("Show")}
        value={shown}
        options={[
          ["all", t("All")],
          ["open", t("Unchecked")],
          ["doubtful", t("Doubtful")],
        ]}
        onChange={setShown}
      />
      {rows.length === 0 && <p class="aside">{t("There is none like that.")}</p>}
      {bones.map((bone) => (
        <section key={bone} class="landmark-bone" aria-label={session.anatomy.title(bone, "english").full}>
          <h3>{session.anatomy.title(bone, session.store.scene.names).full}</h3>
          <ul>
            {rows
              .filter((entry) => entry.bone === bone)
              .map((entry) => (
                <Row key={entry.id} session={session} state={state} entry={entry} work={now} />
              ))}
          </ul>
        </section>
      ))}
      {Object.entries(sheet.refused).map(([bone, why]) => (
        <p key={bone} class="aside">
          {session.anatomy.title(bone, session.store.scene.names).full}: {why}
        </p>
      ))}
      <p class="aside">
        {sheet.kept
          ? t("They are kept with the set and used whenever something is made on its bones: {file}", {
              file: sheet.file,
            })
          : t(
              "Nothing can be written into this set’s folder from here: it is read-only, or not one of Ischia’s own. Download the file and put it there yourself: {file}",
              { file: sheet.file },
            )}
      </p>
    </div>
  );
}

function isShown(entry: LandmarkEntry, work: Work, shown: Shown): boolean {
  if (shown === "all") return true;
  if (isChecked(work, entry.id)) return false;
  return shown === "open" || ["fair", "poor"].includes(trustOf(entry, work));
}

function Row(props: { session: Session; state: Landmarks; entry: LandmarkEntry; work: Work }) {
  const { session, state, entry, work } = props;
  const checked = isChecked(work, entry.id);
  return (
    <li>
      <button
        type="button"
        class="landmark-row"
        data-landmark={entry.id}
        data-last={state.last === entry.id || undefined}
        onClick={() => void state.choose(entry.id)}
      >
        <Sign trust={trustOf(entry, work)} checked={checked} />
        <span>
          <strong>{state.name(entry.id)}</strong>
          <small>{told(entry, work, session.t)}</small>
        </span>
        {checked && <em>{session.t("checked")}</em>}
      </button>
    </li>
  );
}
