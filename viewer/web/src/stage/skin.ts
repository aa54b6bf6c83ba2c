// The layers that draw on the skin and what lies right beneath it: stippling, X, ball, and what a hand marks.
import type { MakeLayer } from "./layer";

/** To be given to `Stage.use`. */
export const skinLayers: readonly MakeLayer[] = [];
