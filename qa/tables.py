"""Tables: the figures and holes of a row, each under its heads, and which cells a question rules out by naming others.

A row is read as a sentence that says the heads before each cell (``index.tables.read_row``); what is quoted is the row
as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.datamodels import Cell, Chunk
from index.folding import fold, has_han, to_simplified
from index.marks import CELL
from index.tables import is_blank, is_datum, is_period, shared_heads
from qa.datamodels import Figure, Gap
from qa.figures import find_figures
from qa.overlap import content_tokens

#: Confidence of a hole where a cell holds a unit and no number, nothing at all, or a dash. A dash may be meant, and so
#: may [x] or XX that no unit follows: they are shown only where theirs is the cell asked for.
_UNIT_ALONE, _EMPTY, _DASH = 0.95, 0.75, 0.4

_IN_BRACKETS = re.compile(r"[（(\[【]\s*([^（）()\[\]【】]{1,12})\s*[）)\]】]")
_UNIT_SAID = re.compile(r"(?:单位|單位|[Uu]nits?)\s*[:：]\s*([^\s，,；;）)\]】]{1,12})")


def cell_text(chunk: Chunk, cell: Cell) -> str:
    """Return what stands in a cell."""
    return chunk.text[cell.start - chunk.start : cell.end - chunk.start]


def cell_figures(chunk: Chunk) -> list[Figure]:
    """Return the figures of a row's cells in document offsets, each with its heads.

    Where a cell gives a bare number, its unit and so its value come from the head or the caption: 3.09 under
    规模（亿人） is 309000000 people.
    """
    found: list[Figure] = []
    for cell in chunk.cells:
        text = cell_text(chunk, cell)
        figures = find_figures(text)
        if len(figures) == 1 and figures[0].unit is None and (unit := _unit_over(chunk, cell)):
            figures = [_with_unit(text, figures[0], unit)]
        found += [
            Figure(f.text, f.start + cell.start, f.end + cell.start, f.value, f.unit, (*_caption(chunk), *cell.heads))
            for f in figures
        ]
    return found


def cell_gaps(chunk: Chunk) -> list[Gap]:
    """Return the holes of a row's cells: those with a unit alone; the empty ones where others of the row hold figures.

    A row with no figure at all counts as stripped of them if it is empty but for units.
    """
    texts = {cell: cell_text(chunk, cell) for cell in chunk.cells}
    bare = {cell: _is_unit(text) or _is_left_over(text) for cell, text in texts.items()}
    blank = {cell: is_blank(text) or _may_be_mark(text) for cell, text in texts.items()}
    if not any(find_figures(t) or is_datum(t) for t in texts.values()) and not all(
        bare[cell] or blank[cell] for cell in texts
    ):
        return []
    gaps = []
    for cell, text in texts.items():
        confidence = _UNIT_ALONE if bare[cell] else _EMPTY if not text.strip() else _DASH if blank[cell] else 0.0
        if confidence:
            unit = (bare[cell] and _without_points(text)) or _unit_over(chunk, cell)
            gaps.append(Gap(cell.start, confidence, unit, (*_caption(chunk), *cell.heads)))
    return gaps


def _caption(chunk: Chunk) -> tuple[str, ...]:
    return (chunk.caption,) if chunk.caption else ()


def _with_unit(text: str, figure: Figure, unit: str) -> Figure:
    """Read a bare number with the unit that its head gives; the text stays what the cell says."""
    read = find_figures(text[: figure.end] + unit)
    if len(read) == 1 and read[0].start == figure.start and read[0].end == figure.end + len(unit):
        return Figure(figure.text, figure.start, figure.end, read[0].value, read[0].unit)
    return figure


def _unit_over(chunk: Chunk, cell: Cell) -> str | None:
    """Return the unit in a head of the cell, the nearest first, or in the caption."""
    for head in reversed(cell.heads):
        for inside in reversed(_IN_BRACKETS.findall(head)):
            unit = str(re.split("[:：]", inside)[-1]).strip()
            if _is_unit(unit):
                return unit
    said = _UNIT_SAID.search(chunk.caption)
    if said and _is_unit(said[1]):
        return str(said[1])
    return next((i for i in _IN_BRACKETS.findall(chunk.caption) if _is_unit(i)), None)


#: The sign, currency and points of a number that has lost its digits.
_LEFT_OVER = re.compile(rf"\s*[(（]?[+±−–-]?\s*[$£€¥]?\s*(?:{CELL}|[.,．，]*)")
#: Marks that mean no number as easily: a box that is ticked, a name.
_OPEN_MARK = re.compile(r"\[[xX]+\]|X+|x+|Ｘ+|\*+|\[\s?(?:\.{3}|…+)\s?\]")


def _without_points(text: str) -> str:
    """Leave out what a number that has lost its digits leaves before its unit."""
    return _LEFT_OVER.sub("", text, count=1).strip(" )）")


def _is_left_over(text: str) -> bool:
    """Whether a cell holds nothing but the points of a number, ``,.`` of 1,204.5, or a mark for one."""
    return bool(re.search(f"[.,．，]|{CELL}", text)) and not _may_be_mark(text) and not _without_points(text)


def _may_be_mark(text: str) -> bool:
    return bool(_OPEN_MARK.fullmatch(text.strip()))


def _is_unit(text: str) -> bool:
    text = _without_points(text)
    if not text or len(text) > 12 or re.search(r"\d", text):
        return False
    figures = find_figures(f"5{text}")
    whole = len(figures) == 1 and figures[0].end == len(text) + 1
    return whole and (figures[0].unit is not None or figures[0].value not in (None, 5))


# ---------------------------------------------------------------------------------------------------------------------
# What a question names


#: Row heads that stand for all rows: a question need not name them.
_TOTAL = re.compile(
    r"合计|總計|总计|共计|全国|全國|全部|总体|整体|总量|总数|平均|^计$|\b(?:total|overall|all|average|sum)\b", re.I
)

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PART_OF_YEAR = re.compile(r"(?<!\d)\d{1,2}月|[一二三四1-4]季度|[上下]半年|\b[Qq][1-4]\b|\b[Hh][12]\b")


def ruled_out(question: str, chunks: Iterable[Chunk], *, of_change: bool = False) -> set[tuple[str, int]]:
    """Return ``(document, start)`` of every cell that a question rules out by what it names and what it does not.

    A cell is of something else when a head is of another year or month, when the head of its row has nothing of the
    question (and is no total), or when another cell of the document has all of its named heads and more: asked for
    2020年农村网民规模, the cell under 农村 and 2020年 rules out those under 城镇 or under 2021年. Where the
    question is ``of_change``, a column of changes is of the last year: 2023年的增速 stands under 比上年增减.
    """
    asked = fold(to_simplified(question))
    by_document: dict[str, list[tuple[Cell, int]]] = {}
    for chunk in chunks:
        shared = shared_heads([cell.heads for cell in chunk.cells])
        by_document.setdefault(chunk.document, []).extend((cell, len(shared)) for cell in chunk.cells)
    out: set[tuple[str, int]] = set()
    for document, cells in by_document.items():
        named = _named(asked, {head for cell, _ in cells for head in cell.heads})
        own = {cell: named & set(cell.heads) for cell, _ in cells}
        if of_change:
            last = named & _last_year(cells)
            own = {cell: heads | last if _is_over_year_before(cell) else heads for cell, heads in own.items()}
        for cell, of_row in cells:
            other_time = any(_other_period(asked, head) for head in cell.heads)
            other_thing = bool(of_row) and not _speaks_of(asked, cell.heads[:of_row] if len(cells) > 1 else cell.heads)
            if other_time or other_thing or any(own[cell] < other for other in own.values()):
                out.add((document, cell.start))
    return out


#: The head of a column of changes over the year before, and of nothing else: 全国增速 and 年均增速 are others.
_OVER_YEAR_BEFORE = re.compile(
    "(?:本[年期])?[比较]?(?:上年|去年|上一年)?(?:同期)?(?:同比)?(?:增减|增长|增加|增速|增幅|变动|变化|升降)?(?:变动|率|幅度|比例)?"
    "|(?:annual |yearly |year[- ]on[- ]year )?(?:change|growth)(?: (?:on|over|from) (?:the )?(?:previous |last )?year)?"
)


def _is_over_year_before(cell: Cell) -> bool:
    return any(_OVER_YEAR_BEFORE.fullmatch(_name(head)) for head in cell.heads)


def _last_year(cells: Iterable[tuple[Cell, int]]) -> set[str]:
    """Return the heads that are of the last year of those that the cells stand under."""
    periods = {head for cell, _ in cells for head in cell.heads if is_period(head)}
    last = max((year for head in periods for year in _years(head)), default="")
    return {head for head in periods if last in _years(head)}


def _named(asked: str, heads: set[str]) -> set[str]:
    """Return the heads that the folded question names; of heads within each other the longest, where it stands."""
    found = {
        head for head in heads if is_period(head) and _years(head) & _years(asked) and not _other_period(asked, head)
    }
    rest = asked
    for head in sorted(heads, key=len, reverse=True):
        name = _name(head)
        if len(name) > 1 and not is_period(head) and name in rest:
            found.add(head)
            rest = rest.replace(name, "\0")
    return found


def _name(head: str) -> str:
    """Return a head folded, without its unit."""
    return fold(to_simplified(_IN_BRACKETS.sub("", head))).strip(" :：")


def _years(text: str) -> frozenset[str]:
    return frozenset(_YEAR.findall(fold(text)))


def _other_period(asked: str, head: str) -> bool:
    """Whether a head is of another year than the question, or of another month or quarter of it."""
    head = fold(head)
    if _years(head) and _years(asked) and not _years(head) & _years(asked):
        return True
    inner, outer = set(_PART_OF_YEAR.findall(head)), set(_PART_OF_YEAR.findall(asked))
    return bool(inner and outer) and not inner & outer


def _speaks_of(asked: str, heads: Iterable[str]) -> bool:
    """Whether the question has a word of the innermost head of a row that names a thing; totals speak of everything."""
    names = [_name(head) for head in heads if not is_period(head)]
    if not names or _TOTAL.search(names[-1]) or has_han(names[-1]) != has_han(asked):
        return True
    return not (tokens := set(content_tokens(names[-1]))) or bool(tokens & set(content_tokens(asked)))


def but_for_the_period(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two cells stand under the same heads but for the period: one quantity at two times."""
    timeless = [tuple(_timeless(head) for head in heads) for heads in (one, other)]
    return bool(one) and one != other and timeless[0] == timeless[1]


def _timeless(head: str) -> str:
    return "" if is_period(head) else _PART_OF_YEAR.sub("", _YEAR.sub("", fold(head)))
