"""Score a question set: verdict, evidence quoted, figure marked. One JSON object a line; see ``Case``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from qa.datamodels import Answer
from qa.errors import AnswerFileError, QuestionError

VERDICTS = {"stated", "omitted", "not_found", "passage"}


class Asks(Protocol):
    """What is evaluated."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question."""


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
        cases = [case for line in lines if line.strip() for case in _cases(json.loads(line))]
        if not cases:
            raise ValueError("no case")
        return cases
    except OSError as error:
        raise AnswerFileError(f"{path}: cannot be read ({error.strerror or error}). Check the path.") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise AnswerFileError(
            f"{path}: not a question set: one JSON object a line with id, question, verdict."
        ) from error


def _cases(row: dict[str, Any]) -> Iterable[Case]:
    history: list[str] = []
    turns = row.get("turns") or [row]
    for number, turn in enumerate(turns):
        verdict, figure = turn["verdict"], turn.get("figure")
        verdicts = [verdict] if isinstance(verdict, str) else list(verdict)
        evidence = list(turn.get("evidence") or ())
        texts = [turn["question"], *evidence, *([] if figure is None else [figure])]
        if not verdicts or not set(verdicts) <= VERDICTS or not all(isinstance(t, str) for t in texts):
            raise ValueError("a field of another kind")
        yield Case(
            id=str(row["id"]) + (f".{number}" if "turns" in row else ""),
            question=turn["question"],
            history=tuple(history),
            verdicts=tuple(verdicts),
            evidence=tuple(evidence),
            figure=figure,
        )
        history.append(turn["question"])


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
    lines += [f"| {v} | {right[v]} | {total[v]} |" for v in ("stated", "omitted", "not_found", "passage") if total[v]]
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
