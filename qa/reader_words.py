# ruff: noqa: E501 - lists of words read better in long lines
"""Word lists for making training questions: what may be said otherwise, and what must not be mistaken for another."""

from __future__ import annotations

import random
import re

SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("规模", "总数", "数量", "人数"),
    ("数量", "总数", "总量", "个数"),
    ("人数", "总人数", "人口"),
    ("电子商务", "电商"),
    ("农村", "乡村"),
    ("城镇", "城市"),
    ("国内生产总值", "GDP", "生产总值"),
    ("地区生产总值", "GDP"),
    ("居民消费价格", "CPI", "居民消费价格指数"),
    ("网络购物", "网购"),
    ("新能源汽车", "新能源车"),
    ("营业收入", "营收", "收入"),
    ("净利润", "纯利润", "盈利"),
    ("归属于上市公司股东的净利润", "归母净利润", "净利润"),
    ("销售额", "销售收入", "销售金额"),
    ("销售量", "销量"),
    ("普及率", "覆盖率", "渗透率"),
    ("投资额", "投资金额", "投资规模"),
    ("我国", "中国", "全国", "国内"),
    ("进出口总额", "外贸总额", "进出口总值"),
    ("固定资产投资", "固投"),
    ("可支配收入", "收入"),
    ("失业率", "失业比例"),
    ("面积", "占地", "占地面积"),
    ("价格", "价钱", "售价"),
    ("股价", "股票价格"),
    ("市值", "总市值"),
    ("上市公司", "上市企业"),
    ("公司", "企业"),
    ("平均", "人均"),
    ("学生", "学员"),
    ("医生", "医师"),
    ("老年人", "老人"),
    ("儿童", "小孩", "孩子"),
    ("旅客", "乘客"),
    ("游客", "旅游人数"),
    ("成本", "费用"),
    ("使用率", "使用比例"),
    ("合格率", "达标率"),
    ("增加值", "产值"),
    ("产量", "生产量"),
    ("贷款余额", "贷款"),
    ("存款余额", "存款"),
    ("票房", "票房收入"),
    ("车辆", "汽车"),
    ("住房", "房屋"),
    ("伤者", "受伤者"),
    ("死亡", "遇难"),
)

SCOPES: tuple[tuple[str, ...], ...] = (
    ("农村", "城镇", "城市"),
    ("男性", "女性"),
    ("男", "女"),
    ("出口", "进口"),
    ("中国", "日本", "美国", "印度", "德国", "韩国", "法国", "英国", "俄罗斯", "巴西"),
    ("我国", "日本", "美国", "印度", "德国", "韩国", "法国", "英国", "俄罗斯", "越南"),
    ("全国", "日本", "美国", "欧洲", "印度", "全球", "非洲"),
    ("全球", "亚洲", "欧洲", "非洲", "全国"),
    ("全市", "全省", "全国", "全县"),
    ("北京", "上海", "广州", "深圳", "天津", "重庆", "成都", "杭州", "武汉", "西安", "南京", "苏州", "青岛", "长沙"),
    (
        "广东",
        "江苏",
        "浙江",
        "山东",
        "河南",
        "四川",
        "湖北",
        "湖南",
        "福建",
        "安徽",
        "河北",
        "陕西",
        "江西",
        "辽宁",
        "云南",
    ),
    ("第一产业", "第二产业", "第三产业"),
    ("第一季度", "第二季度", "第三季度", "第四季度"),
    ("一季度", "二季度", "三季度", "四季度"),
    ("上半年", "下半年"),
    ("小学", "初中", "高中", "大学", "幼儿园"),
    ("老年", "青年", "儿童", "中年"),
    ("手机", "电脑", "电视", "平板"),
    ("新能源汽车", "燃油车", "货车", "摩托车"),
    ("乘用车", "商用车"),
    ("东部", "中部", "西部", "东北"),
    ("国有", "民营", "外资"),
    ("线上", "线下"),
    ("国内", "海外", "国际", "境外"),
    ("粮食", "蔬菜", "水果", "猪肉", "鸡蛋"),
    ("铁路", "公路", "水路", "民航"),
    ("工业", "农业", "服务业", "建筑业"),
    ("教师", "学生", "家长"),
    ("医院", "学校", "银行", "企业"),
    ("煤炭", "石油", "天然气", "电力"),
    ("黄金", "白银", "铜", "原油"),
    ("股票", "债券", "基金"),
    ("存款", "贷款"),
    ("收入", "支出"),
    ("买入", "卖出"),
    ("流入", "流出"),
    ("最高", "最低", "平均"),
    ("新房", "二手房"),
    ("住宅", "商铺", "写字楼"),
    ("出生", "死亡"),
    ("确诊", "治愈", "死亡"),
    ("音乐", "游戏", "视频", "文学", "直播"),
    ("外卖", "网约车", "旅行预订"),
    ("营业收入", "净利润", "毛利率", "研发投入", "总资产"),
    ("人口", "面积", "生产总值"),
    ("长度", "宽度", "高度", "重量"),
    ("首次", "末次"),
    ("本科", "硕士", "博士"),
    ("金牌", "银牌", "铜牌"),
    ("普及率", "使用率", "增长率", "失业率"),
)

MODIFIERS = tuple(
    [
        "农村",
        "城镇",
        "男性",
        "女性",
        "手机",
        "老年",
        "青少年",
        "未成年",
        "海外",
        "境外",
        "日本",
        "美国",
        "印度",
        "欧洲",
        "非洲",
        "上海",
        "北京",
        "广东",
        "浙江",
        "四川",
        "民营",
        "国有",
        "外资",
        "线上",
        "线下",
        "新增",
        "人均",
        "日均",
        "月均",
        "每周",
        "移动",
        "付费",
        "活跃",
        "高校",
        "大学生",
        "乡镇",
        "县级",
        "东部",
        "西部",
        "中小",
        "大型",
        "退休",
        "残疾",
        "留学",
        "国际",
        "港澳台",
        "台湾",
        "香港",
        "少数民族",
        "个体",
        '"',
        '"社区',
        "私人",
        "公立",
        "进口",
        "出口",
        "二手",
        "新能源",
        "工业",
        "农业",
        "服务业",
        "建筑业",
        "教育",
        "医疗",
        "旅游",
        "电影",
        "音乐",
        "游戏",
        "直播",
        "外卖",
        "短视频",
        "汽车",
        "房地产",
        "银行",
        "保险",
        "证券",
    ]
)

GROUPS = tuple(
    [
        "农村",
        "城镇",
        "男性",
        "女性",
        "手机",
        "老年",
        "青少年",
        "未成年",
        "线上",
        "线下",
        "新增",
        "人均",
        "移动",
        "付费",
        "活跃",
        "高校",
        "大学生",
        "退休",
        "少数民族",
        "个体",
        "出口",
        "进口",
        "二手",
        "新能源",
        "工业",
        "农业",
        "教育",
        "医疗",
        "旅游",
        "音乐",
        "游戏",
        "直播",
        "外卖",
        "短视频",
        "视频",
        "房地产",
        "银行",
        "保险",
        "网络",
        "数字",
        "智能",
        "电动",
        "民营",
        "国有",
        "外资",
        "快递",
        "境外",
        "海外",
        "第一产业",
        "第二产业",
        "第三产业",
        "民间",
        "制造业",
        "服务业",
        "高技术",
        "小微企业",
        "个人",
        "家庭",
        "儿童",
        "女子",
        "男子",
        "乘用车",
        "商用车",
    ]
)
COUNTING = ("用户规模", "规模", "数量", "人数", "总数", "总量", "总额", "金额", "额", "量", "数")
DROPPABLE = (
    "全国",
    "我国",
    "全市",
    "全省",
    "全县",
    "该市",
    "该省",
    "公司",
    "本市",
    "本省",
    "中国",
    "国内",
    "集团",
    "当地",
)
HARMLESS = (
    "我国",
    "中国",
    "全国",
    "报告中",
    "文中提到的",
    "目前",
    "现在",
    "最新的",
    "国内",
    "请问",
    "那么",
    "这份报告里",
)
TIMES = (
    "第一季度",
    "第二季度",
    "第三季度",
    "第四季度",
    "一季度",
    "二季度",
    "三季度",
    "四季度",
    "上半年",
    "下半年",
    "去年",
    "今年",
)


def vary(text: str, rng: random.Random) -> str:
    """Say a comparison otherwise."""
    for a, b in (("去年", "上年"), ("上年", "去年"), ("比", "较"), ("较", "比"), ("上年末", "年初")):
        if a in text and rng.random() < 0.5:
            return text.replace(a, b, 1)
    return text


def paraphrase(text: str, rng: random.Random, chance: float = 0.25) -> str:
    """Replace at most one word by one that may stand for it."""
    if rng.random() > chance:
        return text
    hits = [(word, group) for group in SYNONYMS for word in group if word in text]
    if not hits:
        return text
    word, group = rng.choice(hits)
    return text.replace(word, rng.choice([w for w in group if w != word]), 1)


def drop_scope(head: str, rng: random.Random) -> str:
    """Leave out a word that only says where, as askers do."""
    for word in DROPPABLE:
        if head.startswith(word) and len(head) - len(word) >= 3:
            return head[len(word) :].removeprefix("的")
    return head


def drop_group(head: str) -> str | None:
    """Take the narrowing word out of ``head``, or None: 农村居民收入 becomes 居民收入, which is something else."""
    for word in GROUPS:
        rest = head.replace(word, "", 1).removeprefix("的")
        if word in head and len(rest) >= 3:
            return rest
    return None


def drop_counting(head: str) -> str:
    """Leave out the noun that only says that something is counted, as askers do before 增长了多少."""
    for tail in COUNTING:
        if head.endswith(tail) and len(head) - len(tail) >= 3:
            return head[: -len(tail)]
    return head


def swap_scope(head: str, text: str, rng: random.Random) -> str | None:
    """Replace a group, place or sort in ``head`` by a sister that ``text`` does not mention; None when there is none."""
    hits = [(word, group) for group in SCOPES for word in group if word in head]
    if not hits:
        return None
    word, group = rng.choice(hits)
    sisters = [w for w in group if w not in text and w not in head and w not in word and word not in w]
    return head.replace(word, rng.choice(sisters), 1) if sisters else None


def add_scope(head: str, text: str, rng: random.Random) -> str | None:
    """Narrow ``head`` by a word that ``text`` does not mention."""
    bare = head
    for word in DROPPABLE:
        bare = bare.removeprefix(word) if len(bare) - len(word) >= 2 else bare
    modifiers = [m for m in MODIFIERS if m not in text and m not in head]
    return rng.choice(modifiers) + rng.choice(("", "", "的")) + bare if modifiers and len(bare) <= 14 else None


def swap_time(time: str, text: str, rng: random.Random) -> str | None:
    """Return another period of the same sort that ``text`` does not mention; None when there is none."""
    m = re.search(r"(?:19|20)\d\d", time)
    if m:
        year = str(int(m[0]) + rng.choice((-6, -4, -3, -2, -1, 1, 2)))
        return f"{year}年" if year not in text else None
    for word in TIMES:
        if word in time:
            kin = [w for w in TIMES if len(w) == len(word) and w[-1] == word[-1] and w not in text and w != word]
            if word.endswith("季度"):
                kin = [w for w in kin if w.endswith("季度")]
            return time.replace(word, rng.choice(kin)) if kin else None
    return None


# --- Chinese and English side by side ---------------------------------------------------------------------------------

QUANTITIES: tuple[tuple[str, str], ...] = (
    ("人口", "population"), ("总收入", "total revenue"), ("营业收入", "operating revenue"), ("净利润", "net profit"), ("出口额", "exports"), ("进口额", "imports"),
    ("国内生产总值", "GDP"), ("失业率", "unemployment rate"), ("网民规模", "number of internet users"), ("互联网普及率", "internet penetration rate"),
    ("粮食产量", "grain output"), ("钢产量", "steel output"), ("汽车销量", "car sales"), ("新能源汽车销量", "sales of new energy vehicles"), ("零售总额", "total retail sales"),
    ("网上零售额", "online retail sales"), ("固定资产投资", "fixed asset investment"), ("研发投入", "research and development spending"), ("员工人数", "number of employees"),
    ("用户规模", "number of users"), ("手机用户", "mobile phone users"), ("企业数量", "number of companies"), ("学校数量", "number of schools"), ("医院数量", "number of hospitals"),
    ("医生人数", "number of doctors"), ("大学生人数", "number of university students"), ("出生率", "birth rate"), ("死亡率", "death rate"), ("识字率", "literacy rate"),
    ("森林覆盖率", "forest coverage"), ("人均可支配收入", "per capita disposable income"), ("居民消费价格", "consumer prices"), ("房价", "housing prices"), ("游客人数", "number of tourists"),
    ("旅游收入", "tourism revenue"), ("铁路里程", "length of railways"), ("公路里程", "length of highways"), ("发电量", "electricity generation"), ("用电量", "electricity consumption"),
    ("煤炭产量", "coal output"), ("原油进口量", "crude oil imports"), ("天然气消费量", "natural gas consumption"), ("碳排放量", "carbon emissions"), ("专利申请量", "patent applications"),
    ("贷款余额", "outstanding loans"), ("存款余额", "deposits"), ("外汇储备", "foreign exchange reserves"), ("政府债务", "government debt"), ("财政收入", "fiscal revenue"),
    ("财政支出", "fiscal expenditure"), ("贸易顺差", "trade surplus"), ("外商直接投资", "foreign direct investment"), ("总市值", "total market value"), ("股价", "share price"),
    ("快递业务量", "parcel deliveries"), ("电影票房", "box office revenue"), ("图书销量", "book sales"), ("短视频用户", "short video users"), ("网络游戏用户", "online game users"),
    ("在线教育用户", "online education users"), ("贫困人口", "people living in poverty"), ("就业人数", "number of people employed"), ("退休人员", "number of retirees"),
    ("门店数量", "number of stores"), ("航班数量", "number of flights"), ("会员人数", "number of members"), ("参赛队伍", "number of teams"), ("耕地面积", "area of farmland"),
    ("降雨量", "rainfall"), ("平均寿命", "average life expectancy"), ("最低工资", "minimum wage"), ("平均工资", "average wage"), ("毛利率", "gross margin"), ("市场份额", "market share"),
)  # fmt: skip
PLACES: tuple[tuple[str, str], ...] = (
    ("中国", "China"), ("日本", "Japan"), ("美国", "the United States"), ("印度", "India"), ("德国", "Germany"), ("全球", "the world"), ("上海", "Shanghai"), ("北京", "Beijing"),
    ("广东", "Guangdong"), ("农村地区", "rural areas"), ("城镇地区", "urban areas"), ("欧洲", "Europe"), ("该公司", "the company"), ("全市", "the city"), ("东部地区", "the eastern region"),
)  # fmt: skip
UNITS_BOTH: tuple[tuple[str, str], ...] = (
    ("亿", "billion"),
    ("万", "million"),
    ("%", "%"),
    ("", ""),
    ("亿元", "billion yuan"),
    ("万吨", "million tonnes"),
)


def bilingual(rng: random.Random, around: str = "") -> tuple[str, str, tuple[int, int] | None, str]:
    """Make a question, a text, the answer's offsets (None: not answered) and a kind, each in Chinese or English.

    ``around`` is Chinese text to put before and after a Chinese statement.
    """
    text_language, question_language = rng.choice(((0, 1), (0, 1), (0, 1), (1, 1), (1, 1), (1, 0)))
    chosen = rng.sample(QUANTITIES, rng.randint(2, 5))
    place = rng.choice(PLACES)
    parts: list[str] = []
    facts: list[tuple[int, str, int, int]] = []
    after = ""
    if around and not text_language:
        cut = around.find("。", len(around) // 2) + 1
        parts, after = [around[:cut]], around[cut:]
        chosen = chosen[-rng.randint(2, 3) :]
    length = sum(map(len, parts))
    for number, quantity in enumerate(chosen[:-1]):
        piece, found = _statement(quantity, place if rng.random() < 0.6 else None, text_language, rng)
        facts += [(number, measure, a + length, b + length) for measure, a, b in found]
        parts.append(piece)
        length += len(piece)
    text = "".join(parts) + after
    number, measure, start, end = rng.choice(facts)
    named = place if place[text_language].lower() in text[: start + 1].lower() else None
    lot = rng.random()
    answer: tuple[int, int] | None = (start, end)
    kind = "bilingual"
    quantity = chosen[number]
    if lot < 0.2:
        quantity, answer, kind = chosen[-1], None, "bilingual-head"
    elif lot < 0.35:
        others = [
            p
            for p in PLACES
            if p[text_language].lower() not in text.lower() and p[1] not in ("the company", "the city", "the world")
        ]
        named, answer, kind = rng.choice(others), None, "bilingual-scope"
    elif lot < 0.5:
        missing = [m for m in ("level", "growth", "share", "rank") if (number, m) not in {(f[0], f[1]) for f in facts}]
        if missing:
            measure, answer, kind = rng.choice(missing), None, "bilingual-measure"
    return _question(quantity, named, measure, question_language, rng), text, answer, kind


def _statement(
    quantity: tuple[str, str], place: tuple[str, str] | None, language: int, rng: random.Random
) -> tuple[str, list[tuple[str, int, int]]]:
    unit = rng.choice(UNITS_BOTH)
    level = f"{rng.randint(1, 999)}{rng.choice(('', f'.{rng.randint(1, 99)}'))}"
    percent = f"{rng.randint(1, 60)}.{rng.randint(0, 9)}%"
    gap = " " if language and unit[1] not in ("%", "") else ""
    level += gap + unit[language]
    rank = rng.randint(1, 90)
    year = rng.randint(2005, 2024)
    name = quantity[language]
    order = rng.choice(
        (
            ("level",),
            ("level", "growth"),
            ("level", "growth", "share"),
            ("level", "share"),
            ("growth",),
            ("level", "rank"),
            ("rank",),
        )
    )
    out, found = "", []
    if language:
        head = (
            f"{name} in {place[1]}"
            if place and rng.random() < 0.6
            else f"{place[1]}'s {name}"
            if place
            else f"the {name}"
        )
        head = (f"In {year}, " if rng.random() < 0.5 else "") + head
        out = head[0].upper() + head[1:]
        for i, measure in enumerate(order):
            lead, figure, tail = {
                "level": (rng.choice((" reached ", " was ", " stood at ", " totalled ", " came to about ")), level, ""),
                "growth": (rng.choice((", up ", ", an increase of ", ", down ")) if i else rng.choice((" grew ", " rose by ", " fell by ", " increased ")), percent,
                           rng.choice(("", " year on year", " from a year earlier", " over the previous year"))),
                "share": (rng.choice((", accounting for ", ", or ", ", making up ")), percent.replace(".", f".{rng.randint(0, 9)}", 1), " of the total"),
                "rank": (", ranking " if i else " ranked ", f"{rank}th", rng.choice((" in the world", " nationwide", " globally"))),
            }[measure]  # fmt: skip
            out += lead
            found.append((measure, len(out), len(out) + len(figure)))
            out += figure + tail
        return out + ". ", found
    head = (place[0] + rng.choice(("", "的")) if place else "") + name
    out = (f"{year}年，" if rng.random() < 0.5 else "") + head
    for i, measure in enumerate(order):
        lead, figure, tail = {
            "level": (rng.choice(("达", "为", "达到", "约为", "是")), level, ""),
            "growth": (
                ("，" if i else "") + rng.choice(("同比增长", "较上年增长", "比上年下降", "同比提高")),
                percent,
                "",
            ),
            "share": (rng.choice(("，占总量的", "，占比", "，占全部的")), percent, ""),
            "rank": (("，" if i else "") + rng.choice(("排名第", "位居全球第", "列全国第")), str(rank), "位"),
        }[measure]
        out += lead
        found.append((measure, len(out), len(out) + len(figure)))
        out += figure + tail
    return out + "。", found


def _question(
    quantity: tuple[str, str], place: tuple[str, str] | None, measure: str, language: int, rng: random.Random
) -> str:
    name = quantity[language]
    if not language:
        head = (place[0] + rng.choice(("的", "")) if place else "") + name
        return rng.choice(
            {
                "level": (f"{head}是多少？", f"{head}有多少？", f"{head}达到多少？", f"{head}多大？", head),
                "growth": (
                    f"{head}同比增长多少？",
                    f"{head}变化了多少？",
                    f"{head}的增速是多少？",
                    f"{head}增长了百分之几？",
                ),
                "share": (f"{head}占比是多少？", f"{head}占总量的比例是多少？", f"{head}占多大比重？"),
                "rank": (f"{head}排第几？", f"{head}排名是多少？"),
            }[measure]
        )
    where = f" in {place[1]}" if place else ""
    if place and rng.random() < 0.3:
        name, where = f"{name} of {place[1]}", ""
    counted = name.removeprefix("number of ")
    level = [f"What was the {name}{where}?", f"What is the {name}{where}?", f"How much is the {name}{where}?", f"How large was the {name}{where}?", f"{name}{where}",
             f"How high was the {name}{where}?", f"What did the {name}{where} amount to?", f"Did the {name}{where} exceed {rng.randint(2, 900)}?"]  # fmt: skip
    if counted != name or name.endswith("users"):
        if place:
            level += [f"How many {counted} does {place[1]} have?"] * 3
        level += [
            f"How many {counted} are there{where}?",
            f"How many {counted}{where}?",
            f"How many {counted} were there{where}?",
        ] * 2
    return rng.choice(
        {
            "level": tuple(level),
            "growth": (f"How much did the {name}{where} grow?", f"By how much did the {name}{where} increase?", f"What was the growth rate of the {name}{where}?",
                       f"What was the year-on-year change in the {name}{where}?", f"How fast did the {name}{where} rise?"),
            "share": (f"What share does the {name}{where} account for?", f"What percentage of the total is the {name}{where}?", f"What proportion of the total does the {name}{where} make up?"),
            "rank": (f"Where does the {name}{where} rank?", f"What is the rank of the {name}{where}?", f"What place did the {name}{where} take?"),
        }[measure]
    )  # fmt: skip
