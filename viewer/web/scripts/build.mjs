// Builds the front end: one source, two forms. An ES module for hosts that import (Panel, notebooks) and a classic
// script for a single file, where modules cannot be loaded. Styles travel inside both. Beside them lie the parts that
// are fetched when they are first needed (`parts.mjs`), which serve both forms, and small scripts of pages that stand alone.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { bundleParts, filesIn, sharedModules } from "./parts.mjs";
import { slimPdf } from "./pdf.mjs";
import { slimThree } from "./slim.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

/** Imports a style sheet as its minified text. */
export const styleText = {
  name: "style-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), {
        loader: "css",
        minify: true,
        target: "es2022",
      });
      return { contents: code, loader: "text" };
    });
  },
};

/** Settings shared by every build of the page. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  target: "es2022",
  platform: "browser",
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  plugins: [styleText, slimThree(root), slimPdf],
};

/** The licences of everything that was bundled, which must travel with it. */
async function notices(metafiles) {
  const packages = new Set();
  for (const input of metafiles.flatMap(({ inputs }) => Object.keys(inputs))) {
    const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (match) packages.add(match[1]);
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const candidates = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"].map((file) =>
      readFile(join(folder, file), "utf8"),
    );
    const text = await Promise.any(candidates).catch(() => `Licence: ${license}`);
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(78)}\n\n`);
}

const ENTRY = { entryPoints: ["src/index.ts"], format: "esm" };

/** Settings for the first script, which hands these of its files over to the parts. */
const first = (handedOver) => ({ ...common, plugins: [sharedModules(root, handedOver), ...common.plugins] });

/** Small scripts beside the viewer: what starts it in a page that is one file, and in a site; a site's service worker. */
const PAGES = {
  "ischia.alone.js": "src/alone/alone.ts",
  "ischia.site.js": "src/site/site.ts",
  "ischia.worker.js": "src/site/worker.ts",
};

async function keep(name, code) {
  // At once: whoever reads it meanwhile finds the old one or the new one.
  await writeFile(join(dist, `.${name}`), code);
  await rename(join(dist, `.${name}`), join(dist, name));
  const [size, packed] = [code.length, gzipSync(code, { level: 9 }).length].map((n) => (n / 1000).toFixed(0));
  console.log(`${name}: ${size} kB, ${packed} kB gzip`);
}

/** Builds both forms and the parts into dist/. */
export async function main() {
  await mkdir(dist, { recursive: true });
  const banner =
    "/* Ischia front end, BSD-3-Clause. Bundled libraries and their licences: ischia.licenses.txt */";
  const alone = await build({ ...first([]), ...ENTRY, outfile: "ischia.mjs", write: false });
  const { parts, handedOver } = await bundleParts(common, filesIn(alone));
  const forms = [
    { name: "ischia.mjs", form: ENTRY },
    { name: "ischia.iife.js", form: { ...ENTRY, format: "iife", globalName: "Ischia" } },
  ];
  for (const { name, form } of forms) {
    const made = await build({
      ...first(handedOver),
      ...form,
      outfile: name,
      write: false,
      banner: { js: banner },
    });
    await keep(name, made.outputFiles[0].contents);
  }
  for (const [name, { code }] of Object.entries(parts))
    await keep(`ischia.${name}.mjs`, Buffer.from(`${banner}\n${code}`));
  for (const [name, entry] of Object.entries(PAGES)) {
    const made = await build({
      ...common,
      entryPoints: [entry],
      outfile: name,
      format: "iife",
      write: false,
      banner: { js: banner },
    });
    await keep(name, made.outputFiles[0].contents);
  }
  const metafiles = [alone.metafile, ...Object.values(parts).map(({ metafile }) => metafile)];
  await writeFile(join(dist, "ischia.licenses.txt"), await notices(metafiles));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
