"""PDF, DOCX and HTML as people have them: what comes out is the report's text, whole, in order, and nothing else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from index.build import build_index, chunk_document
from index.datamodels import Document
from index.documents import parse_document, read_sources
from index.errors import SourceError
from index.readers.pdf_layout import joined
from tests import made
from tests.conftest import FakeEncoder
from tests.made import ENGLISH, PARAGRAPHS, TABLE

HEADER = "第47次中国互联网络发展状况统计报告"
STORY = [("h", "一、网民规模"), *PARAGRAPHS, TABLE, ("h", "二、应用"), *PARAGRAPHS]
CELLS = {
    "6.80亿": ("城镇", "2020年"),
    "7.48亿": ("城镇", "2021年"),
    "3.09亿": ("农村", "2020年"),
    "2.84亿": ("农村", "2021年"),
}


def blocks(document: Document, kind: str) -> list[str]:
    assert document.blocks is not None
    return [document.text[b.start : b.end] for b in document.blocks if b.kind == kind]


def cells(document: Document) -> dict[str, tuple[str, ...]]:
    return {document.text[c.start : c.end]: c.heads for b in document.blocks or () for c in b.cells}


def assert_whole(document: Document) -> None:
    """Blocks and chunks are exact slices and together hold every character that is not white space."""
    held = bytearray(len(document.text))
    for chunk in chunk_document(document):
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert all(chunk.start <= c.start <= c.end <= chunk.end for c in chunk.cells)
        held[chunk.start : chunk.end] = b"\1" * (chunk.end - chunk.start)
    assert not [c for c, h in zip(document.text, held, strict=True) if not h and not c.isspace()]


@pytest.mark.parametrize("columns", [1, 2])
def test_chinese_pdf(columns: int) -> None:
    story = [*STORY, ("break",), *STORY, ("break",), *STORY]
    document = parse_document(made.pdf(story, columns=columns, header=HEADER, footer="- {page} -"), "a.pdf")
    assert_whole(document)
    assert blocks(document, "paragraph") == [*PARAGRAPHS, *PARAGRAPHS] * 3
    assert blocks(document, "heading") == ["一、网民规模", "二、应用"] * 3
    assert cells(document) == CELLS
    assert HEADER not in document.text
    assert [b.page for b in document.blocks or () if b.kind == "heading"] == [1, 1, 2, 2, 3, 3]


def test_a_paragraph_goes_on_over_the_page() -> None:
    document = parse_document(made.pdf(PARAGRAPHS * 16, header=HEADER, footer="第 {page} 页 / 共 3 页"), "a.pdf")
    assert blocks(document, "paragraph") == PARAGRAPHS * 16
    assert {b.page for b in document.blocks or ()} > {1, 2}


@pytest.mark.parametrize("columns", [1, 2])
def test_english_pdf(columns: int) -> None:
    document = parse_document(made.pdf(ENGLISH * 8, columns=columns, footer="Page {page}"), "a.pdf")
    assert blocks(document, "paragraph") == ENGLISH * 8


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        ("网民规模达9.89", "亿，较上年增长", "网民规模达9.89亿，较上年增长"),
        ("截至20", "19年", "截至2019年"),
        ("普及率为70", "4%", "普及率为704%"),
        ("the num-", "ber of", "the number of"),
        ("a share of 31.3", "percent", "a share of 31.3 percent"),
        ("in the year", "2020", "in the year 2020"),
        ("使用 App", "的用户", "使用 App的用户"),
    ],
)
def test_joined(one: str, other: str, whole: str) -> None:
    assert joined(one, other) == whole


def test_docx() -> None:
    story = [
        ("h", "网民规模"),
        *PARAGRAPHS,
        "表1 分地区网民规模",
        TABLE,
        ("h", "应用"),
        ("li", "即时通信"),
        ("li", "网络支付8.54亿"),
    ]
    document = parse_document(made.docx(story, header=HEADER, footer="机密"), "a.docx")
    assert_whole(document)
    assert blocks(document, "heading") == ["网民规模", "应用"]
    assert blocks(document, "paragraph") == [*PARAGRAPHS, "即时通信", "网络支付8.54亿"]
    assert cells(document) == CELLS
    assert {b.caption for b in document.blocks or () if b.kind == "table"} == {"表1 分地区网民规模"}
    assert HEADER not in document.text
    assert "机密" not in document.text


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>公报 - 某某网</title></head><body>
<div class="topbar"><a href="/">首页</a><a href="/n">新闻</a><a href="/l">登录</a></div>
<nav><ul><li><a href="#">经济</a></li><li><a href="#">社会</a></li></ul></nav><div class="main"><div class="content">
<h1>互联网络发展状况统计公报</h1><p class="info">2021年8月27日 来源：统计局</p>
<h2>一、网民规模</h2><p>{0}</p><p>{1}</p>
<table><caption>表1 分地区网民规模</caption><tr><th>地区</th><th>2020年</th><th>2021年</th></tr>
<tr><td>城镇<td>6.80亿<td>7.48亿<tr><td>农村</td><td>3.09亿</td><td>2.84亿</td></tr></table>
<h2>二、应用</h2><p>{2}</p><ul><li>即时通信用户9.83亿</li></ul>
<table><tr><th rowspan=2>应用</th><th colspan=2>2020年12月</th><th colspan=2>2021年6月</th></tr>
<tr><th>规模</th><th>使用率</th><th>规模</th><th>使用率</th></tr>
<tr><td>网络视频</td><td>9.27亿</td><td>93.7%</td><td>9.44亿</td><td>93.4%</td></tr></table></div>
<div class="related"><h3>相关阅读</h3><ul><li><a href="1">去年网民规模突破9亿</a></li></ul></div>
<div class="ad">广告：流量卡每月仅需19元</div></div><script>var n = "10.5亿";</script>
<footer><p>版权所有 © 2021 某某网 联系电话 010-12345678</p></footer></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("big5", "utf-8"), ("", "utf-16")]
)
def test_html(charset: str, encoding: str) -> None:
    document = parse_document(PAGE.format(*PARAGRAPHS, charset=charset).encode(encoding), "a.html")
    assert_whole(document)
    assert blocks(document, "title") == ["互联网络发展状况统计公报"]
    assert blocks(document, "heading") == ["一、网民规模", "二、应用"]
    assert blocks(document, "paragraph") == [*PARAGRAPHS, "即时通信用户9.83亿"]
    assert cells(document) == {
        **CELLS,
        "9.27亿": ("网络视频", "2020年12月", "规模"),
        "93.7%": ("网络视频", "2020年12月", "使用率"),
        "9.44亿": ("网络视频", "2021年6月", "规模"),
        "93.4%": ("网络视频", "2021年6月", "使用率"),
    }
    for furniture in ("首页", "相关阅读", "突破9亿", "广告", "版权", "10.5亿"):
        assert furniture not in document.text


def test_a_page_that_is_only_a_table_keeps_it() -> None:
    rows = "".join(f"<tr><td>第{n}区</td><td>{n}.5万</td></tr>" for n in range(1, 30))
    document = parse_document(f"<body><table><tr><td>区</td><td>人口</td></tr>{rows}</table></body>".encode(), "a.html")
    assert cells(document)["7.5万"] == ("第7区", "人口")


UNREADABLE = [
    ("scan.pdf", lambda: made.blank_pdf(3), "no text"),
    ("locked.pdf", made.encrypted_pdf, "password"),
    ("broken.pdf", lambda: made.pdf(PARAGRAPHS)[:300], "damaged"),
    ("text.pdf", lambda: "这不是PDF".encode(), "damaged"),
    ("text.docx", lambda: b"no archive at all", "damaged"),
    ("old.docx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
    ("other.docx", lambda: zipped({"a.txt": b"x"}), "not a Word document"),
    ("half.docx", lambda: zipped({"[Content_Types].xml": b"<x/>"}), "damaged"),
    ("bomb.docx", lambda: zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": bytes(300_000_000)}), "unpacks"),
    ("empty.html", lambda: b"<html><body><nav>menu</nav></body></html>", "no text"),
    ("deep.html", lambda: b"<div>" * 200_000, ""),
    ("empty.txt", lambda: b" \n", "empty"),
]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(("name", "make", "reason"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_what_cannot_be_read_says_why_in_one_line(name: str, make: object, reason: str) -> None:
    with pytest.raises(SourceError) as error:
        parse_document(make(), name)  # type: ignore[operator]
    line = str(error.value)
    assert line.startswith(f"{name}: ")
    assert reason in line
    assert "\n" not in line


def test_the_rest_is_indexed_and_the_card_says_what_is_not(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    (tmp_path / "好.docx").write_bytes(made.docx(PARAGRAPHS))
    (tmp_path / "扫描 件.pdf").write_bytes(made.blank_pdf(2))
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "~$好.docx").write_bytes(b"lock")
    info = build_index(tmp_path, tmp_path / "index", encoder=fake_encoder)
    assert [d.name for d in info.documents] == ["好.docx"]
    assert {s.name: s.reason.split(".")[0] for s in info.skipped} == {
        "旧.doc": "not read: save it as ",
        "扫描 件.pdf": "the PDF has no text: its pages are empty or scanned pictures",
    }


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    import pypdfium2 as pdfium

    whole = pdfium.PdfDocument.new()
    for data in (made.pdf(PARAGRAPHS), made.blank_pdf(2)):
        whole.import_pages(pdfium.PdfDocument(data))
    whole.save(tmp_path / "a.pdf")
    _, skipped = read_sources(tmp_path)
    assert [s.reason for s in skipped] == ["no text on page 2-3: empty, or scanned pictures that need text recognition"]
