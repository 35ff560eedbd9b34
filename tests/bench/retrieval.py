"""How often the right paragraph is found: ``python -m tests.bench.retrieval [--full] [--cache FOLDER]``.

Questions of CMRC 2018 dev and DRCD dev, each asked of its own set's paragraphs and of both together; ``--full`` adds
24,000 news documents as distractors. English: ``english_questions.tsv``. Peers (``pip install -e '.[bench]'``) get
the same encoder's vectors of whole paragraphs, as they index them, and our tokens where they take any; engines
take turns, a block of questions each. ``--cache`` keeps vectors between runs. ``--tune`` sweeps the weight on CMRC
2018 train, where the shipped one was chosen.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from index.build import parts
from index.bundled import WEIGHTS
from index.datamodels import Chunk
from index.encoder import load_encoder
from index.lexical import LexicalIndex
from index.vectors import VectorIndex
from qa.retriever import DENSE_WEIGHT, Retriever, fuse, similarity
from tests.bench.data import news, reading_set
from tests.bench.machine import machine
from tests.bench.peers import peers

#: Paragraphs of CMRC 2018 train that the weight is tuned on.
TUNING_PARAGRAPHS = 500
#: Characters of a news document that are indexed.
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
        weights = (WEIGHTS / "encoder.onnx").read_bytes() if cache else b""
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

    def paragraphs(self, texts: Sequence[str]) -> Vectors:
        pieces = [parts(Chunk("", "paragraph", None, 1, 0, len(text), text)) for text in texts]
        owners = np.repeat(np.arange(len(texts), dtype=np.int32), [len(own) for own in pieces])
        whole = self.documents(texts)
        sentences = self.documents([piece for own in pieces for piece in own[:-1]])
        last = np.append(np.diff(owners) > 0, True)
        vectors = np.empty((len(owners), whole.shape[1]), dtype=np.float32)
        vectors[last], vectors[~last] = whole, sentences
        return Vectors(whole, vectors, owners)


class Engine(NamedTuple):
    """A way to find paragraphs: best first, at least ``DEEP`` of them where it finds so many."""

    name: str
    search: Callable[[str, np.ndarray], Sequence[int]]


def ours(texts: Sequence[str], vectors: Vectors) -> Engine:
    dense, lexical = VectorIndex.build(vectors.parts, vectors.owners), LexicalIndex.build(texts)
    store = SimpleNamespace(chunks=texts, vectors=dense, lexical=lexical)

    def search(question: str, vector: np.ndarray) -> list[int]:
        encoder = SimpleNamespace(encode_query=lambda _: vector[None])
        return [row for row, _ in Retriever(store, encoder).search(question, DEEP)]  # type: ignore[arg-type]

    return Engine("youju", search)


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
    data = reading_set("cmrc2018_train.json.xz")
    texts = data.paragraphs[:TUNING_PARAGRAPHS]
    cases = [c for c in data.cases if c.paragraph < len(texts)]
    vectors, gold = encoding.paragraphs(texts), np.array([c.paragraph for c in cases])
    queries = encoding.questions([c.question for c in cases])
    index, dense = LexicalIndex.build(texts), VectorIndex.build(vectors.parts, vectors.owners)
    everything = np.arange(len(texts), dtype=np.int32)
    scored = [
        (
            similarity(*dense.similarities(q, everything)),
            index.scores(c.question),
            index.full_score(c.question),
        )
        for c, q in zip(cases, queries, strict=True)
    ]
    print(f"CMRC 2018 train, {len(cases)} questions, {len(texts)} paragraphs\n\n| weight | recall@1 |\n|---|---|")
    for weight in (4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 20.0, 24.0, 32.0):
        fused = [fuse(*one, weight) for one in scored]
        hits = np.array([(f >= f[right]).sum() == 1 for f, right in zip(fused, gold, strict=True)])
        print(f"| {weight:.0f} | {hits.mean():.2%} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every question, not every fourth, and the news")
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
        vectors = encoding.paragraphs(texts)
        engines = [ours(texts, vectors), *baselines(texts, vectors), *peers(texts, vectors.whole)]
        compare(f"{name}, {len(texts)} paragraphs", engines, asked)
        pools.append((texts, vectors, asked._replace(gold=asked.gold + offset)))
        offset += len(texts)
    texts = tuple(text for own_texts, _, _ in pools for text in own_texts)
    owners = np.concatenate([pools[0][1].owners, pools[1][1].owners + len(pools[0][0])])
    vectors = Vectors(*(np.concatenate([p[1][i] for p in pools]) for i in (0, 1)), owners)
    title = "both pools"
    if arguments.full:
        documents = [text[:NEWS_CHARACTERS] for text in news()]
        more = encoding.paragraphs(documents)
        owners = np.concatenate([owners, more.owners + len(texts)])
        vectors = Vectors(vectors.whole, np.concatenate([vectors.parts, more.parts]), owners)
        texts, title = texts + tuple(documents), "both pools and news"
    engine = ours(texts, vectors)
    for (_, _, asked), name in zip(pools, ("cmrc2018_dev", "drcd_dev"), strict=True):
        compare(f"{name} over {title}, {len(texts)} passages", [engine], asked)
    own = ours(pools[0][0], pools[0][1])
    for asked, language in zip(english(encoding), ("English", "the same in Chinese"), strict=True):
        compare(f"cmrc2018_dev, 848 paragraphs, {language}", [own], asked)
    print(f"\nDense weight {DENSE_WEIGHT}.")


if __name__ == "__main__":
    main()
