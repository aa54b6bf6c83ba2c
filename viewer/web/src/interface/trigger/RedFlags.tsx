// What sends people to a doctor, calmly and first: before any self-care, and one press away at all times.
import type { ComponentChildren } from "preact";
import type { Anatomy } from "../../atlas/anatomy";
import type { Advice, RedFlag } from "../../generated/catalogue";
import { Safe, Unreviewed } from "../../language/Safe";
import { Statement } from "../Evidence";
import { URGENCY } from "./words";

const ORDER = ["emergency", "urgent", "see_someone"] as const satisfies readonly RedFlag["urgency"][];

/** All signs with what to do, the most urgent first. */
export function RedFlags({ anatomy }: { anatomy: Anatomy }) {
  const { red_flags: flags } = anatomy.catalogue.safety;
  return (
    <div class="flags">
      <Unreviewed t={anatomy.t} />
      {ORDER.map((urgency) => {
        const these = flags.filter((flag) => flag.urgency === urgency);
        if (!these.length) return null;
        return (
          <section
            key={urgency}
            class="flag-group"
            data-urgency={urgency}
            aria-label={anatomy.t.of(URGENCY[urgency])}
          >
            <h4>
              <span class="flag-sign" aria-hidden="true" />
              <Safe t={anatomy.t} text={anatomy.t.safeOf(URGENCY[urgency])} />
            </h4>
            <ul>
              {these.map((flag) => (
                <li key={flag.id}>
                  <p>
                    <Safe t={anatomy.t} text={flag.sign} />
                  </p>
                  <Statement claim={flag.statement} anatomy={anatomy} text={flag.action} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

/** The most urgent signs alone, short, with the way to all of them. */
export function Emergencies({ anatomy, onMore }: { anatomy: Anatomy; onMore: () => void }) {
  const flags = anatomy.catalogue.safety.red_flags.filter(({ urgency }) => urgency === "emergency");
  return (
    <section class="flag-group short" data-urgency="emergency" aria-label={anatomy.t.of(URGENCY.emergency)}>
      <h4>
        <span class="flag-sign" aria-hidden="true" />
        <Safe t={anatomy.t} text={anatomy.t.safeOf(URGENCY.emergency)} />
      </h4>
      <ul>
        {flags.map((flag) => (
          <li key={flag.id}>
            <p>
              <Safe t={anatomy.t} text={flag.sign} />{" "}
              <strong>
                <Safe t={anatomy.t} text={flag.action} />
              </strong>
            </p>
          </li>
        ))}
      </ul>
      <button type="button" class="text-toggle" onClick={onMore}>
        {anatomy.t("All signs to have looked at")}
      </button>
    </section>
  );
}

/** Those who ask someone qualified before they try it. */
function AskFirst({ anatomy }: { anatomy: Anatomy }) {
  return (
    <section class="flag-group" data-urgency="ask" aria-label={anatomy.t("Ask first")}>
      <h4>
        <span class="flag-sign" aria-hidden="true" />
        <Safe t={anatomy.t} text={anatomy.t.safe("Ask a professional first")} />
      </h4>
      <AdviceList lines={anatomy.catalogue.safety.ask_first} anatomy={anatomy} />
    </section>
  );
}

/**
 * What stands before: the signs that send people to a doctor, who asks someone first (`ask`, if that has not been read),
 * and the way on where none of it holds.
 */
export function FlagGate(props: {
  anatomy: Anatomy;
  cleared: boolean;
  ask?: boolean;
  onClear: () => void;
  children: ComponentChildren;
}) {
  const { anatomy, cleared, ask, onClear, children } = props;
  if (cleared && !ask) return <>{children}</>;
  if (cleared)
    return (
      <div class="gate">
        <p class="gate-lead">
          <Safe t={anatomy.t} text={anatomy.t.safe("One more thing before a ball.")} />
        </p>
        <AskFirst anatomy={anatomy} />
        <button type="button" class="primary wide" onClick={onClear}>
          {anatomy.t("None of these: go on")}
        </button>
      </div>
    );
  return (
    <div class="gate">
      <p class="gate-lead">
        <Safe
          t={anatomy.t}
          text={anatomy.t.safe(
            "First: is any of this so? Then what helps is someone who looks at it, not a picture or a ball.",
          )}
        />
      </p>
      <RedFlags anatomy={anatomy} />
      {ask && <AskFirst anatomy={anatomy} />}
      <p class="aside">
        <Safe t={anatomy.t} text={anatomy.catalogue.safety.not_a_diagnosis} />
      </p>
      <button type="button" class="primary wide" onClick={onClear}>
        {anatomy.t("None of these: go on")}
      </button>
    </div>
  );
}

/** Lines of advice, each with what stands behind it; beyond the `first` of them, they are opened by who wants them. */
export function AdviceList(props: { lines: readonly Advice[]; anatomy: Anatomy; first?: number }) {
  const { lines, anatomy, first = lines.length } = props;
  const said = (line: Advice) => (
    <Statement key={line.id} claim={line.statement} text={line.text} anatomy={anatomy} />
  );
  const rest = lines.slice(first);
  return (
    <div class="advice">
      {lines.slice(0, first).map(said)}
      {rest.length > 0 && (
        <details>
          <summary>{anatomy.t("More")}</summary>
          {rest.map(said)}
        </details>
      )}
    </div>
  );
}
