"""Trains the layers that encode questions: ``python -m qa.train_questions --data FOLDER``, some fifteen minutes.

Passages keep the vectors of multilingual-e5-small. For questions its last two layers are trained, so that a question is
nearest to the passage that answers it: on CMRC 2018 train (``cmrc2018_train.json.xz`` in FOLDER, CC BY-SA 4.0) and on
``qa/training_reports``, where many are asked in the other language. Writes ``index/weights/question_layers.onnx``.
Needs ``pip install -e '.[train]'``. With ``--measure`` it trains on every other report only, prints how often the right
passage of the rest comes first, and writes nothing.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index import bundled
from index.bert_graph import Bert, smoothing
from index.bundled import QUERY, Pieces
from index.datamodels import Chunk
from index.e5_weights import E5Weights, load_e5
from index.encoder import BUNDLED, Encoder, load_encoder
from index.folding import has_han
from index.lexical import LexicalIndex
from index.make_encoder import UPPER, upper_layers
from index.parts import parts, searchable
from qa.assistant import PASSAGES_READ
from qa.reader_data import load_squad
from qa.reader_network import Layer, Shape, bert_state, loudness
from qa.report_cases import TRAINING_REPORTS, is_chinese, load_reports, placed
from qa.retriever import WEIGHTS, beside_best, similarity

EPOCHS, BATCH, RATE, DECAY = 2, 64, 1e-4, 0.01
"""Once and twice through, and rates of 3e-5 to 1e-4, differ little; a third layer gains nothing."""
TEMPERATURE = 0.015
"""A difference in cosine similarity that multiplies the odds by e."""
TRAINED = 0.8
"""How far the weights go from the original towards the trained ones (Wortsman et al. 2022, WiSE-FT). All the way gains
another point in English on Chinese reports, and loses as much on texts unlike those trained on."""
LOUDNESS_QUESTIONS = 500
"""Questions on which the largest inputs of the matrices are taken."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages with the questions asked of them. ``right[i]`` is the passage that answers question i."""

    name: str
    questions: Sequence[str]
    right: Sequence[int]
    whole: Floats
    """Vectors of whole passages, shape (passages, dimension)."""
    parts: Floats
    owners: NDArray[np.int64]
    """The passage of each part."""
    wording: NDArray[np.float16]
    """What the wording scores, 1 at best, shape (questions, passages)."""


def make_pool(name: str, chunks: Sequence[Chunk], cases: Sequence[tuple[str, int]], encoder: Encoder) -> Pool:
    """Encode passages, and let each question's wording score them."""
    pieces = [parts(chunk) for chunk in chunks]
    owners = np.repeat(np.arange(len(chunks)), [len(own) for own in pieces])
    vectors = encoder.encode_document([piece for own in pieces for piece in own])
    lexical = LexicalIndex.build([searchable(chunk) for chunk in chunks])
    rows = np.arange(len(chunks), dtype=np.int32)
    wording = np.zeros((len(cases), len(chunks)), dtype=np.float16)
    for i, (question, _) in enumerate(cases):
        match = lexical.match(question)
        wording[i] = beside_best(match.of(rows), match.full)
    last = np.cumsum([len(own) for own in pieces]) - 1
    return Pool(name, [q for q, _ in cases], [right for _, right in cases], vectors[last], vectors, owners, wording)


def load_pools(data: Path, encoder: Encoder) -> Iterator[Pool]:
    """Yield CMRC 2018 train as one pool, and each report as one."""
    reading = load_squad(data / "cmrc2018_train.json.xz")
    chunks = [Chunk("", "paragraph", None, 1, 0, len(text), text) for _, text, _ in reading.paragraphs]
    yield make_pool("", chunks, [(asked.question, asked.paragraph) for asked in reading.asked], encoder)
    for report in load_reports(TRAINING_REPORTS):
        if cases := placed(report):
            yield make_pool(report.name, report.chunks, cases, encoder)


class QuestionLayers(nn.Module):
    """The last layers of the encoder, from what the lower ones give to the vector that is searched with."""

    def __init__(self, weights: E5Weights) -> None:
        super().__init__()
        shape = Shape(vocabulary=0, layers=UPPER, eps=weights.eps)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(UPPER))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Take states (batch, tokens, hidden) and 1 where a token stands; return vectors (batch, hidden)."""
        wide = (1 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, wide)
        return functional.normalize((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)


def lower_states(weights: E5Weights, questions: Sequence[str]) -> list[Tensor]:
    """Return what the layers below the last give for each question, shape (tokens, hidden), in half precision."""
    pieces = Pieces.load()
    row = {piece: i for i, piece in enumerate(weights.pieces)}
    tensors = bert_state(weights, [row[piece] for piece in pieces.pieces])
    depth = weights.layers - UPPER
    shape = Shape(vocabulary=0, layers=depth, eps=weights.eps)
    lower = nn.ModuleList(Layer(shape) for _ in range(depth))
    own = {name.removeprefix("layers."): t for name, t in tensors.items() if name.startswith("layers.")}
    lower.load_state_dict({name: t for name, t in own.items() if int(name.split(".")[0]) < depth})
    norm = (weights.hidden,), tensors["norm.weight"], tensors["norm.bias"], weights.eps
    found = []
    with torch.inference_mode():
        for question in questions:
            ids = torch.tensor(pieces.windows(QUERY + question)[0])
            x = functional.layer_norm(tensors["word.weight"][ids] + tensors["position.weight"][: len(ids)], *norm)[None]
            for layer in lower:
                x = layer(x, torch.zeros(1, 1, 1, len(ids)))
            found.append(x[0].half())
    return found


def collate(states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Pad states to one length; return them (batch, tokens, hidden) and 1 where a token stands."""
    padded = nn.utils.rnn.pad_sequence([s.float() for s in states], batch_first=True)
    mask = torch.zeros(padded.shape[:2])
    for row, own in enumerate(states):
        mask[row, : len(own)] = 1
    return padded, mask


class Passages:
    """The passages of all pools: each question is told apart from all of them, the likeliest being of its own pool."""

    def __init__(self, pools: Sequence[Pool]) -> None:
        self.pools = pools
        self.first = np.cumsum([0, *(len(pool.whole) for pool in pools)])
        self.whole = torch.from_numpy(np.concatenate([pool.whole for pool in pools]))
        self.parts = torch.from_numpy(np.concatenate([pool.parts for pool in pools]))
        owners = [pool.owners + first for pool, first in zip(pools, self.first[:-1], strict=True)]
        self.owners = torch.from_numpy(np.concatenate(owners))

    def loss(self, vectors: Tensor, asked: Sequence[tuple[int, int]]) -> Tensor:
        """Return the loss of vectors for questions, each given by its pool and its number: scored as retrieval does."""
        count = len(self.whole)
        nearest = torch.full((len(asked), count), -1.0).scatter_reduce(
            1, self.owners.expand(len(asked), -1), vectors @ self.parts.T, "amax", include_self=False
        )
        wording, right = torch.zeros(len(asked), count), torch.zeros(len(asked), dtype=torch.long)
        for row, (number, question) in enumerate(asked):
            pool, first = self.pools[number], self.first[number]
            wording[row, first : first + len(pool.whole)] = torch.from_numpy(pool.wording[question]).float()
            right[row] = int(first) + pool.right[question]
        near = (1 - WEIGHTS.part) * (vectors @ self.whole.T) + WEIGHTS.part * nearest
        return functional.cross_entropy((near + wording / WEIGHTS.dense) / TEMPERATURE, right)


def train(network: QuestionLayers, pools: Sequence[Pool], states: Sequence[Sequence[Tensor]]) -> None:
    """Train the layers; ``states`` holds ``lower_states`` of each pool's questions."""
    passages, chance = Passages(pools), random.Random(0)
    asked = [(number, i) for number, pool in enumerate(pools) for i in range(len(pool.questions))]
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(asked) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: min((n + 1) / 50, max(0.0, 1 - n / steps)))
    begun = time.monotonic()
    for epoch in range(EPOCHS):
        losses = []
        for batch in _batches(asked, states, chance):
            vectors = network(*collate([states[number][i] for number, i in batch]))
            loss = passages.loss(vectors, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch}: loss {np.mean(losses):.3f}, {time.monotonic() - begun:.0f} s")


def measure(
    network: QuestionLayers, pools: Sequence[Pool], states: Sequence[Sequence[Tensor]]
) -> dict[str, list[tuple[bool, bool]]]:
    """Return for each question, by its language and that of the text, whether the right passage is first, or among six.

    By meaning and wording; retrieval compares the best few once more.
    """
    texts = {
        report.name: "Chinese" if is_chinese(report.text) else "English" for report in load_reports(TRAINING_REPORTS)
    }
    found: dict[str, list[tuple[bool, bool]]] = {}
    for pool, own in zip(pools, states, strict=True):
        with torch.inference_mode():
            vectors = np.concatenate([network(*collate([one])).numpy() for one in own])
        starts = np.flatnonzero(np.diff(pool.owners, prepend=-1))
        nearest = np.maximum.reduceat(vectors @ pool.parts.T, starts, axis=1)
        scores = similarity(vectors @ pool.whole.T, nearest, WEIGHTS.part) + pool.wording / WEIGHTS.dense
        for question, score, right in zip(pool.questions, scores, pool.right, strict=True):
            kind = f"{'Chinese' if has_han(question) else 'English'} on {texts[pool.name]} reports"
            above = int((score > score[right]).sum())
            found.setdefault(kind, []).append((above < 1, above < PASSAGES_READ))
    return found


def _batches(
    asked: Sequence[tuple[int, int]], states: Sequence[Sequence[Tensor]], chance: random.Random
) -> list[list[tuple[int, int]]]:
    """Deal the questions into batches of similar length, in a random order."""
    dealt = chance.sample(list(asked), len(asked))
    blocks = [dealt[start : start + 16 * BATCH] for start in range(0, len(dealt), 16 * BATCH)]
    ordered = [sorted(block, key=lambda case: len(states[case[0]][case[1]])) for block in blocks]
    batches = [block[start : start + BATCH] for block in ordered for start in range(0, len(block), BATCH)]
    chance.shuffle(batches)
    return batches


def last_layers(weights: E5Weights) -> dict[str, Tensor]:
    """Return the last layers of the original under the names of ``QuestionLayers``."""
    first = weights.layers - UPPER
    found = {}
    for name, tensor in bert_state(weights, [0]).items():
        if name.startswith("layers.") and (number := int(name.split(".")[1])) >= first:
            found[f"layers.{number - first}.{name.split('.', 2)[2]}"] = tensor
    return found


def part_of_the_way(network: QuestionLayers, start: dict[str, Tensor]) -> None:
    """Set the weights between where they started and where training took them."""
    trained = network.state_dict()
    network.load_state_dict({name: (1 - TRAINED) * start[name] + TRAINED * trained[name] for name in start})


def main() -> None:
    """Train the layers, and write their file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=bundled.WEIGHTS / bundled.QUESTION_LAYERS)
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    weights = load_e5()
    pools = list(load_pools(arguments.data, load_encoder(BUNDLED)))
    each = iter(lower_states(weights, [question for pool in pools for question in pool.questions]))
    states = [list(islice(each, len(pool.questions))) for pool in pools]
    print(f"{sum(len(pool.questions) for pool in pools)} questions, {sum(len(pool.whole) for pool in pools)} passages")
    network = QuestionLayers(weights)
    start = last_layers(weights)
    network.load_state_dict(start)
    if arguments.measure:
        left_out = slice(2, None, 2)  # CMRC comes first, and is trained on
        kept = [i for i in range(len(pools)) if i not in range(len(pools))[left_out]]
        before = measure(network, pools[left_out], states[left_out])
        train(network, [pools[i] for i in kept], [states[i] for i in kept])
        part_of_the_way(network, start)
        after = measure(network, pools[left_out], states[left_out])
        print("| questions | | first, before | now | among six, before | now |\n|---|---|---|---|---|---|")
        for kind in sorted(before):
            shares = [np.mean(by[kind], axis=0)[k] for k in (0, 1) for by in (before, after)]
            print(f"| {kind} | {len(before[kind])} | {' | '.join(f'{share:.1%}' for share in shares)} |")
        return
    train(network, pools, states)
    part_of_the_way(network, start)
    sample = random.Random(0).sample([own for pool in states for own in pool], LOUDNESS_QUESTIONS)
    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    bert = Bert(tensors, UPPER, weights.heads, weights.eps)
    smooth = smoothing(loudness(network, [collate([own]) for own in sample]), bert)
    file = upper_layers(bert, smooth, range(UPPER))
    arguments.out.write_bytes(file)
    print(f"{arguments.out}: {len(file) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
