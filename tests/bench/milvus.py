"""One corpus in a folder and on a Milvus server: ``python -m tests.bench.milvus [--passages 2000] [--questions 200]``.

Paragraphs of CMRC 2018 dev, then news until there are so many; questions of CMRC 2018 dev. Build times with and
without encoding, the time of ``retrieve`` (the question's vector included), how often the right passage is found, how
much of the exhaustive ranking each place finds, and whether both answer the same; ``--cases FILE ...`` asks question
sets of the seed report as well. ``--scaling`` only encodes, in one process and in several. The server is the one of
the ``milvus`` wheel, or ``--server milvus://host:port`` with ``YOUJU_MILVUS_TOKEN``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from index import build_index
from index.build import _known_vectors
from index.datamodels import Chunk
from index.encoder import BUNDLED, PROBE, Encoder, load_encoder
from index.encoder_pool import EncoderPool
from index.inference import cores
from index.parts import parts
from index.place import place_at
from index.store import Store
from qa.assistant import Assistant
from qa.retriever import Retriever
from tests.bench.data import ROOT, news, reading_set
from tests.bench.machine import machine
from tests.milvus_server import running

#: Paragraphs in a document.
PARAGRAPHS = 100
DEEP = 10


@dataclass
class Remembering:
    """Encodes each text once: the second place is given the vectors of the first."""

    encoder: Encoder
    seconds: float = 0.0
    name: str = BUNDLED
    vectors: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        return self.encoder.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> np.ndarray:
        begun = time.perf_counter()
        new = [text for text in texts if text not in self.vectors]
        self.vectors.update(zip(new, self.encoder.encode_document(new), strict=True))
        self.seconds += time.perf_counter() - begun
        return np.array([self.vectors[text] for text in texts])


@dataclass(frozen=True)
class Asked:
    question: str
    document: str
    at: int
    """Where in the document the answer stands."""


def corpus(folder: Path, passages: int, size: int) -> list[Asked]:
    """Write the documents, news as runs of whole sentences of at most ``size`` characters; return the questions."""
    data = reading_set("cmrc2018_dev.json.xz")
    paragraphs = [text.replace("\n", " ") for text in data.paragraphs][:passages]
    known = len(paragraphs)
    for text in news():
        if len(paragraphs) >= passages:
            break
        paragraphs += runs(text, size)
    starts: dict[int, tuple[str, int]] = {}
    for first in range(0, len(paragraphs), PARAGRAPHS):
        name, text = f"{first:07}.txt", ""
        for number, paragraph in enumerate(paragraphs[first : first + PARAGRAPHS], first):
            starts[number] = (name, len(text))
            text += paragraph + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    return [
        Asked(c.question, starts[c.paragraph][0], starts[c.paragraph][1] + c.answers[0][0])
        for c in data.cases
        if c.paragraph < known
    ]


def runs(text: str, size: int) -> list[str]:
    """Join sentences to runs of at most ``size`` characters; what is longer is left out."""
    found: list[str] = []
    for sentence in re.findall("[^。！？\n]+[。！？]", text):
        if found and len(found[-1]) + len(sentence) <= size:
            found[-1] += sentence
        else:
            found.append(sentence.strip())
    return [run for run in found if len(run) <= size]


def exhaustive(store: Store, encoder: Encoder, question: str) -> list[int]:
    """Return the best rows when every passage is compared."""
    with patch("index.lexical.MAX_POSTINGS", 2**62):
        found = Retriever(store, encoder).search(question, DEEP, np.arange(len(store.chunks), dtype=np.int32))
    return [row for row, _ in found]


@contextlib.contextmanager
def server(given: str | None) -> Iterator[str]:
    if given is not None:
        yield given
        return
    with running() as own:
        os.environ["YOUJU_MILVUS_TOKEN"] = own.token
        yield own.url("bench").removesuffix("/bench")


def build(source: Path, name: str, encoder: Encoder, remembering: Remembering) -> str:
    before, begun = remembering.seconds, time.perf_counter()
    info = build_index(source, name, encoder=encoder)
    took = time.perf_counter() - begun
    encoding = remembering.seconds - before
    return f"{info.passages} passages, {took - encoding:.1f} s besides encoding ({encoding:.1f} s)"


def alike(one: Assistant, other: Assistant, conversations: Sequence[Sequence[str]]) -> str:
    """Return how many questions both answer with the very same verdict, message, quotes and figures."""
    same = 0
    for questions in conversations:
        for turn, question in enumerate(questions):
            mine, theirs = (comparable(a.ask(question, questions[:turn]).to_dict()) for a in (one, other))
            same += mine == theirs
            if mine != theirs:
                print(f"differs: {question}: {[key for key in mine if mine[key] != theirs[key]]}")
    return f"{same} of {sum(map(len, conversations))}"


def conversations_of(path: Path) -> list[list[str]]:
    """Read a question set: of single questions, or of ``turns``."""
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [[turn["question"] for turn in case.get("turns", [case])] for case in cases]


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what differs in the last digit: chances, and how they came about."""
    return {key: value for key, value in answer.items() if key not in ("debug", "confidence")}


def search(name: str, assistant: Assistant, asked: Sequence[Asked], exact: Sequence[Sequence[int]]) -> str:
    rows = {(c.document, c.start): row for row, c in enumerate(assistant._store.chunks)}
    times, first, tenth, first_exact, ten_exact = [], 0, 0, 0, 0.0
    for one, wanted in zip(asked, exact, strict=True):
        begun = time.perf_counter()
        found = assistant.retrieve(one.question, DEEP)
        times.append(1000 * (time.perf_counter() - begun))
        right = [p.document == one.document and p.start <= one.at < p.end for p in found]
        first += right[0]
        tenth += any(right)
        own = [rows[(p.document, p.start)] for p in found]
        first_exact += own[0] == wanted[0]
        ten_exact += len(set(own) & set(wanted)) / len(wanted)
    count = len(asked)
    cuts = statistics.quantiles(times, n=20)
    return (
        f"| {name} | {statistics.median(times):.0f} | {cuts[-1]:.0f} | {first / count:.1%} | {tenth / count:.1%} "
        f"| {first_exact / count:.1%} | {ten_exact / count:.1%} |"
    )


def scaling(encoder: Encoder, most: int, size: int) -> None:
    """Print texts a second with the threads of one process and with several processes, taking turns."""
    whole = [text[:size] for text, _ in zip(news(), range(40), strict=False)]
    texts = [piece for text in whole for piece in parts(Chunk("", "paragraph", None, 1, 0, len(text), text))]
    counts = [count for count in (1, 2, 4, 8, 16, 32, 64) if count <= most]
    with contextlib.ExitStack() as stack:
        engines: dict[str, Encoder] = {"threads of one process": encoder}
        for count in counts:
            engines[f"{count} processes"] = stack.enter_context(EncoderPool(encoder, count))
        took: dict[str, list[float]] = {name: [] for name in engines}
        for turn in range(4):
            for name, engine in engines.items():
                begun = time.perf_counter()
                engine.encode_document(texts)
                if turn:  # the first loads the models
                    took[name].append(len(texts) / (time.perf_counter() - begun))
    print(f"{len(texts)} texts, {sum(map(len, texts)) / len(texts):.0f} characters each")
    print("\n| | texts a second |\n|---|---|")
    for name, rates in took.items():
        print(f"| {name} | {statistics.median(rates):.1f} ({min(rates):.1f}-{max(rates):.1f}) |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=2000)
    parser.add_argument("--characters", type=int, default=300, help="of a passage of news at most")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--answers", type=int, default=40, help="questions that both places answer in full")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--cases", type=Path, nargs="*", default=[], help="question sets of the seed report")
    parser.add_argument("--scaling", action="store_true", help="only how encoding gains by more processes")
    parser.add_argument("--server", help="milvus://host:port")
    parser.add_argument("--keep", type=Path, help="folder for the index: a second run need not encode again")
    arguments = parser.parse_args()
    print(machine())
    plain = load_encoder()
    if arguments.scaling:
        scaling(plain, cores(), arguments.characters)
        return
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as stack:
        address = stack.enter_context(server(arguments.server))
        many = stack.enter_context(EncoderPool(plain, arguments.processes)) if arguments.processes > 1 else plain
        source = Path(temporary) / "source"
        source.mkdir()
        asked = corpus(source, arguments.passages, arguments.characters)
        asked = asked[:: max(1, len(asked) // arguments.questions)][: arguments.questions]
        folder = (arguments.keep or Path(temporary)) / f"folder-{arguments.passages}"
        remembering = Remembering(many)
        print("folder:", build(source, str(folder), remembering, remembering), flush=True)
        # What an earlier run has kept was not encoded now.
        remembering.vectors.update(_known_vectors(place_at(folder), plain, plain.encode_query([PROBE])[0]))
        print("Milvus:", build(source, f"{address}/bench", remembering, remembering), flush=True)
        remembering.vectors.clear()
        one, other = (Assistant.open(name, encoder=plain) for name in (folder, f"{address}/bench"))
        exact = [exhaustive(one._store, plain, a.question) for a in asked]
        print(
            f"\n{len(asked)} questions\n\n| | ms, median | 95 of 100 within | right passage first | among 10 "
            "| first of the exhaustive | its ten |\n|---|---|---|---|---|---|---|"
        )
        for name, assistant in (("folder", one), ("Milvus", other)):
            print(search(name, assistant, asked, exact), flush=True)
        few = [[a.question] for a in asked][: arguments.answers]
        print(f"\nanswers alike: {alike(one, other, few)}", flush=True)
        if arguments.cases:
            seed = [Path(temporary) / "seed", f"{address}/seed"]
            for name in seed:
                build_index(ROOT / "seeds", name, encoder=plain)
            one, other = (Assistant.open(name, encoder=plain) for name in seed)
            for path in arguments.cases:
                print(f"{path.name}, answers alike: {alike(one, other, conversations_of(path))}", flush=True)
        print(f"Milvus opens in {1000 * opening(f'{address}/bench'):.0f} ms")


def opening(name: str) -> float:
    begun = time.perf_counter()
    place_at(name).open()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
