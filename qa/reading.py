"""The interface between the judge and what reads a window of text for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Window:
    """A text with its slots as offsets into it; a gap has start == end."""

    text: str
    slots: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a window for a question: probabilities, and the span of a wordy answer."""

    answerable: float
    slots: tuple[float, ...]
    span: tuple[int, int] | None


class Reader(Protocol):
    """Links a question to the slot that would answer it."""

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading for each window."""
