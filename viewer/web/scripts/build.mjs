// Builds the front end: one source, two forms. An ES module for hosts that import (Panel, notebooks) and a classic
// script for a single file, where modules cannot be loaded. Styles travel inside both.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
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
  plugins: [styleText, slimThree(root)],
};

/** The licences of everything that was bundled, which must travel with it. */
async function notices(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
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

/** Builds both forms into dist/. */
export async function main() {
  await mkdir(dist, { recursive: true });
  const banner =
    "/* Ischia front end, BSD-3-Clause. Bundled libraries and their licences: ischia.licenses.txt */";
  const forms = [
    { outfile: "ischia.mjs", format: "esm", entryPoints: ["src/index.ts"] },
    { outfile: "ischia.iife.js", format: "iife", globalName: "Ischia", entryPoints: ["src/index.ts"] },
  ];
  for (const { outfile, ...form } of forms) {
    const result = await build({ ...common, ...form, outfile: join(dist, outfile), banner: { js: banner } });
    if (form.format === "esm")
      await writeFile(join(dist, "ischia.licenses.txt"), await notices(result.metafile));
    const code = await readFile(join(dist, outfile));
    console.log(
      `${outfile}: ${(code.length / 1000).toFixed(0)} kB, ${(gzipSync(code, { level: 9 }).length / 1000).toFixed(0)} kB gzip`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
