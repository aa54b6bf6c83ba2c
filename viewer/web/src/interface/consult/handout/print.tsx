// Prints a handout alone: it stands beside the page, unseen on the screen, and the page is unseen on paper.
import { render } from "preact";
import styles from "../../../styles/handout.css";
import { HandoutPage } from "./HandoutPage";
import { type Handout, PAPERS, type Paper } from "./model";

/** On paper nothing but the handout; on the screen everything but it. */
const APART = `
  .ischia-handout { display: none; }
  @media print {
    html, body { height: auto !important; overflow: visible !important; background: #fff !important; }
    body > :not(.ischia-handout) { display: none !important; }
    body > .ischia-handout { display: block; }
  }`;

/** Puts the handout beside the page, so that the browser's own printing finds it; returns how to take it away. */
export function readyToPrint(handout: Handout, paper: Paper): () => void {
  const host = document.createElement("div");
  host.className = "ischia-handout";
  const root = host.attachShadow({ mode: "open" });
  const inside = new CSSStyleSheet();
  inside.replaceSync(styles);
  root.adoptedStyleSheets = [inside];
  render(<HandoutPage handout={handout} />, root as unknown as HTMLElement);

  const apart = new CSSStyleSheet();
  const [width, height] = PAPERS[paper];
  apart.replaceSync(`${APART} @page { size: ${width}mm ${height}mm; margin: 14mm 16mm; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, apart];
  document.body.append(host);
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== apart);
    render(null, root as unknown as HTMLElement);
    host.remove();
  };
}
