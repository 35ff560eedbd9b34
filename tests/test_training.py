"""What the reader's training cases are made of."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from index.folding import has_han
from qa import report_cases
from qa.figures import find_figures
from qa.frames import framed, load_frames
from qa.nearness import Nearness
from qa.report_cases import TRAINING_REPORTS, WrittenReport, load_reports, report_case, windows
from tests.conftest import FakeEncoder

ENGLISH = """Annual review 2024

The harbour handled 31 million tonnes of freight, a record.

The library lent 612,000 books to 40,000 readers in town.

The buses carried 5 million passengers on eight routes.
"""
CHINESE = """年度报告2024

港口全年完成货物吞吐量三千一百万吨，创下新高。

The library lent 612,000 books to 40,000 readers in town.

公交车在八条线路上共运送乘客五百万人次。
"""
QUESTION = "How many books of the library were lent to readers in another town?"


def write(folder: Path, text: str) -> WrittenReport:
    (folder / "review.txt").write_text(text, encoding="utf-8")
    row = {"question": QUESTION, "verdict": "not_found"}
    (folder / "review.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return load_reports(folder)[0]


def share_drawn(report: WrittenReport, encoder: FakeEncoder) -> float:
    """Return in what share of 300 cases of the question the paragraph on the library was taken."""
    rng = random.Random(0)
    nearness = Nearness([report], encoder)
    cases = [report_case(report, report.rows[0], nearness, rng) for _ in range(300)]
    assert all(case is not None and not case.answers for case in cases)
    return sum(case is not None and "library" in case.text for case in cases) / len(cases)


def test_nearer_windows_are_drawn_more_often(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    report = write(tmp_path, ENGLISH)
    rng = random.Random(0)
    found = windows(report, rng)
    nearness = Nearness([report], fake_encoder)
    times = Counter(nearness.near(QUESTION, report, found, rng) for _ in range(400))
    [(first, most), (_, fewer), *_] = times.most_common()
    assert "library" in report.text[slice(*first[:2])]
    assert most > 1.5 * fewer > 0


@pytest.mark.parametrize(
    ("text", "by_meaning", "by_words", "least", "most"),
    [
        (ENGLISH, 0.0, 0.0, 0.15, 0.35),
        (ENGLISH, 1.0, 0.0, 0.4, 0.7),
        (ENGLISH, 0.0, 1.0, 0.9, 1.0),
        # A report in Chinese shares no words with an English question: they are not asked.
        (CHINESE, 0.0, 1.0, 0.4, 0.7),
    ],
)
def test_a_case_without_an_answer_has_a_window_that_search_would_bring(
    tmp_path: Path,
    fake_encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    by_meaning: float,
    by_words: float,
    least: float,
    most: float,
) -> None:
    monkeypatch.setattr(report_cases, "_BY_MEANING", by_meaning)
    monkeypatch.setattr(report_cases, "_BY_WORDS", by_words)
    assert least <= share_drawn(write(tmp_path, text), fake_encoder) <= most


@pytest.mark.parametrize("question", ["城镇居民收入是多少？", "How much did exports grow?", "Exports to Peru"])
def test_a_frame_is_in_the_language_of_its_question_which_stands_whole_in_it(question: str) -> None:
    frames = load_frames()
    assert all(frame.before or frame.after for frame in frames)
    for seed in range(60):
        said = framed(question, random.Random(seed))
        assert question.strip("？?").casefold() in said.casefold()
        assert has_han(said) == has_han(question)


def test_the_figure_of_every_written_question_is_one_that_is_found() -> None:
    """Hand-written: a figure that is none, or that the grammar misses, teaches nothing. Two in a hundred may be."""
    missed = []
    asked = 0
    for report in load_reports(TRAINING_REPORTS):
        spans = [(f.start, f.end) for f in find_figures(report.text)]
        for row in report.rows:
            assert row.verdict in ("stated", "passage", "not_found"), (report.name, row.question)
            if row.figure is None or row.excerpt is None:
                continue
            asked += 1
            assert row.excerpt[0] <= row.figure[0] < row.figure[1] <= row.excerpt[1]
            if not any(a < row.figure[1] and row.figure[0] < b for a, b in spans):
                missed.append((report.name, report.text[slice(*row.figure)]))
    assert len(missed) < 0.02 * asked, missed
