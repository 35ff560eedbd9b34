"""The four states in which a numeric question of a reading set is posed: intact, stripped, holed, absent.

- intact: the paragraph as it is; right is ``stated`` with the figure of the answer marked.
- stripped: every paragraph stripped as the seed report was; right is ``omitted`` with the answer's hole marked.
- holed: only the number of the answer is gone, all others stay; right is ``omitted`` with that hole marked.
- absent: the paragraph is not there, its nearest neighbours are; right is ``not_found``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.datamodels import Chunk
from index.encoder import Encoder
from index.lexical import LexicalIndex
from index.parts import parts
from qa.damage import strip_like_seed
from qa.figures import find_figures
from qa.retriever import Near, near_of
from qa.slots import SlottedPassage, slotted

PASSAGES = 8
EXPECTED = {"intact": "stated", "stripped": "omitted", "holed": "omitted", "absent": "not_found"}


@dataclass(frozen=True, slots=True)
class Numeric:
    """A question whose answer is one figure: its span in the paragraph, and the neighbours BM25 finds, best first."""

    question: str
    paragraph: int
    start: int
    end: int
    neighbours: tuple[int, ...]


def numeric_cases(paragraphs: Sequence[str], asked: Sequence[tuple[str, int, int, str]]) -> Iterator[Numeric]:
    """Yield the questions whose answer is, but for a few characters, one figure with digits.

    ``asked`` holds question, number of the paragraph, start and text of the answer.
    """
    index = LexicalIndex.build(paragraphs)
    figures = [find_figures(p) for p in paragraphs]
    for question, paragraph, start, answer in asked:
        if paragraphs[paragraph][start : start + len(answer)] != answer:
            continue
        inside = [f for f in figures[paragraph] if f.start < start + len(answer) and start < f.end]
        if len(inside) != 1 or not any(c.isdigit() for c in inside[0].text) or len(answer) > len(inside[0].text) + 3:
            continue
        order = np.argsort(-index.scores(question), kind="stable")[: PASSAGES + 1]
        neighbours = tuple(int(i) for i in order if i != paragraph)
        yield Numeric(question, paragraph, inside[0].start, inside[0].end, neighbours)


@dataclass(frozen=True, slots=True)
class Posed:
    """A case as posed: the passages' texts best first, and the span of the answer in the first that holds it."""

    kind: str
    texts: tuple[str, ...]
    right: int | None
    span: tuple[int, int] | None


def pose(paragraphs: Sequence[str], case: Numeric) -> Iterator[Posed]:
    """Yield the four cases of a question."""
    others = [paragraphs[i] for i in case.neighbours][: PASSAGES - 1]
    text = paragraphs[case.paragraph]
    yield Posed("intact", (text, *others), 0, (case.start, case.end))
    at = len(strip_like_seed(text[: case.start]).text)
    left = len(strip_like_seed(text[: case.end]).text)
    stripped = tuple(strip_like_seed(t).text for t in (text, *others))
    yield Posed("stripped", stripped, 0, (at, left))
    holed, span = without_number(text, case.start, case.end)
    yield Posed("holed", (holed, *others), 0, span)
    absent = tuple(paragraphs[i] for i in case.neighbours[:PASSAGES])
    yield Posed("absent", absent, None, None)


def without_number(text: str, start: int, end: int) -> tuple[str, tuple[int, int]]:
    """Return the text without the digits of one figure (its unit stays), and the span where they stood."""
    kept = "".join(c for c in text[start:end] if not (c.isdigit() or c in ".,%．％"))
    return text[:start] + kept + text[end:], (start, start + len(kept))


@cache
def passage(text: str, name: str) -> SlottedPassage:
    """Find the slots of a text once: an index does so once for a passage, too."""
    return slotted(Chunk(name, "paragraph", None, 1, 0, len(text), text), text)


def near_posed(question: str, passages: Sequence[SlottedPassage], encoder: Encoder) -> list[tuple[Near, ...]]:
    """Return how near the sentences of the passages are to the question, as the index would tell."""
    query = encoder.encode_query([question])[0]
    return [near_of(p.chunk, encoder.encode_document(parts(p.chunk)) @ query) for p in passages]


def posed_passages(posed: Posed) -> list[SlottedPassage]:
    """Return the passages of a case, best first; the name of each document is its place among them."""
    return [passage(text, str(i)) for i, text in enumerate(posed.texts)]
