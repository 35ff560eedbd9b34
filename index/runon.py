"""Recovers the structure of text that has run together into one line: headings, paragraphs, captions, editor's line.

The cues are those of reports in general, mostly Chinese: a heading is an unpunctuated group of clauses between the end
of a sentence and the opening of another, such as a time phrase; a caption opens with 资料图 or 图为 and ends in a
credit; an editor's line stands last. What is left is body text, cut where the topic shifts. Where wording
decides, the decision is learned (``index/train_runon.py``): how readily a full stop is missing at a place, a heading
ends there, a paragraph starts there.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.datamodels import BlockKind
from index.sentences import split_sentences

SHORTEST, LONGEST = 80, 350
"""Characters of a recovered body paragraph: below the first it is joined to its neighbour, above the last it is cut."""

_WINDOWS = (1, 2, 4)
"""Sentences on either side of a boundary that are compared."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """How evidence is weighed; tuned by ``tests.bench.structure --tune`` on a part of the data that is not reported."""

    shift: float = 1.5
    """Added to the log-odds of every paragraph boundary: higher cuts more."""
    size: float = 1.0
    """Weight of the wish for paragraphs of ``SHORTEST`` to ``LONGEST`` characters."""
    heading: float = 0.5
    """Probability from which a learned heading is taken."""
    two_clauses: float = -1.0
    one_clause: float = 2.0
    """Log-odds of a missing full stop that a heading of two clauses, or of one, needs before a time phrase."""
    numbered: float = 0.2
    """The same for a heading after 一、 or （一）."""


SETTINGS = Settings()


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
    """Find a title of at most 80 characters before a time stamp."""
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
    r"[（(【\[]?\s*"
    r"(?:资料图|資料圖|资料照片|图为|圖為|图[一二三四五六七八九十\d]{0,2}\s*[:：]|[▲△▼]|(?:File )?[Pp]hoto(?: by|:))"
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
    r"(?:截至|截止|自(?:\d{4}|[二〇零一九]{4})?年|(?<![\d/])\d{4}年|随着|隨著|数据显示|报告显示|据统计|根据"
    r"|(?<![" + _NUMERAL + r"\d近今去前同每全上本新青少中老成往来周])年(?=[，,])"
    r"|近年来|近年來|近几年|近日|日前|目前|当前|今年|去年|本报告期|报告期内"
    r"|(?<!\d)\d{1,2}月\d{1,2}日|月日)(?=[^。；：]{0,16}?[，,])"
)
"""A phrase of time or source that opens a sentence, set off by a comma; the digits may have been lost."""
_DATELINE = re.compile(r"(?:\d{0,4}年)?(?:\d{0,2}月)?\d{0,2}日?(?:电|讯|消息|報道|报道)")
_DANGLING = re.compile(
    r"(?:[，,、；：:（(“「《\-—]|[在于於从從到自至比较較为為是达達的和与與及或以由被把将將对對向据據按照经經]|显示|指出|认为|表示|来看"
    r"|来说|称|稱|说|說|预计|其中|截至|以来|以來|同时|此外|今天|昨天|最后|到了|记者|记者.{2,3})$"
)
"""What leaves a clause open, so that the time phrase after it belongs to it."""
LONGEST_HEADING = 45
_LONGEST_NUMBERED = 24
SHORTEST_HEADING = 4


def _time_phrase_follows(line: str, start: int, end: int) -> int | None:
    """Find an unpunctuated clause group between the start of a sentence and a time phrase."""
    for match in _TIME_OPENING.finditer(line, start + SHORTEST_HEADING, min(end, start + LONGEST_HEADING + 8)):
        head = line[start : match.start()]
        if _DATELINE.match(line, match.start(), match.end() + 16) or re.search(r"[\d年月]$", head):
            return None
        if re.search("[。；：:！!“”（）()、]", head) and not re.match(r"[一二三四五六七八九十]{1,3}、|[（(]", head):
            return None
        if _DANGLING.search(head) or head.count("，") > 1:
            continue
        clauses = head.split("，")
        if len(head) <= LONGEST_HEADING and all(len(clause) >= 4 for clause in clauses):
            return match.start()
    return None


_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、](?!\d)")
"""一、 （一） 1. at the start of a sentence: numbers a heading or a paragraph."""


def _capital_follows(line: str, start: int, end: int) -> int | None:
    """`Key FindingsRevenue rose`: title-case words, the last run into a capital."""
    match = re.compile(
        r"(?:[A-Z][\w'&-]*\s+(?:(?:of|and|the|in|for|on|to|by|at|with|a)\s+)*){0,7}[A-Z]?[a-z]{2,}(?=[A-Z][a-z]+\s)"
    ).match(line, start, min(end, start + 90))
    return match.end() if match and line[match.end() - 1].islower() else None


# ---------------------------------------------------------------------------------------------------------------------
# Learned part: log-linear models over hashed character n-grams around a position, see index/train_runon.py

WEIGHTS_FILE = Path(__file__).parent / "weights" / "runon.npz"
TABLE_SIZE = 1 << 17

STOP_TEMPLATES = (
    *((-size, 0) for size in (1, 2, 3, 4)),
    *((0, size) for size in (1, 2, 3, 4, 5)),
    *((-1, 1), (-2, 1), (-1, 2), (-2, 2), (-4, -2), (2, 4), (4, 6)),
)
"""The n-grams looked at around a place where a full stop may be missing: from and to, in characters from that place."""
HEADING_TEMPLATES = (*((-size, 0) for size in (1, 2, 3)), *((0, size) for size in (1, 2, 3, 4)))
"""The same for the end of a heading; what the missing full stop knows comes on top."""
_HEADING_START = ((0, 2), (0, 3), (0, 4))
BOUNDARY_TEMPLATES = (
    *((0, size) for size in (1, 2, 3, 4, 5)),
    *((1, 3), (2, 4), (3, 5), (4, 6), (6, 8), (-2, 0), (-3, 0), (-4, 0), (-5, -3)),
)
"""The same for a sentence that may open a paragraph. The sentences on both sides are looked at with ``_BESIDE``."""
_BESIDE = ((0, 2), (0, 3), (2, 4))
_PADDING = 8


class Weights(NamedTuple):
    """What ``index/weights/runon.npz`` holds."""

    boundary: Array
    boundary_dense: Array
    stop: Array
    heading: Array
    heading_dense: Array


@cache
def _weights() -> Weights:
    with np.load(WEIGHTS_FILE, allow_pickle=False) as stored:
        return Weights(*(stored[name].astype(np.float64) for name in Weights._fields))


def codes_of(text: str) -> Array:
    """Return the code points of ``text`` with every digit as 0, padded at both ends."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    codes[(codes >= ord("0")) & (codes <= ord("9"))] = ord("0")
    return np.pad(codes, _PADDING)


def _hashed(codes: Array, positions: Array, template: tuple[int, int], salt: int) -> Array:
    """Return the row of the weight table for the n-gram that ``template`` picks at each of ``positions``."""
    value = np.full(len(positions), 1469598103934665603 + 7919 * salt, dtype=np.uint64)
    for offset in range(*template):
        value = (value ^ codes[positions + (_PADDING + offset)]) * np.uint64(1099511628211)
        value ^= value >> np.uint64(29)
    rows: Array = ((value >> np.uint64(7)) % np.uint64(TABLE_SIZE)).astype(np.int64)
    return rows


def ngram_rows(codes: Array, positions: Array, templates: Sequence[tuple[int, int]], role: int = 0) -> Array:
    """Hash the n-grams around positions.

    Args:
        codes: from ``codes_of``.
        positions: characters of the text, shape (n,).
        templates: from and to of each n-gram.
        role: keeps apart the n-grams of places with different parts to play.

    Returns:
        Rows of the weight table, shape (n, len(templates)).

    """
    columns = [_hashed(codes, positions, template, column + 64 * role) for column, template in enumerate(templates)]
    return np.stack(columns, 1)


def _scores_everywhere(table: Array, codes: Array, templates: Sequence[tuple[int, int]], role: int = 0) -> Array:
    """Return the sum of the weights of the n-grams around every character of the text, shape (length,)."""
    everywhere = np.arange(len(codes) - 2 * _PADDING)
    scores = np.zeros(len(everywhere))
    for column, template in enumerate(templates):
        scores += table[_hashed(codes, everywhere, template, column + 64 * role)]
    return scores


_BAD_BEFORE = np.array([ord(char) for char in "，、：；（(“「『《【[<-—·.,:;$¥￥/ "], dtype=np.uint64)
_BAD_AT = np.array([ord(char) for char in "，、：；。！？）)”」』》】]>%-—·.,:;!?… "], dtype=np.uint64)
_OPENING, _CLOSING = (
    np.array([ord(char) for char in chars], dtype=np.uint64) for chars in ("（(“「『《【[", "）)”」』》】]")
)
_COMMAS = np.array([ord(char) for char in "，,"], dtype=np.uint64)
_PAUSES = np.array([ord(char) for char in "，、：；。！？,.!?"], dtype=np.uint64)


class LineView:
    """A run-on line as arrays, made once for all its sentences."""

    def __init__(self, line: str, stop: Array | None = None) -> None:
        self.line = line
        self.codes = codes_of(line)
        codes = self.codes[_PADDING:-_PADDING]
        size = len(codes)
        before, at = self.codes[_PADDING - 1 : -_PADDING - 1], codes
        latin = (codes < 0x250) & (codes > 0x20)
        inside_word = latin & np.concatenate([[False], latin[:-1]])
        self.cuttable = ~(np.isin(before, _BAD_BEFORE) | np.isin(at, _BAD_AT) | inside_word)
        self.commas = np.concatenate([[0], np.cumsum(np.isin(codes, _COMMAS))])
        self.depth = np.concatenate(
            [[0], np.cumsum(np.isin(codes, _OPENING).astype(np.int64) - np.isin(codes, _CLOSING))]
        )
        pause_at = np.where(np.isin(codes, _PAUSES), np.arange(size), size)
        self.next_pause = np.append(np.minimum.accumulate(pause_at[::-1])[::-1], size)
        bigrams = codes * np.uint64(1 << 21) + self.codes[_PADDING + 1 : _PADDING + 1 + size]
        order = np.argsort(bigrams, kind="stable")
        again = np.full(size, size)
        same = bigrams[order[:-1]] == bigrams[order[1:]]
        again[order[:-1][same]] = order[1:][same]
        gap = again - np.arange(size)
        self.missing_stop = _scores_everywhere(_weights().stop if stop is None else stop, self.codes, STOP_TEMPLATES)
        """Log-odds, for every character, that a full stop was lost before it."""
        self.recurs = np.concatenate([[0], np.cumsum((gap > 1) & (gap <= 250) & (codes > 0x2E80))])

    @cached_property
    def heading_scores(self) -> tuple[Array, Array]:
        """What the n-grams say, for every character, of a heading that ends before it, and of one that starts there."""
        table = _weights().heading
        ends = _scores_everywhere(table, self.codes, HEADING_TEMPLATES)
        return ends, _scores_everywhere(table, self.codes, _HEADING_START, 1)


def heading_rows(view: LineView, start: int, positions: Array) -> Array:
    """Return the rows of the weight table for a heading from ``start`` to each of ``positions``, for training."""
    ends = ngram_rows(view.codes, positions, HEADING_TEMPLATES)
    return np.concatenate(
        [ends, np.repeat(ngram_rows(view.codes, np.array([start]), _HEADING_START, 1), len(positions), 0)], 1
    )


def heading_features(view: LineView, start: int, end: int) -> tuple[Array, Array]:
    """Describe every place where a heading that opens the sentence ``[start, end)`` could end.

    Returns:
        Positions, shape (n,): from ``SHORTEST_HEADING`` characters after the start, those that do not stand at
        punctuation, inside brackets or inside a word. Dense features, (n, d).

    """
    positions = np.arange(start + SHORTEST_HEADING, min(end - 1, start + LONGEST_HEADING + 1))
    commas = view.commas[positions] - view.commas[start]
    fine = view.cuttable[positions] & (view.depth[positions] == view.depth[start]) & (commas <= 2)
    positions, commas = positions[fine], commas[fine]
    length = positions - start
    pause = view.next_pause[positions] - positions
    first_clause = np.minimum(view.next_pause[start] - start, length)
    dense = np.stack(
        [
            np.ones(len(positions)),
            np.log(length),
            length <= 8,
            length >= 30,
            commas == 1,
            commas == 2,
            first_clause < 5,
            np.log1p(pause),
            pause <= 3,
            np.log1p(end - positions),
            (view.recurs[positions - 1] - view.recurs[start]) / length,
            view.missing_stop[positions],
            positions == (_time_phrase_follows(view.line, start, end) or -1),
            (view.recurs[np.minimum(positions + 12, end)] - view.recurs[positions]) / 12,
        ],
        1,
    ).astype(np.float64)
    return positions, dense


def boundary_features(line: str, view: LineView, sentences: list[tuple[int, int]]) -> tuple[Array, Array]:
    """Describe every boundary between sentences.

    Returns:
        Rows of the weight table, shape (len(sentences) - 1, templates), and dense features, (len(sentences) - 1, d).

    """
    starts = np.array([start for start, _ in sentences])
    lengths = np.log(np.array([end - start for start, end in sentences]))
    beyond = np.append(starts[2:], starts[-1])
    rows = np.concatenate(
        [
            ngram_rows(view.codes, starts[1:], BOUNDARY_TEMPLATES),
            ngram_rows(view.codes, starts[:-1], _BESIDE, 1),
            ngram_rows(view.codes, beyond, _BESIDE, 2),
        ],
        1,
    )
    cohesion = _cohesion(line, sentences)
    dense = np.stack(
        [
            np.ones(len(starts) - 1),
            lengths[:-1] - 4,
            lengths[1:] - 4,
            view.depth[starts[1:]] > view.depth[starts[0]],
            *(10 * cohesion.T),
        ],
        1,
    ).astype(np.float64)
    return rows, dense


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


def _likeness(bags: list[Counter[str]], reach: int) -> Array:
    """Compare each sentence with those that follow it.

    Returns:
        Shape (len(bags), reach + 1): at [i, k] the cosine of sentences i and i + k over character bigrams, weighted by
        how few sentences of the line have them.

    """
    spread = Counter(token for bag in bags for token in bag)
    vectors = []
    for bag in bags:
        vector = {
            token: (1 + math.log(count)) * math.log((len(bags) + 1) / spread[token]) for token, count in bag.items()
        }
        norm = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        vectors.append({token: value / norm for token, value in vector.items()})
    likeness = np.zeros((len(bags), reach + 1))
    for at, vector in enumerate(vectors):
        for apart in range(1, min(reach, len(vectors) - 1 - at) + 1):
            other = vectors[at + apart]
            likeness[at, apart] = sum(vector[token] * other[token] for token in vector.keys() & other.keys())
    return likeness


def _cohesion(line: str, sentences: list[tuple[int, int]]) -> Array:
    """Describe how the topic holds across each boundary between sentences.

    Returns:
        Shape (len(sentences) - 1, 2 * len(_WINDOWS)): for each window, the mean likeness of sentences on either side of
        the boundary, and by how much the sentences of one side are more alike.

    """
    likeness = _likeness([_tokens(line[start:end]) for start, end in sentences], 2 * max(_WINDOWS) - 1)
    size = len(sentences)
    boundary = np.arange(1, size)[:, None]
    columns = []
    for window in _WINDOWS:
        left, right = np.triu_indices(2 * window, 1)
        first, second = boundary + (left - window), boundary + (right - window)
        exists = (first >= 0) & (second < size)
        values = np.where(exists, likeness[np.clip(first, 0, size - 1), right - left], 0.0)
        spans = (left < window) & (right >= window)
        across = values[:, spans].sum(1) / exists[:, spans].sum(1)
        count = exists[:, ~spans].sum(1)
        columns += [across, np.where(count > 0, values[:, ~spans].sum(1) / np.maximum(count, 1) - across, 0.0)]
    return np.stack(columns, 1)


def _boundary_scores(
    line: str, sentences: list[tuple[int, int]], view: LineView | None, settings: Settings
) -> list[float]:
    """Return for each boundary between sentences how readily a paragraph starts there; above 0 speaks for it."""
    if view is None:
        return [float(value) for value in 20 * (0.04 - _cohesion(line, sentences)[:, 2])]
    numbered = np.array([bool(_NUMBERED.match(line, start)) for start, _ in sentences[1:]])
    weights = _weights()
    rows, dense = boundary_features(line, view, sentences)
    scores = weights.boundary[rows].sum(1) + dense @ weights.boundary_dense
    return [float(score) for score in scores + settings.shift + 4 * numbered]


def _paragraphs(sentences: list[tuple[int, int]], scores: Sequence[float], settings: Settings) -> list[tuple[int, int]]:
    """Cut a run of sentences into paragraphs of readable size: a dynamic programme over cuts.

    ``scores`` has one entry for each boundary between ``sentences``.
    """
    if not sentences:
        return []
    gain = [0.0, *scores]
    best = [0.0] + [-math.inf] * len(sentences)
    back = [0] * (len(sentences) + 1)
    for stop in range(1, len(sentences) + 1):
        for start in range(stop - 1, -1, -1):
            length = sentences[stop - 1][1] - sentences[start][0]
            if length > 4 * LONGEST and start < stop - 1:
                break
            value = best[start] + gain[start] - settings.size * _length_cost(length)
            if value > best[stop]:
                best[stop], back[stop] = value, start
    cuts, at = [], len(sentences)
    while at:
        cuts.append((sentences[back[at]][0], sentences[at - 1][1]))
        at = back[at]
    return cuts[::-1]


def _length_cost(length: int) -> float:
    if length < SHORTEST:
        return 3 * (SHORTEST - length) / SHORTEST
    if length > LONGEST:
        return 4 * (length - LONGEST) / LONGEST
    return 0.0


# ---------------------------------------------------------------------------------------------------------------------


def _learned_heading(view: LineView, start: int, end: int) -> tuple[int, float] | None:
    """Return the likeliest end of a heading that opens the sentence, and the probability that there is one."""
    # The rest have next to no probability, and most sentences have no such place at all: it is faster to look first.
    if not (view.missing_stop[start + SHORTEST_HEADING : min(end - 1, start + LONGEST_HEADING + 1)] > -2).any():
        return None
    positions, dense = heading_features(view, start, end)
    if not len(positions):
        return None
    ends, starts = view.heading_scores
    scores = ends[positions] + starts[start] + dense @ _weights().heading_dense
    best = int(scores.argmax())
    top = max(0.0, float(scores[best]))
    total = float(np.exp(scores - top).sum())
    return int(positions[best]), total / (total + math.exp(-top))


def _heading_before_time_phrase(line: str, start: int, end: int, view: LineView, settings: Settings) -> int | None:
    """Find a clause group before 截至…, 年，: more readily of two clauses (甲，乙), which a plain subject never has."""
    opening = _time_phrase_follows(line, start, end)
    if opening is None:
        return None
    needed = settings.two_clauses if "，" in line[start:opening] else settings.one_clause
    return opening if view.missing_stop[opening] >= needed else None


def _numbered_heading(line: str, start: int, end: int, view: LineView, settings: Settings) -> int | None:
    """Find the end of `一、总体要求` in `一、总体要求各地要…`: where its first clause misses a full stop."""
    if not (number := _NUMBERED.match(line, start)):
        return None
    stop = min(end - 6, view.next_pause[number.end()] + 1, number.end() + _LONGEST_NUMBERED)
    places = np.arange(number.end() + 3, stop)
    places = places[view.cuttable[places]]
    if not len(places):
        return None
    best = int(places[view.missing_stop[places].argmax()])
    return best if view.missing_stop[best] >= settings.numbered else None


def _wording(line: str, start: int, end: int, view: LineView, settings: Settings) -> int | None:
    """Find whatever reads like a headline that a sentence follows."""
    learned = _learned_heading(view, start, end)
    return learned[0] if learned and learned[1] >= settings.heading else None


HEADING_RULES: list[Callable[[str, int, int, LineView, Settings], int | None]] = [
    _heading_before_time_phrase,
    _numbered_heading,
    _wording,
]


def _heading_end(line: str, start: int, end: int, view: LineView | None, settings: Settings) -> int | None:
    """Return where a heading that opens the sentence ``line[start:end]`` ends, or None."""
    if view is None:
        return _capital_follows(line, start, end)
    verdicts = (rule(line, start, end, view, settings) for rule in HEADING_RULES)
    return next((verdict for verdict in verdicts if verdict is not None), None)


def recover(line: str, *, first: bool = False, settings: Settings = SETTINGS) -> list[Part]:
    """Recover the parts of a run-on line.

    Args:
        line: a line for which ``index.structure.is_run_on`` holds.
        first: whether the document begins with it, so that its title may be glued to its front.
        settings: how evidence is weighed.

    Returns:
        Parts in order that hold every non-space character of ``line``, without surrounding white space.

    """
    parts = list(_front(line)) if first else []
    start = parts[-1].end if parts else 0
    tail = _tail(line, start)
    sentences = [(start + left, start + right) for left, right in split_sentences(line[start:tail])]
    captions = _captions(line, sentences)
    chinese = 2 * len(re.findall(r"[\u3400-\u9fff]", line)) > len(line)
    view = LineView(line) if chinese else None

    pending: list[tuple[int, int]] = []

    def flush() -> None:
        scores = _boundary_scores(line, pending, view, settings) if len(pending) > 1 else []
        runs = _paragraphs(pending, scores, settings)
        parts.extend(Part(left, right, "paragraph") for left, right in runs)
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
        end = _heading_end(line, left, right, view, settings)
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
