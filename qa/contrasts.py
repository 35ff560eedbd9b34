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

from index.folding import fold, has_han, to_simplified
from qa.periods import CALENDAR, HALVES, QUARTERS

#: A group a line, or on several that end with a semicolon: its members, the English forms of each before the Chinese
#: ones. A member is changed for another in the form at the same place.
_WORDS = """
monday / 周一 星期一; tuesday / 周二 星期二; wednesday / 周三 星期三; thursday / 周四 星期四; friday / 周五 星期五;
saturday / 周六 星期六; sunday / 周日 星期日
spring / 春季 春天; summer / 夏季 夏天; autumn / 秋季 秋天; winter / 冬季 冬天
east eastern / 东部 东区 东侧 东岸; west western / 西部 西区 西侧 西岸;
north northern / 北部 北区 北侧 北岸; south southern / 南部 南区 南侧 南岸
men male males man / 男性 男子 男生 男士; women female females woman / 女性 女子 女生 女士
boys boy / 男孩 男童; girls girl / 女孩 女童
husbands / 丈夫; wives / 妻子
night overnight night-time / 夜间 晚间 夜里; day daytime / 白天 日间
morning / 上午 早上; afternoon / 下午 午后; evening / 晚上 傍晚
weekday weekdays / 工作日; weekend weekends / 周末
urban / 城镇 城市; rural / 农村 乡村
imports import imported / 进口; exports export exported / 出口
inbound / 入境; outbound / 出境
domestic / 国内; international foreign overseas / 国际 国外 境外 海外
gross / 毛; net / 净
public / 公立 公办 公共; private / 私立 民办 私人
primary / 小学; secondary / 中学
nursery / 幼儿园; university / 大学 高校
indoor / 室内; outdoor / 室外 户外
adults adult / 成人 成年人; children child / 儿童 孩子; pensioners pensioner / 老人 老年人
highest / 最高; lowest / 最低
largest biggest / 最大; smallest / 最小
longest / 最长; shortest / 最短
fastest / 最快; slowest / 最慢
hottest warmest / 最热; coldest / 最冷
oldest / 最老 最年长; youngest / 最年轻
maximum / 上限; minimum / 下限
opened opening / 开业 开放 启用; closed closing closure / 关闭 停业
births born / 出生; deaths died / 死亡
arrivals arrived / 到达 抵达; departures departed / 出发 离开
buyers / 买家; sellers / 卖家
doctors doctor / 医生 医师; nurses nurse / 护士
teachers teacher / 教师 老师; pupils pupil students student / 学生
cars car / 轿车 小汽车; buses bus / 公交车 巴士; lorries lorry trucks truck / 卡车 货车;
motorcycles motorcycle / 摩托车; bicycles bicycle / 自行车
passengers passenger / 旅客 客运; freight cargo / 货物 货运
income revenue / 收入; spending expenditure / 支出 开支; profit profits / 利润; debt / 债务; costs cost / 成本
wheat / 小麦; rice / 水稻 稻谷; maize corn / 玉米; potatoes potato / 马铃薯; soybeans / 大豆
cattle cows cow / 牛; sheep / 羊; pigs pig / 猪; chickens chicken / 鸡
beef / 牛肉; pork / 猪肉; poultry / 禽肉
oil / 石油 原油; coal / 煤炭 原煤; gas / 天然气; electricity / 电力
solar / 光伏 太阳能; wind / 风电 风能; nuclear / 核电; hydro hydropower / 水电
rain rainfall / 降雨 降水; snow snowfall / 降雪; sunshine / 日照;
temperature temperatures / 气温; gusts gust / 风速 阵风
books / 图书; maps / 地图; journals / 期刊
gold / 金牌; silver / 银牌; bronze / 铜牌
planned / 计划; actual / 实际
wide width / 宽度; long length / 长度; high tall height / 高度; deep depth / 深度; heavy weight weigh / 重量;
thick thickness / 厚度
fatal / 致命; serious / 重伤; slight / 轻伤
full-time / 全职 专职; part-time / 兼职
new / 新建; existing / 存量
online / 线上; offline in-store / 线下
owned / 自有; rented / 租赁
"""


class _Member(NamedTuple):
    """A word's forms: their pattern in folded simplified text, and the forms themselves in each language."""

    pattern: re.Pattern[str]
    english: tuple[str, ...]
    chinese: tuple[str, ...]


def _of_forms(line: str) -> _Member:
    english, _, chinese = (part.split() for part in line.partition("/"))
    han = "|".join(sorted(chinese, key=len, reverse=True))
    latin = "|".join(sorted(map(re.escape, english), key=len, reverse=True))
    return _Member(re.compile(rf"(?<![a-z-])(?:{latin})(?![a-z-])|{han}"), tuple(english), tuple(chinese))


_PERIODS = tuple(
    tuple(_Member(re.compile(part.forms), (part.english,), (part.chinese,)) for part in parts)
    for parts in (QUARTERS, HALVES, CALENDAR)
)
_GROUPS = _PERIODS + tuple(tuple(map(_of_forms, group.split(";"))) for group in re.split(r"(?<!;)\n", _WORDS.strip()))


@lru_cache(maxsize=4096)
def _named(text: str) -> tuple[frozenset[int], ...]:
    """Return for each group the members that a text names."""
    folded = to_simplified(fold(text))
    return tuple(frozenset(i for i, m in enumerate(group) if m.pattern.search(folded)) for group in _GROUPS)


def are_opposed(one: str, other: str) -> bool:
    """Whether two words rule each other out: women and men."""
    return any(a and b and not a & b for a, b in zip(_named(one), _named(other), strict=True))


def contradicts(question: str, sentence: str, around: str) -> bool:
    """Whether a sentence has another word of a group where the question names one that stands nowhere ``around`` it."""
    return any(
        len(asked) == 1 and said - asked and not asked & (said | wider)
        for asked, said, wider in zip(_named(question), _named(sentence), _named(around), strict=True)
    )


def swapped(question: str, around: str, rng: random.Random) -> str | None:
    """Return the question with a word that stands ``around`` changed for one that doesn't; None where it has none."""
    folded = to_simplified(fold(question))
    found = []
    for group, asked, said in zip(_GROUPS, _named(question), _named(around), strict=True):
        others = [member for i, member in enumerate(group) if i not in asked | said]
        if len(asked) == 1 and asked <= said and others:
            found.append((group[min(asked)], others))
    if not found or len(folded) != len(question):
        return None
    member, others = rng.choice(found)
    match = member.pattern.search(folded)
    assert match is not None
    chinese = has_han(match[0]) or (has_han(question) and not match[0].isalpha())
    own, other = (m.chinese if chinese else m.english for m in (member, rng.choice(others)))
    form = other[own.index(match[0])] if match[0] in own and own.index(match[0]) < len(other) else other[0]
    return question[: match.start()] + form + question[match.end() :]
