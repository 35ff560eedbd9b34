"""The README is true: its Python runs and gives what it says, its commands exist, and CI runs its test command."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import index.__main__ as index_cli
import qa.__main__ as qa_cli
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
LINES = [line for _, block in BLOCKS for line in block.splitlines() if line.startswith("python -m ")]
COMMANDS = [line.split("#")[0].split(" > ")[0].strip() for line in LINES]


@pytest.fixture(scope="module")
def bundled_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from index import build_index

    out = tmp_path_factory.mktemp("readme") / "data"
    build_index(ROOT / "seeds", out)
    return out


def evaluate_statement(line: ast.stmt, source: str, scope: dict[str, Any]) -> tuple[str, str] | None:
    """Run a statement; return (shown, expected) when a comment behind or below it says what it gives."""
    if not isinstance(line, ast.Expr):
        exec(compile(ast.Module([line], []), "README", "exec"), scope)
        return None
    value = eval(compile(ast.Expression(line.value), "README", "eval"), scope)
    rest = source.splitlines()[line.end_lineno - 1 :]
    comment = re.search(r"#\s*(.*)", rest[0]) or (re.match(r"#\s*(.*)", rest[1]) if len(rest) > 1 else None)
    shown = comment.group(1).split(": ")[0] if comment else ""
    return (repr(value), shown) if re.match(r"['\[(]", shown) else None


@pytest.mark.model
def test_python_blocks_give_what_they_say(bundled_index: Path) -> None:
    checked = 0
    scope: dict[str, Any] = {}
    for language, block in BLOCKS:
        if language != "python" or "doctest: skip" in block:
            continue
        source = block.replace('"index/data"', repr(str(bundled_index)))
        for line in ast.parse(source).body:
            result = evaluate_statement(line, source, scope)
            if result is not None:
                assert result[0] == result[1]
                checked += 1
    assert checked >= 4


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_exist(command: str) -> None:
    _, _, package, *arguments = shlex.split(command)
    {"qa": qa_cli, "index": index_cli}[package]._parser().parse_args(arguments)


def test_ci_runs_the_readmes_test_command() -> None:
    command = next(b.strip() for _, b in BLOCKS if "pytest" in b)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
