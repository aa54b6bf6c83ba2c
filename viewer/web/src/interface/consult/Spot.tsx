// The picture, and what to say about it: words to read aloud.
import { useEffect } from "preact/hooks";
import { capital } from "../../atlas/text";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Pair } from "./controls";
import { consultOf } from "./state";
import { pointTitle, sideWords } from "./wording";

export function Spot({ session }: { session: Session }) {
  const consult = consultOf(session);
  const { anatomy } = session;
  const side = useSignal(consult.side);
  const beneath = useSignal(consult.beneath);
  const touched = useSignal(consult.touched);
  useSignal(consult.point);
  useTouch(session);
  const { chosen } = consult;
  if (!chosen) return null;
  const named = touched ?? chosen.muscle;
  const card = anatomy.annotation(named);
  return (
    <>
      <h3>{pointTitle(chosen, anatomy.catalogue)}</h3>
      <p class="consult-quiet">{capital(sideWords(side, session.t))}</p>
      <p class="consult-say">{chosen.plain}</p>
      <dl class="consult-key">
        <div>
          <dt>
            <span class="key-cross" aria-hidden="true">
              ×
            </span>
            <span class="unseen">{session.t("Cross")}</span>
          </dt>
          <dd>{session.t("The spot")}</dd>
        </div>
        {chosen.zones.map(({ level, words }) => (
          <div key={`${level} ${words}`}>
            <dt>
              <span class={`key-dots key-${level}`} aria-hidden="true" />
              <span class="unseen">
                {level === "essential" ? session.t("Dense dots") : session.t("Sparse dots")}
              </span>
            </dt>
            <dd>
              <strong>
                {level === "essential"
                  ? session.t("Nearly everyone feels it here.")
                  : session.t("Some feel it here.")}
              </strong>{" "}
              {words}
            </dd>
          </div>
        ))}
      </dl>
      <Pair
        legend={session.t("What is seen")}
        value={beneath ? "beneath" : "skin"}
        options={[
          ["skin", session.t("On the skin")],
          ["beneath", session.t("Under the skin")],
        ]}
        onChange={(value) => consult.beneath.set(value === "beneath")}
      />
      {card && (
        <section class="consult-about" aria-live="polite">
          <h3>{capital(card.names.english)}</h3>
          <p>{card.plain}</p>
          {beneath && !touched && (
            <p class="consult-quiet">{session.t("Touch anything in the picture to hear what it is.")}</p>
          )}
        </section>
      )}
    </>
  );
}

/** What is touched in the picture is spoken of in plain words. */
function useTouch(session: Session): void {
  const consult = consultOf(session);
  useEffect(() => {
    const { stage } = session;
    if (!stage) return;
    const before = stage.onPick;
    stage.onPick = ({ pick }) => consult.touched.set(pick && pick.id !== "skin" ? pick.id : null);
    return () => {
      stage.onPick = before;
      consult.touched.set(null);
    };
  }, [session, consult]);
}
