"""Both command lines, in process: output, exit status, and one clear line for whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import index.__main__ as index_cli
import qa.__main__ as qa_cli
from index import encoder as index_encoder
from qa.assistant import Assistant
from qa.overlap import OverlapReader
from qa.reader import SlotReader
from tests.conftest import FakeEncoder


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_encoder, "load_encoder", lambda model=None: FakeEncoder())
    monkeypatch.setattr(SlotReader, "load", lambda: OverlapReader())
    monkeypatch.setattr("index.build.load_encoder", lambda model=None: FakeEncoder())


def failing_line(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1, captured.err
    assert lines[0].startswith("error: ")
    return lines[0]


def test_build_info_ask_retrieve(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out dir 索引"
    assert index_cli.main(["build", str(source), "--out", str(out), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["documents"][0]["name"] == "energy.txt"
    assert index_cli.main(["info", "--index", str(out)]) == 0
    assert "energy.txt" in capsys.readouterr().out
    assert qa_cli.main(["ask", "水电发电量是多少？", "--index", str(out)]) == 0
    assert "【1.3万亿千瓦时】" in capsys.readouterr().out
    assert qa_cli.main(["retrieve", "水电发电量", "-k", "2", "--index", str(out), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert qa_cli.main(["gaps", "--index", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["document"] == "energy.txt"
    assert qa_cli.main(["gaps", str(source / "energy.txt")]) == 0
    assert "energy.txt" in capsys.readouterr().out


TAMPERED = [
    (lambda a: a.update(message=a["message"][:-1] + "5亿"), "no answer of the verdict"),
    (lambda a: a["quotes"][0]["figures"][0].update(value="7"), "does not read so"),
    (lambda a: a["quotes"][0].update(section="五、煤炭"), "the section is"),
    (lambda a: a["quotes"][0].update(paragraph=1), "the paragraph is"),
    (lambda a: a["quotes"][0].update(page=3), "the page is"),
    (lambda a: a.update(quotes=[], figures=[]), "nothing is quoted for it"),
    (lambda a: a.update(verdict="not_found"), "something is quoted as the answer"),
    (lambda a: a["quotes"][0]["gaps"].append({"at": a["quotes"][0]["start"], "confidence": 1.0}), "is not there"),
    (lambda a: a["gaps"].append({"at": 1, "confidence": 1.0}), "not among the holes"),
]


@pytest.mark.parametrize(("tamper", "line"), TAMPERED)
def test_every_claim_of_an_answer_is_verified(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], tamper: Callable[[dict[str, Any]], None], line: str
) -> None:
    assistant = Assistant.open(built, encoder=FakeEncoder(), reader=OverlapReader())
    answer = assistant.ask("水电发电量是多少？").to_dict()
    path = tmp_path / "answer.json"
    for change, status in ((lambda _: None, 0), (tamper, 2)):
        change(answer)
        path.write_text(json.dumps(answer), encoding="utf-8")
        assert qa_cli.main(["verify", str(path), "--index", str(built)]) == status
    assert line in capsys.readouterr().err


def test_verify(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert qa_cli.main(["ask", "水电发电量是多少？", "--index", str(built), "--json"]) == 0
    exported = json.loads(capsys.readouterr().out)
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(exported), encoding="utf-8")
    assert qa_cli.main(["verify", str(path), "--index", str(built)]) == 0
    assert "1 quote verified" in capsys.readouterr().out

    changed = json.loads(json.dumps(exported))
    changed["quotes"][0]["text"] = changed["quotes"][0]["text"].replace("1.3", "1.8")
    path.write_text(json.dumps({"answers": [exported, changed]}), encoding="utf-8")
    assert qa_cli.main(["verify", str(path), "--index", str(built)]) == 2
    assert "1.8" in failing_line(capsys)

    changed = {**exported, "sources": {"energy.txt": "0" * 64}}
    path.write_text(json.dumps(changed), encoding="utf-8")
    assert qa_cli.main(["verify", str(path), "--index", str(built)]) == 2
    assert "has changed since the answer" in failing_line(capsys)


def test_evaluate(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {
            "id": "a",
            "question": "水电发电量是多少？",
            "verdict": "stated",
            "evidence": ["水电发电量为"],
            "figure": "1.3万亿",
        },
        {"id": "b", "question": "水电发电量是多少？", "verdict": "not_found", "evidence": [], "figure": None},
        {"id": "c", "turns": [{"question": "火星上有多少人？", "verdict": ["not_found", "passage"], "evidence": []}]},
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    assert qa_cli.main(["evaluate", str(path), "--index", str(built)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 of 3 right")
    assert "- b " in out
    assert "stated wrongly: 1 of 3" in out


GOOD = '{"id": "a", "question": "水电发电量？", "verdict": "passage"}'
BAD_CASES = [
    ("", "there is no case in it"),
    ("\n \n", "there is no case in it"),
    (f"{GOOD}\n\nnonsense", "line 3: no JSON (Expecting value at column 1)"),
    (f"{GOOD}\n" + "[" * 99999, "line 2: nested too deep"),
    ("[1]", "line 1: no JSON object with an id"),
    ('{"question": "水？", "verdict": "passage"}', "line 1: no JSON object with an id"),
    ('{"id": "b", "verdict": "passage"}', "line 1: there is no question"),
    (GOOD.replace("passage", "right"), "the verdict 'right' is none of stated, omitted, not_found, passage"),
    (GOOD.replace('"passage"', '["stated", "right"]'), "the verdict 'right' is none of"),
    (GOOD.replace('"passage"', "[]"), "the verdict [] is none of"),
    (GOOD.replace("}", ', "evidence": "水电"}'), "evidence must be a list"),
    (GOOD.replace("}", ', "figure": 5}'), "figure must be a text"),
    ('{"id": "b", "turns": "水"}', "turns must be a list"),
]


@pytest.mark.parametrize(("text", "line"), BAD_CASES, ids=[line for _, line in BAD_CASES])
def test_a_bad_question_set_is_told_line_by_line(
    text: str, line: str, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    assert qa_cli.main(["evaluate", str(path), "--index", str(built)]) == 2
    assert line in failing_line(capsys)


def test_evidence_that_can_never_be_quoted_is_told(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(GOOD.replace("}", ', "evidence": ["水电发电量为", "水电\\n量"]}'), encoding="utf-8")
    assert qa_cli.main(["evaluate", str(path), "--index", str(built)]) == 0
    err = capsys.readouterr().err
    assert err == "a: the evidence '水电\\n量' stands in no indexed document, so no answer can quote it\n"


def test_help_tells_the_form_of_a_question_set(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        qa_cli.main(["evaluate", "--help"])
    example = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("  {"))
    assert json.loads(example)["verdict"] == "stated"


@pytest.mark.parametrize("word", ["a\0b", "\ud800"])
@pytest.mark.parametrize("command", [["ask", "问多少", "--index"], ["gaps"], ["verify"]])
def test_what_can_be_no_argument_is_refused_in_one_line(
    command: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        qa_cli.main([*command, word])
    assert stopped.value.code == 2
    failing_line(capsys)


BAD = [
    (["ask", "问", "--index", "{tmp}/none"], "python -m index build"),
    (["ask", " ", "--index", "{built}"], "there are no words in the question"),
    (["ask", "?", "--index", "{built}"], "there are no words in the question"),
    (
        ["ask", "问多少", "--index", "{built}/manifest.json"],
        "manifest.json: a file stands there, and an index is a folder",
    ),
    (["ask", "多" * 2000, "--index", "{built}"], "Shorten it"),
    (["ask", "问多少", "--index", "{built}", "--model", "other"], "was built with model fake"),
    (["retrieve", "问多少", "--index", "{built}", "-k", "0"], "k is 0; give a number of passages from 1 on."),
    (["retrieve", "问多少", "--index", "{built}", "-k", "-3"], "k is -3"),
    (["verify", "{tmp}/none.json", "--index", "{built}"], "cannot be read"),
    (["verify", "{built}/manifest.json", "--index", "{built}"], "not an answer exported"),
    (["evaluate", "{built}/manifest.json", "--index", "{built}"], "not a question set"),
    (["gaps", "{tmp}/none.txt"], "cannot be read"),
]


@pytest.mark.parametrize(("arguments", "line"), BAD, ids=[" ".join(a)[:40] for a, _ in BAD])
def test_bad_input_of_qa(
    arguments: list[str], line: str, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qa_cli.main([a.format(tmp=tmp_path, built=built) for a in arguments]) == 2
    assert line in failing_line(capsys)


def test_bad_input_of_index(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "o")
    (tmp_path / "empty").mkdir()
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2" * 100)
    (tmp_path / "file").write_text("x")
    cases = [
        (["build", str(tmp_path / "empty"), "--out", out], "Put a report there"),
        (["build", str(tmp_path / "binary.txt"), "--out", out], "Save it as UTF-8"),
        (["build", str(tmp_path / "gone.txt"), "--out", out], "no such file or folder"),
        (["build", str(source), "--out", str(tmp_path / "file")], "a file stands there, and an index is a folder"),
        (["build", str(source), "--out", str(tmp_path / "file" / "o")], "a file stands there"),
        (["info", "--index", out], f"Build one: python -m index build my-reports/ --out {out}"),
    ]
    for arguments, line in cases:
        assert index_cli.main(arguments) == 2
        assert line in failing_line(capsys)


def exported(built: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert qa_cli.main(["ask", "水电发电量是多少？", "--index", str(built), "--json"]) == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, 1.5, True], ids=str)
@pytest.mark.parametrize("field", ["quotes", "sources", "verdict", "figures", "start", "text", "document"])
def test_verify_survives_any_value(
    field: str, value: object, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = exported(built, capsys)
    (answer if field in answer else answer["quotes"][0])[field] = value
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer), encoding="utf-8")
    status = qa_cli.main(["verify", str(path), "--index", str(built)])
    captured = capsys.readouterr()
    assert status in (0, 2)
    assert "unexpected" not in captured.err
    assert len(captured.err.splitlines()) == (1 if status else 0)


@pytest.mark.parametrize("value", [None, 5, [], {}, "x", [1]], ids=str)
@pytest.mark.parametrize("field", ["question", "verdict", "evidence", "figure", "turns"])
def test_evaluate_survives_any_value(
    field: str, value: object, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"id": "a", "question": "水电发电量？", "verdict": "stated", "evidence": [], "figure": None, field: value}
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    status = qa_cli.main(["evaluate", str(path), "--index", str(built)])
    captured = capsys.readouterr()
    assert status in (0, 2)
    assert "unexpected" not in captured.err


def test_errors_are_one_line_whatever_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert index_cli.main(["build", "no\nsuch\r\nfile"]) == 2
    assert "no\\nsuch" in failing_line(capsys)
    for arguments in (["retrieve", "问", "-k", "x"], ["nothing"], []):
        with pytest.raises(SystemExit) as stopped:
            qa_cli.main(arguments)
        assert stopped.value.code == 2
        failing_line(capsys)
