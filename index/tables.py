"""Tables: which cells are heads, which cells they stand over, and how a row reads as a sentence.

A row is kept in the document's text as it stands (a line of Markdown, or its cells between bars), so that a quote is an
exact slice. To be found and understood, a row is *read* with its heads: ``表1 网民规模 农村：2020年为3.09亿；2021年为
2.84亿。`` That reading is what is encoded and what the reader sees; offsets lead back from it to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.datamodels import Cell, Chunk
from index.marks import CELL

#: Between the cells of a row that we write ourselves (PDF, DOCX, HTML).
BAR = " | "

#: Between the cells of a row in a text that aligns them with spaces, at the least; an ideographic space is as wide.
GAP = "  "
_BETWEEN_GAPS = re.compile(r"\S+(?: \S+)*")

#: Columns and cells beyond which a table is cut off: no report has so many.
MAX_COLUMNS = 200
MAX_CELLS = 200_000

#: Longest cell of a table that only bars or tabs show as one, in characters.
_LONGEST_CELL = 60

#: Rows at the top that can be column heads.
_MAX_HEADERS = 4

_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d\s*(?:年(?:度|末|底|初)?|[Hh][12]|[Qq][1-4])?(?:\s*\d{1,2}\s*月(?:末|底)?|\s*[第前上下]?[一二三四1-4]?"
    r"(?:季度|半年))?(?:\s*\d{1,2}\s*[日号])?|(?:1[0-2]|[1-9])月|(?:FY|Q[1-4])\s?\d{0,4})\s*(?:[(（][^()（）]{0,20}[)）])?"
)
_DATUM = re.compile(
    r"[约約超近逾<>≈＜＞≤≥+\-－−–(（$€£¥￥]*\s*\d[\d.,，\s]*(?:[-~～—–至]\s*\d[\d.,]*)?\s*"
    r"(?:%|％|‰|[万萬亿億千百十]|[^\W\d_]|[/²³)）*])*"
)
_BLANK = re.compile(r"[\s\-–—－…·.,，*/／]*|n/?a|N/?A|\.\.|无数据|缺")
#: What a cell holds of a figure whose digits are gone: its points, or a mark for them; its sign and its unit.
_LOST = re.compile(
    rf"[+\-−(（$€£¥￥]*(?:[.,．，]*|{CELL})\s*(?:%|％|‰|个?百分点|[百千]?[万萬亿億]?[元人户家台吨件次]?)[)）]?"
)


def is_period(cell: str) -> bool:
    """Whether a cell names a year, a quarter or a month, as heads do."""
    return bool(_PERIOD.fullmatch(cell.strip()))


def is_datum(cell: str) -> bool:
    """Whether a cell holds a figure rather than a name: it begins with a number that is no year and is short."""
    cell = cell.strip()
    return len(cell) <= 30 and not is_period(cell) and bool(_DATUM.fullmatch(cell))


def is_blank(cell: str) -> bool:
    """Whether a cell is empty or holds what stands for nothing: a dash, dots, n/a."""
    return bool(_BLANK.fullmatch(cell.strip()))


def header_rows(grid: Sequence[Sequence[str]]) -> int:
    """Return how many of the rows at the top are column heads.

    The first is unless it holds a figure; the next ones are while they name things or periods only and leave their
    first cell to the row above (empty, or the same text where a cell spans rows).
    """
    if not grid or any(is_datum(cell) for cell in grid[0][1:]) or len(grid) < 2:
        return 0
    count = 1
    while count < min(_MAX_HEADERS, len(grid) - 1):
        row = grid[count]
        first = row[0].strip()
        if first not in ("", grid[0][0].strip()) or any(is_datum(cell) for cell in row) or all(map(is_blank, row[1:])):
            break
        count += 1
    return count


def heads(grid: Sequence[Sequence[str]], headers: int | None = None) -> list[list[tuple[str, ...] | None]]:
    """Return for each cell of a rectangular grid the heads it stands under, or None for a cell that is a head itself.

    ``headers`` is the number of rows of column heads where the source says so. The first column heads its row, and so
    does the next one where it holds names all the way down. A row that says one thing across heads the rows after it.
    """
    count = header_rows(grid) if headers is None else min(headers, len(grid))
    body = grid[count:]
    stub = 1
    while stub < 3 and body and len(grid[0]) > stub + 1 and not any(_may_be_figure(row[stub]) for row in body):
        stub += 1
    columns = [_distinct(row[c] for row in _filled(grid[:count])) for c in range(len(grid[0]))] if grid else []
    found: list[list[tuple[str, ...] | None]] = [[None] * len(row) for row in grid[:count]]
    group: tuple[str, ...] = ()
    for row in body:
        if len(row) > 1 and row[0].strip() and (len({c.strip() for c in row}) == 1 or _is_group(row)):
            group = (row[0].strip(),)
            found.append([None] * len(row))
            continue
        own = _distinct([*group, *row[:stub]])
        found.append([None if c < stub else own + columns[c] for c in range(len(row))])
    return found


def _filled(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Give an empty head the one on its left, above the last row of heads: it spans columns."""
    filled = [list(row) for row in rows]
    for row in filled[:-1]:
        for c in range(2, len(row)):
            row[c] = row[c] if row[c].strip() else row[c - 1]
    return filled


def _may_be_figure(cell: str) -> bool:
    return _holds_datum(cell) or bool(re.search(r"\d", cell))


def _holds_datum(cell: str) -> bool:
    """Whether a cell holds a figure and no more, or what is left of one, or nothing."""
    return is_blank(cell) or is_datum(cell) or bool(_LOST.fullmatch(cell.strip()))


def _is_group(row: Sequence[str]) -> bool:
    """Whether a row names a group: 其中： or 一、城镇, and nothing beside it, not even a dash."""
    return not any(cell.strip() for cell in row[1:]) and bool(
        re.search(r"[:：]$|^[一二三四五六七八九十]+、", row[0].strip())
    )


def _distinct(cells: Iterable[str]) -> tuple[str, ...]:
    names = (re.sub(r"\s+", " ", cell).strip() for cell in cells)
    return tuple(dict.fromkeys(name for name in names if name))


# ---------------------------------------------------------------------------------------------------------------------
# Rows as they stand in a text

_SEPARATOR = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")


def is_separator(line: str) -> bool:
    """Whether a line of Markdown parts the heads of a table from its body."""
    return "|" in line and bool(_SEPARATOR.fullmatch(line.strip()))


def plain_rows(text: str, lines: Iterable[tuple[int, int]]) -> tuple[list[Row], int]:
    """Return the rows of the table whose cells bars, tabs or gaps part in these lines, and how many were looked at.

    Each line is given with the white space around it: a blank first or last cell may be nothing but a tab. A row may
    lack cells at its end, but where spaces part them: nothing shows which. No rows where there is no table: two columns
    are one only under a period or a unit, else they are names and what is said of them, a list of contents, a menu.
    """
    spans: list[tuple[int, int]] = []
    table: list[list[tuple[int, int]]] = []
    bar = ""
    for span in lines:
        cells, own = _plain_cells(text, *span)
        if len(table) == 1 and own == bar == GAP and len(cells) == len(table[0]) + 1:  # nothing heads the names
            table[0].insert(0, (spans[0][0], spans[0][0]))
        least = len(table[0]) if own == GAP and table else 2
        if table and (own != bar or not least <= len(cells) <= len(table[0])):
            break
        bar = own
        spans.append(span)
        table.append(cells)
    width = len(table[0]) if table else 0
    while width > 1 and all(s == e for row in table for s, e in row[width - 1 : width]):  # a bar ends every line
        width -= 1
    table = [row[:width] for row in table]
    grid = _grid(text, table)
    parted = len(grid) > 2 and all(re.fullmatch(r":?-+:?", cell) for cell in grid[1])
    return _rows(text, spans, table, parted=parted) if _is_table(grid) else [], len(spans)


def _plain_cells(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], str]:
    """Return the spans of the cells between the bars of a line, or else its tabs or gaps, and what parts them."""
    line = text[start:end]
    bar = next((b for b in ("|", "\t") if b in line), GAP)
    if bar == GAP:
        cells = [m.span() for m in _BETWEEN_GAPS.finditer(line)][:MAX_COLUMNS]
    else:
        edges = [-1, *(m.start() for m in re.finditer(re.escape(bar), line)), len(line)]
        cells = [_stripped(line, a + 1, b) for a, b in pairwise(edges)][:MAX_COLUMNS]
    return [(start + s, start + e) for s, e in cells], bar


def is_parted(line: str) -> bool:
    """Whether bars, tabs or gaps part a line into cells."""
    return "|" in line or "\t" in line or GAP in line.strip() or "\u3000" in line.strip()


def _is_table(grid: Sequence[Sequence[str]]) -> bool:
    """Whether rows of cells are a table: under a row of heads most hold figures, or nothing, after their first cell."""
    if len(grid) < 2 or len(grid[0]) < 2 or any(len(cell) > _LONGEST_CELL for row in grid for cell in row):
        return False
    if len(grid[0]) == 2 and not (is_period(grid[0][1]) or re.search(r"[（(][^（）()]{1,8}[）)]$", grid[0][1])):
        return False
    held = [all(map(_holds_datum, row[1:])) for row in grid[1:]]
    return sum(held) * 2 > len(held)


def split_row(line: str) -> list[tuple[int, int]]:
    """Return the span of each cell of a line of Markdown, white space and bars left out; an escaped bar parts none."""
    end = len(line.rstrip())
    if end and line[end - 1] == "|" and line[max(0, end - 2)] != "\\":
        end -= 1
    bars = [m.start() for m in re.finditer(r"(?<!\\)\|", line[:end])]
    edges = [*bars, end] if line.lstrip().startswith("|") else [-1, *bars, end]
    return [_stripped(line, a + 1, b) for a, b in pairwise(edges)]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    inner = piece.strip()
    if not inner:
        return start + len(piece) // 2, start + len(piece) // 2
    left = start + piece.index(inner[0])
    return left, left + len(inner)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table in a text: its span, and those of its cells that stand under heads."""

    start: int
    end: int
    cells: tuple[Cell, ...]


def markdown_rows(text: str, lines: Sequence[tuple[int, int]]) -> list[Row]:
    """Return the rows of a table in Markdown whose lines have these spans in ``text``; heads and separator are one."""
    spans = [[(a + s, a + e) for s, e in split_row(text[a:b])][:MAX_COLUMNS] for a, b in lines]
    return _rows(text, lines, spans, parted=len(lines) > 1 and is_separator(text[slice(*lines[1])]))


def _grid(text: str, table: Sequence[Sequence[tuple[int, int]]]) -> list[list[str]]:
    """Return what the cells with these spans hold; rows that are short of cells get empty ones."""
    width = max(map(len, table), default=0)
    return [[text[s:e] for s, e in row] + [""] * (width - len(row)) for row in table]


def _rows(
    text: str, lines: Sequence[tuple[int, int]], spans: Sequence[Sequence[tuple[int, int]]], *, parted: bool
) -> list[Row]:
    """Return the rows of lines with cells of these spans; ``parted``: the second ends the heads and belongs to them."""
    table = [spans[0], *spans[2:]] if parted else spans
    grid = _grid(text, table)
    if not grid[0]:
        return []
    under = heads(grid, max(1, header_rows(grid)) if parted else None)
    rows = []
    for number, row in enumerate(table):
        at = number if number == 0 or not parted else number + 1
        start, _ = _stripped(text, *lines[at])
        _, end = _stripped(text, *lines[1 if parted and number == 0 else at])
        # A blank cell at a line's edge lies within it.
        inside = [(min(max(s, start), end), min(max(e, start), end)) for s, e in row]
        rows.append(Row(start, end, _cells(inside, under[number])))
    return rows


def written_rows(grid: Sequence[Sequence[str]], headers: int | None, at: int) -> tuple[str, list[Row]]:
    """Write a grid as lines of cells between bars and return the text with its rows, whose offsets begin at ``at``."""
    lines: list[str] = []
    rows: list[Row] = []
    for row, under in zip(grid, heads(grid, headers), strict=True):
        cells = [re.sub(r"\s+", " ", cell).strip() for cell in row]
        if not any(cells):
            continue
        if len(set(cells)) == 1:  # one cell across the whole width
            cells, under = cells[:1], under[:1]
        spans, start = [], at
        for cell in cells:
            spans.append((start, start + len(cell)))
            start += len(cell) + len(BAR)
        line = BAR.join(cells)
        left = len(line) - len(line.lstrip())
        rows.append(Row(at + left, at + len(line.rstrip()), _cells(spans, under)))
        lines.append(line)
        at += len(line) + 1
    return "\n".join(lines), rows


def _cells(spans: Sequence[tuple[int, int]], under: Sequence[tuple[str, ...] | None]) -> tuple[Cell, ...]:
    return tuple(Cell(s, e, names) for (s, e), names in zip(spans, under, strict=False) if names is not None)


# ---------------------------------------------------------------------------------------------------------------------
# A row as a sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """A row as a sentence; ``at[i]`` is the offset in ``text`` at which cell i of the chunk begins."""

    text: str
    at: tuple[int, ...]


def read_row(chunk: Chunk) -> Reading:
    """Return how a table's row reads: its caption, then each cell after its heads. What all share is said once."""
    shared = shared_heads([cell.heads for cell in chunk.cells])
    opening = " ".join(filter(None, (chunk.caption, *shared)))
    text = f"{opening}：" if opening else ""
    at: list[int] = []
    for number, cell in enumerate(chunk.cells):
        own = "".join(cell.heads[len(shared) :])
        text += ("；" if number else "") + (f"{own}为" if own else "")
        at.append(len(text))
        text += chunk.text[cell.start - chunk.start : cell.end - chunk.start]
    return Reading(text + "。", tuple(at))


def shared_heads(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the heads with which those of all cells of a row begin: the row's own."""
    common = 0
    while names and all(len(n) > common and n[common] == names[0][common] for n in names):
        common += 1
    return names[0][:common] if names else ()
