"""Figures of the year before a report's own: 由上年的2.16缩小为2.11, up from 12% a year earlier.

Asked for 2022, a report of 2023 answers with what it says of 上年, and with that only.
"""

from __future__ import annotations

import re

from qa.slots import Slot, SlottedPassage, years_spoken_of

_LAST = r"(?:上年|去年|上一年)(?:同期|全年|[年末底]+)?"
_BEFORE = re.compile(rf"(?:{_LAST}的|(?<![比较較]){_LAST}[为為是:：]?)[约約近]?$")
_AFTER = re.compile(
    r"\s*(?:(?!(?:on|than|over|from|of|versus|above|below)\b)[a-z]+\s+){0,2}"
    r"(?:a year (?:earlier|before|ago)|in the (?:previous|prior) year|the (?:year before|previous year)|last year)\b"
)
_RELATIVE = re.compile(r"上年|去年|上一年|year (?:earlier|before|ago)|(?:previous|prior|last) year")
_LONGEST = 40


def is_last_years(passage: SlottedPassage, slot: Slot) -> bool:
    """Whether the words beside a slot say that it is of the year before."""
    text, at = passage.chunk.text, slot.start - passage.chunk.start
    end = slot.end - passage.chunk.start
    return bool(_BEFORE.search(text[max(0, at - _LONGEST) : at]) or _AFTER.match(text[end : end + _LONGEST]))


def last_year_asked(question: str, passage: SlottedPassage) -> str | None:
    """Return the year that a question names if it is the one before the passage's own and a slot there is of it."""
    asked = years_spoken_of(question)
    if len(asked) != 1 or len(passage.years) != 1 or asked & passage.years:
        return None
    (year,), (own,) = asked, passage.years
    if int(year) != int(own) - 1 or not any(is_last_years(passage, slot) for slot in passage.slots):
        return None
    return year


def is_of_other_year(question: str, passage: SlottedPassage, slot: Slot) -> bool:
    """Whether a question names the passage's own year and the slot is of the one before, or the other way round."""
    if last_year_asked(question, passage):
        return not is_last_years(passage, slot)
    asked = years_spoken_of(question)
    return (
        bool(asked)
        and asked == passage.years
        and is_last_years(passage, slot)
        and not _RELATIVE.search(question.lower())
    )


def as_last_year(question: str, passage: SlottedPassage) -> str:
    """Ask of 上年 where that is how the passage calls the year of the question."""
    year = last_year_asked(question, passage)
    if year is None:
        return question
    question = re.sub(rf"{year}\s*年度?", "上年", question)
    return re.sub(rf"\b(?:in |for )?{year}\b", "a year earlier", question)
