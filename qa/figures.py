"""Finding numeric expressions: their exact spans, with unit and hedge, and their values where these can be read.

A run of Chinese numerals is a figure when grammar makes it a number (a unit or classifier after it, magnitudes inside
it, 第 before it, 成 or 分之); a run of digits always is, unless it is part of an alphanumeric name (5G, COVID-19). So
names and idioms (一带一路, 三文鱼, 六稳) need no list. 一 before a classifier is an article (一个问题), not a figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Literal

from qa import broken, units
from qa.datamodels import Figure
from qa.gaps import find_gaps
from qa.numerals import (
    ENGLISH_CARDINALS,
    ENGLISH_MAGNITUDES,
    ENGLISH_ORDINALS,
    MAGNITUDES,
    divided,
    fold,
    read_chinese,
    read_digits,
    read_english,
    scaled,
)

FigureKind = Literal[
    "date",
    "time",
    "duration",
    "percent",
    "points",
    "ratio",
    "multiple",
    "rank",
    "money",
    "age",
    "measure",
    "count",
    "number",
]


@dataclass(frozen=True, slots=True)
class _Core:
    """A number with its unit, before currency, sign and hedges are added. ``value`` and ``unit`` as in Figure."""

    start: int
    end: int
    value: Decimal | None = None
    unit: str | None = None
    ranges: bool = True
    """Whether it may be one end of a range (3-5倍)."""
    name: bool = False
    """Digits that belong to a name: skipped, never reported."""


_Rule = Callable[[str, int], _Core | None]

_HAN = "零〇一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
_HAN_DIGIT = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_ARABIC = r"\d+(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALED_UNIT = (
    rf"(?:{broken.SCALE}|{units.AFTER_DIGITS}|"
    rf"(?i:{units.ENGLISH}|thousand|million|billion|trillion|lakh|crore|bn)(?![A-Za-z]))"
)
_NO_LABEL = "".join(
    f"(?<!{label})(?<!{label} )"
    for label in (*"图表章节条款例式第版", "Table", "Figure", r"Fig\.", "Chapter", "Section", r"No\.", "Page", "Part")
)
# Thousands set off by spaces (1 234万千瓦): groups of three, before a unit or after a word that a number must follow.
_SPACED = rf"(?<![\d.,，])(?<!\d )(?<!分[别別][为為]){_NO_LABEL}[1-9]\d{{0,2}}(?: \d{{3}})+(?!\d)(?! \d)(?:\.\d+)?"
_SPACED_AFTER_WORD = (
    r"(?:(?<=[达约逾])|(?<=[增降升减減]至)|(?<=达到)|(?<=超过)|(?<=[数量額额计計值][为為])|(?<=to )|(?<=reached )|"
    r"(?<!number is )(?<!phone is )(?<=is )|(?<=was )|"
    r"(?<=total of ))[1-9]\d{0,2}(?: \d{3})+(?![\d/-])(?! [\d-])(?:\.\d+)?"
)
# A full-width comma among thousands: only where the unit follows at once, for else it ends a clause.
_WIDE_COMMA = r"(?<![\d.,，第])[1-9]\d{0,2}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?(?! )"
# A space strayed into a decimal. After the point it looks like a list number or the end of a sentence.
_STRAY = r"(?<![\d.,])\d{1,3} \.\d+"
_STRAY_AFTER_POINT = (
    rf"(?:(?<=[\u3400-\u9fffA-Za-z$€£¥+-])|(?<=[\u3400-\u9fffA-Za-z] )){_NO_LABEL}\d{{1,3}}\. \d+"
    rf"(?={broken.FRACTIONAL}| (?:percent|per cent)\b)(?!(?:%| percent| per cent) of )"
)
# The list of units takes long to compile: it stands once, after all that ask for a unit.
_DIGITS = (
    rf"(?:{_SPACED}|{_WIDE_COMMA}|{_STRAY})(?= ?{_SCALED_UNIT})|{_SPACED_AFTER_WORD}|{_STRAY_AFTER_POINT}|{_ARABIC}"
)
_ENGLISH_WORDS = "|".join(sorted([*ENGLISH_CARDINALS, *ENGLISH_MAGNITUDES, "dozen"], key=len, reverse=True))
_ENGLISH_ORDINALS = "|".join(sorted(ENGLISH_ORDINALS, key=len, reverse=True))
_MONTHS = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![A-Za-z])"
)
_BOUNDARY = r"(?=$|[\s,，。、；;：:！!？?（）()「」“”\"'《》的和与及大高多长])"


def _compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern, flags)


# Reign titles and calendars that years are counted in, without titles that are words or places too (文化, 绍兴).
_ERA = (
    "(?:"
    "公元前|公元|西元前|西元|民国|昭和|平成|令和|明治|大正|洪武|永乐|宣德|正统|成化|弘治|正德|嘉靖|万历|崇祯|"
    "顺治|康熙|雍正|[乾干]隆|嘉庆|道光|咸丰|同治|光绪|宣统|洪熙|天顺|隆庆|天启|弘光|隆武|永历|元朔|元狩|"
    "元鼎|元封|太初|天汉|始元|本始|地节|神爵|初元|竟宁|鸿嘉|永始|元延|绥和|建武|建初|章和|永元|永初|延光|"
    "阳嘉|延熹|熹平|光和|中平|初平|建安|黄初|嘉平|景元|章武|延熙|景耀|炎兴|黄武|赤乌|泰始|太康|咸和|咸康|"
    "升平|太元|义熙|元嘉|天监|中大通|开皇|大业|武德|贞观|永徽|显庆|龙朔|麟德|总章|咸亨|仪凤|调露|永隆|垂拱|"
    "天授|圣历|神龙|景龙|景云|开元|天宝|大历|建中|贞元|元和|长庆|宝历|开成|会昌|咸通|[乾干]符|广明|光启|"
    "景福|天复|天祐|同光|清泰|开运|广顺|显德|建隆|[乾干]德|开宝|太平兴国|雍熙|端拱|淳化|咸平|大中祥符|天禧|"
    "天圣|景祐|宝元|庆历|皇祐|至和|嘉祐|治平|熙宁|元丰|元祐|绍圣|元符|崇宁|重和|宣和|靖康|建炎|隆兴|"
    "[乾干]道|淳熙|绍熙|嘉泰|开禧|绍定|端平|嘉熙|淳祐|宝祐|开庆|景定|咸淳|德祐|皇统|承安|贞祐|至元|元贞|"
    "至大|延祐|至治|泰定|天历|至顺|元统|至正|宽永|元禄|享保|天明|宽政|天保|嘉永|安政|文久|庆应"
    ")"
)
_START = _compile(
    rf"[\d{_HAN}数几上半第过]|成(?=[百千])|{_ERA}|本世纪|"
    rf"(?<![A-Za-z])(?:(?:a|an|several|{_ENGLISH_WORDS}|{_ENGLISH_ORDINALS}|half|quarter|hundreds|thousands|millions|"
    rf"billions|dozens|tens|twofold|threefold|{_MONTHS}|Q[1-4]|FY|H[12])(?![A-Za-z]|-[a-z]*hand)|FY(?=\d))",
    re.IGNORECASE,
)

# --- names: numerals that are part of a name ---------------------------------------------------------------------

_ENDLESS = _compile(rf"[{_HAN}]{{41,}}")
_PLAN_NAME = _compile(
    r"十[一二三四五六]五(?![十百千万亿年岁个名])|(?:十[一二三四五六七八九]|二十)"
    r"大(?![类种项名])|三次产业|四周(?![内后前年岁])|成千上万|成百上千|千千万万"
)
_IDIOM = _compile(
    rf"[一二两三四五六七八九十百千万](?![几多余来点至到比分之半又成])[\u4e00-\u9fff](?<![{_HAN}])"
    rf"[一二两三四五六七八九十百千万][\u4e00-\u9fff](?<![{_HAN}])"
)
_WEEK = _compile(rf"(?<![每\d{_HAN}])(?:周|星期|礼拜)\Z")
_LONG_WAY = _compile(rf"[十百千][{_HAN}]*(?:公?里|[丈步米尺])")
_GENERATION = _compile(r"(?:\d0|\d5|[五六七八九零〇]零)后(?![天来])")
_MIXED_PREFIX = _compile(r"[A-Za-z][A-Za-z0-9]*[-.·]?\Z")
_PREFIX_WORD = _compile(
    r"(?:RMB|CNY|USD|EUR|GBP|JPY|HKD|FY|No\.?|Top|top|vs\.?|"
    r"(?:mid|pre|post|late|early|sub|over|under|non)-)\Z"
)
_PRODUCT_WORD = _compile(
    r"(?:[a-z]+[A-Z][A-Za-z]*|(?:(?<=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff] ))"
    r"(?:[A-Za-z0-9.-]+ ){0,3}[A-Z][a-z]+[A-Za-z]*) \Z"
)
_URL = _compile(r"(?:https?://|www\.)[!-~]*\Z")
_URL_REST = _compile(r"[!-~]+")
_NAME_REST = _compile(r"[A-Za-z0-9.+-]*")
_LETTER = _compile(r"[A-Za-z]")


def endless_run(text: str, at: int) -> _Core | None:
    """More numerals in a row than any number has: noise. Passing it over whole keeps the scan linear."""
    match = _ENDLESS.match(text, at)
    return _Core(at, match.end(), name=True) if match else None


def plan_or_congress_name(text: str, at: int) -> _Core | None:
    """十四五, 十九大, 成千上万: fixed names made of numerals."""
    match = _PLAN_NAME.match(text, at)
    return _Core(at, match.end(), name=True) if match else None


def alternating_idiom(text: str, at: int) -> _Core | None:
    """五花八门, 三心二意: numeral, word, numeral, word, where the first word is no classifier."""
    match = _IDIOM.match(text, at)
    if not match or _HAN_UNIT.match(text, at + 1):
        return None
    return _Core(at, match.end(), name=True)


def weekday_name(text: str, at: int) -> _Core | None:
    """周五, 星期三: a day's name; 每周三次 has a number, and 城周二十二里 a length."""
    if (
        text[at] in "一二三四五六"
        and not _LONG_WAY.match(text, at + 1)
        and _WEEK.search(text[max(0, at - 3) : at])
        and text[at + 1 : at + 2] not in tuple("个次年")
    ):
        return _Core(at, at + 1, name=True)
    return None


def generation_name(text: str, at: int) -> _Core | None:
    """90后, 九零后: a generation, not a quantity."""
    match = _GENERATION.match(text, at)
    return _Core(at, match.end(), name=True) if match and not text[at - 1 : at].isdigit() else None


def alphanumeric_name(text: str, at: int) -> _Core | None:
    """5G, COVID-19, PM2.5, iPhone 12: digits glued to letters that are no unit."""
    if not text[at].isdigit():
        return None
    before = text[max(0, at - 24) : at]
    if "/" in before and _URL.search(text[max(0, at - 200) : at]):
        rest = _URL_REST.match(text, at)
        return _Core(at, rest.end() if rest else at + 1, name=True)
    mixed = _MIXED_PREFIX.search(before)
    if (mixed and not _PREFIX_WORD.search(before)) or (_PRODUCT_WORD.search(before) and not _measured_digits(text, at)):
        rest = _NAME_REST.match(text, at)
        return _Core(at, max(at + 1, rest.end() if rest else 0), name=True)
    digits = _NUMBER.match(text, at)
    if digits and _LETTER.match(text, digits.end()) and not _DIGIT_LETTERS.match(text, digits.end()):
        rest = _NAME_REST.match(text, digits.end())
        return _Core(at, rest.end() if rest else digits.end(), name=True)
    return None


def _measured_digits(text: str, at: int) -> bool:
    core = single_month(text, at) or digits_with_unit(text, at)
    return core is not None and core.unit is not None


_NUMBER = _compile(_DIGITS)
_DIGIT_LETTERS = _compile(
    rf"(?:{units.AFTER_DIGITS})|(?i:(?:{units.ENGLISH})(?![A-Za-z])|"
    r"(?:st|nd|rd|th|bn|mn|tn|m|k|s|am|pm|million|billion|trillion|x)(?![A-Za-z0-9]))"
)

# --- broken numbers ---------------------------------------------------------------------------------------------------


def broken_number(text: str, at: int) -> _Core | None:
    """.89亿, 70.%: passed over, for what is left says another number. 1,2 million: one figure without a value."""
    if not text[at].isdigit():
        return None
    if broken.whole_part_lost(text, at):
        core = english_digits(text, at) or digits_with_unit(text, at)
        return replace(core, name=True) if core else None
    place = broken.decimals_lost(text, at)
    if place is not None:
        unit = _DIGIT_UNIT.match(text, place)
        return _Core(at, unit.end() if unit else place, name=True)
    odd = broken.odd_groups(text, at)
    if not odd:
        return None
    if _FRACTIONAL.match(text, odd.end()):
        magnitude = _MAGNITUDE.match(text, odd.end())
        core = _with_unit(text, at, magnitude.end() if magnitude else odd.end(), None, _DIGIT_UNIT)
        return replace(core, ranges=False)
    tail = _EN_DIGIT_UNIT.match(text, odd.end())
    if tail and (tail["mag"] or tail["unit"]):
        return _Core(at, tail.end(), None, _english_unit(tail["unit"]), ranges=False)
    return _Core(at, odd.end(), ranges=False) if broken.is_broken_tail(odd[0]) else None


_FRACTIONAL = _compile(rf" ?{broken.FRACTIONAL}")

# --- dates and times ---------------------------------------------------------------------------------------------

_N2 = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_Y4 = r"(?:[12]\d{3}|[一二][零〇一二三四五六七八九]{3})"
_JOIN = r" ?(?:-|~|至|到) ?"
_DAYPART = r"(?:上午|下午|中午|凌晨|晚上|晚间|早上|早晨|清晨|傍晚|深夜|午后|晚|早)"
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:]|\.\d)(?:分(?!钟))?"
_HOUR = (
    rf"{_N2} ?(?:时(?![代间期候])|点(?![击赞评名]))(?: ?{_N2} ?分(?!钟)(?: ?{_N2} ?秒)?|"
    rf"半|整|钟|{_N2}(?!\d|[{_HAN}%个]))?"
)
_AT_TIME = rf"(?:[ ,，]?(?:{_DAYPART} ?)?(?:{_CLOCK}|{_HOUR}))?"
_MONTH_DAY = rf"{_N2} ?月份? ?{_N2}(?:{_JOIN}{_N2})? ?[日号]{_AT_TIME}"
_LUNAR_DAY = (
    rf"{_N2}月(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|二十[一二三四五六七八九]?|"
    rf"廿[一二三四五六七八九])(?![{_HAN}日号多余个名])"
)
_MONTH_PART = rf"{_N2}(?:{_JOIN}{_N2})? ?月(?:份|(?![球亮饼均]))"
_QUARTER_PART = r"(?:第? ?[一二三四1-4]|前[二三23]) ?季度"
_DATE_CHINESE = _compile(
    rf"(?:{_ERA} ?)?(?:{_Y4}|\d\d|[{_HAN}]{{2}}) ?年(?:度)? ?(?:{_MONTH_DAY}|{_MONTH_PART}|{_QUARTER_PART}"
    rf"|{_LUNAR_DAY})|{_MONTH_DAY}|{_LUNAR_DAY}"
)
_YEAR = _compile(
    rf"(?P<era>{_ERA})? ?(?P<year>(?(era)(?:\d{{1,4}}|元|[{_HAN}]{{1,6}})|{_Y4})"
    rf") ?(?P<unit>年度?|财年|学年)(?![级均轻龄代])"
)
_MONTH = _compile(rf"(?P<month>{_N2}) ?(?P<unit>月份|月(?![球亮饼均]))")
_MONTHS_SPAN = _compile(rf"{_N2}{_JOIN}{_N2} ?月份?(?![球亮饼均])")
_CENTURY = _compile(
    rf"(?:上|本)个?世纪(?:\d\d|[{_HAN}]{{1,3}}) ?年代|(?:公元前|公元|西元前)? ?(?:\d{{1,2}}|"
    rf"[{_HAN}]{{1,3}}) ?世纪(?:\d\d|[{_HAN}]{{1,3}}) ?年代"
)
_ISO = _compile(
    rf"[12]\d{{3}}(?P<sep>[-/.])[01]?\d(?P=sep)[0-3]?\d(?![\d.])(?:[ T]?{_CLOCK})?|"
    rf"[0-3]?\d/[0-3]?\d/[12]\d{{3}}(?!\d)|[12]\d{{3}}/\d\d(?![\d/])年?"
)
_DAYPART_AFTER = r"(?:in the|that|the (?:same|next|following)) (?:morning|afternoon|evening)\b"
_CLOCK_TIME = _compile(
    rf"{_CLOCK}(?: ?(?:[ap]m\b|[ap]\.m\.))?|\d{{1,2}}(?:\.[0-5]\d)? ?(?:[ap]m\b|[ap]\.m\.)"
    rf"|\d{{1,2}}\.[0-5]\d {_DAYPART_AFTER}|\d{{1,2}} o'clock",
    re.IGNORECASE,
)
_CLOCK_IN_WORDS = _compile(
    r"(?:half past|(?:a )?quarter (?:past|to)|(?:five|ten|twenty|twenty-five) (?:minutes )?past) "
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    rf"(?: {_DAYPART_AFTER}|(?=$|[.,;:)]| (?:on|and|when|until|to|from|for|yesterday|today|tomorrow|each|every)\b))",
    re.IGNORECASE,
)
_HOUR_EXACT = _compile(rf"{_N2} ?(?:时(?![代间期候])|点)(?: ?{_N2} ?分(?!钟)(?: ?{_N2} ?秒)?|半|整|钟)")
_HOUR_ONLY = _compile(rf"(?P<hour>{_N2}) ?(?P<unit>时(?![代间期候尚任])|点(?![击赞评名半]))")
_DAYPART_BEFORE = _compile(rf"{_DAYPART} ?\Z")
_ELAPSED = _compile(
    rf"(?:(?:\d+|[{_HAN}]+) ?小时 ?(?:\d+|[{_HAN}]+) ?分钟?(?: ?(?:\d+|[{_HAN}]+)"
    rf" ?秒钟?)?|(?:\d+|[{_HAN}]+) ?分钟? ?(?:\d+|[{_HAN}]+)(?:\.\d+)? ?秒钟?)"
)
_OLD_LENGTH = _compile(rf"[{_HAN}\d]+丈[{_HAN}\d]+尺(?:[{_HAN}\d]+寸)?|[{_HAN}\d]+尺[{_HAN}\d]+寸")
_ELAPSED_ENGLISH = _compile(
    r"\d+ (?:hours?(?: and|,)? \d+ minutes?(?:(?: and|,)? \d+ seconds?)?|minutes?(?: and|,)? \d+ seconds?"
    r"|years?(?: and|,)? \d+ months?)(?![A-Za-z])"
)
_IN_TWO_UNITS = (_ELAPSED, _ELAPSED_ENGLISH, _OLD_LENGTH)
_DATE_ENGLISH = _compile(
    rf"{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?(?!\d|[.,]\d)(?:,? [12]\d{{3}}(?!\d))?|{_MONTHS},? [12]\d{{3}}(?!\d)|"
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTHS}(?:,? [12]\d{{3}}(?!\d))?|"
    rf"(?:Q[1-4]|H[12]|(?:first|second|third|fourth) quarter(?: of)?),? (?:FY ?)?[12]\d{{3}}(?!\d)"
    rf"|FY ?\d{{2,4}}(?!\d)|Q[1-4](?![A-Za-z0-9])|"
    rf"[12]\d{{2}}0s(?![A-Za-z])|\d{{1,4}} ?(?:BCE?|CE|AD)(?![A-Za-z])",
    re.IGNORECASE,
)


def date_in_parts(text: str, at: int) -> _Core | None:
    """2020年12月, 2021/2/3 9:22, Dec. 15, 2020, 上世纪80年代: several parts, so no single value."""
    for pattern in (_ISO, _DATE_CHINESE, _CENTURY, _DATE_ENGLISH, _MONTHS_SPAN):
        match = pattern.match(text, at)
        if match and not text[at - 1 : at].isdigit():
            return _Core(at, match.end())
    return None


def single_year(text: str, at: int) -> _Core | None:
    """2020年, 二〇二〇年, 公元前221年 (value -221), 民国38年 (value 38: years of an era stay as written)."""
    match = _YEAR.match(text, at)
    if not match or text[at - 1 : at].isdigit():
        return None
    value = Decimal(1) if match["year"] == "元" else _read_any(match["year"])
    era = match["era"] or ""
    if not era and value is not None and value < 1500 and value % 100 == 0:
        return None  # 1000年 is a duration
    return _Core(at, match.end(), -value if value is not None and era.endswith("前") else value, match["unit"])


def single_month(text: str, at: int) -> _Core | None:
    """12月, 十二月份: a month of the calendar."""
    match = _MONTH.match(text, at)
    value = _read_any(match["month"]) if match else None
    if not match or value is None or not 1 <= value <= 12:
        return None
    return _Core(at, match.end(), value, match["unit"])


def clock_time(text: str, at: int) -> _Core | None:
    """9:22, 上午9时30分, 凌晨2点半, 9时."""
    for pattern in (_CLOCK_TIME, _CLOCK_IN_WORDS, _HOUR_EXACT):
        match = pattern.match(text, at)
        if match:
            return _before_daypart(text, _Core(at, match.end()))
    match = _HOUR_ONLY.match(text, at)
    value = _read_any(match["hour"]) if match else None
    if not match or value is None or value > 24:
        return None
    core = _before_daypart(text, _Core(at, match.end(), value, match["unit"]))
    if core.start == at and not text[at].isdigit() and (match["unit"] == "点" or value < 2):
        return None  # 三点建议, 一时
    return core


def _before_daypart(text: str, core: _Core) -> _Core:
    part = _DAYPART_BEFORE.search(text[max(0, core.start - 4) : core.start])
    return _Core(core.start - len(part[0]), core.end) if part else core


def elapsed_time(text: str, at: int) -> _Core | None:
    """1小时25分钟, 二丈八尺, 7 minutes and 42 seconds: one figure in two units."""
    match = next((found for two_units in _IN_TWO_UNITS if (found := two_units.match(text, at))), None)
    return _Core(at, match.end(), ranges=False) if match else None


# --- shares and ratios -------------------------------------------------------------------------------------------

_PART_OF = _compile(rf"(?P<whole>\d+|[{_HAN}]+)分之(?P<part>{_ARABIC}|[{_HAN}点]+)")
_TENTHS = _compile(
    r"(?P<n>[一二两三四五六七八九十]{1,2})成(?![为功立年果员本交长绩效熟都语人品不分])"
    r"(?P<half>[一二三四五六七八九]{1,2}(?![成一二三四五六七八九])|半)?"
)
_SLASH = _compile(r"(?P<part>\d{1,3})/(?P<whole>\d{1,4})(?![\d/])")
_COLON = _compile(
    rf"\d+(?:\.\d+)?(?::\d+(?:\.\d+)?){{1,4}}(?![\d:]|\.\d)|(?:\d+(?:\.\d+)?|[{_HAN}]) ?比 ?(?:\d+(?:\.\d+)?|"
    rf"[一二三四五六七八九十零](?![{_HAN}个名较如例]))(?!\d|%)"
)
_HALF = _compile(r"一半|半数|过半(?:数(?![据字量]))?")
_HALF_UNIT = _compile(r"半(?P<unit>年|个月|个世纪|个?小时|个多月|公里|斤|个钟头|个?世纪)(?![报度轮])")
_HUNDRED_PERCENT = _compile(r"百分百|百分之百")


def chinese_fraction(text: str, at: int) -> _Core | None:
    """三分之二 (no exact value), 四分之三 (0.75), 百分之七十 (70 %), 千分之三 (3 ‰)."""
    if match := _HUNDRED_PERCENT.match(text, at):
        return _Core(at, match.end(), Decimal(100), "%")
    match = _PART_OF.match(text, at)
    if not match:
        return None
    part, length = _longest_number(match["part"])
    end = match.start("part") + length
    if not length:
        return None
    per = {"百": "%", "千": "‰", "万": "‱"}.get(match["whole"])
    if per:
        return _Core(at, end, part, per)
    whole = _read_any(match["whole"])
    if whole is None:
        return None
    return _Core(at, end, None if part is None else divided(part, whole), ranges=False)


def tenths(text: str, at: int) -> _Core | None:
    """九成 is 9 成, 七成五 is 7.5 成, 二成八五 is 2.85 成."""
    match = _TENTHS.match(text, at)
    reading = read_chinese(match["n"]) if match else None
    if not match or not reading:
        return None
    value, half = reading.value, match["half"]
    if half and value is not None:
        digits = "".join(str("一二三四五六七八九".index(c) + 1) for c in half.replace("半", "五"))
        value += scaled(Decimal(digits), -len(digits))
    return _Core(at, match.end(), value, "成")


def written_ratio(text: str, at: int) -> _Core | None:
    """1/4 (0.25), 1/3 (no exact value), 3:1, 14.9:40.8:44.3, 3比1."""
    if text[at - 1 : at] in ("/", ":", "."):
        return None
    if match := _SLASH.match(text, at):
        part, whole = Decimal(match["part"]), Decimal(match["whole"])
        return _Core(at, match.end(), divided(part, whole) if part < whole else None, ranges=False)
    match = _COLON.match(text, at)
    return _Core(at, match.end(), ranges=False) if match else None


def half(text: str, at: int) -> _Core | None:
    """一半, 半数, 过半, 半年; 上半年 and 大半 are no quantities."""
    if match := _HALF.match(text, at):
        return _Core(at, match.end(), Decimal("0.5"), ranges=False)
    match = _HALF_UNIT.match(text, at)
    if not match or text[at - 1 : at] in tuple("上下前后大多小一两三四五六七八九十个年点岁月"):
        return None
    return _Core(at, match.end(), Decimal("0.5"), match["unit"])


# --- ranks -------------------------------------------------------------------------------------------------------

_ORDINAL = _compile(
    rf"第 ?(?P<n>\d+|[{_HAN}]+) ?(?P<unit>季度|阶段|部分|世纪|课|名(?![字单称义])"
    rf"|人(?!称)|季|步|代(?!表)|{units.AFTER_CHINESE})?(?P<big>大(?!学))?"
)
_TOP_BEFORE = _compile(r"(?:居|列|位|名|球|国|界|排|获|省|市|前|夺|亚洲|大陆|占|摘|得|历史|行业|并列) ?\Z")
_MOVES = _compile(r"[上提]?[升降跌退滑落跃进][到至为]")
_AT_BOUNDARY = _compile(_BOUNDARY)
_RISE = _compile(rf"翻了?(?P<n>\d+(?:\.\d+)?|[{_HAN}]+)番")


def ordinal(text: str, at: int) -> _Core | None:
    """第45位, 第十四届, 全球第一; not 第三方, 第一时间, where a noun follows."""
    match = _ORDINAL.match(text, at)
    if not match:
        return None
    value, length = _longest_number(match["n"])
    if length != len(match["n"]):
        return None
    bare = not (match["unit"] or match["big"] or match["n"][0].isdigit() or _MOVES.match(text, match.end()))
    if bare and not (_AT_BOUNDARY.match(text, match.end()) or _TOP_BEFORE.search(text[max(0, at - 3) : at])):
        return None
    return _Core(at, match.end(), value, match["unit"], ranges=False)


def quarter_of_year(text: str, at: int) -> _Core | None:
    """一季度, 前三季度: a quarter of the calendar."""
    match = re.compile(r"([一二三四1-4]) ?(季度)").match(text, at)
    return _Core(at, match.end(), _read_any(match[1]), match[2]) if match else None


def doubling(text: str, at: int) -> _Core | None:
    """翻两番: read at its number, reported from the verb."""
    verb = 2 if text[max(0, at - 2) : at] == "翻了" else 1
    match = _RISE.match(text, at - verb) if at >= verb else None
    value = _read_any(match["n"]) if match else None
    return _Core(at - verb, match.end(), value, "番", ranges=False) if match and value is not None else None


# --- plain quantities --------------------------------------------------------------------------------------------

_MAGNITUDE = _compile(
    r" ?(?P<vague>[多余来几])? ?(?P<mag>[百十千]?万亿|[百十千]亿|亿|(?:百|十|"
    r"千(?![瓦米克卡伏帕赫焦字]))?万|千(?![瓦米克卡伏帕赫焦字])|百(?![帕分])"
    r"|兆(?=[美欧日]?元))"
)
_OVER = _compile(r"[多余]?(?P<mag>[万亿]+)")
_VAGUE_AFTER = _compile(r"(?P<vague>余|多(?![样元数少边次能功方媒])|来(?=[岁个人名位天年万亿家公里斤元块]))")
_DIGIT_UNIT = _compile(rf" ?(?P<unit>(?:{units.AFTER_DIGITS})(?:/(?:{units.AFTER_DIGITS}))?)")
_MONTHS_OR_HOURS = _compile(r" ?个(?P<mid>多|半)(?P<unit>月|小时|星期|世纪|钟头|百分点)")
_HALF_AFTER = re.compile(r"半(?![数年天夜])")
_HAN_RUN = _compile(rf"[{_HAN}]+(?:点[零〇一二三四五六七八九]+)?")
_HAN_MORE = _compile(r"(?P<vague>[多余来几])(?P<mag>[万亿]+)?")
_HAN_UNIT = _compile(rf" ?(?P<unit>{units.AFTER_CHINESE})")
_MEASURE_UNIT = _compile(rf" ?(?P<unit>{units.MEASURE})")
_AFTER_TWO = _compile(units.AFTER_TWO)
_DETERMINER = _compile(r"(?:这|那|每|某|同|另|哪|任|上|下|前|后|新|有|第|整|最后|又|唯|统|旧|专|单|再)\Z")
_VAGUE_START = _compile(r"(?:[数几](?=[十百千万亿])|上(?=[十百千万亿]))(?P<run>[十百千万亿]+)")
_NOUN_OF_NUMBER = _compile(r"[人户次总指参倍分岁件民量基系函个员家位场票多少半无点天日字级名]\Z")
_FREE_BEFORE_COUNT = _compile(
    r"(?:^|[\s,，。、；：（“]|[达有近了过成获在约用花为让给从于至到和与来及每投以耗售亏赚涉使造高共增减计的是被向])\Z"
)
_HEDGED_HUNDRED = _compile(r"(?:近|约|超|逾|超过|接近|将近|不到|不足|上|达|过)\Z")
_AMOUNT_BEFORE = _compile(r"(?:近|约|超|逾|过|达|破|共|有|为|足|到|了|至)\Z")
_IN_THOUSANDS = _compile(r"数以[十百千万亿]+计")
_MULTIPART = _compile(r"(?:\.\d+)+")
# 伍, 陆, 拾 alone are words (队伍, 大陆, 收拾); in amounts they stand with a magnitude.
_FINANCIAL_ALONE = "壹贰叁肆伍陆柒捌玖拾佰仟"
_OPEN_RANGE = _compile(rf"[-~至到](?=[{_HAN}])")
_BIG = _compile(r"大(?![学会妈爷约多于概陆量小规型众幅部力])")


def _read_any(numeral: str) -> Decimal | None:
    if numeral[0].isdigit():
        return read_digits(numeral)
    reading = read_chinese(numeral)
    return reading.value if reading else None


def _longest_number(numeral: str) -> tuple[Decimal | None, int]:
    """Return value and length of the longest readable prefix, shortened by two characters at most."""
    if numeral[0].isdigit():
        return read_digits(numeral), len(numeral)
    for length in range(len(numeral), max(0, len(numeral) - 3), -1):
        reading = read_chinese(numeral[:length])
        if reading:
            return reading.value, length
    return None, 0


def digits_with_unit(text: str, at: int) -> _Core | None:
    """832个, 9.89亿, 11.76万亿元, 3亿2000万元, 3000余名, 两个半 in digits: a run of digits always counts."""
    number = _NUMBER.match(text, at)
    if not number:
        return None
    end = number.end()
    if parts := _MULTIPART.match(text, end):
        return _Core(at, parts.end())
    value: Decimal | None = read_digits(number[0])
    magnitude = _MAGNITUDE.match(text, end)
    power = 30
    while magnitude and magnitude["mag"]:
        step = sum(MAGNITUDES[c] for c in magnitude["mag"])
        if step >= power:
            break
        amount = scaled(read_digits(number[0]), step) if number else Decimal(0)
        value = amount if power == 30 else (value or Decimal(0)) + amount
        end, power = magnitude.end(), step
        if magnitude["vague"] == "几":
            value = None
        number = _NUMBER.match(text, end)
        magnitude = _MAGNITUDE.match(text, number.end()) if number else None
    if number and not magnitude and (rest := read_digits(number[0])) and len(str(rest)) == power:  # 1万5,000
        value, end = None if value is None else value + rest, number.end()
    if power < 4 and value is not None and (over := _OVER.match(text, end)):
        value, end = scaled(value, sum(MAGNITUDES[c] for c in over["mag"])), over.end()
    return _with_unit(text, at, end, value, _DIGIT_UNIT)


def _with_unit(text: str, at: int, end: int, value: Decimal | None, pattern: re.Pattern[str]) -> _Core:
    unit: str | None = None
    vague = _VAGUE_AFTER.match(text, end)
    if vague:
        end = vague.end()
    if match := _MONTHS_OR_HOURS.match(text, end):
        extra = Decimal("0.5") if match["mid"] == "半" and value is not None else Decimal(0)
        return _Core(at, match.end(), None if value is None else value + extra, "个" + match["unit"])
    if match := pattern.match(text, end):
        unit, end = match["unit"], match.end()
        if (
            unit in ("年", "岁", "天", "个", "倍", "公里", "小时")
            and value is not None
            and _HALF_AFTER.match(text, end)
        ):
            value, end = value + Decimal("0.5"), end + 1
    elif value is not None and value <= 12 and (match := _BIG.match(text, end)):
        end = match.end()
    return _Core(at, end, value, unit)


def vague_quantity(text: str, at: int) -> _Core | None:
    """数十, 几百人, 上百家, 上万人, 数以万计: a magnitude and no number, so no value.

    数 after a noun is part of it (人数, 次数): what follows is then a number cut away, not a vague one.
    """
    if match := _IN_THOUSANDS.match(text, at):
        return _Core(at, match.end(), ranges=False)
    match = _VAGUE_START.match(text, at)
    if not match:
        return None
    before = text[max(0, at - 2) : at]
    if text[at] == "数":
        if _NOUN_OF_NUMBER.search(before):
            return None
        if match["run"][0] in "万亿" and not _FREE_BEFORE_COUNT.search(before):
            return None
    if text[at] == "上" and re.search(r"[以网线马路街身晚早世地山桌船车海会加向]\Z", before):
        return None
    if re.fullmatch(r"[万亿]{2,}", match["run"]) and match["run"] != "万亿":
        return None
    return replace(_with_unit(text, at, match.end(), None, _HAN_UNIT), ranges=False)


def chinese_quantity(text: str, at: int) -> _Core | None:
    """两个, 连续八年, 一亿五千万元, 十几万人, 三四十岁, 百万亿."""
    run = _HAN_RUN.match(text, at)
    if not run:
        return None
    lengths = range(len(run[0]), max(0, len(run[0]) - 3), -1)
    if _OPEN_RANGE.match(text, run.end()):
        first, other = read_chinese(run[0]), _HAN_RUN.match(text, run.end() + 1)
        last = _chinese_number(text, other.start(), other[0]) if other else None
        if first and first.value is not None and last and (last.unit or (last.value or 0) >= 20):
            return _Core(at, run.end(), first.value)
    return next((core for n in lengths if (core := _chinese_number(text, at, run[0][:n]))), None)


def _chinese_number(text: str, at: int, run: str) -> _Core | None:
    reading = read_chinese(run)
    end = at + len(run)
    vague = False
    if run in ("百", "千"):
        hedged = _HEDGED_HUNDRED.search(text[max(0, at - 2) : at])
        if not (text[end : end + 1] in ("余", "多") or (hedged and _HAN_UNIT.match(text, end))):
            return None
        value: Decimal | None = Decimal(10 ** MAGNITUDES[run])
        vague = text[end : end + 1] in ("余", "多")
    elif reading is None or run in _FINANCIAL_ALONE:
        return None
    else:
        value = reading.value
    more = _HAN_MORE.match(text, end)
    if more and (
        more["mag"] or more["vague"] in "余几" or (more["vague"] in "多来" and _HAN_UNIT.match(text, more.end()))
    ):
        if more["vague"] == "几" or (run[-1] == "十" and not more["mag"]) or vague or run == "十":
            value = None
        elif value is not None and more["mag"]:
            value = scaled(value, sum(MAGNITUDES[c] for c in more["mag"]))
        core = _with_unit(text, at, more.end(), value, _HAN_UNIT)
        return replace(core, value=value) if value is None else core
    if run in ("一", "壹"):
        return _single_one(text, at, end)
    if run in ("二",) and not _AFTER_TWO.match(text, end):
        return None
    core = _with_unit(text, at, end, value, _HAN_UNIT)
    if core.unit or core.end > end:
        return None if _no_counter(text, run, core) else core
    return core if _counts_without_unit(text, at, run) else None


def _no_counter(text: str, run: str, core: _Core) -> bool:
    """三角, 五面, 十分: one numeral and a noun that only digits could count."""
    return len(run) == 1 and core.unit in (
        "角",
        "面",
        "分",
        "线",
        "方",
        "手",
        "路",
        "员",
        "重",
        "字",
        "度",
        "级",
        "平",
        "负",
    )


def _single_one(text: str, at: int, end: int) -> _Core | None:
    """一年, 一公里, 一人 count; 一个, 一种, 这一年, 最后一公里 do not."""
    if _MONTHS_OR_HOURS.match(text, end):
        return _with_unit(text, at, end, Decimal(1), _MEASURE_UNIT)
    unit = _MEASURE_UNIT.match(text, end)
    if not unit or unit["unit"] in ("度", "里", "码", "方", "里路", "周岁", "节", "担", "石", "兆", "安", "年级", "寸"):
        return None
    before = text[max(0, at - 2) : at]
    if _DETERMINER.search(before) or (before.endswith("的") and unit["unit"] == "天"):
        return None
    if text[unit.end() : unit.end() + 1] == "不":
        return None
    return _with_unit(text, at, end, Decimal(1), _MEASURE_UNIT)


def _counts_without_unit(text: str, at: int, run: str) -> bool:
    """Whether a bare numeral is a number: it has magnitudes inside (二十, 三千万), or is set free by its context."""
    before = text[max(0, at - 2) : at]
    if all(c in _HAN_DIGIT for c in run):
        return before.endswith("前") and len(run) == 1 and bool(_AT_BOUNDARY.match(text, at + 1))
    if run in ("百万", "千万", "十万"):
        return bool(_AMOUNT_BEFORE.search(before))
    if run[0] == "十" and len(run) <= 2 and run != "十亿":
        return before.endswith("前") and bool(_AT_BOUNDARY.match(text, at + len(run)))
    return len(run) > 1


# --- English -----------------------------------------------------------------------------------------------------

_EN_TAIL = rf"(?:(?:[- ]| and )(?:{_ENGLISH_WORDS})(?![A-Za-z])){{0,12}}"
_EN_NUMBER = _compile(
    rf"(?:(?:a|an) (?=hundred|thousand|million|billion|trillion|dozen)|(?={_ENGLISH_WORDS})"
    rf")(?:{_ENGLISH_WORDS})(?![A-Za-z]){_EN_TAIL}",
    re.IGNORECASE,
)
_EN_ORDINAL = _compile(
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?(?:{_ENGLISH_ORDINALS})(?![A-Za-z])",
    re.IGNORECASE,
)
_EN_UNIT = _compile(rf"[ -](?P<unit>{units.ENGLISH})(?![A-Za-z])", re.IGNORECASE)
_EN_DIGIT_UNIT = _compile(
    rf"(?P<ord>(?:st|nd|rd|th)(?![A-Za-z]))(?:[ -](?P<cent>century|quarter)(?![A-Za-z]))?|"
    rf"(?:[ -]?(?P<mag>million|billion|trillion|thousand|lakh|crore|bn|mn|tn|k|m)(?![A-Za-z0-9])"
    rf")?(?:[ -]?(?P<unit>{units.ENGLISH})(?![A-Za-z]))?",
    re.IGNORECASE,
)
_EN_MAGNITUDE = {"lakh": 5, "crore": 7, "bn": 9, "mn": 6, "tn": 12, "k": 3, "m": 6, **ENGLISH_MAGNITUDES}
_EN_FRACTION = _compile(
    rf"(?P<n>an?|one|two|three|four|five|six|seven|eight|nine)[ -](?P<d>half|"
    rf"quarter|{_ENGLISH_ORDINALS})s?(?![A-Za-z]| (?:past|final|finals|mile|party|parties|time|times)\b)",
    re.IGNORECASE,
)
_EN_OUT_OF = _compile(
    rf"(?P<n>\d{{1,3}}|(?:{_ENGLISH_WORDS})) (?:in|out of) (?:every )?(?P<d>\d{{1,3}}(?![\d.,%])"
    rf"|(?:{_ENGLISH_WORDS})(?![A-Za-z]))",
    re.IGNORECASE,
)
_EN_HALF = _compile(
    r"half(?= (?:of|the|its|their|all|his|her|our)\b)|half (?:an? )(?P<unit>million|"
    r"billion|trillion|century|dozen|year|hour|day|month|decade|mile)(?![A-Za-z])",
    re.IGNORECASE,
)
#: A half after one of these is a part of something, and so is a fifth: nearly half had learned, just under a third.
_EN_PART_HEDGED = _compile(
    r"\b(?:nearly|almost|about|around|roughly|approximately|over|under|below|above|than|exactly|only|barely|hardly|scarcely"
    r"|some|by)"
    r" \Z",
    re.IGNORECASE,
)
_EN_HALF_ALONE = _compile(
    r"half(?P<unit>)(?![A-Za-z-]"
    r"| (?:past|time|term|way|an?|brother|sister|price|board|day|dozen|hour|century|year|as|or)\b)",
    re.IGNORECASE,
)
#: Without a hedge a fifth is the fifth one, but for these words after it.
_EN_PART_FOLLOWED = _compile(
    r" of\b|[.,; ]*$|[.,;]"
    r"| (?:less|more|fewer|higher|lower|smaller|larger|bigger|cheaper|dearer|up|down|above|below|on (?:last|a) year"
    r"|as (?:many|much|large))\b",
    re.IGNORECASE,
)
_EN_VAGUE = _compile(
    r"(?:tens|dozens|hundreds|thousands|millions|billions)(?: of (?:thousands|"
    r"millions|billions|hundreds))?(?= of\b|[ ,.;])|several (?:hundred|thousand|"
    r"million|billion|dozen)s?(?![A-Za-z])",
    re.IGNORECASE,
)
_EN_MIXED = _compile(
    rf"(?P<n>\d{{1,3}}|(?:{_ENGLISH_WORDS})) and (?:an? (?P<part>half|quarter|third)|three[ -]quarters)(?![A-Za-z-])"
    rf"(?: (?P<mag>hundred|thousand|million|billion|trillion|dozen)(?![A-Za-z]))?"
    rf"(?:[ -](?P<unit>{units.ENGLISH})(?![A-Za-z]))?",
    re.IGNORECASE,
)
#: What is added to a whole; a third never ends.
_EN_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "third": None, "three quarters": Decimal("0.75")}
_EN_RANK_AFTER = _compile(
    r"[ -](?:largest|biggest|highest|lowest|most|best|quarter|century|place|"
    r"rank|edition|year|half of [12]\d{3})(?![A-Za-z])",
    re.IGNORECASE,
)
_EN_RANKED = _compile(r"(?:ranked|ranks|ranking|came|finished|placed|comes) \Z", re.IGNORECASE)
_CURRENCY_BEFORE = _compile(rf"{units.CURRENCY} ?\Z")


def english_digits(text: str, at: int) -> _Core | None:
    """1.2 billion, 45th, 35 per cent, 3.2 percentage points, $3.5m."""
    number = _NUMBER.match(text, at)
    tail = _EN_DIGIT_UNIT.match(text, number.end()) if number else None
    if not number or not tail or not tail[0]:
        return None
    value = read_digits(number[0])
    if tail["ord"]:
        return _Core(at, tail.end(), value, tail["cent"], ranges=False)
    magnitude = tail["mag"].lower() if tail["mag"] else None
    if magnitude == "m" and not _CURRENCY_BEFORE.search(text[max(0, at - 6) : at]):
        return None
    if magnitude:
        value = scaled(value, _EN_MAGNITUDE[magnitude])
    return _Core(at, tail.end(), value, _english_unit(tail["unit"]))


def _english_unit(unit: str | None) -> str | None:
    return "%" if unit and unit.lower() in ("percent", "per cent") else unit


def english_fraction(text: str, at: int) -> _Core | None:
    """Two thirds (no exact value), a quarter (0.25), half of, half a million."""
    if match := _EN_OUT_OF.match(text, at):
        part, whole = (Decimal(n) if n.isdigit() else read_english(n) for n in (match["n"], match["d"]))
        return _Core(at, match.end(), divided(part, whole), ranges=False) if part and whole and part < whole else None
    if match := _EN_FRACTION.match(text, at):
        d = match["d"].lower()
        common = d in ("half", "quarter", "third", "fifth", "tenth")
        of = text.startswith(" of ", match.end())
        article = match["n"].lower() in ("a", "an")
        hedged = _EN_PART_HEDGED.search(text[max(0, at - 16) : at])
        if d == "second" or (article and not common and not of and not hedged):
            return None
        if article and not hedged and not _EN_PART_FOLLOWED.match(text, match.end()):
            return None
        base = Decimal(2 if d == "half" else 4 if d == "quarter" else ENGLISH_ORDINALS[d])
        top = read_english("one" if article else match["n"])
        return _Core(at, match.end(), divided(top, base) if top else None, ranges=False)
    match = _EN_HALF.match(text, at)
    if not match and _EN_PART_HEDGED.search(text[max(0, at - 16) : at]):
        match = _EN_HALF_ALONE.match(text, at)
    if not match or text[at - 7 : at].lower().endswith(("second ", "first ", "other ", "-")):
        return None
    unit = (match["unit"] or "").lower()
    if unit in ENGLISH_MAGNITUDES:
        return _Core(at, match.end(), scaled(Decimal("0.5"), ENGLISH_MAGNITUDES[unit]), ranges=False)
    if unit == "dozen":
        return _Core(at, match.end(), Decimal(6), ranges=False)
    return _Core(at, match.end(), Decimal("0.5"), unit or None, ranges=False)


def english_mixed(text: str, at: int) -> _Core | None:
    """Two and a half years, one and a half million, three and a quarter."""
    match = _EN_MIXED.match(text, at)
    whole = (Decimal(match["n"]) if match["n"].isdigit() else read_english(match["n"])) if match else None
    if not match or whole is None:
        return None
    part, magnitude = _EN_PARTS[(match["part"] or "three quarters").lower()], (match["mag"] or "").lower()
    value = None if part is None else whole + part
    if value is not None and magnitude:
        value = value * 12 if magnitude == "dozen" else scaled(value, ENGLISH_MAGNITUDES[magnitude])
    return _Core(at, match.end(), value, _english_unit(match["unit"]), ranges=False)


def english_vague(text: str, at: int) -> _Core | None:
    """Hundreds of, tens of thousands, several hundred: no value."""
    match = _EN_VAGUE.match(text, at)
    return _Core(at, match.end(), ranges=False) if match else None


def english_rank(text: str, at: int) -> _Core | None:
    """ninth, twenty-first, the third largest; first, second and third alone are too often adverbs or names."""
    match = _EN_ORDINAL.match(text, at)
    value = read_english(match[0]) if match else None
    if not match or value is None:
        return None
    after = _EN_RANK_AFTER.match(text, match.end())
    if match[0].lower() in ("first", "second", "third") and not (after or _EN_RANKED.search(text[max(0, at - 9) : at])):
        return None
    unit = _EN_UNIT.match(text, match.end())
    if unit and unit["unit"].lower() in ("quarter", "century"):
        return _Core(at, unit.end(), value, unit["unit"], ranges=False)
    return _Core(at, match.end(), value, ranges=False)


def english_number(text: str, at: int) -> _Core | None:
    """twenty-six, three hundred and five, a dozen; one alone is a pronoun, one million and one year are figures."""
    match = _EN_NUMBER.match(text, at)
    if not match:
        return None
    words, value = match[0], None
    while words and (value := read_english(words)) is None:
        words = re.sub(r"(?:(?:[- ]| and )[A-Za-z]+|^[A-Za-z]+)$", "", words)
    if value is None:
        return None
    end = at + len(words)
    unit = _EN_UNIT.match(text, end)
    if words.lower() in ("one", "zero") and not (
        unit and unit["unit"].lower() not in ("day", "people", "person", "user", "times", "second")
    ):
        return None
    if not unit and text[end : end + 1] == "-":
        return None
    return _Core(at, unit.end() if unit else end, value, _english_unit(unit["unit"]) if unit else None)


# Order decides: names before numbers, whole dates before their parts, fractions before the numerals they hold.
_RULES: tuple[_Rule, ...] = (
    endless_run,
    plan_or_congress_name,
    alternating_idiom,
    weekday_name,
    generation_name,
    date_in_parts,
    alphanumeric_name,
    broken_number,
    elapsed_time,
    ordinal,
    quarter_of_year,
    doubling,
    chinese_fraction,
    tenths,
    clock_time,
    single_year,
    single_month,
    written_ratio,
    half,
    english_mixed,
    english_fraction,
    english_vague,
    english_rank,
    english_digits,
    digits_with_unit,
    vague_quantity,
    chinese_quantity,
    english_number,
)

# --- assembling --------------------------------------------------------------------------------------------------

_CONNECTOR = _compile(r" ?(?:-|~|至|到) ?|(?<=\d) to (?=\d)|(?<=[a-z]) to (?=[a-z])")
#: A level that something moved up to is no bound: inflation went up to 12%.
_MOVING = (
    *("shot", "added", "rose", "risen", "jumped", "soared", "grew", "grown"),
    *("go", "goes", "going", "went", "gone", "come", "comes", "came", "coming", "edged", "crept", "moved", "ticked"),
    *("inched", "climbed", "pushed", "it", "them"),
)
_NOT_MOVED = "".join(f"(?<!{verb} )" for verb in _MOVING)
_HEDGE_BEFORE = _compile(
    r"(?:(?<![最附临靠邻远亲逼就贴接将几])近|接近|将近|几近|(?:大约|大概|约莫|约)[为合]|大约|大概|约莫|"
    r"(?<![大节预签合条公契违邀纽制租解爽履])约|超过|超出|"
    r"(?<![中英反赶])超|逾|不足|不到|不满|未满|至少|最少|起码|最多|至多|不少于|"
    r"不低于|不超过|不多于|不高于|少于|多于|低于|高于|大于|小于|连续|"
    r"(?<![A-Za-z])(?:about|around|approximately|roughly|nearly|almost|(?:well "
    r"|just )?over|(?:well |just )?under|(?:no )?more than|"
    r"(?:no )?(?:less|fewer) than|at least|at most|"
    rf"barely|hardly|scarcely|(?:just )?(?:shy|short) of|"
    rf"{_NOT_MOVED}up to|close to|as many as|as much as|an estimated|some(?= \d)|above|below|exceeding)) ?\Z",
    re.IGNORECASE,
)
_SOME = _compile(r"(?<![A-Za-z])some \Z", re.IGNORECASE)
_SIGN = _compile(r"(?:(?<![A-Za-z0-9)）%-])-|(?<![正抱担胜自肩辜])负|零下)\Z")
_HEDGE_AFTER = _compile(
    r"(?<=分之[一二三四五六七八九十])(?:强(?![烈调势力化大])|弱(?![势化小]))|"
    r" ?(?:左右|上下(?!文)|以上|以下|以内|之内|之多|开外|有余|多(?=[的时后前，。、,]|"
    r"$))| (?:or (?:more|so|less|fewer)|and (?:above|over))(?![A-Za-z])",
    re.IGNORECASE,
)


#: Before the first of two figures that are no range: fell from 120 to 90, has climbed this year from 29.8 to 34.1.
_FROM = _compile(r"(?:\bfrom |[从從由])$")
_CHANGES_FROM = _compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|gr(?:ow|ows|own|ew|owing)|climb(?:s|ed|ing)?|up|"
    r"(?<!the )(?<!an )increas(?:e|es|ed|ing)|rais(?:e|es|ed|ing)|"
    r"lift(?:s|ed|ing)?|jump(?:s|ed|ing)?|doubl(?:e|es|ed|ing)|went|gone|goes|chang(?:e|es|ed|ing)|mov(?:e|es|ed|ing)|"
    r"widen(?:s|ed|ing)?|lengthen(?:s|ed|ing)?|expand(?:s|ed|ing)?|improv(?:e|es|ed|ing)|advanc(?:e|es|ed|ing)|"
    r"edg(?:e|es|ed|ing)|swell(?:s|ed|ing)?|swelled|swollen|surg(?:e|es|ed|ing)|"
    r"(?:tripl|quadrupl|accelerat|appreciat)(?:e|es|ed|ing)|(?:recover|rebound|soar|strengthen|extend)(?:s|ed|ing)?)"
    r"(?: (?!for|of|among|between)[a-z]+){0,4},? from (?:[^.;:]*\bfrom )?$",
    re.IGNORECASE,
)
_BY = _compile(r"\bby $")
_THOUSAND = 1000
_FAR, _FAR_OF_UNIT = 5, 20
"""How many times the first of a range the second may be, after by; with a unit of its own: cut by 5 to 50 per cent."""
_SCORE = _compile(
    r"\b(?:wins?|won|winning|los[est]+|beat(?:en)?|defeat(?:ed)?|carried|passed|led|vote[ds]?) [^.;]*by $"
)
#: Of what size something grows, and not from what to what: grows from 10 to 15 cm in length.
_IN_SIZE = _compile(r" ?(?:in (?:length|height|width|diameter)|long|tall|high|wide|above sea level)\b")
_SCALE_WORD = _compile(r"\b(?P<scale>thousand|million|billion|trillion)\b", re.IGNORECASE)
_YEARS = _compile(r"(?:1[5-9]|20)\d\d(?!\d|,\d|\.\d)")


def find_figures(text: str) -> list[Figure]:
    """Find every numeric expression of ``text``, in order and without overlap.

    The span holds the number with its unit, its sign or currency and its hedges (近, 约, 超过, 多, 左右, 连续,
    about, or more).

    ``value`` is the number in plain units: 9.89亿 is 989000000, 1.2 billion is 1200000000. Hedges do not change it:
    近九成 has value 9 (see :func:`is_approximate`). It is None where no single exact number is said: ranges (3-5倍),
    vague numbers (上百家, 几十, 七八个), dates and times of several parts, ratios (3:1) and fractions that never end
    (三分之二; but 四分之三 is 0.75).

    ``unit`` is as written, folded to simplified and half width, classifier included: 个百分点, 元, 千瓦时, 家.
    Percentages all have the unit %, whether written 70%, 百分之七十 or 70 per cent, with value 70; 九成 has value 9
    and unit 成; 千分之三 has value 3 and unit ‰. Money with a symbol before it has the symbol as unit ($3.5m: $).
    """
    folded = fold(text)
    return list(_figures(text, folded))


def _figures(text: str, folded: str) -> Iterator[Figure]:
    at = last = 0
    while start := _START.search(folded, at):
        core = _first_core(folded, start.start())
        if core is None:
            at = start.start() + 1 if not start[0][0].isascii() else start.end()
            continue
        if core.name:
            at = last = core.end
            continue
        core = _joined_range(folded, core)
        figure = _with_surroundings(text, folded, core, last)
        yield figure
        at = last = figure.end


def _first_core(folded: str, at: int) -> _Core | None:
    return next((core for rule in _RULES if (core := rule(folded, at))), None)


def _joined_range(folded: str, core: _Core) -> _Core:
    """Join 3-5倍, 5%至8%, 2016年至2020年 into one core without a value; the unit is the last one's."""
    while core.ranges and (connector := _CONNECTOR.match(folded, core.end)):
        if connector.end() >= len(folded) or not _START.match(folded, connector.end()):
            break
        other = _first_core(folded, connector.end())
        if not other or other.name or not other.ranges or other.start != connector.end():
            break
        if core.unit and other.unit and core.unit != other.unit:
            break
        if _is_change(folded, core, other):
            break
        in_parts = core.value is None and core.unit is None
        core = _Core(core.start, other.end, None, None if in_parts else other.unit)
    return core


def _is_change(folded: str, core: _Core, other: _Core) -> bool:
    """Whether two figures that a range may join are none: fell from 120 to 90 tonnes, rose by 96,000 to 6.32 million.

    In a range the first is the lesser, and not by far.
    """
    if core.value is None or other.value is None:
        return False
    before, was = folded[max(0, core.start - 60) : core.start], core.value
    scale = _SCALE_WORD.search(folded, other.start, other.end)
    if scale and was < _THOUSAND and not _SCALE_WORD.search(folded, core.start, core.end):
        was = scaled(was, ENGLISH_MAGNITUDES[scale["scale"].lower()])  # from 120 to 90 million
    rises = was < other.value
    if _YEARS.match(folded, core.start) and (other.unit is None or not rises):
        return not rises and " to " in folded[core.end : other.start + 1]  # from 71% in 2018 to 63%
    if _BY.search(before):
        far = _FAR if other.unit is None else _FAR_OF_UNIT
        return not _SCORE.search(before) and (other.value > far * was or not rises)
    if not _FROM.search(before):
        return False
    return not rises or bool(_CHANGES_FROM.search(before) and not _IN_SIZE.match(folded, other.end))


def _with_surroundings(text: str, folded: str, core: _Core, last: int) -> Figure:
    start, end, value, unit = core.start, core.end, core.value, core.unit
    start = max(start, last)

    def take(pattern: re.Pattern[str]) -> str:
        match = pattern.search(folded[max(last, start - 16) : start])
        return match[0] if match else ""

    sign = take(_SIGN)
    currency = ""
    if not sign:
        currency = take(_CURRENCY_BEFORE)
        start -= len(currency)
        sign = take(_SIGN)
    # 米-24 is a name: after a Chinese character a lone hyphen is a minus only before a measured number.
    glued = (
        sign == "-"
        and folded[start - 2 : start - 1] >= "\u4e00"
        and unit is None
        and value is not None
        and value == value.to_integral_value()
    )
    if sign and not glued and (sign != "-" or value is not None):
        start -= len(sign)
        value = -value if value is not None else None
    if currency and unit is None:
        unit = currency.strip()
    for _ in range(2):
        start -= len(take(_HEDGE_BEFORE)) or len(take(_SOME))
    if after := _HEDGE_AFTER.match(folded, end):
        end = after.end()
    return Figure(text[start:end], start, end, value, unit)


def _is_bare_integer(value: Decimal | None, unit: str | None) -> bool:
    return unit is None and value is not None and value == value.to_integral_value()


# --- reading a figure --------------------------------------------------------------------------------------------

_VAGUE_TEXT = _compile(
    r"[近约超逾余多来几]|(?<!半)数|上(?![个世午])(?<!晚上)(?<!早上)|左右|不足|不到|不满|未满|至少|最少|起码|最多|至多|"
    r"不少|不低|不高|少于|于|以下|以内|之内|开外|过半|"
    r"分之.[强弱]|"
    r"(?:about|around|approximately|roughly|nearly|almost|barely|hardly|scarcely|shy of|short of|over|under|than|least|"
    r"most|up to|close|as many|as much|estimated|some|or|above|below|"
    r"several|tens|dozens|hundreds|thousands|millions|billions)\b",
    re.IGNORECASE,
)


def is_approximate(figure: Figure) -> bool:
    """Whether the number is said only roughly (近九成, 2万多, 上百家), as a bound (20岁以上) or as a range (3-5倍)."""
    kind = figure_kind(figure)
    if kind == "rank":
        return False
    if _VAGUE_TEXT.search(fold(figure.text)):
        return True
    return (
        figure.value is None
        and kind not in ("date", "time", "ratio", "rank")
        and not any(two_units.search(fold(figure.text)) for two_units in _IN_TWO_UNITS)
    )


_DATE_TEXT = _compile(
    rf"{_Y4} ?年|{_ERA}|\d{{3,4}} ?年.?\d{{3,4}} ?年|月份?(?:$|[\d初廿{_HAN}])|世纪|年代|季度|"
    rf"\d0s$|FY|^[QH][1-4]|\d (?:BCE?|CE|AD)$|{_MONTHS}|quarter (?!past|to)|century|\d[12]?/\d+/",
    re.IGNORECASE,
)
_DATE_IN_DIGITS = _compile(r"[12]\d{3}(?:[-/]\d|\.\d{1,2}\.\d)")
_TIME_TEXT = _compile(
    rf"{_CLOCK}|[\d{_HAN}] ?[时点](?:$|[\d{_HAN}半整钟])|[ap]\.?m\.?$|o'clock|{_DAYPART_AFTER}$"
    r"|(?:\w past|quarter to) [a-z]+$"
)
_RATIO_TEXT = _compile(
    r"分之|[/:比]|half|半|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?"
    r"|\w (?:in|out of) (?:every )?\w",
    re.IGNORECASE,
)


def figure_kind(figure: Figure) -> FigureKind:
    """Say what kind of question the figure can answer: 哪一年 date, 几点 time, 几年 duration, 第几 rank.

    ``points`` are percentage points, ``multiple`` is 倍 and times, ``ratio`` a fraction or proportion, ``count``
    anything with a classifier or people, ``number`` a number without a unit.
    """
    text, unit = fold(figure.text), figure.unit
    for decides in (
        _kind_of_rank,
        partial(_kind_of_date, unit),
        partial(_kind_of_unit, unit),
        _kind_of_time,
        partial(_kind_without_unit, figure),
    ):
        kind = decides(text)
        if kind:
            return kind
    return "count" if unit else "number"


def _kind_of_rank(text: str) -> FigureKind | None:
    if "第" in text and "季度" not in text and "世纪" not in text:
        return "rank"
    if re.search(r"\d(?:st|nd|rd|th)$", text, re.IGNORECASE) or _EN_ORDINAL.fullmatch(text):
        return "rank"
    return None


def _kind_of_date(unit: str | None, text: str) -> FigureKind | None:
    if unit is None and _DATE_IN_DIGITS.match(text):  # 2021-3, and not 1500-2000人
        return "date"
    return "date" if _DATE_TEXT.search(text) and "个" not in text else None


def _kind_of_time(text: str) -> FigureKind | None:
    if _ELAPSED.search(text) or _ELAPSED_ENGLISH.search(text):
        return "duration"
    if _OLD_LENGTH.search(text):
        return "measure"
    return "time" if _TIME_TEXT.search(text) else None


#: Points of an index rather than an hour: 3261.56点, 312点.
_POINTS = _compile(r"\d{3}|\d[.,]\d|(?:2[5-9]|[3-9]\d)点")


def _kind_of_unit(unit: str | None, text: str) -> FigureKind | None:
    if unit is None:
        return None
    if re.fullmatch(units.CURRENCY, unit):
        return "money"
    if unit == "点" and _POINTS.search(text):
        return "number"
    for kind, pattern in units.ENGLISH_KINDS:
        if pattern.fullmatch(unit.lower()):
            return kind  # type: ignore[return-value]
    head = unit.split("/")[0]
    return units.KIND_OF_UNIT.get(unit) or units.KIND_OF_UNIT.get(head)  # type: ignore[return-value]


def _kind_without_unit(figure: Figure, text: str) -> FigureKind | None:
    if figure.unit is not None:
        return None
    if re.fullmatch(r"[12]\d{3}(?:-[12]?\d{2,3})?", text):
        return "date"
    return "ratio" if _RATIO_TEXT.search(text) else None


__all__ = ["FigureKind", "figure_kind", "find_figures", "find_gaps", "is_approximate"]
