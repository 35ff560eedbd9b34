"""Words of which one rules the others out."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.contrasts import are_opposed, contradicts, swapped


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many work the night shift?", "The day shift has 30 people."),
        ("Exports in the first quarter?", "Exports came to 21 billion in Q2."),
        ("Was rainfall higher in April?", "In June 12 mm fell."),
        ("西部的降雨量是多少？", "東部降雨量30毫米。"),
        ("下半年营业收入", "上半年营业收入12亿元。"),
        ("3月接待游客多少？", "2月接待游客386万人次。"),
        ("How many women are on the board?", "董事会有男性四人。"),
    ],
)
def test_another_word_contradicts(question: str, sentence: str) -> None:
    assert contradicts(question, sentence, sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "around"),
    [
        ("How many work the night shift?", "It has 30 people.", "It has 30 people."),
        (
            "How many work the night shift?",
            "The day shift has 30.",
            "On the night shift there are fewer. The day shift has 30.",
        ),
        ("How many men and women?", "There are 4 men.", "There are 4 men."),
        ("Q2 exports", "Second-quarter exports were 3 billion.", "Second-quarter exports were 3 billion."),
        ("第三季度营收", "7—9月营收12亿元。", "7—9月营收12亿元。"),
        ("六月的燃料費", "由一月的41仙回落至六月的36仙。", "由一月的41仙回落至六月的36仙。"),
        ("有多少学生？", "在校生98万人，专任教师6万人。", "在校生98万人，专任教师6万人。"),
        ("Quarterly profit", "Net income was 43 million.", "Net income was 43 million."),
        ("第三季度的赤字", "The September quarter had a deficit of 3 million.", "The September quarter."),
        ("失踪的有几人？", "21人喪生，77人下落不明。", "21人喪生，77人下落不明。"),
    ],
)
def test_what_may_be_meant_does_not(question: str, sentence: str, around: str) -> None:
    assert not contradicts(question, sentence, around)


def test_a_word_is_changed_for_one_that_fits() -> None:
    told = "The width is 8 metres."
    changed = {swapped("What is the width?", told, random.Random(seed)) for seed in range(40)}
    assert {"What is the length?", "What is the depth?"} <= changed
    assert not any("metres" in question for question in changed if question)


def test_opposed() -> None:
    assert are_opposed("women", "men")
    assert are_opposed("进口", "出口")
    assert not are_opposed("women", "female")
    assert not are_opposed("women", "sheep")


@given(
    st.integers(0, 10_000), st.sampled_from(["东部有多少企业？", "東部有多少企業？", "How many firms are in the east?"])
)
def test_a_word_is_swapped_for_one_that_the_text_lacks(seed: int, question: str) -> None:
    text = "东部企业30家，西部企业12家。 In the east 30 firms, in the west 12."
    other = swapped(question, text, random.Random(seed))
    assert other is not None
    assert contradicts(other, "东部企业30家", text)
    assert "西" not in other
    assert "west" not in other


def test_nothing_is_swapped_that_the_text_does_not_say() -> None:
    assert swapped("东部有多少企业？", "企业30家。", random.Random(0)) is None
