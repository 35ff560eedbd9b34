"""The process in which one file is read: bytes on stdin, the parts as JSON on stdout.

A hostile file can make a library loop, eat the memory, or crash: it then takes this process with it and no more.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from index.readers.parts import Parts, Unreadable

#: Address space of the process, bytes, and its processor time, seconds.
MEMORY = 3 * 1024**3
SECONDS = 120


def reader(kind: str) -> Callable[[bytes], Parts]:
    """Return the reader of a format: "pdf", "docx" or "html"."""
    if kind == "pdf":
        from index.readers.pdf import read_pdf

        return read_pdf
    if kind == "docx":
        from index.readers.docx import read_docx

        return read_docx
    from index.readers.html import read_html

    return read_html


def limit() -> None:
    """Bound what this process may take. Windows has no such limits: there only the parent's clock runs."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(kind: str) -> int:
    """Read stdin as a file of the format ``kind``; returns 0 also for a file that cannot be read, with its reason."""
    limit()
    try:
        found = reader(kind)(sys.stdin.buffer.read()).to_json()
    except Unreadable as error:
        found = {"unreadable": str(error)}
    except MemoryError:
        found = {"unreadable": "reading it takes more memory than any report should. Split it, or save it anew."}
    except RecursionError:
        found = {"unreadable": "its parts are nested too deeply. Save it anew."}
    sys.stdout.buffer.write(json.dumps(found).encode("ascii"))
    return 0
