"""Tables drawn with rules on all sides of their cells: what stands in a cell, over however many lines, is one text.

A cell that spans rows or columns is repeated in each, as in the tables of other formats.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar


class Fragment(Protocol):
    """What stands in cells: a line's fragment with its box in points, origin at the lower left."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def left(self) -> float: ...  # noqa: D102
    @property
    def right(self) -> float: ...  # noqa: D102
    @property
    def bottom(self) -> float: ...  # noqa: D102
    @property
    def top(self) -> float: ...  # noqa: D102


F = TypeVar("F", bound=Fragment)


class Rules(NamedTuple):
    """The straight lines of a page: (left, right, y) of each that lies, (bottom, top, x) of each that stands."""

    across: tuple[tuple[float, float, float], ...] = ()
    upright: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class RuledTable(Generic[F]):
    """A table with the fragments that stand in it."""

    grid: tuple[tuple[str, ...], ...]
    fragments: tuple[F, ...]


#: Points by which lines that meet may miss each other, and a text may touch its cell's side.
SLACK = 3.0

#: Edges nearer to each other than this are one edge, points.
_ONE_EDGE = 4.0

#: An empty row may stand between two parts of a table, up to so high, points.
_EMPTY_ROW = 40.0

#: Characters of a cell beyond which it holds prose; most cells of a table hold less.
_PROSE = 60


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float


def ruled_tables(fragments: Sequence[F], rules: Rules, join: Callable[[str, str], str]) -> list[RuledTable[F]]:
    """Return the tables whose cells are ruled, top one first; ``join`` joins two lines of a cell."""
    cells: dict[_Box, list[F]] = {}
    outside: list[F] = []
    for fragment in fragments:
        box = _cell(fragment, rules)
        if box is None:
            outside.append(fragment)
        else:
            cells.setdefault(box, []).append(fragment)
    found = []
    for group in _tables(cells, outside):
        grid = _grid({box: _text(cells[box], join) for box in group})
        if _is_table(grid):
            found.append(RuledTable(grid, tuple(f for box in group for f in cells[box])))
    return found


def _cell(fragment: Fragment, rules: Rules) -> _Box | None:
    """Return the box that the nearest rules around a fragment make, None where one side is open."""
    x, y = (fragment.left + fragment.right) / 2, (fragment.bottom + fragment.top) / 2
    heights = [at for low, high, at in rules.across if low - SLACK <= x <= high + SLACK]
    places = [at for low, high, at in rules.upright if low - SLACK <= y <= high + SLACK]
    below, above = [at for at in heights if at < y], [at for at in heights if at > y]
    before, after = [at for at in places if at < x], [at for at in places if at > x]
    if not (below and above and before and after):
        return None
    box = _Box(*(round(v, 1) for v in (max(before), max(below), min(after), min(above))))
    inside = box.left - SLACK <= fragment.left and fragment.right <= box.right + SLACK
    return box if inside else None


def _text(fragments: Iterable[Fragment], join: Callable[[str, str], str]) -> str:
    text = ""
    for fragment in sorted(fragments, key=lambda f: (-round((f.bottom + f.top) / 2), f.left)):
        text = join(text, fragment.text) if text else fragment.text
    return text


def _tables(cells: Iterable[_Box], outside: Sequence[Fragment]) -> list[list[_Box]]:
    """Group the cells into tables: those one below the other with no text in between."""
    groups: list[list[_Box]] = []
    for box in sorted(cells, key=lambda b: (-b.top, b.left)):
        for group in groups:
            left, right = min(b.left for b in group), max(b.right for b in group)
            bottom = min(b.bottom for b in group)
            beside = box.left < right + SLACK and box.right > left - SLACK
            between = any(box.top <= f.bottom and f.top <= bottom for f in outside)
            if beside and bottom - box.top <= _EMPTY_ROW and not between:
                group.append(box)
                break
        else:
            groups.append([box])
    return groups


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _ONE_EDGE:
            edges.append(value)
    return edges


def _grid(texts: dict[_Box, str]) -> tuple[tuple[str, ...], ...]:
    """Return the texts in rows and columns; rows and columns without a text are left out."""
    xs = _edges(x for box in texts for x in (box.left, box.right))
    ys = _edges(y for box in texts for y in (box.bottom, box.top))

    def number(edges: list[float], value: float) -> int:
        """Return the number of the edge that ``value`` lies on."""
        return max(0, bisect_left(edges, value + 0.01) - 1)

    grid = [[""] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for box, text in texts.items():
        for row in range(number(ys, box.bottom), number(ys, box.top)):
            for column in range(number(xs, box.left), number(xs, box.right)):
                grid[-1 - row][column] = text
    rows = [row for row in grid if any(row)]
    kept = [i for i in range(len(xs) - 1) if any(row[i] for row in rows)]
    return tuple(tuple(row[i] for i in kept) for row in rows)


def _is_table(grid: Sequence[Sequence[str]]) -> bool:
    """Whether a grid is a table: two rows and columns, a figure, and cells too short for prose."""
    if len(grid) < 2 or len(grid[0]) < 2:
        return False
    texts = [cell for row in grid for cell in row if cell]
    short = sum(len(text) <= _PROSE for text in texts)
    return short >= 0.7 * len(texts) and any(re.search(r"\d", text) for text in texts)
