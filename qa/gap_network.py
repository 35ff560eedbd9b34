"""The network that judges before which atoms of a text a number is missing, run in plain numpy.

A small dilated convolutional network: each atom looks up its vector, blocks of convolutions widen what it sees, and
half way the mean over the window is mixed in. Chinese text comes as characters (:mod:`qa.gaps`), English text as words
(:mod:`qa.gap_words`), each with weights of its own, trained by ``qa/train_gaps.py`` and ``qa/train_word_gaps.py``.
Time grows linearly with the length of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# Atom ids with a fixed meaning; the vocabulary follows from FIRST on.
PAD, OTHER, NUMBER, PLACEHOLDER, NEWLINE, RARE_HANZI, SPACE, END = range(8)
FIRST = 8
BIGRAM_ROWS = 1 << 16
DILATIONS = (1, 2, 4, 8, 16, 1, 2, 1)
POOL_AFTER = 5  # blocks before the mean over the window is mixed in
HALO = 36  # atoms of context on either side of a window: the sum of DILATIONS plus one for the bigrams
WINDOW = 448
BATCH = 4  # windows at once: few enough for the cache, faster than 16


@dataclass(frozen=True, slots=True)
class Atoms:
    """A text as the network sees it, ``n`` atoms, the last of them the end of the text.

    A number is one atom, a placeholder is one atom, spaces are no atoms but flags of what follows.
    ``at``: (n,) offset of each atom; ``flags``: (n, f), the first two: one space, several spaces before it;
    ``style``: (16,) what kinds of characters the whole text has.
    """

    ids: Ints
    at: Ints
    flags: Floats
    style: Floats


def bigrams(ids: Ints) -> Ints:
    """Return the table row of each pair of neighbours (previous, this); shape as ``ids``, along the last axis."""
    before = np.concatenate([np.zeros_like(ids[..., :1]), ids[..., :-1]], axis=-1)
    # Knuth's multiplicative hash of the pair; both factors are odd.
    mixed = (before * 2654435761 + ids * 2246822519) & 0xFFFFFFFF
    mixed ^= mixed >> 15
    return (mixed * 2654435761 & 0xFFFFFFFF) >> 16


@cache
def load_weights(path: Path) -> dict[str, Any]:
    """Return the arrays of a weight file as float32, tables unpacked."""
    with np.load(path, allow_pickle=False) as stored:
        weights: dict[str, Any] = {name: stored[name] for name in stored.files}
    for name in ("characters", "pairs"):
        if name in weights:
            weights[name] = weights[name].astype(np.float32) * weights.pop(name + "_scale").astype(np.float32)
    return {k: v.astype(np.float32) if v.dtype == np.float16 else v for k, v in weights.items()}


def _convolve(x: Floats, kernel: Floats, bias: Floats, dilation: int) -> Floats:
    """Convolve (batch, length, channels) with a kernel of three, zeros beyond the ends."""
    length = x.shape[1]
    padded = np.pad(x, ((0, 0), (dilation, dilation), (0, 0)))
    wide = np.concatenate([padded[:, k * dilation : k * dilation + length] for k in range(3)], axis=2)
    y: Floats = wide.reshape(-1, wide.shape[2]) @ kernel
    return (y + bias).reshape(*x.shape[:2], -1)


def _forward(ids: Ints, flags: Floats, style: Floats, w: dict[str, Any]) -> Floats:
    """Return the logit of a gap before each atom: (batch, length) ids, (batch, length, f) flags, (16,) style."""
    real = (ids != PAD)[..., None].astype(np.float32)
    around = np.concatenate([flags, np.broadcast_to(style, (*ids.shape, len(style)))], axis=2) * real
    looked_up = [w["characters"][ids]] + ([w["pairs"][bigrams(ids)]] if "pairs" in w else [])
    x = np.concatenate([*looked_up, around], axis=2) @ w["input"] + w["input_bias"]
    x = np.maximum(x, 0, dtype=np.float32)
    for i, dilation in enumerate(DILATIONS):
        if i == POOL_AFTER:
            mean = (x * real).sum(axis=1) / np.maximum(real.sum(axis=1), 1)
            x = x + (np.maximum(mean @ w["pool"] + w["pool_bias"], 0))[:, None]
        x = x + np.maximum(_convolve(x, w[f"kernel{i}"], w[f"bias{i}"], dilation), 0)
    hidden = np.maximum(x @ w["hidden"] + w["hidden_bias"], 0)
    logits: Floats = (hidden @ w["output"] + w["output_bias"])[..., 0]
    return logits


def logits(atoms: Atoms, w: dict[str, Any]) -> Floats:
    """Return the logit of each atom, the network run over overlapping windows."""
    n = len(atoms.ids)
    windows = -(-n // WINDOW)
    core = min(n, WINDOW)
    size = windows * core + 2 * HALO
    ids = np.zeros(size, dtype=np.int64)
    flags = np.zeros((size, atoms.flags.shape[1]), dtype=np.float32)
    ids[HALO : HALO + n] = atoms.ids
    flags[HALO : HALO + n] = atoms.flags
    rows = np.arange(windows)[:, None] * core + np.arange(core + 2 * HALO)
    parts = [
        _forward(ids[rows[i : i + BATCH]], flags[rows[i : i + BATCH]], atoms.style, w)[:, HALO:-HALO].reshape(-1)
        for i in range(0, windows, BATCH)
    ]
    return np.concatenate(parts)[:n]


def probabilities(raw: Floats, atoms: Atoms, w: dict[str, Any], doubt: float | Floats = 0.0) -> Floats:
    """Return the probability of a gap before each atom, none beside a number, by the line fitted on tuning texts.

    ``raw`` are the ``logits``; ``doubt`` is taken from the log odds.
    """
    scale, shift = w.get("calibration", (1.0, 0.0))
    probability = np.asarray(1 / (1 + np.exp(-(raw * scale + shift - doubt))), dtype=np.float32)
    probability[impossible(atoms)] = 0
    return probability


def impossible(atoms: Atoms) -> NDArray[np.bool_]:
    """Tell the atoms before which no number can be missing: a number stands there, or just before."""
    here: NDArray[np.bool_] = atoms.ids == NUMBER
    after: NDArray[np.bool_] = np.concatenate([[False], here[:-1]])
    return here | after
