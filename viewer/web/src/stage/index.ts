// What the page may use of the stage.
export { NoWebGL } from "./canvas";
export { HEAT, heatColour } from "./heat";
export { merged } from "./merge";
export { type ThemeColours, themeColours } from "./palette";
export { Stage } from "./stage";
export type * from "./types";
