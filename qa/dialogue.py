"""Complete a follow-up from the questions before it: 那普及率呢？ keeps the subject, 农村的呢？ keeps the quantity.

A question before is read as subject + asking words (农村网民规模 + 是多少), its subject as scope + head of quantity
(农村网民 + 规模). What the follow-up brings decides what it replaces; where several cuts are possible, the wording of
which the source lacks least is taken. A complete question is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

#: Nouns that name a measured quantity: the head that a new head replaces.
_HEAD = re.compile(
    r"(?:.率|.量|.数|.额|.值|.价|规模|数目|收入|利润|面积|价格|增速|增幅|比重|占比|比例|份额|排名|年龄|寿命|营收|票房|增长)$"
)

_ZH_LEAD = re.compile(r"^(?:那么|那|其中的?|而|然后|还有|再|请问|顺便问一?下)+[，,]?")
_ZH_PRONOUN = re.compile(r"^(?:它们?|他们?|她们?|该|其|这个|这些|此)(?:的)?(?!他|它|余|中)")
_ZH_TAIL = re.compile(r"(?:的)?(?:呢|如何呢|怎么样呢)[?？!！。]*$")
_ZH_PREDICATE = re.compile(
    r"^(?:占(?!地|据|领|用|有率)|同比|环比|比(?:上|去|前|起)|较(?:上|去|前)|相比|(?:又|共|总共|一共)?(?:增长|增加|减少|下降|上升|提高|提升|涨|跌|降)"
    r"(?:了|到|至|幅)|是从|从(?:哪|什么)|在哪|为什么|排第?几|排名)"
)
_ZH_ASKING = re.compile(
    r"(?:大概|大约|目前|一共|总共|共)?(?:是|有|为|达到?了?|占|在|由|从)?"
    r"(?:多少|几(?!乎)|多大|多高|多长|多远|什么|哪|谁|怎|如何|为何|为什么).*$"
)
_EN_LEAD = re.compile(r"^(?:and|what about|how about|but|then|also)\b(?: (?:what|how) about\b)?[ ,]*", re.IGNORECASE)
_EN_PRONOUN = re.compile(r"\b(?:it|its|they|their|them|that|those|this|these)\b", re.IGNORECASE)
_EN_ASKING = re.compile(
    r"^(?:how (?:many|much|large|big|high|long)|what(?:'s| is| was| are| were)?(?: the)?|which|when|where|who)\b"
    r"|\b(?:are|is|was|were|do|does|did) there\b",
    re.IGNORECASE,
)
_PUNCTUATION = "?？。.!！ "

#: Completions of a follow-up that are tried until one is answered.
MOST = 3

Lacks = Callable[[str], int]


def is_follow_up(question: str) -> bool:
    """Whether the question leans on what came before: a lead word, a 呢, a pronoun, or a predicate without subject."""
    q = question.strip()
    if not re.search(r"[㐀-鿿]", q):
        return bool(_EN_LEAD.match(q)) or (len(q) <= 60 and bool(_EN_PRONOUN.search(q)))
    if re.match(r"^那(?!些|个|一|里|天|年|次|曲|达|么多)|^其中", q) or _ZH_PRONOUN.match(q):
        return True
    return bool(_ZH_TAIL.search(q) and len(q) <= 16) or bool(_ZH_PREDICATE.match(q) and len(q) <= 16)


def complete(question: str, history: Sequence[str], lacks: Lacks) -> str:
    """Return the question as it would be asked alone; the likeliest of ``completions``."""
    return completions(question, history, lacks)[0]


def completions(question: str, history: Sequence[str], lacks: Lacks) -> list[str]:
    """Return the ways in which the question may be meant, likeliest first; a complete question as it is.

    ``history`` holds the earlier questions, oldest first; ``lacks`` counts the tokens of a wording that the source
    lacks.
    """
    previous = _last_complete(history, lacks) if is_follow_up(question) else ""
    if not previous:
        return [question]
    if not re.search(r"[㐀-鿿]", question):
        return [_complete_english(question, previous)]
    core = _ZH_TAIL.sub("", _ZH_LEAD.sub("", question.strip())).strip(_PUNCTUATION + "，,")
    if not core:
        return [previous]
    wordings = list(dict.fromkeys(_wordings(previous.strip(_PUNCTUATION), core)))
    replaces = not _HEAD.search(split_asking(core)[0]) and not split_asking(core)[1]
    return sorted(wordings, key=lacks)[:MOST] if replaces else wordings[:MOST]


def _last_complete(history: Sequence[str], lacks: Lacks) -> str:
    for i in range(len(history) - 1, -1, -1):
        if history[i].strip():
            return complete(history[i].strip(), history[:i], lacks)
    return ""


def _complete_english(question: str, previous: str) -> str:
    core = _EN_LEAD.sub("", question).strip()
    topic = re.sub(r"\s+", " ", _EN_ASKING.sub("", previous.strip(_PUNCTUATION))).strip()
    if re.match(r"(?:how|what|when|which|who|where|why|is|are|was|were|did|do|does)\b", core, re.IGNORECASE):
        return _EN_PRONOUN.sub(topic, core, count=1) if _EN_PRONOUN.search(core) else f"{core.rstrip('?')} ({topic})?"
    scope = re.match(r"(?:in|for|of|among|from|on)\b", core, re.IGNORECASE)
    if scope:
        return f"{previous.rstrip(_PUNCTUATION)} {core.rstrip('?')}?"
    return f"What is {core.rstrip('?')} of {topic}?"


def split_asking(question: str) -> tuple[str, str]:
    """Split a Chinese question into its subject and its asking words, either of which may be empty."""
    match = _ZH_ASKING.search(question)
    if match is None:
        return question, ""
    return question[: match.start()].rstrip("的"), question[match.start() :]


def _wordings(previous: str, core: str) -> Iterator[str]:
    """Yield the ways in which the follow-up may complete the question before, most plausible first."""
    subject, asking = split_asking(previous)
    head = _HEAD.search(subject)
    scope = subject[: head.start()].rstrip("的") if head else subject
    pronoun = _ZH_PRONOUN.match(core)
    if pronoun:
        yield f"{subject}{core[pronoun.end() :]}？"
        return
    own_subject, own_asking = split_asking(core)
    if _ZH_PREDICATE.match(core):
        yield f"{subject}{core}" + ("？" if own_asking else "多少？")
        if head:
            yield f"{scope}{core}" + ("？" if own_asking else "多少？")
        return
    if _HEAD.search(own_subject):
        tail = own_asking or "是多少"
        yield f"{scope}{own_subject}{tail}？"
        # 农村网民 + 普及率 may be meant of 农村 alone: drop the last word of the scope.
        if len(scope) >= 4:
            yield f"{scope[:-2]}{own_subject}{tail}？"
        return
    if own_asking:
        yield f"{subject}{core}？"
        yield f"{core}？"
        return
    rest = asking or "是多少"
    new = core.removesuffix("的")
    # Words of one kind are mostly of one length (农村 for 城镇): the cut that replaces as much as it brings goes first.
    # The head of the quantity stays, or else the last word.
    most = len(scope) if head else max(len(subject) - 2, 0)
    for cut in sorted(range(most + 1), key=lambda cut: abs(cut - len(new))):
        yield f"{new}{subject[cut:]}{rest}？"
