"""Gaps are found once, when a document is indexed, and kept with the index; what is kept is what would be found."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import build_index
from qa import document_gaps, gaps
from qa.assistant import Assistant
from qa.document_gaps import find_document_gaps, gaps_around
from tests.conftest import FakeEncoder

DAMAGED = "我国网民规模达亿，互联网普及率达。较年月提升个百分点，农村网民规模为亿。\n"
WHOLE = "全省粮食产量稳步增长，农民收入连续八年增加，脱贫成果得到巩固。\n"


@pytest.fixture
def looked_through(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stretches that the detector looks through from now on."""
    seen: list[str] = []
    plain = gaps.score_gaps

    def score(text: str, floor: float) -> list[gaps.Gap]:
        seen.append(text)
        return plain(text, floor)

    document_gaps._found.cache_clear()
    monkeypatch.setattr(gaps, "score_gaps", score)
    return seen


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([DAMAGED, WHOLE, "Users rose by % to million in .\n", "\n"]), max_size=120))
def test_what_is_kept_is_what_would_be_found(lines: list[str]) -> None:
    text = "".join(lines)
    kept = json.loads(json.dumps(find_document_gaps(text, {})))
    found = list(gaps_around(text, 0, len(text), kept))
    assert found == list(gaps_around(text, 0, len(text), {}))
    assert all(one.at < other.at for one, other in pairwise(found))


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
    build_index(source, index, encoder=fake_encoder)
    assert 1 <= len(looked_through) <= 2
    assert WHOLE.strip() in "".join(looked_through)


def test_what_another_detector_found_is_not_taken_for_ours(
    monkeypatch: pytest.MonkeyPatch, looked_through: list[str]
) -> None:
    monkeypatch.setattr(document_gaps, "_detector", lambda: b"another")
    kept = find_document_gaps(DAMAGED, {})
    monkeypatch.undo()
    assert list(gaps_around(DAMAGED, 0, len(DAMAGED), {key: [] for key in kept})) != []
