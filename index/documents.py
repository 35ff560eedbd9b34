"""Find and read source files. A text is decoded and its newlines normalised; nothing else is ever changed."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from index.datamodels import Document
from index.errors import SourceError

SUFFIXES = (".txt", ".md")

#: 64 MiB: some twenty million Chinese characters, far beyond any report; larger files are refused, not swapped.
MAX_BYTES = 64 * 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: What charset-normalizer may choose from: the encodings in which Chinese and English reports are found.
_CANDIDATES = ["gb18030", "big5", "big5hkscs", "utf_16_le", "utf_16_be", "cp1252"]

#: A decoded text may hold this share of control characters at most; binary data holds far more.
_MAX_CONTROL_SHARE = 0.01


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return ``(text, encoding)`` of a text file's bytes: by its BOM, as UTF-8, or as charset-normalizer finds.

    Raises SourceError when the bytes are no text in any encoding we accept.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return _checked(data[len(bom) :].decode(encoding), name), encoding
            except UnicodeDecodeError as error:
                raise _undecodable(name) from error
    try:
        return _checked(data.decode("utf-8"), name), "utf-8"
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_CANDIDATES).best()
    if best is None:
        raise _undecodable(name)
    return _checked(str(best), name), best.encoding


def _checked(text: str, name: str) -> str:
    control = sum(1 for c in text[:100_000] if ord(c) < 32 and c not in "\t\n\r\f\v")
    if "\0" in text or control > _MAX_CONTROL_SHARE * min(len(text), 100_000):
        raise _undecodable(name)
    return text


def _undecodable(name: str) -> SourceError:
    return SourceError(f"{name}: not a text file in a known encoding (UTF-8, GB18030, Big5, UTF-16). Save it as UTF-8.")


def read_document(path: Path, name: str) -> Document:
    """Read one source file. Raises SourceError with the next step when it cannot be read or holds no text."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{name}: not an ordinary file. Copy its text into one.")
        size = status.st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // 1024 // 1024
            raise SourceError(f"{name}: {size} bytes is over the limit of {limit} MiB. Split the file.")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{name}: cannot be read ({error.strerror or error}). Check the path and permissions."
        ) from error
    text, encoding = decode(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise SourceError(f"{name}: the file is empty. Put the report's text in it, or remove it.")
    return Document(name=name, text=text, sha256=hashlib.sha256(data).hexdigest(), size=len(data), encoding=encoding)


def _files_under(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for directory, subfolders, files in os.walk(folder):
        subfolders[:] = sorted(s for s in subfolders if not s.startswith("."))
        for file in sorted(files):
            path = Path(directory, file)
            if file.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            if not _resolved(path).is_relative_to(root):
                raise SourceError(f"{path}: links to a file outside {folder}. Copy the file there instead.")
            yield path


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # a loop of links
        raise SourceError(f"{path}: cannot be followed ({error}). Remove the link.") from error


def _kind(path: Path) -> Literal["folder", "file", None]:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return None
    return "folder" if stat.S_ISDIR(mode) else "file"


def find_sources(sources: str | Path | Iterable[str | Path]) -> list[tuple[Path, str]]:
    """Return ``(path, name)`` of every source file: the files given, and those under the folders given.

    A name is the path relative to its source folder (the file's own name when a file was given), unique in the result.
    Raises SourceError when a path does not exist, a file's type is not supported, or nothing is found.
    """
    given = [Path(sources)] if isinstance(sources, str | Path) else [Path(s) for s in sources]
    found: list[tuple[Path, str]] = []
    for source in given:
        kind = _kind(source)
        if kind == "folder":
            found += [(path, path.relative_to(source).as_posix()) for path in _files_under(source)]
        elif kind == "file":
            if source.suffix.lower() not in SUFFIXES:
                raise SourceError(
                    f"{source}: only {' and '.join(SUFFIXES)} files can be indexed. Convert it to text first."
                )
            found.append((source, source.name))
        else:
            raise SourceError(f"{source}: no such file or folder. Check the path.")
    if not found:
        places = ", ".join(map(str, given)) or "nothing"
        raise SourceError(f"no {' or '.join(SUFFIXES)} file in {places}. Put a report there, or name one.")
    seen: dict[str, Path] = {}
    for path, name in found:
        if any("\ud800" <= c <= "\udfff" for c in name):
            raise SourceError(f"{name!a}: the file's name is not valid UTF-8. Rename it.")
        if name in seen and seen[name].resolve() != path.resolve():
            raise SourceError(
                f"{path} and {seen[name]} would both be called {name}. Rename one, or give their common folder."
            )
        seen[name] = path
    return [(path, name) for name, path in seen.items()]


def read_documents(sources: str | Path | Iterable[str | Path]) -> list[Document]:
    """Read every source file (see ``find_sources``)."""
    return [read_document(path, name) for path, name in find_sources(sources)]
