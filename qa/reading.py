"""The interface between the judge and what reads a window of text for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.folding import mostly_cjk


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of text, and its slots as offsets into it: a gap has start == end, a figure start < end.

    ``context`` says where it stands: title, section and the opening of its passage, as ``context_of`` joins them.
    """

    text: str
    slots: tuple[tuple[int, int], ...]
    context: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader sees in one window for a question.

    ``answerable`` is the probability that the window answers the question at all. ``slots`` holds for each slot the
    probability that it is the answer; with the probability of no slot they sum to 1, so they compare across windows.
    ``span`` is the likeliest stretch of text, as offsets into the window, if any.
    """

    answerable: float
    slots: tuple[float, ...]
    span: tuple[int, int] | None


#: Characters of a title, a section and an opening that tell what a window is about.
_TITLE, _SECTION, _OPENING = 40, 24, 30


def context_of(title: str, section: str | None, opening: str = "", above: str = "") -> str:
    """Join what stands above a window: title, what else the document's head says, section, the passage's opening."""
    given = ((title, _TITLE), (above, _TITLE), (section or "", _SECTION), (opening, _OPENING))
    # A Latin word takes some three times the characters of a Chinese one, and as many tokens.
    parts = (part.strip()[: size * (1 if mostly_cjk(part) else 3)] for part, size in given)
    return "。".join(dict.fromkeys(part for part in parts if part))


class Reader(Protocol):
    """Links a question to the slot that would answer it."""

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading for each window."""
