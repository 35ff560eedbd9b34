"""Measure ``find_gaps``: ``python -m tests.bench.gaps [--data DIR] [--documents N] [--errors N] [--markdown]``.

On unseen news (the last 2,000 documents), CMRC 2018 dev and DRCD dev paragraphs, and the English reports kept out of
training, for each kind of damage: average precision, and precision, recall and F1 at the shipped threshold; for intact
text false gaps per 10,000 characters. ``--sets english_news`` are 300 reports of the Australian Broadcasting
Corporation that gensim's tests carry; DIR must hold that wheel (``pip download --no-deps gensim``).
``AP all`` also counts places where a name or address with digits was dropped (G20, a URL) as gaps to be found;
elsewhere these count neither for nor against.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

from index.folding import has_han
from qa import damage, gaps
from qa.report_cases import chinese_texts

ROOT = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """Return ``$YOUJU_DATA``, or the shared data folder beside the checkout."""
    return Path(os.environ.get("YOUJU_DATA", ROOT.parent / "shared" / "data"))


SETS = ("news", "cmrc2018_dev", "drcd_dev", "chinese_reports", "english_reports")


def reports(*, chinese: bool) -> list[str]:
    """Return the reports of the benchmark in one language, none of which was trained on."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "bench" / "reports").glob("*.txt")))
    return [text for text in texts if has_han(text) == chinese]


WRITTEN: dict[str, Callable[[], list[str]]] = {
    "chinese_reports": partial(reports, chinese=True),
    "english_reports": partial(reports, chinese=False),
    "kept_out_reports": partial(chinese_texts, kept_out=True),  # to choose by, unlike the benchmark's
}


def english_news(folder: Path) -> list[str]:
    [wheel] = folder.glob("gensim-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read("gensim/test/test_data/lee_background.cor").decode("latin-1").strip().split("\n")


def read_sets(folder: Path, documents: int, names: Sequence[str] = SETS) -> dict[str, list[str]]:
    sets = {}
    for name in names:
        if name == "news":
            with lzma.open(folder / "news_train.txt.xz", "rt", encoding="utf-8") as f:
                sets[name] = [line.rstrip("\n") for line in f][-2000:][:documents]
            continue
        if name in WRITTEN:
            sets[name] = WRITTEN[name]()[:documents]
            continue
        if name == "english_news":
            sets[name] = english_news(folder)[:documents]
            continue
        with lzma.open(folder / f"{name}.json.xz", "rt", encoding="utf-8") as f:
            data = json.load(f)["data"]
        sets[name] = list(dict.fromkeys(p["context"] for a in data for p in a["paragraphs"]))[:documents]
    return sets


def same_place(text: str, at: int) -> int:
    """Move an offset over spaces and placeholders: both ends of them are the same place."""
    while at < len(text):
        mark = gaps.PLACEHOLDERS.match(text, at)
        if mark:
            at = mark.end()
        elif text[at] in " \xa0\u3000\t":
            at += 1
        else:
            break
    return at


def average_precision(scores: np.ndarray, right: np.ndarray, total: int) -> float:
    """Return the mean over all ``total`` true places of the precision at each one found, ties at their worst."""
    order = np.lexsort((right, -scores))
    hits = right[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits).sum() / max(1, total))


def measure(texts: list[str], kind: str, errors: list[str] | None = None) -> dict[str, float]:
    scores, right, right_all = [], [], []
    gold = gold_all = characters = exact = found = 0
    started = 0.0
    for text in texts:
        damaged = damage.KINDS[kind](text, Random(zlib.crc32(text.encode())))
        clock = time.perf_counter()
        predicted = gaps.score_gaps(damaged.text, floor=0.001)
        started += time.perf_counter() - clock
        true = {same_place(damaged.text, a) for a in damaged.gaps}
        names = {same_place(damaged.text, a) for a in damaged.names} - true
        gold, gold_all, characters = gold + len(true), gold_all + len(true) + len(names), characters + len(damaged.text)
        seen = {}
        for g in predicted:
            place = same_place(damaged.text, g.at)
            seen[place] = max(seen.get(place, 0.0), g.confidence)
            if place in true and g.confidence >= gaps.THRESHOLD:
                found += 1
                exact += g.at in damaged.gaps
        for place, score in seen.items():
            scores.append(score)
            right.append(1 if place in true else -1 if place in names else 0)
            right_all.append(place in true or place in names)
        if errors is not None:
            wrong = {p for p, s in seen.items() if s >= gaps.THRESHOLD} ^ true
            for p in sorted(wrong - names):
                what = "missed" if p in true else "FALSE "
                here = damaged.text[max(0, p - 25) : p] + "▁" + damaged.text[p : p + 20]
                errors.append(f"{what} {seen.get(p, 0):.2f} {here!r}")
    s, r, ra = np.array(scores), np.array(right), np.array(right_all)
    counted = r >= 0
    at = (s >= gaps.THRESHOLD) & counted
    tp, fp = int((r[at] == 1).sum()), int((r[at] == 0).sum())
    precision, recall = tp / max(1, tp + fp), tp / max(1, gold)
    return {
        "gaps": gold,
        "AP": average_precision(s[counted], r[counted], gold),
        "AP all": average_precision(s, ra.astype(int), gold_all),
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / max(1e-9, precision + recall),
        "false/10k": fp * 10_000 / max(1, characters),
        # Found places whose offset is the true one to the character, not only up to spaces and marks.
        "exact": exact / max(1, found),
        "kchar/s": characters / 1000 / started,
    }


def reliability(texts: list[str], kinds: list[str]) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share right, count) for tenths of the confidence."""
    pairs = []
    for kind in kinds:
        for text in texts:
            damaged = damage.KINDS[kind](text, Random(zlib.crc32(text.encode())))
            true = {same_place(damaged.text, a) for a in damaged.gaps}
            names = {same_place(damaged.text, a) for a in damaged.names} - true
            for g in gaps.score_gaps(damaged.text, floor=0.02):
                if (place := same_place(damaged.text, g.at)) not in names:
                    pairs.append((g.confidence, place in true))
    table = np.array(pairs, dtype=float)
    tenth = np.minimum((table[:, 0] * 10).astype(int), 9)
    return [(*table[tenth == i].mean(axis=0), int((tenth == i).sum())) for i in range(10) if (tenth == i).any()]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--kinds", nargs="*", default=list(damage.KINDS))
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--reliability", action="store_true")
    args = parser.parse_args()
    for name, texts in read_sets(args.data, args.documents, args.sets).items():
        print(f"\n{name}: {len(texts)} texts, {sum(map(len, texts)):,} characters")
        print(
            f"{'':28}{'gaps':>7}{'AP':>8}{'AP all':>8}{'prec':>7}{'recall':>8}{'F1':>7}"
            f"{'false/10k':>11}{'exact':>7}{'kchar/s':>9}"
        )
        for kind in args.kinds:
            errors: list[str] | None = [] if args.errors else None
            m = measure(texts, kind, errors)
            if m["gaps"]:
                print(
                    f"{kind:28}{m['gaps']:7.0f}{m['AP']:8.4f}{m['AP all']:8.4f}{m['precision']:7.3f}{m['recall']:8.3f}"
                    f"{m['F1']:7.3f}{m['false/10k']:11.2f}{m['exact']:7.3f}{m['kchar/s']:9.0f}",
                    flush=True,
                )
            else:
                print(f"{kind:28}{0:7}{'':38}{m['false/10k']:11.2f}{'':7}{m['kchar/s']:9.0f}", flush=True)
            for line in Random(0).sample(errors or [], min(args.errors, len(errors or []))):
                print("   ", line)
        if args.reliability:
            for mean, share, count in reliability(texts[:300], args.kinds):
                print(f"    confidence {mean:.3f}: right {share:.3f} of {count}")


if __name__ == "__main__":
    main()
