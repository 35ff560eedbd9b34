"""Marks that stand where a number stood: □, ___, XX, **, [x], [redacted].

Which of them a text means so is for what is around them to tell; here is only how they are written.
"""

from __future__ import annotations

_NUMBER_WORDS = "NUM|NUMBER|DIGITS?|CARDINAL|PERCENT|MONEY|DATE|num|number|数字|数据"
_LOST_WORDS = (
    r"(?i:[xn]|xx+|redacted|illegible|missing|removed|(?:number|figure|value)s? (?:missing|redacted|illegible|removed))"
    r"|(?:数字|数据|数值)?缺失|字迹不清"
)
NAMED = rf"(?:(?<![A-Za-z0-9_)\]])(?:\[(?:{_LOST_WORDS})\]|【(?:{_LOST_WORDS})】)|█+)"
"""A word in brackets for what was lost, or what is blacked out: a number, or as well a name or a remark."""
ELLIPSIS = r"\[ ?(?:\.{3}|…+) ?\]"
"""Of a quotation it leaves out words; right before a unit, a number."""

_PLURAL = (
    r"(?:people|persons|men|women|children|staff"
    r"|(?!(?:was|is|has|his|this|its|as|us|thus|says|does|always|perhaps|across|towards|sometimes)\b)[a-z-]{2,}s)\b"
)
_MEASURED = r"(?:[%％‰℃]|(?:percent|per cent|pct|percentage points?|thousand|million|billion|trillion)\b|个百分点)"
_OWING = "(?:(?<=[$€£¥￥])|(?<=(?:rose|fell|grew) (?:by|to) ))"
SURE = rf"(?:(?:{NAMED}|{ELLIPSIS})(?= ?{_MEASURED})|{_OWING}(?:{NAMED}|{ELLIPSIS}))"
"""A word or dots in brackets where a number is owed: before a unit that only numbers have, after $ or "rose by"."""
OWED = rf"(?:{SURE}|(?<![Tt]he )(?<![Tt]hese )(?<![Tt]hose ){NAMED}(?= ?{_PLURAL}))"
"""The same, or before what is counted."""

CELL = (
    rf"(?:[□■◻▢]+|[Xx]{{2,}}|[Ｘｘ]{{2,}}|×{{2,}}|\*{{2,}}|_{{2,}}|＿+|\?{{2,}}|？{{2,}}|#{{2,}}"
    rf"|[\[<{{【](?:{_NUMBER_WORDS})[\]>}}】]|{NAMED}|{ELLIPSIS})"
)
"""A mark in a cell of a table, where nothing around it can tell."""
