"""Command line: ``python -m index build`` and ``python -m index info``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from index.cli import OneLineParser, counted, guarded, one_line
from index.datamodels import IndexInfo
from index.freshness import changed_sources
from index.place import place_at
from index.store import DEFAULT_INDEX


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m index", description="Build the index of reports, or show what it is.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build the index; an old one serves until the new one is complete")
    build.add_argument("source", nargs="*", type=Path, help="files and folders to index (default: seeds)")
    where = build.add_mutually_exclusive_group()
    where.add_argument("--out", default=DEFAULT_INDEX, help="index folder (default: index/data)")
    where.add_argument("--store", dest="out", help="milvus://host:port/collection, an index that machines share")
    build.add_argument("--model", help="any sentence-transformers name or folder (default: the bundled model)")
    build.add_argument(
        "--processes", type=_count, default=1, help="processes that encode, for a big build (default: 1)"
    )
    build.add_argument("--json", action="store_true", help="print the identity card as JSON")
    info = commands.add_parser("info", help="show the identity card: documents, hashes, model, sizes")
    info.add_argument(
        "--index", default=DEFAULT_INDEX, help="index folder, or milvus://host:port/collection (default: index/data)"
    )
    info.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes")
    return int(text)


def _build(arguments: argparse.Namespace) -> IndexInfo:
    from tqdm import tqdm

    from index.build import build_index

    sources = arguments.source or [default_sources()]
    with tqdm(unit="passage", desc="encoding", disable=None, file=sys.stderr) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return build_index(sources, arguments.out, arguments.model, report, processes=arguments.processes)


def default_sources() -> Path:
    """Return the ``seeds`` folder: of the working directory, else of the checkout."""
    here = Path("seeds")
    return here if here.is_dir() else Path(__file__).resolve().parent.parent / "seeds"


def describe(info: IndexInfo) -> str:
    """Return the identity card for reading."""
    lines = [
        f"index      {info.path}",
        f"created    {info.created}",
        f"sources    {', '.join(info.sources)}",
        f"model      {info.model} ({info.dimension} dimensions, fingerprint {info.fingerprint})",
        f"passages   {info.passages}",
    ]
    for d in info.documents:
        lines.append(
            f"document   {d.name}: {counted(d.passages, 'passage')}, {d.characters} characters, {d.size} bytes, "
            f"{d.encoding}"
        )
        lines.append(f"           sha256 {d.sha256}")
    if info.files:  # there are none on a server
        lines.append(f"files      {len(info.files)}, their SHA-256 as when they were written")
    lines += [f"skipped    {s.name}: {s.reason}" for s in info.skipped]
    lines.append("settings   " + ", ".join(f"{k} {v}" for k, v in info.settings.items()))
    lines.append("versions   " + ", ".join(f"{k} {v}" for k, v in info.versions.items()))
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = _parser().parse_args(argv)
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    info = _build(arguments) if arguments.command == "build" else place_at(arguments.index).info()
    print(json.dumps(info.to_dict(), ensure_ascii=False, indent=1) if arguments.json else describe(info))
    if arguments.command == "info":
        warn_of_changes(info, arguments.index)
    if arguments.command == "build":
        for skipped in info.skipped:
            print(one_line(f"not in the index: {skipped.name}: {skipped.reason}"), file=sys.stderr)
        warn_of_damage(arguments.out)
    return 0


def warn_of_changes(info: IndexInfo, index: str | Path) -> None:
    """Say on stderr which sources changed since the build, one line each, and how to mend it."""
    changed = changed_sources(info)
    for line in changed:
        print(one_line(line), file=sys.stderr)
    if changed:
        again = place_at(index).rebuild_command()
        print(f"the index answers from the sources as they were. Build anew: {again}", file=sys.stderr)


def warn_of_damage(index: str | Path) -> None:
    """Say on stderr which of the indexed documents look damaged: one line each."""
    from qa.assistant import Assistant
    from qa.health import index_health

    for health in index_health(Assistant.open(index)):
        if health.gaps:
            print(health.summary(), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
