"""Score a question set: verdict, evidence quoted, figure marked. One JSON object a line; see ``Case``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.datamodels import Answer
from qa.errors import AnswerFileError, QuestionError

VERDICTS = ("stated", "omitted", "not_found", "passage")


class Asks(Protocol):
    """What is evaluated."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question."""


_HELP = "See: python -m qa evaluate --help"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what a right answer shows.

    ``verdicts``: any of these. ``evidence``: some quote holds one of these strings (empty: none required). ``figure``:
    some marked figure holds this (None: none required).
    """

    id: str
    question: str
    history: tuple[str, ...]
    verdicts: tuple[str, ...]
    evidence: tuple[str, ...]
    figure: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A case with its answer and what is wrong with it (empty when right)."""

    case: Case
    answer: Answer | None
    faults: tuple[str, ...]


def load_cases(path: Path) -> list[Case]:
    """Read a question set: single questions, or conversations under ``turns``. Raises AnswerFileError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise AnswerFileError(f"{path}: cannot be read ({error.strerror or error}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise AnswerFileError(f"{path}: not a question set: no UTF-8 text. Save it as UTF-8.") from error
    cases: list[Case] = []
    for number, line in enumerate(lines, start=1):
        try:
            cases += _cases(_loaded(line)) if line.strip() else ()
        except ValueError as error:
            raise AnswerFileError(f"{path}: not a question set: line {number}: {error}. {_HELP}") from error
    if not cases:
        raise AnswerFileError(f"{path}: not a question set: there is no case in it. {_HELP}")
    return cases


def _loaded(line: str) -> object:
    try:
        return json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON ({error.msg} at column {error.colno})") from error


def _cases(row: object) -> Iterable[Case]:
    """Yield the cases of a line. Raises ValueError with what is wrong."""
    if not isinstance(row, dict) or "id" not in row:
        raise ValueError("no JSON object with an id")
    history: list[str] = []
    turns = row.get("turns") or [row]
    if not isinstance(turns, list):
        raise ValueError("turns must be a list of questions with their verdicts")
    for number, turn in enumerate(turns):
        _check_turn(turn)
        verdict = turn["verdict"]
        yield Case(
            id=str(row["id"]) + (f".{number}" if "turns" in row else ""),
            question=turn["question"],
            history=tuple(history),
            verdicts=(verdict,) if isinstance(verdict, str) else tuple(verdict),
            evidence=tuple(turn.get("evidence") or ()),
            figure=turn.get("figure"),
        )
        history.append(turn["question"])


def _check_turn(turn: object) -> None:
    """Raise ValueError with what is wrong with a question of a set."""
    if not isinstance(turn, dict) or not isinstance(turn.get("question"), str):
        raise ValueError("there is no question, as a text")
    verdict = turn.get("verdict")
    for one in [verdict] if not isinstance(verdict, list) or not verdict else verdict:
        if one not in VERDICTS:
            raise ValueError(f"the verdict {one!r:.40} is none of {', '.join(VERDICTS)}")
    evidence = turn.get("evidence") or []
    if not isinstance(evidence, list) or not all(isinstance(e, str) for e in evidence):
        raise ValueError("evidence must be a list of texts")
    if not isinstance(turn.get("figure"), str | None):
        raise ValueError("figure must be a text, or be left out")


def never_quoted(cases: Sequence[Case], texts: Sequence[str]) -> list[str]:
    """Return one line for each evidence that stands in none of the documents' ``texts``."""
    return [
        f"{case.id}: the evidence {evidence!r} stands in no indexed document, so no answer can quote it"
        for case in cases
        for evidence in case.evidence
        if not any(evidence in text for text in texts)
    ]


def score(case: Case, answer: Answer) -> tuple[str, ...]:
    """Return what is wrong with the answer; empty when it is right."""
    faults = []
    if answer.verdict not in case.verdicts:
        faults.append(f"verdict {answer.verdict}, expected {'/'.join(case.verdicts)}")
    elif case.evidence and not any(e in q.text for e in case.evidence for q in answer.quotes):
        faults.append("the evidence is not quoted")
    if case.figure and answer.verdict == "stated" and not any(case.figure in f.text for f in answer.figures):
        faults.append(f"figure {[f.text for f in answer.figures]}, expected {case.figure}")
    return tuple(faults)


def evaluate(assistant: Asks, cases: Sequence[Case]) -> list[Result]:
    """Ask every case and score it."""
    results = []
    for case in cases:
        try:
            answer = assistant.ask(case.question, case.history)
        except QuestionError as error:
            results.append(Result(case, None, (str(error),)))
            continue
        results.append(Result(case, answer, score(case, answer)))
    return results


def report(results: Sequence[Result]) -> str:
    """Return the score by expected verdict, the confusion of verdicts, the two errors that count, and what is wrong."""
    total: Counter[str] = Counter(r.case.verdicts[0] for r in results)
    right: Counter[str] = Counter(r.case.verdicts[0] for r in results if not r.faults)
    lines = [f"{sum(right.values())} of {len(results)} right", "", "| expected | right | of |", "|---|---|---|"]
    lines += [f"| {v} | {right[v]} | {total[v]} |" for v in VERDICTS if total[v]]
    answered = [r for r in results if r.answer is not None]
    wrong_stated = [r for r in answered if r.answer and r.answer.verdict == "stated" and r.faults]
    stated = [r for r in answered if "stated" in r.case.verdicts]
    refused = [r for r in stated if r.answer and r.answer.verdict in ("omitted", "not_found")]
    lines += [
        "",
        f"stated wrongly: {len(wrong_stated)} of {len(results)}; refused wrongly: {len(refused)} of {len(stated)}",
    ]
    for r in results:
        if r.faults:
            quotes = [q.text[:60] for q in r.answer.quotes] if r.answer else []
            lines.append(f"- {r.case.id} {r.case.question}: {'; '.join(r.faults)} {quotes}")
    return "\n".join(lines)
