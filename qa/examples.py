"""Example questions drawn from the indexed report itself: a stated figure, omitted ones, and a plain question.

A clause ``<noun phrase> 达|为|是 <figure or hole>`` becomes ``<noun phrase>是多少？``. Each is put to the assistant,
and only those it answers as the clause promises, from that place, are kept. Of a report in the other language the noun
phrase is asked about as it stands: ``How much is <noun phrase>?``
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.folding import has_han
from index.sentences import split_sentences
from qa.datamodels import Answer, Verdict
from qa.questions import language_of
from qa.slots import Slot, SlottedPassage

if TYPE_CHECKING:
    from qa.assistant import Assistant

#: Questions tried for each kind of example at most: bounds the time on a report with thousands of clauses.
_TRIES = 8

#: Passages that examples are drawn from at most, of whole documents.
_EXAMPLE_PASSAGES = 2000

#: Passages next to a question whose own questions are offered when it has no answer, and how many are.
_NEARBY_PASSAGES = 6
_NEARBY = 3

Language = Literal["zh", "en"]

#: An example must convince: a hole the detector is less sure of is no example.
_SURE = 0.9

_CLAUSE_END = re.compile(r"[，。；：、！？,;:!?（）()“”\"\n]|\.(?=\s)")
_SAYS_ZH = re.compile(r"(?:已|共|约|均)*(?:达到|达|为|是|有)$")
_MEASURED_ZH = re.compile(r"(?:率|规模|总数|总量|总额|总值|数量|人数|金额|收入|产值|产量|面积|指数|比重|占比)$")
_PHRASE_ZH = re.compile(r"[㐀-鿿A-Za-z]{4,18}")
_LEANS_ZH = re.compile(r"^(?:其中?|该|这|那|它|他|她|此|较|比|同比|环比|占|并|且|而|也|即|至|从|自|由|在|到|截至|与)")
_SAYS_EN = re.compile(
    r"\s+(was|is|were|are|reached|totall?ed|stood at|amounted to|came to|hit)(?:\s+(?:about|over|nearly|some))?$"
)
_PHRASE_EN = re.compile(r"[A-Za-z][\w'’-]+(?: [\w'’&-]+){1,8}")
_LEANS_EN = re.compile(
    r"(?i)^(?:it|its|this|that|these|those|they|their|there|he|she|we|our|which|who|what|of|and|but|or|while|where|when"
    r"|as|if|some|then|also|however|in|at|by|for|from|on|to|with|than)\b"
)
#: The number of a heading: 一、 （二） 3. 4.1
_NUMBERING = re.compile(
    r"^(?:第?[〇零一二三四五六七八九十]+[、章节.．]|[（(][\d一二三四五六七八九十]+[）)]|\d+(?:\.\d+)*[、.．)]?\s)\s*"
)
_TOPIC_ZH = re.compile(r"(?=.*[㐀-鿿])[㐀-鿿A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Example:
    """A question the report is known to answer in a given way."""

    question: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: str
    verdict: Verdict
    document: str
    start: int
    end: int
    """Where the answer must be quoted from, in document offsets."""
    section: str | None
    native: bool
    """Whether the question is in the language of the report."""


def example_questions(assistant: Assistant, language: Language | None = None, omitted: int = 2) -> list[Example]:
    """Return one question with a stated figure, ``omitted`` with a missing one and a plain one, as far as there are.

    They are in ``language``, or in that of the report each is about. Deterministic for an index; asks the assistant
    ``8 * (2 * omitted + 2)`` questions at most.
    """
    passages = [p for own in assistant.slotted_passages(_first_documents(assistant)).values() for p in own]
    slots = _spread(list(_slot_candidates(passages, language)))
    missing = _confirmed(assistant.ask, [c for c in slots if c.verdict == "omitted"], omitted)
    # A report that misses little shows more of what it states instead.
    stated = _confirmed(assistant.ask, [c for c in slots if c.verdict == "stated"], 1 + omitted - len(missing))
    plain = _confirmed(assistant.ask, _spread(list(_plain_candidates(passages, language))), 1)
    return [Example(c.question, c.verdict) for c in (*stated, *missing, *plain)]


def nearby_questions(assistant: Assistant, question: str, document: str | None = None) -> list[str]:
    """Return questions that the passages nearest to an unanswered one do answer, in its language; few, or none."""
    language: Language = "en" if language_of(question) == "en" else "zh"
    nearest = {(p.document, p.start) for p in assistant.retrieve(question, _NEARBY_PASSAGES, document)}
    names = sorted({name for name, _ in nearest})
    near = [p for own in assistant.slotted_passages(names).values() for p in own]
    passages = [p for p in near if (p.chunk.document, p.chunk.start) in nearest]
    candidates = _spread([*_slot_candidates(passages, language), *_plain_candidates(passages, language)])
    kept = _confirmed(lambda q: assistant.ask(q, document=document), candidates[: 2 * _NEARBY], _NEARBY)
    return [c.question for c in kept]


def _first_documents(assistant: Assistant) -> list[str]:
    """Return the documents that examples are drawn from: the first of a large index, the first of all in any case."""
    past = itertools.accumulate(d.passages for d in assistant.info.documents)
    documents = zip(assistant.info.documents, past, strict=True)
    return [d.name for d, passages in documents if passages - d.passages == 0 or passages <= _EXAMPLE_PASSAGES]


def _confirmed(ask: Callable[[str], Answer], candidates: Sequence[_Candidate], wanted: int) -> list[_Candidate]:
    kept: list[_Candidate] = []
    for candidate in candidates[: _TRIES * wanted]:
        if len(kept) == wanted:
            break
        answer = ask(candidate.question)
        if answer.verdict == candidate.verdict and _quoted_from(answer, candidate):
            kept.append(candidate)
    return kept


def _quoted_from(answer: Answer, candidate: _Candidate) -> bool:
    """Whether a quote holds the candidate's own clause or, of a plain question, stands in its section."""
    own = [q for q in answer.quotes if q.document == candidate.document]
    if candidate.verdict == "passage" and candidate.section is not None:
        return any(q.section == candidate.section for q in own)
    return any(q.start <= candidate.start and candidate.end <= q.end for q in own)


def _spread(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return each question once, those from different sections first: examples should show the breadth of a report."""
    once: dict[str, _Candidate] = {}
    for candidate in candidates:
        once.setdefault(candidate.question, candidate)
    turn: dict[tuple[str, str | None], int] = {}
    ranked = []
    for candidate in once.values():
        key = (candidate.document, candidate.section)
        turn[key] = turn.get(key, -1) + 1
        ranked.append((turn[key], candidate))
    return [c for _, c in sorted(ranked, key=lambda r: (not r[1].native, r[0]))]


def _slot_candidates(passages: Sequence[SlottedPassage], language: Language | None) -> Iterator[_Candidate]:
    for passage in passages:
        if passage.chunk.kind in ("caption", "editor", "date", "table"):
            continue
        for slot in passage.slots:
            found = _question_for(passage, slot)
            if found:
                question, native = _put_in(language, found)
                verdict: Verdict = "omitted" if slot.figure is None else "stated"
                chunk = passage.chunk
                yield _Candidate(question, verdict, chunk.document, slot.start, slot.end, chunk.section, native)


def _put_in(language: Language | None, question: str) -> tuple[str, bool]:
    """Return the question in the language asked for, and whether it was so already."""
    own: Language = "en" if language_of(question) == "en" else "zh"
    if language in (None, own):
        return question, True
    if own == "zh":
        about = re.fullmatch(r"关于(.+)，报告是怎么说的？", question)
        if about:
            return f"What does the report say about {about[1]}?", False
        return f"How much is {question.removesuffix('是多少？')}?", False
    about = re.fullmatch(r"What does the report say about (.+)\?", question)
    if about:
        return f"关于 {about[1]}，报告是怎么说的？", False
    return re.sub(r"^What (?:is|was|are|were) (.+)\?$", r"\1 是多少？", question), False


def _question_for(passage: SlottedPassage, slot: Slot) -> str | None:
    """Return the question that the slot's own clause answers, or None when the clause is not clear enough."""
    chunk = passage.chunk
    before = chunk.text[: slot.start - chunk.start]
    cut = max((m.end() for m in _CLAUSE_END.finditer(before)), default=0)
    if any(s is not slot and s.end > chunk.start + cut and s.start < slot.start for s in passage.slots):
        return None
    if slot.gap is not None and slot.gap.confidence < _SURE:
        return None
    clause = before[cut:].strip()
    return _chinese_question(clause, slot) or _english_question(clause)


def _chinese_question(clause: str, slot: Slot) -> str | None:
    said = _SAYS_ZH.search(clause)
    phrase = clause[: said.start()] if said else clause
    if not said and (slot.unit is None or not _MEASURED_ZH.search(phrase)):
        return None
    if not _PHRASE_ZH.fullmatch(phrase) or _LEANS_ZH.match(phrase) or phrase.endswith("分别") or not has_han(phrase):
        return None
    return f"{phrase}是多少？"


def _english_question(clause: str) -> str | None:
    said = _SAYS_EN.search(clause)
    if said is None:
        return None
    phrase = clause[: said.start()]
    if not _PHRASE_EN.fullmatch(phrase) or _LEANS_EN.match(phrase):
        return None
    if phrase[1:2].islower():
        phrase = phrase[:1].lower() + phrase[1:]
    verb = said[1] if said[1] in ("was", "is", "were", "are") else "was"
    return f"What {verb} {phrase}?"


def _plain_candidates(passages: Sequence[SlottedPassage], language: Language | None) -> Iterator[_Candidate]:
    """Ask what the report says of a heading, or of the opening words of a paragraph, that holds no number."""
    for passage in sorted(passages, key=lambda p: p.chunk.kind != "heading"):
        chunk = passage.chunk
        if chunk.kind not in ("heading", "paragraph"):
            continue
        heading = chunk.kind == "heading"
        start, end = split_sentences(chunk.text)[0]
        if heading and (numbered := _NUMBERING.match(chunk.text)):
            start = numbered.end()
        end = next((m.start() for m in _CLAUSE_END.finditer(chunk.text, start, end)), end)
        topic = chunk.text[start:end].strip(" #*-.。")
        if any(chunk.start + start <= s.end and s.start <= chunk.start + end for s in passage.slots):
            continue
        least = 2 if heading else 6
        if least <= len(topic) <= 20 and _TOPIC_ZH.fullmatch(topic) and not _LEANS_ZH.match(topic):
            question = f"关于{topic}，报告是怎么说的？"
        elif heading and re.fullmatch(r"[A-Z][A-Za-z'’ -]{3,70}", topic):
            question = f"What does the report say about {topic}?"
        else:
            continue
        at = chunk.start + start
        wording, native = _put_in(language, question)
        yield _Candidate(wording, "passage", chunk.document, at, at, chunk.section, native)
