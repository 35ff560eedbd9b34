"""Parse HTML bytes: the encoding as a browser would find it, and nothing fetched, expanded or executed."""

from __future__ import annotations

import re
from typing import Any

from index.readers.parts import Unreadable

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)

#: GB2312 and GBK are subsets of GB18030; pages declare the one and use the other.
_AS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}

#: Characters that no XML may hold, as they are and written out as references.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:(?P<decimal>\d{1,7})|[xX](?P<hex>[0-9a-fA-F]{1,6}));?")


def _without_forbidden(text: str) -> str:
    """Leave out the characters that no XML may hold: a tree can be neither read nor changed with them in it."""

    def kept(reference: re.Match[str]) -> str:
        code = int(reference["decimal"]) if reference["decimal"] else int(reference["hex"], 16)
        return "" if code > 0x10FFFF or _NO_XML.fullmatch(chr(code)) else reference[0]

    return _NO_XML.sub("", _REFERENCE.sub(kept, text))


def parse(data: bytes) -> Any:  # noqa: ANN401 - lxml ships no types
    """Return the tree of a page. Raises Unreadable when it is no HTML text in an encoding we know."""
    from lxml import etree
    from lxml import html as lxml_html

    text = _decoded(data)
    # lxml refuses a declaration of encoding in text that is decoded already.
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)
    text = _without_forbidden(text)
    # libxml2 drops what follows these, though pages go on after them and browsers show it.
    text = re.sub(r"</(?:body|html)\s*>", "", text, flags=re.IGNORECASE)
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("no text was found in the page. Save the page with its text.") from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        # The rest of the page has been given up: better none of it than half without a word.
        raise Unreadable("its elements are nested too deeply or too long. Save the page anew from a browser.")
    return tree


def _decoded(data: bytes) -> str:
    from index.documents import decode
    from index.errors import SourceError

    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii").lower()
        try:
            return data.decode(_AS.get(name, name))
        except (UnicodeDecodeError, LookupError):
            pass
    try:
        return decode(data, "")[0]
    except SourceError as error:
        raise Unreadable("not a page in a known encoding. Save it as UTF-8.") from error
