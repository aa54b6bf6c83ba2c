// The page before there is anything to show: loading, or why not.
import { translator } from "../language/translate";
import { Progress } from "./Progress";

export type BootState =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string };

export function Boot({ state, onRetry }: { state: BootState; onRetry: () => void }) {
  if (state.state === "loading") return <Progress t={translator(null)} done={0} total={0} />;
  return (
    <div class="message" role="alert">
      <h2>The atlas could not be loaded</h2>
      <p>{state.message}</p>
      <button type="button" class="primary" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
