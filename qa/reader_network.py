"""The reader's network in torch, which trains it: a small BERT with one pointer logit for every slot of a window."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.e5_weights import E5Weights
from qa.reader_tokens import Encoded

SMOOTH = 0.8
"""Of 0.5, 0.65 and 0.8 the one whose int8 answers were nearest to float's on 60 cases kept out of training."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    vocabulary: int
    layers: int
    hidden: int = 384
    heads: int = 12
    feed_forward: int = 1536
    positions: int = 512
    eps: float = 1e-12


class Layer(nn.Module):
    """One BERT layer (post-norm), as in multilingual-e5-small."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        size = shape.hidden
        self.q, self.k, self.v, self.ao = (nn.Linear(size, size) for _ in range(4))
        self.aln = nn.LayerNorm(size, eps=shape.eps)
        self.fi, self.fo = nn.Linear(size, shape.feed_forward), nn.Linear(shape.feed_forward, size)
        self.oln = nn.LayerNorm(size, eps=shape.eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``x``: (batch, tokens, hidden); ``mask``: (batch, 1, 1, tokens), 0 where a token stands, else very low."""
        batch, tokens, size = x.shape
        q, k, v = (part(x).view(batch, tokens, self.heads, -1).transpose(1, 2) for part in (self.q, self.k, self.v))
        # By hand: with heads of 32 numbers torch's fused kernel took three times as long on a CPU, backward above all.
        weights = torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(2, 3) + mask, dim=-1)
        attended = self.ao((weights.to(v.dtype) @ v).transpose(1, 2).reshape(batch, tokens, size))
        x = self.aln(x + attended)
        y: Tensor = self.oln(x + self.fo(functional.gelu(self.fi(x))))
        return y


class ReaderNetwork(nn.Module):
    """Encoder with three heads: a pointer over slots and null, answerable or not, and a span of text."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.word = nn.Embedding(shape.vocabulary, shape.hidden)
        self.mark = nn.Embedding(2, shape.hidden)
        self.position = nn.Embedding(shape.positions, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.slot = nn.Sequential(nn.Linear(2 * shape.hidden, shape.hidden), nn.GELU(), nn.Linear(shape.hidden, 1))
        self.pooled = nn.Sequential(nn.Linear(shape.hidden, shape.hidden), nn.GELU(), nn.Linear(shape.hidden, 2))
        self.span = nn.Linear(shape.hidden, 2)

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the last layer's states (batch, tokens, hidden)."""
        first_mark = self.shape.vocabulary - 2
        is_mark = (ids >= first_mark).unsqueeze(-1)
        x = torch.where(is_mark, self.mark((ids - first_mark).clamp(min=0)), self.word(ids))
        x = self.norm(x + self.position.weight[: ids.shape[1]])
        wide = torch.zeros_like(mask, dtype=x.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, wide)
        states: Tensor = x
        return states

    def forward(self, ids: Tensor, mask: Tensor, slots: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits.

        ``ids``, ``mask``: (batch, tokens); the two marker characters have the two last ids of the vocabulary.
        ``slots``: (batch, slots) token positions, -1 for none. Returns (batch, 1 + slots) with null first and -inf
        where there is no slot; (batch,) for answerable; (batch, tokens, 2) for the start and end of the span.
        """
        x = self.hidden(ids, mask)
        first = x[:, 0]
        null_and_answerable = self.pooled(first).float()
        at = x.gather(1, slots.clamp(min=0).unsqueeze(-1).expand(-1, -1, x.shape[-1]))
        point = self.slot(torch.cat([at, first.unsqueeze(1).expand_as(at)], dim=-1)).squeeze(-1).float()
        point = point.masked_fill(slots < 0, float("-inf"))
        return torch.cat([null_and_answerable[:, :1], point], dim=1), null_and_answerable[:, 1], self.span(x).float()


class Int8Linear(nn.Module):
    """A linear layer that multiplies in int8: rows quantised as they are shipped, inputs by their own range.

    ``smooth`` (inputs,) is what each input is divided by before and its weights were multiplied by beforehand, so that
    one loud input does not drown the rest. The range is that of the whole input, so a window must be read alone for
    its answer not to hang on its neighbours.
    """

    def __init__(self, linear: nn.Linear, smooth: Tensor) -> None:
        super().__init__()
        weight = linear.weight.detach() * smooth
        scale = (weight.abs().amax(1).clamp(min=1e-12) / 127).double()
        zero = torch.zeros(len(weight), dtype=torch.long)
        with warnings.catch_warnings():
            # Announced to leave torch some day; torch is pinned, and its successor library is another dependency.
            warnings.filterwarnings("ignore", category=UserWarning)
            rows = torch.quantize_per_channel(weight, scale, zero, 0, torch.qint8)
        self.packed: Any = torch.ops.quantized.linear_prepack(rows, linear.bias.detach())
        self.quieter = 1.0 / smooth

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x @ weight.T + bias``, nearly."""
        y: Tensor = torch.ops.quantized.linear_dynamic(x * self.quieter, self.packed)
        return y


def smoothing(network: ReaderNetwork, batches: Sequence[tuple[Tensor, Tensor, Tensor]]) -> dict[str, Tensor]:
    """Return for each linear layer of the encoder what to divide its inputs by, from how loud they are in ``batches``.

    After Xiao et al. 2023 (SmoothQuant): loudness ** SMOOTH / largest weight ** (1 - SMOOTH).
    """
    loudest: dict[str, Tensor] = {}

    def listen(name: str, x: Tensor) -> None:
        now = x.detach().reshape(-1, x.shape[-1]).abs().amax(0)
        loudest[name] = torch.maximum(loudest[name], now) if name in loudest else now

    parts = {n: m for n, m in network.named_modules() if isinstance(m, nn.Linear) and n.startswith("layers.")}
    hooks = [m.register_forward_hook(lambda _, x, __, name=n: listen(name, x[0])) for n, m in parts.items()]
    with torch.inference_mode():
        for batch in batches:
            network(*batch)
    for hook in hooks:
        hook.remove()
    return {
        name: (
            loudest[name].clamp(min=1e-4) ** SMOOTH / part.weight.detach().abs().amax(0).clamp(min=1e-4) ** (1 - SMOOTH)
        ).clone()
        for name, part in parts.items()
    }


def has_int8_engine() -> bool:
    """Whether this processor multiplies 8-bit numbers without overflow: x86 with AVX-512, whose engine knows VNNI."""
    is_x86 = torch.backends.quantized.engine in ("x86", "fbgemm", "onednn")
    return is_x86 and "AVX512" in torch.backends.cpu.get_cpu_capability()


def in_int8(network: ReaderNetwork, smooth: dict[str, Tensor]) -> ReaderNetwork:
    """Let the encoder's layers multiply in int8; three to five times as fast."""
    for depth, layer in enumerate(network.layers):
        for name, part in list(layer.named_children()):
            if isinstance(part, nn.Linear):
                setattr(layer, name, Int8Linear(part, smooth[f"layers.{depth}.{name}"]))
    return network


def bert_state(weights: E5Weights, rows: Sequence[int]) -> dict[str, Tensor]:
    """Return the encoder's part of ``ReaderNetwork``'s state: the given rows of the vocabulary, and all layers.

    Every text has token type 0, so its vector is added to the positions once.
    """
    size, tensors = weights.hidden, weights.tensors
    state = {
        "word.weight": tensors["emb.word"][list(rows)],
        "position.weight": tensors["emb.pos"] + tensors["emb.type"][:size],
        "norm.weight": tensors["emb.ln.w"],
        "norm.bias": tensors["emb.ln.b"],
    }
    for layer in range(weights.layers):
        for part in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln"):
            for ours, theirs in (("weight", "w"), ("bias", "b")):
                state[f"layers.{layer}.{part}.{ours}"] = tensors[f"l{layer}.{part}.{theirs}"]
    return {name: torch.tensor(array) for name, array in state.items()}


def collate(batch: Sequence[Encoded], pad: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return ids, mask and slots of a batch, padded to its longest member."""
    width = max(len(e.ids) for e in batch)
    count = max(1, *(len(e.markers) for e in batch))
    ids = torch.full((len(batch), width), pad, dtype=torch.long)
    mask = torch.zeros((len(batch), width), dtype=torch.bool)
    slots = torch.full((len(batch), count), -1, dtype=torch.long)
    for row, encoded in enumerate(batch):
        ids[row, : len(encoded.ids)] = torch.tensor(encoded.ids)
        mask[row, : len(encoded.ids)] = True
        if encoded.markers:
            slots[row, : len(encoded.markers)] = torch.tensor(encoded.markers)
    return ids, mask, slots
