"""The assistant: retrieve, read, judge, quote. Everything users call is here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from index.datamodels import IndexInfo
from index.errors import IndexMismatchError, IndexReplacedError, IndexUnusableError
from index.folding import to_simplified
from index.lexical import tokenize
from index.place import place_at
from index.store import Store
from qa.as_typed import as_the_report_has_it
from qa.asides import without_asides
from qa.coordination import Part, continues_list, counts_itself, parts, perhaps_parts, ways_of_each
from qa.courtesies import without_courtesies
from qa.datamodels import Answer, Passage, Quote, Verdict
from qa.dialogue import complete, completions
from qa.editions import Scope, scope_of, stem_of
from qa.errors import DocumentError, QuestionError
from qa.evidence import Read
from qa.figures import is_approximate
from qa.health import omissions
from qa.judge import Candidate, Decision, asks_when_published, decide, explain, read_passages
from qa.messages import Key, say
from qa.periods import written_out
from qa.questions import MAX_QUESTION, Question, check_question, language_of, understand, when_asked
from qa.reading import Reader
from qa.retriever import Near, Retriever
from qa.scope import unscoped, without_frame
from qa.slots import SlottedPassage, head_of, slotted, title_of
from qa.title_names import TitleNames

if TYPE_CHECKING:
    from index.encoder import Encoder

#: Passages read for a question. The right one is among them for 99 in 100 questions of CMRC 2018 dev and of training
#: reports, in either language.
PASSAGES_READ = 6

#: Passages that may show that other documents too speak of a name in a question.
_LOOKED_AT = 20

#: Quotes in an answer at most.
MAX_QUOTES = 8

#: A probe vector this far from the one stored with the index comes from another model.
_SAME_MODEL = 0.999

#: Passages in which the wording of a follow-up is looked for.
_NEAREST = 3

#: Characters before a figure in which the noun that it counts is looked for.
_LOOKED_BACK = 32

#: Longest passage quoted whole for a question in words, characters; a longer one is cut to the sentences around.
_WHOLE = 420

#: Most documents that may have a name in common: editions of one report.
_ALIKE = 50

#: Most documents, and most characters of them, that are looked through for a name at each question.
_FEW, _SHORT = 4, 2_000_000

Result = TypeVar("Result")

#: Earlier questions that a follow-up may lean on.
MAX_HISTORY = 8

#: Of the parts of a double question, the verdict that comes first here is the answer's.
PRECEDENCE: tuple[Verdict, ...] = ("stated", "omitted", "passage", "not_found")


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, or a part of a double one, with its decision and the passage nearest to it."""

    question: Question
    decision: Decision
    nearest: SlottedPassage | None


class Assistant:
    """Answers questions about the documents of one open index. Safe to use from several threads."""

    def __init__(self, store: Store, encoder: Encoder | None = None, reader: Reader | None = None) -> None:
        self._store = store
        self._given_encoder = encoder
        self._encoder: Encoder | None = None
        self._reader = reader
        self._encoder_lock, self._reader_lock = threading.Lock(), threading.Lock()
        self._slotted = lru_cache(maxsize=4096)(self._find_slots)

    @classmethod
    def open(
        cls,
        index: str | Path | None = None,
        model: str | None = None,
        *,
        encoder: Encoder | None = None,
        reader: Reader | None = None,
    ) -> Assistant:
        """Open an index folder (default: the project's own), or one at ``milvus://host:port/collection``.

        The model is loaded at the first question.

        ``model`` must be the one the index was built with; None takes that one. Raises one of the
        ``qa.errors.IndexUnusableError`` family with the command that mends it.
        """
        place = place_at(index)
        store = place.open()
        wanted = encoder.name if encoder else model
        if wanted is not None and wanted != store.info.model and not _same_folder(wanted, store.info.model):
            raise IndexMismatchError(
                f"the index at {place.name} was built with model {store.info.model}, not {wanted}. "
                f"Build it anew: {place.rebuild_command()} --model {wanted}"
            )
        return cls(store, encoder, reader)

    @property
    def info(self) -> IndexInfo:
        """The identity card of the open index."""
        return self._store.info

    def refreshed(self) -> Assistant:
        """Return this assistant, or one on the new index when it was rebuilt since; the old one stays usable.

        The loaded models are taken over. An index that cannot be opened now leaves this assistant in place.
        """
        place = place_at(self.info.path)
        try:
            if place.generation() == self.info.generation:
                return self
            store = place.open()
        except IndexUnusableError:
            return self
        return Assistant(store).with_models_of(self)

    def with_models_of(self, other: Assistant) -> Assistant:
        """Return an assistant on this index with the models that another has loaded, as far as they are its own."""
        encoder = self._given_encoder
        if encoder is None and self.info.model == other.info.model:
            encoder = other._encoder or other._given_encoder
        return Assistant(self._store, encoder, self._reader or other._reader)

    def document_text(self, document: str) -> str:
        """Return the text into which the offsets of ``document`` point. Raises KeyError for an unknown document."""
        return self._store.documents[document].text

    def passages(self) -> list[Passage]:
        """Return every passage of the index in document order, each with score 0."""
        return [self._passage(row, 0.0) for row, _ in enumerate(self._store.chunks)]

    def warm_up(self) -> None:
        """Load the models now rather than at the first question."""
        self._ready_encoder()
        self._ready_reader()

    def retrieve(self, question: str, k: int = 5, document: str | None = None) -> list[Passage]:
        """Return the ``k`` passages nearest to the question, best first; ``score`` is larger for better.

        ``document`` names the one document to search; None searches all. Raises DocumentError when there is none so
        named, QuestionError as ``ask`` does and when ``k`` is below 1.
        """
        return self._on_newest(lambda newest: newest._retrieve(question, k, document))

    def _retrieve(self, question: str, k: int, document: str | None) -> list[Passage]:
        if k < 1:
            raise QuestionError(f"k is {k}; give a number of passages from 1 on.")
        self._check_document(document)
        chosen = None if document is None else frozenset({document})
        return [self._passage(row, score) for row, score in self._search(check_question(question), k, chosen)]

    def ask(self, question: str, history: Sequence[str] = (), document: str | None = None) -> Answer:
        """Answer a question; ``history`` holds the earlier questions of the conversation, oldest first.

        ``document`` names the one document to search; None searches all. Raises QuestionError when the question is
        empty, over-long or unreadable, DocumentError when no document is so named.
        """
        return self._on_newest(lambda newest: newest._ask(question, history, document))

    def _on_newest(self, work: Callable[[Assistant], Result]) -> Result:
        """Work on this index; on the one that has taken its place when it is gone from its server."""
        try:
            return work(self)
        except IndexReplacedError:
            newest = self.refreshed()
            if newest is self:
                raise
            return work(newest)

    def _ask(self, question: str, history: Sequence[str], document: str | None) -> Answer:
        self._check_document(document)
        asked = check_question(question)
        self._load_reader_ahead()
        earlier = [h[:MAX_QUESTION] for h in history or () if isinstance(h, str)][-MAX_HISTORY:]
        said = without_courtesies(asked)
        tried: list[list[Answered]] = []
        for text in completions(said, [*map(without_courtesies, earlier)], self._lacks):
            tried.append(self._answer_parts(text, document))
            if any(a.decision.verdict != "not_found" for a in tried[-1]):
                return self._answer(asked, said, tried[-1])
        return self._answer(asked, said, tried[0])

    def _check_document(self, document: str | None) -> None:
        if document is not None and document not in self._store.documents:
            raise DocumentError(f"{document!r} is not indexed. Choose from: {', '.join(self._store.documents)}")

    def _answer_parts(self, text: str, document: str | None) -> list[Answered]:
        answered: list[Answered] = []
        for part in parts(text):
            # A later part of a double question may lean on the first, as a follow-up does.
            complete_part = complete(part, [a.question.text for a in answered], self._lacks)
            answered.append(self._answer_part(understand(complete_part), document))
        if len(answered) > 1 and (ways := ways_of_each(text)):
            answered = self._answer_best_way(ways, answered, document)
        verdicts, places = {a.decision.verdict for a in answered}, {_answering_place(a) for a in answered}
        if len(answered) > 1 and (verdicts == {"not_found"} or (len(places) == 1 and None not in places)):
            # What looks like two is one name or one quantity.
            whole = self._answer_part(understand(text), document)
            if verdicts == {"not_found"} or whole.decision.verdict in verdicts:
                return [whole]
        return answered if len(answered) > 1 else self._answer_each(text, answered[0], document) or answered

    def _answer_best_way(
        self, ways: Sequence[tuple[Part, ...]], answered: list[Answered], document: str | None
    ) -> list[Answered]:
        """Answer what was asked of each in the way of which the report answers most, and surest; the likeliest first.

        A noun asked alone is answered only by a figure of its own, not by that of any quantity of it.
        """
        answer = cache(lambda part: self._answer_part(understand(part), document))  # the ways share parts
        best, chosen = answered, ways[0]
        for way in ways:
            if _share_answered(best) == (len(best), 1.0):
                return best
            found = list(map(answer, (part.text for part in way)))
            own = all(
                not part.alone or not (place := _answering_place(a)) or counts_itself(part.noun, self._before(place))
                for part, a in zip(way, found, strict=True)
            )
            if own and _share_answered(found) > _share_answered(best):
                best, chosen = found, way
        return self._in_list(chosen, best, answer) if len(chosen) == len(best) else best

    def _in_list(
        self, way: tuple[Part, ...], answered: list[Answered], answer: Callable[[str], Answered]
    ) -> list[Answered]:
        """Answer the parts whose noun goes on the list of another's figure; one may not have another's figure.

        The reader does not see the verb before the whole list: 生产帐篷92万顶、睡袋61万个.
        """
        out = answered[:1]
        for part, own in zip(way[1:], answered[1:], strict=True):
            before, place = _answering_place(out[-1]), _answering_place(own)
            if before and place in (None, before):
                listed = answer(f"{part.noun}是多少？")
                figure = _answering_place(listed)
                between = self.document_text(before[0])[before[2] : figure[1]] if figure else ""
                if figure and figure[0] == before[0] and continues_list(part.noun, between):
                    own = listed
                elif place and to_simplified(part.noun) not in to_simplified(self._sentence(own, place[0])):
                    nothing = Decision("not_found", "the figure of another part", 1 - own.decision.confidence)
                    own = replace(own, decision=nothing)
            out.append(own)
        return out

    def _sentence(self, answered: Answered, document: str) -> str:
        """Return the sentence of the slot that answers."""
        best = answered.decision.candidates[0]
        start, end = best.window.passage.sentence_at(best.slot.start, best.slot.end)
        return self.document_text(document)[start:end]

    def _before(self, place: tuple[str, int, int]) -> str:
        document, start, _ = place
        return self.document_text(document)[max(0, start - _LOOKED_BACK) : start]

    def _answer_each(self, text: str, whole: Answered, document: str | None) -> list[Answered]:
        """Answer a question in the parts it may have; return nothing unless each has an answer of its own.

        Where the whole has one too, it must be that of a part: else it is of all of them together.
        """
        if whole.decision.verdict == "passage" or not whole.question.asks_figure:
            return []
        answer = cache(lambda part: self._answer_part(understand(part), document))  # the ways share parts
        its = _answering_place(whole)
        for way in perhaps_parts(text):
            answered = list(takewhile(_answering_place, map(answer, way)))
            places = set(map(_answering_place, answered))
            if len(places) == len(way) and (its is None or its in places):
                return answered
        return []

    def _answer_part(self, question: Question, document: str | None, *, as_typed: bool = True) -> Answered:
        # A document that the user chose is not narrowed by what the question names.
        scope = Scope(frozenset({document}), question.text) if document else scope_of(question.text, self._titles)
        asked = question if scope.documents is None else understand(scope.question)
        retriever = Retriever(self._store, self._ready_encoder())
        documents = self._named(asked.text, retriever) if scope.documents is None else scope.documents
        among = None if documents is None else self._store.rows_of(documents)
        heads = self._heads(documents)
        if (plain := without_frame(asked.text, heads)) != asked.text:
            asked = understand(plain)
        bare = unscoped(asked.text, heads, self._texts(documents))
        rows = [row for row, _ in retriever.search(asked.text, PASSAGES_READ, among, bare)]
        if asks_when_published(asked):
            own = None if among is None else frozenset(among.tolist())
            rows += [row for row in self._store.dates if row not in rows and (own is None or row in own)]
        rows = rows[: 2 * PASSAGES_READ]
        passages = [self._slotted(row) for row in rows]
        texts = (*(p.chunk.text for p in passages), *heads)
        if as_typed and (written := as_the_report_has_it(question.text, texts)) != question.text:
            return self._answer_part(understand(written), document, as_typed=False)
        elsewhere_near = -1.0
        if scope.documents is None and among is not None:
            # What other documents say of the name's subject shows how near an answer would be.
            others = [row for row, _ in retriever.search(asked.text, PASSAGES_READ, bare=bare)]
            similar = (near.similarity for own in retriever.near(bare, others) for near in own)
            elsewhere_near = max(similar, default=elsewhere_near)
        near = retriever.near(bare, rows)
        asked = when_asked(replace(asked, text=written_out(asked.text)))
        read = self._read(asked, passages, near, elsewhere_near)
        # A date line or a caption is near to anything in a short report, and tells nobody what the report covers.
        nearest = next((p for p in passages if p.chunk.kind not in ("date", "editor", "caption")), None)
        return Answered(question, decide(asked, read), nearest)

    def _texts(self, documents: frozenset[str] | None) -> list[str]:
        """Return the whole text of some documents; nothing of many or of long ones."""
        names = self._store.openings.keys() if documents is None else documents
        texts = [self.document_text(name) for name in names] if len(names) <= _FEW else []
        return texts if sum(map(len, texts)) <= _SHORT else []

    def _heads(self, documents: frozenset[str] | None) -> list[str]:
        """Return what each of some documents opens with; nothing of so many that they have no name in common.

        Of documents among which only the title of some tells that they are meant, what these open with.
        """
        among = self._store.openings.keys() if documents is None else documents
        titled = among if documents is None else among - self._title_names.untitled
        names = titled or among
        return [head_of(self._store.openings[name]) for name in names] if len(names) <= _ALIKE else []

    def _read(
        self, asked: Question, passages: list[SlottedPassage], near: list[tuple[Near, ...]], nearest: float
    ) -> list[Read]:
        sure = asked.sure and asked.asks_figure
        return read_passages(asked.text, passages, self._ready_reader(), near, nearest=nearest, for_figure=sure)

    @cached_property
    def _titles(self) -> dict[str, str]:
        """Title of each document, by its name."""
        return {name: title_of(opening) for name, opening in self._store.openings.items()}

    @cached_property
    def _title_names(self) -> TitleNames:
        return TitleNames({name: (title, stem_of(name)) for name, title in self._titles.items()})

    def _named(self, question: str, retriever: Retriever) -> frozenset[str] | None:
        """Return the documents that a name in the question belongs to, None for all.

        A name of which passages of other documents speak is no name of these documents alone.
        """
        named = list(self._title_names.of(question))
        if not named:
            return None
        chunks = [self._store.chunks[row] for row, _ in retriever.search(question, _LOOKED_AT)]
        documents: frozenset[str] | None = None
        for name in named:
            others = (c for c in chunks if c.document not in name.documents)
            if not any(name.is_in(f"{c.section or ''} {c.text}") for c in others):
                documents = name.documents if documents is None else documents & name.documents
        return documents if documents and not documents <= self._title_names.untitled else None

    def gaps(self, document: str | None = None) -> list[Quote]:
        """Return every sentence in which a figure is missing, with its holes: of one document, or of all."""
        passages = self.slotted_passages(None if document is None else [document])
        return [q for own in passages.values() for p in own for q in omissions(p)]

    def slotted_passages(self, documents: Iterable[str] | None = None) -> dict[str, list[SlottedPassage]]:
        """Return every passage with its sentences, figures and gaps, by document: of some documents, or of all."""
        return {name: self._slotted_of(name) for name in (self._store.documents if documents is None else documents)}

    def _slotted_of(self, document: str) -> list[SlottedPassage]:
        rows = self._store.rows_of({document}).tolist()
        chunks = self._store.chunks[rows[0] : rows[-1] + 1] if rows else []  # read at one go
        return [self._slotted(row) for row, _ in zip(rows, chunks, strict=True)]

    def quote(self, document: str, start: int, end: int) -> Quote | None:
        """Return a stretch of a passage as an answer would quote it, weak holes too; None where no passage holds it."""
        for row in self._store.rows_of({document}).tolist() if document in self._store.documents else ():
            chunk = self._store.chunks[row]
            if chunk.start <= start <= end <= chunk.end:
                passage = self._slotted(row)
                return passage.quote(start, end, [s.gap for s in passage.slots if s.gap])
        return None

    def _ready_encoder(self) -> Encoder:
        with self._encoder_lock:
            if self._encoder is None:
                from index.encoder import load_encoder

                encoder = self._given_encoder or load_encoder(self.info.model)
                self._check_probe(encoder)
                self._encoder = encoder
            return self._encoder

    def _check_probe(self, encoder: Encoder) -> None:
        from index.encoder import PROBE

        probe = encoder.encode_document([PROBE])[0]
        if probe.shape != self._store.probe.shape or float(np.dot(probe, self._store.probe)) < _SAME_MODEL:
            raise IndexMismatchError(
                f"the model {encoder.name} is not the one the index at {self.info.path} was built with. "
                f"Build it anew: {place_at(self.info.path).rebuild_command()}"
            )

    def _load_reader_ahead(self) -> None:
        """Begin to load the reader while the passages are being searched; what fails fails again when it is needed."""

        def load() -> None:
            with suppress(Exception):
                self._ready_reader()

        if self._reader is None:
            threading.Thread(target=load, name="load reader", daemon=True).start()

    def _ready_reader(self) -> Reader:
        with self._reader_lock:
            if self._reader is None:
                from qa.reader import SlotReader

                self._reader = SlotReader.load()
            return self._reader

    def _search(self, question: str, k: int, documents: frozenset[str] | None = None) -> list[tuple[int, float]]:
        retriever = Retriever(self._store, self._ready_encoder())
        among = None if documents is None else self._store.rows_of(documents)
        meant = documents or self._named(question, retriever)
        return retriever.search(question, k, among, unscoped(question, self._heads(meant), self._texts(meant)))

    def _lacks(self, wording: str) -> int:
        """Count the tokens of a wording that the passage nearest to it lacks: used to complete follow-ups."""
        nearest = self._store.lexical.match(wording).best(_NEAREST)
        asked = set(tokenize(wording))
        lacks = (len(asked - set(tokenize(self._store.chunks[int(row)].text))) for row in nearest)
        return min(lacks, default=len(asked))

    def _find_slots(self, row: int) -> SlottedPassage:
        chunk = self._store.chunks[row]
        document = self._store.documents[chunk.document]
        return slotted(chunk, document.text, document.gaps)

    def _passage(self, row: int, score: float) -> Passage:
        c = self._store.chunks[row]
        assert self.document_text(c.document)[c.start : c.end] == c.text
        return Passage(c.text, c.document, c.section, c.paragraph, c.start, c.end, score, c.page)

    def _answer(self, asked: str, said: str, answered: Sequence[Answered]) -> Answer:
        verdict = min((a.decision.verdict for a in answered), key=PRECEDENCE.index)
        candidates = [c for a in answered if a.decision.verdict in ("stated", "omitted") for c in a.decision.candidates]
        by_place: dict[tuple[str, int, int], Candidate] = {}
        for candidate in candidates:
            by_place.setdefault(candidate.window.passage.place(candidate.slot), candidate)
        slots = list(by_place.values())
        quotes = _quotes_of_slots(slots)
        quotes += [q for a in answered for q in _quotes_of_windows(a.decision) if q not in quotes]
        nearest = [a.nearest.quote(*a.nearest.span) for a in answered if verdict == "not_found" and a.nearest]
        for quote in (*quotes, *nearest):
            assert self.document_text(quote.document)[quote.start : quote.end] == quote.text
        language = language_of(asked)
        understood = " ".join(a.question.text for a in answered)
        is_plain = without_asides(asked) == asked  # what was left out on the word of a classifier is shown
        return Answer(
            question=asked,
            verdict=verdict,
            message=_message(verdict, answered, language),
            quotes=tuple(quotes),
            figures=tuple(c.slot.figure for c in slots if c.slot.figure is not None and _is_quoted(c, quotes)),
            gaps=tuple(c.slot.gap for c in slots if c.slot.gap is not None and _is_quoted(c, quotes)),
            nearest=tuple(dict.fromkeys(nearest)),
            understood=asked if understood == said and is_plain else understood,
            language=language,
            confidence=round(min(float(a.decision.confidence) for a in answered), 4),
            sources={q.document: self._store.documents[q.document].sha256 for q in (*quotes, *nearest)},
            debug={"parts": [_explain_part(a) for a in answered]},
        )


def _answering_place(answered: Answered) -> tuple[str, int, int] | None:
    """Return the place of the slot that answers; None where nothing does."""
    decision = answered.decision
    if decision.verdict not in ("stated", "omitted"):
        return None
    best = decision.candidates[0]
    return best.window.passage.place(best.slot)


def _share_answered(answered: Sequence[Answered]) -> tuple[int, float]:
    """Return how many parts have an answer of their own, and how sure the least sure of them is, to a tenth."""
    sure = [a.decision.confidence for a in answered if _answering_place(a)]
    return len({_answering_place(a) for a in answered} - {None}), round(min(map(float, sure), default=0.0), 1)


def _same_folder(one: str, other: str) -> bool:
    from index.encoder import existing_path

    return existing_path(one) is not None and existing_path(one) == existing_path(other)


def _quotes_of_slots(candidates: Sequence[Candidate]) -> list[Quote]:
    """Quote the sentence of each answering slot, best first, each sentence once."""
    quotes: dict[tuple[str, int, int], Quote] = {}
    answering = [c.slot.gap for c in candidates if c.slot.gap]
    for c in candidates:
        passage = c.window.passage
        span = passage.sentence_at(c.slot.start, c.slot.end)
        quotes.setdefault((passage.chunk.document, *span), passage.quote(*span, answering))
    return list(quotes.values())[:MAX_QUOTES]


def _is_quoted(candidate: Candidate, quotes: Sequence[Quote]) -> bool:
    """Whether a slot stands in one of the quotes: more than ``MAX_QUOTES`` may answer, one from each edition."""
    slot, document = candidate.slot, candidate.window.passage.chunk.document
    return any(q.document == document and q.start <= slot.start and slot.end <= q.end for q in quotes)


def _quotes_of_windows(decision: Decision) -> list[Quote]:
    quotes: dict[tuple[str, int, int], Quote] = {}
    for window, _ in decision.spans:
        chunk = window.passage.chunk
        whole = chunk.end - chunk.start <= _WHOLE
        span = (chunk.start, chunk.end) if whole else (window.start, window.end)
        quotes.setdefault((chunk.document, *span), window.passage.quote(*span))
    return list(quotes.values())


def _explain_part(part: Answered) -> dict[str, Any]:
    decided = part.decision
    own = {
        "question": part.question.text,
        "verdict": decided.verdict,
        "confidence": round(float(decided.confidence), 4),
    }
    return {**own, **explain(decided, part.question)}


def _message(verdict: Verdict, answered: Sequence[Answered], language: str) -> str:
    message = say(_message_key(verdict, answered), language)
    if verdict == "not_found" or all(a.decision.verdict != "not_found" for a in answered):
        return message
    return say("part_not_found", language) + message


def _message_key(verdict: Verdict, answered: Sequence[Answered]) -> Key:
    first = answered[0].question
    if verdict == "passage":
        return "passage"
    if verdict == "not_found":
        return "not_found" if first.asks_figure else "not_found_text"
    if verdict == "omitted":
        return "omitted_compare" if first.yes_no else "omitted"
    slots = [c.slot for a in answered if a.decision.verdict in ("stated", "omitted") for c in a.decision.candidates]
    if any(s.gap for s in slots):
        return "stated_and_omitted"
    figures = [s.figure for s in slots if s.figure]
    if len(answered) == 1 and len({(f.value, f.unit) if f.value is not None else (f.text, None) for f in figures}) > 1:
        return "stated_several"
    if first.yes_no:
        return "stated_compare"
    if all(map(is_approximate, figures)):
        return "stated_approximate"
    return "stated_parts" if sum(a.decision.verdict == "stated" for a in answered) > 1 else "stated"
