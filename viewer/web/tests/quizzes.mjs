// Bundles and runs `quizzes.ts`: node tests/quizzes.mjs INPUT.json OUTPUT.json
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { common } from "../scripts/build.mjs";
import { sharedModules } from "../scripts/parts.mjs";

const folder = await mkdtemp(join(tmpdir(), "ischia-quizzes-"));
const outfile = join(folder, "quizzes.mjs");
try {
  await build({
    ...common,
    plugins: [sharedModules(common.absWorkingDir, []), ...common.plugins],
    entryPoints: ["tests/quizzes.ts"],
    outfile,
    platform: "node",
    format: "esm",
    minify: false,
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
