// The panel of trigger points.

import { Choice } from "../controls";
import type { Session } from "../session";
import { useSignal } from "../signal";

export function TriggerPanel({ session }: { session: Session }) {
  const side = useSignal(session.side);
  return (
    <Choice
      legend="Side"
      value={side}
      options={[
        ["right", "Right"],
        ["left", "Left"],
      ]}
      onChange={(value) => session.side.set(value)}
    />
  );
}
