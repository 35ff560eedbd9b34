"""Quarters, halves and business years in their many forms."""

from __future__ import annotations

import pytest

from qa.periods import as_in, long_forms, written_out


@pytest.mark.parametrize(
    ("question", "long"),
    [
        ("24Q3营收", "2024年第三季度营收"),
        ("2024年H1净利润", "2024年上半年净利润"),
        ("Q1和Q2营收", "第一季度和第二季度营收"),
        ("9M24净利润", "2024年前三季度净利润"),
        ("25财年营收", "2025财年营收"),
        ("revenue in Q3 2024", "revenue in third quarter of 2024"),
        ("What was 1H24 revenue?", "What was first half of 2024 revenue?"),
        ("FY24 revenue", "revenue, fiscal 2024"),
        ("Q3'24 sales?", "sales, third quarter of 2024"),
        ("Q3", "third quarter"),
        ("Q3 2024年营收", "2024年第三季度营收"),
        ("Q1 to Q3 revenue", "first quarter to third quarter revenue"),
        ("FY24 vs FY23", "fiscal 2024 vs fiscal 2023"),
    ],
)
def test_short_forms_are_written_out(question: str, long: str) -> None:
    assert written_out(question) == long


@pytest.mark.parametrize(
    "question",
    [
        "How far did it go in 2h?",
        "cases of H1N1",
        "a wall of 9m",
        "二季度营收",
        "sales in 2024",
        "FY2024/25 budget",
        "5G用户",
        "第3季",
    ],
)
def test_what_is_no_short_form_stays(question: str) -> None:
    assert written_out(question) == question
    assert long_forms(question) == []


@pytest.mark.parametrize(
    ("question", "text", "posed"),
    [
        ("第三季度营收", "三季度营收增长。", "三季度营收"),
        ("三季度营收", "第三季度营收增长。", "第三季度营收"),
        ("第三季度营收", "前三季度12亿元，三季度3亿元。", "三季度营收"),
        ("第三季度营收", "Q3營收增長。", "Q3营收"),
        ("上半年出口", "1—6月出口增长。", "1—6月出口"),
        ("前三季度出口", "前九個月出口增長。", "前九個月出口"),
        ("一季度出口", "首季出口增长。", "首季出口"),
        ("revenue in the third quarter", "Third-quarter revenue rose.", "revenue in the Third-quarter"),
        ("revenue in third quarter", "In Q3 revenue rose; Q2 was flat.", "revenue in Q3"),
        ("attendance in 2024-25", "Attendance in 2023/24 and 2024/25.", "attendance in 2024/25"),
        (
            "fiscal 2025 revenue",
            "In 2025 the market grew. Fiscal year 2025 revenue was 5m.",
            "Fiscal year 2025 revenue",
        ),
        ("2024年底网民规模", "2024年12月5日发布。", "2024年底网民规模"),
        (
            "first quarter revenue",
            "In the three months to March sales fell. First-quarter revenue was 5.",
            "First-quarter revenue",
        ),
        ("revenue, fiscal 2024", "FY24 revenue rose.", "revenue, FY24"),
        ("2024财年营收", "2024年营收增长。", "2024年营收"),
        ("第三季度营收", "第二季度营收增长。", "第三季度营收"),
        ("三月出口", "3月出口增长。", "3月出口"),
        ("3月份出口", "三月出口增长，13月没有。", "三月出口"),
        ("3月出口", "In March exports rose.", "March出口"),
        ("March exports", "3月出口增长。", "March exports"),
        ("Sept exports", "Exports rose in September.", "September exports"),
        ("5月出口", "Exports may rise.", "5月出口"),
        ("3月15日客流", "三月客流增长。", "3月15日客流"),
        ("2020年末网民", "截至2020年12月，网民增长。", "2020年12月网民"),
        ("2020年底网民", "2020年末网民增长。", "2020年末网民"),
        ("2020年12月网民", "2020年末网民增长。", "2020年12月网民"),
        ("去年底人口", "上年末人口增长。", "上年末人口"),
        ("年底人口", "年末人口增长，上年底下降。", "年末人口"),
        ("rate in the second quarter", "In April to June the rate fell.", "rate in the April to June"),
        ("rate, second quarter", "The rate fell in the three months to June.", "rate, three months to June"),
        ("from 2011 to 2014", "2011/12 and 2013/14", "from 2011 to 2014"),
        ("deaths in 2011-14", "deaths in 2011/12", "deaths in 2011-14"),
    ],
)
def test_a_period_is_put_as_the_text_has_it(question: str, text: str, posed: str) -> None:
    assert as_in(question, text) == posed
