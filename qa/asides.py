"""Clauses that say nothing of what is asked: 我在写一篇文章, 请注明出处, "I'm on deadline", "Just the number".

Told by the same kind of logistic regression as ``qa.asks``, trained by ``python -m qa.train_asides``.
"""

from __future__ import annotations

import re
from pathlib import Path

from index.folding import fold, has_han
from qa.asks import log_odds

WEIGHTS = Path(__file__).parent / "weights" / "asides.npz"
LEAST = 1.0
"""Least log odds of an aside. Of those in frames kept out of training 48 of 51 are found so; of questions and their
clauses on reports kept out 4 of 1,100 are taken for one."""

_CHINESE = re.compile(r"[^，,。；;：:！!？?\n~～—…]+[，,。；;：:！!？?\n~～—… ]*")
_ENGLISH = re.compile(r"(?:[^.!?:;,\n]|[.!?:;,](?=\S| \d))+[.!?:;,\n]*\s*")
MARKS = " ?？。.!！，,:：;；~～—…\n"


def clauses(text: str) -> list[str]:
    """Cut a text at its marks; joined again the clauses are the text, but for marks before the first."""
    return [match[0] for match in (_CHINESE if has_han(text) else _ENGLISH).finditer(text)]


def without_asides(question: str) -> str:
    """Leave out the clauses that say nothing of what is asked, unless all are taken for such."""
    pieces = clauses(question)
    if len(pieces) < 2:
        return question
    kept = [piece for piece in pieces if log_odds(fold(piece).strip(MARKS), WEIGHTS) < LEAST]
    return "".join(kept) if kept else question
