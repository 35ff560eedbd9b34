"""Where an index is kept: in a folder of this machine, or on a Milvus server that several machines share.

Everything above asks ``place_at`` and does not know which one it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index import store
from index.datamodels import Chunk, Document, IndexInfo
from index.lexical import LexicalIndex
from index.store import Store
from index.vectors import VectorIndex

#: What the name of an index on a Milvus server begins with; ``+tls`` where the server speaks TLS.
SCHEMES = ("milvus://", "milvus+tls://")


class Place(Protocol):
    """What an index can be built at and opened from. Readers see one whole generation: the old one or the new one."""

    @property
    def name(self) -> str:
        """What ``place_at`` takes."""

    def building(self) -> AbstractContextManager[Path]:
        """Hold the place's build lock and give the folder of this machine where what is encoded is kept meanwhile.

        Raises StoreError when another build of this machine holds it or the place cannot be written.
        """

    def open(self) -> Store:
        """Open the index. Raises one of the IndexUnusableError family, with the command that mends it."""

    def info(self) -> IndexInfo:
        """Return the identity card, after checking what can be checked. Raises as ``open`` does."""

    def generation(self) -> str:
        """Return the generation in use, cheaply. Raises as ``open`` does."""

    def rebuild_command(self) -> str:
        """Return the command that makes the index anew, from the sources it was built from if it tells."""

    def write(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        vectors: NDArray[np.float32],
        owners: NDArray[np.int32],
        lexical: LexicalIndex,
        probe: NDArray[np.float32],
        card: dict[str, Any],
    ) -> IndexInfo:
        """Write a new generation beside the old one, then switch to it; the old one goes last.

        Vector i belongs to passage ``owners[i]``, its last the whole's. Raises StoreError; the old one then stays.
        """


@dataclass(frozen=True, slots=True)
class Folder:
    """FAISS and files in a folder: ``index.store``."""

    path: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.path)

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Hold the folder's build lock."""
        with store.building(self.path):
            yield self.path

    def open(self) -> Store:
        """Open the index after checking every file."""
        return store.open_store(self.path)

    def info(self) -> IndexInfo:
        """Return the identity card after checking every file."""
        return store.read_info(self.path)

    def generation(self) -> str:
        """Return the generation that the manifest names."""
        generation: str = store.read_manifest(self.path)["generation"]
        return generation

    def rebuild_command(self) -> str:
        """Return the command that makes the index anew."""
        return store.rebuild_command(self.path)

    def write(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        vectors: NDArray[np.float32],
        owners: NDArray[np.int32],
        lexical: LexicalIndex,
        probe: NDArray[np.float32],
        card: dict[str, Any],
    ) -> IndexInfo:
        """Write a new generation, then switch the manifest to it."""
        return store.write(self.path, documents, chunks, VectorIndex.build(vectors, owners), lexical, probe, card)


def is_remote(name: str | Path) -> bool:
    """Whether an index of that name is kept on a server."""
    return str(name).startswith(SCHEMES)


def place_at(name: str | Path | None = None) -> Place:
    """Return the place that a folder or a ``milvus://host:port/collection`` names; the default index for None.

    Raises StoreError for an address that is none.
    """
    if name is not None and is_remote(name):
        from index.milvus.place import MilvusPlace

        return MilvusPlace.at(str(name))
    return Folder(Path(name) if name is not None else store.DEFAULT_INDEX)
