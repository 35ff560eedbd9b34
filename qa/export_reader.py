"""Writes the reader for onnxruntime: ``python -m qa.export_reader --checkpoint reader.pt --data FOLDER``.

Layers are int8, as ``index.bert_graph`` says, the vectors of words in four bits; the three small heads stay float.
Temperatures, chosen on cases that the training left out, lie in the metadata.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from torch.nn import functional

from index.bert_graph import Bert, Graph, Tensors, embedding, embedding_in_4_bits, layers, linear, positioned, smoothing
from qa.reader import NETWORK, WEIGHTS
from qa.reader_network import ReaderNetwork, collate, loudness
from qa.reader_tokens import Vocabulary
from qa.report_cases import TRAINING_REPORTS
from qa.train_reader import Example, start_network, to_example, training_cases

HEADS = 12
EPS = 1e-12
CALIBRATION_CASES, LOUDNESS_CASES = 500, 150
"""Cases kept out of training on which temperatures are chosen, and the sizes of activations taken."""


def to_onnx(
    tensors: Tensors,
    loudest: Mapping[str, NDArray[np.float32]],
    calibration: Mapping[str, float],
    digest: str,
    *,
    int8: bool = True,
) -> bytes:
    """Return the network as a file for onnxruntime.

    ``tensors`` has the names of ``ReaderNetwork``'s state, ``loudest`` the largest size of each input of the layers'
    matrices (see ``smoothing``; empty for none), ``digest`` is that of the vocabulary. Inputs: ``ids`` (1, tokens) and
    ``slots`` (slots,), token positions. Outputs: ``point`` (1 + slots,) logits, null first; ``answerable`` (1,) a
    logit; ``span`` (tokens, 2) logits.
    """
    depth = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("layers."))
    bert = Bert(tensors, depth, HEADS, EPS)
    hidden = tensors["norm.weight"].size
    graph = Graph()
    x = positioned(graph, "ids", _embedded(graph, tensors, int8=int8), bert)
    x = layers(graph, x, bert, smoothing(loudest, bert), int8=int8)
    tokens = graph.add("Squeeze", x, graph.constant("first axis", np.zeros(1, np.int64)))
    first = graph.add("Gather", tokens, graph.constant("first token", np.zeros(1, np.int64)))
    at = graph.add("Gather", tokens, "slots")
    beside = graph.add("Expand", first, graph.add("Shape", at))
    point = _two_layers(graph, graph.add("Concat", at, beside, axis=1), "slot", tensors)
    whole = _two_layers(graph, first, "pooled", tensors)  # null, answerable
    null, answerable = (graph.add("Gather", whole, graph.constant(f"{i}", np.array(i)), axis=1) for i in (0, 1))
    flat = graph.add("Reshape", point, graph.constant("flat", np.array([-1])))
    graph.name("point", graph.add("Concat", null, flat, axis=0))
    graph.name("answerable", answerable)
    graph.name("span", linear(graph, tokens, "span", tensors, None, int8=False))
    return graph.model(
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"]),
            helper.make_tensor_value_info("slots", TensorProto.INT64, ["slots"]),
        ],
        [
            helper.make_tensor_value_info("point", TensorProto.FLOAT, ["one more than slots"]),
            helper.make_tensor_value_info("answerable", TensorProto.FLOAT, [1]),
            helper.make_tensor_value_info("span", TensorProto.FLOAT, ["tokens", 2]),
        ],
        {"calibration": json.dumps(dict(calibration)), "pieces": digest, "hidden": str(hidden)},
    )


def _embedded(graph: Graph, tensors: Tensors, *, int8: bool) -> str:
    """Add the look-up of ``ids``: the two marker characters have the two last ones, and a table of their own."""
    words, marks = tensors["word.weight"][:-2], tensors["mark.weight"]
    count, last = graph.constant("words", np.array(len(words))), graph.constant("last word", np.array(len(words) - 1))
    number_of_mark = graph.add("Max", graph.add("Sub", "ids", count), graph.constant("first mark", np.array(0)))
    of_mark = graph.add("Gather", graph.constant("mark", marks), number_of_mark)
    number_of_word = graph.add("Min", "ids", last)
    of_word = (embedding_in_4_bits if int8 else embedding)(graph, number_of_word, "word", words)
    is_mark = graph.add("GreaterOrEqual", "ids", count)
    wide = graph.add("Unsqueeze", is_mark, graph.constant("last axis", np.array([-1])))
    return graph.add("Where", wide, of_mark, of_word)


def _two_layers(graph: Graph, x: str, name: str, tensors: Tensors) -> str:
    inner = graph.add("Gelu", linear(graph, x, name + ".0", tensors, None, int8=False), domain="com.microsoft")
    return linear(graph, inner, name + ".2", tensors, None, int8=False)


def save_weights(
    network: ReaderNetwork, folder: Path, calibration: Mapping[str, float], loudest: Mapping[str, NDArray[np.float32]]
) -> None:
    """Write ``reader.onnx`` into ``folder``; ``loudest`` is what ``qa.reader_network.loudness`` returns."""
    state = {name: tensor.float().numpy() for name, tensor in network.state_dict().items()}
    (folder / NETWORK).write_bytes(to_onnx(state, loudest, calibration, Vocabulary.load().digest))


def temperatures(network: ReaderNetwork, examples: Sequence[Example], pad: int) -> dict[str, float]:
    """Return what to divide the logits by, so that slots and answerable are likeliest on ``examples``."""
    slots, flags = [], []
    with torch.inference_mode():
        for example in examples:
            point, answerable, _ = network(*collate([example.encoded], pad))
            for k in example.ignore:
                point[0, k + 1] = float("-inf")
            slots.append((point[0], [k + 1 for k in example.gold] or [0]))
            flags.append(answerable)
    logits, truth = torch.cat(flags), torch.tensor([float(e.answerable) for e in examples])
    grid = [0.6 + 0.1 * k for k in range(25)]

    def slot_loss(t: float) -> float:
        return sum(-torch.log_softmax(x / t, 0)[gold].logsumexp(0).item() for x, gold in slots)

    def answerable_loss(t: float) -> float:
        return functional.binary_cross_entropy_with_logits(logits / t, truth).item()

    return {"slot": min(grid, key=slot_loss), "answerable": min(grid, key=answerable_loss)}


def blend(network: ReaderNetwork, before: ReaderNetwork, share: float) -> None:
    """Move the weights of ``network`` to the mean with those ``before``, of which they were trained on: both count.

    What was learned last is kept, and less of what was known is lost. Of 120 neighbours' figures the network itself
    took 21, the one before 52, their mean at .8 26; of ``plain/dev`` they had 88.9%, 89.6% and 90.2% right. Of
    2,114 cases on kept-out reports the next one had 79.0% right in a mean of .5, 78.7% of .8, the one before 77.8%.
    """
    earlier = before.state_dict()
    network.load_state_dict({n: earlier[n].lerp(t, share) for n, t in network.state_dict().items()})


def main() -> None:
    """Write ``reader.onnx``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="reader.pt of qa.train_reader")
    parser.add_argument("--before", type=Path, help="the checkpoint or reader.onnx trained on from")
    parser.add_argument("--share", type=float, default=0.5, help="of this one in the mean with the one before")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    vocabulary = Vocabulary.load()
    state = torch.load(args.checkpoint, weights_only=True)
    depth = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    network = start_network(args.checkpoint, vocabulary, depth).eval()
    if args.before:
        blend(network, start_network(args.before, vocabulary, depth), args.share)
    stream = training_cases(args.data, TRAINING_REPORTS, random.Random(5), "tune")
    examples = [to_example(next(stream), vocabulary) for _ in range(CALIBRATION_CASES)]
    calibration = temperatures(network, examples, vocabulary.pad)
    loudest = loudness(network, [collate([e.encoded], vocabulary.pad) for e in examples[:LOUDNESS_CASES]])
    save_weights(network, args.out, calibration, loudest)
    print(f"{args.out / NETWORK}: {(args.out / NETWORK).stat().st_size / 1e6:.1f} MB, {calibration}")


if __name__ == "__main__":
    main()
