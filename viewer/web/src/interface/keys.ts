// Keys that work anywhere on the page but where letters are being typed. Arrows, + and − belong to the picture itself.

import { phrase } from "../language/translate";
import { peelDepth, setPeel, toggleFade, toggleHidden, toggleIsolated } from "./actions";
import { toggleConsult } from "./consult/toggle";
import type { Session } from "./session";
import {
  closeAside,
  toggleBodies,
  toggleFocus,
  toggleLessons,
  toggleMeasure,
  toggleQuiz,
  toggleSection,
  toggleTriggers,
  toggleVariants,
} from "./variant-actions";

/** Where letters mean something else. */
const TYPED_IN =
  'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea, select, [contenteditable]';

/** Every key with what it does, for the help. */
export const KEYS: readonly (readonly [
  group: string,
  rows: readonly (readonly [keys: string[], what: string])[],
])[] = [
  [
    phrase("Picture"),
    [
      [["←", "→", "↑", "↓"], phrase("Turn")],
      [[phrase("Shift"), phrase("arrows")], phrase("Move sideways")],
      [["+", "−"], phrase("Closer, farther")],
      [["1", "…", "8"], phrase("Camera views")],
      [["Z"], phrase("Zoom to the selection, or fit all")],
    ],
  ],
  [
    phrase("Structures"),
    [
      [["H"], phrase("Hide the selection, or bring it back")],
      [["I"], phrase("Isolate the selection, or show the rest again")],
      [["F"], phrase("Fade others")],
      [["A"], phrase("Show all")],
      [["[", "]"], phrase("One layer back on, one layer off")],
      [["L"], phrase("Labels: none, selected, all")],
      [["U"], phrase("Undo; with Shift, redo (also Ctrl Z, Ctrl Y)")],
      [["0"], phrase("Start over")],
    ],
  ],
  [
    phrase("Nerve and piriformis"),
    [
      [["V"], phrase("Variants")],
      [["P"], phrase("Nerve and muscle alone, or everything")],
      [["N"], phrase("Follow the nerve; stop")],
      [["X"], phrase("Cross-section")],
      [["M"], phrase("Measure")],
      [["B"], phrase("Compare bodies")],
    ],
  ],
  [phrase("Pain"), [[["T"], phrase("Trigger points: where pain is felt, and where a ball may go")]]],
  [
    phrase("Learning"),
    [
      [["E"], phrase("Lessons")],
      [["Q"], phrase("Quiz")],
    ],
  ],
  [phrase("With a client"), [[["C"], phrase("Consult mode; Esc leaves it")]]],
  [
    phrase("Finding"),
    [
      [["/"], phrase("Search")],
      [[phrase("Esc")], phrase("Close what is open; then clear the selection")],
      [["?"], phrase("This help")],
    ],
  ],
  [
    phrase("In the list"),
    [
      [["↑", "↓"], phrase("Walk")],
      [["→", "←"], phrase("Open, close")],
      [[phrase("Space")], phrase("Show or hide")],
      [[phrase("Enter")], phrase("Select")],
      [[phrase("Shift"), "← →"], phrase("More or less see-through")],
      [[phrase("a letter")], phrase("Jump to a name")],
    ],
  ],
];

const NEXT_LABELS = { none: "selected", selected: "all", all: "none" } as const;

/** Esc: the uppermost of what is open goes first. */
function closeUppermost(session: Session): void {
  if (session.open.value && session.open.value !== "card") session.open.set(null);
  else if (session.measuring.first.value) session.measuring.first.set(null);
  else if (session.aside.value) closeAside(session);
  else if (session.footprint.value) session.footprint.set(null);
  else if (session.store.scene.selected) {
    session.open.set(null);
    session.select(null);
  } else if (session.store.scene.trigger)
    session.dispatch({ type: "set", fields: { trigger: null, ball: null } });
  else if (session.store.scene.beside) session.dispatch({ type: "set", fields: { beside: null } });
  else if (session.store.scene.compare) session.dispatch({ type: "set", fields: { compare: null } });
  else if (session.store.scene.focus) toggleFocus(session);
  else if (session.store.scene.isolated.length) session.dispatch({ type: "isolate", names: [] });
  else session.welcome.set(false);
}

/** While a client is shown something, keys lead out and nowhere else. */
function consultKey(event: KeyboardEvent, session: Session, typing: boolean): boolean {
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key !== "Escape") return false;
  toggleConsult(session);
  return true;
}

/** Does what a key asks for; false if the key means nothing here. */
export function handleKey(event: KeyboardEvent, session: Session): boolean {
  const target = event.composedPath()[0];
  const typing = target instanceof Element && target.matches(TYPED_IN);
  const { store } = session;
  if (store.scene.consult) return consultKey(event, session, typing);
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !typing) {
    const key = event.key.toLowerCase();
    if (key === "z") event.shiftKey ? store.redo() : store.undo();
    else if (key === "y") store.redo();
    else return false;
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || session.dialog.value) return false;
  if (event.key === "Escape") {
    closeUppermost(session);
    return true;
  }
  if (typing) return false;
  const views = Object.keys(session.anatomy.catalogue.views);
  const digit = /^[1-9]$/.test(event.key) ? views[Number(event.key) - 1] : undefined;
  if (digit) {
    session.setView(digit);
    return true;
  }
  const { scene } = store;
  switch (event.key) {
    case "h":
    case "H":
      toggleHidden(session);
      return true;
    case "i":
    case "I":
      toggleIsolated(session);
      return true;
    case "f":
    case "F":
      toggleFade(session);
      return true;
    case "a":
    case "A":
      session.dispatch({ type: "showAll" });
      return true;
    case "l":
    case "L":
      session.dispatch({ type: "set", fields: { labels: NEXT_LABELS[scene.labels] } });
      return true;
    case "z":
    case "Z":
      void session.frame(scene.selected ? [scene.selected] : []);
      return true;
    case "v":
    case "V":
      toggleVariants(session);
      return true;
    case "p":
    case "P":
      toggleFocus(session);
      return true;
    case "n":
    case "N":
      if (session.follow.playing.value) session.follow.pause();
      else if (session.follow.course) {
        if (!scene.focus) toggleFocus(session);
        session.follow.play();
      }
      return true;
    case "x":
    case "X":
      toggleSection(session);
      return true;
    case "t":
    case "T":
      toggleTriggers(session);
      return true;
    case "e":
    case "E":
      toggleLessons(session);
      return true;
    case "q":
    case "Q":
      toggleQuiz(session);
      return true;
    case "b":
    case "B":
      toggleBodies(session);
      return true;
    case "m":
    case "M":
      toggleMeasure(session);
      return true;
    case "c":
    case "C":
      toggleConsult(session);
      return true;
    case "u":
      store.undo();
      return true;
    case "U":
      store.redo();
      return true;
    case "[":
      setPeel(session, peelDepth(session) - 1);
      return true;
    case "]":
      setPeel(session, peelDepth(session) + 1);
      return true;
    case "0":
      session.dispatch({ type: "reset" });
      return true;
    case "/":
      session.findStructure();
      return true;
    case "?":
      session.dialog.set("help");
      return true;
    default:
      return false;
  }
}
