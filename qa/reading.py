"""The interface between the judge and what reads a window of text for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of text, and its slots as offsets into it: a gap has start == end, a figure start < end."""

    text: str
    slots: tuple[tuple[int, int], ...]


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


class Reader(Protocol):
    """Links a question to the slot that would answer it."""

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading for each window."""
