"""Cases for training the reader from reports and the questions written on each of them.

A folder holds ``NAME.txt`` with ``NAME.jsonl``: one question a line with its verdict, and for ``stated`` the figure and
the excerpt it stands in, for ``passage`` the excerpt. The windows are those the assistant would read.
"""

from __future__ import annotations

import difflib
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.build import build_index, chunk_document
from index.datamodels import Chunk, Document
from index.encoder import Encoder
from index.folding import has_han
from index.sentences import split_sentences
from qa.abbreviations import spelled_out
from qa.assistant import Assistant
from qa.bridge import bridged
from qa.damage import drop_digits, strip_like_seed
from qa.figures import find_figures
from qa.frames import framed
from qa.nearness import Nearness, Window
from qa.overlap import content_tokens
from qa.periods import as_in
from qa.reader_data import CORE, HELD_OUT, Case, Number, make_case
from qa.reading import context_of
from qa.respectively import written_out
from qa.scope import said_above
from qa.slots import section_of, unslotted

TRAINING_REPORTS = Path(__file__).parent / "training_reports"


@dataclass(frozen=True, slots=True)
class Row:
    """A question on a report. ``excerpt`` and ``figure`` are spans of the report's text, None where nothing answers.

    ``scoped`` is the question as one asks it who has several reports: it says which of them it is on.
    """

    question: str
    verdict: str
    excerpt: tuple[int, int] | None
    figure: tuple[int, int] | None
    scoped: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report with its chunks and the questions on it."""

    name: str
    text: str
    chunks: tuple[Chunk, ...]
    rows: tuple[Row, ...]


def load_reports(folder: Path) -> list[WrittenReport]:
    """Read every report of a folder, in order of name. Raises ValueError when an excerpt is not found just once."""
    return [_load(path) for path in sorted(folder.glob("*.jsonl"))]


def _load(path: Path) -> WrittenReport:
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        excerpt = figure = None
        if row["verdict"] != "not_found":
            if text.count(row["evidence"]) != 1:
                raise ValueError(f"{path.name}:{number}: the evidence must stand just once in the report")
            start = text.index(row["evidence"])
            excerpt = (start, start + len(row["evidence"]))
            if row["verdict"] == "stated":
                start = text.index(row["figure"], *excerpt)
                figure = (start, start + len(row["figure"]))
        rows.append(Row(row["question"], row["verdict"], excerpt, figure, row.get("scoped")))
    document = Document(path.stem, text, "", len(text.encode()), "utf-8")
    return WrittenReport(path.stem, text, tuple(chunk_document(document)), tuple(rows))


def placed(report: WrittenReport) -> list[tuple[str, int]]:
    """Return the questions that something in the report answers, each with the number of its chunk."""
    rows = [(row.question, row.excerpt) for row in report.rows if row.excerpt]
    found = [(q, [i for i, c in enumerate(report.chunks) if c.start <= e[0] and e[1] <= c.end]) for q, e in rows]
    return [(question, holding[0]) for question, holding in found if len(holding) == 1]


def is_chinese(text: str) -> bool:
    """Whether a report is written in Chinese."""
    return re.search("[㐀-鿿]{4}", text) is not None


def chinese_texts(*, kept_out: bool) -> list[str]:
    """Return the training reports written in Chinese: those that training leaves out, or the others."""
    reports = enumerate(load_reports(TRAINING_REPORTS))
    return [r.text for number, r in reports if (number % HELD_OUT == 0) == kept_out and is_chinese(r.text)]


def windows(report: WrittenReport, rng: random.Random) -> list[Window]:
    """Cut a report into windows of whole sentences, each with the opening of its passage where it is not in it.

    How long they are is drawn anew. Rows of tables are left out: they are read with their heads.
    """
    limit = rng.choice((80, 140, 200, 260)) * (1 if is_chinese(report.text) else 3)
    out = []
    for chunk in report.chunks:
        if chunk.kind == "table":
            continue
        spans: list[tuple[int, int]] = []
        for start, end in split_sentences(chunk.text):
            if spans and end - spans[-1][0] <= limit:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        for start, end in spans:
            out.append((chunk.start + start, chunk.start + end, chunk.text if start else ""))
    return out


#: Shares of the windows without an answer that are near by meaning, and near by words; the rest are any. Where words
#: cannot tell, as across languages, meaning does. Half and half because search goes by both; not tuned.
_BY_MEANING, _BY_WORDS = 0.5, 0.35
_FRAMED = 0.12
"""Share of the questions read with what people say around one: what ``qa.courtesies`` does not know, it leaves."""
_SCOPED = 0.6
"""Share of those that say which report they are on, where one is written so."""
_MISNAMED = 0.12
"""Share of those asked of the window that answers with the name of another report in place of its own."""
_OPENING = 300
"""Characters of a report in which its name stands."""
_OFTENER = 3
"""How many times as often a question is met that is written both ways."""


def report_case(report: WrittenReport, row: Row, nearness: Nearness, rng: random.Random) -> Case | None:
    """Return the case of a row in the window that answers it, or in another that is near to it and does not."""
    found = windows(report, rng)
    answer = row.figure or row.excerpt
    if answer is not None and rng.random() < 0.65:
        for start, end, opening in found:
            if start <= answer[0] and answer[1] <= end:
                own = (answer[0] - start, answer[1] - start)
                return _case(report, row, start, end, opening, own, row.verdict, rng)
        return None
    said = report.text[answer[0] : answer[1]] if answer else None
    others = [w for w in found if said is None or said not in report.text[w[0] : w[1]]]
    if row.verdict == "passage":
        # Words may answer in more than one place; only what is far from the question surely does not.
        asked = set(content_tokens(row.question))
        others = [w for w in others if not asked & set(content_tokens(report.text[w[0] : w[1]]))]
    if not others:
        return None
    window = rng.choice(others) if row.verdict == "passage" else _near(report, row.question, others, nearness, rng)
    return _case(report, row, *window, None, f"{row.verdict} elsewhere", rng)


def _near(
    report: WrittenReport, question: str, among: Sequence[Window], nearness: Nearness, rng: random.Random
) -> Window:
    """Return one of the windows of a report, mostly one that is near to the question."""
    lot = rng.random()
    if lot >= _BY_MEANING + _BY_WORDS:
        return rng.choice(among)
    if lot < _BY_MEANING or has_han(question) != is_chinese(report.text):
        return nearness.near(question, report, among, rng)
    asked = set(content_tokens(question))

    def shared(window: Window) -> float:
        return len(asked & set(content_tokens(report.text[window[0] : window[1]]))) + rng.random() * 1.5

    return max(among, key=shared)


def _case(
    report: WrittenReport,
    row: Row,
    start: int,
    end: int,
    opening: str,
    answer: tuple[int, int] | None,
    kind: str,
    rng: random.Random,
) -> Case:
    text = report.text[start:end]
    asked = row.scoped if row.scoped and rng.random() < _SCOPED else row.question
    if row.verdict != "passage":
        text, answer = _as_read(text, answer)
    chunk = next(c for c in report.chunks if c.start <= start and end <= c.end)
    # Mostly as the assistant asks it; now and then the reader must do without.
    wording = f"{chunk.section or ''} {chunk.text}"
    passage = unslotted(chunk, report.text)
    context = context_of(passage.label, section_of(chunk), opening, said_above(asked, passage))
    question = framed(asked, rng) if rng.random() < _FRAMED else asked
    question = as_in(bridged(spelled_out(question, wording), wording), wording) if rng.random() < 0.85 else question
    numbers = tuple(
        Number(f.start, f.end, tuple((f.start + m.start(), f.start + m.end()) for m in CORE.finditer(f.text)))
        for f in find_figures(text)
    )
    return make_case(
        question,
        text,
        answer,
        f"report {kind}",
        numeric=row.verdict != "passage",
        answerable=answer is not None,
        context=context if asked == row.scoped or rng.random() < 0.9 else "",
        numbers=numbers,
    )


def _as_read(text: str, answer: tuple[int, int] | None) -> tuple[str, tuple[int, int] | None]:
    """Write out the lists of a text as the judge does; ``answer`` is the span of the figure that answers."""
    figures = find_figures(text)
    written = written_out(text, [(f.start, f.end, f.unit) for f in figures])
    if written is None:
        return text, answer
    if answer is None:
        return written.text, None
    moved = [to for f, to in zip(figures, written.slots, strict=True) if f.start < answer[1] and answer[0] < f.end]
    return (written.text, (moved[0][0], moved[-1][1])) if moved else (text, answer)


def swapped(reports: Sequence[WrittenReport], nearness: Nearness, rng: random.Random) -> Case | None:
    """Ask a question of one report where only another is at hand."""
    asked, other = rng.choice(reports), rng.choice(reports)
    found = windows(other, rng) if other.name != asked.name else []
    if not found:
        return None
    row = rng.choice(asked.rows)
    window = _near(other, row.question, found, nearness, rng)
    return _case(other, replace(row, figure=None, excerpt=None), *window, None, "of another report", rng)


def report_cases(reports: Sequence[WrittenReport], nearness: Nearness, rng: random.Random) -> Iterator[Case]:
    """Yield cases without end."""
    rows = [(report, row) for report in reports for row in report.rows for _ in range(_OFTENER if row.scoped else 1)]
    named = {chinese: _names_added(rows, chinese=chinese) for chinese in (False, True)}
    while True:
        if rng.random() < 0.08:
            case = swapped(reports, nearness, rng)
        else:
            report, row = rng.choice(rows)
            case = None
            if row.scoped and row.figure and rng.random() < _MISNAMED:
                case = misnamed_case(report, row, named[has_han(row.question)], nearness, rng)
            case = case or report_case(report, row, nearness, rng)
        if case is not None:
            yield case


def misnamed_case(
    report: WrittenReport, row: Row, names: Sequence[str], nearness: Nearness, rng: random.Random
) -> Case | None:
    """Ask for what a window answers, but of another report: its name stands in the question for this one's."""
    added = added_name(report, row)
    name = rng.choice(names) if names else ""
    if not added or not row.scoped or not name or name in report.text or added in name:
        return None
    asked = row.scoped.replace(added, name)
    case = report_case(report, replace(row, scoped=asked), nearness, rng)
    if case is None or name not in case.question:
        return None
    return replace(case, answers=frozenset(), twins=frozenset(), answerable=False, span=None, kind="report misnamed")


def added_name(report: WrittenReport, row: Row) -> str:
    """Return the name of its report that a question was given; empty where it is not plain which words that is."""
    if row.scoped is None:
        return ""
    plain, scoped = _words(row.question), _words(row.scoped)
    matcher = difflib.SequenceMatcher(None, plain, scoped, autojunk=False)
    added = [scoped[b1:b2] for op, _, _, b1, b2 in matcher.get_opcodes() if op != "equal"]
    runs = ["".join(run[i:j]).strip() for run in added for i in range(len(run)) for j in range(i + 1, len(run) + 1)]
    opening = report.text[:_OPENING]
    named = [run for run in runs if re.fullmatch(r"[A-Z][\w’-]+( [\w&’-]+)*|[㐀-鿿]{2,}", run) and run in opening]
    return max(named, key=len, default="")


def _words(text: str) -> list[str]:
    """Return what a text is made of: words of Latin letters, and Chinese characters."""
    return re.findall(r"[㐀-鿿]|[^\W㐀-鿿]+(?:[’-][^\W㐀-鿿]+)*|\W", text)


def _names_added(rows: Sequence[tuple[WrittenReport, Row]], *, chinese: bool) -> list[str]:
    return sorted({name for r, row in rows if has_han(row.question) == chinese and (name := added_name(r, row))})


# --- reports damaged as a whole, to judge with ------------------------------------------------------------


def _strip_lines(text: str) -> str:
    return "\n".join(strip_like_seed(line).text for line in text.split("\n"))


DAMAGE: dict[str, Callable[[str], str]] = {
    "intact": lambda text: text,
    "digits gone": lambda text: drop_digits(text).text,
    "half of them gone": lambda text: drop_digits(text, random.Random(3), 0.5).text,
    "stripped": _strip_lines,
    "run together": lambda text: strip_like_seed(text).text,
}
CHINESE_ONLY = ("stripped", "run together")


@dataclass(frozen=True, slots=True)
class ReportCase:
    """A question on a damaged report: the verdict expected, and where the figure, hole or excerpt is in its text."""

    report: str
    damage: str
    question: str
    expected: str
    span: tuple[int, int] | None


def damaged_cases(report: WrittenReport, damage: str) -> tuple[str, list[ReportCase]]:
    """Return the damaged text and the cases on it. Damage only deletes, so a place moves to what its prefix became."""
    apply = DAMAGE[damage]
    text = apply(report.text)

    def case(row: Row) -> ReportCase:
        place = row.figure or row.excerpt
        if place is None:
            return ReportCase(report.name, damage, row.question, row.verdict, None)
        span = (len(apply(report.text[: place[0]])), len(apply(report.text[: place[1]])))
        expected = row.verdict
        if row.figure:
            before, after = report.text[slice(*place)], text[slice(*span)]
            expected = "stated" if _numerals(before) == _numerals(after) else "omitted"
        return ReportCase(report.name, damage, row.question, expected, span)

    return text, [case(row) for row in report.rows]


def _numerals(figure: str) -> list[str]:
    return re.findall(r"[0-9０-９]|[A-Za-z]+", figure)


def in_every_state(report: WrittenReport, encoder: Encoder) -> Iterator[tuple[list[ReportCase], Assistant]]:
    """Index a report as it is and after each damage; yield the cases on it with an assistant, open until the next."""
    for damage in DAMAGE:
        if damage in CHINESE_ONLY and not is_chinese(report.text):
            continue
        text, cases = damaged_cases(report, damage)
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, f"{report.name}.txt")
            source.write_text(text, encoding="utf-8")
            build_index(source, Path(folder, "index"), encoder=encoder)
            yield cases, Assistant.open(Path(folder, "index"), encoder=encoder)
