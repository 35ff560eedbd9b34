"""Decide the verdict: which slot, if any, answers the question, and whether a figure stands in it or a hole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from qa.datamodels import Verdict
from qa.figures import FigureKind, figure_kind, find_figures
from qa.questions import Question
from qa.reading import Reader, Reading, Window
from qa.slots import PassageWindow, Slot, SlottedPassage, windows, years_in


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Operating point: tuned on CMRC 2018 train and synthetic news, never on what is reported."""

    slot: float = 0.5
    """Least probability at which a slot answers."""
    passage: float = 0.5
    """Least probability at which a window answers a question that asks for no figure."""
    rival: float = 0.8
    """Slots this likely, as a share of the best, are answers as well."""
    mismatch: float = 0.3
    """Factor for a slot whose kind of figure is not what the question asks for."""


class Read(NamedTuple):
    """A window as the reader read it; ``rank`` is the position of its passage in the retrieval, from 0."""

    window: PassageWindow
    reading: Reading
    rank: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A slot with its probability of being the answer."""

    window: PassageWindow
    slot: Slot
    probability: float
    rank: int
    """Position of the passage in the retrieval, from 0."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with what carries it; ``spans`` are windows' spans that answer in words."""

    verdict: Verdict
    rule: str
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    spans: tuple[tuple[PassageWindow, tuple[int, int] | None], ...] = ()


@lru_cache(maxsize=1024)
def unit_kinds(unit: str) -> frozenset[FigureKind]:
    """Return the kinds of figure a unit belongs to: those of a small number, a year and an ordinal read with it."""
    return frozenset(figure_kind(f) for number in ("5", "2005", "第5") for f in find_figures(f"{number}{unit}"))


def slot_kinds(slot: Slot) -> frozenset[FigureKind]:
    """Return the kinds of figure the slot holds or may have held; empty when nothing tells."""
    if slot.figure is not None:
        return frozenset({figure_kind(slot.figure)})
    return unit_kinds(slot.unit) if slot.unit else frozenset()


def read_passages(question: str, passages: Sequence[SlottedPassage], reader: Reader) -> list[Read]:
    """Let the reader read every window of the passages, which are given best first."""
    found = [(window, rank) for rank, passage in enumerate(passages) for window in windows(passage)]
    texts = [Window(w.text, tuple((s.start - w.start, s.end - w.start) for s in w.slots)) for w, _ in found]
    readings = reader.read(question, texts)
    return [Read(window, reading, rank) for (window, rank), reading in zip(found, readings, strict=True)]


def speaks_of_other_year(question: Question, passage: SlottedPassage) -> bool:
    """Whether the question names years and the passage names only others: a figure for 2020 does not answer 2018."""
    asked = years_in(question.text)
    return bool(asked and passage.years and not asked & passage.years)


def rank_slots(question: Question, read: Sequence[Read], thresholds: Thresholds) -> list[Candidate]:
    """Return every slot once, most probable first; a slot seen in two windows keeps its better reading."""
    best: dict[tuple[str, int, int], Candidate] = {}
    for window, reading, rank in read:
        for slot, probability in zip(window.slots, reading.slots, strict=True):
            kinds = slot_kinds(slot)
            if kinds and not kinds & question.kinds:
                probability *= thresholds.mismatch
            if speaks_of_other_year(question, window.passage):
                probability *= thresholds.mismatch
            key = (window.passage.chunk.document, slot.start, slot.end)
            if key not in best or best[key].probability < probability:
                best[key] = Candidate(window, slot, probability, rank)
    return sorted(best.values(), key=lambda c: (-c.probability, c.rank, c.slot.start))


def decide(question: Question, read: Sequence[Read], thresholds: Thresholds | None = None) -> Decision:
    """Return the verdict on what the retrieved windows hold for the question."""
    thresholds = thresholds or Thresholds()
    if question.asks_figure:
        return _decide_figure(rank_slots(question, read, thresholds), thresholds)
    return _decide_passage(read, thresholds)


def _decide_figure(candidates: list[Candidate], thresholds: Thresholds) -> Decision:
    top = candidates[0].probability if candidates else 0.0
    if top < thresholds.slot:
        return Decision("not_found", "no slot answers", 1 - top, tuple(candidates[:3]))
    answers = [c for c in candidates if c.probability >= max(thresholds.slot, thresholds.rival * top)]
    verdict: Verdict = "stated" if any(c.slot.figure for c in answers) else "omitted"
    if answers[0].slot.gap is not None and verdict == "stated":
        # A hole is the best answer, yet a figure elsewhere answers too: an approximation or another passage.
        return Decision("stated", "figure beside the best slot, a hole", top, tuple(answers))
    return Decision(verdict, "best slot", top, tuple(answers))


def _decide_passage(read: Sequence[Read], thresholds: Thresholds) -> Decision:
    ranked = sorted(read, key=lambda r: (-r[1].answerable, r[2]))
    if not ranked or ranked[0][1].answerable < thresholds.passage:
        best = ranked[0][1].answerable if ranked else 0.0
        return Decision("not_found", "no window answers", 1 - best)
    top = ranked[0][1].answerable
    chosen = [(w, r.span) for w, r, _ in ranked if r.answerable >= max(thresholds.passage, 0.8 * top)]
    return Decision("passage", "best window", top, spans=tuple(chosen[:2]))


def explain(decision: Decision, question: Question) -> dict[str, Any]:
    """Return the decision and its reasons as JSON values."""
    considered = [
        {
            "document": c.window.passage.chunk.document,
            "at": c.slot.start,
            "figure": c.slot.figure.text if c.slot.figure else None,
            "unit": c.slot.unit,
            "probability": round(c.probability, 4),
        }
        for c in decision.candidates
    ]
    return {
        "question_rule": question.rule,
        "kinds": sorted(question.kinds),
        "decision_rule": decision.rule,
        "slots": considered,
    }
