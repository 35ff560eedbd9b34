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
AFTER = parse_rows("""
海嘯高達[十四公尺|14|公尺]
寬[約二公分|2|公分]的眉紋
誤食[三公克|3|公克]
每週可領[十先令|10|先令]
創下[十七連勝|17|连胜]
推出[32檔|32|档]節目
查获非法客运车[61台次|61|台次]
百公里油耗[6.90L/100km|6.90|L/100km]
降水偏多[2～5成||成]
收复[5成|5|成]失地
赔款[4.5億兩白銀|450000000|两白银]
水深[350~500公尺||公尺]
[六月十五||]，抵达沛县
经费[6千6百多萬美元|66000000|美元]
[14:25||]首播
[下午14:25分||]首播
开班[第一课|1|课]
过去[一年|1|年]新增商家
悬崖四周十分陡峭
[一九五〇年|1950|年]的一天
见https://example.com/827/8276618.html页面
小米MIX Fold 3外屏
“十四五”期间
只有[140个|140|个]字符
晋级[八强|8|强]
[500强|500|强]企业
[5世纪到8世纪||世纪]
公司规模处于弱势
周五上午开会
每周[三次|3|次]锻炼
本周三截止
下周一开市
解放军队伍名声
大陆人士
收拾行李
“三合一”归口
两客一危车辆
[第三代|3|代]移动通信
[十大|10|]重仓股
每年一度
[1.7万亿元|1700000000000|元]
报[21.69元/股|21.69|元/股]
[1-7月||]销量
局地可[超过70毫米|70|毫米]
[30～50毫米||毫米]
回报[-22.8%|-22.8|%]
[2023年8月3日8时8分||]许
[07月28日06时13分||]地震
[8月5日上午10时||]开园
[4.0级左右|4.0|级]地震
每小时[10公里左右|10|公里]
[连续三周|3|周]下降
[超过两年半|2.5|年]以来首次
续航[22小时2分||]
[一个半月|1.5|个月]前
[十五个|15|个]方块
[四十一萬四千人|414000|人]
[六千|6000|]兵马
[光緒三十三年|33|年]
[民國34年|34|年]
[313年|313|年]
[六十年代|60|年代]
汇款[2000万元人民币|20000000|元人民币]
党的十八大以来
参数达到[百亿|10000000000|]级别
[第三多|3|]的城市
网民达亿，占比达，较年底增长万
第届会议在年月日召开
分别增长和，达到亿元和万吨
上升位，排名第
同比下降个百分点
超亿元
近亿级用户
用户数亿
人数万
约亿元人民币
规模突破万亿
分别为万、万和万
为全国的倍
[过半|0.5|]数据已更新
大半年过去
上半年业绩
下半年计划
[半年|0.5|年]时间
[一半|0.5|]
[半个世纪|0.5|个世纪]以来
百年大计
千里之行
一年级新生
四面八方
三心二意
七上八下
三番五次
九牛一毛
乱七八糟
一清二楚
[两千多名|2000|名]师生
[三千多万|30000000|]
[一百余家|100|家]
[数千公里||公里]
[上亿||]用户
[几亿人次||人次]
第三产业占比
第一书记
[第100个|100|个]纪念日
[第2|2|]。
位列[第五|5|]，
[1万至2万元||元]
[1亿-2亿||]
[9折|9|折]
[百分之0.5|0.5|%]
[万分之五|5|‱]
[5‰|5|‰]
[０．５％|0.5|%]
[－１２℃|-12|℃]
[负10度|-10|度]
[third quarter of 2021||]
[Some 1,200 people|1200|people] came
[one in five|0.2|] Americans
[nine out of ten|0.9|] dentists
[nearly two-thirds||] agreed
the [second|2|]-largest economy
for the first time
the B-52 bomber
The Covid-19 pandemic
a [3-fold|3|fold] rise
[10-12 million||] units
[three quarters|0.75|] of women
产值[翻了两番|2|番]
产值翻番
俄制米-[24|24|]直升机
[永樂十八年|18|年]建成
公司Hidroelectrica [7月|7|月]上市
[1994/95年||]球季
R7-7840HS处理器
气温降至[-12度|-12|度]
[24/7||] service
[$12,551|12551|$] per capita
[$1,234.56|1234.56|$]
[HK$30|30|HK$] notes
[RMB 100|100|RMB]
[roughly 26,000|26000|] items
the [21st century|21|century]
[half an hour|0.5|hour]
one by one
[fifty-five million|55000000|]
[no more than 3%|3|%]
[as many as 500|500|] firms
[March 15, 2021||]
[15 March||]
[9 a.m.||]
[六成三|6.3|成]民众表示支持，[近七成五|7.5|成]的受访者同意
[约二成八五|2.85|成]的人不知道，[三成|3|成][四成|4|成]的人
一成不变，十拿九稳
A dividend of [18.3p|18.3|p] a share, up [2.5pp|2.5|pp]
Filmed in 1080p
票價[1萬5,000元|15000|元]，[约3万2560人次|32560|人次]
[12万|120000|]的
[one eighth|0.125|] of households
[12 crore rupees|120000000|rupees], [1.2 lakh|120000|] more
每股派息[3.9港仙|3.9|港仙]
货物周转量[186.3亿吨公里|18630000000|吨公里]，旅客周转量[42.7亿人公里|4270000000|人公里]
全年出动[1,204航次|1204|航次]
修满[150学分|150|学分]
希望[两人|2|人]日后能一起，[3人|3|人]天天值守
[2021|2021|]澳门元宵灯会
""")
# Written before the code that reads them, from an attacker's faults: numbers that lost a part, or hold stray spaces.
BROKEN = parse_rows("""
网民规模达.89亿
网民规模达．89亿，普及率为[70.4%|70.4|%]
農村網民總數為.3億人
全年利润约.75万元
失业率降至.2%
公司营收增长.5个百分点
，.6亿元用于研发
销量.35万辆
本届大会规模空前.[2020年|2020|年]又创新高
成绩居全国[第一|1|].[3月|3|月]再次开赛
服务覆盖全省.[89家|89|家]企业参与
batting average was .300
Sales rose to .89 million last year
No.[5|5|] in the list
普及率达70.%
普及率达70．％，较上年提升[5.9个百分点|5.9|个百分点]
占比為12.%，位居[第二|2|]
全年产量达到45.万吨
全长36.公里，设站[5座|5|座]
新館面積48,平方公尺，人口1,人。
末班车22时分开出
傍晚时分，[22时|22|时]许
Wages rise to £12. in January
[Barely one in four|0.25|] walk, [scarcely a third||] cycle
[三分之二强||]赞成，[三分之一||]强烈反对
The fine was [£12|12|£]. In January it rose
出口额约1,234.亿元
增速降至3.个百分点
Unemployment was 70.% in the region
It rose 5.% and then [6.1%|6.1|%]
[1|1|].个人信息保护
[3|3|].家庭收入稳步提高
[2|2|].万科发布年报
装机容量为[1 234万千瓦|12340000|千瓦]
装机容量为[1 234万千瓦|12340000|千瓦]
裝機容量為[1 234萬千瓦|12340000|千瓦]
装机容量为[1 234 567千瓦|1234567|千瓦]
全省共有[12 345.6平方公里|12345.6|平方公里]湿地
参赛选手达[10 500人|10500|人]
会员总数达[1 234 567|1234567|]。
A total of [12 500 people|12500|people] attended
Revenue rose to [1 234.5 million|1234500000|]
[1 234 567 tonnes|1234567|tonnes] were shipped
the number rose to [12 345|12345|], a record
[2019|2019|] [2020|2020|] [2021|2021|]
分别为[2019|2019|] [234万吨|2340000|吨]
联系电话为[400|400|] [810|810|] [8888|8888|]
热线电话为[800|800|] [820|820|]，欢迎来电
见图[1|1|] [234万吨|2340000|吨]产能
得分为[80|80|] [90|90|] [100|100|]
在[2020年|2020|年] [345家|345|家]企业中
号码为[010|10|] [123万|1230000|]
[12|12|] [34万吨|340000|吨]
[120|120|] [1500人|1500|人]
吞吐量为[1，234万吨|12340000|吨]
吞吐量為[1，234萬噸|12340000|吨]
总投资[12，345，678元|12345678|元]
面积[1，234.5平方公里|1234.5|平方公里]
产值[１，２３４亿元|123400000000|元]
分别为[1|1|]，[2|2|]，[3|3|]
排名[第1|1|]，[234万人|2340000|人]参与
今年新增[12|12|]，[34万吨|340000|吨]在建
增长[5.2%|5.2|%]，[234家|234|家]企业受益
截至[2020|2020|]，[234家|234|家]企业入驻
handled [1,2 million||] containers
吞吐量为[1,2万吨||吨]
佔比為[1,2%||%]
exports of [$1,23 billion||$]
it shipped [12,34 tonnes||tonnes] of rice
[1,2345 million barrels||barrels] were sold
[第1|1|],[2|2|],[3号线|3|号线]开通
see sections [1|1|],[2|2|] and [3|3|]
shipped [1,234 million tonnes|1234000000|tonnes]
增速为[5. 2%|5.2|%]
占比達[70 .4%|70.4|%]
均价为[3. 5万元|35000|元]
总量为[9 .89亿人|989000000|人]
growth of [5. 2%|5.2|%] was seen
It rose to [70 .4 percent|70.4|%]
The fund holds [1 .2 million|1200000|] shares
[1|1|]. [3家|3|家]企业入选
发展目标：[1|1|]. [2万元以下|20000|元]免税
；[2|2|]. [5%|5|%]的税率
见表[1|1|]. [2个|2|个]城市
成立于[2019|2019|]. [20%|20|%]的员工是女性
The list grew in [2019|2019|]. [20%|20|%] of them left
The firms numbered [12|12|]. [20%|20|%] of them left
手机用户规模达 .5亿户
吞吐量为,234万吨
农村网民规模达9 .亿
The population is [1 402 112 000|1402112000|].
the phone number is [400|400|] [810|810|] [888|888|]
Output hit [3 450 tonnes|3450|tonnes] in [2019|2019|]
In [2019|2019|] [234 people|234|people] died
全年接待游客[2，345万人次|23450000|人次]
I counted [5|5|]. [2|2|] of them left
Stocks fell from [120|120|] to [90 tonnes|90|tonnes]
The median age has climbed slowly from [29.8|29.8|] to [34.1 years|34.1|years]
Staff rose to [310|310|] from [85|85|]
Crews were cut from [twelve|12|] to [nine|9|]
children from [5 to 12 years||years]
rose for people from [16 to 24 years||years]
Staff rose by [960|960|] to [6,320|6320|]
Sales slipped by [46|46|] to [31|31|] in all
It will grow by [0.5 to 1.5 per cent||%]
[開皇九年|9|年]改縣
[庆历四年|4|年]筑堰，文化[3年|3|年]行动计划
(傅延之，[895年－962年||年])
由[第六|6|]升至[第三|3|]
It closes at [9.40 in the evening||]
[Nearly half|0.5|] did not know, [a fifth|0.2|] more than last year
Output fell by [half|0.5|], that of mines by [just over a quarter|0.25|]
[One eighth|0.125|] at present, [almost a sixth||] next year
A third party won a [fifth|5|] term at [half past six||]
The cranes swung at [a quarter to six in the morning||]
The alarm was raised at [8.15 that evening||] by his wife
Sales rose by [a quarter|0.25|] to [6.2 million|6200000|]
Coal output fell from [120|120|] to [90 million tonnes|90000000|tonnes]
Sales will grow by [2 to 3 million tonnes||tonnes]
The fish grows from [10 to 15 cm||cm] in length
The increase applies to people from [16 to 24 years||years]
Prices were cut by [5 to 50 per cent||%]
Debt shot up to [120%|120|%] of output
[One and a half million people|1500000|people] fled
It took [two and a half years|2.5|years] to build
The crowd grew from [1600|1600|] to [2000 people|2000|people]
They won by [3 to 1||]
It slipped from [71%|71|%] in [2018|2018|] to [63%|63|%]
Unemployment went up to [12%|12|%]
Fines of [up to 12%|12|%] are due
The fee rose in December from [223|223|] to [320 pounds|320|pounds]
Visits more than doubled, from [1,870|1870|] to [4,260|4260|]
Beds have grown from [70|70|] to [265|265|], restaurants from [three|3|] to [nine|9|]
Prices rose from [2016 to 2020||]
从[120|120|]至[90吨|90|吨]
三次产业结构由[14.9∶40.8∶44.3||]调整为[7.9:38.2:53.9||]
按[2:3:5||]分担，[10:20:30||]开始
从[5到12岁||岁]的儿童
""")
UNMET = parse_rows("""
价格[三毛二||]
[近万人||人]到场欢迎
[三点|3|点]建议
[3米5|3.5|米]高
[公元前5世纪||]
""")
