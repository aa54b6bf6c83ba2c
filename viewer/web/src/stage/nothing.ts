// What the stage shows before it is told to show anything.
import type { Insets, Look } from "./types";

export const EMPTY: Look = {
  structures: {},
  footprints: [],
  labels: [],
  landmarks: [],
  cut: null,
  theme: "light",
  reducedMotion: false,
};
export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };
