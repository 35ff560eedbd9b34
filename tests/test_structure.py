from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.datamodels import Block
from index.structure import HARD_BOUND, find_blocks, is_date_line, split_block

SEED = Path(__file__).parent.parent / "seeds" / "000_01a7061c07f94489.txt"
SEED_LINE = SEED.read_text(encoding="utf-8").replace("\n", "")
SEED_HEADINGS = [
    "健康码助亿人通畅出行，互联网为抗疫赋能赋智",
    "网民规模接近亿，网络扶贫成效显著",
    "网络零售连续八年全球第一，有力推动消费双循环",
    "网络支付使用率近九成，数字货币试点进程全球领先",
    "短视频用户规模增长超亿，节目质量飞跃提升",
    "高新技术不断突破，释放行业发展动能",
    "上市企业市值再创新高，集群化发展态势明显",
    "数字政府建设扎实推进，在线服务水平全球领先",
]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in find_blocks(text)]


def check(text: str, blocks: list[Block]) -> None:
    """What holds for any text: order, no overlap, no loose white space, sections that are headings, nothing lost."""
    at, section = 0, None
    covered = [False] * len(text)
    for number, block in enumerate(blocks, 1):
        piece = text[block.start : block.end]
        assert at <= block.start < block.end
        assert piece == piece.strip()
        assert block.paragraph == number
        if block.kind == "heading":
            section = piece
        assert block.section == section
        covered[block.start : block.end] = [True] * len(piece)
        at = block.end
    lost = {char for char, held in zip(text, covered, strict=True) if not held and not char.isspace()}
    assert lost <= set("#=-*_")


def test_seed_report() -> None:
    text = SEED.read_text(encoding="utf-8")
    blocks = find_blocks(text)
    check(text, blocks)
    found = kinds(text)
    assert [piece for kind, piece in found if kind == "heading"] == SEED_HEADINGS
    assert [piece for kind, piece in found if kind == "title"] == ["报告显示我国网民规模接近亿互联网普及率达"]
    assert [piece for kind, piece in found if kind == "date"] == ["2021/2/3 9:22"]
    assert [piece for kind, piece in found if kind == "caption"] == [
        "资料图旅客向工作人员出示健康码和行程卡。中新社记者韦亮摄",
        "资料图主播通过直播带货。中新社记者王刚摄",
    ]
    assert [piece for kind, piece in found if kind == "editor"] == ["责任编辑舒靓"]
    assert blocks[2].kind == "paragraph"
    assert blocks[2].section is None
    for heading in SEED_HEADINGS:
        assert any(block.kind == "paragraph" and block.section == heading for block in blocks)


ALPHABET = st.text(
    st.sampled_from("年月日亿，。！？；“”（）图摄记者一、1.3 #\n-|　abA.责任编辑：截至我国增长")
    | st.characters(codec="utf-8"),
    max_size=300,
)


@settings(max_examples=300)
@given(ALPHABET)
def test_any_text(text: str) -> None:
    blocks = find_blocks(text)
    check(text, blocks)
    assert blocks == find_blocks(text)


@settings(max_examples=100)
@given(st.lists(ALPHABET, min_size=3, max_size=30))
def test_any_run_on_text(pieces: list[str]) -> None:
    text = "。".join(piece.replace("\n", "") for piece in pieces) * 5
    check(text, find_blocks(text))


@settings(max_examples=200)
@given(ALPHABET, st.integers(1, 60))
def test_split_block_loses_nothing(text: str, max_chars: int) -> None:
    for block in find_blocks(text):
        spans = split_block(text, block, max_chars)
        assert all(0 < end - start <= HARD_BOUND * max_chars for start, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        joined = "".join(text[start:end] for start, end in spans)
        assert "".join(joined.split()) == "".join(text[block.start : block.end].split())


LONG = "截至2020年12月，我国网民规模达9.89亿，较2020年3月增长8540万，互联网普及率达70.4%。" * 8
SHORT = "农村网民规模为3.09亿。城镇网民规模为6.80亿。"

# (what, text, kinds in order); tables, poems and lists are the negative cases.
DOCUMENTS = [
    ("one ordinary paragraph", LONG, "paragraph"),
    ("paragraphs a line", f"{LONG}\n{LONG}\n{LONG}", "paragraph paragraph paragraph"),
    ("one long and some short", f"{SHORT}\n{LONG}{LONG}\n{SHORT}\n{SHORT}", "paragraph paragraph paragraph paragraph"),
    ("nothing", " \n\n", ""),
    ("a single short line", "网民规模", "paragraph"),
    ("title, date, body", f"我国网民规模达9.89亿\n2021-02-03 09:22 来源：新华网\n{SHORT}", "title date paragraph"),
    ("date before the title", f"2021年2月3日\n我国网民规模达9.89亿\n{SHORT}", "date title paragraph"),
    (
        "numbered headings",
        f"报告\n一、总体情况\n（一）网民\n{SHORT}\n二、农村\n{SHORT}",
        "title heading heading paragraph heading paragraph",
    ),
    ("short unpunctuated heading", f"报告全文\n{SHORT}\n农村地区发展\n{SHORT}", "title paragraph heading paragraph"),
    (
        "numbered list is no row of headings",
        f"{SHORT}\n1.网民规模\n2.普及率\n3.农村网民\n{SHORT}",
        "paragraph paragraph paragraph paragraph paragraph",
    ),
    ("bullets", f"{SHORT}\n- 网民\n- 农村\n", "paragraph paragraph paragraph"),
    ("a lead-in with a colon", f"{SHORT}\n主要结论如下：\n{SHORT}", "paragraph paragraph paragraph"),
    ("table", f"# 表\n| 年 | 数 |\n|---|---|\n| 2020 | 9.89 |\n\n{SHORT}", "title table table paragraph"),
    ("code with a hash", "# T\n```\n# no heading\nx\n```\n", "title paragraph"),
    ("a hash tag is no heading", f"{SHORT}\n#1 in the world\n", "paragraph paragraph"),
    ("setext", "Title\n=====\n\nPart\n----\nSome words here.\n", "title heading paragraph"),
    (
        "captions and editor",
        f"{SHORT}\n图1：网民规模\n记者 韦亮 摄\n{SHORT}\n责任编辑：舒靓",
        "paragraph caption caption paragraph editor",
    ),
    ("图1显示 is text", f"{SHORT}\n图1显示，网民增长。\n{SHORT}", "paragraph paragraph paragraph"),
    ("a year opens a heading, not a date", f"报告\n2020年网民规模\n{SHORT}", "title heading paragraph"),
]


@pytest.mark.parametrize(("text", "wanted"), [pytest.param(*row[1:], id=row[0]) for row in DOCUMENTS])
def test_documents(text: str, wanted: str) -> None:
    check(text, find_blocks(text))
    assert " ".join(kind for kind, _ in kinds(text)) == wanted


def test_markdown_heading_is_its_own_section_without_the_marks() -> None:
    text = "# 报告\n\n## 一、总体情况 ##\n正文在此。"
    assert [(b.kind, b.section) for b in find_blocks(text)] == [
        ("title", None),
        ("heading", "一、总体情况"),
        ("paragraph", "一、总体情况"),
    ]


WRAPPED = """Revenue rose 5% to $3.5 billion in 2020, and the company said it would
continue to invest in its network. It has 1,200 employees in the U.S.
and the U.K., and plans to add more of them.

Key Findings

Costs fell. The margin improved by 2 points to 30% in the year, which was
better than analysts had expected at the beginning of the year.
"""


def test_wrapped_lines_are_paragraphs() -> None:
    assert [kind for kind, _ in kinds(WRAPPED)] == ["paragraph", "heading", "paragraph"]
    assert kinds(WRAPPED)[0][1].count("\n") == 2


def test_english_run_on() -> None:
    part = "Revenue rose 5% in 2020. The company will invest in its network. It has 1,200 employees. "
    text = "Results were strong. " + f"Key Findings{part}{part}Market Outlook{part}{part}" * 12
    headings = [piece for kind, piece in kinds(text) if kind == "heading"]
    assert headings == ["Key Findings", "Market Outlook"] * 12


def test_seed_report_with_its_digits_and_in_one_line() -> None:
    text = SEED.read_text(encoding="utf-8").replace("截至年月", "截至2020年12月").replace("自年起", "自2013年起")
    text = re.sub("(?<=[动先。])年，", "2020年，", text).replace("\n", "")
    found = kinds(text)
    assert [piece for kind, piece in found if kind == "heading"] == SEED_HEADINGS
    assert [kind for kind, _ in found[:3]] == ["title", "date", "paragraph"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("2021/2/3 9:22", True),
        ("2021年2月3日 星期三 来源：新华网", True),
        ("二〇二一年二月三日", True),
        ("年月日", True),
        ("3 March 2021", True),
        ("Published: March 3, 2021 10:15 AM", True),
        ("来源：中国新闻网", True),
        ("临江省气象局　2025年1月16日", True),
        ("2024年2月29日 國家統計局", True),
        ("关于召开2024年1月16日会议", False),
        ("临江市统计局", False),
        ("2020年网民规模", False),
        ("2020年", False),
        ("截至2020年12月，网民9.89亿。", False),
        ("9.89亿", False),
    ],
)
def test_is_date_line(line: str, wanted: bool) -> None:
    assert is_date_line(line) is wanted


def test_split_block_is_balanced_and_between_sentences() -> None:
    text = LONG * 3
    block = Block("paragraph", 0, len(text), None, 1)
    spans = split_block(text, block, 400)
    assert all(text[end - 1] == "。" for _, end in spans)
    sizes = [end - start for start, end in spans]
    assert max(sizes) <= 400
    assert max(sizes) - min(sizes) <= len(LONG) // 8


def test_split_block_rejects_nonsense() -> None:
    with pytest.raises(ValueError, match="max_chars"):
        split_block("x", Block("paragraph", 0, 1, None, 1), 0)
