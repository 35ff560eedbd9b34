import json
import math
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import build_index
from index import store as index_store
from index.datamodels import Document
from index.encoder import PROBE
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, SourceError, StoreError
from index.lexical import question_terms, terms
from index.parts import parts, sentences
from index.store import Store, open_store, read_info
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from qa.retriever import COMPARED, COVERED, Retriever, Weights
from tests.conftest import FakeEncoder


def test_card_and_offsets(built: Path, source: Path) -> None:
    store = open_store(built)
    text = (source / "energy.txt").read_text(encoding="utf-8")
    assert store.documents["energy.txt"].text == text
    assert all(text[c.start : c.end] == c.text for c in store.chunks)
    assert store.info.model == "fake"
    assert store.info.passages == len(store.chunks) == store.vectors.owners[-1] + 1
    assert store.info.documents[0].size == len(text.encode())
    assert read_info(built) == store.info


def dense_oracle(store: Store, question: str, share: float) -> np.ndarray:
    """The mean of the dot products with the whole passage and with its best sentence, passage by passage."""
    query = FakeEncoder().encode_query([question])[0]
    products = [FakeEncoder().encode_document(parts(c)) @ query for c in store.chunks]
    return np.array([(1 - share) * p[-1] + share * max(p[:-1], default=p[-1]) for p in products])


def held_oracle(store: Store, question: str, row: int) -> float:
    """What the question's terms weigh that two neighbouring sentences of a passage hold at best."""

    def held(*both: str) -> float:
        own = {term for sentence in both for term in terms(sentence)}
        times = Counter(question_terms(question))
        return sum(times[t] * weight(len(store.lexical.postings_of(t)[0])) for t in own & times.keys())

    def weight(holding: int) -> float:
        return math.log1p((len(store.chunks) - holding + 0.5) / (holding + 0.5))

    said = sentences(store.chunks[row])
    return max(held(*said[i : i + 2]) for i in range(max(1, len(said) - 1)))


@pytest.mark.parametrize("question", ["水电发电量", "xyz", "开展试点的企业"])
def test_search_equals_sorting_the_fused_scores(built: Path, fake_encoder: FakeEncoder, question: str) -> None:
    store = open_store(built)
    weights = Weights(dense=3, held=0.5, part=0.25)
    dense = dense_oracle(store, question, weights.part)
    lexical = store.lexical.scores(question)
    full = store.lexical.full_score(question)
    fused = 3 * (dense - dense.max()) + lexical / max(lexical.max(), COVERED * full)
    for row in sorted(range(len(fused)), key=lambda i: (-fused[i], i))[:COMPARED]:
        fused[row] += weights.held * held_oracle(store, question, row) / full
    expected = sorted(range(len(fused)), key=lambda i: (-fused[i].round(6), i))
    found = Retriever(store, fake_encoder, weights).search(question, 100)
    assert [row for row, _ in found] == expected
    np.testing.assert_allclose([s for _, s in found], fused[expected], atol=1e-5)
    among = Retriever(store, fake_encoder, weights).search(question, 2, np.array([5, 1, 3], dtype=np.int32))
    assert [row for row, _ in among] == [row for row in expected if row in (1, 3, 5)][:2]
    assert Retriever(store, fake_encoder).search(question, 0) == []
    assert len(Retriever(store, fake_encoder).search(question, 3)) == 3


def test_nan_query_finds_nothing_rather_than_the_last(built: Path) -> None:
    assert not len(open_store(built).vectors.nearest(np.full(64, np.nan, dtype=np.float32), 5))


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
    with pytest.raises(IndexMissingError, match="python -m index build my-reports/ --out"):
        open_store(tmp_path / "none")


def test_other_model_is_refused(built: Path, fake_encoder: FakeEncoder) -> None:
    with pytest.raises(IndexMismatchError, match="built with model fake, not other"):
        Assistant.open(built, model="other")

    class Retrained(FakeEncoder):
        def encode_document(self, texts):  # type: ignore[no-untyped-def]
            return fake_encoder.encode_document(texts)[:, ::-1]

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


class CountingEncoder(FakeEncoder):
    """Keeps what it was asked to encode, but for the probe."""

    turned = 1

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode_document(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += [text for text in texts if text != PROBE]
        return self._encode(texts)[:, :: self.turned]


def test_a_rebuild_encodes_only_what_changed(built: Path, source: Path) -> None:
    before = open_store(built)
    counting = CountingEncoder()
    build_index(source, built, encoder=counting)
    assert counting.seen == []
    text = (source / "energy.txt").read_text(encoding="utf-8")
    (source / "energy.txt").write_text(text.replace("山西", "陕西") + "\n" + text, encoding="utf-8")
    build_index(source, built, encoder=counting)
    after = open_store(built)
    old, new = ({text for chunk in store.chunks for text in parts(chunk)} for store in (before, after))
    assert sorted(counting.seen) == sorted(new - old)
    assert 0 < len(counting.seen) < len(new)
    fresh = FakeEncoder().encode_document([text for chunk in after.chunks for text in parts(chunk)])
    np.testing.assert_array_equal(after.vectors.vectors(), fresh)


@pytest.mark.parametrize("what", ["name", "probe", "damage"])
def test_vectors_of_another_model_or_a_damaged_index_are_not_taken_over(built: Path, source: Path, what: str) -> None:
    counting = CountingEncoder()
    if what == "name":
        counting.name = "another"
    elif what == "probe":
        counting.turned = -1
    else:
        next((built / "generations").glob("g-*/vectors.faiss")).write_bytes(b"")
    build_index(source, built, encoder=counting)
    assert len(counting.seen) == len(open_store(built).vectors.owners)


def test_another_way_to_encode_questions_leaves_the_index_as_it_is(built: Path, source: Path) -> None:
    counting = CountingEncoder()
    counting.encode_query = lambda texts: FakeEncoder()._encode(texts)[:, ::-1]  # type: ignore[method-assign]
    assert Assistant.open(built, encoder=counting).retrieve("发电量")
    build_index(source, built, encoder=counting)
    assert counting.seen == []


def test_an_index_that_lost_a_text_is_built_anew(built: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a server a text may be missing that the card names: nothing is taken over from such an index."""

    class Lost(dict[str, Document]):
        def __getitem__(self, name: str) -> Document:
            raise KeyError(f"document:{name}")

    whole = open_store(built)
    monkeypatch.setattr("index.place.Folder.open", lambda _: replace(whole, documents=Lost(whole.documents)))
    counting = CountingEncoder()
    build_index(source, built, encoder=counting)
    assert len(counting.seen) == len(whole.vectors.owners)


@pytest.mark.parametrize("gaps", [7, None, [], "abc", {"k": 5}, {"k": [[1]]}, {"k": [[-9, "x", 3]]}, {"k": [5]}])
def test_gaps_that_are_none_are_damage(built: Path, gaps: object) -> None:
    manifest = json.loads((built / "manifest.json").read_bytes())
    path = built / "generations" / manifest["generation"] / "documents.jsonl"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "gaps": gaps}) + "\n", encoding="utf-8")
    manifest["files"]["documents.jsonl"] = index_store._sha256(path)
    manifest["seal"] = index_store._seal(manifest)
    (built / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(IndexDamagedError, match=r"documents\.jsonl"):
        open_store(built)


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
