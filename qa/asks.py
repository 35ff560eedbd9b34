"""Whether a question asks for a figure: a number, a share, a rank, a date. Read from the question alone.

A logistic regression, trained by ``python -m qa.train_asks`` on questions in simplified and traditional Chinese and in
English. It sees hashed n-grams of characters and of Latin words, and the question's vector: what the words of "What was
net debt?" and "What was the verdict?" do not tell, their meaning does.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from index.bundled import DIMENSION, bundled_encoder
from index.errors import ModelError, reason_of

MEANING = 6.0
"""What the vector is multiplied with, beside n-grams whose row has length one. Of 0, 6, 10 and 16 the best on questions
kept out of training."""
LONGEST = 400
"""Characters of a question that are looked at."""
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
    found = tokens(question[:LONGEST])
    grams = {" ".join(found[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(found) - n + 1)}
    return np.array(sorted({zlib.crc32(g.encode("utf-8")) % BUCKETS for g in grams}), dtype=np.int64)


def meaning(questions: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return the vectors of questions as they are weighed, shape ``(len(questions), dimension)``."""
    return MEANING * bundled_encoder().encode_query([q[:LONGEST] for q in questions])


class _Model(NamedTuple):
    of_grams: npt.NDArray[np.float32]
    of_meaning: npt.NDArray[np.float32]
    bias: float


@cache
def weights_of(path: Path) -> _Model:
    """Return the weights in a file. Raises ModelError where it is broken."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            of_grams = stored["weights"].astype(np.float32) * stored["scale"]
            found = _Model(of_grams, stored["meaning"], float(stored["bias"]))
        if found.of_grams.shape != (BUCKETS,) or found.of_meaning.shape != (DIMENSION,):
            raise ValueError("weights of another shape")
    except (OSError, KeyError, ValueError, TypeError, EOFError, BadZipFile) as error:
        raise ModelError(f"{path.name} cannot be read ({reason_of(error)}). Install the project again.") from error
    return found


def log_odds(text: str, path: Path) -> float:
    """Return what the logistic regression in ``path`` says of a text, as log odds."""
    model = weights_of(path)
    found = features(text)
    score: float = float(model.of_grams[found].sum()) / max(1, len(found)) ** 0.5
    return score + float(meaning([text])[0] @ model.of_meaning) + float(model.bias)


def asks_figure(question: str) -> float:
    """Return the probability, 0 to 1, that the question asks for a figure. A yes/no question about one does."""
    return float(1.0 / (1.0 + np.exp(-log_odds(question, WEIGHTS))))
