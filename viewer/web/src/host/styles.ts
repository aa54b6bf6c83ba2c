// The style sheets, carried in the script: a notebook or a single file has no other file to load.
import base from "../styles/base.css";
import card from "../styles/card.css";
import controls from "../styles/controls.css";
import layout from "../styles/layout.css";
import overlays from "../styles/overlays.css";
import peel from "../styles/peel.css";
import tokens from "../styles/tokens.css";
import tree from "../styles/tree.css";
import variants from "../styles/variants.css";
import welcome from "../styles/welcome.css";

/** Gives a shadow root the styles, without a style element: a strict content policy allows it. */
export function adoptStyles(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    [tokens, base, layout, controls, peel, tree, card, variants, welcome, overlays].join("\n"),
  );
  root.adoptedStyleSheets = [sheet];
}

/** Adds the styles of a part that has come. */
export function addStyles(root: ShadowRoot, text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
