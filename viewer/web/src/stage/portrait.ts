// The stage's picture as a file: at any size, and from elsewhere or in another theme than on screen.
import type { Legend } from "./legend";
import * as orbits from "./orbit";
import type { Rhythm } from "./rhythm";
import type { Rulers } from "./rulers";
import { picture } from "./screenshot";
import type { ScreenshotOptions } from "./types";
import type { View } from "./view";

/** What sits for the portrait. */
export interface Sitter {
  readonly canvas: HTMLCanvasElement;
  readonly view: View;
  readonly legend: Legend;
  readonly rulers: Rulers;
  readonly rhythm: Rhythm;
  /** Looks for labels' anchors and writes everything for the present camera. */
  write(): void;
}

/** Takes the picture; the view is as it was afterwards. */
export async function portrait(sitter: Sitter, options: ScreenshotOptions): Promise<Blob> {
  const { canvas, view, legend, rulers, rhythm } = sitter;
  const { width, height, orbit } = view;
  const factor = options.height
    ? options.height / height
    : options.width
      ? options.width / width
      : rhythm.fullRatio;
  const other = options.width && options.height ? Math.round(options.width / factor) : width;
  try {
    view.width = other;
    if (options.pose) view.orbit = orbits.fromPose(options.pose);
    legend.forget();
    sitter.write();
    const writing = options.annotated === false ? null : legend.writing(rulers.written);
    await rhythm.portrait(other, height, factor, options.samples, options.signal);
    options.signal?.throwIfAborted();
    return await picture(canvas, writing, factor);
  } finally {
    view.width = width;
    view.orbit = orbit;
    legend.forget();
  }
}
