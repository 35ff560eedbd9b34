"""The index on a Milvus server, shared by as many replicas of the app as there are: see ``index/MILVUS.md``.

``milvus://host:port/reports`` names an alias. It points to the collection of the generation in use, with a second
collection beside it; both are complete and loaded before the alias is switched to them, and never change after.

    reports_<generation>         one row a vector: the passage's as a whole, with the passage, and its parts'
    reports_<generation>_texts   texts by key: the identity card, the documents, and for each term what it scores where

By meaning: Milvus finds the nearest vectors, and compares the candidates exactly. By wording: candidates come from
the scores of the question's rarest terms, which the build worked out over the whole corpus; a candidate is then scored
for all terms from its own text, with the corpus's statistics, as BM25 on one machine would.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import logging
import os
import re
import secrets
import shlex
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, overload
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index import store
from index.build import searchable
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
from index.lexical import LexicalIndex, full_score, question_terms, rarity, saturated, term_number, terms
from index.store import DEFAULT_INDEX, REBUILD, Store, dates, info_of, opening, sources

FORMAT = 1

#: ``user:password`` or a token, for a server that asks for one. Not in the address, which ends in logs and cards.
TOKEN = "YOUJU_MILVUS_TOKEN"

#: Seconds that the server has for one call of a question, for taking in a batch of a build, and for getting ahead
#: with the build's index.
TIMEOUT = 10.0
BUILD_TIMEOUT = 120.0
STALLED = 900.0

#: Up to so many vectors Milvus compares them all; beyond, a graph of M links a vector finds the nearest.
EXACT = 100_000
_GRAPH = {"M": 16, "efConstruction": 200}

#: Vectors of a passage at most: its longest text has 1,800 characters in sentences of 15 at least, and the whole.
_PARTS = 256

#: Rows that Milvus returns at most for one call.
_LIMIT = 16_384

#: Characters of one text of the second collection; Milvus holds 65,535 bytes.
_PIECE = 16_000

#: Scores kept beside a term's count, those in each further block, and blocks at most: the highest scores of a term
#: that is everywhere, all of one that tells passages apart.
_FIRST, _BLOCK, _BLOCKS = 500, 5_500, 8

#: Scores read for a question beyond the first of each term, of its rarest terms first.
MAX_SCORES = 100_000

#: Bytes of texts and rows of vectors sent at a time, and passages kept in memory by a replica.
_BYTES, _ROWS = 4_000_000, 1_000
_KEPT = 20_000

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")
_KEY = re.compile(r"[a-z]+:[0-9a-f]+(?::\d+)?")
_SCORE = np.dtype([("row", "<i4"), ("score", "<f4")])

Rows = NDArray[np.int32]
Floats = NDArray[np.float32]


def _among(field: str, values: Iterable[int | str]) -> str:
    """Return the filter for rows whose ``field`` is one of ``values``: integers, or keys that we made."""
    known = [v if isinstance(v, str) else int(v) for v in values]
    if not all(isinstance(v, int) or _KEY.fullmatch(v) for v in known):
        raise ValueError("no key of ours")
    return f"{field} in {json.dumps(known)}"


@dataclass(frozen=True)
class Server:
    """The calls that Milvus 2.3 and today's share, each bounded in time; what goes wrong is one clear line."""

    place: MilvusPlace

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - pymilvus is imported only where a server is used
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise StoreError(f"{self.place.name}: needs pymilvus. Install it: pip install 'youju[milvus]'") from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it writes a traceback for whatever we report
        scheme = "https" if self.place.tls else "http"
        return MilvusClient(
            uri=f"{scheme}://{self.place.host}:{self.place.port}", token=os.environ.get(TOKEN, ""), timeout=TIMEOUT
        )

    def call(self, name: str, *arguments: object, timeout: float = TIMEOUT, **named: object) -> Any:  # noqa: ANN401
        """Call the client. Raises one of the IndexUnusableError family."""
        import grpc

        try:
            client = self._client
            return getattr(client, name)(*arguments, timeout=timeout, **named)
        except YoujuError:
            raise
        except Exception as error:
            from pymilvus import MilvusException

            if not isinstance(error, (MilvusException, grpc.RpcError)):
                raise
            raise self._explained(error, timeout) from error

    def _explained(self, error: Exception, timeout: float) -> YoujuError:
        place, said = self.place, _said(error)
        code = getattr(error, "code", None)
        if code in (_NO_COLLECTION, _NO_ALIAS) or ("not found" in said and "collection" in said):
            return IndexReplacedError(f"the index at {place.name} has been replaced or removed. Ask again.")
        if "UNAUTHENTICATED" in said or "PERMISSION_DENIED" in said or "auth check failure" in said:
            return IndexUnreachableError(
                f"{place.name}: the server refuses the user name or password, or cannot check them now. "
                f"Set {TOKEN}=user:password."
            )
        if code == _NOT_LOADED or "not loaded" in said or "not ready" in said or "channel not available" in said:
            return IndexUnreachableError(f"{place.name}: the server is still loading the index. Ask again shortly.")
        if "DEADLINE_EXCEEDED" in said or "timeout" in said.lower():
            return IndexUnreachableError(f"{place.name}: no answer within {timeout:.0f} s. Is the server overloaded?")
        if "UNAVAILABLE" in said or "Fail connecting" in said or "CANCELLED" in said:
            return IndexUnreachableError(f"{place.name}: the server cannot be reached. Start it, or check the address.")
        return IndexUnreachableError(f"{place.name}: the server refused ({said.splitlines()[0][:200]}).")

    def generation(self) -> str:
        """Return the generation that the alias points to. Raises IndexMissingError when there is none."""
        try:
            collection = str(self.call("describe_alias", alias=self.place.collection)["collection_name"])
        except IndexReplacedError as error:
            raise IndexMissingError(
                f"no index at {self.place.name}. Build one: {self.place.rebuild_command()}"
            ) from error
        prefix = f"{self.place.collection}_"
        if not collection.startswith(prefix) or not re.fullmatch("[0-9a-f]{8}", collection.removeprefix(prefix)):
            raise IndexDamagedError(
                f"{self.place.name}: points to {collection}, which is no index. Choose another name."
            )
        return collection.removeprefix(prefix)


_NO_COLLECTION, _NOT_LOADED, _NO_ALIAS = 100, 101, 1600


def _said(error: Exception) -> str:
    """Return what an error and those behind it say."""
    lines, seen, at = [], set(), error  # pymilvus raises errors from themselves
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        lines.append(str(getattr(at, "message", None) or at))
        at = at.__cause__ or at.__context__  # type: ignore[assignment]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """An index on a Milvus server, as ``index.place.Place`` asks."""

    name: str
    host: str
    port: int
    collection: str
    tls: bool

    @classmethod
    def at(cls, name: str) -> MilvusPlace:
        """Read ``milvus://host:port/collection``. Raises StoreError when it is none."""
        try:
            parts = urlsplit(name)
            host, port, collection = parts.hostname, parts.port or 19530, parts.path.removeprefix("/")
        except ValueError:
            host, port, collection, parts = None, 0, "", None
        if parts and (parts.username or parts.password):
            raise StoreError(f"milvus://{host}: give user and password as {TOKEN}=user:password, not in the address.")
        if parts is None or not host or not _NAME.fullmatch(collection) or parts.query or parts.fragment:
            raise StoreError(
                f"{name}: no address of an index. Write milvus://host:19530/collection; the name has letters, "
                "digits and underscores only."
            )
        return cls(name, host, port, collection, parts.scheme == "milvus+tls")

    @contextlib.contextmanager
    def building(self) -> Iterator[Path]:
        """Hold the lock of this machine's builds for the place, in a folder beside the default index."""
        server = _server(self)
        with contextlib.suppress(IndexMissingError):
            server.generation()
        if self.collection in server.call("list_collections"):
            raise StoreError(f"{self.name}: a collection has that name already. Choose another one.")
        folder = DEFAULT_INDEX / f"building-{hashlib.sha256(self.name.encode()).hexdigest()[:16]}"
        with store.building(folder):
            yield folder

    def rebuild_command(self) -> str:
        """Return the command that makes the index anew."""
        return f"{REBUILD} --store {shlex.quote(self.name)}"

    def generation(self) -> str:
        """Return the generation that the alias points to: one call."""
        return _server(self).generation()

    def info(self) -> IndexInfo:
        """Return the identity card, after counting the vectors."""
        opened = self.open()
        assert isinstance(opened.vectors, MilvusVectors)
        opened.vectors.check()
        return opened.info

    def open(self) -> Store:
        """Read the identity card; all else is read when it is asked for."""
        server = _server(self)
        for _ in range(_TRIES):
            generation = server.generation()
            try:
                return self._open(server, generation)
            except IndexReplacedError:
                if server.generation() == generation:
                    raise
        raise IndexMissingError(f"the index at {self.name} is replaced faster than it can be opened. Try again.")

    def _open(self, server: Server, generation: str) -> Store:
        collection = f"{self.collection}_{generation}"
        texts = Texts(server, f"{collection}_texts")
        for name in (collection, texts.collection):
            if server.call("get_load_state", name)["state"].name == "NotLoad":  # released by someone
                server.call("load_collection", name, _async=True)
        damaged = f"the index at {self.name} is damaged. Build it anew: {self.rebuild_command()}"
        try:
            card = json.loads(texts.read("card", 0))
            if card["format"] != FORMAT:
                raise IndexMismatchError(
                    f"the index at {self.name} has format {card['format']}, this version reads {FORMAT}. "
                    f"Build it anew: {self.rebuild_command()}"
                )
            info = info_of(self.name, card)
            probe = np.frombuffer(base64.b64decode(card["probe"]), dtype="<f4")
            fields = server.call("describe_collection", collection)["fields"]
            dimension = next(int(f["params"]["dim"]) for f in fields if f["name"] == "vector")
            if dimension != info.dimension:
                raise IndexMismatchError(
                    f"the collection {collection} holds vectors of {dimension} dimensions, the index is of "
                    f"{info.dimension}. Build it anew: {self.rebuild_command()}"
                )
            passages = Passages(server, collection, info.passages)
            documents = Documents(texts, info)
            lexical = MilvusLexical(texts, passages, info.passages, float(card["length"]))
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
            "openings": [opening(d) for d in documents],
            "dates": dates(chunks),
        }
        collection = f"{self.collection}_{generation}"
        server = _server(self)
        try:
            writer = Writer(server, self.collection, collection)
            try:
                writer.create(vectors.shape)
                writer.vectors(_vector_rows(chunks, vectors, owners))
                writer.texts(_text_rows(card, documents, lexical))
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


#: An index that is rebuilt faster than it can be opened is given up after so many tries.
_TRIES = 5


@lru_cache(maxsize=64)
def _server(place: MilvusPlace) -> Server:
    """Return the connection to a place's server: one for all of a process."""
    return Server(place)


def _vector_rows(chunks: Sequence[Chunk], vectors: Floats, owners: Rows) -> Iterator[dict[str, Any]]:
    """Yield a row for each vector: number 0 of a passage is the whole's, with the passage and the number of parts."""
    starts = np.searchsorted(owners, np.arange(len(chunks) + 1))
    for row, chunk in enumerate(chunks):
        first, last = int(starts[row]), int(starts[row + 1]) - 1
        assert last - first < _PARTS
        text = json.dumps(chunk.to_dict(), ensure_ascii=False)
        yield {"id": row * _PARTS, "parts": last - first, "chunk": text, "vector": vectors[last]}
        for part in range(last - first):
            yield {"id": row * _PARTS + 1 + part, "parts": 0, "chunk": "", "vector": vectors[first + part]}


def _text_rows(card: dict[str, Any], documents: Sequence[Document], lexical: LexicalIndex) -> Iterator[tuple[str, str]]:
    """Yield the second collection's keys and texts. The first piece of a text tells how many there are."""
    for number, document in enumerate(documents):
        yield from _pieces("document", number, document.text)
    for i, term in enumerate(lexical.terms.tolist()):
        own = slice(int(lexical.starts[i]), int(lexical.starts[i + 1]))
        scores = np.empty(own.stop - own.start, dtype=_SCORE)
        scores["row"], scores["score"] = lexical.rows[own], lexical.postings[own]
        scores = scores[np.argsort(-scores["score"], kind="stable")]
        yield f"term:{term:x}", f"{len(scores)} {_packed(scores[:_FIRST])}"
        for block in range(_BLOCKS):
            start = _FIRST + block * _BLOCK
            if start >= len(scores):
                break
            yield f"term:{term:x}:{block}", _packed(scores[start : start + _BLOCK])
    yield from _pieces("card", 0, json.dumps(card, ensure_ascii=False))


def _pieces(kind: str, number: int, text: str) -> Iterator[tuple[str, str]]:
    count = max(1, -(-len(text) // _PIECE))
    for piece in range(count):
        own = text[piece * _PIECE : (piece + 1) * _PIECE]
        # A NUL or half a surrogate pair in a source must not stop the build: JSON writes them out.
        yield f"{kind}:{number:x}:{piece}", f"{count if piece == 0 else ''} {json.dumps(own, ensure_ascii=_odd(own))}"


def _odd(text: str) -> bool:
    return "\0" in text or any("\ud800" <= c <= "\udfff" for c in text)


def _packed(scores: NDArray[np.void]) -> str:
    return base64.b64encode(scores.tobytes()).decode("ascii")


def _unpacked(text: str) -> NDArray[np.void]:
    return np.frombuffer(base64.b64decode(text), dtype=_SCORE)


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
            if held > _BYTES or len(batch) == _ROWS:
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
        state = self.server.call("describe_index", collection, field)
        return 0 if state["state"] == "Finished" else 1 + int(state["pending_index_rows"])

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
                    f"{self.server.place.name}: the server has not got on with the index for {STALLED:.0f} s."
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


@dataclass(frozen=True, slots=True)
class Texts:
    """The second collection: texts by key."""

    server: Server
    collection: str

    def get(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the texts of those keys that there are."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), _ROWS):
            rows = self.server.call(
                "query",
                self.collection,
                filter=_among("key", keys[start : start + _ROWS]),
                output_fields=["key", "text"],
                consistency_level=_LEVEL,
            )
            found.update((row["key"], row["text"]) for row in rows)
        return found

    def read(self, kind: str, number: int) -> str:
        """Return a text that was written in pieces. Raises KeyError or ValueError when it is not whole."""
        name = f"{kind}:{number:x}:"
        first = self.get([f"{name}0"])[f"{name}0"]
        count = int(first.split(" ", 1)[0])
        rest = self.get([f"{name}{piece}" for piece in range(1, count)]) if count > 1 else {}
        pieces = [first, *(rest[f"{name}{piece}"] for piece in range(1, count))]
        return "".join(json.loads(piece.split(" ", 1)[1]) for piece in pieces)


#: A generation never changes after it was loaded: no call need wait for writes of the last moments.
_LEVEL = "Bounded"


class Documents(Mapping[str, Document]):
    """The documents by name, each read from the server when it is asked for; the last few are kept."""

    def __init__(self, texts: Texts, info: IndexInfo) -> None:
        self._numbers = {d.name: number for number, d in enumerate(info.documents)}
        self._info = info
        self._texts = texts
        self._read = lru_cache(maxsize=64)(self._read_document)

    def __getitem__(self, name: str) -> Document:  # noqa: D105
        return self._read(self._numbers[name])

    def __contains__(self, name: object) -> bool:  # noqa: D105
        return name in self._numbers

    def __iter__(self) -> Iterator[str]:  # noqa: D105
        return iter(self._numbers)

    def __len__(self) -> int:  # noqa: D105
        return len(self._numbers)

    def _read_document(self, number: int) -> Document:
        source = self._info.documents[number]
        return Document(source.name, self._texts.read("document", number), source.sha256, source.size, source.encoding)


class Held(NamedTuple):
    """A passage, the number of its parts, and how often each term stands in it."""

    chunk: Chunk
    parts: int
    terms: Counter[str]


class Passages(Sequence[Chunk]):
    """The passages by row, read from the server when they are asked for; those asked for last are kept."""

    def __init__(self, server: Server, collection: str, count: int) -> None:
        self._server, self._collection, self._count = server, collection, count
        self._held: OrderedDict[int, Held] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:  # noqa: D105
        return self._count

    @overload
    def __getitem__(self, at: int) -> Chunk: ...
    @overload
    def __getitem__(self, at: slice) -> list[Chunk]: ...
    def __getitem__(self, at: int | slice) -> Chunk | list[Chunk]:  # noqa: D105
        if isinstance(at, slice):
            return [held.chunk for held in self.held(range(self._count)[at])]
        return self.held([range(self._count)[at]])[0].chunk

    def __iter__(self) -> Iterator[Chunk]:  # noqa: D105
        for start in range(0, self._count, _ROWS):
            yield from self[start : start + _ROWS]

    def held(self, rows: Iterable[int]) -> list[Held]:
        """Return what is known of the passages at ``rows``."""
        wanted = [int(row) for row in rows]
        with self._lock:
            found = {row: self._held[row] for row in wanted if row in self._held}
        missing = [row for row in dict.fromkeys(wanted) if row not in found]
        for start in range(0, len(missing), _ROWS):
            found.update(self._fetch(missing[start : start + _ROWS]))
        with self._lock:
            for row in wanted:
                self._held[row] = found[row]
                self._held.move_to_end(row)
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return [found[row] for row in wanted]

    def _fetch(self, rows: list[int]) -> dict[int, Held]:
        answer = self._server.call(
            "query",
            self._collection,
            filter=_among("id", (row * _PARTS for row in rows)),
            output_fields=["id", "parts", "chunk"],
            consistency_level=_LEVEL,
        )
        found: dict[int, Held] = {}
        for row in answer:
            chunk = Chunk.from_dict(json.loads(row["chunk"]))
            found[row["id"] // _PARTS] = Held(chunk, row["parts"], Counter(terms(searchable(chunk))))
        if len(found) != len(rows):
            place = self._server.place
            raise IndexDamagedError(
                f"the index at {place.name} lacks passages. Build it anew: {place.rebuild_command()}"
            )
        return found


@dataclass(frozen=True, slots=True)
class MilvusVectors:
    """The dense half, as ``index.store.Vectors`` asks."""

    server: Server
    collection: str
    passages: Passages
    count: int

    def check(self) -> None:
        """Raise IndexDamagedError when the server has not as many vectors as were written."""
        answer = self.server.call(
            "query", self.collection, filter="", output_fields=["count(*)"], consistency_level=_LEVEL
        )
        if int(answer[0]["count(*)"]) != self.count:
            self.damaged()

    def damaged(self) -> NoReturn:
        """Say that vectors are missing."""
        place = self.server.place
        raise IndexDamagedError(f"the index at {place.name} lacks vectors. Build it anew: {place.rebuild_command()}")

    def nearest(self, query: Floats, k: int) -> Rows:
        """Return the passages of the ``k`` vectors nearest to one query vector, ascending, each once."""
        if not np.isfinite(query).all():
            return np.zeros(0, dtype=np.int32)
        hits = self._search(query, min(k, _LIMIT), "")
        return np.unique(np.array([number // _PARTS for number in hits], dtype=np.int32))

    def similarities(self, query: Floats, passages: Rows) -> tuple[Floats, Floats]:
        """Return the cosine similarity of one query vector to each passage as a whole and to its nearest part."""
        rows = [int(row) for row in passages]
        parts = [held.parts for held in self.passages.held(rows)]
        numbers = [row * _PARTS + i for row, count in zip(rows, parts, strict=True) for i in range(count + 1)]
        found: dict[int, float] = {}
        for start in range(0, len(numbers), _LIMIT):
            own = numbers[start : start + _LIMIT]
            # So many are asked for as pass the filter: Milvus then compares every one of them.
            found.update(self._search(query, len(own), _among("id", own)))
        if len(found) != len(numbers):
            self.damaged()
        whole = [found[row * _PARTS] for row in rows]
        nearest = [
            max((found[row * _PARTS + 1 + i] for i in range(count)), default=found[row * _PARTS])
            for row, count in zip(rows, parts, strict=True)
        ]
        return np.array(whole, dtype=np.float32), np.array(nearest, dtype=np.float32)

    def _search(self, query: Floats, limit: int, chosen: str) -> dict[int, float]:
        if limit < 1:
            return {}
        hits = self.server.call(
            "search",
            self.collection,
            data=[query.astype(np.float32)],
            anns_field="vector",
            limit=limit,
            filter=chosen,
            search_params={"metric_type": "IP", "params": {"ef": max(limit, _EF)}},
            output_fields=["id"],
            consistency_level=_LEVEL,
        )
        return {int(hit["id"]): float(hit["distance"]) for hit in hits[0]}

    def of_passages(self, first: int, past: int) -> Floats:
        """Return the vectors of the passages from ``first`` to before ``past``, in the order of their parts."""
        rows = range(first, past)
        parts = [held.parts for held in self.passages.held(rows)]
        numbers = [row * _PARTS + i for row, count in zip(rows, parts, strict=True) for i in (*range(1, count + 1), 0)]
        vectors: dict[int, Any] = {}
        for start in range(0, len(numbers), _ROWS):
            answer = self.server.call(
                "query",
                self.collection,
                filter=_among("id", numbers[start : start + _ROWS]),
                output_fields=["id", "vector"],
                consistency_level=_LEVEL,
            )
            vectors.update((row["id"], row["vector"]) for row in answer)
        return np.array([vectors[number] for number in numbers], dtype=np.float32)


#: Vectors that a search keeps in view while it follows the graph, at least.
_EF = 400


@dataclass(frozen=True, slots=True)
class MilvusLexical:
    """The lexical half, as ``index.store.Lexical`` asks; ``length`` is the number of terms in a passage on average."""

    texts: Texts
    passages: Passages
    size: int
    length: float

    def match(self, question: str) -> MilvusMatch:
        """Read the scores of the question's terms, all of them or those of the rarest."""
        times = Counter(question_terms(question))
        keys = {term: f"term:{term_number(term):x}" for term in times}
        found = self.texts.get(list(keys.values()))
        counts, firsts = {}, {}
        for term, key in keys.items():
            count, _, packed = found.get(key, "0 ").partition(" ")
            counts[term], firsts[term] = int(count), _unpacked(packed)
        rarest = sorted(times, key=lambda term: counts[term])
        blocks: list[str] = []
        for term in rarest:
            more = [f"{keys[term]}:{i}" for i in range(min(_BLOCKS, -(-(counts[term] - _FIRST) // _BLOCK)))]
            blocks += more[: max(0, MAX_SCORES // _BLOCK - len(blocks))]
        rest = self.texts.get(blocks) if blocks else {}
        rows, scores = [], []
        for term in rarest:
            own = [firsts[term], *(_unpacked(rest[b]) for b in blocks if b in rest and b.startswith(keys[term] + ":"))]
            rows += [part["row"] for part in own]
            scores += [times[term] * part["score"] for part in own]
        known, at = np.unique(np.concatenate(rows or [np.zeros(0, np.int32)]), return_inverse=True)
        total = np.zeros(len(known), dtype=np.float32)
        np.add.at(total, at, np.concatenate(scores or [np.zeros(0, np.float32)]).astype(np.float32))
        weights = dict(zip(rarest, rarity(self.size, np.array([counts[t] for t in rarest])).tolist(), strict=True))
        held = [(counts[term], often) for term, often in times.items()]
        weighed = {term: (often, weights[term]) for term, often in times.items()}
        return MilvusMatch(self, weighed, known, total, full_score(self.size, held))


@dataclass(frozen=True, slots=True)
class MilvusMatch:
    """What the wording of one question scores, as ``index.store.Match`` asks."""

    lexical: MilvusLexical
    terms: dict[str, tuple[int, float]]
    rows: NDArray[np.int32]
    scores: Floats
    full: float

    def best(self, k: int) -> NDArray[np.int64]:
        """Return the ``k`` passages that score most for the terms that were read, ascending."""
        order = np.lexsort((self.rows, -self.scores))[: max(k, 0)]
        return np.sort(self.rows[order]).astype(np.int64)

    def of(self, rows: Rows) -> Floats:
        """Return what the given passages score, for all terms of the question."""
        held = self.lexical.passages.held(int(row) for row in rows)
        long = np.array([h.terms.total() for h in held], dtype=np.float32)
        total = np.zeros(len(held), dtype=np.float32)
        for term, (times, weight) in self.terms.items():
            often = np.array([h.terms[term] for h in held], dtype=np.float32)
            total += times * np.float32(weight) * saturated(often, long, self.lexical.length)
        return total
