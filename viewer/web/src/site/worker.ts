// Keeps a whole version of the site on the device, so that it opens without a network. A version is there whole or not at
// all: it is taken into use only once each of its files has come and is what it should be, and the one before goes then.

interface SiteVersion {
  /** Hash of all files. */
  readonly version: string;
  /** SHA-256 by address, relative to the site; the page itself is "./". */
  readonly files: Readonly<Record<string, string>>;
}

/** Written before this script by `viewer/site.py`. */
declare const SITE: SiteVersion;

/** Of a worker's own scope, what is used here: the DOM's types know only pages. */
interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void>; matchAll(options: object): Promise<readonly unknown[]> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
}

interface WorkerEvent extends Event {
  readonly request: Request;
  readonly data: unknown;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as Worker;
const SCOPE = worker.registration.scope;
/** Caches belong to a whole origin, where several sites may lie. */
const MINE = `ischia ${SCOPE} `;
const CACHE = `${MINE}${SITE.version}`;
const PAGE = "./";
/** Files that are fetched at the same time: few, since the page at work wants some too. */
const AT_ONCE = 3;

const address = (name: string) => new URL(name, SCOPE).href;

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function keep(cache: Cache, name: string, hash: string): Promise<void> {
  if (await cache.match(address(name))) return;
  // A name with a hash in it never changes its content; the few others are asked for anew.
  const response = await fetch(address(name), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  const bytes = await response.arrayBuffer();
  if (hex(await crypto.subtle.digest("SHA-256", bytes)) !== hash)
    throw new Error(`${name} is of another version`);
  // Made anew: an answer that was led elsewhere may not be used for the page itself.
  const headers = { "content-type": response.headers.get("content-type") ?? "" };
  await cache.put(address(name), new Response(bytes, { headers }));
}

/** Fetches all that is not there yet; what has come stays for the next try. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  const waiting = Object.entries(SITE.files);
  const one = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await keep(cache, ...next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(MINE) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const { pathname } = new URL(request.url);
  const home = [new URL(SCOPE).pathname, new URL("index.html", SCOPE).pathname].includes(pathname);
  const found = await cache.match(home ? address(PAGE) : request, { ignoreSearch: true });
  return found ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
worker.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && event.request.url.startsWith(SCOPE))
    event.respondWith(answer(event.request));
});
// A page that has just been opened asks for the newer version; others, still at work with the one before, keep it.
worker.addEventListener("message", (event) => {
  if (event.data !== "take over") return;
  const windows = worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  event.waitUntil(windows.then((open) => (open.length <= 1 ? worker.skipWaiting() : undefined)));
});
