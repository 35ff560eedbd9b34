"""Follow-ups with the complete question they stand for, and complete questions that only look like follow-ups.

All but ``LATER`` were written before ``qa/dialogue.py`` was changed for them. ``TUNE`` was looked at while it was
changed; ``APART`` was only counted (``python -m tests.dialogue_rows``): 21 of 52 follow-ups and 18 of 31 complete
questions were right before the change, 48 and 30 after it. Then two of its misses were mended, one of them a complete
question that had been bent, and the others are in ``KNOWN``. No row comes from the seed report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``expected`` holds the wordings that are right; empty: the question is complete and stays as it is."""

    history: tuple[str, ...]
    question: str
    expected: tuple[str, ...] = ()


def row(before: str, question: str, *expected: str) -> Row:
    """Return a row; ``before`` holds the earlier questions, oldest first, parted by |."""
    return Row(tuple(before.split("|")), question, expected)


def same(one: str, other: str) -> bool:
    """Whether two wordings ask alike: punctuation, 的, and 是 or 有 before 多少 make no difference."""

    def bare(text: str) -> str:
        return re.sub(r"[\s，,。？?！!的]|[是有为為](?=多少|什么|什麼|几|幾)", "", text).lower()

    return bare(one) == bare(other)


SOURCE_TUNE = """2022年末全市常住人口为一千万人，比上年增加二十万人。城镇常住人口为七百万人，农村常住人口为三百万人。
城镇居民人均可支配收入为五万元，同比增长六个百分点，农村居民人均可支配收入为两万元，农村居民人均消费支出一万元。
城镇登记失业率为百分之四。女性就业人口为二百万人，男性就业人口为三百万人，占总人口的一半。
新能源汽车产量达三十万辆，新能源汽车出口量为十万辆，占汽车出口总量的三成。新能源汽车销售额达百亿元。
地铁客运量是五亿人次，公交客运量为三亿人次。地铁运营里程是六百公里。数字图书馆在东城区建成，由市文旅局负责。
2021年粮食产量为九百万吨，2022年粮食产量为一千万吨。全市有普通高校二十所，在校学生三十万人，中学百所。
The number of subway passengers was five hundred million. Urban income was 50,000 yuan and rural income 20,000 yuan.
The urban unemployment rate was 4 percent. Exports of electric cars reached 100,000 in 2022, imports 20,000.
The digital library opened in the eastern district. Women make up half of the workforce. Wheat output fell by 3%.
"""

TUNE: tuple[Row, ...] = (
    # ---- the quantity stays, the group, place or year is another one
    row("全市常住人口是多少？", "城镇的呢？", "城镇常住人口是多少"),
    row("城镇常住人口是多少？", "农村的呢？", "农村常住人口是多少"),
    row("城镇登记失业率是多少？", "那农村呢？", "农村登记失业率是多少", "农村失业率是多少"),
    row("城镇居民人均可支配收入是多少？", "农村居民呢？", "农村居民人均可支配收入是多少"),
    row("女性就业人口有多少？", "男性呢？", "男性就业人口有多少"),
    row("女性就业人口有多少？", "那男性的有多少？", "男性就业人口有多少"),
    row("女性就业人口有多少？", "男性的是多少？", "男性就业人口是多少"),
    row("2021年粮食产量是多少？", "那2022年呢？", "2022年粮食产量是多少"),
    row("2021年粮食产量是多少？", "2022年的呢？", "2022年粮食产量是多少"),
    row("粮食产量是多少？", "2022年呢？", "2022年粮食产量是多少"),
    row("2021年全市粮食产量是多少？", "那2022年是多少？", "2022年全市粮食产量是多少"),
    row("地铁客运量是多少？", "公交呢？", "公交客运量是多少"),
    row("地铁客运量是多少？", "换成公交呢？", "公交客运量是多少"),
    row("地铁客运量是多少？", "如果是公交呢？", "公交客运量是多少"),
    row("普通高校有多少所？", "那中学呢？", "中学有多少所"),
    row("城镇居民人均可支配收入增长了多少？", "农村居民呢？", "农村居民人均可支配收入增长了多少"),
    # ---- the subject stays, the quantity is another one
    row("新能源汽车产量是多少？", "那出口量呢？", "新能源汽车出口量是多少"),
    row("新能源汽车产量是多少？", "出口量？", "新能源汽车出口量是多少"),
    row("新能源汽车产量增长了多少？", "那出口量呢？", "新能源汽车出口量增长了多少"),
    row("新能源汽车产量是多少？", "销售额是多少？", "新能源汽车销售额是多少"),
    row("地铁客运量是多少？", "运营里程呢？", "地铁运营里程是多少"),
    row("农村居民人均可支配收入是多少？", "人均消费支出呢？", "农村居民人均消费支出是多少"),
    row("2022年新能源汽车产量是多少？", "那出口量呢？", "2022年新能源汽车出口量是多少"),
    row("农村常住人口有多少？", "那失业率呢？", "农村失业率是多少", "农村常住人口失业率是多少"),
    # ---- what happened to it
    row("新能源汽车产量是多少？", "增长了多少？", "新能源汽车产量增长了多少"),
    row("新能源汽车产量是多少？", "那增长了多少？", "新能源汽车产量增长了多少"),
    row("全市常住人口有多少？", "比上年增加了多少？", "全市常住人口比上年增加了多少"),
    row("全市常住人口有多少？", "与2021年相比呢？", "全市常住人口与2021年相比"),
    row("城镇居民人均可支配收入是多少？", "同比呢？", "城镇居民人均可支配收入同比增长多少"),
    row("女性就业人口有多少？", "占比呢？", "女性就业人口占比多少"),
    row("女性就业人口有多少？", "占总人口多少？", "女性就业人口占总人口多少"),
    row("新能源汽车出口量是多少？", "比重是多少？", "新能源汽车出口量比重是多少"),
    row("新能源汽车产量是多少？", "排第几？", "新能源汽车产量排第几", "新能源汽车排第几"),
    row("新能源汽车产量是多少？|那出口量呢？", "增长了多少？", "新能源汽车出口量增长了多少"),
    row("新能源汽车产量增长了多少？", "占比呢？", "新能源汽车产量占比多少"),
    row("城镇登记失业率是多少？", "为什么下降了？", "城镇登记失业率为什么下降了"),
    row("城镇登记失业率是多少？", "为什么？", "城镇登记失业率为什么"),
    row("城镇登记失业率是多少？", "是怎么计算的？", "城镇登记失业率是怎么计算的"),
    # ---- it
    row("数字图书馆在哪里建成？", "它以后会怎么发展？", "数字图书馆以后会怎么发展"),
    row("数字图书馆在哪里建成？", "它由谁负责？", "数字图书馆由谁负责"),
    row("数字图书馆在哪里建成？", "由谁负责？", "数字图书馆由谁负责"),
    row("数字图书馆在哪里建成？", "什么时候建成的？", "数字图书馆什么时候建成的"),
    row("新能源汽车产量是多少？", "它的出口量呢？", "新能源汽车出口量是多少"),
    row("新能源汽车产量是多少？", "其出口量是多少？", "新能源汽车出口量是多少"),
    row("新能源汽车产量是多少？", "它占汽车出口总量的多少？", "新能源汽车产量占汽车出口总量的多少"),
    row("数字图书馆在哪里建成？", "为什么它建在东城区？", "为什么数字图书馆建在东城区"),
    # ---- traditional
    row("城鎮登記失業率是多少？", "那農村呢？", "農村登記失業率是多少", "農村失業率是多少"),
    row("新能源汽車產量是多少？", "那出口量呢？", "新能源汽車出口量是多少"),
    row("新能源汽車產量是多少？", "增長了多少？", "新能源汽車產量增長了多少"),
    row("女性就業人口有多少？", "佔比呢？", "女性就業人口佔比多少"),
    row("女性就業人口有多少？", "佔總人口多少？", "女性就業人口佔總人口多少"),
    row("數字圖書館在哪裡建成？", "它以後會怎麼發展？", "數字圖書館以後會怎麼發展"),
    row("全市常住人口有多少？", "與去年相比呢？", "全市常住人口與去年相比"),
    row("數字圖書館在哪裡建成？", "什麼時候建成的？", "數字圖書館什麼時候建成的"),
    # ---- English
    row(
        "What is the urban income?",
        "And in rural areas?",
        "What is the income in rural areas",
        "What is the urban income in rural areas",
    ),
    row("What is the urban income?", "And rural?", "What is the rural income"),
    row(
        "What was the urban income?",
        "What about the unemployment rate?",
        "What is the urban unemployment rate",
        "What was the urban unemployment rate",
    ),
    row(
        "How many electric cars were exported in 2022?", "And in 2021?", "How many electric cars were exported in 2021"
    ),
    row("How many electric cars were exported?", "And imported?", "How many electric cars were imported"),
    row(
        "How many electric cars were exported?",
        "By how much did it grow?",
        "By how much did electric cars exported grow",
        "By how much did the number of electric cars exported grow",
    ),
    row(
        "What was the wheat output?",
        "By how much did it fall?",
        "By how much did the wheat output fall",
        "By how much did wheat output fall",
    ),
    row("What was the wheat output?", "Why did it fall?", "Why did the wheat output fall", "Why did wheat output fall"),
    row(
        "What was the wheat output?",
        "What about its share?",
        "What is the share of wheat output",
        "What was the share of wheat output",
        "What about wheat output's share",
        "What is wheat output's share",
    ),
    row("Where did the digital library open?", "When was it built?", "When was the digital library built"),
    row(
        "How many subway passengers were there?",
        "And compared with 2021?",
        "How many subway passengers were there compared with 2021",
    ),
    row(
        "How many rural residents are there?",
        "And the unemployment rate?",
        "What is the unemployment rate of rural residents",
        "What is the rural unemployment rate",
    ),
    row("How many women are in the workforce?", "And men?", "How many men are in the workforce"),
    row(
        "How many subway passengers were there in towns?",
        "In villages?",
        "How many subway passengers were there in villages",
    ),
    # ---- complete, though it begins or ends like a follow-up
    row("新能源汽车产量是多少？", "地铁客运量是多少？"),
    row("新能源汽车产量是多少？", "地铁客运量是多少呢？"),
    row("新能源汽车产量是多少？", "那么地铁客运量是多少？", "地铁客运量是多少"),
    row("新能源汽车产量是多少？", "那地铁客运量呢？", "地铁客运量是多少"),
    row("新能源汽车产量是多少？", "那曲市有多少人口？"),
    row("新能源汽车产量是多少？", "那些企业有多少家？"),
    row("新能源汽车产量是多少？", "其他城市的失业率是多少？"),
    row("新能源汽车产量是多少？", "其余地区的人口有多少？"),
    row("新能源汽车产量是多少？", "今天天气怎么样？"),
    row("新能源汽车产量是多少？", "增长最快的行业是哪个？"),
    row("新能源汽车产量是多少？", "占地面积最大的公园是哪个？"),
    row("新能源汽车产量是多少？", "占地面积是多少？"),
    row("新能源汽车产量是多少？", "比亚迪卖了多少辆车？"),
    row("新能源汽车产量是多少？", "比特币价格是多少？"),
    row("新能源汽车产量是多少？", "这份报告是谁发布的？"),
    row("新能源汽车产量是多少？", "该报告是什么时候发布的？"),
    row("新能源汽车产量是多少？", "这几年失业率有什么变化？"),
    row("新能源汽车产量是多少？", "此前有多少人失业？"),
    row(
        "新能源汽车产量是多少？",
        "其实际利用外资是多少？",
        "新能源汽车实际利用外资是多少",
        "新能源汽车产量实际利用外资是多少",
    ),
    row("新能源汽车产量是多少？", "还有多少村庄没有通电？"),
    row("新能源汽车产量是多少？", "为什么失业率下降了？"),
    row("新能源汽车产量是多少？", "在哪里可以看到数字图书馆？"),
    row("新能源汽车产量是多少？", "降水量是多少毫米？"),
    row("新能源汽车产量是多少？", "跌打损伤药品的销量是多少？"),
    row("新能源汽车产量是多少？", "涨价的商品有哪些？"),
    row("新能源汽车产量是多少？", "提高待遇的教师有多少人？"),
    row("新能源汽车产量是多少？", "减少贫困的措施有哪些？"),
    row("新能源汽车产量是多少？", "2022年粮食产量是多少？"),
    row("新能源汽车产量是多少？", "排名前十的企业占多少？"),
    row("新能源汽车产量是多少？", "目前全市有多少所高校？"),
    row("新能源汽车产量是多少？", "什么是数字图书馆？"),
    row("新能源汽车产量是多少？", "谁是市长？"),
    row("新能源汽车產量是多少？", "其他城市的失業率是多少？"),
    row("新能源汽車產量是多少？", "還有多少村莊沒有通電？"),
    row("新能源汽車產量是多少？", "這份報告是誰發布的？"),
    row("新能源汽車產量是多少？", "地鐵客運量是多少呢？"),
    row("How many rural residents are there?", "How many subway passengers were there?"),
    row("How many rural residents are there?", "What is the unemployment rate?"),
    row("How many rural residents are there?", "How many farmers sell their crops online?"),
    row("How many rural residents are there?", "What share of villages that lacked a road now have one?"),
    row("How many rural residents are there?", "How long does it take to build a subway line?"),
    row("How many rural residents are there?", "Is it true that exports fell?"),
    row("How many rural residents are there?", "Who published this report?"),
    row("How many rural residents are there?", "What happened to wheat output this year?"),
    row("How many rural residents are there?", "And how many cars were exported?", "How many cars were exported"),
    row("How many rural residents are there?", "Did the city meet its target for exports?"),
    row(
        "How many rural residents are there?",
        "Then what was the wheat output in 2022?",
        "What was the wheat output in 2022",
    ),
    row("How many rural residents are there?", "In which district did the digital library open?"),
    row("How many rural residents are there?", "Do women earn less than their male colleagues?"),
    row("How many rural residents are there?", "Was there any growth in exports?"),
)

#: Written after the code, while the page was used.
LATER: tuple[Row, ...] = (
    row("新能源汽车产量是多少？", "那这个数字准确吗？", "这个数字准确吗"),
    row("新能源汽车产量是多少？", "2021年以来增长了多少？", "新能源汽车产量2021年以来增长了多少"),
    row("新能源汽车产量是多少？", "还有呢？", "新能源汽车产量是多少"),
    row("新能源汽车连续几年产量第一？", "是从哪一年开始的？", "新能源汽车连续产量第一是从哪一年开始的"),
    row("农村有多少常住人口？", "比上年增长了多少？", "农村常住人口比上年增长了多少"),
    row("新能源汽车产量是多少？", "增长了百分之几？", "新能源汽车产量增长了百分之几"),
    row("新能源汽车产量是多少？", "同比下降百分之多少？", "新能源汽车产量同比下降百分之多少"),
    row("新能源汽车产量是多少？", "出口量增长了百分之几？", "新能源汽车出口量增长了百分之几"),
    row("2021年城镇登记失业率是多少？", "那农村呢？", "2021年农村登记失业率是多少"),
    row("2021年城镇登记失业率是多少？", "去年呢？", "去年城镇登记失业率是多少"),
    row("城镇登记失业率超过5%了吗？", "那农村呢？", "农村登记失业率超过5%了吗"),
    row("数字图书馆是谁建的？", "它有多少藏书？", "数字图书馆有多少藏书"),
    row("女性就业人口有多少？", "那么农村地区的女性呢？", "农村地区的女性就业人口有多少"),
    row("今年抽检了多少部电梯？", "有问题的呢？", "今年抽检了电梯，其中有问题的有多少部"),
    row("新签合同多少份？", "其中未履行的有几份？", "新签合同，其中未履行的有几份"),
    row("What was revenue in 2024?", "And a year earlier?", "What was revenue in 2023"),
    row("What was revenue in 2024?", "What about the following year?", "What was revenue in 2025"),
    row("What was revenue in the third quarter?", "And last year?", "What was revenue in the third quarter last year"),
    row("What was online revenue in Q3 2024?", "What about wholesale?", "What was wholesale revenue in Q3 2024"),
    row("Who built the digital library?", "When did it open?", "When did the digital library open"),
    row("What was the share of women in the workforce?", "And of men?", "What was the share of men in the workforce"),
    row(
        "What was the share of women in the workforce?",
        "How has it changed?",
        "How has the share of women in the workforce changed",
    ),
    row("How much did exports grow?", "What about imports?", "How much did imports grow"),
    row("How much did exports grow?", "Why?", "Why did exports grow"),
    row("What was the wheat output in 2021?", "And 2022?", "What was the wheat output in 2022"),
    row(
        "What was the wheat output?", "How does that compare with 2021?", "How does the wheat output compare with 2021"
    ),
    row("新能源汽车产量是多少？", "谢谢"),
    row("新能源汽车产量是多少？", "真的吗？"),
    row("What was the wheat output?", "Thanks"),
)

SOURCE_APART = """2020年全国旅游收入为三万亿元，比2019年下降一半。国内旅游人数为二十亿人次，入境旅游人数为三千万人次。
境外游客人均消费为两千元。铁路营业里程为十四万公里，其中高速铁路营业里程为四万公里。民航旅客周转量为六千亿人公里。
水稻播种面积为三千万公顷，玉米播种面积为四千万公顷，玉米单产为每公顷六吨。小学在校生为一亿人，毛入学率为百分之百。
博物馆参观人次达五亿，免费开放的博物馆占九成。海水淡化工程在舟山投产，由中国电建承建。光伏装机容量为两亿千瓦。
光伏发电量为三千亿千瓦时，风电发电量为四千亿千瓦时。医院床位数为九百万张，基层医疗机构床位数为一百万张。
Hospital beds numbered nine million, of which one million were in primary care. Solar capacity stood at 250 gigawatts.
Domestic tourists made two billion trips; foreign tourists made thirty million trips and spent 2,000 yuan each.
The desalination plant in Zhoushan cost two billion yuan. Rice yields rose 2% and maize yields 4% in 2020.
"""

APART: tuple[Row, ...] = (
    row("国内旅游人数是多少？", "入境的呢？", "入境旅游人数是多少"),
    row("国内旅游人数是多少？", "那入境呢？", "入境旅游人数是多少"),
    row("水稻播种面积有多大？", "玉米呢？", "玉米播种面积有多大"),
    row("水稻播种面积有多大？", "玉米的有多大？", "玉米播种面积有多大"),
    row("2020年全国旅游收入是多少？", "那2019年呢？", "2019年全国旅游收入是多少"),
    row("全国旅游收入是多少？", "2019年的是多少？", "2019年全国旅游收入是多少"),
    row("光伏发电量是多少？", "风电呢？", "风电发电量是多少"),
    row("光伏发电量是多少？", "那风电的发电量呢？", "风电的发电量是多少"),
    row("医院床位数是多少？", "基层医疗机构呢？", "基层医疗机构床位数是多少"),
    row("铁路营业里程是多少公里？", "高速铁路呢？", "高速铁路营业里程是多少公里"),
    row("光伏装机容量是多少？", "发电量呢？", "光伏发电量是多少"),
    row("光伏装机容量增长了多少？", "那发电量呢？", "光伏发电量增长了多少"),
    row("玉米播种面积有多大？", "单产呢？", "玉米单产是多少", "玉米单产有多大"),
    row("小学在校生有多少人？", "毛入学率呢？", "小学毛入学率是多少", "小学在校生毛入学率是多少"),
    row("小学在校生有多少人？", "毛入学率是多少？", "小学毛入学率是多少", "小学在校生毛入学率是多少"),
    row("全国旅游收入是多少？", "下降了多少？", "全国旅游收入下降了多少"),
    row("全国旅游收入是多少？", "较上年下降了几成？", "全国旅游收入较上年下降了几成"),
    row("全国旅游收入是多少？", "和2019年相比呢？", "全国旅游收入和2019年相比"),
    row("全国旅游收入是多少？", "环比呢？", "全国旅游收入环比增长多少"),
    row("光伏发电量是多少？", "占比是多少？", "光伏发电量占比是多少"),
    row("光伏发电量是多少？", "占全部发电量的多少？", "光伏发电量占全部发电量的多少"),
    row("光伏发电量是多少？", "增速呢？", "光伏发电量增速是多少"),
    row("光伏发电量是多少？", "世界排名呢？", "光伏发电量世界排名是多少", "光伏世界排名是多少"),
    row("国内旅游人数是多少？|入境的呢？", "减少了多少？", "入境旅游人数减少了多少"),
    row("国内旅游人数是多少？|入境的呢？", "人均消费呢？", "入境旅游人均消费是多少", "入境旅游人数人均消费是多少"),
    row("海水淡化工程在哪里投产？", "它未来会扩建吗？", "海水淡化工程未来会扩建吗"),
    row("海水淡化工程在哪里投产？", "它是由谁承建的？", "海水淡化工程是由谁承建的"),
    row("海水淡化工程在哪里投产？", "由谁承建？", "海水淡化工程由谁承建"),
    row("海水淡化工程在哪里投产？", "什么时候投产的？", "海水淡化工程什么时候投产的"),
    row("海水淡化工程在哪里投产？", "花了多少钱？", "海水淡化工程花了多少钱"),
    row("光伏装机容量是多少？", "它的发电量呢？", "光伏发电量是多少"),
    row("博物馆参观人次是多少？", "其中免费开放的呢？", "免费开放的博物馆参观人次是多少"),
    row("光伏發電量是多少？", "風電呢？", "風電發電量是多少"),
    row("全國旅遊收入是多少？", "下降了多少？", "全國旅遊收入下降了多少"),
    row("光伏發電量是多少？", "佔全部發電量的多少？", "光伏發電量佔全部發電量的多少"),
    row("海水淡化工程在哪裡投產？", "它未來會擴建嗎？", "海水淡化工程未來會擴建嗎"),
    row("光伏裝機容量是多少？", "那發電量呢？", "光伏發電量是多少"),
    row(
        "How many hospital beds are there?", "And in primary care?", "How many hospital beds are there in primary care"
    ),
    row(
        "How many trips did domestic tourists make?",
        "And foreign tourists?",
        "How many trips did foreign tourists make",
    ),
    row(
        "How many trips did domestic tourists make?",
        "What about foreign tourists?",
        "How many trips did foreign tourists make",
    ),
    row("How much did rice yields rise in 2020?", "And in 2019?", "How much did rice yields rise in 2019"),
    row("How much did rice yields rise?", "And maize yields?", "How much did maize yields rise"),
    row(
        "What is the solar capacity?",
        "How much did it grow?",
        "How much did the solar capacity grow",
        "How much did solar capacity grow",
    ),
    row(
        "What is the solar capacity?",
        "What is its share?",
        "What is the share of solar capacity",
        "What is solar capacity's share",
    ),
    row("Where is the desalination plant?", "How much did it cost?", "How much did the desalination plant cost"),
    row("Where is the desalination plant?", "Who built it?", "Who built the desalination plant"),
    row("What is the solar capacity?", "Compared with 2019?", "What is the solar capacity compared with 2019"),
    row(
        "How many foreign tourists were there?",
        "How about their spending?",
        "What is the spending of foreign tourists",
        "How about foreign tourists' spending",
    ),
    # ---- complete
    row("光伏发电量是多少？", "医院床位数是多少？"),
    row("光伏发电量是多少？", "医院床位数有多少呢？"),
    row("光伏发电量是多少？", "那医院床位数是多少？", "医院床位数是多少"),
    row("光伏发电量是多少？", "那玉米播种面积呢？", "玉米播种面积是多少"),
    row("光伏发电量是多少？", "那达慕大会在哪里举行？"),
    row("光伏发电量是多少？", "那一年的旅游收入是多少？"),
    row("光伏发电量是多少？", "其它能源的装机容量是多少？"),
    row("光伏发电量是多少？", "比利时的人口是多少？"),
    row("光伏发电量是多少？", "占地超过一万公顷的农场有几个？"),
    row("光伏发电量是多少？", "下降幅度最大的指标是什么？"),
    row("光伏发电量是多少？", "这篇文章的作者是谁？"),
    row("光伏发电量是多少？", "此次普查涉及多少人？"),
    row("光伏发电量是多少？", "该国人口是多少？", "光伏该国人口是多少", "该国人口是多少"),
    row("光伏发电量是多少？", "为什么旅游收入下降？"),
    row("光伏发电量是多少？", "他国游客有多少？"),
    row("光伏发电量是多少？", "上升最快的价格是哪种？"),
    row("光伏发电量是多少？", "提高入学率的办法有哪些？"),
    row("光伏发电量是多少？", "从哪些国家来的游客最多？"),
    row("光伏发电量是多少？", "谁承建了海水淡化工程？"),
    row("光伏发电量是多少？", "怎样才能免费参观博物馆？"),
    row("光伏发电量是多少？", "再生水利用量是多少？"),
    row("光伏发电量是多少？", "2020年全国旅游收入是多少呢？"),
    row("光伏發電量是多少？", "其它能源的裝機容量是多少？"),
    row("光伏發電量是多少？", "醫院床位數有多少呢？"),
    row("光伏發電量是多少？", "為什麼旅遊收入下降？"),
    row("What is the solar capacity?", "How many hospital beds are there?"),
    row("What is the solar capacity?", "Do tourists who bring their children spend more?"),
    row("What is the solar capacity?", "How much does it cost to visit a museum?"),
    row("What is the solar capacity?", "Which hospital is known for its heart centre?"),
    row("What is the solar capacity?", "What does the report say about those who left school?"),
    row("What is the solar capacity?", "And what was the rice yield in 2020?", "What was the rice yield in 2020"),
    row("What is the solar capacity?", "By how much did tourism fall?"),
    row("What is the solar capacity?", "In what year did the plant open?"),
    row("What is the solar capacity?", "Is there a plan to expand these days?"),
    row("What is the solar capacity?", "For whom are museums free?"),
)

SOURCE_ATTACKED = """全市有公办养老机构八十家，民办养老机构一百二十家。
城镇医疗机构五百所，乡镇医疗机构三百所。
公立医院床位一万张，
私立医院床位三千张。
男性教师三千人，女性教师五千人，教师学历以本科为主。
国内航线九十条，国外航线三十条。
线上零售额二百亿元，线下零售额三百亿元。
农村用户规模为三百万，城镇用户规模为五百万。
甘蔗种植面积十万公顷，花生种植面积五万公顷。
企業六千家，國內航線九十條，國外航線三十條。
公辦學校八十所，民辦學校二十所。
城鎮用戶規模為五百萬，農村用戶規模為三百萬。
There are three million rural broadband users and five million urban broadband users. Domestic flights numbered 900 and
foreign flights 300 in 2022. Private clinics treated 40,000 patients, public clinics 90,000. Cotton was exported.
"""

#: Found by an attack on the page, and others of their kinds; written before the rules were mended for them.
ATTACKED: tuple[Row, ...] = (
    # ---- complete: they name their own thing
    row("农村用户规模是多少？", "有多少家企业？"),
    row("农村用户规模是多少？", "有多少所学校？"),
    row("农村用户规模是多少？", "有多少医生？"),
    row("农村用户规模是多少？", "有几条航线？"),
    row("农村用户规模是多少？", "现在有多少教师？"),
    row("农村用户规模是多少？", "目前有多少名护士？"),
    row("农村用户规模是多少？", "一共有多少个乡镇？"),
    row("农村用户规模是多少？", "2020年有多少家医院？"),
    row("农村用户规模是多少？", "需要多少资金？"),
    row("农村用户规模是多少？", "增加了多少就业岗位？"),
    row("农村用户规模是多少？", "减少了多少贫困人口？"),
    row("农村用户规模是多少？", "排名第一的城市是哪个？"),
    row("农村用户规模是多少？", "排名第三的大学叫什么？"),
    row("农村用户规模是多少？", "排名第一的是哪个城市？"),
    row("农村用户规模是多少？", "占出口比重最高的商品是什么？"),
    row("农村用户规模是多少？", "占用电量比例最大的行业是哪个？"),
    row("农村用户规模是多少？", "比上年增加的岗位有多少个？"),
    row("农村用户规模是多少？", "由谁承建的大桥最长？"),
    row("农村用户规模是多少？", "与2018年相比，全市煤炭产量下降了多少？"),
    row("农村用户规模是多少？", "和上年相比，甘蔗种植面积增加了多少？"),
    row("农村用户规模是多少？", "比上年全市煤炭产量增长了多少？"),
    row("农村用户规模是多少？", "同去年相比，公立医院床位有多少？"),
    row("農村用戶規模是多少？", "有多少家企業？"),
    row("農村用戶規模是多少？", "現在有多少教師？"),
    row("農村用戶規模是多少？", "排名第一的縣是哪個？"),
    row("農村用戶規模是多少？", "佔出口比重最高的商品是什麼？"),
    row("農村用戶規模是多少？", "與2018年相比，全市煤炭產量下降了多少？"),
    row("农村用户规模是多少？", "好的"),
    row("农村用户规模是多少？", "明白了"),
    row("农村用户规模是多少？", "航线"),
    row("How many rural broadband users are there?", "Did they say how many clinics were built?"),
    row("How many rural broadband users are there?", "Do they mention what the cotton price was?"),
    row("How many rural broadband users are there?", "Does it say whether exports fell?"),
    row("How many rural broadband users are there?", "When it comes to wind power, what is the output?"),
    row("How many rural broadband users are there?", "When it came to cotton, how much was exported?"),
    row("How many rural broadband users are there?", "Was it in 2020 that exports fell?"),
    row("How many rural broadband users are there?", "How is it that exports fell?"),
    row("How many rural broadband users are there?", "Great"),
    row("How many rural broadband users are there?", "Cotton exports?"),
    # ---- follow-ups that look much like them
    row("公立医院在哪里？", "有多少家？", "公立医院有多少家"),
    row("公立医院在哪里？", "现在有多少家？", "公立医院现在有多少家"),
    row("线上零售额是多少？", "有多少亿元？", "线上零售额有多少亿元"),
    row("线上零售额是多少？", "增长了多少个百分点？", "线上零售额增长了多少个百分点"),
    row("甘蔗种植面积是多少？", "达到多少公顷？", "甘蔗种植面积达到多少公顷"),
    row("线上零售额是多少？", "占总额的比重是多少？", "线上零售额占总额的比重是多少"),
    row("线上零售额是多少？", "下降的原因是什么？", "线上零售额下降的原因是什么"),
    row("线上零售额是多少？", "与2018年相比，增长了多少？", "线上零售额与2018年相比，增长了多少"),
    row("线上零售额是多少？", "与2018年相比，有什么变化？", "线上零售额与2018年相比，有什么变化"),
    row("线上零售额是多少？", "比2018年多多少？", "线上零售额比2018年多多少"),
    row("线上零售额是多少？", "和去年相比高出多少？", "线上零售额和去年相比高出多少"),
    row("線上零售額是多少？", "與2018年相比，增長了多少？", "線上零售額與2018年相比，增長了多少"),
    # ---- a bare noun
    row("农村用户规模是多少？", "城镇", "城镇用户规模是多少"),
    row("农村用户规模是多少？", "城镇？", "城镇用户规模是多少"),
    row("甘蔗种植面积有多大？", "花生？", "花生种植面积有多大"),
    row("国内航线有多少条？", "国外？", "国外航线有多少条"),
    row("男性教师有多少人？", "女性", "女性教师有多少人"),
    row("女性教师有多少人？", "学历？", "女性教师学历是多少", "女性教师学历有多少人", "女性教师学历"),
    row("農村用戶規模是多少？", "城鎮？", "城鎮用戶規模是多少"),
    # ---- a modifier of the same kind takes the place of the one before it, wherever that stands
    row("全市有多少家公办养老机构？", "那民办的呢？", "全市有多少家民办养老机构"),
    row("全市有多少家公办养老机构？", "民办的呢？", "全市有多少家民办养老机构"),
    row("全市有多少所城镇医疗机构？", "乡镇的呢？", "全市有多少所乡镇医疗机构"),
    row("全市有多少名男性教师？", "那女性的呢？", "全市有多少名女性教师"),
    row("全市有多少张私立医院床位？", "公立的呢？", "全市有多少张公立医院床位"),
    row("全市开通了多少条国内航线？", "国外的呢？", "全市开通了多少条国外航线"),
    row("2022年全市有多少家民办养老机构？", "公办的呢？", "2022年全市有多少家公办养老机构"),
    row("公办养老机构有多少家？", "那民办的呢？", "民办养老机构有多少家"),
    row("全市有多少所公辦學校？", "那民辦的呢？", "全市有多少所民辦學校"),
    row("全市有多少條國內航線？", "國外的呢？", "全市有多少條國外航線"),
    row("临州市有多少家公办养老机构？", "城市的呢？", "城市有多少家公办养老机构"),
    # ---- English
    row("How many domestic flights were there in 2022?", "2021?", "How many domestic flights were there in 2021"),
    row("How many domestic flights were there?", "2021?", "How many domestic flights were there in 2021"),
    row("How many rural broadband users are there?", "Urban ones?", "How many urban broadband users are there"),
    row("How many rural broadband users are there?", "And urban ones?", "How many urban broadband users are there"),
    row(
        "How many rural broadband users are there?",
        "What about urban areas?",
        "How many urban broadband users are there",
    ),
    row("How many rural cable users are there?", "What about urban areas?", "How many urban cable users are there"),
    row("How many rural cable users are there?", "Urban ones?", "How many urban cable users are there"),
    row("How many private clinics are there?", "The public ones?", "How many public clinics are there"),
    row("How many domestic flights were there?", "Foreign flights?", "How many foreign flights were there"),
    row("How much cotton was exported?", "Imported?", "How much cotton was imported"),
    row("How many rural broadband users are there?", "Did they grow?", "Did rural broadband users grow"),
    row("How many private clinics are there?", "When were they built?", "When were private clinics built"),
)

#: (Question before, question) of the rows that come out otherwise; each is a strict expected failure.
KNOWN = frozenset(
    {
        ("小学在校生有多少人？", "毛入学率呢？"),
        ("小学在校生有多少人？", "毛入学率是多少？"),
        ("博物馆参观人次是多少？", "其中免费开放的呢？"),
    }
)


def right_for(row: Row, got: str) -> bool:
    return any(same(got, e) for e in row.expected) if row.expected else got == row.question


def main() -> None:
    from index.lexical import tokenize
    from qa.dialogue import complete

    for name, source, rows in (
        ("tune", SOURCE_TUNE, TUNE),
        ("later", SOURCE_TUNE, LATER),
        ("apart", SOURCE_APART, APART),
        ("attacked", SOURCE_ATTACKED, ATTACKED),
    ):
        known = set(tokenize(source))
        right: dict[bool, list[bool]] = {True: [], False: []}
        for r in rows:
            got = complete(r.question, r.history, lambda w, known=known: len(set(tokenize(w)) - known))
            good = right_for(r, got)
            right[bool(r.expected)].append(good)
            if name != "apart" and not good:
                print(f"{r.history[-1]} {r.question} -> {got}")
        print(name, *(f"{'follow-ups' if k else 'complete'} {sum(v)}/{len(v)}" for k, v in right.items()))


if __name__ == "__main__":
    main()
