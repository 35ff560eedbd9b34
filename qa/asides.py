"""Clauses that say nothing of what is asked: 我在写一篇文章, 请注明出处, "I'm on deadline", "Just the number".

Told by the same kind of logistic regression as ``qa.asks``, trained by ``python -m qa.train_asides``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from index.folding import fold, has_han
from qa.asks import log_odds

WEIGHTS = Path(__file__).parent / "weights" / "asides.npz"
LEAST = 1.0
"""Least log odds of an aside. Of those in frames kept out of training 70 of 74 are found so; of questions and their
clauses on reports kept out 5 of 1,157 are taken for one."""

MARKS = " ?？。.!！，,:：;；~～—…\n"
"""What may end a clause."""
_CHINESE_CUT = re.compile(r"[，,。；;：:！!？?\n~～—…][，,。；;：:！!？?\n~～—… ]*")
_ENGLISH_CUT = re.compile(r"(?<=[.!?:;,])\s+(?!\d)|\n\s*")
_ASKING = re.compile(r"\b(?:how|what|which|when|where|whether)\b", re.IGNORECASE)
#: What may bound the question: a number, a part of a year, a name in capitals, what introduces a subject, a bare noun.
_BOUNDS = re.compile(
    r"\d|[一二三四上下前]个?(?:季度?|半年)|[去今明前上]年|月份?$"
    r"|(?<=.)\b(?!I\b|I['’]|PDF\b|OK\b)[A-Z][\w-]*"
    r"|(?i:\b(?:about|mean|meant|care|interested in|looking at|regarding|concerning|as for)\b (?!this|it|that)\w)"
    r"|(?i:^(?:and|or|but not|what about|how about) (?!also|then|so|now|please))"
    "|[说說看问問指讲講谈談]的[是都就]|[关關]心|[关關][于於]|[針针][对對]|至[于於]|主要是|[仅僅只]看"
)
_GREETS = re.compile(
    "[我俺你您好请請谢謝嗯哦呃额額哎唉亲親喂啊吧呢嘛哈别]|急(?![诊診救性])|[只不]要|查|问|問|求|麻烦|麻煩|在线|線上|快"
)
_BARE = 5
"""Characters of a Chinese clause that may be a bare noun, the subject: 急诊，人数是多少."""


def clauses(text: str) -> list[str]:
    """Cut a text at its marks; joined again the clauses are the text, but for marks before the first."""
    cut = (_CHINESE_CUT if has_han(text) else _ENGLISH_CUT).finditer(text)
    at = [0, *(match.end() for match in cut), len(text)]
    return [piece for start, end in pairwise(at) if (piece := text[start:end]).strip(MARKS)]


def is_aside(clause: str) -> bool:
    """Whether a clause says nothing of what is asked."""
    said = clause.strip(MARKS)
    if _BOUNDS.search(said) or (has_han(said) and len(said) <= _BARE and not _GREETS.search(said)):
        return False
    return log_odds(fold(said), WEIGHTS) >= LEAST


def without_asides(question: str) -> str:
    """Leave out the clauses that say nothing of what is asked, unless all are taken for such."""
    pieces = clauses(question)
    if len(pieces) > 1:
        pieces = [piece for piece in pieces if not is_aside(piece)] or pieces
    asking = None if has_han(question) else _ASKING.search(pieces[0]) if pieces else None
    if asking and pieces[0][: asking.start()].strip(MARKS) and is_aside(pieces[0][: asking.start()]):
        pieces[0] = pieces[0][asking.start() :]
    return "".join(pieces) if pieces else question
