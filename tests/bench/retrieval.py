"""How often the right paragraph is found: ``python -m tests.bench.retrieval [--full] [--cache FOLDER]``.

Questions of CMRC 2018 dev and DRCD dev, each asked of its own set's paragraphs and of both together; ``--full`` asks
every question and adds 24,000 news documents as distractors, ``--news`` adds so much of each. English:
``english_questions.tsv``. Peers (``pip install -e '.[bench]'``) get the same encoder's vectors of whole paragraphs, as
they index them, and our tokens where they take any; engines take turns, a block of questions each. ``--cache`` keeps
vectors between runs. ``--tune`` sweeps the retriever's weights on CMRC 2018 train and on the training reports, each
report by itself, where the shipped ones were chosen.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from index import bundled
from index.datamodels import Chunk
from index.encoder import BUNDLED, load_encoder
from index.folding import has_han
from index.lexical import LexicalIndex
from index.parts import parts, searchable
from index.vectors import VectorIndex
from qa.report_cases import TRAINING_REPORTS, is_chinese, load_reports, placed
from qa.retriever import WEIGHTS, Retriever, Weights
from tests.bench.data import news, reading_set
from tests.bench.machine import machine
from tests.bench.peers import peers

#: Paragraphs of CMRC 2018 train that the weights are tuned on.
TUNING_PARAGRAPHS = 500
#: What is tried of each weight, the others as shipped.
SWEPT = {
    "dense": (6.0, 8.0, 10.0, 12.0, 16.0),
    "part": (0.5, 0.75, 0.85, 1.0),
    "held": (0.0, 0.5, 1.0, 1.5),
}
#: Characters of a news document that ``--full`` adds.
NEWS_CHARACTERS = 350
#: Questions that an engine answers before the next has its turn.
BLOCK = 50
DEEP = 10


class Vectors(NamedTuple):
    """Vectors of whole paragraphs, of their parts, and which paragraph each part belongs to."""

    whole: np.ndarray
    parts: np.ndarray
    owners: np.ndarray


class Asked(NamedTuple):
    """Questions with their vectors and the row of the right paragraph."""

    questions: Sequence[str]
    vectors: np.ndarray
    gold: np.ndarray


class Encoding:
    """Encodes with the default model, keeping vectors in a folder if there is one."""

    def __init__(self, cache: Path | None) -> None:
        self._encoder = load_encoder()
        networks = sorted(bundled.WEIGHTS.glob("*.onnx")) if cache else []
        weights = b"".join(network.read_bytes() for network in networks)
        self._cache = cache / hashlib.sha256(weights).hexdigest()[:12] if cache else None
        if self._cache:
            self._cache.mkdir(parents=True, exist_ok=True)

    def documents(self, texts: Sequence[str]) -> np.ndarray:
        return self._kept("d", texts, self._encoder.encode_document)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        return self._kept("q", texts, self._encoder.encode_query)

    def _kept(self, kind: str, texts: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray]) -> np.ndarray:
        if self._cache is None:
            return encode(texts)
        path = self._cache / f"{kind}{hashlib.sha256(chr(0).join(texts).encode()).hexdigest()[:16]}.npy"
        if not path.exists():
            np.save(path, encode(texts))
        return np.load(path)

    def paragraphs(self, chunks: Sequence[Chunk]) -> Vectors:
        pieces = [parts(chunk) for chunk in chunks]
        owners = np.repeat(np.arange(len(chunks), dtype=np.int32), [len(own) for own in pieces])
        whole = self.documents([searchable(chunk) for chunk in chunks])
        sentences = self.documents([piece for own in pieces for piece in own[:-1]])
        last = np.append(np.diff(owners) > 0, True)
        vectors = np.empty((len(owners), whole.shape[1]), dtype=np.float32)
        vectors[last], vectors[~last] = whole, sentences
        return Vectors(whole, vectors, owners)


class Engine(NamedTuple):
    """A way to find paragraphs: best first, at least ``DEEP`` of them where it finds so many."""

    name: str
    search: Callable[[str, np.ndarray], Sequence[int]]


def as_chunks(texts: Sequence[str]) -> list[Chunk]:
    return [Chunk("", "paragraph", None, 1, 0, len(text), text) for text in texts]


def ours(chunks: Sequence[Chunk], vectors: Vectors, *tried: Weights) -> list[Engine]:
    """Our retriever, once with each of the weights."""
    dense = VectorIndex.build(vectors.parts, vectors.owners)
    lexical = LexicalIndex.build([searchable(chunk) for chunk in chunks])
    store = SimpleNamespace(chunks=chunks, vectors=dense, lexical=lexical)

    def engine(weights: Weights) -> Engine:
        def search(question: str, vector: np.ndarray) -> list[int]:
            encoder = SimpleNamespace(name=BUNDLED, encode_query=lambda _: vector[None])
            found = Retriever(store, encoder, weights).search(question, DEEP)  # type: ignore[arg-type]
            return [row for row, _ in found]

        return Engine("youju", search)

    return [engine(weights) for weights in tried or (WEIGHTS,)]


def baselines(texts: Sequence[str], vectors: Vectors) -> list[Engine]:
    lexical = LexicalIndex.build(texts)
    starts = np.flatnonzero(np.diff(vectors.owners, prepend=-1))

    def best(scores: np.ndarray) -> list[int]:
        return np.argsort(-scores, kind="stable")[:DEEP].tolist()

    return [
        Engine("dense alone, whole paragraphs", lambda _, v: best(vectors.whole @ v)),
        Engine(
            "dense alone, nearest of sentences and whole",
            lambda _, v: best(np.maximum.reduceat(vectors.parts @ v, starts)),
        ),
        Engine("BM25 alone", lambda q, _: best(lexical.scores(q))),
    ]


def compare(title: str, engines: Sequence[Engine], asked: Asked) -> None:
    """Print a table: engines take turns, block by block."""
    ranks: dict[str, list[int]] = {e.name: [] for e in engines}
    times: dict[str, list[float]] = {e.name: [] for e in engines}
    for start in range(0, len(asked.questions), BLOCK):
        for engine in engines:
            for i in range(start, min(start + BLOCK, len(asked.questions))):
                begun = time.perf_counter()
                found = list(engine.search(asked.questions[i], asked.vectors[i]))
                times[engine.name].append(1000 * (time.perf_counter() - begun))
                ranks[engine.name].append(found.index(asked.gold[i]) if asked.gold[i] in found else DEEP)
    print(f"\n{title}, {len(asked.questions)} questions\n")
    print("| engine | recall@1 | recall@5 | MRR@10 | ms a search, median (9 of 10 within) |\n|---|---|---|---|---|")
    for engine in engines:
        rank, took = np.array(ranks[engine.name]), times[engine.name]
        reciprocal = np.where(rank < DEEP, 1 / (rank + 1), 0).mean()
        tenth = statistics.quantiles(took, n=20)
        print(
            f"| {engine.name} | {(rank < 1).mean():.1%} | {(rank < 5).mean():.1%} | {reciprocal:.3f} "
            f"| {statistics.median(took):.1f} ({tenth[0]:.1f}-{tenth[-1]:.1f}) |",
            flush=True,
        )


def asked_of(name: str, encoding: Encoding, offset: int, limit: int | None) -> tuple[tuple[str, ...], Asked]:
    data = reading_set(f"{name}.json.xz")
    step = max(1, len(data.cases) // limit) if limit else 1
    cases = data.cases[::step]
    vectors = encoding.questions([c.question for c in data.cases])[::step]
    return data.paragraphs, Asked([c.question for c in cases], vectors, np.array([offset + c.paragraph for c in cases]))


def english(encoding: Encoding) -> tuple[Asked, Asked]:
    """The English questions and their Chinese originals, from CMRC 2018 dev."""
    data = reading_set("cmrc2018_dev.json.xz")
    lines = Path(__file__).with_name("english_questions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(data.cases[int(number)], question) for number, question in (line.split("\t") for line in lines)]
    gold = np.array([case.paragraph for case, _ in rows])
    both = ([question for _, question in rows], [case.question for case, _ in rows])
    one, other = (Asked(questions, encoding.questions(questions), gold) for questions in both)
    return one, other


def tune(encoding: Encoding) -> None:
    """Print recall@1 for every weight that is tried, by the language of the questions and of the text."""
    tried = [(name, value, replace(WEIGHTS, **{name: value})) for name, values in SWEPT.items() for value in values]
    every = [weights for _, _, weights in tried]
    groups: dict[str, list[np.ndarray]] = defaultdict(list)
    data = reading_set("cmrc2018_train.json.xz")
    chunks = as_chunks(data.paragraphs[:TUNING_PARAGRAPHS])
    cases = [(c.question, c.paragraph) for c in data.cases if c.paragraph < len(chunks)]
    groups["CMRC 2018 train"] = found_first(chunks, cases, encoding, every)
    for report in load_reports(TRAINING_REPORTS):
        text = "Chinese" if is_chinese(report.text) else "English"
        for language in ("Chinese", "English"):
            own = [case for case in placed(report) if has_han(case[0]) == (language == "Chinese")]
            groups[f"{language} on {text} reports"] += found_first(report.chunks, own, encoding, every)
    names = sorted(groups)
    print(f"recall@1, questions: {', '.join(f'{name} {len(groups[name])}' for name in names)}\n")
    print(f"| weight | value | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}")
    for i, (name, value, _) in enumerate(tried):
        shares = " | ".join(f"{np.mean([hits[i] for hits in groups[group]]):.2%}" for group in names)
        print(f"| {name} | {value:g} | {shares} |")


def found_first(
    chunks: Sequence[Chunk], cases: Sequence[tuple[str, int]], encoding: Encoding, tried: Sequence[Weights]
) -> list[np.ndarray]:
    """Whether the right passage comes first, of each case an array with one entry for each of the weights."""
    if not cases:
        return []
    engines = ours(chunks, encoding.paragraphs(chunks), *tried)
    vectors = encoding.questions([question for question, _ in cases])
    return [
        np.array([engine.search(question, vector)[:1] == [right] for engine in engines])
        for (question, right), vector in zip(cases, vectors, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every question, not every fourth, and the news")
    parser.add_argument("--news", type=int, metavar="CHARACTERS", help="add the first so many of each news document")
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument("--tune", action="store_true")
    arguments = parser.parse_args()
    encoding = Encoding(arguments.cache)
    print(machine())
    if arguments.tune:
        tune(encoding)
        return
    limit = None if arguments.full else 800
    pools: list[tuple[tuple[str, ...], Vectors, Asked]] = []
    offset = 0
    for name in ("cmrc2018_dev", "drcd_dev"):
        texts, asked = asked_of(name, encoding, 0, limit)
        chunks = as_chunks(texts)
        vectors = encoding.paragraphs(chunks)
        engines = [*ours(chunks, vectors), *baselines(texts, vectors), *peers(texts, vectors.whole)]
        compare(f"{name}, {len(texts)} paragraphs", engines, asked)
        pools.append((texts, vectors, asked._replace(gold=asked.gold + offset)))
        offset += len(texts)
    texts = tuple(text for own_texts, _, _ in pools for text in own_texts)
    owners = np.concatenate([pools[0][1].owners, pools[1][1].owners + len(pools[0][0])])
    vectors = Vectors(*(np.concatenate([p[1][i] for p in pools]) for i in (0, 1)), owners)
    title = "both pools"
    if characters := arguments.news or (NEWS_CHARACTERS if arguments.full else 0):
        documents = [text[:characters] for text in news()]
        more = encoding.paragraphs(as_chunks(documents))
        owners = np.concatenate([owners, more.owners + len(texts)])
        vectors = Vectors(vectors.whole, np.concatenate([vectors.parts, more.parts]), owners)
        texts, title = texts + tuple(documents), "both pools and news"
    (engine,) = ours(as_chunks(texts), vectors)
    for (_, _, asked), name in zip(pools, ("cmrc2018_dev", "drcd_dev"), strict=True):
        compare(f"{name} over {title}, {len(texts)} passages", [engine], asked)
    (own,) = ours(as_chunks(pools[0][0]), pools[0][1])
    for asked, language in zip(english(encoding), ("English", "the same in Chinese"), strict=True):
        compare(f"cmrc2018_dev, 848 paragraphs, {language}", [own], asked)
    print(f"\n{WEIGHTS}")


if __name__ == "__main__":
    main()
