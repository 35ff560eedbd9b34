"""Documents as people have them, made afresh by the tests: PDF by reportlab, DOCX by python-docx."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

ZH = "STSong-Light"

PARAGRAPHS = [
    "截至2020年12月，我国网民规模达9.89亿，较2020年3月增长8540万，互联网普及率达70.4%，较2020年3月提升5.9个百分点。"
    "其中，农村网民规模为3.09亿，较2020年3月增长5471万。",
    "我国手机网民规模达9.86亿，较2020年3月增长8885万，网民使用手机上网的比例达99.7%。"
    "城镇网民规模为6.80亿，占网民整体的68.7%，较2020年3月增长3069万。",
    "网络支付用户规模达8.54亿，较2020年3月增长8636万，占网民整体的86.4%。手机网络支付用户规模达8.53亿，占手机网民的86.5%。",
]
ENGLISH = [
    "By December 2020 the number of internet users in the county had reached 989,000, an increase of 85,400 over "
    "March, and the penetration rate stood at 70.4 percent, which is 5.9 percentage points more than before.",
    "Rural users numbered 309,000, or 31.3 percent of the total. Spending on broadband rose to 12.5 million pounds, "
    "and the council expects it to remain at that level until the new cable is laid.",
]
TABLE = [["地区", "2020年", "2021年"], ["城镇", "6.80亿", "7.48亿"], ["农村", "3.09亿", "2.84亿"]]


def pdf(
    story: Sequence[Any],
    *,
    columns: int = 1,
    header: str | None = None,
    footer: str | None = None,
    first: str | None = None,
) -> bytes:
    """Return a PDF. A string is a paragraph, ``("h", text)`` a heading, ``("break",)`` a new page, a list a table."""
    from reportlab.lib.enums import TA_LEFT
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table

    pdfmetrics.registerFont(UnicodeCIDFont(ZH))
    size = 9 if columns > 1 else 12
    cjk: dict[str, Any] = {"fontName": ZH, "wordWrap": "CJK", "alignment": TA_LEFT}
    body = ParagraphStyle("b", fontSize=size, leading=size * 1.5, firstLineIndent=2 * size, **cjk)
    latin = ParagraphStyle("l", fontName="Times-Roman", fontSize=size, leading=size * 1.3, spaceAfter=size)
    heading = ParagraphStyle("h", fontSize=size * 1.4, leading=size * 2, **cjk)
    flow: list[Any] = []
    for item in story:
        if isinstance(item, str):
            flow.append(Paragraph(item, latin if item.isascii() else body))
        elif isinstance(item, tuple) and item[0] == "h":
            flow.append(Paragraph(item[1], heading))
        elif isinstance(item, tuple) and item[0] == "break":
            flow.append(PageBreak())
        else:
            table = Table(item, style=[("FONT", (0, 0), (-1, -1), ZH, size), ("GRID", (0, 0), (-1, -1), 0.5, "black")])
            flow += [Spacer(1, size), table, Spacer(1, size)]
    width, height = A4
    margin, gutter = 60, 20
    wide = (width - 2 * margin - (columns - 1) * gutter) / columns
    frames = [
        Frame(margin + i * (wide + gutter), 70, wide, height - 150, leftPadding=0, rightPadding=0)
        for i in range(columns)
    ]

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont(ZH, 9)
        if header:
            canvas.drawString(margin, height - 40, header)
        if footer:
            canvas.drawCentredString(width / 2, 30, footer.replace("{page}", str(document.page)))

    out = io.BytesIO()
    template = BaseDocTemplate(out, pagesize=A4)
    template.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    template.build(flow)
    return out.getvalue()


def blank_pdf(pages: int) -> bytes:
    """Return a PDF of empty pages: as a scan has them, without a text layer."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(pages):
        canvas.rect(100, 100, 200, 300, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def encrypted_pdf() -> bytes:
    """Return a PDF that opens with a password only."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt="secret")
    canvas.drawString(100, 700, "The revenue was 12.5 million.")
    canvas.save()
    return out.getvalue()


def docx(story: Sequence[Any], *, header: str | None = None, footer: str | None = None) -> bytes:
    """Return a DOCX; the story is written as for ``pdf``."""
    from docx import Document

    document = Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    for item in story:
        if isinstance(item, str):
            document.add_paragraph(item)
        elif isinstance(item, tuple) and item[0] == "h":
            document.add_heading(item[1], level=1)
        elif isinstance(item, tuple) and item[0] == "li":
            document.add_paragraph(item[1], style="List Bullet")
        elif isinstance(item, tuple):
            document.add_page_break()
        else:
            table = document.add_table(rows=len(item), cols=len(item[0]))
            for row, cells in zip(table.rows, item, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
