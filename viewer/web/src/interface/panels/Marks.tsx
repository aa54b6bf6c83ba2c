// What is written and painted on the body: labels, landmarks, attachment areas.
import { Choice, Switch } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";

const SCOPES = [
  ["none", "None"],
  ["selected", "Selected"],
  ["all", "All"],
] as const;

export function Labels({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const { anatomy } = session;
  return (
    <>
      <Choice
        legend="Labels"
        value={scene.labels}
        options={SCOPES}
        onChange={(labels) => session.dispatch({ type: "set", fields: { labels } })}
      />
      <Choice
        legend="Names"
        value={scene.names}
        options={[
          ["english", "English"],
          ["latin", "Latin"],
          ["both", "Both"],
        ]}
        onChange={(names) => session.dispatch({ type: "set", fields: { names } })}
      />
      {Object.keys(anatomy.atlas.landmarks).length > 0 && (
        <Switch
          label="Bony landmarks"
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
        legend="Attachment areas"
        value={scene.footprints}
        options={SCOPES}
        onChange={(footprints) => session.dispatch({ type: "set", fields: { footprints } })}
      />
      <ul class="legend">
        <li data-end="proximal">
          <span class="chip-sign" aria-hidden="true" /> Origin: red, striped
        </li>
        <li data-end="distal">
          <span class="chip-sign" aria-hidden="true" /> Insertion: blue, dotted
        </li>
      </ul>
    </>
  );
}
