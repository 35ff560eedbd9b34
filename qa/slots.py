"""Slots: the places of a text where a number stands (a figure) or once stood (a gap), on equal terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.datamodels import Chunk, Gaps
from index.folding import fold, mostly_cjk
from index.sentences import split_sentences
from index.tables import read_row
from qa.datamodels import Figure, Gap, Quote
from qa.document_gaps import gaps_around
from qa.figures import find_figures
from qa.gaps import THRESHOLD
from qa.reading import Window, context_of
from qa.respectively import WrittenOut, written_out
from qa.tables import cell_figures, cell_gaps
from qa.without_marks import without_marks

#: Longest title in which a document's own year is looked for, characters. A date line does not count: a report of
#: one year is published in the next.
_TITLE = 120

#: Characters of a line that a document's head keeps.
_LEAD = 300
#: Characters in which the head of a document ends.
_HEAD = 600

_STOPS = "。！？!?；;."

_YEAR = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:1[89]|20)\d\d"
    r"(?![\d.,]\d|\d| ?(?:[万亿余多个家户吨米件台辆名次%℃]|人(?!口)|元(?!旦)|平方|公[里顷斤]|千[瓦米克]))"
)

#: A year in Chinese digits.
_CHINESE_YEAR = re.compile("(?:一[八九]|二[〇零])[〇零一二三四五六七八九]{2}(?= ?年)")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")

#: A year after 比, than or since, with no figure of its own: not 较2018年的8.29亿.
_COMPARED = re.compile(
    r"(?:比|[较較])\s*(?:19|20)\d\d\s*年(?:同期|[底末初]|[上下]半年|\d{1,2}月[底末份]?+)?+(?!\s*[的为為是]?\s*[约約近]?\s*\d)"
    r"|\b(?:than|compared (?:with|to)|versus|since)(?: in| at)?(?: the)?(?: (?:end|start|beginning) of)?"
    r"(?: [A-Z]?[a-z]+)? (?:19|20)\d\d\b(?!(?:[-–/]\d\d)?,? (?:when|where))",
    re.IGNORECASE,
)

#: Longest window in characters: some 200 tokens of Chinese, what the reader takes in at once.
WINDOW = 260
WINDOW_LATIN = 700


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure or a gap, in document offsets; a gap has ``start == end``."""

    start: int
    end: int
    figure: Figure | None
    gap: Gap | None
    as_before: bool = False
    """Whether it is a bare number after a share, and may be one as well: 36 per cent of women to 32 of men."""

    @property
    def unit(self) -> str | None:
        """The unit of the figure, or the one that follows the hole."""
        if self.figure is not None:
            return self.figure.unit
        return self.gap.unit if self.gap is not None else None

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads it stands under in a table; empty in prose."""
        held = self.figure or self.gap
        return held.heads if held is not None else ()


@dataclass(frozen=True, slots=True)
class SlottedPassage:
    """A chunk with its sentences and slots, all in document offsets."""

    chunk: Chunk
    sentences: tuple[tuple[int, int], ...]
    slots: tuple[Slot, ...]
    title: str = ""
    """First line of the document, if it is short enough for a title."""
    head: str = ""
    """What the document opens with, if the passage comes after it."""
    headings: str = ""
    """The lines of the document's head that are no sentences, its title the first."""
    years: frozenset[str] = frozenset()
    """Years the passage names, or else its section, or else the title or the name of its document."""

    @property
    def lead(self) -> str:
        """The clause that a document without a title opens with, if the passage comes after it."""
        return "" if self.title else next(map(before_figures, clauses_of(self.head)), "")

    @property
    def label(self) -> str:
        """What tells first of all what the document is about: its title, or its lead."""
        return self.title or self.lead

    @property
    def wording(self) -> str:
        """What the passage says: its text, or for a row of a table the sentence as which it reads."""
        return read_row(self.chunk).text if self.chunk.cells else self.chunk.text

    @property
    def span(self) -> tuple[int, int]:
        """The whole passage."""
        return self.chunk.start, self.chunk.end

    def place(self, slot: Slot) -> tuple[str, int, int]:
        """Return where a slot of the passage stands: its document, start and end."""
        return self.chunk.document, slot.start, slot.end

    def sentence_at(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the sentence(s) that hold ``start:end``."""
        touched = [s for s in self.sentences if (start < s[1] and s[0] < end) or self._holds_hole(s, start, end)]
        if not touched:
            return self.span
        return touched[0][0], touched[-1][1]

    def _holds_hole(self, span: tuple[int, int], start: int, end: int) -> bool:
        """Whether a hole lies in a span. At its end it does if the span is cut off there, not if a stop closes it."""
        if start != end:
            return False
        return span[0] <= start < span[1] or (start == span[1] and not self._closed(span[1]))

    def _closed(self, end: int) -> bool:
        at = end - self.chunk.start
        return 0 < at <= len(self.chunk.text) and self.chunk.text[at - 1] in _STOPS

    def slots_in(self, start: int, end: int) -> tuple[Slot, ...]:
        """Return the slots of a span of whole sentences."""
        return tuple(
            s
            for s in self.slots
            if (start <= s.start and s.end <= end and s.figure) or self._holds_hole((start, end), s.start, s.end)
        )

    def quote(self, start: int, end: int, answering: Sequence[Gap] = ()) -> Quote:
        """Return the exact slice of the document with all figures and gaps in it.

        Weak gaps count only if they are among the ``answering``.
        """
        chunk = self.chunk
        text = chunk.text[start - chunk.start : end - chunk.start]
        inside = self.slots_in(start, end)
        figures = tuple(s.figure for s in inside if s.figure is not None)
        gaps = tuple(s.gap for s in inside if s.gap and (s.gap.confidence >= THRESHOLD or s.gap in answering))
        return Quote(text, chunk.document, chunk.section, chunk.paragraph, start, end, figures, gaps, chunk.page)


@dataclass(frozen=True, slots=True)
class PassageWindow:
    """A run of whole sentences of a passage, short enough to read at once, in document offsets."""

    passage: SlottedPassage
    start: int
    end: int
    slots: tuple[Slot, ...]

    @property
    def text(self) -> str:
        """The exact slice."""
        chunk = self.passage.chunk
        return chunk.text[self.start - chunk.start : self.end - chunk.start]

    def as_read(self, above: str = "") -> Window:
        """Return the window for the reader: of a table's row, the cells that hold its slots, each after its heads.

        ``above`` is what else the document says of its scope.
        """
        chunk = self.passage.chunk
        if not chunk.cells:
            written = self.written_out(self.slots)
            opening = chunk.text if self.start > chunk.start else ""
            context = context_of(self.passage.label, section_of(chunk), opening, above)
            return Window(written.text, written.slots, context)
        cells = tuple(c for c in chunk.cells if any(c.start <= s.start and s.end <= c.end for s in self.slots))
        reading = read_row(replace(chunk, cells=cells or chunk.cells))
        at = {cell: start for cell, start in zip(cells, reading.at, strict=False)}
        within = []
        for slot in self.slots:
            cell = next(c for c in cells if c.start <= slot.start and slot.end <= c.end)
            within.append((at[cell] + slot.start - cell.start, at[cell] + slot.end - cell.start))
        context = context_of(self.passage.label, chunk.section, above=above)
        return Window(*without_marks(reading.text, within), context)

    def written_out(self, slots: Sequence[Slot]) -> WrittenOut:
        """Return the text with its lists written out, each figure after its name, and where the ``slots`` are in it.

        Marks that stand for lost numbers (XX, [x]) are left out.
        """
        standing = self.passage.slots_in(self.start, self.end)
        text, at = without_marks(self.text, [(s.start - self.start, s.end - self.start) for s in standing])
        units = [(*span, slot.unit) for span, slot in zip(at, standing, strict=True)]
        written = written_out(text, units) or WrittenOut(text, at, ())
        place = dict(zip(standing, written.slots, strict=True))
        return replace(written, slots=tuple(place[s] for s in slots))


def section_of(chunk: Chunk) -> str | None:
    """Return the section that a chunk stands in; a heading is no section of its own, and read twice it is doubted."""
    return None if chunk.kind == "heading" and chunk.section == chunk.text else chunk.section


def slotted(chunk: Chunk, document_text: str, kept: Gaps | None = None) -> SlottedPassage:
    """Find the sentences, figures and gaps of a chunk. The gap detector sees some text around it.

    ``kept`` holds the gaps that were found in the document when it was indexed, so far as they are known.
    """
    if chunk.kind == "table":
        return _slotted_row(chunk, document_text)
    figures = [f.shifted(chunk.start) for f in find_figures(chunk.text)]
    gaps = gaps_around(document_text, chunk.start, chunk.end, kept or {})
    # A hole at the very end is ours only where the line ends: else it opens the next chunk.
    last = chunk.end if _ends_here(chunk, document_text) else chunk.end - 1
    inside = [g for g in gaps if chunk.start <= g.at <= last and not _declares_unit(chunk, g.at)]
    slots = [Slot(f.start, f.end, f, None) for f in figures] + [Slot(g.at, g.at, None, g) for g in inside]
    sentences = tuple((chunk.start + s, chunk.start + e) for s, e in split_sentences(chunk.text))
    title = title_of(document_text)
    ordered = tuple(_after_shares(sorted(slots, key=lambda s: (s.start, s.end)), sentences))
    return SlottedPassage(
        chunk, sentences, ordered, title, *_above(chunk, document_text), _years(chunk, chunk.text, title)
    )


def _after_shares(slots: Sequence[Slot], sentences: Sequence[tuple[int, int]]) -> Iterator[Slot]:
    """Mark the bare numbers that come after a percentage of their sentence, or after one so marked."""
    until = -1  # the end of the sentence in which shares are listed
    for slot in slots:
        if slot.figure and slot.figure.unit == "%":
            until = next((end for start, end in sentences if start <= slot.start < end), -1)
        elif slot.figure and slot.start < until and _BARE_SHARE.fullmatch(slot.figure.text):
            slot = replace(slot, as_before=True)
        else:
            until = -1
        yield slot


_BARE_SHARE = re.compile(r"\d\d?(?:\.\d+)?")


def _declares_unit(chunk: Chunk, at: int) -> bool:
    """Whether the unit after ``at`` is one that a caption or a heading gives: 表1 网民规模（单位：亿）."""
    before, after = chunk.text[: at - chunk.start], chunk.text[at - chunk.start :]
    if re.search(r"(?:单位|單位|[Uu]nits?)\s*[:：]\s*$", before):
        return True
    in_brackets = re.search(r"[（(]\s*$", before) and re.match(r"[^，。；（）()]{1,8}[）)]", after)
    return chunk.kind in ("caption", "heading", "title") and bool(in_brackets)


def _slotted_row(chunk: Chunk, document_text: str) -> SlottedPassage:
    """Find the figures and gaps of a table's row: cell by cell, since no sentence shows what is missing."""
    slots = [Slot(f.start, f.end, f, None) for f in cell_figures(chunk)]
    slots += [Slot(g.at, g.at, None, g) for g in cell_gaps(chunk)]
    title = title_of(document_text)
    wording = read_row(chunk).text if chunk.cells else chunk.text
    ordered = tuple(sorted(slots, key=lambda s: (s.start, s.end)))
    sentences = ((chunk.start, chunk.end),)
    return SlottedPassage(
        chunk, sentences, ordered, title, *_above(chunk, document_text), _years(chunk, wording, title)
    )


def title_of(document_text: str) -> str:
    """Return the first line of a document if it is short enough for a title, else an empty string."""
    first = (document_text.lstrip()[: _TITLE + 1].splitlines() or [""])[0]
    return first if len(first) <= _TITLE else ""


def unslotted(chunk: Chunk, document_text: str) -> SlottedPassage:
    """Return a chunk with what stands above it, none of its slots looked for."""
    return SlottedPassage(chunk, (), (), title_of(document_text), *_above(chunk, document_text))


def _above(chunk: Chunk, document_text: str) -> tuple[str, str]:
    """Return what a passage has as its head and its headings."""
    return head_of(document_text[: min(chunk.start, _HEAD)]), headings_of(document_text)


def head_of(document_text: str) -> str:
    """Return the lines a document opens with, to the opening of its first paragraph or to a table."""
    kept: list[str] = []
    for line in document_text[:_HEAD].splitlines(keepends=True):
        if kept and re.search(r"[|\t]", line):
            break
        kept.append(line[:_LEAD])
        if len(line) > _TITLE:
            break
    return "".join(kept)


#: Longest line of a head that is no sentence, characters of Chinese; of English twice as many. And the most such lines.
_LINE = 40
_LINES = 6


def headings_of(document_text: str) -> str:
    """Return the lines a document opens with, its title first, that are no sentences.

    One with a whole date is left out: a report of one year is published in the next.
    """
    kept: list[str] = []
    for line in filter(str.strip, head_of(document_text).splitlines()):
        if is_sentence(line) or len(kept) == _LINES:
            break
        kept.append(line)
    return "\n".join(line for line in kept if not WHOLE_DATE.search(line))


def is_sentence(line: str) -> bool:
    """Whether a line of a document's head is no title or heading."""
    return len(line) > _LINE * (1 if mostly_cjk(line) else 2) or re.search(r"[。；.;]\s*$", line) is not None


#: Where a clause ends, and where a figure begins that is no year.
_CLAUSE_ENDS = re.compile(r"[，。；：！？\n()（）]|[,;:!?.](?=\s|$)")
_FIGURE = re.compile(r"\s?(?<![A-Za-z\d.,])[$£€¥]?\d(?!\d{3}(?!\d|[,.]\d))")


def clauses_of(text: str) -> list[str]:
    """Return the clauses of a text."""
    return [clause.strip() for clause in _CLAUSE_ENDS.split(text) if clause.strip()]


def before_figures(clause: str, after: int = 0) -> str:
    """Return a clause as far as it tells what it is about: to the first figure ``after`` a place, years apart."""
    figure = _FIGURE.search(clause, after)
    return clause[: figure.start()] if figure else clause


def years_in_digits(text: str) -> str:
    """Return a text with 二〇二八年 as 2028年, character for character."""
    return _CHINESE_YEAR.sub(lambda year: year[0].translate(_DIGITS), text.replace("○", "〇"))


def years_in(text: str) -> frozenset[str]:
    """Return the years written in four digits, Arabic or Chinese, as Arabic ones."""
    return frozenset(_YEAR.findall(years_in_digits(fold(text))))


def years_spoken_of(text: str) -> frozenset[str]:
    """Return the years in four digits but for those that a figure is only compared with: 比2022年少73起."""
    return years_in(_COMPARED.sub("", years_in_digits(fold(text))))


#: A year of two calendar years: 2024-25, 2024/25; not a month (2024-05).
_SEASON = re.compile(r"(?<!\d)((?:19|20)\d\d)[-–/](1[3-9]|[2-9]\d)(?!\d)")
WHOLE_DATE = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号號]|\b\d{1,2} [A-Z][a-z]+ \d{4}|\b[A-Z][a-z]+ \d{1,2}, \d{4}")


def _years(chunk: Chunk, wording: str, title: str) -> frozenset[str]:
    # A section with a whole date says when, not of which year: 气象局　2025年1月16日 stands over figures of 2024.
    section = "" if WHOLE_DATE.search(chunk.section or "") else chunk.section or ""
    return years_spoken_of(wording) or years_spoken_of(section) or years_of_document(title, chunk.document)


def years_of_document(title: str, name: str) -> frozenset[str]:
    """Return the years in the title or the name of a document; 2024-25 is both."""
    named = f"{title} {name}"
    return years_in(named) | seasons_ends(named)


def seasons_ends(text: str) -> frozenset[str]:
    """Return the second years of what spans two: 2025 of 2024-25."""
    return frozenset(first[:2] + last for first, last in _SEASON.findall(fold(text)))


def _ends_here(chunk: Chunk, document_text: str) -> bool:
    """Whether the chunk's end is a line's end: there a hole before ``text[chunk.end]`` is the chunk's own."""
    return chunk.end >= len(document_text) or document_text[chunk.end].isspace()


def windows(passage: SlottedPassage) -> list[PassageWindow]:
    """Cut a passage into windows of whole sentences, each sharing its first sentence with the one before."""
    text = passage.chunk.text
    limit = WINDOW if mostly_cjk(text) else WINDOW_LATIN
    spans: list[tuple[int, int]] = []
    first = 0
    sentences: Sequence[tuple[int, int]] = passage.sentences or ((passage.chunk.start, passage.chunk.end),)
    while first < len(sentences):
        last = first
        while last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= limit:
            last += 1
        spans.append((sentences[first][0], sentences[last][1]))
        if last + 1 >= len(sentences):
            break
        first = last if last > first else last + 1
    return [PassageWindow(passage, start, end, passage.slots_in(start, end)) for start, end in spans]
