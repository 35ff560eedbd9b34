"""The table behind ``test_figures.py``: texts with every figure marked in place.

A figure is written ``[span|value|unit]``; an empty value or unit stands for None; a line without brackets has no figure
at all. ``BEFORE`` was written before any code of ``qa/figures.py`` existed. ``AFTER`` was added later, with the code in
sight and from faults seen while reading news and encyclopedia sentences, so those rows were tuned on. ``UNMET`` are
known failures: they must go on failing until someone moves them up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One text and the figures it holds, as (start, end, value, unit)."""

    text: str
    figures: tuple[tuple[int, int, Decimal | None, str | None], ...]


def parse_row(line: str) -> Row:
    """Read one marked line."""
    text, figures, last = "", [], 0
    for mark in re.finditer(r"\[([^|\]]+)\|([^|\]]*)\|([^\]]*)\]", line):
        text += line[last : mark.start()]
        value = Decimal(mark[2]) if mark[2] else None
        figures.append((len(text), len(text) + len(mark[1]), value, mark[3] or None))
        text += mark[1]
        last = mark.end()
    return Row(text + line[last:], tuple(figures))


def parse_rows(block: str) -> list[Row]:
    """Read a block of marked lines, one row a line."""
    return [parse_row(line) for line in block.strip("\n").split("\n")]


BEFORE = parse_rows("""
用户总数达[9.89亿|989000000|]
覆盖率为[70.4%|70.4|%]
覆盖率为[７０．４％|70.4|%]
同比提升[5.9个百分点|5.9|个百分点]
全国共有[832个|832|个]重点县
我国排名[第45位|45|位]
全年零售额[11.76万亿元|11760000000000|元]
合计[1,234.5|1234.5|]
产量是去年的[3-5倍||倍]
[超过一半|0.5|]的代表，即[三分之二||]，投了赞成票
满意度[近九成|9|成]
价格下降[两成|2|成]
总量突破[百万亿|100000000000000|]大关
[上百家||家]企业参展
[十余个||个]村庄受灾
[二〇二〇年|2020|年]的冬天
[2020年12月||]发布
发布时间：[2021/2/3 9:22||]
“十四五”时期是关键阶段
参会者有[2万多人次|20000|人次]的观众
完成率为[百分之七十|70|%]
工业增速为[-3.2%|-3.2|%]
部分省份出现负增长
出口[翻两番|2|番]
已[连续八年|8|年]位居榜首
[二十世纪九十年代||]
[上世纪80年代||]他就来到北京
[3月15日||]是消费者权益日
会议于[上午9时30分||]开始
更新于[9:22||]
大约占[1/3||]
报名人数[1.5万|15000|]
自然增长率[12.3‰|12.3|‰]
自然增长率为[千分之三|3|‰]
发电量[3.5亿千瓦时|350000000|千瓦时]
门票[人民币100元|100|元]
本市经济总量全球[第一|1|]
这是该国首次参赛
[第三季度|3|季度]利润下滑
[第十四届|14|届]运动会开幕
[半数|0.5|]受访者表示支持
[过半|0.5|]学生近视
[一半以上|0.5|]的产品出口
[数十名||名]志愿者
现场来了[几百人||人]
注册资本[壹佰万元|1000000|元]
[廿余年|20|年]前
[兩成|2|成]市民反對
網民總數達[9.89億|989000000|]
較去年提升[5.9個百分點|5.9|个百分点]
售價[3.5萬元|35000|元]
营收[１２３亿元|12300000000|元]
大力推进一网通办
进一步深化改革
做好六稳工作，落实六保任务
引入第三方评估机构
千方百计保障供应
万一下雨怎么办
一些地区已经开始
我们一起努力
一定要完成任务
统一部署
十分重要的会议
他一直住在这里
共建一带一路
三农问题
构建双循环新发展格局
万科和百度都参加了
千禧一代的消费观
从三亚飞往九江
四川的万达广场
一方面要快，另一方面要稳
二手房市场
一线城市房价
三文鱼很新鲜
舞台上五花八门的道具
社会消费品零售
十四五规划纲要
COVID-19疫情
5G网络建设
H1N1流感
G20峰会
新款iPhone 12上市
A股市场
我国网民规模达亿，互联网普及率达。
截至年月，农村网民规模为亿，较年月增长万
分别为亿亿，占网民整体的
较年月提升个百分点
发布第次统计报告
年，我国网上零售额达万亿元，较年增长
突破亿元大关
用户规模接近亿
使用次数超过亿人次
双十一购物节
网络零售连续增长
打通最后一公里
累计申领近亿人
近年来取得实质性进展
近万人到场
占比为，提升个百分点
价格为元，重千克
[约3000人|3000|人]参加
[超过200亿元|20000000000|元]
[逾五千名|5000|名]学生
[大约20分钟|20|分钟]后
[将近10公里|10|公里]
[不足1%|1|%]
[至少12人|12|人]遇难
[最多5次|5|次]
[20岁以上|20|岁]人口
[30天左右|30|天]
[100余家|100|家]媒体
[500多名|500|名]演员
[3000余万元|30000000|元]
[近20年|20|年]来
最近[3年|3|年]
[近3年|3|年]来
节约[3.5亿元|350000000|元]
[两年多|2|年]的时间
[3个多月|3|个月]
[一个半小时|1.5|个小时]
[3年半|3.5|年]之后
[十几万人||人]
[几十万||]大军
[三四十岁||岁]的人
[七八个||个]人
[两三天||天]内
[五六万元||元]
[三至五年||年]
[5%至8%||%]的增速
[10-15万元||元]
[3～5天||天]内发货
[2016年至2020年||年]期间
[2010-2019||]
[1-11月||]累计
[3月1日至5日||]
[2020年1-11月||]
[2020年第三季度||]
[1949年10月1日||]
[1998年|1998|年]出生
[20世纪|20|世纪]以来
[90年代|90|年代]
[九十年代|90|年代]
[公元前221年|-221|年]
[民国38年|38|年]
[12月|12|月]下旬
[十二月|12|月]
[15日|15|日]下午
[下午三点||]见面
[9时|9|时]许
[凌晨2点半||]
[2020年12月31日24时||]
[第一季度|1|季度]
[一季度|1|季度]
[二〇二一年三月||]
[1小时25分钟||]
[10元|10|元]起
[3.5万美元|35000|美元]
[100港元|100|港元]
[5亿欧元|500000000|欧元]
[$100|100|$]
[￥299|299|¥]
[一百二十三|123|]
[一万三千五百|13500|]
[三千万|30000000|]
[一亿五千万元|150000000|元]
[3亿2000万元|320000000|元]
[两千零八年|2008|年]
[一百零一|101|]
[三点五倍|3.5|倍]
[百分之三点五|3.5|%]
[百分之百|100|%]
[四分之三|0.75|]
[1/4|0.25|]
[三分之一||]
[3:1||]的比例
[3比1||]获胜
[七成五|7.5|成]
[七八成||成]
[九折|9|折]优惠
[第一次|1|次]
[第二大|2|]经济体
[第3名|3|名]
[第二十三条|23|条]
第一时间赶到
排名[第一|1|]。
居世界[第二|2|]
[三个|3|个]方面
[两个|2|个]孩子
[五名|5|名]队员
[十二条|12|条]措施
[八项|8|项]规定
一个重要的问题
一种新的方法
一名男子
每一个人
有一天
[一年|1|年]时间
[一人|1|人]受伤
[一公里|1|公里]长
[一倍|1|倍]
[一成左右|1|成]
一成不变
[三大|3|]运营商
十九大报告
[数百万人||人]
[上千名||名]群众
[上万人||人]
[数亿||]
[近百家|100|家]企业
[百余人||人]
[几千公里||公里]
[数以万计||]的人
成千上万的游客
人数十分庞大
[120km/h|120|km/h]
[5公斤|5|公斤]
[8.5平方公里|8.5|平方公里]
[1200立方米|1200|立方米]
[36.5℃|36.5|℃]
[零下5度|-5|度]
[100吨|100|吨]
[50兆瓦|50|兆瓦]
[3万人次|30000|人次]
[20 万|200000|]
[9.89 亿人|989000000|人]
[2020 年 12 月||]
90后创业者
[500强|500|强]企业
PM2.5浓度
F-35战机
MP3播放器
Web3.0时代
B2B平台
T3航站楼
3D打印
5A级景区
[60岁|60|岁]老人
[5.5%左右|5.5|%]
[14.1亿人|1410000000|人]
[1.2 billion users|1200000000|users]
finished [45th|45|] overall
[two thirds||] of voters
raised [$3.5m|3500000|$]
[US$3.5 million|3500000|US$]
[£20m|20000000|£]
[35 per cent|35|%] of homes
rose [3.2 percentage points|3.2|percentage points]
[a quarter|0.25|] of the population
[half|0.5|] of respondents
[twenty-six|26|] countries
[a dozen|12|] eggs
the [ninth|9|] edition
in [Q3 2020||]
for [FY2021||]
[2010-2019||] average
one of the most popular
on the one hand
a second-hand car
no one knows
i.e. the others
[about 300 people|300|people]
[over 5,000|5000|] jobs
[nearly 40%|40|%]
[more than 1 million users|1000000|users]
[almost 10 years|10|years]
[at least 12|12|] died
[up to 50 km|50|km]
[December 2020||]
[15 December 2020||]
[Dec. 15, 2020||]
in [2020|2020|]
the [1990s||]
the [20th century|20|century]
[three hundred and five|305|]
[one million|1000000|] trees
[two|2|] of them
[hundreds||] of people
[tens of thousands||] of fans
[3 to 5 percent||%]
[10–20||] pages
[€1.5bn|1500000000|€]
[-0.5%|-0.5|%]
[100 basis points|100|basis points]
[9:22 am||]
[1,234,567|1234567|]
the other party agreed
someone wrote often
[10 or more|10|] items
[several hundred||] workers
one another and everyone
the tenant attended
first of all
[three times|3|times] as many
third-party cookies
the mp3 player and the B-52
GDP growth was strong
a stone and a bone
[fourth quarter|4|quarter]
[half a million|500000|]
[one year|1|year] later
""")
AFTER: list[Row] = []
UNMET: list[Row] = []
