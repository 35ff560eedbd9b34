"""Several reports side by side: a question that names one is answered from it; otherwise each quote says its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build_index
from qa.assistant import Assistant
from qa.editions import scope_of
from qa.evidence import months_in
from qa.markdown import plain_answer
from qa.overlap import OverlapReader
from qa.verify import differences
from tests.conftest import FakeEncoder
from tests.test_assistant import assert_exact

TITLES = {
    "第45次.txt": "第45次中国互联网络发展状况统计报告",
    "sub/cnnic47.pdf": "第四十七次中国互联网络发展状况统计报告",
    "云河2022.txt": "云河市2022年国民经济和社会发展统计公报",
    "northgate.md": "12th Northgate Household Survey",
    "能源 公报.docx": "",
}

SCOPES = [
    ("第47次报告中网民规模是多少？", {"sub/cnnic47.pdf"}, "网民规模是多少？"),
    ("根据第四十五次中国互联网络发展状况统计报告，网民规模是多少？", {"第45次.txt"}, "网民规模是多少？"),
    ("在第 47 次统计报告里，农村网民有多少？", {"sub/cnnic47.pdf"}, "农村网民有多少？"),
    ("《第45次中国互联网络发展状况统计报告》的普及率是多少？", {"第45次.txt"}, "普及率是多少？"),
    ("第46次报告中网民规模是多少？", set(), "网民规模是多少？"),
    ("云河市2022年统计公报中出口额是多少？", {"云河2022.txt"}, "出口额是多少？"),
    (
        "According to the 12th household survey, what was the median rent?",
        {"northgate.md"},
        "what was the median rent?",
    ),
    ("能源 公报里发电量是多少？", {"能源 公报.docx"}, "发电量是多少？"),
    ("《云河市2022年国民经济和社会发展统计公报》中出口额？", {"云河2022.txt"}, "出口额？"),
    ("northgate.md中的租金是多少？", {"northgate.md"}, "租金是多少？"),
    ("northgate.md里，租金是多少？", {"northgate.md"}, "租金是多少？"),
    ("In northgate.md, what was the median rent?", {"northgate.md"}, "what was the median rent?"),
    ("What was the median rent (northgate.md)?", {"northgate.md"}, "What was the median rent?"),
    ("What was rent according to 12th Northgate Household Survey?", {"northgate.md"}, "What was rent?"),
    ("In “12th Northgate Household Survey”, what was the median rent?", {"northgate.md"}, "what was the median rent?"),
    ("出口额是多少（云河市2022年国民经济和社会发展统计公报）？", {"云河2022.txt"}, "出口额是多少？"),
    # What names no document leaves all of them, and the question as it is.
    ("网民规模是多少？", None, "网民规模是多少？"),
    ("第47次会议有多少人参加？", None, "第47次会议有多少人参加？"),
    ("2022年出口额是多少？", None, "2022年出口额是多少？"),
    ("《红楼梦》有多少回？", None, "《红楼梦》有多少回？"),
    ("2019年的报告有多少页？", None, "2019年的报告有多少页？"),
]


@pytest.mark.parametrize(("question", "documents", "rest"), SCOPES, ids=[row[0] for row in SCOPES])
def test_scope(question: str, documents: set[str] | None, rest: str) -> None:
    found = scope_of(question, TITLES)
    assert (found.documents, found.question) == (None if documents is None else frozenset(documents), rest)


def test_a_single_report_without_editions_keeps_the_question() -> None:
    assert scope_of("第46次报告中网民规模是多少？", {"a.txt": "年度公报"}).documents is None


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("云河市公报里出口额是多少？", "出口额是多少？"),
        ("在云河市公报中，出口额是多少？", "出口额是多少？"),
        ("a-b.txt里，出口额是多少？", "出口额是多少？"),
        ("In a-b.txt, how large were exports?", "how large were exports?"),
        ("How large were exports according to 云河市公报?", "How large were exports?"),
    ],
)
def test_a_single_report_that_is_named_is_not_asked_about(question: str, rest: str) -> None:
    assert scope_of(question, {"a-b.txt": "云河市公报"}).question == rest


@pytest.mark.parametrize("question", ["云河市公报有多少页？", "How long is a-b.txt?", "云河市公报的发布时间是？"])
def test_a_single_report_that_is_asked_about_stays(question: str) -> None:
    assert scope_of(question, {"a-b.txt": "云河市公报"}).question == question


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("In 2024, what was GDP?", {"2024.txt": "Annual bulletin", "2023.txt": ""}),
        ("网民规模中农村占多少？", {"网民规模.txt": ""}),
        ('What share mention "Internet"?', {"a.txt": "Report on Internet development", "b.txt": "Other"}),
    ],
)
def test_the_subject_of_a_question_is_no_name_of_a_file(question: str, titles: dict[str, str]) -> None:
    assert scope_of(question, titles).question == question


def report(number: str, period: str, users: str, rural: str) -> str:
    return (
        f"第{number}次中国互联网络发展状况统计报告\n"
        f"截至{period}，我国网民规模达{users}亿，互联网应用持续发展。\n截至{period}，光缆线路长度为{rural}公里。\n"
    )


@pytest.fixture
def assistant(tmp_path: Path, fake_encoder: FakeEncoder) -> Assistant:
    folder = tmp_path / "报告"
    folder.mkdir()
    for number, period, users, rural in [
        ("45", "2020年3月", "", ""),
        ("47", "2020年12月", "9.89", "3.09"),
        ("49", "2021年12月", "10.32", "2.84"),
    ]:
        (folder / f"第{number}次.txt").write_text(report(number, period, users, rural), encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder=fake_encoder)
    return Assistant.open(tmp_path / "index", encoder=fake_encoder, reader=OverlapReader())


ANSWERED = [
    ("第47次报告中我国网民规模是多少？", "stated", ["9.89亿"], ["第47次.txt"]),
    ("第49次报告中我国网民规模是多少？", "stated", ["10.32亿"], ["第49次.txt"]),
    ("第45次报告中我国网民规模是多少？", "omitted", [], ["第45次.txt"]),
    ("第46次报告中我国网民规模是多少？", "not_found", [], []),
    ("2021年我国网民规模是多少？", "stated", ["10.32亿"], ["第49次.txt"]),
]
#: Months weigh on odds, which the overlap reader does not give.
BY_MONTH = [
    ("2020年12月我国网民规模是多少？", "stated", ["9.89亿"], ["第47次.txt"]),
    ("2020年3月我国网民规模是多少？", "omitted", [], ["第45次.txt"]),
]


@pytest.mark.parametrize(("question", "verdict", "figures", "documents"), ANSWERED, ids=[row[0] for row in ANSWERED])
def test_a_question_that_names_an_edition_or_a_time(
    assistant: Assistant, question: str, verdict: str, figures: list[str], documents: list[str]
) -> None:
    answer = assistant.ask(question)
    assert_exact(assistant, answer)
    assert answer.verdict == verdict
    assert [f.text for f in answer.figures] == figures
    assert [q.document for q in answer.quotes] == documents


@pytest.mark.model
def test_with_the_real_models(tmp_path: Path, assistant: Assistant) -> None:
    build_index(tmp_path / "报告", tmp_path / "real")
    real = Assistant.open(tmp_path / "real")
    for question, verdict, figures, documents in [*ANSWERED, *BY_MONTH]:
        answer = real.ask(question)
        assert answer.verdict == verdict, question
        assert [f.text for f in answer.figures] == figures
        assert [q.document for q in answer.quotes] == documents
    answer = real.ask("我国网民规模是多少？")
    assert {f.text for f in answer.figures} == {"9.89亿", "10.32亿"}
    assert len(answer.gaps) == 1


def test_what_one_omits_and_others_state_is_all_said(assistant: Assistant) -> None:
    answer = assistant.ask("我国网民规模是多少？")
    assert_exact(assistant, answer)
    assert answer.verdict == "stated"
    assert {f.text for f in answer.figures} == {"9.89亿", "10.32亿"}
    assert {q.document for q in answer.quotes} == {"第45次.txt", "第47次.txt", "第49次.txt"}
    assert len(answer.gaps) == 1
    assert "另有部分缺失" in answer.message
    shown = plain_answer(answer)
    assert all(f"第{number}次.txt ¶" in shown for number in (45, 47, 49))


def test_of_many_editions_each_figure_stands_in_a_quote(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    for n in range(20):
        text = report(str(n), f"{2000 + n}年12月", f"{n}.5", "1")
        (tmp_path / f"{n:02}.txt").write_text(text, encoding="utf-8")
    build_index(tmp_path, tmp_path / "index", encoder=fake_encoder)
    assistant = Assistant.open(tmp_path / "index", encoder=fake_encoder, reader=OverlapReader())
    answer = assistant.ask("我国网民规模是多少？")
    assert_exact(assistant, answer)
    assert differences(answer, {q.document: assistant._store.documents[q.document] for q in answer.quotes}) == []


def test_months_are_told_with_their_year() -> None:
    assert months_in("截至2020年12月，较 2020 年 3 月增长") == {"2020年12月", "2020年3月"}
    assert months_in("12月的2020年") == frozenset()
