"""Finds the blocks of a document: title, date line, headings, paragraphs, captions, editor's lines.

Where the source keeps its line breaks, its lines (or, when they were wrapped at a constant width, its paragraphs) are
the blocks. A line into which a whole document has run together is handed to ``index.runon``, which recovers structure
from the wording; the criterion is ``is_run_on``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from index.datamodels import Block, BlockKind, Cell
from index.runon import recover
from index.sentences import split_sentences
from index.tables import Row, is_parted, markdown_rows, plain_rows

TITLE_LIMIT = 60
HEADING_LIMIT = 42
"""Reading units (see ``extent``) up to which a line can be a title, or a heading. The longest heading of a Chinese
report seen while writing this has 30 characters, the longest news title 55."""

RUN_ON_ALONE = 1050
"""Reading units from which a line that is nearly all of its document counts as run-on: the longest of 4,251 paragraphs
of CMRC 2018 and DRCD has 1,036."""
RUN_ON_ANYWHERE = 2000
"""Reading units from which a line does that is at least half of its document."""
RUN_ON_SHARE = 0.9
"""Share of the document's characters that a line must hold to be "nearly all" of it."""
RUN_ON_SENTENCES = 5

HARD_BOUND = 2
"""A single sentence stays whole up to this many times ``max_chars``; beyond, ``split_block`` cuts it."""

_TERMINATORS = tuple("。！？；…!?;.")
_CLOSERS = "”’」』）】》〉)]\"'"
_WORD = re.compile(r"[^\W_]")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[^\W\d_\u3040-\u9fff\uac00-\ud7af]+|\d+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before sections and numbers are known. ``kind`` None: not decided yet."""

    start: int
    end: int
    kind: BlockKind | None = None
    level: int = 0
    """Markdown heading level, 0 for none."""
    fixed: bool = False
    """A row of a table or a code block: never run-on, never a heading."""
    page: int | None = None
    cells: tuple[Cell, ...] = ()


def extent(text: str) -> float:
    """Return the length of ``text`` in reading units: a CJK character is 1, a Latin word or a number 1.6.

    The weight is that of English against Chinese in parallel text: about 1.6 characters to a word.
    """
    return len(_CJK.findall(text)) + 1.6 * len(_LATIN_WORD.findall(text))


# ---------------------------------------------------------------------------------------------------------------------
# Lines


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int
    gap: bool
    """A blank line (or the document's start) stands before it."""


def _lines(text: str) -> list[_Line]:
    lines = []
    gap, at = True, 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            lines.append(_Line(at + indent, at + indent + len(stripped), indent, gap))
        gap = not stripped
        at += len(raw) + 1
    return lines


def _width(text: str) -> int:
    """Return the display width of ``text`` in columns: 2 for a full-width character."""
    return len(text) + sum(1 for char in text if "\u2e80" <= char <= "\uffdf")


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith((*_TERMINATORS, ":", "："))


_ATX = re.compile(r"(#{1,6})[ \t\u3000]+(.*?)[ \t]*#*$|(#{1,6})(?=[^#\s!\d])(.+?)#*$")
_SETEXT = re.compile(r"(=+|-{2,})$")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}$")
_FENCE = re.compile(r"(```|~~~)")
_BULLET = re.compile(r"([-*+•●○▪■◆◇·–]|\d{1,2}[.)、．]|[（(]\d{1,2}[）)])[ \t\u3000]*(?=\S)")


def _wrap_column(text: str, lines: list[_Line]) -> int | None:
    """Return the column at which the lines of ``text`` were wrapped, or None when line breaks are paragraph breaks.

    Wrapped text shows most of its line ends at one column and in mid-sentence. 40 to 130 columns: verse and lists are
    narrower, and wider lines are not wrapped for reading.
    """
    inner = [text[a.start : a.end] for a, b in pairwise(lines) if not b.gap]
    if len(inner) < 2:
        return None
    widths = sorted(_width(line) for line in inner)
    column = widths[int(0.9 * (len(widths) - 1))]
    if not 40 <= column <= 130:
        return None
    slack = 4 if sum(1 for line in inner if _CJK.search(line)) > len(inner) / 2 else 12
    wider = sum(1 for line in lines if _width(text[line.start : line.end]) > column + slack)
    if wider > 0.1 * len(lines):
        return None
    full = [line for line in inner if abs(_width(line) - column) <= slack]
    open_ended = [line for line in full if not _ends_sentence(line)]
    return column if len(full) >= 0.5 * len(inner) and len(open_ended) >= 0.6 * len(full) else None


def _continues(text: str, line: _Line, following: _Line, column: int) -> bool:
    """Whether a wrapped paragraph goes on from ``line`` to ``following``."""
    here, there = text[line.start : line.end], text[following.start : following.end]
    if following.gap or _ATX.match(there) or _BULLET.match(there) or there.startswith("|"):
        return False
    if following.indent > line.indent and not _BULLET.match(here):
        return False
    first_word = re.match(r"[\x21-\x7e]+|..", there)
    would_fit = _width(here) + 1 + _width(first_word[0] if first_word else there) <= column - 1
    return not would_fit or (there[:1].islower() and not _ends_sentence(here))


def _pieces(text: str) -> list[Piece]:
    """Group lines into pieces, reading Markdown headings, tables and code fences."""
    lines = _lines(text)
    column = _wrap_column(text, lines)
    pieces: list[Piece] = []
    at = 0
    refused = 0
    while at < len(lines):
        stop = _fixed_until(text, lines, at)
        rows: list[Row] = []
        if stop > at + 1 and text[lines[at].start] == "|":
            rows = markdown_rows(text, [(line.start, line.end) for line in lines[at:stop]])
        elif stop == at and at >= refused:
            rows, count = plain_rows(text, _parted_lines(text, lines, at))
            stop, refused = (at + count, refused) if rows else (at, at + count)
        if rows:
            pieces += [Piece(row.start, row.end, "table", fixed=True, cells=row.cells) for row in rows]
        elif stop > at:
            pieces.append(Piece(lines[at].start, lines[stop - 1].end, "paragraph", fixed=True))
        else:
            stop = at + 1
            while column and stop < len(lines) and _continues(text, lines[stop - 1], lines[stop], column):
                stop += 1
            _add_line(text, lines[at], lines[stop - 1].end, pieces)
        at = stop
    return pieces


def _fixed_until(text: str, lines: list[_Line], at: int) -> int:
    """Return the line after the table or code block that opens at line ``at``, or ``at`` where none does."""
    content = text[lines[at].start : lines[at].end]
    stop = at + 1
    if fence := _FENCE.match(content):
        while stop < len(lines) and not text.startswith(fence[1], lines[stop].start):
            stop += 1
        return min(stop + 1, len(lines))
    if content.startswith("|"):
        while stop < len(lines) and not lines[stop].gap and text[lines[stop].start] == "|":
            stop += 1
        return stop
    return at


def _parted_lines(text: str, lines: list[_Line], at: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines from ``at`` on that are parted into cells, up to a blank line or a caption."""
    for number in range(at, len(lines)):
        start, end = _whole_line(text, lines[number])
        line = text[start:end]
        after_blank = number > at and lines[number].gap
        if after_blank or not is_parted(line) or is_caption_line(line.strip()) or _UNIT_LINE.match(line.strip()):
            return
        yield start, end


def _whole_line(text: str, line: _Line) -> tuple[int, int]:
    """Return a line with its white space, but for the break."""
    end = text.find("\n", line.end)
    return line.start - line.indent, (len(text) if end < 0 else end)


def _add_line(text: str, line: _Line, end: int, pieces: list[Piece]) -> None:
    """Add a line, or the wrapped paragraph that opens with it, to ``pieces``; markup marks a piece or vanishes."""
    content = text[line.start : line.end]
    if atx := _ATX.match(content):
        group = 2 if atx[1] else 4
        if atx[group].strip():
            start, stop = atx.span(group)
            pieces.append(Piece(line.start + start, line.start + stop, "heading", level=len(atx[group - 1])))
    elif _SETEXT.match(content) and not line.gap and pieces and pieces[-1].kind is None:
        pieces[-1] = replace(pieces[-1], kind="heading", level=1 if content[0] == "=" else 2)
    elif not _RULE.match(content):
        pieces.append(Piece(line.start, end))


# ---------------------------------------------------------------------------------------------------------------------
# What a line is

_YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})"
_MONTH_NAME = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATE = re.compile(
    rf"{_YEAR}\s*年(?:\s*[\d〇一二三四五六七八九十]{{1,3}}\s*月)(?:\s*[\d〇一二三四五六七八九十]{{1,3}}\s*[日号])?"
    r"|年月日?|\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    rf"|{_MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH_NAME},?\s+\d{{4}}"
)
_TIME = re.compile(
    r"\bT?\d{1,2}\s*[:：]\s*\d{2}(?:\s*[:：]\s*\d{2})?(?:\s*[ap]\.?m\.?)?Z?|\d{1,2}时\d{1,2}分|\b(?:UTC|GMT|CST|BST|EST|EDT)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:来源|來源|稿源|出处|作者|记者|編輯|编辑|发布(?:时间|日期|者)?|發布時間|日期|时间|更新时间|Source|Author|By|From|"
    r"Published|Updated|Posted|Date|on)\s*[:：]?\s*[^\s:：|｜]*",
    re.IGNORECASE,
)
_SOURCE_CUE = re.compile(r"^\W*(?:来源|來源|稿源|文章来源|信息来源|Source)\s*[:：]", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:星期|周|週)[一二三四五六日天]|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b")


_ISSUER = re.compile(
    r"\W*[\u3400-\u9fff]{2,20}(?:[局部委院社网網报報署厅廳处處台臺行办辦队隊]|[委协協学學商]?[会會]|公司|集团|集團|中心|办公室|辦公室|政府)\W*"
)


def is_date_line(line: str) -> bool:
    """Whether ``line`` holds a date or a source, and nothing else that is not of their kind (time, weekday, author).

    An office or a firm may stand before or after the date: 国家统计局　2024年2月29日.
    """
    if len(line) > 90:
        return False
    if _SOURCE_CUE.match(line):
        return not line.endswith("。")
    rest, dates = _DATE.subn(" ", line)
    if not dates:
        return False
    rest = _SOURCE.sub(" ", _WEEKDAY.sub(" ", _TIME.sub(" ", rest)))
    if dates == 1 and _ISSUER.fullmatch(rest):
        return True
    return not _WORD.search(re.sub(r"^\s*[A-Z][a-z]+\s*,", "", rest))


_EDITOR = re.compile(
    r"[\[【（(]?\s*(?:(?:责任编辑|責任編輯|责编|責編|编辑|編輯|校对|审核|编审|监制|策划|记者|作者|通讯员|撰文|文字|文)\s*[:：丨|/／]"
    r"|(?:责任编辑|責任編輯|责编)|(?:记者|作者|编辑)\s+\S{2,4}(?:\s|$)"
    r"|(?:Editor|Edited by|Editing by|Reporting by|Written by|By)\b)",
)


def is_editor_line(line: str) -> bool:
    """Whether ``line`` names the editor or the author."""
    return bool(_EDITOR.match(line)) and extent(line) <= 40 and not line.endswith("。")


_CAPTION = re.compile(
    r"[\[【（(]?\s*(?:资料图|資料圖|资料照片|图为|圖為|图说|图片说明|图片来源|图源|(?:图|圖|表|图表)\s*[:：]"
    r"|(?:图|圖|表|图表)\s*[\d一二三四五六七八九十]+(?:[-.]\d+)*\s*[:：.、\s]|[▲△▼]"
    r"|(?:Fig(?:ure)?|Table|Chart|Exhibit)\.?\s*\d+(?:[-.]\d+)*\s*[:.\-–—|]|(?:File )?[Pp]hoto(?: by|:)|Image:|Source:)"
)
_CREDIT = re.compile(r"(?:\s摄|摄影|(?:记者|通讯员|[社网报])\s*\S{2,4}\s*摄|供图|图源\S*)[）)】\]]?$")


def is_caption_line(line: str) -> bool:
    """Whether ``line`` explains or credits a picture, a figure or a table."""
    return extent(line) <= 120 and bool(_CAPTION.match(line) or (extent(line) <= 80 and _CREDIT.search(line)))


_NUMBERING: list[tuple[str, re.Pattern[str]]] = [
    ("chapter", re.compile(r"第\s*[一二三四五六七八九十百\d]+\s*[章节節部分编編篇]")),
    ("chapter", re.compile(r"(?:Chapter|Section|Part|Appendix|Annex)\s+[\dA-Z]+\b")),
    ("一、", re.compile(r"[一二三四五六七八九十]{1,3}\s*[、．.]")),
    ("（一）", re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    ("1.1", re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}[.．、]?(?=[\s\u3400-\u9fff])")),
    ("1.", re.compile(r"\d{1,2}\s*[.．、](?!\d)")),
    ("1", re.compile(r"\d{1,2}\s(?=\s*[A-Z\u3400-\u9fff])")),
    ("（1）", re.compile(r"[（(]\d{1,2}[）)]")),
    ("I.", re.compile(r"[IVX]{1,4}[.、]\s*")),
    ("【】", re.compile(r"【[^】]{2,20}】$")),
]


def numbering(line: str) -> str | None:
    """Return the style in which ``line`` is numbered as a heading is (一、 （一） 1. 1.1 第一章), or None."""
    for style, pattern in _NUMBERING:
        if pattern.match(line):
            return style
    return None


def _is_short_unpunctuated(line: str, limit: float) -> bool:
    if extent(line) > limit or len(line) > 3 * limit or len(_WORD.findall(line)) < 2:
        return False
    bare = line.rstrip(_CLOSERS)
    return not (bare.endswith((*_TERMINATORS, ",", "，", "、", ":", "：", "—")) or "。" in line or "\n" in line)


def _classify(text: str, pieces: list[Piece]) -> list[Piece]:
    """Decide what each undecided piece is."""
    strings = [text[piece.start : piece.end] for piece in pieces]
    decided = [
        replace(piece, kind=piece.kind or _own_kind(string)) for piece, string in zip(pieces, strings, strict=True)
    ]
    decided = _title(decided, strings)
    for at in range(len(decided) - 1, -1, -1):
        if decided[at].kind is None:
            kind: BlockKind = "heading" if _is_heading(at, decided, strings) else "paragraph"
            decided[at] = replace(decided[at], kind=kind)
    return decided


def _own_kind(line: str) -> BlockKind | None:
    """Return the kind that a line shows by itself, or None."""
    if is_date_line(line):
        return "date"
    if is_caption_line(line):
        return "caption"
    if is_editor_line(line):
        return "editor"
    return None


def _title(pieces: list[Piece], strings: list[str]) -> list[Piece]:
    """Make the first short line that is neither date nor byline the title, and with it a second one after a dash."""
    at = next((i for i, piece in enumerate(pieces[:4]) if piece.kind not in ("date", "editor", "caption")), None)
    if at is None or len(pieces) == at + 1 or pieces[at].fixed:
        return pieces
    level = pieces[at].level
    if level:
        is_title = sum(1 for piece in pieces if piece.level == level) == 1 and not any(
            0 < piece.level < level for piece in pieces
        )
    else:
        line = strings[at].rstrip("！？!?")
        is_title = (
            _is_short_unpunctuated(line, TITLE_LIMIT)
            and not _BULLET.match(line)
            and numbering(line) in (None, "【】", "1")
            and any(len(string) > len(line) for string in strings[at + 1 :])
        )
    if not is_title:
        return pieces
    found = [*pieces]
    found[at] = replace(found[at], kind="title")
    if at + 2 < len(found) and strings[at + 1].startswith("—") and extent(strings[at + 1]) <= TITLE_LIMIT:
        found[at + 1] = replace(found[at + 1], kind="title")
    return found


def _is_heading(at: int, pieces: list[Piece], strings: list[str]) -> bool:
    """Whether an undecided line is a heading: short, unpunctuated, and followed by a body (or by a lower heading)."""
    line = strings[at]
    style = numbering(line)
    if not _is_short_unpunctuated(line.rstrip("？?") if style else line, HEADING_LIMIT):
        return False
    if style is None and (_BULLET.match(line) or not _starts_like_a_heading(line)):
        return False
    following = next((i for i in range(at + 1, min(at + 4, len(pieces))) if pieces[i].kind != "caption"), None)
    if following is None:
        return False
    after = strings[following]
    if pieces[following].kind == "heading":
        return numbering(after) != style if style else numbering(after) is not None or bool(pieces[following].level)
    if style and style in (numbering(after), numbering(strings[at - 1]) if at else None):
        return False  # items of a list
    if pieces[following].fixed:
        return True
    return pieces[following].kind == "paragraph" and (
        (
            (style == "chapter" or extent(after) > extent(line))
            and after.rstrip(_CLOSERS).endswith((*_TERMINATORS, ":", "："))
        )
        or extent(after) > 60
    )


def _starts_like_a_heading(line: str) -> bool:
    """Not a quotation, a row of cells, a `name: value` pair, a list item or an address."""
    return not re.match(r"[“「『\"'‘>|–—\-]|https?:|www\.|.*\t|.*\S {3,}\S|[^:：]{1,12}[:：]\s?\d", line)


# ---------------------------------------------------------------------------------------------------------------------
# Public interface


def is_run_on(line: str, share: float) -> bool:
    """Whether a document, or much of one, has run together in ``line``.

    Args:
        line: one line of a document.
        share: the part of the document's characters that it holds, 0 to 1.

    Returns:
        True for a line of five sentences or more that either has ``RUN_ON_ANYWHERE`` reading units, more than a
        paragraph is ever given, or has ``RUN_ON_ALONE`` and holds ``RUN_ON_SHARE`` of the document.

    """
    units = extent(line)
    if units < RUN_ON_ALONE or (share < RUN_ON_SHARE and (units < RUN_ON_ANYWHERE or share < 0.5)):
        return False
    return len(split_sentences(line)) >= RUN_ON_SENTENCES


def _recovered(text: str, pieces: list[Piece]) -> Iterator[Piece]:
    """Replace run-on pieces by what they hold."""
    body = sum(piece.end - piece.start for piece in pieces)
    for piece in pieces:
        line = text[piece.start : piece.end]
        if piece.kind == "paragraph" and not piece.fixed and is_run_on(line, len(line) / body):
            first = piece is pieces[0]
            for part in recover(line, first=first):
                yield Piece(piece.start + part.start, piece.start + part.end, part.kind, page=piece.page)
        else:
            yield piece


def find_blocks(text: str, pieces: list[Piece] | None = None) -> list[Block]:
    """Find the blocks of a document, in order.

    Args:
        text: the document, with the line feed as its only newline.
        pieces: what a file's format says of its blocks, in order; by default they are found in the text.

    Returns:
        Blocks that do not overlap and hold every non-space character except markup (``#`` and underlines of Markdown
        headings, rules). ``paragraph`` counts all of them from 1. Takes time linear in the length of ``text``.

    """
    blocks: list[Block] = []
    section: str | None = None
    caption = ""
    for piece in _recovered(text, _classify(text, _pieces(text) if pieces is None else pieces)):
        kind = piece.kind or "paragraph"
        own = text[piece.start : piece.end]
        if kind == "heading":
            section = own
        if kind != "table":
            caption = _as_caption(kind, own, caption)
        named = caption if kind == "table" else ""
        blocks.append(Block(kind, piece.start, piece.end, section, len(blocks) + 1, piece.page, piece.cells, named))
    return blocks


_UNIT_LINE = re.compile(r"[（(]?\s*(?:计量)?(?:单位|單位|[Uu]nits?)\s*[:：]")


def _as_caption(kind: BlockKind, line: str, before: str) -> str:
    """Return what a table after ``line`` is of: its caption, and the line below that with the unit of its figures."""
    if _UNIT_LINE.match(line) and len(line) <= 40:
        return f"{before} {line}".strip()
    return line if kind == "caption" or (kind == "paragraph" and extent(line) <= 40 and line[-1] in ":：") else ""


def split_block(text: str, block: Block, max_chars: int) -> list[tuple[int, int]]:
    """Split a block that is too long to encode into balanced runs of whole sentences.

    Args:
        text: the document's text.
        block: one of its blocks.
        max_chars: longest piece wanted, in characters; at least 1.

    Returns:
        (start, end) in ``text`` of each piece, in order; together they hold every non-space character of the block. A
        piece is longer than ``max_chars`` only where a single sentence is, and never longer than ``HARD_BOUND`` times
        that: such a sentence is cut at a comma, at white space, or anywhere.

    Raises:
        ValueError: ``max_chars`` is less than 1.

    """
    if max_chars < 1:
        raise ValueError(f"max_chars must be at least 1, not {max_chars}")
    if block.end - block.start <= max_chars:
        return [(block.start, block.end)]
    piece = text[block.start : block.end]
    wrapped = "\n" in piece and not piece.startswith(("|", "```", "~~~"))
    sentences = [
        (block.start + start, block.start + end)
        for whole in split_sentences(piece, newline_ends=not wrapped)
        for start, end in _bounded(piece, *whole, max_chars)
    ]
    return _balance(sentences, max_chars)


def _bounded(text: str, start: int, end: int, max_chars: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence of more than ``HARD_BOUND * max_chars`` into pieces of at most ``max_chars``."""
    if end - start > HARD_BOUND * max_chars:
        while end - start > max_chars:
            window = text[start : start + max_chars]
            cut = 0
            for marks in ("；;", "，,：:、", " \t\u3000\n"):
                cut = max(window.rfind(mark) for mark in marks) + 1
                if cut > max_chars // 2:
                    break
            cut = cut if cut > max_chars // 2 else max_chars
            stripped = window[:cut].strip()
            if stripped:
                left = start + window.index(stripped[0])
                yield left, left + len(stripped)
            start += cut
            while start < end and text[start].isspace():
                start += 1
    if start < end:
        yield start, end


def _balance(sentences: list[tuple[int, int]], max_chars: int) -> list[tuple[int, int]]:
    """Join sentences into the fewest pieces of at most ``max_chars``, as even in length as sentences allow."""

    def pack(limit: int) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        for start, end in sentences:
            if runs and end - runs[-1][0] <= limit:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((start, end))
        return runs

    fewest = len(pack(max_chars))
    low, high = 1, max_chars
    while low < high:
        middle = (low + high) // 2
        if len(pack(middle)) <= fewest:
            high = middle
        else:
            low = middle + 1
    return pack(low)
