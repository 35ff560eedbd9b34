"""What the head of a document says of the scope that a question names: the place, the organisation, the year.

Who has several reports says which one is meant: "How many homes in Kesanga …", 云岭铁路2022年亏了多少. A report names
these where it opens, and its paragraphs say "the college" or nothing. So they lead search astray, to the few passages
that repeat the name, and the reader doubts a paragraph that does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from index.folding import fold, has_han, to_simplified
from index.sentences import split_sentences
from qa.slots import SlottedPassage, up_to_a_figure, years_in
from qa.title_names import names_at_start

#: Characters of a head's sentence that are kept: as many as of a title.
_KEPT = 120
#: Longest run of Chinese that is looked for as a name, and the shortest.
_LONGEST, _SHORTEST = 12, 3
#: Least characters of a question without its scope.
_LEAST = 4

_WORD = re.compile(r"[A-Z][\w’'-]*\w")
#: Words written large where a sentence begins.
_NO_NAME = re.compile(
    "an?|and|any|are|as|at|by|can|could|did|do|does|for|from|give|had|has|have|how|if|in|is|it|may|of|on|or|please"
    "|should|tell|than|that|the|their|there|these|this|those|to|was|were|what|when|where|which|who|whose|why|will|with"
    "|would|according|after|before|between|during|under|since|until|over|about"
)
_LEADS = r"(?i:\b(?:according to|in|of|for|at|across|within|on|from|by|to|during|under)\s+)?(?:\bthe\s+)?"
_JOINED = r"(?:\s+(?:of|and|&|the|for)){0,2}\s+"


def said_above(question: str, passage: SlottedPassage) -> str:
    """Return the sentence of the document's head that names what the question names and the passage does not.

    Its title and section count as the passage's. Empty where there is none.
    """
    if not passage.head:
        return ""
    near = to_simplified(fold(f"{passage.title} {passage.chunk.section or ''} {passage.wording}"))
    missing = {name for name in _named(question) if name not in near}
    best, most = "", 0
    for start, end in split_sentences(passage.head):
        sentence = passage.head[start:end]
        folded = to_simplified(fold(sentence))
        told = [(folded.index(name), len(name)) for name in missing if name in folded]
        length = sum(own for _, own in told)
        if length > most:
            best, most = _around(sentence, min(told)[0], max(at + own for at, own in told)), length
    return best


def _around(sentence: str, first: int, last: int) -> str:
    """Return what a sentence says about the names that stand from ``first`` to ``last``, without its figures."""
    kept = _KEPT // 3 if has_han(sentence) else _KEPT
    told = up_to_a_figure(sentence, last)
    if first < kept * 2 // 3:
        return told
    rest = told[first - kept // 3 :]
    return rest if has_han(sentence) else rest.partition(" ")[2]


def _named(question: str) -> set[str]:
    """Return the names, the years and the longer runs of Chinese in a question, folded."""
    names = _capitalised(question)
    for run in re.findall("[㐀-鿿]+", to_simplified(fold(question))):
        for start in range(len(run)):
            names.update(run[start:end] for end in range(start + _SHORTEST, min(len(run), start + _LONGEST) + 1))
    return names | years_in(question)


def _capitalised(text: str) -> set[str]:
    return {name for name in map(_plain, _WORD.findall(text)) if not _NO_NAME.fullmatch(name)}


def _plain(word: str) -> str:
    return fold(word).removesuffix("'s")


def unscoped(question: str, heads: Collection[str]) -> str:
    """Return a question without the names and the years that every one of the ``heads`` gives, to search with."""
    if not heads:
        return question
    rest = _without_years(question, heads)
    rest = _without_places(rest, heads) if has_han(rest) else _without_words(rest, heads)
    rest = re.sub(r"\s+", " ", rest).strip(" ，,、")
    return rest if len(rest) >= _LEAST else question


def _without_years(question: str, heads: Collection[str]) -> str:
    given = frozenset.intersection(*map(years_in, heads))
    for year in sorted(years_in(question) & given):
        question = re.sub(rf"{_LEADS}(?<!\d){year}(?:[-–/]\d\d)?(?!\d)\s*(?:年度?)?的?[，,]?", "", question)
    return question


def _without_words(question: str, heads: Collection[str]) -> str:
    given = set.intersection(*map(_capitalised, heads))
    words = {word for word in _WORD.findall(question) if _plain(word) in given}
    if not words:
        return question
    name = "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")(?![\w-])"
    return re.sub(rf"{_LEADS}(?<![\w-]){name}(?:{_JOINED}{name})*", " ", question)


def _without_places(question: str, heads: Collection[str]) -> str:
    folded = to_simplified(fold(question))
    if len(folded) != len(question):
        return question
    given = set.intersection(*(_names_of(to_simplified(fold(head))) for head in heads))
    for start in _starts(folded):
        name = max((name for name in given if folded.startswith(name, start)), key=len, default="")
        if name:
            end = start + len(name)
            return re.sub("[在据按]$", "", question[:start]) + re.sub("^的?[，,]?", "", question[end:])
    return question


def _starts(question: str) -> list[int]:
    """Return where a name may begin: at the start, and after what leads to one."""
    return [0, *(m.end() for m in re.finditer(r"[年月份度在据按照，,：:、\s]", question))]


#: A place in running text: 2023年平川省粮食总产量.
_PLACE_WITHIN = re.compile(r"(?:^|[年月日，,。：:、在是据\s])([㐀-鿿]{2,4}?[省市县州])")
#: The name of a thing that a title is, or begins with before a year or a mark: 诺尔登公国2022年…, 鹭洲湖.
_SUBJECT = re.compile(r"[㐀-鿿]{3,12}(?![㐀-鿿])")
#: What no report is named by.
_GENERIC = re.compile("[全我本各该贵]|.*(?:农村|乡村|城乡|城镇|城市|[地社景山校园片城郊灾市县]区|年[报度])$")


def _names_of(head: str) -> set[str]:
    """Return the names of places and organisations in a folded head of Chinese, a place's without 市 or 县 as well."""
    lines = head.splitlines()
    names = {name for line in lines for name in names_at_start(line)}
    names |= {name for found in _PLACE_WITHIN.findall(head) for name in (found, found[:-1])}
    if lines and (subject := _SUBJECT.match(lines[0])):
        names.add(subject[0])
    return {name for name in names if len(name) > 1 and not _GENERIC.match(name)}
