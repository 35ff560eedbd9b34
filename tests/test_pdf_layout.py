"""Layouts of PDF pages drawn by hand: columns set row by row, tables without lines, heads and feet, footnotes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from index.datamodels import Document
from index.documents import parse_document
from tests.made import PARAGRAPHS, ZH
from tests.test_readers import assert_whole, blocks

WIDTH, HEIGHT = 595, 842


def drawn(draw: Callable[[Any], None]) -> Document:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(ZH))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT))
    draw(canvas)
    canvas.save()
    document = parse_document(out.getvalue(), "a.pdf")
    assert_whole(document)
    return document


def wrapped(text: str, width: int) -> list[str]:
    return [text[i : i + width] for i in range(0, len(text), width)]


def rows(document: Document) -> list[list[tuple[str, tuple[str, ...]]]]:
    assert document.blocks is not None
    return [[(document.text[c.start : c.end], c.heads) for c in b.cells] for b in document.blocks if b.cells]


def table(canvas: Any, grid: list[list[str]], at: float, lefts: tuple[int, ...] = (60, 220, 330, 440)) -> None:
    canvas.setFont(ZH, 10)
    for number, row in enumerate(grid):
        for left, cell in zip(lefts, row, strict=True):
            if cell:
                canvas.drawString(left, at - number * 18, cell)


def test_columns_whose_lines_are_set_side_by_side() -> None:
    left, right = wrapped("".join(PARAGRAPHS[:2]), 22), wrapped("".join(PARAGRAPHS[1:]), 22)

    def draw(canvas: Any) -> None:
        canvas.setFont(ZH, 10)
        for number in range(max(len(left), len(right))):
            for lines, x in ((left, 60), (right, 310)):
                if number < len(lines):
                    canvas.drawString(x, 700 - 16 * number, lines[number])

    text = drawn(draw).text.replace("\n", "")
    assert text == "".join(PARAGRAPHS[:2]) + "".join(PARAGRAPHS[1:])


GRID = [
    ["指标", "2020年", "2021年", "增长（%）"],
    ["地区生产总值", "1013567", "1143670", "8.1"],
    ["其中：", "", "", ""],
    ["第一产业", "78031", "83086", "7.1"],
    ["出口总额", "179326", "—", "21.2"],
]


def test_a_table_without_lines_between_prose() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(ZH, 10)
        canvas.drawCentredString(WIDTH / 2, 720, "表3 2021年主要指标（单位：亿元）")
        table(canvas, GRID, 690)
        for number, line in enumerate(wrapped(PARAGRAPHS[0], 46)):
            canvas.drawString(60, 550 - 16 * number, line)

    document = drawn(draw)
    assert rows(document) == [
        [
            ("1013567", ("地区生产总值", "2020年")),
            ("1143670", ("地区生产总值", "2021年")),
            ("8.1", ("地区生产总值", "增长（%）")),
        ],
        [
            ("78031", ("其中：", "第一产业", "2020年")),
            ("83086", ("其中：", "第一产业", "2021年")),
            ("7.1", ("其中：", "第一产业", "增长（%）")),
        ],
        [
            ("179326", ("其中：", "出口总额", "2020年")),
            ("—", ("其中：", "出口总额", "2021年")),
            ("21.2", ("其中：", "出口总额", "增长（%）")),
        ],
    ]
    assert {b.caption for b in document.blocks or () if b.kind == "table"} == {"表3 2021年主要指标（单位：亿元）"}
    assert blocks(document, "paragraph") == [PARAGRAPHS[0]]


def test_figures_of_a_table_at_the_edges_of_a_page_stay() -> None:
    def draw(canvas: Any) -> None:
        for page in range(3):
            grid = [["地区", "人口", "GDP", "排名"]]
            grid += [[f"第{page}区{n}", str(100 + n), str(2000 + 7 * n), str(n)] for n in range(1, 44)]
            table(canvas, grid, 812)
            canvas.showPage()

    found = rows(drawn(draw))
    assert len(found) == 3 * 43
    assert found[0] == [("101", ("第0区1", "人口")), ("2007", ("第0区1", "GDP")), ("1", ("第0区1", "排名"))]
    assert found[-1][0] == ("143", ("第2区43", "人口"))


def page_text(page: int) -> str:
    return "甲乙丙丁戊己"[page] + PARAGRAPHS[page % 3]


def test_heads_and_feet_go_and_what_stands_there_once_stays() -> None:
    def draw(canvas: Any) -> None:
        for page in range(6):
            canvas.setFont(ZH, 9)
            canvas.drawString(60, 815, "第一章 总体情况" if page % 2 else "某某统计报告2020")
            canvas.drawRightString(535, 20, f"第 {page + 11} 页")
            canvas.drawString(60, 40, f"[{page + 1}] 注{'甲乙丙丁戊己'[page]}：指过去半年内使用过互联网的居民。")
            canvas.setFont(ZH, 12)
            for number, line in enumerate(wrapped(page_text(page), 39)):
                canvas.drawString(60, 780 - 20 * number, line)
            canvas.showPage()

    document = drawn(draw)
    assert "某某统计报告" not in document.text
    assert "第一章" not in document.text
    assert "页" not in document.text
    notes = [block for block in blocks(document, "paragraph") if block.startswith("[")]
    assert [note[3:6].strip() for note in notes] == ["注甲", "注乙", "注丙", "注丁", "注戊", "注己"]
    assert [block for block in blocks(document, "paragraph") if not block.startswith("[")] == [
        page_text(page) for page in range(6)
    ]


@pytest.mark.parametrize("size", [(WIDTH, HEIGHT), (1200, 500)])
def test_captions_at_the_top_of_each_page_are_no_running_heads(size: tuple[int, int]) -> None:
    def draw(canvas: Any) -> None:
        canvas.setPageSize(size)
        for page in range(4):
            canvas.setFont(ZH, 10)
            canvas.drawString(60, size[1] - 30, f"表{2 * page + 1} 主要指标")
            table(canvas, GRID[:2], size[1] - 55)
            canvas.showPage()

    assert [line for line in drawn(draw).text.split("\n") if line.startswith("表")] == [
        f"表{n} 主要指标" for n in (1, 3, 5, 7)
    ]


LONG_LABELS = [
    ["指标", "2019年", "2020年"],
    ["全国农村地区固定宽带接入用户总规模", "1.35亿", "1.42亿"],
    ["互联网普及率", "64.5%", "70.4%"],
    ["城镇地区通过手机上网的网民占比情况", "99.1%", "99.6%"],
    ["网站数量", "497万", "443万"],
]
LONG_LABELS_EN = [
    ["Indicator", "2019", "2020"],
    ["Number of rural households with a fixed broadband subscription", "1.35 million", "1.42 million"],
    ["Penetration", "64.5%", "70.4%"],
    ["Share of urban internet users going online by mobile phone", "99.1%", "99.6%"],
    ["Websites", "4,970", "4,430"],
]


def set_in_cells(grid: list[list[str]], align: str, padding: int, ruled: bool) -> Document:
    """Return a page with a table between prose, whose labels do not fit into one line."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    pdfmetrics.registerFont(UnicodeCIDFont(ZH))
    cjk = not grid[0][0].isascii()
    label = ParagraphStyle("l", fontName=ZH if cjk else "Times-Roman", leading=13, wordWrap="CJK" if cjk else None)
    prose = ParagraphStyle("p", fontName=ZH, fontSize=11, leading=17, wordWrap="CJK")
    style = [("FONT", (1, 0), (-1, -1), label.fontName, 10), ("VALIGN", (0, 0), (-1, -1), align)]
    style += [(f"{side}PADDING", (0, 0), (-1, -1), padding) for side in ("TOP", "BOTTOM")]
    style += [("GRID", (0, 0), (-1, -1), 0.5, "black")] if ruled else []
    cells = [[Paragraph(row[0], label), *row[1:]] for row in grid]
    out = io.BytesIO()
    around = [Paragraph(PARAGRAPHS[0], prose), Spacer(1, 10)]
    table = Table(cells, colWidths=[110, 80, 80], style=style)
    SimpleDocTemplate(out, pagesize=A4).build([*around, table, *reversed(around)])
    document = parse_document(out.getvalue(), "a.pdf")
    assert_whole(document)
    return document


@pytest.mark.parametrize("grid", [LONG_LABELS, LONG_LABELS_EN], ids=["zh", "en"])
@pytest.mark.parametrize("align", ["TOP", "MIDDLE", "BOTTOM"])
@pytest.mark.parametrize(("padding", "ruled"), [(0, True), (1, True), (4, True), (2, False), (4, False)])
def test_a_label_of_several_lines_is_one_cell(grid: list[list[str]], align: str, padding: int, ruled: bool) -> None:
    document = set_in_cells(grid, align, padding, ruled)
    assert rows(document) == [[(row[i], (row[0], grid[0][i])) for i in (1, 2)] for row in grid[1:]]
    assert blocks(document, "paragraph") == [PARAGRAPHS[0]] * 2


def ruled(
    canvas: Any,
    lefts: list[int],
    tops: list[int],
    texts: dict[tuple[int, int, int, int], str],
) -> None:
    """Draw cells, each given by its first row and column and the row and column it ends before."""
    canvas.setFont(ZH, 10)
    for (row, column, below, after), text in texts.items():
        left, right, top, bottom = lefts[column], lefts[after], tops[row], tops[below]
        canvas.rect(left, bottom, right - left, top - bottom)
        lines = text.split("\n")
        for number, line in enumerate(lines):
            canvas.drawString(left + 4, (top + bottom) / 2 + 6 * len(lines) - 10 - 12 * number, line)


def test_cells_that_span_rows_and_columns_are_repeated() -> None:
    texts = {
        (0, 0, 2, 1): "地区",
        (0, 1, 2, 2): "指标",
        (0, 2, 1, 4): "年末数",
        (1, 2, 2, 3): "2019年\n（初步数）",
        (1, 3, 2, 4): "2020年",
        (2, 0, 4, 1): "城镇",
        (2, 1, 3, 2): "网民规模",
        (2, 2, 3, 3): "6.49亿",
        (2, 3, 3, 4): "6.80亿",
        (3, 1, 4, 2): "互联网\n普及率",
        (3, 2, 4, 3): "76.5%",
        (3, 3, 4, 4): "79.8%",
        (4, 0, 5, 1): "农村",
        (4, 1, 5, 2): "网民规模",
        (4, 2, 5, 3): "2.55亿",
        (4, 3, 5, 4): "",
    }

    def draw(canvas: Any) -> None:
        canvas.setFont(ZH, 12)
        for number, line in enumerate(wrapped(PARAGRAPHS[0], 39)):
            canvas.drawString(60, 780 - 20 * number, line)
        ruled(canvas, [60, 140, 240, 320, 400], [690, 660, 630, 600, 560, 540], texts)

    document = drawn(draw)
    assert rows(document) == [
        [
            ("6.49亿", ("城镇", "网民规模", "年末数", "2019年（初步数）")),
            ("6.80亿", ("城镇", "网民规模", "年末数", "2020年")),
        ],
        [
            ("76.5%", ("城镇", "互联网普及率", "年末数", "2019年（初步数）")),
            ("79.8%", ("城镇", "互联网普及率", "年末数", "2020年")),
        ],
        [
            ("2.55亿", ("农村", "网民规模", "年末数", "2019年（初步数）")),
            ("", ("农村", "网民规模", "年末数", "2020年")),
        ],
    ]
    assert blocks(document, "paragraph") == [PARAGRAPHS[0]]


def test_prose_in_a_frame_is_no_table() -> None:
    def draw(canvas: Any) -> None:
        canvas.rect(40, 600, 515, 200)
        canvas.line(300, 600, 300, 640)
        canvas.setFont(ZH, 12)
        for number, line in enumerate(wrapped(PARAGRAPHS[0], 39)):
            canvas.drawString(60, 760 - 20 * number, line)

    document = drawn(draw)
    assert rows(document) == []
    assert blocks(document, "paragraph") == [PARAGRAPHS[0]]


def test_cells_that_touch_are_parted_by_the_rule_between_them() -> None:
    texts = {(r, c, r + 1, c + 1): t for r, row in enumerate(GRID[:2]) for c, t in enumerate(row)}
    narrow = [60, 124, 164, 208, 262]

    document = drawn(lambda canvas: ruled(canvas, narrow, [700, 684, 668], texts))
    assert rows(document) == [
        [
            ("1013567", ("地区生产总值", "2020年")),
            ("1143670", ("地区生产总值", "2021年")),
            ("8.1", ("地区生产总值", "增长（%）")),
        ]
    ]
