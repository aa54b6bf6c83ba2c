// Pictures for a handout: from behind and from the side (or the front), as the step shows them, on light ground.
import type { Side } from "../../../atlas/anatomy";
import type { StageApi } from "../../../stage/types";
import type { Session } from "../../session";
import { direction, framed, poseFor } from "../showing";
import type { From } from "../state";
import type { TriggerPoint } from "../wording";
import type { HandoutPicture } from "./model";

/** Pixels: enough for print at the size that the paper has room for. */
const WIDTH = 720;
const HEIGHT = 660;

const CAPTIONS: Record<From, string> = {
  behind: "From behind",
  side: "From the side",
  front: "From the front",
};

/** The two directions from which a pattern is shown. */
export function directionsOf(point: TriggerPoint): readonly From[] {
  return point.seen === "front" ? ["front", "side"] : ["behind", "side"];
}

/** Takes the pictures; none where this atlas has nothing to show of the point, or there is no stage. */
export async function takePictures(
  session: Session,
  point: TriggerPoint,
  side: Side,
  ball: boolean,
): Promise<HandoutPicture[]> {
  const { stage } = session;
  if (!stage || point.shown === "text_only") return [];
  await stage.structuresReady(["skin"]);
  const found: HandoutPicture[] = [];
  for (const from of directionsOf(point)) found.push(await taken(session, stage, point, side, from, ball));
  return found;
}

async function taken(
  session: Session,
  stage: StageApi,
  point: TriggerPoint,
  side: Side,
  from: From,
  ball: boolean,
): Promise<HandoutPicture> {
  const fieldOfView = session.scene.value.camera.field_of_view;
  const points = framed(point, side, session.anatomy);
  const blob = await stage.screenshot({
    width: WIDTH,
    height: HEIGHT,
    annotated: true,
    theme: "light",
    insets: { top: 0, right: 0, bottom: 0, left: 0 },
    pose: poseFor(points, direction(from, side), WIDTH / HEIGHT, fieldOfView),
  });
  const caption = ball ? `${CAPTIONS[from]}, with the ball` : CAPTIONS[from];
  return { address: await jpeg(blob), width: WIDTH, height: HEIGHT, caption };
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
