import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import decode, find_sources, read_document, read_documents, read_sources
from index.errors import SourceError

ZH = "我国网民规模达9.89亿，互联网普及率达70.4%。" * 5
HANT = "我國網民規模達9.89億，網際網路普及率達70.4%，臺灣與香港的統計另計。" * 5

ENCODED = [
    (ZH, "utf-8"),
    (ZH, "utf-8-sig"),
    (ZH, "gb18030"),
    (HANT, "big5"),
    (ZH, "utf-16"),
    ("Plain English text with a figure of 70.4 percent.", "ascii"),
]


@pytest.mark.parametrize(("text", "encoding"), ENCODED, ids=[e for _, e in ENCODED])
def test_decodes(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x")[0] == text


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_binary_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(SourceError) as error:
        decode(data, "picture.txt")
    assert "picture.txt" in str(error.value)
    assert "\n" not in str(error.value)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_never_changed(text: str) -> None:
    assert decode(text.encode(), "x") == (text.removeprefix("\ufeff"), "utf-8")


def test_newlines_are_normalised_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("甲\r\n　乙 \r丙\n".encode())
    assert read_document(path, "a.txt").text == "甲\n　乙 \n丙\n"


def test_empty_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n\n")
    with pytest.raises(SourceError, match=r"empty\.txt: the file is empty"):
        read_documents(tmp_path)


def test_nothing_found_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Put a report there"):
        find_sources(tmp_path)
    with pytest.raises(SourceError, match="no such file or folder"):
        find_sources(tmp_path / "missing")


def test_names_are_relative_and_hidden_files_stay_out(tmp_path: Path) -> None:
    (tmp_path / "年 报").mkdir()
    for name in ("年 报/二.txt", "一.md", ".hidden.txt", "table.csv"):
        (tmp_path / name).write_text("文", encoding="utf-8")
    assert [name for _, name in find_sources(tmp_path)] == ["一.md", "年 报/二.txt"]


def test_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(SourceError, match="links to a file outside"):
        find_sources(folder)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for part in "ab":
        (tmp_path / part).mkdir()
        (tmp_path / part / "same.txt").write_text(part)
    with pytest.raises(SourceError, match=r"would both be called same\.txt"):
        find_sources([tmp_path / "a", tmp_path / "b"])


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match="not an ordinary file"):
        read_documents(tmp_path)


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    with pytest.raises(SourceError, match="loop"):
        read_documents(tmp_path)


def test_files_of_unknown_kinds_are_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in (
        "a.txt",
        "blob.bin",
        "sub/BLOB.BIN",
        ".dot",
        ".dot.bin",
        "x.py",
        "y.py",
        "z.py",
        "sub/v.py",
        "Makefile",
    ):
        (tmp_path / name).write_text("报告。", encoding="utf-8")
    (tmp_path / "b\udcff.dat").write_text("x")
    documents, skipped = read_sources(tmp_path)
    assert [d.name for d in documents] == ["a.txt"]
    assert sorted(s.name for s in skipped) == [
        "Makefile",
        "b\\udcff.dat",
        "blob.bin",
        "sub/BLOB.BIN",
        "x.py and 3 more of its kind",
    ]
    assert {s.reason for s in skipped} == {
        "not read: only .txt, .md, .markdown, .pdf, .docx, .html, .htm files can be indexed"
    }


def test_a_linked_folder_is_named_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("秘密报告。", encoding="utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_text("报告。", encoding="utf-8")
    (tmp_path / "sources" / "linked").symlink_to(tmp_path / "outside")
    documents, skipped = read_sources(tmp_path / "sources")
    assert [d.name for d in documents] == ["a.txt"]
    assert [(s.name, s.reason.split(".")[0]) for s in skipped] == [("linked", "not read: a link to a folder")]
