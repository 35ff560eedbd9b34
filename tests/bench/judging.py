"""The four cases: numeric questions of a reading set, each asked of four states of the text.

``python -m tests.bench.judging [--set cmrc2018_dev|drcd_dev|cmrc2018_train] [--limit N]``

- intact: the paragraph as it is; right is ``stated`` with the figure of the answer marked.
- stripped: every paragraph stripped as the seed report was; right is ``omitted`` with the answer's hole marked.
- holed: only the number of the answer is gone, all others stay; right is ``omitted`` with that hole marked.
- absent: the paragraph is not there, its nearest neighbours are; right is ``not_found``.

Candidate passages come from BM25 over the set's own paragraphs, the right one put among them if it was not found, so
that judging is measured and not retrieval. Gaps are found by the shipped detector, not given.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

import numpy as np

from index.datamodels import Chunk
from index.lexical import LexicalIndex
from qa.damage import strip_like_seed
from qa.figures import find_figures
from qa.judge import Decision, Thresholds, decide, read_passages
from qa.overlap import OverlapReader
from qa.questions import QUANTITY, Question, understand
from qa.reader import SlotReader
from qa.reading import Reader, Reading, Window
from qa.slots import SlottedPassage, slotted
from qa.train_reader import HELD_OUT
from tests.bench.data import ReadingSet, reading_set

PASSAGES = 8

Judge = Callable[[Question, list[SlottedPassage]], Decision]
EXPECTED = {"intact": "stated", "stripped": "omitted", "holed": "omitted", "absent": "not_found"}


@dataclass(frozen=True, slots=True)
class Numeric:
    """A question whose answer is one figure: its span in the paragraph, and the neighbours BM25 finds, best first."""

    question: str
    paragraph: int
    start: int
    end: int
    neighbours: tuple[int, ...]


def numeric_cases(data: ReadingSet) -> Iterator[Numeric]:
    """Yield the questions whose every answer is, but for a few characters, one and the same figure with digits."""
    index = LexicalIndex.build(data.paragraphs)
    figures = [find_figures(p) for p in data.paragraphs]
    for case in data.cases:
        start, answer = case.answers[0]
        if data.paragraphs[case.paragraph][start : start + len(answer)] != answer:
            continue
        inside = [f for f in figures[case.paragraph] if f.start < start + len(answer) and start < f.end]
        if len(inside) != 1 or not any(c.isdigit() for c in inside[0].text) or len(answer) > len(inside[0].text) + 3:
            continue
        order = np.argsort(-index.scores(case.question), kind="stable")[: PASSAGES + 1]
        neighbours = tuple(int(i) for i in order if i != case.paragraph)
        yield Numeric(case.question, case.paragraph, inside[0].start, inside[0].end, neighbours)


@dataclass(frozen=True, slots=True)
class Posed:
    """A case as posed: the passages' texts best first, and the span of the answer in the first that holds it."""

    kind: str
    texts: tuple[str, ...]
    right: int | None
    span: tuple[int, int] | None


def pose(data: ReadingSet, case: Numeric) -> Iterator[Posed]:
    """Yield the four cases of a question."""
    others = [data.paragraphs[i] for i in case.neighbours][: PASSAGES - 1]
    text = data.paragraphs[case.paragraph]
    yield Posed("intact", (text, *others), 0, (case.start, case.end))
    at = len(strip_like_seed(text[: case.start]).text)
    left = len(strip_like_seed(text[: case.end]).text)
    stripped = tuple(strip_like_seed(t).text for t in (text, *others))
    yield Posed("stripped", stripped, 0, (at, left))
    holed, span = without_number(text, case.start, case.end)
    yield Posed("holed", (holed, *others), 0, span)
    absent = tuple(data.paragraphs[i] for i in case.neighbours[:PASSAGES])
    yield Posed("absent", absent, None, None)


def without_number(text: str, start: int, end: int) -> tuple[str, tuple[int, int]]:
    """Return the text without the digits of one figure (its unit stays), and the span where they stood."""
    kept = "".join(c for c in text[start:end] if not (c.isdigit() or c in ".,%．％"))
    return text[:start] + kept + text[end:], (start, start + len(kept))


@cache
def passage(text: str, name: str) -> SlottedPassage:
    """Find the slots of a text once: an index does so once for a passage, too."""
    return slotted(Chunk(name, "paragraph", None, 1, 0, len(text), text), text)


def posed_passages(posed: Posed) -> list[SlottedPassage]:
    return [passage(text, str(i)) for i, text in enumerate(posed.texts)]


def grade(posed: Posed, decision: Decision) -> tuple[str, bool]:
    """Return the verdict, and whether the right figure or hole is the first marked."""
    if posed.span is None or not decision.candidates or decision.verdict == "not_found":
        return decision.verdict, decision.verdict == EXPECTED[posed.kind]
    best = next((c for c in decision.candidates if (c.slot.figure is not None) == (decision.verdict == "stated")), None)
    start, end = posed.span
    hit = (
        best is not None
        and best.window.passage.chunk.document == str(posed.right)
        and best.slot.start <= end
        and start <= best.slot.end
    )
    return decision.verdict, hit and decision.verdict == EXPECTED[posed.kind]


class AnyNumber(Reader):
    """Baseline: the first slot of the best passage answers, whatever it is."""

    def read(self, question: str, windows: list[Window]) -> list[Reading]:  # type: ignore[override]
        return [Reading(1.0, tuple(1.0 for _ in w.slots), None) for w in windows]


def best_passage_any_number(question: Question, passages: list[SlottedPassage]) -> Decision:
    return decide(question, read_passages(question.text, passages[:1], AnyNumber()))


def judge_with(reader: Reader) -> Judge:
    def judge(question: Question, passages: list[SlottedPassage]) -> Decision:
        return decide(question, read_passages(question.text, passages, reader))

    return judge


def measure(name: str, judge: Judge, posed: list[tuple[Question, Posed]]) -> None:
    confusion: dict[str, Counter[str]] = {kind: Counter() for kind in EXPECTED}
    right: Counter[str] = Counter()
    times, stated_wrongly, refused = [], 0, 0
    for question, case in posed:
        passages = posed_passages(case)
        start = time.perf_counter()
        verdict, hit = grade(case, judge(question, passages))
        times.append(time.perf_counter() - start)
        confusion[case.kind][verdict] += 1
        right[case.kind] += hit
        stated_wrongly += verdict == "stated" and not hit
        refused += case.kind == "intact" and verdict != "stated"
    print(f"\n### {name}\n\n| case | stated | omitted | not_found | right slot |\n|---|---|---|---|---|")
    for kind, verdicts in confusion.items():
        n = max(1, sum(verdicts.values()))
        shares = " | ".join(f"{verdicts[v] / n:.1%}" for v in ("stated", "omitted", "not_found"))
        print(f"| {kind} (n={n}) | {shares} | {right[kind] / n:.1%} |")
    intact = max(1, sum(confusion["intact"].values()))
    print(
        f"\nstated wrongly {stated_wrongly / len(posed):.1%} of {len(posed)} cases; refused wrongly "
        f"{refused / intact:.1%} of {intact}; median {statistics.median(times) * 1000:.0f} ms a case"
    )


def sweep(reader: Reader, posed: list[tuple[Question, Posed]]) -> None:
    """Print the two errors over a grid of thresholds: each case is read once and decided for each point."""
    cases = [(q, p, read_passages(q.text, posed_passages(p), reader)) for q, p in posed]
    print("| figure | mismatch | trust | stated wrongly | refused wrongly | right |\n|---|---|---|---|---|---|")
    for mismatch, trust, slot in product((0.03, 0.003), (0.0, 0.25, 0.5), (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)):
        thresholds = Thresholds(figure=slot, hole=min(slot, 0.3), mismatch=mismatch, trust=trust)
        graded = [(p, *grade(p, decide(q, read, thresholds))) for q, p, read in cases]
        wrong = sum(verdict == "stated" and not hit for _, verdict, hit in graded)
        intact = [verdict for p, verdict, _ in graded if p.kind == "intact"]
        refused = sum(verdict != "stated" for verdict in intact)
        right = sum(hit for _, _, hit in graded)
        print(
            f"| {slot} | {mismatch} | {trust} | {wrong / len(graded):.1%} | {refused / len(intact):.1%} "
            f"| {right / len(graded):.1%} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="cmrc2018_dev")
    parser.add_argument("--limit", type=int, default=250, help="numeric questions, drawn with a fixed seed")
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--sweep", action="store_true", help="sweep thresholds on what CMRC train keeps from training")
    arguments = parser.parse_args()
    name = "cmrc2018_train" if arguments.sweep else arguments.set
    data = reading_set(f"{name}.json.xz")
    cases = list(numeric_cases(data))
    if arguments.sweep:
        cases = [c for c in cases if c.paragraph % HELD_OUT == 0]
    chosen = Random(7).sample(cases, min(arguments.limit, len(cases)))
    posed = []
    for case in chosen:
        question = understand(case.question)
        # What is asked is measured apart: here each is known to ask for a figure.
        question = question if question.asks_figure else Question(case.question, question.language, QUANTITY, "", False)
        posed += [(question, p) for p in pose(data, case)]
    print(f"{name}: {len(chosen)} of {len(cases)} numeric questions, four cases each")
    if arguments.sweep:
        return sweep(SlotReader.load(), posed)
    if arguments.baselines:
        measure("best passage has any number", best_passage_any_number, posed)
        measure("figures without the learned reader", judge_with(OverlapReader()), posed)
    measure("youju", judge_with(SlotReader.load()), posed)


if __name__ == "__main__":
    main()
