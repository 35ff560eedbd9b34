"""The report pane as HTML: the document as it reads, its holes, its sections, and the strip that shows its health."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from itertools import groupby

from qa.gaps import THRESHOLD
from qa.health import health
from qa.slots import SlottedPassage
from qa.web.draw import draw_marks, language_attribute
from qa.web.icons import icon
from qa.web.texts import label, text

#: Characters of a document from which its language and script are told.
_SAMPLE = 2000


def draw_report(
    name: str, names: Sequence[str], document_text: str, passages: Sequence[SlottedPassage], generation: str
) -> str:
    """Return the document as it reads, with its holes, its sections and the strip that shows where the holes are.

    ``generation`` is that of the index: answers of another one may quote what no longer stands there.
    """
    state = health(name, list(passages))
    missing = (
        f'<span class="count missing"><b>{state.gaps}</b> {text("missing_here")}</span>'
        if state.gaps
        else f'<span class="count none">{text("healthy")}</span>'
    )
    counts = f'{missing}<span class="count stated"><b>{state.figures}</b> {text("stated_here")}</span>'
    every = state.gaps + state.figures
    share = f"{100 * state.figures / every:.1f}%" if every else "100%"
    body = "".join(_draw_block(list(group), document_text) for _, group in groupby(passages, _block))
    known = escape(json.dumps(list(names), ensure_ascii=False), quote=True)
    return (
        f'<header class="bar">{_draw_choice(name, names)}<p class="health">{counts}</p>'
        f'<button type="button" class="only-narrow" data-action="drawer" {label("close")}>{icon("close")}</button>'
        f'<span class="vital" aria-hidden="true"><i style="width:{share}"></i></span></header>'
        f'<p class="notice gone" role="status" hidden>{text("report_gone")}</p>'
        f'<p class="notice changed" role="status" hidden>{text("report_changed")}</p>'
        f"{_draw_sections(passages)}"
        f'<div class="page"><article class="source verbatim" tabindex="0" {language_attribute(document_text[:_SAMPLE])}'
        f' data-document="{escape(name, quote=True)}" data-documents="{known}" data-generation="{generation}"'
        f" {label('report')}>{body}</article>"
        f'<div class="strip" role="img" {label("strip", "aria-label", state.figures, state.gaps)}>'
        '<span class="thumb"></span></div></div>'
    )


def _block(passage: SlottedPassage) -> tuple[str, int]:
    return passage.chunk.kind, passage.chunk.paragraph


def _draw_choice(name: str, names: Sequence[str]) -> str:
    if len(names) < 2:
        return f'<p class="name" title="{escape(name, quote=True)}">{icon("report")}<bdi>{escape(name)}</bdi></p>'
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


def _draw_sections(passages: Sequence[SlottedPassage]) -> str:
    """Return the sections with how many figures each states and misses; empty when the document has no sections."""
    sections = [(section, list(group)) for section, group in groupby(passages, lambda p: p.chunk.section)]
    if len(sections) < 2:
        return ""
    counted = []
    for section, own in sections:
        slots = [s for p in own for s in p.slots]
        missing = sum(s.gap is not None and s.gap.confidence >= THRESHOLD for s in slots)
        stated = sum(s.figure is not None for s in slots)
        counted.append((section, own[0].chunk.start, stated, missing))
    most = max(max(stated + missing for *_, stated, missing in counted), 1)
    rows = []
    for section, start, stated, missing in counted:
        title = escape(section) if section else text("front")
        bar = "".join(
            f'<i class="{kind}" style="width:{100 * count / most:.1f}%"></i>'
            for kind, count in (("stated", stated), ("missing", missing))
        )
        rows.append(
            f'<li><button type="button" data-action="jump" data-start="{start}">'
            f'<span class="title">{title}</span><span class="bar" aria-hidden="true">{bar}</span>'
            f'<span class="count stated{"" if stated else " none"}">{stated}'
            f'<span class="hidden"> {text("stated_here")}</span></span>'
            f'<span class="count missing{"" if missing else " none"}">{missing}'
            f'<span class="hidden"> {text("missing_here")}</span></span></button></li>'
        )
    key = (
        f'<span class="key" aria-hidden="true"><span class="count stated">{text("stated_key")}</span>'
        f'<span class="count missing">{text("missing_key")}</span></span>'
    )
    summary = f'<span class="what">{text("sections")}</span>{key}'
    return f'<details class="sections" open><summary>{summary}</summary><ol>{"".join(rows)}</ol></details>'
