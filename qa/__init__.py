"""Ask a report: retrieve its passages, judge whether the figure is there, quote word for word.

Importing this package loads nothing heavy; the model is loaded at the first question.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.datamodels import Answer, Passage

__all__ = ["Assistant", "ask", "retrieve"]


@lru_cache(maxsize=1)
def _default() -> Assistant:
    from qa.assistant import Assistant

    return Assistant.open()


def ask(question: str, history: Sequence[str] = ()) -> Answer:
    """Answer a question from the default index; see ``Assistant.ask``."""
    return _default().ask(question, history)


def retrieve(question: str, k: int = 5) -> list[Passage]:
    """Return the ``k`` nearest passages of the default index; see ``Assistant.retrieve``."""
    return _default().retrieve(question, k)


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name == "Assistant":
        from qa.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
