"""Parse HTML bytes: the encoding as a browser would find it, and nothing fetched, expanded or executed."""

from __future__ import annotations

import re
from typing import Any

from index.readers.parts import Unreadable

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)

#: GB2312 and GBK are subsets of GB18030; pages declare the one and use the other.
_AS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}


def parse(data: bytes) -> Any:  # noqa: ANN401 - lxml ships no types
    """Return the tree of a page. Raises Unreadable when it is no HTML text in an encoding we know."""
    from lxml import etree
    from lxml import html as lxml_html

    text = _decoded(data)
    # lxml refuses a declaration of encoding in text that is decoded already.
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text).replace("\0", "")
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("no text was found in the page. Save the page with its text.") from error
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
