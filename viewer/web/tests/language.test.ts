import assert from "node:assert/strict";
import { test } from "node:test";
import { h } from "preact";
import { Anatomy } from "../src/atlas/anatomy";
import { search, searchIndex } from "../src/atlas/search";
import type { LanguageDocument } from "../src/generated/language";
import { markForeign } from "../src/language/foreign";
import { Language } from "../src/language/language";
import { plain, translator } from "../src/language/translate";
import { announcement } from "../src/scene/announce";
import { anatomy, atlas, catalogue, scene } from "./fixtures";

const document: LanguageDocument = {
  version: 1,
  code: "de",
  name: "Deutsch",
  reviewed: { interface: null, names: null, safety: null },
  texts: {
    "Selected: {name}.": "Ausgewählt: {name}.",
    "right {name}": "{name} rechts",
    right: "rechts",
    "{n} structure": "{n} Struktur",
    "{n} structures": "{n} Strukturen",
    "Stop.": "Aufhören.",
  },
  catalogue: {
    "structures/piriformis/names/english": "birnenförmiger Muskel",
    "structures/piriformis/names/synonyms": ["Piriformis-Muskel"],
    "views/posterior/name": "Von hinten",
  },
};
const german = new Anatomy(atlas, catalogue).speaking(new Language(document));
const { t } = german;

test("a text is translated with its holes filled; one that is missing is English, and marked as such", () => {
  assert.equal(t("Selected: {name}.", { name: "x" }), "Ausgewählt: x.");
  const missing = t("Hidden: {names}.", { names: "x" });
  assert.notEqual(missing, "Hidden: x.");
  assert.equal(plain(missing), "Hidden: x.");
  assert.equal(anatomy.t("Hidden: {names}.", { names: "x" }), "Hidden: x.");
});

test("counts, numbers and lists follow the language", () => {
  assert.equal(t.n(1, "{n} structure", "{n} structures"), "1 Struktur");
  assert.equal(t.n(0, "{n} structure", "{n} structures"), "0 Strukturen");
  assert.equal(t.number(3.5, 1), "3,5");
  assert.equal(anatomy.t.number(1234.5, 1), "1,234.5");
  assert.equal(t.list(["a", "b"]), "a und b");
});

test("names come in the language, then English with its mark; Latin stays", () => {
  assert.equal(german.title("piriformis.right", "english").full, "Birnenförmiger Muskel rechts");
  assert.equal(german.title("piriformis", "latin").full, "Musculus piriformis");
  const other = german.title("gluteus_maximus", "english").full;
  assert.notEqual(other, plain(other));
  assert.equal(plain(other), "Gluteus maximus");
  assert.equal(german.catalogue.views.posterior?.name, "Von hinten");
  assert.equal(german.english.views.posterior?.name, catalogue.views.posterior?.name);
});

test("search finds a name in the language, in Latin and in English alike", () => {
  const index = searchIndex(german);
  for (const query of ["birnenförmig", "Piriformis-Muskel", "musculus piriformis", "piriformis rechts"])
    assert.equal(search(index, query)[0]?.id, "piriformis", query);
  assert.equal(search(index, "piriformis rechts")[0]?.side, "right");
  assert.equal(search(index, "gluteus maximus")[0]?.id, "gluteus_maximus");
});

test("what has changed is said in the language", () => {
  const before = scene();
  const said = announcement(before, { ...before, selected: "piriformis.right" }, german);
  assert.equal(said, "Ausgewählt: Birnenförmiger Muskel rechts.");
});

test("an unreviewed text about safety has its English beside it, a reviewed one has not", () => {
  assert.equal(t.beside(t.safe("Stop.")), "Stop.");
  assert.equal(t.beside("Ausgewählt: x."), null);
  assert.equal(t.beside(t.safe("Not translated.")), null, "that is English already");
  const reviewed = translator({ ...document, reviewed: { ...document.reviewed, safety: "Dr. A" } });
  assert.equal(reviewed.beside(reviewed.safe("Stop.")), null);
  assert.equal(anatomy.t.beside(anatomy.t.safe("Stop.")), null);
});

test("what is marked is shown with its language and a sign; attributes lose the mark alone", () => {
  markForeign();
  const word = t("Not translated.");
  const vnode = h("button", { title: word }, word, " ", "Deutsch") as unknown as {
    props: { title: string; children: { type: string; props: { lang: string; children: string } }[] };
  };
  assert.equal(vnode.props.title, "Not translated.");
  const [first] = vnode.props.children;
  assert.deepEqual([first?.type, first?.props.lang, first?.props.children], ["bdi", "en", "Not translated."]);
  const option = h("option", {}, word) as unknown as { props: { lang: string; children: string[] } };
  assert.deepEqual([option.props.lang, option.props.children], ["en", ["Not translated."]]);
});
