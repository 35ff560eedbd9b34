import json
import threading
from pathlib import Path

import numpy as np
import pytest

from index import build_index
from index import store as index_store
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, SourceError, StoreError
from index.store import open_store, read_info
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from qa.retriever import Retriever, standardise
from tests.conftest import FakeEncoder


def test_card_and_offsets(built: Path, source: Path) -> None:
    store = open_store(built)
    text = (source / "energy.txt").read_text(encoding="utf-8")
    assert store.documents["energy.txt"].text == text
    assert all(text[c.start : c.end] == c.text for c in store.chunks)
    assert store.info.model == "fake"
    assert store.info.passages == len(store.chunks) == store.vectors.ntotal
    assert store.info.documents[0].size == len(text.encode())
    assert read_info(built) == store.info


def test_similarities_equal_a_dot_product(built: Path, fake_encoder: FakeEncoder) -> None:
    from index.build import searchable

    store = open_store(built)
    query = fake_encoder.encode_query(["发电量是多少"])[0]
    vectors = fake_encoder.encode_document([searchable(c) for c in store.chunks])
    np.testing.assert_allclose(store.similarities(query), vectors @ query, atol=1e-6)


def test_search_equals_sorting_the_fused_scores(built: Path, fake_encoder: FakeEncoder) -> None:
    store = open_store(built)
    retriever = Retriever(store, fake_encoder, dense_weight=0.3)
    query = fake_encoder.encode_query(["水电发电量"])[0]
    fused = 0.3 * standardise(store.similarities(query)) + 0.7 * standardise(store.lexical.scores("水电发电量"))
    expected = sorted(range(len(fused)), key=lambda i: (-fused[i], i))
    found = retriever.search("水电发电量", 100)
    assert [row for row, _ in found] == expected
    np.testing.assert_allclose([s for _, s in found], fused[expected], atol=1e-6)
    assert retriever.search("水电发电量", 0) == []


def test_nan_query_finds_nothing_rather_than_the_last(built: Path) -> None:
    store = open_store(built)
    assert not store.similarities(np.full(64, np.nan, dtype=np.float32)).any()


def files_of(built: Path) -> list[str]:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    return [f"generations/{manifest['generation']}/{name}" for name in manifest["files"]]


def test_every_flipped_bit_and_cut_file_is_noticed(built: Path) -> None:
    for name in files_of(built):
        path = built / name
        whole = path.read_bytes()
        broken = bytearray(whole)
        broken[len(broken) // 2] ^= 1
        for damaged in (bytes(broken), whole[:-1], None):
            path.unlink() if damaged is None else path.write_bytes(damaged)
            with pytest.raises(IndexDamagedError, match="Build it anew: python -m index build"):
                open_store(built)
        path.write_bytes(whole)
    open_store(built)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": "x"}', b"\xff\xfe"])
def test_broken_manifest(built: Path, content: bytes) -> None:
    (built / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamagedError):
        open_store(built)


def test_newer_format_and_missing_index(built: Path, tmp_path: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    (built / "manifest.json").write_text(json.dumps({**manifest, "format": 99}), encoding="utf-8")
    with pytest.raises(IndexMismatchError, match="format 99"):
        open_store(built)
    with pytest.raises(IndexMissingError, match="python -m index build --out"):
        open_store(tmp_path / "none")


def test_other_model_is_refused(built: Path, fake_encoder: FakeEncoder) -> None:
    with pytest.raises(IndexMismatchError, match="built with model fake, not other"):
        Assistant.open(built, model="other")

    class Retrained(FakeEncoder):
        def encode_query(self, texts):  # type: ignore[no-untyped-def]
            return fake_encoder.encode_query(texts)[:, ::-1]

    with pytest.raises(IndexMismatchError, match="is not the one the index"):
        Assistant.open(built, encoder=Retrained()).retrieve("发电量")


def test_failed_build_leaves_the_old_index(built: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_info(built)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_store, "_write_lines", full)
    with pytest.raises(StoreError, match="No space left on device"):
        build_index(source, built, encoder=FakeEncoder())
    assert read_info(built) == before
    assert [p.name for p in (built / "generations").glob("g-*")] == [before.generation]


def test_second_builder_is_told_to_wait(built: Path, source: Path) -> None:
    refused = []

    def second() -> None:
        try:
            build_index(source, built, encoder=FakeEncoder())
        except StoreError as error:
            refused.append(str(error))

    with index_store.building(built):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1
    assert "another build is running" in refused[0]


def test_rebuild_replaces_the_generation(built: Path, source: Path, fake_encoder: FakeEncoder) -> None:
    (source / "new.txt").write_text("新的报告。\n全国人口为14亿。", encoding="utf-8")
    info = build_index(source, built, encoder=fake_encoder)
    assert [d.name for d in info.documents] == ["energy.txt", "new.txt"]
    assert [p.name for p in (built / "generations").glob("g-*")] == [info.generation]
    assert read_info(built) == info


def test_progress_reaches_the_total(source: Path, tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    calls: list[tuple[int, int]] = []
    info = build_index(
        source, tmp_path / "o", progress=lambda done, total: calls.append((done, total)), encoder=fake_encoder
    )
    assert calls[-1] == (info.passages, info.passages)


def test_a_running_assistant_takes_up_the_new_index(built: Path, source: Path, fake_encoder: FakeEncoder) -> None:
    assistant = Assistant.open(built, encoder=fake_encoder, reader=OverlapReader())
    assert assistant.refreshed() is assistant
    (source / "new.txt").write_text("新的报告。\n海水淡化能力为每日5万吨。", encoding="utf-8")
    info = build_index(source, built, encoder=fake_encoder)
    refreshed = assistant.refreshed()
    assert refreshed.info == info
    assert refreshed.ask("海水淡化能力是多少？").verdict == "stated"
    assert assistant.ask("水电发电量是多少？").verdict == "stated"  # the old one still answers
    (built / "manifest.json").unlink()
    assert refreshed.refreshed() is refreshed


def test_an_index_taken_up_keeps_the_loaded_models(built: Path, source: Path) -> None:
    encoder, reader = FakeEncoder(), OverlapReader()
    old = Assistant.open(built, encoder=encoder, reader=reader)
    build_index(source, built, encoder=FakeEncoder())
    new = Assistant.open(built).with_models_of(old)
    assert new._ready_encoder() is encoder
    assert new._ready_reader() is reader
    own = Assistant.open(built, encoder=FakeEncoder(), reader=OverlapReader()).with_models_of(old)
    assert own._ready_encoder() is not encoder


def test_a_build_deletes_nothing_but_its_own(source: Path, fake_encoder: FakeEncoder) -> None:
    kept = source / "g-20230101"
    kept.mkdir()
    (kept / "old.txt").write_text("去年的报告。", encoding="utf-8")
    for _ in range(2):
        build_index(source, source, encoder=fake_encoder)
    assert (kept / "old.txt").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"generation": "../../etc"},
        {"generation": None},
        {"files": {}},
        {"files": {"../secret": "0"}},
        {"documents": 5},
        {"documents": [5]},
        {"model": 5},
        {"passages": 99},
        {"settings": None},
    ],
    ids=str,
)
def test_a_forged_manifest_is_one_clear_line(built: Path, change: dict[str, object]) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    forged = {**manifest, **change}
    forged["seal"] = index_store._seal(forged)
    (built / "manifest.json").write_text(json.dumps(forged), encoding="utf-8")
    with pytest.raises(IndexDamagedError):
        open_store(built)


def test_a_document_without_a_letter_is_refused(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    (tmp_path / "rules.md").write_text("---\n***\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no text to index"):
        build_index(tmp_path / "rules.md", tmp_path / "out", encoder=fake_encoder)
