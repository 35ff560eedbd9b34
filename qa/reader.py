"""The reader: which place in a window answers a question, be it a figure that stands there or the hole of one.

It points; it never decides whether a number is there. Whether the place it points at is a figure or a gap tells
*stated* from *omitted* afterwards. Trained by ``python -m qa.train_reader``, run by onnxruntime.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from index.errors import ModelError, reason_of
from index.inference import in_parallel, open_network
from qa.reading import Reading, Window

if TYPE_CHECKING:
    from qa.reader_tokens import Encoded, Vocabulary

WEIGHTS = Path(__file__).parent / "weights"
NETWORK = "reader.onnx"
MAX_SPAN = 48
"""Tokens of the longest answer span that is looked for."""


class SlotReader:
    """Reads windows with a question in mind. Thread-safe."""

    def __init__(self, session: Any, vocabulary: Vocabulary, calibration: dict[str, float]) -> None:  # noqa: ANN401
        """Take an onnxruntime session over the graph of ``qa.export_reader``."""
        self._session, self._vocabulary = session, vocabulary
        self._slot_temperature = calibration.get("slot", 1.0)
        self._answerable_temperature = calibration.get("answerable", 1.0)

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """Read the weights in ``folder`` (default: those of the package).

        Raises ModelError when ``reader.onnx`` or the encoder's vocabulary is missing or broken, or they do not belong
        together.
        """
        from qa.reader_tokens import Vocabulary

        folder = folder or WEIGHTS
        vocabulary = Vocabulary.load()
        try:
            session = open_network(folder / NETWORK)
            about = session.get_modelmeta().custom_metadata_map
            if about["pieces"] != vocabulary.digest:
                raise ValueError("trained with another vocabulary")
            return cls(session, vocabulary, json.loads(about["calibration"]))
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            raise ModelError(f"{NETWORK} cannot be loaded ({reason_of(error)}). Install the project again.") from error

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return one reading for each window, in order.

        Windows are cut to what the network reads (about 340 tokens with the question and the context). Raises
        ValueError when a slot does not lie in its window's text.
        """
        for window in windows:
            for start, end in window.slots:
                if not 0 <= start <= end <= len(window.text):
                    raise ValueError(f"slot {(start, end)} lies outside a text of {len(window.text)} characters")
        encoded = [self._vocabulary.encode(question, w.text, w.slots, w.context) for w in windows]
        return list(in_parallel(self._read, encoded))

    def _read(self, encoded: Encoded) -> Reading:
        """Read one window. Windows are never padded to each other: that costs time, and the answer would hang on it."""
        markers = np.array(encoded.markers, dtype=np.int64)
        feed = {"ids": np.array([encoded.ids]), "slots": np.maximum(markers, 0)}
        point, answerable, span = self._session.run(["point", "answerable", "span"], feed)
        point[1:][markers < 0] = -np.inf  # cut off
        odds = np.exp((point - point.max()) / self._slot_temperature)
        slots = (odds / odds.sum())[1:].tolist()
        answers = 1 / (1 + math.exp(-float(answerable[0]) / self._answerable_temperature))
        return Reading(answers, tuple(slots), _best_span(span, encoded.chars))


def _best_span(logits: np.ndarray[Any, Any], chars: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the offsets of the likeliest span of at most ``MAX_SPAN`` tokens of the window."""
    inside = [t for t, (start, _) in enumerate(chars) if start >= 0]
    if not inside:
        return None
    first, last = inside[0], inside[-1] + 1
    start, end = logits[first:last, 0], logits[first:last, 1]
    score = start[:, None] + end[None, :]
    size = last - first
    allowed = np.triu(np.ones((size, size), dtype=bool)) & ~np.triu(np.ones((size, size), dtype=bool), MAX_SPAN)
    a, b = divmod(int(np.where(allowed, score, -np.inf).argmax()), size)
    found = chars[first + a][0], max(chars[first + a][0], chars[first + b][1])
    return found if found[0] < found[1] else None  # a hole at the very end
