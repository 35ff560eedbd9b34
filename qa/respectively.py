"""Lists whose figures stand apart from what they belong to: 甲、乙分别为3家、5家, "A and B were 3 and 5 respectively".

The reader tells such figures apart badly, since every one of them is as near to every name. For it alone the sentence
is written out, each name with its own figures (甲为3家；乙为5家). Quotes and offsets are never taken from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Span = tuple[int, int]

_CHINESE = re.compile(r"分[别別]|依次|各自?(?=[为為有增下达達占佔约約\d])")
_ENGLISH = re.compile(r",?\s*\brespectively\b", re.IGNORECASE)
_STOPS = "。！？!?；;"
_CLAUSE = re.compile(r"[^，,：:；;。]+")
_JOINT = re.compile(r"\s*(?:[、，,；;]|[和及与與跟]|以及)?\s*")
_ENGLISH_JOINT = re.compile(r"\s*(?:[,;]\s*(?:and\b)?|and\b|or\b)\s*")
_SIGN = re.compile(r"(?:\b[A-Z]{1,3})?[$£€¥]\s*$|[-−]$")
_COMMA = re.compile("[、]")
_AND = re.compile("以及|[和及与與跟]")
#: Characters between 分别 and the first figure, and between two lists of figures in one sentence.
_LEAD, _SECOND_LEAD = 14, 20
#: Clauses before 分别 in which the names are looked for.
_BACK = 3
#: Length of a Chinese name where nothing tells it: most words have two characters.
_WORD = 2


@dataclass(frozen=True, slots=True)
class Number:
    """A slot with what a lost number has left beside it: the sign before (US$, -), the unit after."""

    start: int
    until: int


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A text with each figure after its name, and where the slots of the original stand in it, in their order."""

    text: str
    slots: tuple[Span, ...]


def written_out(text: str, slots: Sequence[tuple[int, int, str | None]]) -> WrittenOut | None:
    """Return the text with its lists written out; None where there is none that can be.

    ``slots`` are offsets into it with the unit, if known; a hole has ``start == end``.
    """
    if not (_CHINESE.search(text) or _ENGLISH.search(text)):
        return None
    numbers = [_number(text, *slot) for slot in slots]
    pieces: list[Span | str] = []
    done = 0
    for found in _lists(text, numbers):
        if found.start >= done:
            pieces += [(done, found.start), *found.pieces]
            done = found.end
    if not done:
        return None
    pieces.append((done, len(text)))
    return _joined(text, pieces, slots)


def _number(text: str, start: int, end: int, unit: str | None) -> Number:
    if start < end:
        return Number(start, end)
    sign = _SIGN.search(text[:start])
    left = re.match(rf"\s*{re.escape(unit)}", text[end:]) if unit else None
    return Number(sign.start() if sign else start, end + left.end() if left else end)


def _joined(text: str, pieces: Sequence[Span | str], slots: Sequence[tuple[int, int, str | None]]) -> WrittenOut | None:
    out, at = "", dict[int, Span]()
    for piece in pieces:
        if isinstance(piece, tuple):
            for i, (start, end, _) in enumerate(slots):
                # A hole belongs to what follows it.
                inside = piece[0] <= start < piece[1] if start == end else piece[0] <= start and end <= piece[1]
                if inside or (start == end == piece[1] == len(text)):
                    at.setdefault(i, (len(out) + start - piece[0], len(out) + end - piece[0]))
            out += text[slice(*piece)]
        else:
            out += piece
    if len(at) < len(slots):
        return None
    return WrittenOut(out, tuple(at[i] for i in range(len(slots))))


@dataclass(frozen=True, slots=True)
class _List:
    start: int
    end: int
    pieces: list[Span | str]


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
        if two.start < one.until or not joint.fullmatch(text[one.until : two.start]):
            break
        count += 1
    return count


def _chinese(text: str, marker: Span, numbers: Sequence[Number]) -> _List | None:
    begin, end = _sentence(text, marker[0])
    first = next((i for i, n in enumerate(numbers) if n.start >= marker[1]), None)
    if first is None or not _leads(text[marker[1] : numbers[first].start], _LEAD) or numbers[first].until > end:
        return None
    count = _run(text, numbers, first, _JOINT)
    named = _names(text, (begin, marker[0]), count, numbers) if count > 1 else None
    if named is None:
        return None
    names, head, between = named
    lists = [(first, (marker[1], numbers[first].start))]
    done = numbers[first + count - 1].until
    while (after := first + count * len(lists)) < len(numbers) and numbers[after].until <= end:
        lead = (done, numbers[after].start)
        if len(text[slice(*lead)]) > _SECOND_LEAD or _run(text, numbers, after, _JOINT) != count:
            break
        lists.append((after, lead))
        done = numbers[after + count - 1].until
    pieces: list[Span | str] = []
    for i, name in enumerate(names):
        pieces += [name, *([head] if i + 1 < count else []), between]
        for at, lead in lists:
            pieces += [lead, (numbers[at + i].start, numbers[at + i].until)]
        pieces.append("；" if i + 1 < count else "")
    return _List(names[0][0], done, pieces)


def _leads(text: str, limit: int) -> bool:
    return len(text) <= limit and not re.search("[，,。；;：]", text)


def _names(text: str, within: Span, count: int, numbers: Sequence[Number]) -> tuple[list[Span], Span, Span] | None:
    """Return the names of a list, what the last of them has after it for all, and what stands before 分别."""
    clauses = [(within[0] + m.start(), within[0] + m.end()) for m in _CLAUSE.finditer(text[slice(*within)])]
    for clause in reversed(clauses[-_BACK:]):
        if names := _parted(text, clause, count):
            until = names[-1][0] + _length_of_last([text[slice(*n)] for n in names])
            return names, (until, names[-1][1]), (clause[1], within[1])
    holding = [c for c in clauses if any(c[0] <= n.start and n.until <= c[1] for n in numbers)]
    if len(holding) >= count and clauses[-1] not in holding and clauses[-count - 1 : -1] == holding[-count:]:
        last = holding[-1][1]
        return holding[-count:], (last, last), (last, within[1])
    return None


def _parted(text: str, clause: Span, count: int) -> list[Span] | None:
    """Return the ``count`` names that a clause lists: 甲、乙和丙; 甲和乙、丙 if need be."""
    for names in (_at_last(text, _split(text, clause, _COMMA)), _split(text, clause, _COMMA)):
        if len(names) == count and all(text[slice(*n)].strip() for n in names):
            return names
    return None


def _split(text: str, span: Span, at: re.Pattern[str]) -> list[Span]:
    cuts = [(span[0] + m.start(), span[0] + m.end()) for m in at.finditer(text[slice(*span)])]
    return [*zip([span[0], *(c[1] for c in cuts)], [*(c[0] for c in cuts), span[1]], strict=True)]


def _at_last(text: str, names: list[Span]) -> list[Span]:
    """Part the last of the names at its first 和: 乙和丙用户规模."""
    parted = _split(text, names[-1], _AND)
    return [*names[:-1], parted[0], (parted[1][0], names[-1][1])] if len(parted) > 1 else names


def _length_of_last(names: Sequence[str]) -> int:
    """Return how long the last name is without what it shares with the others: 出口、进口总额 has one of two."""
    last, middle = names[-1], names[1:-1]
    for other in reversed(names[:-1]):
        for size in range(min(len(other), len(last)), 0, -1):
            if (at := last.find(other[-size:])) >= 0:
                return at + size
        if (at := other.rfind(last[:_WORD])) >= 0:
            return min(len(other) - at, len(last))
    if middle:
        return min(len(last), max(map(len, middle)))
    return min(len(last), len(names[0]) if len(names[0]) <= _WORD + 1 else _WORD)


def _english(text: str, marker: Span, numbers: Sequence[Number]) -> _List | None:
    last = max((i for i, n in enumerate(numbers) if n.until <= marker[0]), default=None)
    if last is None or text[numbers[last].until : marker[0]].strip(" ,"):
        return None
    first = last
    while first and _run(text, numbers, first - 1, _ENGLISH_JOINT) > last - first + 1:
        first -= 1
    count = last - first + 1
    begin = max((m.end() for m in re.finditer(r"[.;!?:]\s", text[: numbers[first].start])), default=0)
    ands = [m for m in re.finditer(r",?\s+and\s+", text[begin : numbers[first].start])]
    if count < 2 or not ands:
        return None
    at = (begin + ands[-1].start(), begin + ands[-1].end())
    earlier = _split(text, (begin, at[0]), re.compile(r",\s+"))
    comma = text.find(", ", at[1], numbers[first].start)
    until = comma if comma >= 0 else len(text[: numbers[first].start].rstrip())
    names = [*earlier[-(count - 1) :], (at[1], until)]
    if len(names) != count:
        return None
    lead = (until, numbers[first].start)
    pieces: list[Span | str] = []
    for i, name in enumerate(names):
        pieces += [name, lead, (numbers[first + i].start, numbers[first + i].until)]
        pieces.append("; " if i + 1 < count else "")
    return _List(names[0][0], marker[1], pieces)
