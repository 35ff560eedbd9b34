"""Age groups that a text names (60岁及以上, 0—14岁, people aged 25-44, over-65s), and which of them a slot is of.

The reader cannot tell one age from another: 65岁及以上人口 answers for 60岁及以上人口 as well as its own figure does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from index.folding import has_han
from qa.numerals import fold, read_chinese
from qa.respectively import WrittenOut
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


_AGE = r"\d{1,3}|[一二三四五六七八九十百零]{1,5}"
_RANGE = r"\s*(?:至|到|[-—–−~～])+\s*"
_CHINESE = re.compile(
    rf"(?<![\d.])(?:(?P<under>[未不]满|不足|低于|小于|未到|不到)|(?P<over>超过|大于|高于))?"
    rf"(?P<low>{_AGE})(?:周?岁)?(?:{_RANGE}(?P<high>{_AGE}))?\s*周?岁(?!月)(?:[(（]不?含[^()（）]{{0,6}}[)）])?"
    rf"(?:[及或]?其?以(?P<side>上|下))?(?P<vague>[多出])?(?:[(（]不?[含满][^()（）]{{0,8}}[)）])?"
)
#: 20-29、 before 30-39岁: the word for years comes but once.
_ONE_MORE = re.compile(rf"(?<![\d.])(?P<low>\d{{1,3}}){_RANGE}(?P<high>\d{{1,3}})[、和及]$")
_OLDER, _YOUNGER = "over|above|older|more|older than", "under|below|younger|less|younger than"
_PEOPLE = "people|persons?|those|adults|children|women|men|girls|boys|residents|users|workers|anyone|everyone"
_ENGLISH = re.compile(
    rf"\b(?:aged(?:\s+between)?|ages|between the ages of)\s+(?P<low>\d{{1,3}})"
    rf"(?:\s*(?:[-–—]|to|and)\s*(?P<high>\d{{1,3}})\b|\s*(?P<plus>\+|plus\b)|(?:\s+years?)?\s+(?:and|or)\s+(?P<open>{_OLDER}|{_YOUNGER})\b)?"
    rf"|\b(?:(?:{_PEOPLE})\s+(?:aged\s+)?(?P<side>{_OLDER}|{_YOUNGER})\s+(?:the age of\s+)?(?P<limit>\d{{1,3}})\b"
    rf"(?![.,]?\d|[\s-]*(?:%|per\s?cent|million|billion|thousand|[a-z]+s\b))"
    rf"|(?P<short>over|under)[-\s]?(?P<edge>\d{{1,3}})(?:s\b|['’]s\b))"
    rf"|\b(?P<from>\d{{1,3}})-?\s*(?:[-–—]|to)\s*(?P<to>\d{{1,3}})[-\s]years?[-\s]olds?\b"
    rf"|\b(?P<one>\d{{1,3}})[-\s]years?[-\s]olds?\b"
    rf"|\b(?P<least>\d{{1,3}})(?:\s*\+|\s+(?:and|or)\s+(?:over|above|older)\b)"
)
_AND_ANOTHER = re.compile(r"\s*(?:,|,?\s*and|,?\s*or|to)\s+(?P<low>\d{1,3})\s*[-–—]\s*(?P<high>\d{1,3})\b(?!\s*%)")
#: What stands between a figure and the age after it that it is of: 3万名60岁以上老人, 4% of women aged 25-44.
_LEADS_TO_AGE = re.compile("[名个位的]{0,2}|[^，,；、]{0,8}[为是在]")
_LATIN_LEADS_TO_AGE = re.compile(r"[^,;.]{0,40}")
_PARTS = re.compile(r"[。；;！？!?\n]|\.\s")
#: Where a figure of all follows: 60岁及以上人口2亿，全国总人口14亿.
_OF_ALL = re.compile("[，,]\\s*(?:全[国省市县区州]|总)")


def ages_in(text: str) -> list[tuple[int, int, AgeGroup]]:
    """Return the age groups of a text in order, each with its span. Vague ones (五十多岁) are left out."""
    folded = fold(text)
    found: list[tuple[int, int, AgeGroup]] = []
    for match in _CHINESE.finditer(folded):
        low = _read(match["low"])
        if match["vague"] or low is None:
            continue
        start, group = match.start(), _normal(_chinese(match, low))
        while one := _ONE_MORE.search(folded, max(0, start - 12), start):
            found.append((one.start(), one.end("high"), AgeGroup(int(one["low"]) or None, int(one["high"]))))
            start = one.start()
        last = found[-1] if found else None
        if last and last[1] == match.start() and group.low is None and last[2].high is None:  # 16岁以上60岁以下
            found[-1] = last[0], match.end(), AgeGroup(last[2].low, group.high)
        else:
            found.append((*match.span(), group))
    for match in _ENGLISH.finditer(folded.lower()):
        found.append((*match.span(), _normal(_english(match))))
        end = match.end()
        while match["high"] and (another := _AND_ANOTHER.match(folded, end)):
            found.append((another.start("low"), another.end(), AgeGroup(int(another["low"]), int(another["high"]))))
            end = another.end()
    return sorted(found, key=lambda f: f[:2])


def _chinese(match: re.Match[str], low: int) -> AgeGroup:
    high = _read(match["high"])
    if match["side"] == "下" or match["under"]:
        return AgeGroup(None if high is None else low, low if high is None else high)
    if match["side"] == "上" or match["over"]:
        return AgeGroup(low, None)
    return AgeGroup(low, low if high is None else high)


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
    written = window.written_out(standing)
    leads = _LEADS_TO_AGE if has_han(written.text) else _LATIN_LEADS_TO_AGE
    ordered = sorted(zip(standing, written.slots, strict=True), key=lambda entry: entry[1])
    known: dict[Slot, AgeGroup | None] = {}
    current: AgeGroup | None = None
    done = 0
    for items in _regions(written):
        inside = [[entry for entry in ordered if a <= entry[1][0] < b] for a, b in items]
        said = [group for item in inside for group in [of_age[s] for s, _ in item if s in of_age][-1:]]
        shared = said[0] if len(items) > 1 == len(said) else None
        before = None if _PARTS.search(written.text, done, items[0][0]) else current
        for item, (begin, _) in zip(inside, items, strict=True):
            current, done = before, begin
            led = {
                slot: of_age[after]
                for (slot, (_, end)), (after, (start, _)) in pairwise(item)
                if after in of_age and leads.fullmatch(written.text, end, start)
            }
            for slot, (start, end) in item:
                if _PARTS.search(written.text, done, start) or _OF_ALL.search(written.text, done, start):
                    current = None
                if slot.gap and (slot.unit or "").endswith("岁"):
                    current = None  # an age that is lost
                current = of_age.get(slot, current)
                known[slot] = None if slot in of_age else led.get(slot) or shared or current
                done = end
    return known


def _regions(written: WrittenOut) -> list[tuple[tuple[int, int], ...]]:
    """Return the spans of each list's items, and between lists the rest of the text as regions of one item."""
    regions: list[tuple[tuple[int, int], ...]] = []
    at = 0
    for items in written.lists:
        regions += [((at, items[0][0]),), items]
        at = items[-1][1]
    return [*regions, ((at, len(written.text) + 1),)]


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
                    self._of.setdefault(window.passage.place(slot), group)
        self._found = any(group is not None and self._is_asked(group) for group in self._of.values())

    def _is_asked(self, group: AgeGroup) -> bool:
        return any(group.is_like(asked) for asked in self.asked)

    def group_of(self, passage: SlottedPassage, slot: Slot) -> AgeGroup | None:
        """Return the group that a slot is of; None where it is of none, or the question names no age."""
        return self._of.get(passage.place(slot))

    def is_other(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether a slot is of another age than the question names; where some is of it, those of none are, too."""
        if passage.place(slot) not in self._of:
            return False
        group = self.group_of(passage, slot)
        return self._found if group is None else not self._is_asked(group)
