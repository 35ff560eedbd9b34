"""Decide the verdict: which slot, if any, answers the question, and whether a figure stands in it or a hole."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.folding import fold, has_han, to_simplified
from index.glossary import translated
from index.inference import in_parallel
from qa.abbreviations import declared_in, spelled_out
from qa.as_written import as_written
from qa.bridge import bridged
from qa.changes import asks_change
from qa.datamodels import Figure, Verdict
from qa.evidence import Read, chances, coverage, fits_kind, log_odds, same_figure, slot_kinds
from qa.figures import FigureKind, figure_kind, find_figures
from qa.periods import parts_named, without_parts
from qa.questions import ANY, DATE, Question, is_yes_no
from qa.reading import Reader, Reading
from qa.retriever import Near
from qa.scope import said_above
from qa.slots import PassageWindow, Slot, SlottedPassage, windows, years_in, years_in_digits
from qa.tables import but_for_the_period, ruled_out
from qa.title_names import end_of_short_name, names_at_start
from qa.year_beside import YearAsked, as_last_year

#: Passages quoted at most for a question in words.
MAX_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Operating point: chosen on reports and articles kept out of the reader's training, never on what is reported."""

    figure: float = 0.5
    """Least chance at which a figure answers. On two sets of kept-out reports, .55 states a wrong figure in 2.9 and
    1.1% of the cases and refuses 27 and 27% of the figures, .5 3.3 and 1.4%, 26 and 25%, .45 3.6 and 1.9%, 23 and 22%;
    a wrong figure is worse."""
    hole: float = 0.25
    """Least chance at which a gap answers: to show a hole in vain costs less than to state a wrong figure."""
    passage: float = 0.3
    """Least probability at which a window answers a question that asks for no figure. Of 52 such questions on kept-out
    reports 51 are answered at any value from .15 to .4; of 15 others answered so .3 leaves 13, .4 11."""
    rival: float = 0.8
    """Figures this likely, as a share of the best slot, are answers as well."""
    rival_hole: float = 0.6
    """The same for gaps."""
    read_elsewhere: float = 0.6
    """Least probability of the reader at which a slot of another document answers as well."""
    read_beside: float = 0.6
    """Least probability of the reader at which a figure of another passage, in the same unit, answers as well."""
    reading_beside: float = 0.7
    """The same as a share of the best slot's: of two figures that contradict each other the judge doubts one."""
    beside_figure: float = 0.1
    """Least chance of such a figure. On kept-out reports 2% of the figures get a second one so."""
    beside_hole: float = 0.3
    """The same where the best slot is a hole."""
    unsure: float = 0.4
    """Least chance at which a slot answers a question that may as well ask for words."""
    published: float = 0.9
    """Chance that the date line answers when the document came out."""
    kind: tuple[tuple[str, float], ...] = (("date", 0.3), ("editor", 0.5), ("heading", 0.7), ("title", 0.7))
    """Factors on how early passages of these kinds of block come: a paragraph that says the same says more."""


Weigh = Callable[[Question, Sequence[Read]], list[list[float]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A slot with its probability of being the answer."""

    window: PassageWindow
    slot: Slot
    probability: float
    rank: int
    """Position of the passage in the retrieval, from 0."""
    reading: float
    """Probability the reader gives it in its window, whatever stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with what carries it; ``spans`` are windows' spans that answer in words."""

    verdict: Verdict
    rule: str
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    spans: tuple[tuple[PassageWindow, tuple[int, int] | None], ...] = ()


#: Least probability of a slot in a window at which its sentences are read by themselves as well: on kept-out training
#: reports two fifths fewer are read so, with the same share of right answers.
_WORTH_A_CLOSER_LOOK = 0.03


def read_passages(
    question: str,
    passages: Sequence[SlottedPassage],
    reader: Reader,
    near: Sequence[Sequence[Near]] = (),
    *,
    nearest: float = -1.0,
    for_figure: bool = False,
) -> list[Read]:
    """Let the reader read every window of the passages, which are given best first.

    ``near`` gives for each passage how near its sentences are to the question, if that is known; ``nearest``, how near
    one is that is not among them. ``for_figure``: a figure is surely asked for, so that windows without any slot need
    not be read.
    """
    asked = years_in_digits(to_simplified(question))
    yes_no = is_yes_no(fold(asked))
    named = [] if yes_no else find_figures(asked)
    asked = open_up(asked) if yes_no else asked
    out = ruled_out(asked, [passage.chunk for passage in passages], of_change=asks_change(asked))

    def may_answer(passage: SlottedPassage, slot: Slot) -> bool:
        return not names(named, slot) and (passage.chunk.document, slot.start) not in out

    documents = {passage.chunk.document for passage in passages}
    declared = {
        name: [] if has_han(asked) else declared_in(p.wording for p in passages if p.chunk.document == name)
        for name in documents
    }
    cut: list[tuple[int, str, PassageWindow]] = []
    within = [within_document(asked, passage) for passage in passages]
    above = [said_above(own, passage) for own, passage in zip(within, passages, strict=True)]
    for rank, passage in enumerate(passages):
        wording = f"{passage.chunk.section or ''} {passage.wording}"
        own_words = spelled_out(as_last_year(within[rank], passage), wording, declared[passage.chunk.document])
        posed = as_written(bridged(own_words, wording), passage)
        for window in windows(passage):
            own = replace(window, slots=tuple(s for s in window.slots if may_answer(passage, s)))
            if own.slots or not for_figure:
                cut.append((rank, posed, own))

    def read(item: tuple[int, str, PassageWindow]) -> Reading:
        rank, posed, window = item
        return reader.read(posed, [window.as_read(above[rank])])[0]

    coming = in_parallel(read, cut)
    held = [
        coverage(spelled_out(asked, p.wording, declared[p.chunk.document]), p) for p in passages
    ]  # while the reader reads
    readings = list(coming)
    finer = {
        (rank, sentence.start): (rank, posed, sentence)
        for (rank, posed, window), reading in zip(cut, readings, strict=True)
        if max(reading.slots, default=0.0) >= _WORTH_A_CLOSER_LOOK
        for sentence in sentence_windows(window)
    }
    alone = {
        (rank, slot): log_odds(reading)[i]
        for (rank, _, sentence), reading in zip(finer.values(), in_parallel(read, [*finer.values()]), strict=True)
        for i, slot in enumerate(sentence.slots)
    }
    nearest = max([nearest, *(sentence.similarity for own in near for sentence in own)])

    def read_of(rank: int, window: PassageWindow, reading: Reading) -> Read:
        both = blended(reading, [alone.get((rank, slot)) for slot in window.slots])
        behind = tuple(nearest - _similarity(near[rank], slot) for slot in window.slots) if near else ()
        return Read(window, both, rank, held[rank], behind)

    return [read_of(rank, window, reading) for (rank, _, window), reading in zip(cut, readings, strict=True)]


def sentence_windows(window: PassageWindow) -> list[PassageWindow]:
    """Return the sentences of a window that hold a slot, each by itself; none where the window is but one."""
    passage = window.passage
    spans = [s for s in passage.sentences if window.start <= s[0] and s[1] <= window.end]
    if len(spans) < 2 or passage.chunk.cells:
        return []
    return [PassageWindow(passage, *span, own) for span in spans if (own := _slots_of(window, span))]


def _slots_of(window: PassageWindow, span: tuple[int, int]) -> tuple[Slot, ...]:
    inside = window.passage.slots_in(*span)
    return tuple(slot for slot in window.slots if slot in inside)


def blended(reading: Reading, alone: Sequence[float | None]) -> Reading:
    """Return a window's reading with the log odds of each slot half way to what its sentence alone gave it.

    The reader takes what stands around for a rival: in 人均可支配收入…元，其中城镇居民人均可支配收入…元 it doubts the
    first. On kept-out training reports the mean of both is right more often than either.
    """
    mean = [own if other is None else (own + other) / 2 for own, other in zip(log_odds(reading), alone, strict=True)]
    shares = [math.exp(odds) for odds in mean]
    return replace(reading, slots=tuple(share / (1 + sum(shares)) for share in shares))


def _similarity(near: Sequence[Near], slot: Slot) -> float:
    """Return the similarity of the sentence that holds a slot; one at the very end of a text is in the last."""
    return next((s.similarity for s in near if s.start <= slot.start < s.end), near[-1].similarity)


def names(named: Sequence[Figure], slot: Slot) -> bool:
    """Whether the question names the slot's figure itself, which is then not what it asks: 连续几年全球第一."""
    return any(same_figure(slot.figure, figure) for figure in named)


_OFFERING = (
    r"(?:是不是|是否|有没有|有无|真的|确实|果真|难道|曾经?|已经?|是|为|有|在|[多高]?达到?|超过?|突破|[低高多少快慢大小]于|不到|不?足|约"
    r"|(?<=[过破到])[了过]|(?<=达)了){1,4}"
)


def open_up(question: str) -> str:
    """Turn a Chinese yes/no question about a figure into the open one: 人口有没有超过500万 asks 人口是多少."""
    for figure in find_figures(question):
        if figure_kind(figure) in ("date", "time"):
            continue
        before = re.search(rf"{_OFFERING}$", question[: figure.start])
        after = re.match(r"(?:大关|的)?(?:以上|以下|左右|上下)?了?(?:吗|么|吧)?[?？]?$", question[figure.end :])
        if after and (before or re.match(r"超|突破|低于|不到|高于|达|逾", figure.text)):
            subject = re.sub(rf"{_OFFERING}$", "", question[: figure.start])
            return f"{subject}是多少？" if len(subject) > 1 else question
    return question


#: A name in an English question, with what leads to it, and what tells that no noun follows it; or its owner's form.
_NAME = r"[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*"
_IN_PLACE = re.compile(
    rf"(?P<lead>\s*\b(?:in|of|for|at|across|within)\s+(?:the\s+)?)(?P<name>{_NAME})"
    r"(?P<end>(?=\s*(?:[?？.,;!]|$)|\s+(?:in|by|from|for|during|last|this|at|on|over|and|use|have|has)\b|\s+\d))?"
)
_OWNER = re.compile(r"\b(?P<name>[A-Z][\w-]*(?:\s+[A-Z][\w-]*)*)['’]s\s+")
_LATIN_HEAD = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9'’-]*(?:\s+[A-Z][A-Za-z0-9'’-]*)*)(?:\s*的\s*|\s*(?=[㐀-鿿]))")


def within_document(question: str, passage: SlottedPassage) -> str:
    """Leave out of the question what the document's headings say already and its paragraphs do not repeat.

    In 云河市2022年的出口额是多少, asked of the bulletin of that city and year, 出口额是多少 is left to be found; so is
    "How many users are there" of "… in China", asked of a report on China.
    """
    text = years_in_digits(passage.wording)
    gone = not re.search(r"\d", f"{passage.headings} {passage.head} {text}")  # nothing tells of which year it is
    for year in sorted(years_in(question)):
        own = year in passage.years or (not passage.years and year in years_in(passage.headings)) or gone
        if year not in text and (own or YearAsked(question).is_documents(passage)):
            question = re.sub(rf"(?:in |for |of )?{year}(?:年度?)?的?[，,]?", "", question).strip()
    if not parts_named(f"{passage.chunk.section or ''} {text}"):
        question = without_parts(question, parts_named(question) & parts_named(passage.headings)).strip()
    question = _without_names(question, f"{passage.title} {passage.chunk.document}", text)
    year_before = re.match(r"(?:19|20)\d\d年度?", question)
    start = year_before.end() if year_before else 0
    ends = (end_of_short_name(fold(question), start, name) for name in names_at_start(fold(passage.title)))
    if (end := max(ends, default=start)) > start and question[start:end] not in text:
        return question[:start] + question[end:].lstrip("的，, ")
    named = re.match(r"[㐀-鿿]{2,12}?(?=的|20|19|全|[，,]|$)|[㐀-鿿]{2,8}", question)
    for length in range(len(named[0]) if named else 0, 1, -1):
        head = question[:length]
        if head in passage.title and head not in text and len(question) > length + 3:
            return question[length:].lstrip("的，, ")
    return question


def _without_names(question: str, label: str, text: str) -> str:
    """Leave out names in Latin letters that stand in a document's title or file name and not in the text."""
    labelled, held = fold(label), fold(text)

    def is_given(name: str) -> bool:
        called = [
            fold(name),
            *(r for term in translated(fold(name)) for r in term.renderings if len(r) > 1 and has_han(r)),
        ]
        return any(c in labelled for c in called) and not any(c in held for c in called)

    def leave_out(match: re.Match[str]) -> str:
        if not is_given(match["name"]):
            return match[0]
        return "" if match["end"] is not None else match["lead"]

    if not has_han(question):
        question = _IN_PLACE.sub(leave_out, question)
        question = _OWNER.sub(lambda m: "the " if is_given(m["name"]) else m[0], question)
    elif (head := _LATIN_HEAD.match(question)) and is_given(head["name"]):
        question = question[head.end() :]
    return re.sub(r"\s+", " ", question).strip()


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


_PUBLISHED = re.compile(
    r"(这|本|该|此)?(条|篇|份|则|次)?(新闻|报道|报告|文章|文|稿|公报|消息).{0,8}(发布|发表|刊登|刊发|发出|公布|登出|写)"
    r"|\b(article|report|story|news|bulletin|release)\b.{0,12}\b(published|issued|released|posted|dated)\b"
    r"|\bpublication (date|time)\b|发布(时间|日期)"
)


def asks_when_published(question: Question) -> bool:
    """Whether the question asks when the document itself came out: its date line says so."""
    return bool(question.kinds & DATE) and bool(_PUBLISHED.search(fold(question.text)))


def rank_slots(question: Question, read: Sequence[Read], weigh: Weigh, thresholds: Thresholds) -> list[Candidate]:
    """Return every slot once, most probable first; a slot seen in two windows keeps its better reading."""
    best: dict[tuple[str, int, int], Candidate] = {}
    published = asks_when_published(question)
    for item, own in zip(read, weigh(question, read), strict=True):
        for slot, chance, reading in zip(item.window.slots, own, item.reading.slots, strict=True):
            if published and item.window.passage.chunk.kind == "date" and fits_kind(question, slot):
                chance = max(chance, thresholds.published)
            key = item.window.passage.place(slot)
            if key not in best or best[key].probability < chance:
                best[key] = Candidate(item.window, slot, chance, item.rank, reading)
    factors = dict(thresholds.kind) | ({"date": 1.0} if published else {})

    def order(c: Candidate) -> tuple[float, int, int]:
        return -c.probability * factors.get(c.window.passage.chunk.kind, 1.0), c.rank, c.slot.start

    return sorted(best.values(), key=order)


def decide(
    question: Question, read: Sequence[Read], thresholds: Thresholds | None = None, weigh: Weigh = chances
) -> Decision:
    """Return the verdict on what the retrieved windows hold for the question.

    A question that may ask for a figure or for words is answered by a figure only where one surely answers.
    """
    thresholds = thresholds or Thresholds()
    if question.sure:
        if question.asks_figure:
            return _decide_figure(question, rank_slots(question, read, weigh, thresholds), thresholds)
        return _decide_passage(question, read, thresholds)
    for_figure = question if question.asks_figure else replace(question, kinds=ANY)
    figure = _decide_figure(for_figure, rank_slots(for_figure, read, weigh, thresholds), thresholds)
    if figure.verdict != "not_found" and figure.confidence >= thresholds.unsure:
        return figure
    words = _decide_passage(question, read, thresholds)
    return figure if question.asks_figure and words.verdict == "not_found" else words


def _decide_figure(question: Question, candidates: list[Candidate], thresholds: Thresholds) -> Decision:
    likely = [c for c in candidates if c.probability >= (thresholds.figure if c.slot.figure else thresholds.hole)]
    if not likely and _doubt_each_other(candidates, thresholds):
        both = tuple(candidates[:2])
        return Decision("stated", "two passages contradict each other", sum(c.probability for c in both), both)
    if not likely and _stand_side_by_side(candidates, thresholds):
        both = tuple(candidates[:2])
        return Decision("omitted", "two holes side by side", sum(c.probability for c in both), both)
    if not likely:
        top = candidates[0].probability if candidates else 0.0
        return Decision("not_found", "no slot answers", 1 - top, tuple(candidates[:3]))
    best, top = likely[0], likely[0].probability
    answers = [c for c in candidates if c is best or _answers_as_well(c, best, thresholds)]
    if not years_in(question.text):  # a table gives one quantity at several times, and none of them is asked for
        answers += [c for c in candidates if c not in answers and but_for_the_period(best.slot.heads, c.slot.heads)]
    answers += [c for c in candidates if c not in answers and any(_are_a_range(c, other) for other in answers)]
    verdict: Verdict = "stated" if any(c.slot.figure for c in answers) else "omitted"
    if best.slot.gap is not None and verdict == "stated":
        # A hole is the best answer, yet a figure elsewhere answers too: an approximation or another passage.
        return Decision("stated", "figure beside the best slot, a hole", top, tuple(answers))
    return Decision(verdict, "best slot", top, tuple(answers))


def _answers_as_well(c: Candidate, best: Candidate, thresholds: Thresholds) -> bool:
    """Whether a slot answers like the best one: as likely beside it, or read as surely in another document."""
    if not of_one_family(best.slot, c.slot):
        return False
    share, least = (thresholds.rival, thresholds.figure) if c.slot.figure else (thresholds.rival_hole, thresholds.hole)
    if c.probability >= max(least, share * best.probability):
        return True
    if _contradicts(c, best):
        chance = thresholds.beside_figure if best.slot.figure else thresholds.beside_hole
        read = max(thresholds.read_beside, thresholds.reading_beside * best.reading)
        return c.probability >= chance and c.reading >= read
    elsewhere = c.window.passage.chunk.document != best.window.passage.chunk.document
    likely = c.probability >= least / 3 and c.reading >= max(thresholds.read_elsewhere, share * best.reading)
    return elsewhere and likely


#: What stands between the ends of a range, one of them a hole: ▮亿元至▮亿元. From one to another is a change.
_TO = re.compile(r"[^\s\d，。,.;；、]{0,6} ?(?:[至到~～—–-]|to) ?[$£€¥]?")
_FROM = re.compile(r"(?:[从從由自](?:[^，。；、]{0,4}年)?[^，。；、\d]{0,6}的?|\bfrom )[约約]?[$£€¥]?$")
_BY = re.compile(r"\bby (?:about |some |around )?[$£€¥]?$")
#: Words between two slots of which one became the other: 1850吨增至▮吨.
_MOVED = re.compile("[增升提加降减減扩擴缩縮涨漲跌回]")


def _are_a_range(one: Candidate, other: Candidate) -> bool:
    """Whether two slots, a hole among them, are the ends of one range."""
    chunk = one.window.passage.chunk
    if other.window.passage.chunk != chunk:
        return False
    first, last = sorted((one.slot, other.slot), key=lambda slot: slot.start)
    if first.figure and last.figure:
        return False
    before, between = (
        chunk.text[: first.start - chunk.start],
        chunk.text[first.end - chunk.start : last.start - chunk.start],
    )
    if not of_one_family(first, last) or (first.unit and _BY.search(before)):
        return False  # cut by ▮% to 9,800 tonnes
    return bool(_TO.fullmatch(between)) and not (_FROM.search(before) or _MOVED.search(between))


def _doubt_each_other(candidates: Sequence[Candidate], thresholds: Thresholds) -> bool:
    """Whether the two best slots answer, and each is doubted only because another passage says otherwise."""
    if len(candidates) < 2:
        return False
    one, other = candidates[:2]
    read = one.slot.figure and min(one.reading, other.reading) >= thresholds.read_beside
    return bool(read) and _contradicts(other, one) and one.probability + other.probability >= thresholds.figure


#: Characters between two holes of a list: 分别为亿、亿.
_SIDE_BY_SIDE = 4


def _stand_side_by_side(candidates: Sequence[Candidate], thresholds: Thresholds) -> bool:
    """Whether the two best slots are holes side by side that answer together: 教育、医疗用户分别为亿、亿."""
    if len(candidates) < 2 or any(c.slot.figure for c in candidates[:2]):
        return False
    one, other = candidates[:2]
    alike = one.window.passage.chunk == other.window.passage.chunk and one.slot.unit == other.slot.unit
    near = abs(one.slot.start - other.slot.start) <= _SIDE_BY_SIDE
    return alike and near and one.probability + other.probability >= thresholds.hole


def _contradicts(c: Candidate, best: Candidate) -> bool:
    """Whether another passage of the document gives another figure in the same unit, as far as both name one."""
    chunk, its = c.window.passage.chunk, best.window.passage.chunk
    if chunk.document != its.document or chunk.start == its.start:
        return False
    figure, units = c.slot.figure, {c.slot.unit, best.slot.unit} - {None}
    return figure is not None and len(units) < 2 and not same_figure(figure, best.slot.figure)


def _decide_passage(question: Question, read: Sequence[Read], thresholds: Thresholds) -> Decision:
    factors = dict(thresholds.kind)
    scored = [
        (r.reading.answerable * factors.get(r.window.passage.chunk.kind, 1.0), r)
        for r in read
        if r.coverage or has_han(question.text) != has_han(r.window.passage.chunk.text)
    ]  # of 124 passages of kept-out reports that answer a question in their script, each holds a word of it
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
