"""The gaps of a whole document, found stretch by stretch, and kept with the index that holds it.

The detector takes some 20 ms for the stretch around a passage; to look up what it found there when the index was built
takes next to nothing. Findings are kept under a hash of the stretch and of the detector, so those of an older text or
detector are never met, and a stretch that has not changed is not looked through again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from index.datamodels import Gaps
from qa.datamodels import Gap
from qa.gaps import score_gaps

#: Least confidence of a gap that is considered at all. One under ``gaps.THRESHOLD`` is shown only if it answers.
WEAK = 0.15

#: Characters in which gaps are looked for at once, and on either side of them that the detector sees as well: damage
#: shows better in company.
_SEGMENT = 1500
_CONTEXT = 300

#: What decides which gaps are found in a text, by its path from this folder.
_DETECTOR = (
    "gaps.py",
    "gap_network.py",
    "gap_words.py",
    "broken.py",
    "units.py",
    "numerals.py",
    "../index/marks.py",
    "document_gaps.py",
    "weights/gaps.npz",
    "weights/word_gaps.npz",
)


def gaps_around(text: str, start: int, end: int, kept: Gaps) -> Iterator[Gap]:
    """Yield the gaps of ``text`` in a run of characters around ``start:end``, strong and weak, in order of offset.

    The last run of characters holds a gap at the text's very end.
    """
    for number in _runs(start, end):
        left, stretch = _stretch(text, number)
        first, past = number * _SEGMENT, (number + 1) * _SEGMENT
        known = kept.get(_key(stretch)) if kept else None
        for at, confidence, unit in _found(stretch) if known is None else known:
            if first <= left + at < past:
                yield Gap(left + at, confidence, unit)


def find_document_gaps(text: str, known: Gaps, spans: Iterable[tuple[int, int]]) -> Gaps:
    """Return what ``gaps_around`` takes for some spans of a text; what is ``known`` already is not looked for again."""
    numbers = {number for start, end in spans for number in _runs(start, end)}
    keys = {_key(stretch): stretch for _, stretch in (_stretch(text, number) for number in sorted(numbers))}
    return {key: known[key] if key in known else _found(stretch) for key, stretch in keys.items()}


def _runs(start: int, end: int) -> range:
    return range(start // _SEGMENT, end // _SEGMENT + 1)


def _stretch(text: str, number: int) -> tuple[int, str]:
    """Return where the ``number``-th run of characters begins with what is around it, and both together."""
    left = max(0, number * _SEGMENT - _CONTEXT)
    return left, text[left : (number + 1) * _SEGMENT + _CONTEXT]


@lru_cache(maxsize=1024)
def _found(stretch: str) -> tuple[tuple[int, float, str | None], ...]:
    return tuple((gap.at, float(gap.confidence), gap.unit) for gap in score_gaps(stretch, WEAK))


def _key(stretch: str) -> str:
    text = stretch.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=12, key=_detector()).hexdigest()


@cache
def _detector() -> bytes:
    """Return what tells this detector from any other: a hash of its code and weights."""
    own = hashlib.blake2b(digest_size=32)
    for name in _DETECTOR:
        own.update((Path(__file__).parent / name).read_bytes())
    return own.digest()
