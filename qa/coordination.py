"""Split a question that asks for several quantities: 出口额和进口额各是多少, "What were revenue and operating profit?".

What is split is grammar, not vocabulary: clauses that each ask, names before 分别, 各 and "respectively", and nouns
that all end like quantities. 北京和上海有多少家企业 may ask for the sum and stays whole, as 乡镇和县城的渗透率 does:
nearly all such among the training questions ask for one figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.folding import fold, has_han, to_simplified
from qa.questions import ENGLISH_HEADS, HEADS, understand

#: Parts of a question that are answered.
MAX_PARTS = 4

_ASKS = r"多少|(?<![去近前这那好头])几(?!乎)|多[大高长远重久深宽快]|第几|何时|什么时候|哪一?年"
_ASKS_ENGLISH = r"\b(?:how|what|when)\b(?=.)"
#: What parts clauses, what asks, what a later clause may say instead, and the mark that English needs, where a clause
#: without it may be taken for a heading.
_CLAUSES = (
    (r"[，,；;？?、]", _ASKS, "呢[？?]?$", ""),
    (
        rf",? and (?={_ASKS_ENGLISH})|, (?={_ASKS_ENGLISH})|\?",
        _ASKS_ENGLISH,
        r"^(?:and (?:in|for|of|at|by|the)\b|what about\b)",
        "?",
    ),
)
#: A clause that asks nothing of its own: 而不是…, "when it was late".
_NOT = re.compile(r"而?(?:不是|非)|when (?!(?:is|are|was|were|do|does|did|has|have|had|will|can)\b)")
#: What asks of a thing that only the next clause names: how long and how heavy it is.
_ONLY_ASKS = re.compile(r"(?:how \w+|what|when)\W*")


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one of several things; ``alone``: the noun by itself, with nothing of what the others share."""

    text: str
    noun: str
    alone: bool = False


def parts(text: str) -> tuple[str, ...]:
    """Return the parts of a question, in order; the later ones may lean on the first. Most have one part."""
    return tuple(dict.fromkeys(part for clause in _clauses(text) for part in _nouns(clause)))[:MAX_PARTS]


def perhaps_parts(text: str) -> list[tuple[str, ...]]:
    """Return what a question falls into if it asks of each thing that an "and" joins, and not of both together.

    Grammar cannot tell, nor where the things begin and end: what the report gives may, a figure for each or one. The
    likeliest way comes first.
    """
    if _ONE_OF_TWO.search(text):
        return []
    if has_han(text):
        ways = [_nouns_chinese(text, sure=False, shared=shared) for shared in (None, 2, 0, 4)]
    else:
        ways = [_words_joined(text, *lengths) for lengths in ((1, 1), (2, 2), (1, 2), (2, 1))]
        ways.insert(1, _noun_phrases(text))
    return list(dict.fromkeys(tuple(way[:MAX_PARTS]) for way in ways if len(set(way)) == len(way) > 1))


def ways_of_each(text: str) -> list[tuple[Part, ...]]:
    """Return what a question that says "each" (各, 分别, respectively) may fall into, likeliest first.

    Grammar tells that several are asked for, not how much of the last noun is said of all of them: 城镇和农村居民收入
    are two incomes, 冷库和粮食总产量 stores and a harvest. Nothing for a question that says no such thing.
    """
    if len(_clauses(text)) > 1:
        return []
    if not has_han(text):
        ways = [_names(text), _noun_phrases(text)] if _RESPECTIVELY.search(_bare(text)) else []
        return [tuple(Part(part, part) for part in way[:MAX_PARTS]) for way in ways if len(set(way)) == len(way) > 1]
    each = _EACH.match(to_simplified(text))
    if not each:
        return []
    found: dict[tuple[str, ...], tuple[Part, ...]] = {}
    for shared in (None, 0, 2, 4):
        way = tuple(_nouns_chinese(text, shared=shared)[:MAX_PARTS])
        nouns = [_SCOPE.sub("", part[: len(part) - len(each["asking"])]) for part in way]
        alone = [shared == 0] * (len(way) - 1) + [False]
        if len(set(way)) > 1:
            found.setdefault(way, tuple(map(Part, way, nouns, alone)))
    return list(found.values())


def counts_itself(noun: str, before: str) -> bool:
    """Whether the noun, and no quantity of it, has the figure before which ``before`` stands: 冷库[共有]145座."""
    return bool(re.search(rf"{re.escape(to_simplified(noun))}{_HAS}$", to_simplified(before)))


def continues_list(noun: str, between: str) -> bool:
    """Whether a noun goes on the list of the figure before it, and shares its verb: 帐篷92万顶、睡袋61万个.

    ``between`` reaches from that figure to the noun's own.
    """
    return bool(
        re.fullmatch(rf"[^\W\d]{{0,3}}(?:、|以?及|[和与]){re.escape(to_simplified(noun))}", to_simplified(between))
    )


def _clauses(text: str) -> list[str]:
    for separator, asks, follows, mark in _CLAUSES:
        pieces = [p.strip() for p in re.split(separator, text, flags=re.IGNORECASE) if p.strip()]
        folded = list(map(fold, pieces))
        if (
            len(pieces) > 1
            and re.search(asks, folded[0])
            and all(re.search(f"{asks}|{follows}", piece) for piece in folded[1:])
            and not any(map(_NOT.match, folded))
            and not _ONLY_ASKS.fullmatch(folded[0])
        ):
            return [piece + mark for piece in pieces]
    return [text]


def _nouns(text: str) -> list[str]:
    rules = (_nouns_chinese,) if has_han(text) else ENGLISH_RULES
    found = next((nouns for rule in rules if len(nouns := rule(text)) > 1), [text])
    if len(found) == 1 or len(set(found)) < len(found):  # cash and cash equivalents
        return [text]
    whole = understand(text)
    return found if whole.asks_figure or not whole.sure else [text]  # causes and consequences are told together


# Chinese

_QUANTITY_CHINESE = re.compile(rf"(?:{HEADS}|[额量数值率]|(?<![季年])度|支出|费用|人口|均价)$")
#: What joins nouns, where it is no syllable of a word: 普及率, 参与, 共和国, 和平.
_JOINT = (
    r"(?:以及|(?<![普涉危波遍推以])及(?![格时以])|(?<![共总饱缓中温平])和(?![平谐睦解气])|(?<!参)与(?![会否]))"
    r"(?:其(?![他它中余]))?"
)
_AND = re.compile(f"、?{_JOINT}|、")
_AND_EACH = re.compile(f"[、，,]?(?:{_JOINT}|还有|跟|同(?![比期时樣样年月类類一步]))|[、，,]")
_EACH = re.compile(rf"^(?P<nouns>.+?)(?:分别|各自?)(?P<asking>.*(?:{_ASKS}|百分之几|[？?]?$).*)$")
_BARE = re.compile(rf"^(?P<nouns>[^？?，,]+?)(?P<asking>(?:[是为有]|达到?)?(?:{_ASKS})?[？?]?)$")
_PERIOD = re.compile(r"\d{4}年度?+(?![和与及跟同以、，,])")
_SCOPE = re.compile(r".*(?:的|\d年度?+|[，,])(?=.)")
#: A quantity of a quantity: 出口额和进口额增速 are two rates of growth, 出口额和增速 an amount and its growth.
_OF_QUANTITIES = re.compile(r"(?:同比|环比)?(?:增速|增幅|增长率|占比|比重|排名)$")
#: What makes one quantity of two, or compares them.
_TOGETHER = re.compile(r"[一总]共|共(?=[有计达为是]?(?:多少|几))|合计|之[和差比]|总和|加起来|差额|差了?多少|相加")
#: What compares two, unless each is asked for: 收入与支出比率, 出口额和去年比增速.
_COMPARED = re.compile(r"比[率值]|[和与跟同].{1,8}?(?<![占同环])比(?![重例])")
#: What 分别 and 各 may take apart by itself.
_OPPOSITES = {"男女": "男性、女性", "城乡": "城镇、乡村", "三次产业": "第一产业、第二产业、第三产业"}
#: A word that can be no half of one: Latin letters, a period.
_FIRST_WORD = re.compile(r"[A-Za-z]+|(?:\d+|[上下去今前全])?[一二三四]?(?:季度|半年|年度?|月份?)")
_LONGEST_NOUN = 16
#: What may stand between a noun and its own number.
_HAS = r"(?:总数|数量|共计?|合计|[已约达到为是有计至：:])*"


def _nouns_chinese(text: str, *, sure: bool = True, shared: int | None = None) -> list[str]:
    """Split at the nouns before 分别 or 各; without those, if it is to be ``sure``, only where all are quantities.

    ``shared`` is how many characters at the end belong to all of them, where that is not to be guessed.
    """
    plain = to_simplified(text)  # of the same length
    each = _EACH.match(plain)
    among = each["nouns"] if each else "" if sure else plain
    if not _AND_EACH.search(among) and (pair := re.search("|".join(_OPPOSITES), among)):
        text = text[: pair.start()] + _OPPOSITES[pair[0]] + text[pair.end() :]
        plain = to_simplified(text)
        each = _EACH.match(plain)
    match = each or _BARE.match(plain)
    if not match or _TOGETHER.search(plain) or (not each and _COMPARED.search(plain)):
        return []
    asking, asked = match.end("nouns"), text[match.start("asking") :]
    joints = _joints(plain[:asking], _AND_EACH if each or not sure else _AND)
    if not joints:
        return []
    scope = found.end() if (found := _SCOPE.match(plain, 0, joints[0][0])) else 0
    starts, ends = [scope, *(b for _, b in joints)], [*(a for a, _ in joints), asking]
    spans = _fused(plain, list(zip(starts, ends, strict=True)))
    nouns = [plain[a:b] for a, b in spans]
    if scope and "的" in nouns[-1] and _QUANTITY_CHINESE.search(nouns[0]):  # 甲县的损失率和乙县的产量
        spans[0] = (0, spans[0][1])
        return [text[a:b] + asked for a, b in spans]
    if len(nouns) < 2 or not all(0 < len(n) <= _LONGEST_NOUN for n in nouns) or any("的" in n for n in nouns[:-1]):
        return []
    shared = _shared(nouns) if shared is None else min(shared, len(nouns[-1]) - 1)
    if sure and not each and (shared or not all(map(_QUANTITY_CHINESE.search, nouns))):
        return []
    tail = text[asking - shared : asking]
    found_nouns = [text[a:b] for a, b in spans]
    for i, noun in enumerate(nouns):
        if i and _OF_QUANTITIES.fullmatch(noun):
            found_nouns[i] = found_nouns[i - 1] + found_nouns[i]
        elif i < len(nouns) - 1 and not noun.endswith(plain[asking - shared : asking]):
            found_nouns[i] += tail
    return [f"{text[:scope]}{noun}{asked}" for noun in found_nouns]


def _joints(plain: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where nouns are joined: 和 is none after a single character (呼和浩特), a comma only after a quantity."""
    found: list[tuple[int, int]] = []
    begun = period.end() if (period := _PERIOD.match(plain)) else 0
    for joint in pattern.finditer(plain):
        before = plain[begun : joint.start()]
        if joint[0] in "，," and not _QUANTITY_CHINESE.search(before):
            begun = joint.end()
        elif joint[0] == "、" or len(before) > 1 or before in ("男", "女"):
            found.append(joint.span())
            begun = joint.end()
    return found


def _fused(plain: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put a noun to the next where all the others end alike: 公共安全支出和社会保障和就业支出 are two."""
    ends = [plain[max(a, b - 2) : b] for a, b in spans]
    others = [i for i in range(len(spans)) if ends[i] != ends[-1]]
    if len(spans) < 3 or len(others) != 1 or not _QUANTITY_CHINESE.search(ends[-1]):
        return spans
    i = others[0]
    (start, end), (following, last) = spans[i : i + 2]
    if _QUANTITY_CHINESE.search(plain, start, end) or not re.fullmatch(_JOINT, plain[end:following]):
        return spans  # GDP、出口额和进口额 are three
    return [*spans[:i], (start, last), *spans[i + 2 :]]


def _shared(nouns: Sequence[str]) -> int:
    """Return how many last characters of the last noun belong to all of them: 居民收入 in 城镇、农村居民收入."""
    before, last = nouns[-2:]
    if of_total := re.search(r"占.+(?:比[重例]|份额|百分比)$", last):
        return len(last) - of_total.start()
    if before[-2:] == last[-2:]:
        return 0
    if "的" in last:
        return len(last) - last.index("的")
    of_all = _OF_QUANTITIES.search(last)
    if of_all and _QUANTITY_CHINESE.search(before):
        alone = of_all.start() == 0 or _OF_QUANTITIES.search(before)
        return 0 if alone or not _QUANTITY_CHINESE.search(last[: of_all.start()]) else len(of_all[0])
    if first := _FIRST_WORD.match(last):
        return len(last) - first.end()
    for length in range(min(4, len(before), len(last)), 1, -1):
        one, other = before[-length:], last[:length]
        if one != other and (one[-1] == other[-1] or one[0] == other[0]) and has_han(one[-1]):
            return len(last) - length
    if _QUANTITY_CHINESE.search(before):
        return 0
    return max(0, len(last) - (len(before) if len(nouns) > 2 or len(before) < 2 else 2))


# English

_RESPECTIVELY = re.compile(r",?\s*\b(?:respectively|each)$", re.IGNORECASE)
_PREPOSITION = r"\b(?:in|for|of|at|by|among|from|to|on|with|under|over|through|into|against|about|before|after|since)\b"
_SUM = re.compile(r"how (?:many|much)\b", re.IGNORECASE)
_ONE_OF_TWO = re.compile(
    r"\b(?:between|both|difference|combined|(?:al)?together|in total|gap|compared)\b", re.IGNORECASE
)
_QUANTITY = re.compile(
    rf"(?:\b(?:{ENGLISH_HEADS}|expenditure|spending|flow|debt|margin|turnover|output|cost|GDP)|[^s\W]s)$", re.IGNORECASE
)
_DETERMINER = re.compile("the ", re.IGNORECASE)
#: A name in a list: no preposition, which would begin something else.
_NAME = rf"(?:(?!{_PREPOSITION}|\b(?:during|last|this)\b)[\w' -])+"
_EACH_DOES = re.compile(
    r"^(?P<lead>.*?\b(?:do|did|are|were|have|had)) (?P<nouns>.+ and .+?)"
    r" each(?! (?:year|month|week|day|quarter|hour|season|time|other|one)\b)(?P<tail> .+)$",
    re.IGNORECASE,
)
_REPEATED = re.compile(rf"^(?P<lead>.+ (?P<word>{_PREPOSITION})) (?P<nouns>{_NAME} and )(?P=word) (?P<last>{_NAME})$")
_OF_QUANTITIES_ENGLISH = re.compile(
    r"^(?P<opener>what(?:'s| is| are| was| were)|how (?:much|high|large|low|big) (?:is|are|was|were)"
    r"|(?:please )?(?:tell|give|show) me) "
    r"(?P<nouns>[^?]+? and [^?]+?)(?P<tail>(?:,? (?:in|for|during|at|by|last|this) .+)?)$",
    re.IGNORECASE,
)
_OF_NAMES = re.compile(
    rf"^(?P<lead>.+? {_PREPOSITION}) (?P<nouns>(?:{_NAME}, )*{_NAME},? and {_NAME}?)"
    rf"(?P<tail>(?: (?:{_PREPOSITION}|during|last|this).+)?)$"
)
_SEVERAL_OF = re.compile(r"what (?:are|were) [^,]*s (?:of|for)$", re.IGNORECASE)
_SHARES = r"(?:shares|percentages|proportions|rates)"
_SHARES_OF = re.compile(rf"what (?:are|were) (?:the )?{_SHARES} (?:of|for)$", re.IGNORECASE)
_SHARES_WERE = re.compile(
    rf"^(?P<lead>what {_SHARES}(?: of .+?)? (?:are|were)) (?P<nouns>{_NAME}(?:, {_NAME})*,? and {_NAME})$",
    re.IGNORECASE,
)


_JOINED = re.compile(r",? (?:and(?: also)?|as well as|plus|&) ", re.IGNORECASE)
_ENDS_WORD = re.compile(r"[?,.;]")


def _words_joined(text: str, before: int, after: int) -> list[str]:
    """Split at the first "and" and at the commas of its list; things have so many words before it and after."""
    joined = _JOINED.search(text)
    if joined is None:
        return []
    words, rest = text[: joined.start()].split(), text[joined.end() :].split()
    last, tail = rest[:after], rest[after:]
    lists = [words[-before:]]
    lead = words[:-before]
    while before == 1 and lead and lead[-1].endswith(","):  # cows, sheep and pigs
        lists.insert(0, [lead.pop().rstrip(",")])
    if len(lists[-1]) < before or len(last) < after or any(map(_ENDS_WORD.search, [*lists[-1], *last[:-1]])):
        return []
    if any(
        re.fullmatch(_PREPOSITION, one[0], re.IGNORECASE) and one[0] not in other
        for one, other in ((last, lists[-1]), (lists[-1], last))
    ):
        return []
    end = found[0] if (found := _ENDS_WORD.search(last[-1])) else ""
    last[-1] = _ENDS_WORD.sub("", last[-1])
    return [" ".join([*lead, *thing, *tail]) + (end if not tail else "") for thing in (*lists, last)]


_HOW_AND_HOW = re.compile(r"^(?P<one>how \w+) and (?P<other>how \w+) (?P<tail>.+)$", re.IGNORECASE)


def _asked_of_one(text: str) -> list[str]:
    """Split "How long and how heavy is it?"."""
    match = _HOW_AND_HOW.match(text)
    return [f"{match['one']} {match['tail']}", f"{match['other']} {match['tail']}"] if match else []


def _subjects_of_each(text: str) -> list[str]:
    """Split "How much do A and B each contribute?"."""
    match = _EACH_DOES.match(_bare(text))
    return [f"{match['lead']} {noun}{match['tail']}?" for noun in _completed(_listed(match["nouns"]))] if match else []


def _after_repeated_preposition(text: str) -> list[str]:
    """Split "the rate in urban and in rural areas"; how many there are may be the sum."""
    match = _REPEATED.match(_bare(_without_respectively(text)))
    if not match or _SUM.match(text):
        return []
    return [f"{match['lead']} {noun}?" for noun in _completed(_listed(match["nouns"] + match["last"]))]


def _quantities(text: str) -> list[str]:
    """Split "What were A and B?" where both are quantities."""
    match = _OF_QUANTITIES_ENGLISH.match(_without_respectively(text))
    if not match or _ONE_OF_TWO.search(text):
        return []
    nouns = _each_a_quantity(_listed(match["nouns"]), match["opener"].lower().endswith(("are", "were")))
    the = "the " if nouns and _DETERMINER.match(nouns[0]) else ""
    nouns = [noun if _DETERMINER.match(noun) else the + noun for noun in nouns]
    return [f"{_opening(match['opener'], noun)}{noun}{match['tail']}?" for noun in nouns]


def _noun_phrases(text: str) -> list[str]:
    """Split "What were A and B?" as if they had no word in common: the number of journeys, fuel costs."""
    match = _OF_QUANTITIES_ENGLISH.match(_without_respectively(text))
    nouns = _listed(match["nouns"]) if match else []
    if not match or not re.search(_PREPOSITION, nouns[0]) or not all(map(_QUANTITY.search, nouns[1:])):
        return []
    return [f"{_opening(match['opener'], noun)}{noun}{match['tail']}?" for noun in nouns]


def _shares_were(text: str) -> list[str]:
    """Split "What percentages of members were A and B?": no two shares are one."""
    match = _SHARES_WERE.match(_bare(text))
    return [f"{match['lead']} {noun}?" for noun in _completed(_listed(match["nouns"]))] if match else []


def _names(text: str) -> list[str]:
    """Split "the rate in A and B respectively", "the shares of A and B", and "the sales of A, B and C".

    Otherwise two names may be one.
    """
    bare = _without_respectively(text)
    match = _OF_NAMES.match(bare)
    if not match:
        return []
    several = "," in match["nouns"] and _SEVERAL_OF.match(match["lead"])
    if bare == _bare(text) and not several and not _SHARES_OF.match(match["lead"]):
        return []
    return [f"{match['lead']} {name}{match['tail']}?" for name in _completed(_listed(match["nouns"].strip()))]


#: Each returns the parts, or nothing; the first that does decides.
ENGLISH_RULES = (_asked_of_one, _subjects_of_each, _after_repeated_preposition, _shares_were, _quantities, _names)


def _bare(text: str) -> str:
    return text.rstrip("?？ ")


def _without_respectively(text: str) -> str:
    return _RESPECTIVELY.sub("", _bare(text))


def _listed(nouns: str) -> list[str]:
    return re.split(r",? and |, ", nouns)


def _completed(nouns: list[str]) -> list[str]:
    """Give the words that follow the last noun's first to those before: urban and rural areas."""
    *before, last = nouns
    if " " in last and not any(" " in _DETERMINER.sub("", noun) for noun in before):
        shared = last[last.index(" ") :]
        return [*(noun + shared for noun in before), last]
    return nouns


def _each_a_quantity(nouns: list[str], plural: bool) -> list[str]:
    """Return the nouns where each is a quantity of its own, else nothing. ``plural``: they *were*, or *are*."""
    first, last = nouns[0], nouns[-1]
    if any(re.search(rf"\band\b|{_ASKS_ENGLISH}|^{_PREPOSITION}|{_PREPOSITION}$", noun) for noun in nouns):
        return []
    if re.search(_PREPOSITION, first) and not re.search(_PREPOSITION, last) and not _DETERMINER.match(last):
        # "the increase in wages and prices"; but the number of buses and revenue "were", so they are two
        number = re.split(rf" {_PREPOSITION}", first)[0]
        if not plural or number.endswith("s") or last.endswith("s") or not _QUANTITY.search(last):
            return []
    whose = re.search(r"(?<!number)(?<!share)(?<!proportion)(?<!percentage)(?<!amount)(?<!value) of .+$", last)
    if whose and not re.search(_PREPOSITION, first) and not _DETERMINER.match(last):
        nouns = [*(noun + whose[0] for noun in nouns[:-1]), last]  # "the area and population of the county"
    heads = [re.split(rf" {_PREPOSITION}", noun)[0] for noun in nouns]
    own = [bool(_QUANTITY.search(head)) for head in heads]
    if all(own) or all(map(_DETERMINER.match, nouns)):
        return nouns
    if own[-1] and " " in last and " " not in _DETERMINER.sub("", first):
        return _completed(nouns) if plural else []
    return nouns if plural and any(own) and not last.endswith("s") else []  # "were" of A and one B: they are two


def _opening(opener: str, noun: str) -> str:
    """Return the words before one noun of two: "were revenue and profit" asks what revenue was."""
    if not re.split(rf" {_PREPOSITION}", noun)[0].endswith("s"):
        opener = re.sub(r"\bare$", "is", re.sub(r"\bwere$", "was", opener))
    return f"{opener} "
