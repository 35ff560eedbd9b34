"""Strip the numbers from a text as careless cleaners do, and remember where each one stood.

The labels for training and measuring :mod:`qa.gaps` come from here, so they cost nothing and have no opinion.

What counts as a gap: every maximal run of digits (with ``.`` and ``,`` inside it, ASCII or full width) that was
dropped, at the offset in the damaged text where it stood; several that collapse to one offset count once. Where the
number was replaced by a placeholder the offset is the end of the placeholder.

A number that is part of a name or an address (G20, COVID-19, 5G, a URL, an e-mail address) leaves nothing of a quantity
behind; such places are reported apart, as ``names``, so that a measure can count them or leave them out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np

_DIGIT = "0-9０-９"
NUMBER = re.compile(rf"[{_DIGIT}]+(?:[.．][{_DIGIT}]+|,[{_DIGIT}]{{3}}(?![{_DIGIT}]))*")

# Latin units that follow a figure; a digit beside any other Latin letter belongs to a name (5G, A4, G20).
_LATIN_UNIT = re.compile(
    r"\s?(?:[kcm]?m[23²³]?|km/?h|kg|(?-i:g)|mg|ml|l|hz|[kmg]hz|k?w|[km]wh?|[kmgt]b|[kmg]bps|tw?h|gwh?|pm|am|mpa|kv|v|"
    r"t|cc|rmb|usd|nm|μm|bn|k|x|st|nd|rd|th|s|dpi|px|fps|mah)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[\w./?=&%#:+~-]+|[\w.-]+[@#][A-Za-z][\w.]+|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|"
    r"org)\b[\w./?=&%-]*",
    re.ASCII,
)
_NAME_BEFORE = re.compile(r"[A-Za-z][-–]?$")

# What the seed report's cleaner kept.
_KEPT_BY_SEED_CLEANER = re.compile(r"[\u4e00-\u9fff，。]")


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged text. ``gaps`` and ``names``: sorted, unique offsets into ``text``, 0..len(text), disjoint."""

    text: str
    gaps: tuple[int, ...] = ()
    names: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in an intact text; ``is_name`` when it is part of a name or an address."""

    start: int
    end: int
    is_name: bool


def find_numbers(text: str) -> list[Number]:
    """Return every maximal run of digits in ``text``, in order."""
    addresses = [m.span() for m in _ADDRESS.finditer(text)]
    numbers = []
    for m in NUMBER.finditer(text):
        before, after = text[max(0, m.start() - 2) : m.start()], text[m.end() : m.end() + 8]
        latin_after = re.match(r"[A-Za-z]", after) and not _LATIN_UNIT.match(after)
        inside = any(s <= m.start() < e for s, e in addresses)
        numbers.append(Number(m.start(), m.end(), bool(inside or latin_after or _NAME_BEFORE.search(before))))
    return numbers


Edit = tuple[int, int, str]


def _apply(text: str, edits: list[Edit], lost: list[Number]) -> Damaged:
    """Apply non-overlapping sorted ``edits`` (start, end, replacement); each of ``lost`` lies inside one of them."""
    pieces: list[str] = []
    gaps: set[int] = set()
    names: set[int] = set()
    position = length = following = 0
    for start, end, replacement in edits:
        pieces += (text[position:start], replacement)
        length += start - position + len(replacement)
        position = end
        while following < len(lost) and lost[following].start < end:
            (names if lost[following].is_name else gaps).add(length)
            following += 1
    pieces.append(text[position:])
    return Damaged("".join(pieces), tuple(sorted(gaps)), tuple(sorted(names - gaps)))


def _with_percent(text: str, number: Number) -> int:
    """Return the end of ``number`` with the percent sign that follows it."""
    return number.end + 1 if text[number.end : number.end + 1] in ("%", "％", "‰") else number.end


def _chosen(text: str, rate: float, random: Random) -> list[Number]:
    return [n for n in find_numbers(text) if random.random() < rate]


def drop_digits(text: str, random: Random | None = None, rate: float = 1.0, percent: bool = False) -> Damaged:
    """Drop numbers with their inner ``.`` and ``,``; ``rate`` of them; with ``percent`` the % that follows goes too."""
    numbers = _chosen(text, rate, random or Random(0))
    return _apply(text, [(n.start, _with_percent(text, n) if percent else n.end, "") for n in numbers], numbers)


def drop_all_but(
    text: str, keep: re.Pattern[str], random: Random | None = None, rate: float = 1.0, collapse: str = ""
) -> Damaged:
    """Drop each character that ``keep`` does not match, save the numbers (with %) that survive at ``1 - rate``.

    A dropped run is replaced by ``collapse``.
    """
    numbers = find_numbers(text)
    random = random or Random(0)
    lost = [n for n in numbers if random.random() < rate]
    gone = set(lost)
    kept = bytearray(bool(keep.match(c)) for c in text)
    for n in numbers:
        if n not in gone:
            end = _with_percent(text, n)
            kept[n.start : end] = b"\1" * (end - n.start)
    edits: list[Edit] = []
    position = 0
    while (start := kept.find(0, position)) >= 0:
        position = kept.find(1, start)
        position = len(text) if position < 0 else position
        edits.append((start, position, collapse))
    return _apply(text, edits, lost)


def strip_like_seed(text: str, random: Random | None = None, rate: float = 1.0) -> Damaged:
    """Keep Chinese characters, ， and 。 only, as the cleaner of the seed report did."""
    return drop_all_but(text, _KEPT_BY_SEED_CLEANER, random, rate)


def replace_numbers(
    text: str, placeholder: str, per_digit: bool = False, random: Random | None = None, rate: float = 1.0
) -> Damaged:
    """Put ``placeholder`` in place of each number, or in place of each of its characters."""
    numbers = _chosen(text, rate, random or Random(0))
    return _apply(
        text,
        [(n.start, n.end, placeholder * (n.end - n.start if per_digit else 1)) for n in numbers],
        numbers,
    )


def delete(damaged: Damaged, pattern: re.Pattern[str]) -> Damaged:
    """Delete what ``pattern`` matches; the gaps stay where they were among what is left."""
    edits = [(*m.span(), "") for m in pattern.finditer(damaged.text)]
    text = _apply(damaged.text, edits, []).text
    starts = np.cumsum([0, *(end - start for start, end, _ in edits)])
    begin = np.array([start for start, _, _ in edits], dtype=np.int64)

    def moved(at: int) -> int:
        before = int(np.searchsorted(begin, at))  # the deletions that begin before ``at``; the last may reach past it
        shift = int(starts[before])
        return at - shift + max(0, edits[before - 1][1] - at) if before else at

    gaps = {moved(at) for at in damaged.gaps}
    return Damaged(text, tuple(sorted(gaps)), tuple(sorted({moved(at) for at in damaged.names} - gaps)))


_SPARE_SPACES = re.compile(r"(?<= ) +|(?<![^\n]) +")
_SPACES_BEFORE_MARKS = re.compile(r" +(?=[,.;:)])")


def single_spaces(damaged: Damaged) -> Damaged:
    """Leave one space where several stand, none at the start of a line, as many a cleaner does."""
    return delete(damaged, _SPARE_SPACES)


def tidy(damaged: Damaged) -> Damaged:
    """Leave single spaces, and none before a comma, a full stop and the like."""
    return delete(single_spaces(damaged), _SPACES_BEFORE_MARKS)


_TO_FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")


def to_full_width(text: str) -> str:
    """Write each number, and the % after it, in full-width characters; the length stays."""
    return re.sub(rf"{NUMBER.pattern}[%％]?", lambda m: m[0].translate(_TO_FULL_WIDTH), text)


PLACEHOLDERS = ("□", "□□", "××", "XX", "xx", "**", "***", "__", "____", "＿＿", "[NUM]", "<NUM>", "●●", "○○", "??")

# Named kinds of damage, each with its true gaps, for measuring. Some are not in the training mix on purpose.
KINDS: dict[str, Callable[[str, Random], Damaged]] = {
    "intact": lambda text, random: Damaged(text),
    "intact, full width": lambda text, random: Damaged(to_full_width(text)),
    "intact, punctuation gone": lambda text, random: strip_like_seed(text, random, rate=0.0),
    "like seed": lambda text, random: strip_like_seed(text),
    "like seed, half the numbers": lambda text, random: strip_like_seed(text, random, rate=0.5),
    "digits only": lambda text, random: drop_digits(text),
    "digits and %": lambda text, random: drop_digits(text, percent=True),
    "full-width digits": lambda text, random: drop_digits(to_full_width(text)),
    "one number in two": lambda text, random: drop_digits(text, random, rate=0.5),
    "one number in five": lambda text, random: drop_digits(text, random, rate=0.2, percent=True),
    "one space": lambda text, random: single_spaces(drop_digits(text)),
    "half, one space": lambda text, random: single_spaces(drop_digits(text, random, rate=0.5)),
    "letters , . only": lambda text, random: single_spaces(drop_all_but(text, re.compile(r"[A-Za-z ,.\n]"))),
    "letters and digits": lambda text, random: drop_all_but(text, re.compile(r"[^0-9０-９A-Za-z]")),
    "space for digits": lambda text, random: replace_numbers(text, " "),
    "□ per digit": lambda text, random: replace_numbers(text, "□", per_digit=True),
    "XX": lambda text, random: replace_numbers(text, "XX"),
    "**": lambda text, random: replace_numbers(text, "**"),
    "[NUM]": lambda text, random: replace_numbers(text, "[NUM]"),
}
