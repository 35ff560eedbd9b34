"""What can go wrong with an index on a server: each fault is made for real, and is one clear line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

import index.__main__ as index_cli
import qa.__main__ as qa_cli
from index import build_index
from index.encoder import PROBE
from index.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexReplacedError,
    IndexUnreachableError,
    StoreError,
    YoujuError,
)
from index.milvus.layout import among
from index.milvus.reading import MilvusVectors
from index.milvus.server import TIMEOUT, TOKEN, Address, Server, server_at
from index.milvus.writing import Writer
from index.parts import parts
from index.place import place_at
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from tests.conftest import REPORT, ROOT, FakeEncoder
from tests.milvus_server import MilvusServer, _free_ports

QUESTION = "水电发电量是多少？"


@pytest.mark.parametrize(
    "name",
    [
        "milvus://",
        "milvus:///reports",
        "milvus://host",
        "milvus://host:19530/",
        "milvus://host:port/reports",
        "milvus://host:99999/reports",
        "milvus://host/re-ports",
        "milvus://host/a/b",
        "milvus://host/1a",
        "milvus://host/a?b=c",
        "milvus://host/a' or id >= 0 or '",
        "milvus://[host/a",
    ],
)
def test_an_address_that_is_none_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StoreError, match="milvus://host:19530/collection"):
        place_at(name)
    assert qa_cli.main(["retrieve", "x", "--index", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_password_does_not_belong_in_the_address() -> None:
    with pytest.raises(StoreError, match="YOUJU_MILVUS_TOKEN") as raised:
        place_at("milvus://root:secret@host:19530/reports")
    assert "secret" not in str(raised.value)


def test_address() -> None:
    assert Address.at("milvus://db.example/a_1") == Address(
        "milvus://db.example/a_1", "db.example", 19530, "a_1", tls=False
    )
    assert Address.at("milvus+tls://[::1]:1953/a").tls
    assert Address.at("milvus://h/a").rebuild_command(["my reports"]) == (
        "python -m index build 'my reports' --store milvus://h/a"
    )


@pytest.mark.parametrize("value", ["term:1 or", '"] or key like "', "card", "", 'x:0"', "term:ff:0:1", "1.5"])
def test_a_filter_holds_validated_values_only(value: str) -> None:
    assert among("id", [np.int64(3), 4]) == "id in [3, 4]"
    assert among("key", ["term:ff", "card:0:0"]) == 'key in ["term:ff", "card:0:0"]'
    with pytest.raises(ValueError, match="no key"):
        among("key", [value])


def closed_port() -> str:
    return f"milvus://127.0.0.1:{_free_ports(1)[0]}/reports"


def test_no_server(source: Path, capsys: pytest.CaptureFixture[str], milvus_workshop: Path) -> None:
    pytest.importorskip("pymilvus")
    name = closed_port()
    begun = time.monotonic()
    for run in (
        lambda: index_cli.main(["build", str(source), "--store", name]),
        lambda: index_cli.main(["info", "--index", name]),
        lambda: qa_cli.main(["ask", QUESTION, "--index", name]),
    ):
        assert run() == 2
        line = capsys.readouterr().err.splitlines()[-1]
        assert line.startswith(f"error: {name}: the server cannot be reached.")
    assert time.monotonic() - begun < 3 * TIMEOUT


@pytest.fixture(scope="module")
def served(
    milvus_server: MilvusServer, milvus_workshop: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[MilvusServer, str, Path]]:
    """A server with an index, the index's name and its source."""
    source = tmp_path_factory.mktemp("served") / "energy.txt"
    source.write_text(REPORT, encoding="utf-8")
    name = milvus_server.url("served")
    build_index(source, name, encoder=FakeEncoder())
    yield milvus_server, name, source
    milvus_server.resume()


def opened(name: str) -> Assistant:
    return Assistant.open(name, encoder=FakeEncoder(), reader=OverlapReader())


def collections(name: str) -> set[str]:
    address = Address.at(name)
    return {c for c in server_at(address).call("list_collections") if c.startswith(address.collection)}


def test_command_lines(served: tuple[MilvusServer, str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    _, name, source = served
    assert index_cli.main(["info", "--index", name]) == 0
    assert f"index      {name}" in capsys.readouterr().out
    assert place_at(name).rebuild_command() == f"python -m index build {source} --store {name}"
    assert index_cli.main(["info", "--index", name.replace("served", "none")]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "Build one: python -m index build my-reports/ --store milvus://" in line


def test_wrong_password(served: tuple[MilvusServer, str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    _, name, _ = served
    for token in ("root:wrong", "nobody:nothing", ""):
        monkeypatch.setenv(TOKEN, token)
        server_at.cache_clear()
        with pytest.raises(IndexUnreachableError, match="refuses the user name or password"):
            place_at(name).open()
    monkeypatch.undo()
    server_at.cache_clear()
    assert place_at(name).open().info.passages


def test_names_that_others_use(served: tuple[MilvusServer, str, Path], source: Path) -> None:
    from pymilvus import DataType, MilvusClient

    server, name, _ = served
    call = server_at(Address.at(name)).call
    schema = MilvusClient.create_schema()
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("v", DataType.FLOAT_VECTOR, dim=2)
    call("create_collection", "theirs", schema=schema)
    call("create_alias", "theirs", "their_alias")
    with pytest.raises(StoreError, match="a collection has that name already"):
        build_index(source, server.url("theirs"), encoder=FakeEncoder())
    for act in (lambda n: place_at(n).open(), lambda n: build_index(source, n, encoder=FakeEncoder())):
        with pytest.raises(IndexDamagedError, match="which is no index"):
            act(server.url("their_alias"))
    assert "theirs" in collections(server.url("theirs"))


def test_other_dimension(served: tuple[MilvusServer, str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    _, name, _ = served

    class Smaller(FakeEncoder):
        dimension = 32

    with pytest.raises(IndexMismatchError, match=r"Build it anew: python -m index build \S+energy.txt --store"):
        Assistant.open(name, encoder=Smaller()).retrieve(QUESTION)
    call = Server.call

    def other(self: Server, what: str, *arguments: object, **named: object) -> object:
        answer = call(self, what, *arguments, **named)
        if what == "describe_collection":
            next(f for f in answer["fields"] if f["name"] == "vector")["params"]["dim"] = 8
        return answer

    monkeypatch.setattr(Server, "call", other)
    with pytest.raises(IndexMismatchError, match="8 dimensions"):
        place_at(name).open()


def test_a_server_that_hangs(served: tuple[MilvusServer, str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    server, name, _ = served
    monkeypatch.setattr(Server.call, "__kwdefaults__", {"timeout": 1.0})
    assistant = opened(name)
    assert assistant.ask(QUESTION).verdict == "stated"
    server.pause()
    for act in (lambda: assistant.ask("风电装机容量是多少？"), lambda: opened(name)):
        begun = time.monotonic()
        with pytest.raises(IndexUnreachableError, match="no answer within 1 s"):
            act()
        assert time.monotonic() - begun < 5
    server.resume()
    wait_for(lambda: assistant.ask(QUESTION))


def wait_for(act: Callable[[], object], seconds: float = 60) -> None:
    """Try until it succeeds; every failure on the way must be one clear line."""
    lines: list[str] = []
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            act()
        except YoujuError as error:
            lines.append(str(error))
            time.sleep(0.2)
        else:
            assert not any("\n" in line for line in lines)
            return
    raise AssertionError(lines[-1])


def test_killed_in_the_middle_of_searches_and_of_a_build(
    served: tuple[MilvusServer, str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, name, source = served
    assistant = opened(name)
    before = assistant.retrieve(QUESTION)
    more = tmp_path / "more.txt"
    more.write_text("\n\n".join(f"第{n}号站发电{n}亿千瓦时，比上年增长。" for n in range(200)), encoding="utf-8")
    lines: list[str] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                assistant.retrieve(QUESTION)
            except YoujuError as error:
                lines.append(str(error))
                time.sleep(0.1)

    texts = Writer.texts

    def kill_and_send(self: Writer, rows: Iterable[tuple[str, str]]) -> None:
        server.kill()  # the vectors are there, the texts not yet
        texts(self, rows)

    searching = threading.Thread(target=search)
    searching.start()
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "texts", kill_and_send)
        with pytest.raises(StoreError, match=r"cannot be reached.*still serves; what was encoded is kept"):
            build_index([source, more], name, encoder=FakeEncoder())
    stop.set()
    searching.join(2 * TIMEOUT)
    assert not searching.is_alive()
    assert lines
    assert all("the server cannot be reached" in line and "\n" not in line for line in lines)
    assert index_cli.main(["info", "--index", name]) == 2
    server.start()
    wait_for(lambda: assistant.retrieve(QUESTION))
    assert assistant.retrieve(QUESTION) == before

    class Counting(FakeEncoder):
        seen = 0

        def encode_document(self, texts: Sequence[str]) -> np.ndarray:
            self.seen += sum(text != PROBE for text in texts)
            return self._encode(texts)

    counting = Counting()
    info = build_index([source, more], name, encoder=counting)
    assert counting.seen == 0, "what the failed build had encoded was kept"
    assert info.passages > 200
    assert assistant.retrieve("第7号站发电")[0].document == "more.txt"
    assert collections(name) == {f"served_{info.generation}", f"served_{info.generation}_texts"}


KILLED = """
import os, signal, sys
from pathlib import Path
from index import build_index
from index.milvus import place, writing
from tests.conftest import FakeEncoder
place.DEFAULT_INDEX = Path(sys.argv[3])
writing.Writer.finish = lambda self: os.kill(os.getpid(), signal.SIGKILL)
build_index(sys.argv[1], sys.argv[2], encoder=FakeEncoder())
"""


def test_what_a_killed_builder_left_is_never_seen_and_goes_with_the_next_build(
    served: tuple[MilvusServer, str, Path], milvus_workshop: Path
) -> None:
    _, name, source = served
    before = place_at(name).generation()
    was = collections(name)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(source), name, str(milvus_workshop)], cwd=ROOT, env=os.environ, check=False
    )
    assert done.returncode == -signal.SIGKILL
    left = collections(name) - was
    assert len(left) == 2
    assert place_at(name).generation() == before
    info = build_index(source, name, encoder=FakeEncoder())
    assert collections(name) == {f"served_{info.generation}", f"served_{info.generation}_texts"}


def test_a_graph_finds_most_of_the_nearest_and_compares_the_candidates_exactly(
    served: tuple[MilvusServer, str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _, _ = served
    monkeypatch.setattr("index.milvus.writing.EXACT", 0)
    lines = [
        f"第{n}号水电站的装机容量为{n * 7 % 997}万千瓦。这座水电站建于{n * 31 % 89}年的第{n % 13}区，属第{n % 7}局。"
        for n in range(1200)
    ]
    (tmp_path / "stations.txt").write_text("\n\n".join(lines), encoding="utf-8")
    build_index(tmp_path, server.url("graph"), encoder=FakeEncoder())
    store = place_at(server.url("graph")).open()
    call = server_at(Address.at(server.url("graph"))).call
    described = call("describe_index", f"graph_{store.info.generation}", "vector")
    assert described["index_type"] == "HNSW"
    assert described["indexed_rows"] == described["total_rows"] > 3000
    own = [FakeEncoder().encode_document(parts(chunk)) for chunk in store.chunks]
    everyone = np.arange(len(own), dtype=np.int32)
    query = FakeEncoder().encode_query([QUESTION])[0]
    found = MilvusVectors._search
    with monkeypatch.context() as patch:  # as a server does that has not indexed a segment yet
        patch.setattr(MilvusVectors, "_search", lambda *a: {n: s for n, s in found(*a).items() if n % 3})
        whole, _ = store.vectors.similarities(query, everyone[:50])
    np.testing.assert_allclose(whole, [own[row][-1] @ query for row in everyone[:50]], atol=1e-6)
    for question in (QUESTION, "第37号站装机", "第5区的站"):
        query = FakeEncoder().encode_query([question])[0]
        products = [vectors @ query for vectors in own]
        for rows in (everyone[:200], everyone[::7], everyone[:3], everyone):
            whole, part = store.vectors.similarities(query, rows)
            np.testing.assert_allclose(whole, [products[row][-1] for row in rows], atol=1e-6)
            np.testing.assert_allclose(
                part, [max(products[row][:-1], default=products[row][-1]) for row in rows], atol=1e-6
            )
        least = np.sort(np.concatenate(products))[-300]
        wanted = {row for row, p in enumerate(products) if p.max() > least}
        assert len(wanted & set(store.vectors.nearest(query, 300).tolist())) > 0.95 * len(wanted)


@pytest.mark.parametrize(
    ("state", "pending", "waits"),
    [("Finished", 110_000, True), ("InProgress", 3, True), ("Failed", 0, True), ("Finished", 1023, False)],
)
def test_a_build_waits_for_rows_that_came_after_the_index_was_asked_for(
    state: str, pending: int, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = {"state": state, "pending_index_rows": pending}
    monkeypatch.setattr(Server, "call", lambda *_, **__: described)
    server = server_at(Address.at("milvus://localhost:1/graph"))
    assert (Writer(server, "graph", "graph_0")._unindexed("graph_0", "vector") > 0) is waits


def test_a_collection_that_was_released_is_loaded_again(served: tuple[MilvusServer, str, Path]) -> None:
    _, name, _ = served
    for collection in collections(name):
        server_at(Address.at(name)).call("release_collection", collection)
    wait_for(lambda: opened(name).retrieve(QUESTION))


def test_an_index_that_is_taken_away(served: tuple[MilvusServer, str, Path]) -> None:
    server, name, _ = served
    assistant = opened(name)
    call = server_at(Address.at(name)).call
    call("drop_alias", "served")
    for collection in collections(name):
        call("drop_collection", collection)
    with pytest.raises(IndexReplacedError, match="replaced or removed"):
        assistant.retrieve(QUESTION)
    with pytest.raises(IndexMissingError, match="Build one"):
        opened(name)
    assert server.port
