"""Questions as readers ask them, on reports intact, stripped and damaged in part: ``python -m tests.bench.plain``.

``plain/test`` was written by others and never looked at; of ``plain/dev`` it was seen what is answered wrongly. A
folder holds ``NAME.txt`` with ``NAME.jsonl`` in the format of ``python -m qa evaluate``, and a language for each
question; a set without a text is asked of the seed report.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from index.build import build_index
from index.encoder import load_encoder
from qa.assistant import Assistant
from qa.evaluate import evaluate, load_cases

FOLDER = Path(__file__).parent / "plain"
SEEDS = Path(__file__).parents[2] / "seeds"
VERDICTS = ("stated", "omitted", "not_found", "passage")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("test", "dev"), default="test")
    parser.add_argument("--wrong", action="store_true", help="list what is answered wrongly")
    arguments = parser.parse_args()
    encoder = load_encoder()
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    stated_wrongly: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for path in sorted((FOLDER / arguments.set).glob("*.jsonl")):
        languages = [json.loads(line)["lang"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        with tempfile.TemporaryDirectory() as folder:
            text = path.with_suffix(".txt")
            build_index(text if text.exists() else SEEDS, Path(folder, "index"), encoder=encoder)
            assistant = Assistant.open(Path(folder, "index"), encoder=encoder)
            results = evaluate(assistant, load_cases(path))
        for result, language in zip(results, languages, strict=True):
            expected, given = result.case.verdicts[0], result.answer.verdict if result.answer else "none"
            for group in ("all", f"asked in {language}"):
                total[group, expected] += 1
                right[group, expected] += not result.faults
                stated_wrongly[group] += given == "stated" and bool(result.faults)
                refused[group] += expected == "stated" and given in ("omitted", "not_found")
            if arguments.wrong and result.faults:
                print(f"- {path.stem}: {result.case.question} {expected} / {given}: {'; '.join(result.faults)}")
    print(
        "| cases | right | "
        + " | ".join(VERDICTS)
        + " | stated wrongly | refused wrongly |\n|---|---|---|---|---|---|---|---|"
    )
    for group in dict.fromkeys(group for group, _ in total):
        n, hits = (sum(count[group, v] for v in VERDICTS) for count in (total, right))
        shares = " | ".join(f"{right[group, v]}/{total[group, v]}" for v in VERDICTS)
        errors = f"{stated_wrongly[group] / n:.1%} | {refused[group] / max(1, total[group, 'stated']):.1%}"
        print(f"| {group} | {hits / n:.1%} of {n} | {shares} | {errors} |")


if __name__ == "__main__":
    main()
