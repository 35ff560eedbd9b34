"""Writes a BERT encoder as an ONNX graph that onnxruntime runs in int8. Needed to make weight files, never to use them.

Weights are int8 with one scale for each output, activations are quantised as they come (one range for each matrix).
A few loud inputs would drown the rest, so each matrix may come with a *smoothing*: one factor for each input, which
divides the input and multiplies the weights (Xiao et al. 2023, SmoothQuant).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.e5_weights import BLOCK

Array = NDArray[Any]
Tensors = Mapping[str, NDArray[np.float32]]

CONTRIB = "com.microsoft"
"""onnxruntime's own operators, part of every build of it."""
WEIGHT_STEPS = 63
"""Weights take 7 of the 8 bits: on x86 without VNNI two products of full range overflow the 16 bits they are summed in.
So every processor gives the same vectors; the bit costs nothing measurable, the weights having had four to begin with.
"""
MATRIX = 2
"""Axes of a matrix."""
ALPHA = 0.7
"""How much of the loudness moves from inputs to weights: of 0.3 to 0.9 the nearest to float, for encoder and reader."""


@dataclass(frozen=True, slots=True)
class Bert:
    """An encoder: ``tensors`` under the names of ``qa.reader_network.ReaderNetwork``, matrices as (out, in)."""

    tensors: Tensors
    layers: int
    heads: int
    eps: float


@dataclass(slots=True)
class Graph:
    """Nodes and constants of a graph under construction; every method returns the name of what it added."""

    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    heard: dict[str, str] = field(default_factory=dict)
    """The inputs of matrices, under the names that a smoothing has."""

    def constant(self, name: str, value: Array) -> str:
        """Add a constant under a name, unless it is there."""
        if all(known.name != name for known in self.constants):
            self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:  # noqa: ANN401
        """Add a node with one output."""
        output = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], domain=domain, **attributes))
        return output

    def name(self, output: str, value: str) -> None:
        """Make ``value`` an output of the graph under the name ``output``."""
        self.nodes.append(helper.make_node("Identity", [value], [output]))

    def listen(self) -> list[str]:
        """Make the largest size of each input of a matrix an output, under the matrix's name."""
        axes = self.constant("axes", np.array([0, 1]))
        for name, x in self.heard.items():
            self.name(name, self.add("ReduceMax", self.add("Abs", x), axes, keepdims=0))
        return list(self.heard)

    def model(self, inputs: Sequence[Any], outputs: Sequence[Any], about: Mapping[str, str]) -> bytes:
        """Return the finished file; ``about`` goes into its metadata."""
        graph = helper.make_graph(self.nodes, "bert", list(inputs), list(outputs), self.constants)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        helper.set_model_props(model, dict(about))
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))


def quantise(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return int8 rows within ``WEIGHT_STEPS`` of nought and their float32 scales, shape (rows,)."""
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12).astype(np.float32) / WEIGHT_STEPS
    return np.clip(np.rint(matrix / scale[:, None]), -WEIGHT_STEPS, WEIGHT_STEPS).astype(np.int8), scale


def linear(graph: Graph, x: str, name: str, tensors: Tensors, smooth: Array | None, *, int8: bool = True) -> str:
    """Add ``x @ weight.T + bias``. The input is taken as divided by ``smooth`` already."""
    weight, bias = tensors[name + ".weight"], tensors[name + ".bias"].astype(np.float32)
    if not int8:
        product = graph.add("MatMul", x, graph.constant(name + ".weight", weight.T.astype(np.float32)))
        return graph.add("Add", product, graph.constant(name + ".bias", bias))
    rows, scale = quantise(weight if smooth is None else weight * smooth)
    return graph.add(
        "DynamicQuantizeMatMul",
        x,
        graph.constant(name + ".weight", rows.T),
        graph.constant(name + ".scale", scale),
        "",
        graph.constant(name + ".bias", bias),
        domain=CONTRIB,
    )


def embedding(graph: Graph, ids: str, name: str, matrix: NDArray[np.float32]) -> str:
    """Add the look-up of rows of ``matrix`` by ``ids``."""
    return graph.add("Gather", graph.constant(name, matrix.astype(np.float32)), ids)


def embedding_in_4_bits(graph: Graph, ids: str, name: str, matrix: NDArray[np.float32]) -> str:
    """Add the look-up of rows of a ``matrix`` that was in Q4_0 before (see ``index.e5_weights``): exact for those.

    In each block of 32 numbers the largest is -8 times the scale.
    """
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[..., None], 2)[..., 0]
    scale = (largest / -8).astype(np.float16)
    steps = np.divide(blocks, scale[..., None], out=np.zeros_like(blocks), where=scale[..., None] != 0)
    four = np.clip(np.rint(steps), -8, 7).astype(np.int8).astype(np.uint8).reshape(len(matrix), -1) & 0x0F
    packed = (four[:, 0::2] | four[:, 1::2] << 4).tobytes()
    graph.constants.append(helper.make_tensor(name, TensorProto.INT4, matrix.shape, packed, raw=True))
    scales = graph.constant(name + ".scale", scale)
    taken = graph.add("GatherBlockQuantized", name, ids, scales, domain=CONTRIB, block_size=BLOCK, quantize_axis=1)
    return graph.add("Cast", taken, to=TensorProto.FLOAT)


def norm(graph: Graph, x: str, name: str, bert: Bert) -> str:
    """Add a layer normalisation."""
    parts = (graph.constant(f"{name}.{part}", bert.tensors[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", x, *parts, axis=-1, epsilon=bert.eps)


def positioned(graph: Graph, ids: str, x: str, bert: Bert) -> str:
    """Add the positions to the embedded ``ids`` of shape (1, tokens), and normalise."""
    table = graph.constant("position", bert.tensors["position.weight"].astype(np.float16))
    start = graph.constant("start", np.zeros(1, np.int64))
    taken = graph.add("Slice", table, start, graph.add("Shape", ids, start=1), start)
    return norm(graph, graph.add("Add", x, graph.add("Cast", taken, to=TensorProto.FLOAT)), "norm", bert)


def layers(
    graph: Graph, x: str, bert: Bert, smooth: Tensors | None, *, int8: bool = True, numbers: range | None = None
) -> str:
    """Add all layers, or those of some ``numbers``, to ``x`` of shape (1, tokens, hidden); the shape stays.

    ``smooth`` holds factors for the inputs of ``layers.N.q`` (k and v share them), ``.ao``, ``.fi`` and ``.fo``.
    """
    smooth = smooth if smooth and int8 else {}

    def quiet(x: str, name: str) -> str:
        graph.heard[name] = x
        return graph.add("Mul", x, graph.constant(name + ".quiet", 1 / smooth[name])) if name in smooth else x

    for n in range(bert.layers) if numbers is None else numbers:
        own = f"layers.{n}"
        tensors = dict(bert.tensors)
        factor = smooth.get(own + ".ao")
        if factor is not None:  # what leaves attention is linear in v, so v's rows can be quieter at no cost
            tensors[own + ".v.weight"] = tensors[own + ".v.weight"] / factor[:, None]
            tensors[own + ".v.bias"] = tensors[own + ".v.bias"] / factor
        heard = quiet(x, own + ".q")
        q, k, v = (linear(graph, heard, f"{own}.{p}", tensors, smooth.get(own + ".q"), int8=int8) for p in "qkv")
        attended = graph.add("MultiHeadAttention", q, k, v, domain=CONTRIB, num_heads=bert.heads)
        graph.heard[own + ".ao"] = attended
        out = linear(graph, attended, own + ".ao", tensors, factor, int8=int8)
        x = norm(graph, graph.add("Add", x, out), own + ".aln", bert)
        wide = linear(graph, quiet(x, own + ".fi"), own + ".fi", tensors, smooth.get(own + ".fi"), int8=int8)
        wide = quiet(graph.add("Gelu", wide, domain=CONTRIB), own + ".fo")
        out = linear(graph, wide, own + ".fo", tensors, smooth.get(own + ".fo"), int8=int8)
        x = norm(graph, graph.add("Add", x, out), own + ".oln", bert)
    return x


def smoothing(
    loudest: Mapping[str, NDArray[np.float32]], bert: Bert, alpha: float = ALPHA
) -> dict[str, NDArray[np.float32]]:
    """Return the factors of ``layers``, from the largest size of each input: loudness ** alpha / weight ** (1 - alpha).

    ``loudest`` has the names of ``smooth`` in ``layers``.
    """
    factors: dict[str, NDArray[np.float32]] = {}
    for name, loudness in loudest.items():
        users = [name[:-1] + part for part in "qkv"] if name.endswith(".q") else [name]
        weight: NDArray[np.float32] = np.max([np.abs(bert.tensors[user + ".weight"]).max(0) for user in users], axis=0)
        factor = np.maximum(loudness, 1e-4) ** alpha / np.maximum(weight, 1e-4) ** (1 - alpha)
        factors[name] = factor.astype(np.float32)
    return factors


def floats(model: bytes) -> dict[str, NDArray[np.float32]]:
    """Return the tensors of a file made here, under the names they came with, as float32 again.

    What was rounded stays rounded; a smoothing between v and ao stays in both, where it cancels. An embedding in four
    bits is left out: it is the wheel's.
    """
    stored = {c.name: numpy_helper.to_array(c) for c in onnx.load_from_string(model).graph.initializer}
    out: dict[str, NDArray[np.float32]] = {}
    for name, array in stored.items():
        if name.endswith(".weight") and array.dtype == np.int8:
            own = name.removesuffix(".weight")
            heard = own[:-1] + "q" if own.endswith((".q", ".k", ".v")) else own
            quiet = stored.get(heard + ".quiet", np.ones(1, np.float32))
            out[name] = array.T * stored[own + ".scale"][:, None] * quiet
        elif name.endswith(".weight") and array.ndim == MATRIX:
            out[name] = array.T.astype(np.float32)
        elif name.endswith((".weight", ".bias")):
            out[name] = array.astype(np.float32)
        elif name in ("position", "mark"):
            out[name + ".weight"] = array.astype(np.float32)
    return out
