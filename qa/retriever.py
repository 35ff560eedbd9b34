"""Find the passages that speak of what is asked: by meaning (dense) and by wording (lexical), both summed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.store import Store

#: What a difference in cosine similarity weighs against one in BM25 score, the best of which counts as 1.
#: Chosen on CMRC 2018 train by tests/bench/retrieval.py.
DENSE_WEIGHT = 14.0

#: The best passages by meaning and by wording that are compared at all: of each so many.
CANDIDATES = 100

#: Parts of passages looked at for each such passage.
_PARTS = 3


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32], weight: float = DENSE_WEIGHT) -> NDArray[np.float32]:
    """Return the fused scores of passages along the last axis; the best by both has 1.

    Differences in cosine similarity mean the same for every question, those in BM25 only beside the best score.
    """
    best = np.maximum(lexical.max(axis=-1, keepdims=True), 1e-9)
    fused: NDArray[np.float32] = weight * (dense - dense.max(axis=-1, keepdims=True)) + lexical / best
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
        lexical = self._store.lexical.scores(question)
        if among is None:
            rows, dense = self._candidates(query, lexical, max(k, CANDIDATES))
        else:
            rows, dense = among, self._store.vectors.similarities(query, among)
        if k < 1 or not len(rows):
            return []
        scores = fuse(dense, lexical[rows], self._dense_weight)
        order = np.lexsort((rows, -scores))[:k]
        return [(int(rows[i]), float(scores[i])) for i in order]

    def _candidates(
        self, query: NDArray[np.float32], lexical: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the rows that are among the best ``count`` by meaning or by wording, and their similarities."""
        near, similar = self._store.vectors.nearest(query, _PARTS * count)
        others = np.setdiff1d(best_rows(lexical, count), near).astype(np.int32)
        dense = np.concatenate([similar, self._store.vectors.similarities(query, others)])
        return np.concatenate([near, others]), dense


def best_rows(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the ``k`` rows with the largest scores, in no order; all when there are fewer."""
    if len(scores) <= k:
        return np.arange(len(scores))
    rows: NDArray[np.int64] = np.argpartition(scores, -k)[-k:]
    return rows
