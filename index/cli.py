"""What both command lines share: one clear line for whatever goes wrong, and exit status 2."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from index.errors import YoujuError


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, without the usage."""

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]  # noqa: ANN401
        """Read the arguments; exits with one line where one of them can be neither a path nor a question."""
        for word in sys.argv[1:] if args is None else args:
            try:
                if b"\0" in os.fsencode(word):
                    self.error(f"{word!r} holds a character that ends every name")
            except UnicodeEncodeError:
                self.error(f"{word!r} is no text")
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Exit with status 2 and one line."""
        self.exit(2, f"error: {one_line(message)}. See: {self.prog} --help\n")


def one_line(message: str) -> str:
    """Return the message with line breaks written out, so that a hostile name cannot forge a second line."""
    return message.replace("\r", "\\r").replace("\n", "\\n")


def counted(number: int, noun: str) -> str:
    """Return how many there are of a thing that has a regular plural."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def guarded(run: Callable[[], int]) -> int:
    """Run a command; errors become one line on stderr and status 2. A closed pipe ends it quietly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show ¶ shows an escape instead
            stream.reconfigure(errors="backslashreplace")
    try:
        status = run()
        sys.stdout.flush()
        return status
    except YoujuError as error:
        message = str(error)
    except BrokenPipeError:
        # Whoever read us has enough; keep the interpreter from complaining when it flushes at exit.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        message = f"{error.strerror or error}. Check the disk and the path."
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # the last line of defence: a defect of ours must not show as a traceback
        message = f"unexpected {type(error).__name__} ({error}). Please report it with the command that led to it."
    sys.stderr.write(f"error: {one_line(message)}\n")
    return 2
