from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import split_sentences

# One row a case: the sentences, joined by | where they must be cut and nowhere else.
ROWS = [
    "截至2020年12月，普及率达70.4%。|其中，农村为55.9%。",
    "他说：“走吧。”|然后走了。",
    "“走吧！”的喊声响起。",
    "《你好！李焕英》上映。|票房很高。",
    "《走吧！》上映了。",
    "要加强领导；|要完善制度。",
    "等等……|然后走了。",
    "（见图1。）|另外还有。",
    "是吗？！|不是。",
    "增长3.5。|下降1.2。",
    "內容「如此。」|他說。",
    "如下：1.加强领导，2.完善制度。",
    "1.加强领导；|2.完善制度。",
    "我国网民规模达亿，互联网普及率达。|年，",
    "U.S. exports rose 3.5% in Jan. 5 ports.",
    "The No. 5 car was driven by J. R. Smith. |Dr. Who came, e.g. here.",
    "He lives in the U.S. |The car is his.",
    "Is it true? |Yes! |It is.",
    "See http://a.b/c?d=e for more. |It helps.",
    "Apple Inc. said so. |Others did not.",
    "It sells apples, pears, etc. |The shop is new.",
    "1. Introduction |",
    "Revenue was $3.5m. |Costs fell by 1.2 billion.",
    '"Hi there." |He left. |"Bye."',
    "At 5 p.m. |The bell rang at 6 p.m. sharp.",
    "The answer is no. |It always was.",
    "Revenue rose 5%.|In China it fell.",
    "Fig. 3 shows vol. 2, pp. 5 ff.",
    "第一行\n|第二行",
    "Yahoo!, Google and others.",
    "Wait... |Then it came.",
    "version 2.1.3 of node.js is out.",
    "销售减速器.万台，同比增长.%。|其他收入,.万元。",
    "境外收入,.万元",
    "保有量.亿台",
    "毛利率提高.个百分点，人均.平方米，单价.元。",
    "全市经济平稳运行.|工业生产加快，用电增加.|市场销售增长.",
    "2022年人均藏书为.本，比上年增加.本。|人均阅读.分钟，有馆员.人、展览.次。|另有席位,.张。",
    "人均藏書.本，比上年增加.天。|每臺,.克。",
    "- 人均藏书为.本，用时约.分钟",
    "Sales rose.|销售增长.本地企业增加。|It rose 3%. |Costs fell.",
    "增长较快.|个体户增加，万科公司增长3%.|元宇宙业务增长.",
]


@pytest.mark.parametrize("row", ROWS)
def test_rows(row: str) -> None:
    text = row.replace("|", "")
    wanted = [piece.strip() for piece in row.split("|") if piece.strip()]
    assert [text[start:end] for start, end in split_sentences(text)] == wanted


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("He works for Yahoo! and likes it.", marks=pytest.mark.xfail(reason="a name that ends in a mark")),
        pytest.param("Vitamin C. |Next came D.", marks=pytest.mark.xfail(reason="a letter that is no initial")),
    ],
)
def test_known_failures(row: str) -> None:
    text = row.replace("|", "")
    assert [text[start:end] for start, end in split_sentences(text)] == [piece.strip() for piece in row.split("|")]


def test_wrapped_lines_are_one_sentence_when_asked() -> None:
    text = "The report shows that\nrevenue rose. Costs\nfell."
    spans = split_sentences(text, newline_ends=False)
    assert [text[start:end] for start, end in spans] == ["The report shows that\nrevenue rose.", "Costs\nfell."]


@settings(max_examples=400)
@given(
    st.text(st.sampled_from('。！？；…!?.\n"”」）年a A1,，') | st.characters(codec="utf-8"), max_size=200),
    st.booleans(),
)
def test_invariants(text: str, newline_ends: bool) -> None:
    spans = split_sentences(text, newline_ends=newline_ends)
    for start, end in spans:
        piece = text[start:end]
        assert piece
        assert piece == piece.strip()
        assert not newline_ends or "\n" not in piece
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert "".join("".join(text[start:end] for start, end in spans).split()) == "".join(text.split())
