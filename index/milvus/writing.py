"""Writes a new generation of an index to a Milvus server, and switches its alias to it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from index.errors import IndexMissingError, IndexUnreachableError
from index.milvus.layout import ROWS
from index.milvus.server import Server

#: Up to so many vectors Milvus compares them all; beyond, a graph of M links a vector finds the nearest.
EXACT = 100_000
_GRAPH = {"M": 16, "efConstruction": 200}

#: Seconds that the server has for taking in a batch, and for getting ahead with the index.
BUILD_TIMEOUT = 120.0
STALLED = 900.0

#: Rows of a segment below which Milvus builds no index for it and compares them all.
_SEGMENT = 1024

#: Bytes of texts sent at a time.
_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Writer:
    """Fills the two collections of a new generation."""

    server: Server
    alias: str
    collection: str

    def create(self, shape: tuple[int, ...]) -> None:
        """Create both, empty."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("parts", DataType.INT32)
        schema.add_field("chunk", DataType.VARCHAR, max_length=65_535)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=shape[1])
        self.server.call("create_collection", self.collection, schema=schema)
        self._index(self.collection, "vector", "HNSW" if shape[0] > EXACT else "FLAT")
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("text", DataType.VARCHAR, max_length=65_535)
        schema.add_field("unused", DataType.FLOAT_VECTOR, dim=2)  # no collection goes without vectors
        self.server.call("create_collection", f"{self.collection}_texts", schema=schema)
        self._index(f"{self.collection}_texts", "unused", "FLAT")

    def _index(self, collection: str, field: str, kind: str) -> None:
        from pymilvus import MilvusClient

        params = MilvusClient.prepare_index_params()
        params.add_index(field, index_type=kind, metric_type="IP", params=_GRAPH if kind == "HNSW" else {})
        self.server.call("create_index", collection, params, sync=False)

    def vectors(self, rows: Iterable[dict[str, Any]]) -> None:
        """Send rows of the first collection."""
        self._send(self.collection, rows, lambda row: len(row["chunk"]) * 3 + row["vector"].nbytes)

    def texts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Send keys and texts of the second."""
        made = ({"key": key, "text": text, "unused": _UNUSED} for key, text in rows)
        self._send(f"{self.collection}_texts", made, lambda row: len(row["text"]) * 3)

    def _send(self, collection: str, rows: Iterable[dict[str, Any]], size: Callable[[Any], int]) -> None:
        batch: list[dict[str, Any]] = []
        held = 0
        for row in rows:
            batch.append(row)
            held += size(row)
            if held > _BYTES or len(batch) == ROWS:
                self.server.call("insert", collection, batch, timeout=BUILD_TIMEOUT)
                batch, held = [], 0
        if batch:
            self.server.call("insert", collection, batch, timeout=BUILD_TIMEOUT)

    def finish(self) -> None:
        """Make both last, index and load them."""
        fields = {self.collection: "vector", f"{self.collection}_texts": "unused"}
        for collection in fields:
            self.server.call("flush", collection, timeout=BUILD_TIMEOUT)
        for collection, field in fields.items():
            self._wait(lambda: self._unindexed(collection, field))  # noqa: B023 - waited for at once
        for collection in fields:
            self.server.call("load_collection", collection, _async=True)
        for collection in fields:
            self._wait(lambda: self._unloaded(collection))  # noqa: B023

    def _unindexed(self, collection: str, field: str) -> int:
        index = self.server.call("describe_index", collection, field)
        rows = int(index["pending_index_rows"])
        # The state "Finished" counts only rows that were there when the index was asked for: none.
        return 0 if index["state"] == "Finished" and rows < _SEGMENT else 1 + rows

    def _unloaded(self, collection: str) -> int:
        state = self.server.call("get_load_state", collection)
        return 0 if state["state"].name == "Loaded" else 101 - int(state.get("progress", 0))

    def _wait(self, left: Callable[[], int]) -> None:
        """Wait until nothing is left of what the server is at: hours for a big index, while it gets ahead."""
        least, since = left(), time.monotonic()
        while (now := left()) > 0:
            if now < least:
                least, since = now, time.monotonic()
            if time.monotonic() - since > STALLED:
                raise IndexUnreachableError(
                    f"{self.server.address.name}: the server has not got on with the index for {STALLED:.0f} s."
                )
            time.sleep(0.1)

    def switch(self) -> None:
        """Let the alias point to the new generation: from here on, readers open it."""
        try:
            self.server.generation()
        except IndexMissingError:
            self.server.call("create_alias", self.collection, self.alias)
        else:
            self.server.call("alter_alias", self.collection, self.alias)

    def drop_others(self) -> None:
        """Drop every other generation: the old one, and what builds left that were killed."""
        own = re.compile(rf"{re.escape(self.alias)}_[0-9a-f]{{8}}(_texts)?")
        names = self.server.call("list_collections")
        self.drop([n for n in names if own.fullmatch(n) and not n.startswith(self.collection)])

    def drop(self, collections: Iterable[str]) -> None:
        """Drop collections that are there."""
        for collection in collections:
            self.server.call("drop_collection", collection)


_UNUSED = [0.0, 0.0]
