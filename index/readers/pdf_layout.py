"""From characters with places to parts: lines, running heads and feet, columns, tables, and paragraphs.

A PDF knows none of these. What decides is geometry: a gap wider than a character and a half parts two fragments of a
line; fragments that stand below each other in several lines are a table; a band that no line crosses parts columns; a
line that reaches nearly as far as the others goes on in the next.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from index.readers.parts import Part, Table, Text
from index.readers.pdf_ruled import SLACK, Rules, ruled_tables

#: A line goes on in the next one if it is at least this share of the 90th percentile of line widths. Measured on
#: Chinese reports: with 0.9 half of the paragraphs fall apart.
FULL_LINE = 0.82

#: A gap of this many character sizes parts two fragments of a line; so does one of two ideographic spaces.
_GAP = 0.8
_IDEOGRAPHIC_GAP = 1.2

#: A line of this many times the body's character size, and not more than so many characters, is a heading.
_LARGER = 1.15
_HEADING = 60

#: Share of the pages on which a line at the edge must return to be a running head.
_RUNNING = 1 / 3

#: Share of a page's height above which, and the same below, its edge lies.
_EDGE = 0.9

#: A band between two rules is a row of a table up to so many character sizes high.
_BAND = 8.0

#: Lines of one label stand apart like the nearest ones, up to this factor.
_SAME_PITCH = 1.06

_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0002ffff]")
_TERMINAL = re.compile(r"[。！？；!?.;:：][”’」』）)\]\"']*$")
_PAGE_NUMBER = re.compile(
    r"[-–—·•\s]*(?:第\s*)?(?:[Pp]age\s*)?[\divxlcIVXLC]{1,5}(?:\s*页)?(?:\s*(?:/|of|共)\s*(?:共\s*)?\d{1,5}(?:\s*页)?)?[-–—·•\s]*"
)
_SENTENCE_END = re.compile(r"[。！？；!?;]$")

#: A number goes on, or its unit follows, in the next line.
_CUT_NUMBER = (re.compile(r"\d[.,]?$"), re.compile(r"[\d.]|[%％‰万亿元年月日人次户家个倍]"))
_NEW = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+[章节条编]|[一二三四五六七八九十]{1,3}[、．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}(?:\.\d{1,2})+\s"
    r"|[•●■◆▪–]\s?|(?:图|表|圖)\s*\d)"
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of a page in the order of its content, with their boxes (points, origin at the lower left)."""

    text: str
    lefts: list[float]
    rights: list[float]
    bottoms: list[float]
    tops: list[float]
    sizes: list[float]


_NO_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Page:
    """A page, its number counted from 1 and its size in points."""

    number: int
    width: float
    height: float
    glyphs: Glyphs
    rules: Rules = _NO_RULES


@dataclass(frozen=True, slots=True)
class Line:
    """A fragment of a line: characters that stand side by side."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    page: int

    @property
    def width(self) -> float:
        """Width in points."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.top + self.bottom) / 2


def fragments(page: Page) -> list[Line]:
    """Return the fragments of a page in the order of its content."""
    g = page.glyphs
    found: list[Line] = []
    current: list[int] = []
    upright = sorted((x, low, high) for low, high, x in page.rules.upright)

    def ruled_off(one: int, other: int) -> bool:
        """Whether an upright rule stands between two characters."""
        middle = (g.bottoms[other] + g.tops[other]) / 2
        between = upright[bisect_left(upright, (g.rights[one] - 1.0,)) : bisect_left(upright, (g.lefts[other] + 1.0,))]
        return any(low <= middle <= high for _, low, high in between)

    def finish() -> None:
        text = re.sub(r"\s+", " ", "".join(g.text[i] for i in current)).strip()
        seen = [i for i in current if not g.text[i].isspace()]
        if text and seen:
            found.append(
                Line(
                    text,
                    min(g.lefts[i] for i in seen),
                    max(g.rights[i] for i in seen),
                    median(g.bottoms[i] for i in seen),
                    median(g.tops[i] for i in seen),
                    median(g.sizes[i] for i in seen) or 1.0,
                    page.number,
                )
            )
        current.clear()

    last: int | None = None
    for i, character in enumerate(g.text):
        if character in "\r\n":
            finish()
            last = None
            continue
        if not character.isspace():
            if last is not None:
                size = max(g.sizes[i], g.sizes[last], 1.0)
                gap = _IDEOGRAPHIC_GAP if "\u3000" in g.text[last + 1 : i] else _GAP
                apart = g.lefts[i] - g.rights[last] > gap * size or g.rights[i] < g.lefts[last] - size
                if apart or abs(g.bottoms[i] - g.bottoms[last]) > 1.2 * size or ruled_off(last, i):
                    finish()
            last = i
        current.append(i)
    finish()
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Running heads and feet


def without_running(pages: Sequence[Page], lines: Sequence[list[Line]]) -> list[list[Line]]:
    """Leave out page numbers, and the rows at the edge that return from page to page, the same but for a page number.

    A row goes as a whole or not at all, and the head of a table that goes on over pages stays: the figures of a table
    at a page's edge are no page numbers.
    """
    edges = [_edge_rows(page, own) for page, own in zip(pages, lines, strict=True)]
    seen = Counter(key for rows in edges for key in {k for row in rows for line in row for k in _returns_as(line)})
    # Heads of odd and even pages differ: each returns on half of them.
    enough = max(2, _RUNNING * len(pages))
    kept = []
    for own, rows in zip(lines, edges, strict=True):
        out: set[int] = set()
        for row in rows:
            others = [line for line in row if not _PAGE_NUMBER.fullmatch(line.text)]
            if len(row) - len(others) <= 1 and all(
                max(seen[k] for k in _returns_as(line)) >= enough for line in others
            ):
                out |= {id(line) for line in row}
        kept.append([line for line in own if id(line) not in out])
    return kept


def _edge_rows(page: Page, lines: Sequence[Line]) -> list[list[Line]]:
    """Return the first two and the last two rows of a page, as far as they stand at its edge and are of no table."""
    rows = rows_of(lines)
    top = [
        row
        for row, inner in pairwise(rows[:3])
        if row[0].bottom > _EDGE * page.height and not len(row) == len(inner) >= 2
    ]
    bottom = [
        row
        for row, inner in zip(rows[-2:], rows[-3:-1], strict=False)
        if row[0].top < (1 - _EDGE) * page.height and not len(row) == len(inner) >= 2
    ]
    return top + [row for row in bottom if row not in top]


def _returns_as(line: Line) -> set[str]:
    """Return the texts as which a line may return: its own, and that in which its last number counts the pages."""
    text = re.sub(r"\s+", "", line.text)
    before, number, after = re.fullmatch(r"(.*?)(\d{0,5})(\D*)", text, flags=re.DOTALL).groups()  # type: ignore[union-attr]
    return {text, f"{before}#{int(number) - line.page}#{after}"} if number and before + after else {text}


# ---------------------------------------------------------------------------------------------------------------------
# Tables and columns


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Group fragments that stand side by side, top row first, each from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: -x.middle):
        if rows and abs(rows[-1][0].middle - line.middle) < 0.5 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda x: x.left) for row in rows]


def whole_rows(lines: Sequence[Line], rules: Rules) -> list[list[Line]]:
    """Return the rows of a page, top row first; those whose cells take several lines hold the lines of each in order.

    Where rules are drawn, a row is what stands between two of them. Elsewhere the lines of a label stand nearer to each
    other than to the next label, and a label of several lines has one line of figures beside it.
    """
    rows = _within_rules(rows_of(lines), rules)
    return _with_whole_labels(rows)


def _within_rules(rows: Sequence[list[Line]], rules: Rules) -> list[list[Line]]:
    """Put together the rows that stand in one band between two rules, if just one of them has several fragments."""
    out: list[list[Line]] = []
    for band, own in groupby(rows, key=lambda row: _band(row, rules)):
        members = list(own)
        if band is not None and sum(len(row) > 1 for row in members) == 1:
            members = [[line for row in members for line in row]]
        out += members
    return out


def _band(row: Sequence[Line], rules: Rules) -> tuple[float, float] | None:
    """Return the heights of the rules right below and above a row, those that run over all of it."""
    left, right = min(x.left for x in row), max(x.right for x in row)
    over = [y for a, b, y in rules.across if a <= left + SLACK and b >= right - SLACK]
    middle = row[0].middle
    below, above = [y for y in over if y < middle], [y for y in over if y > middle]
    if not below or not above or min(above) - max(below) > _BAND * row[0].size:
        return None
    return max(below), min(above)


def _with_whole_labels(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """Put together the lines of each label in the first column of a table, and the figures beside it."""
    out: list[list[Line]] = []
    for stretch in _stretches(rows):
        edge = min((row[1].left for row in stretch if len(row) > 1), default=0.0)
        labels = [(i, row[0]) for i, row in enumerate(stretch) if row[0].right <= edge]
        pitches = [a.middle - b.middle for (_, a), (_, b) in pairwise(labels)]
        within = _SAME_PITCH * min(pitches, default=0.0)
        blocks: list[list[int]] = []
        for number, (i, _) in enumerate(labels):
            if blocks and pitches[number - 1] <= within:
                blocks[-1].append(i)
            else:
                blocks.append([i])
        done = 0
        for block in blocks:
            first, last = block[0], block[-1]
            figures = [row for row in stretch[first : last + 1] if len(row) > 1 or row[0].left >= edge]
            if last > first and len(figures) == 1:
                out += stretch[done:first]
                out.append([line for row in stretch[first : last + 1] for line in row])
                done = last + 1
        out += stretch[done:]
    return out


def _stretches(rows: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    """Part the rows of a page where one is prose or stands far from the one above."""
    stretch: list[list[Line]] = []
    for row in rows:
        prose = len(row) == 1 and (_SENTENCE_END.search(row[0].text) or len(row[0].text) > 2 * _HEADING)
        if stretch and (prose or _apart(stretch[-1], row)):
            yield stretch
            stretch = []
        stretch.append(row)
        if prose:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _apart(row: Sequence[Line], following: Sequence[Line]) -> bool:
    """Whether two rows stand too far from each other to be of one table."""
    space = min(line.middle for line in row) - max(line.middle for line in following)
    return space >= 3.5 * following[0].size


def find_tables(lines: Sequence[Line], rules: Rules) -> list[list[list[Line]]]:
    """Return the tables of a page as runs of rows of fragments.

    A run of two rows or more with two fragments or more each, of which most are short or figures: side by side, lines
    of prose are the columns of a page.
    """
    found: list[list[list[Line]]] = []
    run: list[list[Line]] = []
    rows = [*whole_rows(lines, rules), []]
    for row, following in zip(rows, [*rows[1:], []], strict=True):
        near = bool(run and row) and not _apart(run[-1], row)
        if len(row) >= 2 and (near or not run):
            run.append(row)
        elif near and len(row) == 1 and _belongs(row[0], run, following):
            if row[0].left > run[-1][0].right or _is_tight(row, run, following):
                run[-1] = [*run[-1], *row]  # a cell of two lines
            else:
                run.append(row)  # the name of a group of rows
        else:
            if _is_table(run):
                found.append(run)
            run = [row] if len(row) >= 2 else []
    return found


def _belongs(line: Line, run: Sequence[Sequence[Line]], following: Sequence[Line]) -> bool:
    """Whether a fragment that stands alone in its row is part of a table: within its width, and rows go on after it."""
    left, right = min(x.left for x in run[-1]), max(x.right for x in run[-1])
    inside = left - line.size <= line.left and line.right <= right + line.size
    return inside and len(following) >= 2 and len(line.text) <= 20 and not _SENTENCE_END.search(line.text)


def _is_tight(row: Sequence[Line], run: Sequence[Sequence[Line]], following: Sequence[Line]) -> bool:
    """Whether a row stands nearer to the one above than to the one below."""
    above, below = run[-1][0].middle - row[0].middle, row[0].middle - following[0].middle
    return above < 0.85 * below


def _is_table(run: Sequence[Sequence[Line]]) -> bool:
    cells = [line for row in run for line in row]
    if len(run) < 2:
        return False
    short = [c for c in cells if len(c.text) <= 12 or re.fullmatch(r"[\d.,%％\-–—亿万元\s]+", c.text)]
    return len(short) >= 0.7 * len(cells) and any(re.search(r"\d", c.text) for c in cells)


def grid_of(run: Sequence[Sequence[Line]]) -> tuple[tuple[str, ...], ...]:
    """Put the fragments of a table's rows into columns: by overlap with the fragments above and below."""
    columns: list[list[float]] = []
    for line in sorted((line for row in run for line in row), key=lambda x: x.width):
        best = max(columns, key=lambda c: min(c[1], line.right) - max(c[0], line.left), default=None)
        if best is not None and min(best[1], line.right) - max(best[0], line.left) > 0:
            if sum(1 for c in columns if min(c[1], line.right) - max(c[0], line.left) > 0) == 1:
                best[:] = [min(best[0], line.left), max(best[1], line.right)]
        else:
            columns.append([line.left, line.right])
    columns.sort()
    grid = []
    for row in run:
        if len(row) == 1:  # the name of a group, across the width
            grid.append((row[0].text,) * len(columns))
            continue
        cells = [""] * len(columns)
        for line in row:
            at = max(range(len(columns)), key=lambda c: min(columns[c][1], line.right) - max(columns[c][0], line.left))
            cells[at] = joined(cells[at], line.text) if cells[at] else line.text
        grid.append(tuple(cells))
    return tuple(grid)


def gutter(lines: Sequence[Line], width: float) -> float | None:
    """Return the middle of the band that parts a page into two columns, or None.

    Nine lines in ten keep clear of it, and at least four stand on either side, in part beside each other.
    """
    best: tuple[int, float] | None = None
    for step in range(35, 66):
        x = width * step / 100
        crossing = sum(1 for line in lines if line.left < x < line.right)
        left = [line for line in lines if line.right <= x]
        right = [line for line in lines if line.left >= x]
        if min(len(left), len(right)) < 4 or crossing > 0.1 * len(lines) + 2:
            continue
        beside = min(max(x.top for x in left), max(x.top for x in right)) - max(
            min(x.bottom for x in left), min(x.bottom for x in right)
        )
        if beside < 4 * lines[0].size or any(_mostly_cells(side) for side in (left, right)):
            continue
        if best is None or crossing < best[0]:
            best = (crossing, x)
    return best[1] if best else None


def _mostly_cells(lines: Sequence[Line]) -> bool:
    """Whether most of the lines are as short as the cells of a table."""
    return sum(len(line.text) <= 10 for line in lines) > 0.5 * len(lines)


def in_reading_order(lines: Sequence[Line], width: float) -> list[list[Line]]:
    """Return the lines of a page column by column, in the order they are read; a full-width line parts the columns."""
    middle = gutter(lines, width) if len(lines) >= 8 else None
    ordered = sorted(lines, key=lambda x: (-round(x.middle, 1), x.left))
    if middle is None:
        return [ordered]
    columns: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in ordered:
        if line.left < middle < line.right:
            columns += [c for c in (left, right) if c]
            columns.append([line])
            left, right = [], []
        else:
            (left if line.right <= middle else right).append(line)
    return columns + [c for c in (left, right) if c]


# ---------------------------------------------------------------------------------------------------------------------
# Paragraphs


@dataclass(slots=True)
class _Column:
    """What a column's lines have in common: how wide they are, where they begin, how far apart they stand."""

    full: float
    left: float
    pitch: float


def _measure(lines: Sequence[Line]) -> _Column:
    widths = sorted(line.width for line in lines)
    gaps = [a.middle - b.middle for a, b in pairwise(lines) if a.page == b.page]
    gaps = [gap for gap in gaps if gap > 0]
    lefts = Counter(round(line.left) for line in lines)
    return _Column(
        widths[int(0.9 * (len(widths) - 1))], float(lefts.most_common(1)[0][0]), median(gaps) if gaps else 0.0
    )


def joined(one: str, other: str) -> str:
    """Join two lines of a paragraph: no space within Chinese, one between words; a hyphen within a word goes."""
    if one.endswith("\u00ad"):
        return one[:-1] + other
    if re.search(r"[a-z]-$", one) and re.match(r"[a-z]", other):
        return one[:-1] + other
    if _CJK.match(one[-1]) or _CJK.match(other[0]) or (_CJK.search(one[-20:]) and one[-1].isdigit()):
        return one + other
    if one[-1] in ".,%" and one[-2:-1].isdigit() and _CJK.search(one):
        return one + other
    return f"{one} {other}"


def _goes_on(line: Line, following: Line, column: _Column) -> bool:
    """Whether a paragraph goes on from a line to the next of its column."""
    if abs(line.size - following.size) > 0.1 * line.size:
        return False
    cut = bool(_CUT_NUMBER[0].search(line.text) and _CUT_NUMBER[1].match(following.text))
    if line.width < (0.5 if cut and _CJK.search(line.text) else FULL_LINE) * column.full:
        return False
    if _NEW.match(following.text) and (_TERMINAL.search(line.text) or following.left > column.left + following.size):
        return False
    if column.pitch and line.middle - following.middle > 1.6 * column.pitch:
        return False
    indented = following.left > column.left + 1.2 * following.size
    return not (indented and line.left <= column.left + 0.5 * line.size and _TERMINAL.search(line.text))


@dataclass(slots=True)
class _Paragraph:
    text: str
    size: float
    page: int
    open_ended: bool
    """Its last line is full and closes no sentence: it may go on in the next column or page."""
    lines: int = 1


def _paragraphs(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    column = _measure(lines)
    current: _Paragraph | None = None
    last: Line | None = None
    for line in lines:
        if current is not None and last is not None and _goes_on(last, line, column):
            current.text = joined(current.text, line.text)
            current.lines += 1
        else:
            if current is not None:
                yield current
            current = _Paragraph(line.text, line.size, line.page, open_ended=False)
        last = line
        current.open_ended = line.width >= FULL_LINE * column.full and not _TERMINAL.search(line.text)
    if current is not None:
        yield current


def lay_out(pages: Sequence[Page]) -> Iterator[Part]:
    """Yield the parts of a document from its pages, in reading order."""
    lines = without_running(pages, [fragments(page) for page in pages])
    body = _body_size([line for own in lines for line in own])
    pending: _Paragraph | None = None
    for page, own in zip(pages, lines, strict=True):
        for item in _page_items(page, own):
            if isinstance(item, Table):
                if pending is not None:
                    yield _text(pending, body)
                    pending = None
                yield item
            elif pending is not None and _runs_over(pending, item):
                pending.text = joined(pending.text, item.text)
                pending.open_ended, pending.lines = item.open_ended, pending.lines + item.lines
            else:
                if pending is not None:
                    yield _text(pending, body)
                pending = item
    if pending is not None:
        yield _text(pending, body)


def _page_items(page: Page, lines: Sequence[Line]) -> Iterator[_Paragraph | Table]:
    """Yield what stands on a page, in reading order."""
    ruled = ruled_tables(lines, page.rules, joined)
    of_table = {id(line): number for number, table in enumerate(ruled) for line in table.fragments}
    grids = [table.grid for table in ruled]
    free = [line for line in lines if id(line) not in of_table]
    middle = gutter(free, page.width) if len(free) >= 8 else None
    sides = (
        [free] if middle is None else [[x for x in free if x.right <= middle], [x for x in free if x.left >= middle]]
    )
    for table in (table for side in sides for table in find_tables(side, page.rules)):
        of_table |= {id(line): len(grids) for row in table for line in row}
        grids.append(grid_of(table))
    done: set[int] = set()
    for column in in_reading_order(lines, page.width):
        prose: list[Line] = []
        for line in column:
            number = of_table.get(id(line))
            if number is None:
                if prose and _side_by_side(prose[-1], line):
                    line = _merged(prose.pop(), line)
                prose.append(line)
            elif number not in done:
                done.add(number)
                if prose:
                    yield from _paragraphs(prose)
                    prose = []
                yield Table(grids[number], page=page.number)
        if prose:
            yield from _paragraphs(prose)


def _side_by_side(one: Line, other: Line) -> bool:
    return abs(one.middle - other.middle) < 0.5 * min(one.size, other.size) and other.left >= one.right


def _merged(one: Line, other: Line) -> Line:
    """Join two fragments of a line of prose, as in 目　录."""
    return replace(one, text=f"{one.text} {other.text}", right=other.right)


def _runs_over(one: _Paragraph, other: _Paragraph) -> bool:
    """Whether a paragraph at the end of a column or page goes on in the next."""
    same = abs(one.size - other.size) <= 0.1 * one.size
    return one.open_ended and same and one.lines > 1 and not _NEW.match(other.text)


def _body_size(lines: Sequence[Line]) -> float:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size, 1)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 1.0


def _text(paragraph: _Paragraph, body: float) -> Text:
    larger = paragraph.size > _LARGER * body and len(paragraph.text) <= _HEADING
    if larger and not re.search(r"[。；;，,]$", paragraph.text):
        return Text(paragraph.text, "heading", 1 if paragraph.size > 1.5 * body else 2, paragraph.page)
    return Text(paragraph.text, page=paragraph.page)
