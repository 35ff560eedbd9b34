"""What the index package passes around: documents, their blocks, the chunks that are indexed, and the identity card.

All offsets are characters into ``Document.text`` (newlines already normalised), end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Gaps = Mapping[str, Sequence[tuple[int, float, str | None]]]
"""By the hash of a stretch of text: offset into it, confidence and unit of each gap in it. JSON takes it as it is."""

BlockKind = Literal["title", "date", "heading", "paragraph", "caption", "editor", "table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table that stands under heads: its span in the document's text, and the heads, outermost first.

    The heads of a row come before those of its column: 农村, 2020年, 规模.
    """

    start: int
    end: int
    heads: tuple[str, ...]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Cell:
        """Rebuild from JSON."""
        return cls(data["start"], data["end"], tuple(data["heads"]))


@dataclass(frozen=True, slots=True)
class Document:
    """One source file as read: its text, and what identifies the bytes it came from."""

    name: str
    """Path relative to the source folder, with forward slashes."""
    text: str
    sha256: str
    """Hex digest of the file's bytes."""
    size: int
    """Size of the file in bytes."""
    encoding: str
    """Of a text file, its encoding; of any other, its format: "pdf", "docx", "html"."""
    blocks: tuple[Block, ...] | None = None
    """Blocks as the file's format gave them; None where the text itself is all there is. Not kept in the index."""
    notes: tuple[str, ...] = ()
    """What of the file could not be read, one line each. Not kept in the index."""
    gaps: Gaps = field(default_factory=dict, compare=False, repr=False)
    """Where figures are missing in the text, as ``qa.document_gaps`` found and reads it; empty until it is indexed."""


@dataclass(frozen=True, slots=True)
class Block:
    """One structural unit of a document: title, heading, paragraph, caption and so on.

    ``text[start:end]`` is the block, without surrounding white space. ``section`` is the heading text the block stands
    under (a heading's section is itself), None before the first heading. ``paragraph`` counts blocks from 1.
    A block of kind "table" is one row of a table; ``cells`` are those of its cells that stand under heads (empty for
    the row of column heads), ``caption`` what the table is of. ``page`` counts from 1, None where there are no pages.
    """

    kind: BlockKind
    start: int
    end: int
    section: str | None
    paragraph: int
    page: int | None = None
    cells: tuple[Cell, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit that is encoded and retrieved: a block, or a run of whole sentences of a block too long to encode."""

    document: str
    kind: BlockKind
    section: str | None
    paragraph: int
    start: int
    end: int
    text: str
    page: int | None = None
    cells: tuple[Cell, ...] = ()
    caption: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Chunk:
        """Rebuild from ``to_dict``."""
        return cls(**{**data, "cells": tuple(Cell.from_dict(c) for c in data["cells"])})


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source in the identity card: sizes in bytes and in characters of extracted text, number of passages."""

    name: str
    sha256: str
    size: int
    encoding: str
    characters: int
    passages: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a part of one, that could not be read when the index was built, and why: one line."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The identity card of an index."""

    path: str
    documents: tuple[SourceInfo, ...]
    passages: int
    model: str
    dimension: int
    settings: dict[str, Any]
    """Chunker settings the index was built with."""
    versions: dict[str, str]
    """Versions of the packages that built it."""
    created: str
    """ISO 8601, UTC."""
    generation: str
    """Changes with every build: a running reader compares it to notice a new index."""
    skipped: tuple[Skipped, ...] = ()
    """What of the sources is not in the index."""
    sources: tuple[str, ...] = ()
    """The files and folders it was built from, as absolute paths."""
    fingerprint: str = ""
    """Hash of what the model makes of a fixed text, to two decimals: another model has another."""
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 of every file of the index, checked whenever it is opened."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)
