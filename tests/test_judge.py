"""The judge with a scripted reader: which slot answers is given, what follows from it is decided here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.datamodels import BlockKind, Chunk
from qa.abbreviations import declared_in, spelled_out, with_full_names
from qa.ages import ages_in
from qa.evidence import (
    EVIDENCE,
    Read,
    chances,
    coverage,
    evidence,
    names_other_number,
    slot_kinds,
    speaks_of_other_year,
    weights,
)
from qa.judge import Decision, decide, explain, open_up, read_passages, within_document
from qa.questions import understand
from qa.reading import Reading, Window
from qa.retriever import Near
from qa.slots import SlottedPassage, slotted, windows, years_in, years_of_document, years_spoken_of
from qa.year_beside import YearAsked, as_last_year, has_lost_its_year


class Scripted:
    """Gives the slot after each of ``cues`` its probability, and every window ``answerable``."""

    def __init__(self, cues: dict[str, float], answerable: float = 0.9) -> None:
        self.cues, self.answerable = cues, answerable

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        return [self._read(window) for window in windows]

    def _read(self, window: Window) -> Reading:
        before = [window.text[:start] for start, _ in window.slots]
        slots = tuple(max((p for cue, p in self.cues.items() if b.endswith(cue)), default=0.0) for b in before)
        return Reading(self.answerable, slots, None)


def passage(text: str, title: str = "", name: str = "d.txt") -> SlottedPassage:
    document = f"{title}\n{text}" if title else text
    start = len(document) - len(text)
    return slotted(Chunk(name, "paragraph", None, 2, start, len(document), text), document)


def judged(question: str, texts: list[str], cues: dict[str, float], answerable: float = 0.9) -> Decision:
    passages = [passage(text, name=f"{i}.txt") for i, text in enumerate(texts)]
    return decide(understand(question), read_passages(question, passages, Scripted(cues, answerable)))


def figures(decision: Decision) -> list[str]:
    return [c.slot.figure.text for c in decision.candidates if c.slot.figure]


POWER = "全年发电量达9.2万亿千瓦时，比上年增长3.6%。风电装机容量为亿千瓦，占全部装机的。"


def test_a_figure_is_stated_a_hole_omitted_and_nothing_not_found() -> None:
    stated = judged("发电量是多少？", [POWER], {"发电量达": 0.9})
    assert stated.verdict == "stated"
    assert figures(stated) == ["9.2万亿千瓦时"]
    omitted = judged("风电装机容量是多少？", [POWER], {"装机容量为": 0.9})
    assert omitted.verdict == "omitted"
    assert [c.slot.start for c in omitted.candidates] == [POWER.index("亿千瓦，")]
    assert judged("核电装机容量是多少？", [POWER], {}).verdict == "not_found"


def least(question: str, cue: str) -> float:
    """Return the least of the reader's probabilities, on a grid, at which the slot after ``cue`` answers."""
    grid = (10 ** (-step / 20) for step in range(80, 0, -1))
    return next(p for p in grid if judged(question, [POWER], {cue: p}).verdict != "not_found")


def test_a_slot_whose_sentence_is_far_from_the_question_is_less_likely() -> None:
    question, own = "发电量是多少？", passage(POWER)
    (first, last), (begin, end) = own.sentences

    def likely(similarities: tuple[float, float]) -> float:
        near = [[Near(first, last, similarities[0]), Near(begin, end, similarities[1])]]
        read = read_passages(question, [own], Scripted({"发电量达": 0.6}), near)
        assert [len(r.behind) for r in read] == [len(r.window.slots) for r in read]
        return max(max(slots) for slots in chances(understand(question), read))

    assert likely((0.9, 0.8)) > likely((0.9, 0.9)) - 1e-6 > likely((0.8, 0.9)) > likely((0.7, 0.9))


def test_a_wrong_figure_costs_more_than_a_hole() -> None:
    assert least("风电装机容量是多少？", "装机容量为") < least("发电量是多少？", "发电量达") < 0.9


def read_one(question: str, text: str, probability: float, title: str = "") -> list[Read]:
    return read_passages(question, [passage(text, title)], Scripted({"": probability}))


def chance(question: str, text: str, probability: float = 0.7, title: str = "") -> float:
    read = read_one(question, text, probability, title)
    return max(max(own) for own in chances(understand(question), read))


def test_evidence_has_a_row_for_each_slot_and_a_weight_for_each_column() -> None:
    read = read_one("发电量是多少？", POWER, 0.2)
    (rows,) = evidence(understand("发电量是多少？"), read)
    assert rows.shape == (len(read[0].window.slots), len(EVIDENCE))
    assert weights().shape == (len(EVIDENCE),)
    assert len(set(EVIDENCE)) == len(EVIDENCE)
    assert (rows[:, EVIDENCE.index("a gap")] == [s.gap is not None for s in read[0].window.slots]).all()


def test_what_speaks_against_a_slot_lowers_its_chance() -> None:
    text, question = "出口额为3亿元。", "出口额是多少？"
    plain = chance(question, text)
    assert chance(question, text, 0.9) > plain > chance(question, text, 0.4)
    assert chance("2018年出口额是多少？", text, title="云河市2022年统计公报") < plain
    assert chance("出口额占百分之几？", text) < plain
    assert chance("黑头海蛇的体长是多少？", text) < plain


def test_the_kind_asked_for_outweighs_a_likelier_slot_of_another() -> None:
    decision = judged("发电量增长了百分之几？", [POWER], {"发电量达": 0.7, "增长": 0.25}, answerable=0.95)
    assert figures(decision) == ["3.6%"]


def test_what_the_question_names_is_not_what_it_asks() -> None:
    decision = judged(
        "产量连续几年居全国第一？", ["产量连续九年居全国第一。"], {"全国": 0.9, "产量": 0.6}, answerable=0.9
    )
    assert figures(decision) == ["连续九年"]


def test_two_figures_for_one_quantity_are_both_there() -> None:
    decision = judged("发电量是多少？", ["发电量为9万亿千瓦时。", "发电量为8万亿千瓦时。"], {"发电量为": 0.9})
    assert decision.verdict == "stated"
    assert len(decision.candidates) == 2


def test_a_share_does_not_stand_in_for_a_missing_amount() -> None:
    texts = ["网络支付用户规模达亿，增长较快。", "网络支付使用率近九成，全球领先。"]
    assert judged("网络支付用户规模有多大？", texts, {"规模达": 0.95, "使用率": 0.94}).verdict == "omitted"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("全市人口是500万吗？", "全市人口是多少？"),
        ("覆盖率有没有超过百分之七十？", "覆盖率是多少？"),
        ("产量是否达到了3万吨？", "产量是多少？"),
        ("人口真的超过了500万吗？", "人口是多少？"),
        ("出口额突破3万亿元大关了吗", "出口额是多少？"),
        ("增幅在5%以上吗", "增幅是多少？"),
        ("网民已经有9亿了吧？", "网民是多少？"),
        ("存在100个问题吗", "存在100个问题吗"),
        ("公司是2015年成立的吗？", "公司是2015年成立的吗？"),
        ("是否支持异地办理？", "是否支持异地办理？"),
        ("人口是多少？", "人口是多少？"),
    ],
)
def test_open_up(question: str, expected: str) -> None:
    assert open_up(question) == expected


def chances_where(told: SlottedPassage, question: str, pointed: tuple[float, ...]) -> list[float]:
    """Return the chances of a passage's slots where the reader gives them these probabilities."""
    (window,) = windows(told)
    return chances(understand(question), [Read(window, Reading(0.9, pointed, None), 0, 1.0)])[0]


def likeliest(told: SlottedPassage, question: str, points: Callable[[str | None], float]) -> str | None:
    """Return the likeliest figure of a passage where the reader gives each the probability that ``points`` returns."""
    figures = [slot.figure and slot.figure.text for slot in told.slots]
    chance = dict(zip(figures, chances_where(told, question, tuple(map(points, figures))), strict=True))
    return max(chance, key=lambda figure: chance[figure])


def test_abbreviations_are_spelled_out_where_the_text_does_not_use_them() -> None:
    assert spelled_out("GDP和CPI是多少") == "生产总值和居民消费价格是多少"
    assert spelled_out("GDP和CPI是多少", "全年CPI上涨") == "生产总值和CPI是多少"
    assert spelled_out("What was GDP?") == "What was gross domestic product?"
    assert with_full_names("归母净利润") == "归母净利润 归属于股东的"
    assert with_full_names("出口额") == "出口额"
    assert spelled_out("三产占GDP比重、归母净利润") == "第三产业占生产总值比重、归属于股东的净利润"


@pytest.mark.parametrize(
    ("question", "text", "posed"),
    [
        ("basic EPS", "Basic earnings per share were 31p.", "basic earnings per share"),
        ("earnings per share", "EPS was 31p.", "EPS"),
        ("CPI inflation", "Consumer prices rose 3%.", "Consumer prices"),
        (
            "SMEs' share of jobs",
            "Small and medium-sized businesses employ 61%.",
            "Small and medium-sized businesses' share of jobs",
        ),
        ("What is the NPS?", "A net promoter score of 31.", "What is the net promoter score?"),
        ("net promoter score", "The NPS is 31.", "NPS"),
        ("How many who smoke?", "World Health Organization", "How many who smoke?"),
        ("wage inflation", "Consumer prices rose.", "wage inflation"),
        ("staff costs", "Employees: 5.", "staff costs"),
        ("net profit", "Net income was $3 million.", "Net income"),
        ("inflation rate", "Consumer prices rose 3%.", "Consumer prices rate"),
        ("inflation rate", "Prices rose 3%.", "inflation rate"),
        ("turnover", "Revenue was $3 million.", "Revenue"),
        ("staff turnover rate", "Revenue and employees.", "staff turnover rate"),
        ("人均收入", "居民人均可支配收入3万元。", "人均可支配收入"),
        ("经济总量", "全省GDP3万亿元。", "GDP"),
        ("经济总量", "全省人口3万。", "经济总量"),
        ("月活是多少", "月活跃用户3亿。", "月活跃用户是多少"),
        ("居民消费价格涨幅", "全年CPI上涨2%。", "CPI涨幅"),
        ("每股收益", "每股盈餘3.1元。", "每股盈餘"),
    ],
)
def test_an_abbreviation_is_put_as_the_text_has_it(question: str, text: str, posed: str) -> None:
    assert (
        spelled_out(
            question, text, declared_in(["It keeps a net promoter score (NPS).", "World Health Organization (WHO)"])
        )
        == posed
    )


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("the Office for National Statistics (ONS) said", ["Office for National Statistics"]),
        ("average length of stay (“ALOS”)", ["average length of stay"]),
        ("Ltd. said the Low-Emission Zone (LEZ) pays", ["Low-Emission Zone"]),
        ("rose by percentage points (pp), millions of dollars (USD)", []),
        ("网民规模（Internet users）", []),
    ],
)
def test_what_a_report_abbreviates_is_learned_from_it(text: str, full: list[str]) -> None:
    assert [term.full for term in declared_in([text])] == full


@pytest.mark.parametrize(
    "question",
    [
        *("第三产业增加值", "村集体经营收入", "主营收入", "单一产品收入", "统一产权登记", "提高企业利润", "降低保费"),
        *("最低保障标准", "上限上调", "利率高企", "GDPR罚款", "Shopping中心", "营收入"),
        *("月活动次数", "房价每m2多少", "steps taken", "our evening sales", "vats of wine"),
    ],
)
def test_parts_of_other_words_are_no_abbreviations(question: str) -> None:
    assert spelled_out(question) == with_full_names(question) == question


@pytest.mark.parametrize(
    ("text", "question", "answering"),
    [
        ("收入比由上年的2.16缩小为2.11。", "2022年收入比是多少？", "2.16"),
        ("收入比由上年的2.16缩小为2.11。", "2023年收入比是多少？", "2.11"),
        ("The margin was 24.9%, down from 27.3% a year earlier.", "What was the margin in 2022?", "27.3%"),
        ("The margin rose to 24.9% from 27.3% in 2018.", "What was the margin in 2018?", "27.3%"),
        ("排名从2018年的第65位提升至第45位。", "2018年排名第几？", "第65位"),
        ("排名从2018年的第65位提升至第45位。", "2023年排名第几？", "第45位"),
    ],
)
def test_a_figure_with_a_year_beside_it_answers_for_that_year(text: str, question: str, answering: str) -> None:
    told = passage(text, title="2023年度报告 Annual report 2023")
    # The reader points at the other, whichever is asked for.
    assert likeliest(told, question, lambda figure: 0.02 if figure == answering else 0.9) == answering


@pytest.mark.parametrize(
    ("text", "question", "answering"),
    [
        # A year that ends a list is of all its figures; what is compared with 上年 is of this year.
        ("Revenue was $52 million and profit was $6 million in 2023.", "What was revenue in 2023?", "$52 million"),
        ("Sales in Asia were $12 million and in Europe $9 million in 2022.", "Sales in Asia in 2022?", "$12 million"),
        ("Wind supplied 31% of it, against 25% for coal in 2023.", "Share of wind in 2023?", "31%"),
        ("进出口总额中，出口60亿元，进口为2023年的40亿元。", "2023年出口是多少？", "60亿元"),
        ("Revenue grew 8% compared with the previous year.", "By how much did revenue grow in 2023?", "8%"),
        ("Leakage fell by 12% compared to last year.", "By how much did leakage fall in 2023?", "12%"),
        ("增速为5.2%，高于上年2.2个百分点。", "2023年增速提高了多少个百分点？", "2.2个百分点"),
        ("新增就业人数为上年的1.2倍，达到60万人。", "2023年新增就业是上年的多少倍？", "1.2倍"),
        ("The company opened 42 shops last year.", "How many shops were opened in 2023?", "42"),
    ],
)
def test_a_figure_that_is_only_near_to_a_year_is_not_ruled_out(text: str, question: str, answering: str) -> None:
    told = passage(text, title="2023年度报告 Annual report 2023")
    pointed = tuple(0.9 if s.figure and s.figure.text.startswith(answering) else 0.01 for s in windows(told)[0].slots)
    chance = chances_where(told, question, pointed)
    assert told.slots[chance.index(max(chance))].figure is not None
    assert max(chance) == chance[pointed.index(max(pointed))] > 0.5


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("营业收入52亿元。净利润6.2亿元，上年为5.5亿元。", "2022年营业收入是多少？"),
        (
            "Revenue was $52 million. Profit was $6 million, compared with $7 million a year earlier.",
            "Revenue in 2022?",
        ),
        ("2022年末人口311万人。城镇化率由上年的66.2%提高到67.1%。", "2021年城镇化率是多少？"),
        ("出口额3亿元，比上年增长2%。", "2022年出口额是多少？"),
    ],
)
def test_this_years_figure_is_no_answer_for_the_year_before(text: str, question: str) -> None:
    told = passage(text, title="2023年度报告 Annual report 2023")
    pointed = (0.9, *(0.01 for _ in windows(told)[0].slots[1:]))
    assert max(chances_where(told, question, pointed)) < 0.3


def test_the_year_before_needs_a_figure_of_its_own() -> None:
    told = passage("出口额3亿元，比上年增长2%。", title="2023年公报")
    question = "2022年出口额是多少？"
    assert speaks_of_other_year(understand(question), told, YearAsked(question))
    assert as_last_year("2022年出口额是多少？", told) == "2022年出口额是多少？"
    other = passage("出口额3亿元，上年为2亿元。", title="2023年公报")
    assert as_last_year("2022年出口额是多少？", other) == "上年出口额是多少？"
    assert as_last_year("How large were exports in 2022?", other) == "How large were exports a year earlier?"


@pytest.mark.parametrize(
    ("text", "question", "posed"),
    [
        ("水費二〇二七年為56亿元，二〇二八年為59亿元。", "2028年的水費是多少", "二〇二八年的水费是多少"),
        ("水費2027年為56亿元，2028年為59亿元。", "二〇二八年的水費是多少", "2028年的水费是多少"),
        ("水費二○二八年為59亿元。", "2028年的水費是多少", "二○二八年的水费是多少"),
        ("水費二〇二八年為59亿元。", "water charge in 2028", "water charge in 二〇二八"),
        ("水費116年為56億元，117年為59億元。", "2028年的水費是多少", "117年的水费是多少"),
        ("該校創校117年，水費為59億元。", "2028年的水費是多少", "2028年的水费是多少"),
        ("全市排第三位。", "3位候选人得票多少", "3位候选人得票多少"),
        ("三十五岁以上的5岁组占12%。", "35岁以上的占多少", "三十五岁以上的占多少"),
        ("水费117年增长59亿元。", "2028年的水費是多少", "2028年的水费是多少"),
        ("第四季增長3%，第三季2%。", "第4季增长多少", "第四季增长多少"),
        ("三十五歲以上的占12%。", "35岁以上的占多少", "三十五歲以上的占多少"),
        ("超过五百人的企业有3家。", "500人的企业有几家", "500人的企业有几家"),
        ("5%的企业亏损。", "第5季亏损多少", "第5季亏损多少"),
    ],
)
def test_a_number_is_asked_for_as_the_passage_writes_it(text: str, question: str, posed: str) -> None:
    """The reader sees the characters, not that both are one number."""
    posed_so: list[str] = []

    class Listening:
        def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
            posed_so.append(question)
            return [Reading(0.5, (0.1,) * len(w.slots), None) for w in windows]

    read_passages(question, [passage(text)], Listening())
    assert posed_so == [posed]


@pytest.mark.parametrize("year", ["二〇二八年", "二零二八年", "二○二八年", "2028年"])
def test_a_year_is_one_in_either_digits(year: str) -> None:
    told = passage(f"水費{year}為59亿元。", title="2027年报")
    assert told.years == {"2028"}
    assert not speaks_of_other_year(understand("2028年水费是多少"), told, YearAsked("2028年水费是多少"))
    assert speaks_of_other_year(understand("2029年水费是多少"), told, YearAsked("2029年水费是多少"))


BULLETIN = passage("出口额为3亿元，增长2%。", title="云河市2022年统计公报")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("云河市2022年的出口额是多少？", "出口额是多少？"),
        ("2022年出口额是多少？", "出口额是多少？"),
        ("云河市出口额是多少？", "出口额是多少？"),
        ("江北市出口额是多少？", "江北市出口额是多少？"),
        ("2021年出口额是多少？", "2021年出口额是多少？"),
    ],
)
def test_what_the_title_says_need_not_stand_in_the_paragraph(question: str, expected: str) -> None:
    assert within_document(question, BULLETIN) == expected


ENERGY = passage("The council consumed 31.2 GWh of natural gas.", title="Westbrook Council Energy Report")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much natural gas was consumed in Westbrook?", "How much natural gas was consumed?"),
        ("How much gas do schools in Westbrook use?", "How much gas do schools use?"),
        ("What was Westbrook's gas use?", "What was the gas use?"),
        ("What is the gas use of Westbrook schools?", "What is the gas use of schools?"),
        ("How much natural gas was consumed in Eastbrook?", "How much natural gas was consumed in Eastbrook?"),
        ("How much natural gas did the council consume?", "How much natural gas did the council consume?"),
        ("Westbrook的天然气用量是多少？", "天然气用量是多少？"),
        ("Eastbrook的天然气用量是多少？", "Eastbrook的天然气用量是多少？"),
    ],
)
def test_a_name_in_the_title_need_not_stand_in_the_paragraph(question: str, expected: str) -> None:
    assert within_document(question, ENERGY) == expected


def test_a_name_in_a_title_in_the_other_language_counts() -> None:
    report = passage("网民规模达9.89亿。", title="中国互联网报告")
    assert within_document("How many users are there in China?", report) == "How many users are there?"
    assert within_document("How many users are there in Japan?", report) == "How many users are there in Japan?"
    spoken = passage("中国网民规模达9.89亿。", title="中国互联网报告")
    assert within_document("How many users are there in China?", spoken) == "How many users are there in China?"


@pytest.mark.parametrize(
    ("question", "other"), [("2022年出口额？", False), ("2018年出口额？", True), ("出口额？", False)]
)
def test_years(question: str, other: bool) -> None:
    assert speaks_of_other_year(understand(question), BULLETIN, YearAsked(question)) == other


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("产量3万吨，比2022年少2万吨。", set()),
        ("截至2021年6月达10.11亿，较2020年12月增长2175万。", {"2021"}),
        ("达10.32亿，较2018年底的8.29亿多两亿。", {"2018"}),
        ("較2019年為低，2020年再降。", {"2020"}),
        ("Sales were 5% lower than in 2019.", set()),
        ("Sales were 3m, compared with 5m in 2019.", {"2019"}),
        ("In 2021 it was higher than in June 2019.", {"2021"}),
    ],
)
def test_a_year_to_compare_with_is_not_the_year_of_the_figures(text: str, years: set[str]) -> None:
    assert years_spoken_of(text) == years


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("3号线全长多少公里？", True),
        ("2号线全长多少公里？", False),
        ("地铁全长多少公里？", False),
        ("第三季度呢", False),
    ],
)
def test_numbered_things(question: str, other: bool) -> None:
    assert names_other_number(understand(question), passage("2号线全长27.6公里，设站22座。")) == other


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("4G基站有多少个？", "全市5G基站19.6万个。", True),
        ("5G基站有多少个？", "全市5G基站19.6万个，4G基站30万个。", False),
        ("When did 5G start?", "Fifth-generation service began in May. The 2G network will be turned off.", False),
        ("PM10浓度是多少？", "全年PM2.5浓度为29微克。", True),
        ("Revenue in Q3", "In Q4 revenue was £3 million.", True),
        ("How many A330 jets fly?", "The fleet has 12 jets.", False),
        ("Revenue in Q3", "Revenue was £3 million, up from £2 million in Q2.", False),
        ("Revenue in Q3", "Revenue was £3 million, an increase from Q2.", False),
        ("Revenue in Q3", "Revenue in Q1-Q4 was £3 million.", False),
        ("Is profit $5B", "Profit was $3B.", False),
        ("他在第一轮得了多少票？", "经过七轮投票，他在首轮只获四票。", False),
        ("他在第一轮得了多少票？", "他在第二轮获四票。", True),
        ("第二次拍卖卖出几件？", "全年举行12次拍卖，再次拍卖时卖出40件。", False),
    ],
)
def test_names_with_a_number(question: str, text: str, other: bool) -> None:
    assert names_other_number(understand(question), passage(text)) == other


@pytest.mark.parametrize(
    ("question", "answering"),
    [
        ("60岁及以上人口有多少？", "152.6万人"),
        ("65岁以上的老人有多少？", "98万人"),
        ("80岁以上老人有多少？", "20.1万人"),
    ],
)
def test_the_age_that_a_question_names_is_the_slots_own(question: str, answering: str) -> None:
    aged = passage("60岁及以上人口152.6万人。65岁及以上人口98万人。80岁及以上人口20.1万人。")
    # To the reader all three look alike: it points at one of them whichever is asked for.
    assert likeliest(aged, question, lambda figure: 0.9 if figure == "98万人" else 0.01) == answering


@pytest.mark.parametrize(
    ("text", "question", "answering"),
    [
        ("0—14岁、15—59岁、60岁及以上人口分别为3万人、12万人和5万人。", "15—59岁人口有多少？", "12万人"),
        ("0—14岁、15—59岁、60岁及以上人口分别为3万人、12万人和5万人。", "0至14岁人口有多少？", "3万人"),
        ("0—14岁、15—59岁、60岁及以上人口分别为3万人、12万人和5万人。", "未满15岁人口有多少？", "3万人"),
        ("Some 41% of people aged 16-24 cycle, and 12% of over-65s.", "Cycling among people aged 65 and over", "12%"),
        ("60岁及以上人口2亿人，全国总人口14亿人。", "60岁及以上人口有多少？", "2亿人"),
        ("20—29岁网民较多，25%为30—39岁，30%为20—29岁。", "20—29岁网民占比", "30%"),
        ("16—59周岁（含不满60周岁）劳动年龄人口8.8亿人，0—15岁2亿人。", "16—59岁人口有多少？", "8.8亿人"),
        ("20-29、30-39岁网民占比分别为17.8%、20.5%。", "30-39岁网民占比", "20.5%"),
        ("全市现有3万名60岁以上老人，5万名未满18岁的孩子。", "18岁以下的孩子有多少？", "5万名"),
    ],
)
def test_ages_in_lists_and_after_a_figure(text: str, question: str, answering: str) -> None:
    assert likeliest(passage(text), question, lambda figure: 0.3) == answering


@pytest.mark.parametrize(
    ("text", "question", "answering"),
    [
        ("65岁及以上人口中，男性、女性分别为3万人、5万人。66岁及以上9万人。", "65岁及以上女性有多少人？", "5万人"),
        ("男性、女性60岁以上人口分别为3万人和5万人，共8万人。", "60岁以上女性有多少人？", "5万人"),
        ("Of people aged 65 and over, men and women were 40% and 60% respectively.", "Women aged 65 and over", "60%"),
        ("60岁及以上人口3亿人，岁及以上人口1.9亿人。", "65岁及以上人口有多少？", "1.9亿人"),
    ],
)
def test_a_slot_of_the_age_asked_for_stays(text: str, question: str, answering: str) -> None:
    assert likeliest(passage(text), question, lambda figure: 0.3 if figure == answering else 0.05) == answering


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青年（18至24歲）", [(18, 24)]),
        ("0—14岁", [(None, 14)]),
        ("未滿18歲", [(None, 18)]),
        ("七十岁以上", [(70, None)]),
        ("五十多岁的人", []),
        ("三十来岁", []),
        ("14-year-old girls", [(14, 14)]),
        ("aged 16-24, 25-44 and 65-74", [(16, 24), (25, 44), (65, 74)]),
        ("people older than 74", [(74, None)]),
        ("65岁（含）以上", [(65, None)]),
        ("60岁以上（含60岁）", [(60, None)]),
        ("3岁至6岁以下", [(3, 6)]),
        ("16岁以上60岁以下", [(16, 60)]),
        ("超过一百岁的老人", [(100, None)]),
        ("aged 75 years and over", [(75, None)]),
        ("aged between 16 and 24", [(16, 24)]),
        ("18- to 24-year-olds", [(18, 24)]),
        ("people over 60 rose to 43%, users over 65,000", [(60, None)]),
        ("more than 65 schools and people over 65% of them", []),
        ("under-18s", [(None, 18)]),
    ],
)
def test_ages(text: str, expected: list[tuple[int | None, int | None]]) -> None:
    assert [tuple(group) for *_, group in ages_in(text)] == expected


def test_the_date_line_says_when_a_report_came_out() -> None:
    text = "2021/2/3 9:22"
    chunk = Chunk("d.txt", "date", None, 1, 0, len(text), text)
    line = slotted(chunk, text)
    told = passage("某社月日电，报告在京发布。", name="e.txt")
    (own,), (other,) = windows(line), windows(told)
    read = [
        Read(own, Reading(0.1, (0.1,) * len(own.slots), None), 1, 1.0),
        Read(other, Reading(0.9, (0.5, *(0.0,) * (len(other.slots) - 1)), None), 0, 1.0),
    ]
    assert other.slots
    decision = decide(understand("这条新闻是几点发布的？"), read)
    assert decision.verdict == "stated"
    assert decision.candidates[0].slot.figure


def test_coverage() -> None:
    assert coverage("出口额是多少？", BULLETIN) == 1.0
    assert coverage("黑头海蛇的体长是多少？", BULLETIN) == 0.0
    assert coverage("How large were the exports?", BULLETIN) > 0.0  # 出口 is what exports are called there
    assert coverage("How many sea snakes are there?", BULLETIN) == 0.0
    assert coverage("How much is XYZ?", BULLETIN) == 1.0  # nothing that the glossary knows: no evidence


@given(st.text(max_size=60), st.text(max_size=80), st.floats(0, 1), st.floats(0, 1))
def test_any_text_is_judged(question: str, text: str, probability: float, answerable: float) -> None:
    asked = understand(question)
    read = read_passages(question, [passage(text or "无")], Scripted({"": probability}, answerable))
    decision = decide(asked, read)
    assert 0 <= decision.confidence <= 1
    assert (decision.verdict == "stated") <= any(c.slot.figure for c in decision.candidates)
    assert explain(decision, asked)["kinds"] == sorted(asked.kinds)


def sectioned(text: str, section: str, kind: BlockKind) -> SlottedPassage:
    return slotted(Chunk("d.txt", kind, section, 2, 3, 3 + len(text), text), f"报告\n{text}")


def test_a_section_with_a_whole_date_tells_no_year_of_its_figures() -> None:
    text = "全年开展增雪作业73次。"
    assert sectioned(text, "临江省气象局　2025年1月16日", "paragraph").years == frozenset()
    assert sectioned(text, "2024年工作", "paragraph").years == {"2024"}


def test_a_heading_is_read_without_itself_as_its_section() -> None:
    """Read after itself, its figure is doubted: the reader takes it for one that was given already."""
    heading = sectioned("地铁准点率超九成，夜间线路试点", "地铁准点率超九成，夜间线路试点", "heading")
    paragraph = sectioned("准点率超九成。", "地铁准点率超九成", "paragraph")
    assert [windows(heading)[0].as_read().context, windows(paragraph)[0].as_read().context] == [
        "报告",
        "报告。地铁准点率超九成",
    ]


def judged_at(texts: list[str], pointed: dict[str, float], question: str, chance: dict[str, float]) -> Decision:
    """Judge passages of one document, with the reader's word and the chance of the slot after each cue."""
    document = "\n".join(texts)
    passages = [
        slotted(Chunk("d.txt", "paragraph", None, i, document.index(t), document.index(t) + len(t), t), document)
        for i, t in enumerate(texts)
    ]

    def weigh(_: object, read: Sequence[Read]) -> list[list[float]]:
        return [
            [
                next((p for cue, p in chance.items() if own.window.text[: at - own.window.start].endswith(cue)), 0.0)
                for at in (slot.start for slot in own.window.slots)
            ]
            for own in read
        ]

    return decide(understand(question), read_passages(question, passages, Scripted(pointed)), weigh=weigh)


@pytest.mark.parametrize(
    ("chance", "reading", "expected"),
    [
        (0.2, 0.9, ["512万人", "498万人"]),  # doubted only because another passage says otherwise
        (0.05, 0.9, ["512万人"]),
        (0.2, 0.5, ["512万人"]),
    ],
)
def test_two_passages_that_contradict_each_other(chance: float, reading: float, expected: list[str]) -> None:
    texts = ["年末常住人口512万人。", "据公安部门统计，人口498万人。"]
    decided = judged_at(texts, {"常住人口": 0.95, "，人口": reading}, "人口多少？", {"常住人口": 0.7, "，人口": chance})
    assert figures(decided) == expected


def test_two_passages_that_doubt_each_other_are_both_quoted() -> None:
    texts = ["年末常住人口512万人。", "据公安部门统计，人口498万人。"]
    decided = judged_at(texts, {"常住人口": 0.95, "，人口": 0.9}, "人口多少？", {"常住人口": 0.4, "，人口": 0.3})
    assert (decided.verdict, figures(decided)) == ("stated", ["512万人", "498万人"])
    alone = judged_at(texts[:1], {"常住人口": 0.95}, "人口多少？", {"常住人口": 0.4})
    assert alone.verdict == "not_found"


def test_two_holes_side_by_side_answer_together() -> None:
    text = "图书馆、博物馆访客分别为万、万。"
    chance = {"分别为": 0.16, "分别为万、": 0.14}
    decided = judged_at([text], {"分别为": 0.4, "分别为万、": 0.4}, "博物馆访客多少？", chance)
    assert decided.verdict == "omitted"
    assert len(decided.candidates) == 2
    apart = "图书馆访客万，比上一年多了一些，博物馆访客万。"
    decided = judged_at([apart], {"访客": 0.4}, "博物馆访客多少？", {"访客": 0.16})
    assert decided.verdict == "not_found"


def test_both_ends_of_a_range_are_marked() -> None:
    text = "预计净利润亿元至亿元，同比增长。"
    decided = judged_at([text], {"净利润": 0.9}, "净利润预计多少？", {"净利润": 0.8})
    assert decided.verdict == "omitted"
    assert [c.slot.start for c in decided.candidates] == [text.index("亿元"), text.index("亿元") + 3]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("清运量由2023年的1850吨增至吨。", "增至"),
        ("天数从上年的天增加到312天。", "增加到"),
        ("电价由每度0.52元降至元。", "降至"),
    ],
)
def test_what_something_moved_from_is_no_end_of_a_range(text: str, cue: str) -> None:
    decided = judged_at([text], {cue: 0.9}, text.split("由")[0].split("从")[0] + "达到多少？", {cue: 0.9})
    assert len(decided.candidates) == 1


@pytest.mark.parametrize("by", ["by % to 9,800 tonnes", "by  tonnes to 9,800 tonnes"])
def test_a_change_and_what_it_came_to_are_no_range(by: str) -> None:
    decided = judged_at([f"It cut its emissions {by}."], {"by ": 0.9}, "By how much did they fall?", {"by ": 0.9})
    assert (decided.verdict, len(decided.candidates)) == ("omitted", 1)


def test_an_aside_of_another_year_rules_nothing_out() -> None:
    text = "Revenue rose to £148m (2023: £139m), and operating profit was £12m (2023: £11m)."
    told = passage(text, title="Results for 2024")
    year = YearAsked("operating profit in 2024")
    slots = {slot.figure.text: slot for slot in told.slots if slot.figure}
    assert year.may_be_of(told, slots["£12m"])
    assert [year.names_another(told, slots[name]) for name in ("£148m", "£139m", "£12m", "£11m")] == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("年新注册4830家，同期注销5617家。", "2018年新注册多少家？"),
        ("Of 203 journalists 48% are women, compared with 22% in .", "What share were women in 2018?"),
        ("人口万，而年相差个百分点。", "2018年相差多少？"),
    ],
)
def test_a_lost_year_may_be_the_one_asked_for(text: str, question: str) -> None:
    told = passage(text, title="2026年报 Annual report 2026")
    pointed = (0.9, *(0.01 for _ in windows(told)[0].slots[1:]))
    assert speaks_of_other_year(understand(question), told, YearAsked(question))
    assert max(chances_where(told, question, pointed)) > 0.3
    counted = passage("连续年新注册4830家，同期注销5617家。", title="2026年报")
    assert not any(has_lost_its_year(counted, slot) for slot in counted.slots)


@pytest.mark.parametrize(
    ("title", "text", "question", "its", "others"),
    [
        ("2024年公报", "全年活产数3.91万。2020年死亡率为5.8‰。", "2024年活产数是多少", "3.91万", "5.8‰"),
        ("The arts in 2025", "Cinemas sold 40 tickets. In 2019 they sold 70.", "Tickets in 2025", "40", "70"),
        ("糖廠史", "1945年遭轟炸14次。翌年產量只剩1,120噸。", "1946年產糖多少", "1,120噸", "14次"),
        ("Clinics 2024", "In 2024 revenue grew from £57m to £69m.", "Revenue in 2023", "£57m", "£69m"),
        ("安全 2025", "2025年死亡人数由158人减至137人。", "2024年死亡多少人", "158人", "137人"),
        ("Tramway 2024", "In 2024 the ratio recovered to 48% from 45%.", "Ratio in 2023", "45%", "48%"),
        ("Rescue", "In 2025 it rescued 300. The year before, 151 had died.", "Deaths in 2024", "151", "300"),
    ],
)
def test_a_figure_may_be_of_a_year_that_its_passage_does_not_name(
    title: str, text: str, question: str, its: str, others: str
) -> None:
    told, year = passage(text, title=title), YearAsked(question)
    assert speaks_of_other_year(understand(question), told, year)
    slots = {slot.figure.text: slot for slot in told.slots if slot.figure}
    assert year.may_be_of(told, slots[its])
    assert not year.may_be_of(told, slots[others])


def test_a_passage_that_compares_with_a_year_may_be_of_the_next() -> None:
    told = passage("较2024年增长364万户。风电利用率94.3%。", title="绿电2026")
    assert YearAsked("2025年风电利用率").may_be_of(told, told.slots[-1])
    assert not YearAsked("2023年风电利用率").may_be_of(told, told.slots[-1])


def test_a_month_of_a_year_may_be_named_without_it() -> None:
    told = passage("1945年9月复刊。1941年护航四次。同年9月中弹，死亡83人。", title="舰")
    for question, other in (("1941年9月死亡多少人", False), ("1941年8月死亡多少人", True)):
        assert speaks_of_other_year(understand(question), told, YearAsked(question)) is other


def test_a_report_on_a_year_from_one_to_the_next_is_on_both() -> None:
    assert years_of_document("Annual report 2024-25", "accounts_2024-05") == {"2024", "2025"}
    assert years_spoken_of("slower than in 2023-24, when it reached 11%") == {"2023"}
    assert not years_spoken_of("slower than in 2023-24.")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("教师和学生之比为1:10。", {"time", "ratio"}),
        ("王朝亡于352年。", {"duration", "date"}),
        ("The crew was called out 112 times.", {"multiple", "count"}),
        ("Rents rose by 40 pounds.", {"count", "measure", "money"}),
        ("导致停机5日。", {"date", "duration"}),
        ("4月5日停机。", {"date"}),
        ("曾十四度入围。", {"measure", "count"}),
        ("疟疾连续第九年没有病例。", {"rank", "duration"}),
    ],
)
def test_a_figure_may_be_of_two_kinds(text: str, kinds: set[str]) -> None:
    assert slot_kinds(passage(text).slots[0]) == kinds


def test_an_amount_is_no_year() -> None:
    assert years_in("新增装机2000万千瓦，1900元，2,000多户，2026元旦") == {"2026"}
    assert years_in("2019人口普查，2020年，2018-19") == {"2018", "2019", "2020"}


HOSPITAL = "平均住院日由2022年的6.8天缩短至6.1天，床位使用率为92.5%。"


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("2022年床位使用率是多少？", [False, True, True]),
        ("2023年床位使用率是多少？", [True, False, False]),
    ],
)
def test_a_year_compared_with_is_of_its_figure_only(question: str, other: list[bool]) -> None:
    told = passage(HOSPITAL, title="医院2023年年报")
    year = YearAsked(question)
    slots = [slot for slot in told.slots if slot.unit != "年"]
    assert [
        year.is_other(told, slot) or speaks_of_other_year(understand(question), told, year) for slot in slots
    ] == other


def test_a_bare_number_after_a_share_may_be_one() -> None:
    held = passage("Shares make up 46 per cent, bonds 31 and property 14, over 120 months. It has 3 funds, 5 open.")
    assert ["percent" in slot_kinds(slot) for slot in held.slots] == [True, True, True, False, False, False]
