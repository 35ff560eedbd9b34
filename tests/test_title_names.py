"""A name that the titles of some documents have: a question about it is answered from these documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build_index
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from qa.title_names import TitleNames, end_of_short_name
from tests.conftest import FakeEncoder

LABELS = {
    "云州.md": ("云州市2023年公共图书馆事业发展报告", "云州"),
    "海岭.md": ("2023年海岭市公共图书馆事业发展报告", "海岭"),
    "harwick.txt": ("Harwick Council Annual Report 2022", "harwick"),
    "我国.txt": ("我国图书馆事业持续发展", "我国"),
    "医院.txt": ("第一医院年报", "医院"),
    "能源.txt": ("新能源汽车产业发展报告", "能源"),
    "benxi.txt": ("本溪市统计公报", "benxi"),
    "报告.txt": ("报告显示图书馆读者大增", "报告"),
    "1.txt": ("", ""),
}

#: A question, and the documents that each name in it leaves. Written before the code was tried on them.
NAMES = [
    ("云州市图书馆有多少册书？", [{"云州.md"}]),
    ("云州的读者有多少？", [{"云州.md"}]),
    ("雲州市圖書館有多少冊書？", [{"云州.md"}]),
    ("去年海岭市和云州市的读者各有多少？", [{"海岭.md"}, {"云州.md"}]),
    ("How many books do the libraries of Yunzhou hold?", [{"云州.md"}]),
    ("How much gas did Harwick burn?", [{"harwick.txt"}]),
    ("Harwick的用电量是多少？", [{"harwick.txt"}]),
    ("本溪市的粮食产量是多少？", [{"benxi.txt"}]),
    # No name, or none of these documents.
    ("我国有多少图书馆？", []),
    ("报告里说有多少读者？", []),
    ("第一季度有多少读者？", []),
    ("新能源汽车产量是多少？", []),
    ("全市有多少图书馆？", []),
    ("Annual visits reached what number?", []),
    ("Council libraries hold how many books?", []),
    ("2023年公共图书馆有多少？", []),
    ("北岭市有多少读者？", []),
    ("How many annual reports did the library write in 2022?", []),
    ("How much did The Report cost?", []),
    ("", []),
]


@pytest.mark.parametrize(("question", "left"), NAMES, ids=[row[0] or "empty" for row in NAMES])
def test_names(question: str, left: list[set[str]]) -> None:
    found = list(TitleNames(LABELS).of(question))
    assert [set(name.documents) for name in found] == [{*documents, "1.txt"} for documents in left]


def test_a_word_of_a_title_is_not_cut_in_two() -> None:
    labels = {"a.md": ("云州市2023年统计公报", "a"), "b.md": ("云州市人民政府工作报告", "b")}
    assert list(TitleNames(labels).of("云州市人口是多少？")) == []
    labels = {"a.md": ("北京市统计公报", "a"), "b.md": ("北京市民政局年报", "b")}
    assert list(TitleNames(labels).of("北京市民用汽车有多少？")) == []


def test_a_name_is_a_word_of_its_own() -> None:
    (name,) = TitleNames({"a.md": ("Bath Council", "a"), "b.md": ("Harwick Council", "b")}).of("How big is Bath?")
    assert name.is_in("The city of Bath.")
    assert not name.is_in("All bathrooms were bathed.")


def test_a_name_of_every_title_tells_nothing() -> None:
    labels = {"a.md": ("云州市图书馆年报", "a"), "b.md": ("云州市统计公报", "b")}
    assert [n.documents for n in TitleNames(labels).of("云州市人口是多少？")] == []
    assert [set(n.documents) for n in TitleNames(labels).of("云州市图书馆有多少册书？")] == [{"a.md"}]


def report(town: str, books: str) -> str:
    return f"# {town}2023年公共图书馆事业发展报告\n\n全市公共图书馆馆藏总量达{books}万册，比上年增长。\n"


def open_reports(folder: Path, encoder: FakeEncoder, reports: dict[str, str]) -> Assistant:
    sources = folder / "reports"
    sources.mkdir()
    for name, text in reports.items():
        (sources / name).write_text(text, encoding="utf-8")
    build_index(sources, folder / "index", encoder=encoder)
    return Assistant.open(folder / "index", encoder=encoder, reader=OverlapReader())


def test_another_towns_figure_is_no_answer(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    reports = {"a.md": report("云州市", ""), "b.md": report("海岭市", "863.5")}
    assistant = open_reports(tmp_path, fake_encoder, reports)
    lost = assistant.ask("云州市公共图书馆馆藏总量达多少万册？")
    assert (lost.verdict, {q.document for q in lost.quotes}) == ("omitted", {"a.md"})
    given = assistant.ask("海岭市公共图书馆馆藏总量达多少万册？")
    assert (given.verdict, [f.text for f in given.figures]) == ("stated", ["863.5万册"])


def test_other_documents_may_speak_of_a_name(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    province = "# 全省文化统计公报\n\n云州市博物馆参观人数达92万人次。\n"
    assistant = open_reports(tmp_path, fake_encoder, {"a.md": report("云州市", "420"), "b.md": province})
    answer = assistant.ask("云州市博物馆参观人数达多少万人次？")
    assert (answer.verdict, {q.document for q in answer.quotes}) == ("stated", {"b.md"})


@pytest.mark.parametrize(
    ("name", "text", "short"),
    [
        ("江苏恒泽精密传动股份有限公司", "恒泽传动的净利润", "恒泽传动"),
        ("江苏恒泽精密传动股份有限公司", "恒泽传动股份有多少股", "恒泽传动"),
        ("江苏恒泽精密传动股份有限公司", "恒泽公司的净利润", "恒泽公司"),
        ("江苏恒泽精密传动股份有限公司", "恒泽控股的净利润", ""),
        ("江苏恒泽精密传动股份有限公司", "精密传动的收入", ""),
        ("云舍酒店集团", "云舍集团的收入", "云舍集团"),
        ("沅江商业银行股份有限公司", "沅江银行的不良率", ""),
        ("中国建设银行股份有限公司", "中国银行的员工", ""),
        ("中国建设银行股份有限公司", "建设银行的员工", "建设银行"),
        ("上海电气集团股份有限公司", "上海电力2023年的收入", ""),
        ("山东海丰化工股份有限公司", "山东海信2023年的利润", ""),
        ("山东海丰化工股份有限公司", "山东化工产值", ""),
        ("杭州海康威视数字技术股份有限公司", "杭州数字经济", ""),
        ("沅江市统计局", "沅江统计公报", ""),
    ],
)
def test_a_company_goes_by_pieces_of_its_name(name: str, text: str, short: str) -> None:
    assert text[: end_of_short_name(text, 0, name)] == short


def test_a_short_name_tells_one_companys_report_from_anothers(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    a, b = (f"\n\n报告期内，公司电驱齿轮销量达{n}万件。\n" for n in ("", "863.5"))
    reports = {"a.md": f"# 江苏恒泽精密传动股份有限公司{a}", "b.md": f"# 浙江万峰机械制造股份有限公司{b}"}
    assistant = open_reports(tmp_path, fake_encoder, reports)
    assert assistant.ask("恒泽传动的电驱齿轮销量达多少万件？").verdict == "omitted"
    assert assistant.ask("万峰机械的电驱齿轮销量达多少万件？").verdict == "stated"
