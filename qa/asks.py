"""Whether a question asks for a figure: a number, a share, a rank, a date. Read from the question alone.

A logistic regression on hashed n-grams of characters and of Latin words, trained by ``python -m qa.train_asks`` on
questions in simplified and traditional Chinese and in English.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

WEIGHTS = Path(__file__).parent / "weights" / "asks.npz"
BUCKETS = 1 << 16
TOKEN = re.compile(r"[a-z]+|[0-9][0-9.,:/]*|[^\sa-z0-9]")


def tokens(question: str) -> list[str]:
    """Return Latin words whole, every number as ``0`` (its size must not matter), all else character by character."""
    folded = unicodedata.normalize("NFKC", question).lower()
    found = TOKEN.findall(folded.strip(" ?。.!"))
    return ["^", *("0" if t[0].isdigit() else t for t in found), "$"]


def features(question: str) -> npt.NDArray[np.int64]:
    """Return the sorted bucket numbers of the question's n-grams of one to four tokens, each once."""
    found = tokens(question[:400])
    grams = {" ".join(found[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(found) - n + 1)}
    return np.array(sorted({zlib.crc32(g.encode("utf-8")) % BUCKETS for g in grams}), dtype=np.int64)


@cache
def _model() -> tuple[npt.NDArray[np.float32], float]:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return stored["weights"].astype(np.float32) * stored["scale"], float(stored["bias"])


def asks_figure(question: str) -> float:
    """Return the probability, 0 to 1, that the question asks for a figure. A yes/no question about one does."""
    weights, bias = _model()
    found = features(question)
    score = float(weights[found].sum()) / max(1.0, float(len(found))) ** 0.5 + bias
    return float(1.0 / (1.0 + np.exp(-score)))
