"""What holds for every report: exact offsets, no number but in quotes, no figure that does not stand there."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import build_index
from index.encoder import Encoder, load_encoder
from qa.assistant import Assistant
from qa.damage import drop_digits, strip_like_seed
from qa.datamodels import Answer
from qa.overlap import OverlapReader
from qa.report_cases import TRAINING_REPORTS, load_reports
from tests.conftest import FakeEncoder
from tests.test_assistant import assert_exact
from tests.test_messages import ENGLISH, NUMERALS

SENTENCES = [
    "全年粮食产量为6,865亿公斤，比上年增长2.1%。",
    "其中夏粮产量约占两成，连续九年丰收。",
    "城镇登记失业率为3.9%，较2019年末上升0.3个百分点。",
    "全市常住人口达1,204.5万人，近六成住在城区。",
    "The survey covered 2,310 households in 14 districts.",
    "Electricity use rose by 4.6% to 812 billion kilowatt hours, the third highest on record.",
    "各地持续改善营商环境，企业获得感增强。",
]
QUESTIONS = [
    "粮食产量是多少？",
    "夏粮占多大比例？",
    "失业率是多少，比2019年末上升了多少？",
    "常住人口有多少？是1,204.5万人吗？",
    "How many households did the survey cover?",
    "By how much did electricity use rise?",
    "营商环境怎么样？",
    "煤炭产量是多少？",
]
UNRELATED = (
    "足球联赛年鉴\n\n本赛季共踢了306场，射门4,512次，进球822个，场均观众1.9万人。\n\n冠军全年不败，主场胜率为88.2%。\n"
)

reports = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(lambda s: "\n\n".join(["年度公报", *s]))
damages = st.sampled_from(["intact", "digits", "part", "seed"])


def damaged(text: str, damage: str, seed: int) -> str:
    if damage == "intact":
        return text
    if damage == "seed":
        return "\n".join(strip_like_seed(line).text for line in text.split("\n"))
    return drop_digits(text, random.Random(seed), 0.5 if damage == "part" else 1.0).text


def index_of(texts: Mapping[str, str], folder: Path, encoder: Encoder) -> Path:
    (folder / "sources").mkdir()
    for name, text in texts.items():
        (folder / "sources" / name).write_text(text, encoding="utf-8")
    build_index(folder / "sources", folder / "index", encoder=encoder)
    return folder / "index"


def assistant_of(texts: Mapping[str, str], folder: Path) -> Assistant:
    encoder = FakeEncoder()
    return Assistant.open(index_of(texts, folder, encoder), encoder=encoder, reader=OverlapReader())


def assert_no_number_outside_quotes(answer: Answer) -> None:
    outside = answer.message
    for quoted in re.findall("「[^」]*」|“[^”]*”", outside):  # the message may name the quantity in the report's words
        outside = outside.replace(quoted, "")
    for harmless in ("数字", "約數", "约数", "部分"):
        outside = outside.replace(harmless, "")
    assert not set(outside) & NUMERALS, outside
    assert not set(re.findall("[a-z]+", outside.lower())) & ENGLISH, outside


@settings(max_examples=40)
@given(text=reports, damage=damages, seed=st.integers(0, 9), question=st.sampled_from(QUESTIONS))
def test_no_figure_comes_from_anywhere_but_the_text(text: str, damage: str, seed: int, question: str) -> None:
    source = damaged(text, damage, seed)
    with tempfile.TemporaryDirectory() as folder:
        assistant = assistant_of({"report.txt": source}, Path(folder))
        answer = assistant.ask(question)
        assert_exact(assistant, answer)
        assert_no_number_outside_quotes(answer)
        assert all(f.text in source for f in answer.figures)
        assert assistant.ask(question) == answer


@settings(max_examples=30)
@given(text=reports, question=st.sampled_from(QUESTIONS))
def test_an_unrelated_report_turns_no_omission_into_a_figure(text: str, question: str) -> None:
    source = damaged(text, "digits", 0)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        alone = assistant_of({"report.txt": source}, Path(one)).ask(question)
        beside = assistant_of({"report.txt": source, "unrelated.txt": UNRELATED}, Path(two)).ask(question)
    if alone.verdict == "omitted":
        assert beside.verdict == "omitted"
        assert {q.document for q in beside.quotes} == {"report.txt"}


@pytest.mark.model
def test_with_the_real_models_an_unrelated_report_turns_no_omission_into_a_figure(
    tmp_path: Path,
) -> None:
    encoder = load_encoder()
    written = {report.name: report for report in load_reports(TRAINING_REPORTS)}
    report, unrelated = written["a-province_communique_2022"], written["c-football_season_2024"]
    stripped = damaged(report.text, "seed", 0)
    for name in ("alone", "beside"):
        (tmp_path / name).mkdir()
    texts = {"report.txt": stripped}
    alone = Assistant.open(index_of(texts, tmp_path / "alone", encoder), encoder=encoder)
    both = texts | {"unrelated.txt": unrelated.text}
    beside = Assistant.open(index_of(both, tmp_path / "beside", encoder), encoder=encoder)
    omitted = [row.question for row in report.rows if alone.ask(row.question).verdict == "omitted"]
    assert len(omitted) > len(report.rows) // 3
    assert [q for q in omitted if beside.ask(q).verdict == "stated"] == []
