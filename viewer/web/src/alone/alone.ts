// Starts the viewer in a page that is one file. Everything lies packed in script elements that no browser runs; what runs
// is put into the page as an inline script, whose hash the page's policy names. Nothing is fetched.
import type { InlineSource, MountOptions, PartSource } from "../index";
import { readyForPaper } from "../site/print";
import { fromText, gunzip } from "./unpack";

/** What the page says of itself (`viewer/export.py` writes it). */
interface Values {
  readonly scene: unknown;
  readonly files: readonly string[];
  readonly documents: readonly string[];
  readonly parts: readonly string[];
}

type Bring = Awaited<ReturnType<Extract<PartSource, () => unknown>>>;

declare global {
  /** The front end, once its script has run. */
  var Ischia: { mount: (element: HTMLElement, options: MountOptions) => unknown };
  /** What the scripts of parts leave here, by name. */
  var ischiaParts: Record<string, Bring>;
}

const parsed = new Promise<void>((done) => {
  if (document.readyState !== "loading") done();
  else document.addEventListener("DOMContentLoaded", () => done(), { once: true });
});

/** The bytes of one packed part. It is whole once something follows it; until then the page is still coming. */
async function bytes(name: string): Promise<Uint8Array> {
  const find = () => document.querySelector<HTMLElement>(`script[data-part="${CSS.escape(name)}"]`);
  let element = find();
  if (!element?.nextElementSibling) {
    await parsed;
    element = find();
  }
  if (!element) throw new Error(`This file is damaged: its part "${name}" is missing.`);
  return gunzip(fromText(element.textContent ?? "", Number(element.dataset.bytes)));
}

const text = async (name: string) => new TextDecoder().decode(await bytes(name));
const json = async (name: string): Promise<unknown> => JSON.parse(await text(name));

/** Runs a script that lies packed in the page, if the policy knows it. */
async function run(name: string): Promise<void> {
  const script = document.createElement("script");
  script.textContent = await text(name);
  document.head.append(script);
  script.remove();
}

async function part(name: string): Promise<Bring> {
  await run(`part/${name}`);
  const brought = globalThis.ischiaParts[name];
  if (!brought) throw new Error(`This file is damaged: its script "${name}" did not run.`);
  return brought;
}

/** By name, how to come by it. */
const byName = <T>(names: readonly string[], bring: (name: string) => Promise<T>) =>
  Object.fromEntries(names.map((name) => [name, () => bring(name)]));

async function start(host: HTMLElement): Promise<void> {
  const values = JSON.parse(document.getElementById("ischia-values")?.textContent ?? "{}") as Values;
  globalThis.ischiaParts = {};
  const coming = Promise.all([json("atlas"), json("catalogue"), json("later")]);
  await run("script");
  const [atlas, catalogue, later] = (await coming) as unknown as [
    InlineSource["atlas"],
    InlineSource["catalogue"],
    InlineSource["later"],
  ];
  globalThis.Ischia.mount(host, {
    source: {
      kind: "inline",
      atlas,
      catalogue,
      later: later ?? null,
      files: byName(values.files, (name) => bytes(`file/${name}`)),
      documents: byName(values.documents, (name) => json(`document/${name}`)),
    },
    scene: values.scene,
    parts: byName(values.parts, part),
    settings: { link_fragment: true, height: "100%" },
  });
}

const host = document.getElementById("ischia-page");
if (host) {
  readyForPaper(host);
  start(host).catch((error: unknown) => {
    const unknown = typeof DecompressionStream === "undefined";
    host.className = "problem";
    host.textContent = unknown
      ? "This browser is too old for this page: it needs one of 2023 or later."
      : (error as Error).message;
    console.error(error);
  });
}
