"""What the index package passes around: documents, their blocks, the chunks that are indexed, and the identity card.

All offsets are characters into ``Document.text`` (newlines already normalised), end exclusive.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

BlockKind = Literal["title", "date", "heading", "paragraph", "caption", "editor"]


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


@dataclass(frozen=True, slots=True)
class Block:
    """One structural unit of a document: title, heading, paragraph, caption and so on.

    ``text[start:end]`` is the block, without surrounding white space. ``section`` is the heading text the block stands
    under (a heading's section is itself), None before the first heading. ``paragraph`` counts blocks from 1.
    """

    kind: BlockKind
    start: int
    end: int
    section: str | None
    paragraph: int


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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)
