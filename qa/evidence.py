"""What speaks for a slot and against it: the reader's odds, and what words, units and years around it say.

Each piece of evidence is a number; how much it weighs was learned by ``python -m qa.train_judge`` on reports and
articles kept out of the reader's training. The weighed sum is the log odds that the slot answers: a calibrated chance.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.folding import fold, has_han
from index.glossary import translated
from index.lexical import asked_words, tokenize
from qa.abbreviations import spelled_out
from qa.ages import AgeAsked
from qa.changes import asks_change, tells_change
from qa.contrasts import contradicts
from qa.datamodels import Figure
from qa.figures import FigureKind, figure_kind, find_figures
from qa.overlap import content_tokens
from qa.questions import SHARE, Question
from qa.reading import Reading
from qa.slots import PassageWindow, Slot, SlottedPassage, years_spoken_of
from qa.year_beside import YearAsked

WEIGHTS = Path(__file__).parent / "weights" / "judge.json"

#: Bounds of log odds, and of the distance to the next best slot: beyond, more says no more.
_ODDS, _MARGIN = 8.0, 6.0

#: Differences of cosine similarity are small.
_TENFOLD = 10.0

#: Characters before two slots that are compared: two or three Chinese words.
_WORDING = 4


class Read(NamedTuple):
    """A window as the reader read it; ``rank`` is the position of its passage in the retrieval, from 0.

    ``coverage`` is the share of the question's own words that its passage, section or title holds, 0..1. ``behind``
    tells for each slot how much less like the question its sentence is than the one most like it of all that were read,
    as a difference of cosine similarities; empty where no vectors are at hand.
    """

    window: PassageWindow
    reading: Reading
    rank: int
    coverage: float
    behind: tuple[float, ...] = ()


EVIDENCE = (
    "always",
    "reading",
    "answerable",
    "ahead of the others",
    "share of words held",
    "other script than the question",
    "reading across scripts",
    "of a kind asked for",
    "of another kind",
    "a gap",
    "weakness of the gap",
    "in a heading or title",
    "in a caption, date or editor's line",
    "of another year",
    "of another number",
    "of a word that rules out the question's",
    "of a level where a change is asked",
    "rank of the passage",
    "sentence behind the nearest",
    "question to be answered with yes or no",
)
"""Names of the columns of ``evidence``, in order."""


Ranked = Sequence[tuple[float, tuple[str, int, int], Slot, str]]
"""Odds, place, slot and the wording before it of every slot of a kind that is asked for, best first."""


def evidence(question: Question, read: Sequence[Read]) -> list[NDArray[np.float32]]:
    """Return for each window one row of ``EVIDENCE`` for each of its slots, shape ``(slots, len(EVIDENCE))``."""
    age, year = AgeAsked(question.text, [item.window for item in read]), YearAsked(question.text)

    def is_other(passage: SlottedPassage, slot: Slot) -> bool:
        return age.is_other(passage, slot) or year.is_set_against(passage, slot) or year.names_another(passage, slot)

    odds = [_without_others(item.window, log_odds(item.reading), age, year) for item in read]
    ranked = sorted(
        (
            (own, item.window.passage.place(slot), slot, _wording(item.window, slot))
            for item, of_window in zip(read, odds, strict=True)
            for slot, own in zip(item.window.slots, of_window, strict=True)
            if fits_kind(question, slot) and not is_other(item.window.passage, slot)
        ),
        key=lambda entry: -entry[0],
    )
    return [_of_window(question, item, own, ranked, age, year) for item, own in zip(read, odds, strict=True)]


def log_odds(reading: Reading) -> list[float]:
    """Return for each slot of a window how much likelier it answers than none does, as bounded log odds."""
    none = max(1e-6, 1.0 - sum(reading.slots))
    return [_bounded(math.log(max(p, 1e-6) / none), _ODDS) for p in reading.slots]


def _without_others(window: PassageWindow, odds: list[float], age: AgeAsked, year: YearAsked) -> list[float]:
    """Give a slot the odds of one that the reader could not tell from it.

    Those are of other ages and like in kind, and figures of other years that it is set against.
    """
    slots, passage = window.slots, window.passage
    others = [i for i, slot in enumerate(slots) if age.is_other(passage, slot)]
    own = [i for i, slot in enumerate(slots) if i not in others and age.group_of(passage, slot) is not None]
    shared = list(odds)
    for other in others:
        alike = [i for i in own if slot_kinds(slots[i]) & slot_kinds(slots[other])]
        if alike:
            best = max(alike, key=lambda i: odds[i])
            shared[best] = max(shared[best], odds[other])
    for right, wrong in year.pairs(passage):
        if right in slots and wrong in slots:
            at = slots.index(right)
            shared[at] = max(shared[at], odds[slots.index(wrong)])
    return shared


def _bounded(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


def _best_rival(window: PassageWindow, slot: Slot, ranked: Ranked) -> float:
    """Return the best odds of another slot, but for those that say the same or the like in another document."""
    here, wording = window.passage.place(slot), _wording(window, slot)
    return next(
        (
            odds
            for odds, place, other, near in ranked
            if place != here
            and not same_figure(slot.figure, other.figure)
            and not (place[0] != here[0] and near == wording)
        ),
        -_ODDS,
    )


def _wording(window: PassageWindow, slot: Slot) -> str:
    """Return the characters before a slot: two editions of a report say the like of one quantity."""
    chunk = window.passage.chunk
    return chunk.text[max(0, slot.start - chunk.start - _WORDING) : slot.start - chunk.start]


def same_figure(one: Figure | None, two: Figure | None) -> bool:
    """Whether two figures read alike or have one value and unit; a hole says nothing."""
    if one is None or two is None:
        return False
    return one.text == two.text or (one.value is not None and (one.value, one.unit) == (two.value, two.unit))


def _of_window(
    question: Question, read: Read, odds: Sequence[float], ranked: Ranked, age: AgeAsked, year: YearAsked
) -> NDArray[np.float32]:
    window, passage = read.window, read.window.passage
    answers = min(max(read.reading.answerable, 1e-4), 1 - 1e-4)
    kind = passage.chunk.kind
    of_passage = {
        "always": 1.0,
        "answerable": _bounded(math.log(answers / (1 - answers)), _ODDS),
        "share of words held": read.coverage,
        "other script than the question": float(has_han(question.text) != has_han(passage.chunk.text)),
        "in a heading or title": float(kind in ("heading", "title")),
        "in a caption, date or editor's line": float(kind in ("caption", "date", "editor")),
        "rank of the passage": math.log1p(read.rank),
        "question to be answered with yes or no": float(question.yes_no),
    }
    change = asks_change(question.text)
    other_year, other_number = speaks_of_other_year(question, passage, year), names_other_number(question, passage)
    rows = []
    behind = read.behind or (0.0,) * len(odds)
    for slot, own, distance in zip(window.slots, odds, behind, strict=True):
        fits = fits_kind(question, slot)
        of_slot = {
            "reading": own,
            "reading across scripts": own * of_passage["other script than the question"],
            "ahead of the others": _bounded(own - _best_rival(window, slot, ranked), _MARGIN),
            "of a kind asked for": float(fits and bool(slot_kinds(slot))),
            "of another kind": float(not fits),
            "a gap": float(slot.gap is not None),
            "weakness of the gap": 1.0 - slot.gap.confidence if slot.gap else 0.0,
            "sentence behind the nearest": _TENFOLD * distance,
            "of a word that rules out the question's": float(contradicts(question.text, *_words_around(passage, slot))),
            "of a level where a change is asked": float(change and not tells_change(passage, slot)),
            "of another year": float(other_year and not year.may_be_of(passage, slot)),
            "of another number": float(
                other_number
                or age.is_other(passage, slot)
                or year.is_other(passage, slot)
                or _lacks_its_day(question, passage, slot)
            ),
        }
        rows.append([(of_passage | of_slot)[name] for name in EVIDENCE])
    return np.array(rows, dtype=np.float32).reshape(-1, len(EVIDENCE))


def _words_around(passage: SlottedPassage, slot: Slot) -> tuple[str, str]:
    """Return the sentence of a slot, with its heads in a table, and all that its passage and headings say."""
    start, end = (at - passage.chunk.start for at in passage.sentence_at(slot.start, slot.end))
    around = f"{passage.title} {passage.chunk.section or ''} {passage.wording}"
    return (" ".join(slot.heads), around) if slot.heads else (passage.chunk.text[start:end], around)


@cache
def weights() -> NDArray[np.float32]:
    """Return the learned weight of each piece of evidence, shape ``(len(EVIDENCE),)``."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return np.array([stored[name] for name in EVIDENCE], dtype=np.float32)


def chances(question: Question, read: Sequence[Read], weighed: NDArray[np.float32] | None = None) -> list[list[float]]:
    """Return for each window the chance of each of its slots to be the answer, 0..1.

    ``weighed`` are the weights to use, by default the learned ones.
    """
    used = weights() if weighed is None else weighed
    return [[float(1 / (1 + np.exp(-z))) for z in rows @ used] for rows in evidence(question, read)]


def coverage(question: str, passage: SlottedPassage) -> float:
    """Return the share of the question's content tokens that the passage, its section or the title holds, 0..1.

    The reader sees a window and may not see that its 体长可达 speaks of another fish. Across languages the words that
    the glossary knows are looked for. 1 where there is nothing to look for.
    """
    chunk = passage.chunk
    wording = f"{passage.label} {chunk.section or ''} {passage.wording}"
    if has_han(question) != has_han(chunk.text):
        return _coverage_across(question, wording)
    asked = content_tokens(question)
    held = set(tokenize(wording))
    return sum(token in held for token in asked) / len(asked) if asked else 1.0


def _coverage_across(question: str, wording: str) -> float:
    folded = fold(wording)
    held = set(tokenize(folded))

    def stands(rendering: str) -> bool:
        return rendering in folded if has_han(rendering) else held.issuperset(rendering.split(" "))

    found = [any(map(stands, term.renderings)) for term in translated(asked_words(question))]
    return sum(found) / len(found) if found else 1.0


@lru_cache(maxsize=1024)
def unit_kinds(unit: str) -> frozenset[FigureKind]:
    """Return the kinds of figure a unit belongs to: those of a small number, a year and an ordinal read with it."""
    return frozenset(figure_kind(f) for number in ("5", "2005", "第5") for f in find_figures(f"{number}{unit}"))


#: What a figure may be beside its kind: 停机5日, 十四度入围, 连续第九年, 亡于352年, 1:10, 1500, 112 times, 40 pounds.
_ALSO: tuple[tuple[re.Pattern[str], FigureKind], ...] = (
    (re.compile("^[^月]+日$"), "duration"),
    (re.compile("度$"), "count"),
    (re.compile("^连续第.+(?:年|月|天|日|周|季度?)$"), "duration"),
    (re.compile(r"^(?:0\d|1\d|2[0-3])\.[0-5]\d$"), "time"),
    (re.compile(r"^(?:\d{3}|[一二三四五六七八九][零〇一二三四五六七八九]{2})年$"), "date"),
    (re.compile(r"^\D*\d{1,2}:\d{2}(?::\d{2})?$"), "ratio"),
    (re.compile(r"^(?:1[0-8]|2[1-9])\d\d$"), "number"),
    (re.compile(r"^\d{3}$"), "date"),
    (re.compile(" times$"), "count"),
    (re.compile(" quarters$"), "duration"),
    (re.compile(" pounds?$"), "money"),
    (re.compile(" pounds?$"), "measure"),
)


def _figure_kinds(figure: Figure) -> frozenset[FigureKind]:
    text = fold(figure.text)
    return frozenset({figure_kind(figure)} | {kind for pattern, kind in _ALSO if pattern.search(text)})


def slot_kinds(slot: Slot) -> frozenset[FigureKind]:
    """Return the kinds of figure the slot holds or may have held; empty when nothing tells."""
    if slot.figure is not None:
        return _figure_kinds(slot.figure) | ({"percent"} if slot.as_before else set())
    return unit_kinds(slot.unit) if slot.unit else frozenset()


def fits_kind(question: Question, slot: Slot) -> bool:
    """Whether the slot's kind of figure, where its unit tells it, is one that the question asks for."""
    kinds = slot_kinds(slot)
    if kinds and question.kinds <= _RATES and _MAGNITUDE.search(slot.figure.text if slot.figure else slot.unit or ""):
        return False  # a rate is not counted in 万 or 亿
    return not kinds or bool(kinds & question.kinds)


_ASKS_THE_DAY = re.compile(r"哪一?[天日]|哪个?月|几[月日号]|\b(?:what|which) (?:day|date|month)\b")


def _lacks_its_day(question: Question, passage: SlottedPassage, slot: Slot) -> bool:
    """Whether a day or month is asked for and the date has lost it: 2023年月日, on  April 2027."""
    if slot.figure is None or figure_kind(slot.figure) != "date" or not _ASKS_THE_DAY.search(fold(question.text)):
        return False
    return any(-1 <= g.start - slot.end <= 0 or 0 <= slot.start - g.start <= 1 for g in passage.slots if g.gap)


_RATES = SHARE | {"number"}
_MAGNITUDE = re.compile("[万亿萬億]")


def speaks_of_other_year(question: Question, passage: SlottedPassage, year: YearAsked) -> bool:
    """Whether the question names years, or months of them, and the passage only others: 2020 does not answer 2018.

    ``year`` is that of the question.
    """
    asked = years_spoken_of(question.text)
    if asked and passage.years and not asked & passage.years:
        return not (year.is_given(passage) or year.is_documents(passage))
    months, named = months_in(question.text), months_in(passage.wording)
    if not months or not named or months & named:
        return False
    alone = months_alone(passage.wording)
    return not any(month.partition("年")[2] in alone for month in months)  # 1941年…。同年9月


def months_alone(text: str) -> frozenset[str]:
    """Return the months that are written without a year: 同年9月."""
    return frozenset(re.findall(r"(?<!\d年)(?<![\d.])\d{1,2}月", re.sub(r"\s", "", fold(text))))


def months_in(text: str) -> frozenset[str]:
    """Return the months that are written with their year: 2020年3月."""
    return frozenset(re.sub(r"\s", "", m) for m in re.findall(r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月", fold(text)))


#: Units that tell which is meant without 第: 3号线, 三季度.
_NUMBERED_WITHOUT = frozenset({"号线", "号", "季度"})
#: Units whose number tells one thing from another rather than how much: line 3, the third quarter, the 19th session.
_IDENTIFYING = _NUMBERED_WITHOUT | frozenset({"届", "次", "期", "轮", "批", "代", "级", "章", "条"})


def names_other_number(question: Question, passage: SlottedPassage) -> bool:
    """Whether the question names a thing by number and the passage names only others of its kind (3号线, 5G, Q3)."""
    if question.yes_no:
        return False
    label = f"{passage.title} {passage.chunk.section or ''}"
    held = _coded(_COMPARED_CODE.sub("", passage.wording))
    for kind, numbers in _coded(spelled_out(question.text, passage.wording)).items():
        others = held.get(kind, set())
        if len(others) == 1 and not numbers & others and not numbers & _coded(label).get(kind, set()):
            return True
    for asked in find_figures(question.text):
        if asked.value is None or not _tells_apart(asked):
            continue
        told = (s.figure for s in passage.slots if s.figure and s.figure.unit == asked.unit)
        named = {figure.value for figure in told if _tells_apart(figure)}
        is_first = asked.value == 1 and f"首{asked.unit}" in passage.wording
        if named and asked.value not in named and not is_first:
            return True
    return False


def _tells_apart(figure: Figure) -> bool:
    """Whether a number tells one thing from another: 第二轮, 3号线; not the 七轮 that were held."""
    return figure.unit in _IDENTIFYING and (figure.unit in _NUMBERED_WITHOUT or "第" in figure.text)


#: A name of letters with a number: 5G, PM2.5, Q3, A330; not an amount (5M). And one that is only compared with.
_CODE = re.compile(
    r"(?<![A-Za-z\d.$£€¥])(?:(?P<first>\d{1,2})(?P<after>[AC-JLN-SU-Z])|(?P<before>[A-Z][A-Za-z]{0,3})-?(?P<last>\d+(?:\.\d+)?))"
    r"(?![A-Za-z\d])"
)
_COMPARED_CODE = re.compile(rf"(?:[比较較于於]|\b(?:than|from|with|to)\s[^.,;]{{0,24}}?){_CODE.pattern}")


def _coded(text: str) -> dict[tuple[str, str], set[str]]:
    """Return the numbers of such names by the letters after and before them."""
    found: dict[tuple[str, str], set[str]] = {}
    for match in _CODE.finditer(text):
        found.setdefault((match["after"] or "", match["before"] or ""), set()).add(match["first"] or match["last"])
    return found
