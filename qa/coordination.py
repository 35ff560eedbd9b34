"""Split a question that asks for several quantities: 出口额和进口额各是多少, "What were revenue and operating profit?".

What is split is grammar, not vocabulary: clauses that each ask, names before 分别, 各 and "respectively", and nouns
that all end like quantities. 北京和上海有多少家企业 may ask for the sum and stays whole, as 乡镇和县城的渗透率 does:
nearly all such among the training questions ask for one figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.folding import fold, has_han, to_simplified
from qa.questions import ENGLISH_HEADS, HEADS, understand

#: Parts of a question that are answered.
MAX_PARTS = 4

_ASKS = r"多少|几(?!乎)|多[大高长远重久深宽快]|第几|何时|什么时候|哪一?年"
_NOT = re.compile("而?(?:不是|非)")
_CLAUSES = (  # English without its mark may be taken for a heading.
    (r"[，,；;？?、]", _ASKS, ""),
    (r",? and (?=(?:how|what|when)\b)|\?", r"\b(?:how|what|when)\b", "?"),
)


def parts(text: str) -> tuple[str, ...]:
    """Return the parts of a question, in order; the later ones may lean on the first. Most have one part."""
    nouns = _nouns_chinese(text) if has_han(text) else _nouns_english(text)
    if len(nouns) > 1 and understand(text).asks_figure:  # causes and consequences are told together
        return tuple(nouns[:MAX_PARTS])
    return tuple(_clauses(text)[:MAX_PARTS]) or (text,)


def _clauses(text: str) -> list[str]:
    for separator, asks, mark in _CLAUSES:
        pieces = [p.strip() + mark for p in re.split(separator, text, flags=re.IGNORECASE) if p.strip()]
        if len(pieces) > 1 and all(re.search(asks, fold(p)) and not _NOT.match(p) for p in pieces):
            return pieces
    return []


# Chinese

_QUANTITY_CHINESE = re.compile(rf"(?:{HEADS}|[额量数值率度]|支出|费用|人口|均价)$")
#: What joins nouns, where it is no syllable of a word: 普及率, 参与, 共和国, 和平.
_AND = re.compile(
    r"、|以及|(?<![普涉危波遍推以])及(?![格时其以])|(?<![共总饱缓中温平])和(?![平谐睦解气])|(?<!参)与(?![会否])"
)
_EACH = re.compile(rf"^(?P<nouns>.+?)(?:分别|各自?)(?P<asking>.*(?:{_ASKS}|百分之几|[？?]?$).*)$")
_BARE = re.compile(rf"^(?P<nouns>[^？?，,]+?)(?P<asking>(?:[是为有]|达到?)?(?:{_ASKS})?[？?]?)$")
_SCOPE = re.compile(r".*(?:的|\d年度?|[，,])(?=.)")
#: A quantity of a quantity: 出口额和进口额增速 are two rates of growth.
_OF_QUANTITIES = re.compile(r"(?:同比|环比)?(?:增速|增幅|增长率|占比|比重|排名)$")
#: What makes one quantity of two.
_TOGETHER = re.compile(r"[一总]共|共(?=[有计达为是]?(?:多少|几))|合计|之[和差比]|差额|差了?多少|相加")
_LONGEST_NOUN = 16


def _nouns_chinese(text: str) -> list[str]:
    """Split at the nouns before 分别 or 各; without those, only where all end like quantities."""
    plain = to_simplified(text)  # of the same length
    each = _EACH.match(plain)
    match = each or _BARE.match(plain)
    if not match or _TOGETHER.search(plain):
        return []
    end = match.end("nouns")
    scope = found.end() if (found := _SCOPE.match(plain, 0, (_AND.search(plain, 0, end) or match).start())) else 0
    joints: list[tuple[int, int]] = []
    for joint in _AND.finditer(plain, scope, end):  # 呼和浩特 is one name
        begun = joints[-1][1] if joints else scope
        if joint[0] == "、" or joint.start() - begun > 1 or plain[begun] in "男女":
            joints.append(joint.span())
    starts, ends = [scope, *(b for _, b in joints)], [*(a for a, _ in joints), end]
    nouns = [plain[a:b] for a, b in zip(starts, ends, strict=True)]
    if len(nouns) < 2 or not all(0 < len(n) <= _LONGEST_NOUN for n in nouns) or any("的" in n for n in nouns[:-1]):
        return []
    shared = _shared(nouns)
    if not each and (shared or not all(map(_QUANTITY_CHINESE.search, nouns))):
        return []
    tail = text[end - shared : end]
    asking = text[match.start("asking") :]
    first, *later = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    whole = [first + tail, *(noun + tail for noun in later[:-1]), later[-1]]
    return [f"{text[:scope]}{noun}{asking}" for noun in whole]


def _shared(nouns: Sequence[str]) -> int:
    """Return how many last characters of the last noun belong to all of them: 居民收入 in 城镇、农村居民收入."""
    before, last = nouns[-2:]
    if "的" in last:
        return len(last) - last.index("的")
    of_all = _OF_QUANTITIES.search(last)
    if of_all and _QUANTITY_CHINESE.search(last[: of_all.start()]) and not _OF_QUANTITIES.search(before):
        return len(of_all[0])
    for length in range(min(4, len(before), len(last)), 1, -1):
        one, other = before[-length:], last[:length]
        if one != other and (one[-1] == other[-1] or one[0] == other[0]):
            return len(last) - length
    if _QUANTITY_CHINESE.search(before):
        return 0
    first = len(before) if len(nouns) > 2 or len(before) < 2 else 2
    return max(0, len(last) - first) if has_han(last[:first]) else 0


# English

_RESPECTIVELY = re.compile(r",?\s*\b(?:respectively|each)\b(?=\s*[?？]?$)", re.IGNORECASE)
_WHAT = re.compile(
    r"^what (?P<verb>is|are|was|were) (?P<the>the )?(?P<nouns>[^?？]+? and [^?？]+?)"
    r"(?P<tail>(?:,? (?:in|for|during|at|by|last|this) .+| of (?=(?:the )?[A-Z]).+)?)[?？]*$",
    re.IGNORECASE,
)
_PREPOSITION = r"\b(?:in|for|of|at|by|among|from|during|last|this)\b"
_NAME = rf"(?:(?!{_PREPOSITION})[\w' -])+"
_NAMES = re.compile(
    rf"^(?P<lead>.+? {_PREPOSITION}) (?P<nouns>(?:{_NAME}, )*{_NAME},? and {_NAME}?)(?P<tail> {_PREPOSITION}.+)?$"
)
_ONE_OF_TWO = re.compile(r"\b(?:between|both|difference|ratio|combined|together|sum|gap)\b", re.IGNORECASE)
_QUANTITY = re.compile(rf"(?:\b(?:{ENGLISH_HEADS})|[^s\W]s)$", re.IGNORECASE)


def _nouns_english(text: str) -> list[str]:
    """Split "What were A and B?" where A and B are quantities, and "in A and B respectively"."""
    if _ONE_OF_TWO.search(text):
        return []
    bare = _RESPECTIVELY.sub("", text).rstrip("?？ ")
    each = bare != text.rstrip("?？ ")
    if match := _WHAT.match(bare):
        nouns = re.split(r",? and (?:the )?|, (?:the )?", match["nouns"])
        before, last, the = nouns[-2], nouns[-1], match["the"] or ""
        if all(_QUANTITY.search(n) for n in nouns):
            return [f"What {_verb(match['verb'], n)} {the}{n}{match['tail']}?" for n in nouns]
        plural = match["verb"].lower() in ("are", "were")
        if " " not in before and " " in last and plural and _QUANTITY.search(last):
            shared = last[last.index(" ") :]
            whole = [*(noun + shared for noun in nouns[:-1]), last]
            return [f"What {match['verb']} {the}{noun}{match['tail']}?" for noun in whole]
    if each and (match := _NAMES.match(bare)):
        names = re.split(r",? and |, ", match["nouns"].strip())
        return [f"{match['lead']} {name}{match['tail'] or ''}?" for name in names]
    return []


def _verb(verb: str, noun: str) -> str:
    """Return the verb that agrees with one noun of two: "were revenue and profit" asks what revenue was."""
    if noun.endswith("s"):
        return verb
    return {"are": "is", "were": "was"}.get(verb.lower(), verb)
