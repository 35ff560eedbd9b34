"""Questions for several quantities are split where grammar says so, and stay whole where a sum may be asked for."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import build_index
from qa.assistant import Assistant
from qa.coordination import MAX_PARTS, parts, perhaps_parts
from qa.messages import say


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("农村居民的人均收入和人均支出分别是多少？", ("农村居民的人均收入是多少？", "农村居民的人均支出是多少？")),
        ("城鎮和農村的恩格爾係數各是多少？", ("城鎮的恩格爾係數是多少？", "農村的恩格爾係數是多少？")),
        ("城镇、农村居民人均收入分别为多少", ("城镇居民人均收入为多少", "农村居民人均收入为多少")),
        ("网民规模和互联网普及率是多少", ("网民规模是多少", "互联网普及率是多少")),
        ("登记失业率和调查失业率", ("登记失业率", "调查失业率")),
        ("出口额和进口额增速各是多少", ("出口额增速是多少", "进口额增速是多少")),
        ("2020年和2021年的产量分别是多少？", ("2020年的产量是多少？", "2021年的产量是多少？")),
        ("男、女平均寿命分别是多少？", ("男平均寿命是多少？", "女平均寿命是多少？")),
        ("本地网和Uber各抽几成", ("本地网抽几成", "Uber抽几成")),
        ("呼和浩特和包头的人口分别是多少", ("呼和浩特的人口是多少", "包头的人口是多少")),
        (
            "东部、中部、西部和东北地区分别增长多少",
            ("东部地区增长多少", "中部地区增长多少", "西部地区增长多少", "东北地区增长多少"),
        ),
        ("卫生和教育支出占比各多少", ("卫生支出占比多少", "教育支出占比多少")),
        ("教育支出和医疗和卫生支出分别是多少", ("教育支出是多少", "医疗和卫生支出是多少")),
        ("出口额及其增速各是多少", ("出口额是多少", "出口额增速是多少")),
        ("出口额、进口额，还有教育支出各多少", ("出口额多少", "进口额多少", "教育支出多少")),
        ("GDP和CPI各是多少", ("GDP是多少", "CPI是多少")),
        ("Uber和Lyft营收分别是多少", ("Uber营收是多少", "Lyft营收是多少")),
        ("一季度与上半年营业收入各多少", ("一季度营业收入多少", "上半年营业收入多少")),
        ("2019年度和2020年度营业收入各多少", ("2019年度营业收入多少", "2020年度营业收入多少")),
        ("澜和市的城镇人口和乡村人口各多少", ("澜和市的城镇人口多少", "澜和市的乡村人口多少")),
        ("常住人口、出口额和进口额各多少", ("常住人口多少", "出口额多少", "进口额多少")),
        ("GDP、出口额和进口额分别是多少", ("GDP是多少", "出口额是多少", "进口额是多少")),
        ("流动比率和速动比率分别是多少", ("流动比率是多少", "速动比率是多少")),
        ("出口额和进口额比上年分别增长多少", ("出口额比上年增长多少", "进口额比上年增长多少")),
        ("2021年澜和市的城镇人口和乡村人口各多少", ("2021年澜和市的城镇人口多少", "2021年澜和市的乡村人口多少")),
        ("男女人口分別是多少", ("男性人口是多少", "女性人口是多少")),
        ("城乡居民医保参保人数和职工医保参保人数分别是多少", ("城乡居民医保参保人数是多少", "职工医保参保人数是多少")),
        ("省专项资金和市县配套资金分别增长多少", ("省专项资金增长多少", "市县配套资金增长多少")),
        ("甲县的雹灾损失率和乙县的损失率各是多少", ("甲县的雹灾损失率是多少", "乙县的损失率是多少")),
        (
            "提琴、鋼琴和吉他占營收的比重各是多少",
            ("提琴占營收的比重是多少", "鋼琴占營收的比重是多少", "吉他占營收的比重是多少"),
        ),
        ("男女人口分别是多少", ("男性人口是多少", "女性人口是多少")),
        ("出口额和进口额是多少，顺差是多少", ("出口额是多少", "进口额是多少", "顺差是多少")),
        ("出口额是多少？进口额呢？", ("出口额是多少", "进口额呢")),
        ("发电量有多少，增长了多少？", ("发电量有多少", "增长了多少")),
        ("地铁车站有多少座，运营里程多长？", ("地铁车站有多少座", "运营里程多长")),
        ("增长多少、占比多少", ("增长多少", "占比多少")),
        ("How many schools opened, and what share is rural?", ("How many schools opened?", "what share is rural?")),
        ("What is the gearing? And what is the debt?", ("What is the gearing?", "what is the debt?")),
        ("What is revenue and what is profit?", ("What is revenue?", "what is profit?")),
        ("How many were opened, how many were closed?", ("How many were opened?", "how many were closed?")),
        ("What was unemployment in 2033? And in 2034?", ("What was unemployment in 2033?", "And in 2034?")),
        ("What were revenue and the number of patents?", ("What was revenue?", "What was the number of patents?")),
        (
            "What were the number of buses and operating revenue?",
            ("What was the number of buses?", "What was the operating revenue?"),
        ),
        ("What were the births and the deaths?", ("What were the births?", "What were the deaths?")),
        (
            "What are the area and population of the county?",
            ("What is the area of the county?", "What is the population of the county?"),
        ),
        (
            "What were capital expenditure and free cash flow?",
            ("What was capital expenditure?", "What was free cash flow?"),
        ),
        (
            "How high were the employment rate and the participation rate?",
            ("How high was the employment rate?", "How high was the participation rate?"),
        ),
        (
            "What was the rate in urban and in rural areas?",
            ("What was the rate in urban areas?", "What was the rate in rural areas?"),
        ),
        (
            "How much do wind and solar each contribute?",
            ("How much do wind contribute?", "How much do solar contribute?"),  # only the reader sees them
        ),
        (
            "What percentages of plotholders were women and men?",
            ("What percentages of plotholders were women?", "What percentages of plotholders were men?"),
        ),
        (
            "What were the shares of women and men among plotholders?",
            ("What were the shares of women among plotholders?", "What were the shares of men among plotholders?"),
        ),
        ("What were revenue and operating profit?", ("What was revenue?", "What was operating profit?")),
        (
            "What are the urban and rural incomes in Norland?",
            ("What are the urban incomes in Norland?", "What are the rural incomes in Norland?"),
        ),
        (
            "What was the rate in Norland and Eastland respectively?",
            ("What was the rate in Norland?", "What was the rate in Eastland?"),
        ),
        (
            "What were the shares of wind, solar and hydro in 2023, respectively?",
            tuple(f"What were the shares of {source} in 2023?" for source in ("wind", "solar", "hydro")),
        ),
    ],
)
def test_several_quantities(question: str, expected: tuple[str, ...]) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "北京和上海有多少家企业？",
        "中国和美国的贸易额是多少？",
        "收入和支出共多少？",
        "城里和乡下的普及率差多少？",
        "乡镇和县城市场的渗透率",
        "六十岁及以上老人分别占多少？",
        "产业占GDP多少，而不是占投资多少",
        "收入和支出的差额是多少？",
        "互联网普及率是多少？",
        "2020年，出口额是多少？",
        "收入与支出比率",
        "出口额和去年比增速是多少",
        "What is the difference between exports and imports?",
        "What was the increase in wages and prices?",
        "What were the number of routes and stops?",
        "When someone gives by card, how much is it on average?",
        "How big was the December payment to teachers and nurses?",
        "Taxes and fees paid to host governments",
        "How many workers were hired and trained each year?",
        "What were the populations of Trinidad and Tobago?",
        "What were property, plant and equipment?",
        "What were cash and cash equivalents?",
        "What were profits before and after tax?",
        "What were exports of goods and services?",
        "How many live in towns and in villages?",
        "What was revenue? And thanks!",
        "过去几年，出口额增长了多少？",
        "How many men and women work in tourism?",
        "What was research and development spending?",
    ],
)
def test_what_may_be_one_quantity(question: str) -> None:
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many cows and sheep were kept?", ("How many cows were kept?", "How many sheep were kept?")),
        ("Cows, sheep and pigs kept?", ("Cows kept?", "sheep kept?", "pigs kept?")),
        ("男女职工有多少人？", ("男性职工有多少人？", "女性职工有多少人？")),
        ("When did it open and close?", ("When did it open?", "When did it close?")),
        ("编制床位和开放床位有多少张？", ("编制床位有多少张？", "开放床位有多少张？")),
        ("小麦和玉米的播种面积多大？", ("小麦的播种面积多大？", "玉米的播种面积多大？")),
        ("How many cows and sheep were there altogether?", ()),
        ("猪和羊一共有多少头？", ()),
        ("How many people live there?", ()),
    ],
)
def test_what_may_be_asked_of_each(question: str, expected: tuple[str, ...]) -> None:
    assert next(iter(perhaps_parts(question)), ()) == expected


@given(st.text(st.sampled_from("甲乙和与、的分别各是多少率额？，2年 andwhtof?")), st.text())
def test_any_text_has_parts(near: str, far: str) -> None:
    for text in (near, far):
        found = parts(text)
        assert 1 <= len(found) <= MAX_PARTS
        assert len(set(found)) == len(found)
        assert found == (text,) or all(part.strip() for part in found)


REPORT = """宁川市2031年统计公报

全年出口额543.2亿元，增长8.1%；进口额亿元，下降。年末城镇登记失业率3.2%，城镇调查失业率平均为5.1%。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("several")
    (folder / "report.txt").write_text(REPORT, encoding="utf-8")
    build_index(folder / "report.txt", folder / "index")
    return Assistant.open(folder / "index")


def test_each_part_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("登记失业率和调查失业率各是多少？")
    assert (answer.verdict, [f.text for f in answer.figures]) == ("stated", ["3.2%", "5.1%"])
    assert answer.message == say("stated_parts", "zh-hans")


def test_the_message_is_in_the_script_of_the_question(assistant: Assistant) -> None:
    answer = assistant.ask("登记失业率和調查失業率各是多少？")  # the first part looks simplified
    assert answer.message == say("stated_parts", "zh-hant")


def test_one_part_stated_and_the_other_omitted(assistant: Assistant) -> None:
    answer = assistant.ask("出口额和进口额是多少？")
    assert [f.text for f in answer.figures] == ["543.2亿元"]
    assert [gap.at for gap in answer.gaps] == [REPORT.index("进口额") + 3]
    assert answer.message == say("stated_and_omitted", "zh-hans")


def test_what_two_parts_say_is_marked_once_and_in_their_order(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = ("登记失业率是多少？", "出口额是多少？", "城镇登记失业率是多少？")
    monkeypatch.setattr("qa.assistant.parts", lambda text: split)
    assert [f.text for f in assistant.ask("失业率？").figures] == ["3.2%", "543.2亿元"]


def test_two_questions_for_words_are_both_answered(assistant: Assistant) -> None:
    answer = assistant.ask("How did exports develop? How is unemployment counted?")
    assert len(answer.debug["parts"]) == 2


@pytest.mark.parametrize(
    "split", [("平均气温是多少？", "地铁里程是多少？"), ("登记失业率是多少？", "城镇登记失业率是多少？")]
)
def test_what_was_split_in_vain_is_asked_whole(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, split: tuple[str, str]
) -> None:
    monkeypatch.setattr("qa.assistant.parts", lambda text: split)
    assert [f.text for f in assistant.ask("出口额是多少？").figures] == ["543.2亿元"]


FARMS = """Farm survey 2031

Farmers kept 412,000 cows and 1,260,000 sheep. Pigs and goats together numbered 92,000.

The whale in the museum is 21 metres long and weighs 6.4 tonnes.
"""


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("How many cows and sheep were kept?", ["412,000", "1,260,000"]),
        ("How many pigs and goats were there?", ["92,000"]),
        ("How long and how heavy is the whale?", ["21 metres", "6.4 tonnes"]),
    ],
)
def test_the_report_tells_whether_each_is_asked_of(tmp_path: Path, question: str, figures: list[str]) -> None:
    (tmp_path / "report.txt").write_text(FARMS, encoding="utf-8")
    build_index(tmp_path / "report.txt", tmp_path / "index")
    assert [f.text for f in Assistant.open(tmp_path / "index").ask(question).figures] == figures


COUNTY = """平川县2031年统计公报

全年粮食总产量52.3万吨。年末生猪存栏38.6万头。全县共有冷库145座，冷链车辆保有量620辆。全年安排财政资金2.8亿元。

城镇居民人均可支配收入41200元，农村居民人均可支配收入21800元。全年生产帐篷92万顶、睡袋61万个。

The network had 94 routes. Wage costs were 38.1 million pounds.
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> list[Assistant]:
    folder = tmp_path_factory.mktemp("county")
    assistants = []
    for name, text in (("whole", COUNTY), ("stripped", re.sub(r"\d", "", COUNTY))):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        build_index(folder / f"{name}.txt", folder / name)
        assistants.append(Assistant.open(folder / name))
    return assistants


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("冷库和粮食总产量各是多少？", ["145座", "52.3万吨"]),
        ("生猪存栏和城镇居民收入各是多少？", ["38.6万头", "41200元"]),
        ("财政资金和冷链车辆保有量各是多少？", ["2.8亿元", "620辆"]),
        ("城镇、农村居民收入各是多少？", ["41200元", "21800元"]),
        ("帐篷和睡袋各生产了多少？", ["92万顶", "61万个"]),
        ("帐篷和手套各生产了多少？", ["92万顶"]),
        ("冷库和外贸出口额各是多少？", ["145座"]),
        ("What were the number of routes and wage costs respectively?", ["94", "38.1 million pounds"]),
    ],
)
def test_what_is_asked_of_each_is_told_of_each(county: list[Assistant], question: str, figures: list[str]) -> None:
    whole, stripped = (assistant.ask(question) for assistant in county)
    assert [f.text for f in whole.figures] == figures
    assert (len(stripped.gaps), stripped.figures) == (len(figures), ())
    for answer in (whole, stripped):
        assert [p["verdict"] == "not_found" for p in answer.debug["parts"]] == [False] * len(figures) + [True] * (
            2 - len(figures)
        )
