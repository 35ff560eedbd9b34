"""Complete a follow-up from the questions before it: 那普及率呢？ keeps the subject, 农村的呢？ keeps the quantity."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_ZH_LEAD = re.compile(r"^(那么|那|其中的?|而|然后|还有|再|它们?的?|他们?的?|她们?的?|该|其|这个|这些|此)+[，,]?")
_ZH_TAIL = re.compile(r"(的)?(呢|如何呢|怎么样呢)[?？!！。]*$")
_EN_LEAD = re.compile(r"^(and|what about|how about|and what about|and how about|but|then|also)\b[ ,]*", re.IGNORECASE)
_EN_PRONOUN = re.compile(r"\b(it|its|they|their|them|that|those|this)\b", re.IGNORECASE)
_PUNCTUATION = "?？。.!！ "


def is_follow_up(question: str) -> bool:
    """Whether the question leans on what came before: a lead word, a 呢, a pronoun, or no subject at all."""
    q = question.strip()
    if _EN_LEAD.match(q) or _ZH_TAIL.search(q) or re.match(r"^(那(?!些|个|一|里|天|年|次)|其中|它|其(?!他|它|余))", q):
        return True
    if (
        re.match(r"^(占|增长|增加|减少|下降|同比|环比|比上|较上|较去|是从|从哪|在哪|为什么|什么时候)", q)
        and len(q) <= 14
    ):
        return True
    return bool(re.search(r"[A-Za-z]", q) and not re.search(r"[㐀-鿿]", q) and _EN_PRONOUN.search(q) and len(q) <= 60)


def complete(question: str, history: Sequence[str], support: Callable[[str], float]) -> str:
    """Return the question as it would be asked alone; ``support`` says how well the source speaks of a wording.

    The wordings tried put what is new in place of a part of the question before; the one the source supports best is
    taken. A complete question comes back unchanged.
    """
    previous = _last_complete(history, support) if is_follow_up(question) else ""
    if not previous:
        return question
    if re.search(r"[㐀-鿿]", question) is None:
        core = _EN_LEAD.sub("", question).strip()
        return f"{previous.rstrip(_PUNCTUATION)}: {core}"
    core = _ZH_TAIL.sub("", _ZH_LEAD.sub("", question.strip())).strip(_PUNCTUATION)
    if not core:
        return previous
    wordings = list(dict.fromkeys(_wordings(previous.strip(_PUNCTUATION), core)))
    return max(wordings, key=support)


def _last_complete(history: Sequence[str], support: Callable[[str], float]) -> str:
    for i in range(len(history) - 1, -1, -1):
        if history[i].strip():
            return complete(history[i].strip(), history[:i], support)
    return ""


_ASKING = re.compile(r"(是|有|为|达到?|占)?(多少|几|多大|多高|什么|哪).*$")


def _wordings(previous: str, core: str) -> list[str]:
    """Return the new words after the old subject, before the old quantity, and both in full."""
    subject = _ASKING.sub("", previous) or previous
    asking = previous[len(subject) :] or "是多少"
    has_asking = _ASKING.search(core) is not None or re.search(r"怎|如何|吗|为什么", core) is not None
    tail = "" if has_asking else asking
    found = [f"{subject}{core}{tail}？"]
    for cut in range(1, len(subject)):
        found.append(f"{subject[:cut]}{core}{tail}？")
        if not has_asking:
            found.append(f"{core}{subject[cut:]}{asking}？")
    if not has_asking:
        found.append(f"{core}{asking}？")
    return found
