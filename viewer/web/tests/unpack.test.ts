// Bytes that a one-file page carries as text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { fromText, gunzip } from "../src/alone/unpack";

/** What `viewer/packing.py` writes, in lines of four characters. */
function asText(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) =>
    byte.toString(2).padStart(8, "0").split("").reverse().join(""),
  ).join("");
  const pairs = bits.padEnd(Math.ceil(bits.length / 13) * 13, "0").match(/.{13}/g) ?? [];
  const char = (digit: number) => String.fromCharCode(digit + 35 + (digit + 35 >= 60 ? 1 : 0));
  const text = pairs
    .map((pair) => Number.parseInt(pair.split("").reverse().join(""), 2))
    .map((number) => char(Math.floor(number / 91)) + char(number % 91))
    .join("");
  return text.match(/.{1,4}/g)?.join("\n") ?? "";
}

test("every byte comes back, over ends of lines too", () => {
  const bytes = Uint8Array.from({ length: 1001 }, (_, i) => (i * 7919) % 256);
  for (const count of [1, 2, 13, 14, 256, 1001]) {
    const some = bytes.slice(0, count);
    assert.deepEqual(fromText(asText(some), count), some);
  }
});

test("what was packed is unpacked", async () => {
  const said = new TextEncoder().encode("piriformis ".repeat(50));
  const packed = new Uint8Array(gzipSync(said));
  assert.deepEqual(await gunzip(fromText(asText(packed), packed.length)), said);
});
