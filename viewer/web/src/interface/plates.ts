// Plates: whole scenes that come with a name and a caption, as in a printed atlas.
import type { Catalogue } from "../generated/catalogue";
import { checkNames, readScene, SceneError } from "../scene/scene";
import type { Session } from "./session";
import { openAside } from "./variant-actions";

export type Plate = Catalogue["plates"][number];

/** Shows a plate in the person's own language and colours; structures that this body lacks are left out of it. */
export function openPlate(session: Session, plate: Plate): void {
  const { anatomy, store } = session;
  const { theme, names, language, variant } = store.scene;
  try {
    const scene = { ...readScene(plate.scene), atlas: anatomy.atlas.id, theme, names, language, variant };
    checkNames(scene, anatomy);
    session.begin(scene);
    session.plate.set(plate);
    openAside(session, "plate");
  } catch (error) {
    if (!(error instanceof SceneError)) throw error;
    session.notice.set({ text: session.t.of(error.message), tone: "error" });
  }
}
