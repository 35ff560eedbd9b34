"""PDF: pdfium gives characters with their places; ``pdf_layout`` makes lines, columns, tables and paragraphs."""

from __future__ import annotations

from typing import Any

from index.readers.parts import Parts, Unreadable
from index.readers.pdf_layout import Glyphs, Page, lay_out
from index.readers.pdf_ruled import Rules

MAX_PAGES = 20_000
MAX_CHARACTERS = 20_000_000

#: Drawn objects of a page in which rules are looked for: a map or a chart has far more, and no table.
MAX_DRAWN = 2_000

#: A line is straight, and a bar is a line, up to so many points.
THIN = 2.5


def read_pdf(data: bytes) -> Parts:
    """Return the parts of a PDF. Raises Unreadable when it is encrypted, damaged, or holds no text (a scan)."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = raw.FPDF_GetLastError() if getattr(error, "err_code", None) is None else error.err_code
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) or "password" in str(error).lower():
            raise Unreadable("the PDF is protected by a password. Save it without one.") from error
        raise Unreadable("the PDF is damaged. Open it in a viewer and print it to a new PDF.") from error
    if len(document) > MAX_PAGES:
        raise Unreadable(f"the PDF has {len(document)} pages, over the limit of {MAX_PAGES}. Split it.")
    pages: list[Page] = []
    empty: list[int] = []
    total = 0
    for number in range(1, len(document) + 1):
        page = _page(document, number)
        total += len(page.glyphs.text)
        if total > MAX_CHARACTERS:
            raise Unreadable(f"the PDF holds more than {MAX_CHARACTERS} characters. Split it.")
        if page.glyphs.text.strip():
            pages.append(page)
        else:
            empty.append(number)
    if not pages:
        raise Unreadable(
            "the PDF has no text: its pages are empty or scanned pictures. Run text recognition (OCR) on it first."
        )
    parts = tuple(lay_out(pages))
    if not empty:
        return Parts(parts)
    return Parts(parts, (f"no text on page {_ranges(empty)}: empty, or scanned pictures that need text recognition",))


def _page(document: Any, number: int) -> Page:  # noqa: ANN401 - pypdfium2's types are partial
    import pypdfium2 as pdfium

    try:
        page = document[number - 1]
        width, height = page.get_size()
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        return Page(number, 0.0, 0.0, Glyphs("", [], [], [], [], []))
    try:
        return Page(number, width, height, _glyphs(textpage), _rules(page))
    finally:
        textpage.close()
        page.close()


def _rules(page: Any) -> Rules:  # noqa: ANN401
    """Return the straight lines of a page, and the sides of its boxes."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    across: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    try:
        if raw.FPDFPage_CountObjects(page) > MAX_DRAWN:
            return Rules()
        for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = drawn.get_bounds()
            if top - bottom <= THIN:
                across.append((left, right, (top + bottom) / 2))
            elif right - left <= THIN:
                upright.append((bottom, top, (left + right) / 2))
            else:
                across += [(left, right, bottom), (left, right, top)]
                upright += [(bottom, top, left), (bottom, top, right)]
    except pdfium.PdfiumError:
        return Rules()
    return Rules(tuple(across), tuple(upright))


def _glyphs(textpage: Any) -> Glyphs:  # noqa: ANN401
    import pypdfium2.raw as raw

    count = textpage.count_chars()
    characters: list[str] = []
    lefts, rights, bottoms, tops, sizes = [], [], [], [], []
    box = raw.FS_RECTF()
    for i in range(count):
        code = raw.FPDFText_GetUnicode(textpage, i)
        # Surrogate halves come one by one; a soft hyphen at a line's end comes as U+0002.
        characters.append("\u00ad" if code == 2 else chr(code) if 0 < code < 0x110000 else " ")
        # The loose box is as wide as the character's advance: ink would leave gaps around full-width punctuation.
        if not raw.FPDFText_GetLooseCharBox(textpage, i, box):
            box = raw.FS_RECTF()
        lefts.append(box.left)
        rights.append(box.right)
        bottoms.append(box.bottom)
        tops.append(box.top)
        sizes.append(raw.FPDFText_GetFontSize(textpage, i))
    return Glyphs("".join(characters), lefts, rights, bottoms, tops, sizes)


def _ranges(numbers: list[int]) -> str:
    """Return 1-3, 7 for [1, 2, 3, 7]; the first few."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in runs[:10]]
    return ", ".join(shown) + (" …" if len(runs) > 10 else "")
