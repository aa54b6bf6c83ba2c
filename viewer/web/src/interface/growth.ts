// What is still being made when the page opens: how far it is, and taking it in once it is there.
import type { Anatomy } from "../atlas/anatomy";
import type { Later, Loaded } from "../host/source";
import type { Translate } from "../language/translate";
import { merged } from "../stage/merge";
import type { Session } from "./session";

export type Growth =
  | { readonly state: "none" | "ready" }
  | { readonly state: "growing"; readonly done: number; readonly text: string }
  | { readonly state: "failed"; readonly message: string };

/** "still growing 40 %", or why it does not come; empty when nothing is missing. */
export function growthWords(growth: Growth, t: Translate): string {
  if (growth.state === "growing")
    return t("still growing {percent} %", { percent: Math.round(growth.done * 100) });
  return growth.state === "failed" ? t("could not be made") : "";
}

/** What is said until the server has been asked. */
export const firstGrowth = ({ atlas }: Anatomy): Growth =>
  atlas.growing.length ? { state: "growing", done: 0, text: "" } : { state: "none" };

/** Keeps the session in step with what is being made, once the first picture is there; returns how to stop. */
export function watchGrowth(session: Session, loaded: Loaded): () => void {
  let stop = () => {};
  const begin = () => {
    if (session.picture.value.state !== "ready" && session.picture.value.state !== "unavailable") return;
    waiting();
    stop = loaded.later((later) => take(session, later));
  };
  const waiting = session.picture.subscribe(begin);
  return () => {
    waiting();
    stop();
  };
}

function take(session: Session, later: Later): void {
  if (later.state !== "ready") {
    session.growth.set(later);
    return;
  }
  const waited = session.growth.value.state === "growing" && session.growth.value.done > 0;
  session.stage?.extend(later.pack);
  session.growth.set({ state: "ready" });
  session.grow(session.anatomy.grown(merged(session.anatomy.atlas, later.pack), later.pack));
  if (waited) session.say(session.t("Everything has been made: variants, skin and small nerves are ready."));
}
