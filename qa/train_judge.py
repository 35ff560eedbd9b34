"""Learns how much each piece of evidence weighs: ``python -m qa.train_judge --data FOLDER``.

FOLDER holds ``cmrc2018_train.json.xz``. Reports and articles that the reader's training left out are asked as they are
and damaged; for every slot read, a logistic regression learns whether it is the answer. Half of the cases are kept to
print what the weights do on cases they were not fitted to, at each threshold.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from index.encoder import load_encoder
from qa.assistant import Assistant
from qa.evidence import EVIDENCE, WEIGHTS, Read, chances, evidence
from qa.four_cases import EXPECTED, near_posed, numeric_cases, pose, posed_passages
from qa.judge import Thresholds, decide, read_passages
from qa.questions import ANY, Question, understand
from qa.reader import SlotReader
from qa.reader_data import HELD_OUT, load_squad
from qa.report_cases import TRAINING_REPORTS, in_every_state, load_reports
from qa.retriever import Near
from qa.slots import SlottedPassage

#: Bounds of weights: what a piece of evidence can mean is known, how much it means is learned. Few cases name another
#: year or number, or a unit of another kind, and where they do it settles the matter. Some reports give a figure in a
#: heading only, which those learned from seldom do.
BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "reading": (0, None),
    "answerable": (0, None),
    "ahead of the others": (0, None),
    "share of words held": (1, None),
    "of a kind asked for": (0, None),
    "of another kind": (None, -2),
    "weakness of the gap": (None, 0),
    "in a heading or title": (-0.5, 0),
    "in a caption, date or editor's line": (None, 0),
    "of another year": (None, -5),
    "of another number": (None, -5),
    "of a word that rules out the question's": (None, -3),
    "of a level where a change is asked": (None, -2),
    "rank of the passage": (None, 0),
    "sentence behind the nearest": (None, 0),
}
PULL = 1.0
"""Strength of the pull of all weights towards zero, as of a Gaussian prior of variance 1."""

#: Questions drawn from each report, and from the articles: enough of these to count about as much as the reports.
REPORT_QUESTIONS = 12
ARTICLE_QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """A case as read. ``right`` names the document and the span of its answer, None where nothing answers."""

    source: str
    question: Question
    read: list[Read]
    expected: str
    right: tuple[str, int, int] | None

    def answers(self, document: str, start: int, end: int) -> bool:
        """Whether a slot is the answer: a hole may be found a character aside."""
        if self.right is None or document != self.right[0]:
            return False
        _, first, last = self.right
        return start <= last + 1 and first - 1 <= end if start == end else start < last and first < end


class Recorder(Assistant):
    """An assistant that keeps what it read."""

    def __init__(self, assistant: Assistant, reader: SlotReader) -> None:
        super().__init__(assistant._store, assistant._given_encoder, reader)
        self.kept: list[tuple[Question, list[Read]]] = []

    def _read(
        self, asked: Question, passages: list[SlottedPassage], near: list[tuple[Near, ...]], nearest: float
    ) -> list[Read]:
        read = super()._read(asked, passages, near, nearest)
        self.kept.append((asked, read))
        return read


def report_reads(folder: Path, reader: SlotReader, kept_out: bool = True) -> Iterator[Judged]:
    """Ask the reports of a folder, in every state; with ``kept_out`` only those that training left out."""
    encoder = load_encoder()
    for number, report in enumerate(load_reports(folder)):
        if kept_out and number % HELD_OUT:
            continue
        asked = random.Random(report.name).sample(range(len(report.rows)), min(REPORT_QUESTIONS, len(report.rows)))
        for cases, opened in in_every_state(report, encoder):
            assistant = Recorder(opened, reader)
            for case in (cases[i] for i in sorted(asked)):
                assistant.kept.clear()
                assistant.ask(case.question)
                if len(assistant.kept) == 1:
                    question, read = assistant.kept[0]
                    right = (f"{report.name}.txt", *case.span) if case.span else None
                    yield Judged(f"{report.name}, {case.damage}", question, read, case.expected, right)


def article_reads(data: Path, reader: SlotReader) -> Iterator[Judged]:
    """Ask numeric questions of the articles that training left out, in four states."""
    encoder = load_encoder()
    squad = load_squad(data / "cmrc2018_train.json.xz")
    paragraphs = [text for _, text, _ in squad.paragraphs]
    asked = [
        (a.question, a.paragraph, a.answer[0], paragraphs[a.paragraph][slice(*a.answer)])
        for a in squad.asked
        if a.paragraph % HELD_OUT == 0
    ]
    cases = list(numeric_cases(paragraphs, asked))
    for case in random.Random(3).sample(cases, min(ARTICLE_QUESTIONS, len(cases))):
        question = understand(case.question)
        question = question if question.asks_figure else replace(question, kinds=ANY, sure=True)
        for posed in pose(paragraphs, case):
            passages = posed_passages(posed)
            read = read_passages(question.text, passages, reader, near_posed(question.text, passages, encoder))
            right = (str(posed.right), *posed.span) if posed.span else None
            yield Judged(f"articles, {posed.kind}", question, read, EXPECTED[posed.kind], right)


def rows_of(cases: Sequence[Judged]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the evidence of every slot, shape ``(slots, len(EVIDENCE))``, and whether it is the answer.

    A figure that reads like the answer but stands elsewhere is left out: it may well answer.
    """
    rows, labels = [], []
    for case in cases:
        if case.expected == "passage":
            continue
        question = case.question if case.question.asks_figure else replace(case.question, kinds=ANY)
        said = {
            slot.figure.text
            for item in case.read
            for slot in item.window.slots
            if slot.figure and case.answers(item.window.passage.chunk.document, slot.start, slot.end)
        }
        for item, own in zip(case.read, evidence(question, case.read), strict=True):
            document = item.window.passage.chunk.document
            slots = item.window.slots
            flags = [case.answers(document, s.start, s.end) for s in slots]
            for slot, row, flag in zip(slots, own, flags, strict=True):
                if flag or slot.figure is None or slot.figure.text not in said:
                    rows.append(row)
                    labels.append(flag)
    return np.array(rows, dtype=np.float32), np.array(labels, dtype=np.bool_)


def fit(cases: Sequence[Judged]) -> NDArray[np.float32]:
    """Return the weights of ``EVIDENCE``: the likeliest whose signs are those that reason demands."""
    rows, labels = rows_of(cases)
    signs = np.where(labels, 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = signs * (rows @ weights)
        gradient = -(signs / (1 + np.exp(margin))) @ rows + PULL * weights
        return float(np.logaddexp(0, -margin).sum() + PULL / 2 * weights @ weights), gradient

    bounds = [BOUNDS.get(name, (None, None)) for name in EVIDENCE]
    found = minimize(loss, np.zeros(len(EVIDENCE)), jac=True, bounds=bounds, method="L-BFGS-B")
    weights: NDArray[np.float32] = found.x.astype(np.float32)
    return weights


def outcome(case: Judged, weights: NDArray[np.float32], thresholds: Thresholds) -> tuple[str, bool]:
    """Return the verdict, and whether it is the expected one with the right place marked first."""
    decision = decide(case.question, case.read, thresholds, partial(chances, weighed=weights))
    if decision.verdict != case.expected or case.expected not in ("stated", "omitted"):
        if case.expected == "passage" and decision.verdict == "passage" and case.right:
            _, first, last = case.right
            hit = any(w.passage.chunk.start < last and first < w.passage.chunk.end for w, _ in decision.spans)
            return decision.verdict, hit
        return decision.verdict, decision.verdict == case.expected
    best = next(c for c in decision.candidates if (c.slot.figure is not None) == (decision.verdict == "stated"))
    return decision.verdict, case.answers(best.window.passage.chunk.document, best.slot.start, best.slot.end)


def table(cases: Sequence[Judged], weights: NDArray[np.float32], points: Sequence[Thresholds]) -> None:
    """Print the two errors and the share of right answers at some operating points."""
    print("| figure | hole | rival | unsure | passage | right | stated wrongly | refused wrongly |")
    print("|---|---|---|---|---|---|---|---|")
    for point in points:
        graded = [(c, *outcome(c, weights, point)) for c in cases]
        stated = [verdict for c, verdict, _ in graded if c.expected == "stated"]
        wrong = sum(verdict == "stated" and not hit for _, verdict, hit in graded) / len(graded)
        refused = sum(v in ("omitted", "not_found") for v in stated) / max(1, len(stated))
        right = sum(hit for *_, hit in graded) / len(graded)
        print(
            f"| {point.figure} | {point.hole} | {point.rival} | {point.unsure} | {point.passage} "
            f"| {right:.1%} of {len(graded)} | {wrong:.1%} | {refused:.1%} |"
        )


def main() -> None:
    """Fit on half, print what it does on the other half, then fit on all and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    reader = SlotReader.load()
    reports = list(report_reads(TRAINING_REPORTS, reader))
    articles = list(article_reads(args.data, reader))
    names = sorted({c.source.split(",")[0] for c in reports})
    half = set(names[::2])
    fitted = [c for c in reports if c.source.split(",")[0] in half] + articles[: len(articles) // 2]
    points = [Thresholds(figure=f, hole=h) for f in (0.3, 0.4, 0.5, 0.6, 0.7) for h in (0.2, 0.3, 0.4)]
    weights = fit(fitted)
    for name, rest in (
        ("reports", [c for c in reports if c.source.split(",")[0] not in half]),
        ("articles", articles[len(articles) // 2 :]),
    ):
        print(f"\n{name}, not fitted to\n")
        table(rest, weights, points)
    weights = fit([*reports, *articles])
    found = {name: round(float(w), 4) for name, w in zip(EVIDENCE, weights, strict=True)}
    WEIGHTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
