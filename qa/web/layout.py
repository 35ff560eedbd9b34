"""The frame around chat and report: the bar at the top with its tools, and what the page says before a question."""

from __future__ import annotations

from html import escape

from index.documents import SUFFIXES
from qa.web.icons import IconName, icon
from qa.web.texts import LEGEND, VERDICTS, TextKey, label, text

_SPOKEN = (("zh", "简体中文", "zh-Hans"), ("hant", "繁體中文", "zh-Hant"), ("en", "English", "en"))


def _tool(key: TextKey, name: IconName) -> str:
    """Return an icon with its word, which gives way where the page is narrow, though not for screen readers."""
    return f'{icon(name)}<span class="wide">{text(key)}</span>'


def _menu(css: str, summary: str, body: str) -> str:
    return f'<details class="menu {css}"><summary>{summary}</summary><div>{body}</div></details>'


def draw_header(with_desk: bool) -> str:
    """Return the bar at the top; ``with_desk`` adds the panel in which reports are added, removed and indexed."""
    export = (
        f'<button type="button" data-action="markdown">{text("export_markdown")}</button>'
        f'<button type="button" data-action="json">{text("export_json")}</button>'
    )
    languages = "".join(
        f'<button type="button" data-action="language" data-language="{code}" lang="{tag}">{name}</button>'
        for code, name, tag in _SPOKEN
    )
    return (
        f'<a class="skip" href="#question">{text("skip")}</a><div class="brand"><h1>有据<small>Youju</small></h1>'
        f'<p>{text("tagline")}</p></div><nav class="tools">'
        f"{_draw_desk() if with_desk else ''}"
        f'<button type="button" data-action="new" class="needs-answer">{_tool("new", "new")}</button>'
        f"{_menu('export needs-answer', _tool('export', 'export'), export)}"
        f'<button type="button" data-action="theme" {label("theme")}>{icon("theme")}</button>'
        f"{_menu('language', _tool('menu_language', 'language'), languages)}"
        f'<button type="button" data-action="drawer" class="only-narrow" aria-controls="report">{icon("report")}'
        f"<span>{text('report')}</span></button></nav>"
    )


def _draw_desk() -> str:
    formats = ", ".join(suffix.lstrip(".").upper() for suffix in SUFFIXES)
    accepted = escape(",".join(SUFFIXES), quote=True)
    body = (
        f'<ul class="reports"></ul><div class="notes skipped">{text("skipped")}<ul></ul></div>'
        f'<div class="notes changed">{text("changed")}<ul></ul></div><div class="actions">'
        f'<label class="button">{icon("add")}<span>{text("add")}</span>'
        f'<input type="file" multiple accept="{accepted}" {label("add")}></label>'
        f'<button type="button" class="button" data-action="rebuild">{icon("rebuild")}{text("rebuild")}</button></div>'
        f'<p class="hint">{text("add_hint", formats)}</p>'
        '<div class="desk-state" role="status"><p class="line"></p>'
        f'<p class="building">{text("building")}</p>'
        f'<div class="meter"><progress {label("building")}></progress><span class="done"></span></div></div>'
        f'<template class="row"><li>{icon("report")}<span class="name"></span>'
        f'<span class="size">{text("document_size", "#")}</span>'
        f'<button type="button" data-action="remove"><span class="idle">{text("remove")}</span>'
        f'<span class="sure">{text("remove_sure")}</span></button></li></template>'
    )
    return _menu("desk", _tool("sources", "sources"), body)


def draw_welcome() -> str:
    """Return what the page says of itself before the first question."""
    rows = []
    for verdict, key in LEGEND:
        names = "".join(
            f'<span class="{css}">{VERDICTS[language][verdict]}</span>'
            for css, language in (("zh", "zh-hans"), ("hant", "zh-hant"), ("en", "en"))
        )
        rows.append(
            f'<li><strong class="verdict {verdict}">{icon(verdict)}{names}</strong><span>{text(key)}</span></li>'
        )
    return f"<h2>{text('welcome_title')}</h2><p>{text('welcome')}</p><ul>{''.join(rows)}</ul>"


def draw_scope() -> str:
    """Return the choice of one report to search, or all; the page's script fills in the names."""
    return (
        f"<label><span>{text('scope')}</span><select {label('scope')}>"
        f'<option value="" {label("scope_all", "label")}></option></select></label>'
    )


def draw_waiting() -> str:
    """Return the list of the questions that wait for their turn; the page's script fills it."""
    return f'<div role="status"><p>{text("waiting")}</p><ol></ol></div>'
