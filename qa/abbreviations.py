"""Abbreviations and what they stand for: GDP is 生产总值, EPS earnings per share, 归母净利润 归属于股东的净利润.

General usage of statistics offices, companies and markets, and what a report itself declares: Office for Budget (OB).
Who asks shortens what a report spells out, and the other way round; the reader compares characters and knows neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from index.folding import fold, has_han

_CHINESE = {
    "生产总值": r"(?<![a-z])gdp(?![a-z])",
    "居民消费价格": r"(?<![a-z])cpi(?![a-z])",
    "工业生产者出厂价格": r"(?<![a-z])ppi(?![a-z])",
    "采购经理指数": r"(?<![a-z])pmi(?![a-z])",
    "研究与试验发展": r"(?<![a-z])r&d(?![a-z])",
    "首次公开募股": r"(?<![a-z])ipo(?![a-z])",
    "外商直接投资": r"(?<![a-z])fdi(?![a-z])",
    "广义货币": r"(?<![a-z每/])m2(?![a-z\d])",
    "人工智能": r"(?<![a-z])ai(?![a-z])",
    "电动汽车": r"(?<![a-z])ev(?![a-z])",
    "新能源汽车": r"(?<![a-z])nev(?![a-z])|新能源车",
    "成交总额": r"(?<![a-z])gmv(?![a-z])|商品交易总额",
    "月活跃用户": r"(?<![a-z])mau(?![a-z])|月活(?![跃动])(?:用户)?",
    "日活跃用户": r"(?<![a-z])dau(?![a-z])|日活(?![跃动])(?:用户)?",
    "每股收益": r"(?<![a-z])eps(?![a-z])|每股盈利|每股盈余",
    "净资产收益率": r"(?<![a-z])roe(?![a-z])",
    "二氧化碳": r"(?<![a-z])co2(?![a-z\d])",
    "细颗粒物": r"(?<![a-z])pm2\.5(?!\d)",
    "物联网": r"(?<![a-z])iot(?![a-z])",
    "第一产业": r"(?<![第统单唯])一产(?=增加值|占|比重|增速|产值|的|$)",
    "第二产业": r"(?<![第统单唯])二产(?=增加值|占|比重|增速|产值|的|$)",
    "第三产业": r"(?<![第统单唯])三产(?=增加值|占|比重|增速|产值|的|$)",
    "社会消费品零售总额": r"社零(?:总额)?",
    "固定资产投资": r"固投",
    "规模以上": r"规上(?=工业|企业|服务业|文化|$)",
    "限额以上": r"限上(?=单位|企业|零售|批发|餐饮|住宿|消费|商贸|$)",
    "营业收入": r"(?<![经主自运])营收(?![入费取])",
    "归属于股东的": r"归母",
    "扣除非经常性损益的": r"扣非后?",
}
"""Full names, each with the pattern of its short forms and what may not stand beside them, where they are a part of
other words: 第三产业, 统一产权, 提高企业, 利率高企."""

_ENGLISH = {
    "gross domestic product": "gdp",
    "gross national income": "gni",
    "consumer prices": r"cpi(?: inflation)?|consumer price (?:index|inflation)",
    "producer prices": r"ppi|producer price (?:index|inflation)",
    "retail prices": r"rpi|retail price (?:index|inflation)",
    "purchasing managers' index": r"pmi|purchasing managers?’? index",
    "foreign direct investment": "fdi",
    "official development assistance": "oda",
    "earnings per share": "eps",
    "dividend per share": "dps",
    "research and development": "r&d",
    "capital expenditure": r"capex|capital spending",
    "operating expenses": r"opex|operating expenditure",
    "return on equity": "roe",
    "return on assets": "roa",
    "return on capital employed": "roce",
    "net interest margin": "nim",
    "net asset value": "nav",
    "non-performing loans": r"npls?|non-performing loan",
    "loan to value": r"ltv|loan-to-value",
    "assets under management": "aum",
    "profit before tax": r"pbt|pre-?tax profits?",
    "net profit": "npat",
    "mergers and acquisitions": "m&a",
    "initial public offering": r"ipos?|initial public offerings",
    "gross merchandise volume": r"gmv|gross merchandise value",
    "average revenue per user": "arpu",
    "monthly active users": r"maus?",
    "daily active users": r"daus?",
    "value added tax": r"vat|value-added tax",
    "small and medium-sized enterprises": r"smes?|small and medium(?:-sized)? (?:enterprise|businesse|firm)s?",
    "non-governmental organisations": r"ngos?|non-governmental organi[sz]ations?",
    "greenhouse gas": r"ghg|greenhouse gases",
    "carbon dioxide": "co2",
    "artificial intelligence": "ai",
    "information and communication technology": r"ict|information and communications technology",
    "electric vehicles": r"evs?|electric vehicle",
    "battery electric vehicles": r"bevs?|battery-electric vehicles?",
    "heavy goods vehicles": r"hgvs?",
    "internally displaced people": r"idps?|internally displaced persons",
    "intensive care": r"icu",
    "labour force participation rate": r"lfpr|labor force participation rate",
    "total fertility rate": "tfr",
    "chief executive": r"ceo|chief executive officer",
    "year on year": r"yoy|y/y|year-on-year",
    "quarter on quarter": r"qoq|q/q|quarter-on-quarter",
    "month on month": r"m/m|month-on-month",
    "European Union": "eu",
    "United Kingdom": r"uk|u\.k\.",
}
"""The same in English."""


_ALSO_CHINESE = {
    "生产总值": "经济总量",
    "人均可支配收入": "人均收入",
    "营业收入": "营业额",
    "净利润": r"净利(?![润率])",
    "员工总数": "员工人数|职工人数|职工总数|雇员人数|员工数",
    "总人口": "人口总[量数]",
    **{f"第{n}代移动通信": rf"(?<![a-z\d.]){i}g(?![a-z\d])" for i, n in enumerate("三四五六", 3)},
}
_ALSO_ENGLISH = {
    "consumer prices": "(?<!price )(?<!wage )(?<!food )(?<!rent )(?<!core )(?<!asset )inflation"
    r"(?! (?:report|target|expectation)s?)",
    "net profit": r"net income|net earnings|profit for the (?:year|period)|profit after tax",
    "operating profit": "operating income",
    "revenue": "revenues|net sales"
    "|(?<!staff )(?<!labour )(?<!labor )(?<!tourist )(?<!share )(?<!stock )(?<!inventory )(?<!asset )turnover(?! rate)",
    "employees": "headcount",
    "unemployment rate": "jobless rate",
    "house prices": "home prices|housing prices|property prices",
    "deaths": "fatalities",
    **{f"{n} generation": f"{n}-generation|{i}g" for i, n in enumerate(("third", "fourth", "fifth", "sixth"), 3)},
}
"""Other names, each taken for the first only where a text has but one of them: no abbreviations to be written out."""


class _Term(NamedTuple):
    """A full name, the pattern of its short forms, and that of all its forms."""

    full: str
    short: re.Pattern[str]
    forms: re.Pattern[str]


def _word(pattern: str) -> str:
    return rf"(?<![a-z&-])(?:{pattern})(?![a-z&])"


def _term(full: str, short: str, also: str) -> _Term:
    """Return a term; ``short`` and ``also`` may be empty."""
    names = [re.escape(fold(full)), *filter(None, (short, also))]
    word = _word if full.isascii() else "(?:{})".format
    return _Term(full, re.compile(word(short or r"(?!)")), re.compile("|".join(map(word, names))))


def _terms(abbreviated: Mapping[str, str], also: Mapping[str, str]) -> list[_Term]:
    return [_term(full, abbreviated.get(full, ""), also.get(full, "")) for full in {**abbreviated, **also}]


_TERMS = {True: _terms(_CHINESE, _ALSO_CHINESE), False: _terms(_ENGLISH, _ALSO_ENGLISH)}


def spelled_out(question: str, text: str = "", declared: Sequence[_Term] = ()) -> str:
    """Put each abbreviation or full name in the form that ``text`` has; an abbreviation it has not is written out.

    ``declared`` are the abbreviations that the report explains itself.
    """
    folded, folded_question = fold(text), fold(question)
    for term in (*_TERMS[has_han(question)], *declared):
        asked = list(term.forms.finditer(folded_question))
        if not asked:
            continue
        used = {form[0]: text[slice(*form.span())] for form in term.forms.finditer(folded)}
        for match in reversed(asked):
            if match[0] not in used and (used or term.short.fullmatch(match[0])):
                form = next(iter(used.values()), term.full)
                question = question[: match.start()] + form + question[match.end() :]
        folded_question = fold(question)
    return question


def with_full_names(question: str) -> str:
    """Return a question to search with: as asked, then what its abbreviations stand for."""
    folded = fold(question)
    full = [term.full for term in _TERMS[has_han(question)] if term.short.search(folded)]
    return " ".join([question, *full])


_DECLARED = re.compile(
    r"(?<![\w'’&-])(?P<words>(?:[A-Za-z][\w'’&-]*,? ){1,8})\((?:the )?[\"“]?(?P<short>[A-Z][A-Za-z&]+[A-Z])s?[\"”]?\)"
)
_WORDS = frozenset(
    {*("who", "are", "was", "can", "has", "had", "may", "all", "any", "but", "for", "how", "its", "not", "now", "one")}
    | {*("out", "our", "per", "the", "two", "use", "why", "you")}
)
"""Short English words, which an abbreviation may be spelled like: WHO."""
_SMALL = frozenset({"of", "and", "the", "for", "in", "on", "to", "&"})


def declared_in(texts: Iterable[str]) -> list[_Term]:
    """Return the abbreviations that English texts explain: the Office for National Statistics (ONS)."""
    found = {
        m["short"]: name
        for text in texts
        for m in _DECLARED.finditer(text)
        if m["short"].lower() not in _WORDS and (name := _spelled(m["words"], m["short"]))
    }
    return [_term(name, re.escape(fold(short)), "") for short, name in found.items()]


def _spelled(words: str, short: str) -> str | None:
    """Return the end of ``words`` whose initials are ``short``, small words counting or not."""
    split = words.replace(",", "").split()
    for first in range(len(split) - 1, -1, -1):
        name = split[first:]
        initials = "".join(part[0] for word in name for part in word.split("-") if part)
        capitals = "".join(part[0] for word in name if word.lower() not in _SMALL for part in word.split("-") if part)
        if short.lower() in (initials.lower(), capitals.lower()) and name[0].lower() not in _SMALL:
            return " ".join(name)
    return None
