"""Decide the verdict: which slot, if any, answers the question, and whether a figure stands in it or a hole."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from index.folding import fold, to_simplified
from index.lexical import tokenize
from qa.datamodels import Figure, Verdict
from qa.figures import FigureKind, figure_kind, find_figures
from qa.overlap import content_tokens
from qa.questions import DATE, Question, is_yes_no
from qa.reading import Reader, Reading
from qa.slots import PassageWindow, Slot, SlottedPassage, windows, years_in
from qa.tables import but_for_the_period, ruled_out

#: Passages quoted at most for a question in words.
MAX_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Operating point: tuned on CMRC 2018 train and synthetic news, never on what is reported."""

    figure: float = 0.5
    """Least probability at which a figure answers."""
    hole: float = 0.3
    """Least probability at which a gap answers: to show a hole in vain costs less than to state a wrong figure."""
    passage: float = 0.4
    """Least probability at which a window answers a question that asks for no figure."""
    rival: float = 0.8
    """Figures this likely, as a share of the best slot, are answers as well."""
    rival_hole: float = 0.6
    """The same for gaps."""
    mismatch: float = 0.03
    """Factor on the odds of a slot of a kind of figure that the question does not ask for."""
    other: float = 0.002
    """Factor on the odds of a slot of another year, line, quarter… than the question names."""
    trust: float = 0.25
    """Weight of the window's own reading in the chance that none of its slots answers, 0..1."""
    coverage: float = 4.0
    """How steeply the log odds fall where the passage holds fewer of the question's words than ``covered``."""
    covered: float = 0.5
    """Share of the question's words from which a passage speaks of its subject."""
    gap: float = 0.5
    """Confidence from which a gap counts in full: a weaker one needs a likelier reading."""
    published: float = 0.9
    """Probability that the date line answers when the document came out."""
    kind: tuple[tuple[str, float], ...] = (("date", 0.3), ("editor", 0.5), ("heading", 0.7), ("title", 0.7))
    """Factors for what stands in these kinds of block: a paragraph that says the same says more."""


class Read(NamedTuple):
    """A window as the reader read it; ``rank`` is the position of its passage in the retrieval, from 0.

    ``coverage`` is the share of the question's own words that its passage, section or title holds, 0..1.
    """

    window: PassageWindow
    reading: Reading
    rank: int
    coverage: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A slot with its probability of being the answer."""

    window: PassageWindow
    slot: Slot
    probability: float
    rank: int
    """Position of the passage in the retrieval, from 0."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with what carries it; ``spans`` are windows' spans that answer in words."""

    verdict: Verdict
    rule: str
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    spans: tuple[tuple[PassageWindow, tuple[int, int] | None], ...] = ()


@lru_cache(maxsize=1024)
def unit_kinds(unit: str) -> frozenset[FigureKind]:
    """Return the kinds of figure a unit belongs to: those of a small number, a year and an ordinal read with it."""
    return frozenset(figure_kind(f) for number in ("5", "2005", "第5") for f in find_figures(f"{number}{unit}"))


def slot_kinds(slot: Slot) -> frozenset[FigureKind]:
    """Return the kinds of figure the slot holds or may have held; empty when nothing tells."""
    if slot.figure is not None:
        return frozenset({figure_kind(slot.figure)})
    return unit_kinds(slot.unit) if slot.unit else frozenset()


def read_passages(question: str, passages: Sequence[SlottedPassage], reader: Reader) -> list[Read]:
    """Let the reader read every window of the passages, which are given best first."""
    found: list[Read] = []
    asked = spell_out(to_simplified(question))
    yes_no = is_yes_no(fold(asked))
    named = [] if yes_no else find_figures(asked)
    asked = open_up(asked) if yes_no else asked
    out = ruled_out(asked, [passage.chunk for passage in passages])
    for rank, passage in enumerate(passages):
        document = passage.chunk.document
        own = [
            replace(w, slots=tuple(s for s in w.slots if not names(named, s) and (document, s.start) not in out))
            for w in windows(passage)
        ]
        texts = [w.as_read() for w in own]
        readings = reader.read(within_document(asked, passage), texts)
        held = coverage(asked, passage)
        found += [Read(window, reading, rank, held) for window, reading in zip(own, readings, strict=True)]
    return found


def names(named: Sequence[Figure], slot: Slot) -> bool:
    """Whether the question names the slot's figure itself, which is then not what it asks: 连续几年全球第一."""
    figure = slot.figure
    if figure is None:
        return False
    return any(
        f.text == figure.text or (f.value is not None and (f.value, f.unit) == (figure.value, figure.unit))
        for f in named
    )


def coverage(question: str, passage: SlottedPassage) -> float:
    """Return the share of the question's content tokens that the passage, its section or the title holds, 0..1.

    The reader sees a window and may not see that its 体长可达 speaks of another fish. 1 where the two share no script.
    """
    chunk = passage.chunk
    asked = content_tokens(question)
    if not asked or bool(_CJK.search(question)) != bool(_CJK.search(chunk.text)):
        return 1.0
    held = set(tokenize(f"{passage.title} {chunk.section or ''} {passage.wording}"))
    return sum(token in held for token in asked) / len(asked)


_CJK = re.compile("[㐀-鿿]")

#: Abbreviations that Chinese reports spell out. General usage of statistics offices and markets.
_SPELLED_OUT = {
    "GDP": "国内生产总值",
    "CPI": "居民消费价格指数",
    "PPI": "工业生产者出厂价格指数",
    "PMI": "采购经理指数",
    "R&D": "研究与试验发展",
    "IPO": "首次公开募股",
}


def spell_out(question: str) -> str:
    """Write out the abbreviations in a Chinese question: GDP is 国内生产总值."""
    if not _CJK.search(question):
        return question
    return re.sub("|".join(map(re.escape, _SPELLED_OUT)), lambda m: _SPELLED_OUT[m[0].upper()], question, flags=re.I)


_OFFERING = r"(?:是不是|是否|有没有|有无|已经?|是|为|有|达到?了?|超过|突破|低于|不到|高于|多于|少于|足|约){1,3}"


def open_up(question: str) -> str:
    """Turn a Chinese yes/no question about a figure into the open one: 人口有没有超过500万 asks 人口是多少."""
    for figure in find_figures(question):
        if figure_kind(figure) in ("date", "time"):
            continue
        before = re.search(rf"{_OFFERING}$", question[: figure.start])
        after = re.match(r"(?:的)?(?:以上|以下|左右)?了?(?:吗|么)?[?？]?$", question[figure.end :])
        if after and (before or re.match(r"超过|突破|低于|不到|高于|达", figure.text)):
            subject = re.sub(rf"{_OFFERING}$", "", question[: figure.start])
            return f"{subject}是多少？" if len(subject) > 1 else question
    return question


def within_document(question: str, passage: SlottedPassage) -> str:
    """Leave out of the question what the document's title says already and its paragraphs do not repeat.

    In 云河市2022年的出口额是多少, asked of the bulletin of that city and year, 出口额是多少 is left to be found.
    """
    text = passage.wording
    for year in sorted(years_in(question) & passage.years):
        if year not in text:
            question = re.sub(rf"(?:in |for |of )?{year}(?:年度?)?的?[，,]?", "", question).strip()
    named = re.match(r"[㐀-鿿]{2,12}?(?=的|20|19|全|[，,]|$)|[㐀-鿿]{2,8}", question)
    for length in range(len(named[0]) if named else 0, 1, -1):
        head = question[:length]
        if head in passage.title and head not in text and len(question) > length + 3:
            return question[length:].lstrip("的，, ")
    return question


def speaks_of_other_year(question: Question, passage: SlottedPassage) -> bool:
    """Whether the question names years and the passage names only others: a figure for 2020 does not answer 2018."""
    asked = years_in(question.text)
    return bool(asked and passage.years and not asked & passage.years)


_FAMILIES: tuple[frozenset[FigureKind], ...] = (
    frozenset({"number", "count", "money", "measure", "age"}),
    frozenset({"percent", "points", "ratio", "multiple"}),
    frozenset({"date", "time"}),
    frozenset({"duration"}),
    frozenset({"rank"}),
)


def of_one_family(slot: Slot, other: Slot) -> bool:
    """Whether two slots may hold figures for one quantity: an amount and a share of it are two."""
    kinds, others = slot_kinds(slot), slot_kinds(other)
    return not kinds or not others or any(kinds & family and others & family for family in _FAMILIES)


def fits_kind(question: Question, slot: Slot) -> bool:
    """Whether the slot's kind of figure, where its unit tells it, is one that the question asks for."""
    kinds = slot_kinds(slot)
    return not kinds or bool(kinds & question.kinds)


def weigh(question: Question, read: Read, thresholds: Thresholds) -> list[float]:
    """Return the probability of each slot given, beside the reading, what kind of figure it is and of which year.

    The evidence multiplies the odds of each slot, and all are normalised anew with the chance that none answers: where
    the likeliest slot is of the wrong kind, the next one of the right kind gains.
    """
    window, reading, _, held = read
    passage = window.passage
    of_passage = math.exp(min(0.0, thresholds.coverage * (held - thresholds.covered)))
    of_passage *= dict(thresholds.kind).get(passage.chunk.kind, 1.0)
    if speaks_of_other_year(question, passage) or names_other_number(question, passage):
        of_passage *= thresholds.other
    factors = [
        of_passage
        * (1.0 if fits_kind(question, slot) else thresholds.mismatch)
        * (min(1.0, slot.gap.confidence / thresholds.gap) if slot.gap else 1.0)
        for slot in window.slots
    ]
    weighed = [p * f for p, f in zip(reading.slots, factors, strict=True)]
    if passage.chunk.kind == "date" and asks_when_published(question):
        return [
            max(p, thresholds.published) if fits_kind(question, s) else p
            for p, s in zip(weighed, window.slots, strict=True)
        ]
    none = max(0.0, 1.0 - sum(reading.slots))
    # What the window as a whole is worth has been read apart from its slots: it tells how much "none" is to be trusted.
    none = none ** (1 - thresholds.trust) * (1.0 - reading.answerable) ** thresholds.trust
    total = none + sum(weighed)
    return [p / total for p in weighed] if total > 0 else weighed


_PUBLISHED = re.compile(
    r"(这|本|该|此)?(条|篇|份|则|次)?(新闻|报道|报告|文章|文|稿|公报|消息).{0,8}(发布|发表|刊登|刊发|发出|公布|登出|写)"
    r"|\b(article|report|story|news|bulletin|release)\b.{0,12}\b(published|issued|released|posted|dated)\b"
    r"|\bpublication (date|time)\b|发布(时间|日期)"
)


def asks_when_published(question: Question) -> bool:
    """Whether the question asks when the document itself came out: its date line says so."""
    return bool(question.kinds & DATE) and bool(_PUBLISHED.search(fold(question.text)))


#: Units whose number tells one thing from another rather than how much: line 3, the third quarter, the 19th session.
_IDENTIFYING = frozenset({"号线", "号", "季度", "届", "次", "期", "轮", "批", "代", "级", "章", "条"})


def names_other_number(question: Question, passage: SlottedPassage) -> bool:
    """Whether the question names a thing by number and the passage names only others of its kind (3号线, 第三季度)."""
    if question.yes_no:
        return False
    for asked in find_figures(question.text):
        if asked.value is None or asked.unit not in _IDENTIFYING:
            continue
        named = {s.figure.value for s in passage.slots if s.figure and s.figure.unit == asked.unit}
        if named and asked.value not in named:
            return True
    return False


def rank_slots(question: Question, read: Sequence[Read], thresholds: Thresholds) -> list[Candidate]:
    """Return every slot once, most probable first; a slot seen in two windows keeps its better reading."""
    best: dict[tuple[str, int, int], Candidate] = {}
    for item in read:
        window, rank = item.window, item.rank
        for slot, probability in zip(window.slots, weigh(question, item, thresholds), strict=True):
            key = (window.passage.chunk.document, slot.start, slot.end)
            if key not in best or best[key].probability < probability:
                best[key] = Candidate(window, slot, probability, rank)
    return sorted(best.values(), key=lambda c: (-c.probability, c.rank, c.slot.start))


def decide(question: Question, read: Sequence[Read], thresholds: Thresholds | None = None) -> Decision:
    """Return the verdict on what the retrieved windows hold for the question."""
    thresholds = thresholds or Thresholds()
    if question.asks_figure:
        return _decide_figure(question, rank_slots(question, read, thresholds), thresholds)
    return _decide_passage(read, thresholds)


def _decide_figure(question: Question, candidates: list[Candidate], thresholds: Thresholds) -> Decision:
    likely = [c for c in candidates if c.probability >= (thresholds.figure if c.slot.figure else thresholds.hole)]
    if not likely:
        top = candidates[0].probability if candidates else 0.0
        return Decision("not_found", "no slot answers", 1 - top, tuple(candidates[:3]))
    best, top = likely[0], likely[0].probability
    answers = [
        c
        for c in likely
        if of_one_family(best.slot, c.slot)
        and c.probability >= top * (thresholds.rival if c.slot.figure else thresholds.rival_hole)
    ]
    if not years_in(question.text):  # a table gives one quantity at several times, and none of them is asked for
        answers += [c for c in candidates if c not in answers and but_for_the_period(best.slot.heads, c.slot.heads)]
    verdict: Verdict = "stated" if any(c.slot.figure for c in answers) else "omitted"
    if best.slot.gap is not None and verdict == "stated":
        # A hole is the best answer, yet a figure elsewhere answers too: an approximation or another passage.
        return Decision("stated", "figure beside the best slot, a hole", top, tuple(answers))
    return Decision(verdict, "best slot", top, tuple(answers))


def _decide_passage(read: Sequence[Read], thresholds: Thresholds) -> Decision:
    factors = dict(thresholds.kind)
    scored = [(r.reading.answerable * factors.get(r.window.passage.chunk.kind, 1.0), r) for r in read]
    scored.sort(key=lambda s: (-s[0], s[1].rank))
    top = scored[0][0] if scored else 0.0
    if top < thresholds.passage:
        return Decision("not_found", "no window answers", 1 - top)
    chosen = [(r.window, r.reading.span) for p, r in scored if p >= max(thresholds.passage, 0.8 * top)]
    return Decision("passage", "best window", top, spans=tuple(chosen[:MAX_PASSAGES]))


def explain(decision: Decision, question: Question) -> dict[str, Any]:
    """Return the decision and its reasons as JSON values."""
    considered = [
        {
            "document": c.window.passage.chunk.document,
            "at": c.slot.start,
            "figure": c.slot.figure.text if c.slot.figure else None,
            "unit": c.slot.unit,
            "probability": round(c.probability, 4),
        }
        for c in decision.candidates
    ]
    return {
        "question_rule": question.rule,
        "kinds": sorted(question.kinds),
        "decision_rule": decision.rule,
        "slots": considered,
    }
