"""Questions that say which report they are on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index, chunk_document
from index.datamodels import Document
from index.encoder import load_encoder
from qa.assistant import Assistant
from qa.evidence import speaks_of_other_year
from qa.judge import within_document
from qa.periods import written_out
from qa.questions import understand
from qa.scope import said_above, unscoped, without_frame
from qa.slots import SlottedPassage, head_of, slotted, unslotted, windows
from qa.year_beside import YearAsked
from tests.conftest import FakeEncoder

COLLEGE = (
    "Merriton College teaches on two sites, and in 2023 it had 1,380 students who came from all over the county and "
    "from abroad.\n\nThe newer campus opened in 2011 and has 745 students.\n"
)
CENSUS = "Ministry of Education\nKesanga school census, 2018\n\nOf all primary schools 38 per cent have power.\n"
COUNTED = "Schools\n\nIn 2018 the Kesanga ministry counted 4,120 schools.\n\nOf them 38 per cent have power.\n"
SUPPLY = (
    "Tarnbrook Water, which had 1,260 employees, buys a part of its supply from Gellan Reservoirs and another from two "
    "farms.\n\nIt spent 3 million on pipes.\n"
)
TABLE = "互联网报告\n\n| 地区 | 2020年 |\n|---|---|\n| 农村 | 3.09 |\n"
BULLETIN = "云岭铁路局2022年度运营情况通报\n\n全年亏损3.2亿元，普速列车正点率为91%。\n"
HARVEST = "我省秋粮喜获丰收\n\n记者从省统计局获悉，2023年平川省粮食总产量达到2,917.6万吨。\n\n早稻收获112万吨。\n"


def last_passage(text: str) -> SlottedPassage:
    chunks = chunk_document(Document("a.txt", text, "", len(text), "utf-8"))
    return slotted(chunks[-1], text)


@pytest.mark.parametrize(
    ("text", "question", "bare"),
    [
        (CENSUS, "How many schools have power in Kesanga?", "How many schools have power ?"),
        (CENSUS, "In 2018, how many schools in Kesanga had power?", "how many schools had power?"),
        (CENSUS, "What share of Kesanga's schools has power?", "What share schools has power?"),
        (CENSUS, "How many schools have power in Tavia?", "How many schools have power in Tavia?"),
        (CENSUS, "How many schools had power in 2017?", "How many schools had power in 2017?"),
        (CENSUS, "What did the census cost?", "What did the census cost?"),
        (BULLETIN, "云岭铁路局2022年亏了多少钱？", "亏了多少钱？"),
        (BULLETIN, "在云岭铁路局，正点率是多少？", "正点率是多少？"),
        (BULLETIN, "海州铁路局亏了多少钱？", "海州铁路局亏了多少钱？"),
        (HARVEST, "2023年平川早稻收了多少？", "2023年早稻收了多少？"),
        (HARVEST, "粮食总产量是多少？", "粮食总产量是多少？"),
        # Names that are only listed, what is asked of, abbreviations, years of another kind, parts of longer words.
        (
            SUPPLY,
            "How large was the workforce of Gellan Reservoirs?",
            "How large was the workforce of Gellan Reservoirs?",
        ),
        (CENSUS, "Schools with power in Kesanga", "Schools with power"),
        ("Tavia: CPI 2023\n", "What was the CPI in Tavia?", "What was the CPI ?"),
        ("Tavia in 2023\n", "How many cars were sold since 2023?", "How many cars were sold since 2023?"),
        ("Tavia in 2023\n", "growth between 2019 and 2023", "growth between 2019 and 2023"),
        ("青溪市2022年统计公报\n", "2022年底人口是多少？", "2022年底人口是多少？"),
        ("青溪市2022年统计公报\n", "根据青溪市统计公报，人口是多少？", "统计公报，人口是多少？"),
        ("青溪市2022年统计公报\n", "现在青溪人口是多少？", "现在人口是多少？"),
        ("青溪市2022年统计公报\n", "青溪市民收入多少？", "青溪市民收入多少？"),
        ("青溪市2022年统计公报\n", "青溪县人口多少？", "青溪县人口多少？"),
        ("大学生就业报告\n", "大学生起薪是多少？", "大学生起薪是多少？"),
        ("2023年房地产市场运行情况\n", "房地产投资是多少？", "房地产投资是多少？"),
        ("粮食产量：2023年创新高\n", "粮食产量是多少？", "粮食产量是多少？"),
        (TABLE, "2020年农村网民是多少？", "2020年农村网民是多少？"),
        ("农村互联网发展报告\n\n农村网民2.9亿人。\n", "农村网民规模是多少？", "农村网民规模是多少？"),
    ],
)
def test_what_the_head_names_is_left_out_to_search(text: str, question: str, bare: str) -> None:
    assert unscoped(question, [head_of(text)]) == bare


RELEASE = (
    "STATISTICS MARAVIA\nPress release\n\nLABOUR FORCE SURVEY, THIRD QUARTER 2023\n\nHours\n\n"
    "Of all workers 28 per cent work part time.\n"
)


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("How many work part time in Maravia in the third quarter of 2023?", "How many work part time ?"),
        ("How many work part time in Q3 2023?", "How many work part time ?"),
        ("How many work part time in the second quarter?", "How many work part time in the second quarter?"),
    ],
)
def test_a_period_in_the_headings_is_left_out(question: str, bare: str) -> None:
    assert unscoped(question, [head_of(RELEASE)]) == bare
    if bare != question:
        assert "uarter" not in within_document(written_out(question), last_passage(RELEASE))


@pytest.mark.parametrize(
    ("text", "question", "plain"),
    [
        (CENSUS, "According to the Kesanga school census, how many have power?", "how many have power?"),
        (CENSUS, "How many have power in the 2018 school census?", "How many have power?"),
        (CENSUS, "How many have power in the first school census?", "How many have power in the first school census?"),
        (CENSUS, "How many have power according to the Tavia health survey?", ""),
        (BULLETIN, "云岭铁路局的通报里，亏损多少？", "亏损多少？"),
        (BULLETIN, "海州港的通报里，亏损多少？", ""),
    ],
)
def test_words_for_the_report_itself_are_no_part_of_the_question(text: str, question: str, plain: str) -> None:
    assert without_frame(question, [head_of(text)]) == (plain or question)


def test_a_report_that_has_lost_its_digits_does_not_tell_its_year() -> None:
    stripped = last_passage("云岭铁路局年度运营情况通报\n\n全年亏损亿元。\n")
    assert within_document("2022年亏损多少？", stripped) == "亏损多少？"
    assert within_document("2021年亏损多少？", last_passage(BULLETIN)) == "2021年亏损多少？"


def test_a_business_year_ends_in_its_second_year() -> None:
    asked = YearAsked("How much was spent in 2021/22?")
    told = last_passage("Accounts\n\nBy 30 June 2022 the ministry had spent 591 million.\n")
    assert asked.may_be_of(told, told.slots[-1])
    assert not YearAsked("How much was spent in 2020?").may_be_of(told, told.slots[-1])


def test_only_what_every_report_is_on_is_left_out() -> None:
    heads = [head_of(CENSUS), "Ministry of Education\nKesanga school census, 2019\n"]
    assert unscoped("How many schools had power in Kesanga in 2018?", heads) == "How many schools had power in 2018?"
    assert unscoped("How many schools had power in Kesanga?", []) == "How many schools had power in Kesanga?"


@given(st.text(max_size=60), st.text(max_size=80))
def test_nothing_is_added(question: str, head: str) -> None:
    bare = unscoped(question, [head])
    rest = iter(question)
    assert all(character in rest for character in bare if not character.isspace())


def test_a_document_without_a_title_is_on_what_it_opens_with() -> None:
    chunks = chunk_document(Document("a.txt", COLLEGE, "", len(COLLEGE), "utf-8"))
    assert unslotted(chunks[-1], COLLEGE).lead == "Merriton College teaches on two sites"
    assert unslotted(chunks[0], COLLEGE).lead == ""
    assert unslotted(chunks[-1], CENSUS).lead == ""  # it has a title


@pytest.mark.parametrize(
    ("text", "question", "above"),
    [
        (COUNTED, "What share of schools in Kesanga had power in 2018?", "In 2018 the Kesanga ministry counted"),
        (COUNTED, "What share of primary schools had power?", ""),
        (CENSUS, "What share of schools in Kesanga had power?", ""),  # its section says so
        (HARVEST, "2023年平川省早稻收了多少？", "2023年平川省粮食总产量达到"),
    ],
)
def test_the_line_that_names_the_place_is_told_to_the_reader(text: str, question: str, above: str) -> None:
    passage = last_passage(text)
    assert said_above(question, passage).strip() == above
    assert above in windows(passage)[0].as_read(above).context


SOUTHMERE = (
    "Southmere Council\n\nSouthmere Council serves Southmere and the villages that look to Southmere.\n\n"
    "Southmere elects 41 councillors.\n\nEmptying the bins cost 2.3 million pounds.\n"
)


def test_a_passage_need_not_repeat_the_name(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    (tmp_path / "a.txt").write_text(SOUTHMERE, encoding="utf-8")
    build_index(tmp_path / "a.txt", tmp_path / "index", encoder=fake_encoder)
    assistant = Assistant.open(tmp_path / "index", encoder=fake_encoder)
    found = assistant.retrieve("What did emptying the bins cost Southmere Council in Southmere?", k=4)
    assert found[0].text == "Emptying the bins cost 2.3 million pounds."
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "question", "figure"),
    [
        (COLLEGE, "How many students does Merriton College have at its newer campus?", "745"),
        (COLLEGE, "When did the newer campus of Merriton College open?", "2011"),
        (BULLETIN, "云岭铁路局2022年亏了多少钱？", "3.2亿元"),
    ],
)
def test_a_figure_is_found_though_its_paragraph_does_not_say_whose(
    tmp_path: Path, text: str, question: str, figure: str
) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    encoder = load_encoder()
    build_index(tmp_path / "a.txt", tmp_path / "index", encoder=encoder)
    answer = Assistant.open(tmp_path / "index", encoder=encoder).ask(question)
    assert (answer.verdict, [f.text for f in answer.figures]) == ("stated", [figure])


def is_of_another_year(told: SlottedPassage, figure: str, question: str) -> bool:
    """Whether the year of a question rules a figure out."""
    slot = next(s for s in told.slots if s.figure and s.figure.text == figure)
    asked = YearAsked(question)
    contradicted = speaks_of_other_year(understand(question), told, asked) and not asked.may_be_of(told, slot)
    return contradicted or asked.is_other(told, slot)


SHOPS = "门店经营状况调查\n\n《2023年度调查报告》于4月发布。\n\n平均客单价由2022年的28.4元降至23.6元。\n"


@pytest.mark.parametrize(
    ("text", "year", "other"),
    [(SHOPS, "2023", False), (SHOPS, "2021", True), (SHOPS.replace("2023年度", ""), "2023", True)],
    ids=["the year of the head", "another year", "no year in the head"],
)
def test_what_a_figure_of_the_year_before_came_to_is_of_the_heads_year(text: str, year: str, other: bool) -> None:
    assert is_of_another_year(last_passage(text), "23.6元", f"{year}年的客单价是多少钱？") is other


EARLY_RICE = HARVEST.replace("早稻收获112万吨。", "早稻收获112万吨，种植面积比2021年扩大，2025年的目标是130万吨。")


@pytest.mark.parametrize(
    ("text", "year", "other"),
    [
        (EARLY_RICE, "2023", False),
        (EARLY_RICE, "2024", True),
        (EARLY_RICE.replace("获悉，", "获悉（2024年1月5日），"), "2024", True),
    ],
    ids=["the year it opens with", "another", "the year of a date"],
)
def test_a_figure_without_a_year_is_of_the_year_the_report_opens_with(text: str, year: str, other: bool) -> None:
    assert is_of_another_year(last_passage(text), "112万吨", f"{year}年早稻收获多少吨？") is other
