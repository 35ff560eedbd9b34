"""Source health: every figure a document omits, and how much of it is hit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.build import chunk_document
from index.cli import counted
from index.datamodels import Document
from qa.datamodels import Quote
from qa.markdown import marked
from qa.slots import SlottedPassage, slotted

if TYPE_CHECKING:
    from qa.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Health:
    """What is missing from one document."""

    document: str
    omissions: tuple[Quote, ...]
    """Every sentence with a hole, in document order."""
    sentences: int
    figures: int

    @property
    def gaps(self) -> int:
        """Number of missing figures."""
        return sum(len(q.gaps) for q in self.omissions)

    @property
    def share(self) -> float:
        """Share of sentences hit, 0..1."""
        return len(self.omissions) / self.sentences if self.sentences else 0.0

    def summary(self) -> str:
        """Return one line on the document."""
        if not self.gaps:
            return f"{self.document}: 未发现数字缺失 / no figure is missing ({counted(self.figures, 'figure')} stated)"
        return (
            f"{self.document}: 本文约有 {self.gaps} 处数字缺失，涉及 {self.share:.0%} 的句子 / "
            f"about {counted(self.gaps, 'figure')} {'is' if self.gaps == 1 else 'are'} missing, "
            f"in {self.share:.0%} of the sentences ({self.figures} stated)"
        )

    def describe(self) -> str:
        """Return the summary and every sentence with its holes marked, for reading."""
        lines = [self.summary()]
        for q in self.omissions:
            section = f" | {q.section}" if q.section else ""
            lines.append(f"  ¶{q.paragraph} [{q.start}:{q.end}]{section}\n    {marked(q, ())}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "document": self.document,
            "gaps": self.gaps,
            "figures": self.figures,
            "sentences": self.sentences,
            "share": round(self.share, 4),
            "omissions": [q.to_dict() for q in self.omissions],
        }


def omissions(passage: SlottedPassage) -> list[Quote]:
    """Return every sentence of a passage in which a figure is missing."""
    spans = {passage.sentence_at(s.start, s.end) for s in passage.slots if s.gap is not None}
    return [quote for quote in (passage.quote(*span) for span in sorted(spans)) if quote.gaps]


def health(document: str, passages: list[SlottedPassage]) -> Health:
    """Return the health of a document from its passages."""
    return Health(
        document=document,
        omissions=tuple(q for p in passages for q in omissions(p)),
        sentences=sum(len(p.sentences) for p in passages),
        figures=sum(s.figure is not None for p in passages for s in p.slots),
    )


def text_health(document: Document) -> Health:
    """Return the health of a document that is not indexed."""
    return health(document.name, [slotted(chunk, document.text) for chunk in chunk_document(document)])


def index_health(assistant: Assistant, documents: Iterable[str] | None = None) -> list[Health]:
    """Return the health of some indexed documents, or of all in the index's order."""
    return [health(name, passages) for name, passages in assistant.slotted_passages(documents).items()]
