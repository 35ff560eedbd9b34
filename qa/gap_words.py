"""English text as words for :mod:`qa.gap_network`: the network of ``weights/word_gaps.npz``, ``qa/train_word_gaps.py``.

A word that the vocabulary lacks is known by its ending; how it is written (Capital, ALL, kWh) is told apart.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import marks
from qa.gap_network import (
    END,
    FIRST,
    NEWLINE,
    NUMBER,
    OTHER,
    PLACEHOLDER,
    Atoms,
    Floats,
    load_weights,
    logits,
    probabilities,
)

WEIGHTS = Path(__file__).parent / "weights" / "word_gaps.npz"

MARKS = "%$€£¥.,;:!?()[]{}\"'“”‘’-–—/|&+*=<>#@°±~•…₹"
ENDINGS = 512  # rows for the endings of unknown words
FIRST_ENDING = FIRST + len(MARKS)
FIRST_WORD = FIRST_ENDING + ENDINGS

# Marks that stand for a number they replaced. Whether one does is for the network to judge from what is around it.
PLACEHOLDERS = (
    r"[□■◻▢●]{1,9}|(?<![A-Za-z])[Xx]+(?:[.,][Xx]+)*(?![A-Za-z])|\*{2,}|_{2,}|\?{2,}|\#{2,}"
    r"|[\[<{](?:NUM|NUMBER|DIGITS?|CARDINAL|PERCENT|MONEY|DATE|num|number)[\]>}]"
    rf"|{marks.OWED}"
)
# In digits, as a fraction or in a circle, or in Roman numerals.
_NUMBER = r"(?:[\d¼-¾⅐-⅞①-⓿]+|(?<![A-Za-z])[IVXLC]*[IVL][IVXLC]+(?![A-Za-z]))"
_ATOM = re.compile(
    rf"(?P<number>{_NUMBER}(?:[.,]{_NUMBER})*)|(?P<mark>{PLACEHOLDERS})|(?P<word>[^\W\d_]+)|(?P<end>\n)|[^\s\u200b\u2060\ufeff]"
)
# In training every other text has lost numbers, of those that are read few have: a hole is doubted that has no company.
# Within so many atoms on either side there must be another likely one, and one for ten numbers that stand; else so much
# is taken from the log odds. Chosen on whole sentences without a number, put into whole reports, and on English news.
_REACH, _LIKELY, _SHARE, _DOUBT = 200, 0.9, 0.1, 8.0
_MARK_IDS = {mark: FIRST + i for i, mark in enumerate(MARKS)} | {"％": FIRST + MARKS.index("%")}


def ending(word: str) -> int:
    """Return the row of the last three letters of a word in lower case."""
    return FIRST_ENDING + zlib.crc32(word[-3:].encode()) % ENDINGS


@cache
def vocabulary(path: Path = WEIGHTS) -> dict[str, int]:
    """Return the id of each known word, in lower case."""
    words = load_weights(path)["words"].tobytes().decode().split("\n")
    return {word: FIRST_WORD + i for i, word in enumerate(words)}


def atomize(text: str, words: dict[str, int]) -> Atoms:
    """Turn ``text`` into atoms: words, marks, numbers, line ends; ``flags``: (n, 5)."""
    ids, at, flags = [], [], []
    past = 0
    for m in _ATOM.finditer(text):
        written = m[0]
        kind = m.lastgroup
        before = m.start() - past
        past = m.end()
        shape = (False, False, False)
        if kind == "number":
            number = NUMBER
        elif kind == "mark":
            number = PLACEHOLDER
        elif kind == "end":
            number = NEWLINE
        elif kind == "word":
            lower = written.lower()
            number = words.get(lower) or ending(lower)
            shape = (written[0].isupper(), len(written) > 1 and written.isupper(), written[1:] != written[1:].lower())
        else:
            number = _MARK_IDS.get(written, OTHER)
        ids.append(number)
        at.append(m.start())
        flags.append((before == 1, before > 1, *shape))
    ids.append(END)
    at.append(len(text))
    flags.append((len(text) - past == 1, len(text) - past > 1, False, False, False))
    numbers = np.array(ids, dtype=np.int64)
    return Atoms(numbers, np.array(at, dtype=np.int64), np.array(flags, dtype=np.float32), _style(text, numbers))


def _style(text: str, ids: np.ndarray[Any, Any]) -> Floats:
    """Summarise which kinds of characters the whole text still has: the handwriting of its cleaner."""
    n = len(ids)
    counts = [int((ids == number).sum()) for number in (NUMBER, PLACEHOLDER, NEWLINE)]
    groups = ("%", "$€£", ".", ",", "()", ";:", "-–—/", "\"'“”‘’", "|")
    counts += [sum(text.count(mark) for mark in group) for group in groups]
    share = np.minimum(np.array(counts, dtype=np.float32) * 20 / n, 2)
    spaces = np.minimum(np.array([text.count("  ")], dtype=np.float32) * 20 / n, 2)
    rest = [float(counts[0] > 0), float(counts[3] > 0), min(np.log1p(n) / 6, 1.1)]
    return np.concatenate([share, spaces, rest]).astype(np.float32)


def score(text: str) -> tuple[Atoms, Floats]:
    """Return the atoms of ``text`` and before each the probability that a number is missing, 0..1."""
    atoms = atomize(text, vocabulary())
    weights = load_weights(WEIGHTS)
    raw = logits(atoms, weights)
    doubt = _DOUBT * _without_company(atoms, probabilities(raw, atoms, weights)).astype(np.float32)
    probability = probabilities(raw, atoms, weights, doubt)
    probability[_after_wrapped_number(text, atoms)] = 0
    return atoms, probability


def _without_company(atoms: Atoms, probability: Floats) -> NDArray[np.bool_]:
    """Tell the atoms around which too few other holes are likely for the numbers that stand there."""
    likely = probability >= _LIKELY
    around = np.stack([likely, atoms.ids == NUMBER]).cumsum(axis=1)
    around = np.concatenate([np.zeros((2, 1), dtype=np.int64), around], axis=1)
    here = np.arange(len(likely))
    holes, numbers = around[:, np.minimum(here + _REACH + 1, len(here))] - around[:, np.maximum(here - _REACH, 0)]
    weak: NDArray[np.bool_] = holes - likely < np.maximum(1, _SHARE * numbers)
    return weak


def _after_wrapped_number(text: str, atoms: Atoms) -> NDArray[np.bool_]:
    """Tell the atoms that go on in small letters after a line which ends in a number: it is theirs."""
    numbers, ends = atoms.ids[:-2] == NUMBER, atoms.ids[1:-1] == NEWLINE
    small = np.array([text[at : at + 1].islower() for at in atoms.at[2:]], dtype=np.bool_)
    return np.concatenate([[False] * min(2, len(atoms.ids)), numbers & ends & small])
