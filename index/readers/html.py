"""HTML: trafilatura finds the article; spanning cells are written out first, so that no head is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from index.readers.parts import Part, Parts, Table, Text, Unreadable, clean
from index.tables import MAX_CELLS, MAX_COLUMNS

#: Elements that never hold a report's text.
_FURNITURE = ("script", "style", "noscript", "template", "nav", "aside", "footer", "form", "iframe", "svg", "button")

_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption"}
    | {"figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre"}
    | {"section", "summary", "table", "ul", "head", "list", "item", "quote", "graphic"}
)

_MAX_DEPTH = 300
"""Elements within elements: beyond, a page is refused. Pages people write have some 30."""


def read_html(data: bytes) -> Parts:
    """Return the parts of a page's article. Raises Unreadable when there is no text in it."""
    import trafilatura

    from index.readers.markup import parse

    tree = parse(data)
    if _depth(tree) > _MAX_DEPTH:
        raise Unreadable("its elements are nested too deeply. Save the page anew from a browser.")
    for element in list(tree.iter(*_FURNITURE)):
        if element.getparent() is not None:
            element.drop_tree()
    grids = [_write_out(table) for table in list(tree.iter("table"))]
    body = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False, with_metadata=False
    )
    parts = tuple(walk(body.body)) if body is not None and body.body is not None else ()
    if not parts or _loses_a_table(grids, parts):
        # Better a line of the site's furniture than a table of the report gone.
        parts = tuple(walk(tree))
    if not parts:
        raise Unreadable("no text was found in the page. Save the page with its text, or copy the text into a file.")
    return Parts(parts)


def _depth(tree: Any) -> int:  # noqa: ANN401 - lxml ships no types
    deepest, stack = 0, [(tree, 1)]
    while stack:
        element, depth = stack.pop()
        deepest = max(deepest, depth)
        stack += [(child, depth + 1) for child in element]
    return deepest


def _loses_a_table(grids: list[list[list[str]]], parts: tuple[Part, ...]) -> bool:
    kept = {clean(cell) for part in parts if isinstance(part, Table) for row in part.grid for cell in row}
    for grid in grids:
        data = {clean(cell) for row in grid for cell in row if re.search(r"\d", cell)}
        if len(grid) > 1 and len(grid[0]) > 1 and len(data) >= len(grid) and not data & kept:
            return True
    return False


def _write_out(table: Any) -> list[list[str]]:  # noqa: ANN401
    """Replace the spanning cells of a table by repeated ones, its caption by a paragraph before; return the grid."""
    from lxml import html as lxml_html

    for caption in table.findall("caption"):
        text = clean(caption.text_content())
        table.remove(caption)
        if text and table.getparent() is not None:
            paragraph = lxml_html.Element("p")
            paragraph.text = text
            table.addprevious(paragraph)
    if table.find(".//table") is not None:  # a layout
        return []
    grid = grid_of(table)
    for row, cells in zip(table.iter("tr"), grid, strict=False):
        tags = [cell.tag for cell in row]
        for child in list(row):
            row.remove(child)
        for number, text in enumerate(cells):
            cell = lxml_html.Element(tags[number] if number < len(tags) and tags[number] in ("td", "th") else "td")
            cell.text = text
            row.append(cell)
    return grid


def grid_of(table: Any) -> list[list[str]]:  # noqa: ANN401
    """Return a table's cells as a rectangular grid: a cell that spans rows or columns is repeated in each."""
    grid: list[list[str]] = []
    pending: dict[int, tuple[int, str]] = {}
    total = 0
    for row in table.iter("tr", "row"):
        cells: list[str] = []

        def carry(cells: list[str]) -> None:
            while len(cells) in pending:
                left, text = pending.pop(len(cells))
                if left > 1:
                    pending[len(cells)] = (left - 1, text)
                cells.append(text)

        for cell in row.iterchildren("td", "th", "cell"):
            carry(cells)
            text = clean(" ".join(cell.itertext()))
            for _ in range(_span(cell, "colspan")):
                if len(cells) >= MAX_COLUMNS:
                    break
                if (down := _span(cell, "rowspan")) > 1:
                    pending[len(cells)] = (down - 1, text)
                cells.append(text)
        carry(cells)
        total += len(cells)
        if total > MAX_CELLS:
            break
        grid.append(cells)
    width = max(map(len, grid), default=0)
    return [row + [""] * (width - len(row)) for row in grid]


def _span(cell: Any, name: str) -> int:  # noqa: ANN401
    value = cell.get(name) or "1"
    return min(max(1, int(value)), MAX_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def walk(element: Any) -> Iterator[Part]:  # noqa: ANN401
    """Yield the parts of a tree of HTML, or of trafilatura's elements, in reading order."""
    inline: list[str] = []

    def flush() -> Iterator[Part]:
        text = clean("".join(inline))
        inline.clear()
        if text:
            yield Text(text)

    yield from _inside(element, inline, flush)
    yield from flush()


def _inside(element: Any, inline: list[str], flush: Callable[[], Iterator[Part]]) -> Iterator[Part]:  # noqa: ANN401
    inline.append(element.text or "")
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in ("table",) and child.find(".//table") is None:
            yield from flush()
            yield from _table(child)
        elif level := _heading(child, tag):
            yield from flush()
            text = clean(child.text_content() if hasattr(child, "text_content") else "".join(child.itertext()))
            if text:
                yield Text(text, "heading", level)
        elif tag in ("br", "lb"):
            yield from flush()
        elif tag in _BLOCKS:
            yield from flush()
            for part in _block(child, inline, flush):
                if tag in ("li", "item") and isinstance(part, Text) and part.kind is None:
                    part = replace(part, kind="paragraph")
                yield part
        elif tag and tag not in _FURNITURE:
            yield from _inside(child, inline, flush)
        inline.append(child.tail or "")


def _block(element: Any, inline: list[str], flush: Callable[[], Iterator[Part]]) -> Iterator[Part]:  # noqa: ANN401
    yield from _inside(element, inline, flush)
    yield from flush()


def _heading(element: Any, tag: str) -> int:  # noqa: ANN401
    name = (element.get("rend") or "h2") if tag == "head" and element.getparent().tag != "html" else tag
    found = re.fullmatch(r"h([1-6])", name)
    return int(found[1]) if found else 0


def _table(table: Any) -> Iterator[Part]:  # noqa: ANN401
    grid = grid_of(table)
    if not grid:
        return
    if len(grid[0]) < 2 or len(grid) < 2:
        for row in grid:
            yield Text(" ".join(dict.fromkeys(row)))
        return
    named = next(iter({cell for cell in grid[0] if cell}), "") if len({c for c in grid[0] if c}) == 1 else ""
    if named:  # a caption written as the first row
        yield Text(named, "caption")
        grid = grid[1:]
    yield Table(tuple(map(tuple, grid)))
