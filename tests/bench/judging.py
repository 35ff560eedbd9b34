"""The four cases: numeric questions of a reading set, each asked of four states of the text (``qa.four_cases``).

``python -m tests.bench.judging [--set cmrc2018_dev|drcd_dev|cmrc2018_train] [--limit N]``

Candidate passages come from BM25 over the set's own paragraphs, the right one put among them if it was not found, so
that judging is measured and not retrieval. Gaps are found by the shipped detector, not given.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from index.encoder import Encoder, load_encoder
from qa.evidence import Read, fits_kind
from qa.four_cases import EXPECTED, Posed, near_posed, numeric_cases, pose, posed_passages
from qa.judge import Decision, decide, read_passages
from qa.overlap import OverlapReader
from qa.questions import QUANTITY, Question, understand
from qa.reader import SlotReader
from qa.reading import Reader, Reading, Window
from qa.retriever import Near
from qa.slots import SlottedPassage, windows
from tests.bench.data import reading_set

Judge = Callable[[Question, list[SlottedPassage], list[tuple[Near, ...]]], Decision]


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


def read_once(question: Question, passages: Sequence[SlottedPassage], reader: Reader) -> list[Read]:
    """Read every window as a whole: what helps the learned reader beyond that harms the baselines."""
    cut = [(rank, window) for rank, passage in enumerate(passages) for window in windows(passage)]
    return [Read(w, reader.read(question.text, [w.as_read()])[0], rank, 1.0) for rank, w in cut]


def best_passage_any_number(question: Question, passages: list[SlottedPassage], _: object) -> Decision:
    return decide(question, read_once(question, passages[:1], AnyNumber()), weigh=as_read)


def as_read(question: Question, read: Sequence[Read]) -> list[list[float]]:
    """Weigh nothing: what the reader says of a slot of a kind that is asked for is its chance."""
    return [[p * fits_kind(question, s) for s, p in zip(r.window.slots, r.reading.slots, strict=True)] for r in read]


def without_learned_parts(question: Question, passages: list[SlottedPassage], _: object) -> Decision:
    return decide(question, read_once(question, passages, OverlapReader()), weigh=as_read)


def youju(reader: Reader) -> Judge:
    return lambda question, passages, near: decide(question, read_passages(question.text, passages, reader, near))


def measure(name: str, judge: Judge, posed: list[tuple[Question, Posed]], encoder: Encoder | None = None) -> None:
    confusion: dict[str, Counter[str]] = {kind: Counter() for kind in EXPECTED}
    right: Counter[str] = Counter()
    times, stated_wrongly, refused = [], 0, 0
    for question, case in posed:
        passages = posed_passages(case)
        near = near_posed(question.text, passages, encoder) if encoder else []  # an index has the vectors
        start = time.perf_counter()
        verdict, hit = grade(case, judge(question, passages, near))
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="cmrc2018_dev")
    parser.add_argument("--limit", type=int, default=250, help="numeric questions, drawn with a fixed seed")
    parser.add_argument("--baselines", action="store_true")
    arguments = parser.parse_args()
    name = arguments.set
    data = reading_set(f"{name}.json.xz")
    asked = [(c.question, c.paragraph, *c.answers[0]) for c in data.cases]
    cases = list(numeric_cases(data.paragraphs, asked))
    chosen = Random(7).sample(cases, min(arguments.limit, len(cases)))
    posed = []
    for case in chosen:
        question = understand(case.question)
        # What is asked is measured apart: here each is known to ask for a figure.
        question = question if question.asks_figure else Question(case.question, question.language, QUANTITY, "", False)
        posed += [(question, p) for p in pose(data.paragraphs, case)]
    print(f"{name}: {len(chosen)} of {len(cases)} numeric questions, four cases each")
    if arguments.baselines:
        measure("best passage has any number", best_passage_any_number, posed)
        measure("figures without the learned reader", without_learned_parts, posed)
    measure("youju", youju(SlotReader.load()), posed, load_encoder())


if __name__ == "__main__":
    main()
