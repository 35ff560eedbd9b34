"""How a Chinese follow-up completes the question before it, in either script.

A question is read as time + scope + head of quantity + asking words: 2021年 | 农村网民 | 规模 | 是多少. What the
follow-up brings tells what it replaces. Each rule is named for what the follow-up does, abstains with None, and stands
in one ordered list; the first that speaks gives the wordings, likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from qa.courtesies import without_courtesies
from qa.words import both_scripts, word_starts

#: Counts the tokens of a wording that the source lacks.
Lacks = Callable[[str], int]

_YEAR = (
    r"(?:公元)?(?:\d{4}|[〇零一二三四五六七八九]{4})年"
    r"(?:度|[年底末初]+|上半年|下半年|前?第?[一二三四\d]个?季度|\d{1,2}月[份底末]?)?"
)
_TIME = (
    rf"(?:截至|截止|到|在)?(?:{_YEAR}|去年|今年|前年|上年|明年|后年|本年|当年|同年|上半年|下半年|全年|第[一二三四]季度"
    r"|[上本下]个?(?:季度|月|周)|\d{1,2}月份?)(?:同期|全年|年底|年末)?"
)
_LEAD = both_scripts(
    r"^(?:那么?(?!些|个|一|里|天|年|次|曲|达|么|时|种|位|场|家)|其中的?(?!国)|而(?!且|已)|然后|再|请问|顺便问一?下"
    r"|(?:还有|另外|以及)(?!多少|几|哪|什么|没有)|(?:换成|改成|如果|要是|若)(?:换成|是|问)?|至于|说到|关于)[，,]?"
)
#: Of these leads, those after which even a whole question leans on what came before.
_LEANING_LEAD = both_scripts(
    r"^(?:那么?(?!些|个|一|里|天|年|次|曲|达|么|时|种|位|场|家)|其中的?(?!国)|换成|改成|如果换成)"
)
_TAIL = both_scripts(r"(?:呢|如何呢|怎么样呢)[?？!！。]*$")
_THING = (
    r"(?:它们?|他们|她们|[他她](?!人|国|乡|们)|其(?!他|它|余|中|实(?!际|现|施)|间|次|后)|该(?=的|是|有|占|[比增减]))"
)
_THIS = (
    r"(?:这|那|该|此)(?:一?[个项座家条种所款部])?(?P<noun>[㐀-鿿]{2,6}?)"
    r"(?=$|的|是|有|在|由|会|能|将|占|为|何|什|怎|多|几|哪)"
)
_PRONOUN = both_scripts(
    rf"^(?P<before>(?:为什么|为何|怎么|什么时候|何时|哪一?年|哪里|目前|现在|如今|以后|今后|未来|后来|预计|{_TIME})?[，,]?)"
    rf"(?P<it>{_THING})的?"
)
_DEMONSTRATIVE = both_scripts(rf"^{_THIS}")
_ADVERB = (
    r"(?:又|也|还(?!有)|都|总共|一共|大约|大概|究竟|到底|具体|后来|目前|现在|以后|今后|未来|预计|每年|年均|累计|平均|实际"
    rf"|{_TIME}(?:以来|之后|以后|起)?)*"
)
_AMOUNT = r"(?:(?:百分之)?(?:多少|几(?!乎))|多大|多高|多长|多远|多久|第几|哪)"
_MOVE = r"(?:增长|增加|减少|下降|上升|提高|提升|降低|上涨|下跌|回升|回落|缩小|扩大|涨|跌|降|增|减)"
_RELATION = r"(?:增长率|增速|增幅|降幅|涨幅|跌幅|同比|环比|占比|比重|比例|份额|排名|名次|变化)"
#: What is said of something that stands before it: without a subject of its own, the subject is that of before.
_PREDICATE = both_scripts(
    rf"^{_ADVERB}(?:"
    rf"(?:同比|环比)?{_MOVE}(?:了|到|至|幅度?)?(?:{_AMOUNT}|吗|没有|没|的?原因|的?幅度(?:[是有为多]|$)|$)"
    rf"|(?:年均|全国|全球|世界|国际|市场|国内|行业)?{_RELATION}(?:$|[是为有达多第怎如大高]|了|情况)"
    rf"|占(?!地|据|领|用|有|卜|了?优)[^，,]{{0,12}}?(?:多少|几|比重?|比例|$)"
    rf"|(?:比|较|与|和|跟|同)(?:{_TIME}|上[年月季期]|去年|前年?|往年|同期|此前|之前|过去)"
    rf"|(?:与|和|跟|同)[^，,]{{1,8}}?(?:相比|比较|比)(?:$|起来|多|少|如何|怎)"
    rf"|(?:排|位居|位列)(?:名|在|第)?(?:第?几|多少|哪)"
    rf"|(?:是)?从(?:什么|哪|何)(?:时候|一?年|里|儿|时|个月)|(?:是)?(?:由|被)(?:谁|哪|什么)"
    r")"
)
#: What amounts are counted in; a noun after it is a thing of the question's own.
_UNIT = (
    r"(?:[十百千万亿]{0,2}(?:个?百分点|平方(?:公里|千米|米)|立方米|公里|公顷|公斤|千克|千米|毫米|厘米|千瓦时?|人次|人民币|美元"
    r"|[个家所座条名位项种部台辆人户次件张万亿元吨亩米克度倍成份艘架只头株瓶套间处场届期批例篇笔班天年月日岁分秒升斤钱里本枚颗层栋]"
    r"|小时|时间|个月|分钟)?)"
)
_COUNTED = rf"(?:{_UNIT})"
#: Asking words with no subject: 为什么下降了, 有多少家, 在哪里举行的.
_BARE_ASKING = both_scripts(
    rf"^{_ADVERB}(?:"
    r"(?:是)?(?:为什么|为何|怎么样?|怎样|如何|(?:在|从|到)?什么(?:时候|时间|地方)|何时|哪一?年|在?哪里|在哪儿?|什么原因)"
    r"(?:会|要|能|才|可以|没有?|被|来|这么|那么)*[㐀-鿿]{0,3}?(?:的|了|过)?"
    r"|原因(?:是什么|何在)?|谁(?!是|有|的)[㐀-鿿]{0,3}(?:的|了)?|是谁(?:[㐀-鿿]{0,3}的)?"
    rf"|(?:具体|分别)?(?:是|有|为|达到?了?|在|[㐀-鿿]{{1,2}}了|需要?|要)?(?:(?:百分之)?(?:多少|几(?!乎))|多[大高长远重久快])(?:钱|时间|{_COUNTED})(?:了)?"
    r"|(?:主要|具体|都)?(?:包括|包含|有|是|指)(?:的是)?(?:哪些|什么)(?:内容|方面)?"
    r")(?:呢|吗)?$"
)
#: All that is said is with when to compare: 同比, 环比, 比上年.
_ONLY_COMPARES = both_scripts(rf"^{_ADVERB}(?:[同环]比|[比较](?:{_TIME}|上[年月季期]|去年|前年?|往年|同期))$")
#: The clause that compares, before what is compared.
_COMPARING = both_scripts(
    rf"^{_ADVERB}(?:比|较|与|和|跟|同)(?:{_TIME}|上[年月季期]|去年|前年?|往年|同期|此前|之前|过去)的?(?:相比|比较|比)?[，,]?"
)
#: A thing of the question's own: 多少家|企业, 排名第一的|省份|是哪个, 第一的是哪个|城市.
_OWN_COUNTED = both_scripts(
    rf"(?:多少|几(?!乎)){_UNIT}(?!{_UNIT}(?:$|[的了呢吗])|{_RELATION}|[的了呢吗比])[㐀-鿿]{{2,}}$"
)
_OWN_DESCRIBED = both_scripts(
    rf"的(?:(?!多少|几|哪|什么|谁|是|有|为|{_RELATION}|{_MOVE}|原因|幅度|情况|总?[量额数])[㐀-鿿]{{1,8}}?"
    r"(?:(?:是|有|为|叫)(?:哪|什么|谁|多少|几|怎)|在哪|最[㐀-鿿]$)|(?:是|有|为)哪[个些家所座条种]?[㐀-鿿]{2,})"
)
_ADJECTIVE = both_scripts(r"^[多少高低大小长短快慢]")
_RELATED = both_scripts(rf"(?:{_RELATION}|{_MOVE}|原因|幅度|差距|差别)$")
_ASKING = both_scripts(
    rf"(?:(?:比|较|与|和|跟|同)(?:{_TIME}|上[年月季期]|去年|前年|同期)[^，,多几]{{0,4}})?(?:同比|环比)?"
    rf"(?:大概|大约|目前|一共|总共|共|又)?"
    rf"(?:{_MOVE}(?:了|到|至|幅度?)?(?=(?:百分之)?(?:多少|几)|吗|没)|占(?!地)[^，,是有]{{0,8}}?的?(?=多少|几)|排(?:名)?(?=第几)"
    r"|(?:[㐀-鿿]了)(?=多少|几)|是否|是不是|有没有|有无|会不会|能不能"
    r"|(?:是|有|为|达到?了?|在|由|从|到)?"
    r"(?:(?:百分之)?(?:多少|几(?!乎))|多[大高长远重久快](?=$|[？?的])|什么|哪|谁|怎|如何|为何|何时|第几)).*$"
    r"|(?:会|能|将|是|已经?|达到?了?|超过|在)[^，,]{0,20}[吗么][?？]?$"
)
#: Words that end the name of a measured quantity, whatever the subject.
_HEAD_WORD = both_scripts(
    r"(?:规模|数目|数量|人数|次数|收入|支出|消费|费用|成本|投资|利润|面积|价格|增速|增幅|比重|占比|比例|份额|排名|年龄"
    r"|寿命|营收|票房|增长|里程|长度|高度|速度|温度|密度|浓度|利率|指数|产能|能耗|余额|单产|市值|工资|销量|缺口|总和"
    r"|人次|床位数?)$"
)
#: Single characters that make such a name of the word before them: 失业 + 率.
_HEAD_CHARACTER = both_scripts("[率量数额值价费]$")
_AMOUNT_ASKED = both_scripts(_AMOUNT)
_TIME_FIRST = both_scripts(rf"^(?:{_TIME})的?[，,]?")
_TIME_ANYWHERE = both_scripts(_TIME)
_ONLY_ASKING = both_scripts(rf"^(?:是|有|为|达到?|占)?{_AMOUNT}{_COUNTED}$")
_UNIT_ASKED = both_scripts(r"(?:多少|几)[㐀-鿿]+$")
#: What is said to an answer, and asks for nothing.
_REPLY = both_scripts(r"^(?:好|是|对|嗯|行|真|谢谢|多谢|感谢|明白|知道|了解|懂)(?:的|了|吧|吗|你|您|啦)*$")
#: After a time: it bounds a span, and is not the time that is asked about.
_SPAN = both_scripts(r"^(?:以来|之后|以后|之前|以前|后|前|起|[到至和与、—-])")
#: What stands after the amount asked for is of the subject too: 农村有多少|网民, 连续几年|全球第一.
_SAID_AFTER = both_scripts(rf"^(?:是|有|为|达到?了?)?{_AMOUNT}{_COUNTED}的?([㐀-鿿]{{2,}})$")
#: A yes/no question: it has said what it asks, and takes no other asking words.
_OFFERS = both_scripts(r"(?:吗|么|吧|对不对|是不是|有没有)$")
_COUNTS = both_scripts(r"^(有(?:多少|几)[个家所座条名位项种部台辆]?)[㐀-鿿]{2,}")
_PUNCTUATION = "?？。.!！，, "

#: Longest core of an elliptical 呢 question, characters.
_LONGEST = 24
#: Longer than this, characters, nobody leaves out what is asked about; and the patterns take long to see it.
_LONG = 100


def split_asking(question: str) -> tuple[str, str]:
    """Split a question into its subject and its asking words, either of which may be empty."""
    match = _ASKING.search(question)
    if match is None:
        return question, ""
    return question[: match.start()].rstrip("的"), question[match.start() :]


def head_start(subject: str) -> int | None:
    """Return where the name of the quantity begins at the end of ``subject``; None when it names none."""
    whole = _HEAD_WORD.search(subject)
    if whole:
        return whole.start()
    if not _HEAD_CHARACTER.search(subject):
        return None
    *before, last = word_starts(subject)
    if last < len(subject) - 1 or not before:
        return last
    # The word before the character belongs to it, or the two single characters before it: 失业|率, 客|运|量.
    return before[-1] if last - before[-1] > 1 or len(before) < 2 else before[-2]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its parts; every part may be empty."""

    time: str
    scope: str
    head: str
    asking: str

    @property
    def subject(self) -> str:
        """Scope and head."""
        return self.scope + self.head

    @classmethod
    def read(cls, question: str) -> Asked:
        """Take a question apart."""
        text = without_courtesies(question).strip(_PUNCTUATION)
        timed = _TIME_FIRST.match(text)
        time = timed[0] if timed else ""
        subject, asking = split_asking(text[len(time) :])
        if not time and (within := _TIME_ANYWHERE.search(subject)) and within.end() < len(subject):
            time, subject = within[0], subject[: within.start()] + subject[within.end() :].lstrip("的")
        at = head_start(subject)
        if at is None:
            return cls(time, subject, "", asking)
        return cls(time, subject[:at].rstrip("的"), subject[at:], asking)


def _core(question: str) -> str:
    text = question.strip()
    while lead := _LEAD.match(text):
        text = text[lead.end() :]
    return _TAIL.sub("", text).strip(_PUNCTUATION)


def _says_of_it(core: str) -> bool:
    """Whether the text is said of something that stands before it, and names no thing of its own."""
    if not _PREDICATE.match(core) and not _BARE_ASKING.match(core):
        return False
    if _OWN_COUNTED.search(core) or _OWN_DESCRIBED.search(core):
        return False
    compared = _COMPARING.match(core)
    if compared is None:
        return True
    rest = core[compared.end() :]
    own, asking = split_asking(rest)
    leans = _PREDICATE.match(rest) or _BARE_ASKING.match(rest) or _ADJECTIVE.match(rest) or _RELATED.search(own)
    return bool(leans) or not asking or len(own) < _SHORTEST


#: A name has at least so many characters.
_SHORTEST = 2


def is_follow_up(question: str) -> bool:
    """Whether the question leans on what came before: a lead word, a 呢, a pronoun, or a predicate without subject."""
    text = question.strip()
    if len(text) > _LONG:
        return False
    core = _core(text)
    subject, asking = split_asking(core)
    if _REPLY.match(core):
        return False
    if _LEANING_LEAD.match(text) or _PRONOUN.match(core):
        return True
    if _TAIL.search(text) and len(core) <= _LONGEST and not asking:
        return True
    rest = _TIME_FIRST.sub("", core)
    if not rest or _says_of_it(core):
        return bool(core)
    # 城镇的有多少: what the 的 belongs to has been left out.
    headless = subject + "的" == core[: len(subject) + 1] and bool(_ONLY_ASKING.match(asking))
    return len(core) <= _LONGEST and (headless or (rest.endswith("的") and len(rest) <= 7))


def completions(question: str, previous: str, lacks: Lacks) -> list[str]:
    """Return how ``question`` may complete ``previous``, likeliest first; as it is when it does not lean on it."""
    core = _core(question)
    before = Asked.read(previous)
    if not is_follow_up(question):
        return _attested_quantity(core, before, lacks) or _attested_noun(core, before, lacks) or [question]
    if not core:
        return [previous]
    time, rest = "", core
    if (timed := _TIME_FIRST.match(core)) and not _SPAN.match(core[timed.end() :]):
        time, rest = timed[0].rstrip("的，,"), core[timed.end() :]
    for rule in RULES:
        wordings = rule(rest, before, lacks)
        if wordings:
            when = time or before.time
            return list(dict.fromkeys(w if w == rest else f"{when}{w}" for w in wordings))
    return [question]


def _ask(text: str, asking: str = "") -> str:
    return f"{text}{asking}？"


def changes_the_time(core: str, before: Asked, _: Lacks) -> list[str] | None:
    """那2022年呢, 2022年是多少: all but the time stays."""
    if core and not _ONLY_ASKING.match(core):
        return None
    # 有多少家 tells more than the asking words before it, 是多少 does not.
    new = core and (_UNIT_ASKED.search(core) or not _AMOUNT_ASKED.search(before.asking))
    return [_ask(before.subject, core if new else before.asking or "是多少")]


def points_back(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """它的出口量, 为什么它建在东城区, 这个图书馆由谁负责: the subject stands for the pronoun."""
    this = _DEMONSTRATIVE.match(core)
    if this and before.subject.endswith(this["noun"]):
        return [_ask(before.subject + core[this.end() :])]
    it = _PRONOUN.match(core)
    if it is None:
        return None
    rest = core[it.end() :]
    if not it["before"] and not _PREDICATE.match(rest) and head_start(split_asking(rest)[0]) is not None:
        return names_a_quantity(rest, before, lacks)
    return [_ask(f"{it['before']}{before.subject}{rest}")]


def says_something_of_it(core: str, before: Asked, _: Lacks) -> list[str] | None:
    """增长了多少, 占比, 为什么下降了, 由谁负责: the subject stays, what is asked of it is new."""
    if not _says_of_it(core):
        return None
    tail = ""
    if not split_asking(core)[1]:
        tail = "增长多少" if _ONLY_COMPARES.match(core) else "多少" if _AMOUNT_EXPECTED.search(core) else ""
    said = _SAID_AFTER.match(before.asking)
    subjects = (before.subject + (said[1] if said else ""), before.subject, before.scope)
    return [_ask(subject + core, tail) for subject in dict.fromkeys(subjects) if subject]


_AMOUNT_EXPECTED = both_scripts(r"(?:同比|环比|占比|比重|比例|份额|增速|增幅|降幅|涨幅|跌幅|增长率|排名|名次)$")


def names_a_quantity(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """出口量呢: another quantity of the same scope. 农村失业率呢, 地铁客运量呢: one with a scope of its own."""
    own, asking = split_asking(core.removesuffix("的"))
    at = head_start(own)
    if at is None:
        return None
    keeps = before.asking if _AMOUNT_ASKED.search(before.asking) else "是多少"
    asking = asking or keeps
    scopes = [before.scope, *(before.scope[:cut] for cut in reversed(word_starts(before.scope)[1:]))]
    joint = [scope + own for scope in scopes if scope]
    whole = own[:at].rstrip("的")
    leads_with_scope = bool(before.scope) and own.startswith(before.scope[:2])
    if "的" in own[:at] or leads_with_scope or _shares_ending(own, before):
        return [_ask(w, asking) for w in (own, *joint)]
    if whole and len(own) > _BARE_QUANTITY and joint and min(map(lacks, joint)) > lacks(own):
        return [_ask(w, asking) for w in (own, *joint)]
    # Not without a scope: the figure of the whole is no answer to what was asked of a part.
    return [_ask(w, asking) for w in sorted(joint, key=lacks) or [own]]


#: A quantity of up to so many characters hardly has a scope of its own: 出口量, 毛入学率.
_BARE_QUANTITY = 4


def _shares_ending(own: str, before: Asked) -> bool:
    """Whether both name the same quantity, with more than its head alike: 农村网民规模 after 城镇网民规模."""
    shared = 0
    while shared < min(len(own), len(before.subject)) and own[-1 - shared] == before.subject[-1 - shared]:
        shared += 1
    return shared > max(len(before.head), 1) or (shared == len(before.head) > 1 and len(own) > shared + 1)


def _attested_quantity(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """销售额是多少, without any lead: completed only where the source says just that of the scope."""
    own, asking = split_asking(core)
    if not before.scope or len(own) > _BARE_QUANTITY or head_start(own) is None or not (asking or own == core):
        return None
    joint = before.scope + own
    if lacks(joint) > 0:
        return None
    return [_ask(before.time + joint, asking or "是多少"), _ask(core)]


def _attested_noun(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """城镇, 学历 with nothing else, after a quantity was asked: completed only where the source says just that."""
    plain = len(core) <= _BARE_QUANTITY and _NOUN.match(core) and not split_asking(core)[1]
    if not plain or not _AMOUNT_ASKED.search(before.asking) or head_start(core) is not None or lacks(core) > 0:
        return None
    texts = [t for t in (*_replaced(core, before, lacks), before.scope + core) if t != core]
    attested = [t for t in texts if lacks(t) == 0]
    if not attested:
        return None
    return [*(_ask(before.time + t, before.asking) for t in attested[: _TRIED - 1]), _ask(core)]


_NOUN = re.compile(r"^[㐀-鿿]{2,}$")
#: Wordings of a bare noun, its own included.
_TRIED = 3


def _replaced(new: str, before: Asked, lacks: Lacks) -> list[str]:
    """Return the subjects that come of putting ``new`` in the place of a part of the one before, likeliest first."""
    subject = before.subject
    most = len(before.scope) if before.head else max(len(subject) - 2, 0)
    starts = [s for s in (*word_starts(subject), len(subject)) if s <= most]
    # Words of one kind are mostly of one length (农村 for 城镇): the cut that replaces as much as it brings goes first.
    front = [(abs(cut - len(new)), f"{new}{subject[cut:].removeprefix('的')}") for cut in starts]
    inner = [
        (len(new) + 1, f"{subject[:at]}{new}{subject[at + len(new) :]}") for at in starts[1:] if at + len(new) in starts
    ]
    if not before.head and before.asking:
        front.append((len(new) + 2, new))
    return [w for _, w in sorted(front + inner, key=lambda pair: (lacks(pair[1]), pair[0]))]


#: Characters that make opposites of words that begin alike: 国内/国外, 线上/线下.
_OPPOSITE = both_scripts("[内外上下前后]$")


def _in_contrast(new: str, before: Asked, lacks: Lacks) -> list[str]:
    """民办 for 公办, 进口 for 出口, wherever it stands: a word as long that ends alike, or begins so and is opposed."""
    size = len(new)
    least = (size + 1) // 2
    whole = before.subject + before.asking
    out: list[str] = []
    for at in word_starts(whole):
        word = whole[at : at + size]
        # Not within a name: 城市 is not for the 州市 of 江州市.
        if len(word) < size or word == new or size < _SHORTEST or (at and lacks(word)):
            continue
        ends_alike = word[-least:] == new[-least:]
        if ends_alike or (word[:-1] == new[:-1] and _OPPOSITE.search(word) and _OPPOSITE.search(new)):
            out.append(f"{whole[:at]}{new}{whole[at + size :]}")
    return [text for text in out if lacks(text) <= lacks(whole)]


#: A part told by what holds of it: 有问题的, 未履行的有几份; and how many of the whole were asked for.
_PART = both_scripts(
    r"^(?P<part>(?:有(?![线限机关轨])|没有?|不|未|已|被|需要?)[㐀-鿿]{1,10}?的)(?P<asking>有?(?:多少|几).*)?$"
)
_NUMBER_ASKED = both_scripts(r"有?(?:多少|几)(?P<unit>[个家所座条名位项种部台辆份件起人只户处套栋]?)")


def names_a_part(core: str, before: Asked, _: Lacks) -> list[str] | None:
    """抽检了多少部电梯, 其中有问题的呢: a part of what was counted."""
    part, counted = _PART.match(core), _NUMBER_ASKED.search(before.asking)
    if part is None or counted is None:
        return None
    told = (before.subject + before.asking).replace(counted[0], "", 1)
    return [_ask(f"{told}，其中{part['part']}", part["asking"] or f"有多少{counted['unit']}")]


def names_another(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """农村的呢, 民办的呢, 那上海有多少: another scope for the same quantity."""
    new, asking = split_asking(core)
    if (asking and not _ONLY_ASKING.match(asking)) or _OFFERS.search(core):
        return [_ask(core)]
    if not asking:
        new = new.removesuffix("的")
    ranked = [_ask(w, asking or before.asking or "是多少") for w in _replaced(new, before, lacks)]
    if not asking and (counted := _COUNTS.match(before.asking)):
        # 全市有多少所普通高校, 中学呢: what is counted stands after the asking words.
        ranked.insert(1, _ask(before.subject, counted[1] + new))
    if not asking:
        ranked[:0] = map(_ask, _in_contrast(new, before, lacks))
    return ranked


RULES: tuple[Callable[[str, Asked, Lacks], list[str] | None], ...] = (
    changes_the_time,
    points_back,
    says_something_of_it,
    names_a_part,
    names_a_quantity,
    names_another,
)
