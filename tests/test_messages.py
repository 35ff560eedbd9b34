import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.datamodels import Answer, Figure, Gap, Quote
from qa.health import Health
from qa.markdown import answer_to_markdown, fenced, marked, plain_answer
from qa.messages import MESSAGES

NUMERALS = set("0123456789０１２３４５６７８９零〇一二两三四五六七八九十百千万亿半双数几兩萬億雙幾")
ENGLISH = {"one", "two", "three", "first", "second", "half", "both", "single", "zero", "ten", "hundred", "thousand"}


def test_every_language_says_every_sentence() -> None:
    assert len({frozenset(texts) for texts in MESSAGES.values()}) == 1


@pytest.mark.parametrize("text", [t for texts in MESSAGES.values() for t in texts.values()])
def test_no_numeral_in_any_message(text: str) -> None:
    # 数字 and 约数 name the notion of a number; they are no quantity.
    bare = text.replace("数字", "").replace("約數", "").replace("约数", "").replace("部分", "")
    assert not set(bare) & NUMERALS
    assert not set(text.lower().split()) & ENGLISH


def quote(text: str) -> Quote:
    return Quote(text, "a.txt", None, 1, 10, 10 + len(text))


@given(st.text())
def test_fence_holds_any_text(text: str) -> None:
    block = fenced(text)
    fence = block.split("\n", 1)[0]
    assert set(fence) == {"`"}
    assert fence not in text
    assert block[len(fence) + 1 : -len(fence) - 1] == text


def test_marks_stand_where_the_offsets_say() -> None:
    text = "网民达亿，近九成"
    q = Quote(text, "a", None, 1, 10, 18, (Figure("近九成", 15, 18),), (Gap(13, 0.9, "亿"),))
    assert marked(q, ((15, 18),)) == "网民达▯亿，【近九成】"
    assert marked(q, ()) == "网民达▯亿，近九成"
    assert q.text == text


def test_the_terminal_lists_the_parts_of_a_question_only_where_there_are_several() -> None:
    parts = [{"question": "甲是多少？", "verdict": "stated"}, {"question": "乙是多少？", "verdict": "not_found"}]
    for count, shown in ((2, ["在此：", "  数字在此: 甲是多少？", "  报告未提及: 乙是多少？"]), (1, ["在此："])):
        answer = Answer("甲和乙各是多少？", "stated", "在此：", debug={"parts": parts[:count]})
        assert plain_answer(answer).splitlines() == shown


def test_what_is_one_is_not_many() -> None:
    hole = Quote("网民达亿", "a.txt", None, 1, 0, 4, (), (Gap(3, 0.9, "亿"),))
    assert "about 1 figure is missing" in Health("a.txt", (hole,), 2, 1).summary()
    assert "about 2 figures are missing" in Health("a.txt", (hole, hole), 2, 1).summary()
    assert "(1 figure stated)" in Health("a.txt", (), 2, 1).summary()


def test_markdown_and_terminal_keep_the_quote() -> None:
    answer = Answer(
        "a?", "passage", "报告中的相关原文：", (quote("- 3,000 ~20% ```x```"),), sources={"a.txt": "f" * 64}
    )
    assert "- 3,000 ~20% ```x```" in answer_to_markdown(answer)
    assert "- 3,000 ~20% ```x```" in plain_answer(answer)
