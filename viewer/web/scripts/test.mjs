// Runs the unit tests: each tests/*.test.ts is bundled to plain JavaScript and handed to Node's own test runner.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { common } from "./build.mjs";
import { sharedModules } from "./parts.mjs";

const root = common.absWorkingDir;
const wanted = process.argv.slice(2);
const found = (await readdir(join(root, "tests"), { recursive: true })).filter((file) =>
  /\.test\.tsx?$/.test(file),
);
const chosen = wanted.length ? found.filter((file) => wanted.some((word) => file.includes(word))) : found;
if (!chosen.length) {
  console.error(`No test file in viewer/web/tests matches ${wanted.join(", ") || "*.test.ts"}.`);
  process.exit(1);
}
const folder = await mkdtemp(join(tmpdir(), "ischia-tests-"));
try {
  await build({
    ...common,
    plugins: [sharedModules(root, []), ...common.plugins],
    entryPoints: chosen.map((file) => join(root, "tests", file)),
    outdir: folder,
    outbase: join(root, "tests"),
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
    minify: false,
    sourcemap: "inline",
  });
  const files = chosen.map((file) => join(folder, file.replace(/\.tsx?$/, ".mjs")));
  const run = spawn(process.execPath, ["--enable-source-maps", "--test", "--test-concurrency=1", ...files], {
    stdio: "inherit",
    cwd: root,
  });
  process.exitCode = await new Promise((resolve) => run.on("close", resolve));
} finally {
  await rm(folder, { recursive: true, force: true });
}
