// What sends people to a doctor: one press away wherever a lesson speaks of pain.
import type { Session } from "../session";

const ORDER = ["emergency", "urgent", "see_someone"] as const;

export function Signs({ session }: { session: Session }) {
  const { t } = session;
  const { red_flags: flags, not_a_diagnosis: caution } = session.anatomy.catalogue.safety;
  return (
    <details class="lesson-aside lesson-signs">
      <summary>{t("When to get help")}</summary>
      <ul>
        {ORDER.flatMap((urgency) => flags.filter((flag) => flag.urgency === urgency)).map((flag) => (
          <li key={flag.id} data-urgency={flag.urgency}>
            {flag.sign} <strong>{flag.action}</strong>
          </li>
        ))}
      </ul>
      <p>{caution}</p>
    </details>
  );
}
