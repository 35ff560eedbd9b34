"""Recall@1, recall@5 and MRR@10 of the hybrid against each of its halves: ``python -m tests.bench.retrieval``.

``--tune`` sweeps the dense weight on CMRC 2018 train instead, where the shipped weight was chosen.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from index.encoder import load_encoder
from index.folding import to_simplified
from index.lexical import LexicalIndex
from qa.retriever import DENSE_WEIGHT, standardise
from tests.bench.data import ReadingSet, reading_set

#: Paragraphs of CMRC 2018 train that the weight is tuned on.
TUNING_PARAGRAPHS = 500


def ranks(scores: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Rank (0 = best) of each question's paragraph; ties count against us."""
    target = scores[np.arange(len(gold)), gold][:, None]
    return (scores >= target).sum(axis=1) - 1


def first_paragraphs(data: ReadingSet, n: int) -> ReadingSet:
    return ReadingSet(data.paragraphs[:n], tuple(c for c in data.cases if c.paragraph < n))


def row(name: str, found: np.ndarray) -> str:
    reciprocal = np.where(found < 10, 1 / (found + 1), 0)
    return f"| {name} | {(found < 1).mean():.1%} | {(found < 5).mean():.1%} | {reciprocal.mean():.4f} |"


def both_scores(data: ReadingSet, limit: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standardised dense and lexical scores, shape (questions, paragraphs), and the right paragraph of each."""
    encoder = load_encoder()
    cases = data.cases[:limit]
    start = time.perf_counter()
    passages = encoder.encode_document(data.paragraphs)
    print(f"{len(data.paragraphs)} paragraphs encoded in {time.perf_counter() - start:.0f} s")
    queries = encoder.encode_query([to_simplified(c.question) for c in cases])
    index = LexicalIndex.build(data.paragraphs)
    dense = np.stack([standardise(s) for s in queries @ passages.T])
    lexical = np.stack([standardise(index.scores(c.question)) for c in cases])
    return dense, lexical, np.array([c.paragraph for c in cases])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="cmrc2018_dev")
    parser.add_argument("--limit", type=int, help="first N questions only")
    parser.add_argument("--tune", action="store_true")
    arguments = parser.parse_args()
    name = "cmrc2018_train" if arguments.tune else arguments.set
    data = reading_set(f"{name}.json.xz")
    if arguments.tune:
        data = first_paragraphs(data, TUNING_PARAGRAPHS)
    dense, lexical, gold = both_scores(data, arguments.limit)
    print(f"\n{name}: {len(gold)} questions, {len(data.paragraphs)} paragraphs\n")
    print("| scores | recall@1 | recall@5 | MRR@10 |\n|---|---|---|---|")
    weights = np.arange(0, 1.01, 0.1) if arguments.tune else [1.0, 0.0, DENSE_WEIGHT]
    labels = {1.0: "dense alone", 0.0: "BM25 alone", DENSE_WEIGHT: f"hybrid, {DENSE_WEIGHT} dense"}
    for w in weights:
        print(row(labels.get(w, f"{w:.1f} dense"), ranks(w * dense + (1 - w) * lexical, gold)))


if __name__ == "__main__":
    main()
