"""A reader without learned parts: how much of the question stands close before the slot. Baseline and fallback."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from index.folding import fold
from index.lexical import tokenize
from qa.reading import Reading, Window

#: Words that ask, and words any question or report may hold: they say nothing of what is asked about.
_ASKING = re.compile(
    r"多少|什么时候|什么|百分之几|几成|第几|哪一?[年月天些里个种]|几[年月日点个家人次位]|何时|是否|有没有|是不是|为什么|怎么样?|如何|多[大高长远久]"
    r"|吗|呢|了|的|是|有|在|到|达到?|为|请问|我国|[?？。，,!！]"
    r"|\b(how|many|much|what|which|who|when|where|why|is|are|was|were|the|a|an|of|in|on|do|does|did|there|to|for|by|and|it|has|have|been)\b"
)


#: Share at which a slot alone in its window is as likely the answer as not, and how fast its odds grow from there.
_EVEN, _STEEPNESS = 0.6, 12.0


def content_tokens(question: str) -> list[str]:
    """Return the lexical tokens of what the question is about."""
    return [token for part in _ASKING.split(fold(question)) if part for token in tokenize(part)]


class OverlapReader:
    """Scores a slot by the share of the question's tokens in its clause, then its sentence, then its window."""

    def __init__(self, steepness: float = _STEEPNESS) -> None:
        """``steepness``: how fast a slot's odds grow with its share."""
        self._steepness = steepness

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading for each window; its probabilities grow with the shares and are not calibrated."""
        asked = content_tokens(question)
        return [self._read(asked, window) for window in windows]

    def _read(self, asked: list[str], window: Window) -> Reading:
        text = window.text
        shares = [self._slot(asked, text, start, end) for start, end in window.slots]
        odds = [math.exp(self._steepness * (share - _EVEN)) for share in shares]
        return Reading(_share(asked, text), tuple(o / (1 + sum(odds)) for o in odds), None)

    def _slot(self, asked: list[str], text: str, start: int, end: int) -> float:
        sentence_start = max(text.rfind(mark, 0, start) for mark in "。！？!?\n") + 1
        clause_start = max(sentence_start, max(text.rfind(mark, 0, start) for mark in "，,；;") + 1)
        clause_end = min((i for i in (text.find(mark, end) for mark in "，。；,;") if i >= 0), default=len(text))
        clause = _share(asked, text[clause_start:clause_end])
        return 0.5 * clause + 0.5 * _share(asked, text[sentence_start:clause_end])


def _share(asked: list[str], text: str) -> float:
    if not asked:
        return 0.0
    present = set(tokenize(text))
    return sum(token in present for token in asked) / len(asked)
