"""DOCX: mammoth turns the styles into HTML, which is then walked; headers and footers are no text of the report."""

from __future__ import annotations

import io
import re
import zipfile

from index.readers.parts import Parts, Unreadable

#: What a document may unpack to, bytes, and how many times its packed size: the XML of a long report has some 10 MB and
#: packs to a tenth; a bomb packs to a thousandth.
MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 200

#: Word marks no heading with these styles by itself, Chinese versions and WPS name them so.
_STYLES = "\n".join(
    [f"p[style-name='标题 {n}'] => h{n}:fresh" for n in range(1, 7)]
    + ["p[style-name='Title'] => h1:fresh", "p[style-name='标题'] => h1:fresh", "p[style-name='题注'] => p:fresh"]
)


def read_docx(data: bytes) -> Parts:
    """Return the parts of a document. Raises Unreadable when it is none, is protected, or is a bomb."""
    import mammoth
    from lxml import html as lxml_html

    from index.readers.html import walk

    _check_archive(data)
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda _: {}),
            external_file_access=False,
        )
    except Exception as error:  # whatever the library meets in a damaged file
        raise Unreadable(
            f"the document is damaged ({type(error).__name__}). Open it in a word processor and save it anew."
        ) from error
    if not result.value.strip():
        raise Unreadable("there is no text in the document. Put the report's text in it.")
    # Reference marks are links between notes and text: ``达9.89亿[1]`` is not what the report says.
    html = re.sub(r'<sup><a href="#(?:foot|end)note-[^"]*"[^>]*>\[\d+\]</a></sup>', "", result.value)
    html = re.sub(r' <a href="#(?:foot|end)note-ref-[^"]*">↑</a>', "", html)
    tree = lxml_html.fragment_fromstring(html, create_parent="div")
    return Parts(tuple(walk(tree)))


def _check_archive(data: bytes) -> None:
    """Refuse what is no document of Word, or unpacks to far more than it is."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("an old .doc or a password-protected document. Save it as .docx without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if not any(i.filename == "[Content_Types].xml" for i in infos):
                raise Unreadable("not a Word document. Save it as .docx.")
            unpacked = sum(i.file_size for i in infos)
            if len(infos) > 10_000 or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(data) + 1024 * 1024:
                raise Unreadable("it unpacks to far more than a report holds. Save the document anew.")
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise Unreadable("the document is damaged or is no .docx. Save it anew as .docx.") from error
