"""What a text in the other language calls the words of a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folding import fold
from qa.bridge import bridged

CHINESE = "年末全县农村居民人均可支配收入为元，宽带用户达万户，图书馆共有座。"
ENGLISH = "The rural population fell to 3,000, while farmers earned more. Libraries lent 20,000 books."


@pytest.mark.parametrize(
    ("question", "text", "added"),
    [
        ("How many libraries are there?", CHINESE, {"图书馆"}),
        ("How many rural residents have broadband?", CHINESE, {"农村", "居民", "宽带"}),
        ("How many sea snakes are there?", CHINESE, set()),
        ("農村人口有多少？", ENGLISH, {"rural", "population"}),
        ("图书馆借出多少书？", ENGLISH, {"libraries", "books"}),
        ("海蛇有多少？", ENGLISH, set()),
    ],
)
def test_words_that_stand_in_the_text_are_added(question: str, text: str, added: set[str]) -> None:
    posed = bridged(question, text)
    assert posed.startswith(question)
    assert added <= set(posed[len(question) :].split(" "))
    assert bool(added) == (posed != question)


WORDS = ["libraries", "rural", "people", "online", "broadband", "income", "sea", "how", "many"]


@given(st.lists(st.sampled_from(WORDS)), st.text(max_size=99))
def test_what_is_added_stands_in_the_text(words: list[str], text: str) -> None:
    question = " ".join(["how many", *words])
    posed = bridged(question, CHINESE + text)
    assert posed.startswith(question)
    assert all(word in fold(CHINESE + text) for word in posed[len(question) :].split())


@pytest.mark.parametrize(
    ("question", "text"), [("农村人口有多少？", CHINESE), ("How many people live there?", ENGLISH)]
)
def test_one_language_needs_no_bridge(question: str, text: str) -> None:
    assert bridged(question, text) == question
