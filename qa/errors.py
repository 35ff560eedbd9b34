"""The error family of Youju (drawn in ``index.errors``), and what only questions can do wrong."""

from __future__ import annotations

from index.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexReplacedError,
    IndexUnreachableError,
    IndexUnusableError,
    ModelError,
    SourceError,
    StoreError,
    YoujuError,
)

__all__ = [
    "AnswerFileError",
    "DocumentError",
    "ExtraMissingError",
    "IndexDamagedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexReplacedError",
    "IndexUnreachableError",
    "IndexUnusableError",
    "ModelError",
    "QuestionError",
    "SourceError",
    "StoreError",
    "YoujuError",
]


class QuestionError(YoujuError):
    """The question is empty, over-long or unreadable, or no passage is asked for."""


class DocumentError(YoujuError):
    """A document is named that the index does not hold."""


class AnswerFileError(YoujuError):
    """An exported answer or a question set cannot be read."""


class ExtraMissingError(YoujuError):
    """A feature is asked for whose optional package is not installed."""
