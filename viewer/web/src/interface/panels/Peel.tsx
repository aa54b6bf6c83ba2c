// The peel: from the outermost layer of this body down to bone.
import type { LayerStep } from "../../atlas/anatomy";
import { phrase, type Translate } from "../../language/translate";
import { peelDepth, setPeel } from "../actions";
import { Range } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";

/** Names as short as their steps: "Superficial muscles and fascia" is "Superficial" there. */
const SHORT: Readonly<Record<string, string>> = {
  skin: phrase("Skin"),
  superficial: phrase("Superficial"),
  middle: phrase("Middle"),
  deep: phrase("Deep"),
  nerves: phrase("Nerves"),
  ligaments: phrase("Ligaments"),
  bones: phrase("Bones"),
};

const shortLayer = ({ id, name }: LayerStep, t: Translate) => (SHORT[id] ? t.of(SHORT[id]) : name);

export function Peel({ session, vertical }: { session: Session; vertical?: boolean }) {
  const { layers } = session.anatomy;
  const { isolated } = useSignal(session.scene);
  const depth = peelDepth(session);
  const set = (value: number) => setPeel(session, value);
  if (layers.length < 2) return null;
  return (
    <div class={vertical ? "peel vertical" : "peel"} data-off={isolated.length ? true : undefined}>
      <Range
        label={session.t("Peel")}
        value={depth}
        min={0}
        max={layers.length - 1}
        text={session.t("Down to {layer}", { layer: session.t.within(layers[depth]?.name ?? "") })}
        onInput={set}
      />
      {/* The steps serve eyes and pointers; the slider above says the same to everyone else. */}
      <div class="peel-steps" aria-hidden="true">
        {layers.map((layer, i) => (
          <button
            key={layer.id}
            type="button"
            tabIndex={-1}
            data-off={i < depth || undefined}
            data-here={i === depth || undefined}
            onClick={() => set(i)}
          >
            <span>{vertical ? layer.name : shortLayer(layer, session.t)}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
