"""Chunk, encode, build and open the index of a folder of reports. Importing this package loads nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.build import build_index
    from index.datamodels import IndexInfo

__all__ = ["IndexInfo", "build_index"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name == "build_index":
        from index.build import build_index

        return build_index
    if name == "IndexInfo":
        from index.datamodels import IndexInfo

        return IndexInfo
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
