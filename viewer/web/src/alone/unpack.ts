// Reads what a page that is one file carries packed: text to bytes (`viewer/packing.py` writes it), and gzip undone.

const BITS = 13;
const BASE = 91;
const FIRST = 35; // #
const LEFT_OUT = 60; // <
const LINE_END = 10;

const digit = (code: number) => code - FIRST - (code > LEFT_OUT ? 1 : 0);

/** The bytes of a text: each pair of characters is thirteen bits, the lowest first. */
export function fromText(text: string, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  let held = 0;
  let bits = 0;
  for (let i = 0, at = 0; at < count; i += 2) {
    if (text.charCodeAt(i) === LINE_END) i++;
    held |= (digit(text.charCodeAt(i)) * BASE + digit(text.charCodeAt(i + 1))) << bits;
    for (bits += BITS; bits >= 8 && at < count; bits -= 8) {
      bytes[at++] = held & 255;
      held >>>= 8;
    }
  }
  return bytes;
}

export async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
