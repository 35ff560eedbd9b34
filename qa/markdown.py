"""An answer as Markdown, for export and for the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qa.datamodels import Answer, Figure, Gap, Quote, Verdict
from qa.messages import say
from qa.web.texts import VERDICTS

#: Shown where a number is missing, in marked copies of a quote: never in ``Quote.text`` itself.
HOLE = "▯"


def marked(
    quote: Quote, figures: tuple[tuple[int, int], ...], hole: str = HOLE, left: str = "【", right: str = "】"
) -> str:
    """Return a copy of the quote's text with the answering figures (document offsets) bracketed and its gaps shown."""
    insertions = [(g.at, 1, hole) for g in quote.gaps]
    for start, end in figures:
        if quote.start <= start and end <= quote.end:
            insertions += [(start, 2, left), (end, 0, right)]
    text = quote.text
    for at, _, mark in sorted(insertions, reverse=True):
        position = at - quote.start
        text = text[:position] + mark + text[position:]
    return text


def fenced(text: str) -> str:
    """Return ``text`` in a fence longer than any run of backticks in it, so that Markdown leaves every character."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def answer_to_markdown(answer: Answer) -> str:
    """Return the question, the message and every quote with its document, section, paragraph and offsets."""
    parts = [fenced(answer.question), answer.message]
    for quote in answer.quotes:
        place = [f"`{quote.document}`"]
        if quote.section:
            place.append(f"{say('source_section', answer.language)} {inline(quote.section)}")
        place += [inline(heads) for heads in heads_over(quote, answer)]
        place.append(f"{_paragraph(quote)} [{quote.start}:{quote.end}]")
        parts += [fenced(quote.text), f"— {say('source', answer.language)}: " + ", ".join(place)]
        if hash_ := answer.sources.get(quote.document):
            parts[-1] += f", SHA-256 `{hash_}`"
    return "\n\n".join(parts) + "\n"


def heads_over(quote: Quote, answer: Answer) -> list[str]:
    """Return what the answering figures and holes of a quote stand under, where it is the row of a table."""
    answering: list[Figure | Gap] = [
        *(f for f in answer.figures if f in quote.figures),
        *(g for g in answer.gaps if g in quote.gaps),
    ]
    return list(dict.fromkeys(" › ".join(a.heads) for a in answering if a.heads))


def _paragraph(quote: Quote) -> str:
    return f"¶{quote.paragraph}" if quote.page is None else f"p.{quote.page} ¶{quote.paragraph}"


def part_list(answer: Answer) -> list[Mapping[str, Any]]:
    """Return what the answer tells of each part of its question; an exported one may tell nothing."""
    parts = answer.debug.get("parts")
    return [p for p in parts if isinstance(p, dict)] if isinstance(parts, list) else []


def verdicts_of_parts(answer: Answer) -> list[tuple[Verdict, str]]:
    """Return the verdict on each part of a double question, and the part; empty for a single one."""
    verdicts = VERDICTS[answer.language]
    parts = [(v, str(p.get("question", ""))) for p in part_list(answer) for v in verdicts if v == p.get("verdict")]
    return parts if len(parts) > 1 else []


def plain_answer(answer: Answer) -> str:
    """Return the answer for a terminal: the message, the parts, then every quote, figures bracketed and holes shown."""
    lines = [answer.message]
    lines += [f"  {VERDICTS[answer.language][verdict]}: {part}" for verdict, part in verdicts_of_parts(answer)]
    for quote in answer.quotes:
        section = f" | {quote.section}" if quote.section else ""
        # Offsets of a figure count within its own document: only those of this quote are marked in it.
        answering = tuple(dict.fromkeys((f.start, f.end) for f in answer.figures if f in quote.figures))
        lines.append(f"  「{marked(quote, answering)}」")
        lines += [f"    {heads}" for heads in heads_over(quote, answer)]
        lines.append(f"    {quote.document} {_paragraph(quote)} [{quote.start}:{quote.end}]{section}")
    for quote in answer.nearest:
        lines.append(f"  {say('nearest', answer.language)}: 「{marked(quote, ())}」")
    return "\n".join(lines)


def inline(text: str) -> str:
    """Return ``text`` as an inline code span."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"
