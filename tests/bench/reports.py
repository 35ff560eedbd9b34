"""Reports with questions, each as it is and damaged by machine: ``python -m tests.bench.reports [--folder FOLDER]``.

A folder holds ``NAME.txt`` with ``NAME.jsonl`` in the format of ``qa.report_cases``. On a damaged copy a question whose
figure was lost expects ``omitted`` with its very hole marked; one whose figure survived (近三成, almost a third) still
expects ``stated``. The default folder is kept out of training and of the choice of thresholds.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from index import build_index
from index.encoder import Encoder, load_encoder
from qa.assistant import Assistant
from qa.damage import drop_digits, strip_like_seed
from qa.datamodels import Answer
from qa.report_cases import Row, WrittenReport, load_reports

FOLDER = Path(__file__).parent / "reports"


def _strip_lines(text: str) -> str:
    return "\n".join(strip_like_seed(line).text for line in text.split("\n"))


DAMAGE: dict[str, Callable[[str], str]] = {
    "intact": lambda text: text,
    "digits gone": lambda text: drop_digits(text).text,
    "half of them gone": lambda text: drop_digits(text, Random(3), 0.5).text,
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


def ask_all(
    reports: list[WrittenReport], encoder: Encoder, damages: tuple[str, ...] = tuple(DAMAGE)
) -> Iterator[tuple[ReportCase, Answer, Assistant]]:
    """Ask every question of every report in every state."""
    for report in reports:
        chinese = bool(re.search("[㐀-鿿]{4}", report.text))
        for damage in damages:
            if damage in CHINESE_ONLY and not chinese:
                continue
            text, cases = damaged_cases(report, damage)
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder, f"{report.name}.txt")
                source.write_text(text, encoding="utf-8")
                build_index(source, Path(folder, "index"), encoder=encoder)
                assistant = Assistant.open(Path(folder, "index"), encoder=encoder)
                for case in cases:
                    yield case, assistant.ask(case.question), assistant


class Tally:
    """Counts the outcomes of a group of cases."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        self.stated_wrongly = self.refused = 0

    def add(self, case: ReportCase, answer: Answer, right: bool) -> None:
        self.total[case.expected] += 1
        self.right[case.expected] += right
        self.stated_wrongly += answer.verdict == "stated" and not right
        self.refused += case.expected == "stated" and answer.verdict in ("omitted", "not_found")

    def row(self, name: str) -> str:
        shares = " | ".join(f"{self.right[v]}/{self.total[v]}" for v in ("stated", "omitted", "not_found", "passage"))
        n, stated = max(1, self.total.total()), max(1, self.total["stated"])
        return (
            f"| {name} | {self.right.total() / n:.1%} of {n} | {shares} "
            f"| {self.stated_wrongly / n:.1%} | {self.refused / stated:.1%} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", help="name of one report")
    parser.add_argument("--wrong", action="store_true", help="list what is answered wrongly")
    arguments = parser.parse_args()
    reports = [r for r in load_reports(arguments.folder) if arguments.only in (None, r.name)]
    groups: dict[str, Tally] = {}
    for case, answer, _ in ask_all(reports, load_encoder()):
        right = is_right(case, answer)
        language = "Chinese" if re.search("[㐀-鿿]", case.question) else "English"
        for group in ("all", case.damage, f"asked in {language}", case.report):
            groups.setdefault(group, Tally()).add(case, answer, right)
        if arguments.wrong and not right:
            marked = [f.text for f in answer.figures] or [q.text[:40] for q in answer.quotes]
            print(f"- {case.report}, {case.damage}: {case.question} {case.expected} / {answer.verdict} {marked}")
    print("| cases | right | stated | omitted | not_found | passage | stated wrongly | refused wrongly |")
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(tally.row(name) for name, tally in groups.items()))


if __name__ == "__main__":
    main()
