// Pictures for a handout: from behind and from the side (or the front), as the step shows them, on light ground.
import type { Side } from "../../../atlas/anatomy";
import { phrase, type Translate } from "../../../language/translate";
import type { Session } from "../../session";
import { direction, framed, poseFor } from "../showing";
import type { From } from "../state";
import type { BallId, TriggerPoint } from "../wording";
import type { HandoutPicture } from "./model";

/** Pixels: enough for print at the size that the paper has room for. */
const WIDTH = 720;
const HEIGHT = 660;
/** Samples of each pixel: on a machine without a graphics card each costs a second. */
const SAMPLES = 4;

/** One picture that is wanted. */
export interface Shot {
  readonly from: From;
  readonly ball: BallId | null;
  readonly caption: string;
}

const CAPTIONS: Record<From, string> = {
  behind: phrase("From behind"),
  side: phrase("From the side"),
  front: phrase("From the front"),
};

/** The pattern from two directions, and the ball in its place; nothing where the atlas shows nothing of the point. */
export function shotsOf(point: TriggerPoint, ball: BallId | null, name: string, t: Translate): Shot[] {
  if (point.shown === "text_only") return [];
  const { seen } = point;
  const other = seen === "side" ? "behind" : "side";
  const pattern = [seen, other].map(
    (from): Shot => ({ from: from as From, ball: null, caption: t.of(CAPTIONS[from as From]) }),
  );
  return ball
    ? [...pattern, { from: seen, ball, caption: t("Where it goes: {ball}", { ball: name }) }]
    : pattern;
}

/** Takes the pictures, one after the other; `show` brings what is in one onto the stage, `signal` says when none is wanted. */
export async function takePictures(
  session: Session,
  point: TriggerPoint,
  side: Side,
  shots: readonly Shot[],
  show: (ball: BallId | null) => void,
  signal: AbortSignal,
): Promise<HandoutPicture[]> {
  const { stage } = session;
  if (!stage || !shots.length) return [];
  await stage.structuresReady(["skin"]);
  const { field_of_view: fieldOfView } = session.scene.value.camera;
  const places = framed(point, side, session.anatomy);
  const found: HandoutPicture[] = [];
  for (const { from, ball, caption } of shots) {
    signal.throwIfAborted();
    show(ball);
    await new Promise<void>((done) => session.afterLayout(done));
    signal.throwIfAborted();
    const blob = await stage.screenshot({
      width: WIDTH,
      height: HEIGHT,
      samples: SAMPLES,
      annotated: false,
      signal,
      theme: "light",
      insets: { top: 0, right: 0, bottom: 0, left: 0 },
      pose: poseFor(places, ball ? "paperBall" : "paper", direction(from, side), WIDTH / HEIGHT, fieldOfView),
    });
    found.push({ address: await jpeg(blob), width: WIDTH, height: HEIGHT, caption, ball: ball !== null });
  }
  return found;
}

/** The picture as JPEG in an address: a tenth of the size, and a PDF takes it as it is. */
async function jpeg(blob: Blob): Promise<string> {
  const bitmap = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("The picture cannot be made: the browser gives no drawing surface.");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.toDataURL("image/jpeg", 0.88);
}
