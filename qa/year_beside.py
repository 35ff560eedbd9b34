"""The year that the words beside a figure give it: 从2018年的第65位, 上年同期为27.3%, 10% in 2018, 12% a year earlier.

The reader takes years for one another. A figure with a year beside it answers for that year only. Where it is set
against the figure of another (从2018年的第65位提升至第45位), both are of one quantity, and the words that speak for one
speak for the other.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from index.folding import fold, has_han
from qa.slots import (
    WHOLE_DATE,
    Slot,
    SlottedPassage,
    seasons_ends,
    years_in,
    years_in_digits,
    years_of_document,
    years_spoken_of,
)

_YEAR = r"(?:19|20)\d\d"
_PART = r"(?:同期|全年|度|[年末底初]|\d{1,2}月[底末份]?)*"
_LAST = r"(?:上年|去年|上一年)"
#: What a figure is set against: 由上年的2.16缩小为2.11, from 27.3% in 2018.
_FROM = re.compile(rf"[从從由自](?:(?P<year>{_YEAR})\s*年|{_LAST}){_PART}的\s*[约約近]?$")
_SAID = re.compile(
    rf"(?:^|[，,。；;（(、\s])(?:(?:(?P<year>{_YEAR})\s*年|{_LAST}){_PART}[为為是:：]|{_LAST}(?:同期|[末底]))\s*[约約近]?$"
)
_COLON = re.compile(rf"[（(;,\s](?P<year>{_YEAR})\s*[:：]\s*$")
#: Words that may not stand between a figure and its year: what follows is another's, or is compared with.
_NO_NOUN = (
    "a|after|against|and|as|at|before|below|above|by|compared|down|during|following|for|from|in|of|on|or|over|per|relative|"
    "since|than|the|to|up|versus|with"
)
_AFTER = re.compile(
    rf"(?:\s*(?!(?:{_NO_NOUN})\b)[a-z]+)?\s+(?:in|at the end of) (?P<year>{_YEAR})\b"
    r"|\s*(?:a year (?:earlier|before|ago)|in the (?:previous|prior) year)\b"
)
#: A sentence that begins with a year goes on with it: 2020年，全市…。 In 2020 the city ….
_OPENS_WITH_YEAR = re.compile(
    rf"(?:^|[。！？\n]|[.!?] )\s*(?:(?:in|by|during|at the end of|到|至|截至|自)\s*)?{_YEAR}", re.IGNORECASE
)
#: An aside that is over: £148.3m (Q3 2023: £139.6m).
_IN_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
_LATIN_FROM = re.compile(r"\bfrom\s*$")
#: Around a figure that another came from: 由158人减至137人, from £57m to £69m, 48% from 45%, up from 6.7%.
_COMES_FROM = re.compile(r"(?:\bfrom|[从從由自])\s*[约約近]?$")
_COMES_TO = re.compile(r"[a-z\s]{0,12}\bto\b|[^，,。；;]{0,6}[至到为為成]")
_UP_FROM = re.compile(r"(?:\b(?:up|down|increase|rise|improvement|drop|fall|decrease)|\d[%a-z\s]{0,20}),? from\s*$")
_RELATIVE = re.compile(r"上年|去年|上一年|year (?:earlier|before|ago)|(?:previous|prior|last) year")
_NO_LEVEL = frozenset({"倍", "成", "个百分点", "個百分點", "百分点", "percentage points", "percentage point"})
"""Units of what compares two figures rather than being one of them."""
_LONGEST = 40
"""Characters beside a figure that are looked at."""


class _Years(NamedTuple):
    """What the words of a passage say of its slots' years."""

    beside: dict[Slot, str]
    """The years that slots have beside them."""
    named: frozenset[Slot]
    """Those of them whose year stands there in digits."""
    compared: tuple[str, ...]
    """Those of them that another figure is set against: 由2022年的6.8天."""
    pairs: list[tuple[Slot, Slot]]
    """Slots set against each other: the one of the year that is asked for, then the other."""


class YearAsked:
    """The year that a question names, and which slots are of it or of another as the words beside them say."""

    def __init__(self, question: str) -> None:
        """Take a question; one that names no year, several, or one in words (上年) rules nothing out."""
        asked = years_spoken_of(question)
        self.year = min(asked) if len(asked) == 1 and not _RELATIVE.search(question.lower()) else None
        self._ends = seasons_ends(question) if self.year else frozenset()
        self._known: dict[tuple[str, int], _Years] = {}

    def is_given(self, passage: SlottedPassage) -> bool:
        """Whether a slot of the passage has the year beside it."""
        return self.year is not None and self.year in self._years(passage).beside.values()

    def is_other(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether the words beside a slot, or beside one in its passage, show that it is of another year."""
        if self.year is None:
            return False
        if own := self._years(passage).beside.get(slot):
            return own != self.year
        if passage.years and self.year not in passage.years and self.is_given(passage):
            return True  # only what has the year beside it is of that year
        return self.is_set_against(passage, slot) or self._is_only_of_others(passage)

    def names_another(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether a slot has a year in digits beside it, and not the one asked: (2023: £139.6m)."""
        years = self._years(passage)
        return self.year is not None and slot in years.named and years.beside[slot] != self.year

    def is_documents(self, passage: SlottedPassage) -> bool:
        """Whether a passage, whatever years it compares with, speaks of its document's year, the one asked.

        由2022年的6.8天缩短至6.1天 in a report on 2023.
        """
        own = own_years(passage)
        named = years_in(passage.chunk.text)
        return self.year in own and all(self._is_told(passage, year) for year in named)

    def may_be_of(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether a slot may be of the year asked though its passage names only others."""
        return (
            has_lost_its_year(passage, slot)
            or bool(self._ends & passage.years)
            or self._may_be_documents(passage, slot)
            or self.year in years_at_a_distance(passage, slot)
            or self._may_be_left_behind(passage, slot)
            or self._is_compared_with_the_year_before(passage)
        )

    def _is_compared_with_the_year_before(self, passage: SlottedPassage) -> bool:
        """Whether a passage compares with the year before the one asked, and has no year of its own.

        较2024年增长 in a report of 2026, on 2025; 由2022年的28.4元降至23.6元 in one that opens with 2023.
        """
        if self.year is None:
            return False
        before = str(int(self.year) - 1)
        only_compared = years_in(passage.chunk.text) - years_spoken_of(passage.chunk.text)
        if before in only_compared:
            return True
        opens = years_in(f"{passage.headings} {passage.head}")
        return passage.years == {before} and self.year in opens and self._is_told(passage, before)

    def _may_be_left_behind(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether a slot is what another came from, of no year that is named: grew from £57m to £69m in 2024."""
        named = passage.years | own_years(passage)
        if self.year is None or not named or self.year >= max(named) or slot in self._years(passage).beside:
            return False
        text = fold(passage.chunk.text)
        at, end = slot.start - passage.chunk.start, slot.end - passage.chunk.start
        before, after = text[max(0, at - _LONGEST) : at], text[end : end + _LONGEST]
        return bool(_COMES_FROM.search(before) and _COMES_TO.match(after)) or bool(_UP_FROM.search(before))

    def _may_be_documents(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether a slot may be of its document's year, the one asked: no other year stands before it and rules it.

        Cinemas sold 16.8 million tickets, 1.1 million fewer than in 2024, in a report on 2025.
        """
        if self.year not in (own_years(passage) or last_year_opened_with(passage)):
            return False
        if passage.chunk.cells or slot in self._years(passage).beside:
            return False
        at = slot.start - passage.chunk.start
        start = passage.sentence_at(slot.start, slot.end)[0] - passage.chunk.start
        return not years_in(_IN_BRACKETS.sub("", passage.chunk.text[start:at])) and not _OPENS_WITH_YEAR.search(
            years_in_digits(passage.chunk.text[:start])
        )

    def _is_only_of_others(self, passage: SlottedPassage) -> bool:
        """Whether the year is only compared with, in a passage of another year's document.

        由2022年的6.8天缩短至6.1天，床位使用率为92.5%: the rate is of the document's year.
        """
        own = own_years(passage)
        if self.year is None or not own or self.year in own or self.year in years_in(passage.chunk.section or ""):
            return False
        return self._is_told(passage, self.year)

    def _is_told(self, passage: SlottedPassage, year: str) -> bool:
        """Whether a year stands in the passage, and only to compare a figure with one of its own."""
        told = self._years(passage).compared.count(year)
        return 0 < years_in_digits(passage.chunk.text).count(year) <= told

    def is_set_against(self, passage: SlottedPassage, slot: Slot) -> bool:
        """Whether a slot is the other one of a pair: 第45位 where 第65位 is of the year that is asked for."""
        return any(other == slot for _, other in self.pairs(passage))

    def pairs(self, passage: SlottedPassage) -> list[tuple[Slot, Slot]]:
        """Return the slots that are set against each other: the one of the year that is asked for, then the other."""
        return [] if self.year is None else self._years(passage).pairs

    def _years(self, passage: SlottedPassage) -> _Years:
        key = passage.chunk.document, passage.chunk.start
        if key not in self._known:
            self._known[key] = self._look_through(passage)
        return self._known[key]

    def _look_through(self, passage: SlottedPassage) -> _Years:
        looked_at = ((slot, year_beside(passage, slot)) for slot in passage.slots)
        found = {slot: said for slot, said in looked_at if said is not None}
        pairs = []
        for slot, (year, is_contrast, _) in found.items():
            other = _nearest_alike(passage, slot, found) if is_contrast else None
            if other is not None and (year == self.year or self.year in passage.years):
                pairs.append((slot, other) if year == self.year else (other, slot))
        compared = tuple(said.year for said in found.values() if said.is_contrast)
        beside = {slot: said.year for slot, said in found.items()}
        named = frozenset(slot for slot, said in found.items() if said.is_named)
        return _Years(beside, named, compared, pairs)


class _Beside(NamedTuple):
    """The year that words beside a slot give it."""

    year: str
    is_contrast: bool
    """Whether another slot is set against it."""
    is_named: bool
    """Whether the year stands there in digits."""


def year_beside(passage: SlottedPassage, slot: Slot) -> _Beside | None:
    """Return the year that the words right before or after a slot give it."""
    if slot.unit in _NO_LEVEL:
        return None
    at, end = slot.start - passage.chunk.start, slot.end - passage.chunk.start
    text = years_in_digits(passage.chunk.text)
    before, after = text[max(0, at - _LONGEST) : at], text[end : end + _LONGEST]
    contrast = _FROM.search(before)
    said = contrast or _SAID.search(before) or _COLON.search(before) or _AFTER.match(after)
    if said is None:
        return None
    year = said["year"] or _year_before(passage)
    if year is None:
        return None
    return _Beside(year, contrast is not None or bool(_LATIN_FROM.search(before)), bool(said["year"]))


def own_years(passage: SlottedPassage) -> frozenset[str]:
    """Return the years of a passage's document, as its title and name give them, or else the headings it opens with."""
    titled = years_of_document(passage.title, passage.chunk.document)
    return titled or years_in(passage.headings) | seasons_ends(passage.headings)


def last_year_opened_with(passage: SlottedPassage) -> frozenset[str]:
    """Return the last year that a document opens with, but for dates: it may be published a year after."""
    return frozenset(sorted(years_in(_DATED.sub("", passage.head)))[-1:])


_DATED = re.compile(rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|(?:\d{{4}}\s*年\s*)?(?:{WHOLE_DATE.pattern})")


#: Words that name a year by its distance from one that the passage names, and that distance.
_DISTANT: tuple[tuple[re.Pattern[str], int], ...] = (
    (
        re.compile(
            r"(?<![比较較于於])(?:上年|去年|前一年|上一年)|(?<!than )\b(?:a|one) year (?:earlier|before|ago)\b"
            r"|\bthe (?:previous|prior|preceding) year\b|\bthe year before\b|\btwelve months (?:earlier|before|ago)\b"
            r"|\blast (?:year|spring|summer|autumn|winter)\b"
        ),
        -1,
    ),
    (re.compile(r"(?:[两兩二]年前|前年)|\btwo years (?:earlier|before|ago)\b"), -2),
    (re.compile(r"[次翌]年|第二年|明年|\bthe (?:next|following) year\b|\b(?:a|one) year later\b|\bnext year\b"), 1),
)


def years_at_a_distance(passage: SlottedPassage, slot: Slot) -> frozenset[str]:
    """Return the years that the words around a slot name by their distance: 1945年遭轰炸，翌年产量只剩1120吨."""
    start, end = (at - passage.chunk.start for at in passage.sentence_at(slot.start, slot.end))
    around = fold(passage.chunk.text[start : min(end, slot.end - passage.chunk.start + _LONGEST)])
    named = passage.years | own_years(passage)
    return frozenset(
        str(int(year) + distance) for words, distance in _DISTANT if words.search(around) for year in named
    )


#: Before a hole in front of 年: the hole counts years, it names none. And before a hole that may be a year.
_COUNTS_YEARS = re.compile(r"[近约約连連续續达達历歷长長逾超过過每第]$")
_LATIN_YEAR = re.compile(r"\b(?:in|by|since|from|of|until|during|fiscal|year|before|after)\s*$")


def has_lost_its_year(passage: SlottedPassage, slot: Slot) -> bool:
    """Whether the sentence of a slot lacks a year, which may be any: 年新注册4830家, compared with 22% in ."""
    start, end = passage.sentence_at(slot.start, slot.end)
    text = passage.chunk.text
    for at, unit in ((g.start - passage.chunk.start, g.unit) for g in passage.slots_in(start, end) if g.gap):
        before = text[:at]
        if text.startswith("年", at) and not _COUNTS_YEARS.search(before):
            return True
        if not unit and _LATIN_YEAR.search(before):
            return True
    return False


def _year_before(passage: SlottedPassage) -> str | None:
    """Return the year before the one in the title or the name of a passage's document."""
    own = own_years(passage)
    return str(int(min(own)) - 1) if len(own) == 1 else None


def _nearest_alike(passage: SlottedPassage, slot: Slot, beside: Container[Slot]) -> Slot | None:
    """Return the slot of the same unit that is nearest in the sentence and has no year; in Chinese it comes after."""
    start, end = passage.sentence_at(slot.start, slot.end)
    first = slot.start if has_han(passage.chunk.text) else start
    alike = [s for s in passage.slots if first <= s.start < end and s.unit == slot.unit and s not in beside]
    return min((s for s in alike if s != slot), key=lambda s: abs(s.start - slot.start), default=None)


def as_last_year(question: str, passage: SlottedPassage) -> str:
    """Ask of 上年 where that is how the passage calls the year of the question."""
    asked = YearAsked(question)
    if asked.year is None or asked.year in passage.years or not asked.is_given(passage):
        return question
    question = re.sub(rf"{asked.year}\s*年度?", "上年", question)
    return re.sub(rf"\b(?:in |for )?{asked.year}\b", "a year earlier", question)
