"""The same ``ask``, ``retrieve`` and ``gaps`` as tools for assistants, over the Model Context Protocol on stdio.

Needs the extra: ``pip install -e '.[mcp]'``. It brings the protocol's own package: Gradio's extra would do the same
over HTTP only, and holds pydantic back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qa.endpoints import endpoints
from qa.errors import ExtraMissingError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from qa.assistant import Assistant

INSTRUCTIONS = (
    "Answers about the user's indexed reports with word-for-word quotes. The verdict says whether the report states "
    "the figure asked for (stated), speaks of it with the number missing (omitted), does not cover it (not_found), or "
    "answers in words (passage). Never fill in a number that is omitted or not found."
)


def build_server(current: Callable[[], Assistant]) -> MCPServer[Any]:
    """Return the MCP server over the assistant that ``current`` hands out. Raises ExtraMissingError without mcp."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError as error:
        raise ExtraMissingError(
            f"the MCP tools need the package mcp ({error}). Install it in the project's folder: pip install -e '.[mcp]'"
        ) from error

    server: MCPServer[Any] = MCPServer("youju", title="有据 Youju", instructions=INSTRUCTIONS, log_level="WARNING")

    for function in endpoints(current, ToolError):
        server.tool(structured_output=True)(function)
    return server
