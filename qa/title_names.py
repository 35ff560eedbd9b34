"""Which documents a question is about by a name in their titles: 临江市, Southmere Council.

Reports of one kind say the like of one another: the sentences of one town would answer for every town. A name that the
title of some documents begins with (in Chinese) or holds (in Latin letters, as a capitalised word of the question)
tells whose sentences are asked for, unless passages of others speak of that name as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.folding import fold, has_han
from index.glossary import translated
from qa.editions import KINDS

_HAN = "㐀-鿿"

#: What a title may begin with before the name: marks, dates, 关于.
_BEFORE_NAME = re.compile(
    rf"(?:[^{_HAN}a-z]|关于|[一二三四五六七八九十〇零]+(?:年|月|季度)|[今去前]年|[上下]半年|[前第][一二三四]+个?季度|年度?|月份?|季度"
    r"|第[一二三四五六七八九十百]+次)*"
)
#: What is no name, wherever it stands: 我国, 全市, 本公司, 报告.
_NO_NAME = re.compile(f"[我本全该各贵]|{KINDS}")
_CAPITALISED = re.compile(r"(?<![\w'’-])[A-Z][A-Za-z]+(?:[ -][A-Z][A-Za-z]+)*")
_LATIN_WORD = re.compile(r"[a-z]+")

#: Words that any title may hold in capitals.
_COMMON = re.compile(
    "how|what|which|who|when|where|why|is|are|was|were|do|does|did|has|have|the|in|of|on|at|for|and|to|an?|by|from|with"
    "|report|survey|bulletin|edition|review|yearbook|release|communique|annual|monthly|quarterly|statistical|summary"
    "|news|year|quarter|month|january|february|march|april|may|june|july|august|september|october|november|december"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, in the forms in which a folded text may hold it, and the documents whose titles have it."""

    forms: tuple[str, ...]
    documents: frozenset[str]

    def is_in(self, text: str) -> bool:
        """Whether a text speaks of the name."""
        folded = fold(text)
        return any(form in folded for form in self.forms)


class TitleNames:
    """The names in the titles of an index's documents."""

    def __init__(self, labels: Mapping[str, tuple[str, ...]]) -> None:
        """Take what each document is called, by its name: its title, its file's name; none if it has neither."""
        self._unnamed = frozenset(name for name, own in labels.items() if not any(own))
        self._all = frozenset(labels)
        self._heads: dict[str, dict[str, set[str]]] = {}
        self._words: dict[str, set[str]] = {}
        for name, own in labels.items():
            for label in map(fold, own):
                head = re.match(rf"[{_HAN}]{{2,}}", _BEFORE_NAME.sub("", label, count=1))
                if head and not _NO_NAME.match(head[0]):
                    self._heads.setdefault(head[0][:2], {}).setdefault(head[0], set()).add(name)
                for word in _LATIN_WORD.findall(label):
                    self._words.setdefault(word, set()).add(name)

    def of(self, question: str) -> Iterator[Name]:
        """Yield the names in a question that tell some documents from others."""
        for forms, documents in (*self._chinese(fold(question)), *self._latin(question)):
            if documents and not documents >= self._all - self._unnamed:
                yield Name(forms, frozenset(documents) | self._unnamed)

    def _chinese(self, folded: str) -> Iterator[tuple[tuple[str, ...], set[str]]]:
        at = 0
        while at < len(folded) - 1:
            longest, documents = self._head_at(folded, at)
            if documents:
                yield (folded[at : at + longest],), documents
            at += longest or 1

    def _head_at(self, folded: str, at: int) -> tuple[int, set[str]]:
        """Return the length of the longest beginning of a title at a place, and whose title it is."""
        longest, documents = 0, set[str]()
        for head, own in self._heads.get(folded[at : at + 2], {}).items():
            length = next((i for i, (a, b) in enumerate(zip(head, folded[at:], strict=False)) if a != b), None)
            length = min(len(head), len(folded) - at) if length is None else length
            if length > longest:
                longest, documents = length, set()
            if length == longest:
                documents |= own
        return longest, documents

    def _latin(self, question: str) -> Iterator[tuple[tuple[str, ...], set[str]]]:
        for capitalised in _CAPITALISED.finditer(question):
            words = [w for w in _LATIN_WORD.findall(capitalised[0].lower()) if not _COMMON.fullmatch(w)]
            for word in words:
                if word in self._words:
                    yield (word,), self._words[word]
            for term in translated(" ".join(words)):
                for rendering in term.renderings:
                    if has_han(rendering) and len(rendering) > 1:
                        longest, documents = self._head_at(rendering, 0)
                        if longest == len(rendering):
                            yield (rendering, " ".join(words)), documents
