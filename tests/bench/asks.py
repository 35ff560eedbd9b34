"""What questions ask for, on questions written by hand and kept out of training: ``python -m tests.bench.asks``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from qa.questions import understand

ROWS = Path(__file__).parent / "question_kinds.jsonl"
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


def main() -> None:
    total: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    other_kind = 0
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = understand(row["q"])
        total[row["kind"]] += 1
        if question.asks_figure == (row["kind"] != "text"):
            taken[row["kind"]] += 1
            wanted = ANSWERED_BY.get(row["kind"])
            other_kind += wanted is not None and not wanted & question.kinds
    print("| label | taken rightly for a question for a figure or for words | of |\n|---|---|---|")
    for label, n in total.most_common():
        print(f"| {label} | {taken[label]} | {n} |")
    print(f"| all | {taken.total()} | {total.total()} |\n\nright, but kinds of figure that do not answer: {other_kind}")


if __name__ == "__main__":
    main()
