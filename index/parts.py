"""What of a passage is encoded: the whole, and its sentences one by one."""

from __future__ import annotations

from index.datamodels import Chunk
from index.sentences import split_sentences
from index.tables import read_row

#: Sentences shorter than this, in characters, are encoded together with a neighbour.
SHORTEST_PART = 15


def searchable(chunk: Chunk) -> str:
    """Return what is encoded for a chunk: a paragraph is read together with the heading it stands under.

    The row of a table is read with its caption and the heads of its cells.
    """
    text = read_row(chunk).text if chunk.cells else chunk.text
    if chunk.section is None or chunk.kind == "heading":
        return text
    return f"{chunk.section}\n{text}"


def sentence_spans(chunk: Chunk) -> list[tuple[int, int]]:
    """Return the spans of a chunk's sentences, as offsets into its text; short ones go with the one before.

    A heading, a table's row and one sentence are the whole.
    """
    spans: list[tuple[int, int]] = []
    if not chunk.cells and chunk.kind != "heading":
        for start, end in split_sentences(chunk.text, newline_ends=False):
            if spans and min(end - start, spans[-1][1] - spans[-1][0]) < SHORTEST_PART:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans if len(spans) > 1 else [(0, len(chunk.text))]


def sentences(chunk: Chunk) -> list[str]:
    """Return the sentences of a chunk with its heading; the whole as it is searched where it is but one."""
    spans = sentence_spans(chunk)
    if len(spans) < 2:
        return [searchable(chunk)]
    heading = f"{chunk.section}\n" if chunk.section is not None else ""
    return [heading + chunk.text[start:end] for start, end in spans]


def parts(chunk: Chunk) -> list[str]:
    """Return the texts whose vectors stand for a chunk: its sentences, if there are several, and last the whole."""
    own = sentences(chunk)
    return [*own, searchable(chunk)] if len(own) > 1 else own
