"""An index on a Milvus server as a place: built there, opened from there."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import store
from index.datamodels import Chunk, Document, IndexInfo
from index.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexReplacedError,
    IndexUnreachableError,
    StoreError,
    YoujuError,
)
from index.lexical import LexicalIndex
from index.milvus.layout import FORMAT, Floats, Rows, text_rows, vector_rows
from index.milvus.reading import Documents, MilvusLexical, MilvusVectors, Passages, Texts
from index.milvus.server import Address, Server, server_at
from index.milvus.writing import Writer
from index.store import DEFAULT_INDEX, Store, dates, info_of, opening, sources

#: An index that is rebuilt faster than it can be opened is given up after so many tries.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """An index on a Milvus server, as ``index.place.Place`` asks."""

    address: Address

    @classmethod
    def at(cls, name: str) -> MilvusPlace:
        """Read ``milvus://host:port/collection``. Raises StoreError when it is none."""
        return cls(Address.at(name))

    @property
    def name(self) -> str:
        """The address as it was given."""
        return self.address.name

    @contextlib.contextmanager
    def building(self) -> Iterator[Path]:
        """Hold the lock of this machine's builds for the place, in a folder beside the default index."""
        server = server_at(self.address)
        with contextlib.suppress(IndexMissingError):
            server.generation()
        if self.address.collection in server.call("list_collections"):
            raise StoreError(f"{self.name}: a collection has that name already. Choose another one.")
        folder = DEFAULT_INDEX / f"building-{hashlib.sha256(self.name.encode()).hexdigest()[:16]}"
        with store.building(folder):
            yield folder

    def rebuild_command(self) -> str:
        """Return the command that makes the index anew."""
        try:
            recorded = self.open().info.sources
        except YoujuError:
            recorded = ()
        return self.address.rebuild_command(recorded)

    def generation(self) -> str:
        """Return the generation that the alias points to: one call."""
        return server_at(self.address).generation()

    def info(self) -> IndexInfo:
        """Return the identity card, after counting the vectors."""
        opened = self.open()
        assert isinstance(opened.vectors, MilvusVectors)
        opened.vectors.check()
        return opened.info

    def open(self) -> Store:
        """Read the identity card; all else is read when it is asked for."""
        server = server_at(self.address)
        for _ in range(_TRIES):
            generation = server.generation()
            try:
                return self._open(server, generation)
            except IndexReplacedError:
                if server.generation() == generation:
                    raise
        raise IndexMissingError(f"the index at {self.name} is replaced faster than it can be opened. Try again.")

    def _open(self, server: Server, generation: str) -> Store:
        collection = f"{self.address.collection}_{generation}"
        texts = Texts(server, f"{collection}_texts")
        for name in (collection, texts.collection):
            if server.call("get_load_state", name)["state"].name == "NotLoad":  # released by someone
                server.call("load_collection", name, _async=True)
        damaged = f"the index at {self.name} is damaged. Build it anew: {self.address.rebuild_command()}"
        try:
            card = json.loads(texts.read("card", 0))
            if card["format"] != FORMAT:
                raise IndexMismatchError(
                    f"the index at {self.name} has format {card['format']}, this version reads {FORMAT}. "
                    f"Build it anew: {self.address.rebuild_command()}"
                )
            info = info_of(self.name, card)
            probe = np.frombuffer(base64.b64decode(card["probe"]), dtype="<f4")
            fields = server.call("describe_collection", collection)["fields"]
            dimension = next(int(f["params"]["dim"]) for f in fields if f["name"] == "vector")
            if dimension != info.dimension:
                raise IndexMismatchError(
                    f"the collection {collection} holds vectors of {dimension} dimensions, the index is of "
                    f"{info.dimension}. Build it anew: {self.address.rebuild_command()}"
                )
            passages = Passages(server, collection, info.passages)
            documents = Documents(texts, info)
            lexical = MilvusLexical(
                texts, passages, info.passages, float(card["length"]), [int(n) for n in card["languages"]]
            )
            openings = dict(zip(documents, card["openings"], strict=True))
            vectors = MilvusVectors(server, collection, passages, int(card["vectors"]))
            return Store(info, passages, documents, lexical, probe, vectors, openings, card["dates"])
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            raise IndexDamagedError(damaged) from error

    def write(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        vectors: Floats,
        owners: Rows,
        lexical: LexicalIndex,
        probe: Floats,
        card: dict[str, Any],
    ) -> IndexInfo:
        """Write two new collections, switch the alias to them, then drop those it pointed to and unfinished ones."""
        generation = secrets.token_hex(4)
        card = {
            "format": FORMAT,
            "generation": generation,
            **card,
            "passages": len(chunks),
            "vectors": len(vectors),
            "dimension": vectors.shape[1],
            "documents": sources(documents, chunks),
            "files": {},
            "probe": base64.b64encode(probe.astype("<f4").tobytes()).decode("ascii"),
            "length": lexical.length,
            "languages": lexical.languages.tolist(),
            "openings": [opening(d) for d in documents],
            "dates": dates(chunks),
        }
        collection = f"{self.address.collection}_{generation}"
        server = server_at(self.address)
        try:
            writer = Writer(server, self.address.collection, collection)
            try:
                writer.create(vectors.shape)
                writer.vectors(vector_rows(chunks, vectors, owners))
                writer.texts(text_rows(card, documents, lexical))
                writer.finish()
                writer.switch()
            except BaseException:
                with contextlib.suppress(YoujuError):
                    writer.drop([collection, f"{collection}_texts"])
                raise
            writer.drop_others()
        except IndexReplacedError as error:
            raise StoreError(f"{self.name}: another build has taken this one's place. Build again.") from error
        except (IndexUnreachableError, IndexMissingError) as error:
            raise StoreError(f"{error} The index that was there still serves; what was encoded is kept.") from error
        return info_of(self.name, card)
