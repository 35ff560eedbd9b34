"""Months, quarters, halves and business years, written in many ways: Q3, 3Q24, 24H1, FY25, 第三季度, 2024/25, 三月.

The reader compares characters, not what they mean. So a question's short forms are written out, and then any form is
put in the one that the passage has.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import NamedTuple

from index.folding import fold, has_han, replaced


class _Part(NamedTuple):
    """A part of a year: the pattern of its forms in folded text, and its name in both languages."""

    forms: str
    chinese: str
    english: str


_NUMERALS = dict(enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1))
_ORDINALS = dict(enumerate(("first", "second", "third", "fourth"), 1))
_WORDS = dict(enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"), 2))


MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def _month(number: int) -> str:
    """Return the pattern of a month; may is a verb as well."""
    name = MONTHS[number - 1]
    english = rf"|(?<![a-z])(?:{name}|{name[:3]}t?\.?)(?![a-z])" if name != "may" else ""
    return _month_chinese(number) + english


def _month_chinese(number: int) -> str:
    """Return the pattern of a month in Chinese, where it is no part of a date or a span."""
    dash, numeral = "至到—–~-", "一二三四五六七八九十"
    return (
        rf"(?<![\d{numeral}前近—–~-])(?<![\d月{numeral}][至到])(?:0?{number}|{_NUMERALS[number]}) ?月份?"
        rf"(?![\d{numeral}日号饼球亮嫂底末初中旬{dash}])"
    )


def _three_months(last: int) -> list[str]:
    """Return the patterns of a quarter told by its months: 4—6月, April to June, the three months to June."""
    first, english, until = last - 2, MONTHS[last - 3], MONTHS[last - 1]
    return [
        rf"(?<![\d.]){first}月?[-–—~至到]{last} ?月份?",
        rf"(?<![a-z])(?:{english}|{english[:3]}\.?)(?: to | through |[-–])(?:{until}|{until[:3]}\.?)(?![a-z])",
        rf"three months (?:to|ended|ending)(?: the end of)?(?: \d\d?)? {until}(?: \d\d(?!\d))?",
        rf"(?<![a-z]){until} quarter(?![a-z])",
    ]


def _first_months(last: int) -> str:
    both = f"(?:{last}|{_NUMERALS[last]})"
    until = MONTHS[last - 1]
    return (
        rf"(?<![\d.])[1一]月?[-–—~至到]{both} ?月份?|[前首]{both}个月|(?<![a-z])first {_WORDS[last]} months(?![a-z])"
        rf"|(?<![a-z])jan(?:uary|\.)?(?: to | through |[-–])(?:{until}|{until[:3]}\.?)(?![a-z])"
    )


def _quarter(number: int) -> _Part:
    chinese, english = _NUMERALS[number], _ORDINALS[number]
    either = f"[{number}{chinese}]"
    forms = [
        rf"(?<![前首])(?:第{either} ?季度?|(?<!第){either} ?季度)(?![节赛])",
        rf"(?<![a-z]){english}[ -]quarter(?![a-z])",
        rf"(?<![a-z])q{number}(?![a-z\d])",
        rf"(?<![a-z\d.,]){number}q(?![a-z])",
    ]
    if number == 1:
        forms += ["首季度?", _first_months(3)]
    forms += _three_months(3 * number)
    return _Part("|".join(forms), f"第{chinese}季度", f"{english} quarter")


def _half(number: int, chinese: str) -> _Part:
    english = _ORDINALS[number]
    forms = [
        f"{chinese}年度?",
        rf"(?<![a-z]){english}[ -]half(?![a-z])",
        rf"(?<![a-z])h{number}(?![a-z\d])",
        rf"(?<![a-z\d.,]){number}h(?=\d\d)",
    ]
    if number == 1:
        forms.append(_first_months(6))
    return _Part("|".join(forms), f"{chinese}年", f"{english} half")


_QUARTERS = tuple(map(_quarter, _ORDINALS))
_HALVES = (_half(1, "上半"), _half(2, "下半"))
_NINE_MONTHS = _Part(
    rf"[前首][三3]个?季度?|{_first_months(9)}|(?<![a-z])first three quarters(?![a-z])|(?<![a-z\d.,])9m(?=\d\d)",
    "前三季度",
    "first nine months",
)
_FIRST_MONTHS = tuple(
    _Part(_first_months(n), f"前{_NUMERALS[n]}个月", f"first {_WORDS[n]} months") for n in _WORDS if n % 3
)
"""What has run of a year, but for its quarter, half and nine months."""
_PARTS = tuple(re.compile(part.forms) for part in (*_QUARTERS, *_HALVES, _NINE_MONTHS, *_FIRST_MONTHS))
CALENDAR = tuple(_Part(_month(n), f"{n}月", MONTHS[n - 1].title()) for n in _NUMERALS)
#: Parts of a year of which one is not the other, and the whole; English months mostly stand in dates.
PARTS_OF_YEAR = (
    *(_Part(_month_chinese(n), f"{n}月", MONTHS[n - 1].title()) for n in _NUMERALS),
    *(*_QUARTERS, *_HALVES, _NINE_MONTHS, *_FIRST_MONTHS),
    _Part(r"全年|整年|(?<![a-z])(?:full|whole)[ -]year(?![a-z])", "全年", "full year"),
)
_CALENDAR = tuple(re.compile(part.forms) for part in CALENDAR)
_NUMBERED = tuple(
    zip((*_QUARTERS, *_HALVES, _NINE_MONTHS, *_FIRST_MONTHS, *CALENDAR), (*_PARTS, *_CALENDAR), strict=True)
)
"""Each part with what finds it; its place here is its number for ``parts_named``."""
_YEAR_ENDS = (
    re.compile(r"(?<![\d上去一前])年[末底]"),
    re.compile("(?:上|去|上一)年年?[末底]"),
)

_ANY = re.compile("|".join(p.pattern for p in (*_PARTS, *_CALENDAR, *_YEAR_ENDS)) + r"|20\d\d")
"""Whatever may be written in another way."""

_CODES = (
    {f"q{n}": part for n, part in enumerate(_QUARTERS, 1)}
    | {f"{n}q": part for n, part in enumerate(_QUARTERS, 1)}
    | {f"h{n}": part for n, part in enumerate(_HALVES, 1)}
    | {f"{n}h": part for n, part in enumerate(_HALVES, 1)}
    | {"9m": _NINE_MONTHS}
)

#: Q3, 24Q3, 2024年H1, Q3 2024, 3Q24, FY24, 24财年. Without a year 2h are two hours and 9m nine metres.
_SHORT = re.compile(
    r"(?<![a-z\d.,])(?:(?P<before>20\d\d ?年? ?|\d\d))?"
    r"(?P<code>q[1-4]|[1-4]q|h[12]|[12]h(?=[ ']?\d\d)|9m(?=[ ']?\d\d))"
    r"(?P<after> 20\d\d(?: ?年)?|'?(?:20)?\d\d(?: ?年)?)?(?![a-z\d])"
    r"|(?<![a-z])fy ?'?(?P<business>20\d\d|[0-4]\d)(?![\d/–-])|(?<!\d)(?P<chinese>\d\d)财年"
)
_TWO_YEARS = re.compile(r"(?<![\d.,-])(?P<first>20\d\d) ?[-–—/至] ?(?:20)?(?P<second>\d\d)(?!\d)")


#: What a leading period may belong to: not "Q1 to April", "Q3/2024".
_SUBJECT = re.compile(r"(?!(?:to|vs|versus|and|or|through|until)\b)\w", re.IGNORECASE)


def parts_named(text: str) -> frozenset[int]:
    """Return which parts of a year a text names, as numbers that are the same for every form: Q3, third quarter."""
    folded = fold(text)
    codes = {_CODES[code] for match in _SHORT.finditer(folded) if (code := match["code"])}
    return frozenset(n for n, (part, form) in enumerate(_NUMBERED) if part in codes or form.search(folded))


def without_parts(question: str, parts: Collection[int]) -> str:
    """Return a question without some parts of a year, and the words that lead to them."""
    for number in sorted(parts):
        question = replaced(_NUMBERED[number][1], lambda _: _DROPPED, question)
    return _LED.sub("", question)


#: Stands for what is left out until its leading words are.
_DROPPED = "\x00"
_LED = re.compile(
    rf"(?:\b(?:in|of|for|during|over)\s+)?(?:\bthe\s+)?{_DROPPED}(?:\s*\b(?:of|in)\b(?!\s+[^\W\d]))?[，,]?",
    re.IGNORECASE,
)


def written_out(question: str) -> str:
    """Return the question with its short forms in words: Q3 as third quarter, 24H1营收 as 2024年上半年营收."""
    chinese = has_han(question)
    short = [] if chinese else list(_SHORT.finditer(fold(question)))
    leading = short[0] if len(short) == 1 and short[0].start() == 0 else None
    if leading and _SUBJECT.match(subject := question[leading.end() :].strip(" :,?.")):
        # "revenue, third quarter" is read with half as much doubt again as "third quarter revenue".
        question = f"{subject}, {question[: leading.end()]}"
    return replaced(_SHORT, lambda match: _long(match, chinese=chinese), question)


def long_forms(question: str) -> list[str]:
    """Return what the short forms in the question stand for."""
    chinese = has_han(question)
    return [_long(match, chinese=chinese) for match in _SHORT.finditer(fold(question))]


def _long(match: re.Match[str], *, chinese: bool) -> str:
    if match["business"] or match["chinese"]:
        year = _year(match["business"] or match["chinese"])
        return f"{year}财年" if chinese else f"fiscal {year}"
    part, year = _CODES[match["code"]], _year(match["before"] or match["after"])
    if chinese:
        return f"{year}年{part.chinese}" if year else part.chinese
    return f"{part.english} of {year}" if year else part.english


#: A quarter told by its months, which is another one where a business year begins in spring.
_MONTHS_OF = re.compile(r"\d.*月|month|(?:jan|apr|jul|oct)[a-z.]*[ –-]", re.IGNORECASE)


def as_in(question: str, text: str) -> str:
    """Return the question with each part of a year and business year in the form that ``text`` has, if it has one.

    A Chinese question put to an English text gets its months only, an English one put to a Chinese text nothing: there
    the reader knows them as well by their own names.
    """
    folded = fold(text)

    def form(match: re.Match[str], forms: str | re.Pattern[str]) -> str:
        found = {folded[a:b]: text[a:b] for a, b in (m.span() for m in re.finditer(forms, folded))}
        if match[0] in found or not found:
            return question[slice(*match.span())]
        return min(found.values(), key=lambda own: bool(_MONTHS_OF.search(own)) + 2 * own.isdigit())

    if (has_han(text) and not has_han(question)) or not _ANY.search(fold(question)):
        return question
    same_language = has_han(question) == has_han(text)
    for part in (*_PARTS, *_YEAR_ENDS, *_CALENDAR) if same_language else _CALENDAR:
        question = replaced(part, partial(form, forms=part), question)
    question = replaced(_END_OF_YEAR, lambda match: form(match, _forms_of_year_end(match["year"])), question)
    question = replaced(_WRITTEN_YEAR, lambda match: form(match, _forms_of_year(match)), question)
    return replaced(_TWO_YEARS, lambda match: form(match, _forms_of_two_years(match)), question)


#: A business year as ``written_out`` leaves it, or as it is asked for in words.
_WRITTEN_YEAR = re.compile(
    r"(?<![a-z])(?:fiscal|financial)(?: year)? (?P<year>20\d\d)(?!\d|[-–/]\d)"
    r"|(?<!\d)(?P<chinese>20\d\d) ?财(?:政年度|年)"
)


_END_OF_YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d) ?年(?:12月)?[末底]")


def _forms_of_year_end(year: str) -> str:
    return rf"(?<!\d){year} ?年(?:[末底]|12 ?月(?: ?31 ?日|[末底]|(?! ?\d)))"


def _forms_of_year(match: re.Match[str]) -> str:
    year = match["year"] or match["chinese"]
    return (
        rf"(?<![a-z])(?:(?:fiscal|financial)(?: year)?|fy) ?'?(?:{year}|{year[2:]})(?!\d|[-–/]\d)"
        rf"|(?<!\d){year} ?财(?:政年度|年)|(?<![\d.,]){year}(?![\d.,]\d|\d|[-–/]\d)年?"
    )


def _forms_of_two_years(match: re.Match[str]) -> str:
    first, second = match["first"], match["second"]
    if (int(first) + 1) % 100 != int(second):
        return r"(?!)"  # from year to year, or a month
    return rf"(?<!\d){first} ?[-–—/至] ?(?:20)?{second}(?!\d)"


def _year(found: str | None) -> str:
    digits = re.sub(r"\D", "", found or "")
    return f"20{digits[-2:]}" if digits else ""
