"""Trains ``qa.asides``: ``python -m qa.train_asides``.

``training_asides.jsonl`` holds ways in which people wrap a question, written by hand; the clauses around ``{}`` are
asides. Questions on the training reports, whole and clause by clause, are none. A tenth of both is left out of a first
training, to print what it does on them; the weights written are trained on all frames.
"""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from index.folding import fold, has_han
from qa.asides import LEAST, MARKS, WEIGHTS, clauses
from qa.asks import log_odds
from qa.frames import Frame, load_frames
from qa.reader_data import HELD_OUT
from qa.report_cases import TRAINING_REPORTS, load_reports
from qa.train_asks import fit

QUESTIONS = 5000
"""Questions of each language."""
WEIGHT = 3.0
"""What an aside weighs beside a question: there are few."""


class Example(NamedTuple):
    """A clause or question, whether it is an aside, and whether it is left out of the first training."""

    text: str
    aside: bool
    held: bool


def asides(frame: Frame) -> list[str]:
    """Return the clauses of a frame that are parted from the question in it."""
    before, after = frame.before, frame.after
    ends = rf"[{re.escape(MARKS.strip())}]"
    found = clauses(before)
    if not (re.search(rf"{ends}\s*$", before) or not (frame.chinese or frame.of_nouns)):
        found = found[:-1]
    following = clauses(after)
    if not re.match(rf"\s*{ends}", after):
        following = following[1:]
    return [text for clause in (*found, *following) if (text := fold(clause).strip(MARKS))]


def examples(rng: random.Random) -> list[Example]:
    """Return the examples in a fixed order."""
    frames = list(load_frames())
    rng.shuffle(frames)
    found = [Example(text, True, i % HELD_OUT == 0) for i, frame in enumerate(frames) for text in asides(frame)]
    questions: dict[bool, list[Example]] = {True: [], False: []}
    for number, report in enumerate(load_reports(TRAINING_REPORTS)):
        for row in report.rows:
            own = Example(fold(row.question).strip(MARKS), False, number % HELD_OUT == 0)
            questions[has_han(row.question)].append(own)
    for of_language in questions.values():
        for example in rng.sample(of_language, min(QUESTIONS, len(of_language))):
            found.append(example)
            parts = clauses(example.text)
            found += [example._replace(text=part.strip(MARKS)) for part in parts if len(parts) > 1]
    return [example for example in found if example.text]


def train(chosen: list[Example]) -> None:
    """Train on some examples and write the weights."""
    weights = [WEIGHT if e.aside else 1.0 for e in chosen]
    fit(WEIGHTS, [e.text for e in chosen], [e.aside for e in chosen], weights)


def main() -> None:
    """Train without the tenth, print what that does on it, and train on all."""
    found = examples(random.Random(0))
    train([e for e in found if not e.held])
    for aside, name in ((True, "asides found"), (False, "questions and clauses taken for asides")):
        taken = [log_odds(e.text, WEIGHTS) >= LEAST for e in found if e.held and e.aside == aside]
        print(f"{name}: {sum(taken)} of {len(taken)} kept out")
    train([e for e in found if e.aside or not e.held])


if __name__ == "__main__":
    main()
