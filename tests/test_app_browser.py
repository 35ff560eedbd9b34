"""The page in a real browser: readers see the source's own text, in its place, and nothing leaves the machine."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.build import build_index
from index.store import read_info
from qa.__main__ import main as qa_main
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from qa.questions import MAX_QUESTION
from tests import serve
from tests.conftest import REPORT, SEED, FakeEncoder

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

#: Each is changed by a Markdown, HTML, formula or template step that a page may put between source and reader.
HOSTILE = {
    "苹果": "约10~20%，較30~40%",
    "香蕉": "- 3,000 (虧損)、+ 5%",
    "樱桃": "每股3*4元與5*6元、_下_划_线_",
    "石榴": "$$x$$ 與 $y$ 與 \\(z\\)",
    "荔枝": "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>",
    "龙眼": "<b>粗体</b> &amp; &lt; &#20013;",
    "葡萄": "缩进    四格",
    "芒果": "全角　　空格",
    "菠萝": "制表\t一\t二",
    "草莓": "表情🙂👩‍👩‍👧‍👦与9亿",
    "西瓜": "\u202e反向\u202c与\u200f标记\u2067隔离\u2069",
    "柠檬": "`反引号`与```三个```",
    "椰子": "{{value}} ${1+1} <%= 1 %>",
    "木瓜": "[链接](javascript:alert(1))与https://example.org/a_b_c",
    "山楂": "| 表 | 格 | # 标题",
    "橄榄": "引号\"双\"与'单'与\u00a0不换行\u00ad连字",
}


@dataclass(frozen=True)
class Site:
    url: str
    assistant: Assistant


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve three reports: one whole, one that lost its digits, one hostile."""
    folder = tmp_path_factory.mktemp("page")
    sources = folder / "sources"
    sources.mkdir()
    (sources / "a-energy.txt").write_text(REPORT, encoding="utf-8")
    (sources / "b-news.txt").write_bytes(SEED.read_bytes())
    hostile = "\n".join(f"关于{word}的写法，原文如下：{text}。{word}的写法到此为止。" for word, text in HOSTILE.items())
    (sources / "c-hostile.txt").write_text(f"写法汇编\n{hostile}\n", encoding="utf-8")
    build_index(sources, folder / "index", encoder=FakeEncoder())
    assistant = Assistant.open(folder / "index", encoder=FakeEncoder(), reader=OverlapReader())
    with serve.process("-m", "tests.serve", str(folder / "index")) as url:
        yield Site(url, assistant)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *quiet])
        yield launched
        launched.close()


class Visit:
    """A page of the site, watched: a request to another host or a script error fails the test."""

    def __init__(self, browser: Any, url: str, **settings: Any) -> None:
        self.context = browser.new_context(**{"viewport": DESKTOP, "locale": "zh-CN", **settings})
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("request", self._check)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.url = url
        self.page.goto(url)
        self.page.wait_for_selector("#question textarea")
        self.page.wait_for_selector("#examples .chips", state="attached", timeout=60_000)
        self.page.wait_for_selector("#pane .source", state="attached")
        self.page.wait_for_timeout(300)

    def _check(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.faults.append(f"request to {request.url}")

    def ask(self, question: str, replies: str = ".answer, #chat .note") -> Any:
        before = self.page.locator(f"#chat :is({replies})").count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        self.page.wait_for_function(
            "([s, n]) => document.querySelectorAll(s).length > n", arg=[f"#chat :is({replies})", before]
        )
        self.page.wait_for_timeout(150)
        return self.page.locator(f"#chat :is({replies})").last


@pytest.fixture
def visit(site: Site, browser: Any) -> Iterator[Any]:
    opened: list[Visit] = []

    def open_page(**settings: Any) -> Visit:
        opened.append(Visit(browser, site.url, **settings))
        return opened[-1]

    yield open_page
    for one in opened:
        one.context.close()
        assert not one.faults


def contents(locator: Any) -> list[str]:
    return locator.evaluate_all("nodes => nodes.map(n => n.textContent)")


# ---- exactness


def test_hostile_source_text_reaches_the_page_unaltered(visit, site):
    here = visit()
    for word, hostile in HOSTILE.items():
        question = f"{word}的写法，报告是怎么说的？"
        expected = site.assistant.ask(question)
        assert any(hostile in q.text for q in (*expected.quotes, *expected.nearest)), "the case no longer asks for it"
        answer = here.ask(question)
        assert contents(answer.locator(".verbatim")) == [q.text for q in (*expected.quotes, *expected.nearest)]
    assert here.page.evaluate("window.hacked") is None


def test_the_report_pane_shows_every_block_unaltered(visit, site):
    here = visit()
    for name in ("a-energy.txt", "b-news.txt", "c-hostile.txt"):
        here.page.select_option("#pane select", name)
        here.page.wait_for_selector(f'#pane .source[data-document="{name}"]')
        shown = here.page.locator("#pane .source > [data-start]").evaluate_all(
            "nodes => nodes.map(n => [Number(n.dataset.start), Number(n.dataset.end), n.textContent])"
        )
        text = site.assistant.document_text(name)
        assert [t for _, _, t in shown] == [text[start:end] for start, end, _ in shown]
        assert re.sub(r"\s", "", "".join(t for _, _, t in shown)) == re.sub(r"\s", "", text)
    assert here.page.evaluate("window.hacked") is None


VERBATIM_QUESTIONS = [
    "**粗** <b>体</b> ~3~ $$x$$ 多少？",
    "  - 3,000 `a` ${1} {{b}} 🙂",
    "<img src=x onerror=alert(1)>",
]


@pytest.mark.parametrize("question", VERBATIM_QUESTIONS)
def test_the_question_is_shown_verbatim(visit, question):
    here = visit()
    here.ask(question)
    assert contents(here.page.locator("#chat .question"))[-1] == question


# ---- the verdict


def test_a_stated_figure_is_marked_in_its_quote(visit):
    answer = visit().ask("全年发电量是多少？")
    assert answer.locator(".verdict").inner_text() == "数字在此"
    assert contents(answer.locator("blockquote mark"))[0] == "9.2万亿千瓦时"
    assert answer.locator(".place").first.inner_text().split("\n")[0].startswith("一、电力")
    assert answer.locator("details.why").get_attribute("open") is None


def test_a_missing_figure_is_a_described_hole(visit):
    answer = visit().ask("煤炭进口量是多少？")
    assert answer.locator(".verdict").inner_text() == "原文缺此数字"
    hole = answer.locator("blockquote .hole.asked").first
    assert hole.get_attribute("role") == "img"
    assert hole.get_attribute("aria-label") == "所问的数字在此处缺失"
    box = hole.bounding_box()
    assert box["width"] > 8
    assert box["height"] > 8
    assert contents(hole.page.locator("#chat .hole")) == [""] * hole.page.locator("#chat .hole").count()


def test_what_the_report_does_not_cover_is_said_plainly(visit):
    answer = visit().ask("How many penguins live in Antarctica?")
    assert answer.locator(".verdict").inner_text() == "Not in the report"
    assert answer.locator(".nearest h4").inner_text() == "最接近的原文（并非答案）"
    assert answer.locator("blockquote mark").count() == 0


def test_a_follow_up_shows_what_it_was_understood_as(visit, site):
    here = visit()
    here.ask("全年发电量是多少？")
    answer = here.ask("那水电呢？")
    understood = site.assistant.ask("那水电呢？", ["全年发电量是多少？"]).understood
    assert answer.locator(".understood").inner_text() == f"理解为：{understood}"
    assert here.page.locator("#chat .answer").count() == 2


@pytest.mark.parametrize(("question", "line"), [("   ", "还没有看到问题"), ("问" * (MAX_QUESTION + 1), "太长")])
def test_a_question_that_cannot_be_answered_gets_a_kind_line(visit, question, line):
    note = visit().ask(question)
    assert line in note.inner_text()


def test_an_example_is_asked_by_a_click(visit):
    here = visit()
    chip = here.page.locator("#examples button").first
    question = chip.inner_text()
    chip.click()
    here.page.wait_for_selector("#chat .answer")
    assert contents(here.page.locator("#chat .question")) == [question]


# ---- the report beside the chat


@pytest.mark.parametrize("target", [".place", "figure.quote blockquote"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_quote_opens_the_report_at_the_marked_text(visit, site, viewport, target):
    here = visit(viewport=viewport)
    question = "草莓的写法，报告是怎么说的？"  # its quote stands behind emoji, and in the third document
    answer = here.ask(question)
    quote = site.assistant.ask(question).quotes[0]
    assert quote.document == "c-hostile.txt"
    answer.locator(target).first.click()
    here.page.wait_for_selector("#pane mark.here")
    here.page.wait_for_timeout(400)
    assert "".join(contents(here.page.locator("#pane mark.here"))) == quote.text
    box = here.page.locator("#pane mark.here").first.bounding_box()
    pane = here.page.locator("#pane .source").bounding_box()
    assert pane["y"] <= box["y"]
    assert box["y"] + min(box["height"], 30) <= min(pane["y"] + pane["height"], viewport["height"])
    assert 0 <= box["x"] < viewport["width"]


def test_the_drawer_of_a_phone_opens_and_closes(visit):
    here = visit(viewport=PHONE)
    source = here.page.locator("#pane .source")
    assert not source.is_visible()
    here.page.click(".tools [data-action=drawer]")
    source.wait_for(state="visible")
    here.page.keyboard.press("Escape")
    source.wait_for(state="hidden")
    assert here.page.evaluate("document.activeElement.dataset.action") == "drawer"
    assert here.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_every_tool_is_in_reach_on_a_phone(workshop, browser, locale):
    here = Visit(browser, workshop[0].url, viewport=PHONE, locale=locale)
    here.ask("全年发电量是多少？")
    tools = here.page.locator(".tools > :is(button, details) >> visible=true")
    assert tools.count() == 6
    boxes = [tools.nth(i).bounding_box() for i in range(6)]
    edges = [here.page.locator("#top h1").bounding_box(), *boxes]
    assert all(a["x"] + a["width"] <= b["x"] + 1 for a, b in itertools.pairwise(edges))
    assert edges[-1]["x"] + edges[-1]["width"] <= PHONE["width"]
    for menu in (".desk", ".menu:not(.desk)"):
        here.page.click(f"{menu} summary")
        box = here.page.locator(f"{menu} > div").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        here.page.keyboard.press("Escape")
    here.context.close()
    assert not here.faults


def test_sections_count_what_is_stated_and_missing(visit, site):
    here = visit()
    rows = here.page.locator("#pane .sections li").evaluate_all(
        """rows => rows.map(row => [row.querySelector('.title').innerText,
             ...[...row.querySelectorAll('.count')].map(count => parseInt(count.textContent))])"""
    )
    expected: dict[str, list[int]] = {}
    for passage in site.assistant.slotted_passages()["a-energy.txt"]:
        counts = expected.setdefault(passage.chunk.section or "开头", [0, 0])
        for slot in passage.slots:
            counts[slot.figure is None] += 1
    assert rows == [[title, *counts] for title, counts in expected.items()]
    assert here.page.locator("#pane .source .hole").count() == sum(missing for _, missing in expected.values())
    assert here.page.locator("#pane .strip i").count() > 0


# ---- readers


def test_the_language_follows_the_browser_and_can_be_switched(visit):
    here = visit(locale="en-US")
    box = here.page.locator("#question textarea")
    assert box.get_attribute("placeholder") == "Ask about this report…"
    assert "Sections" in here.page.inner_text("#pane .sections summary")
    here.page.click("[data-action=language]")
    assert box.get_attribute("placeholder") == "就这份报告提问…"
    assert "章节" in here.page.inner_text("#pane .sections summary")
    here.page.reload()
    here.page.wait_for_selector("#question textarea[placeholder='就这份报告提问…']")


def test_dark_follows_the_system_and_can_be_switched(visit):
    here = visit(color_scheme="dark")
    dark = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    here.page.click("[data-action=theme]")
    light = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
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
    here.page.locator("#chat .place").first.click()
    here.page.wait_for_timeout(300)
    assert here.page.evaluate(CONTRAST) == []


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


# ---- taking it along


def test_the_exported_conversation_passes_verify(visit, site, tmp_path: Path, capsys):
    here = visit()
    here.ask("全年发电量是多少？")
    here.ask("煤炭进口量是多少？")
    here.page.click(".menu summary")
    with here.page.expect_download() as download:
        here.page.click("[data-action=json]")
    exported = tmp_path / "conversation.json"
    download.value.save_as(exported)
    answers = json.loads(exported.read_text(encoding="utf-8"))["answers"]
    assert [a["verdict"] for a in answers] == ["stated", "omitted"]
    assert qa_main(["verify", str(exported), "--index", site.assistant.info.path]) == 0
    answers[0]["quotes"][0]["text"] = answers[0]["quotes"][0]["text"].replace("9", "8", 1)
    exported.write_text(json.dumps({"answers": answers}), encoding="utf-8")
    assert qa_main(["verify", str(exported), "--index", site.assistant.info.path]) == 2
    capsys.readouterr()


def test_the_conversation_exports_as_markdown(visit, site, tmp_path: Path):
    here = visit()
    here.ask("全年发电量是多少？")
    here.page.click(".menu summary")
    with here.page.expect_download() as download:
        here.page.click("[data-action=markdown]")
    download.value.save_as(tmp_path / "conversation.md")
    expected = site.assistant.ask("全年发电量是多少？").to_markdown()
    assert (tmp_path / "conversation.md").read_text(encoding="utf-8") == expected


def test_an_answer_is_copied_as_a_citation(visit, site):
    here = visit(permissions=["clipboard-read", "clipboard-write"])
    here.ask("全年发电量是多少？").locator("[data-copy]").click()
    quote = site.assistant.ask("全年发电量是多少？").quotes[0]
    copied = here.page.evaluate("navigator.clipboard.readText()")
    assert f"「{quote.text}」" in copied
    assert f"a-energy.txt, {quote.section}, ¶{quote.paragraph} [{quote.start}:{quote.end}]" in copied


# ---- rebuilding from the page


@pytest.fixture
def workshop(tmp_path: Path, browser: Any) -> Iterator[tuple[Visit, Path, Path]]:
    """A page over a source folder of its own, which it may change: the visit, the folder and the index."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "energy.txt").write_text(REPORT, encoding="utf-8")
    build_index(sources, tmp_path / "index", encoder=FakeEncoder())
    with serve.process("-m", "tests.serve", str(tmp_path / "index"), str(sources)) as url:
        here = Visit(browser, url)
        here.page.click(".desk summary")
        here.page.wait_for_selector(".desk li")
        yield here, sources, tmp_path / "index"
        here.context.close()
        assert not here.faults


def offer(here: Visit, name: str, data: bytes) -> None:
    here.page.set_input_files(".desk input", [{"name": name, "mimeType": "text/plain", "buffer": data}])


def test_a_report_is_added_asked_about_meanwhile_and_removed(workshop):
    here, sources, index = workshop
    assert here.page.locator(".desk [data-action=remove]").first.is_hidden(), "the only report cannot be removed"
    offer(here, "渔业 <b>.txt", "渔业公报\n\n全国水产品总产量达7千万吨。\n".encode())
    here.page.wait_for_selector(".desk progress:not([hidden])")
    assert "旧索引" in here.page.inner_text(".desk-state")
    assert here.ask("全年发电量是多少？").locator(".verdict").inner_text() == "数字在此"  # while it is being rebuilt
    here.page.wait_for_selector("#pane select option:text-is('渔业 <b>.txt')", state="attached", timeout=30_000)
    answer = here.ask("全国水产品总产量是多少？")
    assert contents(answer.locator("blockquote mark")) == ["7千万吨"]
    answer.locator(".place").first.click()
    here.page.wait_for_selector('#pane .source[data-document="渔业 <b>.txt"] mark.here')
    if here.page.locator(".desk[open]").count() == 0:
        here.page.click(".desk summary")
    row = here.page.locator(".desk li", has_text="渔业")
    row.locator("button").click()
    assert (sources / "渔业 <b>.txt").exists(), "removed without asking again"
    row.locator("button").click()
    here.page.wait_for_function("document.querySelectorAll('.desk li').length === 1", timeout=30_000)
    assert not (sources / "渔业 <b>.txt").exists()
    assert (sources / ".removed" / "渔业 <b>.txt").read_text(encoding="utf-8").startswith("渔业公报")
    assert [d.name for d in read_info(index).documents] == ["energy.txt"]


def test_what_is_no_report_is_refused_with_a_line(workshop):
    here, sources, _ = workshop
    for name, data, line in (
        ("page.exe", b"<p>x</p>", "only .txt, .md"),
        ("binary.txt", bytes(range(256)) * 40, "not a text file"),
        ("empty.txt", b"  \n", "empty"),
        ("energy.txt", b"another", "there is a report of this name"),
        (".hidden.txt", b"text", "only .txt, .md"),
    ):
        offer(here, name, data)
        here.page.wait_for_function(
            "line => document.querySelector('.desk-state .line').textContent.includes(line)", arg=line
        )
    assert sorted(p.name for p in sources.iterdir()) == ["energy.txt"]
    assert (sources / "energy.txt").read_text(encoding="utf-8") == REPORT


def test_a_page_without_a_desk_has_no_way_to_rebuild(visit):
    here = visit()
    assert here.page.locator(".desk").count() == 0


# ---- the real thing


@pytest.mark.model
def test_the_real_app_answers_in_the_browser(browser, tmp_path: Path):
    arguments = ("app.py", "--port", str(serve.free_port()), "--index", str(tmp_path / "index"))
    with serve.process(*arguments, timeout=240) as url:
        here = Visit(browser, url)
        answer = here.ask("农村网民规模是多少？")
        assert answer.locator(".verdict").inner_text() == "原文缺此数字"
        assert answer.locator("blockquote .hole.asked").count() > 0
        assert contents(answer.locator("blockquote"))[0] in SEED.read_text(encoding="utf-8")
        assert here.page.locator("#examples button").count() >= 3
        here.context.close()
        assert not here.faults
