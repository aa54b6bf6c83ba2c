// Colours, in one place: of tissues, of their insides, of what is painted on them, for each theme.
import { Color } from "three";
import type { StructureEntry } from "../generated/atlas";
import { TISSUE } from "./shaders/tissue";
import type { ThemeName } from "./types";

export interface TissueColours {
  readonly kind: number;
  readonly base: Color;
  readonly deep: Color;
  readonly section: Color;
}

const tissue = (kind: number, base: string, deep: string, section: string): TissueColours => ({
  kind,
  base: new Color(base),
  deep: new Color(deep),
  section: new Color(section),
});

const TISSUES: Record<StructureEntry["kind"], TissueColours> = {
  bone: tissue(TISSUE.bone, "#e3d8bf", "#a18b6c", "#dcc098"),
  muscle: tissue(TISSUE.muscle, "#ad463c", "#782a25", "#94403a"),
  nerve: tissue(TISSUE.nerve, "#f0c84e", "#c08f22", "#f3d988"),
  tendon: tissue(TISSUE.dense, "#ece2cc", "#c6b898", "#d9ccb0"),
  ligament: tissue(TISSUE.dense, "#e3d9c4", "#bcae93", "#cfc2a6"),
  fascia: tissue(TISSUE.dense, "#e4ded3", "#c0b7a8", "#cdc5b8"),
  membrane: tissue(TISSUE.dense, "#d8d2c8", "#a39b8e", "#c4bcae"),
  disc: tissue(TISSUE.dense, "#dcd6c6", "#a8a08c", "#c9c4b4"),
  skin: tissue(TISSUE.skin, "#dcb096", "#a9745c", "#e8c9a0"),
};

/** A theme's colour as numbers for what is not lit. */
export const onScreen = (colour: Color): number[] => colour.clone().convertLinearToSRGB().toArray();

/** A CSS colour as numbers for what is lit. */
export const inLight = (colour: string): number[] => new Color(colour).toArray();

export const tissueColours = (kind: StructureEntry["kind"]): TissueColours => TISSUES[kind];

/** Tendon and aponeurosis on a muscle. */
export const SINEW = new Color("#efe5cf");

export interface Theme {
  /** Middle and rim of the background, as on screen. */
  readonly background: readonly [Color, Color];
  /** Hover and selection, in the light and as an outline on screen. */
  readonly accent: Color;
  readonly outline: Color;
  readonly exposure: number;
  /** How dark the hollows of the ambient occlusion may get. */
  readonly occlusion: number;
  readonly proximal: Color;
  readonly distal: Color;
  /** Rim and hatching of a footprint. */
  readonly footprintRim: Color;
  readonly footprintStrength: number;
  readonly rimWidth: number;
  readonly frame: Color;
  readonly ink: Color;
  /** What dimmed structures lose their colour to. */
  readonly ghost: Color;
  readonly landmark: Color;
  readonly landmarkRim: Color;
  /** Referred pain on skin; and on flesh, which is red itself, with what sets it off from that. */
  readonly pain: Color;
  readonly painOnFlesh: Color;
  readonly painHalo: Color;
  readonly cross: Color;
  readonly crossRim: Color;
}

/** A dark red: on skin it is read by its darkness too, which is what eyes that do not see red are left with. */
const PAIN = {
  pain: new Color("#a8061f"),
  painOnFlesh: new Color("#30000a"),
  painHalo: new Color("#ffe9e0"),
};
/** An X has the body behind it, whatever the theme is. */
const CROSS = { cross: new Color("#14171a"), crossRim: new Color("#ffffff") };

export const THEMES: Record<ThemeName, Theme> = {
  light: {
    background: [new Color("#fbfbfa"), new Color("#dfe4e8")],
    accent: new Color("#2f9bff"),
    outline: new Color("#0a6fd6"),
    exposure: 1.0,
    occlusion: 0.95,
    proximal: new Color("#d6202b"),
    distal: new Color("#1f5fd0"),
    footprintRim: new Color("#2a0d12"),
    footprintStrength: 0.95,
    rimWidth: 2,
    frame: new Color("#3a6ea5"),
    ink: new Color("#20262c"),
    ghost: new Color("#7d8790"),
    landmark: new Color("#10a37f"),
    landmarkRim: new Color("#ffffff"),
    ...PAIN,
    ...CROSS,
  },
  dark: {
    background: [new Color("#262c33"), new Color("#0f1216")],
    accent: new Color("#5cb6ff"),
    outline: new Color("#6cc0ff"),
    exposure: 0.94,
    occlusion: 0.9,
    proximal: new Color("#e3323a"),
    distal: new Color("#2f78ee"),
    footprintRim: new Color("#1a0508"),
    footprintStrength: 0.9,
    rimWidth: 2,
    frame: new Color("#7fb2e6"),
    ink: new Color("#eef2f5"),
    ghost: new Color("#aab6c2"),
    landmark: new Color("#36d6ac"),
    landmarkRim: new Color("#0c1113"),
    ...PAIN,
    ...CROSS,
  },
  contrast: {
    background: [new Color("#000000"), new Color("#000000")],
    accent: new Color("#ffe600"),
    outline: new Color("#ffe600"),
    exposure: 1.12,
    occlusion: 0.7,
    proximal: new Color("#ff1010"),
    distal: new Color("#0a4dff"),
    footprintRim: new Color("#ffffff"),
    footprintStrength: 1.25,
    rimWidth: 3,
    frame: new Color("#ffffff"),
    ink: new Color("#ffffff"),
    ghost: new Color("#b8b8b8"),
    landmark: new Color("#00ffc8"),
    landmarkRim: new Color("#000000"),
    pain: new Color("#7a0010"),
    painOnFlesh: new Color("#000000"),
    painHalo: new Color("#ffffff"),
    ...CROSS,
  },
};

/** The colours of a theme that the page around the stage may want to match, as CSS. */
export interface ThemeColours {
  readonly background: string;
  readonly backgroundRim: string;
  readonly accent: string;
  readonly proximal: string;
  readonly distal: string;
  readonly landmark: string;
}

export function themeColours(name: ThemeName): ThemeColours {
  const theme = THEMES[name];
  const css = (colour: Color) => `#${colour.getHexString()}`;
  return {
    background: css(theme.background[0]),
    backgroundRim: css(theme.background[1]),
    accent: css(theme.outline),
    proximal: css(theme.proximal),
    distal: css(theme.distal),
    landmark: css(theme.landmark),
  };
}
