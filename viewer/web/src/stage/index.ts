// What the page may use of the stage.
export { type ThemeColours, themeColours } from "./palette";
export { Stage } from "./stage";
export type * from "./types";
