// The warning signs, the most urgent first, each with what to do.
import { Safe, Unreviewed } from "../../language/Safe";
import type { Translate } from "../../language/translate";
import { type Safety, URGENCIES } from "./wording";

export function FlagList({ t, safety }: { t: Translate; safety: Safety }) {
  return (
    <div class="flags">
      <Unreviewed t={t} />
      {URGENCIES.map(([urgency, title]) => {
        const flags = safety.red_flags.filter((flag) => flag.urgency === urgency);
        if (!flags.length) return null;
        return (
          <section key={urgency} class="flag-box" data-urgency={urgency}>
            <h3>
              <Safe t={t} text={t.safeOf(title)} />
            </h3>
            <ul>
              {flags.map(({ id, sign, action }) => (
                <li key={id}>
                  <Safe t={t} text={sign} />{" "}
                  <strong>
                    <Safe t={t} text={action} />
                  </strong>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <p>
        <Safe t={t} text={safety.not_a_diagnosis} />
      </p>
    </div>
  );
}
