"""Fold text for comparison, one character to one character, so that offsets survive."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import takewhile
from typing import Any

_SURROGATES = re.compile("[\ud800-\udfff]")
_HAN = re.compile("[㐀-鿿]")


@lru_cache(maxsize=1)
def _converter() -> Any:  # noqa: ANN401 - opencc ships no types
    import opencc

    return opencc.OpenCC("t2s")


class _Folded(dict[int, str]):
    """What a character is folded to, by its number; worked out when it is met first."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        folded = unicodedata.normalize("NFKC", character).lower()
        self[number] = folded if len(folded) == 1 else character
        return self[number]


_FOLDED = _Folded()


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


@lru_cache(maxsize=1)
def simplified_characters() -> dict[int, int]:
    """Return what each traditional character is in simplified Chinese, by their numbers: for ``str.translate``."""
    characters = [chr(number) for number in range(0x4E00, 0xA000)]
    converted: str = _converter().convert("\n".join(characters))
    return {ord(c): ord(s) for c, s in zip(characters, converted.split("\n"), strict=True) if len(s) == 1 and s != c}


def fold(text: str) -> str:
    """Return ``text`` in simplified Chinese, half width and lower case; ``len(fold(text)) == len(text)``."""
    return to_simplified(text).translate(_FOLDED)


def has_han(text: str) -> bool:
    """Whether any character of ``text`` is Chinese."""
    return _HAN.search(text) is not None


def mostly_cjk(text: str) -> bool:
    """Whether at least a third of ``text`` is Chinese: a passage of it then counts in Chinese characters."""
    return sum(c >= "\u2e80" for c in text) * 3 > len(text)


def shared_start(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def replaced(pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], text: str) -> str:
    """Return ``text`` with every match of the pattern in its folded form replaced by what ``new`` says of it."""
    for match in reversed(list(pattern.finditer(fold(text)))):
        text = text[: match.start()] + new(match) + text[match.end() :]
    return text
