"""Text without the marks that stand for lost numbers, for the reader: it knows holes with nothing left in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.marks import CELL
from qa.gaps import PLACEHOLDERS

Span = tuple[int, int]

#: What may stand in a hole: a mark, dots, a line, brackets with nothing in them.
_IN_HOLE = re.compile(rf"{CELL}|{PLACEHOLDERS.pattern}|[(（\[【][ \u3000\xa0]{{0,8}}[)）\]】]|\.{{3,}}|[…⋯]+|_+")


def without_marks(text: str, slots: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """Return ``text`` without the marks of its holes, and where its slots stand then, in their order.

    ``slots`` are offsets into it; a hole has ``start == end`` and lies in its mark or at one end of it.
    """
    holes = [start for start, end in slots if start == end]
    cuts = [m.span() for m in _IN_HOLE.finditer(text) if any(m.start() <= at <= m.end() for at in holes)]

    def moved(at: int) -> int:
        return at - sum(min(at, end) - start for start, end in cuts if start < at)

    kept = zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)], strict=True)
    return "".join(text[a:b] for a, b in kept), tuple((moved(start), moved(end)) for start, end in slots)
