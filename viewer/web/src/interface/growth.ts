// What is still being made when the page opens: how far it is, and taking it in once it is there.
import { Anatomy } from "../atlas/anatomy";
import type { Later, Loaded } from "../host/source";
import { merged } from "../stage/merge";
import type { Session } from "./session";

export type Growth =
  | { readonly state: "none" | "ready" }
  | { readonly state: "growing"; readonly done: number; readonly text: string }
  | { readonly state: "failed"; readonly message: string };

/** "still growing 40 %", or why it does not come; empty when nothing is missing. */
export function growthWords(growth: Growth): string {
  if (growth.state === "growing") return `still growing ${Math.round(growth.done * 100)} %`;
  return growth.state === "failed" ? "could not be made" : "";
}

/** Keeps the session in step with what is being made; returns how to stop. */
export function watchGrowth(session: Session, loaded: Loaded): () => void {
  return loaded.later((later: Later) => {
    if (later.state !== "ready") {
      session.growth.set(later);
      return;
    }
    const waited = session.growth.value.state === "growing";
    const { atlas, catalogue } = session.anatomy;
    session.stage?.extend(later.pack);
    session.growth.set({ state: "ready" });
    session.grow(new Anatomy(merged(atlas, later.pack), catalogue, later.pack));
    if (waited) session.say("Everything has been made: variants, skin and small nerves are ready.");
  });
}
