"""Windows near to a question, as search would find them: those that are hardest to tell from the one that answers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.sentences import split_sentences

if TYPE_CHECKING:
    from qa.report_cases import WrittenReport

Window = tuple[int, int, str]
"""Start and end in the report's text, and the context that is read with it."""

_NEXT = 0.5
"""Chance to pass over the nearest window for the next one, and so on: search brings several. Not tuned."""


class Nearness:
    """The vectors of the reports' sentences and of the questions on them."""

    def __init__(self, reports: Iterable[WrittenReport], encoder: Encoder) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._sentences: dict[str, NDArray[np.float32]] = {}
        self._questions: dict[str, NDArray[np.float32]] = {}
        for report in reports:
            spans = [(c.start + a, c.start + b) for c in report.chunks for a, b in split_sentences(c.text)]
            self._spans[report.name] = spans
            self._sentences[report.name] = encoder.encode_document([report.text[a:b] for a, b in spans])
            questions = [row.question for row in report.rows]
            self._questions.update(zip(questions, encoder.encode_query(questions), strict=True))

    def near(self, question: str, report: WrittenReport, windows: Sequence[Window], rng: random.Random) -> Window:
        """Return one of ``windows``, the nearer the likelier: each is as near as its nearest sentence."""
        likeness = self._sentences[report.name] @ self._questions[question]

        def of_window(window: Window) -> float:
            inside = [
                float(of_sentence)
                for (a, b), of_sentence in zip(self._spans[report.name], likeness, strict=True)
                if window[0] <= a and b <= window[1]
            ]
            return max(inside, default=-1.0)

        ranked = sorted(windows, key=of_window, reverse=True)
        at = 0
        while at + 1 < len(ranked) and rng.random() < _NEXT:
            at += 1
        return ranked[at]
