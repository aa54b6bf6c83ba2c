// What a stage tells reaches the page, and what is in the picture is told to those who do not see it.
import { plain } from "../language/translate";
import { visibleIn } from "../scene/actions";
import type { StageApi } from "../stage/types";
import { hover, pick } from "./pointing";
import type { Session } from "./session";

/** Has the page hear what happens in the picture. */
export function listen(session: Session, stage: StageApi): void {
  const { eye, follow, geometry, notice } = session;
  stage.onHover = (event) => hover(session, event);
  stage.onPick = (event) => pick(session, event);
  stage.onCamera = ({ byHand, settled }) => {
    if (byHand) {
      session.tip.set(null);
      follow.pause();
    }
    if (byHand && settled && !eye.stands) session.eye.keep();
  };
  stage.onLoad = ({ file, state, message }) => {
    if (state === "ready") geometry.set(geometry.value + 1);
    if (state === "failed" && session.picture.value.state === "ready")
      notice.set({
        text: `${message ? session.t.of(message) : session.t("The file {file} could not be fetched.", { file })} ${session.t("What it holds is not shown.")}`,
        tone: "error",
        retry: () => stage.apply(session.look()),
      });
  };
  stage.onContext = ({ lost }) => {
    notice.set(
      lost
        ? {
            text: session.t("The graphics card was taken away. The picture comes back as soon as it can."),
            tone: "calm",
            lasting: true,
          }
        : null,
    );
  };
  stage.canvas.setAttribute("role", "application");
}

/** Tells those who do not see the picture what is in it, when they come to it. */
export function describe(session: Session): void {
  const { anatomy, store, t } = session;
  const { scene } = store;
  const view = scene.camera.view && anatomy.catalogue.views[scene.camera.view]?.name;
  const count = visibleIn(scene, anatomy).size;
  const said = [
    view ? t("{view} view", { view }) : t("Free view"),
    t.n(count, "{n} structure shown.", "{n} structures shown."),
  ];
  const label = `${said.join(", ")} ${t("Arrow keys turn, plus and minus zoom.")}`;
  session.stage?.canvas.setAttribute("aria-label", plain(label));
  session.stage?.canvas.setAttribute("aria-roledescription", plain(t("3D picture")));
}
