"""The page in a real browser: readers see the source's own text, in its place, and nothing leaves the machine."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest

from index.build import build_index
from index.store import read_info
from qa.__main__ import main as qa_main
from qa.examples import nearby_questions
from qa.gaps import THRESHOLD
from qa.questions import MAX_QUESTION
from tests import serve
from tests.browsing import DESKTOP, HOSTILE, PHONE, Visit, contents
from tests.conftest import REPORT, SEED, FakeEncoder

pytestmark = pytest.mark.browser

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
    assert answer.locator(".nearest h4").inner_text() == "Nearest passage (not an answer)"
    assert answer.locator("blockquote mark").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_verdict_has_words_an_icon_and_a_colour_of_its_own(visit, scheme):
    here = visit(color_scheme=scheme)
    looks = []
    for question in ("全年发电量是多少？", "煤炭进口量是多少？", "企鹅有多少只？", "报告怎么谈水电？"):
        head = here.ask(question).locator("header").first
        verdict = head.locator(".verdict")
        colour = verdict.evaluate("node => getComputedStyle(node).color")
        looks.append((verdict.inner_text(), head.locator("svg").first.inner_html(), colour))
    words, icons, colours = ({look[i] for look in looks} for i in range(3))
    assert words == {"数字在此", "原文缺此数字", "报告未提及", "相关原文"}
    assert len(icons) == len(colours) == len(looks)


def test_a_follow_up_shows_what_it_was_understood_as(visit, site):
    here = visit()
    here.ask("全年发电量是多少？")
    answer = here.ask("那水电呢？")
    understood = site.assistant.ask("那水电呢？", ["全年发电量是多少？"]).understood
    assert answer.locator(".understood").inner_text() == f"理解为：{understood}"
    assert here.page.locator("#chat .answer").count() == 2


@pytest.mark.parametrize(
    ("question", "line"), [("   ", "还没有看到问题"), ("问" * (MAX_QUESTION + 1), f"超过了 {MAX_QUESTION} 字的上限")]
)
def test_a_question_that_cannot_be_answered_gets_a_kind_line(visit, question, line):
    note = visit().ask(question)
    assert line in note.inner_text()


def test_an_example_is_asked_by_a_click(visit):
    here = visit()
    chip = here.page.locator("#examples button >> visible=true").first
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
    for menu in (".desk", ".export", ".language"):
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
            if slot.gap is None or slot.gap.confidence >= THRESHOLD:
                counts[slot.figure is None] += 1
    assert rows == [[title, *counts] for title, counts in expected.items()]
    assert here.page.locator("#pane .source .hole >> visible=true").count() == sum(
        missing for _, missing in expected.values()
    )
    stated, missing = (sum(counts) for counts in zip(*expected.values(), strict=True))
    assert contents(here.page.locator("#pane .health b")) == [str(missing), str(stated)]
    strip = here.page.locator("#pane .strip")
    assert strip.get_attribute("aria-label") == f"通篇：{stated} 处有数字，{missing} 处缺数字"
    for kind, marks in (("stated", ".figure"), ("missing", ".hole:not(.weak)")):
        places = here.page.locator(f"#pane .source {marks}").evaluate_all(
            """nodes => nodes.map(n => {
                 const box = n.closest('.source'), top = n.getBoundingClientRect().top;
                 return (100 * (top - box.getBoundingClientRect().top + box.scrollTop) / box.scrollHeight).toFixed(1);
               })"""
        )
        ticks = strip.locator(f"i.{kind}").evaluate_all("nodes => nodes.map(n => parseFloat(n.style.top).toFixed(1))")
        assert places
        assert set(ticks) == set(places)


@pytest.mark.parametrize(("question", "kind"), [("煤炭进口量是多少？", "hole"), ("全年发电量是多少？", "figure")])
def test_the_hole_or_figure_asked_for_stands_out_in_its_place(visit, site, question, kind):
    here = visit()
    here.ask(question).locator(".place").first.click()
    here.page.wait_for_selector("#pane mark.here")
    here.page.wait_for_timeout(400)
    answer = site.assistant.ask(question)
    offsets = [g.at for g in answer.gaps] if kind == "hole" else [f.start for f in answer.figures]
    asked = here.page.locator(f"#pane .source .{kind}.asked")
    assert [int(a) for a in asked.evaluate_all("nodes => nodes.map(n => n.dataset.at)")] == offsets[:1]
    assert here.page.locator("#pane mark.here").count() == 1, "one mark, running through figures and holes"
    box, pane = asked.bounding_box(), here.page.locator("#pane .source").bounding_box()
    assert pane["y"] <= box["y"] <= pane["y"] + pane["height"] - box["height"]
    here.ask("风电装机容量是多少？").locator(".place").first.click()  # marks are taken away again without a trace
    here.page.wait_for_timeout(400)
    text = site.assistant.document_text("a-energy.txt")
    for start, end, shown in here.page.locator("#pane .source > [data-start]").evaluate_all(
        "nodes => nodes.map(n => [n.dataset.start, n.dataset.end, n.textContent])"
    ):
        assert text[int(start) : int(end)] == shown


def test_a_section_and_a_place_on_the_strip_are_jumped_to(visit):
    here = visit(viewport={"width": 1280, "height": 420})
    source = here.page.locator("#pane .source")
    row = here.page.locator("#pane .sections li button").last
    row.click()
    here.page.wait_for_timeout(200)
    heading = here.page.locator(f'#pane .source > [data-start="{row.get_attribute("data-start")}"]').bounding_box()
    pane = source.bounding_box()
    assert source.evaluate("node => node.scrollTop") > 0
    assert pane["y"] <= heading["y"] < pane["y"] + pane["height"]
    strip = here.page.locator("#pane .strip").bounding_box()
    here.page.mouse.click(strip["x"] + 5, strip["y"] + 2)
    assert source.evaluate("node => node.scrollTop") == 0


def test_one_report_or_all_are_searched(visit):
    here = visit()
    scope = here.page.locator("#scope select")
    names = ["a-energy.txt", "b-news.txt", "c-hostile.txt"]
    assert scope.locator("option").evaluate_all("nodes => nodes.map(n => n.value)") == ["", *names]
    scope.select_option("b-news.txt")
    here.page.wait_for_selector('#pane .source[data-document="b-news.txt"]')  # the pane follows the choice
    answer = here.ask("全年发电量是多少？")
    assert answer.locator(".verdict").first.inner_text() == "报告未提及"
    assert "b-news.txt" in answer.locator(".searched").inner_text()
    assert set(answer.locator(".place").evaluate_all("nodes => nodes.map(n => n.dataset.document)")) == {"b-news.txt"}
    here.page.wait_for_timeout(1500)  # what is offered nearby draws the answer anew
    here.page.locator("#chat .searched .chip").click()  # ask them all
    here.page.wait_for_function("document.querySelectorAll('#chat .answer').length === 2")
    answer = here.page.locator("#chat .answer").last
    assert contents(answer.locator("blockquote mark"))[0] == "9.2万亿千瓦时"
    assert scope.input_value() == ""
    answer.locator(".place").first.click()  # the pane follows the quote
    here.page.wait_for_selector('#pane .source[data-document="a-energy.txt"] mark.here')


# ---- what is not there


def test_not_found_offers_what_the_report_covers(visit, site):
    here = visit()
    question = "火星大气压强是多少？"
    assert here.ask(question).locator(".verdict").first.inner_text() == "报告未提及"
    here.page.wait_for_selector("#chat .nearby .chip")
    offered = here.page.locator("#chat .nearby .chip").all_inner_texts()
    assert offered == nearby_questions(site.assistant, question)
    assert all(site.assistant.ask(q).verdict != "not_found" for q in offered)
    here.page.locator("#chat .nearby .chip").first.click()
    here.page.wait_for_function("document.querySelectorAll('#chat .answer').length === 2")
    assert contents(here.page.locator("#chat .question"))[1] == offered[0]
    assert here.page.locator("#chat .answer").last.locator(".verdict").first.inner_text() != "报告未提及"


def test_a_question_sent_while_the_last_is_finished_is_not_lost(visit):
    here = visit()
    here.ask("企鹅有多少只？")  # its offers are still being looked for
    here.page.fill("#question textarea", "全年发电量是多少？")
    here.page.press("#question textarea", "Enter")
    here.page.wait_for_selector(":nth-match(#chat .answer, 2)")
    assert contents(here.page.locator("#chat .question")) == ["企鹅有多少只？", "全年发电量是多少？"]
    assert here.page.input_value("#question textarea") == ""


def test_what_is_typed_while_the_last_is_finished_stays(visit):
    here = visit()
    here.ask("企鹅有多少只？")
    here.page.fill("#question textarea", "全年发电")
    here.page.wait_for_selector("#chat .answer [data-question]")
    assert here.page.input_value("#question textarea") == "全年发电"


def test_questions_sent_meanwhile_wait_and_are_answered_in_order(visit):
    """``tests.serve`` is a second over what it offers in the first answer's place."""
    here = visit()
    box = "#question textarea"
    chip = here.page.locator("#examples button >> visible=true").first
    sent = ["企鹅有多少只？", "全年发电量是多少？", chip.inner_text(), "煤炭进口量是多少？"]
    for question in sent[:2]:
        here.page.fill(box, question)
        here.page.press(box, "Enter")
        assert here.page.input_value(box) == "", "taken out at once"
        here.page.press(box, "Enter")  # once too often: nothing is sent
    chip.click()
    here.page.fill(box, sent[3])
    here.page.click("#send button")
    assert here.page.input_value(box) == ""
    here.page.fill(box, "风电")
    here.page.wait_for_function("document.querySelectorAll('#chat .question').length === 1")
    here.page.wait_for_function("document.querySelectorAll('#waiting li').length === 3")
    assert contents(here.page.locator("#waiting li")) == sent[1:]
    here.page.wait_for_selector(":nth-match(#chat .answer, 4)")
    here.page.wait_for_timeout(300)
    assert contents(here.page.locator("#chat .question")) == sent
    answered = here.page.locator("#chat .answer").evaluate_all("nodes => nodes.map(n => n.dataset.answer)")
    assert [json.loads(a)["question"] for a in answered] == sent
    assert here.page.locator("#chat .note").count() == 0
    assert here.page.locator("#chat .pending, #waiting li").count() == 0
    assert here.page.input_value(box) == "风电"
    here.page.press(box, "Control+A")
    here.page.keyboard.type("末尾")
    here.page.press(box, "Shift+Enter")
    here.page.eval_on_selector(
        box, "b => b.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    here.page.wait_for_timeout(300)
    assert here.page.input_value(box) == "末尾\n"
    assert here.page.locator("#chat .question").count() == 4


def test_a_question_that_the_server_does_not_take_is_given_back(visit):
    here = visit()
    here.page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "full"}))
    here.page.fill("#question textarea", "全年发电量是多少？")
    here.page.press("#question textarea", "Enter")
    here.page.wait_for_function("document.querySelector('#question textarea').value === '全年发电量是多少？'")
    here.page.unroute("**/gradio_api/queue/join*")
    here.page.press("#question textarea", "Enter")
    here.page.wait_for_selector("#chat .answer")
    assert contents(here.page.locator("#chat .question")) == ["全年发电量是多少？"]


def test_each_part_of_a_double_question_has_its_verdict(visit):
    answer = visit().ask("全年发电量是多少，火星大气压强是多少？")
    parts = [row.split("\n") for row in answer.locator(".parts li").all_inner_texts()]
    assert parts == [["数字在此", "全年发电量是多少"], ["报告未提及", "火星大气压强是多少"]]
    assert answer.locator(".says").inner_text().startswith("问题的部分内容，报告未提及。")


def test_an_unreadable_question_gets_a_kind_line(visit):
    assert "无法识别" in visit().ask("发电量\0是多少？").inner_text()


def test_the_reasons_are_closed_and_give_the_scores(visit, site):
    answer = visit().ask("煤炭进口量是多少？")
    table = answer.locator(".why table")
    assert not table.is_visible()
    answer.locator(".why summary").click()
    slots = site.assistant.ask("煤炭进口量是多少？").debug["parts"][0]["slots"]
    assert [t.strip() for t in table.locator("td.share").all_inner_texts()] == [
        f"{s['probability']:.2f}" for s in slots
    ]
    assert table.locator(".at").all_inner_texts() == [str(s["at"]) for s in slots]
    table.locator(".at").first.click()
    answer.page.wait_for_selector(f'#pane .hole.asked[data-at="{slots[0]["at"]}"]')


# ---- the watcher itself


def test_a_request_to_another_host_is_noticed(visit):
    here = visit()
    assert here.faults == []
    here.page.evaluate("fetch('http://203.0.113.1/font.woff2').catch(() => 0)")
    here.page.wait_for_timeout(100)
    assert here.faults == ["request to http://203.0.113.1/font.woff2"]
    here.faults.clear()


# ---- taking it along


def test_the_exported_conversation_passes_verify(visit, site, tmp_path: Path, capsys):
    here = visit()
    here.ask("全年发电量是多少？")
    here.ask("煤炭进口量是多少？")
    here.page.click(".menu.export summary")
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


def test_a_hostile_conversation_exports_exactly(visit, site, tmp_path: Path, capsys):
    here = visit()
    for word in ("苹果", "荔枝", "柠檬", "西瓜"):
        here.ask(f"{word}的写法，报告是怎么说的？")
    for action in ("json", "markdown"):
        here.page.click(".menu.export summary")
        with here.page.expect_download() as download:
            here.page.click(f"[data-action={action}]")
        download.value.save_as(tmp_path / action)
    assert qa_main(["verify", str(tmp_path / "json"), "--index", site.assistant.info.path]) == 0
    capsys.readouterr()
    markdown = (tmp_path / "markdown").read_text(encoding="utf-8")
    quotes = [q["text"] for a in json.loads((tmp_path / "json").read_text("utf-8"))["answers"] for q in a["quotes"]]
    assert len(quotes) >= 4
    for quote in quotes:
        assert re.search(rf"(?m)^(`{{3,}})\n{re.escape(quote)}\n\1$", markdown), quote


def test_the_conversation_exports_as_markdown(visit, site, tmp_path: Path):
    here = visit()
    here.ask("全年发电量是多少？")
    here.page.click(".menu.export summary")
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


def offer(here: Visit, name: str, data: bytes) -> None:
    offer_all(here, {name: data})


def offer_all(here: Visit, files: dict[str, bytes]) -> None:
    sent = [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files.items()]
    here.page.set_input_files(".desk input", sent)


def test_several_reports_are_added_at_once(workshop):
    here, sources, _ = workshop
    here.page.click(".desk summary")
    files = {f"{name}.txt": f"{name}公报\n\n全国{name}总产量达7千万吨。\n".encode() for name in ("渔业", "林业")}
    offer_all(here, files)
    here.page.wait_for_function("document.querySelectorAll('.desk .reports li').length === 3", timeout=30_000)
    assert {p.name for p in sources.glob("*.txt")} == {"energy.txt", *files}


def test_a_report_is_added_asked_about_meanwhile_and_removed(workshop):
    here, sources, index = workshop
    assert here.page.locator(".desk [data-action=remove]").first.is_hidden(), "the only report cannot be removed"
    offer(here, "渔业 <b>.txt", "渔业公报\n\n全国水产品总产量达7千万吨。\n".encode())
    here.page.wait_for_function("document.querySelector('.desk.running progress')?.value === 2")
    assert here.page.evaluate("document.querySelector('.desk progress').max") == serve.STEPS
    assert here.page.inner_text(".desk .meter .done") == f"2 / {serve.STEPS}"
    assert "旧索引" in here.page.inner_text(".desk-state")
    assert here.ask("全年发电量是多少？").locator(".verdict").inner_text() == "数字在此"  # while it is being rebuilt
    here.page.wait_for_selector("#pane select option:text-is('渔业 <b>.txt')", state="attached", timeout=30_000)
    answer = here.ask("全国水产品总产量是多少？")
    assert contents(answer.locator("blockquote mark")) == ["7千万吨"]
    answer.locator(".place").first.click()
    here.page.wait_for_selector('#pane .source[data-document="渔业 <b>.txt"] mark.here')
    if here.page.locator(".desk[open]").count() == 0:
        here.page.click(".desk summary")
    row = here.page.locator(".desk .reports li", has_text="渔业")
    row.locator("button").click()
    assert (sources / "渔业 <b>.txt").exists(), "removed without asking again"
    row.locator("button").click()
    here.page.wait_for_function("document.querySelectorAll('.desk .reports li').length === 1", timeout=30_000)
    assert not (sources / "渔业 <b>.txt").exists()
    assert (sources / ".removed" / "渔业 <b>.txt").read_text(encoding="utf-8").startswith("渔业公报")
    assert [d.name for d in read_info(index).documents] == ["energy.txt"]


def rebuilt(here: Visit, sources: Path, index: Path) -> None:
    """Rebuild elsewhere, and ask until the page's answers are of the new index."""
    generation = build_index(sources, index, encoder=FakeEncoder()).generation
    for _ in range(20):
        answer = here.ask("煤炭进口量是多少？")
        if answer.get_attribute("data-generation") == generation:
            return
        here.page.wait_for_timeout(700)
    raise AssertionError("the new index is not taken up")


MARKED = "quote => [...document.querySelectorAll('#pane mark.here')].map(n => n.textContent).join('') === quote"


def test_a_quote_marks_its_own_words_or_none_after_a_rebuild(workshop):
    here, sources, index = workshop
    here.ask("全年发电量是多少？").locator(".place").first.click()
    here.page.wait_for_selector("#pane mark.here")
    text = REPORT.replace("9.2万亿", "8.1万亿").replace("风电装机容量", "新插入的一段话。\n风电装机容量")
    (sources / "energy.txt").write_text(text, encoding="utf-8")
    rebuilt(here, sources, index)
    newest = here.page.locator("#chat .answer").last
    newest.locator(".place").first.click()
    here.page.wait_for_function(MARKED, arg=contents(newest.locator("blockquote"))[0])
    assert "新插入的一段话" in here.page.inner_text("#pane .source")
    assert not here.page.locator("#pane .notice").first.is_visible()
    old = here.page.locator("#chat .answer").first
    for target in (".place", ".why .at"):
        old.locator("details.why").evaluate("node => { node.open = true; }")
        old.locator(target).first.click()
        here.page.locator("#pane .notice.changed").wait_for(state="visible")
        assert here.page.locator("#pane :is(mark.here, .asked)").count() == 0
        newest.locator(".place").first.click()
        here.page.locator("#pane .notice.changed").wait_for(state="hidden")
    (sources / "energy.txt").write_text(text + "\n末尾添上的一段。\n", encoding="utf-8")
    rebuilt(here, sources, index)
    here.page.locator("#chat .answer").last.locator(".place").first.click()
    here.page.wait_for_function("document.querySelector('#pane .source').textContent.includes('末尾添上')")
    newest.locator(".place").first.click()  # of an older index, and its words stand where they stood
    here.page.wait_for_function(MARKED, arg=contents(newest.locator("blockquote"))[0])


def test_a_quote_of_a_removed_report_says_that_it_is_gone(workshop):
    here, sources, index = workshop
    (sources / "z.txt").write_text("渔业公报\n\n全国水产品总产量达7千万吨。\n", encoding="utf-8")
    rebuilt(here, sources, index)
    here.ask("全国水产品总产量是多少？")
    place = here.page.locator('#chat .place[data-document="z.txt"]').first
    (sources / "z.txt").unlink()
    rebuilt(here, sources, index)
    place.click()
    here.page.locator("#pane .notice.gone").wait_for(state="visible")
    assert "已不在资料中" in here.page.inner_text("#pane .notice.gone")
    assert here.page.locator("#pane :is(mark.here, .asked)").count() == 0
    here.page.locator("#chat .answer").last.locator(".place").first.click()
    here.page.wait_for_selector("#pane mark.here")
    assert not here.page.locator("#pane .notice.gone").is_visible()


def test_a_source_edited_since_the_build_is_named_at_the_desk(workshop):
    here, sources, _ = workshop
    (sources / "energy.txt").write_text(REPORT + "\n\n新的一段。\n", encoding="utf-8")
    here.page.click(".desk summary")  # it was open: closed, and open again
    here.page.click(".desk summary")
    note = here.page.locator(".desk .changed")
    note.wait_for(state="visible")
    assert contents(note.locator("li")) == ["energy.txt: changed since the build"]
    here.page.click(".desk [data-action=rebuild]")
    note.wait_for(state="hidden", timeout=30_000)


def test_what_is_no_report_is_refused_with_a_line(workshop):
    here, sources, _ = workshop
    for name, data, line in (
        ("page.exe", b"MZ", "files can be added"),
        ("binary.txt", bytes(range(256)) * 40, "not a text file"),
        ("empty.txt", b"  \n", "empty"),
        ("energy.txt", b"another", "there is a report of this name"),
        (".hidden.txt", b"text", "files can be added"),
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
    arguments = ("app.py", "--port", str(serve.free_port()), "--index", str(tmp_path / "index"), "--sources", "seeds")
    with serve.process(*arguments, timeout=240) as url:
        here = Visit(browser, url)
        answer = here.ask("农村网民规模是多少？")
        assert answer.locator(".verdict").inner_text() == "原文缺此数字"
        assert answer.locator("blockquote .hole.asked").count() > 0
        assert contents(answer.locator("blockquote"))[0] in SEED.read_text(encoding="utf-8")
        assert here.page.locator("#examples button").count() >= 3
        here.context.close()
        assert not here.faults
