"""What a question asks for. Rows marked * were written after the rules; none is from a development question set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QuestionError
from qa.questions import (
    ANY,
    COUNT,
    DATE,
    MAX_QUESTION,
    MONEY,
    NOTHING,
    RANK,
    SHARE,
    check_question,
    language_of,
    understand,
    when_asked,
)

ROWS = [
    # question, whether a figure is asked for, kinds that must be among those that answer
    ("全年粮食产量是多少？", True, COUNT),
    ("新能源汽车卖了多少辆？", True, COUNT),
    ("有几家企业参加了试点？", True, COUNT),
    ("女性员工占多少？", True, SHARE),
    ("森林覆盖率多高？", True, SHARE),
    ("出口占总额的百分之几？", True, SHARE),
    ("有几成居民愿意购房？", True, SHARE),
    ("城镇登记失业率", True, SHARE),
    ("常住人口总数", True, COUNT),
    ("该市在全国排第几？", True, RANK),
    ("排名是多少？", True, RANK),
    ("产量连续几年位居全省首位？", True, {"duration"}),  # *
    ("How many years has the port ranked first?", True, {"duration"}),  # *
    ("该城在哪一个世纪成为都城？", True, DATE),  # *
    ("地热的想法可以追溯到什么年代？", True, DATE),  # *
    ("条约在几月几日签订？", True, DATE),  # *
    ("他于五月几日出生？", True, DATE),  # *
    ("西元幾年後成為首都？", True, DATE),  # *
    ("他们多久以前就住在那里了？", True, DATE | {"duration"}),  # *
    ("前几年的年薪有多少？", True, MONEY),  # *
    ("军队进占东北，掠夺的资源达多少美元？", True, MONEY),  # *
    ("日占时期，图书馆剩下多少册书？", True, COUNT),  # *
    ("到2030年碳排放要降多少？", True, SHARE),  # *
    ("单看六月，零售额增长几个点？", True, {"points"}),  # *
    ("金首饰价格涨了多少？", True, SHARE | MONEY),  # *
    ("一天睡几个钟头？", True, {"duration"}),  # *
    ("How old was Nadia when she lost her father?", True, {"age"}),  # *
    ("When the cable snapped, how far did the car roll?", True, {"measure"}),  # *
    ("Success rate when companies settle disputes themselves", True, SHARE),  # *
    ("The bridge at Orle: when was it opened?", True, DATE),  # *
    ("How steep was the increase in the cost of living?", True, SHARE),  # *
    ("How many kilometres of shore has the island?", True, {"measure"}),  # *
    ("central government's share of the road money, in yuan", True, MONEY),  # *
    ("By how much did the number of pupils grow?", True, SHARE),  # *
    ("Imports from Corvane came to what?", True, MONEY),  # *
    ("汇率是多少", True, MONEY),  # *
    ("电站的功率是多少", True, {"measure"}),  # *
    ("票价的降幅有多大", True, MONEY),  # *
    ("这座城市占地多少公顷", True, {"measure"}),  # *
    ("机场几年启用？", True, DATE),  # *
    ("第几届、哪一届规模最大", True, RANK),  # *
    ("他在大赛中位列几名", True, RANK),  # *
    ("谁跑了几秒", True, {"duration"}),  # *
    ("哪个财年亏损最大", True, DATE),  # *
    ("How many dollars did it cost?", True, MONEY),  # *
    ("How many per cent did it fall?", True, SHARE),  # *
    ("share of users who report fake news", True, SHARE),  # *
    ("Number of people who signed", True, COUNT),  # *
    ("总磷降到什么水平了？", True, {"measure"}),  # *
    ("Where and when was he born?", True, DATE),  # *
    ("Do you know when it opened?", True, DATE),  # *
    ("The tunnel is how long?", True, {"measure"}),  # *
    ("哪个年级的学生参加", False, NOTHING),  # *
    ("哪个天文台发现的", False, NOTHING),  # *
    ("What weight had the designers planned for the empty ship?", True, {"measure"}),  # *
    ("What were the running costs supposed to be?", True, MONEY),  # *
    ("What distance separates the two shores?", True, {"measure"}),  # *
    ("排名上升了几位？", True, RANK),  # *
    ("增速排名第一的城市，增速多少？", True, SHARE),  # *
    ("How deep is the sea at her final position?", True, {"measure"}),  # *
    ("Share of graduates, as a rate", True, SHARE),
    ("How many women work, as a rate?", True, SHARE),  # *
    ("How many points did the margin lose?", True, {"points"}),  # *
    ("How far below the peak was the number of journeys?", True, SHARE),  # *
    ("How fast was the cost of living climbing?", True, SHARE),  # *
    ("央行降息多少个基点？", True, {"points"}),  # *
    ("办一本护照要几个工作日？", True, {"duration"}),  # *
    ("人均培训多少学时", True, {"duration"}),  # *
    ("税收占了多少亿？", True, MONEY),  # *
    ("上映那几天的好评率有多低？", True, {"percent"}),  # *
    ("这里的人能活多久？", True, {"age"}),  # *
    ("公司哪一年上市？", True, DATE),
    ("会议几点开始？", True, DATE),
    ("How many basis points did the cost of debt rise?", True, {"points"}),
    ("What is the average cost of borrowing?", True, {"percent"}),
    ("旅客周转量是多少人公里？", True, {"measure"}),
    ("每股派息多少港仙？", True, MONEY),
    ("何时通车？", True, DATE),
    ("这种记数法起源于几世纪？", True, DATE),
    ("校园占地面积多少？", True, {"measure"}),
    ("How long is the new bridge?", True, {"measure", "duration"}),
    ("项目将于几年内完成？", True, {"duration"}),
    ("這座燈塔於西元幾年的時候完工?", True, DATE),
    ("该校创立于几年？", True, DATE),
    ("人均可支配收入是多少元？", True, MONEY),
    ("失业率有没有超过5%？", True, SHARE),
    ("人口是14亿吗？", True, COUNT),
    ("發電量有多大？", True, COUNT),
    ("How many schools were built?", True, COUNT),
    ("What share of households own a car?", True, SHARE),
    ("When was the bridge opened?", True, DATE),
    ("How much did revenue grow?", True, SHARE),
    ("Did inflation exceed 3%?", True, SHARE),
    ("unemployment rate", True, SHARE),
    ("What is the total for the whole year?", True, COUNT),
    ("Growth of wholesale prices", True, SHARE),
    ("What did the new bridge cost?", True, MONEY),
    ("What does a family spend on rent?", True, MONEY),
    ("What did the minister say about the bridge?", False, NOTHING),
    ("What does the committee recommend?", False, NOTHING),
    ("哪些城市参加了试点？", False, NOTHING),
    ("谁主持了会议？", False, NOTHING),
    ("为什么产量下降？", False, NOTHING),
    ("政策有什么影响？", False, NOTHING),
    ("如何申请补贴？", False, NOTHING),
    ("介绍一下项目", False, NOTHING),
    ("公司总部在哪里？", False, NOTHING),
    ("这几年有什么变化？", False, NOTHING),
    ("是否支持异地办理？", False, NOTHING),
    ("Who chaired the meeting?", False, NOTHING),
    ("Why did exports fall?", False, NOTHING),
    ("How does the scheme work?", False, NOTHING),
    ("What role do banks play?", False, NOTHING),
]


@pytest.mark.parametrize(("question", "asks", "kinds"), ROWS, ids=[r[0] for r in ROWS])
def test_understands(question: str, asks: bool, kinds: frozenset[str]) -> None:
    understood = understand(question)
    assert understood.asks_figure == asks, understood
    assert kinds <= understood.kinds or kinds & understood.kinds, understood


@pytest.mark.parametrize(
    "question",
    [
        "How old was Nadia when she lost her father?",
        "When the cable snapped, how far did the car roll?",
        "Success rate when companies settle disputes themselves",
        "前几年的年薪有多少？",
        "几年来共投入多少钱？",
        "When the war ended, what share of homes was destroyed?",
    ],
)
def test_a_time_beside_is_not_asked_for(question: str) -> None:
    kinds = understand(question).kinds
    assert "date" not in kinds
    assert kinds - {"duration", "count"}


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("排名第一的企业营收是多少？", MONEY),
        ("How tall is the building ranked second?", {"measure"}),
        ("比例最高的城市有多少人？", COUNT),
        ("How many people live in the county with the highest poverty rate?", COUNT),
    ],
)
def test_what_only_tells_which_is_meant_is_not_asked_for(question: str, kinds: frozenset[str]) -> None:
    understood = understand(question).kinds
    assert kinds & understood
    assert understood != RANK
    assert understood != SHARE


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("网民规模是多少？", "zh-hans"),
        ("網民規模是多少？", "zh-hant"),
        ("How many users?", "en"),
        ("GDP是多少", "zh-hans"),
    ],
)
def test_language(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    "question", ["", "  \n", "？？？", "。", "\u200b", "多" * (MAX_QUESTION + 1), "网民\0", "a\ud800"]
)
def test_no_question_is_one_clear_line(question: str) -> None:
    with pytest.raises(QuestionError) as error:
        check_question(question)
    assert "\n" not in str(error.value)


@given(st.text(min_size=1, max_size=MAX_QUESTION))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        question = check_question(text)
    except QuestionError:
        return
    assert understand(question).language in ("zh-hans", "zh-hant", "en")


def test_what_was_learned_overrules_a_rule_that_sees_no_figure() -> None:
    question = understand("How did exports change year on year, in percent?")
    assert (question.kinds, question.rule, question.sure) == (ANY, "learned", False)
    assert not understand("总结各项收入").asks_figure
    assert not understand("Describe total spending in 2023").asks_figure


@pytest.mark.parametrize(
    ("question", "paid"),
    [
        ("这家厂的營收是多少？", True),
        ("净利润达到多少", True),
        ("What was net profit in 2031?", True),
        ("营业收入增长多少？", False),
        ("平均融资成本是多少？", False),
        ("What was the change in revenue?", False),
    ],
)
def test_an_amount_of_money_is_no_number_of_people(question: str, paid: bool) -> None:
    assert ("count" not in understand(question).kinds) == paid


@pytest.mark.parametrize(
    ("question", "opened"),
    [
        ("大桥是2016年通车的吗？", "大桥是什么时候通车的？"),
        ("泳池5月1日开放了吗？", "泳池是什么时候开放的？"),
        ("Did the pool open on 1 May 2022?", "When did the pool open?"),
        ("Was the trust founded in 1992?", "When was the trust founded?"),
    ],
)
def test_whether_it_was_at_a_date_asks_when(question: str, opened: str) -> None:
    asked = when_asked(understand(question))
    assert (asked.text, asked.kinds, asked.yes_no) == (opened, DATE, True)


@pytest.mark.parametrize(
    "question", ["2020年网民增长了吗？", "2020年网民超过8亿了吗？", "Did prices rise in 2020?", "大桥是何时通车的？"]
)
def test_a_date_that_bounds_the_question_stays(question: str) -> None:
    assert when_asked(understand(question)) == understand(question)


@pytest.mark.parametrize(
    ("question", "asks_age"),
    [
        ("How old is the youngest volunteer?", True),
        ("她去世时多少岁？", True),
        ("有百分之几的老人说不清自己多少岁开始领养老金？", False),
        ("清楚自己多少岁退休的受访者占多少？", False),
        ("How much did the survey of how old boilers are cost?", False),
        ("三十几岁的网民占比", False),
    ],
)
def test_an_age_is_asked_for_only_in_the_main_clause(question: str, asks_age: bool) -> None:
    assert (understand(question).rule == "asks_for_age") is asks_age
