"""Abbreviations of Chinese reports and what they stand for: GDP is 生产总值, 归母净利润 归属于股东的净利润.

General usage of statistics offices, companies and markets. Who asks shortens what a report spells out, and the other
way round.
"""

from __future__ import annotations

import re

from index.folding import fold, has_han

_FULL_NAMES = {
    "gdp": "生产总值",
    "cpi": "居民消费价格",
    "ppi": "工业生产者出厂价格",
    "pmi": "采购经理指数",
    "r&d": "研究与试验发展",
    "ipo": "首次公开募股",
    "一产": "第一产业",
    "二产": "第二产业",
    "三产": "第三产业",
    "社零总额": "社会消费品零售总额",
    "社零": "社会消费品零售总额",
    "固投": "固定资产投资",
    "规上": "规模以上",
    "限上": "限额以上",
    "营收": "营业收入",
    "归母": "归属于股东的",
    "扣非后": "扣除非经常性损益的",
    "扣非": "扣除非经常性损益的",
    "高企": "高新技术企业",
    "低保": "最低生活保障",
}
_ABBREVIATION = re.compile("|".join(map(re.escape, _FULL_NAMES)), re.IGNORECASE)


def spelled_out(question: str, text: str = "") -> str:
    """Write out the abbreviations in a Chinese question, but for those that ``text`` uses itself."""
    if not has_han(question):
        return question
    used = fold(text)
    return _ABBREVIATION.sub(lambda m: m[0] if m[0].lower() in used else _FULL_NAMES[m[0].lower()], question)


def with_full_names(question: str) -> str:
    """Return a question to search with: as asked, then what its abbreviations stand for."""
    if not has_han(question):
        return question
    return " ".join(dict.fromkeys([question, *(_FULL_NAMES[m.lower()] for m in _ABBREVIATION.findall(question))]))
