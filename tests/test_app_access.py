"""The page for every reader: language, theme, contrast, keyboard, phone; in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browsing import PHONE, Visit, tab_to

pytestmark = pytest.mark.browser


def test_the_language_follows_the_browser_and_can_be_switched(visit):
    here = visit(locale="en-US")
    box = here.page.locator("#question textarea")
    assert box.get_attribute("placeholder") == "Ask about this report…"
    assert "Sections" in here.page.inner_text("#pane .sections summary")
    here.page.click(".menu.language summary")
    here.page.click("[data-action=language][data-language=zh]")
    assert box.get_attribute("placeholder") == "就这份报告提问…"
    assert "章节" in here.page.inner_text("#pane .sections summary")
    here.page.reload()
    here.page.wait_for_selector("#question textarea[placeholder='就这份报告提问…']")


def test_a_reader_of_traditional_chinese_gets_it(visit):
    here = visit(locale="zh-TW")
    assert here.page.locator("#question textarea").get_attribute("placeholder") == "就這份報告提問…"
    assert here.page.inner_text("#welcome h2") == "問這份報告一個問題"
    assert here.page.get_attribute("html", "lang") == "zh-Hant"
    assert here.page.get_attribute("#pane .source", "lang") == "zh-Hans", "the report keeps its own script and font"


@pytest.mark.parametrize(
    ("locale", "question", "language", "label"),
    [
        ("zh-CN", "How many penguins live in Antarctica?", "en", "Why this verdict"),
        ("en-US", "全年发电量是多少？", "zh-Hans", "判断依据"),
        ("en-US", "全年發電量是多少？", "zh-Hant", "判斷依據"),
    ],
)
def test_a_whole_answer_speaks_the_language_of_its_question(visit, locale, question, language, label):
    answer = visit(locale=locale).ask(question)
    assert answer.get_attribute("lang") == language
    assert answer.locator(".why summary").inner_text().startswith(label)
    own = answer.evaluate(
        """node => {
          const copy = node.cloneNode(true);
          copy.querySelectorAll('.verbatim, .section, .document, bdi, .chip, table').forEach(n => n.remove());
          return copy.textContent;
        }"""
    )
    assert bool(re.search("[㐀-鿿]", own)) == (language != "en")
    labels = answer.locator(".hole, [title]").evaluate_all("nodes => nodes.map(n => n.ariaLabel ?? n.title).join('')")
    assert bool(re.search("[㐀-鿿]", labels)) == (language != "en")


@pytest.mark.parametrize(("locale", "mark"), [("zh-CN", "？"), ("zh-TW", "？"), ("en-US", "?")])
def test_examples_are_in_the_language_of_the_reader(visit, locale, mark):
    chips = visit(locale=locale).page.locator("#examples .chip >> visible=true")
    assert chips.count() >= 3
    assert all(question.endswith(mark) for question in chips.all_inner_texts())
    verdicts = chips.evaluate_all("nodes => nodes.map(n => n.classList[1])")
    assert {"stated", "omitted", "passage"} == set(verdicts)


def test_dark_follows_the_system_and_can_be_switched(visit):
    here = visit(color_scheme="dark")
    dark = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    here.page.click("[data-action=theme]")
    light = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    here.page.reload()
    here.page.wait_for_selector("#pane .source", state="attached")
    here.page.wait_for_timeout(500)
    assert here.page.evaluate("getComputedStyle(document.body).backgroundColor") == light, "the choice is kept"
    assert sum(map(int, re.findall(r"\d+", dark)[:3])) < 150 < 600 < sum(map(int, re.findall(r"\d+", light)[:3]))


#: Every visible text node's colour against the nearest opaque background, by the WCAG 2 formula.
CONTRAST = """() => {
  const parse = (colour) => {
    const [r, g, b, a] = colour.match(/[\\d.]+/g).map(Number);
    const scale = colour.startsWith('color(') ? 255 : 1;
    return [r * scale, g * scale, b * scale, a ?? 1];
  };
  const linear = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3])).concat(1);
  const background = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility({visibilityProperty: true})) continue;
    if (e.closest('.hidden, .skip, script, style, .toast-wrap')) continue;
    const under = background(e);
    const [a, b] = [luminance(over(parse(getComputedStyle(e).color), under)), luminance(under)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) poor.push([walker.currentNode.data.slice(0, 20), e.className, ratio.toFixed(2)]);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(visit, scheme):
    here = visit(color_scheme=scheme)
    assert here.page.evaluate(CONTRAST) == []
    for question in ("全年发电量是多少？", "煤炭进口量是多少？", "How many penguins live in Antarctica?", " "):
        here.ask(question).locator("summary").evaluate_all("nodes => nodes.forEach(n => n.click())")
    here.ask("全年发电量是多少，火星大气压强是多少？")
    here.page.locator("#chat .place").first.click()
    here.page.wait_for_timeout(300)
    assert here.page.evaluate(CONTRAST) == []
    for menu in (".export", ".language"):
        here.page.click(f"{menu} summary")
        assert here.page.evaluate(CONTRAST) == []
        here.page.keyboard.press("Escape")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_and_the_drawer_have_enough_contrast(workshop, browser, scheme):
    here = Visit(browser, workshop[0].url, viewport=PHONE, color_scheme=scheme)
    here.page.click(".desk summary")
    here.page.wait_for_selector(".desk .reports li")
    assert here.page.evaluate(CONTRAST) == []
    here.page.set_input_files(".desk input", [{"name": "a.exe", "mimeType": "text/plain", "buffer": b"x"}])
    here.page.wait_for_selector(".desk .line:not(:empty)")
    assert here.page.evaluate(CONTRAST) == []
    here.page.keyboard.press("Escape")
    here.page.click(".tools [data-action=drawer]")
    here.page.wait_for_timeout(400)
    assert here.page.evaluate(CONTRAST) == []
    here.context.close()
    assert not here.faults


def test_the_keyboard_alone_is_enough(visit):
    here = visit()
    page = here.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("全年发电量是多少？")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .answer")
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('place')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#pane mark.here")


def test_every_control_works_by_keyboard(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"]).page
    tab_to(page, "[data-action=theme]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.body.classList.contains('dark')")
    tab_to(page, ".menu.language summary")
    page.keyboard.press("Enter")
    tab_to(page, "[data-action=language][data-language=en]")
    page.keyboard.press("Enter")
    assert page.get_attribute("html", "data-language") == "en"
    tab_to(page, "#examples .chip")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .answer")
    page.evaluate("document.activeElement.blur()")
    tab_to(page, ".menu.export summary")
    page.keyboard.press("Enter")
    tab_to(page, "[data-action=markdown]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.menu.export summary')"), "Escape gives the focus back"
    tab_to(page, "#chat .place")
    page.keyboard.press("Enter")
    page.wait_for_selector("#pane mark.here")
    tab_to(page, "#chat .why summary")
    page.keyboard.press("Enter")
    assert page.locator("#chat .why").get_attribute("open") is not None
    tab_to(page, "#chat [data-copy]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .quiet.copied")
    tab_to(page, "#scope select")
    tab_to(page, "#question textarea")
    tab_to(page, "#send button")
    tab_to(page, "#pane select")
    tab_to(page, "#pane .sections summary")
    page.keyboard.press("Enter")
    tab_to(page, "#pane .sections li button")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#pane .source')"), "the text can be scrolled at once"


def test_the_drawer_of_a_phone_works_by_keyboard(visit):
    here = visit(viewport=PHONE)
    here.ask("全年发电量是多少？")
    here.page.evaluate("document.activeElement.blur()")
    tab_to(here.page, "#chat .place")
    here.page.keyboard.press("Enter")
    here.page.wait_for_selector("#pane mark.here")
    here.page.wait_for_function("document.activeElement.matches('#report [data-action=drawer]')")
    here.page.keyboard.press("Enter")
    here.page.locator("#pane .source").wait_for(state="hidden")
    assert here.page.evaluate("document.activeElement.matches('#chat .place')"), "the focus is back at the quote"


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en-US"])
def test_nothing_reaches_over_the_edge_of_a_phone(visit, locale):
    here = visit(viewport=PHONE, locale=locale)
    for question in (
        None,
        "全年发电量是多少？",
        "煤炭进口量是多少？",
        "How many penguins live in Antarctica?",
        "x" * 300,
        " ",
    ):
        if question is not None:
            here.ask(question).locator("summary").evaluate_all("nodes => nodes.forEach(n => n.click())")
        over = here.page.evaluate(
            """width => [...document.querySelectorAll('#top *, #talk *')]
              .filter(e => e.checkVisibility() && !e.closest('.scroll, .chips, .hidden, svg, .wide, .skip'))
              .filter(e => e.getBoundingClientRect().right > width + 1).map(e => `${e.tagName}.${e.className}`)""",
            PHONE["width"],
        )
        assert over == []
        assert here.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
