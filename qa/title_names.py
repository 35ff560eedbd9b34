"""Which documents a question is about by a name in their titles: 临江市, Southmere Council.

Reports of one kind say the like of one another: the sentences of one town would answer for every town. A place or an
organisation that the titles of some documents begin with (in Chinese) or hold (in Latin letters, as a capitalised word
of the question) tells whose sentences are asked for, unless passages of others speak of that name as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.folding import fold, has_han, shared_start
from index.glossary import to_english, translated
from qa.editions import KINDS_EN

_HAN = "㐀-鿿"

#: What a title may begin with before the name: dates, marks, 关于.
_BEFORE_NAME = re.compile(
    rf"(?:\d+\s*(?:年度?|月份?|季度|日)|[〇零一二三四五六七八九十]{{2,}}年|[^{_HAN}a-z]|关于|[今去前]年|[上下]半年"
    r"|[前第][一二三四]+个?季度|第[一二三四五六七八九十百]+次)*"
)
#: How the name of a place ends, and that of an organisation.
_PLACE = "省市县区州镇乡村旗盟"
_ORGANISATION = re.compile(
    "(?:公司|集团|银行|大学|学院|学校|中学|小学|医院|图书馆|博物馆|委员会|协会|基金会|中心|局|厂|港|机场)$"
)
#: Companies go by pieces of their names: 恒泽传动 is 江苏恒泽精密传动股份有限公司.
_SHORTENED = re.compile("(?:公司|集团|银行)$")
#: Characters of such a name before the piece that tells it from others: a place.
_LEADING = 3
#: Shortest short name, and shortest piece of one.
_SHORT, _PIECE = 3, 2
#: What form of company it is.
_FORM = re.compile("(?:股份)?(?:有限)?(?:责任)?公司")
#: What may follow a name that is no word's beginning.
_AFTER_NAME = re.compile(r"[^㐀-鿿]|[的在年今去上前本是为]|$")
#: What is no name: 全市, 本公司, 我省.
_NO_NAME = re.compile("[我本全该各贵][国省市县区州镇乡村校院司局馆行]|[我本该各贵]公司|各地")

_CAPITALISED = re.compile(r"(?<![\w'’-])[A-ZÀ-Þ][^\W\d_]+(?:[ -][A-ZÀ-Þ][^\W\d_]+)*")
_LATIN_WORD = re.compile(r"[a-zß-ÿ]+")

#: Words that any title may hold in capitals.
_COMMON = re.compile(
    "how|what|which|who|when|where|why|is|are|was|were|do|does|did|has|have|the|in|of|on|at|for|and|to|an?|by|from|with"
    f"|{KINDS_EN}|annual|monthly|quarterly|statistical|summary"
    "|news|year|quarter|month|january|february|march|april|may|june|july|august|september|october|november|december"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, in the forms in which a folded text may hold it, and the documents whose titles have it."""

    forms: tuple[str, ...]
    documents: frozenset[str]

    def is_in(self, text: str) -> bool:
        """Whether a text speaks of the name: Bath is not in bathrooms."""
        folded = fold(text)
        return any(
            form in folded if has_han(form) else re.search(rf"(?<!\w){re.escape(form)}(?!\w)", folded)
            for form in self.forms
        )


class TitleNames:
    """The names in the titles of an index's documents."""

    def __init__(self, labels: Mapping[str, tuple[str, str]]) -> None:
        """Take for each document, by its name, its title and the name of its file; a title may be empty."""
        #: Documents without a title may be about anything.
        self.untitled = frozenset(name for name, (title, _) in labels.items() if not title)
        self._titled = frozenset(labels) - self.untitled
        self._heads: dict[str, set[str]] = {}
        self._words: dict[str, set[str]] = {}
        #: Companies by what a short form of theirs may begin with.
        self._companies: dict[str, set[str]] = {}
        for name, own in labels.items():
            for label in map(fold, own):
                for head in names_at_start(label):
                    self._heads.setdefault(head, set()).add(name)
                    for piece in _first_pieces(head):
                        self._companies.setdefault(piece, set()).add(head)
                for word in _LATIN_WORD.findall(label):
                    self._words.setdefault(word, set()).add(name)

    def of(self, question: str) -> Iterator[Name]:
        """Yield the names in a question that tell some documents from others."""
        for forms, documents in (*self._chinese(fold(question)), *self._latin(question)):
            if not documents >= self._titled:
                yield Name(forms, frozenset(documents) | self.untitled)

    def _chinese(self, folded: str) -> Iterator[tuple[tuple[str, ...], set[str]]]:
        longest = max(map(len, self._heads), default=0)
        at = 0
        while at < len(folded):
            ends = range(min(len(folded), at + longest), at + 1, -1)
            name = next((folded[at:end] for end in ends if folded[at:end] in self._heads), None)
            if name:
                yield (name,), self._heads[name]
                at += len(name)
                continue
            companies = sorted(self._companies.get(folded[at : at + _PIECE], ()))
            short = {whole: end_of_short_name(folded, at, whole) for whole in companies}
            end = max(short.values(), default=at)
            for whole in (whole for whole, own in short.items() if own == end > at):
                yield (folded[at:end], whole), self._heads[whole]
            at = max(end, at + 1)

    def _latin(self, question: str) -> Iterator[tuple[tuple[str, ...], set[str]]]:
        for capitalised in _CAPITALISED.finditer(question):
            words = [w for w in _LATIN_WORD.findall(capitalised[0].lower()) if not _COMMON.fullmatch(w)]
            if capitalised.start() == 0 and re.fullmatch(r"\w+", capitalised[0]) and not has_han(question):
                continue  # in capitals as the first word of a sentence
            renderings = [r for term in translated(" ".join(words)) for r in term.renderings if len(r) > 1]
            for word in words:
                if word in self._words:
                    own = (r for term in translated(word) for r in term.renderings if len(r) > 1)
                    yield (word, *own), self._words[word]
            for rendering in renderings:
                if rendering in self._heads:
                    yield (rendering, " ".join(words)), self._heads[rendering]


def names_at_start(label: str) -> list[str]:
    """Return the place or organisation a folded title begins with, and the place without 市 or 县, if it has two."""
    head = re.match(rf"[{_HAN}]{{2,}}", _BEFORE_NAME.sub("", label, count=1))
    if head is None or _NO_NAME.match(head[0]):
        return []
    text = head[0]
    starts = [text[:end] for end in range(2, len(text) + 1)]
    names = [start for start in starts if start[-1] in _PLACE or _ORGANISATION.search(start)]
    bare = [name[:-1] for name in names if name[-1] in _PLACE and len(name) > 2]
    return list(dict.fromkeys([*names, *bare]))


def end_of_short_name(text: str, at: int, name: str) -> int:
    """Return where a short form of a company's name that begins at ``at`` ends; ``at`` where none does.

    It is made of pieces of the name in their order: 恒泽传动, 云舍集团, 禾丰公司. Both are folded. A piece of an odd
    number of characters is half of a word (上海电 of 上海电气) unless the name ends there. What comes between two
    pieces is left out only after the name's own word, which is no place (江苏精密, 杭州数字) and none of the
    dictionary: 中国银行 is no short form of 中国建设银行.
    """
    pieces = _first_pieces(name)
    if text[at : at + _PIECE] not in pieces:
        return at
    core = _FORM.sub("", name)
    end, after = at, pieces.index(text[at : at + _PIECE])
    while (length := shared_start(text[end:], core[after:])) >= _PIECE:
        end, after = end + length, after + length
        if length % 2 and not _AFTER_NAME.match(text, end):
            return at
        own = text[end - length : end] not in to_english() and (after > _LEADING or text.startswith("集团", end))
        after = core.find(text[end : end + _PIECE], after) if own and end + 1 < len(text) else -1
        if after < 0:
            break
    if form := _FORM.match(text, end):
        end = form.end()
    return end if end - at >= _SHORT else at


def _first_pieces(name: str) -> list[str]:
    """Return what a short form of a company's name may begin with, by its place in the name; nothing of other names."""
    if not _SHORTENED.search(name):
        return []
    core = _FORM.sub("", name)
    return [core[i : i + _PIECE] for i in range(min(_LEADING + 1, len(core) - 1))]
