"""From source files to an index: read, cut into passages, encode, write."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import store
from index.datamodels import Chunk, Document, IndexInfo
from index.documents import read_documents
from index.encoder import PROBE, Encoder, load_encoder
from index.errors import IndexUnusableError, SourceError
from index.folding import mostly_cjk
from index.lexical import LexicalIndex
from index.structure import find_blocks, split_block

#: Longest passage in characters. multilingual-e5 reads 512 tokens, some 700 Chinese or 2,000 English characters.
MAX_CHARACTERS = 600
MAX_CHARACTERS_LATIN = 1800

#: Passages encoded between two reports of progress.
_BATCH = 32

Progress = Callable[[int, int], None]


def chunk_document(document: Document) -> list[Chunk]:
    """Cut a document into chunks: its blocks, the long ones split between sentences. Slices are exact."""
    return list(_chunks(document))


def _chunks(document: Document) -> Iterator[Chunk]:
    text = document.text
    for block in find_blocks(text):
        limit = MAX_CHARACTERS if mostly_cjk(text[block.start : block.end]) else MAX_CHARACTERS_LATIN
        for start, end in split_block(text, block, limit):
            piece = text[start:end]
            yield Chunk(document.name, block.kind, block.section, block.paragraph, start, end, piece)


def searchable(chunk: Chunk) -> str:
    """Return what is encoded for a chunk: a paragraph is read together with the heading it stands under."""
    if chunk.section is None or chunk.kind == "heading":
        return chunk.text
    return f"{chunk.section}\n{chunk.text}"


def build_index(
    sources: str | Path | Iterable[str | Path] = "seeds",
    out: str | Path | None = None,
    model: str | None = None,
    progress: Progress | None = None,
    *,
    encoder: Encoder | None = None,
) -> IndexInfo:
    """Build the index of ``sources`` (a folder, a file, or several) at ``out`` and return its identity card.

    ``model`` names a sentence-transformers model (default: ``YOUJU_MODEL`` or the bundled one); ``encoder`` gives one
    that is loaded already. ``progress(done, total)`` is called with numbers of passages. An index that was at ``out``
    serves until the new one is complete. Raises SourceError, ModelError or StoreError, each with the next step.
    """
    folder = Path(out) if out is not None else store.DEFAULT_INDEX
    documents = read_documents(sources)
    chunks = [chunk for document in documents for chunk in _chunks(document)]
    if not any(character.isalnum() for chunk in chunks for character in chunk.text):
        names = ", ".join(document.name for document in documents)
        raise SourceError(f"{names}: no text to index. Put the report's text in it.")
    with store.building(folder):
        encoder = encoder or load_encoder(model)
        probe = encoder.encode_query([PROBE])[0]
        texts = [searchable(chunk) for chunk in chunks]
        vectors = _encode(encoder, texts, _known_vectors(folder, encoder, probe), progress)
        card: dict[str, Any] = {
            "model": encoder.name,
            "settings": {"max_characters": MAX_CHARACTERS, "max_characters_latin": MAX_CHARACTERS_LATIN},
            "versions": _versions(),
            "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }
        return store.write(folder, documents, chunks, vectors, LexicalIndex.build(texts), probe, card)


def _known_vectors(folder: Path, encoder: Encoder, probe: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Return the vector of every text in the index at ``folder``: what has not changed is not encoded again.

    Empty when there is no sound index, or it was not built with this very model.
    """
    try:
        old = store.open_store(folder)
    except IndexUnusableError:
        return {}
    if old.info.model != encoder.name or not np.array_equal(old.probe, probe):
        return {}
    vectors: NDArray[np.float32] = old.vectors.reconstruct_n(0, old.vectors.ntotal)
    return dict(zip(map(searchable, old.chunks), vectors, strict=True))


def _encode(
    encoder: Encoder, texts: Sequence[str], known: Mapping[str, NDArray[np.float32]], progress: Progress | None
) -> NDArray[np.float32]:
    """Return the vectors of ``texts``, each different text encoded once and the ``known`` not at all."""
    rows: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        rows.setdefault(text, []).append(row)
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    new = [text for text in rows if text not in known]
    for text in rows.keys() - set(new):
        vectors[rows[text]] = known[text]
    done = len(texts) - sum(len(rows[text]) for text in new)
    for start in range(0, len(new), _BATCH):
        batch = new[start : start + _BATCH]
        for text, vector in zip(batch, encoder.encode_document(batch), strict=True):
            vectors[rows[text]] = vector
            done += len(rows[text])
        if progress:
            progress(done, len(texts))
    if progress and not new:
        progress(done, len(texts))
    return vectors


def _versions() -> dict[str, str]:
    packages = ("faiss-cpu", "onnxruntime", "sentence-transformers", "numpy", "opencc")
    return {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in packages}}
