"""What the head of a document says of the scope that a question names: the place, the organisation, the year.

Who has several reports says which one is meant: "How many homes in Kesanga …", 云岭铁路2022年亏了多少. A report names
these where it opens, and its paragraphs say "the college" or nothing. So they lead search astray, to the few passages
that repeat the name, and the reader doubts a paragraph that does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from index.folding import fold, has_han, to_simplified
from index.glossary import translated
from index.lexical import tokenize
from qa.overlap import content_tokens
from qa.periods import parts_named, without_parts
from qa.slots import SlottedPassage, before_figures, clauses_of, headings_of, is_sentence, years_in
from qa.title_names import end_of_short_name, names_at_start

#: Longest run of Chinese that is looked for as a name, and the shortest.
_LONGEST, _SHORTEST = 12, 3

#: A word written large; no abbreviation (GDP).
_WORD = re.compile(r"\b(?![A-Z]{2,5}\b)[A-Z][\w’'-]*\w")
#: Words written large where a sentence begins.
_NO_NAME = re.compile(
    "an?|and|any|are|as|at|by|can|could|did|do|does|for|from|give|had|has|have|how|if|in|is|it|may|of|on|or|please"
    "|should|tell|than|that|the|their|there|these|this|those|to|was|were|what|when|where|which|who|whose|why|will|with"
    "|would|according|after|before|between|during|under|since|until|over|about"
)
_LEADS = r"(?i:\b(?:according to|in|of|for|at|across|within|on|from|by|to|during|under)\s+)?(?:\bthe\s+)?"
_JOINED = r"(?:\s+(?:of|and|&|the|for)){0,2}\s+"


def said_above(question: str, passage: SlottedPassage) -> str:
    """Return the clause of the document's head that names what the question names and the passage does not.

    Its title and section count as the passage's. Empty where there is none.
    """
    if not passage.head:
        return ""
    near = to_simplified(fold(f"{passage.label} {passage.chunk.section or ''} {passage.wording}"))
    missing = {name for name in _named(question) if name not in near}
    best, most = "", 0
    for clause in clauses_of(passage.head):
        folded = to_simplified(fold(clause))
        told = [(folded.index(name) + len(name), len(name)) for name in missing if name in folded]
        length = sum(own for _, own in told)
        if length > most:
            best, most = before_figures(clause, max(told)[0]), length
    return best


@lru_cache(maxsize=16)
def _named(question: str) -> frozenset[str]:
    """Return the names, the years and the longer runs of Chinese in a question, folded. Asked for each passage."""
    names = _capitalised(question)
    for run in re.findall("[㐀-鿿]+", to_simplified(fold(question))):
        for start in range(len(run)):
            names.update(run[start:end] for end in range(start + _SHORTEST, min(len(run), start + _LONGEST) + 1))
    return years_in(question) | names


_KINDS = "报告|公报|年报|季报|月报|白皮书|蓝皮书|通报|简报|快报|调查|年鉴|报道|通知|研究"
_KINDS_EN = "report|survey|bulletin|review|release|census|study|brief|briefing|note|statistics|figures|inquiry"
#: Words that say of which report one asks: 咖啡联合会的调查里，…; "according to the Brannock survey".
_FRAMES = (
    re.compile(
        rf"^(?:根据|依据|按照?|据|在|从)?(?P<name>[^，,？?]{{2,30}}?(?:{_KINDS})(?:结果|数据)?)(?:(?:里面?|之?中|内|显示|指出)的?[，,]?|[，,])"
    ),
    re.compile(r"^(?:according to|as per|per)\s+(?:the\s+)?(?P<name>[^,?]{3,80}),\s*", re.IGNORECASE),
    re.compile(rf"^(?:in|from)\s+(?:the\s+)?(?P<name>[^,?]{{3,80}}?\b(?:{_KINDS_EN})),\s*", re.IGNORECASE),
    re.compile(r",?\s+(?:according to|as per)\s+(?:the\s+)?(?P<name>[^,?]{3,80}?)\s*(?=[?.]*$)", re.IGNORECASE),
    re.compile(
        rf"\s+(?:in|from)\s+(?:the\s+)?(?P<name>(?:(?!\b(?:in|from|at|on)\b)[^,?]){{3,80}}?\b(?:{_KINDS_EN}))\s*(?=[?.]*$)",
        re.IGNORECASE,
    ),
)
#: Share of such a name's words that a head must hold.
_HELD = 0.8
#: Which of several surveys is meant is no matter of scope.
_ANOTHER = re.compile(r"\b(?:first|second|third|last|latest|previous|earlier|next)\b|上[次一]|首次|第[一二三]次|此前")


def without_frame(question: str, heads: Collection[str]) -> str:
    """Return a question without the words that say of which report it asks, where every one of the heads holds them."""
    for frame in _FRAMES if heads else ():
        found = frame.search(question)
        if not found or _ANOTHER.search(found["name"].lower()):
            continue
        words = set(content_tokens(found["name"]))
        if words and all(len(words.intersection(tokenize(head))) >= _HELD * len(words) for head in heads):
            rest = question[: found.start()] + question[found.end() :]
            return rest if content_tokens(rest) else question
    return question


def _capitalised(text: str) -> set[str]:
    return {name for name in map(_plain, _WORD.findall(text)) if not _NO_NAME.fullmatch(name)}


def _plain(word: str) -> str:
    return fold(word).removesuffix("'s")


def unscoped(question: str, heads: Collection[str], texts: Collection[str] = ()) -> str:
    """Return a question without the names and the years that every one of the ``heads`` gives, to search with.

    A head names what its report is on in its first lines and in the clause that its first paragraph opens with. Where
    the whole ``texts`` are at hand, what the headings say in Chinese and the texts do not repeat is a name as well.
    """
    if not heads:
        return question
    own = [_own_lines(head) for head in heads]
    given = frozenset.intersection(*map(parts_named, own))
    rest = _without_years(without_parts(question, parts_named(question) & given), own)
    rest = _without_places(rest, heads, texts) if has_han(rest) else _without_words(rest, own)
    rest = re.sub(r"\s+", " ", rest).strip(" ，,、")
    return rest if content_tokens(rest) else question


def _own_lines(head: str) -> str:
    """Return the headings of a head and the clause that its first paragraph opens with."""
    headings = headings_of(head)
    first = next((line for line in head.splitlines() if line.strip() and is_sentence(line)), "")
    return f"{headings}\n{before_figures(next(iter(clauses_of(first)), ''))}"


#: A year that is no end of a range, nor what another is set against.
_YEAR = (
    r"(?i:\b(?:in|of|for|during)\s+)?(?i:\bthe\s+)?(?<![\d自从從比较較至到—–~-]){}(?:[-–/]\d\d)?(?![\d底末初中—–~至到-])"
    r"\s*(?:年度?(?![底末初中至到以来來]))?的?[，,]?"
)
_BESIDE = re.compile(
    r"\b(?:since|between|from|until|till|by|before|after|than|to|and)\s+(?:19|20)\d\d|(?:19|20)\d\d年[底末初]"
)


def _without_years(question: str, heads: Collection[str]) -> str:
    asked = years_in(question)
    if len(asked) != 1 or _BESIDE.search(question):
        return question
    given = frozenset.intersection(*map(years_in, heads))
    for year in asked & given:
        question = re.sub(_YEAR.replace("{}", year), "", question)
    return question


def _without_words(question: str, heads: Collection[str]) -> str:
    given = set.intersection(*map(_capitalised, heads))
    words = {m[0] for m in _WORD.finditer(question) if _plain(m[0]) in given and not _opens(question, m)}
    if not words:
        return question
    name = "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")(?![\w-])"
    return re.sub(rf"{_LEADS}(?<![\w-]){name}(?:{_JOINED}{name})*", " ", question)


def _opens(question: str, word: re.Match[str]) -> bool:
    """Whether a word is large only because the question begins with it: Containers handled in 2021."""
    if word.start() > 0 or re.match(r"['’]s|\s+[A-Z]", question[word.end() :]) or word[0].endswith(("'s", "’s")):
        return False
    return any(term.renderings for term in translated(_plain(word[0])))


def _without_places(question: str, heads: Collection[str], texts: Collection[str]) -> str:
    folded = to_simplified(fold(question))
    if len(folded) != len(question):
        return question
    given = set.intersection(*(_names_of(to_simplified(fold(head))) for head in heads))
    headings = list(map(headings_of, heads))
    for start in _starts(folded):
        ends = [start + len(name) for name in given if folded.startswith(name, start)]
        ends += [end for name in given if (end := end_of_short_name(folded, start, name)) > start]
        ends += _runs(question, start, headings, texts)
        if ends := [end for end in ends if not _is_cut(folded, end)]:
            before = re.sub("(?:根据|依据|按照|关于|請問|请问|(?<!现)(?<!現)在|据|據|按)$", "", question[:start])
            return before + re.sub("^(?:股份)?(?:有限)?(?:公司)?的?[，,]?", "", question[max(ends) :])
    return question


#: A name that is cut out of a longer word: 青溪市民, 青溪县 beside 青溪市, 大学生, 青溪河.
_IN_A_WORD = re.compile("市[场民值面容级政区长]|(?:大学|小学|中学)生|银行业")
_GOES_ON = re.compile("[市县区镇村省河湖江海湾岛港山]|乡(?![镇下])")


def _runs(question: str, start: int, headings: Collection[str], texts: Collection[str]) -> list[int]:
    """Return the end of the longest run of Chinese from ``start`` on that all headings hold and no text repeats."""
    run = re.compile("[㐀-鿿]+").match(question, start) if texts else None
    for end in range(min(run.end(), start + _LONGEST) if run else 0, start + _SHORTEST - 1, -1):
        name = question[start:end]
        if all(name in own for own in headings):
            return [end] if all(text.count(name) <= _REPEATED for text in texts) else []
    return []


#: Times that a text may hold what its headings name it by.
_REPEATED = 2


def _is_cut(text: str, end: int) -> bool:
    """Whether a name that ends there goes on, or is the beginning of a longer word."""
    return bool(_IN_A_WORD.search(text[max(0, end - 2) : end + 1]) or _GOES_ON.match(text, end))


def _starts(question: str) -> list[int]:
    """Return where a name may begin: at the start, and after what leads to one."""
    return [0, *(m.end() for m in re.finditer(r"[年月份度在据據按照于于问問，,：:、\s]", question))]


#: A place in running text: 2023年平川省粮食总产量.
_PLACE_WITHIN = re.compile(r"(?:^|[年月日，,。：:、在是据\s])([㐀-鿿]{2,4}?[省市县州])(?![场民值面容级政区长])")
#: The name of a thing that a title is, or begins with before a year: 诺尔登公国2022年…, 鹭洲湖.
_SUBJECT = re.compile(r"[㐀-鿿]{3,12}(?=\s*$|\s*\d{4}年|\s*[（(])")
#: What no report is named by.
_GENERIC = re.compile(
    "[全我本各该贵]|(?:大学|学院|学校|中学|小学|医院|银行|公司|集团|超市|图书馆|博物馆|中心|机场|港口?)$"
    "|.*(?:农村|乡村|城乡|城镇|城市|[地社景山校园片城郊灾市县]区|年[报度])$"
)


def _names_of(head: str) -> set[str]:
    """Return the names of places and organisations in a folded head of Chinese, a place's without 市 or 县 as well."""
    lines = headings_of(head).splitlines()
    names: set[str] = set()
    for line in lines:
        starts = names_at_start(line)
        whole = [name for name in starts if not _is_cut(line, line.find(name) + len(name))]
        names.update(whole, (name for name in starts if any(name == other[:-1] for other in whole)))
    names |= {name for found in _PLACE_WITHIN.findall(head) for name in (found, found[:-1])}
    if lines and (subject := _SUBJECT.match(lines[0])):
        names.add(subject[0])
    return {name for name in names if len(name) > 1 and not _GENERIC.match(name)}
