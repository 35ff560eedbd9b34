"""What every reader returns: the parts of a document in reading order, and how they become one text with blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from index.datamodels import Block
from index.structure import Piece, find_blocks
from index.tables import written_rows


class Unreadable(Exception):
    """A file cannot be read: the reason and the next step, as they follow the file's name."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text: a heading of some level (1 is the highest), an item of a list ("paragraph"), or undecided."""

    text: str
    kind: Literal["heading", "caption", "paragraph"] | None = None
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangular table, spanning cells repeated; ``headers`` is None where the format does not say."""

    grid: tuple[tuple[str, ...], ...]
    headers: int | None = None
    page: int | None = None


Part = Text | Table


@dataclass(frozen=True, slots=True)
class Parts:
    """A document as a reader found it; ``notes`` say what of it could not be read."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form: it travels from the reader's process to ours."""
        rows = [
            ["text", p.text, p.kind, p.level, p.page] if isinstance(p, Text) else ["table", p.grid, p.headers, p.page]
            for p in self.parts
        ]
        return {"parts": rows, "notes": self.notes}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Parts:
        """Rebuild from ``to_json``."""
        parts: list[Part] = []
        for kind, *row in data["parts"]:
            if kind == "text":
                parts.append(Text(*row))
            else:
                parts.append(Table(tuple(map(tuple, row[0])), *row[1:]))
        return cls(tuple(parts), tuple(data["notes"]))


def clean(text: str) -> str:
    """Return one line: white space of any kind is a single space, none at the ends; what cannot be shown is left out.

    Left out are control characters, lone surrogates and the invisible ones that only steer a line's breaking.
    """
    shown = "".join(
        c for c in text if c.isspace() or not (c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff")
    )
    return " ".join(shown.replace("\u200b", "").replace("\ufeff", "").replace("\u00ad", "").split())


def assemble(parts: Sequence[Part]) -> tuple[str, tuple[Block, ...]]:
    """Write the parts one below the other; return the document's text and its blocks.

    Every block is an exact slice of the text. Paragraphs are classified as those of a text file are.
    """
    lines: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for part in parts:
        if isinstance(part, Text):
            line = clean(part.text)
            if not line:
                continue
            pieces.append(Piece(at, at + len(line), part.kind, part.level, page=part.page))
        else:
            grid = [[clean(cell) for cell in row] for row in part.grid]
            line, rows = written_rows(grid, part.headers, at)
            if not rows:
                continue
            pieces += [Piece(r.start, r.end, "table", fixed=True, page=part.page, cells=r.cells) for r in rows]
        lines.append(line)
        at += len(line) + 1
    text = "\n".join(lines)
    return text, tuple(find_blocks(text, pieces))
