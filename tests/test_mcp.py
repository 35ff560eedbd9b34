"""The MCP tools through a real client session over stdio, against what Python answers."""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest

from qa.__main__ import main as qa_main
from qa.assistant import Assistant
from qa.datamodels import Answer
from qa.overlap import OverlapReader
from tests.conftest import ROOT, FakeEncoder


def in_session(built: Path, use: Callable[[Any], Awaitable[None]]) -> None:
    """Start ``python -m qa mcp`` with the fake models as a process of its own and talk to it as a client would."""
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    server = StdioServerParameters(
        command=sys.executable, args=["-m", "tests.serve", "--mcp", str(built)], cwd=str(ROOT)
    )

    async def run() -> None:
        with anyio.fail_after(100):
            async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
                await session.initialize()
                await use(session)

    # Playwright keeps a loop running in the main thread once a browser test has used it.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(anyio.run, run).result()


@pytest.fixture
def assistant(built: Path) -> Assistant:
    return Assistant.open(built, encoder=FakeEncoder(), reader=OverlapReader())


def test_the_tools_are_described_and_typed(built: Path) -> None:
    async def use(session: Any) -> None:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == {"ask", "retrieve", "gaps"}
        assert tools["ask"].description.startswith("Answer a question")
        assert set(tools["ask"].input_schema["properties"]) == {"question", "history", "document"}
        assert tools["ask"].input_schema["required"] == ["question"]
        assert set(tools["ask"].output_schema["properties"]) == set(Answer("", "passage", "").to_dict())

    in_session(built, use)


def test_the_tools_answer_as_python_does(built: Path, assistant: Assistant) -> None:
    async def use(session: Any) -> None:
        history = ["全年发电量是多少？"]
        asked = await session.call_tool("ask", {"question": "那水电呢？", "history": history})
        assert asked.structured_content == json.loads(json.dumps(assistant.ask("那水电呢？", history).to_dict()))
        omitted = await session.call_tool("ask", {"question": "煤炭进口量是多少？", "document": "energy.txt"})
        assert omitted.structured_content["verdict"] == "omitted"
        found = await session.call_tool("retrieve", {"question": "煤炭进口量", "k": 2})
        expected = [p.to_dict() for p in assistant.retrieve("煤炭进口量", 2)]
        assert [p["text"] for p in found.structured_content["result"]] == [p["text"] for p in expected]
        missing = await session.call_tool("gaps", {})
        assert [h["document"] for h in missing.structured_content["result"]] == ["energy.txt"]
        assert missing.structured_content["result"][0]["gaps"] == sum(len(q.gaps) for q in assistant.gaps())

    in_session(built, use)


@pytest.mark.parametrize(
    ("tool", "arguments", "line"),
    [
        ("ask", {"question": " "}, "there are no words in the question"),
        ("ask", {"question": "全年发电量是多少？", "document": "other.txt"}, "Choose from: energy.txt"),
        ("retrieve", {"question": "煤", "k": 0}, "from 1 to 100"),
        ("gaps", {"document": "other.txt"}, "Choose from: energy.txt"),
    ],
)
def test_what_the_caller_can_mend_is_one_line(built: Path, tool: str, arguments: dict[str, Any], line: str) -> None:
    async def use(session: Any) -> None:
        result = await session.call_tool(tool, arguments)
        assert result.is_error
        assert line in result.content[0].text
        assert "Traceback" not in result.content[0].text

    in_session(built, use)


def test_without_the_extra_it_fails_loudly(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without_mcp(name: str, *rest: Any) -> Any:
        if name == "mcp" or name.startswith("mcp."):
            raise ModuleNotFoundError(f"No module named {name!r}")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_mcp)
    assert qa_main(["mcp", "--index", str(built)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "pip install -e '.[mcp]'" in err
    assert err.count("\n") == 1


def test_a_missing_index_is_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert qa_main(["mcp", "--index", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
