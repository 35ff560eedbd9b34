"""Reading number words and digits into ``Decimal``, exactly or not at all.

Everything here takes text already passed through :func:`fold`, which maps character by character (full width to half
width, traditional to simplified) and so keeps offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

from index.folding import simplified_characters

_PUNCTUATION = {
    "—": "-",
    "–": "-",
    "−": "-",
    "～": "~",
    "〜": "~",
    "￥": "¥",
    "￡": "£",
    "　": " ",
    "\xa0": " ",
    "∶": ":",
}
_PUNCTUATION |= {"\u2009": " ", "\u202f": " ", "﹪": "%", "○": "〇", "’": "'"}
# A full-width comma is a clause break in Chinese; where one separates thousands is for the number's context to tell.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，～"}
_FOLD = _FULL_WIDTH | simplified_characters()
_FOLD |= {ord(k): ord(v) for k, v in _PUNCTUATION.items()}
_SEPARATORS = str.maketrans("", "", ",， ")
_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇", "一二三四五六七八九十百千零")

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
MAGNITUDES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8, "兆": 12}
"""Power of ten of each Chinese magnitude; 兆 as in Taiwan, where it counts money."""

# Longer runs than any quantity written in words; the bound keeps reading linear.
_LONGEST_RUN = 40
_EXACT = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a numeral says: ``value`` is None for a vague one (七八, 三四十)."""

    value: Decimal | None


def fold(text: str) -> str:
    """Map each character to the form numbers are recognised in; the length never changes."""
    return text.translate(_FOLD)


def scaled(value: Decimal, power: int) -> Decimal:
    """Multiply by ten to the ``power`` without rounding; a whole result carries no exponent or trailing zeros."""
    if len(value.as_tuple().digits) > _EXACT.prec // 2:
        return value.scaleb(power, Context(prec=len(value.as_tuple().digits) + 1))
    moved = value.scaleb(power, _EXACT)
    whole = moved.to_integral_value(context=_EXACT)
    return whole.quantize(Decimal(1), context=_EXACT) if power and moved == whole else moved


def divided(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """Return the quotient if it is a finite decimal of few digits, else None (2/3 has no exact decimal)."""
    if not denominator:
        return None
    quotient = numerator / denominator
    return (
        quotient.normalize() if quotient * denominator == numerator and len(quotient.as_tuple().digits) < 12 else None
    )


def read_digits(text: str) -> Decimal:
    """Read ``1,234.5``; commas and spaces are thousands separators or strayed in."""
    return Decimal(text.translate(_SEPARATORS))


def _section(run: str) -> int | None:
    """Read a numeral below ten thousand: units must fall, zeros may stand between."""
    total, digit, last = 0, None, 10_000
    for char in run:
        if char in _SMALL_UNITS:
            unit = _SMALL_UNITS[char]
            if unit >= last or (digit is None and unit != 10):
                return None
            total, last, digit = total + (1 if digit is None else digit) * unit, unit, None
        elif digit is None or digit == 0:
            digit = _DIGITS[char]
        else:
            return None
    if digit is None:
        return total
    # 三百五 is 350, but 三百零五 and 二十五 are as written.
    shortened = last in (100, 1000) and run[-2] in _SMALL_UNITS
    return total + digit * (last // 10 if shortened else 1)


def _structured(run: str) -> int | None:
    """Read a numeral with magnitudes (一万三千五百, 三万亿)."""
    for unit, power in (("亿", 10**8), ("万", 10**4)):
        if unit in run:
            left, _, right = run.rpartition(unit)
            high = _structured(left) if left else None
            if high is None or not high:
                return None
            low = _structured(right) if right else 0
            if low is None or low >= power:
                return None
            if len(right) == 1 and right in _DIGITS:
                low *= power // 10  # 一万三 is 13,000
            return high * power + low
    return _section(run)


_NUMERALS = frozenset([*_DIGITS, *_SMALL_UNITS, *"万亿点"])

_PAIR = re.compile(r"[一二两三四五六七八九]{2}")


def _vague_pair(pair: str) -> bool:
    low, high = _DIGITS[pair[0]], _DIGITS[pair[1]]
    return high - low == 1 or pair == "三五"


def read_chinese(run: str) -> Reading | None:
    """Read a whole run of Chinese numerals, with 点 as the decimal point; None if it is not one well-formed number."""
    run = run.translate(_FINANCIAL).replace("廿", "二十").replace("卅", "三十")
    if not run or len(run) > _LONGEST_RUN or any(c not in _NUMERALS for c in run):
        return None
    whole, dot, decimals = run.partition("点")
    if dot:
        left = read_chinese(whole)
        if left is None or left.value is None or not decimals or any(c not in _DIGITS for c in decimals):
            return None
        return Reading(Decimal(f"{left.value}.{''.join(str(_DIGITS[c]) for c in decimals)}"))
    if all(c in _DIGITS for c in run):
        if len(run) == 1:
            return Reading(Decimal(_DIGITS[run]))
        if len(run) == 2 and "零" not in run:
            return Reading(None) if _vague_pair(run) else None
        return Reading(Decimal("".join(str(_DIGITS[c]) for c in run))) if "两" not in run else None
    pair = _PAIR.search(run)
    if pair:
        shorter = run[: pair.start()] + run[pair.start() + 1 :]
        return Reading(None) if _vague_pair(pair[0]) and read_chinese(shorter) else None
    if run[0] in "百千":
        if len(run) == 1:
            return None
        run = "一" + run
    value = _structured(run)
    return None if value is None else Reading(Decimal(value))


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ENGLISH_CARDINALS = {w: i for i, w in enumerate(_ONES)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
ENGLISH_MAGNITUDES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
ENGLISH_ORDINALS = _IRREGULAR | {
    (w[:-1] + "ieth" if w.endswith("y") else w + "th"): n
    for w, n in ENGLISH_CARDINALS.items()
    if n not in (0, *_IRREGULAR.values())
}
ENGLISH_ORDINALS |= {"hundredth": 100, "thousandth": 1000}


def read_english(words: str) -> Decimal | None:
    """Read ``three hundred and five``, ``twenty-six``, ``a dozen``, ``ninth``; None if ill-formed."""
    total = current = 0
    last_kind = ""
    for word in re.split(r"[\s-]+", words.lower()):
        if word in ("a", "an") and not last_kind:
            current, last_kind = 1, "one"
        elif word == "and" and last_kind == "magnitude":
            continue
        elif word in ENGLISH_CARDINALS or word in ENGLISH_ORDINALS:
            number = ENGLISH_CARDINALS.get(word, ENGLISH_ORDINALS.get(word, 0))
            if last_kind in ("one", "ordinal") or (last_kind == "ten" and not 0 < number < 10):
                return None
            current += number
            last_kind = "ordinal" if word in ENGLISH_ORDINALS else "ten" if number >= 20 else "one"
        elif word == "dozen" and last_kind in ("", "one", "ten"):
            current, last_kind = max(current, 1) * 12, "ordinal"
        elif word in ENGLISH_MAGNITUDES and last_kind and last_kind != "ordinal":
            power = 10 ** ENGLISH_MAGNITUDES[word]
            if power == 100:
                current = current * 100
            else:
                total, current = total + (current or 1) * power, 0
            last_kind = "magnitude"
        else:
            return None
    return Decimal(total + current) if last_kind else None
