"""The reader: which place in a window answers a question, be it a figure that stands there or the hole of one.

It points; it never decides whether a number is there. Whether the place it points at is a figure or a gap tells
*stated* from *omitted* afterwards. Trained by ``python -m qa.train_reader``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from qa.reading import Reading, Window

if TYPE_CHECKING:
    from torch import Tensor

    from qa.reader_network import ReaderNetwork
    from qa.reader_tokens import Encoded, Vocabulary

WEIGHTS = Path(__file__).parent / "weights"
MAX_SPAN = 48
"""Tokens of the longest answer span that is looked for."""


def quantise(matrix: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return int8 rows and their float32 scales, shape (rows,)."""
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12).astype(np.float32) / 127.0
    return np.clip(np.rint(matrix / scale[:, None]), -127, 127).astype(np.int8), scale


def save_weights(
    network: ReaderNetwork, folder: Path, calibration: dict[str, float], smooth: dict[str, Tensor]
) -> None:
    """Write ``reader.npz``: matrices as int8 with a scale for each row, vectors as float32, sizes, calibration.

    The encoder's matrices are stored times ``smooth`` (one factor for each column), which lies beside them.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for name, tensor in network.state_dict().items():
        array = tensor.float().numpy()
        if array.ndim != 2:
            arrays[name] = array.astype(np.float32)
            continue
        factor = smooth.get(name.removesuffix(".weight"))
        if factor is not None:
            arrays[name + ":smooth"] = factor.numpy().astype(np.float32)
            array = array * arrays[name + ":smooth"]
        arrays[name], arrays[name + ":scale"] = quantise(array)
    about = {"layers": network.shape.layers, "vocabulary": network.shape.vocabulary, "calibration": calibration}
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    np.savez(folder / "reader.npz", allow_pickle=False, **arrays)


class SlotReader:
    """Reads windows with a question in mind. Thread-safe."""

    def __init__(self, network: ReaderNetwork, vocabulary: Vocabulary, calibration: dict[str, float]) -> None:
        self.network, self._vocabulary = network.eval(), vocabulary
        self._slot_temperature = calibration.get("slot", 1.0)
        self._answerable_temperature = calibration.get("answerable", 1.0)
        self.threshold = calibration.get("threshold", 0.5)
        """Probability from which a slot is to be believed: chosen on articles kept out of training."""
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path | None = None, *, int8: bool | None = None) -> Self:
        """Read the weights in ``folder`` (default: those of the package).

        ``int8``: multiply 8-bit numbers, which is faster (default: where the processor can).
        Raises FileNotFoundError when ``reader.npz`` or ``reader_vocab.json`` is not there.
        """
        import torch

        from qa.reader_network import ReaderNetwork, Shape, has_int8_engine, in_int8
        from qa.reader_tokens import Vocabulary

        folder = folder or WEIGHTS
        vocabulary = Vocabulary.load(folder / "reader_vocab.json")
        with np.load(folder / "reader.npz", allow_pickle=False) as stored:
            about = json.loads(bytes(stored["about"]))
            state, smooth = {}, {}
            for name in stored.files:
                if name == "about" or ":" in name:
                    continue
                array = stored[name]
                if array.dtype == np.int8:
                    array = array.astype(np.float32) * stored[name + ":scale"][:, None]
                if name + ":smooth" in stored.files:
                    array = array / stored[name + ":smooth"]
                    smooth[name.removesuffix(".weight")] = torch.from_numpy(stored[name + ":smooth"])
                state[name] = torch.from_numpy(np.ascontiguousarray(array))
        network = ReaderNetwork(Shape(about["vocabulary"], about["layers"]))
        network.load_state_dict(state)
        if has_int8_engine() if int8 is None else int8:
            network = in_int8(network, smooth)
        return cls(network, vocabulary, about["calibration"])

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return one reading for each window, in order.

        Windows are cut to what the network reads (about 340 tokens with the question and the context). Raises
        ValueError when a slot does not lie in its window's text.
        """
        for window in windows:
            for start, end in window.slots:
                if not 0 <= start <= end <= len(window.text):
                    raise ValueError(f"slot {(start, end)} lies outside a text of {len(window.text)} characters")
        return [self._read(self._vocabulary.encode(question, w.text, w.slots, w.context)) for w in windows]

    def _read(self, encoded: Encoded) -> Reading:
        """Read one window. Windows are never padded to each other: that costs time, and the answer would hang on it."""
        import torch

        from qa.reader_network import collate

        with self._lock, torch.inference_mode():
            point, answerable, span = self.network(*collate([encoded], self._vocabulary.pad))
            slots = torch.softmax(point[0] / self._slot_temperature, dim=0)[1:].tolist()
            answers = float(torch.sigmoid(answerable[0] / self._answerable_temperature))
        return Reading(answers, tuple(slots[: len(encoded.markers)]), _best_span(span[0].numpy(), encoded.chars))


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
    return chars[first + a][0], max(chars[first + a][0], chars[first + b][1])
