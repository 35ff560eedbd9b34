"""Keeps a running page warm and on the newest index: a rebuild is taken up between two questions, without a restart."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

from index.place import place_at
from qa.assistant import Assistant
from qa.errors import IndexMismatchError, YoujuError
from qa.examples import Example, Language, example_questions

#: The manifest is looked at this often at most, seconds.
CHECK_EVERY = 1.0

#: A question waits this long for a newer index to be opened, seconds: a small one answers it, a big one the next.
TAKE_UP_WAIT = 3.0

#: The page waits this long for the models before it shows itself without example questions, seconds.
WARM_UP_WAIT = 120.0

Examples = dict[Language, list[Example]]

Reopen = Callable[[str], Assistant]


class LiveAssistant:
    """Hands out the assistant of the index generation in use; an old one serves until the new one is warm."""

    def __init__(self, assistant: Assistant, reopen: Reopen = Assistant.open) -> None:
        """Load the models of ``assistant`` in the background, so that the page answers to the eye at once."""
        self._assistant = assistant
        self._reopen = reopen
        self._examples: Examples = {}
        self._warm = threading.Event()
        self._busy = threading.Lock()
        self._checked = time.monotonic()
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def current(self) -> Assistant:
        """Return the assistant to ask now: on a newer index if there is one, unless that takes long to open."""
        due = time.monotonic() - self._checked >= CHECK_EVERY
        if due and self._warm.is_set() and self._busy.acquire(blocking=False):
            seen = threading.Event()
            threading.Thread(target=self._take_up, args=(seen,), name="take-up", daemon=True).start()
            seen.wait(TAKE_UP_WAIT)
        return self._assistant

    def examples(self) -> Examples:
        """Return the example questions by language once they are known; empty when they are not known in time."""
        self._warm.wait(WARM_UP_WAIT)
        return self._examples

    def _warm_up(self) -> None:
        try:
            self._examples = _prepare(self._assistant)
        except YoujuError as error:  # the first question will say so on the page as well
            sys.stderr.write(f"error: {error}\n")
        finally:
            self._warm.set()

    def _take_up(self, seen: threading.Event) -> None:
        """Open a newer index if there is one, let it serve, set ``seen``, and find its example questions."""
        try:
            info = self._assistant.info
            if place_at(info.path).generation() != info.generation:
                newer = self._reopen(info.path)
                try:  # models loaded anew with every rebuild would never give their memory back
                    newer = newer.with_models_of(self._assistant)
                    newer.warm_up()
                except IndexMismatchError:  # the model's folder holds another one under the same name
                    newer = self._reopen(info.path)
                    newer.warm_up()
                self._assistant = newer
                seen.set()
                self._examples = _prepare(newer)
        except YoujuError as error:  # half written, damaged or gone: what is open keeps serving
            sys.stderr.write(f"the index has changed but cannot be used yet: {error}\n")
        finally:
            self._checked = time.monotonic()
            self._busy.release()
            seen.set()


def _prepare(assistant: Assistant) -> Examples:
    assistant.warm_up()
    languages: tuple[Language, ...] = ("zh", "en")
    return {language: example_questions(assistant, language) for language in languages}
