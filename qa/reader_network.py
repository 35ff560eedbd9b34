"""The reader's network in torch, which trains it: a small BERT with one pointer logit for every slot of a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.e5_weights import E5Weights, bert_tensors
from qa.reader_tokens import Encoded

HEARD = (".q", ".ao", ".fi", ".fo")
"""The matrices whose inputs are listened to; k and v have that of q."""


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


def loudness(network: nn.Module, batches: Sequence[tuple[Tensor, ...]]) -> dict[str, NDArray[np.float32]]:
    """Return the largest size that each input of the layers' matrices has in ``batches``: ``smoothing`` needs it."""
    loudest: dict[str, Tensor] = {}

    def listen(name: str, x: Tensor) -> None:
        now = x.detach().reshape(-1, x.shape[-1]).abs().amax(0)
        loudest[name] = torch.maximum(loudest[name], now) if name in loudest else now

    parts = {n: m for n, m in network.named_modules() if n.startswith("layers.") and n.endswith(HEARD)}
    hooks = [m.register_forward_hook(lambda _, x, __, name=n: listen(name, x[0])) for n, m in parts.items()]
    with torch.inference_mode():
        for batch in batches:
            network(*batch)
    for hook in hooks:
        hook.remove()
    return {name: tensor.float().numpy() for name, tensor in loudest.items()}


def bert_state(weights: E5Weights, rows: Sequence[int]) -> dict[str, Tensor]:
    """Return the encoder's part of ``ReaderNetwork``'s state: the given rows of the vocabulary, and all layers."""
    return {name: torch.tensor(array) for name, array in bert_tensors(weights, rows).items()}


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
