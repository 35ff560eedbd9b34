"""Complete a follow-up from the questions before it: 那普及率呢？ keeps the subject, 农村的呢？ keeps the quantity.

What a follow-up is and how it is completed is told by ``dialogue_chinese`` and ``dialogue_english``. Where several
wordings are possible, the one of which the source lacks least is taken. A complete question is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType

from index.folding import has_han

#: Completions of a follow-up that are tried until one is answered.
MOST = 3

#: Counts the tokens of a wording that the source lacks.
Lacks = Callable[[str], int]


def is_follow_up(question: str) -> bool:
    """Whether the question leans on what came before."""
    told: bool = _of_language(question).is_follow_up(question)
    return told


def complete(question: str, history: Sequence[str], lacks: Lacks) -> str:
    """Return the question as it would be asked alone; the likeliest of ``completions``."""
    return completions(question, history, lacks)[0]


def completions(question: str, history: Sequence[str], lacks: Lacks) -> list[str]:
    """Return the ways in which the question may be meant, likeliest first; a complete question as it is.

    ``history`` holds the earlier questions, oldest first; ``lacks`` counts the tokens of a wording that the source
    lacks. A follow-up in another language than the question before it cannot be completed and stays as it is.
    """
    previous = _last_complete(history, lacks)
    if not previous or has_han(question) != has_han(previous):
        return [question]
    found: list[str] = _of_language(question).completions(question, previous, lacks)
    return found[:MOST]


def _of_language(question: str) -> ModuleType:
    """Return the module for the question's language; its patterns take long to compile, and few questions need them."""
    return import_module("qa.dialogue_chinese" if has_han(question) else "qa.dialogue_english")


def _last_complete(history: Sequence[str], lacks: Lacks) -> str:
    for i in range(len(history) - 1, -1, -1):
        if history[i].strip():
            return complete(history[i].strip(), history[:i], lacks)
    return ""
