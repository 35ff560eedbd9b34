"""Arrays of one dimension as files of bare numbers, little-endian; the file's ending tells their type.

Mapped into memory when read. numpy's own format is not used: its header goes through Python's parser, which in
Python 3.11 fails now and then when two threads parse at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = {".f32": "<f4", ".i32": "<i4", ".i64": "<i8", ".u64": "<u8"}


def save_array(path: Path, values: NDArray[Any]) -> None:
    """Write ``values`` as the type that the ending of ``path`` names. Raises OSError."""
    path.write_bytes(values.astype(TYPES[path.suffix]).tobytes())


def map_array(path: Path) -> NDArray[Any]:
    """Return what ``save_array`` wrote, read-only. Raises OSError, or ValueError for half a number at the end."""
    kind = np.dtype(TYPES[path.suffix])
    if not path.stat().st_size:  # nothing cannot be mapped
        return np.zeros(0, dtype=kind)
    # Plain arrays over the mapped file: those of type memmap take ten times as long to slice.
    return np.memmap(path, dtype=kind, mode="r").view(np.ndarray)
