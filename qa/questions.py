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


_TIMES = "年|月|天|日|季|时|周|世纪"
#: A year by its number rather than a span of years: 西元几年, 成立于几年.
_NUMBERED_YEAR = r"(西元|公元|民国|(?<![等大小高低晚早长短多少属处由位关对])于)前?几年(?![内间里后前以级来没规])|几几年"


def asks_for_text(q: str) -> Kinds | None:
    """谁, 哪些, 为什么, 如何, who, why…: the answer is words, unless a quantity is asked for beside."""
    if re.search(r"(?<!或)多少(?!有)|第几|百分之几|多大|多高|how (many|much)|几成", q):
        return None
    if re.search(
        r"哪(几|些|里|个机构|家公司|儿)|谁|为什么|为何|如何(?!.*率)|怎么样?|怎样|有什么|哪方面|原因|介绍|概括|总结|说说|写一",
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
    if re.search(r"\bwhich (?!(\w+ )?(year|date|day|month|time|quarter|place|position|percent|share|rank))", q):
        return NOTHING
    return None


def asks_for_rank(q: str) -> Kinds | None:
    """第几, 排名多少, what rank; not 连续几年位居第一, which names a rank and asks for another quantity."""
    if re.search(r"第几(?!次|届|期|批|个|章|条|季)", q):
        return RANK
    if re.search(r"第几", q):
        return RANK | COUNT
    if not re.search(
        r"排名|名次|排行|位次|位居|座次|排.{0,6}(几|多少)"
        r"|\b(rank|ranks|ranked|ranking|what place|which place|position)\b",
        q,
    ):
        return None
    if asks_for_duration(q) or asks_for_share(q) or asks_for_money(q):
        return None
    return RANK | COUNT if asks_for_count(q) else RANK


def asks_for_date(q: str) -> Kinds | None:
    """哪一年, 何时, 几月几日, 几点, when, what year."""
    if re.search(
        r"哪(一|个|1)?(年|月|天|日|季度|时候|时)|何时|何年|何月|几(月|号|日|时|世纪|点(?!钟))|几点钟?|什么时(候|间|后)|啥时候"
        rf"|(时间|日期|年份)$|{_NUMBERED_YEAR}",
        q,
    ):
        return DATE
    return DATE if re.search(r"\b(when|(what|which) (year|date|day|month|time|quarter))\b|since when", q) else None


def asks_for_duration(q: str) -> Kinds | None:
    """几年, 多久, how long."""
    if re.search(_NUMBERED_YEAR, q):
        return None
    if re.search(r"(几|多少)(个)?(年|月|天|日|小时|分钟|秒|周|星期|季度)|多久|多长时间", q):
        return DURATION | COUNT
    if re.search(r"\bhow long (is|are|was|were)\b", q):
        return DURATION | COUNT | {"measure"}
    if re.search(r"\bhow (long|many (\w+ )?(years|months|days|weeks|hours|minutes|quarters))\b", q):
        return DURATION | COUNT
    return None


def asks_for_share(q: str) -> Kinds | None:
    """占比, 百分之几, 几成, what share."""
    if re.search(
        r"百分之(几|多少)|几成|几分之|占(?!地).{0,12}(多少|几|比例|比重|份额)|占比|比例|比重|份额|百分比|几个百分点|多少个百分点",
        q,
    ):
        return SHARE
    if re.search(r"率(是|为|达|有|又|同比)?(多少|几|多大|多高)|率.{0,4}(多少|多高)$|率$|增幅|增速|涨幅|降幅|跌幅", q):
        return SHARE | {"number"}
    if re.search(
        r"\b(what|which) (share|percent\w*|proportion|fraction|rate)\b|\b(share|percentage|proportion) of\b|\brate\b"
        r"|\bhow many (basis|percentage) points\b",
        q,
    ):
        return SHARE | {"number"}
    return None


def asks_for_money(q: str) -> Kinds | None:
    """多少元, 多少钱, how much did … cost."""
    if re.search(
        r"(多少|几)[万亿百千十]*(澳门元|\w?元|人民币|钱|块|英镑|瑞郎|[美欧]分|港仙|卢[布比])|(价格|售价|票价|单价|金额)",
        q,
    ):
        return MONEY
    if re.search(
        r"\b(price|cost) of\b(?! (debt|borrowing|capital)\b)|\bhow much (money|did .* (cost|pay|spend|earn))\b", q
    ):
        return MONEY
    return None


_MONEY_HEADS = (
    "收入|营收|营业额|利润|净利|亏损|票房|产值|增加值|资产|负债|债务|费用|(?<!融资)(?<!资金)(?<!债)成本|支出|经费|资金|投资|出口额|进口额|贸易额|交易额|销售额|成交额"
    "|预算|工资|薪酬|薪资|奖金|补贴|补助|罚款|捐款|租金|保费|税收"
)


_MONEY_ASKED = r"\bwhat (is|was|are|were) ([\w' -]*\b(revenues?|profits?|income|debt|budget))\b( (in|for) [^?]*)?\??$"


def asks_what_is_money(q: str) -> Kinds | None:
    """营业收入是多少, "What was net profit?": 88人 is no answer.

    Of 232 such questions on the training reports that a figure answers, an amount answers 230.
    """
    if re.search(rf"({_MONEY_HEADS})(总额|总值|总计|额)?(共|总共|一共|合计)?(是|为|有|达到?了?)?多少[？?]?$", q):
        return PAID
    asked = re.search(_MONEY_ASKED, q)
    return PAID if asked and not re.search(r"\b(change|rise|fall|growth|share|per cent)\b", asked[2]) else None


def asks_for_count(q: str) -> Kinds | None:
    """多少人, 几家, how many."""
    if re.search(
        r"(多少|几)[万亿百千十]*(个|人(?!公里)|家|名|位|次|条|件|台|只|户|所|座|项|种|篇|份|部|款|届|期|辆|艘|架|间|处|起|例|枚)",
        q,
    ):
        return COUNT
    if re.search(r"\bhow many\b|\bthe (total )?number of\b|\bwhat number\b", q):
        return COUNT
    return None


def asks_for_quantity(q: str) -> Kinds | None:
    """多少, 多大, 多高, 几, how much, how large."""
    if re.search(r"多(少|大|高|长|远|重|宽|深|快|厚)|(?<![哪这那好前后近头])几(?![乎何率])", q):
        return QUANTITY
    if re.search(r"\bhow (much|large|big|high|far|tall|deep|heavy|old|fast|often|wide)\b", q):
        return QUANTITY
    return None


#: Nouns that quantities end with, as alternatives of a regular expression.
HEADS = (
    "率|规模|总数|总量|总额|总值|数量|人数|户数|数目|次数|金额|余额|产值|产量|销量|收入|利润|面积|价格|指数|增速|增幅|比重|占比"
    "|排名|年龄|寿命|市值|营收|票房"
)
ENGLISH_HEADS = (
    "rate|number|total|share|percentage|proportion|size|amount|population|revenue|income|profit|price|index|area"
    "|value|growth"
)


def names_a_quantity(q: str) -> Kinds | None:
    """Bare noun phrase whose head is a measured quantity: 城镇登记失业率, 用户规模, the unemployment rate."""
    bare = re.sub(r"[\s?？。!！.]+$|(是|为|呢|的)$", "", q)
    if len(bare) <= 24 and re.search(rf"({HEADS})$", bare):
        return QUANTITY | RANK
    asks = re.search(r"\bwhat('s| is| was| were| are)\b|^(the )?[\w' -]+$", q)
    return QUANTITY | RANK if asks and re.search(rf"\b({ENGLISH_HEADS})\b", q) else None


def offers_a_figure(q: str) -> Kinds | None:
    """是…吗, 有没有超过…: the question holds a figure and asks whether it is so."""
    return ANY if is_yes_no(q) and find_figures(q) else None


RULES: tuple[Rule, ...] = (
    asks_for_text,
    offers_a_figure,
    asks_for_rank,
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
