"""BM25 over overlapping character n-grams: the lexical half of retrieval.

Chinese has no spaces, and a segmenter's cuts differ between question and text; characters and overlapping bigrams need
none. Latin words and numbers with their magnitude (9.89亿) stay whole, so that one figure never matches a piece of
another. Words that only ask (多少, what) are left out of a question: rare in reports, they would weigh most.

The scores are worked out when the index is built, one list of (passage, score) for each term; a question sums the lists
of its terms. Files are bare arrays, mapped into memory when read: opening costs the same for any size.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import map_array, save_array
from index.folding import fold

#: BM25's saturation of repeated terms and its share of length normalisation. Chosen on CMRC 2018 train.
K1, B = 0.8, 0.6

#: Postings read for a question at most, of its rarest terms first: bounds the time at a million passages.
MAX_POSTINGS = 1_500_000

_TOKEN = re.compile(r"(?P<number>\d+(?:[.,:/]\d+)*[万亿%]*)|(?P<word>[a-z]+(?:['-]?[a-z0-9]+)*)|(?P<cjk>[㐀-鿿豈-﫿]+)")

_ASKS = re.compile(
    "请问|是什么时候|什么时候|是什么|什么|是多少|有多少|多少|多大|多长|多高|是否|哪些|哪一年|哪一|哪个|哪里|哪年|哪位|哪种|哪|是谁|谁"
    "|为什么|为何|如何|怎样|怎么|何时|何地|何|几|吗|呢"
    r"|\b(?:what|which|how many|how much|how|who|when|where|why|is|are|was|were|the|of|did|does|do)\b"
)

_FILES = ("terms.u64", "starts.i64", "rows.i32", "postings.f32")


def tokenize(text: str) -> list[str]:
    """Return the tokens of ``text``: whole words and numbers, Chinese bigrams, and characters that stand alone."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        run = match.group()
        tokens.append(run) if match.lastgroup != "cjk" else tokens.extend(_grams(run))
    return tokens


def terms(text: str) -> list[str]:
    """Return what BM25 counts in a text: its tokens, and every single Chinese character."""
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        run = match.group()
        found += [run] if match.lastgroup != "cjk" else [*run, *(_grams(run) if len(run) > 1 else ())]
    return found


def question_terms(question: str) -> list[str]:
    """Return the terms of a question without words that only ask; all of them when nothing else is left."""
    return terms(_ASKS.sub(" ", fold(question))) or terms(question)


def _grams(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def full_score(passages: int, held: Iterable[tuple[int, int]]) -> float:
    """Return the score of a text that holds every term: of each, the passages that hold it and its times."""
    terms_held, times = np.array(list(held), dtype=np.int64).reshape(-1, 2).T
    return float(np.sum(times * rarity(passages, terms_held)))


def term_number(term: str) -> int:
    """Return a number for a term: 64 bits, so that two of a million terms share one once in some ten million times."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def rarity(passages: int, holding: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return BM25's weight of terms of which so many of the passages hold each."""
    return np.asarray(np.log1p((passages - holding + 0.5) / (holding + 0.5)), dtype=np.float32)


def saturated(often: NDArray[np.float32], long: NDArray[np.float32], average: float) -> NDArray[np.float32]:
    """Return BM25's share, up to 1, of a term that stands so often in a passage of so many terms."""
    return np.asarray(often / (often + K1 * (1 - B + B * long / average)), dtype=np.float32)


def best_rows(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the rows of the ``k`` largest scores above nothing, ascending; of equal ones the first."""
    rows: NDArray[np.int64] = np.flatnonzero(scores > 0)
    if len(rows) <= k:
        return rows
    found = scores[rows]
    least = np.partition(found, -k)[-k] if k > 0 else np.inf
    surely, perhaps = rows[found > least], rows[found == least]
    return np.sort(np.concatenate([surely, perhaps[: k - len(surely)]])) if k > 0 else rows[:0]


@dataclass(frozen=True, slots=True)
class Match:
    """What the wording of one question scores in every passage; ``full`` is ``LexicalIndex.full_score``."""

    scores: NDArray[np.float32]
    full: float

    def best(self, k: int) -> NDArray[np.int64]:
        """Return the rows of the ``k`` passages that score most, ascending, none that score nothing."""
        return best_rows(self.scores, k)

    def of(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return what the given passages score."""
        return self.scores[rows]


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 scores of every passage for a question.

    ``terms`` holds the terms' numbers, ascending, uint64. Term i scores ``postings[starts[i]:starts[i + 1]]`` (float32)
    in the passages ``rows[starts[i]:starts[i + 1]]`` (int32, ascending).
    """

    size: int
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    postings: NDArray[np.float32]
    length: float = 0.0
    """Terms in a passage on average; known when it has just been built."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index ``texts``; row i of the scores belongs to ``texts[i]``."""
        numbers: dict[str, int] = {}
        term, count, distinct, length = array("i"), array("i"), array("i"), array("i")
        for text in texts:
            counts = Counter(terms(text))
            term.extend(numbers.setdefault(token, len(numbers)) for token in counts)
            count.extend(counts.values())
            distinct.append(len(counts))
            length.append(counts.total())
        hashes = np.array([term_number(token) for token in numbers], dtype=np.uint64)
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
        average = max(float(long.mean()), 1e-9)
        score = saturated(often, long[rows], average) * np.repeat(rarity(len(texts), holding), holding)
        return cls(len(texts), hashes[order], starts, rows, score.astype(np.float32), average)

    def match(self, question: str) -> Match:
        """Return what the wording of a question scores."""
        return Match(self.scores(question), self.full_score(question))

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
        return total

    def full_score(self, question: str) -> float:
        """Return what a passage would score that holds nothing but all terms of the question, known or not."""
        held = [(len(self.postings_of(term)[0]), times) for term, times in Counter(question_terms(question)).items()]
        return full_score(self.size, held)

    def postings_of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the passages that hold ``term`` and what it scores in each."""
        number = np.uint64(term_number(term))
        at = int(np.searchsorted(self.terms, number))
        if at == len(self.terms) or self.terms[at] != number:
            return self.rows[:0], self.postings[:0]
        own = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.rows[own], self.postings[own]

    def save(self, folder: Path) -> None:
        """Write the index's files into ``folder``."""
        folder.mkdir()
        arrays: tuple[NDArray[Any], ...] = (self.terms, self.starts, self.rows, self.postings)
        for name, values in zip(_FILES, arrays, strict=True):
            save_array(folder / name, values)

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Open what ``save`` wrote; ``size`` is the number of passages. Raises OSError or ValueError."""
        numbers, starts, rows, postings = (map_array(folder / name) for name in _FILES)
        if len(starts) != len(numbers) + 1 or not int(starts[-1]) == len(rows) == len(postings):
            raise ValueError(f"{folder}: lists of terms and passages do not fit each other")
        return cls(size, numbers, starts, rows, postings)
