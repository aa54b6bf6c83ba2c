// The part of the page that writes PDFs; loaded when one is first asked for.
export { makePdf } from "./pdf";
