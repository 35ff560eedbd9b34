"""Whether a question asks for a change, and whether a slot tells one."""

from __future__ import annotations

import pytest

from index.datamodels import Chunk
from qa.changes import asks_change, tells_change
from qa.slots import SlottedPassage, slotted


def passage(text: str) -> SlottedPassage:
    return slotted(Chunk("d.txt", "paragraph", None, 2, 0, len(text), text), text)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("营业收入增长了多少？", True),
        ("营业收入同比下降百分之几？", True),
        ("出口增速", True),
        ("男性比女性多多少人？", True),
        ("营业收入是多少？", False),
        ("路线长多少公里？", False),
        ("增长最快的是哪个省？", False),
        ("By how much did exports fall?", True),
        ("How much did sales grow?", True),
        ("How many more beds were there than in 2020?", True),
        ("revenue growth", True),
        ("What were sales?", False),
        ("How high did the river climb in May?", False),
        ("What was the rise in rents?", True),
        ("For how many years has there been no home-grown malaria?", False),
    ],
)
def test_a_question_for_a_change(question: str, asks: bool) -> None:
    assert asks_change(question) == asks


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("收入50.2亿元，占61.0%；电视收入18.7亿元，同比增长12.3%。", [False, False, False, True]),
        ("投资分别增长2.4%、4.8%和下降3.7%。", [True, True, True]),
        ("实现了5%的增长。", [True]),
        ("收入亿元，增长%。", [False, True]),
        ("Sales were 40 million, up 5%, and margins 12%.", [False, True, False]),
        ("It has 4 per cent more beds.", [True]),
        ("There were 31 same-sex marriages.", [False]),
        ("Result -3.1 in all.", [True]),
        ("即时零售增速最快，达24.3%。", [True]),
        ("收入增长5%，达50.2亿元。", [True, False]),
        ("Growth was 5.2%, 7.7% and 14.6%.", [True, True, True]),
        ("收入同比增长9%，而市场预期只有6%。", [True, True]),
        ("收入46亿元，市场预期45亿元。", [False, False]),
        ("Gains of 3% came after losing 9% in the spring.", [True, True]),
        ("Urban inflation was 6.2 per cent.", [True]),
        ("回款周期183天，比上年长21天。", [False, True]),
    ],
)
def test_the_words_around_a_slot_tell_a_change(text: str, told: list[bool]) -> None:
    held = passage(text)
    assert [tells_change(held, slot) for slot in held.slots] == told
