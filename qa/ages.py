"""Age groups that a text names (60岁及以上, 0—14岁, people aged 25-44, over-65s), and which of them a slot is of.

The reader cannot tell one age from another: 65岁及以上人口 answers for 60岁及以上人口 as well as its own figure does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.folding import has_han
from qa.numerals import fold, read_chinese
from qa.slots import PassageWindow, Slot, SlottedPassage


class AgeGroup(NamedTuple):
    """Ages from ``low`` to ``high`` in years; None where the group is open, both the same where but one age is said."""

    low: int | None
    high: int | None

    def is_like(self, other: AgeGroup) -> bool:
        """Whether both may be one group: 60岁 is any that 60 begins or ends, 未满18岁 is 0—17岁."""
        for one, two in ((self, other), (other, self)):
            if one.low is not None and one.low == one.high:
                return one.low in (two.low, two.high)
        if self.high is None or other.high is None or self.low != other.low:
            return self == other
        return abs(self.high - other.high) <= (0 if self.low else 1)


_AGE = r"\d{1,3}|[一二三四五六七八九十]{1,4}"
_CHINESE = re.compile(
    rf"(?<![\d.])(?P<under>[未不]满|不足)?(?P<low>{_AGE})(?:周?岁)?(?:\s*(?:至|到|[-—–−~～])+\s*(?P<high>{_AGE}))?"
    rf"\s*周?岁(?!月)(?:[及或]?以(?P<side>上|下))?(?P<vague>[多出])?"
)
_OLDER, _YOUNGER = "over|above|older|more|older than", "under|below|younger|less|younger than"
_PEOPLE = "people|persons?|those|adults|children|women|men|girls|boys|residents|users|workers|anyone|everyone"
_ENGLISH = re.compile(
    rf"\b(?:aged|ages|between the ages of)\s+(?P<low>\d{{1,3}})"
    rf"(?:\s*(?:[-–—]|to|and)\s*(?P<high>\d{{1,3}})\b|\s*(?P<plus>\+)|\s+(?:and|or)\s+(?P<open>{_OLDER}|{_YOUNGER})\b)?"
    rf"|\b(?:(?:{_PEOPLE})\s+(?:aged\s+)?(?P<side>{_OLDER}|{_YOUNGER})\s+(?:the age of\s+)?(?P<limit>\d{{1,3}})\b"
    rf"(?![\s-]*(?:%|[a-z]))"
    rf"|(?P<short>over|under)[-\s]?(?P<edge>\d{{1,3}})(?:s\b|['’]s\b))"
    rf"|\b(?P<from>\d{{1,3}})\s*(?:[-–—]|to)\s*(?P<to>\d{{1,3}})[-\s]years?[-\s]olds?\b"
    rf"|\b(?P<one>\d{{1,3}})[-\s]years?[-\s]olds?\b"
    rf"|\b(?P<least>\d{{1,3}})(?:\s*\+|\s+(?:and|or)\s+(?:over|above|older)\b)"
)
_AND_ANOTHER = re.compile(r"\s*(?:,|,?\s*and|,?\s*or|to)\s+(?P<low>\d{1,3})\s*[-–—]\s*(?P<high>\d{1,3})\b(?!\s*%)")
#: What stands between a figure and the age after it that it is of: 3万名60岁以上老人, 4% of women aged 25-44.
_LEADS_TO_AGE = re.compile("[名个位的]{0,2}")
_LATIN_LEADS_TO_AGE = re.compile(r"[^,;.]{0,40}")
_PARTS = re.compile(r"[。；;！？!?\n]|\.\s")


def ages_in(text: str) -> list[tuple[int, int, AgeGroup]]:
    """Return the age groups of a text in order, each with its span. Vague ones (五十多岁) are left out."""
    folded = fold(text)
    found = []
    for match in _CHINESE.finditer(folded):
        low, high = _read(match["low"]), _read(match["high"])
        if not match["vague"] and low is not None:
            group = AgeGroup(low, high if match["high"] else low)
            if match["under"] or match["side"] == "下":
                group = AgeGroup(None, group.high)
            elif match["side"] == "上":
                group = AgeGroup(low, None)
            found.append((*match.span(), _normal(group)))
    for match in _ENGLISH.finditer(folded.lower()):
        found.append((*match.span(), _normal(_english(match))))
        end = match.end()
        while match["high"] and (another := _AND_ANOTHER.match(folded, end)):
            found.append((another.start("low"), another.end(), AgeGroup(int(another["low"]), int(another["high"]))))
            end = another.end()
    return sorted(found, key=lambda f: f[:2])


def _read(numeral: str | None) -> int | None:
    if numeral is None or numeral.isdecimal():
        return int(numeral) if numeral else None
    read = read_chinese(numeral)
    return int(read.value) if read and read.value is not None else None


def _normal(group: AgeGroup) -> AgeGroup:
    return AgeGroup(group.low or None, group.high) if group.low != group.high else group


def _english(match: re.Match[str]) -> AgeGroup:
    if match["low"]:
        low = int(match["low"])
        if match["high"]:
            return AgeGroup(low, int(match["high"]))
        return _bounded(low, "over" if match["plus"] else match["open"])
    if match["limit"]:
        return _bounded(int(match["limit"]), match["side"])
    if match["edge"]:
        return _bounded(int(match["edge"]), match["short"])
    if match["from"]:
        return AgeGroup(int(match["from"]), int(match["to"]))
    if match["one"]:
        return AgeGroup(int(match["one"]), int(match["one"]))
    return AgeGroup(int(match["least"]), None)


def _bounded(age: int, side: str | None) -> AgeGroup:
    if side is None:
        return AgeGroup(age, age)
    return AgeGroup(age, None) if side.split(" ")[0] in _OLDER.split("|") else AgeGroup(None, age)


def ages_of_slots(window: PassageWindow) -> dict[Slot, AgeGroup | None]:
    """Return the age group of each slot of a window; None for none.

    It is the last one before the slot in its sentence, lists written out, or one that it leads to. The number of an
    age itself is in no group.
    """
    standing = window.passage.slots_in(window.start, window.end)
    named = ages_in(window.text)
    of_age = {
        slot: group
        for start, end, group in named
        for slot in standing
        if slot.figure and slot.start - window.start < end and start < slot.end - window.start
    }
    text, spans = window.written_out(standing)
    ordered = sorted(zip(standing, spans, strict=True), key=lambda entry: entry[1])
    leads = _LEADS_TO_AGE if has_han(text) else _LATIN_LEADS_TO_AGE
    known: dict[Slot, AgeGroup | None] = {}
    current: AgeGroup | None = None
    done = 0
    for i, (slot, (start, end)) in enumerate(ordered):
        if _PARTS.search(text, done, start):
            current = None
        current = of_age.get(slot, current)
        known[slot] = None if slot in of_age else current
        after, (begins, _) = ordered[i + 1] if i + 1 < len(ordered) else (slot, (end, end))
        if slot not in of_age and after in of_age and leads.fullmatch(text, end, begins):
            known[slot] = of_age[after]
        done = end
    return known


class AgeAsked:
    """The age groups that a question names, and which slots are of others."""

    def __init__(self, question: str, windows: Sequence[PassageWindow]) -> None:
        """Take a question and all windows that were read for it."""
        self.asked = [group for *_, group in ages_in(question)]
        self._of: dict[tuple[str, int, int], AgeGroup | None] = {}
        if not self.asked:
            return
        for window in windows:
            if not window.passage.chunk.cells:
                for slot, group in ages_of_slots(window).items():
                    self._of.setdefault(_place(window.passage, slot), group)
        self._found = any(group is not None and self._is_asked(group) for group in self._of.values())

    def _is_asked(self, group: AgeGroup) -> bool:
        return any(group.is_like(asked) for asked in self.asked)

    def group_of(self, passage: SlottedPassage, slot: Slot) -> AgeGroup | None:
        """Return the group that a slot is of; None where it is of none, or the question names no age."""
        return self._of.get(_place(passage, slot))

    def is_other(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether a slot is of another age than the question names; where some is of it, those of none are, too."""
        if _place(passage, slot) not in self._of:
            return False
        group = self.group_of(passage, slot)
        return self._found if group is None else not self._is_asked(group)


def _place(passage: SlottedPassage, slot: Slot) -> tuple[str, int, int]:
    return passage.chunk.document, slot.start, slot.end
