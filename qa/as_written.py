"""Put the numbers that a question names the way a passage writes them: the reader compares characters, not values.

35岁 becomes 三十五岁, Q3 the third quarter, 2028年 becomes 二〇二八年, or in a report from Taiwan 117年.
"""

from __future__ import annotations

import re

from index.folding import fold, has_han, to_simplified
from qa.datamodels import Figure
from qa.figures import find_figures
from qa.periods import as_in
from qa.slots import SlottedPassage, years_in, years_in_digits

#: Years before the first of the Republic of China, in which Taiwan counts.
_BEFORE_REPUBLIC = 1911

#: The number of a figure, written in either way.
_NUMBER = re.compile("[0-9]+|[〇零一二两三四五六七八九十百千万]+")


def as_written(question: str, passage: SlottedPassage) -> str:
    """Return the question with its periods, years and plain numbers as the passage writes them."""
    question = as_in(question, passage.wording)
    if has_han(question) == has_han(passage.wording):
        question = _with_its_numbers(question, passage)
    return _with_its_years(question, passage)


def _with_its_numbers(question: str, passage: SlottedPassage) -> str:
    written = [slot.figure for slot in passage.slots if slot.figure]
    for asked in reversed(find_figures(question)):
        if any(asked.text == figure.text for figure in written):
            continue
        form = next((figure.text for figure in written if _is_another_form(asked, figure)), None)
        if form is not None:
            question = question[: asked.start] + form + question[asked.end :]
    return question


def _is_another_form(one: Figure, two: Figure) -> bool:
    if one.value is None or one.value != two.value or fold(one.unit or "") != fold(two.unit or ""):
        return False
    return _without_number(one.text) == _without_number(two.text)


def _without_number(text: str) -> str:
    return _NUMBER.sub("", fold(text), count=1)


#: A year of the Republic, and not for how long: 116年增為, but neither 創校110年 nor 110年來.
_OF_REPUBLIC = re.compile(r"(?<![\d.,立校业近逾达满约创了有历])(?P<year>\d{2,3}) ?学?年(?![来间期史]|以[来上])")
_FIRST_OF_REPUBLIC = 60
"""Least year so counted that a report speaks of: 1971."""


def _with_its_years(question: str, passage: SlottedPassage) -> str:
    text = passage.wording
    in_digits, simplified = years_in_digits(text), to_simplified(text)
    counted = {int(found["year"]) for found in _OF_REPUBLIC.finditer(simplified)} if simplified != text else set()
    for year in years_in(question):
        at = in_digits.find(year)
        of_republic = int(year) - _BEFORE_REPUBLIC
        if at >= 0:
            question = re.sub(rf"(?<!\d){year}(?!\d)", text[at : at + len(year)], question)
        elif of_republic >= _FIRST_OF_REPUBLIC and of_republic in counted:
            question = re.sub(rf"(?<!\d){year}(?=\s*学?年)", str(of_republic), question)
    return question
