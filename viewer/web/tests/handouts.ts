// Writes the handout of every trigger point on both papers as PDF files: `handouts.mjs` bundles and runs it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalogue } from "../src/generated/catalogue";
import { compose, type Wanted } from "../src/interface/consult/handout/compose";
import { makePdf } from "../src/interface/consult/handout/pdf";
import type { TriggerPoint } from "../src/interface/consult/wording";
import { translator } from "../src/language/translate";

interface Input {
  readonly catalogue: Catalogue;
  readonly sources: Wanted["sources"];
  /** JPEG as an address, and its size in pixels. */
  readonly picture: { readonly address: string; readonly width: number; readonly height: number };
}

const [input = "", folder = ""] = process.argv.slice(2);
const { catalogue, sources, picture } = JSON.parse(readFileSync(input, "utf8")) as Input;

function write(point: TriggerPoint, flags: Wanted["flags"]): void {
  const balls = point.self_care.tools;
  const shown = point.shown === "text_only" ? 0 : flags === "none" && balls.length ? 3 : 2;
  const pictures = ["From behind", "From the side", "Where it goes: ball"]
    .slice(0, shown)
    .map((caption, i) => ({ ...picture, caption, ball: i === 2 }));
  const wanted: Wanted = {
    t: translator(null),
    catalogue,
    sources,
    point,
    side: "left",
    flags,
    balls,
    pictures,
    name: "",
    date: "",
  };
  for (const paper of ["a4", "letter"] as const)
    writeFileSync(
      join(folder, `${point.id} ${flags} ${paper}.pdf`),
      new Uint8Array(makePdf(compose(wanted), paper)),
    );
}

for (const point of Object.values(catalogue.trigger_points))
  for (const flags of ["open", "none", "some"] as const) write(point, flags);
