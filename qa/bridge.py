"""A question in another language than the text: what its words are called there, added for the reader.

The reader knows little of two languages at once. Told that 网民 and 农村 stand in the passage for what the question
calls internet users and rural, it has Chinese words to look for. Only words that do stand there are added, exact ones
of ``index.glossary``; the user never sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.folding import fold, has_han
from index.glossary import Translated, stem, to_chinese, translated
from index.lexical import asked_words

#: Renderings of one term that are added, and of all.
_OF_ONE, _OF_ALL = 2, 10

_WORD = re.compile("[a-z][a-z'’-]+")


def bridged(question: str, text: str) -> str:
    """Return the question, followed by what stands in ``text`` for its words if that is in the other language."""
    chinese = has_han(text)
    if has_han(question) == chinese:
        return question
    found = list(dict.fromkeys(_renderings(question, fold(text), chinese=chinese)))
    return f"{question} {' '.join(found[:_OF_ALL])}" if found else question


def _renderings(question: str, folded: str, *, chinese: bool) -> Iterator[str]:
    surface = {} if chinese else {stem(word): word for word in _WORD.findall(folded)}
    for term in _with_parts(translated(asked_words(question))):
        if chinese:
            own = [r for r in term.renderings if len(r) > 1 and r in folded]
            own = [r for r in own if not any(r != other and r in other for other in own)]
        else:
            own = [
                " ".join(surface[part] for part in r.split(" "))
                for r in term.renderings
                if all(part in surface for part in r.split(" "))
            ]
        yield from own[:_OF_ONE]


def _with_parts(terms: Iterator[Translated]) -> Iterator[Translated]:
    """Yield the terms, and after a phrase each word of it: 网民 are no 网友, yet internet users are 用户 as well."""
    for term in terms:
        yield term
        words = term.term.split(" ")
        if len(words) > 1:
            yield from (Translated(word, to_chinese()[word]) for word in words if word in to_chinese())
