"""What the qa package answers with. Frozen, and JSON round-trips through ``to_dict``/``from_dict``.

All offsets are characters into the document's text, end exclusive: ``document_text[x.start:x.end] == x.text``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Literal

Verdict = Literal["stated", "omitted", "not_found", "passage"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A numeric expression as it stands in the text.

    ``text`` includes the unit and any hedge (近, 约, 超, 多, over…). ``value`` is the number it states in plain units
    (9.89亿 is 989000000, 70.4% is 70.4 with unit %), or None when it cannot be read exactly. ``unit`` is None when
    there is none.
    """

    text: str
    start: int
    end: int
    value: Decimal | None = None
    unit: str | None = None
    heads: tuple[str, ...] = ()
    """In a table, what the figure stands under: the caption, the heads of the row, those of the column."""

    def shifted(self, offset: int) -> Figure:
        """Return the same figure with its offsets moved by ``offset`` characters."""
        return replace(self, start=self.start + offset, end=self.end + offset)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; the value as a string, so that no digit is lost."""
        value = None if self.value is None else str(self.value)
        return {**asdict(self), "value": value, "heads": list(self.heads)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Figure:
        """Rebuild from ``to_dict``."""
        value = data["value"]
        heads = tuple(data.get("heads", ()))
        return cls(**{**data, "value": None if value is None else Decimal(value), "heads": heads})


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where a number once stood: it is missing before ``text[at]``.

    ``confidence`` is a probability in 0..1. ``unit`` is the unit that follows the hole, or None.
    """

    at: int
    confidence: float
    unit: str | None = None
    heads: tuple[str, ...] = ()
    """In a table, what the missing figure would stand under."""

    def shifted(self, offset: int) -> Gap:
        """Return the same gap with its offset moved by ``offset`` characters."""
        return replace(self, at=self.at + offset)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {**asdict(self), "heads": list(self.heads)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Gap:
        """Rebuild from ``to_dict``."""
        return cls(**{**data, "heads": tuple(data.get("heads", ()))})


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk of a document. ``paragraph`` counts from 1; ``score``: larger is better.

    ``page`` counts from 1; None where the document has no pages.
    """

    text: str
    document: str
    section: str | None
    paragraph: int
    start: int
    end: int
    score: float
    page: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Passage:
        """Rebuild from ``to_dict``."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact slice of a document, with every figure and gap that stands in it (offsets into the document)."""

    text: str
    document: str
    section: str | None
    paragraph: int
    start: int
    end: int
    figures: tuple[Figure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    page: int | None = None
    """The page it stands on, from 1; None where the document has no pages."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return {**plain, "figures": [f.to_dict() for f in self.figures], "gaps": [g.to_dict() for g in self.gaps]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Quote:
        """Rebuild from ``to_dict``."""
        figures = tuple(Figure.from_dict(f) for f in data["figures"])
        gaps = tuple(Gap.from_dict(g) for g in data["gaps"])
        return cls(**{**data, "figures": figures, "gaps": gaps})


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask`` returns: a verdict, one message in the question's language, and the quotes that carry it.

    ``figures`` are the figures that answer the question, empty unless ``stated``; ``gaps`` the holes where the figure
    asked for is missing. ``nearest`` holds, for ``not_found``, what the report does say nearby: never an answer.
    """

    question: str
    verdict: Verdict
    message: str
    quotes: tuple[Quote, ...] = ()
    figures: tuple[Figure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    nearest: tuple[Quote, ...] = ()
    understood: str = ""
    """The complete question that was answered: differs from ``question`` for a follow-up."""
    language: str = "zh-hans"
    confidence: float = 0.0
    """Calibrated probability that the verdict is right, 0..1."""
    sources: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the bytes of every document quoted, for ``python -m qa verify``."""
    debug: dict[str, Any] = field(default_factory=dict)
    """Why: the scores of the slots considered and the rule that decided. JSON values only."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        lists = {name: [x.to_dict() for x in plain[name]] for name in ("quotes", "figures", "gaps", "nearest")}
        return {**plain, **lists}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Answer:
        """Rebuild from ``to_dict``."""
        parts: dict[str, Any] = {
            "quotes": tuple(Quote.from_dict(q) for q in data["quotes"]),
            "figures": tuple(Figure.from_dict(f) for f in data["figures"]),
            "gaps": tuple(Gap.from_dict(g) for g in data["gaps"]),
            "nearest": tuple(Quote.from_dict(q) for q in data["nearest"]),
        }
        return cls(**{**data, **parts})

    def to_markdown(self) -> str:
        """Return the answer as Markdown: the message, then every quote in a fenced block with its place."""
        from qa.markdown import answer_to_markdown

        return answer_to_markdown(self)
