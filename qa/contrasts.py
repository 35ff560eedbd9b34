"""Words of which one rules the others out: east and west, men and women, first and second quarter, 上午 and 下午.

Where a sentence gives a figure for the day shift, it gives none for the night shift. The reader, which has met many
synonyms, is quick to take a neighbour's word for one: it is trained on questions with such a word changed, and the
judge weighs whether a slot's sentence has another word than the question.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from typing import NamedTuple

from index.folding import fold, has_han
from qa.figures import find_figures
from qa.periods import CALENDAR, PARTS_OF_YEAR

#: A group a line, or on several that end with a semicolon: its members, the English forms of each before the Chinese
#: ones; ``_`` is a space. A member is changed for another in the form at the same place.
_WORDS = """
monday / 周一 星期一; tuesday / 周二 星期二; wednesday / 周三 星期三; thursday / 周四 星期四; friday / 周五 星期五;
saturday / 周六 星期六; sunday / 周日 星期日
spring / 春季 春天; summer / 夏季 夏天; autumn / 秋季 秋天; winter / 冬季 冬天
east eastern / 东部 东区 东侧 东岸; west western / 西部 西区 西侧 西岸;
north northern / 北部 北区 北侧 北岸; south southern / 南部 南区 南侧 南岸
men male males man / 男性 男子 男生 男士; women female females woman / 女性 女子 女生 女士
boys boy / 男孩 男童; girls girl / 女孩 女童
husbands / 丈夫; wives / 妻子
night overnight night-time / 夜间 晚间 夜里 夜班; day daytime / 白天 日间 白班
morning / 上午 早上; afternoon / 下午 午后; evening / 晚上 傍晚
weekday weekdays / 工作日; weekend weekends / 周末 双休日
urban / 城镇 城市; rural / 农村 乡村
imports import imported / 进口; exports export exported / 出口
inbound / 入境; outbound / 出境
domestic / 国内 境内; international foreign overseas / 国际 国外 境外 海外
gross / 毛; net / 净; operating / 营业 经营
assets / 总资产; liabilities / 总负债; equity / 净资产
registered / 户籍; resident / 常住
north_america / 北美; south_america / 南美; europe european / 欧洲; asia asian / 亚洲; africa african / 非洲;
oceania / 大洋洲
public / 公立 公办 公共; private / 私立 民办 民营 私人
nursery kindergarten / 幼儿园; primary / 小学; secondary / 中学 初中; high_school / 高中 高级中学;
university / 大学 高校
bachelor undergraduate / 本科; master / 硕士; doctoral phd / 博士
received filed / 受理; concluded closed disposed / 审结 结案
plaintiff / 原告; defendant / 被告
indoor / 室内; outdoor / 室外 户外
adults adult / 成人 成年人; children child / 儿童 孩子 未成年人; pensioners pensioner / 老人 老年人
highest / 最高; lowest / 最低
largest biggest / 最大; smallest / 最小
longest / 最长; shortest / 最短
fastest / 最快; slowest / 最慢
hottest warmest hot warm / 最热 最高气温; coldest cold / 最冷 最低气温
oldest / 最老 最年长; youngest / 最年轻
maximum / 上限; minimum / 下限
opened opening / 开业 开放 启用; closed closing closure / 关闭 停业
christmas / 圣诞; easter / 复活节; new_year / 元旦; spring_festival / 春节; national_day / 国庆
births born / 出生; deaths died / 死亡
arrivals arrived / 到达 抵达; departures departed / 出发 离开
buyers / 买家; sellers / 卖家
doctors doctor / 医生 医师; nurses nurse / 护士
teachers teacher / 教师 老师 教员 教职工; pupils pupil students student / 学生 在校生 在读生
cars car / 轿车 小汽车; buses bus / 公交车 巴士; lorries lorry trucks truck / 卡车 货车;
motorcycles motorcycle / 摩托车; bicycles bicycle / 自行车
passengers passenger / 旅客 客运; freight cargo / 货物 货运
income revenue / 收入; spending expenditure costs cost / 支出 开支 成本 费用;
profit profits net_income / 利润; debt / 债务
wheat / 小麦; rice / 水稻 稻谷; maize corn / 玉米; potatoes potato / 马铃薯; soybeans / 大豆
cattle cows cow / 牛; sheep / 羊; pigs pig / 猪; chickens chicken / 鸡
beef / 牛肉; pork / 猪肉; poultry / 禽肉
oil / 石油 原油; coal / 煤炭 原煤; gas / 天然气; electricity / 电力
solar sunlight / 光伏 太阳能; wind / 风电 风能; nuclear / 核电; hydro hydropower / 水电
rain rainfall / 降雨 降水; snow snowfall / 降雪; sunshine / 日照;
temperature temperatures / 气温; gusts gust / 风速 阵风
books / 图书; maps / 地图; journals / 期刊
gold / 金牌; silver / 银牌; bronze / 铜牌
wide width / 宽度; length metres_long centimetres_long kilometres_long miles_long feet_long / 长度;
high tall height / 高度; deep depth depths / 深度; heavy weight weigh weighs / 重量;
thick thickness / 厚度
fatal / 致命; serious / 重伤; slight / 轻伤
full-time / 全职 专职; part-time / 兼职
new / 新建; existing / 存量
online / 线上; offline in-store / 线下
owned / 自有; rented / 租赁
short-term / 短期; long-term / 长期
inpatient inpatients / 住院; outpatient outpatients / 门诊; emergency / 急诊
civil / 民事; criminal crime / 刑事; administrative / 行政
theft / 盗窃; burglary / 入室; robbery / 抢劫; assault / 伤害; fraud / 诈骗; murder homicide / 杀人
road highway / 公路; rail railway train trains / 铁路; water shipping / 水路; air aviation / 航空 民航; metro / 地铁
deposits deposit / 存款; loans loan lending / 贷款
equities shares stocks / 股票; bonds bond / 债券
fruit / 水果; vegetables vegetable / 蔬菜
tea / 茶叶; coffee / 咖啡
milk / 牛奶; butter / 黄油; cheese / 奶酪; eggs egg / 鸡蛋
iron / 铁矿; copper / 铜; zinc / 锌; aluminium aluminum / 铝; steel / 钢材
single / 单身 未婚; married / 已婚; divorced / 离婚; widowed / 丧偶
new-build new_homes / 新房 新建商品住宅; existing_homes resale / 二手房
residential / 住宅; commercial / 商业; office / 办公楼
fixed / 固定; variable / 浮动
direct / 直接; indirect / 间接
upper / 上游; lower / 下游
junior / 初级; intermediate / 中级; senior / 高级
mild / 轻度; moderate / 中度; severe / 重度
breakfast / 早餐; lunch / 午餐; dinner supper / 晚餐
peak / 高峰; off-peak / 平峰
one-way / 单程; return / 往返
first-time / 首次 首套; repeat / 再次 二套
professional / 职业; amateur / 业余
approved granted upheld / 批准 核准; refused rejected dismissed / 驳回 拒绝
convicted / 有罪; acquitted / 无罪
killed / 死亡 遇难 溺亡 丧生 罹难 身亡; injured wounded hurt / 受伤 伤者 轻伤 重伤;
missing unaccounted / 失踪 下落不明 失联
upstream upriver / 上行; downstream / 下行
spring_tide / 大潮; neap_tide / 小潮
wholesale / 批发; retail / 零售
short-stay / 短时; long-stay / 长时
cats cat / 猫; dogs dog / 狗
red_wine / 红葡萄酒; white_wine / 白葡萄酒
one-bedroom / 一居室; two-bedroom / 两居室; three-bedroom / 三居室
electric battery / 纯电 电动; diesel / 柴油; petrol gasoline / 燃油 汽油
infantry / 步兵; cavalry / 骑兵
won / 中标; lost / 未中标
favour / 赞成; against / 反对
first-class / 一等; second-class / 二等; third-class / 三等
"""


class _Member(NamedTuple):
    """A word's forms: their pattern in folded text, and the forms themselves in each language."""

    pattern: re.Pattern[str]
    english: tuple[str, ...]
    chinese: tuple[str, ...]


def _of_forms(line: str) -> _Member:
    latin_forms, _, han_forms = line.partition("/")
    english, chinese = [form.replace("_", " ") for form in latin_forms.split()], han_forms.split()
    han = "|".join(sorted(chinese, key=len, reverse=True))
    latin = "|".join(sorted(map(re.escape, english), key=len, reverse=True))
    return _Member(re.compile(rf"(?<![a-z-])(?:{latin})(?![a-z-])|{han}"), tuple(english), tuple(chinese))


#: Spans told by their number: of five years is none of ten, nor the 13th plan the 14th.
_NUMBERED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:近|过去|最近|今后|未来)(?P<n>[一二两三四五六七八九十\d]+)年",
        r"(?P<n>[一二两三四五六七八九十\d]+)年期",
        r"(?P<n>十[一二三四五六]五)(?!年)",
        r"(?:last|past|next|previous) (?P<n>[a-z]+|\d+) years",
        r"(?<![a-z\d])(?P<n>two|three|five|ten|twenty|thirty|\d+)-year(?!s)",
    )
)
_VALUES = {"two": "2", "three": "3", "five": "5", "ten": "10", "twenty": "20", "thirty": "30"}
_Group = tuple[_Member, ...]
_PERIODS = tuple(
    tuple(_Member(re.compile(part.forms), (part.english,), (part.chinese,)) for part in parts)
    for parts in (PARTS_OF_YEAR, CALENDAR)
)
_GROUPS = _PERIODS + tuple(tuple(map(_of_forms, group.split(";"))) for group in re.split(r"(?<!;)\n", _WORDS.strip()))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return fold(text)


def _members(group: _Group, text: str) -> frozenset[int]:
    """Return the members of a group that a text names."""
    plain = _plain(text)
    return frozenset(i for i, member in enumerate(group) if member.pattern.search(plain))


@lru_cache(maxsize=1024)
def _named(text: str) -> tuple[tuple[_Group, int], ...]:
    """Return the groups of which a text names just one member, with that."""
    found = ((group, _members(group, text)) for group in _GROUPS)
    return tuple((group, min(members)) for group, members in found if len(members) == 1)


#: What a question only compares with: 比第三季度增长, "than in the night", "since the first quarter".
_COMPARED = re.compile(
    r"[比较].{1,12}?(?=[增升成提多少高低大小下减降涨跌])"
    r"|(?<![a-z])(?:than|compared (?:with|to)|versus|vs|against|from|since) .*"
)


def are_opposed(one: str, other: str) -> bool:
    """Whether two words rule each other out: women and men."""
    return contradicts(one, other, "")


def contradicts(question: str, sentence: str, around: str) -> bool:
    """Whether a sentence has another word of a group where the question names one that stands nowhere ``around`` it."""
    question = _COMPARED.sub("", _plain(question))
    if any(
        said and member not in said and member not in _members(group, around)
        for group, member in _named(question)
        for said in (_members(group, sentence),)
    ):
        return True
    return any(
        said and not asked & (said | _numbers(pattern, around))
        for pattern, asked in _numbered(question)
        for said in (_numbers(pattern, sentence),)
    )


@lru_cache(maxsize=1024)
def _numbered(text: str) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    found = ((pattern, _numbers(pattern, text)) for pattern in _NUMBERED)
    return tuple((pattern, numbers) for pattern, numbers in found if numbers)


def _numbers(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(_value(match["n"]) for match in pattern.finditer(_plain(text)))


def _value(number: str) -> str:
    if number in _VALUES:
        return _VALUES[number]
    read = [figure.value for figure in find_figures(f"{number}个")]
    return str(read[0]) if len(read) == 1 and read[0] is not None else number


def swapped(question: str, around: str, rng: random.Random) -> str | None:
    """Return the question with a word that stands ``around`` changed for one that doesn't; None where it has none."""
    folded = _plain(question)
    found = []
    for group, asked in _named(question):
        said = _members(group, around)
        others = [member for i, member in enumerate(group) if i != asked and i not in said]
        if asked in said and others:
            found.append((group[asked], others))
    if not found:
        return None
    member, others = rng.choice(found)
    match = member.pattern.search(folded)
    assert match is not None
    chinese = has_han(match[0]) or (has_han(question) and not match[0].isalpha())
    own, other = (m.chinese if chinese else m.english for m in (member, rng.choice(others)))
    alike = other[own.index(match[0])] if match[0] in own and own.index(match[0]) < len(other) else other[0]
    form = other[0] if " " in alike else alike  # width for length, not for metres long
    return question[: match.start()] + form + question[match.end() :]
