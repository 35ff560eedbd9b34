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
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import map_array, save_array
from index.folding import fold
from index.glossary import MAX_SPELLINGS, stem, translated

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


def term_number(term: str) -> int:
    """Return a number for a term: 64 bits, so that two of a million terms share one once in some ten million times."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def rarity(passages: int, holding: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return BM25's weight of terms of which so many of the passages hold each."""
    return np.asarray(np.log1p((passages - holding + 0.5) / (holding + 0.5)), dtype=np.float32)


def rarities(passages: int, holding: Mapping[str, int]) -> dict[str, float]:
    """Return ``rarity`` of each term; ``holding`` tells how many of the passages hold it."""
    return dict(zip(holding, rarity(passages, np.array(list(holding.values()))).tolist(), strict=True))


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


Posting = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Passages, ascending, and what a term scores in each."""


@dataclass(frozen=True, slots=True)
class Called:
    """A word of a question: its own terms, and those of each thing that it may be called in the other language."""

    own: tuple[str, ...]
    renderings: tuple[tuple[str, ...], ...]

    def scores(self, postings_of: Callable[[str], Posting]) -> Posting:
        """Return the passages that hold all terms of a rendering, and what the best of them scores in each."""
        found = [_holding_all(rendering, postings_of) for rendering in self.renderings]
        rows = np.concatenate([rows for rows, _ in found])
        scores = np.concatenate([scores for _, scores in found])
        known, at = np.unique(rows, return_inverse=True)
        best = np.zeros(len(known), dtype=np.float32)
        np.maximum.at(best, at, scores)
        return known, best


def _holding_all(rendering: Sequence[str], postings_of: Callable[[str], Posting]) -> Posting:
    found, total = postings_of(rendering[0])
    for term in rendering[1:]:
        rows, scores = postings_of(term)
        found, one, other = np.intersect1d(found, rows, assume_unique=True, return_indices=True)
        total = total[one] + scores[other]
    return found, total


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in which terms are looked for: its runs of Chinese, folded, and its words and numbers."""

    chinese: str
    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Sentence:
        """Read a sentence, or any text."""
        found = list(_TOKEN.finditer(fold(text)))
        runs = " ".join(match.group() for match in found if match.lastgroup == "cjk")
        return cls(runs, frozenset(_whole(match) for match in found if match.lastgroup != "cjk"))

    def held(self, chinese: Iterable[str], others: AbstractSet[str]) -> set[str]:
        """Return which of some Chinese and of some other terms are among the ``terms`` of the sentence."""
        return {term for term in chinese if term in self.chinese} | (others & self.words)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question looks for: its terms with their times, and what its words are called in the other language."""

    times: dict[str, int]
    called: tuple[Called, ...]

    @classmethod
    def of(cls, question: str, languages: Sequence[int]) -> Wording:
        """Read a question; ``languages`` are the passages in Chinese and in English that it may be asked of."""
        asked = asked_words(question)
        others = languages[any(map(_is_chinese, asked))]
        words = [(terms(w.term), list(map(_rendered, w.renderings))) for w in (translated(asked) if others else ())]
        called: list[Called] = []
        left = MAX_SPELLINGS
        for own, said in words:
            # A lone character says little beside a word.
            longer = [r for r in said if len(r[0]) > 1] or said
            left -= len(longer)
            if left >= 0:
                called.append(Called(tuple(own), tuple(map(tuple, longer))))
        return cls(dict(Counter(question_terms(question))), tuple(called))

    def terms(self) -> list[str]:
        """Return every term that is looked for, the question's own first."""
        others = (term for called in self.called for rendering in called.renderings for term in rendering)
        return list(dict.fromkeys([*self.times, *others]))

    def full(self, passages: int, holding: Callable[[str], int]) -> float:
        """Return what a passage would score that holds everything, each word in one language.

        ``holding`` tells how many passages hold a term. Words that none holds count in full, unless they are known in
        the other language.
        """

        def alone(rendering: Sequence[str]) -> float:
            held = [holding(term) for term in rendering]
            return float(rarity(passages, np.array(held)).sum()) if all(held) else 0.0

        total = 0.0
        elsewhere: set[str] = set()
        for called in self.called:
            best = max(map(alone, called.renderings))
            total += best
            elsewhere.update(called.own if best else ())
        held = {term: holding(term) for term in self.times}
        own = [(held[term], times) for term, times in self.times.items() if held[term] or term not in elsewhere]
        count, times = np.array(own, dtype=np.int64).reshape(-1, 2).T
        return total + float(np.sum(times * rarity(passages, count)))

    def of_passage(self, scores: Mapping[str, float]) -> float:
        """Return the score of a passage in which each term that it holds scores so much."""
        own = sum(times * scores.get(term, 0.0) for term, times in self.times.items())
        found = (
            [sum(scores[term] for term in r) for r in called.renderings if all(term in scores for term in r)]
            for called in self.called
        )
        return own + sum(max(best, default=0.0) for best in found)

    def of_sentences(self, weights: Mapping[str, float], passages: Sequence[Sequence[Sentence]]) -> list[float]:
        """Return what the terms weigh that two neighbouring sentences hold at best, for each passage."""
        chinese, others = [t for t in weights if _is_chinese(t)], {t for t in weights if not _is_chinese(t)}

        def best(sentences: Sequence[Sentence]) -> float:
            held = [sentence.held(chinese, others) for sentence in sentences]
            pairs = [one | other for one, other in pairwise(held)] or held
            return max((self.of_passage({term: weights[term] for term in both}) for both in pairs), default=0.0)

        return [best(sentences) for sentences in passages]


@dataclass(frozen=True, slots=True)
class Match:
    """What the wording of one question scores in every passage; ``full`` is ``LexicalIndex.full_score``.

    ``weights`` holds the rarity of every term that is looked for.
    """

    scores: NDArray[np.float32]
    full: float
    wording: Wording
    weights: Mapping[str, float]

    def best(self, k: int) -> NDArray[np.int64]:
        """Return the rows of the ``k`` passages that score most, ascending, none that score nothing."""
        return best_rows(self.scores, k)

    def of(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return what the given passages score."""
        return self.scores[rows]

    def of_sentences(self, passages: Sequence[Sequence[Sentence]]) -> list[float]:
        """Return what the terms weigh that two neighbouring sentences hold at best, for each passage."""
        return self.wording.of_sentences(self.weights, passages)


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
    length: float = 0.0
    """Terms in a passage on average; known when it has just been built."""

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
        return cls(len(texts), hashes[order], starts, rows, score.astype(np.float32), languages, average)

    def match(self, question: str) -> Match:
        """Return what the wording of a question scores."""
        wording = self.wording(question)
        found = {term: self.postings_of(term) for term in wording.terms()}
        held = {term: len(rows) for term, (rows, _) in found.items()}
        full = wording.full(self.size, held.__getitem__)
        return Match(self._scores(wording, found.__getitem__), full, wording, rarities(self.size, held))

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return BM25 scores of shape ``(passages,)``; zeros when no term of the question is known."""
        return self._scores(self.wording(question), self.postings_of)

    def _scores(self, wording: Wording, postings_of: Callable[[str], Posting]) -> NDArray[np.float32]:
        total = np.zeros(self.size, dtype=np.float32)
        found = [(*postings_of(term), times) for term, times in wording.times.items()]
        read = 0
        for rows, scores, times in sorted(found, key=lambda posting: len(posting[0])):
            read += len(rows)
            if read > MAX_POSTINGS and total.any():
                break
            total[rows] += times * scores  # no row twice within a term
        for called in wording.called:
            rows, scores = called.scores(postings_of)
            total[rows] += scores
        return total

    def full_score(self, question: str) -> float:
        """Return what a passage would score that holds all terms of the question, each in one language."""
        return self.wording(question).full(self.size, lambda term: len(self.postings_of(term)[0]))

    def wording(self, question: str) -> Wording:
        """Return what the question looks for in passages of these languages."""
        return Wording.of(question, self.languages.tolist())

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
        arrays: tuple[NDArray[Any], ...] = (self.terms, self.starts, self.rows, self.postings, self.languages)
        for name, values in zip(_FILES, arrays, strict=True):
            save_array(folder / name, values)

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Open what ``save`` wrote; ``size`` is the number of passages. Raises OSError or ValueError."""
        numbers, starts, rows, postings, languages = (map_array(folder / name) for name in _FILES)
        sizes_fit = len(starts) == len(numbers) + 1 and int(starts[-1]) == len(rows) == len(postings)
        if not sizes_fit or len(languages) != 2:
            raise ValueError(f"{folder}: lists of terms and passages do not fit each other")
        return cls(size, numbers, starts, rows, postings, languages)
