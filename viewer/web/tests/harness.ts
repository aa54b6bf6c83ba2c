// A bare page around the stage, for pictures and measurements while it is being worked on: never bundled with the product.
import { Stage } from "../src/stage";
import type { AtlasDocument, Look } from "../src/stage/types";

const base = new URLSearchParams(location.search).get("atlas") ?? "/atlas/";
const host = document.getElementById("host") as HTMLElement;

async function main() {
  const atlas = (await (await fetch(`${base}atlas.json`)).json()) as AtlasDocument;
  const load = async (file: string) => new Uint8Array(await (await fetch(base + file)).arrayBuffer());
  const stage = new Stage(host, atlas, load);
  const structures: Look["structures"] = Object.fromEntries(
    Object.values(atlas.structures).map((entry) => [
      entry.id,
      { visible: entry.kind !== "skin", opacity: 1 },
    ]),
  );
  const look: Look = {
    structures,
    footprints: [],
    labels: [],
    landmarks: [],
    cut: null,
    theme: "light",
    reducedMotion: false,
  };
  Object.assign(globalThis, { stage, atlas, look });
  stage.apply(look);
  await stage.ready;
  document.body.dataset.ready = "true";
}

void main();
