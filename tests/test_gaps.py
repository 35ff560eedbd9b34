"""Rows and invariants of ``find_gaps``. In a row ▁ marks each place where a number is missing; all else is the text."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import damage, gaps
from qa.gaps import find_gaps


def split_row(row: str) -> tuple[str, list[int]]:
    text, places = "", []
    for piece in row.split("▁"):
        text += piece
        places.append(len(text))
    return text, places[:-1]


# Written before the English rules, by deleting the digits of sentences made up for the purpose.
ENGLISH = """
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
""".strip().split("\n")

# In intact text nothing is missing, whatever the phrase looks like.
SILENT = """
Revenue rose 5% to $12.5 million in 2020, from $11.9 million a year earlier.
The share of women rose by two percentage points.
It is the fourth largest city in the country.
Hundreds of millions of people live in the region.
Prices are given in million euros (in % of GDP).
Exports ($ million)
Share of total (%)
% of total population
The results are shown as a percentage of income.
Millions of users signed up, and a million more are expected.
Log in, sign up, or carry on.
Use the % operator to take the remainder, as in a % b.
The 20th century, the 1st of May and the 3rd floor.
She walked from here to the station.
Half a percent of the vote went to others.
The price in $ and in € is the same.
Set $HOME and $PATH first.
He lives on 5th Street, St. Petersburg.
The th sound is hard for learners.
A year-old agreement expired in May.
Two- and three-year-old children are admitted.
Call find_gaps() with no arguments.
The N/A entries were left out.
Between you and me, nothing was lost.
The company employs people from all over the world.
What is in a name? Not much, by and large.
He paid in dollars, not in pounds, by cheque.
**Bold text** and __init__ are marks of other kinds.
The sentence ends here.  Another one follows after two spaces.
XX chromosomes and the XX century are no holes.
In March, the board met. In May, it dissolved.
近年来，我国经济保持平稳增长，亿万人民生活水平不断提高。
一年一度的盛会吸引了上百家企业参加，场面万人空巷。
网络零售连续八年全球第一，网络支付使用率近九成。
每年都有许多人来到这里，每平方米的价格各不相同。
国内生产总值首度突破百万亿元。
截至2020年12月，我国网民规模达9.89亿，互联网普及率达70.4%，较2020年3月提升5.9个百分点。
截至２０２０年１２月，全国共有３２万家企业，增长５．２％。
他年月日久，终成大器。
第三方机构发布了第一批名单，首批共十二家企业入选。
三分之二的受访者表示，两年内不会换工作。
子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？
臣本布衣，躬耕于南阳，苟全性命于乱世，不求闻达于诸侯。
該書成書年代不詳，作者亦無可考，歷代學者多有爭論。
年轻人喜欢在月夜里散步，家家户户都点起了灯。
其市场份额位居全国前列，同比明显增长。
嫌疑人李某某、张某被依法逮捕。
请联系XX公司的工作人员。
元旦期间，各大商场人头攒动，日用品销量大增。
""".strip().split("\n")

CHINESE = """
我国网民规模达▁亿，普及率达▁。
截至▁年▁月，农村网民规模为▁亿，较▁年▁月增长▁万。
实物商品网上零售额▁万亿元，占社会消费品零售总额的▁。
互联网普及率达▁%，较上年提升▁个百分点。
公司于▁年成立，现有员工▁人。
全市共有普通高中▁所，在校学生▁万人。
该病例为男性，▁岁，现住朝阳区。
▁月▁日，记者从市公安局获悉。
全年居民人均可支配收入▁元，比上年增长▁%。
该片总票房突破▁亿元，位列年度第▁。
本次会议将于▁月▁日至▁日在北京举行。
车身长宽高分别为▁mm、▁mm和▁mm。
全國總人口為▁萬人，其中男性▁萬人，女性▁萬人。
该县辖▁个镇、▁个乡，总面积▁平方公里。
""".strip().split("\n")
