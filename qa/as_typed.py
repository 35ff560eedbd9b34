"""What people type in haste, put as the report writes it: netowrk is network, hanley council Hanley Council.

The reader compares characters and names are told by their capitals. Only English is mended. A word that the report has,
or a dictionary, is left as it is, and no letter is put in another's place: sulfite is not sulfate. A name is mended
only where two letters stand in the wrong order or one stands twice: else it may be another's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from index.folding import has_han, shared_start
from index.glossary import stem, to_chinese

if TYPE_CHECKING:
    from spellchecker import SpellChecker

#: Shortest word that is taken for a misspelt one; of shorter ones many are one letter apart.
_LONG_ENOUGH = 5
_WORD = re.compile(r"[A-Za-z]+(?:['’-](?!s\b)[A-Za-z]+)*")
#: A word that begins a sentence or stands in a heading of its own is large for that reason.
_BEGINS = re.compile(r"(?:^|[.!?:;\n|“\"(•-])\s*$")
#: Words that ask, which a report need not hold.
_ASKING: tuple[str, ...] = tuple(
    re.findall(
        r"\w+",
        "the how many much what which when where who why was were did does about after amount average before between"
        " change compared decrease difference during figure fraction growth happened highest increase later least level"
        " lowest measured median number often other overall percent percentage possible proportion quarter reached"
        " recorded report reported respondents share since spent their there these third those total until value while"
        " whole whose would",
    )
)


def as_the_report_has_it(question: str, texts: Iterable[str]) -> str:
    """Return an English question with its misspelt words and its names as the ``texts`` write them."""
    if has_han(question):
        return question
    loud = question == question.upper()
    small = loud or question == question.lower()
    held = "\n".join(texts)
    low = held.lower()
    if not small and all(word.lower() in low or _is_english(word) for word in _WORD.findall(question)):
        return question
    words = _Words(held)
    asked = question.lower() if loud and " " in question.strip() else question

    def mend(match: re.Match[str]) -> str:
        word = match[0]
        if small and (name := words.names.get(word.lower())) and not _is_common(word):
            return name
        return word if words.holds(word) else _misspelt(word, words, begins=not match.start())

    return _WORD.sub(mend, asked)


class _Words:
    """The words of a text: in small letters with how often, and names, which are never written small."""

    def __init__(self, text: str) -> None:
        self.small: Counter[str] = Counter()
        large: Counter[str] = Counter()
        for match in _WORD.finditer(text):
            word = match[0]
            begins = _BEGINS.search(text[max(0, match.start() - 4) : match.start()])
            if word.islower() or (begins and word[1:].islower() and _is_common(word)):
                self.small[word.lower()] += 1
            elif not begins or not _is_common(word):
                large[word] += 1
        names = {word: number for word, number in large.items() if word.lower() not in self.small}
        self.names = {word.lower(): word for word in sorted(names, key=lambda word: names[word])}
        self._stems = {stem(word.lower()) for word in (*self.small, *self.names)}

    def holds(self, word: str) -> bool:
        """Whether a word is one of the texts, in any form, or of English."""
        return stem(word.lower()) in self._stems or _is_english(word)


def _misspelt(word: str, words: _Words, *, begins: bool) -> str:
    """Return what a word was meant to be, where that is plain; the word itself where it is not."""
    typed = word.lower()
    slips = _slips(typed)
    if word.islower() or (begins and word[1:].islower()):
        meant = {other for other in (*words.small, *_ASKING) if other[0] == typed[0]}
        near = meant & slips
        if not near and len(word) >= _LONG_ENOUGH:
            near = {other for other in meant if _has_a_letter_more_or_less(typed, other)}
        if near:
            best = min(near, key=lambda other: (-words.small[other], other))
            return best.capitalize() if word[0].isupper() else best
    if len(word) < _LONG_ENOUGH:
        return word
    known = [name for low, name in words.names.items() if low in slips]
    if not known and word.islower():
        known = [other for other in slips if other in _dictionary()]
    return known[0] if len(known) == 1 else word


def _slips(typed: str) -> set[str]:
    """Return what this may be a slip for: two neighbouring letters in the wrong order, or one twice for once."""
    swaps = {typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :] for i in range(len(typed) - 1)}
    return {*swaps, *(typed[:i] + typed[i + 1 :] for i in range(len(typed) - 1) if typed[i] == typed[i + 1])} - {typed}


def _has_a_letter_more_or_less(one: str, other: str) -> bool:
    alike = shared_start(one, other)
    short, long = sorted((one[alike:], other[alike:]), key=len)
    return short == long[1:]


def _is_english(word: str) -> bool:
    low = word.lower()
    return _is_common(low) or low in _dictionary() or any(way.sub(to, low) in _dictionary() for way, to in _BRITISH)


def _is_common(word: str) -> bool:
    """Whether a word is one of the glossary's, and so no name only: who, may, march."""
    return word.lower() in _ASKING or stem(word.lower()) in _english()


#: British spelling, and the American one that the dictionary has.
_BRITISH = tuple(
    (re.compile(way), to)
    for way, to in (
        ("our", "or"), ("re(s?)$", r"er\1"), ("is(e[drs]?|ing|ations?)$", r"iz\1"), ("ys(e[drs]?|ing)$", r"yz\1"),
        ("[ao]e", "e"), ("ll", "l"), ("mme(s?)$", r"m\1"), ("ence", "ense"), ("augh", "af"), ("y", "i"), ("ou", "o"),
    )
)  # fmt: skip


@cache
def _english() -> frozenset[str]:
    """Return the stems of the English words that the glossary knows."""
    return frozenset(word for gloss in to_chinese() for word in gloss.split(" "))


@cache
def _dictionary() -> SpellChecker:
    """Return a dictionary of English, read once when a word is met that neither the report nor the glossary has."""
    from spellchecker import SpellChecker

    return SpellChecker()
