// What is written and painted on the body: labels, landmarks, attachment areas.
import type { Translate } from "../../language/translate";
import { Choice, Switch } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";

const scopes = (t: Translate) =>
  [
    ["none", t("None")],
    ["selected", t("Selected")],
    ["all", t("All")],
  ] as const;

export function Labels({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const { anatomy } = session;
  return (
    <>
      <Choice
        legend={session.t("Labels")}
        value={scene.labels}
        options={scopes(session.t)}
        onChange={(labels) => session.dispatch({ type: "set", fields: { labels } })}
      />
      <Choice
        legend={session.t("Names")}
        value={scene.names}
        options={[
          ["english", anatomy.languages.find(({ code }) => code === session.t.code)?.name ?? "English"],
          ["latin", session.t("Latin")],
          ["both", session.t("Both")],
        ]}
        onChange={(names) => session.dispatch({ type: "set", fields: { names } })}
      />
      {Object.keys(anatomy.atlas.landmarks).length > 0 && (
        <Switch
          label={session.t("Bony landmarks")}
          on={scene.landmarks}
          onChange={(landmarks) => session.dispatch({ type: "set", fields: { landmarks } })}
        />
      )}
    </>
  );
}

export function Footprints({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  return (
    <>
      <Choice
        legend={session.t("Attachment areas")}
        value={scene.footprints}
        options={scopes(session.t)}
        onChange={(footprints) => session.dispatch({ type: "set", fields: { footprints } })}
      />
      <ul class="legend">
        <li data-end="proximal">
          <span class="chip-sign" aria-hidden="true" /> {session.t("Origin: red, striped")}
        </li>
        <li data-end="distal">
          <span class="chip-sign" aria-hidden="true" /> {session.t("Insertion: blue, dotted")}
        </li>
      </ul>
    </>
  );
}
