"""Tables: heads over cells, figures with the unit of their head, holes, and the cell a question asks for."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from index.build import build_index, chunk_document
from index.datamodels import Chunk, Document
from index.parts import searchable
from index.tables import heads, is_datum, is_period, read_row, split_row
from qa.assistant import Assistant
from qa.changes import asks_change
from qa.datamodels import Answer
from qa.gaps import THRESHOLD
from qa.markdown import plain_answer
from qa.overlap import OverlapReader
from qa.slots import slotted
from qa.tables import but_for_the_period, cell_figures, cell_gaps, cell_text, ruled_out
from qa.verify import differences
from tests.conftest import FakeEncoder

MARKDOWN = """# 互联网报告

## 网民规模

表1 分地区网民规模（单位：亿人）

| 地区 | 2020年 | 2021年 |
|------|-------:|-------:|
| 城镇 | 6.80 | 7.48 |
| 农村 | 3.09 | |
| 合计 | 9.89 | 10.32 |

网络支付用户规模达8.54亿。
"""


def rows(text: str) -> list[Chunk]:
    return [c for c in chunk_document(Document("a.md", text, "0", 0, "utf-8")) if c.kind == "table"]


def test_markdown_is_quoted_as_it_stands_and_read_with_its_heads() -> None:
    found = rows(MARKDOWN)
    assert [c.text for c in found] == [
        "| 地区 | 2020年 | 2021年 |\n|------|-------:|-------:|",
        "| 城镇 | 6.80 | 7.48 |",
        "| 农村 | 3.09 | |",
        "| 合计 | 9.89 | 10.32 |",
    ]
    assert all(MARKDOWN[c.start : c.end] == c.text and c.section == "网民规模" for c in found)
    assert read_row(found[1]).text == "表1 分地区网民规模（单位：亿人） 城镇：2020年为6.80；2021年为7.48。"
    assert searchable(found[1]) == f"网民规模\n{read_row(found[1]).text}"


PLAIN = [
    "项目 | 2020年 | 2021年\n城镇 | 6.80 | 7.48\n农村 | 3.09 | 2.84",
    "项目\t2020年\t2021年\n城镇\t6.80\t7.48\n农村\t3.09\t2.84",
    "\t2020年\t2021年\n城镇\t6.80\t7.48\n农村\t3.09\t2.84",
    "项目 | 2020年 | 2021年\n---|---|---\n城镇 | 6.80 | 7.48\n农村 | 3.09 | 2.84",
    "项目 | 2020年 | 2021年 |\n城镇 | 6.80 | 7.48 |\n农村 | 3.09 | 2.84 |",
    "项目    2020年    2021年\n城镇    6.80      7.48\n  农村  3.09      2.84",
    "        2020年    2021年\n城镇    6.80      7.48\n农村    3.09      2.84",
    "项目\u3000\u30002020年\u30002021年\n城镇\u3000\u30006.80\u3000\u3000\u30007.48\n农村\u3000\u30003.09\u3000\u3000\u30002.84",
    "\t项目\t2020年\t2021年\n\t城镇\t6.80\t7.48\n\t农村\t3.09\t2.84".replace("\n\t", "\n").removeprefix("\t"),
]
BLANK = [
    ("项目 | 2020年 | 2021年\n城镇 | 6.80 | \n农村 |  | 2.84", [("城镇", "2021年"), ("农村", "2020年")]),
    ("项目\t2020年\t2021年\n城镇\t6.80\t\n农村\t3.09\t2.84", [("城镇", "2021年")]),
    (
        "项目\t2020年\t2021年\n城镇\t亿\t亿\n农村\t.亿\t.亿",
        [(r, y) for r in ("城镇", "农村") for y in ("2020年", "2021年")],
    ),
]


@pytest.mark.parametrize(("table", "holes"), BLANK)
def test_holes_of_a_plain_table(table: str, holes: list[tuple[str, str]]) -> None:
    document = Document("a.txt", f"网民规模如下\n{table}\n", "0", 0, "utf-8")
    found = [c for c in chunk_document(document) if c.cells]
    assert [g.heads for c in found for g in cell_gaps(c)] == holes
    assert all(c.start <= cell.start <= cell.end <= c.end for c in found for cell in c.cells)


@pytest.mark.parametrize("mark", ["[x]", "XX", "___", "□", "[redacted]"])
@pytest.mark.parametrize("table", PLAIN)
def test_marks_in_cells_leave_a_table_a_table(table: str, mark: str) -> None:
    marked = re.sub(r"\d\.\d\d", mark, table)
    found = [c for c in chunk_document(Document("a.txt", f"网民规模如下\n{marked}\n", "0", 0, "utf-8")) if c.cells]
    assert [len(cell_gaps(c)) for c in found] == [2, 2]


def test_a_mark_that_may_be_a_tick_is_a_weak_hole() -> None:
    chunk = rows(MARKDOWN.replace("| 农村 | 3.09 | |", "| 农村 | [x] | ___ |"))[2]
    tick, line = cell_gaps(chunk)
    assert tick.confidence < THRESHOLD <= line.confidence


@pytest.mark.parametrize("table", PLAIN)
def test_bars_or_tabs_between_cells_are_a_table(table: str) -> None:
    text = f"网民规模（单位：亿人）如下：\n{table}\n\n以上为全部。"
    found = [c for c in chunk_document(Document("a.txt", text, "0", 0, "utf-8")) if c.cells]
    assert [read_row(c).text.split(" ")[-1] for c in found] == [
        "城镇：2020年为6.80；2021年为7.48。",
        "农村：2020年为3.09；2021年为2.84。",
    ]
    assert all(text[c.start : c.end] == c.text == c.text.strip() for c in found)


@pytest.mark.parametrize(
    "text",
    [
        "首页 | 新闻 | 体育\n财经 | 科技 | 文化\n关于 | 帮助 | 登录",
        "企业名称\t云河科技\n注册资本\t5000万元\n员工人数\t300人\n法定代表人\t张三",
        "Company\tNorthfield Ltd\nFounded\t1998\nEmployees\t3,200\nRevenue\t$5.2 million",
        "第一章 总体情况\t1\n第二章 网民规模\t22\n第三章 应用\t45",
        "09:00\t开幕\n10:00\t演讲\n11:00\t茶歇\n12:00\t-",
        "|\n|\n|",
        "a | b\n" * 500,
        "来源：某社 | 作者：张三\n发布：2023年1月2日 | 阅读：300",
        "This goes on.  Revenue grew by 3%.  Costs\nfell by 2%.  All is well.  Nothing else",
        "一、总体情况    1\n二、外贸    3\n三、财政    9",
        "首先，要加强领导\t其次要完善制度\n第三段落说明情况\t第四段落",
    ],
)
def test_bars_alone_make_no_table(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("| a | b |", ["a", "b"]),
        ("|a|b", ["a", "b"]),
        ("a | b", ["a", "b"]),
        (r"| a\|b | c |", [r"a\|b", "c"]),
        ("| | |", ["", ""]),
    ],
)
def test_split_row(line: str, cells: list[str]) -> None:
    assert [line[s:e] for s, e in split_row(line)] == cells


HEADS = [
    (
        "two rows of heads, a cell spanning both",
        [["应用", "2020年", ""], ["", "规模", "使用率"], ["支付", "8.5亿", "86%"]],
        [None, ("支付", "2020年", "规模"), ("支付", "2020年", "使用率")],
    ),
    ("no head above", [["人口", "9.8万"], ["面积", "12平方公里"]], [None, ("面积",)]),
    ("two columns of names", [["省", "市", "GDP"], ["浙江", "杭州", "1.8万亿"]], [None, None, ("浙江", "杭州", "GDP")]),
    ("years down the side", [["年份", "产量"], ["2020年", "5万吨"], ["2021年", "6万吨"]], [None, ("2021年", "产量")]),
    ("a group", [["项目", "2020"], ["城镇：", ""], ["男", "5"]], [None, ("城镇：", "男", "2020")]),
    ("a row across", [["项目", "2020"], ["农村地区", "农村地区"], ["男", "5"]], [None, ("农村地区", "男", "2020")]),
]


@pytest.mark.parametrize(("grid", "last"), [pytest.param(*row[1:], id=row[0]) for row in HEADS])
def test_heads(grid: list[list[str]], last: list[tuple[str, ...] | None]) -> None:
    assert heads(grid)[-1] == last


@pytest.mark.parametrize(
    ("cell", "period", "datum"),
    [
        ("2020年", True, False),
        ("2020年12月", True, False),
        ("2020", True, False),
        ("2021年上半年", True, False),
        ("12月", True, False),
        ("6.80", False, True),
        ("1,234.5", False, True),
        ("-3.2%", False, True),
        ("8.54亿", False, True),
        ("城镇", False, False),
        ("规模（亿）", False, False),
        ("", False, False),
    ],
)
def test_periods_and_data(cell: str, period: bool, datum: bool) -> None:
    assert (is_period(cell), is_datum(cell)) == (period, datum)


def test_a_bare_number_has_the_unit_of_its_head() -> None:
    text = "| 应用 | 规模（万人） | 占比（%） | 收入 |\n|---|---|---|---|\n| 支付 | 85434 | 86.4 | 3.2亿元 |"
    figures = cell_figures(rows(text)[1])
    assert [(f.text, f.value, f.unit) for f in figures] == [
        ("85434", Decimal(854340000), "人"),
        ("86.4", Decimal("86.4"), "%"),
        ("3.2亿元", Decimal(320000000), "元"),
    ]
    assert all(text[f.start : f.end] == f.text for f in figures)
    assert next(f.heads for f in figures) == ("支付", "规模（万人）")
    in_caption = cell_figures(rows(MARKDOWN)[1])
    assert [(f.text, f.value, f.unit) for f in in_caption] == [
        ("6.80", Decimal(680000000), "人"),
        ("7.48", Decimal(748000000), "人"),
    ]


@pytest.mark.parametrize(
    ("row", "holes"),
    [
        ("| 农村 | 3.09 | |", [("2021年", "亿人")]),
        ("| 农村 | 亿 | 亿 |", [("2020年", "亿"), ("2021年", "亿")]),
        ("| 农村 | | |", [("2020年", "亿人"), ("2021年", "亿人")]),
        ("| 农村 | 3.09 | 2.84 |", []),
        ("| 农村 | 见注 | |", []),
        ("| 农村 | 3.09 | — |", [("2021年", "亿人")]),
        ("| 农村 | . | .亿 |", [("2020年", "亿人"), ("2021年", "亿")]),
        ("| 农村 | +,. | -.% |", [("2020年", "亿人"), ("2021年", "%")]),
        ("| 农村 | £.万 | (.) |", [("2020年", "万"), ("2021年", "亿人")]),
        ("| 农村 | □□ | ___万 |", [("2020年", "亿人"), ("2021年", "万")]),
        ("| 农村 | [x] | XX% |", [("2020年", "亿人"), ("2021年", "%")]),
        ("| 农村 | [redacted] | 3.09 |", [("2020年", "亿人")]),
        ("| 农村 | [注1] | XX厂 |", []),
    ],
)
def test_holes(row: str, holes: list[tuple[str, str]]) -> None:
    chunk = rows(MARKDOWN.replace("| 农村 | 3.09 | |", row))[2]
    found = cell_gaps(chunk)
    assert [(g.heads[-1], g.unit) for g in found] == holes
    assert all(chunk.start <= g.at <= chunk.end for g in found)


ASKED = [
    ("2020年农村网民规模是多少？", ["3.09"]),
    ("2021年城镇网民规模是多少？", ["7.48"]),
    ("城镇网民规模是多少？", ["6.80", "7.48"]),
    ("2020年网民规模合计是多少？", ["9.89"]),
    ("2018年农村网民规模是多少？", []),
    ("2020年西部网民规模是多少？", ["9.89"]),
    ("2020年農村網民規模是多少？", ["3.09"]),
]


@pytest.mark.parametrize(("question", "left"), ASKED, ids=[q for q, _ in ASKED])
def test_what_a_question_names_rules_out_the_other_cells(question: str, left: list[str]) -> None:
    chunks = rows(MARKDOWN)
    out = ruled_out(question, chunks)
    texts = [cell_text(c, cell) for c in chunks for cell in c.cells if (c.document, cell.start) not in out]
    assert [t for t in texts if t] == left


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("2023年净利润增速是多少", ["316", "9.4%"]),
        ("2022年净利润增速是多少", ["279"]),
        ("2023年净利润是多少", ["316"]),
    ],
)
def test_a_change_over_the_year_before_is_of_the_last_year(question: str, left: list[str]) -> None:
    chunks = rows("| 项目 | 2023年 | 2022年 | 比上年增减 |\n|---|---|---|---|\n| 净利润 | 316 | 279 | 9.4% |")
    out = ruled_out(question, chunks, of_change=asks_change(question))
    assert [cell_text(c, cell) for c in chunks for cell in c.cells if (c.document, cell.start) not in out] == left


@pytest.mark.parametrize(
    "head", ["近五年年均增速", "全国增速", "员工增速", "增幅在全省排名", "2021—2023年累计增长", "目标增速"]
)
def test_other_growth_is_not_that_of_the_last_year(head: str) -> None:
    chunks = rows(f"| 项目 | 2022年 | 2023年 | {head} |\n|---|---|---|---|\n| 固定投资 | 902 | 931 | 3.0 |")
    out = ruled_out("2023年固定投资增速是多少？", chunks, of_change=True)
    assert [cell_text(c, cell) for c in chunks for cell in c.cells if (c.document, cell.start) not in out] == ["931"]


def test_months_and_longer_names_rule_out_as_well() -> None:
    text = "| 应用 | 2020年12月规模 | 2021年6月规模 |\n|---|---|---|\n"
    text += "| 网民 | 9.89亿 | 10.1亿 |\n| 手机网民 | 9.86亿 | 10.0亿 |"
    chunks = rows(text)

    def left(question: str) -> list[str]:
        out = ruled_out(question, chunks)
        return [cell_text(c, cell) for c in chunks for cell in c.cells if (c.document, cell.start) not in out]

    assert left("2021年6月手机网民规模是多少？") == ["10.0亿"]
    assert left("2020年12月的手机网民规模？") == ["9.86亿"]


def test_one_quantity_at_two_times() -> None:
    assert but_for_the_period(("农村", "2020年"), ("农村", "2021年"))
    assert but_for_the_period(("支付", "2020年12月规模"), ("支付", "2021年6月规模"))
    assert not but_for_the_period(("农村", "2020年"), ("城镇", "2020年"))
    assert not but_for_the_period((), ())


def test_the_reader_sees_only_the_cells_in_question() -> None:
    from dataclasses import replace

    from qa.slots import windows

    passage = slotted(rows(MARKDOWN)[1], MARKDOWN)
    window = windows(passage)[0]
    whole = window.as_read()
    assert [whole.text[s:e] for s, e in whole.slots] == ["6.80", "7.48"]
    one = replace(window, slots=window.slots[1:]).as_read()
    assert one.text == "表1 分地区网民规模（单位：亿人） 城镇 2021年：7.48。"
    assert [one.text[s:e] for s, e in one.slots] == ["7.48"]


def test_the_reader_sees_no_marks_in_cells() -> None:
    from qa.slots import windows

    text = MARKDOWN.replace("| 农村 | 3.09 | |", "| 农村 | [x]万 | ___ |")
    read = windows(slotted(rows(text)[2], text))[0].as_read()
    assert read.text.split(" ")[-1] == "农村：2020年为万；2021年为。"
    assert [read.text[s - 1] for s, _ in read.slots] == ["为", "为"]


@pytest.fixture
def assistant(tmp_path: Path, fake_encoder: FakeEncoder) -> Assistant:
    (tmp_path / "报告.md").write_text(MARKDOWN, encoding="utf-8")
    build_index(tmp_path / "报告.md", tmp_path / "index", encoder=fake_encoder)
    return Assistant.open(tmp_path / "index", encoder=fake_encoder, reader=OverlapReader())


def test_an_answer_from_a_table(assistant: Assistant) -> None:
    answer = assistant.ask("2020年农村网民规模是多少？")
    assert answer.verdict == "stated"
    assert [(f.text, f.value, f.heads) for f in answer.figures] == [
        ("3.09", Decimal(309000000), ("表1 分地区网民规模（单位：亿人）", "农村", "2020年"))
    ]
    assert answer.quotes[0].text == "| 农村 | 3.09 | |"
    assert "表1 分地区网民规模（单位：亿人） › 农村 › 2020年" in plain_answer(answer)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer
    documents = {"报告.md": Document("报告.md", MARKDOWN, answer.sources["报告.md"], 0, "utf-8")}
    assert differences(answer, documents) == []
    forged = json.loads(json.dumps(answer.to_dict()).replace(json.dumps("农村")[1:-1] + '", "2020', "x" + '", "2020'))
    assert any("the head 'x'" in line for line in differences(Answer.from_dict(forged), documents))


def test_an_empty_cell_is_omitted(assistant: Assistant) -> None:
    answer = assistant.ask("2021年农村网民规模是多少？")
    assert answer.verdict == "omitted"
    assert [g.heads for g in answer.gaps] == [("表1 分地区网民规模（单位：亿人）", "农村", "2021年")]


@pytest.mark.model
def test_the_right_cell_is_marked(tmp_path: Path) -> None:
    (tmp_path / "报告.md").write_text(MARKDOWN, encoding="utf-8")
    build_index(tmp_path / "报告.md", tmp_path / "index")
    assistant = Assistant.open(tmp_path / "index")
    for question, cell in [
        ("2020年农村网民规模是多少？", "3.09"),
        ("2020年城镇网民规模是多少？", "6.80"),
        ("2021年城镇网民规模是多少？", "7.48"),
    ]:
        assert [f.text for f in assistant.ask(question).figures] == [cell]
    assert assistant.ask("2021年农村网民规模是多少？").verdict == "omitted"
    assert assistant.ask("2018年农村网民规模是多少？").verdict == "not_found"
