"""Measures the reader: ``python -m tests.bench.reader [--questions N] [--news N] [--weights FOLDER]``.

Every numeric question of CMRC 2018 dev and DRCD dev (its answer is one number; neither set is seen in training or
tuning) becomes four cases: the paragraph as it stands, stripped as the seed report was, with only the answer's number
gone, and the nearest paragraph of another article by BM25. The whole paragraph is read in windows; the likeliest slot
of all of them, from the threshold on, is the verdict: a figure is stated, a gap is omitted, else not found. Gaps are
the true ones. Two baselines decide the same cases. News of documents kept out of training measures other measures,
scopes, heads and periods. The threshold and the temperature come from the articles of train that were kept out.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from qa.reader import SlotReader, Window
from qa.reader_data import (
    Damaged,
    News,
    SquadFile,
    bigrams,
    choose_damage,
    damage_case,
    find_numbers,
    load_news,
    load_squad,
    make_case,
    nearest_paragraphs,
    sentences,
    windows,
)

DATA = next(
    (p / "shared" / "data" for p in Path(__file__).resolve().parents if (p / "shared" / "data").is_dir()), Path()
)
STATED_WRONGLY = 0.008
"""Share of the cases kept out of training in which a wrong figure may be stated: what the threshold is chosen for."""


class Verdict(NamedTuple):
    """What was decided, and the slot of the damaged text that was taken (None: none)."""

    verdict: str
    slot: int | None
    confidence: float


Judge = Callable[[Damaged], Verdict]


def four_cases(reading: SquadFile, near: list[list[int]], number: int) -> dict[str, Damaged]:
    """Return the four cases of a numeric question; ``elsewhere`` is missing when the answer stands there too."""
    asked = reading.asked[number]
    text = reading.paragraphs[asked.paragraph][1]
    case = make_case(asked.question, text, asked.answer, "number")
    rng = random.Random(number)
    out = {
        name: damage_case(case, damage, rng, noise=False)
        for name, damage in (("intact", "intact"), ("stripped", "seed"), ("answer gone", "answer"))
    }
    said = text[asked.answer[0] : asked.answer[1]]
    for other in near[number]:
        if said not in reading.paragraphs[other][1]:
            away = make_case(asked.question, reading.paragraphs[other][1], None, "elsewhere", answerable=False)
            out["elsewhere"] = damage_case(away, "intact", rng, noise=False)
            break
    return out


def numeric_questions(reading: SquadFile) -> list[int]:
    """Return the questions whose answer holds exactly one number."""
    return [
        i
        for i, a in enumerate(reading.asked)
        if a.numeric and len(find_numbers(reading.paragraphs[a.paragraph][1][a.answer[0] : a.answer[1]])) == 1
    ]


def split(case: Damaged, size: int = 220) -> list[tuple[Window, list[int]]]:
    """Cut a case's text into windows; each comes with the numbers of its slots in the case."""
    out = []
    for start, end in windows(case.text, size):
        mine = [i for i, (a, b) in enumerate(case.slots) if start <= a and b <= end and (a < end or a == b)]
        mine = [i for i in mine if not (case.slots[i][0] == start and start and case.slots[i][0] == case.slots[i][1])]
        body = case.text[start:end]
        out.append((Window(body, tuple((case.slots[i][0] - start, case.slots[i][1] - start) for i in mine)), mine))
    return out


def reader_judge(reader: SlotReader, threshold: float) -> Judge:
    """The likeliest slot of all windows, from ``threshold`` on. Holes of one date (two characters apart) are one."""

    def judge(case: Damaged) -> Verdict:
        parts = split(case)
        best = Verdict("not_found", None, 0.0)
        for reading, (_, numbers) in zip(reader.read(case.question, [w for w, _ in parts]), parts, strict=True):
            for i, own in zip(numbers, reading.slots, strict=True):
                if own < 0.02:
                    continue
                start, end = case.slots[i]
                total = sum(
                    p
                    for j, p in zip(numbers, reading.slots, strict=True)
                    if j == i
                    or (start == end and case.slots[j][0] == case.slots[j][1] and abs(case.slots[j][0] - start) <= 2)
                )
                if (total, own) > (best.confidence, -1.0) and total > best.confidence + 1e-9:
                    best = Verdict("stated" if start < end else "omitted", i, total)
        return best if best.confidence >= threshold else Verdict("not_found", None, best.confidence)

    return judge


def nearest_number(case: Damaged) -> Verdict:
    """Baseline: the slot with the most of the question's character pairs within 20 characters; at least two."""
    pairs = bigrams(case.question)
    scored = [(len(pairs & bigrams(case.text[max(0, a - 20) : b + 20])), -i) for i, (a, b) in enumerate(case.slots)]
    if not scored or max(scored)[0] < 2:
        return Verdict("not_found", None, 0.0)
    slot = -max(scored)[1]
    start, end = case.slots[slot]
    return Verdict("stated" if start < end else "omitted", slot, 1.0)


def best_sentence(case: Damaged) -> Verdict:
    """Baseline: the sentence most like the question; its first figure, else its first gap; at least two pairs."""
    pairs = bigrams(case.question)
    start, end = max(sentences(case.text), key=lambda s: len(pairs & bigrams(case.text[s[0] : s[1]])))
    if len(pairs & bigrams(case.text[start:end])) < 2:
        return Verdict("not_found", None, 0.0)
    inside = [i for i, (a, b) in enumerate(case.slots) if start <= a and b <= end]
    figures = [i for i in inside if case.slots[i][0] < case.slots[i][1]]
    slot = next(iter(figures or inside), None)
    return Verdict("not_found" if slot is None else "stated" if figures else "omitted", slot, 1.0)


def is_right(name: str, case: Damaged, given: Verdict) -> bool:
    """Whether verdict and slot are right. A figure that reads the same as the answer is not wrong."""
    if not case.gold:
        return given.verdict == "not_found"
    return given.slot is not None and (given.slot in case.gold or (name == "intact" and given.slot in case.ignore))


def is_stated_wrongly(case: Damaged, given: Verdict) -> bool:
    """Whether a figure was presented that is not the answer."""
    return given.verdict == "stated" and given.slot not in case.gold and given.slot not in case.ignore


def report(title: str, cases: Sequence[tuple[str, Damaged]], judges: dict[str, Judge]) -> None:
    """Print accuracy per case, stated wrongly and refused wrongly for every judge."""
    print(f"\n## {title}: {len(cases)} cases")
    for label, judge in judges.items():
        begun = time.perf_counter()
        right: dict[str, list[bool]] = defaultdict(list)
        confusion: Counter[str] = Counter()
        wrongly = refused = intact = 0
        for name, case in cases:
            given = judge(case)
            right[name].append(is_right(name, case, given))
            confusion[f"{name}->{given.verdict}"] += 1
            wrongly += is_stated_wrongly(case, given)
            figure = any(case.slots[i][0] < case.slots[i][1] for i in case.gold)
            intact += figure
            refused += figure and given.verdict != "stated"
        shares = ", ".join(f"{n} {sum(v) / len(v):.3f}" for n, v in right.items())
        took = (time.perf_counter() - begun) / max(1, len(cases)) * 1000
        print(f"{label}: {shares}; stated wrongly {wrongly / len(cases):.4f} of {len(cases)} cases; "
              f"refused wrongly {refused / max(1, intact):.4f} of {intact}; {took:.0f} ms a case")  # fmt: skip
        print("   ", ", ".join(f"{k} {v}" for k, v in sorted(confusion.items())))


def squad_cases(path: Path, limit: int, *, kept_out: bool = False) -> list[tuple[str, Damaged]]:
    """Return the four cases of up to ``limit`` numeric questions, drawn with a fixed seed."""
    reading = load_squad(path)
    near = nearest_paragraphs(reading, 3)
    numbers = [i for i in numeric_questions(reading) if not kept_out or reading.asked[i].paragraph % 10 == 0]
    random.Random(1).shuffle(numbers)
    return [(name, case) for i in numbers[:limit] for name, case in four_cases(reading, near, i).items()]


def news_cases(texts: Sequence[str], limit: int) -> list[tuple[str, Damaged]]:
    """Return machine-made cases of news documents, by kind."""
    rng = random.Random(7)
    out: list[tuple[str, Damaged]] = []
    stream: Iterable = News(texts).cases(rng)
    for case in stream:
        damaged = damage_case(case, choose_damage(case, rng), rng, noise=False)
        if len(damaged.text) >= 4:
            out.append((case.kind if case.answerable else f"no: {case.kind}", damaged))
        if len(out) == limit:
            return out
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--news", type=int, default=1500)
    parser.add_argument("--weights", type=Path, default=None)
    parser.add_argument("--threshold", type=float, default=0.5)
    args = parser.parse_args()
    reader = SlotReader.load(args.weights)
    print(f"threshold {args.threshold:.3f}")
    judges: dict[str, Judge] = {
        "reader": reader_judge(reader, args.threshold),
        "nearest number": nearest_number,
        "best sentence": best_sentence,
    }
    for name in ("cmrc2018_dev", "drcd_dev"):
        report(name, squad_cases(DATA / f"{name}.json.xz", args.questions), judges)
    texts = load_news(DATA / "news_train.txt.xz")
    report("news kept out", news_cases(texts[int(len(texts) * 0.95) :], args.news), judges)


if __name__ == "__main__":
    main()
