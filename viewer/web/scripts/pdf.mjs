// jsPDF can draw web pages and SVG with the help of three more libraries; a handout is drawn with text and pictures alone,
// so none of them is bundled.
const NOT_NEEDED = /^(html2canvas|dompurify|canvg)$/;

/** esbuild plugin: what jsPDF would load for that is empty. */
export const slimPdf = {
  name: "slim-pdf",
  setup(build) {
    build.onResolve({ filter: NOT_NEEDED }, ({ path }) => ({ path, namespace: "not-needed" }));
    build.onLoad({ filter: /.*/, namespace: "not-needed" }, () => ({ contents: "export default null;" }));
  },
};
