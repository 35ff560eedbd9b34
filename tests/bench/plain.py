"""Questions as readers ask them, on reports intact, stripped and damaged in part: ``python -m tests.bench.plain``.

``plain/test`` was written by others and never looked at; of ``plain/dev`` it was seen what is answered wrongly. A
folder holds ``NAME.txt`` with ``NAME.jsonl`` in the format of ``python -m qa evaluate``, and a language for each
question; a set without a text is asked of the seed report.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.folding import has_han
from qa.assistant import Assistant
from qa.evaluate import evaluate, load_cases
from tests.bench.reports import Tally, print_tallies

FOLDER = Path(__file__).parent / "plain"
SEEDS = Path(__file__).parents[2] / "seeds"


@contextmanager
def opened(text: Path, encoder: Encoder) -> Iterator[Assistant]:
    """Index a text, or the seed report where there is none, and give an assistant for it."""
    with tempfile.TemporaryDirectory() as folder:
        build_index(text if text.exists() else SEEDS, Path(folder, "index"), encoder=encoder)
        yield Assistant.open(Path(folder, "index"), encoder=encoder)


def in_haste(question: str, how: str) -> str:
    """Return an English question in small letters without its mark, or with one slip of the fingers in a long word."""
    if how == "small":
        return question.lower().rstrip("?.")
    rng = random.Random(question)
    words = list(re.finditer(r"[A-Za-z]{5,}", question))
    if not words:
        return question
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 2)
    slips = (question[at + 1] + question[at], question[at + 1], question[at] + question[at : at + 2])
    return question[:at] + rng.choices(slips, (2, 1, 1))[0] + question[at + 2 :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("test", "dev"), default="test")
    parser.add_argument("--scoped", action="store_true", help="ask the questions in the form that names their report")
    parser.add_argument("--typed", choices=("small", "slips"), help="ask the English questions as typed in haste")
    parser.add_argument("--wrong", action="store_true", help="list what is answered wrongly")
    arguments = parser.parse_args()
    encoder = load_encoder()
    groups: dict[str, Tally] = {}
    for path in sorted((FOLDER / arguments.set).glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        cases = load_cases(path)
        if arguments.scoped:
            cases = [replace(c, question=row.get("scoped", c.question)) for c, row in zip(cases, rows, strict=True)]
        if arguments.typed:
            cases = [
                c if has_han(c.question) else replace(c, question=in_haste(c.question, arguments.typed)) for c in cases
            ]
        with opened(path.with_suffix(".txt"), encoder) as assistant:
            results = evaluate(assistant, cases)
        for result, language in zip(results, (row["lang"] for row in rows), strict=True):
            expected, given = result.case.verdicts[0], result.answer.verdict if result.answer else "none"
            for group in ("all", f"asked in {language}"):
                groups.setdefault(group, Tally()).add(expected, given, not result.faults)
            if arguments.wrong and result.faults:
                print(f"- {path.stem}: {result.case.question} {expected} / {given}: {'; '.join(result.faults)}")
    print_tallies(groups)


if __name__ == "__main__":
    main()
