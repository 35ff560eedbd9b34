"""From source files to an index: read, cut into passages, encode, write."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import store
from index.datamodels import Chunk, Document, Gaps, IndexInfo
from index.documents import given, read_sources
from index.encoder import PROBE, Encoder, load_encoder
from index.encoder_pool import EncoderPool
from index.errors import IndexUnreachableError, IndexUnusableError, SourceError
from index.folding import mostly_cjk
from index.lexical import LexicalIndex
from index.parts import parts, searchable
from index.place import Place, place_at
from index.structure import find_blocks, split_block
from index.unfinished import Unfinished

#: Longest passage in characters. multilingual-e5 reads 512 tokens, some 700 Chinese or 2,000 English characters.
MAX_CHARACTERS = 600
MAX_CHARACTERS_LATIN = 1800

#: Texts encoded between two reports of progress, by each process.
_BATCH = 32

#: Largest difference between numbers of vectors that come from one model: another build of it may round otherwise.
_SAME = 1e-4

#: Passages of the old index read at a time.
_READ = 100

Progress = Callable[[int, int], None]


def chunk_document(document: Document) -> list[Chunk]:
    """Cut a document into chunks: its blocks, the long ones split between sentences. Slices are exact."""
    return list(_chunks(document))


def _chunks(document: Document) -> Iterator[Chunk]:
    text = document.text
    for block in document.blocks if document.blocks is not None else find_blocks(text):
        limit = MAX_CHARACTERS if mostly_cjk(text[block.start : block.end]) else MAX_CHARACTERS_LATIN
        for start, end in split_block(text, block, limit):
            cells = tuple(c for c in block.cells if start <= c.start and c.end <= end)
            yield Chunk(
                document=document.name,
                kind=block.kind,
                section=block.section,
                paragraph=block.paragraph,
                start=start,
                end=end,
                text=text[start:end],
                page=block.page,
                cells=cells,
                caption=block.caption,
            )


def build_index(
    sources: str | Path | Iterable[str | Path] = "seeds",
    out: str | Path | None = None,
    model: str | None = None,
    progress: Progress | None = None,
    *,
    encoder: Encoder | None = None,
    processes: int = 1,
) -> IndexInfo:
    """Build the index of ``sources`` (a folder, a file, or several) at ``out`` and return its identity card.

    ``out`` is a folder, or ``milvus://host:port/collection`` for an index that several machines share.
    ``model`` names a sentence-transformers model (default: ``YOUJU_MODEL`` or the bundled one); ``encoder`` gives one
    that is loaded already. So many ``processes`` encode, each with a model of its own when they are several.
    ``progress(done, total)`` is called with numbers of passages. An index that was at ``out`` serves until the new one
    is complete; a build that was killed goes on where it stopped. Raises SourceError, ModelError, StoreError or
    IndexUnreachableError, each with the next step.
    """
    place = place_at(out)
    documents, skipped = read_sources(sources)
    chunks = [chunk for document in documents for chunk in _chunks(document)]
    if not any(character.isalnum() for chunk in chunks for character in chunk.text):
        names = ", ".join(document.name for document in documents)
        raise SourceError(f"{names}: no text to index. Put the report's text in it.")
    with place.building() as folder:
        encoder = encoder or load_encoder(model)
        texts = [searchable(chunk) for chunk in chunks]
        pieces = [parts(chunk) for chunk in chunks]
        owners = np.repeat(np.arange(len(chunks), dtype=np.int32), [len(own) for own in pieces])
        probe = encoder.encode_document([PROBE])[0]
        fingerprint = hashlib.sha256((np.round(probe, 2) + 0.0).astype("<f4").tobytes()).hexdigest()[:16]
        with store.writing(folder):
            unfinished = Unfinished(folder, f"{encoder.name} {fingerprint}", encoder.dimension)
        done = False
        try:
            count = _in_passages(progress, len(chunks)) if progress else None
            known, gaps = _known(place, encoder, probe, documents)
            flat = [piece for own in pieces for piece in own]
            with EncoderPool(encoder, processes) if processes > 1 else contextlib.nullcontext(encoder) as many:
                vectors = _encode(many, flat, known, count, folder, unfinished, _BATCH * processes)
            documents = _with_gaps(documents, chunks, gaps)
            card: dict[str, Any] = {
                "model": encoder.name,
                "fingerprint": fingerprint,
                "sources": [os.path.abspath(source) for source in given(sources)],
                "settings": {"max_characters": MAX_CHARACTERS, "max_characters_latin": MAX_CHARACTERS_LATIN},
                "versions": _versions(),
                "skipped": [asdict(s) for s in skipped],
                "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            }
            info = place.write(documents, chunks, vectors, owners, LexicalIndex.build(texts), probe, card)
            done = True
        finally:
            unfinished.close(done=done)
        return info


def _known(
    place: Place, encoder: Encoder, probe: NDArray[np.float32], documents: Sequence[Document]
) -> tuple[dict[str, NDArray[np.float32]], Gaps]:
    """Return what the index at ``place`` tells of the new one: the vector of every text, and the gaps it has found.

    What has not changed is neither encoded nor looked through again. Empty when there is no sound index; no vectors
    when it was not built with this very model.
    """
    try:
        old = place.open()
        gaps = {k: v for d in documents if d.name in old.documents for k, v in old.documents[d.name].gaps.items()}
        if old.info.model == encoder.name and np.allclose(old.probe, probe, rtol=0, atol=_SAME):
            return _known_vectors(old), gaps
        return {}, gaps
    except IndexUnreachableError:  # it would be for hours that all is encoded again
        raise
    except (IndexUnusableError, KeyError, ValueError):
        return {}, {}


def _known_vectors(old: store.Store) -> dict[str, NDArray[np.float32]]:
    known: dict[str, NDArray[np.float32]] = {}
    for first in range(0, len(old.chunks), _READ):
        texts = [text for chunk in old.chunks[first : first + _READ] for text in parts(chunk)]
        vectors = old.vectors.of_passages(first, min(first + _READ, len(old.chunks)))
        if len(texts) != len(vectors):  # cut by an earlier version
            return {}
        known.update(zip(texts, vectors, strict=True))
    return known


def _with_gaps(documents: Sequence[Document], chunks: Sequence[Chunk], known: Gaps) -> list[Document]:
    """Find gaps once, when a document is indexed, rather than whenever one of its passages is first read."""
    from qa.document_gaps import find_document_gaps

    prose: dict[str, list[tuple[int, int]]] = {document.name: [] for document in documents}
    for chunk in chunks:
        if chunk.kind != "table":  # its rows are looked through cell by cell
            prose[chunk.document].append((chunk.start, chunk.end))
    return [replace(d, gaps=find_document_gaps(d.text, known, prose[d.name])) for d in documents]


def _in_passages(progress: Progress, passages: int) -> Progress:
    """Return what to tell of parts, so that ``progress`` hears of passages."""
    return lambda done, total: progress(passages * done // total, passages)


def _encode(
    encoder: Encoder,
    texts: Sequence[str],
    known: Mapping[str, NDArray[np.float32]],
    progress: Progress | None,
    folder: Path,
    unfinished: Unfinished,
    size: int,
) -> NDArray[np.float32]:
    """Encode each different text once, but for those that are ``known`` or that a killed build has finished."""
    rows: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        rows.setdefault(text, []).append(row)
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    missing: list[str] = []
    done = 0
    for text, places in rows.items():
        vector = known[text] if text in known else unfinished.get(text)
        if vector is None:
            missing.append(text)
        else:
            vectors[places] = vector
            done += len(places)
    if progress and done:
        progress(done, len(texts))
    for start in range(0, len(missing), size):
        batch = missing[start : start + size]
        found = encoder.encode_document(batch)
        with store.writing(folder):
            unfinished.put(batch, found)
        for text, vector in zip(batch, found, strict=True):
            vectors[rows[text]] = vector
            done += len(rows[text])
        if progress:
            progress(done, len(texts))
    return vectors


def _versions() -> dict[str, str]:
    packages = ("faiss-cpu", "onnxruntime", "sentence-transformers", "numpy", "opencc")
    return {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in packages}}
