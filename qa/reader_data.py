# ruff: noqa: E501 - patterns and lists of phrases read better in long lines
"""Cases for training and measuring the reader, made by machine from CMRC 2018 train and from news with its digits.

A case is a question, a window, the numbers that stand in it, and which of them answer. ``damage`` then takes numbers
away and says where they were, so that every case can be had intact, stripped, or with only the answer's number gone.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from qa import reader_words as words
from qa.reading import context_of

HELD_OUT = 10
"""Every tenth article of CMRC train and every tenth written report is kept out of training."""
DIGIT = "0-9０-９"
SEPARATORS = ",，.．:：/"
"""What stands between the digits of one number."""
CORE = re.compile(rf"[{DIGIT}](?:[{DIGIT}{SEPARATORS}]*[{DIGIT}])?")
"""A run of digits with its separators: what a cleaner takes away."""
HAN = "\u4e00-\u9fff"
UNITS = (
    "个百分点|百分点|个基点|%|％|‰|亿元|万元|美元|欧元|日元|港元|人民币|元|平方公里|平方千米|平方米|公里|千米|厘米|毫米|英里|英尺|公顷|"
    "万?吨|千瓦时|千瓦|公斤|千克|公分|海里|米|亩|户|家|名|位|人次|人|个|次|项|件|条|座|所|套|辆|架|艘|只|头|倍|岁|天|周年|年|个月|月|日|号|"
    "小时|分钟|秒|届|种|部|场|集|层|级|度|℃|票|分|本|册|首|间|张|支|枚|轮|任|代|世纪|年代|成|站|点"
)
DIGIT_FIGURE = re.compile(
    rf"(?<![A-Za-z{DIGIT}])(?:第\s?)?(?:[{DIGIT}]{{2,4}}年(?:底|末|初)?(?:[{DIGIT}]{{1,2}}月(?:[{DIGIT}]{{1,2}}[日号])?)?"
    rf"|[{DIGIT}]{{4}}([-/.])[{DIGIT}]{{1,2}}\1[{DIGIT}]{{1,2}}"
    rf"|[{DIGIT}]{{1,2}}月(?:[{DIGIT}]{{1,2}}[日号])?"
    rf"|[-+−]?[{DIGIT}](?:[{DIGIT},，.．:：]*[{DIGIT}])?\s?(?:[多余几]?[十百千万亿兆]+)?[多余]?(?:{UNITS})?)(?![A-Za-z])"
)
CHINESE = "一二三四五六七八九十百千万亿两零〇"
CHINESE_FIGURE = re.compile(
    rf"第[{CHINESE}]+(?:次|届|位|名|个|大|任|代|期|批|季度|产业)?|百分之[{CHINESE}]+(?:点[{CHINESE}]+)?"
    rf"|(?![万亿])[{CHINESE}]{{1,8}}(?:多|余)?(?:{UNITS}|分之[{CHINESE}]+)|[二三四五六七八九]?[百千十]+[万亿]"
)
NOT_FIGURES = frozenset(
    ("一个", "一位", "一名", "一次", "一种", "一家", "一条", "一座", "一部", "一项", "一首", "一所", "一度")
)
SENTENCE_END = re.compile(r"(?<=[。！？!?；\n])")
SEED_KEEPS = re.compile(rf"[^{HAN}，。]+")
ASKS_NUMBER = re.compile(
    "多少|几|何时|什么时[候间]|哪[一]?[年天]|何年|多[大高长远重久深宽快]|年份|日期|时间|占比|比例|百分|第几|岁"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: ``text[start:end]``, and the runs of digits in it that a cleaner would take."""

    start: int
    end: int
    cores: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question and a window before any damage.

    ``answers`` are indices into ``numbers``; ``twins`` are numbers that read the same as an answer, neither right nor
    wrong. ``span`` is the answer when it is not a number. ``kind`` says how the case was made.
    """

    question: str
    text: str
    numbers: tuple[Number, ...]
    answers: frozenset[int]
    twins: frozenset[int]
    answerable: bool
    span: tuple[int, int] | None
    kind: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A case after damage: ``slots`` are figures and gaps as the reader takes them, ``gold``/``ignore`` index them."""

    question: str
    text: str
    slots: tuple[tuple[int, int], ...]
    gold: frozenset[int]
    ignore: frozenset[int]
    answerable: bool
    span: tuple[int, int] | None
    kind: str
    damage: str
    context: str = ""


def find_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of ``text`` in order, by a plain pattern: good enough to make cases with."""
    taken: list[tuple[int, int]] = [m.span() for m in DIGIT_FIGURE.finditer(text)]
    for m in CHINESE_FIGURE.finditer(text):
        if m[0] not in NOT_FIGURES and not any(a < m.end() and m.start() < b for a, b in taken):
            taken.append(m.span())
    return tuple(
        Number(a, b, tuple((a + m.start(), a + m.end()) for m in CORE.finditer(text[a:b]))) for a, b in sorted(taken)
    )


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of ``text``."""
    out, start = [], 0
    for piece in SENTENCE_END.split(text):
        if piece:
            out.append((start, start + len(piece)))
        start += len(piece)
    return out


def windows(text: str, size: int = 220) -> list[tuple[int, int]]:
    """Cut ``text`` into runs of whole sentences of at most ``size`` characters; a longer sentence stands alone."""
    out: list[tuple[int, int]] = []
    for start, end in sentences(text):
        if out and end - out[-1][0] <= size:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def window_around(text: str, at: int, size: int, rng: random.Random) -> tuple[int, int]:
    """Return a run of whole sentences around offset ``at``, of about ``size`` characters, growing at random."""
    parts = sentences(text)
    first = last = next(i for i, (a, b) in enumerate(parts) if a <= at < b)
    while True:
        left = first > 0 and parts[last][1] - parts[first - 1][0] <= size
        right = last + 1 < len(parts) and parts[last + 1][1] - parts[first][0] <= size
        if left and (not right or rng.random() < 0.5):
            first -= 1
        elif right:
            last += 1
        else:
            return parts[first][0], parts[last][1]


def make_case(
    question: str,
    text: str,
    answer: tuple[int, int] | None,
    kind: str,
    *,
    numeric: bool = True,
    answerable: bool = True,
    context: str = "",
    numbers: tuple[Number, ...] | None = None,
) -> Case:
    """Build a case; ``answer`` is an offset pair into ``text``; with ``numeric`` the numbers inside it answer.

    ``numbers`` defaults to those of ``find_numbers``.
    """
    numbers = find_numbers(text) if numbers is None else numbers
    answers: frozenset[int] = frozenset()
    if answer and numeric:
        answers = frozenset(i for i, n in enumerate(numbers) if n.start < answer[1] and answer[0] < n.end)
    values = {text[numbers[i].start : numbers[i].end] for i in answers}
    twins = frozenset(i for i, n in enumerate(numbers) if i not in answers and text[n.start : n.end] in values)
    return Case(question, text, numbers, answers, twins, answerable, None if numeric else answer, kind, context)


# --- damage ---------------------------------------------------------------------------------------------------------


_POINTS_LEFT, _SPACE_TAKEN = 0.25, 0.25
"""Shares of the damaged cases in which a cleaner leaves ``.%`` of 70.4%, or one space of the two around a number."""
_BUT_SEPARATORS = re.compile(f"[^{SEPARATORS}]+")


def _removals(case: Case, damage: str, rng: random.Random) -> list[tuple[int, int]]:
    """Return the ranges of the text that go: now and then without a number's points, or with the space after it."""
    whole = _whole_removals(case, damage, rng)
    lot = rng.random()
    if damage == "seed" or lot >= _POINTS_LEFT + _SPACE_TAKEN:
        return whole
    if lot < _POINTS_LEFT:
        return [(a + m.start(), a + m.end()) for a, b in whole for m in _BUT_SEPARATORS.finditer(case.text[a:b])]
    text = case.text
    return [(a, b + (text[a - 1 : a] == " " and text[b : b + 1] == " ")) for a, b in whole]


def _is_gone(text: str, gone: bytearray, span: tuple[int, int]) -> bool:
    """Whether nothing is left of a number but its points."""
    return all(gone[at] or text[at] in SEPARATORS for at in range(*span))


def _whole_removals(case: Case, damage: str, rng: random.Random) -> list[tuple[int, int]]:
    """Return the ranges of whole numbers that go, or of all that the seed's cleaner drops."""
    cores = [(m.start(), m.end()) for m in CORE.finditer(case.text)]
    if damage == "intact":
        return []
    if damage == "seed":
        return [m.span() for m in SEED_KEEPS.finditer(case.text)]
    if damage == "digits":
        return cores
    chosen: set[int] = set(case.answers)
    if not chosen and case.numbers:
        # A hole must not tell an answerable case from one that is not.
        chosen = {rng.randrange(len(case.numbers))}
    if damage == "others":
        chosen = set(range(len(case.numbers))) - case.answers
    elif damage == "part":
        chosen = {i for i in range(len(case.numbers)) if rng.random() < 0.5}
    out = []
    for i in chosen:
        number = case.numbers[i]
        out += list(number.cores) or _chinese_core(case.text, number)
    return sorted(out)


def _chinese_core(text: str, number: Number) -> list[tuple[int, int]]:
    m = re.search(f"[{CHINESE}]+", text[number.start : number.end])
    return [(number.start + m.start(), number.start + m.end())] if m else []


DAMAGES = ("intact", "seed", "digits", "answer", "others", "part")


class _Roles:
    """Slots and what they are to the question: gold, ignore or nothing. Where two fall together the higher stays."""

    def __init__(self) -> None:
        self.slots: dict[tuple[int, int], str] = {}

    def add(self, slot: tuple[int, int], role: str) -> None:
        rank = ("", "ignore", "gold").index
        if slot not in self.slots or rank(role) > rank(self.slots[slot]):
            self.slots[slot] = role


def _add_numbers(
    case: Case, gone: bytearray, new_at: list[int], out: str, roles: _Roles, noise: random.Random | None
) -> None:
    """Add a slot for each number that is left and for each run of digits that went; with ``noise`` not quite all."""
    for i, number in enumerate(case.numbers):
        role = "gold" if i in case.answers else "ignore" if i in case.twins else ""
        cores = number.cores or _chinese_core(case.text, number)
        lost = [core for core in cores if _is_gone(case.text, gone, core)]
        for a, _ in lost:
            if noise is None or noise.random() > 0.05:
                roles.add((new_at[a], new_at[a]), role)
        start, end = new_at[number.start], new_at[number.end]
        if lost or end <= start:
            continue
        if noise is not None and start and out[start - 1] in "近约超逾达" and noise.random() < 0.5:
            start -= 1
        if role or noise is None or noise.random() > 0.03:
            roles.add((start, end), role)


def damage_case(case: Case, damage: str, rng: random.Random, *, noise: bool) -> Damaged:
    """Take numbers out of ``case`` in one of the ways ``DAMAGES`` and list the slots that are left.

    With ``noise`` some gaps are missed, some false ones added and the edges of figures vary, as a real detector's do.
    """
    text = case.text
    removed = _removals(case, damage, rng)
    new_at: list[int] = []
    kept: list[str] = []
    gone = bytearray(len(text))
    for a, b in removed:
        gone[a:b] = b"\1" * (b - a)
    for at, char in enumerate(text):
        new_at.append(len(kept))
        if not gone[at]:
            kept.append(char)
    new_at.append(len(kept))
    out = "".join(kept)
    roles = _Roles()
    _add_numbers(case, gone, new_at, out, roles, rng if noise else None)
    for m in CORE.finditer(text):
        known = any(n.start <= m.start() < n.end for n in case.numbers)
        if _is_gone(text, gone, m.span()) and not known and (not noise or rng.random() < 0.7):
            roles.add((new_at[m.start()], new_at[m.start()]), "")
    if noise and out and rng.random() < 0.1:
        places = [m.end() for m in re.finditer("[达为的增长约近第]", out)] or [rng.randrange(len(out))]
        at = rng.choice(places)
        roles.add((at, at), "")
    slots = roles.slots
    span = case.span and (new_at[case.span[0]], new_at[case.span[1]])
    ordered = sorted(slots)
    return Damaged(
        case.question,
        out,
        tuple(ordered),
        frozenset(i for i, s in enumerate(ordered) if slots[s] == "gold"),
        frozenset(i for i, s in enumerate(ordered) if slots[s] == "ignore"),
        case.answerable,
        span if span and span[0] < span[1] else None,
        case.kind,
        damage,
        {"seed": SEED_KEEPS, "digits": CORE}[damage].sub("", case.context)
        if damage in ("seed", "digits")
        else case.context,
    )


# --- CMRC 2018 and DRCD ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a SQuAD-style file. ``answer`` is an offset pair into the paragraph's text."""

    question: str
    paragraph: int
    answer: tuple[int, int]
    numeric: bool


@dataclass(frozen=True, slots=True)
class SquadFile:
    """A SQuAD-style file: ``paragraphs`` are (title, text, article)."""

    paragraphs: tuple[tuple[str, str, int], ...]
    asked: tuple[Asked, ...]


def is_numeric(question: str, answer: str) -> bool:
    """Whether an answer is numbers and little else, or the question asks for one and the answer holds just one."""
    found = find_numbers(answer)
    if not found:
        return False
    share = sum(n.end - n.start for n in found) / max(1, len(answer.strip("。，")))
    return share >= 0.6 or (len(found) == 1 and ASKS_NUMBER.search(question) is not None and share >= 0.2)


def load_squad(path: Path) -> SquadFile:
    """Read a SQuAD-style ``.json.xz``; questions whose answer does not stand at its offset are looked up or left out."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        data = json.load(file)["data"]
    paragraphs: list[tuple[str, str, int]] = []
    asked: list[Asked] = []
    for article, entry in enumerate(data):
        for paragraph in entry["paragraphs"]:
            text = paragraph["context"]
            for qa in paragraph["qas"]:
                answer = qa["answers"][0]["text"]
                start = qa["answers"][0]["answer_start"]
                if text[start : start + len(answer)] != answer:
                    start = text.find(answer)
                if start >= 0 and answer:
                    span = (start, start + len(answer))
                    asked.append(Asked(qa["question"], len(paragraphs), span, is_numeric(qa["question"], answer)))
            paragraphs.append((entry.get("title", ""), text, article))
    return SquadFile(tuple(paragraphs), tuple(asked))


def bigrams(text: str) -> set[str]:
    """Return the overlapping character pairs of ``text`` that hold no punctuation."""
    return {text[i : i + 2] for i in range(len(text) - 1) if re.fullmatch(r"\w\w", text[i : i + 2])}


def nearest_paragraphs(reading: SquadFile, count: int) -> list[list[int]]:
    """Return for each question the paragraphs of other articles that BM25 over character bigrams finds nearest."""
    import bm25s

    corpus = [[*bigrams(text)] for _, text, _ in reading.paragraphs]
    index = bm25s.BM25()
    index.index(corpus, show_progress=False)
    out = []
    for asked in reading.asked:
        hits, _ = index.retrieve([[*bigrams(asked.question)]], k=count + 6, show_progress=False)
        mine = reading.paragraphs[asked.paragraph][2]
        out.append([int(h) for h in hits[0] if reading.paragraphs[int(h)][2] != mine][:count])
    return out


def likeliest_window(question: str, text: str, size: int) -> tuple[int, int]:
    """Return the window of ``text`` that shares the most character pairs with the question."""
    pairs = bigrams(question)
    return max(windows(text, size), key=lambda w: len(pairs & bigrams(text[w[0] : w[1]])))


def _with_title(title: str, text: str, answer: tuple[int, int] | None) -> tuple[str, tuple[int, int] | None]:
    head = title + "\n"
    return head + text, answer and (answer[0] + len(head), answer[1] + len(head))


def squad_case(reading: SquadFile, near: list[list[int]], number: int, rng: random.Random) -> Case | None:
    """Return a case of question ``number``: its own window, a near paragraph, or its own without the answer."""
    asked = reading.asked[number]
    title, text, _ = reading.paragraphs[asked.paragraph]
    size = rng.choice((60, 90, 130, 180, 240))
    lot = rng.random()
    answer: tuple[int, int] | None = None
    if lot < 0.62:
        start, end = window_around(text, asked.answer[0], size, rng)
        if asked.answer[1] > end:
            return None
        body, answer = text[start:end], (asked.answer[0] - start, asked.answer[1] - start)
        kind, opening = "number" if asked.numeric else "span", text if start else ""
    elif lot < 0.85 and near[number]:
        title, text, _ = reading.paragraphs[rng.choice(near[number])]
        start, end = likeliest_window(asked.question, text, size)
        body, kind, opening = text[start:end], "elsewhere", text if start else ""
    else:
        said = text[asked.answer[0] : asked.answer[1]]
        rest = "".join(text[a:b] for a, b in sentences(text) if said not in text[a:b] and not a <= asked.answer[0] < b)
        if len(rest) < 20:
            return None
        start, end = likeliest_window(asked.question, rest, size)
        body, kind, opening = rest[start:end], "deleted", text if start and said not in text[:40] else ""
    context = context_of(title if rng.random() < 0.4 else "", None, opening if rng.random() < 0.85 else "")
    if rng.random() < 0.15:
        body, answer = _with_title(title, body, answer)
    case = make_case(
        asked.question, body, answer, kind, numeric=asked.numeric, answerable=answer is not None, context=context
    )
    if answer is not None and rng.random() < 0.1:
        return swap_title(case, re.sub(r"\s*\(.*", "", title), rng.choice(reading.paragraphs)[0])
    return swap_year(case, rng) if case.kind == "number" and rng.random() < 0.06 else case


def swap_title(case: Case, title: str, other: str) -> Case:
    """Ask the same of another article's subject, when both question and window name their own."""
    other = re.sub(r"\s*\(.*", "", other)
    seen = case.context + case.text
    if title not in case.question or title not in seen or other in seen:
        return case
    question = case.question.replace(title, other)
    nothing: frozenset[int] = frozenset()
    return replace(case, question=question, answers=nothing, twins=nothing, answerable=False, span=None, kind="entity")


def swap_year(case: Case, rng: random.Random) -> Case:
    """Ask for a year that the window does not mention, when the question names one that it does."""
    m = re.search(r"(?<!\d)(1[89]\d\d|20[0-2]\d)(?=年)", case.question)
    if not m or m[0] not in case.text:
        return case
    other = str(int(m[0]) + rng.choice((-7, -5, -3, -2, -1, 1, 2, 3, 6)))
    if other in case.context + case.text:
        return case
    question = case.question.replace(m[0], other)
    return replace(case, question=question, answers=frozenset(), twins=frozenset(), answerable=False, kind="year")


# --- questions from news --------------------------------------------------------------------------------------------

TIME = (
    r"(?:截至|截止|至|到)?(?:(?:20\d\d|19\d\d)年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|初)?|\d{1,2}月(?:\d{1,2}日)?(?:份|底|末)?|今年|去年|上年|"
    r"上半年|下半年|全年|前?[一二三四]季度|第[一二三四]季度|目前|当前|当日|当天|当年|昨日|今日|日前|近年来|同期|期间|年内|本年度|\d{1,2}-\d{1,2}月(?:份)?)+"
    r"(?:以来|前|后|期间|时|里|上半年|下半年|全年|[一二三四]季度|前三季度)?"
)
LEAD = re.compile(
    rf"^(?:其中|此外|另外|同时|据悉|据了解|据统计|数据显示|统计显示|值得一提的是|具体来看|具体而言|从\S{{1,6}}看|分\S{{1,4}}看|报告显示|公告显示|原标题[:：]"
    rf"|{TIME}|[和与及而且但]|，)+"
)
ABOUT = "(?:大?约|近|超过?|逾|突破|高达|将近|接近|不足|仅|只|已|已经|累计|合计|总计|共计?)*"
LEVEL = re.compile(
    rf"^(?P<q>.{{2,26}}?){ABOUT}(?P<v>达到了?|达|为|是|有|共有|升至|降至|增至|增长至|提高到|提升至|突破|超过|超|约|近|逾|高达|不足)"
    rf"(?:了|到)?{ABOUT}$"
)
GROWTH = re.compile(
    r"^(?P<q>.{0,24}?)(?P<cmp>同比|环比|(?:比|较)(?:去年|上年|上月|上季度|年初|上年末|上年同期|去年同期|20\d\d年(?:底|末|同期)?|前一年|\d+月)?)?"
    r"(?:实际|名义|大幅|累计|平均|年均|再度|已)*(?P<v>增长|增加|下降|减少|提高|上升|上涨|回落|下滑|降低|提升|下跌|增幅|降幅|增速|涨幅|跌幅)"
    r"(?:了|达到?|为|约|近|超过?|幅度)*$"
)
SHARE = re.compile(
    rf"^(?P<q>.{{0,24}}?)占(?P<of>(?!比)[{HAN}]{{2,14}}?)(?:的)?(?:比重|比例|份额|比)?(?:约|近|超过?|为|达到?|仅|到|已)*$"
)
RATIO = re.compile(r"^(?P<q>.{2,22}?)(?:占比|占净值比|比重|比例)(?:约|近|超过?|为|达到?|仅|到|已)*$")
RANK = re.compile(
    r"^(?P<q>.{2,24}?)(?:位居|位列|排名|排在|名列|居|列|排|跃居|升至)(?P<of>全国|全球|世界|全省|全市|亚洲)?$"
)
BAD_HEAD = re.compile(
    r"[，。：:；“”‘’（）()【】\[\]…?？!！=/\\|*#@]|^[其该这此那他她它们的了在和与及等]|[的了着和与及在对没还所仍就都也均只才将可能会要被让使从由以为多提供拥]$|^如果|^[\d.]+$|^[A-Za-z\d.%]+$"
)
CLAUSE_BREAK = "，。；：、,;:！？!?\n"


@dataclass(frozen=True, slots=True)
class Item:
    """A statement in a document: the quantity ``head`` has the number at ``start:end`` as its ``measure``."""

    head: str
    measure: str
    start: int
    end: int
    unit: str
    time: str
    verb: str
    of: str
    clause: tuple[int, int]


def clean_head(raw: str) -> tuple[str, str]:
    """Return the quantity phrase without its lead-in, and the time phrase that led in."""
    m = LEAD.match(raw)
    lead = m[0] if m else ""
    time = re.search(TIME, lead)
    head = re.sub(f"(?<=[{HAN}])[由从][^由从]*$", "", raw[len(lead) :].strip(" ，"))
    head = re.sub("(?:分别|同比|环比|大幅|均|下|总计|合计)+$", "", head)
    return head, time[0] if time else ""


def _good(head: str) -> bool:
    return 2 <= len(head) <= 20 and not BAD_HEAD.search(head) and bool(re.search(f"[{HAN}]{{2}}", head))


def find_items(text: str) -> list[Item]:
    """Return the statements of ``text`` that the patterns recognise, in order."""
    items: list[Item] = []
    breaks = [
        -1,
        *(m.start() for m in re.finditer(f"(?<!\\d)[{CLAUSE_BREAK}]|[{CLAUSE_BREAK}](?!\\d)", text)),
        len(text),
    ]
    last_head, last_time, last_sentence = "", "", -1
    sentence_of = 0
    position = 0
    numbers = find_numbers(text)
    for number in numbers:
        while position + 1 < len(breaks) and breaks[position + 1] < number.start:
            position += 1
            if text[breaks[position]] in "。！？!?\n":
                sentence_of += 1
        c0, c1 = breaks[position] + 1, next(b for b in breaks[position + 1 :] if b >= number.end or b == len(text))
        if sentence_of != last_sentence:
            last_head, last_time, last_sentence = "", "", sentence_of
        pre, figure = text[c0 : number.start], text[number.start : number.end]
        if len(pre) > 44 or not (number.cores or figure.endswith("成") or figure.startswith(("第", "百分之"))):
            continue
        item = _item(pre, figure, last_head)
        if item is None:
            continue
        head, time, measure, verb, of = item
        own = measure == "level"
        items.append(
            Item(head, measure, number.start, number.end, _unit(figure), time or last_time, verb, of, (c0, c1))
        )
        if own:
            last_head, last_time = head, time or last_time
    listed = _listed_items(text, numbers)
    taken = {item.start for item in listed}
    # Several of the same kind, so that a rare way of writing is met often enough to be learnt.
    return [item for item in items if item.start not in taken] + listed * 3


def _unit(figure: str) -> str:
    return re.sub(rf"^第?[-+−]?[{DIGIT},，.．:：\s]*", "", figure)


def _item(pre: str, figure: str, before: str) -> tuple[str, str, str, str, str] | None:
    """Return head, time, measure, verb and whole, or None."""
    percent = figure.endswith(("%", "％", "成", "百分点"))
    if figure.startswith("第"):
        m = RANK.match(pre)
        head, time = clean_head(m["q"]) if m else ("", "")
        return (head, time, "rank", "", m["of"] or "") if m and _good(head) else None
    if re.match(rf"[{DIGIT}]{{4}}年|[{DIGIT}]+月|[{DIGIT}]+日", figure):
        return None
    if (m := GROWTH.match(pre)) is not None:
        head, time = clean_head(m["q"])
        head = head if _good(head) else before if not head else ""
        return (head, time, "growth", (m["cmp"] or "") + "|" + m["v"], "") if head else None
    if percent and (m := SHARE.match(pre)) is not None:
        head, time = clean_head(m["q"])
        head = head if _good(head) else before if not head else ""
        return (head, time, "share", "", m["of"]) if head else None
    if percent and (m := RATIO.match(pre)) is not None:
        head, time = clean_head(m["q"])
        return (head, time, "share", "", "") if _good(head) else None
    if (m := LEVEL.match(pre)) is not None:
        head, time = clean_head(m["q"])
        if _good(head) and not re.search("(?:增长|增加|下降|减少|提高|占)", head):
            return head, time, "level", m["v"], ""
    return None


LISTED = re.compile(
    rf"(?P<a>[{HAN}A-Za-z]{{2,12}})(?:、|和|与|及)(?P<b>[{HAN}A-Za-z]{{2,14}})分别(?:约?为|达到?了?|是|有|增长了?|下降了?|提高了?|占){ABOUT}"
)
TAILS = (
    "用户规模",
    "规模",
    "收入",
    "人数",
    "数量",
    "产量",
    "销量",
    "价格",
    "总额",
    "金额",
    "余额",
    "比例",
    "占比",
    "面积",
    "增速",
    "成本",
    "费用",
    "利润",
)


def _listed_items(text: str, numbers: Sequence[Number]) -> list[Item]:
    """Return the statements of A和B分别为x、y: the first number is A's, the second B's, and B's noun serves both."""
    out = []
    for m in LISTED.finditer(text):
        after = [n for n in numbers if m.end() <= n.start <= m.end() + 30]
        if (
            len(after) < 2
            or after[0].start != m.end()
            or text[after[0].end : after[1].start] not in ("、", "和", "，", "与")
        ):
            continue
        a, b = clean_head(m["a"])[0], m["b"]
        tail = next((t for t in TAILS if b.endswith(t)), "")
        if tail and not a.endswith(tail):
            a += tail
        verb = re.search("增长|下降|提高", m[0])
        for head, number in ((a, after[0]), (b, after[1])):
            if _good(head):
                unit = _unit(text[number.start : number.end])
                kind = "growth" if verb else "level"
                out.append(
                    Item(head, kind, number.start, number.end, unit, "", f"|{verb[0]}" if verb else "为", "", m.span())
                )
    return out


PUNCTUATED = ("？", "？", "？", "", "?", "呢？")


def _asked_number(item: Item, rng: random.Random) -> str:
    """Return a number to hold against the source: its size must not matter, so it is drawn at random."""
    unit = item.unit or ""
    if unit in ("%", "％"):
        return rng.choice(
            (f"{rng.randint(1, 99)}%", f"百分之{rng.choice('二三四五六七八九')}十", f"{rng.choice('三四五六七八九')}成")
        )
    scale = rng.choice((f"{rng.randint(1, 9)}.{rng.randint(1, 99)}", str(rng.randint(2, 999)), f"{rng.randint(1, 9)}0"))
    return scale + unit


def level_question(head: str, item: Item, rng: random.Random) -> str:
    """Return a question for how much ``head`` is."""
    unit = item.unit
    counter = re.sub(r"^[十百千万亿]+", "", unit)
    scale = unit[: len(unit) - len(counter)]
    forms = [
        f"{head}是多少", f"{head}是多少", f"{head}为多少", f"{head}有多少", f"{head}达到多少", f"{head}多少", f"{head}是多少{unit}", f"{head}达到多少{unit}",
        f"{head}达到了多少{scale}", f"{head}有多大", f"{head}", f"{head}", f"{head}具体是多少", f"请问{head}是多少", f"{head}是{_asked_number(item, rng)}吗",
        f"{head}有没有超过{_asked_number(item, rng)}", f"{head}超过{_asked_number(item, rng)}了吗", f"{head}的数字是多少",
        f"{head}达到{_asked_number(item, rng)}了吗", f"{head}是不是{_asked_number(item, rng)}",
    ]  # fmt: skip
    if unit in ("%", "％"):
        forms += [f"{head}是百分之几", f"{head}有多高", f"{head}高不高，具体是多少"] * 2
    if counter and head.endswith(("数", "数量", "总数", "人数", "规模")):
        base = re.sub("(?:的)?(?:总?人?数量?|规模)$", "", head)
        if len(base) >= 2:
            forms += [
                f"{base}有多少",
                f"有多少{base}",
                f"多少{base}",
                f"{base}有多少{counter}",
                f"一共有多少{counter}{base}",
                f"几{counter}{base}",
            ]
    return rng.choice(forms) + rng.choice(PUNCTUATED)


def growth_question(head: str, item: Item, rng: random.Random) -> str:
    """Return a question for how much ``head`` changed."""
    compare, _, verb = item.verb.partition("|")
    if verb.endswith(("幅", "速")):
        verb = "下降" if verb in ("降幅", "跌幅") else "增长"
    noun = {"下": "降幅", "减": "降幅", "降": "降幅", "回": "降幅"}.get(
        verb[0], rng.choice(("增幅", "增速", "涨幅", "增长率"))
    )
    compare = rng.choice((compare, compare, "", words.vary(compare, rng)))
    forms = [
        f"{head}{compare}{verb}了多少", f"{head}{compare}{verb}多少", f"{head}{verb}了多少", f"{head}{verb}了多少{item.unit}", f"{head}{compare}{verb}了几个百分点",
        f"{head}的{noun}是多少", f"{head}{noun}", f"{head}{compare}{noun}是多少", f"{head}{compare}{verb}百分之几", f"{head}{verb}了百分之几", f"{head}的变化是多少",
        f"{head}{compare}{verb}了{_asked_number(item, rng)}吗", f"{head}{verb}幅度有多大", f"{head}{compare}变化了多少", f"{head}的{verb}是多少",
    ]  # fmt: skip
    return rng.choice(forms) + rng.choice(PUNCTUATED)


def share_question(head: str, item: Item, rng: random.Random) -> str:
    """Return a question for the share of ``head``."""
    of = item.of
    forms = [
        f"{head}占比是多少",
        f"{head}占比多少",
        f"{head}占多大比例",
        f"{head}占比",
        f"{head}的占比有多高",
        f"{head}所占比重是多少",
        f"{head}占百分之几",
    ]
    if of:
        forms += [
            f"{head}占{of}的比例是多少", f"{head}占{of}多少", f"{head}占{of}的百分之几", f"{head}占{of}的比重", f"{head}在{of}中占多大比重", f"{head}占{of}的几成",
            f"{of}中{head}的比例是多少", f"{head}占{of}的{_asked_number(item, rng)}吗",
        ]  # fmt: skip
    return rng.choice(forms) + rng.choice(PUNCTUATED)


def rank_question(head: str, item: Item, rng: random.Random) -> str:
    """Return a question for the rank of ``head``."""
    of = item.of
    forms = [
        f"{head}排{of}第几",
        f"{head}排名第几",
        f"{head}{of}排名是多少",
        f"{head}在{of or '其中'}排第几位",
        f"{head}位居{of}第几",
        f"{head}的排名",
    ]
    return rng.choice(forms) + rng.choice(PUNCTUATED)


WHEN = (
    "{}是哪一年的数据",
    "{}是什么时候的数字",
    "{}的统计时间是什么时候",
    "{}是几月份的",
    "什么时候统计的{}",
    "{}是截止到哪天的",
)

QUESTION: dict[str, Callable[[str, Item, random.Random], str]] = {
    "level": level_question,
    "growth": growth_question,
    "share": share_question,
    "rank": rank_question,
}


def cloze_question(text: str, number: Number, rng: random.Random) -> str | None:
    """Ask for a number by putting 多少 in its place in its own clause."""
    figure = text[number.start : number.end]
    if (
        not number.cores
        or not re.fullmatch(rf"[{DIGIT},，.．]+[多余]?[万亿千百]*[{HAN}%％℃]*", figure)
        or re.match(r"\d{4}年|\d+[月日]", figure)
    ):
        return None
    start = max(text.rfind(c, 0, number.start) for c in CLAUSE_BREAK) + 1
    ends = [p for c in CLAUSE_BREAK if (p := text.find(c, number.end)) >= 0]
    end = min(ends, default=len(text))
    left, right = text[start : number.start], text[number.end : end]
    left = re.sub("(?:大?约|近|超过?|逾|突破|高达|将近|接近|不足|仅)$", "", left)
    left, _ = clean_head(left)
    if (
        not 3 <= len(left) + len(right) <= 28
        or CORE.search(left + right)
        or BAD_HEAD.search(left + right)
        or len(re.findall(f"[{HAN}]", left + right)) < 4
    ):
        return None
    unit = _unit(figure)
    if unit in ("%", "％"):
        asks = rng.choice(("多少", "百分之多少", "百分之几"))
    else:
        asks = rng.choice(("多少", "多少", "几")) + (unit if rng.random() < 0.7 else re.sub("^[十百千万亿]+", "", unit))
    if unit in ("%", "％") and not left and right.startswith("的") and rng.random() < 0.7:
        return (
            rng.choice(("多少", "有多少", "几成", "有多大比例的", "多大比例的", "百分之几的"))
            + right[1:]
            + rng.choice(PUNCTUATED)
        )
    if rng.random() < 0.3 and right:
        return asks + right + rng.choice(PUNCTUATED)[:1] if len(right) >= 4 else None
    return left + asks + right + rng.choice(PUNCTUATED)


class News:
    """Documents with their statements, and the quantity phrases of all of them by their last two characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = [t for t in (re.sub(r"\s+", " ", raw).strip() for raw in texts) if len(t) > 80]
        self.items: list[list[Item]] = [find_items(t) for t in self.texts]
        self.useful = [i for i, found in enumerate(self.items) if found]
        self.heads: dict[str, list[str]] = {}
        self.by_measure: dict[str, list[int]] = {m: [] for m in QUESTION}
        for number, found in enumerate(self.items):
            for measure in {item.measure for item in found}:
                self.by_measure[measure].append(number)
        self.common: Counter[str] = Counter()
        for found in self.items:
            for head in {item.head for item in found}:
                self.heads.setdefault(head[-2:], []).append(head)
                self.common[head] += 1
        self.all_heads = sorted({h for same in self.heads.values() for h in same})

    def cases(self, rng: random.Random) -> Iterator[Case]:
        """Yield cases without end, a document at a time."""
        while True:
            if rng.random() < 0.2:
                case = self._cloze(rng.choice(self.useful), rng)
            else:
                # Levels are by far the most frequent; the others must be met as well.
                measure = rng.choices(("level", "growth", "share", "rank"), (50, 26, 17, 7))[0]
                case = self._item_case(rng.choice(self.by_measure[measure]), measure, rng)
            if case is not None:
                yield case

    def _cloze(self, document: int, rng: random.Random) -> Case | None:
        text = self.texts[document][:3000]
        numbers = find_numbers(text)
        if not numbers:
            return None
        number = rng.choice(numbers)
        question = cloze_question(text, number, rng)
        if question is None:
            return None
        return self._placed(document, words.paraphrase(question, rng), number.start, number.end, "cloze", rng)

    def _placed(self, document: int, question: str, start: int, end: int, kind: str, rng: random.Random) -> Case:
        text = self.texts[document]
        a, b = window_around(text, start, rng.choice((50, 80, 120, 180, 240)), rng)
        if b - a > 320:
            a, b = max(a, start - 120), min(b, end + 120)
        title = re.split(r"[。！？\s]", text.removeprefix("原标题：")[:60])[0]
        context = context_of(title, None) if a > len(title) and rng.random() < 0.7 else ""
        return make_case(question, text[a:b], (start - a, end - a), kind, context=context)

    def _item_case(self, document: int, measure: str, rng: random.Random) -> Case | None:
        item = rng.choice([i for i in self.items[document] if i.measure == measure])
        # Thousands of documents repeat the same form (a fund's holdings): each of its phrases counts as a few.
        if rng.random() > (3 / self.common[item.head]) ** 0.5:
            return None
        window = self._placed(document, "", item.start, item.end, item.measure, rng)
        text = window.text
        if text.count(item.head) > 1 and rng.random() < 0.8:
            return None
        seen = window.context + text
        lot = rng.random()
        if lot < 0.48:
            return replace(window, question=self._proper(item, rng))
        if lot < 0.52:
            return self._when(item, text, rng)
        if lot < 0.65:
            question, kind = self._other_measure(document, item, text, rng), "measure"
        elif lot < 0.70:
            question, kind = self._wider(item, seen, rng), "wider"
        elif lot < 0.80:
            question, kind = self._swapped_scope(item, seen, rng), "scope"
        elif lot < 0.92:
            question, kind = self._swapped_head(item, seen, rng), "head"
        else:
            question, kind = self._swapped_time(item, seen, rng), "time"
        if question is None:
            return None
        return replace(window, question=question, answers=frozenset(), twins=frozenset(), answerable=False, kind=kind)

    def _proper(self, item: Item, rng: random.Random) -> str:
        """Ask for what the document states, in one of many dresses."""
        head = words.paraphrase(item.head, rng)
        if item.measure != "level" and rng.random() < 0.35:
            head = words.drop_counting(head)
        if item.time and rng.random() < 0.35:
            head = item.time + rng.choice(("", "的", "，")) + head
        elif rng.random() < 0.25:
            head = words.drop_scope(head, rng)
        elif rng.random() < 0.15:
            head = rng.choice(words.HARMLESS) + head
        return QUESTION[item.measure](head, item, rng)

    def _when(self, item: Item, text: str, rng: random.Random) -> Case | None:
        """Ask for the period of a statement."""
        at = text.find(item.time) if item.time and CORE.search(item.time) else -1
        if at < 0:
            return None
        question = rng.choice(WHEN).format(item.head) + rng.choice(PUNCTUATED)
        return make_case(question, text, (at, at + len(item.time)), "when")

    def _other_measure(self, document: int, item: Item, text: str, rng: random.Random) -> str | None:
        """Ask for a measure of the same quantity that the document's window does not give."""
        given = {
            i.measure for i in self.items[document] if i.head == item.head or i.head in item.head or item.head in i.head
        }
        cue = {
            "growth": "增|降|减|提|升|涨|回落|下滑|跌",
            "share": "占|比例|比重|%",
            "rank": "第|名|位",
            "level": "为|达|是|至|约|超|亿|万",
        }
        at = text.find(item.head)
        near = text[at : at + 60]
        options = [m for m in QUESTION if m not in given and not re.search(cue[m], near)]
        if item.measure == "growth" and "level" not in given:
            options.append("level")
        if not options:
            return None
        measure = rng.choice(options)
        verb = {
            "growth": rng.choice(("同比", "比上年", "较上年末", ""))
            + "|"
            + rng.choice(("增长", "提高", "下降", "增加"))
        }.get(measure, "")
        unit = {"growth": rng.choice(("", "%")), "share": "%", "rank": "", "level": ""}[measure]
        of = (
            rng.choice(("总量", "全国", "整体", "全部", "总数"))
            if measure == "share"
            else rng.choice(("全国", "全球", ""))
        )
        return QUESTION[measure](item.head, replace(item, verb=verb, unit=unit, of=of), rng)

    def _swapped_scope(self, item: Item, text: str, rng: random.Random) -> str | None:
        head = words.swap_scope(item.head, text, rng) if rng.random() < 0.6 else None
        head = head or words.add_scope(item.head, text, rng)
        return QUESTION[item.measure](head, item, rng) if head else None

    def _wider(self, item: Item, text: str, rng: random.Random) -> str | None:
        """Ask for the whole where only a part of it is stated."""
        head = words.drop_group(item.head)
        if head is None or text.count(head) > item.head.count(head):
            return None
        return QUESTION[item.measure](head, item, rng)

    def _swapped_head(self, item: Item, text: str, rng: random.Random) -> str | None:
        """Take a quantity of another document, mostly one that ends alike."""
        pool = self.heads[item.head[-2:]] if rng.random() < 0.75 else self.all_heads
        head = rng.choice(pool)
        novel = [g for g in (head[i : i + 2] for i in range(len(head) - 1)) if g not in text]
        if head in text or item.head in head or len(novel) < 2:
            return None
        return QUESTION[item.measure](words.paraphrase(head, rng), item, rng)

    def _swapped_time(self, item: Item, text: str, rng: random.Random) -> str | None:
        """Ask for another period than the one stated. Only Chinese words or years that the window states count."""
        if not item.time or item.time not in text:
            return None
        time = words.swap_time(item.time, text, rng)
        return QUESTION[item.measure](f"{time}{rng.choice(('', '的'))}{item.head}", item, rng) if time else None


@cache
def load_news(path: Path) -> tuple[str, ...]:
    """Return the documents of a ``.txt.xz`` with one a line."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return tuple(line.strip() for line in file)


def ask_of_year(case: Damaged, rng: random.Random) -> Damaged:
    """Name a year in the question where the window has lost its own: it can't be told apart there, so nothing changes."""
    if case.damage not in ("seed", "digits") or case.kind not in QUESTION or CORE.search(case.question):
        return case
    return replace(case, question=f"{rng.randint(1998, 2025)}年{case.question}") if rng.random() < 0.2 else case


def choose_damage(case: Case, rng: random.Random) -> str:
    """Draw a damage. A question that turns on a digit that is taken away has no answer to learn, so it stays intact."""
    if case.kind in ("year", "time"):
        return "intact"
    return rng.choices(DAMAGES, (34, 26, 8, 18, 6, 8))[0]
