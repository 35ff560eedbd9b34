"""Reports with questions, each as it is and damaged by machine: ``python -m tests.bench.reports [--folder FOLDER]``.

A folder holds ``NAME.txt`` with ``NAME.jsonl`` in the format of ``qa.report_cases``. On a damaged copy a question whose
figure was lost expects ``omitted`` with its very hole marked; one whose figure survived (近三成, almost a third) still
expects ``stated``. The default folder is kept out of training and of the choice of thresholds.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from index.encoder import load_encoder
from qa.datamodels import Answer
from qa.report_cases import ReportCase, in_every_state, load_reports

FOLDER = Path(__file__).parent / "reports"


def is_right(case: ReportCase, answer: Answer) -> bool:
    """Whether the verdict is the expected one and the first thing marked is the right one."""
    if answer.verdict != case.expected:
        return False
    if case.span is None:
        return True
    start, end = case.span
    if case.expected == "stated":
        return bool(answer.figures) and answer.figures[0].start < end and start < answer.figures[0].end
    if case.expected == "omitted":
        return any(start - 1 <= gap.at <= end + 1 for gap in answer.gaps)
    return any(quote.start < end and start < quote.end for quote in answer.quotes)


class Tally:
    """Counts the outcomes of a group of cases."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        self.stated_wrongly = self.refused = 0

    def add(self, expected: str, given: str, right: bool) -> None:
        self.total[expected] += 1
        self.right[expected] += right
        self.stated_wrongly += given == "stated" and not right
        self.refused += expected == "stated" and given in ("omitted", "not_found")

    def row(self, name: str) -> str:
        shares = " | ".join(f"{self.right[v]}/{self.total[v]}" for v in ("stated", "omitted", "not_found", "passage"))
        n, stated = max(1, self.total.total()), max(1, self.total["stated"])
        return (
            f"| {name} | {self.right.total() / n:.1%} of {n} | {shares} "
            f"| {self.stated_wrongly / n:.1%} | {self.refused / stated:.1%} |"
        )


def print_tallies(groups: dict[str, Tally]) -> None:
    """Print the outcomes of each group of cases."""
    print("| cases | right | stated | omitted | not_found | passage | stated wrongly | refused wrongly |")
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(tally.row(name) for name, tally in groups.items()))


#: Lower bounds of the confidences that answers are grouped by.
CONFIDENCES = (0.0, 0.45, 0.6, 0.75, 0.9)


def print_calibration(given: list[tuple[Answer, bool]]) -> None:
    """Print how often an answer of each verdict and confidence is right."""
    print("\n| verdict given, confidence from | answers | right | mean confidence |\n|---|---|---|---|")
    for verdict in ("stated", "omitted", "not_found", "passage"):
        own = [(a.confidence, right) for a, right in given if a.verdict == verdict]
        groups = [(f"{verdict}, all", own)] if own else []
        for low, high in zip(CONFIDENCES, (*CONFIDENCES[1:], 1.01), strict=True):
            groups.append((f"{verdict}, {low}", [g for g in own if low <= g[0] < high]))
        for name, group in groups:
            if group:
                mean = sum(confidence for confidence, _ in group) / len(group)
                print(f"| {name} | {len(group)} | {sum(right for _, right in group) / len(group):.0%} | {mean:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", help="name of one report")
    parser.add_argument("--scoped", action="store_true", help="ask the questions in the form that names their report")
    parser.add_argument("--wrong", action="store_true", help="list what is answered wrongly")
    arguments = parser.parse_args()
    reports = [r for r in load_reports(arguments.folder) if arguments.only in (None, r.name)]
    if arguments.scoped:
        named = [tuple(replace(row, question=row.scoped or row.question) for row in r.rows) for r in reports]
        reports = [replace(r, rows=rows) for r, rows in zip(reports, named, strict=True)]
    groups: dict[str, Tally] = {}
    given: list[tuple[Answer, bool]] = []
    encoder = load_encoder()
    states = (state for report in reports for state in in_every_state(report, encoder))
    for case, answer in ((case, assistant.ask(case.question)) for cases, assistant in states for case in cases):
        right = is_right(case, answer)
        given.append((answer, right))
        language = "Chinese" if re.search("[㐀-鿿]", case.question) else "English"
        for group in ("all", case.damage, f"asked in {language}", case.report):
            groups.setdefault(group, Tally()).add(case.expected, answer.verdict, right)
        if arguments.wrong and not right:
            marked = [f.text for f in answer.figures] or [q.text[:40] for q in answer.quotes]
            print(f"- {case.report}, {case.damage}: {case.question} {case.expected} / {answer.verdict} {marked}")
    print_tallies(groups)
    print_calibration(given)


if __name__ == "__main__":
    main()
