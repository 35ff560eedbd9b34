"""What happens to an index: killed builders, full disks, two builders, edited sources, flipped bits."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import index.__main__ as index_cli
from index import documents as index_documents
from index.build import build_index
from index.datamodels import IndexInfo
from index.encoder import PROBE
from index.errors import IndexUnusableError, SourceError, StoreError
from index.freshness import changed_sources
from index.store import open_store, read_info
from index.unfinished import Unfinished
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from tests.conftest import REPORT, ROOT, FakeEncoder


def test_killed_at_many_points_the_index_is_the_old_one_or_the_new(tmp_path: Path) -> None:
    # In a process of its own: it forks, which a process with threads should not.
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill_points", str(tmp_path), "3"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert counts["killed"] > 10
    assert counts["old"] > 0 < counts["new"]


class Dying(FakeEncoder):
    """Fails in its n-th batch after the probe, as a killed process would stop there."""

    def __init__(self, batches: int) -> None:
        self.left, self.encoded = batches, 0

    def encode_document(self, texts: Sequence[str]) -> np.ndarray:
        if texts != [PROBE]:
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            self.encoded += len(texts)
        return FakeEncoder.encode_document(self, texts)


@pytest.fixture
def long_source(tmp_path: Path) -> Path:
    path = tmp_path / "long.txt"
    path.write_text("\n".join(f"第{n}区全年发电量为{n}.5亿千瓦时，比上年增长{n % 9}.1%。" for n in range(150)), "utf-8")
    return path


def test_a_stopped_build_goes_on_where_it_stopped(long_source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        build_index(long_source, out, encoder=Dying(3))
    again = Dying(99)
    progress: list[tuple[int, int]] = []
    build_index(long_source, out, encoder=again, progress=lambda done, total: progress.append((done, total)))
    assert again.encoded == 150 - 3 * 32
    assert progress[0] == (3 * 32, 150)
    assert progress[-1] == (150, 150)
    whole = tmp_path / "whole"
    build_index(long_source, whole, encoder=FakeEncoder())
    assert np.array_equal(vectors(out), vectors(whole))
    assert not list(out.glob("unfinished-*"))


def vectors(folder: Path) -> np.ndarray:
    store = open_store(folder)
    return store.vectors.vectors()


def test_unfinished_vectors_are_read_up_to_the_first_broken_one(tmp_path: Path) -> None:
    made = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
    texts = [f"文{n}" for n in range(5)]
    unfinished = Unfinished(tmp_path, "m", 8)
    unfinished.put(texts, made)
    unfinished.close(done=False)
    path = next(tmp_path.glob("unfinished-*"))
    whole = path.read_bytes()
    size = len(whole) // 5
    for data, kept in [(whole, 5), (whole[:-1], 4), (whole[: 2 * size + 7], 2), (flipped(whole, 3 * size + 40), 3)]:
        path.write_bytes(data)
        again = Unfinished(tmp_path, "m", 8)
        found = [again.get(text) for text in texts]
        assert [f is not None for f in found] == [n < kept for n in range(5)]
        assert all(np.array_equal(f, made[n]) for n, f in enumerate(found) if f is not None)
        again.put(["后来"], made[:1])
        again.close(done=False)
        last = Unfinished(tmp_path, "m", 8)
        assert last.get("后来") is not None
        last.close(done=False)
    Unfinished(tmp_path, "other model", 8).close(done=True)
    assert not list(tmp_path.glob("unfinished-*"))


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


FULL = """
import resource, signal, sys
from pathlib import Path
from index.build import build_index
from index.errors import StoreError
from tests.conftest import FakeEncoder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    build_index(Path(sys.argv[1]), Path(sys.argv[2]), encoder=FakeEncoder())
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 100, 5_000, 20_000, 40_000])
def test_on_a_full_disk_the_old_index_serves(built: Path, long_source: Path, room: int) -> None:
    before = read_info(built)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(long_source), str(built), str(room)], cwd=ROOT, capture_output=True, text=True
    )
    assert "cannot be written" in done.stdout, done.stderr
    assert "the index that was there still serves" in done.stdout
    assert read_info(built) == before
    assert [p.name for p in (built / "generations").iterdir()] == [before.generation]
    build_index(long_source, built, encoder=FakeEncoder())
    assert read_info(built).passages == 150


HOLDER = """
import sys, time
from pathlib import Path
from index.store import building
with building(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_dies_with_its_owner(built: Path, source: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(built)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another build is running"):
            build_index(source, built, encoder=FakeEncoder())
        assert open_store(built).info.passages
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    build_index(source, built, encoder=FakeEncoder())


def test_readers_see_whole_indexes_while_builders_replace_them(built: Path, source: Path) -> None:
    stop = threading.Event()
    faults: list[BaseException] = []

    def read() -> None:
        while not stop.is_set():
            try:
                answer = Assistant.open(built, encoder=FakeEncoder(), reader=OverlapReader()).ask("水电发电量是多少？")
                assert [f.text for f in answer.figures] == ["1.3万亿千瓦时"]
            except BaseException as error:
                faults.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(8):
        build_index(source, built, encoder=FakeEncoder())
    stop.set()
    for reader in readers:
        reader.join()
    assert not faults


def test_any_single_change_to_any_file_is_one_clear_line(built: Path) -> None:
    whole = open_store(built).info
    chance = random.Random(6)
    files = [built / "manifest.json", *(built / "generations" / whole.generation / name for name in whole.files)]
    for path in files:
        data = path.read_bytes()
        for _ in range(12):
            broken = flipped(data, chance.randrange(len(data)), chance.randrange(8))
            for changed in (broken, data[: chance.randrange(len(data))], data + b"x", b""):
                path.write_bytes(changed)
                line = fault(built, whole)
                if line is None:  # white space in the manifest carries nothing: the very same card was read
                    assert path.name == "manifest.json"
                else:
                    assert "\n" not in line
                    assert "python -m index build" in line
        path.write_bytes(data)
    assert open_store(built).info == whole


def fault(folder: Path, expected: IndexInfo) -> str | None:
    """Return what opening an index complains of; None when it opens and is the expected one."""
    try:
        info = open_store(folder).info
    except IndexUnusableError as error:
        return str(error)
    assert info == expected
    return None


def test_the_command_that_mends_names_the_sources(built: Path, source: Path) -> None:
    (built / "generations" / read_info(built).generation / "probe.f32").unlink()
    with pytest.raises(IndexUnusableError) as error:
        open_store(built)
    assert f"python -m index build {source} --out {built}" in str(error.value)


def test_changed_sources_are_named(built: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert changed_sources(read_info(built)) == []
    (source / "energy.txt").write_text(REPORT.replace("9.2", "9.3"), encoding="utf-8")
    (source / "新.md").write_text("新的报告。", encoding="utf-8")
    assert changed_sources(read_info(built)) == ["energy.txt: changed since the build", "新.md: added since the build"]
    assert index_cli.main(["info", "--index", str(built)]) == 0
    shown = capsys.readouterr().err
    assert "energy.txt: changed since the build" in shown
    assert f"Build anew: python -m index build {source}" in shown
    (source / "energy.txt").unlink()
    assert "energy.txt: removed since the build" in changed_sources(read_info(built))
    shutil.rmtree(source)
    assert changed_sources(read_info(built)) == []


def test_the_card_says_what_the_index_is(built: Path, source: Path) -> None:
    info = read_info(built)
    assert info.sources == (str(source),)
    assert len(info.fingerprint) == 16
    assert {"vectors.faiss", "passages.jsonl", "documents.jsonl", "probe.f32"} < set(info.files)
    card = json.loads(json.dumps(info.to_dict()))
    assert card["files"] == info.files
    assert card["documents"][0]["sha256"] == info.documents[0].sha256


def test_a_file_that_changes_while_it_is_read_is_refused(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, size = os.fstat, iter(range(10**6))

    def growing(descriptor: int) -> os.stat_result:
        fields = list(real(descriptor))
        fields[6] += next(size)
        return os.stat_result(fields)

    monkeypatch.setattr(index_documents.os, "fstat", growing)
    with pytest.raises(SourceError, match="changes while it is read"):
        index_documents.read_document(source / "energy.txt", "energy.txt")


def test_a_folder_that_cannot_be_written_says_so(source: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        build_index(source, "/proc/youju/index", encoder=FakeEncoder())


def test_a_read_only_source_and_index_serve(source: Path, built: Path) -> None:
    for path in [source, *source.rglob("*"), built, *built.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert open_store(built).info.passages
        assert changed_sources(read_info(built)) == []
    finally:
        for path in [source, built, *built.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)


def test_names_with_spaces_and_chinese_characters(tmp_path: Path) -> None:
    folder = tmp_path / "年 报 (2023)" / "一季度"
    folder.mkdir(parents=True)
    (folder / "能源 公报 'a' \"b\".txt").write_text(REPORT, encoding="utf-8")
    info = build_index(tmp_path / "年 报 (2023)", tmp_path / "索 引", encoder=FakeEncoder())
    assert [d.name for d in info.documents] == ["一季度/能源 公报 'a' \"b\".txt"]
    assert open_store(tmp_path / "索 引").info == info
