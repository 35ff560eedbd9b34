"""Everything that can be wrong with what a user hands us, as one line that says what to do next.

YoujuError
├── SourceError        no source, empty, undecodable, unreadable
├── ModelError         the sentence-transformers model cannot be loaded
├── StoreError         the index cannot be written where it should go
└── IndexUnusableError
    ├── IndexMissingError    there is none at that place
    ├── IndexDamagedError    a file is missing, truncated or altered
    ├── IndexMismatchError   built with another model or by another version
    ├── IndexReplacedError   a newer index has taken the place of the one that is open
    └── IndexUnreachableError  the server that keeps it is down, slow, or refuses us
"""

from __future__ import annotations


def reason_of(error: Exception) -> str:
    """Return why something failed in one short line: the first of the error's message, or its name."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]


class YoujuError(Exception):
    """Base of all errors meant for the user: ``str(error)`` is one line with the next step."""


class SourceError(YoujuError):
    """A source file or folder cannot be read as a report."""


class ModelError(YoujuError):
    """The named sentence-transformers model cannot be loaded or encodes nothing usable."""


class StoreError(YoujuError):
    """The index cannot be written where it should go."""


class IndexUnusableError(YoujuError):
    """There is no index that can be opened at the given place."""


class IndexMissingError(IndexUnusableError):
    """No index at the given place."""


class IndexDamagedError(IndexUnusableError):
    """A file of the index is missing, truncated or altered."""


class IndexMismatchError(IndexUnusableError):
    """The index was built with another model or by an incompatible version."""


class IndexReplacedError(IndexUnusableError):
    """The index that is open is gone from the server: a newer one has taken its place."""


class IndexUnreachableError(IndexUnusableError):
    """The server that keeps the index is down, slow, still loading, or refuses us."""
