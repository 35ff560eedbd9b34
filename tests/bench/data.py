"""Public data for the benchmarks: CMRC 2018, DRCD and news, under ``../shared/data`` or ``YOUJU_DATA``."""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("YOUJU_DATA") or ROOT.parent / "shared" / "data")


@dataclass(frozen=True, slots=True)
class Case:
    question: str
    paragraph: int
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ReadingSet:
    """Paragraphs, and questions with the paragraph and the (start, text) of each answer."""

    paragraphs: tuple[str, ...]
    cases: tuple[Case, ...]


def available(name: str) -> bool:
    return (DATA / name).exists()


def reading_set(name: str) -> ReadingSet:
    """Load a SQuAD-style file such as ``cmrc2018_dev.json.xz``."""
    data = json.loads(lzma.decompress((DATA / name).read_bytes()))
    paragraphs, cases = [], []
    for article in data["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = tuple(dict.fromkeys((a["answer_start"], a["text"]) for a in qa["answers"]))
                cases.append(Case(qa["question"], len(paragraphs), answers))
            paragraphs.append(paragraph["context"])
    return ReadingSet(tuple(paragraphs), tuple(cases))


def news() -> Iterator[str]:
    """Yield the news documents, one string each."""
    with lzma.open(DATA / "news_train.txt.xz", "rt", encoding="utf-8") as file:
        yield from (line.rstrip("\n") for line in file)
