"""The page in other languages: chosen, remembered, whole; what is said about safety stands beside its English."""

from __future__ import annotations

from collections.abc import Callable

from annotations.catalogue import catalogue
from annotations.loading import translation

from .conftest import PHONE
from .driver import Viewer
from .test_phone import ALL, overflow, small_targets

COARSE = True

OTHERS = {"es": "Español", "fr": "Français", "ja": "日本語", "pt": "Português", "de": "Deutsch"}

# Texts around the picture, and those that are only heard, but for what says itself that it is English.
SAID = f"""() => {{ {ALL}
  const texts = [];
  for (const e of all(eyes.root.shadowRoot)) {{
    if (e.closest('[lang="en"], .stage, style, select')) continue;
    for (const node of e.childNodes) if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent.trim());
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      if (e.hasAttribute(name)) texts.push(e.getAttribute(name));
  }}
  return texts.filter(Boolean);
}}"""


def say(viewer: Viewer, code: str) -> None:
    """Choose a language as a person does: in the menu."""
    if not viewer.page.locator(".language").is_visible():
        viewer.page.locator('.opener[data-panel="menu"] button').click()
    viewer.page.locator(".language select").select_option(code)
    viewer.page.locator(f'.ischia[lang="{code}"]').wait_for()
    viewer.page.keyboard.press("Escape")


def english_on(viewer: Viewer, code: str) -> set[str]:
    """English texts of the interface that are on the page as if they were of the language."""
    texts = translation(code).texts
    other = {english for english, text in texts.items() if text != english and english not in texts.values()}
    return set(viewer.page.evaluate(SAID)) & other


def clipped(viewer: Viewer) -> list[str]:
    """Buttons whose words do not fit into them; a badge's name goes on unseen."""
    found: list[str] = viewer.page.evaluate(
        f"""() => {{ {ALL}
          return all(eyes.root.shadowRoot).filter((e) => e.matches('button, .segment span, .tool-label'))
            .filter((e) => e.checkVisibility() && !e.closest('.unseen, .peel-steps, .badge'))
            .filter((e) => e.clientWidth > 0 && getComputedStyle(e).display !== 'inline')
            .filter((e) => e.scrollWidth > e.clientWidth + 1)
            .map((e) => e.innerText);
        }}"""
    )
    return found


def test_the_page_speaks_every_language(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page()
    page = viewer.page
    for code, name in OTHERS.items():
        say(viewer, code)
        assert viewer.scene()["language"] == code
        assert page.evaluate("document.documentElement.lang") == code
        assert page.locator(f'.language option[value="{code}"]').count() == 0, "the menu is closed"
        names = catalogue(code)
        assert names.groups[0].name in viewer.page.locator('[role="tree"]').inner_text()
        assert english_on(viewer, code) == set(), name

    # From here on in German, and through all that can be opened.
    for key in ("v", "m", "t", "?"):
        page.keyboard.press(key)
        page.locator(".card-side, dialog[open]").first.wait_for()
        assert english_on(viewer, "de") == set(), key
    page.locator("dialog[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="hidden")
    for panel in ("views", "marks", "cut", "menu"):
        page.locator(f'.opener[data-panel="{panel}"] button').click()
        page.locator(f'.popover[data-panel="{panel}"]').wait_for()
        assert english_on(viewer, "de") == set(), panel
    page.keyboard.press("Escape")

    page.locator("[data-aside] .card-close").first.click()
    page.locator("[data-aside]").wait_for(state="detached")

    # Found by its German name, by its English one and in Latin; and named, labelled and said in German.
    german = catalogue("de").structures["ischium"].names.english
    search = page.locator(".tree-panel input")
    for query in (german, "ischium", "os ischii"):
        search.fill(query)
        page.locator(".row", has_text=german).first.wait_for()
    search.fill("piriformis rechts")
    page.keyboard.press("Enter")
    muscle = catalogue("de").structures["piriformis"].names.english
    page.locator("[data-spoken]", has_text=f"Ausgewählt: {muscle} rechts").wait_for(state="attached")
    viewer.card.get_by_role("heading", name=muscle).first.wait_for()
    page.evaluate("eyes.root.setScene({ ...eyes.scene, labels: 'selected' })")
    page.locator(".stage-label", has_text=muscle).first.wait_for()
    assert page.get_by_role("img", name="Rechts").count() == 1, "the mark of the body's side"

    # What nobody has translated is English, and says so.
    prose = viewer.card.locator(".card-text .foreign")
    assert prose.count() == 0
    viewer.card.locator(".card-text .text-toggle").click()
    assert prose.get_attribute("lang") == "en"
    assert prose.inner_text() == catalogue().structures["piriformis"].precise
    assert prose.evaluate("(e) => getComputedStyle(e, '::after').content") == '"EN"'

    # Latin as names; and back in English nothing is left of all this.
    page.evaluate("eyes.root.setScene({ ...eyes.scene, names: 'latin' })")
    viewer.card.get_by_role("heading", name="Musculus piriformis").wait_for()
    page.evaluate("eyes.root.setScene({ ...eyes.scene, names: 'english' })")
    say(viewer, "en")
    viewer.card.get_by_role("heading", name="Piriformis", exact=True).wait_for()
    assert page.locator(".foreign, .beside").count() == 0


def test_safety_stands_beside_its_english(open_page: Callable[..., Viewer]) -> None:
    """The scene of a link says the language; what was chosen here before is asked only where it says none."""
    viewer = open_page()
    viewer.show(language="fr", trigger={"id": "piriformis.1", "side": "right"})
    page = viewer.page
    page.locator('.ischia[lang="fr"]').wait_for()
    page.locator(".trigger-foot .help").click()
    flags = page.locator(".flags")
    flags.wait_for()
    english, french = catalogue().safety, catalogue("fr").safety
    shown = flags.inner_text()
    for own, there in zip(french.red_flags, english.red_flags, strict=True):
        assert own.sign in shown
        assert own.action in shown
        assert there.sign in shown
        assert there.action in shown
    assert all(lang == "en" for lang in flags.locator(".beside").evaluate_all("(all) => all.map((e) => e.lang)"))
    note = translation("fr").texts["Nobody qualified has reviewed this translation yet: the English stands beside it."]
    assert note in shown
    page.locator(".trigger-foot .help").click()
    page.get_by_role("radio", name=translation("fr").texts["Ball"]).check(force=True)
    gate = page.locator(".gate")
    gate.wait_for()
    for advice in english.ask_first:
        assert advice.text in gate.inner_text()
    viewer.show(language="fr", consult=True)
    page.locator(".consult-foot .beside", has_text="not been reviewed by a clinician").wait_for()


def test_a_language_is_remembered_and_the_browser_is_asked_first(open_page: Callable[..., Viewer]) -> None:
    viewer = open_page(locale="pt-BR")
    viewer.page.locator('.ischia[lang="pt"]').wait_for()
    assert viewer.scene()["language"] == "pt"
    assert viewer.page.locator(".welcome").is_visible(), "whoever comes first is greeted in any language"
    say(viewer, "en")
    viewer.page.goto(viewer.page.url.split("#")[0] + "?anew")
    viewer.ready()
    assert viewer.scene()["language"] == "en", "it was chosen, whatever the browser's own is"


def test_nothing_sticks_out_on_a_phone(open_page: Callable[..., Viewer]) -> None:
    phone = open_page(**PHONE, locale="de")
    bar = phone.page.locator(".bottom-bar button")
    for code in ("de", "ja"):
        phone.page.evaluate("(language) => eyes.root.setScene({ language, selected: 'piriformis.right' })", code)
        phone.page.locator(f'.ischia[lang="{code}"]').wait_for()
        for place in range(7) if code == "de" else (0, 5, 6):
            bar.nth(place).tap()
            phone.page.locator(".sheet").wait_for()
            assert overflow(phone) <= 0, place
            assert clipped(phone) == [], place
            if place not in (3, 4, 6):  # there small links stand in their lines
                assert small_targets(phone) == [], place
        phone.page.evaluate("(language) => eyes.root.setScene({ language, consult: true })", code)
        phone.page.locator(".consult-panel").wait_for()
        assert overflow(phone) <= 0
        assert clipped(phone) == []
        phone.page.evaluate("(language) => eyes.root.setScene({ language })", code)
