"""Find the passages that speak of what is asked: dense and lexical scores, each standardised, summed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.folding import to_simplified

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.store import Store

#: Weight of the dense half; the lexical half has the rest. Chosen on CMRC 2018 train by tests/bench/retrieval.py.
DENSE_WEIGHT = 0.5


def standardise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return z-scores; zeros when all scores are equal (no token known, or a single passage)."""
    spread = float(scores.std())
    if spread < 1e-9:
        return np.zeros_like(scores)
    standardised: NDArray[np.float32] = ((scores - scores.mean()) / spread).astype(np.float32)
    return standardised


class Retriever:
    """Scores every passage of an open index for a question."""

    def __init__(self, store: Store, encoder: Encoder, dense_weight: float = DENSE_WEIGHT) -> None:
        self._store = store
        self._encoder = encoder
        self._dense_weight = dense_weight

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the fused score of every passage, shape ``(passages,)``; larger is better."""
        query = self._encoder.encode_query([to_simplified(question)])[0]
        dense = standardise(self._store.similarities(query))
        lexical = standardise(self._store.lexical.scores(question))
        return self._dense_weight * dense + (1 - self._dense_weight) * lexical

    def search(self, question: str, k: int) -> list[tuple[int, float]]:
        """Return ``(row, score)`` of the best ``k`` passages, best first, ties in document order."""
        scores = self.scores(question)
        order = np.lexsort((np.arange(len(scores)), -scores))[: max(k, 0)]
        return [(int(row), float(scores[row])) for row in order]
