"""Reports nobody tuned on, each as it is and damaged by machine: ``python -m tests.bench.reports``.

The reports and their questions were written before the assistant first read them. On a damaged copy a question whose
figure was lost expects ``omitted``; one whose figure survived (近三成, almost a third) still expects ``stated``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from index import build_index
from index.encoder import load_encoder
from qa.assistant import Assistant
from qa.damage import drop_digits, strip_like_seed
from qa.evaluate import Case, evaluate, report

FOLDER = Path(__file__).parent / "reports"
DAMAGE = {
    "intact": lambda text: text,
    "digits gone": lambda text: drop_digits(text).text,
    "stripped": lambda text: "\n".join(strip_like_seed(line).text for line in text.split("\n")),
    "run together": lambda text: strip_like_seed(text).text,
}
CHINESE_ONLY = ("stripped", "run together")


def cases(path: Path, damage: str, text: str) -> list[Case]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        verdict, figure = row["verdict"], row.get("figure")
        if verdict == "stated" and damage != "intact" and (any(c.isdigit() for c in figure) or figure not in text):
            verdict, figure = "omitted", None
        evidence = tuple(row.get("evidence", ())) if damage in ("intact", "digits gone") else ()
        found.append(Case(f"{path.stem}.{number}", row["question"], (), (verdict,), evidence, figure))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="name of one report")
    arguments = parser.parse_args()
    encoder = load_encoder()
    everything = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        if arguments.only and path.stem != arguments.only:
            continue
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        for name, damage in DAMAGE.items():
            if name in CHINESE_ONLY and not any("\u4e00" <= c <= "\u9fff" for c in text[:200]):
                continue
            damaged = damage(text)
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder, f"{path.stem}.txt")
                source.write_text(damaged, encoding="utf-8")
                build_index(source, Path(folder, "index"), encoder=encoder)
                assistant = Assistant.open(Path(folder, "index"), encoder=encoder)
                results = evaluate(assistant, cases(path, name, damaged))
            everything += results
            print(f"\n## {path.stem}, {name}\n\n{report(results)}")
    print(f"\n## all\n\n{report(everything).split(chr(10) + '- ')[0]}")


if __name__ == "__main__":
    main()
