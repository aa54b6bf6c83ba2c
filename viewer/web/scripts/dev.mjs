// A page for working on the front end: builds it, and serves it with an atlas and a catalogue from this machine.
//   npm run dev -- --atlas FOLDER --catalogue FILE.json [--port 5177]
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";
import { main as build, common } from "./build.mjs";
import { partNeeds } from "./parts.mjs";

const { values } = parseArgs({
  options: {
    atlas: { type: "string" },
    catalogue: { type: "string" },
    port: { type: "string", default: "5177" },
  },
});
if (!values.atlas || !values.catalogue) {
  console.error("Name an atlas and a catalogue: npm run dev -- --atlas FOLDER --catalogue FILE.json");
  process.exit(2);
}

const TYPES = {
  ".html": "text/html",
  ".css": "text/css",
  ".mjs": "text/javascript",
  ".js": "text/javascript",
  ".json": "application/json",
};

const parts = Object.keys(await partNeeds(common.absWorkingDir)).map((name) => [
  name,
  `/dist/ischia.${name}.mjs`,
]);

/** Small files of the page that exist only here. */
const MADE = {
  "/dev.css": "html, body { margin: 0; height: 100%; } main { height: 100%; }",
  "/dev.mjs": `import { mount } from "/dist/ischia.mjs";
const query = new URLSearchParams(location.search);
mount(document.getElementById("viewer"), {
  source: { kind: "http", atlas: query.get("atlas") ?? "/atlas/", catalogue: "/catalogue.json" },
  parts: ${JSON.stringify(Object.fromEntries(parts))},
  settings: { link_fragment: true, height: query.get("height") ?? "100%", still: query.get("still") },
});`,
};

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' data: blob:; img-src 'self' data: blob:; style-src 'self'; worker-src 'self' blob:",
};

/** The file that an address means, or null if it would lie outside of what is served. */
function fileFor(path) {
  if (path === "/catalogue.json") return values.catalogue;
  const atlas = path.startsWith("/atlas/");
  const root = atlas ? values.atlas : common.absWorkingDir;
  const inside = normalize(path === "/" ? "/dev.html" : atlas ? path.slice("/atlas".length) : path);
  if (inside.startsWith("..") || !(atlas || inside.startsWith("/dist/") || inside === "/dev.html"))
    return null;
  return join(root, inside);
}

await build();
createServer(async (request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
  const made = MADE[path];
  const file = made ? path : fileFor(path);
  if (!made && !(file && (await stat(file).catch(() => null))?.isFile())) {
    response.writeHead(404).end("not found");
    return;
  }
  response.writeHead(200, { ...HEADERS, "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  if (made) response.end(made);
  else createReadStream(file).pipe(response);
}).listen(Number(values.port), "127.0.0.1", () => console.log(`http://127.0.0.1:${values.port}/`));
