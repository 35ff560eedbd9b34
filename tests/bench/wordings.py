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
from dataclasses import replace
from pathlib import Path

from index.encoder import Encoder, load_encoder
from index.folding import has_han
from qa.evaluate import Case, evaluate, load_cases, score
from tests.bench.plain import FOLDER, opened

WORDINGS = Path(__file__).parent / "wordings"
QUESTIONS = 5
"""Questions that each frame is put around."""


def read(name: str) -> list[dict[str, str]]:
    lines = (WORDINGS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def measure_forms(encoder: Encoder, *, wrong: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for row in read("forms.jsonl"):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "a.txt")
            source.write_text(row["text"] + "\n", encoding="utf-8")
            with opened(source, encoder) as assistant:
                answer = assistant.ask(row["question"])
        at = row["text"].index(row["figure"])
        hit = any(f.start < at + len(row["figure"]) and at < f.end for f in answer.figures)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("forms", "frames"))
    parser.add_argument("--wrong", action="store_true", help="list what is answered wrongly")
    arguments = parser.parse_args()
    encoder = load_encoder()
    if arguments.only != "frames":
        measure_forms(encoder, wrong=arguments.wrong)
    if arguments.only != "forms":
        measure_frames(encoder, wrong=arguments.wrong)


if __name__ == "__main__":
    main()
