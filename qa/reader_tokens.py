"""The reader's input: question, context and window as tokens, with a marker for every slot.

A marker character stands before every figure and in every gap, so that both compete on equal terms: the network never
learns whether a number is there, only which place answers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from tokenizers import Tokenizer, models, pre_tokenizers

from index.bundled import stored_pieces
from index.folding import simplified_characters

GAP, FIGURE = "\ue000", "\ue001"
"""Private-use characters: never in a text, so each is a token of its own."""
MAX_QUESTION = 60
"""Tokens of a question that are read."""
MAX_CONTEXT = 48
"""Tokens of title, section and opening that are read."""
MAX_TOKENS = 340
"""Tokens of question, context and window together."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One question, context and window as tokens.

    ``markers[i]`` is the token position of slot i, -1 when it was cut off. ``chars[t]`` holds the start and end in the
    window's text of token t, or (-1, -1) for tokens that are not of the window.
    """

    ids: list[int]
    markers: list[int]
    chars: list[tuple[int, int]]


class Vocabulary:
    """The encoder's pieces and the two markers, after all others.

    Text is folded to simplified Chinese and half width character by character, and cut into pieces.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], fold: dict[str, str]) -> None:
        self.pieces, self.fold = [*pieces, GAP, FIGURE], fold
        self.bos, self.pad, self.eos, self.unk = (self.pieces.index(name) for name in ("<s>", "<pad>", "</s>", "<unk>"))
        self._tokenizer: Any = Tokenizer(
            models.Unigram(
                list(zip(self.pieces, [*scores, 0.0, 0.0], strict=True)), unk_id=self.unk, byte_fallback=False
            )
        )
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never", split=False)

    @classmethod
    def load(cls) -> Self:
        """Read the bundled encoder's vocabulary. Raises ModelError when it is missing or broken."""
        stored = stored_pieces()
        simplified = {chr(c): chr(simple) for c, simple in simplified_characters().items()}
        return cls(stored.pieces, stored.scores, stored.normalisation | simplified)

    @property
    def digest(self) -> str:
        """The SHA-256 of the pieces in their order: a network reads only those it was trained with."""
        return sha256("\n".join(self.pieces).encode()).hexdigest()

    def __len__(self) -> int:
        """Return the number of pieces, the two markers included."""
        return len(self.pieces)

    def pieces_of(self, text: str) -> list[int]:
        """Return the numbers of the pieces that ``text`` falls into."""
        ids: list[int] = self._tokenizer.encode(self._folded(text, ())[0], add_special_tokens=False).ids
        return ids

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
            # Half a surrogate pair can't be encoded, and a marker of the text's own would be taken for one of ours.
            plain = " " if char in (GAP, FIGURE) or "\ud800" <= char <= "\udfff" else self.fold.get(char, char)
            piece = marks.get(at, "") + plain
            out.append(piece)
            origin.extend([at] * len(piece))
        tail = marks.get(len(text), "")
        out.append(tail)
        origin.extend([len(text)] * len(tail))
        return "".join(out), origin

    def encode(
        self,
        question: str,
        text: str,
        slots: Sequence[tuple[int, int]],
        context: str = "",
        limit: int = MAX_TOKENS,
    ) -> Encoded:
        """Return ``<s> question </s></s> context </s> window </s>`` of at most ``limit`` tokens.

        Without ``context`` its closing ``</s>`` goes as well.
        """
        head = [self.bos, *self.pieces_of(question)[:MAX_QUESTION], self.eos, self.eos]
        if context:
            head += [*self.pieces_of(context)[:MAX_CONTEXT], self.eos]
        marked, origin = self._folded(text, slots)
        body = self._tokenizer.encode(marked, add_special_tokens=False)
        room = limit - len(head) - 1
        ids = [*head, *body.ids[:room], self.eos]
        before = len(head)
        spans = body.offsets[:room]
        outside = (-1, -1)
        inside = [(origin[a], min(origin[b - 1] + 1, len(text))) if b > a else outside for a, b in spans]
        chars = [outside] * before + inside
        chars.append(outside)
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
