// Consult mode: in and out with one press.
import type { Scene } from "../../generated/scene";
import type { Session } from "../session";

/** What was compared when the mode was entered: one picture is shown meanwhile, and both come back. */
const compared = new WeakMap<Session, Pick<Scene, "compare" | "beside">>();

/** Shows the page for a client, or goes back to where one was. */
export function toggleConsult(session: Session): void {
  const { consult, compare, beside } = session.store.scene;
  if (consult) {
    session.dispatch({ type: "set", fields: { consult: false, ...compared.get(session) } });
    compared.delete(session);
    return;
  }
  compared.set(session, { compare, beside });
  session.open.set(null);
  session.dialog.set(null);
  session.follow.pause();
  session.dispatch({ type: "set", fields: { consult: true, compare: null, beside: null } });
}
