"""BM25 over overlapping character n-grams: the lexical half of retrieval.

Chinese has no spaces, and a segmenter's cuts differ between question and text; overlapping bigrams need none. Latin
words and numbers with their magnitude (9.89亿) stay whole, so that one figure never matches a piece of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.folding import fold

_TOKEN = re.compile(r"(?P<number>\d+(?:[.,:/]\d+)*[万亿%]*)|(?P<word>[a-z]+(?:['-]?[a-z0-9]+)*)|(?P<cjk>[㐀-鿿豈-﫿]+)")


def tokenize(text: str) -> list[str]:
    """Return the lexical tokens of ``text``: whole words and numbers, single Chinese characters and their bigrams."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        run = match.group()
        tokens.append(run) if match.lastgroup != "cjk" else tokens.extend(_grams(run))
    return tokens


def _grams(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


class LexicalIndex:
    """BM25 scores of every passage for a question."""

    def __init__(self, size: int, bm25: object | None) -> None:
        self._size = size
        self._bm25 = bm25

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index ``texts``; row i of the scores belongs to ``texts[i]``."""
        import bm25s

        corpus = [tokenize(text) for text in texts]
        if not any(corpus):
            return cls(len(texts), None)
        bm25 = bm25s.BM25(method="lucene")
        bm25.index(corpus, show_progress=False)
        return cls(len(texts), bm25)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return BM25 scores of shape ``(passages,)``; zeros when no token of the question is known."""
        known = self._bm25.get_tokens_ids(tokenize(question)) if self._bm25 is not None else []  # type: ignore[attr-defined]
        if not len(known):
            return np.zeros(self._size, dtype=np.float32)
        result: NDArray[np.float32] = self._bm25.get_scores_from_ids(known).astype(np.float32)  # type: ignore[union-attr]
        return result

    def save(self, folder: Path) -> None:
        """Write the index's files into ``folder``."""
        folder.mkdir()
        if self._bm25 is not None:
            self._bm25.save(str(folder), show_progress=False)  # type: ignore[attr-defined]

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Open what ``save`` wrote; ``size`` is the number of passages."""
        import bm25s

        if not any(folder.iterdir()):
            return cls(size, None)
        return cls(size, bm25s.BM25.load(str(folder), load_corpus=False, load_vocab=True))
