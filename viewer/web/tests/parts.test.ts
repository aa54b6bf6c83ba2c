// Scripts that come when they are first needed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bring, Parts } from "../src/host/parts";

/** A part as the build writes it, that counts how often it was run. */
const script = (body: string) =>
  `data:text/javascript,${encodeURIComponent(`export default (require) => { globalThis.runs = (globalThis.runs ?? 0) + 1; ${body} };`)}`;
const WHOLE = script('return { part: { styles: ".a{}", View: 7 }, shared: {} };');

Object.assign(globalThis, { document: { baseURI: "http://localhost/" } });

test("a part is fetched once, and its styles are taken over once", async () => {
  Object.assign(globalThis, { runs: 0 });
  const adopted: string[] = [];
  const parts = new Parts({ trigger: WHOLE }, (styles) => adopted.push(styles));
  const [first, second] = await Promise.all([parts.load("trigger"), parts.load("trigger")]);
  assert.equal(first, second);
  assert.deepEqual(adopted, [".a{}"]);
  assert.equal((globalThis as unknown as { runs: number }).runs, 1);
});

test("a page without a server brings a part itself, or its text", async () => {
  const brought = { part: { View: 7 }, shared: {} };
  const bring = (() => brought) as unknown as Bring;
  const parts = new Parts({ trigger: async () => bring }, () => {});
  assert.equal(await parts.load("trigger"), bring(() => ({})).part);
  const told = new Parts({ trigger: async () => ({ code: "throw 1" }) }, () => {});
  await assert.rejects(told.load("trigger"), /could not be fetched/);
});

test("what does not come is said for people, and asked for anew", async () => {
  const sources: Record<string, string> = { trigger: "data:text/javascript,throw 1" };
  const parts = new Parts(sources, () => {});
  await assert.rejects(parts.load("trigger"), /could not be fetched/);
  sources.trigger = WHOLE;
  assert.ok(await parts.load("trigger"));
});

test("a page without a part, or older than it, says so", async () => {
  await assert.rejects(new Parts({}, () => {}).load("trigger"), /without this part/);
  const newer = new Parts({ trigger: script('require("src/new.ts");') }, () => {});
  await assert.rejects(newer.load("trigger"), /Reload/);
});
