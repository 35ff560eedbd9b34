"""The dense half of retrieval: vectors of the parts of a passage and, last, of the whole passage, in FAISS.

A question mostly asks about one sentence, and the vector of a whole paragraph blurs it among the others; across
languages the whole finds more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import map_array, save_array

#: Up to so many vectors every one is compared with the question: 20 ms on one core. Beyond, FAISS looks into the
#: nearest of 4 * sqrt(vectors) lists, a tenth of them and PROBES at least: at a million vectors 10 ms, recall@10
#: against exact search 0.99 (python -m tests.bench.speed --full --only scale).
EXACT = 100_000
PROBES, LISTS_A_PROBE = 128, 10

#: Vectors to train each list with, and rounds: more gained nothing.
_TRAINING, _ROUNDS = 40, 8

#: Upper bound of a vector file we open: far beyond what one machine is good for, far below a forged length.
_MAX_BYTES = 16 * 1024**3


def _faiss() -> Any:  # noqa: ANN401 - faiss ships no types
    import faiss

    # One query at a time: with two threads a search over 20,000 rows took 16 ms, with one 1 ms.
    faiss.omp_set_num_threads(1)
    with contextlib.suppress(AttributeError):
        faiss.set_deserialization_vector_byte_limit(_MAX_BYTES)
    return faiss


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """Vectors of unit length; ``owners[i]``, ascending, is the passage of vector i, its last the whole's."""

    index: Any
    owners: NDArray[np.int32]

    @classmethod
    def build(cls, vectors: NDArray[np.float32], owners: NDArray[np.int32], *, exact: int = EXACT) -> VectorIndex:
        """Index ``vectors`` of shape (parts, dimension), exactly up to ``exact`` of them."""
        faiss, (count, dimension) = _faiss(), vectors.shape
        if count <= exact:
            index = faiss.IndexFlatIP(dimension)
        else:
            lists = int(4 * count**0.5)
            kind, inner = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dimension), dimension, lists, kind, inner, False)
            index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, 2 * _TRAINING
            sample = np.random.default_rng(0).choice(count, min(count, lists * _TRAINING), replace=False)
            index.train(vectors[np.sort(sample)])
            index.set_direct_map_type(faiss.DirectMap.Array)
        index.add(vectors)
        return cls(index, owners)

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self.index.d)

    def nearest(self, query: NDArray[np.float32], k: int) -> NDArray[np.int32]:
        """Return the passages of the ``k`` vectors nearest to one query vector, ascending, each once."""
        total = self.index.ntotal
        if not total or k < 1:
            return self.owners[:0]
        if hasattr(self.index, "nprobe"):
            self.index.nprobe = max(PROBES, self.index.nlist // LISTS_A_PROBE)
        _, parts = self.index.search(query.reshape(1, -1).astype(np.float32), min(k, total))
        found: NDArray[np.int32] = np.unique(self.owners[parts[0][parts[0] >= 0]])  # FAISS pads with -1
        return found

    def similarities(
        self, query: NDArray[np.float32], passages: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the cosine similarity of one query vector to each passage as a whole and to its nearest part.

        Every passage has a vector at least; one that has no other is its own nearest part.
        """
        first, past = (np.searchsorted(self.owners, passages, side=side) for side in ("left", "right"))
        counts = past - first
        if not len(passages):
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32)
        starts = np.cumsum(counts) - counts
        rows = np.repeat(first - starts, counts) + np.arange(counts.sum())
        # Not by BLAS, whose threads wait for each other by spinning.
        products = np.einsum("ij,j->i", self.vectors(rows), query.astype(np.float32))
        last = starts + counts - 1
        whole = products[last].copy()
        products[last[counts > 1]] = -1
        return whole, np.maximum.reduceat(products, starts)

    def by_part(self, query: NDArray[np.float32], passages: Sequence[int]) -> list[NDArray[np.float32]]:
        """Return the cosine similarity of one query vector to each part of each passage, in the order of its parts."""
        wanted = query.astype(np.float32)
        return [np.einsum("ij,j->i", self.of_passages(row, row + 1), wanted) for row in passages]

    def of_passages(self, first: int, past: int) -> NDArray[np.float32]:
        """Return the vectors of the passages from ``first`` to before ``past``, in the order of their parts."""
        start, end = np.searchsorted(self.owners, [first, past])
        return self.vectors(np.arange(start, end))

    def vectors(self, parts: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Return the vectors of the given parts (default: of all), as they are stored."""
        chosen = np.arange(self.index.ntotal) if parts is None else parts
        vectors: NDArray[np.float32] = self.index.reconstruct_batch(chosen)
        return vectors

    def save(self, folder: Path) -> None:
        """Write ``vectors.faiss`` and ``owners.i32`` into ``folder``."""
        (folder / "vectors.faiss").write_bytes(_faiss().serialize_index(self.index).tobytes())
        save_array(folder / "owners.i32", self.owners)

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Open what ``save`` wrote. Raises OSError, ValueError or RuntimeError."""
        owners = map_array(folder / "owners.i32")
        faiss, path = _faiss(), folder / "vectors.faiss"
        index = None
        if len(owners) > EXACT:
            with contextlib.suppress(RuntimeError):  # a path that FAISS cannot open, as some on Windows
                index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        if index is None:
            index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        if owners.shape != (index.ntotal,) or (np.diff(owners) < 0).any():
            raise ValueError(f"{folder}: vectors and passages do not fit each other")
        return cls(index, owners)
