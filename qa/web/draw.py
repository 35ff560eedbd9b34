"""Answers and documents as HTML. Source text is escaped and otherwise unaltered: ``textContent`` is the exact slice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import Any

from qa.datamodels import Answer, Figure, Gap, Quote
from qa.health import health
from qa.slots import SlottedPassage
from qa.web.texts import TEXTS, VERDICTS, TextKey, label, text


def printable(string: str) -> str:
    """Return ``string`` with lone surrogates replaced: they cannot be sent to a browser."""
    return string.encode("utf-8", "replace").decode("utf-8")


def draw_marks(
    source: str, start: int, figures: Iterable[Figure], gaps: Iterable[Gap], answering: Iterable[Figure | Gap] = ()
) -> str:
    """Return ``source`` escaped, its figures and holes marked, those in ``answering`` more strongly.

    ``start`` is the document offset of ``source[0]``; figures and gaps are in document offsets. The marks add no text.
    """
    asked_figures = {(a.start, a.end) for a in answering if isinstance(a, Figure)}
    asked_gaps = {a.at for a in answering if isinstance(a, Gap)}
    marks: list[tuple[int, int, str]] = []
    for figure in figures:
        asked = (figure.start, figure.end) in asked_figures
        opening, closing = ("<mark>", "</mark>") if asked else ('<span class="figure">', "</span>")
        marks += [(figure.start - start, 2, opening), (figure.end - start, 0, closing)]
    for gap in gaps:
        asked = gap.at in asked_gaps
        kind: TextKey = "hole_asked" if asked else "hole"
        css = "hole asked" if asked else "hole"
        marks.append((gap.at - start, 1, f'<span class="{css}" role="img" {label(kind)}></span>'))
    pieces: list[str] = []
    done = 0
    for at, _, mark in sorted(marks):
        pieces += [escape(source[done:at]), mark]
        done = at
    return "".join([*pieces, escape(source[done:])])


def draw_question(question: str) -> str:
    """Return the question verbatim."""
    return f'<div class="turn question" dir="auto">{escape(printable(question))}</div>'


def draw_note(key: TextKey) -> str:
    """Return a kind line in place of an answer."""
    return f'<div class="turn note" role="status">{text(key)}</div>'


def draw_error(line: str) -> str:
    """Return the one line of an error that the reader can mend."""
    return f'<div class="turn note" role="alert">{escape(line)}</div>'


def draw_pending() -> str:
    """Return what stands in place of an answer that is being looked for."""
    return f'<div class="turn pending" role="status">{text("reading")}</div>'


def draw_answer(answer: Answer) -> str:
    """Return the verdict, the message, the quotes with their places, and the reasons, in this order."""
    exported = escape(json.dumps(answer.to_dict(), ensure_ascii=False), quote=True)
    asked: tuple[Figure | Gap, ...] = (*answer.figures, *answer.gaps)
    parts = [
        f'<article class="turn answer {answer.verdict}" lang="{_html_language(answer.language)}"'
        f' data-answer="{exported}" data-markdown="{escape(answer.to_markdown(), quote=True)}">',
        f'<header><strong class="verdict">{VERDICTS[answer.language][answer.verdict]}</strong>',
        f'<p class="says">{escape(answer.message)}</p></header>',
    ]
    if answer.understood and answer.understood != answer.question:
        parts.insert(
            2, f'<p class="understood">{text("understood")}<bdi>{escape(printable(answer.understood))}</bdi></p>'
        )
    parts += [_draw_quote(quote, asked) for quote in answer.quotes]
    if answer.nearest:
        nearest = "".join(_draw_quote(quote, ()) for quote in answer.nearest)
        parts.append(f'<section class="nearest"><h4>{text("nearest")}</h4>{nearest}</section>')
    copied = escape(_citation(answer), quote=True)
    copy = (
        (
            f'<button type="button" class="quiet" data-copy="{copied}"><span class="idle">{text("copy")}</span>'
            f'<span class="done">{text("copied")}</span></button>'
        )
        if answer.quotes
        else ""
    )
    parts.append(f"<footer>{_draw_why(answer)}{copy}</footer></article>")
    return "".join(parts)


def _html_language(language: str) -> str:
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(language, language)


def _draw_quote(quote: Quote, asked: Sequence[Figure | Gap]) -> str:
    drawn = draw_marks(quote.text, quote.start, quote.figures, quote.gaps, asked)
    target = f'data-document="{escape(quote.document, quote=True)}" data-start="{quote.start}" data-end="{quote.end}"'
    section = f'<span class="section">{escape(quote.section)}</span>' if quote.section else ""
    if quote.page is not None:
        section += f'<span class="page-number">p. {quote.page}</span>'
    answering = [a for a in asked if a in quote.figures or a in quote.gaps]
    over = dict.fromkeys(" › ".join(a.heads) for a in answering if a.heads)
    section += "".join(f'<span class="heads">{escape(heads)}</span>' for heads in over)
    place = (
        f'<button type="button" class="place" data-action="open" {target} {label("open_quote", "title")}>'
        f'{section}<span class="paragraph">{text("paragraph", quote.paragraph)}</span>'
        f'<span class="document">{escape(quote.document)}</span></button>'
    )
    return (
        f'<figure class="quote"><blockquote class="verbatim" dir="auto" {target}>{drawn}</blockquote>'
        f"<figcaption>{place}</figcaption></figure>"
    )


def _citation(answer: Answer) -> str:
    lines = [f"{VERDICTS[answer.language][answer.verdict]}: {answer.question}"]
    for quote in answer.quotes:
        place = [quote.document, *([quote.section] if quote.section else []), f"¶{quote.paragraph}"]
        lines += [f"「{quote.text}」", f"—— {', '.join(place)} [{quote.start}:{quote.end}]"]
        if digest := answer.sources.get(quote.document):
            lines[-1] += f", SHA-256 {digest}"
    return printable("\n".join(lines))


def _draw_why(answer: Answer) -> str:
    rows = [("confidence", f"{answer.confidence:.2f}"), *answer.debug.items()]
    drawn = "".join(f"<dt>{_term(name)}</dt><dd>{_draw_reason(value)}</dd>" for name, value in rows)
    return f'<details class="why"><summary>{text("why")}</summary><dl>{drawn}</dl></details>'


def _term(name: str) -> str:
    for key in TEXTS:
        if key == name:
            return text(key)
    return escape(name.replace("_", " "))


def _draw_reason(value: Any) -> str:  # noqa: ANN401 - debug holds whatever JSON the judge explains itself with
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        names = list(dict.fromkeys(name for item in value for name in item))
        head = "".join(f'<th scope="col">{_term(name)}</th>' for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{_draw_reason(item.get(name))}</td>" for name in names) + "</tr>" for item in value
        )
        return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    if isinstance(value, list):
        return escape(", ".join(map(str, value))) or "–"
    return "–" if value is None else escape(printable(str(value)))


def draw_examples(questions: Sequence[str]) -> str:
    """Return the example questions as buttons."""
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" data-question="{escape(q, quote=True)}">{escape(q)}</button>' for q in questions
    )
    return f'<div class="chips" role="group" {label("examples")}>{buttons}</div>'


def draw_report(name: str, names: Sequence[str], document_text: str, passages: Sequence[SlottedPassage]) -> str:
    """Return the document as it reads, with its holes, its sections and the strip that shows where the holes are."""
    state = health(name, list(passages))
    if state.gaps:
        counts = f"<b>{state.gaps}</b> {text('missing_here')}<i>·</i><b>{state.figures}</b> {text('stated_here')}"
    else:
        counts = f"{text('healthy')}<i>·</i><b>{state.figures}</b> {text('stated_here')}"
    chosen = _draw_choice(name, names)
    body = "".join(_draw_block(list(group), document_text) for _, group in groupby(passages, _block))
    return (
        f'<header class="bar">{chosen}<p class="health">{counts}</p>'
        f'<button type="button" class="only-narrow" data-action="drawer" {label("close")}>✕</button></header>'
        f"{_draw_sections(passages)}"
        f'<div class="page"><article class="source verbatim" tabindex="0" data-document="{escape(name, quote=True)}"'
        f" {label('report')}>{body}</article>"
        f'<div class="strip" role="img" {label("strip")}><span class="thumb"></span></div></div>'
    )


def _block(passage: SlottedPassage) -> tuple[str, int]:
    return passage.chunk.kind, passage.chunk.paragraph


def _draw_choice(name: str, names: Sequence[str]) -> str:
    if len(names) < 2:
        return f'<p class="name" title="{escape(name, quote=True)}">{escape(name)}</p>'
    options = "".join(f"<option{' selected' if n == name else ''}>{escape(n)}</option>" for n in names)
    return f'<select data-action="choose" {label("document")}>{options}</select>'


_TAGS = {"title": "h1", "heading": "h2"}


def _draw_block(passages: Sequence[SlottedPassage], document_text: str) -> str:
    first, last = passages[0].chunk, passages[-1].chunk
    slots = [s for p in passages for s in p.slots]
    figures = [s.figure for s in slots if s.figure is not None]
    gaps = [s.gap for s in slots if s.gap is not None]
    drawn = draw_marks(document_text[first.start : last.end], first.start, figures, gaps)
    tag = _TAGS.get(first.kind, "p")
    return (
        f'<{tag} class="{first.kind}" dir="auto" data-start="{first.start}" data-end="{last.end}"'
        f' data-paragraph="{first.paragraph}">{drawn}</{tag}>'
    )


_KEY: tuple[tuple[str, TextKey], ...] = (("stated", "stated_here"), ("missing", "missing_here"))


def _draw_sections(passages: Sequence[SlottedPassage]) -> str:
    """Return the sections with how many figures each states and misses; empty when the document has no sections."""
    sections = [(section, list(group)) for section, group in groupby(passages, lambda p: p.chunk.section)]
    if len(sections) < 2:
        return ""
    rows = []
    for section, own in sections:
        slots = [s for p in own for s in p.slots]
        missing = sum(s.gap is not None for s in slots)
        stated = len(slots) - missing
        title = escape(section) if section else text("front")
        rows.append(
            f'<li><button type="button" data-action="jump" data-start="{own[0].chunk.start}">'
            f'<span class="title">{title}</span>'
            f'<span class="count stated">{stated}<span class="hidden"> {text("stated_here")}</span></span>'
            f'<span class="count missing{"" if missing else " none"}">{missing}'
            f'<span class="hidden"> {text("missing_here")}</span></span></button></li>'
        )
    key = "".join(f'<span class="count {kind}">{text(name)}</span>' for kind, name in _KEY)
    return (
        f'<details class="sections" open><summary>{text("sections")}<span class="key" aria-hidden="true">{key}</span>'
        f"</summary><ol>{''.join(rows)}</ol></details>"
    )
