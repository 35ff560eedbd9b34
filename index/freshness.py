"""Whether the sources of an index are still what they were when it was built."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.datamodels import IndexInfo
from index.documents import find_sources
from index.errors import SourceError


def changed_sources(info: IndexInfo) -> list[str]:
    """Return one line for each source that was edited, removed or added since the build; empty when nothing was.

    Sources that are not on this machine, as when an index was copied, count as unchanged: there is nothing to compare.
    """
    roots = [Path(root) for root in info.sources]
    there = [root for root in roots if root.exists()]
    if not there:
        return []
    try:
        now = {name: path for path, name in find_sources(there)}
    except SourceError as error:
        return [f"the sources cannot be compared: {error}"]
    built = {d.name: d for d in info.documents}
    left_out = {s.name for s in info.skipped}
    lines = []
    for name, document in built.items():
        if name not in now:
            lines.append(f"{name}: removed since the build")
        elif _differs(now[name], document.size, document.sha256):
            lines.append(f"{name}: changed since the build")
    lines += [f"{name}: added since the build" for name in now if name not in built and name not in left_out]
    return lines


def _differs(path: Path, size: int, digest: str) -> bool:
    try:
        if path.stat().st_size != size:
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != digest
    except OSError:
        return True
