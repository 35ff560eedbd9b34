"""How an index lies in its two collections: the numbers of rows, the keys of texts, and texts longer than one row."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.datamodels import Chunk, Document
from index.lexical import LexicalIndex

FORMAT = 2

#: A generation never changes after it was loaded: no call need wait for writes of the last moments, which a busy
#: server does for seconds.
CONSISTENCY = "Eventually"

#: Vectors of a passage at most: its longest text has 1,800 characters in sentences of 15 at least, and the whole.
PARTS = 256

#: Rows that Milvus returns at most for one call, and those that are asked for at a time.
LIMIT = 16_384
ROWS = 1_000

#: Characters of one text of the second collection; Milvus holds 65,535 bytes.
PIECE = 16_000

#: Scores kept beside a term's count, those in each further block, and blocks at most: the highest scores of a term
#: that is everywhere, all of one that tells passages apart.
FIRST, BLOCK, BLOCKS = 500, 5_500, 8

_KEY = re.compile(r"[a-z]+:[0-9a-f]+(?::\d+)?")
_SCORE = np.dtype([("row", "<i4"), ("score", "<f4")])

Rows = NDArray[np.int32]
Floats = NDArray[np.float32]


def among(field: str, values: Iterable[int | str]) -> str:
    """Return the filter for rows whose ``field`` is one of ``values``: integers, or keys that we made."""
    known = [v if isinstance(v, str) else int(v) for v in values]
    if not all(isinstance(v, int) or _KEY.fullmatch(v) for v in known):
        raise ValueError("no key of ours")
    return f"{field} in {json.dumps(known)}"


def vector_rows(chunks: Sequence[Chunk], vectors: Floats, owners: Rows) -> Iterator[dict[str, Any]]:
    """Yield a row for each vector: number 0 of a passage is the whole's, with the passage and the number of parts."""
    starts = np.searchsorted(owners, np.arange(len(chunks) + 1))
    for row, chunk in enumerate(chunks):
        first, last = int(starts[row]), int(starts[row + 1]) - 1
        assert last - first < PARTS
        text = json.dumps(chunk.to_dict(), ensure_ascii=False)
        yield {"id": row * PARTS, "parts": last - first, "chunk": text, "vector": vectors[last]}
        for part in range(last - first):
            yield {"id": row * PARTS + 1 + part, "parts": 0, "chunk": "", "vector": vectors[first + part]}


def text_rows(card: dict[str, Any], documents: Sequence[Document], lexical: LexicalIndex) -> Iterator[tuple[str, str]]:
    """Yield the second collection's keys and texts. The first piece of a text tells how many there are."""
    for number, document in enumerate(documents):
        yield from _pieces("document", number, document.text)
        yield from _pieces("gaps", number, json.dumps(document.gaps, ensure_ascii=False))
    for i, term in enumerate(lexical.terms.tolist()):
        own = slice(int(lexical.starts[i]), int(lexical.starts[i + 1]))
        scores = np.empty(own.stop - own.start, dtype=_SCORE)
        scores["row"], scores["score"] = lexical.rows[own], lexical.postings[own]
        scores = scores[np.argsort(-scores["score"], kind="stable")]
        yield term_key(term), f"{len(scores)} {_packed(scores[:FIRST])}"
        for block, key in enumerate(block_keys(term, len(scores))):
            start = FIRST + block * BLOCK
            yield key, _packed(scores[start : start + BLOCK])
    yield from _pieces("card", 0, json.dumps(card, ensure_ascii=False))


def term_key(term: int) -> str:
    """Return the key of a term's count and highest scores."""
    return f"term:{term:x}"


def block_keys(term: int, count: int) -> list[str]:
    """Return the keys of what is kept of a term's ``count`` scores beyond the first, the highest first."""
    return [f"term:{term:x}:{block}" for block in range(min(BLOCKS, -(-(count - FIRST) // BLOCK)))]


def _pieces(kind: str, number: int, text: str) -> Iterator[tuple[str, str]]:
    count = max(1, -(-len(text) // PIECE))
    for piece in range(count):
        own = text[piece * PIECE : (piece + 1) * PIECE]
        # A NUL or half a surrogate pair in a source must not stop the build: JSON writes them out.
        yield f"{kind}:{number:x}:{piece}", f"{count if piece == 0 else ''} {json.dumps(own, ensure_ascii=_odd(own))}"


def joined(pieces: Iterable[str]) -> str:
    """Return the text that was written in pieces. Raises ValueError when one is broken."""
    return "".join(json.loads(piece.split(" ", 1)[1]) for piece in pieces)


def _odd(text: str) -> bool:
    return "\0" in text or any("\ud800" <= c <= "\udfff" for c in text)


def _packed(scores: NDArray[np.void]) -> str:
    return base64.b64encode(scores.tobytes()).decode("ascii")


def unpacked(text: str) -> NDArray[np.void]:
    """Return scores with their rows."""
    return np.frombuffer(base64.b64decode(text), dtype=_SCORE)
