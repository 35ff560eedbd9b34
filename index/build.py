"""From source files to an index: read, cut into passages, encode, write."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import store
from index.datamodels import Chunk, Document, IndexInfo
from index.documents import read_documents
from index.encoder import PROBE, Encoder, load_encoder
from index.errors import SourceError
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
        texts = [searchable(chunk) for chunk in chunks]
        vectors = _encode(encoder, texts, progress)
        card: dict[str, Any] = {
            "model": encoder.name,
            "settings": {"max_characters": MAX_CHARACTERS, "max_characters_latin": MAX_CHARACTERS_LATIN},
            "versions": _versions(),
            "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }
        probe = encoder.encode_query([PROBE])[0]
        return store.write(folder, documents, chunks, vectors, LexicalIndex.build(texts), probe, card)


def _encode(encoder: Encoder, texts: Sequence[str], progress: Progress | None) -> NDArray[np.float32]:
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        vectors[start : start + len(batch)] = encoder.encode_document(batch)
        if progress:
            progress(start + len(batch), len(texts))
    return vectors


def _versions() -> dict[str, str]:
    packages = ("faiss-cpu", "onnxruntime", "sentence-transformers", "numpy", "opencc")
    return {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in packages}}
