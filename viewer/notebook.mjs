// The page's side of the notebook widget. It is small, since it travels with every widget: the viewer itself and the
// geometry are asked of the kernel when they are first wanted, and kept once for all widgets of the page.

/** What all widgets of a page share, whichever of them came first: each has a copy of this module of its own. */
const SHARED = Symbol.for("ischia.notebook");
globalThis[SHARED] ??= {
  /** Viewer modules by fingerprint. */
  scripts: new Map(),
  /** A `Stock` by hash of its body; it is there while any widget shows that body. */
  bodies: new Map(),
  /** Questions are numbered; two pages may share a kernel, so the page's own mark is in the number. */
  mark: Math.random().toString(36).slice(2),
  asked: 0,
};
const page = globalThis[SHARED];

/** Pause between questions whether more has grown. */
const GROWTH_MS = 2000;
/** So long a kernel may be silent before the reader is told what it may be. */
const SILENT_MS = 8000;
const ENDED = new Error("this widget has been closed");

const WORDS = {
  coming: "Ischia: the atlas is coming from Python …",
  silent:
    "Ischia: Python has not answered yet. It may be busy with another cell, or have been restarted; " +
    "then run this cell again.",
};

/** Asks the kernel through one widget. */
class Asker {
  #model;
  #waiting = new Map();

  constructor(model) {
    this.#model = model;
    model.on("msg:custom", this.#take);
  }

  /** The kernel's answer and its bytes; rejects with an Error for people, or with ENDED. */
  ask(kind, name = "") {
    return new Promise((resolve, reject) => {
      const id = `${page.mark}-${++page.asked}`;
      this.#waiting.set(id, { resolve, reject });
      this.#model.send({ ask: id, kind, name });
    });
  }

  end() {
    this.#model.off("msg:custom", this.#take);
    for (const { reject } of this.#waiting.values()) reject(ENDED);
    this.#waiting.clear();
  }

  #take = (content, buffers = []) => {
    const waiting = this.#waiting.get(content?.answer);
    if (!waiting) return;
    this.#waiting.delete(content.answer);
    if (content.error) waiting.reject(Object.assign(new Error(content.error), { name: "LoadError" }));
    else
      unpacked(buffers[0], content.packed).then(
        (bytes) => waiting.resolve({ ...content, bytes }),
        waiting.reject,
      );
  };
}

/** Bytes as they were before they were packed for the way, in whatever clothes they have come. */
async function unpacked(data, packed) {
  if (data === undefined) return new Uint8Array(0);
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  if (!packed) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const textOf = (bytes) => new TextDecoder().decode(bytes);

/** One body, for every widget that shows it: what has come stays until the last of them is closed. */
class Stock {
  /** Meshes that have been read; made with the viewer's own class. */
  library = null;
  #askers = new Set();
  #kept = new Map();

  join(asker) {
    this.#askers.add(asker);
  }

  /** True if that was the last one; then nothing is kept, whoever still knows this object. */
  leave(asker) {
    this.#askers.delete(asker);
    asker.end();
    if (this.#askers.size > 0) return false;
    this.library?.clear();
    this.library = null;
    this.#kept.clear();
    return true;
  }

  /** Any widget may ask; if it is closed meanwhile, another one does. */
  async ask(kind, name) {
    for (;;) {
      const [asker] = this.#askers;
      if (!asker) throw ENDED;
      try {
        return await asker.ask(kind, name);
      } catch (error) {
        if (error !== ENDED) throw error;
      }
    }
  }

  /** Asked for once, read once; asked for anew after a failure. */
  kept(kind, name, read) {
    const place = `${kind} ${name}`;
    if (!this.#kept.has(place)) {
      const coming = this.ask(kind, name).then(read);
      this.#kept.set(place, coming);
      coming.catch(() => this.#kept.delete(place));
    }
    return this.#kept.get(place);
  }

  json(kind, name = "") {
    return this.kept(kind, name, ({ bytes }) => JSON.parse(textOf(bytes)));
  }

  part(name) {
    return this.kept("part", name, ({ bytes }) => ({ code: textOf(bytes) }));
  }

  /** Bytes of a file: not kept, since what is read from them is. */
  async file(name) {
    return (await this.ask("file", name)).bytes;
  }

  /** How it stands with what is made after the atlas. */
  async growth() {
    const { growth, bytes } = await this.ask("growth");
    return growth.state === "ready" ? { state: "ready", pack: JSON.parse(textOf(bytes)) } : growth;
  }

  /** Tells how it goes until it is over; returns how to stop. */
  later(tell) {
    let stopped = false;
    const follow = async () => {
      while (!stopped) {
        this.growing ??= this.growth();
        const state = await this.growing.finally(() => {
          this.growing = null;
        });
        if (stopped) return;
        tell(state);
        if (state.state !== "growing") return;
        await new Promise((resolve) => setTimeout(resolve, GROWTH_MS));
      }
    };
    follow().catch(
      (error) => stopped || error === ENDED || tell({ state: "failed", message: error.message }),
    );
    return () => {
      stopped = true;
    };
  }

  /** All that a viewer loads, as it wants to have it (`host/source.ts`). */
  async load() {
    const kinds = ["atlas", "catalogue", "documents"];
    const [atlas, catalogue, documents] = await Promise.all(kinds.map((kind) => this.json(kind)));
    // What the first picture needs is on its way while the viewer is still being set up.
    for (const { name, wanted } of atlas.files)
      if (wanted === "first") this.library.meshes(name).catch(() => {});
    return {
      atlas,
      catalogue,
      library: this.library,
      documents,
      document: (name) => this.json("document", name),
      file: (name) => this.file(name),
      marks: async ({ marks }) => (marks === null ? null : this.json("file", marks)),
      later: (tell) => this.later(tell),
    };
  }
}

function stockOf(key) {
  if (!page.bodies.has(key)) page.bodies.set(key, new Stock());
  return page.bodies.get(key);
}

/** The viewer's module, brought once for the page. */
function viewerOf(stock, fingerprint) {
  if (!page.scripts.has(fingerprint)) {
    const coming = stock.ask("script").then(({ bytes }) => {
      const address = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
      return import(address).finally(() => URL.revokeObjectURL(address));
    });
    page.scripts.set(fingerprint, coming);
    coming.catch(() => page.scripts.delete(fingerprint));
  }
  return page.scripts.get(fingerprint);
}

// --- what is around the widget ---

const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Red, green, blue and opacity, 0 to 255, of a CSS colour in whatever notation. */
function colourOf(style) {
  brush.canvas.width = brush.canvas.height = 1; // which also clears it
  brush.fillStyle = style;
  brush.fillRect(0, 0, 1, 1);
  return brush.getImageData(0, 0, 1, 1).data;
}

/** Whether what lies behind an element is dark. */
function onDark(el) {
  const said = document.body.dataset.jpThemeLight;
  if (said) return said === "false";
  for (let node = el; node; node = node.parentElement ?? node.getRootNode().host) {
    const [red, green, blue, opacity] = colourOf(getComputedStyle(node).backgroundColor);
    if (opacity > 127) return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Says on the element whether the notebook is light or dark, now and whenever that changes; returns how to stop. */
function followGround(el) {
  const look = () => {
    el.dataset.ground = onDark(el) ? "dark" : "light";
  };
  let timer;
  const soon = () => {
    look();
    clearTimeout(timer);
    timer = setTimeout(look, 500); // style sheets may come after the words
  };
  const observer = new MutationObserver(soon);
  for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", soon);
  look();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    system.removeEventListener("change", soon);
  };
}

/** With Ctrl or ⌘ these are the viewer's own; all others, such as "save", are the notebook's. */
const UNDO = new Set(["z", "y", "Z", "Y"]);
const ours = (event) => !(event.ctrlKey || event.metaKey) || UNDO.has(event.key);

/** Keeps keys that are typed in the viewer from the notebook's shortcuts; returns how to stop. */
function keepKeys(el) {
  // JupyterLab listens before the element does, and leaves alone what lies in an element with this attribute.
  const before = (event) => {
    if (event.composedPath().includes(el)) el.toggleAttribute("data-lm-suppress-shortcuts", ours(event));
  };
  const after = (event) => ours(event) && event.stopPropagation();
  const kinds = ["keydown", "keypress", "keyup"];
  window.addEventListener("keydown", before, true);
  for (const kind of kinds) el.addEventListener(kind, after);
  return () => {
    window.removeEventListener("keydown", before, true);
    for (const kind of kinds) el.removeEventListener(kind, after);
  };
}

/** A line in the viewer's place until it is there; gives back how to change it. */
function placeholder(el, height) {
  const line = document.createElement("div");
  line.setAttribute("role", "status");
  line.style.cssText =
    "display: flex; align-items: center; justify-content: center; text-align: center; padding: 1em; opacity: 0.8; " +
    "box-sizing: border-box; font: 14px/1.5 system-ui, sans-serif; border: 1px solid #8888; border-radius: 6px";
  line.style.minHeight = typeof height === "number" ? `${height}px` : height;
  line.textContent = WORDS.coming;
  el.append(line);
  return line;
}

/** The model as the viewer knows it: what it loads comes from the stock, and the selection is in the scene. */
function modelFor(model, stock) {
  const given = {
    source: { kind: "given", load: () => stock.load() },
    parts: new Proxy({}, { get: (_, name) => () => stock.part(name) }),
  };
  return {
    get: (name) => given[name] ?? model.get(name),
    set: (name, value) => name === "selected" || model.set(name, value),
    save_changes: () => model.save_changes(),
    on: (event, callback) => model.on(event, callback),
    off: (event, callback) => model.off(event, callback),
  };
}

function render({ model, el }) {
  const key = model.get("atlas_key");
  const stock = stockOf(key);
  const asker = new Asker(model);
  stock.join(asker);
  const line = placeholder(el, model.get("settings").height);
  const silent = setTimeout(() => {
    line.textContent = WORDS.silent;
  }, SILENT_MS);
  let ended = false;
  const endings = [() => clearTimeout(silent), followGround(el), keepKeys(el)];

  const start = async () => {
    const viewer = await viewerOf(stock, key.split("-")[1]);
    stock.library ??= new viewer.Library((name) => stock.file(name));
    if (ended) return;
    clearTimeout(silent);
    line.remove();
    endings.push(viewer.render({ model: modelFor(model, stock), el }));
  };
  start().catch((error) => {
    if (ended || error === ENDED) return;
    clearTimeout(silent);
    line.textContent = `Ischia: ${error.message}`;
  });

  return () => {
    if (ended) return;
    ended = true;
    for (const end of endings.splice(0)) end();
    line.remove();
    if (stock.leave(asker) && page.bodies.get(key) === stock) page.bodies.delete(key);
  };
}

export default { render };
