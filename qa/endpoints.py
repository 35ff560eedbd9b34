"""What programs may call, over HTTP (``app.py``) or as MCP tools (``python -m qa mcp``): one definition for both.

Annotations stay evaluated here (no ``from __future__``): Gradio and the MCP library read them as types, and the
docstrings as descriptions.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from qa.assistant import Assistant
from qa.errors import DocumentError, QuestionError, YoujuError
from qa.health import index_health
from qa.web.schema import AnswerJson, HealthJson, PassageJson

#: Passages that one call may ask for.
MOST_PASSAGES = 100


def endpoints(current: Callable[[], Assistant], failure: Callable[[str], Exception]) -> list[Callable[..., Any]]:
    """Return ``ask``, ``retrieve`` and ``gaps`` over the assistant that ``current`` hands out at each call.

    Their JSON is ``to_dict()`` of what the Python calls of the same names return. What the caller can mend is raised
    as what ``failure`` makes of the line that says so.
    """

    def ask(question: str, history: list[str] | None = None, document: str | None = None) -> AnswerJson:
        """Answer a question about the indexed reports with word-for-word quotes and a verdict.

        Args:
            question: One question, in Chinese or English.
            history: The earlier questions of the conversation, oldest first.
            document: Name of the one document to search; all of them when it is left out.

        Returns:
            verdict (stated, omitted, not_found or passage), message, quotes with offsets, figures and gaps.

        """
        _check(history=history, document=document)
        return cast(AnswerJson, current().ask(question, history or [], document).to_dict())

    def retrieve(question: str, k: int = 5, document: str | None = None) -> list[PassageJson]:
        """Return the k passages nearest to a question, best first; a larger score is better.

        Args:
            question: One question, in Chinese or English.
            k: Number of passages, 1 to 100.
            document: Name of the one document to search; all of them when it is left out.

        """
        _check(document=document)
        if not isinstance(k, int) or not 1 <= k <= MOST_PASSAGES:
            raise QuestionError(f"k is {k!r:.40}; give a number of passages from 1 to {MOST_PASSAGES}.")
        return [cast(PassageJson, p.to_dict()) for p in current().retrieve(question, k, document)]

    def gaps(document: str | None = None) -> list[HealthJson]:
        """Return every sentence in which the source omits a figure, with its holes, by document.

        Args:
            document: Name of one indexed document; all of them when it is left out.

        """
        _check(document=document)
        assistant = current()
        known = [d.name for d in assistant.info.documents]
        if document is not None and document not in known:
            raise DocumentError(f"{document!r} is not indexed. Choose from: {', '.join(known)}")
        chosen = None if document is None else [document]
        return [cast(HealthJson, h.to_dict()) for h in index_health(assistant, chosen)]

    return [_failing_with(failure, function) for function in (ask, retrieve, gaps)]


def _check(*, history: object = None, document: object = None) -> None:
    """Raise QuestionError for arguments of another type: what comes as JSON may be anything."""
    if history is not None and not (isinstance(history, list) and all(isinstance(h, str) for h in history)):
        raise QuestionError("history must be a list of the earlier questions, each a text.")
    if document is not None and not isinstance(document, str):
        raise QuestionError("document must be the name of one indexed document, or be left out.")


def _failing_with(failure: Callable[[str], Exception], function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        try:
            return function(*arguments, **named)
        except YoujuError as error:
            raise failure(str(error)) from error

    return call
