"""What the browser tests share: a site of three reports, a watched page of it, and one that may rebuild its index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.build import build_index
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from tests import serve
from tests.conftest import REPORT, SEED, FakeEncoder

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


@pytest.fixture(scope="session")
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
    assistant = Assistant.open(folder / "index", encoder=FakeEncoder(), reader=OverlapReader(serve.SURE))
    with serve.process("-m", "tests.serve", str(folder / "index")) as url:
        yield Site(url, assistant)


@pytest.fixture(scope="session")
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
        here.page.wait_for_selector(".desk .reports li")
        yield here, sources, tmp_path / "index"
        here.context.close()
        assert not here.faults


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until what has the focus matches, and see to it that the focus shows."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            ring = page.evaluate(
                """() => {
                  const own = getComputedStyle(document.activeElement).outlineStyle;
                  const box = document.activeElement.closest('#ask');
                  return own !== 'none' || (box && getComputedStyle(box).boxShadow !== 'none');
                }"""
            )
            assert ring, "no focus ring"
            return
    raise AssertionError(f"{selector} is not reached by Tab")
