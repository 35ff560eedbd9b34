"""Questions in other words and with words around them: ``python -m tests.bench.wordings``.

``wordings/forms.jsonl``: short texts with a question that writes a period, a number, an abbreviation or a name in
another form than the text does (Q3, 第三季度). ``wordings/frames.jsonl``: what people say around a question ("Could you
tell me …"); each is put around questions of ``plain/dev``, and what is answered rightly so is compared with the same
questions by themselves. Both were written by others, who saw no code, and are not looked at.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from index.encoder import Encoder, load_encoder
from index.folding import has_han
from qa.assistant import Assistant
from qa.datamodels import Answer
from qa.evaluate import Case, evaluate, load_cases, score
from tests.bench.plain import FOLDER, opened

WORDINGS = Path(__file__).parent / "wordings"
QUESTIONS = 5
"""Questions that each frame is put around."""


class Measure(Protocol):
    """Prints what comes of a set; ``wrong``: also what is answered wrongly."""

    def __call__(self, encoder: Encoder, *, wrong: bool) -> None: ...


def read(name: str) -> list[dict[str, Any]]:
    lines = (WORDINGS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@contextmanager
def asking(text: str, encoder: Encoder) -> Iterator[Assistant]:
    """Index one text and give an assistant for it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "a.txt")
        source.write_text(text + "\n", encoding="utf-8")
        with opened(source, encoder) as assistant:
            yield assistant


def measure_forms(encoder: Encoder, *, wrong: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for row in read("forms.jsonl"):
        with asking(row["text"], encoder) as assistant:
            answer = assistant.ask(row["question"])
        hit = _stands_in(row["figure"], row["text"], answer)
        what = "right" if hit else "wrong" if answer.verdict == "stated" else "refused"
        language = "Chinese" if has_han(row["text"]) else "English"
        counts[language, what] += 1
        if wrong and not hit:
            given = [f.text for f in answer.figures]
            print(f"- {row['question']}: {answer.verdict} {given}, not {row['figure']}: {row['text']}")
    for language in ("Chinese", "English"):
        of = sum(n for (own, _), n in counts.items() if own == language)
        print(
            language,
            "texts:",
            ", ".join(f"{what} {counts[language, what]}" for what in ("right", "wrong", "refused")),
            "of",
            of,
        )


def _stands_in(figure: str, text: str, answer: Answer) -> bool:
    """Whether an answer marks a figure of the text."""
    at = text.index(figure)
    return any(f.start < at + len(figure) and at < f.end for f in answer.figures)


def measure_neighbours(encoder: Encoder, *, wrong: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for row in read("neighbours.jsonl"):
        with asking(row["text"], encoder) as assistant:
            own, other = assistant.ask(row["own"]), assistant.ask(row["other"])
        language = "Chinese" if has_han(row["text"]) else "English"
        right = _stands_in(row["figure"], row["text"], own)
        counts[language, "asked"] += 1
        counts[language, "right"] += right
        counts[language, "taken"] += other.verdict == "stated"
        if wrong and not right:
            print(f"- {row['own']}: {own.verdict} {[f.text for f in own.figures]}: {row['text']}")
        if wrong and other.verdict == "stated":
            print(f"- {row['other']}: {[f.text for f in other.figures]}: {row['text']}")
    for language in ("Chinese", "English"):
        print(
            f"{language} neighbours: own figure stated {counts[language, 'right']}, a neighbour's taken "
            f"{counts[language, 'taken']} of {counts[language, 'asked']}"
        )


def measure_several(encoder: Encoder, *, wrong: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for row in read("several.jsonl"):
        with asking(row["text"], encoder) as assistant:
            answer = assistant.ask(row["question"])
        marked = sum(_stands_in(figure, row["text"], answer) for figure in row["figures"])
        right = marked == len(row["figures"]) == len(answer.figures)
        counts[row["kind"], "asked"] += 1
        counts[row["kind"], "right" if right else "all and more" if marked == len(row["figures"]) else "less"] += 1
        if wrong and not right:
            given = [f.text for f in answer.figures]
            print(f"- {row['question']}: {answer.verdict} {given}, not {row['figures']}: {row['text']}")
    for kind in ("double", "sum", "conflict"):
        shares = ", ".join(f"{what} {counts[kind, what]}" for what in ("right", "all and more", "less"))
        print(f"{kind}: {shares} of {counts[kind, 'asked']}")


def framed(say: str, case: Case) -> Case:
    """Put a frame around a question, in the way of one who types it."""
    question = case.question.rstrip("?？。. ")
    small = question if has_han(question) or question[:2].isupper() else question[0].lower() + question[1:]
    return replace(case, question=say.replace("{}", small))


def measure_frames(encoder: Encoder, *, wrong: bool) -> None:
    paths = sorted((FOLDER / "dev").glob("*.jsonl"))
    around: dict[tuple[Path, str], list[str]] = {}
    of: dict[Path, list[Case]] = {path: load_cases(path) for path in paths}
    rng = random.Random(0)
    for row in read("frames.jsonl"):
        pool = [(path, c.id) for path in paths for c in of[path] if has_han(c.question) == (row["lang"] == "zh")]
        for chosen in rng.sample(pool, QUESTIONS):
            around.setdefault(chosen, []).append(row["say"])
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        with opened(path.with_suffix(".txt"), encoder) as assistant:
            for case in of[path]:
                frames = around.get((path, case.id), [])
                bare = not evaluate(assistant, [case])[0].faults if frames else False
                language = "Chinese" if has_han(case.question) else "English"
                for say in frames:
                    put = framed(say, case)
                    faults = score(put, assistant.ask(put.question))
                    counts[language, "asked"] += 1
                    counts[language, "bare"] += bare
                    counts[language, "framed"] += not faults
                    if wrong and faults and bare:
                        print(f"- {put.question}: {'; '.join(faults)}")
    for language in ("Chinese", "English"):
        print(
            f"{language} questions: right by themselves {counts[language, 'bare']}, with words around them "
            f"{counts[language, 'framed']} of {counts[language, 'asked']}"
        )


MEASURES: dict[str, Measure] = {
    "forms": measure_forms,
    "frames": measure_frames,
    "neighbours": measure_neighbours,
    "several": measure_several,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=MEASURES)
    parser.add_argument("--wrong", action="store_true", help="list what is answered wrongly")
    arguments = parser.parse_args()
    encoder = load_encoder()
    for name, measure in MEASURES.items():
        if arguments.only in (None, name):
            measure(encoder, wrong=arguments.wrong)


if __name__ == "__main__":
    main()
