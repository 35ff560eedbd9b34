"""Which documents a question names: by edition (第47次报告), by the report's year, by title or by file name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.folding import fold, to_simplified
from qa.figures import find_figures

_KINDS = "报告|公报|年报|季报|月报|白皮书|蓝皮书|绿皮书|通报|简报|快报|调查|年鉴"
KINDS_EN = "report|survey|bulletin|edition|review|yearbook|release|communique"
_COUNTERS = "次版期号辑卷"

#: What leads a question to a document and away from it again.
_BEFORE = r"(?:(?:根据|按照|依据|据|在|从)\s*|\b(?:according to|in|from|of|per)\s+(?:the\s+)?|\bthe\s+)?"
_AFTER = r"(?:书)?[》」”\"']?\s*(?:之?中|里|内|显示|指出|称|说|提到|给出|公布)?的?\s*[，,：:]?\s*"

_EDITION = re.compile(
    rf"{_BEFORE}[《「“]?(?P<label>第\s*(?:\d+|[一二三四五六七八九十百]+)\s*[{_COUNTERS}])[^，。,？?《》的]{{0,20}}?(?:{_KINDS}){_AFTER}"
    rf"|{_BEFORE}(?P<label_en>\d+(?:st|nd|rd|th))\s+(?:\w+\s+){{0,4}}?(?:{KINDS_EN})\b\s*,?\s*",
    re.IGNORECASE,
)
_OF_YEAR = re.compile(
    rf"{_BEFORE}[《「“]?[㐀-鿿]{{0,8}}?(?P<year>(?:19|20)\d\d)\s*年?(?:度|版)?的?[^，。,？?《》的\d]{{0,12}}?(?:{_KINDS}){_AFTER}"
    rf"|{_BEFORE}(?P<year_en>(?:19|20)\d\d)\s+(?:\w+\s+){{0,4}}?(?:{KINDS_EN})\b\s*,?\s*",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"{_BEFORE}(?:《(?P<title>[^《》]{{2,60}})》|[“\"](?P<title_en>(?-i:[A-Z0-9])[^“”\"]{{3,100}})[”\"]){_AFTER}",
    re.IGNORECASE,
)


_SHORTEST_NAME = 4
"""Least characters of a name or title that is looked for in a question."""
_SHORTEST_QUOTED = 10
"""Least letters of what stands in English quotation marks and is taken for a title, not for a word."""
_TELLING = 8
"""Least characters of a name that is no subject of a question: 网民规模里… asks of it, 云州市统计公报里… does not."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents a question is about, None for all, and the question without the words that name them."""

    documents: frozenset[str] | None
    question: str


def scope_of(question: str, titles: Mapping[str, str]) -> Scope:
    """Find the documents that a question names.

    ``titles`` gives for each document's name its title ("" for none). An edition that no document has gives no
    documents where the documents have editions: the 46th report is not answered from the 47th.
    """
    labels = {name: f"{title} {stem_of(name)}" for name, title in titles.items()}
    for rule in (_by_frame, _by_edition, _by_year, _by_title, _by_name):
        found = rule(question, labels)
        if found is not None:
            rest = found.question.strip(" ，,：:")
            return Scope(found.documents, rest if len(rest) > 3 else question)
    return Scope(None, question)


def stem_of(name: str) -> str:
    """Return a file's name without its folder and ending."""
    return re.sub(r"\.\w{1,8}$", "", name.rsplit("/", 1)[-1])


def _by_edition(question: str, labels: Mapping[str, str]) -> Scope | None:
    named = _EDITION.search(question)
    if named is None:
        return None
    asked = _number(named["label"] or named["label_en"])
    editions = {name: _editions(label) for name, label in labels.items()}
    if asked is None or not any(editions.values()):
        return None
    documents = frozenset(name for name, own in editions.items() if asked in own)
    return Scope(documents, _without(question, named))


def _editions(label: str) -> set[str]:
    chinese = re.findall(rf"第\s*(?:\d+|[一二三四五六七八九十百]+)\s*[{_COUNTERS}]", label)
    english = re.findall(rf"\d+(?:st|nd|rd|th)\b(?=.{{0,40}}(?:{KINDS_EN}))", label, flags=re.IGNORECASE)
    return {number for number in map(_number, [*chinese, *english]) if number is not None}


def _number(label: str) -> str | None:
    """Return the number of 第四十七次 or 47th as digits."""
    if digits := re.search(r"\d+", fold(label)):
        return str(int(digits[0]))
    figures = find_figures(label)
    return str(figures[0].value) if len(figures) == 1 and figures[0].value is not None else None


def _by_year(question: str, labels: Mapping[str, str]) -> Scope | None:
    named = _OF_YEAR.search(question)
    if named is None:
        return None
    year = named["year"] or named["year_en"]
    documents = frozenset(name for name, label in labels.items() if re.search(rf"(?<!\d){year}(?!\d)", fold(label)))
    if not documents or len(documents) == len(labels):
        return None
    return Scope(documents, _without(question, named))


def _by_title(question: str, labels: Mapping[str, str]) -> Scope | None:
    named = _TITLED.search(question)
    if named is None:
        return None
    title = _bare(named["title"] or named["title_en"])
    if named["title_en"] and len(title) < _SHORTEST_QUOTED:
        return None  # a word in quotation marks
    documents = frozenset(name for name, label in labels.items() if title in _bare(label))
    return Scope(documents, _without(question, named)) if documents else None


#: What tells that words before or after are a document's: X里，…; "In X, …"; "… (X)"; "… according to X".
_OPEN, _CLOSE = "[《「“‘\"']?", "[》」”’\"']?"
_LED = (
    rf"^(?:(?:根据|按照?|依据|据|在|从|according to|as per|in|from|per)\s*(?:the\s+)?)?{_OPEN}",
    rf"{_CLOSE}\s*(?:(?:这份)?(?:报告|文件|文章)?(?:之?中(?![国央部心小学等华东西])|里面?|内(?![容部外需地]))(?:显示|指出|称|说|提到|给出|公布)?的?\s*[,:]?|(?:显示|指出)?[,:])\s*",
)
_TRAILED = (rf"\s*[(]\s*(?:见|in|from|see)?\s*{_OPEN}", rf"{_CLOSE}\s*[)]\s*(?=[?。.]*$)")
_ACCORDING = (rf",?\s*(?:according to|as per)\s+(?:the\s+)?{_OPEN}", rf"{_CLOSE}\s*(?=[?。.]*$)")


def _by_frame(question: str, labels: Mapping[str, str]) -> Scope | None:
    """Find a file's name or its whole title where the words around it tell that a document is meant."""
    folded = fold(question)
    called: dict[str, set[str]] = {}
    for name, label in labels.items():
        for written in (name, stem_of(name), label.removesuffix(stem_of(name)).strip()):
            tells = len(written) >= _TELLING or re.search(rf"\.\w+$|{_KINDS}", written) is not None
            if tells and len(written) >= _SHORTEST_NAME and fold(written) in folded:
                called.setdefault(fold(written), set()).add(name)
    for written in sorted(called, key=len, reverse=True):
        for before, after in (_LED, _TRAILED, _ACCORDING):
            if named := re.search(f"{before}{re.escape(written)}{after}", folded):
                return Scope(frozenset(called[written]), _without(question, named))
    return None


def _by_name(question: str, labels: Mapping[str, str]) -> Scope | None:
    """Find a file's name or its whole title, written out in the question."""
    if len(labels) < 2:
        return None
    folded = fold(question)
    for name, label in sorted(labels.items(), key=lambda item: -len(item[1])):
        title = label.removesuffix(stem_of(name)).strip()
        for written, least in ((name, _SHORTEST_NAME), (stem_of(name), _SHORTEST_NAME), (title, 6)):
            at = folded.find(fold(written)) if len(written) >= least and not written.isdigit() else -1
            if at >= 0 and len(fold(written)) == len(written):
                pattern = re.compile(
                    rf"{_BEFORE}[《「“]?{re.escape(question[at : at + len(written)])}{_AFTER}", re.IGNORECASE
                )
                named = pattern.search(question)
                return Scope(frozenset({name}), _without(question, named) if named else question)
    return None


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(to_simplified(text)))


def _without(question: str, named: re.Match[str]) -> str:
    return question[: named.start()] + question[named.end() :]
