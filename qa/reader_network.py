"""The reader's network and its input: a small BERT over question and window with one pointer logit for every slot.

A marker character stands before every figure and in every gap, so that both compete on equal terms: the network never
learns whether a number is there, only which place answers.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import Tensor, nn
from torch.nn import functional

GAP, FIGURE = "\ue000", "\ue001"
"""Private-use characters: never in a text, so each is a token of its own."""
MAX_QUESTION = 60
"""Tokens of a question that are read."""
MAX_TOKENS = 320
"""Tokens of question and window together."""


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


@dataclass(frozen=True, slots=True)
class Encoded:
    """One question and window as tokens.

    ``markers[i]`` is the token position of slot i, -1 when it was cut off. ``chars[t]`` holds the start and end in the
    window's text of token t, or (-1, -1) for tokens that are not of the window.
    """

    ids: list[int]
    markers: list[int]
    chars: list[tuple[int, int]]


class Vocabulary:
    """Folds text to simplified Chinese and half width character by character and cuts it into pieces."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], fold: dict[str, str]) -> None:
        self.pieces, self.scores, self.fold = list(pieces), list(scores), fold
        self.bos, self.pad, self.eos, self.unk = (self.pieces.index(name) for name in ("<s>", "<pad>", "</s>", "<unk>"))
        self._tokenizer: Any = Tokenizer(
            models.Unigram(list(zip(self.pieces, self.scores, strict=True)), unk_id=self.unk, byte_fallback=False)
        )
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never", split=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``save``'s file."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(data["pieces"], data["scores"], data["fold"])

    def save(self, path: Path) -> None:
        """Write pieces, scores and the folding table as JSON."""
        data = {"pieces": self.pieces, "scores": [round(s, 4) for s in self.scores], "fold": self.fold}
        path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    def __len__(self) -> int:
        return len(self.pieces)

    def _folded(self, text: str, slots: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
        """Return the folded text with its markers, and for each of its characters the offset it came from."""
        marks: dict[int, str] = {}
        for start, end in slots:
            mark = GAP if start == end else FIGURE
            if mark not in marks.get(start, ""):
                marks[start] = marks.get(start, "") + mark
        out: list[str] = []
        origin: list[int] = []
        for at, char in enumerate(text):
            piece = marks.get(at, "") + (" " if char in (GAP, FIGURE) else self.fold.get(char, char))
            out.append(piece)
            origin.extend([at] * len(piece))
        tail = marks.get(len(text), "")
        out.append(tail)
        origin.extend([len(text)] * len(tail))
        return "".join(out), origin

    def encode(self, question: str, text: str, slots: Sequence[tuple[int, int]], limit: int = MAX_TOKENS) -> Encoded:
        """Return ``<s> question </s></s> window </s>`` of at most ``limit`` tokens."""
        asked, _ = self._folded(question, ())
        head = self._tokenizer.encode(asked, add_special_tokens=False).ids[:MAX_QUESTION]
        marked, origin = self._folded(text, slots)
        body = self._tokenizer.encode(marked, add_special_tokens=False)
        room = limit - len(head) - 4
        ids = [self.bos, *head, self.eos, self.eos, *body.ids[:room], self.eos]
        before = len(head) + 3
        spans = body.offsets[:room]
        chars = [(-1, -1)] * before + [(origin[a], origin[b - 1] + 1) if b > a else (-1, -1) for a, b in spans]
        chars.append((-1, -1))
        starts = [a for a, _ in spans]
        markers = []
        for start, end in slots:
            mark = GAP if start == end else FIGURE
            at = bisect_left(origin, start)
            while at < len(origin) and origin[at] == start and marked[at] != mark:
                at += 1
            token = bisect_left(starts, at)
            markers.append(before + token if token < len(starts) and starts[token] == at else -1)
        return Encoded(ids, markers, chars)


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
        q, k, v = (
            part(x).view(batch, tokens, self.heads, -1).transpose(1, 2) for part in (self.q, self.k, self.v)
        )
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

    def forward(self, ids: Tensor, mask: Tensor, slots: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits.

        ``ids``, ``mask``: (batch, tokens); the two marker characters have the two last ids of the vocabulary.
        ``slots``: (batch, slots) token positions, -1 for none. Returns (batch, 1 + slots) with null first and -inf
        where there is no slot; (batch,) for answerable; (batch, tokens, 2) for the start and end of the span.
        """
        first_mark = self.shape.vocabulary - 2
        is_mark = (ids >= first_mark).unsqueeze(-1)
        x = torch.where(is_mark, self.mark((ids - first_mark).clamp(min=0)), self.word(ids))
        x = self.norm(x + self.position.weight[: ids.shape[1]])
        wide = torch.zeros_like(mask, dtype=x.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, wide)
        first = x[:, 0]
        null_and_answerable = self.pooled(first).float()
        at = x.gather(1, slots.clamp(min=0).unsqueeze(-1).expand(-1, -1, x.shape[-1]))
        point = self.slot(torch.cat([at, first.unsqueeze(1).expand_as(at)], dim=-1)).squeeze(-1).float()
        point = point.masked_fill(slots < 0, float("-inf"))
        return torch.cat([null_and_answerable[:, :1], point], dim=1), null_and_answerable[:, 1], self.span(x).float()


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
