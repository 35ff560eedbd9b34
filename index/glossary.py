"""English words in Chinese and Chinese words in English, for questions in another language than the report.

From CC-CEDICT (CC BY-SA 4.0; see ``index.make_glossary``): glosses of a few words, as stems, and the readings of
characters, by which Beiling may be 北岭. The encoder and the reader see to meaning, this to wording.
"""

from __future__ import annotations

import lzma
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

GLOSSARY = Path(__file__).parent / "weights" / "glossary.xz"

#: Words of a gloss, and characters of a headword, at most.
MAX_WORDS, MAX_CHARACTERS = 4, 7

#: What stands before a syllable of pinyin in the glossary, and what is tried at most for a name, or for a question.
READING = "~"
MAX_SPELLINGS = 3000

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_RUN = re.compile(r"(?P<english>[a-z]+(?:[' -][a-z]+)*)|(?P<chinese>[㐀-鿿]+)")

#: Words that a gloss may begin with and that any question holds: no term of their own.
_LITTLE = re.compile(
    "a|an|the|to|of|in|on|at|by|for|from|with|and|or|as|be|is|are|was|were|been|being|do|does|did|has|have|had|it|its"
    "|what|which|who|when|where|why|how|many|much|there|that|this|than|more|most|not|no|one"
)


class Translated(NamedTuple):
    """A term of a question and what it may be called in the other language; ``term`` as stems or characters."""

    term: str
    renderings: tuple[str, ...]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of an English word in lower case: users and user have one (Snowball)."""
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@cache
def _stemmer() -> Any:  # noqa: ANN401 - snowballstemmer ships no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def gloss_words(gloss: str) -> list[str]:
    """Return the stems of a gloss in lower case, without the articles and the like before it."""
    words = _WORD.findall(gloss)
    first = next((i for i, word in enumerate(words) if not _LITTLE.fullmatch(word)), len(words))
    return [stem(word) for word in words[first:]]


def translated(text: str) -> Iterator[Translated]:
    """Yield the words and phrases of a folded text that the glossary knows, the longest first at every place."""
    for run in _RUN.finditer(text.replace("ü", "v")):
        if run.lastgroup == "english":
            yield from _longest(_WORD.findall(run.group()), to_chinese(), MAX_WORDS, english=True)
        else:
            yield from _longest(list(run.group()), to_english(), MAX_CHARACTERS, english=False)


def _longest(
    parts: list[str], known: Mapping[str, tuple[str, ...]], longest: int, *, english: bool
) -> Iterator[Translated]:
    stems = [stem(part) for part in parts] if english else parts
    at = 0
    unknown: list[str] = []
    while at < len(parts):
        for size in range(min(longest, len(parts) - at), 0, -1):
            term = (" " if english else "").join(stems[at : at + size])
            if term in known and not (size == 1 and _LITTLE.fullmatch(parts[at])):
                yield from _spelt(unknown)
                unknown = []
                yield Translated(term, known[term])
                break
        else:
            unknown.append(parts[at])
        at += size
    yield from _spelt(unknown) if english else ()


def _spelt(words: list[str]) -> Iterator[Translated]:
    """Yield what the words would be in Chinese if they are a name in pinyin: Xu Shen, Hengdaohezi."""
    syllables: list[str] = []
    for word in [*words, ""]:
        found = _syllables(word.removesuffix("'s").replace("'", ""))
        if found:
            syllables += found
        elif len(syllables) > 1:
            name, syllables = syllables, []
            spellings = math.prod(len(_characters(s)) for s in name)
            while spellings > MAX_SPELLINGS and len(name) > 2:
                spellings //= len(_characters(name.pop(0)))
            yield Translated(" ".join(words), tuple(map("".join, product(*map(_characters, name)))))
        else:
            syllables = []


def _syllables(word: str) -> list[str]:
    """Cut a word into syllables of pinyin, the longest first; empty when it is none."""
    if not word:
        return []
    for size in range(min(6, len(word)), 0, -1):
        if _characters(word[:size]):
            rest = _syllables(word[size:])
            if rest or size == len(word):
                return [word[:size], *rest]
    return []


def _characters(syllable: str) -> tuple[str, ...]:
    return to_chinese().get(READING + syllable, ())


@cache
def to_chinese() -> Mapping[str, tuple[str, ...]]:
    """Return the Chinese words of each English gloss, read once when a question first needs it."""
    lines = lzma.decompress(GLOSSARY.read_bytes()).decode("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return MappingProxyType({gloss: tuple(words.split(" ")) for gloss, words in pairs})


@cache
def to_english() -> Mapping[str, tuple[str, ...]]:
    """Return the glosses of each Chinese word."""
    glosses: dict[str, list[str]] = {}
    for gloss, words in to_chinese().items():
        for word in words if not gloss.startswith(READING) else ():
            glosses.setdefault(word, []).append(gloss)
    return MappingProxyType({word: tuple(found) for word, found in glosses.items()})
