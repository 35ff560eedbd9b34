"""Reads an index on a Milvus server as it is asked for: what ``index.store.Store`` is made of."""

from __future__ import annotations

import json
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, NoReturn, overload

import numpy as np
from numpy.typing import NDArray

from index.datamodels import Chunk, Document, IndexInfo
from index.errors import IndexDamagedError
from index.lexical import Posting, Sentence, Wording, rarities, saturated, term_number, terms
from index.milvus import layout
from index.milvus.layout import (
    CONSISTENCY,
    LIMIT,
    PARTS,
    ROWS,
    Floats,
    Rows,
    among,
    block_keys,
    joined,
    term_key,
    unpacked,
)
from index.milvus.server import Server
from index.parts import searchable

#: Scores read for a question beyond the first of each term, of its rarest terms first.
MAX_SCORES = 100_000

#: Passages kept in memory by a replica.
_KEPT = 10_000

#: Vectors that a search keeps in view while it follows the graph, at least.
_EF = 400


@dataclass(frozen=True, slots=True)
class Texts:
    """The second collection: texts by key."""

    server: Server
    collection: str

    def get(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the texts of those keys that there are."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), ROWS):
            rows = self.server.call(
                "query",
                self.collection,
                filter=among("key", keys[start : start + ROWS]),
                output_fields=["key", "text"],
                consistency_level=CONSISTENCY,
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
        return joined(pieces)


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
        text = self._texts.read("document", number)
        gaps = json.loads(self._texts.read("gaps", number))
        return Document(source.name, text, source.sha256, source.size, source.encoding, gaps=gaps)


class Held(NamedTuple):
    """A passage, and the number of its parts."""

    chunk: Chunk
    parts: int


class Passages(Sequence[Chunk]):
    """The passages by row, read from the server when they are asked for; those asked for last are kept."""

    def __init__(self, server: Server, collection: str, count: int) -> None:
        self._server, self._collection, self._count = server, collection, count
        self._held: OrderedDict[int, Held] = OrderedDict()
        self._lock = threading.Lock()
        self._terms = lru_cache(maxsize=2000)(lambda row: Counter(terms(searchable(self[row]))))

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
        for start in range(0, self._count, ROWS):
            yield from self[start : start + ROWS]

    def held(self, rows: Iterable[int]) -> list[Held]:
        """Return what is known of the passages at ``rows``."""
        wanted = [int(row) for row in rows]
        with self._lock:
            found = {row: self._held[row] for row in wanted if row in self._held}
        missing = [row for row in dict.fromkeys(wanted) if row not in found]
        for start in range(0, len(missing), ROWS):
            found.update(self._fetch(missing[start : start + ROWS]))
        with self._lock:
            for row in wanted:
                self._held[row] = found[row]
                self._held.move_to_end(row)
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return [found[row] for row in wanted]

    def terms(self, rows: Sequence[int]) -> list[Counter[str]]:
        """Return how often each term stands in the passages at ``rows``."""
        self.held(rows)  # at one go
        return [self._terms(row) for row in rows]

    def _fetch(self, rows: list[int]) -> dict[int, Held]:
        answer = self._server.call(
            "query",
            self._collection,
            filter=among("id", (row * PARTS for row in rows)),
            output_fields=["id", "parts", "chunk"],
            consistency_level=CONSISTENCY,
        )
        found: dict[int, Held] = {}
        for row in answer:
            chunk = Chunk.from_dict(json.loads(row["chunk"]))
            found[row["id"] // PARTS] = Held(chunk, row["parts"])
        if len(found) != len(rows):
            place = self._server.address
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
            "query", self.collection, filter="", output_fields=["count(*)"], consistency_level=CONSISTENCY
        )
        if int(answer[0]["count(*)"]) != self.count:
            self.damaged()

    def damaged(self) -> NoReturn:
        """Say that vectors are missing."""
        place = self.server.address
        raise IndexDamagedError(f"the index at {place.name} lacks vectors. Build it anew: {place.rebuild_command()}")

    def nearest(self, query: Floats, k: int) -> Rows:
        """Return the passages of the ``k`` vectors nearest to one query vector, ascending, each once."""
        if not np.isfinite(query).all():
            return np.zeros(0, dtype=np.int32)
        hits = self._search(query, min(k, LIMIT), "")
        return np.unique(np.array([number // PARTS for number in hits], dtype=np.int32))

    def similarities(self, query: Floats, passages: Rows) -> tuple[Floats, Floats]:
        """Return the cosine similarity of one query vector to each passage as a whole and to its nearest part."""
        rows = [int(row) for row in passages]
        parts = [held.parts for held in self.passages.held(rows)]
        numbers = [row * PARTS + i for row, count in zip(rows, parts, strict=True) for i in range(count + 1)]
        found: dict[int, float] = {}
        for start in range(0, len(numbers), LIMIT):
            own = numbers[start : start + LIMIT]
            found.update(self._search(query, len(own), among("id", own)))
        # Where the server has not yet indexed or loaded a segment, it misses rows that pass the filter: one in three.
        missed = [number for number in numbers if number not in found]
        found.update((number, float(query @ vector)) for number, vector in self._vectors(missed).items())
        whole = [found[row * PARTS] for row in rows]
        nearest = [
            max((found[row * PARTS + 1 + i] for i in range(count)), default=found[row * PARTS])
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
            consistency_level=CONSISTENCY,
        )
        return {int(hit["id"]): float(hit["distance"]) for hit in hits[0]}

    def by_part(self, query: Floats, passages: Sequence[int]) -> list[Floats]:
        """Return the cosine similarity of one query vector to each part of each passage, in the order of its parts."""
        numbers = self._parts(passages)
        vectors = self._vectors([number for own in numbers for number in own])
        wanted = query.astype(np.float32)
        return [np.einsum("ij,j->i", np.stack([vectors[number] for number in own]), wanted) for own in numbers]

    def of_passages(self, first: int, past: int) -> Floats:
        """Return the vectors of the passages from ``first`` to before ``past``, in the order of their parts."""
        numbers = [number for own in self._parts(range(first, past)) for number in own]
        vectors = self._vectors(numbers)
        return np.array([vectors[number] for number in numbers], dtype=np.float32)

    def _parts(self, rows: Sequence[int]) -> list[list[int]]:
        """Return the numbers of the vectors of each passage, in the order of its parts."""
        parts = [held.parts for held in self.passages.held(rows)]
        return [[row * PARTS + i for i in (*range(1, n + 1), 0)] for row, n in zip(rows, parts, strict=True)]

    def _vectors(self, numbers: Sequence[int]) -> dict[int, Floats]:
        """Return vectors by their number. Raises IndexDamagedError when one is not there."""
        vectors: dict[int, Floats] = {}
        for start in range(0, len(numbers), ROWS):
            answer = self.server.call(
                "query",
                self.collection,
                filter=among("id", numbers[start : start + ROWS]),
                output_fields=["id", "vector"],
                consistency_level=CONSISTENCY,
            )
            vectors.update((row["id"], np.array(row["vector"], dtype=np.float32)) for row in answer)
        if len(vectors) != len(numbers):
            self.damaged()
        return vectors


@dataclass(frozen=True, slots=True)
class MilvusLexical:
    """The lexical half, as ``index.store.Lexical`` asks; ``length`` is the number of terms in a passage on average.

    ``languages`` are the passages in Chinese and in English.
    """

    texts: Texts
    passages: Passages
    size: int
    length: float
    languages: list[int]

    def match(self, question: str) -> MilvusMatch:
        """Read the scores of the terms that the question looks for, all of them or those of the rarest."""
        wording = Wording.of(question, self.languages)
        numbers = {term: term_number(term) for term in wording.terms()}
        found = self.texts.get([term_key(number) for number in numbers.values()])
        counts, firsts = {}, {}
        for term, number in numbers.items():
            count, _, packed = found.get(term_key(number), "0 ").partition(" ")
            counts[term], firsts[term] = int(count), unpacked(packed)
        rarest = sorted(numbers, key=lambda term: counts[term])
        left = MAX_SCORES // layout.BLOCK
        blocks: dict[str, list[str]] = {}
        for term in rarest:
            blocks[term] = block_keys(numbers[term], counts[term])[:left]
            left -= len(blocks[term])
        rest = self.texts.get([key for keys in blocks.values() for key in keys])

        def posting_of(term: str) -> Posting:
            read = np.concatenate([firsts[term], *(unpacked(rest[key]) for key in blocks[term])])
            read = read[np.argsort(read["row"])]
            return read["row"].astype(np.int32), read["score"].astype(np.float32)

        postings = {term: posting_of(term) for term in rarest}
        found_rows = [(postings[term][0], times * postings[term][1]) for term, times in wording.times.items()]
        found_rows += [called.scores(postings.__getitem__) for called in wording.called]
        known, at = np.unique(np.concatenate([rows for rows, _ in found_rows]), return_inverse=True)
        total = np.zeros(len(known), dtype=np.float32)
        np.add.at(total, at, np.concatenate([scores for _, scores in found_rows]))
        weights = rarities(self.size, counts)
        return MilvusMatch(self, wording, weights, known, total, wording.full(self.size, counts.__getitem__))


@dataclass(frozen=True, slots=True)
class MilvusMatch:
    """What the wording of one question scores, as ``index.store.Match`` asks."""

    lexical: MilvusLexical
    wording: Wording
    weights: dict[str, float]
    rows: NDArray[np.int32]
    scores: Floats
    full: float

    def best(self, k: int) -> NDArray[np.int64]:
        """Return the ``k`` passages that score most for the terms that were read, ascending."""
        order = np.lexsort((self.rows, -self.scores))[: max(k, 0)]
        return np.sort(self.rows[order]).astype(np.int64)

    def of(self, rows: Rows) -> Floats:
        """Return what the given passages score, for all terms of the question."""
        counts = self.lexical.passages.terms([int(row) for row in rows])
        return np.array([self.wording.of_passage(self._scores(count)) for count in counts], dtype=np.float32)

    def of_sentences(self, passages: Sequence[Sequence[Sentence]]) -> list[float]:
        """Return what the terms weigh that two neighbouring sentences hold at best, for each passage."""
        return self.wording.of_sentences(self.weights, passages)

    def _scores(self, count: Counter[str]) -> dict[str, float]:
        """Return what each term that is looked for scores in a passage of these terms."""
        held = [term for term in count if term in self.weights]
        often = np.array([count[term] for term in held], dtype=np.float32)
        shares = saturated(often, np.full(len(held), count.total(), dtype=np.float32), self.lexical.length)
        return {term: self.weights[term] * share for term, share in zip(held, shares.tolist(), strict=True)}
