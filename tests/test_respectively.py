"""Lists written out for the reader: each figure after its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.damage import drop_digits
from qa.figures import find_figures, find_gaps
from qa.respectively import written_out


def marked(text: str) -> str | None:
    """The text written out, its slots in brackets."""
    slots = [(f.start, f.end, f.unit) for f in find_figures(text)] + [(g.at, g.at, g.unit) for g in find_gaps(text)]
    written = written_out(text, sorted(slots, key=lambda s: s[:2]))
    if written is None:
        return None
    out = written.text
    for start, end in sorted(written.slots, reverse=True):
        out = f"{out[:start]}[{out[start:end]}]{out[end:]}"
    return out


ROWS = [
    (
        "我市高中、初中在校生规模分别为3.42万人、2.15万人，占全部学生的34.6%、21.7%。",
        "我市高中在校生规模为[3.42万人]，占全部学生的[34.6%]；初中在校生规模为[2.15万人]，占全部学生的[21.7%]。",
    ),
    ("全县苹果、柑橘种植面积分别为3万亩和2万亩。", "全县苹果种植面积为[3万亩]；柑橘种植面积为[2万亩]。"),
    (
        "出口、进口总额分别增长3.1%和下降2.5%。",  # The second has a verb of its own.
        "出口增长[3.1%]；进口总额下降[2.5%]。",
    ),
    (
        "东、中、西部投资分别增长3%、下降2%和1%。",
        "东部投资增长[3%]；中部投资下降[2%]；西部投资下降[1%]。",
    ),
    (
        "对甲省、乙省和丙省的发运量分别增长28.4%、19.0%和35.5%，合计占到一半以上。",
        "对甲省的发运量增长[28.4%]；乙省的发运量增长[19.0%]；丙省的发运量增长[35.5%]，合计占到[一半以上]。",
    ),
    (
        "货车3.1万辆，客车1.2万辆，同比增速分别为16.8%和7.5%。",
        "货车[3.1万辆]，同比增速为[16.8%]；客车[1.2万辆]，同比增速为[7.5%]。",
    ),
    (
        "Ferries, trams and buses carried 3,100, 4,200 and 5,300 people respectively.",
        "Ferries carried [3,100]; trams carried [4,200]; buses carried [5,300 people].",
    ),
    (
        "Ferries, trams and buses earned £31 million, £42 million and £53 million respectively.",
        "Ferries earned [£31 million]; trams earned [£42 million]; buses earned [£53 million].",
    ),
    (
        "Among men and women, the rate was 4.1% and 5.2% respectively.",
        "Among men, the rate was [4.1%]; women, the rate was [5.2%].",
    ),
    ("风电、水电各增长13.6%和52.8%。", "风电增长[13.6%]；水电增长[52.8%]。"),
    ("普及率和使用率分别为70%和60%。", "普及率为[70%]；使用率为[60%]。"),
    ("两地普及率分别为87.3%和69.1%。", None),
    (
        "工具普及率81.5%，关键工序数控化率64.8%，分别比全国高1.9个和2.6个百分点。",
        "工具普及率[81.5%]，比全国高[1.9个]；关键工序数控化率[64.8%]，比全国高[2.6个百分点]。",
    ),
    ("受疫情、汛期影响，农村居民收入支出分别下降3%和5%。", None),
    ("与2019年、2020年相比，今年城乡收入分别增长3%和5%。", None),
    (
        "粮食、棉花产量分别为6亿吨和5亿吨，其中夏粮、早稻分别为1亿吨和2亿吨。",
        "粮食产量为[6亿吨]；棉花产量为[5亿吨]，其中夏粮为[1亿吨]；早稻为[2亿吨]。",
    ),
    ("甲、乙产量分别为3吨和5吨，占比分别为30%和50%。", "甲产量为[3吨]，占比为[30%]；乙产量为[5吨]，占比为[50%]。"),
    ("地区生产总值、一般公共预算收入分别为3亿元、2亿元。", "地区生产总值为[3亿元]；一般公共预算收入为[2亿元]。"),
    ("常住人口、城镇化率分别为500万人、60%。", "常住人口为[500万人]；城镇化率为[60%]。"),
    ("出口、进口分别增长3%和5%，5月份增速回落。", "出口增长[3%]；进口增长[5%]，[5月份]增速回落。"),
    ("The town, which has schools and parks, spent £3m and £5m respectively on buses and trams.", None),
    (
        "Exports and imports rose by 3.1% and 4.2%, respectively.",
        "Exports rose by [3.1%]; imports rose by [4.2%].",
    ),
    ("甲、乙、丙三地分别有3家和5家。", None),  # three names, two figures
    ("分别为3家和5家。", None),
    ("全年生产3.1万辆，同比增长16.8%。", None),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_written_out(text: str, expected: str | None) -> None:
    assert marked(text) == expected


def test_holes_are_written_out_like_figures() -> None:
    text = "我市高中、初中在校生规模分别为3.42万人、2.15万人，占全部学生的34.6%、21.7%，持续增长。"
    assert (
        marked(drop_digits(text).text)
        == "我市高中在校生规模为[]万人，占全部学生的[]%；初中在校生规模为[]万人，占全部学生的[]%，持续增长。"
    )


@given(st.text(alphabet="分别、和，。；%元 3579甲乙丙丁andrespctively,.£", max_size=60))
def test_slots_keep_what_they_hold(text: str) -> None:
    figures = find_figures(text)
    written = written_out(text, [(f.start, f.end, f.unit) for f in figures])
    if written is not None:
        assert [written.text[slice(*s)] for s in written.slots] == [f.text for f in figures]
