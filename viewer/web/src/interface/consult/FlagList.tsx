// The warning signs, the most urgent first, each with what to do.
import { type Safety, URGENCIES } from "./wording";

export function FlagList({ safety }: { safety: Safety }) {
  return (
    <div class="flags">
      {URGENCIES.map(([urgency, title]) => {
        const flags = safety.red_flags.filter((flag) => flag.urgency === urgency);
        if (!flags.length) return null;
        return (
          <section key={urgency} class="flag-box" data-urgency={urgency}>
            <h3>{title}</h3>
            <ul>
              {flags.map(({ id, sign, action }) => (
                <li key={id}>
                  {sign} <strong>{action}</strong>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <p>{safety.not_a_diagnosis}</p>
    </div>
  );
}
