"""Measures what ``index.structure`` brings back of documents that have run together, and that it leaves others alone.

    python -m tests.bench.structure            # reports on the fold that nothing was trained or tuned on
    python -m tests.bench.structure --tune     # chooses ``index.runon.SETTINGS`` and the baselines' N

Paragraph starts: documents whose paragraphs are known are joined without a separator. The baseline starts a paragraph
every N sentences, N being the best for that kind of document on the tuning fold, or the one that gives paragraphs of
the same size. Headings: report-like documents of news titles
and bodies. Well-formed documents: the same paragraphs, one a line.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from index.runon import SETTINGS, Settings, recover
from index.sentences import split_sentences
from index.structure import extent, find_blocks
from index.train_runon import (
    REPORT,
    TUNE,
    Joined,
    drcd_paragraphs,
    join,
    news_paragraphs,
    reports,
    titled_news,
)

ROOT = Path(__file__).resolve().parents[2]
DATA = next((p / "shared" / "data" for p in ROOT.parents if (p / "shared" / "data").is_dir()), ROOT / "../shared/data")
#: Reading units of the shortest joined document measured. Shorter than what counts as run-on, so that enough news are
#: left; the rows of ``find_blocks`` show what the criterion then lets through.
LEAST = 600
Score = tuple[float, float, float]
Cutter = Callable[[str], set[int]]


def score(found: Iterable[set[object]], true: Iterable[set[object]]) -> Score:
    """Return precision, recall and F1 over all documents together."""
    right = given = wanted = 0
    for ours, theirs in zip(found, true, strict=True):
        right, given, wanted = right + len(ours & theirs), given + len(ours), wanted + len(theirs)
    return right / max(given, 1), right / max(wanted, 1), 2 * right / max(given + wanted, 1)


def every(number: int) -> Cutter:
    """Return the baseline: a paragraph every ``number`` sentences."""
    return lambda text: {start for start, _ in split_sentences(text)[number::number]}


def recovered(settings: Settings = SETTINGS) -> Cutter:
    """Return the starts that the recovery itself finds."""
    return lambda text: {part.start for part in recover(text, settings=settings)[1:]}


def whole_path(text: str) -> set[int]:
    """Return the starts that a user gets, run-on criterion included."""
    return {block.start for block in find_blocks(text)[1:]}


def heading_spans(text: str, settings: Settings = SETTINGS) -> set[tuple[int, int]]:
    """Return the headings that the recovery finds."""
    return {(part.start, part.end) for part in recover(text, settings=settings) if part.kind == "heading"}


def joined_documents(folds: tuple[int, ...]) -> dict[str, list[Joined]]:
    """Return the joined documents of some folds, by kind."""
    news, drcd = news_paragraphs(DATA, folds), drcd_paragraphs(DATA, folds)
    kinds = {
        "news": [join(item, stripped=False) for item in news],
        "news, stripped": [join(item, stripped=True) for item in news],
        "DRCD": [join(item, stripped=False) for item in drcd],
        "DRCD, stripped": [join(item, stripped=True) for item in drcd],
    }
    return {kind: [d for d in documents if extent(d.text) >= LEAST] for kind, documents in kinds.items()}


def report_documents(folds: tuple[int, ...]) -> dict[str, list[Joined]]:
    """Return report-like documents of some folds, by kind."""
    titled = titled_news(DATA, folds)
    titles, bodies = [title for title, _ in titled], [body for _, body in titled]
    return {
        name: [
            document
            for seed in range(3)
            for document in reports(titles, bodies, random.Random(seed), stripped=stripped)
        ]
        for name, stripped in (("reports", False), ("reports, stripped", True))
    }


def starts_score(documents: list[Joined], cut: Cutter) -> Score:
    """Score the paragraph starts that ``cut`` finds."""
    return score([set(cut(d.text)) for d in documents], [set(d.starts) for d in documents])


def headings_score(documents: list[Joined], settings: Settings = SETTINGS) -> Score:
    """Score headings: a heading counts when both its ends are right."""
    return score([set(heading_spans(d.text, settings)) for d in documents], [set(d.headings) for d in documents])


def best_every(documents: list[Joined]) -> int:
    """Return the N with which the baseline does best."""
    return max(range(1, 16), key=lambda number: starts_score(documents, every(number))[2])


def as_many(documents: list[Joined], cut: Cutter) -> int:
    """Return the N with which the baseline makes about as many cuts as ``cut``: paragraphs of the same size."""
    wanted = sum(len(cut(d.text)) for d in documents)
    return min(range(1, 16), key=lambda number: abs(wanted - sum(len(every(number)(d.text)) for d in documents)))


def _show(name: str, result: Score) -> None:
    print(f"{name:<44} precision {result[0]:.3f}  recall {result[1]:.3f}  F1 {result[2]:.3f}")


def tune() -> None:
    """Print F1 on the tuning fold over a grid."""
    joined, synthetic = joined_documents(TUNE), report_documents(TUNE)
    for threshold, two, one in itertools.product((0.4, 0.5, 0.6, 0.7, 0.8), (-1.0,), (1.0, 2.0)):
        settings = replace(SETTINGS, heading=threshold, two_clauses=two, one_clause=one)
        for kind, documents in synthetic.items():
            _show(f"heading {threshold} {two} {one} {kind}", headings_score(documents, settings))
        text = [d.text for documents in joined.values() for d in documents]
        false = 1e4 * sum(len(heading_spans(t, settings)) for t in text) / sum(map(len, text))
        print(f"  headings per 10,000 characters of text that has none: {false:.2f}", flush=True)
    for shift, size in itertools.product((0.5, 1.0, 1.5, 2.0, 2.5), (0.3, 0.6, 1.0)):
        settings = replace(SETTINGS, shift=shift, size=size)
        results = {kind: starts_score(documents, recovered(settings))[2] for kind, documents in joined.items()}
        sizes = [part.end - part.start for d in joined["news"] for part in recover(d.text, settings=settings)]
        short = sum(length < 60 for length in sizes) / len(sizes)
        figures = "  ".join(f"{kind} {value:.3f}" for kind, value in results.items())
        print(f"shift {shift} size {size}: {figures}  shorter than 60: {short:.2f}", flush=True)


def report() -> None:
    """Print the table for the fold that nothing was trained or tuned on."""
    joined, tuning = joined_documents(REPORT), joined_documents(TUNE)
    print("Paragraph starts of joined documents")
    for kind, documents in joined.items():
        number = best_every(tuning[kind])
        _show(f"{kind} ({len(documents)}): every {number} sentences", starts_score(documents, every(number)))
        _show(f"{kind} ({len(documents)}): recovered", starts_score(documents, recovered()))
        number = as_many(documents, recovered())
        _show(f"{kind} ({len(documents)}): every {number}, as many cuts", starts_score(documents, every(number)))
        _show(f"{kind} ({len(documents)}): find_blocks", starts_score(documents, whole_path))
    print("Headings of report-like documents (both ends exact)")
    for kind, documents in report_documents(REPORT).items():
        _show(f"{kind} ({len(documents)})", headings_score(documents))
        number = best_every(report_documents(TUNE)[kind])
        _show(f"{kind}: starts, every {number} sentences", starts_score(documents, every(number)))
        _show(f"{kind}: starts, recovered", starts_score(documents, recovered()))
    for kind, documents in joined.items():
        false = sum(len(heading_spans(d.text)) for d in documents)
        size = sum(len(d.text) for d in documents)
        print(f"{kind}: {1e4 * false / size:.2f} headings per 10,000 characters of text that has none")
    print("Well-formed documents, one paragraph a line: returned exactly as they are")
    for name, items in (("news", news_paragraphs(DATA, REPORT)), ("DRCD", drcd_paragraphs(DATA, REPORT))):
        same = sum(_paragraphs_kept(item) for item in items)
        print(f"{name}: {same} of {len(items)}")


def _paragraphs_kept(paragraphs: list[str]) -> bool:
    text = "\n".join(paragraphs)
    return [text[block.start : block.end] for block in find_blocks(text)] == paragraphs


if __name__ == "__main__":
    if "--tune" in sys.argv:
        tune()
    else:
        report()
