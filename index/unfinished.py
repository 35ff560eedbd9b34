"""Vectors of a build that is under way, kept beside the index: a build that was killed goes on where it stopped.

Each record holds the hash of the text that was encoded and its vector, closed by a checksum. The file grows by whole
batches and is read up to the first record that is not whole; a build that completes removes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_KEY = 32
_CHECK = 4


class Unfinished:
    """Finished vectors by the text they encode. ``model`` tells models apart: vectors of one never serve another."""

    def __init__(self, folder: Path, model: str, dimension: int) -> None:
        """Read what an earlier build of this model left in ``folder``; other models' leftovers are removed."""
        name = hashlib.sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._path = folder / f"unfinished-{name}.vectors"
        self._dimension = dimension
        for other in folder.glob("unfinished-*.vectors"):
            if other != self._path:
                other.unlink(missing_ok=True)
        self._vectors, whole = self._read()
        self._file = self._path.open("ab")
        self._file.truncate(whole)

    def _read(self) -> tuple[dict[bytes, NDArray[np.float32]], int]:
        """Return the vectors of the file's whole records, and where the last of them ends, in bytes."""
        found: dict[bytes, NDArray[np.float32]] = {}
        size = _KEY + 4 * self._dimension + _CHECK
        try:
            data = self._path.read_bytes()
        except OSError:
            return found, 0
        at = 0
        while at + size <= len(data):
            body, check = data[at : at + size - _CHECK], data[at + size - _CHECK : at + size]
            if zlib.crc32(body).to_bytes(_CHECK, "big") != check:
                break
            found[body[:_KEY]] = np.frombuffer(body[_KEY:], dtype="<f4").astype(np.float32)
            at += size
        return found, at

    def get(self, text: str) -> NDArray[np.float32] | None:
        """Return the vector of a text, if a build has finished it."""
        return self._vectors.get(_key(text))

    def put(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors of a batch of texts, shape ``(len(texts), dimension)``. Raises OSError when it cannot."""
        for text, vector in zip(texts, vectors, strict=True):
            body = _key(text) + vector.astype("<f4").tobytes()
            self._file.write(body + zlib.crc32(body).to_bytes(_CHECK, "big"))
        self._file.flush()

    def close(self, *, done: bool) -> None:
        """Close the file; remove it when the build is ``done``."""
        with contextlib.suppress(OSError):  # what a full disk did not take has been said already
            self._file.close()
        if done:
            with contextlib.suppress(OSError):
                self._path.unlink()


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
