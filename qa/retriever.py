"""Find the passages that speak of what is asked: by meaning (dense) and by wording (lexical), both summed.

The best few are compared once more: two neighbouring sentences that hold the question's words tell more than a passage
that holds them here and there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.lexical import Sentence
from index.parts import sentence_spans, sentences
from qa.abbreviations import with_full_names
from qa.periods import long_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.datamodels import Chunk
    from index.encoder import Encoder
    from index.store import Match, Store


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much. Chosen on CMRC 2018 train and the training reports, ``tests.bench.retrieval --tune``."""

    dense: float = 10.0
    """A difference in cosine similarity, against one in BM25 score, the best of which counts as 1."""
    held: float = 1.0
    """The share of the question's words that two neighbouring sentences hold: all of them count like the best BM25."""
    part: float = 0.85
    """Share of the nearest part in the similarity of a passage; the whole has the rest."""


WEIGHTS = Weights()

#: A best BM25 score below this share of what the question's terms could score counts for less than 1.
COVERED = 0.5

#: The best passages by meaning and by wording that are compared at all: of each so many.
CANDIDATES = 100

#: Of those, the best that are compared by their sentences' words as well: more found nothing more.
COMPARED = 5

#: Share of the question without its scope in the scores, where it has one. Of 433 questions that name the report they
#: are on, .8 finds the right passage first for 348, 1 for 355 and 0 for 245; of 433 that need no name 396, 395 and 397.
BARE = 0.8

#: Vectors looked at for each such passage.
_PARTS = 3


def similarity(whole: NDArray[np.float32], part: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Return the similarity of passages from that of the whole and of the nearest part, which has ``share``."""
    return np.float32(1 - share) * whole + np.float32(share) * part


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32], full: float, weight: float) -> NDArray[np.float32]:
    """Return the fused scores of the passages for one question; the best by both has 1 at most.

    Differences in cosine similarity mean the same for every question, those in BM25 only beside the best score.
    """
    fused: NDArray[np.float32] = np.float32(weight) * (dense - dense.max()) + beside_best(lexical, full)
    return fused


def beside_best(lexical: NDArray[np.float32], full: float) -> NDArray[np.float32]:
    """Return BM25 scores as shares of the best, which has 1 at most.

    ``full`` is ``LexicalIndex.full_score``: a stray word in common is no reason to trust the wording.
    """
    best = max(float(lexical.max()), COVERED * full, 1e-9)
    shares: NDArray[np.float32] = lexical / np.float32(best)
    return shares


@lru_cache(maxsize=2000)
def read_sentences(chunk: Chunk) -> tuple[Sentence, ...]:
    """Return the sentences of a passage, ready for terms to be looked for."""
    return tuple(map(Sentence.of, sentences(chunk)))


def _spelled_out(question: str) -> str:
    """Return a question to search with: as asked, then what its short forms stand for."""
    return " ".join([with_full_names(question), *long_forms(question)])


class Near(NamedTuple):
    """A sentence of a passage, as offsets into its document's text, and its cosine similarity to the question."""

    start: int
    end: int
    similarity: float


def near_of(chunk: Chunk, similarities: NDArray[np.float32]) -> tuple[Near, ...]:
    """Return the sentences of a passage with the similarities of its parts, of which the whole is the last."""
    spans = sentence_spans(chunk)
    if len(similarities) != len(spans) + (len(spans) > 1):  # indexed when sentences were cut elsewhere
        spans, similarities = [(0, len(chunk.text))], similarities[-1:]
    offset = chunk.start
    return tuple(
        Near(offset + start, offset + end, float(own))
        for (start, end), own in zip(spans, similarities[: len(spans)], strict=True)
    )


class Retriever:
    """Scores the passages of an open index for a question."""

    def __init__(self, store: Store, encoder: Encoder, weights: Weights = WEIGHTS) -> None:
        self._store = store
        self._encoder = encoder
        self._weights = weights
        self._asked: dict[str, NDArray[np.float32]] = {}

    def search(
        self, question: str, k: int, among: NDArray[np.int32] | None = None, bare: str | None = None
    ) -> list[tuple[int, float]]:
        """Return ``(row, score)`` of the best ``k`` passages, best first, ties in document order.

        ``among`` bounds the search to some rows, each once: then every one of them is compared. ``bare`` is the
        question without the names and years that the documents searched are on: it counts most.
        """
        shares = {question: 1.0} if bare in (None, question) else {str(bare): BARE, question: 1 - BARE}
        ways = [(_spelled_out(wording), share) for wording, share in shares.items()]
        found = [(self._query(way), self._store.lexical.match(way), share) for way, share in ways]
        if among is None:
            near = [self._candidates(query, wording, max(k, CANDIDATES)) for query, wording, _ in found]
            among = np.unique(np.concatenate(near))
        if k < 1 or not len(among):
            return []
        scores = np.zeros(len(among), dtype=np.float32)
        for query, wording, share in found:
            scores += np.float32(share) * self._scores(query, wording, among)
        order = np.lexsort((among, -scores))[:k]
        return [(int(among[i]), float(scores[i])) for i in order]

    def _scores(self, query: NDArray[np.float32], wording: Match, among: NDArray[np.int32]) -> NDArray[np.float32]:
        dense = similarity(*self._store.vectors.similarities(query, among), self._weights.part)
        scores = fuse(dense, wording.of(among), wording.full, self._weights.dense)
        first = np.lexsort((among, -scores))[:COMPARED]
        scores[first] += np.float32(self._weights.held) * self._shares_held(wording, among[first])
        return scores

    def near(self, question: str, rows: Sequence[int]) -> list[tuple[Near, ...]]:
        """Return for each passage how near each of its sentences is to the question."""
        similarities = self._store.vectors.by_part(self._query(_spelled_out(question)), rows)
        return [near_of(self._store.chunks[row], own) for row, own in zip(rows, similarities, strict=True)]

    def _query(self, question: str) -> NDArray[np.float32]:
        """Return the vector of a question, kept for the next call."""
        if question not in self._asked:
            self._asked[question] = self._encoder.encode_query([question])[0]
        return self._asked[question]

    def _shares_held(self, wording: Match, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the share of what the question's words weigh that two neighbouring sentences of each passage hold."""
        passages = [read_sentences(self._store.chunks[int(row)]) for row in rows]
        return np.array(wording.of_sentences(passages), dtype=np.float32) / np.float32(max(wording.full, 1e-9))

    def _candidates(self, query: NDArray[np.float32], wording: Match, count: int) -> NDArray[np.int32]:
        """Return the rows that are among the best ``count`` by meaning or by wording."""
        near = self._store.vectors.nearest(query, _PARTS * count)
        return np.union1d(near, wording.best(count)).astype(np.int32)
