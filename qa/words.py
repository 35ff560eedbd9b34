"""Where words may begin in Chinese text, and patterns that read both scripts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from index.bundled import stored_pieces
from index.folding import fold, simplified_characters


@lru_cache(maxsize=1)
def _segmenter() -> Any:  # noqa: ANN401 - tokenizers ships no types
    """Return the encoder's vocabulary as a unigram model: the likeliest cut of a text into its pieces."""
    from tokenizers import Tokenizer, models

    stored = stored_pieces()
    pieces = list(zip(stored.pieces, stored.scores, strict=True))
    return Tokenizer(models.Unigram(pieces, unk_id=stored.pieces.index("<unk>")))


@lru_cache(maxsize=1024)
def word_starts(text: str) -> tuple[int, ...]:
    """Return the offsets at which words begin, in order; the first is 0 unless ``text`` is empty.

    A rare word falls into several pieces, so that a cut within it is possible; two words are hardly ever one.
    """
    encoded = _segmenter().encode(fold(text), add_special_tokens=False)
    return tuple(dict.fromkeys(start for start, _ in encoded.offsets))


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    """Return, for each simplified character, the characters that are simplified to it."""
    found: dict[str, str] = {}
    for character, simple in simplified_characters().items():
        found[chr(simple)] = found.get(chr(simple), "") + chr(character)
    return found


def both_scripts(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a pattern written in simplified characters so that it reads traditional ones as well."""
    out: list[str] = []
    within = False
    for at, character in enumerate(pattern):
        if character in "[]" and pattern[at - 1 : at] != "\\":
            within = character == "["
        others = _variants().get(character, "")
        out.append(f"{character}{others}" if within or not others else f"[{character}{others}]")
    return re.compile("".join(out), flags)
