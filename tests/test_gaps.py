"""Rows and invariants of ``find_gaps``. In a row ▁ marks each place where a number is missing; all else is the text."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa import damage, gap_network, gap_words, gaps
from qa.gaps import find_gaps
from tests.bench import gaps as bench


def split_row(row: str) -> tuple[str, list[int]]:
    text, places = "", []
    for piece in row.split("▁"):
        text += piece
        places.append(len(text))
    return text, places[:-1]


# Written before the English rules, which were then tuned on them.
ENGLISH = """
Only ▁ of the ▁ members voted against Resolution ▁.
The average download speed was ▁ Mbps, and peaks reached ▁ Gbps.
Emissions fell to ▁ MtCO2e from ▁ MtCO2e.
Revenue rose ▁% to $▁ million in ▁, from $▁ million a year earlier.
The town has a total of ▁ people living in ▁ households.
It is the ▁th largest city in the country.
Sales fell by ▁ percent in the first quarter of ▁.
The company was founded in ▁ and employs ▁ people.
Exports grew from $▁ billion in ▁ to $▁ billion in ▁.
Unemployment was ▁% in March, down from ▁% a year ago.
The index gained ▁ points, or ▁%, to close at ▁.
Prices have increased by ▁ percentage points since ▁.
A ▁-year-old man was among the ▁ people injured.
The fund holds ▁% of the shares and ▁% of the votes.
More than ▁ million users signed up during ▁.
On March ▁, ▁, the board approved the merger.
Net profit reached ¥▁ billion, up ▁% year on year.
The bridge is ▁ metres long and ▁ metres wide.
About ▁% of respondents said they would move.
The loan carries interest of ▁% per year.
In the ▁s and ▁s the population declined.
The building opened in the ▁th century.
They won ▁ of ▁ games last season.
The price was cut to $▁ from $▁.
Output rose to ▁ million tonnes in ▁.
The report covers ▁ countries and ▁ million households.
He finished ▁nd in the race, ▁ seconds behind the winner.
The deal is worth $▁ billion, according to the filing.
Between ▁ and ▁, the number of stores doubled.
The rate is expected to stay below ▁% until ▁.
The survey polled ▁ adults by telephone.
Spending accounts for ▁ percent of the total.
The plant will create ▁ jobs by ▁.
GDP growth slowed to ▁ percent in ▁.
The ▁rd quarter brought losses of €▁ million.
Shares closed up ▁% at $▁.
Investors bought a ▁% stake for £▁ million.
The population was ▁ at the ▁ census.
In ▁, the city had ▁ hospitals.
It was the ▁st time since ▁.
The median age was ▁ years.
""".strip().split("\n")

# Marks put in place of a number.
MARKED = """
Revenue rose XX▁% in the year.
The company sold **▁ million units.
Growth of __▁ percent was recorded.
The total is [NUM]▁ people.
Profit was $XX▁ million.
我国网民规模达□□▁亿，互联网普及率达□□▁。
全年实现营业收入XX▁亿元，同比增长XX▁%。
共有**▁万人参加了此次活动。
截至[NUM]▁年[NUM]▁月，用户规模为[NUM]▁亿。
全市生产总值为__▁亿元，比上年增长__▁%。
At the end of the quarter the group had [x]▁ employees in [x]▁ countries.
The clinic had [redacted]▁ beds and treated [redacted]▁ patients.
The clinic had █████▁ beds and treated [illegible]▁ patients.
The clinic had [number missing]▁ beds and treated [n]▁ patients.
Rents rose by [...]▁% and costs by [redacted]▁ per cent.
The pier cost £[...]▁ million.
全县共有小学[x]▁所，在校学生[x]▁万人。
全县共有小学[redacted]▁所，在校学生【缺失】▁万人。
全年旅游收入█████▁亿元，增长[...]▁%。
""".strip().split("\n")

# In intact text nothing is missing, whatever the phrase looks like.
SILENT = """
Speeds are given in Mbps and GB, distances in km; the unit of kWh is explained in the annex.
Revenue rose 5% to $12.5 million in 2020, from $11.9 million a year earlier.
The share of women rose by two percentage points.
It is the fourth largest city in the country.
Hundreds of millions of people live in the region.
Prices are given in million euros (in % of GDP).
Exports ($ million)
Share of total (%)
% of total population
The results are shown as a percentage of income.
The company employs people from all over the world.
Log in, sign up, or carry on.
The 20th century, the 1st of May and the 3rd floor.
She walked from here to the station.
Half a percent of the vote went to others.
Set $HOME and $PATH first.
He lives on 5th Street, St. Petersburg.
The th sound is hard for learners.
A year-old agreement expired in May.
Two- and three-year-old children are admitted.
Call find_gaps() with no arguments.
The N/A entries were left out.
Between you and me, nothing was lost.
What is in a name? Not much, by and large.
He paid in dollars, not in pounds, by cheque.
**Bold text** and __init__ are marks of other kinds.
The sentence ends here.  Another one follows after two spaces.
In March, the board met. In May, it dissolved.
近年来，我国经济保持平稳增长，亿万人民生活水平不断提高。
网络零售连续八年全球第一，网络支付使用率近九成。
每年都有许多人来到这里，每平方米的价格各不相同。
国内生产总值首度突破百万亿元。
截至2020年12月，我国网民规模达9.89亿，互联网普及率达70.4%，较2020年3月提升5.9个百分点。
截至２０２０年１２月，全国共有３２万家企业，增长５．２％。
第三方机构发布了第一批名单，首批共十二家企业入选。
三分之二的受访者表示，两年内不会换工作。
子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？
臣本布衣，躬耕于南阳，苟全性命于乱世，不求闻达于诸侯。
年轻人喜欢在月夜里散步，家家户户都点起了灯。
其市场份额位居全国前列，同比明显增长。
嫌疑人李某某、张某被依法逮捕。
请联系XX公司的工作人员。
他独占花园里最好的，别人只好站着。
元旦期间，各大商场人头攒动，日用品销量大增。
He said that the plan [...] was wrong, and that [...] people were angry.
"We hold these truths [...] and among these are life," the text reads.
The witness, [redacted], said the car was blue. Agent [redacted] was not there.
The letter reads: "Dear [illegible], I hope this finds you well."
The [missing] documents were found. The [redacted] pages were released in 2020.
Loop over the [n] elements of the array x[n] and return a[x].
Growth was 4% [1], and the method is given in [2] and [12].
- [x] tests pass
Paid: [x] yes [ ] no
He waited.... Then things changed.
██████ 45% ███ 20%
***
他说：“我们[...]必须努力”，会议[……]结束。
据[1]所述，今年增长[2]。
""".strip().split("\n")

CHINESE = """
公司于▁年成立，现有员工▁人。
我国网民规模达▁亿，普及率达▁。
截至▁年▁月，农村网民规模为▁亿，较▁年▁月增长▁万。
实物商品网上零售额▁万亿元，占社会消费品零售总额的▁。
互联网普及率达▁%，较上年提升▁个百分点。
全市共有普通高中▁所，在校学生▁万人。
该病例为男性，▁岁，现住朝阳区。
▁月▁日，记者从市公安局获悉。
全年居民人均可支配收入▁元，比上年增长▁%。
女性占总人口的▁，男性占其余部分的▁。
本次会议将于▁月▁日至▁日在北京举行。
车身长宽高分别为▁mm、▁mm和▁mm。
全國總人口為▁萬人，其中男性▁萬人，女性▁萬人。
该县辖▁个镇、▁个乡，总面积▁平方公里。
""".strip().split("\n")


# Written after the first English rules, which found 76 of its 87 numbers with no false one; tuned on since.
ENGLISH_REPORT = """
The World Bank expects the economy to expand 3.4% this year and 3.1% in 2025, after growth of 2.9% in 2024.
Total assets stood at $4,210 million as of June 30, 2023, compared with $3,975 million at the end of 2022.
In 1987, the hospital treated 12,400 patients, 38 percent of whom were under 16 years of age.
The train covers the 215 km between the two cities in 1 hour and 45 minutes.
Of the 1,204 women surveyed, 57% owned a phone, 24% shared one, and 19% had none.
Life expectancy rose from 61 years in 1990 to 73 years in 2019.
The museum attracted 2.3 million visitors last year, making it the 7th most popular in Europe.
She scored 27 points and grabbed 11 rebounds in a 104-98 win on Tuesday.
Operating margin widened by 120 basis points to 14.6%.
The vaccine was 95% effective in a trial of 43,000 volunteers.
Some 600 firefighters battled the blaze, which destroyed 89 homes.
The company plans to invest €750 million over the next 5 years and hire 2,000 engineers.
At 8,848 metres, it is the highest mountain on Earth.
Wheat prices hit $12.94 a bushel on March 8, a 14-year high.
The act, passed in 1964 and amended in 1972, has 11 titles.
Inflation eased to 6.5 percent in December from 7.1 percent in November.
Internet penetration reached 70.4%, up 5.9 percentage points from March 2020.
The number of users grew to 989 million, an increase of 85.4 million.
The suspect, 34, was arrested at 6:15 p.m. on Friday.
About 1 in 5 adults reported symptoms lasting 3 months or longer.
Carbon emissions fell 8% to 31.5 gigatonnes, the largest decline since 1945.
By 2050 the city will be home to 22 million people, twice as many as in 2000.
Each ticket costs $15, or $40 for a family of 4.
Table 3 shows that 62% of exports went to Asia.
The lake is 636 km long, up to 79.5 km wide and 1,642 m deep.
Her 2nd novel sold 10,000 copies within 6 weeks.
The turbine generates 4.2 MW and weighs 380 tonnes.
Nearly 400 companies took part in the 21st edition of the fair.
""".strip()


# Written before the rules they led to: part of a number lost, list numbers, empty brackets and other marks.
BROKEN = """
网民规模达▁.89亿
网民规模达▁．89亿，普及率为70.4%。
農村網民總數為▁.3億人。
失业率降至▁.2%。
普及率达70.▁%
普及率达70.▁%，较上年提升5.9个百分点。
占比為12.▁%，位居第二。
全年产量达到45.▁万吨。
Unemployment was 70.▁% in the region.
1. 网民规模达▁亿
1、网民规模达▁亿；2、普及率达▁%。
（1）网民规模达▁亿；（2）普及率达▁%。
1．網民規模達▁億；2．普及率達▁%。
1) 网民规模达▁亿
①网民规模达▁亿；②普及率达▁%。
12. 我国互联网普及率达▁%
1. 网民规模达▁亿\n2. 普及率达▁%\n3. 农村网民规模为▁亿
网民规模达（▁）亿
網民規模達（▁）億
网民规模达(▁ )亿
网民规模达[▁ ]亿
网民规模达【▁】亿，普及率达（▁）%。
网民规模达（▁）亿，较上年增长（▁）万。
截至（▁）年（▁）月，用户规模为（▁）亿。
全年收入为（▁  ）亿元。
Sales rose to (▁ ) million.
Sales rose to (▁) million, and profit fell by (▁)%.
The rate was [▁ ] percent in spring.
Revenue of $(▁) million was reported.
网民规模达…▁亿
网民规模达……▁亿
網民規模達…▁億，普及率達…▁%。
网民规模达...▁亿
Sales rose to …▁ million.
Sales rose to ...▁ million.
网民规模达__▁亿
网民规模达_▁亿
网民规模达＿＿▁亿
Sales rose to __▁ million.
Sales rose to _▁ million.
手机用户规模达 ▁.5亿户。
农村网民规模达9 .▁亿。
● 网民规模达▁亿
2.1 网民规模达▁亿
第1章 网民规模达▁亿
要点：1. 网民规模达▁亿；2. 普及率达▁%
""".strip().split("\n")
BROKEN = [row.replace("\\n", "\n") for row in BROKEN]

# As odd, and whole.
INTACT_AS_ODD = """
装机容量为1 234万千瓦，吞吐量为1，234万吨。
增速为5. 2%，占比达70 .4%。
1. 网民规模达9.89亿
1、网民规模达9.89亿；2、普及率达70.4%。
（1）加强组织领导；（2）完善工作机制；（3）强化监督考核。
1. 引言
2.1 研究背景
2.1 亿元用于研发
第3章 数据来源
● 亿万人民生活水平不断提高
● 加强组织领导
1. 网民规模不断扩大
2. 普及率稳步提升
①提高认识；②落实责任。
1.个人信息保护
2.万科发布年报
调用函数find_gaps()即可。
他想了想，说：为……亿万人民谋幸福。
变量名为_name，宏名为__LINE__。
为…人们带来便利
本届大会规模空前.2020年又创新高。
The batting average was .300, up from .275.
Prices rose .5% in May.
The function f() returned to () an empty tuple.
He rose to … nothing in particular.
Well, it was ... percent signs everywhere.
- [ ] million-user launch
The list grew in 2019. 20% of them left.
网民规模达（9.89）亿，普及率达（约七成）。
鲜鱼平均批发价每公斤52.4元。
猪肉平均零售价每公斤 28.6元，蔬菜平均零售价每公斤6.1元。
""".strip().split("\n")


@pytest.mark.parametrize("row", BROKEN)
def test_broken_numbers_and_marks(row: str) -> None:
    text, places = split_row(row)
    assert [g.at for g in find_gaps(text)] == places


@pytest.mark.parametrize("text", INTACT_AS_ODD)
def test_odd_but_whole_text_is_silent(text: str) -> None:
    assert find_gaps(text) == []


# Not solved: a sentence with nothing around it to tell a cleaner's hand from an idiom.
KNOWN_FAILURES = """
Room ▁ is on the ▁th floor of Building ▁.
该片总票房突破▁亿元，位列年度第▁。
一年一度的盛会吸引了上百家企业参加，场面万人空巷。
Use the % operator to take the remainder, as in a % b.
The price in $ and in € is the same.
XX chromosomes and the XX century are no holes.
他年月日久，终成大器。
該書成書年代不詳，作者亦無可考，歷代學者多有爭論。
""".strip().split("\n")


@pytest.mark.xfail(strict=True, reason="known failure")
@pytest.mark.parametrize("row", KNOWN_FAILURES)
def test_known_failures(row: str) -> None:
    text, places = split_row(row)
    assert [g.at for g in find_gaps(text)] == places


def test_a_heading_may_end_in_a_hole() -> None:
    text, places = split_row("报告显示，我国网民规模接近▁亿，互联网普及率达▁\n2021/2/3 9:22\n报告显示，网民规模达▁亿。")
    assert [g.at for g in find_gaps(text)] == places


def test_year_end_may_open_a_sentence() -> None:
    told = "年末全市共有公共图书馆12个，比上年增加2个。年末民用汽车保有量71.2万辆。"
    assert find_gaps(told) == []
    assert find_gaps(f"全年旅游收入86.3亿元。{told}全年实际使用外资4.4亿美元。") == []


def test_the_marks_of_markdown_are_no_holes() -> None:
    assert (
        find_gaps(
            "# Report\n\n## Transport\n\nThe port handled 21 million tonnes.\n\n## By product\n\n**Sales** rose 4%."
        )
        == []
    )


def test_a_wrapped_line_is_no_hole() -> None:
    assert find_gaps("截至2020年12月，我国互联网普及率达\n70.4%，较2020年3月提升5.9个百分点。") == []


@pytest.mark.parametrize("row", ENGLISH + MARKED + CHINESE)
def test_every_hole_is_found_and_nothing_else(row: str) -> None:
    text, places = split_row(row)
    assert [g.at for g in find_gaps(text)] == places


@pytest.mark.parametrize("text", [ENGLISH_REPORT, *ENGLISH_REPORT.split("\n")])
def test_english_report_stripped_by_machine(text: str) -> None:
    assert find_gaps(text) == []
    damaged = damage.drop_digits(text)
    assert [g.at for g in find_gaps(damaged.text)] == list(damaged.gaps)
    marked = damage.replace_numbers(text, "[NUM]")
    assert [g.at for g in find_gaps(marked.text)] == list(marked.gaps)


# Written after the word network had been trained, and not tried on it before. Where numbers went and one space is left
# only the words tell, some of them.
ENGLISH_ACCOUNT = """
Larkfield Transport Authority, annual account 2031
Our buses carried 48.2 million passengers in the year to March, 6.1% more than a year before. The fleet now has 1,240
vehicles, of which 385 are electric; a further 96 are on order. Punctuality fell to 81.4% from 84.0%, mainly because
of roadworks on 14 corridors. We spent £212 million on operations, £9 million over budget, and received £134 million
in fares. Drivers worked an average of 41.5 hours a week, and 118 left the company. The depot at Millbrook generated
2.7 GWh of electricity from its roof. Complaints dropped by 12 per cent to 5,604, and replies took 9 days on average.
The new tram line will be 11 km long with 17 stops and is to open in 2034. Four in five passengers were satisfied.
""".strip()


@pytest.mark.parametrize(
    ("kind", "least", "false"), [("digits only", 0.9, 1), ("one space", 0.75, 3), ("letters , . only", 0.7, 4)]
)
def test_words_tell_where_numbers_are_missing(kind: str, least: float, false: int) -> None:
    assert find_gaps(ENGLISH_ACCOUNT) == []
    damaged = damage.KINDS[kind](ENGLISH_ACCOUNT, Random(1))
    found, gone = (
        {bench.same_place(damaged.text, at) for at in places}
        for places in ([g.at for g in find_gaps(damaged.text)], damaged.gaps)
    )
    assert len(found & gone) >= least * len(gone)
    assert len(found - gone) <= false


# Units that a report declares, without a number: no hole.
DECLARED = """
Table: passengers by line (million)
Revenue and costs (£ million)
All figures are in % of total revenue.
Length of the network, km | Stops, number
Electricity is measured in GWh, fuel in tonnes.
Change on year (%)
""".strip().split("\n")


@pytest.mark.parametrize("text", DECLARED)
def test_a_unit_without_number_may_be_declared(text: str) -> None:
    assert find_gaps(text) == []
    assert find_gaps(f"{ENGLISH_ACCOUNT}\n{text}\n{ENGLISH_ACCOUNT}") == []


# Whole sentences with a bare plural or a unit, as any report has them; written when a review had shown the like.
BARE = """
Millions of users signed up, and a million more are expected.
We hire people, not machines.
Most staff have worked there for years.
There were days when it rained.
The hospital treats patients from the whole region.
Prices are quoted in euros and dollars.
The road is closed from Friday to Sunday.
Volunteers planted trees and cleaned beaches.
""".strip().split("\n")


@pytest.mark.parametrize("sentence", BARE)
def test_a_bare_plural_in_a_whole_text_is_no_hole(sentence: str) -> None:
    half = len(ENGLISH_ACCOUNT) // 2
    at = ENGLISH_ACCOUNT.index(". ", half) + 2
    assert find_gaps(sentence) == []
    assert find_gaps(f"{ENGLISH_ACCOUNT[:at]}{sentence} {ENGLISH_ACCOUNT[at:]}") == []


def test_fractions_and_roman_numerals_are_numbers() -> None:
    assert find_gaps("The rate was cut by ½ point to 3¾% in 2024, and inflation eased to 2½%.") == []
    assert find_gaps("Part XII covers ships; part IV covers buses. Sales rose 6% in 2026.") == []


@pytest.mark.parametrize("text", SILENT)
def test_intact_text_is_silent(text: str) -> None:
    assert find_gaps(text) == []


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("我国网民规模达亿，普及率达。", ["亿", None]),
        ("互联网普及率达%，较上年提升个百分点。", ["%", "个百分点"]),
        ("截至年月，我国网上零售额达万亿元。", ["年", "月", "万亿元"]),
        ("全國總人口為萬人。", ["萬人"]),
        ("网民规模达（）亿，普及率达( )%。", ["亿", "%"]),
        ("网民规模达.89亿", ["亿"]),
        ("Sales rose to ( ) million.", ["million"]),
        ("Revenue rose % to $ million in .", ["%", "million", None]),
    ],
)
def test_unit_is_the_word_that_follows(text: str, units: list[str | None]) -> None:
    assert [g.unit for g in find_gaps(text)] == units


def test_committed_weights_load_and_are_small() -> None:
    assert gap_network.load_weights(gaps.WEIGHTS)["vocabulary"].shape == (65536,)
    assert len(gap_words.vocabulary()) > 30_000
    for path in (gaps.WEIGHTS, gap_words.WEIGHTS):
        assert len(gap_network.load_weights(path)["calibration"]) == 2
        assert path.stat().st_size < 4_000_000


def test_traditional_script_and_full_width_are_read_as_simplified_and_half_width() -> None:
    vocabulary = gap_network.load_weights(gaps.WEIGHTS)["vocabulary"]
    for one, other in ("亿億", "万萬", "个個", "国國", "%％", "aａ"):
        assert vocabulary[ord(one)] == vocabulary[ord(other)]


def test_windows_give_what_one_pass_gives() -> None:
    """The oracle is the network run once over the whole text, the pooled context apart."""
    weights = dict(gap_network.load_weights(gaps.WEIGHTS))
    weights["pool"], weights["pool_bias"] = weights["pool"] * 0, weights["pool_bias"] * 0
    atoms = gaps.atomize("截至年月，我国网民规模达亿，互联网普及率达。" * 100, weights["vocabulary"])
    ids = np.pad(atoms.ids, gap_network.HALO)[None]
    flags = np.pad(atoms.flags, ((gap_network.HALO, gap_network.HALO), (0, 0)))[None]
    whole = gap_network._forward(ids, flags, atoms.style, weights)[0, gap_network.HALO : -gap_network.HALO]
    np.testing.assert_allclose(gap_network.logits(atoms, weights), whole, atol=1e-3)


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
REPORT_TEXT = st.text(
    st.sampled_from("我国网民规模达亿万年月，。、%第 \n\t12Xx□*_$€inofto.,;()年的\0\ud800𠀀"), max_size=60
)


@settings(max_examples=300)
@given(ANY_TEXT | REPORT_TEXT)
@example(":□$㐀0")
def test_invariants(text: str) -> None:
    found = find_gaps(text, threshold=0.05)
    places = [g.at for g in found]
    assert places == sorted(set(places))
    for g in found:
        assert 0 <= g.at <= len(text)
        assert 0.05 <= g.confidence <= 1
        assert g.unit is None or g.unit in text[g.at :]
        assert not text[g.at : g.at + 1].isdecimal()
    assert found == find_gaps(text, threshold=0.05)
    assert {g.at for g in find_gaps(text)} <= set(places)


@settings(max_examples=200)
@given(st.text(st.sampled_from("a 1.,%\n "), max_size=40), st.floats(0, 1))
def test_a_gap_stays_among_what_is_left_when_spaces_go(text: str, rate: float) -> None:
    damaged = damage.drop_digits(text, Random(1), rate)
    for tidied in (damage.single_spaces(damaged), damage.tidy(damaged)):
        assert tidied.text.replace(" ", "") == damaged.text.replace(" ", "")
        assert "  " not in tidied.text
        before = [len(tidied.text[:at].replace(" ", "")) for at in tidied.gaps]
        assert sorted(set(before)) == sorted({len(damaged.text[:at].replace(" ", "")) for at in damaged.gaps})


@settings(max_examples=200)
@given(st.text(st.sampled_from("在到2021年增长3.5%，约12万人(G20)。 ab,1,234"), max_size=40), st.floats(0, 1))
def test_strippers_tell_where_each_number_stood(text: str, rate: float) -> None:
    damaged = damage.drop_digits(text, Random(1), rate)
    kept = [n for n, lost in zip(damage.find_numbers(text), _lost(text, rate), strict=True) if not lost]
    assert len(damaged.gaps) + len(damaged.names) <= len(damage.find_numbers(text)) - len(kept)
    assert set(damaged.gaps).isdisjoint(damaged.names)
    if rate == 1:
        assert not any(c.isdigit() for c in damaged.text)
    assert all(0 <= a <= len(damaged.text) for a in (*damaged.gaps, *damaged.names))


def _lost(text: str, rate: float) -> list[bool]:
    random = Random(1)
    return [random.random() < rate for _ in damage.find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "stripped", "places"),
    [
        ("普及率达62.5%，", "普及率达，", (4,)),
        ("于2021年2月3日", "于年月日", (1, 2, 3)),
        ("3亿、4亿", "亿亿", (0, 1)),
        ("2021/2/3 9:22，", "，", (0,)),
        ("共计1,234。", "共计。", (2,)),
    ],
)
def test_strip_like_seed(text: str, stripped: str, places: tuple[int, ...]) -> None:
    assert damage.strip_like_seed(text) == damage.Damaged(stripped, places)


@pytest.mark.parametrize(
    ("text", "names"), [("5G", 1), ("COVID-19", 1), ("G20峰会", 1), ("长5km", 0), ("www.a.cn/12", 1), ("the 2nd", 0)]
)
def test_numbers_in_names_are_told_apart(text: str, names: int) -> None:
    assert sum(n.is_name for n in damage.find_numbers(text)) == names


def test_unseen_news() -> None:
    """A floor on a small sample; the figures themselves come from ``python -m tests.bench.gaps``."""
    folder = bench.data_folder()
    if not (folder / "news_train.txt.xz").exists():
        pytest.skip(f"no training data in {folder}")
    texts = bench.read_sets(folder, 40, ["news"])["news"]
    assert bench.measure(texts, "intact")["false/10k"] <= 2
    assert bench.measure(texts, "like seed")["AP"] >= 0.93
    assert bench.measure(texts, "one number in two")["F1"] >= 0.85
