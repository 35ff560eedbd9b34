"""Lists whose figures stand apart from what they belong to: 甲、乙分别为3家、5家, "A and B were 3 and 5 respectively".

The reader tells such figures apart badly, since every one of them is as near to every name. For it alone the sentence
is written out, each name with its own figures (甲为3家；乙为5家). Quotes and offsets are never taken from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.folding import to_simplified

Span = tuple[int, int]

# Chinese is matched in simplified characters.
_CHINESE = re.compile(r"分别|依次|各自?(?=[为有增下达占约\d])")
_ENGLISH = re.compile(r"\brespectively\b", re.IGNORECASE)
_STOPS = "。！？!?；;"
_CLAUSE = re.compile(r"[^，,：:；;。]+")
#: What joins two figures, and a verb of the second's own: 分别增长2%、5%和下降3%.
_JOINT = re.compile(
    r"\s*(?:、|[和及与跟]|以及)?\s*(?P<verb>(?:同比|环比)?(?:增长|增加|下降|减少|上升|提高|降低|上涨|下跌|回落|[增降涨跌])了?)?\s*"
)
_ENGLISH_JOINT = re.compile(r"\s*(?:[,;]\s*(?:and\b)?|and\b|or\b)\s*")
_SIGN = re.compile(r"(?:\b[A-Z]{1,3})?[$£€¥]\s*$|[-−]$")
_COMMA = re.compile("、")
#: What joins two names; not within 普及率, 涉及, 共和国, 参与.
_AND = re.compile(
    "以及|(?<![普涉波以遍])及(?![时格其])|(?<![共总温缓随柔平])和(?![平谐田睦])|(?<!参)与(?!会)|跟(?![团踪])"
)
#: Characters between 分别 and the first figure, between two lists of figures, and between the names and 分别.
_LEAD, _SECOND_LEAD, _BETWEEN = 14, 20, 6
#: Clauses before 分别 in which the names are looked for, and those that name something else.
_BACK = 3
_ASIDE = re.compile(r"\s*[受与较比随据按]|.*(?:影响|相比|比较|变化)$")
#: Length of a Chinese name where nothing tells it: most words have two characters.
_WORD = 2
#: Words for what is measured, with which a name ends that needs no more: 城镇、农村居民收入 has one for both.
_MEASURE = re.compile(
    "(?:[率量额数值价比]|规模|收入|支出|利润|投资|消费|贷款|存款|[进出]口|人口|占比|比重|比例|面积|增速|进度|用户|网民|人员"
    "|教师|学生|职工|员工|患者|床位|年龄|寿命)$"
)
_ENGLISH_AND = re.compile(r",?\s+and\s+")
_ENGLISH_COMMA = re.compile(r",\s+")
_ENGLISH_STOP = re.compile(r"(?<!\b[A-Z])[.;!?:]\s")
_VERB = re.compile(
    r"\s+(?:was|were|is|are|had|has|have|rose|fell|grew|stood|came|reached|totall?ed|earned|made|numbered|amounted"
    r"|averaged|accounted|increased|decreased|declined|dropped|climbed|recorded|saw|yielded|produced|sold|bought|carried|held"
    r"|received|employed|spent|took|cost|gained|lost|drew|attracted|contributed|generated|exported|imported)\b"
)
_AFTER_FIGURES = re.compile(r"(?:\s+(?:of\s+)?[a-z]+){0,2}\s*,?\s*")
_NAMES_AFTER = re.compile(r"\s+(?:on|for|in|to|by|of|from|among|at)\b[^.;]*\band\b")


@dataclass(frozen=True, slots=True)
class Number:
    """A slot with what a lost number has left beside it: the sign before (US$, -), the unit after."""

    start: int
    until: int


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A text with each figure after its name, and where the slots of the original stand in it, in their order.

    ``lists`` holds for each list the spans of its names with their figures.
    """

    text: str
    slots: tuple[Span, ...]
    lists: tuple[tuple[Span, ...], ...]


def written_out(text: str, slots: Sequence[tuple[int, int, str | None]]) -> WrittenOut | None:
    """Return the text with its lists written out; None where there is none that can be.

    ``slots`` are offsets into it with the unit, if known; a hole has ``start == end``.
    """
    plain = to_simplified(text)
    if not (_CHINESE.search(plain) or _ENGLISH.search(plain)):
        return None
    writer = _Writer(text, slots)
    for found in _lists(plain, [_number(text, *slot) for slot in slots]):
        if found.start >= writer.done:
            writer.add(found)
    return writer.finish()


def _number(text: str, start: int, end: int, unit: str | None) -> Number:
    if start < end:
        return Number(start, end)
    sign = _SIGN.search(text, max(0, start - 8), start)
    left = re.compile(rf"\s*{re.escape(unit)}").match(text, end) if unit else None
    return Number(sign.start() if sign else start, left.end() if left else end)


@dataclass(frozen=True, slots=True)
class _List:
    """A list: the span it takes in the text, and for each of its names the pieces that say it with its figures."""

    start: int
    end: int
    items: list[list[Span]]
    separator: str


class _Writer:
    """Writes pieces of a text one after the other, and notes where its slots come to stand."""

    def __init__(self, text: str, slots: Sequence[tuple[int, int, str | None]]) -> None:
        self._text, self._slots = text, slots
        self.done = 0
        self._out: list[str] = []
        self._length = 0
        self._at: dict[int, Span] = {}
        self._lists: list[tuple[Span, ...]] = []

    def add(self, found: _List) -> None:
        self._piece((self.done, found.start))
        items = []
        for i, pieces in enumerate(found.items):
            self._literal(found.separator if i else "")
            begin = self._length
            for piece in pieces:
                self._piece(piece)
            items.append((begin, self._length))
        self._lists.append(tuple(items))
        self.done = found.end

    def finish(self) -> WrittenOut | None:
        if not self._lists:
            return None
        self._piece((self.done, len(self._text)))
        if len(self._at) < len(self._slots):
            return None
        return WrittenOut("".join(self._out), tuple(self._at[i] for i in range(len(self._slots))), tuple(self._lists))

    def _piece(self, piece: Span) -> None:
        first, last = piece
        for i, (start, end, _) in enumerate(self._slots):
            # A hole belongs to what follows it.
            inside = first <= start < last if start == end else first <= start and end <= last
            if inside or (start == end == last == len(self._text)):
                self._at.setdefault(i, (self._length + start - first, self._length + end - first))
        self._literal(self._text[first:last])

    def _literal(self, text: str) -> None:
        self._out.append(text)
        self._length += len(text)


def _lists(text: str, numbers: Sequence[Number]) -> Iterator[_List]:
    for match in _CHINESE.finditer(text):
        if found := _chinese(text, match.span(), numbers):
            yield found
    for match in _ENGLISH.finditer(text):
        if found := _english(text, match.span(), numbers):
            yield found


def _sentence(text: str, at: int) -> Span:
    start = max(text.rfind(stop, 0, at) for stop in _STOPS) + 1
    ends = [i for stop in _STOPS if (i := text.find(stop, at)) >= 0]
    return start, min(ends, default=len(text))


def _run(text: str, numbers: Sequence[Number], first: int, joint: re.Pattern[str]) -> int:
    """Return how many slots from the ``first`` on are joined to a list."""
    count = 1
    while first + count < len(numbers):
        one, two = numbers[first + count - 1], numbers[first + count]
        if two.start < one.until or not joint.fullmatch(text, one.until, two.start):
            break
        count += 1
    return count


def _chinese(text: str, marker: Span, numbers: Sequence[Number]) -> _List | None:
    begin, end = _sentence(text, marker[0])
    first = next((i for i, n in enumerate(numbers) if n.start >= marker[1]), None)
    if first is None or numbers[first].until > end:
        return None
    lead = text[marker[1] : numbers[first].start]
    if len(lead) > _LEAD or re.search("[，,：]", lead):
        return None
    count = _run(text, numbers, first, _JOINT)
    named = _names(text, (begin, marker[0]), count, numbers) if count > 1 else None
    if named is None:
        return None
    names, head, between = named
    lists: list[tuple[int, list[Span]]] = [(first, [(marker[1], numbers[first].start)])]
    done = numbers[first + count - 1].until
    while (after := first + count * len(lists)) < len(numbers) and numbers[after].until <= end:
        leads = _second_lead(text, (done, numbers[after].start))
        if leads is None or _run(text, numbers, after, _JOINT) != count:
            break
        lists.append((after, leads))
        done = numbers[after + count - 1].until
    items = []
    for i, name in enumerate(names):
        pieces = [name, *([head] if i + 1 < count else []), between]
        for at, leads in lists:
            pieces += [*_own_verb(text, numbers, at, i, leads), (numbers[at + i].start, numbers[at + i].until)]
        items.append(pieces)
    return _List(names[0][0], done, items, "；")


def _own_verb(text: str, numbers: Sequence[Number], first: int, i: int, leads: list[Span]) -> list[Span]:
    """Return what leads to the figure ``i`` of a list: the verb nearest before it, or what leads to all."""
    for at in range(first + i, first, -1):
        joint = _JOINT.fullmatch(text, numbers[at - 1].until, numbers[at].start)
        if joint and joint["verb"]:
            return [joint.span("verb")]
    return leads


def _second_lead(text: str, lead: Span) -> list[Span] | None:
    """Return what leads to one more list for the same names (，占网民整体的), its 分别 left out.

    None where names of its own stand there: ，其中夏粮、早稻分别为.
    """
    said = text[slice(*lead)]
    if len(said) > _SECOND_LEAD or "、" in said or _AND.search(said):
        return None
    marker = _CHINESE.search(text, *lead)
    return [(lead[0], marker.start()), (marker.end(), lead[1])] if marker else [lead]


def _names(text: str, within: Span, count: int, numbers: Sequence[Number]) -> tuple[list[Span], Span, Span] | None:
    """Return the names of a list, what the last of them has after it for all, and what stands before 分别."""
    clauses = [(within[0] + m.start(), within[0] + m.end()) for m in _CLAUSE.finditer(text[slice(*within)])]
    for clause in reversed(clauses[-_BACK:]):
        between = (clause[1], within[1])
        if len(text[slice(*between)].strip("，, ")) > _BETWEEN:
            break
        names = None if _ASIDE.match(text, *clause) else _parted(text, clause, count, numbers)
        if names:
            until = names[-1][0] + _length_of_last([text[slice(*n)] for n in names])
            return names, (until, names[-1][1]), between
    holding = [c for c in clauses if any(c[0] <= n.start and n.until <= c[1] for n in numbers)]
    last = holding[-1][1] if holding else within[1]
    if len(holding) < count or len(text[last : within[1]].strip("，, ")) > _BETWEEN:
        return None
    if [c for c in clauses if c[1] <= last][-count:] != holding[-count:]:
        return None
    return holding[-count:], (last, last), (last, within[1])


def _parted(text: str, clause: Span, count: int, numbers: Sequence[Number]) -> list[Span] | None:
    """Return the ``count`` names that a clause lists: 甲、乙和丙, 甲和乙."""
    by_comma = _split(text, clause, [m.span() for m in _COMMA.finditer(text, *clause)])
    for names in (_at_last(text, by_comma), by_comma):
        whole = all(text[slice(*n)].strip() for n in names)
        cut = any(x.start < edge < x.until for x in numbers for name in names for edge in name)
        if len(names) == count and whole and not cut:
            return names
    return None


def _split(text: str, span: Span, cuts: Sequence[Span]) -> list[Span]:
    return [*zip([span[0], *(c[1] for c in cuts)], [*(c[0] for c in cuts), span[1]], strict=True)]


def _at_last(text: str, names: list[Span]) -> list[Span]:
    """Part the last of the names at the 和 in it: 乙和丙用户规模. Of several, where both sides end alike."""
    cuts = [m.span() for m in _AND.finditer(text, *names[-1])]
    if len(cuts) > 1:
        last = text[names[-1][1] - 1]
        cuts = [cut for cut in cuts if text[cut[0] - 1] == last]
    return [*names[:-1], *_split(text, names[-1], cuts)] if len(cuts) == 1 else names


def _length_of_last(names: Sequence[str]) -> int:
    """Return how long the last name is without the measure that it shares with the others: 城镇、农村居民收入."""
    last, middle = names[-1], names[1:-1]
    measure = _MEASURE.search(last)
    if measure is None or any(_MEASURE.search(other) for other in names[:-1]):
        return len(last)
    longest = measure.start()
    for other in reversed(names[:-1]):
        for size in range(min(len(other), len(last)), _WORD - 1, -1):
            if (at := last.find(other[-size:])) >= 0:
                return min(at + size, longest)
        if (at := other.rfind(last[:_WORD])) >= 0:
            return min(len(other) - at, longest)
    if middle:
        return min(longest, max(map(len, middle)))
    return min(longest, len(names[0]) if len(names[0]) <= _WORD + 1 else _WORD)


def _english(text: str, marker: Span, numbers: Sequence[Number]) -> _List | None:
    last = max((i for i, n in enumerate(numbers) if n.until <= marker[0]), default=None)
    if last is None or not _AFTER_FIGURES.fullmatch(text, numbers[last].until, marker[0]):
        return None
    if _NAMES_AFTER.match(text, marker[1]):
        return None
    first = last
    while first and _run(text, numbers, first - 1, _ENGLISH_JOINT) > last - first + 1:
        first -= 1
    count = last - first + 1
    figures = numbers[first].start
    begin = max((m.end() for m in _ENGLISH_STOP.finditer(text, 0, figures)), default=0)
    ands = [m.span() for m in _ENGLISH_AND.finditer(text, begin, figures)]
    if count < 2 or not ands:
        return None
    commas = [m.span() for m in _ENGLISH_COMMA.finditer(text, begin, ands[-1][0])]
    earlier = _split(text, (begin, ands[-1][0]), commas)
    comma = text.find(", ", ands[-1][1], figures)
    verb = _VERB.search(text, ands[-1][1], figures)
    until = min(i for i in (comma, verb.start() if verb else -1, len(text[:figures].rstrip())) if i >= 0)
    names = [*earlier[-(count - 1) :], (ands[-1][1], until)]
    if len(names) != count:
        return None
    after = (numbers[last].until, len(text[: marker[0]].rstrip(" ,")))
    items = [
        [name, (until, figures), (numbers[first + i].start, numbers[first + i].until), after]
        for i, name in enumerate(names)
    ]
    return _List(names[0][0], marker[1], items, "; ")
