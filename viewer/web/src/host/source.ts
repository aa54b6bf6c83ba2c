// Where atlas and catalogue come from: fetched over HTTP, or handed over by the host or the file that this page is.
import type { AtlasDocument } from "../generated/atlas";
import type { Catalogue } from "../generated/catalogue";
import type { MarksDocument } from "../generated/marks";
import type { PackDocument } from "../generated/pack";
import type { Library } from "../stage/loader";
import { fromBase64, toBytes } from "./bytes";

export interface HttpSource {
  readonly kind: "http";
  /** Address of the folder that holds atlas.json and the GLB files. */
  readonly atlas: string;
  readonly catalogue: string;
  /** Addresses of the documents that are fetched when they are first wanted, by name: `lessons`, `language.de`. */
  readonly documents?: Readonly<Record<string, string>>;
  /** Other bodies, by the name that scenes use. */
  readonly bodies?: Readonly<Record<string, BodyOffer>>;
}

/** A body that can be set beside the page's own. */
export interface BodyOffer {
  readonly title: string;
  /** Where it is opened and measured, and where the catalogue is. */
  readonly address: string;
  readonly catalogue: string;
}

export interface InlineSource {
  readonly kind: "inline";
  readonly atlas: AtlasDocument;
  readonly catalogue: Catalogue;
  /** What is made after the atlas; without it nothing more comes. */
  readonly later?: PackDocument | null;
  /** What an HttpSource has addresses of, itself; a function is called when the document is first wanted. */
  readonly documents?: Readonly<Record<string, unknown>>;
  /** GLB files, and what else the documents name, by name: bytes, base64 text, or a function that brings the bytes. */
  readonly files: Readonly<Record<string, InlineFile | (() => Promise<InlineFile>)>>;
}

type InlineFile = string | Uint8Array | ArrayBuffer | DataView;

/** A host that brings everything in a way of its own: a notebook asks its kernel. */
export interface GivenSource {
  readonly kind: "given";
  readonly load: () => Promise<Loaded>;
}

export type Source = HttpSource | InlineSource | GivenSource;

/** The page cannot show what it was given; the message is for people. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

export interface Loaded {
  readonly atlas: AtlasDocument;
  readonly catalogue: Catalogue;
  /** Names of the documents that there are. */
  readonly documents: readonly string[];
  /** One of them, fetched when it is first wanted. Rejects with a LoadError for people. */
  readonly document: (name: string) => Promise<unknown>;
  /** Bytes of one file of the atlas. `progress` is told how many have come. */
  readonly file: (name: string, progress?: (bytes: number) => void) => Promise<Uint8Array>;
  /** All trigger points on this body. Null where the pack has none: it was made without. */
  readonly marks: (pack: PackDocument) => Promise<MarksDocument | null>;
  /** Other bodies that can be set beside it, by the name that scenes use. */
  readonly bodies?: Readonly<Record<string, BodyOffer>>;
  /** Meshes that other viewers of the page have read already; without it each viewer reads its own. */
  readonly library?: Library;
  /** Waits for what is made after the atlas, and tells how that goes; returns how to stop. */
  readonly later: (tell: (state: Later) => void) => () => void;
}

/** How it stands with what is made after the atlas: skin, small nerves, variants. */
export type Later =
  | { readonly state: "none" }
  | { readonly state: "growing"; readonly done: number; readonly text: string }
  | { readonly state: "ready"; readonly pack: PackDocument }
  | { readonly state: "failed"; readonly message: string };

const READS = 1;
/** Pause between questions whether more has grown. */
const ASK_MS = 1500;

async function get(url: string, what: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LoadError(
      `${what} could not be fetched: the server does not answer. Is it still running, and are you connected?`,
    );
  }
  if (!response.ok) {
    throw new LoadError(
      `${what} could not be fetched: the server answered ${response.status} ${response.statusText}`.trim() +
        ".",
    );
  }
  return response;
}

async function getJson<T>(url: string, what: string, signal: AbortSignal): Promise<T> {
  const response = await get(url, what, signal);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LoadError(`${what} is damaged: what the server sent is not JSON.`);
  }
}

async function readBytes(
  coming: Promise<Response>,
  what: string,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<Uint8Array> {
  const response = await coming;
  try {
    const reader = response.body?.getReader();
    if (!reader) return new Uint8Array(await response.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let count = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      count += part.value.length;
      progress(count);
    }
    const bytes = new Uint8Array(count);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LoadError(`${what} broke off while it was being fetched.`);
  }
}

function checked<T extends { version: number }>(document: T, what: string): T {
  if (typeof document !== "object" || document === null || typeof document.version !== "number")
    throw new LoadError(`${what} is not what it should be: it has no version.`);
  if (document.version > READS)
    throw new LoadError(
      `${what} is of version ${document.version}, made by a newer Ischia; this page reads version ${READS}. Reload the page, or update Ischia.`,
    );
  return document;
}

/** Asks again and again, gently, until what grows is there; a server that is away is asked again too. */
function waitFor(url: string, ended: AbortSignal, tell: (state: Later) => void): () => void {
  const stopped = new AbortController();
  const signal = AbortSignal.any([ended, stopped.signal]);
  const ask = async (): Promise<boolean> => {
    const answer = await fetch(url, { signal, cache: "no-cache" });
    if (answer.status === 202) {
      const { done, text } = (await answer.json()) as { done: number; text: string };
      tell({ state: "growing", done, text });
      return false;
    }
    if (answer.status === 404) tell({ state: "none" });
    else if (answer.ok)
      tell({ state: "ready", pack: checked((await answer.json()) as PackDocument, "What was made later") });
    else tell({ state: "failed", message: await answer.text() });
    return true;
  };
  void (async () => {
    while (!signal.aborted) {
      try {
        if (await ask()) return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof LoadError) {
          tell({ state: "failed", message: error.message });
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
  })();
  return () => stopped.abort();
}

/** How marks are read, given how files are. */
function marksFrom(file: Loaded["file"]): Loaded["marks"] {
  return async ({ marks }) => {
    if (marks === null) return null;
    const text = new TextDecoder().decode(await file(marks));
    let read: MarksDocument;
    try {
      read = JSON.parse(text) as MarksDocument;
    } catch {
      throw new LoadError(`The file ${marks} is damaged: it is not JSON.`);
    }
    return checked(read, "The document of trigger points");
  };
}

/** Atlas and catalogue of a source. Throws LoadError with a message for people. */
export async function loadSource(source: Source, signal: AbortSignal): Promise<Loaded> {
  if (source?.kind === "given") return source.load();
  if (source?.kind === "inline") {
    const file: Loaded["file"] = async (name) => {
      const found = source.files[name];
      if (found === undefined) throw new LoadError(`The file ${name} is missing from this page.`);
      const data = typeof found === "function" ? await found() : found;
      return typeof data === "string" ? fromBase64(data) : toBytes(data);
    };
    return {
      atlas: checked(source.atlas, "The atlas"),
      catalogue: checked(source.catalogue, "The catalogue"),
      documents: Object.keys(source.documents ?? {}),
      document: async (name) => {
        const found = source.documents?.[name];
        if (found === undefined) throw new LoadError(`This page was made without its ${name}.`);
        return typeof found === "function" ? found() : found;
      },
      later: (tell) => {
        tell(source.later ? { state: "ready", pack: source.later } : { state: "none" });
        return () => {};
      },
      file,
      marks: marksFrom(file),
    };
  }
  if (source?.kind !== "http") throw new LoadError("This page was given no atlas to show.");
  const base = source.atlas.endsWith("/") ? source.atlas : `${source.atlas}/`;
  const fetchFile = (name: string) => get(`${base}${encodeURIComponent(name)}`, `The file ${name}`, signal);
  const early = new Map<string, Promise<Response>>();
  /** What the first picture needs is on its way while the page is still being set up. */
  const sendFor = (atlas: AtlasDocument) => {
    for (const { name } of atlas.files.filter((file) => file.wanted === "first")) {
      const coming = fetchFile(name);
      // Whoever asks for the file is told; nobody may ever ask.
      coming.catch(() => {});
      early.set(name, coming);
    }
    return atlas;
  };
  const [atlas, catalogue] = await Promise.all([
    getJson<AtlasDocument>(`${base}atlas.json`, "The atlas", signal).then((read) =>
      sendFor(checked(read, "The atlas")),
    ),
    getJson<Catalogue>(source.catalogue, "The catalogue", signal),
  ]);
  const file: Loaded["file"] = (name, progress = () => {}) => {
    const coming = early.get(name) ?? fetchFile(name);
    // A second try asks anew.
    early.delete(name);
    return readBytes(coming, `The file ${name}`, signal, progress);
  };
  return {
    atlas,
    catalogue: checked(catalogue, "The catalogue"),
    documents: Object.keys(source.documents ?? {}),
    document: async (name) => {
      const address = source.documents?.[name];
      if (address === undefined) throw new LoadError(`This page was made without its ${name}.`);
      return getJson<unknown>(address, `The document ${name}`, signal);
    },
    later: (tell) => {
      if (atlas.growing.length) return waitFor(`${base}later.json`, signal, tell);
      tell({ state: "none" });
      return () => {};
    },
    file,
    marks: marksFrom(file),
    ...(source.bodies ? { bodies: source.bodies } : {}),
  };
}
