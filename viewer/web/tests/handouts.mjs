// Bundles and runs `handouts.ts`: node tests/handouts.mjs INPUT.json FOLDER
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { common } from "../scripts/build.mjs";

const folder = await mkdtemp(join(tmpdir(), "ischia-handouts-"));
const outfile = join(folder, "handouts.mjs");
try {
  await build({
    ...common,
    entryPoints: ["tests/handouts.ts"],
    outfile,
    platform: "node",
    conditions: ["browser"],
    mainFields: ["browser", "module", "main"],
    format: "esm",
    minify: false,
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
