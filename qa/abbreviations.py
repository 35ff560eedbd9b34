"""Abbreviations of Chinese reports and what they stand for: GDP is 生产总值, 归母净利润 归属于股东的净利润.

General usage of statistics offices, companies and markets. Who asks shortens what a report spells out, and the other
way round.
"""

from __future__ import annotations

import re

from index.folding import fold, has_han

#: Each with what may not stand beside it, where it is a part of other words: 第三产业, 统一产权, 提高企业, 利率高企.
_FULL_NAMES = {
    r"(?<![a-z])gdp(?![a-z])": "生产总值",
    r"(?<![a-z])cpi(?![a-z])": "居民消费价格",
    r"(?<![a-z])ppi(?![a-z])": "工业生产者出厂价格",
    r"(?<![a-z])pmi(?![a-z])": "采购经理指数",
    r"(?<![a-z])r&d(?![a-z])": "研究与试验发展",
    r"(?<![a-z])ipo(?![a-z])": "首次公开募股",
    r"(?<![第统单唯])一产(?=增加值|占|比重|增速|产值|的|$)": "第一产业",
    r"(?<![第统单唯])二产(?=增加值|占|比重|增速|产值|的|$)": "第二产业",
    r"(?<![第统单唯])三产(?=增加值|占|比重|增速|产值|的|$)": "第三产业",
    r"社零(?:总额)?": "社会消费品零售总额",
    r"固投": "固定资产投资",
    r"规上(?=工业|企业|服务业|文化|$)": "规模以上",
    r"限上(?=单位|企业|零售|批发|餐饮|住宿|消费|商贸|$)": "限额以上",
    r"(?<![经主自运])营收(?![入费取])": "营业收入",
    r"归母": "归属于股东的",
    r"扣非后?": "扣除非经常性损益的",
}
_ABBREVIATION = re.compile("|".join(f"({pattern})" for pattern in _FULL_NAMES), re.IGNORECASE)
_NAMES = list(_FULL_NAMES.values())


def spelled_out(question: str, text: str = "") -> str:
    """Write out the abbreviations in a Chinese question, but for those that ``text`` uses itself."""
    if not has_han(question):
        return question
    used = fold(text)
    return _ABBREVIATION.sub(lambda m: m[0] if m[0].lower() in used else _full_name(m), question)


def with_full_names(question: str) -> str:
    """Return a question to search with: as asked, then what its abbreviations stand for."""
    if not has_han(question):
        return question
    return " ".join(dict.fromkeys([question, *map(_full_name, _ABBREVIATION.finditer(question))]))


def _full_name(match: re.Match[str]) -> str:
    return _NAMES[(match.lastindex or 1) - 1]
