"""Re-check an exported answer against the indexed text and the hash of its source: exactly, never fuzzily."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from index.datamodels import Document
from qa.datamodels import Answer, Quote
from qa.errors import AnswerFileError
from qa.messages import MESSAGES, Key, say

PART: Key = "part_not_found"
KEYS: tuple[Key, ...] = tuple(MESSAGES["en"])


def load_answers(path: Path) -> list[Answer]:
    """Read one exported answer, a list of them, or a conversation ``{"answers": [...]}``. Raises AnswerFileError."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        if isinstance(data, dict) and "answers" in data:
            data = data["answers"]
        answers = [Answer.from_dict(a) for a in (data if isinstance(data, list) else [data])]
        if not answers or not all(map(_well_typed, answers)):
            raise TypeError("a field of another type")
        return answers
    except OSError as error:
        raise AnswerFileError(f"{path}: cannot be read ({error.strerror or error}). Check the path.") from error
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
        raise AnswerFileError(
            f"{path}: not an answer exported by youju. Export one with: python -m qa ask … --json"
        ) from error


def _well_typed(answer: Answer) -> bool:
    """Whether every field that is compared has its type: JSON has no classes to hold them to it."""
    quotes = (*answer.quotes, *answer.nearest)
    figures = (*answer.figures, *(f for q in quotes for f in q.figures))
    gaps = (*answer.gaps, *(g for q in quotes for g in q.gaps))
    heads = [h for f in figures for h in f.heads] + [h for g in gaps for h in g.heads]
    texts = [answer.message, *heads, *(t for q in quotes for t in (q.text, q.document)), *(f.text for f in figures)]
    numbers = [n for q in quotes for n in (q.start, q.end, q.paragraph)]
    numbers += [q.page for q in quotes if q.page is not None]
    numbers += [n for f in figures for n in (f.start, f.end)] + [g.at for g in gaps]
    return (
        answer.verdict in ("stated", "omitted", "not_found", "passage")
        and isinstance(answer.sources, dict)
        and all(isinstance(t, str) for t in texts)
        and all(type(n) is int for n in numbers)
    )


Requote = Callable[[str, int, int], Quote | None]
"""Quotes a stretch of a document anew: ``Assistant.quote``."""


def differences(answer: Answer, documents: Mapping[str, Document], requote: Requote | None = None) -> list[str]:
    """Return one line for each thing in which the answer differs from the indexed documents; empty when all holds.

    With ``requote`` the place, the figures and the holes of each quote are read anew and compared.
    """
    found = list(_form_differences(answer))
    for name, digest in answer.sources.items():
        if name in documents and documents[name].sha256 != digest:
            found.append(f"{name}: the source file has changed since the answer (SHA-256 {documents[name].sha256})")
    for quote in (*answer.quotes, *answer.nearest):
        if quote.document in documents and quote.document not in answer.sources:
            found.append(f"{quote.document}: the answer does not say which edition it quotes (no SHA-256)")
    for number, quote in enumerate((*answer.quotes, *answer.nearest), start=1):
        lines = list(_quote_differences(quote, documents))
        if not lines and requote is not None:
            lines = list(_reading_differences(quote, requote(quote.document, quote.start, quote.end)))
        found += [f"quote {number}: {line}" for line in lines]
    quoted = [(f.start, f.end, f.text) for q in answer.quotes for f in q.figures]
    found += [
        f"figure {f.text!r}: not among the figures of any quote"
        for f in answer.figures
        if (f.start, f.end, f.text) not in quoted
    ]
    holes = [gap.at for q in answer.quotes for gap in q.gaps]
    found += [f"hole at {g.at}: not among the holes of any quote" for g in answer.gaps if g.at not in holes]
    return found


def _form_differences(answer: Answer) -> Iterable[str]:
    """Yield what no answer of this verdict has."""
    shown = {"stated": answer.figures, "omitted": answer.gaps, "passage": answer.quotes, "not_found": True}
    if not shown[answer.verdict]:
        yield f"the verdict is {answer.verdict}, and nothing is quoted for it"
    if answer.verdict == "not_found" and answer.quotes:
        yield "the verdict is not_found, and something is quoted as the answer"
    keys = [key for key in KEYS if key == answer.verdict or key.startswith(f"{answer.verdict}_")]
    messages = {before + say(key, lang) for lang in MESSAGES for key in keys for before in ("", say(PART, lang))}
    if answer.message not in messages:
        yield f"no answer of the verdict {answer.verdict} says {answer.message[:80]!r}"


def _reading_differences(quote: Quote, anew: Quote | None) -> Iterable[str]:
    """Yield in what a quote differs from the same words quoted anew."""
    if anew is None:
        yield f"{quote.document} [{quote.start}:{quote.end}] is not within one passage"
        return
    for name in ("section", "paragraph", "page"):
        if getattr(quote, name) != getattr(anew, name):
            yield f"the {name} is {getattr(anew, name)!r}, not {getattr(quote, name)!r}"
    for figure in quote.figures:
        if figure not in anew.figures:
            yield f"figure {figure.text!r} at {figure.start} does not read so (value, unit, heads)"
    read = {(gap.at, gap.unit, gap.heads) for gap in anew.gaps}
    for gap in quote.gaps:
        if (gap.at, gap.unit, gap.heads) not in read:
            yield f"the hole at {gap.at} with unit {gap.unit!r} is not there"


def _quote_differences(quote: Quote, documents: Mapping[str, Document]) -> Iterable[str]:
    document = documents.get(quote.document)
    if document is None:
        yield f"{quote.document} is not in the index (name the one it was answered from with --index)"
        return
    text = document.text
    if not 0 <= quote.start <= quote.end <= len(text) or text[quote.start : quote.end] != quote.text:
        stands = text[quote.start : quote.end][:80]
        yield f"{quote.document} [{quote.start}:{quote.end}] reads {stands!r}, not {quote.text[:80]!r}"
        return
    for figure in quote.figures:
        if not quote.start <= figure.start <= figure.end <= quote.end or text[figure.start : figure.end] != figure.text:
            yield f"figure {figure.text!r} does not stand at [{figure.start}:{figure.end}]"
    spaceless = "".join(text.split())
    heads = [h for f in quote.figures for h in f.heads] + [h for g in quote.gaps for h in g.heads]
    for head in dict.fromkeys(heads):
        if any("".join(part.split()) not in spaceless for part in (head.split(" ") if head else ())):
            yield f"the head {head[:80]!r} does not stand in {quote.document}"
    for gap in quote.gaps:
        if not quote.start <= gap.at <= quote.end:
            yield f"the gap at {gap.at} lies outside the quote"
