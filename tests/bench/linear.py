"""Time of the text readers on pieces repeated without end: ``python -m tests.bench.linear``.

A reader is linear when twice the text takes about twice the time. Exits with 1 when some piece takes over four times.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from index.sentences import split_sentences
from index.structure import find_blocks
from qa.figures import find_figures
from qa.gaps import find_gaps

NUMERIC = [
    *("1", "1,", "1,111,", "9.", "一", "一百", "百", "万亿", "几", "数", "上百", "第", "第一", "1-", "1至", "一至"),
    *("3/", "1:", "半", "十几", "twenty-", "one ", "hundred and ", "a ", "May ", "12月", "近", "A1", "A-", "￥"),
    *("1 ", " ", "超过", "about ", "两三", "亿", "分之", "成", "2020年", "1小时", "1.", "Q1 ", "$", "-", "1m", "ｘ１"),
]
PROSE = [
    "a",
    "a.",
    "a. ",
    "。",
    "。”",
    '"',
    "\n",
    "1.",
    "中文，",
    "U.S. ",
    "截至年",
    "资料图。",
    "# a\n",
    "a a\n\n",
    "（",
]

READERS: list[tuple[Callable[[str], object], int, Sequence[str]]] = [
    (find_figures, 50_000, NUMERIC),
    (split_sentences, 200_000, PROSE),
    (find_blocks, 100_000, PROSE),
    (find_gaps, 20_000, PROSE),
]


def seconds(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def main() -> int:
    print("| reader | slowest piece | characters a second | worst ratio for twice the text |\n|---|---|---|---|")
    worst = 0.0
    for read, size, pieces in READERS:
        rows = []
        for piece in pieces:
            once, twice = (seconds(read, piece * (n // len(piece))) for n in (size, 2 * size))
            rows.append((twice, twice / max(once, 0.02), piece))
        slowest, ratio = max(rows), max(r for _, r, _ in rows)
        worst = max(worst, ratio)
        print(f"| {read.__name__} | {slowest[2]!r} | {2 * size / slowest[0]:,.0f} | {ratio:.1f} |")
    return int(worst > 4)


if __name__ == "__main__":
    sys.exit(main())
