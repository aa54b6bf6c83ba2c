// The layers that draw on the skin and what lies right beneath it: stippling, X, ball, and what a hand marks.
import { BallLayer } from "./ball";
import { Crosses } from "./crosses";
import { Dots } from "./dots";
import type { MakeLayer } from "./layer";
import { Stains } from "./stains";

/** To be given to `Stage.use`. */
export const skinLayers: readonly MakeLayer[] = [
  (kit) => new Dots(kit),
  (kit) => new Crosses(kit),
  (kit) => new BallLayer(kit),
  (kit) => new Stains(kit),
];
