"""BM25 over overlapping character n-grams: the lexical half of retrieval.

Chinese has no spaces, and a segmenter's cuts differ between question and text; characters and overlapping bigrams need
none. English words are counted by their stems; numbers with their magnitude (9.89亿) stay whole, so that one figure
never matches a piece of another. Words that only ask (多少, what) are left out of a question: rare in reports, they
would weigh most. A word of a question also counts where it stands in the other language, as the glossary knows it.

The scores are worked out when the index is built, one list of (passage, score) for each term; a question sums the lists
of its terms. Files are bare arrays, mapped into memory when read: opening costs the same for any size.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import map_array, save_array
from index.folding import fold
from index.glossary import Translated, stem, translated

#: BM25's saturation of repeated terms and its share of length normalisation. Chosen on CMRC 2018 train.
K1, B = 0.8, 0.6

#: Postings read for a question at most, of its rarest terms first: bounds the time at a million passages.
MAX_POSTINGS = 1_500_000

_TOKEN = re.compile(r"(?P<number>\d+(?:[.,:/]\d+)*[万亿%]*)|(?P<word>[a-z]+(?:['-]?[a-z0-9]+)*)|(?P<cjk>[㐀-鿿豈-﫿]+)")

_CJK = re.compile("[㐀-鿿豈-﫿]")

_ASKS = re.compile(
    "请问|是什么时候|什么时候|是什么|什么|是多少|有多少|多少|多大|多长|多高|是否|哪些|哪一年|哪一|哪个|哪里|哪年|哪位|哪种|哪|是谁|谁"
    "|为什么|为何|如何|怎样|怎么|何时|何地|何|几|吗|呢"
    r"|\b(?:what|which|how many|how much|how|who|when|where|why|is|are|was|were|the|of|did|does|do)\b"
)

_FILES = ("terms.u64", "starts.i64", "rows.i32", "postings.f32", "languages.i64")

#: English words of a passage that make it English, when no Chinese stands in it: a few are names and heads of columns.
_ENGLISH = 5


def tokenize(text: str) -> list[str]:
    """Return the tokens of ``text``: whole words and numbers, Chinese bigrams, and characters that stand alone."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        tokens += _grams(match.group()) if match.lastgroup == "cjk" else [_whole(match)]
    return tokens


def terms(text: str) -> list[str]:
    """Return what BM25 counts in a text: its tokens, and every single Chinese character."""
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        run = match.group()
        found += [_whole(match)] if match.lastgroup != "cjk" else [*run, *(_grams(run) if len(run) > 1 else ())]
    return found


def question_terms(question: str) -> list[str]:
    """Return the terms of a question without words that only ask; all of them when nothing else is left."""
    return terms(asked_words(question)) or terms(question)


def asked_words(question: str) -> str:
    """Return a question folded, with blanks in place of the words that only ask."""
    return _ASKS.sub(" ", fold(question))


def _is_chinese(token: str) -> bool:
    return bool(_CJK.match(token))


def _rendered(rendering: str) -> list[str]:
    """Return the terms of a rendering: the bigrams of a Chinese word, or its one character; the stems of a gloss."""
    return _grams(rendering) if _is_chinese(rendering) else rendering.split(" ")


def _whole(match: re.Match[str]) -> str:
    return stem(match.group()) if match.lastgroup == "word" else match.group()


def _grams(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _number(term: str) -> int:
    """Return a number for a term: 64 bits, so that two of a million terms share one once in some ten million times."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def _rarity(passages: int, holding: Any) -> Any:  # noqa: ANN401 - a number or an array of them
    """Return BM25's weight of a term that so many of the passages hold."""
    return np.log1p((passages - holding + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 scores of every passage for a question.

    ``terms`` holds the terms' numbers, ascending, uint64. Term i scores ``postings[starts[i]:starts[i + 1]]`` (float32)
    in the passages ``rows[starts[i]:starts[i + 1]]`` (int32, ascending). ``languages`` holds the number of passages in
    Chinese and in English, int64.
    """

    size: int
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    postings: NDArray[np.float32]
    languages: NDArray[np.int64]

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index ``texts``; row i of the scores belongs to ``texts[i]``."""
        numbers: dict[str, int] = {}
        term, count, distinct, length = array("i"), array("i"), array("i"), array("i")
        languages = np.zeros(2, dtype=np.int64)
        for text in texts:
            counts = Counter(terms(text))
            chinese = any(_is_chinese(token) for token in counts)
            languages += (chinese, not chinese and sum(token.isalpha() for token in counts) >= _ENGLISH)
            term.extend(numbers.setdefault(token, len(numbers)) for token in counts)
            count.extend(counts.values())
            distinct.append(len(counts))
            length.append(counts.total())
        hashes = np.array([_number(token) for token in numbers], dtype=np.uint64)
        order = np.argsort(hashes)
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        held = place[np.frombuffer(term, dtype=np.int32)] if len(term) else np.zeros(0, dtype=np.int32)
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), np.array(distinct, dtype=np.int32))
        by_term = np.argsort(held, kind="stable")
        holding = np.bincount(held, minlength=len(hashes))
        starts = np.concatenate([[0], np.cumsum(holding)]).astype(np.int64)
        rows = rows[by_term]
        often = np.array(count, dtype=np.float32)[by_term]
        long = np.array(length, dtype=np.float32)
        rarity = _rarity(len(texts), holding).astype(np.float32)
        damping = K1 * (1 - B + B * long / max(float(long.mean()), 1e-9))
        scores = np.repeat(rarity, holding) * often / (often + damping[rows])
        return cls(len(texts), hashes[order], starts, rows, scores.astype(np.float32), languages)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return BM25 scores of shape ``(passages,)``; zeros when no term of the question is known."""
        total = np.zeros(self.size, dtype=np.float32)
        found = [(*self.postings_of(term), times) for term, times in Counter(question_terms(question)).items()]
        read = 0
        for rows, scores, times in sorted(found, key=lambda posting: len(posting[0])):
            read += len(rows)
            if read > MAX_POSTINGS and total.any():
                break
            total[rows] += times * scores  # no row twice within a term
        for term in self._translated(question):
            best = np.zeros(self.size, dtype=np.float32)
            for holding, score in map(self._holding_all, term.renderings):
                best[holding] = np.maximum(best[holding], score)
            total += best
        return total

    def full_score(self, question: str) -> float:
        """Return what a passage would score that holds all terms of the question, each in one language.

        Terms that nothing holds count in full, unless they are known in the other language.
        """
        counts = Counter(question_terms(question))
        total = 0.0
        for term in self._translated(question):
            known = [rarity for rarity in map(self._rarity_of, term.renderings) if rarity > 0]
            if known:
                total += max(known)
                for own in terms(term.term):
                    if not len(self.postings_of(own)[0]):
                        counts[own] = 0
        held = [(len(self.postings_of(term)[0]), times) for term, times in counts.items()]
        return total + float(sum(times * _rarity(self.size, holding) for holding, times in held))

    def _translated(self, question: str) -> list[Translated]:
        """Return the words of the question that have another in a language of the passages, not the question's own."""
        asked = asked_words(question)
        chinese, english = self.languages.tolist()
        in_chinese = any(map(_is_chinese, asked))
        return list(translated(asked)) if (english if in_chinese else chinese) else []

    def _holding_all(self, rendering: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the passages that hold all terms of ``rendering``, and what these score together in each."""
        total: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        found: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        for n, term in enumerate(_rendered(rendering)):
            rows, scores = self.postings_of(term)
            if n == 0:
                found, total = rows.astype(np.int64), scores
            else:
                found, one, other = np.intersect1d(found, rows, assume_unique=True, return_indices=True)
                total = total[one] + scores[other]
        return found, total

    def _rarity_of(self, rendering: str) -> float:
        """Return the score that ``rendering`` has where it stands alone; 0 where a term of it is not known."""
        held = [len(self.postings_of(term)[0]) for term in _rendered(rendering)]
        return float(sum(_rarity(self.size, holding) for holding in held)) if all(held) else 0.0

    def postings_of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the passages that hold ``term`` and what it scores in each."""
        number = np.uint64(_number(term))
        at = int(np.searchsorted(self.terms, number))
        if at == len(self.terms) or self.terms[at] != number:
            return self.rows[:0], self.postings[:0]
        own = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.rows[own], self.postings[own]

    def save(self, folder: Path) -> None:
        """Write the index's files into ``folder``."""
        folder.mkdir()
        arrays: tuple[NDArray[Any], ...] = (self.terms, self.starts, self.rows, self.postings, self.languages)
        for name, values in zip(_FILES, arrays, strict=True):
            save_array(folder / name, values)

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Open what ``save`` wrote; ``size`` is the number of passages. Raises OSError or ValueError."""
        parts = [map_array(folder / name) for name in _FILES]
        numbers, starts, rows, postings, languages = parts
        sizes_fit = len(starts) == len(numbers) + 1 and int(starts[-1]) == len(rows) == len(postings)
        if not sizes_fit or len(languages) != 2:
            raise ValueError(f"{folder}: lists of terms and passages do not fit each other")
        return cls(size, *parts)
