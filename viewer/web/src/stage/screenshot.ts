// The picture as a file: the canvas with labels, leader lines and side marks drawn over it.
import type { LabelOnScreen } from "./labels";
import { leader } from "./layout";
import { INK } from "./overlay";
import type { RulerText } from "./rulers";
import type { ThemeName } from "./types";

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** What is written over the picture; CSS pixels of the canvas. */
export interface Writing {
  readonly labels: readonly LabelOnScreen[];
  readonly marks: readonly {
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly align: CanvasTextAlign;
  }[];
  readonly rulers: readonly RulerText[];
  readonly theme: ThemeName;
}

/** The canvas's present picture as a PNG. Must be called in the task that drew it. `scale`: pixels per CSS pixel. */
export async function picture(
  canvas: HTMLCanvasElement,
  writing: Writing | null,
  scale: number,
): Promise<Blob> {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const pen = copy.getContext("2d");
  if (!pen) throw new Error("The picture cannot be made: the browser gives no drawing surface.");
  pen.drawImage(canvas, 0, 0);
  if (writing) {
    pen.scale(scale, scale);
    write(pen, writing);
  }
  return await new Promise((resolve, reject) =>
    copy.toBlob(
      (blob) =>
        blob
          ? resolve(blob)
          : reject(new Error("The picture cannot be made: the browser could not encode it.")),
      "image/png",
    ),
  );
}

function write(pen: CanvasRenderingContext2D, { labels, marks, rulers, theme }: Writing): void {
  const { ink, halo, line, plate, faint } = INK[theme];
  pen.textBaseline = "middle";
  for (const label of labels) {
    const left = label.column === "left" ? label.x - label.width : label.x;
    pen.strokeStyle = line;
    pen.lineWidth = 1.1;
    pen.beginPath();
    for (const [x, y] of leader(
      { left, right: left + label.width, y: label.y, height: label.height },
      label.anchor,
    ))
      pen.lineTo(x, y);
    pen.stroke();
    pen.fillStyle = ink;
    pen.beginPath();
    pen.arc(label.anchor.x, label.anchor.y, label.text.pressable ? 2.6 : 0, 0, 7);
    pen.fill();
    pen.fillStyle = plate;
    pen.fillRect(left, label.y - label.height / 2, label.width, label.height);
    pen.fillStyle = ink;
    pen.textAlign = label.column === "left" ? "right" : "left";
    const step = label.height / Math.max(1, label.lines.length);
    for (const [i, text] of label.lines.entries()) {
      const small = label.text.secondary !== undefined && i === label.lines.length - 1;
      pen.font = `${small ? "italic 400 11px" : label.text.landmark ? "400 12px" : "500 13px"} ${FONT}`;
      const x = label.column === "left" ? label.x - 5 : label.x + 5;
      pen.fillText(text, x, label.y - label.height / 2 + step * (i + 0.5));
    }
  }
  for (const mark of marks) {
    pen.font = `650 19px ${FONT}`;
    pen.textAlign = mark.align;
    pen.lineWidth = 4;
    pen.strokeStyle = halo;
    pen.strokeText(mark.text, mark.x, mark.y);
    pen.fillStyle = faint;
    pen.fillText(mark.text, mark.x, mark.y);
  }
  pen.font = `600 13px ${FONT}`;
  pen.textAlign = "center";
  for (const { text, x, y } of rulers) {
    const width = pen.measureText(text).width + 12;
    pen.fillStyle = plate;
    pen.fillRect(x - width / 2, y - 10, width, 20);
    pen.fillStyle = ink;
    pen.fillText(text, x, y);
  }
}
