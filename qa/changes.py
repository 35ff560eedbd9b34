"""Whether a question asks how much something changed, and whether the words around a slot tell a change.

手机收入增长了多少 is not answered by 手机收入50.2亿元: that is a level. The reader, which looks for the subject of the
question, takes the level where its sentence gives no change.
"""

from __future__ import annotations

import re

from index.folding import fold, has_han
from qa.slots import Slot, SlottedPassage

_MOVE = (
    "增长|成长|增加|增多|下降|减少|提高|提升|上升|降低|上涨|下跌|回升|回落|扩大|缩小|收窄|上调|下调|攀升|下滑|萎缩|变化|变动"
    "|[增减升降涨跌]"
)
_ASKED = re.compile(
    rf"(?:{_MOVE})(?:了|的?是|为|有|达|率|幅度?|速度?)*(?:百分之)?(?:多少|几(?!年|月|天|次)|多大)|增速|增幅|降幅|涨幅|跌幅|增长率"
    r"|[比较].*[多少高低快慢长短重轻贵](?:了|出)?(?:多少|几)|相差|差[距额]"
)
_VERBS = "grow|rise|increase|fall|decline|drop|change|climb|shrink|decrease"
_ASKED_ENGLISH = re.compile(
    rf"\bby how (?:much|many)\b|\bhow (?:much|many|fast|far)\b.*\b(?:{_VERBS})\b"
    rf"|^(?!.*\b(?:did|does|do|will|would)\b).*\b(?:growth|(?:{_VERBS})) (?:in|of|on|rate)\b|\bgrowth\W*$"
    r"|\bhow (?:much|many|far)\b(?: [\w'-]+)? (?:more|fewer|less|higher|lower|bigger|smaller|longer|faster)\b"
)
#: Words near a figure that make it a change, a rate of change or a difference.
_TOLD = re.compile(rf"{_MOVE}|[多少高低快慢翻超差加延长短贵早晚幅]|便宜|提价|通胀|同比|环比|加快|放缓|净|折|[+−-]$")
_TOLD_ENGLISH = re.compile(
    r"\b(?:gr[eo]w|ris[ei]|rose|increas|decreas|fall|fell|declin|drop|chang|gain|jump|climb|shr[iau]nk|slid|slip|surg|add"
    r"|lost|los[eis]|edg|advanc|expan|contract|reduc|improv|soar|plung|tumbl|eas|doubl|tripl|halv|wors|cut|net|deepen|widen"
    r"|narrow|swell|swoll|dip|pick|retreat|rebound|recover|accelerat|slow|inflat)"
    r"|\b(?:up|down|more|fewer|less|higher|lower|by|better|extra|above|below|than|against|compared|faster|further)\b|points?\b|[+−-]$"
)
#: Where a clause ends, though not within a list of figures; and what is no clause of its own: 增速最快，达24.3%.
_CLAUSE = re.compile(r"[，。；！？\n]|[,.;:] (?![\d$£€])")
_NO_CLAUSE = re.compile(r"\s*(?:(?:为|是|约|近|逾|至|到|高|有|达|at|by|to|of|about|some|nearly|over) ?)*[$£€¥+−-]?")
#: What a change is held against in a clause of its own: 同比增长9.4%，而市场预期只有6%.
_HELD_AGAINST = re.compile(r"预期|预计|预测|目标|任务|计划|\b(?:expect|forecast|target|plan|predict|guid)")
_AFTER, _AFTER_LATIN = 8, 40
"""Characters after a figure in which a change may be told: 5%的增长, 3 per cent more."""


def asks_change(question: str) -> bool:
    """Whether the question asks how much something changed."""
    folded = fold(question)
    return bool((_ASKED if has_han(folded) else _ASKED_ENGLISH).search(folded))


def tells_change(passage: SlottedPassage, slot: Slot) -> bool:
    """Whether the clause of a slot, up to it and a little on, tells of a change; or the heads of its cell."""
    text, at = passage.chunk.text, slot.start - passage.chunk.start
    told, looked_at = (_TOLD, _AFTER) if has_han(text) else (_TOLD_ENGLISH, _AFTER_LATIN)
    if slot.heads:
        return bool(told.search(fold(" ".join(slot.heads))))
    begins = [0, *(m.end() for m in _CLAUSE.finditer(text, 0, at + 1) if m.end() <= at)]
    begin = begins.pop()
    own = fold(text[begin:at])
    if begins and (
        _HELD_AGAINST.search(own) or (_NO_CLAUSE.fullmatch(own) and not _slots_within(passage, begins[-1], begin))
    ):
        begin = begins[-1]
    end = slot.end - passage.chunk.start
    after = _CLAUSE.split(text[end : end + looked_at])[0]
    before = text[begin : at + 1] if slot.figure else text[begin:at]  # with the sign of -3.1
    return any(told.search(fold(said)) for said in (before, after))


def _slots_within(passage: SlottedPassage, start: int, end: int) -> bool:
    """Whether a slot begins between two places of a passage: 增长5%，达50.2亿元 tells a change, then the level."""
    return any(start <= slot.start - passage.chunk.start < end for slot in passage.slots)
