import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fromBase64, toBytes } from "../src/host/bytes";
import { LoadError, loadSource, type Source } from "../src/host/source";
import { atlas, catalogue } from "./fixtures";

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

const { signal } = new AbortController();
const http: Source = { kind: "http", atlas: "http://here/atlas/1", catalogue: "http://here/c.json" };

function answer(files: Record<string, () => Response>): void {
  globalThis.fetch = (async (url: string) =>
    files[url]?.() ?? new Response("", { status: 404 })) as typeof fetch;
}

const whatFails = async (load: Promise<unknown>): Promise<string> => {
  const error = await load.then(() => null).catch((reason: unknown) => reason);
  assert.ok(error instanceof LoadError, String(error));
  return error.message;
};

test("bytes are the same in every dress, and none is copied", () => {
  const bytes = new Uint8Array([9, 1, 2, 3, 9]);
  const middle = new DataView(bytes.buffer, 1, 3);
  assert.deepEqual([...toBytes(middle)], [1, 2, 3]);
  assert.deepEqual([...toBytes(bytes.buffer)], [9, 1, 2, 3, 9]);
  assert.equal(toBytes(bytes), bytes);
  assert.deepEqual([...fromBase64("AQID")], [1, 2, 3]);
});

test("an inline source hands out its files, and names one that is missing", async () => {
  const files = { "atlas.glb": "AQID", "more.glb": new DataView(new Uint8Array([4, 5]).buffer) };
  const loaded = await loadSource({ kind: "inline", atlas, catalogue, files }, signal);
  assert.deepEqual([...(await loaded.file("atlas.glb"))], [1, 2, 3]);
  assert.deepEqual([...(await loaded.file("more.glb"))], [4, 5]);
  assert.match(await whatFails(loaded.file("gone.glb")), /gone\.glb is missing/);
});

test("marks come from the file that the pack names, from a page of its own too", async () => {
  const pack = (marks: string | null) => ({ marks }) as unknown as Parameters<typeof inline.marks>[0];
  const text = JSON.stringify({ version: 1, sinks: 6, points: {}, regions: {} });
  const files = {
    "marks-1.json": btoa(text),
    "marks-2.json": btoa("{"),
    "marks-3.json": btoa('{"version":2}'),
  };
  const inline = await loadSource({ kind: "inline", atlas, catalogue, files }, signal);
  assert.equal((await inline.marks(pack("marks-1.json")))?.sinks, 6);
  assert.equal(await inline.marks(pack(null)), null);
  assert.match(await whatFails(inline.marks(pack("marks-2.json"))), /marks-2\.json is damaged/);
  assert.match(await whatFails(inline.marks(pack("marks-3.json"))), /newer Ischia/);
  answer({
    "http://here/atlas/1/atlas.json": () => Response.json(atlas),
    "http://here/c.json": () => Response.json(catalogue),
    "http://here/atlas/1/marks-1.json": () => new Response(text),
  });
  assert.equal((await (await loadSource(http, signal)).marks(pack("marks-1.json")))?.sinks, 6);
});

test("files come from the atlas's folder, and their coming is counted", async () => {
  answer({
    "http://here/atlas/1/atlas.json": () => Response.json(atlas),
    "http://here/c.json": () => Response.json(catalogue),
    "http://here/atlas/1/atlas.glb": () => new Response(new Uint8Array([1, 2, 3, 4])),
  });
  const loaded = await loadSource(http, signal);
  const counts: number[] = [];
  assert.deepEqual([...(await loaded.file("atlas.glb", (count) => counts.push(count)))], [1, 2, 3, 4]);
  assert.equal(counts.at(-1), 4);
});

test("what the first picture needs is sent for once, at once; a second try asks anew", async () => {
  const asked: string[] = [];
  const works = { now: false };
  answer({
    "http://here/atlas/1/atlas.json": () => Response.json(atlas),
    "http://here/c.json": () => Response.json(catalogue),
    "http://here/atlas/1/atlas.glb": () => {
      asked.push("atlas.glb");
      return works.now ? new Response(new Uint8Array([7])) : new Response("", { status: 503 });
    },
  });
  const loaded = await loadSource(http, signal);
  assert.deepEqual(asked, ["atlas.glb"]);
  assert.match(await whatFails(loaded.file("atlas.glb")), /answered 503/);
  assert.deepEqual(asked, ["atlas.glb"]);
  works.now = true;
  assert.deepEqual([...(await loaded.file("atlas.glb"))], [7]);
  assert.deepEqual(asked, ["atlas.glb", "atlas.glb"]);
});

test("what goes wrong is said in words", async () => {
  answer({ "http://here/c.json": () => Response.json(catalogue) });
  assert.match(await whatFails(loadSource(http, signal)), /The atlas.*answered 404/);
  answer({
    "http://here/atlas/1/atlas.json": () => new Response("<html>"),
    "http://here/c.json": () => Response.json(catalogue),
  });
  assert.match(await whatFails(loadSource(http, signal)), /damaged/);
  globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  assert.match(await whatFails(loadSource(http, signal)), /does not answer/);
  const newer = { ...atlas, version: 2 } as unknown as typeof atlas;
  assert.match(
    await whatFails(loadSource({ kind: "inline", atlas: newer, catalogue, files: {} }, signal)),
    /newer Ischia/,
  );
  assert.match(await whatFails(loadSource({} as Source, signal)), /no atlas/);
});
