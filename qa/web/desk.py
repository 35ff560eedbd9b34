"""The local user's desk: add a report to the source folder, set one aside, rebuild the index, all from the page.

A file that comes in is read as a report would be and copied as it is; it is never executed nor shown raw. A report
that is removed is moved to ``.removed`` in the source folder, where the index does not look, never deleted.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.build import Progress
from index.datamodels import IndexInfo
from index.documents import SUFFIXES, find_sources, parse_document
from index.errors import SourceError, YoujuError

#: Largest report taken in through the page, bytes: some five million Chinese characters.
MAX_UPLOAD = 16 * 1024 * 1024

#: Builds the index of the folder; calls its argument with passages done and to do.
Build = Callable[[Path, Progress], object]


class Desk:
    """Changes the sources of the page's index. One build at a time; the old index serves until the new one is whole."""

    def __init__(self, folder: Path, build: Build) -> None:
        self._folder = folder
        self._build = build
        self._lock = threading.Lock()
        self._state: dict[str, Any] = {"running": False, "done": 0, "total": 0, "error": None}

    def owns(self, info: IndexInfo) -> bool:
        """Whether the index was built from this very folder: only then may a rebuild replace it."""
        try:
            names = {name for _, name in find_sources(self._folder)}
        except SourceError:
            return False
        return {d.name for d in info.documents} <= names

    def state(self) -> dict[str, Any]:
        """Return ``running``, passages ``done`` and ``total``, and the ``error`` line of the last build or None."""
        return dict(self._state)

    def rebuild(self, change: Callable[[], object] = lambda: None) -> None:
        """Make a change to the sources and start building in the background.

        Raises SourceError, and changes nothing, while a build is running; raises what ``change`` does.
        """
        with self._lock:
            if self._state["running"]:
                raise SourceError("a rebuild is running. Wait for it to end.")
            change()
            self._state = {"running": True, "done": 0, "total": 0, "error": None}
        threading.Thread(target=self._run, name="rebuild", daemon=True).start()

    def add(self, name: str, encoded: str) -> str:
        """Copy a report (base64) into the source folder and return its name. Raises SourceError when it is none."""
        clean = Path(name.replace("\\", "/")).name
        if not clean or clean.startswith(".") or Path(clean).suffix.lower() not in SUFFIXES:
            raise SourceError(f"{clean or name}: only {', '.join(SUFFIXES)} files can be added.")
        if not clean.isprintable():
            raise SourceError(f"{clean!a}: the name holds signs that cannot be seen. Rename the file.")
        if len(encoded) > MAX_UPLOAD * 4 // 3 + 4:
            raise SourceError(f"{clean}: over the limit of {MAX_UPLOAD // 1024 // 1024} MiB. Split the file.")
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise SourceError(f"{clean}: the file arrived incomplete. Add it again.") from error
        parse_document(data, clean)  # raises when there is no text in it
        try:
            with (self._folder / clean).open("xb") as file:
                file.write(data)
        except FileExistsError as error:
            raise SourceError(f"{clean}: there is a report of this name. Remove it, or rename the file.") from error
        except OSError as error:
            raise SourceError(f"{clean}: cannot be stored ({error.strerror or error}).") from error
        return clean

    def add_all(self, files: Sequence[tuple[str, str]]) -> None:
        """Copy several reports, each given as name and base64. Raises SourceError for the first that is none.

        Then nothing has been added.
        """
        added: list[str] = []
        try:
            for name, encoded in files:
                added.append(self.add(name, encoded))
        except SourceError:
            for name in added:
                (self._folder / name).unlink(missing_ok=True)
            raise

    def remove(self, name: str) -> None:
        """Set a report aside. Raises SourceError when it is unknown or the only one."""
        sources = {n: path for path, n in find_sources(self._folder)}
        if name not in sources:
            raise SourceError(f"{name}: no such report.")
        if len(sources) == 1:
            raise SourceError(f"{name}: the only report. Add another one first.")
        aside = self._folder / ".removed"
        try:
            aside.mkdir(exist_ok=True)
            target = aside / sources[name].name
            number = 1
            while target.exists():
                target = aside / f"{sources[name].stem}-{number}{sources[name].suffix}"
                number += 1
            sources[name].rename(target)
        except OSError as error:
            raise SourceError(f"{name}: cannot be moved ({error.strerror or error}).") from error

    def _run(self) -> None:
        error: str | None = None
        try:
            self._build(self._folder, self._progress)
        except YoujuError as failed:
            error = str(failed)
        except Exception as failed:  # a page must never wait for a build that has died
            error = f"the rebuild failed ({type(failed).__name__}). Run it on the command line: python -m index build"
        self._state = {**self._state, "running": False, "error": error}

    def _progress(self, done: int, total: int) -> None:
        self._state = {**self._state, "done": done, "total": total}
