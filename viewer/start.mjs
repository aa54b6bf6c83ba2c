// Starts the viewer in the app's page at once, and links it to Python when Python's own scripts have come.
// Bokeh and Panel bring 2.7 MB of script for the link alone: the picture need not wait for them.
// The page imports this module for `start`; Panel imports the same module as the component's script for `default`.

/** What anywidget calls a model: named values, set here or by Python. */
class Model {
  #values;
  #changed = new Set();
  #listeners = new Map();
  /** Called with the names and values that the page has changed; set once Python is linked. */
  forward = null;

  constructor(values) {
    this.#values = { ...values };
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values[name] = value;
    this.#changed.add(name);
    this.#tell(name);
  }

  save_changes() {
    const changed = [...this.#changed];
    if (this.forward !== null) {
      this.#changed.clear();
      if (changed.length > 0) {
        this.forward(changed.map((name) => [name, this.#values[name]]));
      }
    }
  }

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  off(event, listener) {
    const kept = (this.#listeners.get(event) ?? []).filter((other) => listener && other !== listener);
    this.#listeners.set(event, kept);
  }

  /** Take over a value that Python has set. */
  receive(name, value) {
    this.#values[name] = value;
    this.#changed.delete(name);
    this.#tell(name);
  }

  #tell(name) {
    for (const listener of this.#listeners.get(`change:${name}`) ?? []) {
      listener();
    }
  }
}

const SHARED = ["scene", "selected"];
let page = null;

/** Draw the viewer into `host` with these values, then let Python's scripts in. */
export async function start(host, values, viewer) {
  page = new Model(values);
  const drawn = new Promise((resolve) => {
    new PerformanceObserver((list, observer) => {
      if (list.getEntriesByName("ischia:first-frame").length > 0) {
        observer.disconnect();
        resolve();
      }
    }).observe({ type: "mark", buffered: true });
    setTimeout(resolve, 15000); // without a first picture (no WebGL, say) the link to Python is wanted all the same
  });
  await viewer.render({ model: page, el: host });
  await drawn;
  await link();
}

/** Load the scripts named by the page one after the other, then run what they wait for. */
async function link() {
  const waiting = document.getElementById("ischia-python");
  for (const address of waiting.dataset.scripts.split(" ")) {
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${address} did not come`));
      document.head.append(script);
    });
  }
  globalThis.Bokeh.set_log_level("error");
  document.body.append(waiting.content.cloneNode(true));
  watch();
}

/** Say when the link to Python is lost, find it again, and say so: a loss changes nothing else. */
function watch() {
  const held = globalThis.Bokeh.documents[0];
  if (held === undefined) {
    setTimeout(watch, 200);
    return;
  }
  let lost = false;
  const look = async (reconnect) => {
    // Another run of the server does not know this page's session, so only the same run is joined again.
    const run = await fetch("alive", { cache: "no-store" }).then(
      (answer) => (answer.ok ? answer.text() : null),
      () => null,
    );
    if (!lost) {
      return;
    }
    if (run === document.documentElement.dataset.run) {
      reconnect();
    } else if (run !== null) {
      say("Python was started anew. Reload this page to link it again; the view is kept.");
    } else {
      setTimeout(() => look(reconnect), 3000);
    }
  };
  held.on_event("connection_lost", (_document, event) => {
    lost = true;
    say("The link to Python is lost. Everything on this page keeps working.");
    setTimeout(() => look(() => event.reconnect()), 1000);
  });
  held.on_event("client_reconnected", () => {
    lost = false;
    say("The link to Python is back.");
    setTimeout(() => lost || say(null), 3000);
  });
}

function say(text) {
  document.querySelector(".ischia")?.setNotice(text);
}

export default {
  /** Panel has a model from Python: from now on it and the page's model follow each other. */
  render({ model }) {
    const receive = SHARED.map((name) => [`change:${name}`, () => page.receive(name, model.get(name))]);
    for (const [event, listener] of receive) {
      model.on(event, listener);
    }
    page.forward = (changes) => {
      for (const [name, value] of changes) {
        model.set(name, value);
      }
      model.save_changes();
    };
    page.save_changes(); // what was done before Python came
    document.documentElement.dataset.linked = "true";
    return () => {
      page.forward = null;
    };
  },
};
