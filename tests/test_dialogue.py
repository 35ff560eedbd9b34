"""Follow-ups and fresh questions that look like follow-ups. ``lacks`` counts the bigrams that a text lacks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import tokenize
from qa.dialogue import complete, completions, is_follow_up
from qa.dialogue_chinese import Asked, head_start
from qa.words import both_scripts, word_starts
from tests.dialogue_rows import (
    APART,
    ATTACKED,
    KNOWN,
    LATER,
    SOURCE_APART,
    SOURCE_ATTACKED,
    SOURCE_TUNE,
    TUNE,
    Row,
    right_for,
)


def counter(source: str) -> Callable[[str], int]:
    known = set(tokenize(source))
    return lambda wording: len(set(tokenize(wording)) - known)


WORDS = (
    "那",
    "呢",
    "它",
    "的",
    "其",
    "该",
    "2021年",
    "农村",
    "增长",
    "了",
    "多少",
    "占比",
    "吗",
    "and",
    "it",
    "in",
    "share",
    "？",
)

LACKS = {"tune": counter(SOURCE_TUNE), "apart": counter(SOURCE_APART), "attacked": counter(SOURCE_ATTACKED)}


def rows(half: str, *lists: tuple[Row, ...]) -> list[object]:
    missed = pytest.mark.xfail(strict=True, reason="known miss")
    return [
        pytest.param(
            half,
            row,
            id=f"{row.question} after {row.history[-1]}",
            marks=[missed] * ((row.history[-1], row.question) in KNOWN),
        )
        for own in lists
        for row in own
    ]


@pytest.mark.parametrize(
    ("half", "row"), [*rows("tune", TUNE, LATER), *rows("apart", APART), *rows("attacked", ATTACKED)]
)
def test_a_follow_up_is_completed_and_a_complete_question_never_bent(half: str, row: Row) -> None:
    got = complete(row.question, row.history, LACKS[half])
    assert right_for(row, got), got


@pytest.mark.parametrize(("question", "history"), [("那普及率呢？", "How many?"), ("And the share?", "普及率是多少？")])
def test_a_follow_up_in_another_language_stays_as_it_is(question: str, history: str) -> None:
    assert is_follow_up(question)
    assert completions(question, [history], LACKS["tune"]) == [question]


@pytest.mark.parametrize(
    "question", ["那普及率呢？", "城镇的呢？", "增长了多少？", "And then?", "呢？", "In villages?"]
)
def test_without_history_nothing_changes(question: str) -> None:
    assert complete(question, [], LACKS["tune"]) == question
    assert complete(question, ["", "  "], LACKS["tune"]) == question


@pytest.mark.parametrize("question", [r.question for r in (*TUNE, *APART, *ATTACKED) if not r.expected])
def test_a_complete_question_is_complete_whatever_came_before(question: str) -> None:
    for history in ("数字图书馆在哪里建成？", "2021年粮食产量是多少？", "What was the wheat output?"):
        assert complete(question, [history], LACKS["tune"]) == question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("2021年农村网民规模是多少？", ("2021年", "农村网民", "规模", "是多少")),
        ("请问全市2021年粮食产量有多少？", ("2021年", "全市粮食", "产量", "有多少")),
        ("新能源汽車出口額佔全國多少？", ("", "新能源汽車", "出口額", "佔全國多少")),
        ("数字图书馆在哪里建成？", ("", "数字图书馆", "", "在哪里建成")),
        ("地铁客运量比上年增长了多少？", ("", "地铁", "客运量", "比上年增长了多少")),
        ("普通高校", ("", "普通高校", "", "")),
    ],
)
def test_a_question_is_taken_apart(question: str, parts: tuple[str, ...]) -> None:
    asked = Asked.read(question)
    assert (asked.time, asked.scope, asked.head, asked.asking) == parts


def test_words_begin_where_they_do() -> None:
    assert word_starts("短视频用户规模") == (0, 1, 3, 5)
    assert word_starts("") == ()
    assert head_start("城镇登记失业率") == 4
    assert head_start("数字图书馆") is None


def test_a_pattern_reads_both_scripts() -> None:
    assert all(both_scripts("[为什]么.多").fullmatch(text) for text in ("为么的多", "為麼的多", "什麼的多"))
    assert not both_scripts("里").fullmatch("理")


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=30))
def test_any_history(history: list[str], question: str) -> None:
    assert isinstance(complete(question, history, LACKS["tune"]), str)


@pytest.mark.parametrize(
    ("question", "history", "meant"),
    [
        ("花了多少钱？", "来了多少人？", "花了多少钱？"),
        ("为什么？", "什么时候发布？", "为什么？"),
        ("占人口多少？", "有多少网民？", "网民占人口多少？"),
        ("And men?", "What share of women were victims?", "What share of men were victims?"),
        ("What about butter?", "What was the price of milk?", "What was the price of butter?"),
        ("How about orthopaedics?", "What was the wait for ophthalmology?", "What was the wait for orthopaedics?"),
        ("And exports?", "How much did imports grow?", "How much did exports grow?"),
    ],
)
def test_what_a_new_word_takes_the_place_of(question: str, history: str, meant: str) -> None:
    assert completions(question, [history], lambda _: 0)[0] == meant


@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=7,
    ),
    st.sampled_from([r.history[-1] for r in TUNE]),
)
def test_any_jumble_of_its_words(words: list[str], history: str) -> None:
    for joint in ("", " "):
        found = completions(joint.join(words), [history, *words], LACKS["tune"])
        assert found
        assert all(isinstance(w, str) for w in found)


def test_a_word_takes_the_place_of_its_like_and_not_of_the_town() -> None:
    source = set(tokenize("全年出口额与进口额。临江市"))

    def lacks(wording: str) -> int:
        return len(set(tokenize(wording)) - source)

    assert complete("那进口呢？", ["临江市出口额是多少？"], lacks) == "临江市进口额是多少？"
