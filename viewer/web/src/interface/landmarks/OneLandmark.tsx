// One landmark: what it is, how it is found, how sure that is, and what can be done to it.
import type { LandmarkEntry } from "../../generated/landmarks";
import { Statement } from "../Evidence";
import { Icon } from "../icons";
import type { Session } from "../session";
import { useSignal } from "../signal";
import type { Landmarks } from "./state";
import { STRIDE } from "./walk";
import { Sign, told } from "./words";
import { answersOf, isChecked, movedBy, trustOf } from "./work";

interface Props {
  session: Session;
  state: Landmarks;
  entry: LandmarkEntry;
}

export function OneLandmark({ session, state, entry }: Props) {
  const { now } = useSignal(state.history);
  const { anatomy, t } = session;
  const card = anatomy.catalogue.landmarks[entry.id.split(".")[0] ?? ""];
  const checked = isChecked(now, entry.id);
  return (
    <div class="landmark-scroll" data-landmark={entry.id}>
      <button type="button" class="back" onClick={() => void state.choose(null)}>
        <Icon name="chevron" /> {t("All landmarks")}
      </button>
      <div>
        <h3 class="landmark-name" tabIndex={-1}>
          {state.name(entry.id)}
        </h3>
        <p class="landmark-told">
          <Sign trust={trustOf(entry, now)} checked={checked} />
          <span>{told(entry, now, t)}</span>
        </p>
      </div>
      <div class="landmark-deeds">
        <label class="landmark-check">
          <input
            type="checkbox"
            checked={checked}
            onChange={(event) => state.tick(entry.id, event.currentTarget.checked)}
          />
          {t("Checked")}
        </label>
        <button type="button" class="primary" aria-keyshortcuts="N" onClick={() => state.next()}>
          {t("Next unchecked")}
        </button>
      </div>
      <Move session={session} state={state} entry={entry} moved={movedBy(entry, now) !== null} />
      {card && (
        <section class="card-section">
          <h3>{t("What it is")}</h3>
          <Statement claim={card.definition} anatomy={anatomy} />
        </section>
      )}
      {entry.finding && (
        <section class="card-section">
          <h3>{t("How to find it")}</h3>
          <Statement claim={entry.finding} anatomy={anatomy} />
        </section>
      )}
    </div>
  );
}

const WAYS = ["up", "left", "right", "down"] as const;
const STEPS = { up: [0, 1], left: [-1, 0], right: [1, 0], down: [0, -1] } as const;

/** Moving it without a pointer, and ways back. */
function Move({ session, state, entry, moved }: Props & { moved: boolean }) {
  const alone = useSignal(state.alone);
  const others = answersOf(entry);
  const { t } = session;
  const names = {
    up: t("Half a millimetre up"),
    left: t("Half a millimetre to the left"),
    right: t("Half a millimetre to the right"),
    down: t("Half a millimetre down"),
  };
  return (
    <section class="card-section landmark-move">
      <h3>{t("Move it")}</h3>
      <p class="aside">
        {t("Drag its ring along the bone. With the keys: arrows, half a millimetre each; with Shift, 5.")}
      </p>
      <div class="landmark-ways">
        <fieldset class="landmark-pad" aria-label={t("Move it, as the picture shows it")}>
          {WAYS.map((way) => (
            <button
              key={way}
              type="button"
              data-way={way}
              aria-label={names[way]}
              title={names[way]}
              onClick={() => state.step(STRIDE * STEPS[way][0], STRIDE * STEPS[way][1])}
            >
              <Icon name="chevron" />
            </button>
          ))}
        </fieldset>
        <div class="landmark-more">
          <button type="button" onClick={() => state.hold()}>
            <Icon name="keyboard" /> {t("Move with the keys")}
          </button>
          <button type="button" onClick={() => void state.fly()}>
            <Icon name="focus" /> {t("Fly to it")}
          </button>
          <button type="button" aria-pressed={alone} onClick={() => state.isolate(!alone)}>
            <Icon name="isolate" /> {t("Only its bone")}
          </button>
        </div>
        <div class="landmark-more">
          {others.rule && (
            <button type="button" onClick={() => others.rule && state.accept(others.rule)}>
              <Icon name="close" /> {t("Where its rule finds it")}
            </button>
          )}
          {others.carried && (
            <button type="button" onClick={() => others.carried && state.accept(others.carried)}>
              <Plus /> {t("Where the population’s bone has it")}
            </button>
          )}
          <button type="button" aria-disabled={!moved} onClick={() => moved && state.back()}>
            <Icon name="reset" /> {t("As it was found")}
          </button>
        </div>
      </div>
    </section>
  );
}

/** As the picture has it. */
function Plus() {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d="M10 3v14M3 10h14" />
    </svg>
  );
}
