"""The units a number can be followed by, and what kind of quantity each measures.

Units are written folded (simplified, half width). Sources: the measure units of the SI and of Chinese statistics
yearbooks, and the classifiers of modern Chinese grammars; closed classes both, so they are lists.
"""

from __future__ import annotations

import re

_MONEY = (
    "元 美元 欧元 日元 港元 港仙 美分 澳门元 瑞郎 台币 新台币 人民币 港币 英镑 卢布 韩元 加元 澳元 "
    "新元 法郎 马克 泰铢 卢比 比索 里拉 越南盾 日圆 韩圜 "
    "先令 便士 克朗 福林 兹罗提 第纳尔 里亚尔 雷亚尔 兰特 林吉特 令吉 "
    "块钱 元人民币 元钱 万美金 美金 两白银 两银子 贯 铢 元港币 元美金"
)
_DURATION = (
    "年 天 周 小时 个小时 分钟 秒 秒钟 毫秒 微秒 纳秒 个月 个季度 个世纪 世纪 星期 个星期 "
    "个工作日 工作日 个交易日 交易日 个礼拜 礼拜 周年 昼夜 "
    "个半月 年级 学年 整年 钟头 个钟头 刻钟 光年 整天 课时 学时 个学期 学期 个赛季 个年头 年头 个昼夜 个周末 个春秋"
)
_PER = "个百分点 百分点 个基点 基点 个BP BP"
_RATIO = "倍"
_AGE = "岁 周岁 个月大 虚岁"
_LENGTH = """公里 千米 米 厘米 毫米 微米 纳米 公尺 公厘 公分 分米
英里 海里 浬 海浬 英尺 英寸 码 法里 华里 里路 里地 里 丈 尺 寸"""
_WEIGHT = "公斤 公克 千克 克 毫克 微克 斤 吨 公吨 市斤 磅 盎司 克拉 担 石粮食 载重吨 吨标准煤 标准煤 万吨 吨位"
_AREA = "平方公里 平方千米 平方米 平方厘米 平方英里 平方英尺 平方公尺 平方尺 亩 公顷 平米 平方 顷 坪 平方毫米"
_VOLUME = "立方米 立方公尺 立方 升 毫升 公升 加仑 标准立方米 立方公里 立方厘米 标箱 桶 立方千米"
_POWER = (
    "千瓦时 千瓦 兆瓦 兆瓦时 吉瓦 吉瓦时 瓦 瓦时 度电 千伏 伏 伏特 千伏安 马力 "
    "匹马力 安 毫安 毫安时 赫兹 兆赫 千赫 吉赫 分贝 千卡 卡路里 大卡 焦耳 "
    "千焦 帕 百帕 千帕 毫米汞柱 标准大气压 兆帕 牛米 毫克/升 兆 比特 字节 勒克斯 流明 纳特 像素 万像素 "
    "太瓦时 吨公里 人公里"
)
_DEGREE = "摄氏度 ℃ °C ° 度 华氏度 ℉ °F"
_SPEED = "公里/小时 公里每小时 米/秒 转/分 节 迈"
_PEOPLE = "人 人次 名 位 户 口人 户次 户籍 人份 亩次 人民众 户家庭"
# Classifiers that a Chinese numeral takes when it counts things.
_CLASSIFIERS = (
    "个 家 项 种 类 条 件 起 例 次 届 回 轮 场 座 栋 幢 套 间 所 艘 架 辆 台 "
    "部 本 册 篇 首 张 幅 支 枝 只 头 匹 棵 株 颗 粒 枚 块 片 "
    "群 批 组 队 对 双 份 笔 宗 单 处 站 层 楼 段 节 章 页 集 期 班 门 所 款 "
    "步 串 串 把 根 杯 瓶 盒 箱 包 袋 碗 盘 滴 道 堵 扇 顶 尊 名 "
    "桩 则 句 字 封 通 发 股 卷 声 遍 趟 顿 场次 架次 车次 班次 批次 件次 人份 "
    "剂 剂次 针 车道 车厢 级 等 档 盏 副 列 节课 岁 关 局 盘 "
    "代 拨 样 成员 省 市 县 镇 乡 州 郡 院 校 胎 手 进 角 球 胜 负 平 票 阶段 "
    "星级 年级 等奖 季 倍速 折 座次 环 重 面 幕 世 任 员 "
    "强 个月 大类 年代 帧 首歌 户 口 名 尾 羽 丛 树 味 路 口井 幅画 出 曲 版 "
    "排 桌 餐 卡 碟 盅 员工 艇 席 栏 词 笔画 画 划 拍 连胜 连败 连冠 日"
)
# Units only digits take: after a Chinese numeral they would make names and idioms (三国, 十分, 三点, 四方, 五线).
_AFTER_DIGITS_ONLY = (
    "% ‰ ‱ °C km/h km2 km² m2 m² m3 m³ kWh MWh GWh kW MW GW W kV V mAh Hz kHz "
    "MHz GHz KB MB GB TB PB kB Tbps Mbps Gbps kbps bps dB "
    "km cm mm nm μm m kg mg g t L ml mL ppm TEU rpm mph ha min h s ms pt px "
    "dpi kcal 强 国 分 点 线 号线 号 区 省份 省区市 省市 "
    "市县 地市 县市 村 社区 街道 乡镇 行政村 连板 股 手 米栏 码头 公里/时 吨级 "
    "个 版 比特 路公交 路 型 题 杆 环 负 平 胜 板 助攻 篮板 分球 方 "
    "台次 艘次 辆次 L/100km 升/百公里 两 成 联 微克/立方米 毫克/升 人/平方公里 "
    "元/平方米 元/股 元/吨 元/公斤 航次 学分 公亩 天文单位 马赫 美元/桶 美元/盎司 mg/L kg/m3 bp"
)
# What stops a unit from being one, because it begins another word there: 30成为, 5分别, 3个性, 2元旦.
_NOT_BEFORE = {
    "成": "为功立年果员本交长绩分效熟都语人品",
    "分": "别公局行店之成享析布支工红开为手类钟数析解配担店",
    "个": "性体",
    "次": "年日月要新生序",
    "家": "庭长乡属具园族人里住",
    "位": "于列居次置",
    "名": "字单称誉义牌列次为",
    "度": "假过",
    "起": "来诉草步源点初",
    "部": "分门署队委长",
    "本": "科月年报次届市周土地身人",
    "台": "湾风北州儿",
    "支": "持付出撑援",
    "代": "表理码替",
    "组": "织成建",
    "股": "份票东权市",
    "对": "于此方其",
    "元": "旦宵首素月",
    "年": "级轻龄均代糕",
    "天": "津猫然下河使台安空气文",
    "件": "套",
    "米": "兰",
    "时": "代间期候",
    "点": "击赞评名半燃明",
    "条": "件",
    "里": "面程斯约屯庄店河桥铺村镇沟头外加弄巷坊",
    "号": "召称码",
    "类": "似型别",
    "周": "边围末年期",
    "批": "准评发",
    "节": "日目约能假省",
    "发": "展布生现",
    "单": "位元价独日",
    "处": "理于罚分长置级",
    "级": "别",
    "口": "岸径罩腔",
    "面": "对积临向",
    "路": "口面线",
    "角": "度色落逐",
    "期": "间货待望",
    "场": "景地馆所",
    "门": "槛",
    "所": "以有",
    "通": "过",
    "面积": "",
    "出": "口生现",
    "世": "界",
    "任": "务何",
    "重": "要点",
    "方": "面法式案可向",
    "样": "本",
    "市": "场民值区长委",
    "省": "级",
    "国": "家内",
    "区": "域",
    "村": "民",
    "平": "均台安米方",
    "关": "于系注",
    "人": "民均才口工类大物们",
    "克": "服拉",
    "把": "握",
    "首": "先次届个",
    "只": "有是能",
    "进": "行入一口",
    "球": "员迷队",
    "手": "机",
    "员": "",
    "升": "级至到",
    "安": "全排",
    "兆": "头",
    "席": "位卷",
    "版": "本",
    "强": "度力烈调化大制行项劲势于有的",
    "兰特": "别",
    "克朗": "普",
    "澳门元": "旦宵",
    "学分": "别离成校制",
    "两": "个年天次名家百千万会岸国地人位项种者侧边",
    "等": "于级待多",
    "列": "车为入",
    "曲": "线",
    "排": "名放",
    "卡": "车",
    "胜": "利率负",
    "局": "面长",
    "声": "音称明",
    "关口": "",
    "划": "分",
    "画": "面",
    "栏": "目",
    "词": "语",
    "字": "节",
    "题": "材",
    "型": "号",
    "板": "块",
    "日": "元均常本前益报电讯圆",
}


def _words(*blocks: str) -> list[str]:
    return sorted({w for b in blocks for w in b.split()}, key=lambda w: (-len(w), w))


def _pattern(words: list[str]) -> str:
    def one(word: str) -> str:
        stop = _NOT_BEFORE.get(word)
        if re.fullmatch(r"[ -~μ°²³]*[A-Za-z0-9²³]", word):
            return re.escape(word) + "(?![A-Za-z0-9])"
        return re.escape(word) + (f"(?![{stop}])" if stop else "")

    return "|".join(one(w) for w in words)


_MEASURES = (
    _MONEY,
    _DURATION,
    _PER,
    _RATIO,
    _AGE,
    _LENGTH,
    _WEIGHT,
    _AREA,
    _VOLUME,
    _POWER,
    _DEGREE,
    _SPEED,
    "人 人次",
)
MEASURE = _pattern(_words(*_MEASURES))
"""Units that measure: these count even after 一 (一年, 一公里)."""
AFTER_CHINESE = _pattern(_words(*_MEASURES, _PEOPLE, _CLASSIFIERS))
"""Units and classifiers after a Chinese numeral."""
AFTER_DIGITS = _pattern(_words(*_MEASURES, _PEOPLE, _CLASSIFIERS, _AFTER_DIGITS_ONLY))
"""Everything that may follow digits."""
AFTER_TWO = (
    "个|位|名|人|种|项|家|倍|成|元|日|月|年|十|小时(?!候)|分钟(?!情)"
    "|公[里尺厘斤克吨顷升]|公分(?![公厂店局])|[平立]方公|英[里尺寸镑亩]|海里|[厘毫]米"
)
"""What 二 takes when it counts; elsewhere counting takes 两, and 二手, 二次, 二级, 二楼 are names or ranks."""
CURRENCY = r"(?:(?:US|HK|A|C|NT|S|NZ|R)?\$|[£€¥]|(?:RMB|CNY|USD|EUR|GBP|JPY|HKD)(?![A-Za-z])|人民币|港币|美金|新台币)"

ENGLISH = (
    r"(?<!\d{4})(?<=\d)pp?|percentage points?|percent(?:age)?|per cent|basis points?|years?|months?|"
    r"weeks?|days?|hours?|minutes?|seconds?|decades?|"
    r"centur(?:y|ies)|quarters?|people|persons?|users?|households?|residents|inhabitants|times|fold|"
    r"square (?:kilomet(?:re|er)s?|met(?:re|er)s?|miles?|feet)|cubic met(?:re|er)s?|"
    r"kilomet(?:re|er)s?|met(?:re|er)s?|centimet(?:re|er)s?|miles?|feet|foot|inch(?:es)?|acres?|hectares?|"
    r"(?:metric )?tons?|tonnes?|kilograms?|grams?|pounds?|lbs?|ounces?|barrels?|gallons?|lit(?:re|er)s?|"
    r"(?:kilo|mega|giga)?watts?(?:[- ]hours?)?|degrees(?: (?:Celsius|Fahrenheit))?|"
    r"(?:US |Hong Kong |Australian |Canadian )?dollars?|yuan|renminbi|euros?|"
    r"pence|cents?|yen|won|rupees?|roubles?|rubles?"
)

_KINDS = {
    "points": [*_PER.split(), "percentage points", "percentage point", "basis points", "basis point", "bp", "pp"],
    "percent": ["%", "‰", "‱", "成"],
    "multiple": ["倍", "番", "times", "fold", "折"],
    "money": _MONEY.split(),
    "age": _AGE.split(),
    "duration": [w for w in _DURATION.split() if w not in ("年级", "光年")],
    "measure": _words(_LENGTH, _WEIGHT, _AREA, _VOLUME, _POWER, _DEGREE, _SPEED, "光年"),
    "date": ["月", "月份", "日", "年代", "季度", "年度", "财年"],
    "time": ["时", "点", "点钟"],
}
_LATIN_MEASURE = [
    w
    for w in _AFTER_DIGITS_ONLY.split()
    if w[0].isascii() and w[0].isalpha() and w not in ("h", "s", "min", "ms", "bp")
]
KIND_OF_UNIT = dict.fromkeys(_LATIN_MEASURE, "measure") | {
    unit: kind for kind, units in reversed(_KINDS.items()) for unit in units
}
"""Kind of each unit that measures; a unit not listed counts things."""
ENGLISH_KINDS = (
    ("duration", re.compile(r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?)")),
    ("date", re.compile(r"centur(?:y|ies)|quarters?")),
    ("money", re.compile(r"p|.*(?:dollars?|yuan|renminbi|euros?|pence|cents?|yen|won|rupees?|rou?bles?)")),
    ("count", re.compile(r"people|persons?|users?|households?|residents|inhabitants")),
)
