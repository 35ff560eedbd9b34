"""Splits Chinese and English text into sentences, with offsets, in one pass.

A sentence ends after 。！？；…, after ``.!?`` where the rules below do not object, and at a newline. Closing quotes and
brackets stay with the sentence they close. The rules are named after the linguistic fact they know and abstain with
``None``; the first that speaks decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_CLOSERS = "”’」』）】》〉〕］)]}"
_ENDERS = re.compile(r"[。！？；…｡!?.\n]+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD_BEFORE = re.compile(r"[A-Za-z](?:[A-Za-z]|\.(?=[A-Za-z]))*$")
_WORD_AFTER = re.compile(r"[A-Za-z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words("mr mrs ms dr prof rev hon gen col capt lt sgt gov sen rep pres st mt messrs mme")
"""Abbreviations that always have a name after them."""
_BEFORE_NUMBER = _words(
    "no nos fig figs eq eqs vol ch chap sec sect art pt pp p para paras ver ref refs tab cl reg jan feb mar "
    "apr jun jul aug sep sept oct nov dec"
)
"""Abbreviations only where a number follows ("No. 5", but "The answer is no. It …")."""
_MID_SENTENCE = _words("e.g i.e cf viz approx ca eg ie incl vs est")
"""Abbreviations that cannot close a sentence."""
_EITHER = _words("etc al inc ltd co corp plc llc jr sr dept univ assn bros ave blvd a.m p.m ph.d b.c a.d")
"""Abbreviations that close a sentence only before a word that likes to open one."""
_OPENERS = _words(
    "the a an in on at it its this that these those he she they we i you there here however but and so as for "
    "from by after before during since while when where although according with to of our their his her both "
    "most some many all no not if among over under between meanwhile overall"
)

_COUNTED = re.compile(
    r"[百千]?[万萬亿億](?:[元吨噸人户戶家台辆輛件次股亩畝册冊只棵套平千立美欧歐港日]|[，。；、,;：]|\s|$)"
    r"|[个個]?百分[点點]|[美欧歐港日]?元(?![宵旦年月首素])|[吨噸倍岁歲](?![\u4e00-\u9fff]{2})|公[里顷頃斤]|[千平立]方?[米瓦克]"
)
"""What is counted or measured, right after a number."""

_INSIDE = "，,、：:（(为為达達至约約"
"""Marks and words before a number that close no sentence."""

_LOOKBACK = 24
"""Characters before a full stop that can matter: bounds the work per full stop, so the whole stays linear."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """One run of ASCII full stops, with what stands around it."""

    text: str
    start: int
    end: int
    sentence_start: int
    has_own: bool = False
    """Whether the text ends sentences with 。"""

    @property
    def word(self) -> str:
        """The Latin word, dots inside it included, that the stop follows; lower case."""
        found = _WORD_BEFORE.search(self.text, max(self.sentence_start, self.start - _LOOKBACK), self.start)
        return found[0].lower() if found else ""

    @property
    def before(self) -> str:
        """The character before the stop, or an empty string."""
        return self.text[self.start - 1] if self.start > self.sentence_start else ""

    @property
    def after(self) -> str:
        """The character directly after the stop, or an empty string."""
        return self.text[self.end : self.end + 1]

    @property
    def next(self) -> str:
        """The first word or character after the stop and the white space and quotes that follow it."""
        at = self.end
        while at < len(self.text) and at < self.end + _LOOKBACK and self.text[at] in " \t\u3000\"'“‘(（[":
            at += 1
        found = _WORD_AFTER.match(self.text, at, at + _LOOKBACK)
        return found[0] if found else self.text[at : at + 1]

    @property
    def opens(self) -> bool:
        """Whether the next word likes to open a sentence."""
        return self.next[:1].isupper() and self.next.lower() in _OPENERS


def _decimal_point(stop: _Stop) -> bool | None:
    """3.5, v2.1, No.5: a digit follows at once."""
    return False if stop.after.isdigit() else None


def _enumerator(stop: _Stop) -> bool | None:
    """`1. Overview`, `2.加强`: a number or letter that opens the sentence numbers it."""
    if stop.start - stop.sentence_start > 6:
        return None
    head = stop.text[stop.sentence_start : stop.start]
    if re.fullmatch(r"\d{1,3}(\.\d{1,2})*|[A-Za-z]|[ivxIVX]{1,4}", head.strip("(（ ")):
        return False
    return None


def _numbered_item(stop: _Stop) -> bool | None:
    """`如下：1.加强`: digit, stop, Chinese character."""
    return False if stop.before.isdigit() and _CJK.match(stop.after) else None


def _title_before_name(stop: _Stop) -> bool | None:
    return False if stop.word in _TITLES else None


def _abbreviation_before_number(stop: _Stop) -> bool | None:
    return False if stop.word in _BEFORE_NUMBER and stop.next[:1].isdigit() else None


def _abbreviation_mid_sentence(stop: _Stop) -> bool | None:
    return False if stop.word in _MID_SENTENCE else None


def _abbreviation_either(stop: _Stop) -> bool | None:
    return stop.opens if stop.word in _EITHER and not _ends_line(stop) else None


def _initials(stop: _Stop) -> bool | None:
    """J. Smith, U.S. exports, D.C.: single letters with stops."""
    if stop.before.isupper() and all(len(part) == 1 for part in stop.word.split(".")) and not _ends_line(stop):
        return stop.opens and stop.after.isspace()
    return None


def _ellipsis(stop: _Stop) -> bool | None:
    """`...` goes on unless a new sentence visibly opens."""
    if stop.end - stop.start >= 2:
        return _ends_line(stop) or bool(stop.next[:1].isupper()) or bool(_CJK.match(stop.next))
    return None


def _lower_case_follows(stop: _Stop) -> bool | None:
    return False if stop.next[:1].islower() and stop.after != "" else None


def _space_follows(stop: _Stop) -> bool | None:
    return True if _ends_line(stop) or stop.after.isspace() or stop.after in _CLOSERS + "\"'" else None


def _number_lost(stop: _Stop) -> bool | None:
    """`销量.万台`, `收入,.万元`: the point of a number that has lost its digits, before what was counted."""
    after_words = _CJK.match(stop.before) or stop.before == ","
    return False if after_words and _COUNTED.match(stop.text, stop.end) else None


def _within_chinese(stop: _Stop) -> bool | None:
    """`藏书为.本`: the point of a lost number, where the text ends sentences with 。 or this one cannot end here."""
    if not _CJK.match(stop.after):
        return None
    within = stop.before in _INSIDE or (stop.has_own and _CJK.match(stop.before))
    return False if stop.before and within else None


def _chinese_follows(stop: _Stop) -> bool | None:
    return True if _CJK.match(stop.after) else None


def _space_lost(stop: _Stop) -> bool | None:
    """`rose 5%.In China`: no white space, but a capitalised word after a whole word, a number or a sign."""
    if not (stop.after.isupper() and stop.text[stop.end + 1 : stop.end + 2].islower() and stop.next != stop.after):
        return None
    whole_word = len(stop.word) >= 3 and "." not in stop.word
    return True if whole_word or stop.before.isdigit() or stop.before in "%)" else None


def _ends_line(stop: _Stop) -> bool:
    return stop.after in ("", "\n")


STOP_RULES: list[Callable[[_Stop], bool | None]] = [
    _decimal_point,
    _enumerator,
    _numbered_item,
    _title_before_name,
    _abbreviation_before_number,
    _abbreviation_mid_sentence,
    _abbreviation_either,
    _initials,
    _ellipsis,
    _lower_case_follows,
    _space_follows,
    _number_lost,
    _within_chinese,
    _chinese_follows,
    _space_lost,
]


def _stop_ends(stop: _Stop) -> bool:
    if stop.after.islower():
        return False
    for rule in STOP_RULES:
        verdict = rule(stop)
        if verdict is not None:
            return verdict
    return False


def _mark_ends(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]``, a run with one of 。！？；…!? in it, ends a sentence."""
    run, after = text[start:end], text[end : end + 1]
    in_address = (after.isalnum() and after.isascii()) or after in ("=", "&", "/", ",", "，", "、")
    if in_address and not run.strip("!?."):
        return False
    before = text[max(0, start - _LOOKBACK) : start]
    inside_title = before.rfind("《") > before.rfind("》") and "》" in text[end : end + _LOOKBACK]
    return not inside_title or text[end : end + 1] == "》"


def _past_closers(text: str, at: int, quote_open: bool) -> tuple[int, int]:
    """Return the end of the closing marks at ``at``, and how many of them are straight quotation marks."""
    quotes = 0
    while at < len(text) and (text[at] in _CLOSERS or (text[at] == '"' and quote_open)):
        if text[at] == '"':
            quotes += 1
            quote_open = False
        at += 1
    return at, quotes


def split_sentences(text: str, *, newline_ends: bool = True) -> list[tuple[int, int]]:
    """Split ``text`` into sentences.

    Args:
        text: any text.
        newline_ends: whether a newline ends a sentence. Pass False for the inside of a paragraph whose lines were
            wrapped at a constant width.

    Returns:
        (start, end) of each sentence, in characters of ``text``, end exclusive, in order, without surrounding white
        space. Together they hold every non-space character.

    """
    spans: list[tuple[int, int]] = []
    start = 0
    quotes_seen = 0
    counted_to = 0
    has_own = "。" in text

    def close(end: int) -> None:
        nonlocal start
        piece = text[start:end]
        if stripped := piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            spans.append((left, left + len(stripped)))
        start = end

    for match in _ENDERS.finditer(text):
        left, right = match.span()
        if right <= start:
            continue
        newline = text.find("\n", max(left, start), right)
        if newline >= 0 and newline_ends:
            close(right)
            quotes_seen, counted_to = 0, right
            continue
        run = match[0].rstrip("\n")
        right = left + len(run)
        if not run.strip("\n"):
            continue
        stops_only = not run.strip(".")
        if not (_stop_ends(_Stop(text, left, right, start, has_own)) if stops_only else _mark_ends(text, left, right)):
            continue
        quotes_seen += text.count('"', counted_to, right)
        right, quotes = _past_closers(text, right, quotes_seen % 2 == 1)
        quotes_seen, counted_to = quotes_seen + quotes, right
        # 「好。」的说法, （见图！），《走吧！》上映: what was closed is only a part of the sentence around it.
        closed, after = text[left + len(run) : right], text[right : right + 1]
        if closed and (after in tuple("的，、,；：:。") or (closed[-1] in "》〉" and after not in ("", "\n"))):
            continue
        close(right)
    close(len(text))
    return spans
