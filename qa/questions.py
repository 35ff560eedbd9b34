"""Read from a question what kind of answer it asks for: a figure or not, and which kinds of figure would answer.

Each rule is named for its linguistic fact, abstains with None, and stands in one ordered list; the first that speaks
decides, and ``Question.rule`` names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.folding import fold, has_han, to_simplified
from qa.asks import asks_figure
from qa.errors import QuestionError
from qa.figures import FigureKind, find_figures
from qa.periods import MONTHS

#: A question is a line, not a document; the encoder's time grows with length (ten thousand characters took 13 s).
MAX_QUESTION = 500

#: Beyond these what was learned of a question is plain, for words or for a figure.
PLAINLY_WORDS, PLAINLY_FIGURE = 0.05, 0.85
#: What was learned casts doubt on a rule that says otherwise; so sure of a figure, it overrules a rule that sees none:
#: all 35 such questions on reports kept out of its training asked for one.
OVERRULES = 0.9
_TELL = re.compile(r"\b(?:describe|explain|summari[sz]e)\b|介绍|概括|总结|说说|谈谈")

#: Kinds of figure that can answer; the empty set means that no figure is asked for.
Kinds = frozenset[FigureKind]

NOTHING: Kinds = frozenset()
SHARE: Kinds = frozenset({"percent", "ratio", "points", "multiple"})
RANK: Kinds = frozenset({"rank"})
DATE: Kinds = frozenset({"date", "time"})
DURATION: Kinds = frozenset({"duration"})
AGE: Kinds = frozenset({"age", "duration", "number", "count"})
MONEY: Kinds = frozenset({"money", "number", "count"})
PAID: Kinds = frozenset({"money", "number"})
COUNT: Kinds = frozenset({"count", "number"})
QUANTITY: Kinds = COUNT | MONEY | SHARE | DURATION | {"measure", "age"}
ANY: Kinds = QUANTITY | RANK | DATE


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood. ``kinds`` is empty when no figure is asked for."""

    text: str
    language: str
    """"zh-hans", "zh-hant" or "en": the language and script to answer in."""
    kinds: Kinds
    rule: str
    """Name of the rule that decided ``kinds``."""
    yes_no: bool
    """The question offers a figure and asks whether it is so."""
    sure: bool = True
    """Whether it is plain that a figure is asked for, or that none is."""

    @property
    def asks_figure(self) -> bool:
        """Whether a figure would answer the question."""
        return bool(self.kinds)


def check_question(text: str) -> str:
    """Return the question without surrounding white space. Raises QuestionError when it cannot be one."""
    if not isinstance(text, str):
        raise QuestionError("the question is no text. Ask in a sentence.")
    stripped = text.strip().strip("\ufeff\u200b")
    if not any(c.isalnum() for c in stripped):
        raise QuestionError(
            "there are no words in the question. Ask in a sentence, for example about a quantity in the report."
        )
    if len(stripped) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(stripped)} characters, over the limit of {MAX_QUESTION}. Shorten it."
        )
    if any("\ud800" <= c <= "\udfff" or c == "\0" for c in stripped):
        raise QuestionError("the question holds characters that are no text. Type it anew.")
    return stripped


_ASKS_IN_ENGLISH = re.compile(r"\s*(?:how|what|which|when|where|who|why|is|are|was|were|do|does|did)\s", re.IGNORECASE)


def language_of(text: str) -> str:
    """Return "zh-hans", "zh-hant" or "en" by the script of ``text``; English may name a thing in Chinese."""
    if not has_han(text) or _ASKS_IN_ENGLISH.match(text):
        return "en"
    return "zh-hans" if to_simplified(text) == text else "zh-hant"


Rule = Callable[[str], Kinds | None]


#: Not 哪个年龄段, 哪个天文台, 哪家日报.
_TIMES = (
    "财年|学年|财政年度|年(?![龄轻级])|月(?!饼)|天(?![文津然气])|日(?![报本语企])|季(?!节性)|时(?![装代])|小时|周(?![边刊])"
    "|世纪|段(期间|时间|时期)"
)
_HAPPENED = "启用|通车|成立|出生|毕业|上市|去世|竣工|开业|开工|创立|创办|投产"
#: A year by its number rather than a span of years: 西元几年, 成立于几年, 几年通车.
_NUMBERED_YEAR = (
    r"(西元|公元|民国)前?几年|(?<![等大小高低晚早长短多少属处由位关对])于几年(?![内间里后前以级来没规])|几几年"
    rf"|(?<![近前后好十这那哪头过])几年(?=({_HAPPENED})(?!后))|是几年[^了内]{{1,4}}的"
)
#: A month or day by its number, in digits or not: 几月, 几月几日, 12月几日; and when it was: 多久以前.
_NUMBERED_DAY = r"(?<!好)几月|月的?几[日号天]|哪几[天日]"


#: A figure that is asked for beside words: 谁跑了几秒, Why did it close, and when?
_ASKS_FOR_MORE = re.compile(
    r"(?<!或)多少(?!有)|第几|百分之几|多大|多高|几成|何时|什么时候|哪一?年|多久|[，,、].{0,6}几(?![乎何率])|谁.*几(?!个意思)"
    r"|哪一?[届期版层]|\bhow (many|much|long|old|far|deep|high|tall|large|big)\b|\b(and|or),? when\b|\bwhen and where\b"
    r"|\band (by |in |at |for )?(what|which) (was|were|is|year|price|percent)"
    r"|^\W*(what (is|was|are|were) )?(the |a |total |average |median |annual )*"
    r"(share|percentage|proportion|fraction|number|amount)( of [\w' -]+)? (who|with|that|whose|where)\b"
)


def asks_for_text(q: str) -> Kinds | None:
    """谁, 哪些, 为什么, 如何, who, why…: the answer is words, unless a quantity is asked for beside."""
    if _ASKS_FOR_MORE.search(q):
        return None
    if re.search(
        r"哪(几|些|里|个机构|家公司|儿)|谁|为什么|为何(?![?？。]?$)|如何(?!.*率)|怎么样?|怎样|有什么|哪方面|原因|介绍|概括|总结|说说|写一",
        q,
    ):
        return NOTHING
    if re.search(rf"哪(?!一?(个|几)?({_TIMES}))|(叫|指|凭|做|干)(什么|啥)|是(什么|啥)意思", q):
        return NOTHING
    if re.search(
        r"\b(who|whom|whose|why|where|describe|explain|summari[sz]e|how (do|does|did|is|are|was|were|can|will))\b", q
    ):
        return NOTHING
    if re.search(
        r"\bwhat (role|effect|impact|kind|type|happen|measure|reason|cause|drove|led|made|are the main|(is|was) meant)",
        q,
    ):
        return NOTHING
    if re.search(
        r"\bwhich (?!(\w+ )?(year|date|day|month|time|quarter|century|decade|place|position|percent|share|rank"
        r"|figure))",
        q,
    ):
        return NOTHING
    return None


def asks_in_a_unit(q: str) -> Kinds | None:
    """… in per cent, … in yuan."""
    if re.search(r"\b(in|as an?) (per ?cent|percentages?( terms)?|rate|share|proportion)(\W*$|,)", q):
        return SHARE | {"number"}
    return MONEY if re.search(r"\bin (yuan|rmb|renminbi|(\w+ )?dollars|euros?|pounds|yen|money)\W*$", q) else None


def asks_for_rank(q: str) -> Kinds | None:
    """第几, 排名多少, what rank; not 连续几年位居第一, which names a rank and asks for another quantity."""
    if re.search(r"第几(?!次|届|期|批|个|章|条|季)", q):
        return RANK
    if re.search(r"第几|哪一?[届期版层]", q):
        return RANK | COUNT
    if _NAMES_A_RANK.search(q):
        return None
    if not re.search(
        r"第多少|多少任|[位名]列.{0,4}(几|多少)|[位列]于?全.{0,3}(几|多少)位|[得考]了?(几|多少)名|排名|名次|排行|位次|位居|座次|(?<![男女碳])排(?![放水污气涝泄除练查队雷量]).{0,6}(几|多少)"
        r"|\b(rank|ranks|ranked|ranking|what place|which place)\b|^(?!.*\b(how|weight|share|size)\b).*\bposition\b",
        q,
    ):
        return None
    if asks_for_duration(q) or asks_for_share(q) or asks_for_money(q):
        return None
    return RANK | COUNT if asks_for_count(q) or _CHANGES.search(q) else RANK


#: A rank that only tells which is meant: 排名第一的企业营收, the building ranked second; and a position that is none.
_NAMES_A_RANK = re.compile(
    r"(排名|名次|排行|位次|位居|位列|名列|[列居])(榜?首位?|[第前]?[\d一二三四五六七八九十]+)位?名?的(?!.*(排名|名次|第几))"
    r"|\b(ranks?|ranked|ranking) (as )?(the )?"
    r"(first|second|third|fourth|fifth|top|last|highest|lowest|number|\d+(st|nd|rd|th))\b"
    r"|\b(cash|financial|investment|fiscal|net|current|trading|credit|foreign) (\w+ )?position\b"
    r"|\bposition (did|was|does) \w+ (hold|appointed|play)\b"
)


def asks_for_date(q: str) -> Kinds | None:
    """哪一年, 何时, 几月几日, 几点, when, what year."""
    if re.search(
        rf"哪[一1]?个?({_TIMES}|季度|时候|年代)|什么年代|何时|何年|何月|几(月|号|日|时|世纪|点(?!钟))|几点钟?|什么时(候|间|后)"
        rf"|啥时候|(时间|日期|年份)$|{_NUMBERED_YEAR}",
        q,
    ):
        return DATE | DURATION if q.endswith("时间") else DATE
    return DATE if _ASKS_WHEN.search(q) else None


#: Not what only says of what time something else is asked: how old she was when …, the rate when ….
_ASKS_WHEN = re.compile(
    r"\b(what|which) (year|date|day|month|time|quarter|century|decade)\b|\b(year|date|day|month) when\b"
    r"|^\W*(?:(?:and|but|so|or|since|from|until|till|by|then),? )*when\b(?!.*\bhow\b)"
    r"(?!.*, (?:what|which|who|where|why)\b)"
    r"|(?<!how) (?:since|by|until|from|till|exactly|and|or) when\b|\bwhen (?:exactly|precisely)"
    r"|^(?!.*\bhow\b).*[,;:–-] when\b|\bwhen[.?\s]*$|\b(?:know|tell me|say|recall|remember) when\b"
)


def asks_for_duration(q: str) -> Kinds | None:
    """几年, 多久, how long."""
    if re.search(rf"{_NUMBERED_YEAR}|{_NUMBERED_DAY}", q):
        return None
    if re.search(r"多久(以|之)?前", q):
        return DURATION | COUNT | DATE
    if re.search(
        r"(?<![前近后头过十好那这])(几|多少)(个)?(年|月|天|日|小时|钟头|分钟|秒|周|星期|礼拜|季度|工作日|[学课]时)(?![来间内里后].*(几|多少))"
        r"|多久|多长时间",
        q,
    ):
        return DURATION | COUNT | {"age"} if "活" in q else DURATION | COUNT
    if re.search(r"\bhow long( (is|are|was|were|an?)\b|\W*$| .*\b(be|been|run|stretch|extend|measure)\W*$)", q):
        return DURATION | COUNT | {"measure"}
    if re.search(r"\bhow (long|many (\w+ )?(years|months|days|weeks|hours|minutes|quarters|decades|centuries))\b", q):
        return DURATION | COUNT
    return None


def asks_for_age(q: str) -> Kinds | None:
    """How old was she, 她几岁."""
    asked = re.search(r"^\W*(?:and |but |so )?how old\b|(?:多大(?:年纪|年龄|岁数)|(?<!十)几岁|多少岁)了?[\s?？。]*$", q)
    return AGE if asked else None


def asks_for_share(q: str) -> Kinds | None:
    """占比, 百分之几, 几成, what share; not a share that only tells which is meant: 占比最高的行业产值多少."""
    q = _OF_THE_CLAUSE.sub("", q)
    if _NO_SHARE.search(q):
        return None
    if re.search(
        r"百分之(几|多少)|几成|几分之"
        r"|(?<![进攻侵抢强霸日])占(?![地领用])[^，,]{0,12}((多少|几)(?!\w?元|[万亿]|平方|公[顷里]|[个地亩名家户部本册艘座处席层人吨](?!百))|比例|比重|份额)"
        r"|占比|比例|比重|份额|百分比|(几|多少)个(百分|基)?点(?![球位])",
        q,
    ):
        return SHARE
    if re.search(r"[汇费]率", q) and not _CHANGES.search(q):
        return MONEY | SHARE
    if re.search(r"(?<!有)功率|频率|分辨率|心率|脉率|周转率|[育死病伤]率", q):
        return QUANTITY
    if re.search(r"率(是|为|达|有|又|同比)?(多少|几|多大|多高|多低)|率.{0,4}(多少|多高|多低)$|率$|增速", q):
        return SHARE | {"number"}
    if re.search(r"[增涨降跌]幅", q):
        return SHARE | MONEY | {"measure"}
    if re.search(
        r"\b(day|daily|hourly|nightly|room|overtime|freight|charter|pay|wage|exchange|conversion) rates?\b", q
    ):
        return MONEY | SHARE
    if re.search(r"^what (affects|determines|drives|pushed)\b|^what does .* mean\b", q):
        return None
    if re.search(
        r"\b(what|which) (share|percent\w*|proportion|fraction|rate)\b|\brate\b"
        r"|\b(share|percentage|proportion|fraction) (of|who|whose|with|that)\b"
        r"|\bhow many (basis|percentage) points\b",
        q,
    ):
        return SHARE | {"number"}
    return None


_OF_THE_CLAUSE = re.compile(
    r"(占比|比例|比重|份额|[增涨降跌]幅|增速|率)[^，,]{0,4}[最较]?[高低大小快慢多少]?的(?=[^，,]+(多少|几|多[大高长远重深]))"
)
_NO_SHARE = re.compile(
    r"^\W*how (many|long|high|tall|deep|old|far|often) (?!(basis|percentage) )(?!.*\bper ?cent\b)|\bprice per share\b"
    r"|\bhow much (did|does|would|will|has|have)\b.*\b(spend|cost|pay|save|earn|raise|lose)\b"
)


def asks_for_money(q: str) -> Kinds | None:
    """多少元, 多少钱, how much did … cost."""
    if re.search(
        r"(多少|几)[万亿百千十]*(澳门元|\w?元|人民币|钱|块|英镑|瑞郎|[美欧]分|港仙|卢[布比]|台币|港币|日圆|泰铢|美金)|(价格|售价|票价|单价|金额)",
        q,
    ) or re.search(
        r"\b(price|cost) of\b(?! (debt|borrowing|capital|living)\b)|\bhow much (money|did .* (cost|pay|spend|earn))\b",
        q,
    ):
        return MONEY | SHARE if _CHANGES.search(q) else MONEY
    return None


#: What is asked is how much something changed, perhaps in per cent.
_CHANGES = re.compile(
    r"[涨跌升降增减]|变化|\b(increase|rise|rose|risen|fall|fell|fallen|drop|growth|grow|grew|change|inflation|up|down)"
)


_MONEY_HEADS = (
    "收入|营收|营业额|利润|净利|亏损|票房|产值|增加值|资产|负债|债务|费用|(?<!融资)(?<!资金)(?<!债)成本|支出|经费|资金|投资|出口额|进口额|贸易额|交易额|销售额|成交额"
    "|预算|工资|薪酬|薪资|奖金|补贴|补助|罚款|捐款|租金|保费|税收"
)


_MONEY_ASKED = r"\bwhat (is|was|are|were) ([\w' -]*\b(revenues?|profits?|income|debt|budget))\b( (in|for) [^?]*)?\??$"


def asks_what_is_money(q: str) -> Kinds | None:
    """营业收入是多少, "What was net profit?": 88人 is no answer.

    Of 232 such questions on the training reports that a figure answers, an amount answers 230.
    """
    if re.search(rf"({_MONEY_HEADS})(总额|总值|总计|额)?(共|总共|一共|合计)?(是|为|有|达到?了?)?多少(?:[？?。]|$)", q):
        return PAID
    asked = re.search(_MONEY_ASKED, q)
    return PAID if asked and not re.search(r"\b(change|rise|fall|growth|share|per cent)\b", asked[2]) else None


def asks_for_count(q: str) -> Kinds | None:
    """多少人, 几家, how many."""
    if re.search(
        r"(多少|几)[万亿百千十]*(个(?![亿万点百]|钟头|小时|月)|人(?!公里|工|均)|家|名(?!义)|位|次|条|件|台(?!币)|只|户|所|座|项(?!目)|种|篇|份|部|款|届|期|辆|艘|架|间|处(?!理)|起|例|枚)",
        q,
    ):
        return COUNT
    if re.search(r"\bhow many (?:\w+ )?(?:yuan|dollars|euros|yen|won|rupees|rou?bles|cents|pence|renminbi)\b", q):
        return MONEY
    if re.search(r"\bhow many per ?cent\b", q):
        return SHARE | {"number"}
    if re.search(r"\bhow many times\b", q):
        return COUNT | {"multiple"}
    if re.search(rf"\bhow many (?:\w+ )?(?:{_MEASURES})\b", q):
        return QUANTITY if "pounds" in q else COUNT | {"measure"}
    if re.search(r"\bhow many points\b", q):
        return COUNT | {"points", "percent"}
    if re.search(r"\bhow many\b|\bwhat number\b", q):
        return COUNT
    if re.search(r"^(?!.*\b(how (far|much|fast)|per)\b).*(?:^|\bthe )(total )?number of\b", q):
        return COUNT | SHARE if _CHANGES.search(q) else COUNT
    return None


_MEASURES = (
    r"(?:(?:square|cubic) )?(?:(?:kilo|centi|milli)?(?:met|lit)(?:er|re)s|miles|feet|yards|inches|acres|hectares|km"
    r"|(?:metric )?tons|tonnes|(?:kilo)?grams|kilos|pounds|barrels|gallons|degrees"
    r"|(?:kilo|mega|giga|tera)?watt\w*|[mgk]wh?|mu)"
)


def asks_for_quantity(q: str) -> Kinds | None:
    """多少, 多大, 多高, 几, how much, how large."""
    if re.search(
        r"多(少|大|高|低|长|远|重|宽|深|浅|快|慢|厚|薄|轻)|有多[㐀-鿿]{1,2}[?？]?$|(?<![哪这那好前后近头])几(?![乎何率])"
        r"|[到在于]了?什么水平|具体(数字|数据|数额|数值)",
        q,
    ):
        return QUANTITY
    if re.search(r"\bhow (much|large|big|small|high|low|far|tall|deep|heavy|old|fast|slow|often|wide)\b", q):
        return QUANTITY
    if _WHAT_MEASURE.search(q):
        return QUANTITY
    if re.search(
        r"\b(come|comes|came|amount\w*|add\w* up) to what\b|\bwhat (do|does|did) .+ (come|amount|add up) to\b", q
    ):
        return QUANTITY
    return None


#: Nouns that quantities end with, as alternatives of a regular expression.
HEADS = (
    "率|规模|总数|总量|总额|总值|数量|人数|户数|数目|次数|金额|余额|产值|产量|销量|收入|利润|面积|价格|指数|增速|增幅|比重|占比"
    "|排名|年龄|寿命|市值|营收|票房"
)
ENGLISH_HEADS = (
    "rate|number|total|share|percentage|proportion|size|amount|population|revenue|income|profit|price|index|area"
    "|value|growth|costs?|weight|height|length|distance|depth|width|speed|temperature|salary|wages?|capacity|budget"
    "|output|turnover|volume|margin|density|duration|yield|fees?|death toll"
)
_WHAT_MEASURE = re.compile(
    rf"\bwhat (?:\w+ )?(?:{ENGLISH_HEADS}|age|sum|score|fall|rise|increase|decrease|drop|gap|difference|figure)"
    r" (?:is|was|were|are|did|do|does|had|has|have|will|would|can|could|should|of|separates?)\b"
)


def names_a_quantity(q: str) -> Kinds | None:
    """Bare noun phrase whose head is a measured quantity: 城镇登记失业率, 用户规模, the unemployment rate."""
    bare = re.sub(r"(是|为|呢|的|为何)?[\s?？。!！.]*$", "", q)
    if len(bare) <= 24 and re.search(rf"({HEADS})$", bare):
        return QUANTITY | RANK
    if re.search(
        r"\b(based on|made up of|known for|used for|measured by|about|mean)\W*$|^what is measured|\bunit of\b", q
    ):
        return None
    asks = re.search(r"\bwhat('s| is| was| were| are)\b|^(the )?[\w' -]+$", q)
    return QUANTITY | RANK if asks and re.search(rf"\b({ENGLISH_HEADS})\b", q) else None


def offers_a_figure(q: str) -> Kinds | None:
    """是…吗, 有没有超过…: the question holds a figure and asks whether it is so."""
    return ANY if is_yes_no(q) and find_figures(q) else None


RULES: tuple[Rule, ...] = (
    asks_for_text,
    offers_a_figure,
    asks_in_a_unit,
    asks_for_rank,
    asks_for_age,
    asks_for_duration,
    asks_for_date,
    asks_for_share,
    asks_for_money,
    asks_what_is_money,
    asks_for_count,
    asks_for_quantity,
    names_a_quantity,
)


_YES_NO = re.compile(
    r"吗|(?<![什怎多那这])么[?？]?$|是否|是不是|有没有|有无|(.)没\1|对不对|没有[?？]?$|\d[^，,]*吧[?？]?$|, right\?"
    r"|^\s*(?:is|are|was|were|did|does|do|has|have|had|will|can)\b"
)


def is_yes_no(folded: str) -> bool:
    """Whether the (folded) question can be answered with yes or no."""
    return _YES_NO.search(folded) is not None


_DATE = r"(?P<date>(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}[日号])?)?|\d{1,2}月\d{1,2}[日号])"
#: A Chinese question whether something was at a date: 是2016年通车的吗, 于5月1日启用吗; not 2020年网民增长了吗.
_WAS_AT = re.compile(
    rf"(?P<before>.*?)(?P<at>是不是|是否|是)?(?P<on>在|于)?{_DATE}(?P<what>[^，,？?]{{1,12}}?)的?了?(?:吗|么)?[？?]?$"
)
_MONTH = "|".join(MONTHS)
_HAPPENS = "open|clos|found|built|establish|launch|sign|complet|start|beg[iu]n|end|born|die|creat|inaugurat|retire"
_WAS_AT_ENGLISH = re.compile(
    rf"(?P<aux>is|are|was|were|did|does|has|have) (?P<what>[^?]+?),? "
    rf"(?:on (?:\d{{1,2}} (?:{_MONTH})|(?:{_MONTH}) \d{{1,2}})(?:,? \d{{4}})?|in (?:(?:{_MONTH}) )?\d{{4}})\??$",
    re.IGNORECASE,
)


def when_asked(question: Question) -> Question:
    """Return the open question where one asks whether something was at a date: 是2016年通车的吗 asks when it was.

    The date is no period that it asks of. Whether a year with "in" is one, the verb tells.
    """
    text, folded = question.text, fold(question.text)
    if not question.yes_no or len(find_figures(text)) != 1:
        return question
    english = _WAS_AT_ENGLISH.match(folded)
    if english and (" on " in folded[english.end("what") :] or re.search(_HAPPENS, english["what"])):
        return replace(
            question,
            text=f"When {folded[: english.end('aux')]}{text[slice(english.end('aux'), english.end('what'))]}?",
            kinds=DATE,
        )
    chinese = _WAS_AT.match(folded) if has_han(text) else None
    if chinese and (chinese["at"] or chinese["on"] or re.search("[日号]$", chinese["date"])):
        return replace(
            question,
            text=f"{text[: chinese.end('before')]}是什么时候{text[slice(*chinese.span('what'))]}的？",
            kinds=DATE,
        )
    return question


def understand(text: str) -> Question:
    """Return what a complete question asks for. ``text`` has passed ``check_question``."""
    folded = fold(text)
    yes_no = is_yes_no(folded)
    learned = asks_figure(text)
    for rule in RULES:
        kinds = rule(folded)
        if kinds is not None:
            if not kinds and learned > OVERRULES and not yes_no and not _TELL.search(folded):
                return Question(text, language_of(text), ANY, "learned", yes_no, sure=False)
            sure = yes_no or bool(kinds) == (learned > 0.5)
            return Question(text, language_of(text), kinds, rule.__name__, yes_no, sure)
    # A yes/no question without a figure is about something else than a number.
    asks = not yes_no and learned > 0.5
    sure = yes_no or not PLAINLY_WORDS < learned < PLAINLY_FIGURE
    return Question(text, language_of(text), ANY if asks else NOTHING, "learned", yes_no, sure)
