"""The index folder: FAISS vectors, BM25 postings, passages, document texts, and a manifest that vouches for them.

    index/data/
      manifest.json        names the generation in use and the SHA-256 of each of its files and, as its seal, of itself;
                           replaced last, atomically
      generations/g-<id>/  one generation: vectors.faiss, owners.i32, probe.f32, passages.jsonl …
      unfinished-….vectors what a build that was killed had encoded; removed when the next one is complete
      .lock                held by a builder; freed by the system when its owner dies

A reader that opens the manifest therefore sees one whole generation: the old one until the very end of a build.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.arrays import map_array, save_array
from index.datamodels import Chunk, Document, IndexInfo, Skipped, SourceInfo
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StoreError
from index.lexical import LexicalIndex, Sentence
from index.vectors import VectorIndex

FORMAT = 5
MANIFEST = "manifest.json"
GENERATIONS = "generations"
FILES = frozenset({"vectors.faiss", "owners.i32", "probe.f32", "passages.jsonl", "documents.jsonl"})
DEFAULT_INDEX = Path(__file__).resolve().parent / "data"
REBUILD = "python -m index build"

#: Stands in a command for the user's own reports, where nothing tells which they are.
YOUR_REPORTS = "my-reports/"

_NO_FOLDER = "a file stands there, and an index is a folder"

#: Characters of a document's beginning that are at hand without reading the document: enough for its head.
OPENING = 600

#: An index that is rebuilt faster than it can be opened is given up after so many tries.
_TRIES = 10


def rebuild_command(folder: Path) -> str:
    """Return the command that makes the index at ``folder`` anew, from the sources it was built from if it tells."""
    sources = _recorded_sources(folder)
    if is_default(folder):
        return " ".join([REBUILD, *map(shlex.quote, sources or [])])
    named = [YOUR_REPORTS] if sources is None else sources
    return " ".join([REBUILD, *map(shlex.quote, named), "--out", shlex.quote(str(folder))])


def is_default(folder: str | Path) -> bool:
    """Whether this is the folder of the project's own index, which is of the seeds unless told otherwise."""
    return Path(folder).resolve() == DEFAULT_INDEX


def _recorded_sources(folder: Path) -> list[str] | None:
    """Return the sources that a manifest names, however damaged the index is; none for the seeds, None if unknown."""
    try:
        sources = json.loads((folder / MANIFEST).read_bytes())["sources"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(sources, list) or not all(isinstance(s, str) for s in sources):
        return None
    return named_sources(sources)


def named_sources(sources: Sequence[str]) -> list[str]:
    """Return what a build command must name to build from ``sources``: nothing for the default."""
    return [] if list(sources) == [str(DEFAULT_INDEX.parent.parent / "seeds")] else list(sources)


class Vectors(Protocol):
    """The dense half of an open index: ``VectorIndex``, or ``index.milvus.reading.MilvusVectors``."""

    def nearest(self, query: NDArray[np.float32], k: int) -> NDArray[np.int32]:
        """Return the passages of the ``k`` vectors nearest to one query vector, ascending, each once."""

    def similarities(
        self, query: NDArray[np.float32], passages: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the cosine similarity of one query vector to each passage as a whole and to its nearest part."""

    def by_part(self, query: NDArray[np.float32], passages: Sequence[int]) -> list[NDArray[np.float32]]:
        """Return the cosine similarity of one query vector to each part of each passage, in the order of its parts."""

    def of_passages(self, first: int, past: int) -> NDArray[np.float32]:
        """Return the vectors of the passages from ``first`` to before ``past``, in the order of their parts."""


class Match(Protocol):
    """What the wording of one question scores; ``full`` is what a text would score that holds all its terms."""

    @property
    def full(self) -> float:
        """The score of all terms of the question, known or not."""

    def best(self, k: int) -> NDArray[np.int64]:
        """Return the rows of the ``k`` passages that score most, ascending, none that score nothing."""

    def of(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return what the given passages score."""

    def of_sentences(self, passages: Sequence[Sequence[Sentence]]) -> list[float]:
        """Return what the terms weigh that two neighbouring sentences hold at best, for each passage."""


class Lexical(Protocol):
    """The lexical half of an open index: ``LexicalIndex``, or ``index.milvus.reading.MilvusLexical``."""

    def match(self, question: str) -> Match:
        """Return what the wording of a question scores."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open index. Passage i of ``vectors`` and of ``lexical`` is ``chunks[i]``; a document's are one after another.

    Read into memory from a folder; read from the server as it is asked for, where the index is kept on one.
    """

    info: IndexInfo
    chunks: Sequence[Chunk]
    documents: Mapping[str, Document]
    lexical: Lexical
    probe: NDArray[np.float32]
    """The model's vector of ``encoder.PROBE`` at build time, shape ``(dimension,)``."""
    vectors: Vectors
    openings: Mapping[str, str]
    """The first characters of each document, ``OPENING`` of them, without the white space before."""
    dates: Sequence[int]
    """The rows of the passages that are date lines."""

    def rows_of(self, documents: Collection[str]) -> NDArray[np.int32]:
        """Return the rows of the passages of some documents, ascending."""
        past = np.cumsum([d.passages for d in self.info.documents]).tolist()
        wanted = [i for i, d in enumerate(self.info.documents) if d.name in documents]
        runs = [np.arange(past[i] - self.info.documents[i].passages, past[i], dtype=np.int32) for i in wanted]
        return np.concatenate([*runs, np.zeros(0, dtype=np.int32)])


def opening(document: Document) -> str:
    """Return what ``Store.openings`` holds of a document."""
    return document.text.lstrip()[:OPENING]


def dates(chunks: Sequence[Chunk]) -> list[int]:
    """Return what ``Store.dates`` holds."""
    return [row for row, chunk in enumerate(chunks) if chunk.kind == "date"]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@contextlib.contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the folder's build lock. Raises StoreError when another build holds it or the folder cannot be written."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise StoreError(f"{folder}: another build is running there. Wait for it to end, then build again.") from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(folder: Path, error: OSError | UnicodeError) -> StoreError:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return StoreError(f"{folder}: {_NO_FOLDER}. Choose another place with --out.")
    reason = getattr(error, "strerror", None) or error
    return StoreError(
        f"{folder}: cannot be written ({reason}). Free some space or choose another place with --out; "
        "the index that was there still serves."
    )


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into a StoreError."""
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error) from error


def write(
    folder: Path,
    documents: Sequence[Document],
    chunks: Sequence[Chunk],
    vectors: VectorIndex,
    lexical: LexicalIndex,
    probe: NDArray[np.float32],
    card: dict[str, Any],
) -> IndexInfo:
    """Write a new generation beside the old one, then switch to it. Call under ``building``.

    ``card`` holds model, settings, versions and creation time. Raises StoreError when the disk refuses; the old
    generation then stays in use.
    """
    temporary: Path | None = None
    try:
        (folder / GENERATIONS).mkdir(exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix="g-", dir=folder / GENERATIONS))
        vectors.save(temporary)
        save_array(temporary / "probe.f32", probe)
        _write_lines(temporary / "passages.jsonl", [c.to_dict() for c in chunks])
        _write_lines(temporary / "documents.jsonl", [_kept(d) for d in documents])
        lexical.save(temporary / "lexical")
        files = sorted(p for p in temporary.rglob("*") if p.is_file())
        manifest = {
            "format": FORMAT,
            "generation": temporary.name,
            **card,
            "passages": len(chunks),
            "dimension": vectors.dimension,
            "documents": sources(documents, chunks),
            "files": {p.relative_to(temporary).as_posix(): _sha256(p) for p in files},
        }
        manifest["seal"] = _seal(manifest)
        for path in files:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        for directory in {p.parent for p in files} | {temporary.parent}:
            _sync_directory(directory)
        draft = folder / (MANIFEST + ".new")
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            json.dump(manifest, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / MANIFEST)
        _sync_directory(folder)
    except (OSError, UnicodeError) as error:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        raise _unwritable(folder, error) from error
    for old in (folder / GENERATIONS).glob("g-????????"):
        if old.name != temporary.name:
            shutil.rmtree(old, ignore_errors=True)
    return _info(folder, manifest)


def _seal(manifest: dict[str, Any]) -> str:
    """Return the SHA-256 of everything else in a manifest: it vouches for the files, and this for it."""
    rest = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode("ascii")).hexdigest()


def _sync_directory(folder: Path) -> None:
    """Make the names in a folder last through a power cut, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no directory
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sources(documents: Sequence[Document], chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    """Return what the identity card says of each document."""
    passages = Counter(c.document for c in chunks)
    return [{**_origin(d), "characters": len(d.text), "passages": passages[d.name]} for d in documents]


def _origin(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in ("name", "sha256", "size", "encoding")}


def _kept(document: Document) -> dict[str, Any]:
    """Return what the index keeps of a document; its blocks live on in the passages."""
    return {**_origin(document), "text": document.text, "gaps": document.gaps}


def _info(folder: Path, manifest: dict[str, Any]) -> IndexInfo:
    try:
        return info_of(str(folder), manifest)
    except TypeError as error:
        raise _damaged(folder, MANIFEST) from error


def info_of(path: str, manifest: dict[str, Any]) -> IndexInfo:
    """Return the identity card that a manifest tells. Raises TypeError or KeyError when it is none."""
    documents = tuple(SourceInfo(**d) for d in manifest["documents"])
    skipped = tuple(Skipped(**s) for s in manifest["skipped"])
    return IndexInfo(
        path=path,
        documents=documents,
        passages=manifest["passages"],
        model=manifest["model"],
        dimension=manifest["dimension"],
        settings=manifest["settings"],
        versions=manifest["versions"],
        created=manifest["created"],
        generation=manifest["generation"],
        skipped=skipped,
        sources=tuple(manifest["sources"]),
        fingerprint=manifest["fingerprint"],
        files=manifest["files"],
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the index at ``folder``. Raises one of the IndexUnusableError family."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
            raise ValueError("no manifest")
    except FileNotFoundError as error:
        raise IndexMissingError(f"no index at {folder}. Build one: {rebuild_command(folder)}") from error
    except NotADirectoryError as error:
        raise IndexMissingError(f"{folder}: {_NO_FOLDER}. Name the folder of an index.") from error
    except OSError as error:
        raise IndexMissingError(
            f"{folder}: the index cannot be read ({error.strerror}). Check the permissions."
        ) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(folder, MANIFEST) from error
    if manifest["format"] != FORMAT:
        raise IndexMismatchError(
            f"the index at {folder} has format {manifest['format']}, this version reads {FORMAT}. "
            f"Build it anew: {rebuild_command(folder)}"
        )
    if not _is_manifest(manifest) or manifest["seal"] != _seal(manifest):
        raise _damaged(folder, MANIFEST)
    return manifest


def _is_manifest(manifest: dict[str, Any]) -> bool:
    """Whether the manifest holds what ``write`` puts there: it names files we open, so nothing is taken on trust."""
    kinds: dict[str, type] = {
        "generation": str,
        "files": dict,
        "documents": list,
        "model": str,
        "dimension": int,
        "passages": int,
        "settings": dict,
        "versions": dict,
        "created": str,
        "skipped": list,
        "sources": list,
        "fingerprint": str,
        "seal": str,
    }
    if any(not isinstance(manifest.get(key), kind) for key, kind in kinds.items()):
        return False
    files = manifest["files"]
    return (
        re.fullmatch(r"g-[a-z0-9_]{8}", manifest["generation"]) is not None
        and set(files) >= FILES
        and all(re.fullmatch(r"(lexical/)?[\w.]+", name) and isinstance(files[name], str) for name in files)
    )


def _damaged(folder: Path, file: str) -> IndexDamagedError:
    return IndexDamagedError(f"the index at {folder} is damaged ({file}). Build it anew: {rebuild_command(folder)}")


def read_info(folder: Path) -> IndexInfo:
    """Return the identity card of the index at ``folder`` after checking every file against it."""
    manifest = read_manifest(folder)
    _check_files(folder, manifest)
    return _info(folder, manifest)


def _check_files(folder: Path, manifest: dict[str, Any]) -> None:
    try:
        generation = folder / GENERATIONS / manifest["generation"]
        for name, digest in manifest["files"].items():
            if _sha256(generation / name) != digest:
                raise _damaged(folder, name)
    except (OSError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder, str(getattr(error, "filename", "") or MANIFEST)) from error


def open_store(folder: Path) -> Store:
    """Open the index at ``folder``. Raises one of the IndexUnusableError family, with the command that mends it."""
    folder = Path(folder)
    for _ in range(_TRIES):
        manifest = read_manifest(folder)
        try:
            return _open(folder, manifest)
        except IndexDamagedError:
            # A rebuild may have replaced the generation under our hands: then the manifest has changed too.
            if read_manifest(folder)["generation"] == manifest["generation"]:
                raise
    raise _damaged(folder, MANIFEST)


def _open(folder: Path, manifest: dict[str, Any]) -> Store:
    _check_files(folder, manifest)
    generation = folder / GENERATIONS / manifest["generation"]
    try:
        vectors = VectorIndex.load(generation)
        chunks = tuple(Chunk.from_dict(json.loads(line)) for line in _lines(generation / "passages.jsonl"))
        documents = [Document(**json.loads(line)) for line in _lines(generation / "documents.jsonl")]
        lexical = LexicalIndex.load(generation / "lexical", len(chunks))
        probe = map_array(generation / "probe.f32")
        info = _info(folder, manifest)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _damaged(folder, str(getattr(error, "filename", "") or type(error).__name__)) from error
    owned = np.arange(len(chunks), dtype=np.int32)
    if (
        len(chunks) != info.passages
        or not np.array_equal(np.unique(vectors.owners), owned)
        or vectors.dimension != info.dimension
    ):
        raise _damaged(folder, "vectors.faiss")
    by_name = {d.name: d for d in documents}
    if any(c.document not in by_name or by_name[c.document].text[c.start : c.end] != c.text for c in chunks):
        raise _damaged(folder, "passages.jsonl")
    if not all(_are_gaps(d.gaps) for d in documents):
        raise _damaged(folder, "documents.jsonl")
    openings = {d.name: opening(d) for d in documents}
    return Store(info, chunks, by_name, lexical, probe, vectors, openings, dates(chunks))


def _are_gaps(gaps: Any) -> bool:  # noqa: ANN401 - as JSON gave it
    """Whether these can be ``Document.gaps``."""
    return isinstance(gaps, dict) and all(
        isinstance(own, list)
        and all(isinstance(gap, list) and [type(part) for part in gap] in _GAP_TYPES for gap in own)
        for own in gaps.values()
    )


_GAP_TYPES = ([int, float, str], [int, float, type(None)])


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]
