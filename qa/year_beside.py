"""The year that the words beside a figure give it: 2018年的第65位, 由上年的2.16缩小为2.11, 12% a year earlier.

The reader takes years for one another. A figure with a year beside it answers for that year only; and where one answers
for the year that is asked for, those of its sentence that are counted alike and have none are of another.
"""

from __future__ import annotations

import re

from qa.slots import Slot, SlottedPassage, years_spoken_of

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PART = r"(?:同期|全年|度|[年末底初]|\d{1,2}月[底末份]?)*"
_LAST = rf"(?:上年|去年|上一年){_PART}"
_BEFORE = re.compile(
    rf"(?:(?:{_YEAR}\s*年{_PART}|{_LAST})的|{_YEAR.replace('year', 'stated')}\s*(?:年{_PART}[为為是:：]|[:：])"
    rf"|(?<![比较較]){_LAST}[为為是:：]?)\s*[约約近]?$"
)
_AFTER = re.compile(
    r"\s*(?:(?!(?:on|than|over|from|of|versus|above|below)\b)[a-z]+\s+){0,2}"
    rf"(?:(?:in|at the end of) {_YEAR}\b|a year (?:earlier|before|ago)\b|in the (?:previous|prior) year\b"
    r"|the (?:year before|previous year)\b|last year\b)"
)
_RELATIVE = re.compile(r"上年|去年|上一年|year (?:earlier|before|ago)|(?:previous|prior|last) year")
_LONGEST = 40
"""Characters beside a figure that are looked at."""


def year_beside(passage: SlottedPassage, slot: Slot) -> str | None:
    """Return the year that the words right before or after a slot give it, None where they give none."""
    text, at, end = passage.chunk.text, slot.start - passage.chunk.start, slot.end - passage.chunk.start
    before = _BEFORE.search(text[max(0, at - _LONGEST) : at])
    after = None if before else _AFTER.match(text[end : end + _LONGEST])
    if before is None and after is None:
        return None
    written = (before["year"] or before["stated"]) if before else after and after["year"]
    if written:
        return written
    return str(int(*passage.years) - 1) if len(passage.years) == 1 else None


def gives_year(question: str, passage: SlottedPassage) -> bool:
    """Whether a slot of the passage has the year beside it that the question names."""
    asked = years_spoken_of(question)
    return bool(asked) and any(year_beside(passage, slot) in asked for slot in passage.slots)


def is_of_other_year(question: str, passage: SlottedPassage, slot: Slot) -> bool:
    """Whether the question names one year, and words beside the slot or its neighbour show that it is of another."""
    asked = years_spoken_of(question)
    if len(asked) != 1 or _RELATIVE.search(question.lower()):
        return False
    if year := year_beside(passage, slot):
        return year not in asked
    sentence = passage.sentence_at(slot.start, slot.end)
    given = [s for s in passage.slots if year_beside(passage, s) in asked]
    if given and not asked & passage.years:
        return True
    return any(s.unit == slot.unit and passage.sentence_at(s.start, s.end) == sentence for s in given if s != slot)


def as_last_year(question: str, passage: SlottedPassage) -> str:
    """Ask of 上年 where that is how the passage calls the year of the question."""
    asked = years_spoken_of(question)
    if len(asked) != 1 or asked & passage.years or not gives_year(question, passage):
        return question
    (year,) = asked
    question = re.sub(rf"{year}\s*年度?", "上年", question)
    return re.sub(rf"\b(?:in |for )?{year}\b", "a year earlier", question)
