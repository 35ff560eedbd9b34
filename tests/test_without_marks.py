"""What the reader is given: no marks where numbers are lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.damage import drop_digits, replace_numbers
from qa.figures import find_figures, find_gaps
from qa.respectively import written_out
from qa.without_marks import without_marks

TEXTS = [
    "There were 512 marriages in 31 towns, of which 16 marriages were civil.",
    "At the end of the quarter the group had 812 employees in 31 countries.",
    "甲队、乙队、丙队的得分分别为31分、42分和53分。",
    "全县共有小学31所，在校学生4.2万人，增长5.1%。",
]


def read(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    return without_marks(text, [(gap.at, gap.at) for gap in find_gaps(text)])


@pytest.mark.parametrize("mark", ["___", "□", "**", "XX", "[x]", "[NUM]", "[redacted]", "█████"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_marked_text_reads_as_one_that_has_lost_its_numbers(text: str, mark: str) -> None:
    bare = drop_digits(text)
    assert read(replace_numbers(text, mark).text) == (bare.text, tuple((at, at) for at in bare.gaps))


def test_brackets_and_dots_are_left_out_as_well() -> None:
    assert read("网民规模达（）亿，普及率达…%。")[0] == "网民规模达亿，普及率达%。"


def test_marks_that_are_no_holes_stay() -> None:
    text = "The **bold** plan [...] and __init__ cost 5%, see [1]."
    assert without_marks(text, [(f.start, f.end) for f in find_figures(text)])[0] == text


@pytest.mark.parametrize("mark", ["___", "□", "**", "[x]"])
def test_lists_are_written_out_without_marks(mark: str) -> None:
    text, slots = read(f"甲队、乙队、丙队的得分分别为{mark}分、{mark}分和{mark}分。")
    written = written_out(text, [(*slot, "分") for slot in slots])
    assert written is not None
    assert written.text == "甲队为分；乙队为分；丙队的得分为分。"


@given(st.text(alphabet="a亿%_□X*[]x.… 5", max_size=30), st.data())
def test_slots_stay_in_order_and_figures_as_they_are(text: str, data: st.DataObject) -> None:
    figures = [(f.start, f.end) for f in find_figures(text)]
    at = data.draw(st.integers(0, len(text)))
    within = any(start < at < end for start, end in figures)
    slots = sorted([*figures, *([] if within else [(at, at)])])
    plain, moved = without_marks(text, slots)
    assert list(moved) == sorted(moved)
    assert all(0 <= start <= end <= len(plain) for start, end in moved)
