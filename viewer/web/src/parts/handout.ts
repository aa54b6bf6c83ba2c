// Writes PDFs: fetched when a handout is first saved.
export { makePdf } from "../interface/consult/handout/pdf";
