"""The bundled multilingual-e5-small, run by onnxruntime: no other model library is imported.

Made by ``python -m index.make_encoder``; the last two layers are there twice, for passages as they are, and for
questions as ``python -m qa.train_questions`` trained them. Each text is encoded by itself, so its vector never depends
on its neighbours, and in simplified Chinese, so a traditional question meets a simplified text and the other way round.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.encoder import BUNDLED
from index.errors import ModelError, reason_of
from index.folding import to_simplified
from index.inference import in_parallel, open_network

WEIGHTS = Path(__file__).parent / "weights"
NETWORK, PASSAGE_LAYERS, QUESTION_LAYERS = "encoder.onnx", "passage_layers.onnx", "question_layers.onnx"
"""The lower layers, and the last ones for passages and for questions."""
VOCABULARY = "encoder_vocab.json"
QUERY, PASSAGE = "query: ", "passage: "
"""What multilingual-e5 was trained to find before a question and before a text."""
DIMENSION = 384
MAX_TOKENS = 512
"""Tokens that the network reads at once; a longer text is read in windows, whose means are averaged."""


class StoredPieces(NamedTuple):
    """What ``VOCABULARY`` holds: the pieces, how likely each is (log), and what single characters are replaced with."""

    pieces: list[str]
    scores: list[float]
    normalisation: dict[str, str]


@lru_cache(maxsize=1)
def stored_pieces(folder: Path = WEIGHTS) -> StoredPieces:
    """Return the vocabulary of the bundled model, which its reader shares.

    Raises ModelError when the file is missing or broken.
    """
    try:
        data = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
        found = StoredPieces(data["pieces"], list(map(float, data["scores"])), dict(data["normalisation"]))
        if len(found.pieces) != len(found.scores):
            raise ValueError("pieces and scores differ in number")
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = type(error).__name__ if isinstance(error, KeyError) else reason_of(error)
        raise ModelError(
            f"{VOCABULARY} of the bundled model cannot be read ({reason}). Install the project again."
        ) from error
    return found


class Pieces:
    """Cuts text into the numbers of the pieces that the network knows."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], normalisation: dict[str, str]) -> None:
        from tokenizers import Tokenizer, models, pre_tokenizers

        self.pieces, self.scores, self.normalisation = list(pieces), list(scores), normalisation
        self._table = {ord(character): plain for character, plain in normalisation.items()}
        self._bos, self._eos = self.pieces.index("<s>"), self.pieces.index("</s>")
        vocabulary = list(zip(self.pieces, self.scores, strict=True))
        self._tokenizer: Any = Tokenizer(models.Unigram(vocabulary, unk_id=self.pieces.index("<unk>")))
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Self:
        """Read ``save``'s file in ``folder``. Raises ModelError when it is missing or broken."""
        return cls(*stored_pieces(folder))

    def save(self, path: Path) -> None:
        """Write pieces, scores and normalisation as JSON."""
        scores = [round(score, 4) for score in self.scores]
        data = {"pieces": self.pieces, "scores": scores, "normalisation": self.normalisation}
        path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    def numbers(self, text: str) -> list[int]:
        """Return the pieces of ``text``, in simplified Chinese and with single spaces, without special ones."""
        plain = " ".join(to_simplified(text).translate(self._table).split())
        numbers: list[int] = self._tokenizer.encode(plain, add_special_tokens=False).ids
        return numbers

    def windows(self, text: str) -> list[list[int]]:
        """Return the pieces of ``text`` in windows of at most ``MAX_TOKENS``, each with its special pieces."""
        numbers, room = self.numbers(text), MAX_TOKENS - 2
        starts = range(0, max(len(numbers), 1), room)
        return [[self._bos, *numbers[start : start + room], self._eos] for start in starts]


class BundledEncoder:
    """The model as an ``index.encoder.Encoder``. Thread-safe."""

    dimension = DIMENSION

    def __init__(self, name: str, folder: Path = WEIGHTS) -> None:
        """Load it. Raises ModelError when its files or onnxruntime are missing or broken."""
        self.name = name
        try:
            self._pieces = Pieces.load(folder)
            self._lower = _open(folder / NETWORK, "ids")
            self._passage_layers = _open(folder / PASSAGE_LAYERS, "states")
            self._question_layers = _open(folder / QUESTION_LAYERS, "states")
        except (ImportError, OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(
                f"the bundled model cannot be loaded ({reason_of(error)}). Install the project again."
            ) from error
        # A question is encoded to be understood, and once more to be searched with.
        self._vector_of_question = lru_cache(maxsize=256)(self._encode_question)

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode questions to shape ``(len(texts), dimension)``, float32 of length one."""
        return _rows(self._vector_of_question, texts)

    def forget(self) -> None:
        """Encode anew what was asked before: to measure with."""
        self._vector_of_question.cache_clear()

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages to shape ``(len(texts), dimension)``, float32 of length one."""
        return _rows(self._encode_passage, texts)

    def _encode_question(self, text: str) -> NDArray[np.float32]:
        return self._encode(QUERY + text, self._question_layers)

    def _encode_passage(self, text: str) -> NDArray[np.float32]:
        return self._encode(PASSAGE + text, self._passage_layers)

    def _encode(self, text: str, upper: Any) -> NDArray[np.float32]:  # noqa: ANN401
        total = np.zeros(DIMENSION, dtype=np.float32)
        for window in self._pieces.windows(text):
            states = self._lower.run(["states"], {"ids": np.array([window])})[0]
            total += max(len(window) - 2, 1) * upper.run(["mean"], {"states": states})[0][0]
        vector: NDArray[np.float32] = total / np.linalg.norm(total)
        return vector


def _rows(encode: Callable[[str], NDArray[np.float32]], texts: Sequence[str]) -> NDArray[np.float32]:
    vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
    for row, vector in enumerate(in_parallel(encode, texts)):
        vectors[row] = vector
    return vectors


def question_layers_digest() -> str:
    """Return the SHA-256 of the layers for questions, to know which vectors something was trained on."""
    return hashlib.sha256((WEIGHTS / QUESTION_LAYERS).read_bytes()).hexdigest()


_LOADING = Lock()


def bundled_encoder() -> BundledEncoder:
    """Return the bundled model, loaded once for all threads. Raises ModelError."""
    with _LOADING:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> BundledEncoder:
    return BundledEncoder(BUNDLED)


def _open(network: Path, takes: str) -> Any:  # noqa: ANN401
    session = open_network(network)
    if [given.name for given in session.get_inputs()] != [takes]:
        raise ValueError(f"{network.name} is another network")
    return session
