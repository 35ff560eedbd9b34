"""Follow-ups and fresh questions that look like follow-ups. ``lacks`` counts the bigrams that a text lacks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import tokenize
from qa.dialogue import complete, is_follow_up

SOURCE = """全市常住人口为一千万人，比上年增加二十万人。城镇常住人口为七百万人，农村常住人口为三百万人。
城镇居民人均可支配收入为五万元，同比增长六个百分点，农村居民人均可支配收入为两万元。城镇登记失业率为百分之四。
新能源汽车产量达三十万辆，新能源汽车出口量为十万辆。地铁客运量为五亿人次。数字图书馆在东城区建成。"""


def lacks(wording: str) -> int:
    return len(set(tokenize(wording)) - set(tokenize(SOURCE)))


FOLLOW_UPS = [
    (["全市常住人口是多少？"], "城镇的呢？", "城镇常住人口是多少？"),
    (["城镇登记失业率是多少？"], "那农村呢？", "农村登记失业率是多少？"),
    (["城镇居民人均可支配收入是多少？"], "农村居民呢？", "农村居民人均可支配收入是多少？"),
    (["城镇居民人均可支配收入是多少？"], "同比增长了多少？", "城镇居民人均可支配收入同比增长了多少？"),
    (["新能源汽车产量是多少？"], "那出口量呢？", "新能源汽车出口量是多少？"),
    (["全市常住人口有多少？"], "比上年增加了多少？", "全市常住人口比上年增加了多少？"),
    (["数字图书馆在哪里建成？"], "它以后会怎么发展？", "数字图书馆以后会怎么发展？"),
    (["新能源汽车产量是多少？", "那出口量呢？"], "增长了多少？", "新能源汽车出口量增长了多少？"),
    (
        ["How many rural residents are there?"],
        "And the unemployment rate?",
        "What is the unemployment rate of rural residents?",
    ),
    (["What is the urban income?"], "And in rural areas?", "What is the urban income in rural areas?"),
]

FRESH = [
    "地铁客运量是多少？",
    "那曲市有多少人口？",
    "其他城市的失业率是多少？",
    "今天天气怎么样？",
    "增长最快的行业是哪个？",
    "占地面积是多少？",
    "比亚迪卖了多少辆车？",
    "那些企业有多少家？",
    "How many subway passengers were there?",
    "What is the unemployment rate?",
]


@pytest.mark.parametrize(("history", "question", "expected"), FOLLOW_UPS, ids=[q for _, q, _ in FOLLOW_UPS])
def test_follow_up(history: list[str], question: str, expected: str) -> None:
    assert complete(question, history, lacks) == expected


@pytest.mark.parametrize("question", FRESH)
def test_a_complete_question_is_never_bent(question: str) -> None:
    assert not is_follow_up(question)
    assert complete(question, ["新能源汽车产量是多少？"], lacks) == question


@pytest.mark.parametrize("question", ["那普及率呢？", "城镇的呢？", "增长了多少？", "And then?", "呢？"])
def test_without_history_nothing_changes(question: str) -> None:
    assert complete(question, [], lacks) == question
    assert complete(question, ["", "  "], lacks) == question


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=30))
def test_any_history(history: list[str], question: str) -> None:
    assert isinstance(complete(question, history, lacks), str)
