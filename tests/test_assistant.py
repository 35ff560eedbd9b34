"""The whole path with a fake encoder: verdicts, quotes, offsets, JSON, threads."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qa
from qa import errors
from qa.assistant import Assistant
from qa.datamodels import Answer, Passage
from qa.markdown import plain_answer
from qa.overlap import OverlapReader
from tests.conftest import ROOT, SEED, FakeEncoder
from tests.test_structure import SEED_HEADINGS


def assert_exact(assistant: Assistant, answer: Answer) -> None:
    for q in (*answer.quotes, *answer.nearest):
        text = assistant.document_text(q.document)
        assert text[q.start : q.end] == q.text
        assert all(text[f.start : f.end] == f.text and q.start <= f.start and f.end <= q.end for f in q.figures)
        assert all(q.start <= g.at <= q.end for g in q.gaps)
    quoted = {(f.start, f.end) for q in answer.quotes for f in q.figures}
    assert all((f.start, f.end) in quoted for f in answer.figures)
    assert (answer.figures != ()) == (answer.verdict == "stated")
    assert (answer.quotes == ()) == (answer.verdict == "not_found")


def test_the_seed_has_its_sections(seed_assistant: Assistant) -> None:
    sections = list(dict.fromkeys(p.section for p in seed_assistant.passages() if p.section))
    assert sections == SEED_HEADINGS


def test_passages_cover_the_document(seed_assistant: Assistant) -> None:
    text = SEED.read_text(encoding="utf-8")
    covered = bytearray(len(text))
    for p in seed_assistant.passages():
        covered[p.start : p.end] = b"\1" * (p.end - p.start)
    assert not any(not c.isspace() and not covered[i] for i, c in enumerate(text))


def test_retrieve(seed_assistant: Assistant) -> None:
    found = seed_assistant.retrieve("农村网民规模", k=3)
    assert len(found) == 3
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert "农村网民规模" in found[0].text
    assert Passage.from_dict(json.loads(json.dumps(found[0].to_dict()))) == found[0]


QUESTIONS = [
    "农村网民规模是多少？",
    "网络零售连续几年全球第一？",
    "今天天气怎么样？",
    "数字人民币在哪里试点？",
    "網絡支付使用率是多少？",
    "How many internet users?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_exact_and_round_trip(seed_assistant: Assistant, question: str) -> None:
    answer = seed_assistant.ask(question)
    assert_exact(seed_assistant, answer)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer
    assert seed_assistant.ask(question) == answer


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="我国网民规模农村达亿万年月第位是多少率占增长0123456789.%，。？ ab\n", max_size=40))
def test_any_question_keeps_the_invariants(seed_assistant: Assistant, text: str) -> None:
    try:
        answer = seed_assistant.ask(text)
    except errors.QuestionError:
        return
    assert_exact(seed_assistant, answer)


def test_threads_answer_alike(seed_assistant: Assistant) -> None:
    alone = [seed_assistant.ask(q) for q in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(seed_assistant.ask, QUESTIONS * 4))
    assert together == alone * 4


def test_errors_are_exported() -> None:
    assert set(errors.__all__) == {name for name in vars(errors) if name.endswith("Error")}
    assert all(issubclass(getattr(errors, name), errors.YoujuError) for name in errors.__all__)


def test_all_names_exist() -> None:
    assert all(hasattr(qa, name) for name in qa.__all__)


def test_import_is_light() -> None:
    heavy = ["torch", "transformers", "sentence_transformers", "gradio", "faiss", "bm25s", "scipy", "pandas"]
    code = f"import sys, qa, index, qa.figures; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_two_documents(tmp_path: Path, source: Path, fake_encoder: FakeEncoder) -> None:
    from index import build_index

    (source / "seed.txt").write_bytes(SEED.read_bytes())
    build_index(source, tmp_path / "both", encoder=fake_encoder)
    assistant = Assistant.open(tmp_path / "both", encoder=fake_encoder, reader=OverlapReader())
    answer = assistant.ask("水电发电量是多少？")
    assert_exact(assistant, answer)
    assert answer.verdict == "stated"
    assert [f.text for f in answer.figures] == ["1.3万亿千瓦时"]
    assert {q.document for q in answer.quotes} == {"energy.txt"}


def test_both_parts_of_a_double_question_are_answered(built: Path, fake_encoder: FakeEncoder) -> None:
    assistant = Assistant.open(built, encoder=fake_encoder, reader=OverlapReader())
    answer = assistant.ask("水电发电量和风电装机容量分别是多少？")
    assert_exact(assistant, answer)
    assert answer.verdict == "stated"
    assert [f.text for f in answer.figures] == ["1.3万亿千瓦时", "约为三亿千瓦"]
    assert len(answer.quotes) == 2


def test_odd_history_is_bounded(seed_assistant: Assistant) -> None:
    long = ["那呢？"] * 2000 + ["规" * 100_000]
    assert seed_assistant.ask("那普及率呢？", history=long).question == "那普及率呢？"
    assert seed_assistant.ask("那普及率呢？", history=[None, 5]).understood == "那普及率呢？"  # type: ignore[list-item]


def test_a_figure_is_marked_in_its_own_document_only(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    from index import build_index

    (tmp_path / "a.txt").write_text("甲市发电量为123456亿千瓦时。", encoding="utf-8")
    (tmp_path / "b.txt").write_text("甲市发电量较快增长，达到9.2万亿千瓦时。", encoding="utf-8")
    build_index([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "index", encoder=fake_encoder)
    assistant = Assistant.open(tmp_path / "index", encoder=fake_encoder, reader=OverlapReader())
    shown = plain_answer(assistant.ask("甲市发电量是多少？"))
    assert "为【123456亿千瓦时】" in shown
    assert "快增长，达到【" in shown or "b.txt" not in shown


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("网络支付使用率是多少，火星大气压强是多少？", "问题的部分内容，报告未提及。"),
        ("網絡支付使用率是多少，火星大氣壓強是多少？", "問題的部分內容，報告未提及。"),
    ],
)
def test_a_double_question_says_that_one_part_is_not_covered(
    seed_assistant: Assistant, question: str, line: str
) -> None:
    answer = seed_assistant.ask(question)
    assert [p["verdict"] for p in answer.debug["parts"]] == ["stated", "not_found"]
    assert answer.verdict == "stated"
    assert answer.message.startswith(line)
    whole = seed_assistant.ask(question.split("，")[0])
    assert answer.message == line + whole.message
