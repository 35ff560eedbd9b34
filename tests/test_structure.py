from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.datamodels import Block
from index.structure import HARD_BOUND, find_blocks, is_date_line, split_block

SEED = Path(__file__).parent.parent / "seeds" / "000_01a7061c07f94489.txt"
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


@settings(max_examples=300, deadline=None)
@given(ALPHABET)
def test_any_text(text: str) -> None:
    blocks = find_blocks(text)
    check(text, blocks)
    assert blocks == find_blocks(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(ALPHABET, min_size=3, max_size=30))
def test_any_run_on_text(pieces: list[str]) -> None:
    text = "。".join(piece.replace("\n", "") for piece in pieces) * 5
    check(text, find_blocks(text))


@settings(max_examples=200, deadline=None)
@given(ALPHABET, st.integers(1, 60))
def test_split_block_loses_nothing(text: str, max_chars: int) -> None:
    for block in find_blocks(text):
        spans = split_block(text, block, max_chars)
        assert all(0 < end - start <= HARD_BOUND * max_chars for start, end in spans)
        assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
        joined = "".join(text[start:end] for start, end in spans)
        assert "".join(joined.split()) == "".join(text[block.start : block.end].split())


@pytest.mark.parametrize(
    "unit", [SEED.read_text(encoding="utf-8").replace("\n", ""), "a", "。", "截至年", "资料图。", "# a\n", "a.\n"]
)
def test_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.perf_counter()
    find_blocks(text)
    assert time.perf_counter() - began < 10


def test_is_date_line() -> None:
    assert is_date_line("2021/2/3 9:22")
