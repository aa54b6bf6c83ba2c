// Scripts that the page fetches when they are first needed. What they have in common with the first script, or with each
// other, is bundled once: a part asks for it by name, and whoever brought it hands it over.
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "esbuild";

const SHARED = "ischia:shared";
const ENTRY = "ischia:part";

/** Names of the parts with those that have to be there before, each after what it needs. */
export async function partNeeds(root) {
  return JSON.parse(await readFile(join(root, "src/parts/needs.json"), "utf8"));
}

/** A module that imports these files and exports them by name, and a part's own exports if it has an entry. */
function sharing(files, entry = null) {
  const imports = files.map((file, i) => `import * as m${i} from ${JSON.stringify(`./${file}`)};`);
  const own = entry ? [`export * as part from ${JSON.stringify(`./${entry}`)};`] : [];
  const list = files.map((file, i) => `${JSON.stringify(file)}: m${i}`);
  return [...imports, ...own, `export const shared = { ${list.join(", ")} };`].join("\n");
}

/** esbuild plugin: gives the first script the modules that parts ask it for. */
export function sharedModules(root, files) {
  return {
    name: "shared-modules",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${SHARED}$`) }, () => ({ path: SHARED, namespace: "shared" }));
      build.onLoad({ filter: /.*/, namespace: "shared" }, () => ({
        contents: sharing(files),
        resolveDir: root,
      }));
    },
  };
}

/** esbuild plugin: the entry of a part, and calls for what others have brought instead of a copy of it. */
function partOf(root, name, known, files) {
  return {
    name: "part",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${ENTRY}$`) }, () => ({ path: ENTRY, namespace: "part" }));
      build.onLoad({ filter: /.*/, namespace: "part" }, () => ({
        contents: sharing(files, `src/parts/${name}.ts`),
        resolveDir: root,
      }));
      build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData?.seen || kind === "entry-point") return undefined;
        const asked = { kind, importer, resolveDir: resolveDir || root, pluginData: { seen: true } };
        const found = await build.resolve(path, asked);
        const file = found.path && relative(root, found.path);
        // What is handed over has been run already; asking for what is not used would bring it all in.
        return known.has(file) ? { path: file, external: true, sideEffects: false } : found;
      });
    },
  };
}

/** Files that do nothing but pass on what others export: a part goes through them to what it needs. */
const PASSES_ON = /\/three\/src\/Three(\.Core)?\.js$/;

/** Files of which something stands in a bundle. */
export function filesIn({ metafile }) {
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output.inputs)
    .filter(
      ([file, { bytesInOutput }]) =>
        bytesInOutput > 0 && !/^(shared|part):/.test(file) && !PASSES_ON.test(file),
    )
    .map(([file]) => file);
}

const asked = ({ metafile }) =>
  Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );

async function bundlePart(common, name, known, files) {
  return await build({
    ...common,
    plugins: [partOf(common.absWorkingDir, name, known, files), ...common.plugins],
    entryPoints: [ENTRY],
    outfile: `ischia.${name}.mjs`,
    format: "cjs",
    write: false,
    banner: { js: "export default (require) => { const module = { exports: {} };" },
    footer: { js: "return module.exports; };" },
  });
}

/**
 * Bundles every part against the files of the first script. Gives back their code and metafile by name, and the files
 * that the first script has to hand over.
 */
export async function bundleParts(common, first) {
  const needs = await partNeeds(common.absWorkingDir);
  const names = Object.keys(needs);
  const brought = new Map();
  const known = (name) => new Set([...first, ...needs[name].flatMap((other) => brought.get(other) ?? [])]);
  for (const name of names) brought.set(name, filesIn(await bundlePart(common, name, known(name), [])));
  const wanted = new Set();
  const parts = {};
  // The last one first: what it asks for decides what those before it hand over.
  for (const name of names.toReversed()) {
    const own = brought.get(name).filter((file) => wanted.has(file));
    const result = await bundlePart(common, name, known(name), own);
    for (const file of asked(result)) wanted.add(file);
    parts[name] = { code: result.outputFiles[0].text, metafile: result.metafile };
  }
  return { parts, handedOver: first.filter((file) => wanted.has(file)) };
}
