"""Fold text for comparison, one character to one character, so that offsets survive."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_SURROGATES = re.compile("[\ud800-\udfff]")
_HAN = re.compile("[㐀-鿿]")


@lru_cache(maxsize=1)
def _converter() -> Any:  # noqa: ANN401 - opencc ships no types
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def to_simplified(text: str) -> str:
    """Return ``text`` in simplified Chinese, with the same length."""
    safe = _SURROGATES.sub("\ufffd", text)
    converted: str = _converter().convert(safe)
    if len(converted) != len(safe):  # a phrase entry that changes length: fall back to single characters
        converted = "".join(_same_length(c) for c in safe)
    return converted


@lru_cache(maxsize=65536)
def _same_length(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


def fold(text: str) -> str:
    """Return ``text`` in simplified Chinese, half width and lower case; ``len(fold(text)) == len(text)``."""
    return "".join(map(_fold_character, to_simplified(text)))


def has_han(text: str) -> bool:
    """Whether any character of ``text`` is Chinese."""
    return _HAN.search(text) is not None


def mostly_cjk(text: str) -> bool:
    """Whether at least a third of ``text`` is Chinese: a passage of it then counts in Chinese characters."""
    return sum(c >= "\u2e80" for c in text) * 3 > len(text)
