"""Command line: ``python -m qa ask | retrieve | gaps | verify | evaluate | mcp``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.cli import OneLineParser, counted, guarded, one_line
from index.place import place_at
from qa.errors import AnswerFileError

#: The form of a question set: here, so that ``--help`` need not load what evaluates.
QUESTION_SET = """\
One JSON object a line:
  {"id": "a", "question": "…", "verdict": "stated", "evidence": ["…"], "figure": "…"}
verdict   stated, omitted, not_found or passage; or a list of those that are right
evidence  one of these texts must stand in a quote; left out, none need be quoted
figure    this must stand in a figure that is marked, where the verdict is stated; may be left out
A conversation has "turns" beside its id: a list of such objects without ids, in their order.
"""


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m qa", description="Ask a report; every answer is a verbatim quote.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_)
        sub.add_argument("--index", help="index folder, or milvus://host:port/collection (default: index/data)")
        sub.set_defaults(run=run)
        return sub

    for name, help_, run in (
        ("ask", "answer a question", _ask),
        ("retrieve", "list the nearest passages", _retrieve),
    ):
        sub = command(name, help_, run)
        sub.add_argument("question")
        sub.add_argument("--model", help="fail unless the index was built with this model")
        sub.add_argument("--json", action="store_true", help="print JSON")
        sub.add_argument("--document", help="name of the one document to search (default: all)")
        if name == "retrieve":
            sub.add_argument("-k", type=int, default=5, help="number of passages (default: 5)")
    gaps = command("gaps", "list every figure the source omits", _gaps)
    gaps.add_argument("file", nargs="?", type=Path, help="a text file; without it, the documents of the index")
    gaps.add_argument("--json", action="store_true", help="print JSON")
    command("verify", "re-check every quote of an exported answer", _verify).add_argument("answer", type=Path)
    command("mcp", "serve ask, retrieve and gaps as MCP tools on stdio (needs youju[mcp])", _mcp)
    evaluation = command("evaluate", "score a question set", _evaluate)
    evaluation.add_argument("cases", type=Path, help="the question set, a JSON Lines file")
    evaluation.epilog, evaluation.formatter_class = QUESTION_SET, argparse.RawDescriptionHelpFormatter
    return parser


def _open(arguments: argparse.Namespace) -> Any:  # noqa: ANN401
    from qa.assistant import Assistant

    return Assistant.open(arguments.index, getattr(arguments, "model", None) or os.environ.get("YOUJU_MODEL"))


def _load_networks_ahead() -> None:
    """Load the networks that most answers take while the rest of the program is being read."""
    from index import bundled
    from index.inference import load_ahead
    from qa import reader

    own = (bundled.NETWORK, bundled.PASSAGE_LAYERS, bundled.QUESTION_LAYERS)
    load_ahead(*(bundled.WEIGHTS / name for name in own), reader.WEIGHTS / reader.NETWORK)


def _dump(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


def _ask(arguments: argparse.Namespace) -> int:
    place_at(arguments.index).generation()  # where there is none, that is said at once
    _load_networks_ahead()
    from index.__main__ import warn_of_changes
    from qa.markdown import plain_answer

    assistant = _open(arguments)
    answer = assistant.ask(arguments.question, document=arguments.document)
    _dump(answer.to_dict()) if arguments.json else print(plain_answer(answer))
    warn_of_changes(assistant.info, assistant.info.path)
    return 0


def _retrieve(arguments: argparse.Namespace) -> int:
    passages = _open(arguments).retrieve(arguments.question, arguments.k, arguments.document)
    if arguments.json:
        _dump([p.to_dict() for p in passages])
        return 0
    for p in passages:
        section = f" | {p.section}" if p.section else ""
        print(f"{p.score:6.2f}  {p.document} ¶{p.paragraph} [{p.start}:{p.end}]{section}\n        {p.text}\n")
    return 0


def _gaps(arguments: argparse.Namespace) -> int:
    from qa.health import Health, index_health, text_health

    healths: list[Health]
    if arguments.file is not None:
        from index.documents import read_document

        healths = [text_health(read_document(arguments.file, arguments.file.name))]
    else:
        healths = index_health(_open(arguments))
    if arguments.json:
        _dump([h.to_dict() for h in healths])
        return 0
    print("\n\n".join(h.describe() for h in healths))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from qa.assistant import Assistant
    from qa.verify import differences, load_answers

    answers = load_answers(arguments.answer)
    store = place_at(arguments.index).open()
    requote = Assistant(store).quote
    lines = [line for answer in answers for line in differences(answer, store.documents, requote)]
    quotes = sum(len(a.quotes) + len(a.nearest) for a in answers)
    if lines:
        raise AnswerFileError(f"{arguments.answer}: {len(lines)} of its claims do not hold: " + "; ".join(lines))
    if not quotes:
        print("no quotes to verify")
        return 0
    print(f"{counted(quotes, 'quote')} verified: text, offsets and source hashes all hold")
    return 0


def _mcp(arguments: argparse.Namespace) -> int:
    from qa.mcp_server import build_server

    assistant = _open(arguments)

    def current() -> Any:  # noqa: ANN401
        nonlocal assistant
        assistant = assistant.refreshed()
        return assistant

    build_server(current).run("stdio")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from qa.evaluate import evaluate, load_cases, never_quoted, report

    cases = load_cases(arguments.cases)
    assistant = _open(arguments)
    for line in never_quoted(cases, [assistant.document_text(d.name) for d in assistant.info.documents]):
        print(one_line(line), file=sys.stderr)
    print(report(evaluate(assistant, cases)))
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = _parser().parse_args(argv)
    return guarded(lambda: int(arguments.run(arguments)))


if __name__ == "__main__":
    sys.exit(main())
