from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.broken import whole_part_lost
from qa.datamodels import Figure
from qa.figures import figure_kind, find_figures, is_approximate
from qa.numerals import fold, read_chinese, read_english, scaled
from tests.figure_rows import AFTER, BEFORE, BROKEN, UNMET, Row


def found(text: str) -> tuple[tuple[int, int, Decimal | None, str | None], ...]:
    return tuple((f.start, f.end, f.value, f.unit) for f in find_figures(text))


def row_id(row: Row) -> str:
    return row.text[:40]


@pytest.mark.parametrize("row", BEFORE, ids=row_id)
def test_row_written_before_the_code(row: Row) -> None:
    assert found(row.text) == row.figures


@pytest.mark.parametrize("row", AFTER, ids=row_id)
def test_row_written_after_the_code(row: Row) -> None:
    assert found(row.text) == row.figures


@pytest.mark.parametrize("row", BROKEN, ids=row_id)
def test_row_of_broken_numbers(row: Row) -> None:
    assert found(row.text) == row.figures


@pytest.mark.parametrize(
    "row", [pytest.param(r, marks=pytest.mark.xfail(reason="known failure", strict=True)) for r in UNMET], ids=row_id
)
def test_known_failure(row: Row) -> None:
    assert found(row.text) == row.figures


def test_table_is_large_and_a_tenth_negative() -> None:
    rows = BEFORE + AFTER + BROKEN
    assert len(rows) >= 400
    assert sum(not row.figures for row in rows) >= len(rows) / 10


PIECES = st.sampled_from(
    [
        "近",
        "约",
        "超过",
        "上",
        "数",
        "几",
        "第",
        "一",
        "二",
        "三",
        "十",
        "百",
        "千",
        "万",
        "亿",
        "9",
        "12",
        "3.5",
        "1,234",
        "．",
        "７",
        "%",
        "％",
        "个百分点",
        "个",
        "年",
        "月",
        "日",
        "时",
        ":",
        "/",
        "-",
        "~",
        "至",
        "成",
        "分之",
        "半",
        "倍",
        "多",
        "余",
        "左右",
        "以上",
        "人",
        "元",
        "$",
        "US$",
        "£",
        "m",
        "bn",
        "million",
        "percent",
        "about",
        "twenty-six",
        "a",
        "half",
        "quarter",
        "third",
        "Q3",
        "FY",
        "COVID-",
        "5G",
        "公里",
        "，",
        "。",
        "的",
        "网民",
        "比",
        "翻",
        "番",
        "点",
        "世纪",
        "年代",
        " ",
        "\n",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


@given(TEXTS)
@settings(max_examples=600)
def test_spans_are_exact_ordered_and_disjoint(text: str) -> None:
    figures = find_figures(text)
    last = 0
    for figure in figures:
        assert last <= figure.start < figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        assert figure.text == figure.text.strip() or not figure.text.isprintable()
        assert figure.value is None or figure.value.is_finite()
        assert Figure.from_dict(figure.to_dict()) == figure
        assert figure_kind(figure)
        assert is_approximate(figure) in (True, False)
        last = figure.end


@given(TEXTS)
@settings(max_examples=200)
def test_offsets_move_with_a_sentence_put_in_front(text: str) -> None:
    front = "没有数字的句子。\n\n"
    moved = [f.shifted(len(front)) for f in find_figures("。" + text)]
    assert find_figures(front + "。" + text) == moved


@given(TEXTS)
@settings(max_examples=200)
@example(".0")
def test_every_free_run_of_digits_is_in_a_figure_or_touches_a_letter(text: str) -> None:
    """But for what is left of a broken number: .5 has lost what stood before its point, and says another number."""
    covered = {i for f in find_figures(text) for i in range(f.start, f.end)}
    folded = fold(text)
    runs = [m.span() for m in re.finditer(r"[0-9]+", folded)]
    broken = {i for start, end in runs if whole_part_lost(folded, start) for i in range(start, end)}
    for i, char in enumerate(folded):
        if char.isdecimal() and char.isascii() and i not in covered | broken:
            low = high = i
            while low and (folded[low - 1].isalnum() or folded[low - 1] in " .,-+·"):
                low -= 1
            while high < len(folded) and (folded[high].isalnum() or folded[high] in " .,-+·"):
                high += 1
            assert any(c.isalpha() for c in folded[low:high]), text


@given(st.text(max_size=80))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.integers(0, 99_999_999_999))
@settings(max_examples=300)
def test_chinese_numerals_are_read_back(number: int) -> None:
    reading = read_chinese(written_in_chinese(number))
    assert reading is not None
    assert reading.value == number


def written_in_chinese(number: int) -> str:
    """Write a number as taught at school: the oracle for reading."""

    def section(n: int) -> str:
        out, zero = "", False
        for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = n // power % 10
            if digit:
                out += ("零" if zero and out else "") + "零一二三四五六七八九"[digit] + unit
                zero = False
            else:
                zero = True
        return out

    out, rest = "", number
    for power, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, rest = divmod(rest, power)
        if part:
            out += ("零" if out and part < 1000 else "") + section(part) + unit
        elif out and rest and not out.endswith("零"):
            out += "零"
    return out.replace("零零", "零") or "零"


@given(st.integers(0, 999), st.integers(0, 14))
def test_scaling_loses_no_digit(number: int, power: int) -> None:
    assert scaled(Decimal(number), power) == number * 10**power


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("three hundred and five", 305),
        ("twenty-six", 26),
        ("two million five hundred thousand", 2_500_000),
        ("ninth", 9),
    ],
)
def test_english_words_are_read(words: str, value: int) -> None:
    assert read_english(words) == value


@pytest.mark.parametrize("words", ["one two", "twenty hundredth and", "and five", "dozen dozen"])
def test_ill_formed_english_is_refused(words: str) -> None:
    assert read_english(words) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2020年", "date"),
        ("2020年12月", "date"),
        ("12月", "date"),
        ("2021/2/3 9:22", "date"),
        ("第三季度", "date"),
        ("20世纪", "date"),
        ("Q3 2020", "date"),
        ("in 2020", "date"),
        ("December 2020", "date"),
        ("9:22", "time"),
        ("上午9时30分", "time"),
        ("连续八年", "duration"),
        ("3个月", "duration"),
        ("two years", "duration"),
        ("1小时25分钟", "duration"),
        ("70.4%", "percent"),
        ("近九成", "percent"),
        ("百分之七十", "percent"),
        ("35 per cent", "percent"),
        ("5.9个百分点", "points"),
        ("3.2 percentage points", "points"),
        ("三分之二", "ratio"),
        ("一半", "ratio"),
        ("3:1", "ratio"),
        ("a quarter", "ratio"),
        ("3.5倍", "multiple"),
        ("翻两番", "multiple"),
        ("第45位", "rank"),
        ("全球第一", "rank"),
        ("第十四届", "rank"),
        ("45th", "rank"),
        ("11.76万亿元", "money"),
        ("$3.5m", "money"),
        ("3.5万美元", "money"),
        ("1947.0亿元", "money"),
        ("1148.6万人次", "count"),
        ("2186.4公里", "measure"),
        ("1500-2000人", "count"),
        ("2021-3", "date"),
        ("十月初九", "date"),
        ("one in three", "ratio"),
        ("二十二里", "measure"),
        ("二丈八尺", "measure"),
        ("7 minutes and 42 seconds", "duration"),
        ("2 hours 15 minutes", "duration"),
        ("3261.56点", "number"),
        ("312点", "number"),
        ("14点", "time"),
        ("753 BC", "date"),
        ("6.30pm", "time"),
        ("H1 2023", "date"),
        ("乾隆五年", "date"),
        ("895年－962年", "date"),
        ("9.40 in the evening", "time"),
        ("nearly half", "ratio"),
        ("about a sixth", "ratio"),
        ("60岁", "age"),
        ("8.5平方公里", "measure"),
        ("120km/h", "measure"),
        ("36.5℃", "measure"),
        ("3.5亿千瓦时", "measure"),
        ("832个", "count"),
        ("14.1亿人", "count"),
        ("300 people", "count"),
        ("9.89亿", "number"),
        ("twenty-six", "number"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    (figure,) = find_figures(text)
    assert figure_kind(figure) == kind


@pytest.mark.parametrize(
    "text",
    [
        "近九成",
        "2万多",
        "上百家",
        "十余个",
        "几百人",
        "数十",
        "3-5倍",
        "七八个",
        "约3000人",
        "30天左右",
        "20岁以上",
        "过半",
        "about_300",
        "nearly_40%",
        "up_to_50",
        "several_hundred",
    ],
)
def test_approximate(text: str) -> None:
    (figure,) = find_figures(text.replace("_", " "))
    assert is_approximate(figure)


@pytest.mark.parametrize(
    "text",
    [
        "九成",
        "70.4%",
        "2020年12月",
        "9:22",
        "上世纪80年代",
        "上午9时30分",
        "三分之二",
        "3:1",
        "1小时25分钟",
        "百万亿",
        "26",
        "$3.5m",
    ],
)
def test_exact(text: str) -> None:
    (figure,) = find_figures(text)
    assert not is_approximate(figure)


@pytest.mark.parametrize(("text", "values"), [("昭和元年迁都", [1]), ("光绪元十年", None), ("民国元元年", None)])
def test_first_year_of_an_era(text: str, values: list[int] | None) -> None:
    found = find_figures(text)  # a character that is no numeral once ended in a KeyError
    if values is not None:
        assert [f.value for f in found] == values
