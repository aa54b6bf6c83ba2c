// What sends people to a doctor: one press away wherever a lesson speaks of pain.
import { Safe, Unreviewed } from "../../language/Safe";
import type { Session } from "../session";

const ORDER = ["emergency", "urgent", "see_someone"] as const;

export function Signs({ session }: { session: Session }) {
  const { t } = session;
  const { red_flags: flags, not_a_diagnosis: caution } = session.anatomy.catalogue.safety;
  return (
    <details class="lesson-aside lesson-signs">
      <summary>{t("When to get help")}</summary>
      <Unreviewed t={t} />
      <ul>
        {ORDER.flatMap((urgency) => flags.filter((flag) => flag.urgency === urgency)).map((flag) => (
          <li key={flag.id} data-urgency={flag.urgency}>
            <Safe t={t} text={flag.sign} />{" "}
            <strong>
              <Safe t={t} text={flag.action} />
            </strong>
          </li>
        ))}
      </ul>
      <p>
        <Safe t={t} text={caution} />
      </p>
    </details>
  );
}
