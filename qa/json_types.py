"""The JSON that programs get, typed: what ``to_dict()`` of ``qa.datamodels`` gives, for the API page and MCP clients.

Annotations stay evaluated here (no ``from __future__``): Gradio and the MCP library read them as types.
"""

from typing import Any

from typing_extensions import TypedDict


class FigureJson(TypedDict):
    """``Figure.to_dict()``."""

    text: str
    start: int
    end: int
    value: str | None
    unit: str | None
    heads: list[str]


class GapJson(TypedDict):
    """``Gap.to_dict()``."""

    at: int
    confidence: float
    unit: str | None
    heads: list[str]


class PassageJson(TypedDict):
    """``Passage.to_dict()``."""

    text: str
    document: str
    section: str | None
    paragraph: int
    start: int
    end: int
    score: float
    page: int | None


class QuoteJson(TypedDict):
    """``Quote.to_dict()``."""

    text: str
    document: str
    section: str | None
    paragraph: int
    start: int
    end: int
    figures: list[FigureJson]
    gaps: list[GapJson]
    page: int | None


class AnswerJson(TypedDict):
    """``Answer.to_dict()``."""

    question: str
    verdict: str
    message: str
    quotes: list[QuoteJson]
    figures: list[FigureJson]
    gaps: list[GapJson]
    nearest: list[QuoteJson]
    understood: str
    language: str
    confidence: float
    sources: dict[str, str]
    debug: dict[str, Any]


class HealthJson(TypedDict):
    """``Health.to_dict()``: what is missing from one document."""

    document: str
    gaps: int
    figures: int
    sentences: int
    share: float
    omissions: list[QuoteJson]
