"""The HTTP API through a real server and the public client, the command line of app.py, and the drawing of answers."""

from __future__ import annotations

import base64
import html
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

import app
from index.build import build_index
from index.datamodels import Chunk
from qa.assistant import Assistant
from qa.datamodels import Answer, Figure, Gap, Quote
from qa.errors import IndexMissingError, SourceError
from qa.examples import _question_for, example_questions
from qa.overlap import OverlapReader
from qa.questions import MAX_QUESTION
from qa.slots import Slot, SlottedPassage
from qa.web import draw
from qa.web.desk import MAX_UPLOAD, Desk
from qa.web.guard import _is_local
from qa.web.live import CHECK_EVERY
from qa.web.texts import TEXTS, VERDICTS
from tests import serve
from tests.conftest import REPORT, ROOT, FakeEncoder

ENGLISH = """Energy Review

Power

The total output of wind power was 412 terawatt hours. Engineers praised the new turbines in the north.

Coal

The total output of coal mines fell. The closing programme goes on.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("api")
    (folder / "sources").mkdir()
    (folder / "sources" / "energy.txt").write_text(REPORT, encoding="utf-8")
    (folder / "sources" / "review.txt").write_text(ENGLISH, encoding="utf-8")
    build_index(folder / "sources", folder / "index", encoder=FakeEncoder())
    return Assistant.open(folder / "index", encoder=FakeEncoder(), reader=OverlapReader(serve.SURE))


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[object]:
    from gradio_client import Client

    with serve.process("-m", "tests.serve", assistant.info.path) as url:
        connected = Client(url, verbose=False)
        yield connected
        connected.close()


# ---- the HTTP API


@pytest.mark.server
def test_ask_returns_the_same_json_as_python(client, assistant):
    question = "全年发电量是多少？"
    got = client.predict(question, api_name="/ask")
    assert got == json.loads(json.dumps(assistant.ask(question).to_dict()))
    assert got["verdict"] == "stated"
    assert got["figures"][0]["text"] == "9.2万亿千瓦时"
    assert Answer.from_dict(got).to_dict() == got


@pytest.mark.server
def test_ask_takes_earlier_questions(client, assistant):
    history = ["全年发电量是多少？"]
    got = client.predict("那水电呢？", history, api_name="/ask")
    assert got == json.loads(json.dumps(assistant.ask("那水电呢？", history).to_dict()))
    assert got["understood"] != got["question"]


@pytest.mark.server
def test_retrieve_returns_the_same_json_as_python(client, assistant):
    got = client.predict("煤炭进口量", 3, api_name="/retrieve")
    expected = [p.to_dict() for p in assistant.retrieve("煤炭进口量", 3)]
    assert [{**p, "score": None} for p in got] == [{**p, "score": None} for p in expected]
    assert [p["score"] for p in got] == pytest.approx([p["score"] for p in expected])
    assert len(got) == 3


@pytest.mark.server
def test_one_document_is_searched_when_it_is_named(client, assistant):
    from gradio_client.exceptions import AppError

    for document in ("energy.txt", "review.txt"):
        found = client.predict("What was the output of wind power?", 5, document, api_name="/retrieve")
        assert {p["document"] for p in found} == {document}
        got = client.predict("全年发电量是多少？", [], document, api_name="/ask")
        assert got == json.loads(json.dumps(assistant.ask("全年发电量是多少？", document=document).to_dict()))
        assert {q["document"] for q in (*got["quotes"], *got["nearest"])} == {document}
        assert (got["verdict"] == "stated") == (document == "energy.txt")
    for name, arguments in (("/ask", ([], "other.txt")), ("/retrieve", (5, "other.txt"))):
        with pytest.raises(AppError, match=r"energy\.txt, review\.txt"):
            client.predict("发电量", *arguments, api_name=name)


@pytest.mark.server
def test_gaps_of_one_document_and_of_all(client):
    from gradio_client.exceptions import AppError

    everything = client.predict(api_name="/gaps")
    assert [h["document"] for h in everything] == ["energy.txt", "review.txt"]
    assert client.predict("review.txt", api_name="/gaps") == everything[1:]
    with pytest.raises(AppError, match=r"energy\.txt, review\.txt"):
        client.predict("../etc/passwd", api_name="/gaps")


@pytest.mark.server
@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("", "no words"),
        ("？！ \n", "no words"),
        ("问" * (MAX_QUESTION + 1), f"limit of {MAX_QUESTION}"),
        ("a\0b", "no text"),
    ],
)
def test_a_bad_question_gives_one_clear_line(client, question, line):
    from gradio_client.exceptions import AppError

    for name in ("/ask", "/retrieve"):
        with pytest.raises(AppError, match=line) as error:
            client.predict(question, api_name=name)
        assert "\n" not in str(error.value)


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("/ask", ("发电量", 7, None), "history must be a list"),
        ("/ask", ("发电量", [["a"]], None), "history must be a list"),
        ("/ask", ("发电量", [], ["energy.txt"]), "document must be the name"),
        ("/retrieve", ("发电量", "5", None), "number of passages"),
        ("/gaps", ({"a": 1},), "document must be the name"),
    ],
)
def test_an_argument_of_another_type_gives_one_clear_line(client, name, arguments, line):
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match=line):
        client.predict(*arguments, api_name=name)


@pytest.mark.server
@pytest.mark.parametrize("k", [0, -1, 101])
def test_a_bad_k_gives_one_clear_line(client, k):
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="1 to 100"):
        client.predict("发电量", k, api_name="/retrieve")


@pytest.mark.server
def test_only_the_three_endpoints_are_public_and_they_are_typed(client):
    described = client.view_api(return_format="dict", print_info=False)
    assert set(described["named_endpoints"]) == {"/ask", "/retrieve", "/gaps"}
    assert not described["unnamed_endpoints"]
    ask = described["named_endpoints"]["/ask"]
    assert ask["description"].startswith("Answer a question")
    assert [p["parameter_name"] for p in ask["parameters"]] == ["question", "history", "document"]
    assert set(ask["returns"][0]["type"]["properties"]) == set(Answer("", "passage", "").to_dict())


@pytest.mark.server
def test_a_rebuilt_index_is_taken_up_without_a_restart(tmp_path: Path):
    from gradio_client import Client

    source = tmp_path / "source.txt"
    source.write_text("全年发电量达9.2万亿千瓦时。\n", encoding="utf-8")
    build_index(source, tmp_path / "index", encoder=FakeEncoder())
    with serve.process("-m", "tests.serve", str(tmp_path / "index")) as url:
        connected = Client(url, verbose=False)

        def ask() -> str:
            return connected.predict("全年发电量是多少？", api_name="/ask")["figures"][0]["text"]

        assert ask() == "9.2万亿千瓦时"
        source.write_text("全年发电量达7.5万亿千瓦时。\n", encoding="utf-8")
        build_index(source, tmp_path / "index", encoder=FakeEncoder())
        time.sleep(CHECK_EVERY + 0.2)
        assert ask() == "7.5万亿千瓦时", "the first question after a rebuild is answered from the new index"
        (tmp_path / "index" / "manifest.json").write_text("{", encoding="utf-8")  # a broken rebuild
        time.sleep(1.2)
        assert [ask(), ask()] == ["7.5万亿千瓦时"] * 2
        connected.close()


# ---- the command line


def run_app(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--host", "0.0.0.0"], "--allow-remote"),
        (["--host", "::"], "--allow-remote"),
        (["--host", "example.org"], "--allow-remote"),
        (["--auth", "nobody"], "USER:PASSWORD"),
        (["--port", "70000"], "65535"),
        (["--port", "many"], "invalid int value"),
    ],
)
def test_bad_usage_exits_with_2(arguments, line, capsys):
    with pytest.raises(SystemExit) as stopped:
        app.parse(arguments)
    assert stopped.value.code == 2
    assert line in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_needs_no_flag(host):
    assert app.parse(["--host", host]).host == host


@pytest.mark.parametrize("flag", [["--allow-remote"], ["--auth", "reader:secret:word"]])
def test_another_address_needs_an_explicit_flag(flag):
    arguments = app.parse(["--host", "0.0.0.0", *flag])
    assert arguments.auth in (None, ("reader", "secret:word"))


@pytest.mark.server
def test_a_damaged_index_is_one_line_and_status_2(tmp_path):
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    done = run_app("--index", str(tmp_path), "--port", str(serve.free_port()))
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"error: .*damaged.*python -m index build.*\n", done.stderr)


def test_only_the_own_index_is_built_from_the_seeds_unasked(tmp_path: Path, source: Path, monkeypatch):
    def build(sources: Path, out: Path, *_: object) -> None:
        asked.append((sources, out))
        build_index(source, out, encoder=FakeEncoder())

    asked: list[tuple[Path, Path]] = []
    monkeypatch.setattr(app, "build_index", build)
    with pytest.raises(IndexMissingError, match=r"Build one: python -m index build my-reports/ --out .*/none$"):
        app.open_or_build(tmp_path / "none", None, None)
    assert not (tmp_path / "none").exists()
    app.open_or_build(tmp_path / "given", None, source)
    monkeypatch.setattr("index.store.DEFAULT_INDEX", tmp_path / "own")
    app.open_or_build(tmp_path / "own", None, None)
    assert asked == [(source, tmp_path / "given"), (app.default_sources(), tmp_path / "own")]


@pytest.mark.server
def test_a_port_in_use_is_one_line_and_status_2(built: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_app("--index", str(built), "--port", str(port))
    assert done.returncode == 2
    assert re.fullmatch(rf"error: cannot serve on 127\.0\.0\.1:{port}: .*--port\.\n", done.stderr)


def test_the_port_is_looked_at_before_the_index_is_opened(monkeypatch):
    monkeypatch.setattr(app, "open_or_build", lambda *_: pytest.fail("opened"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert app.main(["--port", str(taken.getsockname()[1])]) == 2


# ---- drawing


def text_content(fragment: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", fragment))


def test_marks_add_no_text():
    source = "a<b>12%</b>\t　- 3,000 & 🙂\u202e亿"
    marked = draw.draw_marks(
        source,
        100,
        [Figure("12%", 104, 107)],
        [Gap(100 + len(source) - 1, 0.9), Gap(104, 0.5), Gap(100 + len(source), 0.5)],
        [Figure("12%", 104, 107)],
    )
    assert text_content(marked) == source
    assert "<mark>12%</mark>" in marked
    assert marked.count('class="hole"') == 1
    assert marked.count('class="hole weak"') == 2, "too uncertain to be shown unless it answers"
    assert marked.endswith("</span>")


def test_only_the_answering_figure_and_gap_are_marked_as_such():
    quote = Quote("甲达3亿，乙达亿", "d", None, 1, 0, 8, (Figure("3亿", 2, 4),), (Gap(7, 0.9),))
    stated = draw.draw_answer(Answer("q", "stated", "m", (quote,), figures=quote.figures))
    omitted = draw.draw_answer(Answer("q", "omitted", "m", (quote,), gaps=quote.gaps))
    assert "<mark>3亿</mark>" in stated
    assert "hole asked" not in stated
    assert "<mark>" not in omitted
    assert 'class="hole asked"' in omitted


def test_an_answer_is_drawn_in_the_order_it_is_read():
    quote = Quote("甲达3亿", "d.txt", "小节", 7, 0, 4)
    drawn = draw.draw_answer(
        Answer(
            "那甲呢？", "stated", "在此：", (quote,), understood="甲是多少？", debug={"slots": [{"at": 1}], "rule": "x"}
        )
    )
    order = ["理解为", VERDICTS["zh-hans"]["stated"], "在此：", "甲达3亿", "小节", "判断依据"]
    places = [drawn.index(f">{piece}") for piece in order]
    assert places[1:] == sorted(places[1:])
    assert json.loads(html.unescape(re.search(r'data-answer="([^"]*)"', drawn)[1]))["question"] == "那甲呢？"


def test_a_lone_surrogate_does_not_break_the_page():
    draw.draw_question("a\ud800b").encode("utf-8")


@pytest.mark.parametrize("key", list(TEXTS))
def test_every_text_has_both_languages(key):
    zh, en = TEXTS[key]
    assert zh
    assert en
    assert re.search(r"[㐀-鿿]", zh) or key == "language"
    assert not re.search(r"[㐀-鿿]", en) or key == "language"
    assert zh.count("{}") == en.count("{}")


# ---- the desk


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "..\\outside.txt", "a/b/outside.txt"])
def test_an_upload_never_leaves_the_source_folder(source: Path, name: str):
    desk = Desk(source, lambda *_: None)
    assert desk.add(name, base64.b64encode(b"a report").decode()) == "outside.txt"
    assert (source / "outside.txt").read_bytes() == b"a report"
    assert not (source.parent / "outside.txt").exists()


@pytest.mark.parametrize("name", ["", ".txt", "..", "a.exe", "a.txt\n", "a\u202e.txt", ".hidden.md"])
def test_an_odd_name_is_refused(source: Path, name: str):
    with pytest.raises(SourceError):
        Desk(source, lambda *_: None).add(name, base64.b64encode(b"a report").decode())


@pytest.mark.parametrize("encoded", ["%%%", "A" * (MAX_UPLOAD * 4 // 3 + 8), "YQ"])
def test_an_incomplete_or_oversized_upload_is_refused(source: Path, encoded: str):
    with pytest.raises(SourceError):
        Desk(source, lambda *_: None).add("a.txt", encoded)


@pytest.mark.parametrize("name", ["energy.txt", "../energy.txt", "/etc/passwd", "other.txt"])
def test_neither_the_only_report_nor_an_unknown_one_is_removed(source: Path, name: str):
    with pytest.raises(SourceError):
        Desk(source, lambda *_: None).remove(name)
    assert (source / "energy.txt").exists()


def test_a_failed_rebuild_leaves_a_line(source: Path):
    def build(*_: object) -> None:
        raise SourceError("no disk")

    desk = Desk(source, build)
    desk.rebuild()
    deadline = time.monotonic() + 5
    while desk.state()["running"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert desk.state()["error"] == "no disk"


def test_nothing_is_changed_while_a_rebuild_runs(source: Path, built: Path):
    going, end = threading.Event(), threading.Event()

    def build(*_: object) -> None:
        going.set()
        end.wait(10)

    (source / "second.txt").write_text(REPORT, encoding="utf-8")
    desk = Desk(source, build)
    before = sorted(p.name for p in source.iterdir())
    _, rebuild, add, remove = app.desk_functions(desk, _Live(Assistant.open(built, encoder=FakeEncoder())))
    page = SimpleNamespace(headers={"sec-fetch-site": "same-origin"})
    assert rebuild(None, page)["running"]
    assert going.wait(5)
    report = {"name": "new.txt", "content": base64.b64encode(b"a report").decode()}
    for state in (add(report, page), remove("second.txt", page)):
        assert "a rebuild is running" in state["error"]
        assert sorted(p.name for p in source.iterdir()) == before
    end.set()


def test_a_report_just_built_is_not_called_changed(source: Path, built: Path):
    live = _Live(Assistant.open(built, encoder=FakeEncoder()))
    desk_state = app.desk_functions(Desk(source, lambda *_: None), live)[0]
    (source / "new.txt").write_text(REPORT, encoding="utf-8")
    assert len(desk_state(None)["changed"]) == 1
    build_index(source, built, encoder=FakeEncoder())  # not taken up yet
    assert desk_state(None)["changed"] == []


class _Live:
    """Serves one index for ever."""

    def __init__(self, assistant: Assistant) -> None:
        self.current = lambda: assistant


def test_a_desk_serves_only_the_folder_its_index_was_built_from(assistant, source: Path, built: Path):
    assert app.desk_for(assistant, source) is None
    assert app.desk_for(Assistant.open(built, encoder=FakeEncoder()), source) is not None
    assert app.desk_for(assistant, source / "nowhere") is None


@pytest.mark.parametrize(
    ("flags", "may_rebuild"),
    [
        ([], True),
        (["--host", "::1"], True),
        (["--allow-remote"], False),
        (["--host", "0.0.0.0", "--allow-remote"], False),
        (["--host", "0.0.0.0", "--auth", "reader:secret"], False),
        (["--host", "0.0.0.0", "--allow-remote", "--allow-rebuild"], True),
    ],
)
def test_only_the_local_user_may_rebuild_unless_a_flag_allows_it(
    flags: list[str], may_rebuild: bool, source: Path, built: Path, monkeypatch: pytest.MonkeyPatch
):
    given: list[Desk | None] = []

    class Demo:
        def launch(self, **_: object) -> None: ...
        def block_thread(self) -> None: ...

    def build_demo(_: Assistant, desk: Desk | None) -> Demo:
        given.append(desk)
        return Demo()

    monkeypatch.setattr(app, "build_demo", build_demo)
    monkeypatch.setattr(app, "check_port", lambda *_: None)
    monkeypatch.setattr(app, "open_or_build", lambda *_: Assistant.open(built, encoder=FakeEncoder()))
    assert app.main([*flags, "--sources", str(source)]) == 0
    assert [desk is not None for desk in given] == [may_rebuild]


def test_nothing_is_left_of_a_refused_upload(source: Path):
    desk = Desk(source, lambda *_: None)
    before = sorted(p.name for p in source.iterdir())
    for name, data in (("energy.txt", b"another"), ("empty.txt", b" "), ("binary.txt", bytes(range(256)) * 9)):
        with pytest.raises(SourceError):
            desk.add(name, base64.b64encode(data).decode())
    assert sorted(p.name for p in source.iterdir()) == before


def test_several_uploads_are_added_all_or_none(source: Path):
    desk = Desk(source, lambda *_: None)
    before = sorted(p.name for p in source.iterdir())
    report = base64.b64encode("一份报告。".encode()).decode()
    with pytest.raises(SourceError, match=r"c\.exe"):
        desk.add_all([("a.txt", report), ("c.exe", report)])
    with pytest.raises(SourceError, match="there is a report of this name"):
        desk.add_all([("a.txt", report), ("a.txt", report)])
    assert sorted(p.name for p in source.iterdir()) == before
    desk.add_all([("a.txt", report), ("b.txt", report)])
    assert sorted(p.name for p in source.iterdir()) == sorted([*before, "a.txt", "b.txt"])


@pytest.mark.server
def test_no_other_website_changes_the_sources(source: Path, built: Path):
    """Another website can make the user's browser send this, as a form does; it cannot choose these headers."""
    with serve.process("-m", "tests.serve", str(built), str(source)) as url:
        address = url.removeprefix("http://")
        with urlopen(f"{url}/config") as answer:
            component = next(c["id"] for c in json.load(answer)["components"] if c["props"].get("elem_id") == "top")

        def call(function: str, data: object, **headers: str) -> dict:
            body = {"session_hash": "q", "component_id": component, "fn_name": function, "data": data}
            sent = {"Content-Type": "text/plain", **{k.replace("_", "-"): v for k, v in headers.items()}}
            request = Request(f"{url}/gradio_api/component_server", json.dumps(body).encode(), sent)
            with urlopen(request) as answer:
                return json.load(answer)

        report = {"name": "planted.txt", "content": base64.b64encode(b"a report").decode()}
        for headers in (
            {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"},
            {"Sec_Fetch_Site": "same-site", "Origin": "http://localhost:3000"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {},
        ):
            for function, data in (("desk_add", report), ("desk_remove", "energy.txt"), ("desk_rebuild", None)):
                state = call(function, data, **headers)
                assert state["error"] == "only the page itself may change the sources."
                assert not state["running"]
        assert [p.name for p in source.iterdir()] == ["energy.txt"]
        for headers in ({"Host": "evil.example"}, {"Host": "evil.example:7860"}, {"Host": "127.0.0.1.evil.example"}):
            with pytest.raises(HTTPError) as refused:  # a website whose name leads here
                call("desk_state", None, Sec_Fetch_Site="same-origin", **headers)
            refused.value.close()
            assert refused.value.code == 421
        assert call("desk_add", report, Origin=url, Host=f"localhost:{address.partition(':')[2]}")["error"]
        assert call("desk_add", report, Origin=url)["running"]
        assert (source / "planted.txt").read_bytes() == b"a report"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost:1", True),
        ("[::1]:7860", True),
        ("127.8.8.8", True),
        ("LOCALHOST", True),
        ("", False),
        ("10.0.0.1", False),
        ("[::1", False),
        ("localhost.example", False),
    ],
)
def test_only_names_of_this_machine_are_local(host: str, local: bool):
    assert _is_local(host) == local


# ---- example questions


def test_examples_are_answered_as_promised(assistant):
    examples = example_questions(assistant)
    assert examples == example_questions(assistant), "not deterministic"
    assert "stated" in {e.verdict for e in examples}
    for example in examples:
        assert assistant.ask(example.question).verdict == example.verdict


def test_examples_of_an_english_report_are_english(tmp_path: Path):
    (tmp_path / "review.txt").write_text(ENGLISH, encoding="utf-8")
    build_index(tmp_path / "review.txt", tmp_path / "index", encoder=FakeEncoder())
    opened = Assistant.open(tmp_path / "index", encoder=FakeEncoder(), reader=OverlapReader(serve.SURE))
    examples = example_questions(opened)
    assert "What was the total output of wind power?" in [e.question for e in examples]
    assert not any(re.search(r"[㐀-鿿]", e.question) for e in examples)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("报告显示，全国粮食总产量达", "全国粮食总产量是多少？"),
        ("其中，农村网民规模为", "农村网民规模是多少？"),
        ("移动支付使用率近", "移动支付使用率是多少？"),
        ("Sales fell. Profit before tax was ", "What was profit before tax?"),
        ("The number of users reached ", "What was the number of users?"),
        # No clear clause: a comparison, a pronoun, a list of several, no noun phrase, no verb.
        ("较上年同期的规模为", None),
        ("其规模为", None),
        ("规模为", None),
        ("两者的规模分别为", None),
        ("全国各地的朋友们", None),
        ("Sales fell. It was ", None),
        ("Sales grew by ", None),
        ("there were ", None),
    ],
)
def test_a_clause_becomes_a_question_only_when_it_is_clear(before, question):
    text = f"{before}9亿。"
    chunk = Chunk("d", "paragraph", None, 1, 0, len(text), text)
    at = len(before) - before.endswith("近")
    slot = Slot(at, len(text) - 1, Figure(text[at:-1], at, len(text) - 1, None, "亿"), None)
    assert _question_for(SlottedPassage(chunk, ((0, len(text)),), (slot,)), slot) == question


def test_examples_without_figures_are_few_but_no_error(tmp_path: Path):
    (tmp_path / "words.txt").write_text("只有一句没有数字的话。\n", encoding="utf-8")
    build_index(tmp_path / "words.txt", tmp_path / "index", encoder=FakeEncoder())
    opened = Assistant.open(tmp_path / "index", encoder=FakeEncoder(), reader=OverlapReader(serve.SURE))
    assert all(e.verdict == "passage" for e in example_questions(opened))
