"""Find and read source files.

A text is decoded and its newlines normalised; nothing else is ever changed. PDF, DOCX and HTML are read by
``index.readers``; the text that is taken from them is the one all offsets point into.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from index.datamodels import Document, Skipped
from index.errors import SourceError

#: The format of each file type we read; None: its text is all there is.
FORMATS: dict[str, str | None] = {
    ".txt": None,
    ".md": None,
    ".markdown": None,
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
}
SUFFIXES = tuple(FORMATS)

#: What people keep reports in and we do not read, with what to do: said rather than passed over in silence.
_ELSEWISE = {
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt", ".pages"), "save it as .docx"),
    **dict.fromkeys((".xls", ".xlsx", ".ods", ".csv", ".tsv", ".et"), "save its tables as .docx, .html or .md"),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".dps", ".epub", ".mobi", ".ofd", ".caj"), "save it as .pdf"),
    **dict.fromkeys((".mht", ".mhtml", ".xhtml"), "save it as .html"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), "a picture holds no text: run text recognition (OCR)"),
}

#: Files of one unknown kind that are each named; a folder of program code has thousands.
_FEW = 3

#: 64 MiB: some twenty million Chinese characters, far beyond any report; larger files are refused, not swapped.
MAX_BYTES = 64 * 1024 * 1024

#: 256 MiB for PDF and DOCX, which hold pictures as well.
MAX_BYTES_WITH_PICTURES = 256 * 1024 * 1024

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
    return parse_document(_read(path, name), name)


def parse_document(data: bytes, name: str) -> Document:
    """Return the document in the bytes of a file; the suffix of ``name`` tells the format. Raises SourceError."""
    from index.readers.parts import Unreadable, assemble

    kind = FORMATS.get(Path(name).suffix.lower())
    _check_size(len(data), name)
    if not data.strip():
        raise SourceError(f"{name}: the file is empty. Put the report's text in it, or remove it.")
    digest = hashlib.sha256(data).hexdigest()
    if kind is None:
        text, encoding = decode(data, name)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        document = Document(name, text, digest, len(data), encoding)
    else:
        from index.readers.sandbox import read_parts

        try:
            found = read_parts(data, kind)
        except Unreadable as error:
            raise SourceError(f"{name}: {error}") from error
        text, blocks = assemble(found.parts)
        document = Document(name, text, digest, len(data), kind, blocks, found.notes)
    if not document.text.strip():
        raise SourceError(f"{name}: the file is empty. Put the report's text in it, or remove it.")
    return document


def _check_size(size: int, name: str) -> None:
    limit = MAX_BYTES_WITH_PICTURES if FORMATS.get(Path(name).suffix.lower()) in ("pdf", "docx") else MAX_BYTES
    if size > limit:
        raise SourceError(f"{name}: {size} bytes is over the limit of {limit // 1024 // 1024} MiB. Split the file.")


def _read(path: Path, name: str) -> bytes:
    """Return a file's bytes as they were at one moment: a file that is being written is read again, then refused."""
    try:
        for _ in range(3):
            with open(path, "rb", opener=_open_without_waiting) as file:
                before = os.fstat(file.fileno())
                if not stat.S_ISREG(before.st_mode):
                    raise SourceError(f"{name}: not an ordinary file. Copy its text into one.")
                _check_size(before.st_size, name)
                data = file.read(before.st_size + 1)
                after = os.fstat(file.fileno())
            if (
                (before.st_size, before.st_mtime_ns)
                == (after.st_size, after.st_mtime_ns)
                == (len(data), after.st_mtime_ns)
            ):
                return data
    except OSError as error:
        raise SourceError(
            f"{name}: cannot be read ({error.strerror or error}). Check the path and permissions."
        ) from error
    raise SourceError(f"{name}: it changes while it is read. Wait until it is written, then build again.")


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe, which would keep us waiting for a writer, opens at once and is then refused."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _files_under(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for path in _walk(folder):
        if path.suffix.lower() in SUFFIXES:
            if not _resolved(path).is_relative_to(root):
                raise SourceError(f"{path}: links to a file outside {folder}. Copy the file there instead.")
            yield path


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and its subfolders, in order; hidden ones and lock files of Office stay out."""
    for directory, subfolders, files in os.walk(folder):
        subfolders[:] = sorted(s for s in subfolders if not s.startswith("."))
        yield from (Path(directory, file) for file in sorted(files) if not file.startswith((".", "~$")))


def given(sources: str | Path | Iterable[str | Path]) -> list[Path]:
    """Return the files and folders that a build is given, as a list."""
    return [Path(sources)] if isinstance(sources, str | Path) else [Path(s) for s in sources]


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
    roots = given(sources)
    found: list[tuple[Path, str]] = []
    for source in roots:
        kind = _kind(source)
        if kind == "folder":
            found += [(path, path.relative_to(source).as_posix()) for path in _files_under(source)]
        elif kind == "file":
            if source.suffix.lower() not in SUFFIXES:
                advice = _ELSEWISE.get(source.suffix.lower(), "save it as one of these")
                raise SourceError(f"{source}: only {', '.join(SUFFIXES)} files can be indexed. Next: {advice}.")
            found.append((source, source.name))
        else:
            raise SourceError(f"{source}: no such file or folder. Check the path.")
    if not found:
        places = ", ".join(map(str, roots)) or "nothing"
        raise SourceError(f"no {', '.join(SUFFIXES)} file in {places}. Put a report there, or name one.")
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
    """Read every source file (see ``find_sources``); what cannot be read is left out (see ``read_sources``)."""
    return read_sources(sources)[0]


def read_sources(sources: str | Path | Iterable[str | Path]) -> tuple[list[Document], list[Skipped]]:
    """Read every source file (see ``find_sources``); also return what could not be read, with the reason.

    Raises SourceError when nothing at all can be read.
    """
    documents: list[Document] = []
    skipped = [Skipped(name, f"not read: {advice}") for name, advice in _passed_over(sources)]
    failures: list[SourceError] = []
    for path, name in find_sources(sources):
        try:
            document = read_document(path, name)
        except SourceError as error:
            failures.append(error)
            skipped.append(Skipped(name, str(error).removeprefix(f"{name}: ")))
            continue
        documents.append(document)
        skipped += [Skipped(name, note) for note in document.notes]
    if not documents:
        if len(failures) == 1:
            raise failures[0]
        raise SourceError(f"none of {len(failures)} files can be read; the first: {failures[0]}")
    return documents, skipped


def _passed_over(sources: str | Path | Iterable[str | Path]) -> Iterator[tuple[str, str]]:
    """Yield the name of every file that we do not read, and of linked folders, with what to do."""
    for source in given(sources):
        if source.is_dir():
            for path in sorted(source.rglob("*")):
                if path.is_symlink() and path.is_dir():
                    yield path.relative_to(source).as_posix(), "a link to a folder. Copy the folder there instead."
            files = list(_walk(source))
            for path in files:
                if advice := _ELSEWISE.get(path.suffix.lower()):
                    yield path.relative_to(source).as_posix(), advice
            yield from _unknown(source, files)


def _unknown(folder: Path, files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield those of a folder's files whose suffix we don't know: each, or of many of a kind the first and how many.

    A name that is no UTF-8 is written so that everybody can print it.
    """
    kinds: dict[str, list[str]] = {}
    for path in files:
        if (suffix := path.suffix.lower()) not in FORMATS and suffix not in _ELSEWISE:
            name = path.relative_to(folder).as_posix().encode("utf-8", "backslashreplace").decode()
            kinds.setdefault(suffix, []).append(name)
    advice = f"only {', '.join(SUFFIXES)} files can be indexed"
    for names in kinds.values():
        if len(names) > _FEW:
            names = [f"{names[0]} and {len(names) - 1} more of its kind"]
        yield from ((name, advice) for name in names)
