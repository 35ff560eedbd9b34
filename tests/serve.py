"""Serve the page over an index built with the fake encoder, in a process of its own.

``python -m tests.serve INDEX [SOURCES]``: with a source folder, the page may rebuild, slowly enough to watch.
``python -m tests.serve --mcp INDEX``: the MCP tools on stdio instead of the page.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from tests.conftest import ROOT, FakeEncoder

#: Steepness of a word-counting reader that is as sure as the learned one where all of a question's words stand.
SURE = 20.0

#: Steps in which the page's rebuild reports its progress.
STEPS = 4


@contextmanager
def process(*arguments: str, timeout: float = 120) -> Iterator[str]:
    """Start ``python *arguments``, wait for the address that it prints, yield it, and end the process."""
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            line = server.stdout.readline()
            address = next((word for word in line.split() if word.startswith("http://")), None)
            assert address, f"{line}{server.stderr.read() if server.poll() is not None else ''}"
            deadline = time.monotonic() + timeout
            while time.monotonic() < deadline:
                with suppress(OSError), urlopen(address, timeout=5):
                    break
            yield address
        finally:
            server.terminate()
            server.communicate(timeout=20)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(index: Path, sources: Path | None = None) -> None:
    import app
    from index.build import Progress, build_index
    from qa.assistant import Assistant
    from qa.overlap import OverlapReader
    from qa.web.desk import Desk

    def reopen(folder: Path) -> Assistant:
        return Assistant.open(folder, encoder=FakeEncoder(), reader=OverlapReader(SURE))

    def build(folder: Path, progress: Progress) -> object:
        for step in range(STEPS):
            progress(step, STEPS)
            time.sleep(0.7)
        return build_index(folder, index, encoder=FakeEncoder())

    nearby = app.nearby_questions

    def slowly_nearby(*arguments: object) -> list[str]:
        time.sleep(1)
        return nearby(*arguments)

    app.nearby_questions = slowly_nearby
    demo = app.build_demo(reopen(index), reopen, Desk(sources, build) if sources else None)
    _, url, _ = demo.launch(
        prevent_thread_lock=True, server_name="127.0.0.1", server_port=free_port(), **app.launch_settings()
    )
    print(url.rstrip("/"), flush=True)
    demo.block_thread()


def serve_mcp(index: Path) -> None:
    from qa.assistant import Assistant
    from qa.mcp_server import build_server
    from qa.overlap import OverlapReader

    assistant = Assistant.open(index, encoder=FakeEncoder(), reader=OverlapReader())
    build_server(lambda: assistant).run("stdio")


if __name__ == "__main__":
    if sys.argv[1] == "--mcp":
        serve_mcp(Path(sys.argv[2]))
    else:
        serve(*map(Path, sys.argv[1:]))
