// What sends people to a doctor, calmly and first: before any self-care, and one press away at all times.
import type { ComponentChildren } from "preact";
import type { Anatomy } from "../../atlas/anatomy";
import type { Advice, RedFlag } from "../../generated/catalogue";
import { Statement } from "../Evidence";
import { URGENCY } from "./words";

const ORDER = ["emergency", "urgent", "see_someone"] as const satisfies readonly RedFlag["urgency"][];

/** All signs with what to do, the most urgent first. */
export function RedFlags({ anatomy }: { anatomy: Anatomy }) {
  const { red_flags: flags } = anatomy.catalogue.safety;
  return (
    <div class="flags">
      {ORDER.map((urgency) => {
        const these = flags.filter((flag) => flag.urgency === urgency);
        if (!these.length) return null;
        return (
          <section key={urgency} class="flag-group" data-urgency={urgency} aria-label={URGENCY[urgency]}>
            <h4>
              <span class="flag-sign" aria-hidden="true" />
              {URGENCY[urgency]}
            </h4>
            <ul>
              {these.map((flag) => (
                <li key={flag.id}>
                  <p>{flag.sign}</p>
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

/** What stands before self-care: the signs, and the way on where none of them is there. */
export function FlagGate(props: {
  anatomy: Anatomy;
  cleared: boolean;
  onClear: () => void;
  children: ComponentChildren;
}) {
  const { anatomy, cleared, onClear, children } = props;
  if (cleared) return <>{children}</>;
  return (
    <div class="gate">
      <p class="gate-lead">
        First: is any of this so? Then it is not a ball that helps, but someone who looks at it.
      </p>
      <RedFlags anatomy={anatomy} />
      <p class="aside">{anatomy.catalogue.safety.not_a_diagnosis}</p>
      <button type="button" class="primary wide" onClick={onClear}>
        None of these: go on
      </button>
    </div>
  );
}

/** Lines of advice, each with what stands behind it. */
export function AdviceList({ lines, anatomy }: { lines: readonly Advice[]; anatomy: Anatomy }) {
  return (
    <div class="advice">
      {lines.map((line) => (
        <Statement key={line.id} claim={line.statement} text={line.text} anatomy={anatomy} />
      ))}
    </div>
  );
}
