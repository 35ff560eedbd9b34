"""Questions typed in haste: misspelt words, and names without their capitals."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from qa.as_typed import as_the_report_has_it
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from tests.conftest import FakeEncoder

REPORT = (
    "The Kesanga school network covers 40 schools. Grain exports rose; Zanatel said that revenue grew.",
    "# Hanley Council\n\nThe council met the mayors of Marchwood, who spoke of libraries. GDP fell.",
)

CASES = [
    ("how many schoosl does the kesanga netowrk cover", "how many schools does the Kesanga network cover"),
    ("HOW MANY SCHOOLS ARE IN KESANGA", "how many schools are in Kesanga"),
    ("what was zanatel's revnue", "what was Zanatel's revenue"),
    ("gdp growth in marchwood", "GDP growth in Marchwood"),
    ("What percentaeg of exprots?", "What percentage of exports?"),
    ("Waht is Kesagna's network, and how mnay schools?", "What is Kesanga's network, and how many schools?"),
    ("How much grian was exported?", "How much grain was exported?"),  # Grain begins its sentence
    ("How many poeple registter in Kessanga?", "How many people register in Kesanga?"),
]
LEFT = [
    "What was Hansley's revenue?",  # another name
    "How many cars did the council buy?",
    "How many marchwood doors?",  # no slip: the question has a capital
    "What was the form of the exports?",  # from
    "How tall is the tower of the libarary of 9.89亿?",
    "GDP",
    "q3 2024",
]
#: Reports that hold a word one letter off from one that a question rightly has.
LOOK_ALIKES = [
    ("A patrol costs £96. Dengue fever killed 3 people.", "What did petrol cost?"),
    ("A patrol costs £96. Dengue fever killed 3 people.", "How many fewer people died?"),
    ("Fire caused damage. The metro cost £310 million.", "How much did fibre cost, and the metre?"),
    ("The shelters employed 640 workers; 14 games were held.", "How many workers did the smelters employ? And gases?"),
    ("Sulfate output reached 41,000 tonnes.", "What was sulfite output?"),
    ("Road repair took £5.4 million.", "How much was repaid?"),
    ("It treated 2,140 stroke patients; each carer was paid.", "how many patients in stoke did carver see"),
    ("The US gave money. The WHO sent 46 doctors in May to the IT department.", "how many may it give us, and who"),
]


@pytest.mark.parametrize(("text", "question"), LOOK_ALIKES)
def test_a_word_is_not_put_in_anothers_place(text: str, question: str) -> None:
    assert as_the_report_has_it(question, [text]) == question


@pytest.mark.parametrize(("typed", "meant"), CASES, ids=[typed for typed, _ in CASES])
def test_a_question_is_put_as_the_report_has_it(typed: str, meant: str) -> None:
    assert as_the_report_has_it(typed, REPORT) == meant


@pytest.mark.parametrize("typed", LEFT)
def test_what_is_no_slip_is_left(typed: str) -> None:
    assert as_the_report_has_it(typed, REPORT) == typed


@given(
    st.lists(
        st.sampled_from(
            ["Kesanga", "school", "network", "covers", "40", "schools", "exports", "rose", "how", "many", "of", "the"]
        ),
        min_size=1,
    )
)
def test_what_the_report_holds_is_never_changed(words: list[str]) -> None:
    question = "What of " + " ".join(words)
    assert as_the_report_has_it(question, REPORT) == question


@given(st.text(max_size=60))
def test_only_letters_change(question: str) -> None:
    mended = as_the_report_has_it(question, REPORT)
    assert [c for c in mended if c.isdigit() or c.isspace()] == [c for c in question if c.isdigit() or c.isspace()]


def test_of_words_as_near_and_as_frequent_the_first_by_letters_is_meant() -> None:
    assert as_the_report_has_it("How many zorgas?", ["There are zorgams and zorgals."]) == "How many zorgals?"


def test_a_misspelt_question_is_answered(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    (tmp_path / "reports").mkdir()
    text = "The school network covered 40 villages in the north.\n\nThe harvest of the year was poor.\n"
    (tmp_path / "reports" / "a.txt").write_text(text, encoding="utf-8")
    build_index(tmp_path / "reports", tmp_path / "index", encoder=fake_encoder)
    assistant = Assistant.open(tmp_path / "index", encoder=fake_encoder, reader=OverlapReader())
    answer = assistant.ask("How many villages did the shcool netowrk cover?")
    assert (answer.verdict, [f.text for f in answer.figures]) == ("stated", ["40"])
    assert answer.debug["parts"][0]["question"] == "How many villages did the school network cover?"
