"""Find the passages that speak of what is asked: by meaning (dense) and by wording (lexical), both summed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.store import Match, Store

#: What a difference in cosine similarity weighs against one in BM25 score, the best of which counts as 1.
#: Chosen on CMRC 2018 train by tests/bench/retrieval.py.
DENSE_WEIGHT = 10.0

#: Share of the nearest part in the similarity of a passage; the whole has the rest.
PART_SHARE = 0.5

#: A best BM25 score below this share of what the question's terms could score counts for less than 1.
COVERED = 0.5

#: The best passages by meaning and by wording that are compared at all: of each so many.
CANDIDATES = 100

#: Vectors looked at for each such passage.
_PARTS = 3


def similarity(whole: NDArray[np.float32], part: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the similarity of passages from that of the whole and of the nearest part."""
    share = np.float32(PART_SHARE)
    return (1 - share) * whole + share * part


def fuse(
    dense: NDArray[np.float32], lexical: NDArray[np.float32], full: float, weight: float = DENSE_WEIGHT
) -> NDArray[np.float32]:
    """Return the fused scores of the passages for one question; the best by both has 1 at most.

    Differences in cosine similarity mean the same for every question, those in BM25 only beside the best score.
    ``full`` is ``LexicalIndex.full_score``: a stray word in common is no reason to trust the wording.
    """
    best = max(float(lexical.max()), COVERED * full, 1e-9)
    fused: NDArray[np.float32] = np.float32(weight) * (dense - dense.max()) + lexical / np.float32(best)
    return fused


class Retriever:
    """Scores the passages of an open index for a question."""

    def __init__(self, store: Store, encoder: Encoder, dense_weight: float = DENSE_WEIGHT) -> None:
        self._store = store
        self._encoder = encoder
        self._dense_weight = dense_weight

    def search(self, question: str, k: int, among: NDArray[np.int32] | None = None) -> list[tuple[int, float]]:
        """Return ``(row, score)`` of the best ``k`` passages, best first, ties in document order.

        ``among`` bounds the search to some rows, each once: then every one of them is compared.
        """
        query = self._encoder.encode_query([question])[0]
        wording = self._store.lexical.match(question)
        if among is None:
            among = self._candidates(query, wording, max(k, CANDIDATES))
        if k < 1 or not len(among):
            return []
        dense = similarity(*self._store.vectors.similarities(query, among))
        scores = fuse(dense, wording.of(among), wording.full, self._dense_weight)
        order = np.lexsort((among, -scores))[:k]
        return [(int(among[i]), float(scores[i])) for i in order]

    def _candidates(self, query: NDArray[np.float32], wording: Match, count: int) -> NDArray[np.int32]:
        """Return the rows that are among the best ``count`` by meaning or by wording."""
        near = self._store.vectors.nearest(query, _PARTS * count)
        return np.union1d(near, wording.best(count)).astype(np.int32)
