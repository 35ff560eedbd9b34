"""What questions ask for, on questions written by hand and kept out of training: ``python -m tests.bench.asks``.

``question_kinds.jsonl`` holds ordinary ones, ``look_alikes.jsonl`` such as look like the other kind.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from qa.questions import understand

SETS = ("question_kinds", "look_alikes")
#: Kinds of figure of which one at least answers a question of each label.
ANSWERED_BY = {
    "share": {"percent", "ratio"},
    "change": {"percent", "points", "count", "number", "money"},
    "level": {"number", "count", "measure", "age", "percent"},
    "money": {"money"},
    "rank": {"rank"},
    "date": {"date"},
    "duration": {"duration"},
}


def measure(name: str) -> None:
    """Print what is taken rightly of a set."""
    total: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    doubted: Counter[bool] = Counter()
    other_kind = 0
    for line in (Path(__file__).parent / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = understand(row["q"])
        total[row["kind"]] += 1
        right = question.asks_figure == (row["kind"] != "text")
        doubted[right] += not question.sure
        if right:
            taken[row["kind"]] += 1
            wanted = ANSWERED_BY.get(row["kind"])
            other_kind += wanted is not None and not wanted & question.kinds
    print(f"{name}\n\n| label | taken rightly for a question for a figure or for words | of |\n|---|---|---|")
    for label, n in total.most_common():
        print(f"| {label} | {taken[label]} | {n} |")
    print(f"| all | {taken.total()} | {total.total()} |\n\nright, but kinds of figure that do not answer: {other_kind}")
    print(
        f"unsure, so that either may answer: {doubted[True]} of those taken rightly, {doubted[False]} of the others\n"
    )


def main() -> None:
    for name in SETS:
        measure(name)


if __name__ == "__main__":
    main()
