"""Recovers the structure of text that has run together into one line: headings, paragraphs, captions, editor's line.

The cues are those of Chinese (and some of English) reports, not of one report: a heading is an unpunctuated group of
clauses between the end of a sentence and an opening such as a time phrase; a caption opens with 资料图, 图为… and ends in
a credit; an editor's line stands last. What is left is body text, cut where the topic shifts.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.datamodels import BlockKind
from index.sentences import split_sentences

SHORTEST, IDEAL, LONGEST = 80, 200, 350
"""Characters of a recovered body paragraph: below the first it is joined to its neighbour, above the last it is cut."""

_WINDOW = 3
"""Sentences on either side of a boundary that are compared."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch ``line[start:end]`` of the run-on line."""

    start: int
    end: int
    kind: BlockKind


# ---------------------------------------------------------------------------------------------------------------------
# Title and date glued to the front, editor's line to the end

_STAMP = re.compile(
    r"(?:\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)\s*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
    r"(?:\s*(?:来源|稿源)\s*[:：]\s*\S{1,12}(?=\s))?"
)
_EDITOR_TAIL = re.compile(
    r"[（(【\[]?\s*(?:责任编辑|責任編輯|责编|責編|(?<=[。！？）)】\]\s])(?:编辑|編輯|校对|编审|监制)(?=\s*[:：丨|/]|\S{2,4}[）)】\]]?$))"
    r"[^。]{0,60}$"
)


def _front(line: str) -> Iterator[Part]:
    """A title of at most 80 characters before a time stamp."""
    stamp = _STAMP.search(line, 0, 140)
    if stamp and stamp.start() <= 80 and not re.search("[。；]", line[: stamp.start()]):
        if line[: stamp.start()].strip():
            yield Part(0, stamp.start(), "title")
        yield Part(stamp.start(), stamp.end(), "date")


def _tail(line: str, start: int) -> int:
    """Return where the editor's line begins, or the length of ``line``."""
    found = _EDITOR_TAIL.search(line, max(start, len(line) - 100))
    return found.start() if found else len(line)


# ---------------------------------------------------------------------------------------------------------------------
# Captions

_PICTURE = re.compile(
    r"[（(【\[]?\s*(?:资料图|資料圖|资料照片|图为|圖為|图[一二三四五六七八九十\d]{0,2}\s*[:：]|[▲△▼]|(?:File )?[Pp]hoto(?: by|:))"
)
_CREDIT = re.compile(
    r"[（(]?\s*(?:[\u4e00-\u9fff]{2,8}?[社网报台刊]|本报|本社|本网)?\s*(?:记者|通讯员|特约记者|发)\s*"
    r"[\u4e00-\u9fff·]{2,4}(?:[\s、][\u4e00-\u9fff·]{2,4}){0,2}?\s*摄(?:影)?[）)]?"
    r"|[（(]?\s*[\u4e00-\u9fff]{2,8}?[社网报]\s*[发發]?[（(]?[\u4e00-\u9fff·]{2,4}\s*摄[）)]{0,2}"
)


def _captions(line: str, sentences: list[tuple[int, int]]) -> dict[int, int]:
    """Return start and end of the captions: a sentence that opens with a picture cue, and the credit that follows it.

    A credit without such a cue takes the short sentence before it along, which is what it credits.
    """
    found: dict[int, int] = {}
    before: tuple[int, int] | None = None
    covered = 0
    for start, end in sentences:
        if credit := _CREDIT.match(line, start, min(end, start + 40)):
            opening = before[0] if before and (before[0] in found or before[1] - before[0] <= 80) else start
            if opening < covered and opening not in found:
                opening = start
            found[opening] = covered = credit.end()
        elif _PICTURE.match(line, start) and end - start <= 160:
            inner = re.search(r"摄(?:影)?[）)]?", line[start : min(end, start + 120)])
            found[start] = covered = start + inner.end() if inner else end
        before = (start, end)
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Headings

_NUMERAL = "一二三四五六七八九十百千万亿两几多半数当"
_TIME_OPENING = re.compile(
    r"截至|截止|自(?:\d{4}|[二〇零一九]{4})?年|(?<!\d)\d{4}年|(?<!["
    + _NUMERAL
    + r"\d近今去前同每全上本新青少中老成往来周])年[，,]"
    r"|近年来|近年來|近几年|近日|日前|目前|当前|今年|去年|本报告期|报告期内|随着|隨著|数据显示|报告显示|据统计|根据"
    r"|(?<!\d)\d{1,2}月\d{1,2}日|(?<!\d)\d{1,2}月，|月日，"
)
_DANGLING = re.compile(
    r"(?:[，,、；：:（(“「《\-—]|[在于从到自至比较为是达的和与及或以由被把将对向据按照经]|显示|指出|认为|表示|来看|来说|称|说|预计|其中|截至|以来|同时|此外)$"
)
_LONGEST_HEADING = 45
_SHORTEST_HEADING = 4


def _time_phrase_follows(line: str, start: int, end: int) -> int | None:
    """An unpunctuated clause group between the start of a sentence and a time phrase."""
    for match in _TIME_OPENING.finditer(line, start + _SHORTEST_HEADING, min(end, start + _LONGEST_HEADING + 8)):
        head = line[start : match.start()]
        if re.search("[。；：:！!“”（）()、]", head) and not re.match(r"[一二三四五六七八九十]{1,3}、|[（(]", head):
            return None
        if _DANGLING.search(head) or head.count("，") > 1:
            continue
        clauses = head.split("，")
        if len(head) <= _LONGEST_HEADING and all(len(clause) >= 4 for clause in clauses):
            return match.start()
    return None


_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、](?!\d)")


def _capital_follows(line: str, start: int, end: int) -> int | None:
    """`Key FindingsRevenue rose`: title-case words, the last run into a capital."""
    match = re.compile(
        r"(?:[A-Z][\w'&-]*\s+(?:(?:of|and|the|in|for|on|to|by|at|with|a)\s+)*){0,7}[A-Z]?[a-z]{2,}(?=[A-Z][a-z]+\s)"
    ).match(line, start, min(end, start + 90))
    return match.end() if match and line[match.end() - 1].islower() else None


HEADING_RULES: list[Callable[[str, int, int], int | None]] = [_time_phrase_follows, _capital_follows]


def _heading_end(line: str, start: int, end: int) -> int | None:
    """Return where a heading that opens the sentence ``line[start:end]`` ends, or None."""
    for rule in HEADING_RULES:
        found = rule(line, start, end)
        if found is not None:
            return found
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Paragraphs


def _tokens(text: str) -> Counter[str]:
    runs = re.findall(r"[\u3400-\u9fff]+|[A-Za-z]{3,}", text)
    tokens: Counter[str] = Counter()
    for run in runs:
        if run.isascii():
            tokens[run.lower()] += 1
        else:
            tokens.update(run[i : i + 2] for i in range(len(run) - 1))
    return tokens


def _cohesion(line: str, sentences: list[tuple[int, int]]) -> list[float]:
    """Return for each boundary between sentences how alike both sides are (cosine over character bigrams)."""
    bags = [_tokens(line[start:end]) for start, end in sentences]
    values = []
    for at in range(1, len(bags)):
        left: Counter[str] = sum(bags[max(0, at - _WINDOW) : at], Counter())
        right: Counter[str] = sum(bags[at : at + _WINDOW], Counter())
        dot = sum(count * right[token] for token, count in left.items())
        norm = math.sqrt(sum(c * c for c in left.values()) * sum(c * c for c in right.values()))
        values.append(dot / norm if norm else 0.0)
    return values


def _paragraphs(line: str, sentences: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut a run of sentences where cohesion is low, into pieces of readable size (dynamic programme over cuts)."""
    if not sentences:
        return []
    if sentences[-1][1] - sentences[0][0] <= LONGEST:
        return [(sentences[0][0], sentences[-1][1])]
    gain = [0.0, *(0.12 - value for value in _cohesion(line, sentences))]
    best = [0.0] + [-math.inf] * len(sentences)
    back = [0] * (len(sentences) + 1)
    for stop in range(1, len(sentences) + 1):
        for start in range(stop - 1, -1, -1):
            length = sentences[stop - 1][1] - sentences[start][0]
            if length > 2 * LONGEST and start < stop - 1:
                break
            value = best[start] + gain[start] - _length_cost(length)
            if value > best[stop]:
                best[stop], back[stop] = value, start
    cuts, at = [], len(sentences)
    while at:
        cuts.append((sentences[back[at]][0], sentences[at - 1][1]))
        at = back[at]
    return cuts[::-1]


def _length_cost(length: int) -> float:
    if length < SHORTEST:
        return 0.3 * (SHORTEST - length) / SHORTEST + 0.1
    if length > LONGEST:
        return 0.5 * (length - LONGEST) / LONGEST + 0.1
    return 0.1 * abs(math.log(length / IDEAL))


# ---------------------------------------------------------------------------------------------------------------------


def recover(line: str, *, first: bool = False) -> list[Part]:
    """Recover the parts of a run-on line.

    Args:
        line: a line for which ``index.structure.is_run_on`` holds.
        first: whether the document begins with it, so that its title may be glued to its front.

    Returns:
        Parts in order that hold every non-space character of ``line``, without surrounding white space.
    """
    parts = list(_front(line)) if first else []
    start = parts[-1].end if parts else 0
    tail = _tail(line, start)
    sentences = [(start + left, start + right) for left, right in split_sentences(line[start:tail])]
    captions = _captions(line, sentences)

    pending: list[tuple[int, int]] = []

    def flush() -> None:
        parts.extend(Part(left, right, "paragraph") for left, right in _paragraphs(line, pending))
        pending.clear()

    covered = start
    for left, right in sentences:
        if left in captions:
            flush()
            covered = captions[left]
            parts.append(Part(left, covered, "caption"))
        left = max(left, covered)
        if left >= right:
            continue
        end = _heading_end(line, left, right)
        if end is not None:
            flush()
            parts.append(Part(left, end, "heading"))
            left = end
        if left < right:
            pending.append((left, right))
    flush()
    if tail < len(line):
        parts.append(Part(tail, len(line), "editor"))
    return [stripped for part in parts if (stripped := _strip(line, part))]


def _strip(line: str, part: Part) -> Part | None:
    piece = line[part.start : part.end]
    if not (bare := piece.strip()):
        return None
    start = part.start + len(piece) - len(piece.lstrip())
    return Part(start, start + len(bare), part.kind)
