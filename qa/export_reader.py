"""Writes the reader for onnxruntime: ``python -m qa.export_reader`` turns ``reader.npz`` into ``reader.onnx``.

Layers are int8, as ``index.bert_graph`` says; the three small heads stay float. Calibration lies in the metadata.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from index.bert_graph import Bert, Graph, Tensors, embedding, layers, linear, positioned, smoothing
from qa.reader import WEIGHTS

if TYPE_CHECKING:
    from qa.reader_network import ReaderNetwork

HEADS = 12
EPS = 1e-12
SMOOTH = 0.8
"""The power with which earlier versions stored the smoothing in ``reader.npz``."""


def to_onnx(
    tensors: Tensors, loudest: Mapping[str, NDArray[np.float32]], calibration: Mapping[str, float], *, int8: bool = True
) -> bytes:
    """Return the network as a file for onnxruntime.

    ``tensors`` has the names of ``ReaderNetwork``'s state, ``loudest`` the largest size of each input of the layers'
    matrices (see ``smoothing``; empty for none). Inputs: ``ids`` (1, tokens) and ``slots`` (slots,), token positions.
    Outputs: ``point`` (1 + slots,) logits, null first; ``answerable`` (1,) a logit; ``span`` (tokens, 2) logits.
    """
    depth = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("layers."))
    bert = Bert(tensors, depth, HEADS, EPS)
    hidden = tensors["norm.weight"].size
    graph = Graph()
    # The two marker characters have the two last ids, and a table of their own in training.
    words = np.concatenate([tensors["word.weight"][:-2], tensors["mark.weight"]])
    x = positioned(graph, "ids", embedding(graph, "ids", "word", words, int8=int8), bert)
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
        {"calibration": json.dumps(dict(calibration)), "hidden": str(hidden)},
    )


def _two_layers(graph: Graph, x: str, name: str, tensors: Tensors) -> str:
    inner = graph.add("Gelu", linear(graph, x, name + ".0", tensors, None, int8=False), domain="com.microsoft")
    return linear(graph, inner, name + ".2", tensors, None, int8=False)


def save_weights(
    network: ReaderNetwork, folder: Path, calibration: Mapping[str, float], loudest: Mapping[str, NDArray[np.float32]]
) -> None:
    """Write ``reader.onnx`` into ``folder``; ``loudest`` is what ``qa.reader_network.loudness`` returns."""
    state = {name: tensor.float().numpy() for name, tensor in network.state_dict().items()}
    (folder / "reader.onnx").write_bytes(to_onnx(state, loudest, calibration))


def read_npz(path: Path) -> tuple[dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]], dict[str, float]]:
    """Return the tensors, the loudest inputs and the calibration in a ``reader.npz`` of earlier versions."""
    tensors, loudest = {}, {}
    with np.load(path, allow_pickle=False) as stored:
        about = json.loads(bytes(stored["about"]))
        for name in stored.files:
            if name == "about" or ":" in name:
                continue
            array = stored[name]
            if array.dtype == np.int8:
                array = array.astype(np.float32) * stored[name + ":scale"][:, None]
            if name + ":smooth" in stored.files:
                smooth = stored[name + ":smooth"]
                array = array / smooth
                widest = np.maximum(np.abs(array).max(0), 1e-4)
                part = name.removesuffix(".weight")
                if not part.endswith((".k", ".v")):  # q, k and v share their input
                    loudest[part] = ((smooth * widest ** (1 - SMOOTH)) ** (1 / SMOOTH)).astype(np.float32)
            tensors[name] = array.astype(np.float32)
    return tensors, loudest, about["calibration"]


def export(npz: Path) -> bytes:
    """Return ``reader.onnx`` for a ``reader.npz``."""
    return to_onnx(*read_npz(npz))


def main() -> None:
    """Write ``reader.onnx``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--npz", type=Path, default=WEIGHTS / "reader.npz")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "reader.onnx")
    args = parser.parse_args()
    args.out.write_bytes(export(args.npz))
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
