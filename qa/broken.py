"""Numbers that damage has left in part: .89亿 has lost its whole part, 70.% its decimals; 1,2 million fits no grouping.

What is left of such a number says another number, so it must never be read as one. Everything here takes text passed
through :func:`qa.numerals.fold`, which keeps offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa import units

LEAD = (
    r"(?:达到?|[为為]|约|近|超过?|逾|突破|至|到|占|共有?|[仅僅]|大约|接近|不足|有|[+-]|"
    r"增[长長]|提升|下降|上升|提高|[减減]少|增加|回落|增幅|降低|同比增|同比降)"
)
"""Words after which a number is owed. 增长 and its like may also end a sentence."""
ENDING_LEAD = re.compile(r"(?:增[长長]|提升|下降|上升|提高|[减減]少|增加|回落|增幅|降低)\Z")
_LEAD_BEFORE = re.compile(rf"{LEAD} ?\Z")

ENGLISH_SCALE = r"(?:percent|per cent|percentage points?|million|billion|trillion)(?![A-Za-z])"
SCALE = r"(?:[十百千]?亿(?!万)|[十百千]?万亿?(?![能一物象众科达]))"
FRACTIONAL = rf"(?:[%‰‱℃]|{SCALE}|(?![年月日天周人户秒岁])(?:{units.MEASURE}))"
"""Units that decimals stand before; classifiers (家, 名) and calendar units are none."""

#: What is counted, before the end of a clause: 人口1,人。
_CLASSIFIER = r"(?=(?:[人个個家户戶名辆輛件套册冊]|(?:平方)?(?:公里|公尺|公頃|公顷|米|千米))(?:[,，。、；;)）]|$))"

_WHOLE_LOST = re.compile(r"(?<!\d)(?<!\d )(?:\.(?=\d)|,(?=\d{3}(?!\d)))")
_REST = re.compile(rf"\d+(?![\d.]) ?(?P<unit>{FRACTIONAL}|{ENGLISH_SCALE})?")
_BATTING = 3
"""Digits of an average that is written without its whole part: a batter hits .241."""
_CALENDAR = re.compile(r"\d+ ?(?:年|月|日)")
_DECIMALS_LOST = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?:,\d{{3}}|\d)*(?:\.\d+)?"
    rf"(?:(?: ?\. ?|, ?)(?P<sure>(?=[%‰℃]|{ENGLISH_SCALE}))|,(?P<group>{_CLASSIFIER})"
    rf"|(?: ?\.|,)(?P<led>(?={FRACTIONAL}))|\.(?P<priced>(?= [a-z])))"
)
_MINUTES_LOST = re.compile(r"(?<!\d)\d{1,2}[时時点點](?=分(?![之别工类成为布配]))")
_HAN_BEFORE = re.compile(r"[\u3400-\u9fff] ?\Z")
_PRICE_BEFORE = re.compile(r"[$£€¥]\Z")
_ODD_GROUPS = re.compile(r"(?<![\d.,第])(?!\d{1,3}(?:,\d{3})+(?![\d,]))\d{1,3}(?:,\d+)+(?:\.\d+)?(?!,?\d)")
_BROKEN_TAIL = re.compile(r"\d{1,3}(?:,\d{3})+,\d{1,2}(?!,?\d)")


def _owed(folded: str, at: int) -> bool:
    return bool(_LEAD_BEFORE.search(folded[max(0, at - 6) : at]))


def whole_part_lost(folded: str, at: int) -> bool:
    """Tell whether the digits at ``at`` follow a point that nothing stands before (达.89亿, rose to .89 million)."""
    dot = at - 1
    if dot < 0 or not _WHOLE_LOST.match(folded, dot):
        return False
    if folded[dot] == ",":
        return _owed(folded, dot) and not ENDING_LEAD.search(folded[max(0, dot - 2) : dot])
    before = folded[dot - 1 : dot] if dot else ""
    if not "\u3400" <= before <= "\u9fff":
        return not before or before in " \t\n(,，、:;；$€£¥+-"
    rest = _REST.match(folded, at)
    if rest and rest["unit"]:
        return True
    if rest and len(rest[0]) == _BATTING:
        return False
    return (
        _owed(folded, dot) and not ENDING_LEAD.search(folded[max(0, dot - 2) : dot]) and not _CALENDAR.match(folded, at)
    )


def decimals_lost(folded: str, at: int) -> int | None:
    """Return where the rest of the number at ``at`` should stand, if a point, a comma or 分 is all that is left of it.

    36.公里, £12. in May, 1,人, 22时分.
    """
    if minutes := _MINUTES_LOST.match(folded, at):
        return minutes.end()
    match = _DECIMALS_LOST.match(folded, at)
    if not match:
        return None
    follows_han = bool(_HAN_BEFORE.search(folded[max(0, at - 2) : at]))
    if match["led"] is not None and not (_owed(folded, at) or (follows_han and folded[match.end() - 1] == ".")):
        return None
    if match["group"] is not None and not follows_han:
        return None
    if match["priced"] is not None and not _PRICE_BEFORE.search(folded[max(0, at - 1) : at]):
        return None
    return match.end()


def odd_groups(folded: str, at: int) -> re.Match[str] | None:
    """Match digits and commas that make no number (1,2 or 1,2345); a list, unless a unit follows."""
    return _ODD_GROUPS.match(folded, at)


def is_broken_tail(digits: str) -> bool:
    """Tell whether groups of three end in a shorter one (1,234,5): no list is written so."""
    return bool(_BROKEN_TAIL.fullmatch(digits))


def places(folded: str) -> Iterator[int]:
    """Find where the lost part of each number should stand, where the words before it leave no doubt."""
    for dot in _WHOLE_LOST.finditer(folded):
        at = dot.start()
        if folded[max(0, at - 2) : at].rstrip()[-1:] >= "\u3400" and whole_part_lost(folded, at + 1):
            yield at
    for number in re.finditer(r"(?<![\d.,])\d+", folded):
        place = decimals_lost(folded, number.start())
        if place is not None:
            yield place
