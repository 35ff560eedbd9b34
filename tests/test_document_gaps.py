"""Gaps are found once, when a document is indexed, and kept with the index; what is kept is what would be found."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import build_index
from index.datamodels import Gaps
from qa import document_gaps, gaps
from qa.assistant import Assistant
from qa.document_gaps import find_document_gaps, gaps_around
from tests.conftest import ROOT, FakeEncoder

DAMAGED = "我国网民规模达亿，互联网普及率达。较年月提升个百分点，农村网民规模为亿。\n"
WHOLE = "全省粮食产量稳步增长，农民收入连续八年增加，脱贫成果得到巩固。\n"


@pytest.fixture
def looked_through(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stretches that the detector looks through from now on."""
    seen: list[str] = []
    plain = document_gaps.score_gaps

    def score(text: str, floor: float) -> list[gaps.Gap]:
        seen.append(text)
        return plain(text, floor)

    document_gaps._found.cache_clear()
    monkeypatch.setattr(document_gaps, "score_gaps", score)
    return seen


def by_hand(text: str) -> list[gaps.Gap]:
    """Every 1,500 characters by themselves, 300 more on either side in view."""
    found = []
    for start in range(0, len(text) + 1, 1500):
        before = min(300, start)
        for gap in gaps.score_gaps(text[start - before : start + 1800], 0.15):
            if 0 <= gap.at - before < 1500:
                found.append(replace(gap, at=start - before + gap.at))
    return found


def whole(text: str, kept: Gaps) -> list[gaps.Gap]:
    return list(gaps_around(text, 0, len(text), kept))


LINES = st.lists(
    st.sampled_from([DAMAGED, WHOLE, "Users rose by % to million in .\n", "\n", "网民规模达亿"]), max_size=150
)


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_what_is_kept_is_what_would_be_found(lines: list[str]) -> None:
    text = "".join(lines)
    kept = json.loads(json.dumps(find_document_gaps(text, {}, [(0, len(text))])))
    assert whole(text, kept) == whole(text, {}) == by_hand(text)


@pytest.mark.parametrize("at", [1499, 1500, 1501, 2999, 3000])
def test_a_hole_at_the_seam_is_found_once(at: int) -> None:
    for head, rest in (("我国网民规模达", "亿，较年月增长万，普及率达。\n" + WHOLE * 10), ("较年月增长", "")):
        text = (DAMAGED * 100)[: at - len(head) - 1] + "。" + head + rest
        found = whole(text, find_document_gaps(text, {}, [(0, len(text))]))
        assert [gap.at for gap in found].count(at) == 1
        assert found == by_hand(text)


def test_the_detector_is_known_by_all_of_its_code() -> None:
    code = "import sys; import qa.gaps; print(*(m for m in sys.modules if m.startswith('qa.')))"
    used = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    named = {f"qa.{name.removesuffix('.py')}" for name in document_gaps._DETECTOR if name.endswith(".py")}
    assert set(used) - {"qa.datamodels"} <= named
    assert all((ROOT / "qa" / name).is_file() for name in document_gaps._DETECTOR)


def test_a_document_is_looked_through_when_it_is_indexed_and_never_again(
    tmp_path: Path, fake_encoder: FakeEncoder, looked_through: list[str]
) -> None:
    source, index = tmp_path / "report.txt", tmp_path / "index"
    source.write_text(DAMAGED * 100 + WHOLE * 100, encoding="utf-8")
    build_index(source, index, encoder=fake_encoder)
    first = len(looked_through)
    assert first > 1
    document_gaps._found.cache_clear()
    holes = Assistant.open(index, encoder=fake_encoder).gaps()
    assert len(holes) >= 200
    build_index(source, index, encoder=fake_encoder)
    assert len(looked_through) == first


def test_only_what_has_changed_is_looked_through_again(
    tmp_path: Path, fake_encoder: FakeEncoder, looked_through: list[str]
) -> None:
    source, index = tmp_path / "report.txt", tmp_path / "index"
    source.write_text(DAMAGED * 100, encoding="utf-8")
    build_index(source, index, encoder=fake_encoder)
    source.write_text(DAMAGED * 99 + WHOLE, encoding="utf-8")
    looked_through.clear()
    document_gaps._found.cache_clear()
    build_index(source, index, encoder=fake_encoder)
    assert 1 <= len(looked_through) <= 2
    assert WHOLE.strip() in "".join(looked_through)


def test_what_another_detector_found_is_not_taken_for_ours(
    monkeypatch: pytest.MonkeyPatch, looked_through: list[str]
) -> None:
    monkeypatch.setattr(document_gaps, "_detector", lambda: b"another")
    kept = find_document_gaps(DAMAGED, {}, [(0, len(DAMAGED))])
    assert whole(DAMAGED, {key: [] for key in kept}) == []
    monkeypatch.undo()
    assert whole(DAMAGED, {key: [] for key in kept}) == by_hand(DAMAGED) != []


def test_a_table_is_not_looked_through(tmp_path: Path, fake_encoder: FakeEncoder, looked_through: list[str]) -> None:
    rows = "\n".join(f"| 地区{n} | {n}亿 |" for n in range(400))
    (tmp_path / "table.md").write_text(f"| 地区 | 网民规模 |\n|---|---|\n{rows}\n", encoding="utf-8")
    build_index(tmp_path / "table.md", tmp_path / "index", encoder=fake_encoder)
    assert len(looked_through) <= 1
