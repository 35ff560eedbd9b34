"""Shared fixtures: a deterministic fake encoder, small documents, and where the public data lies."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from index.build import build_index
from index.folding import fold
from qa.assistant import Assistant
from qa.overlap import OverlapReader

# Speed is for the benchmarks: a busy machine must fail no test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "seeds" / "000_01a7061c07f94489.txt"
SHARED = Path(os.environ.get("YOUJU_SHARED") or ROOT.parent / "shared")

REPORT = """能源统计公报
2023年3月1日
一、电力
全年发电量达9.2万亿千瓦时，比上年增长3.6%。其中，水电发电量为1.3万亿千瓦时。
风电装机容量约为三亿千瓦，连续五年居世界首位。
二、煤炭
原煤产量达亿吨，比上年增长。煤炭进口量为万吨，下降个百分点。
煤炭行业持续推进绿色转型，多家企业在山西开展试点。
"""


class FakeEncoder:
    """Counts character bigrams into 64 buckets: near texts get near vectors, and no passage needs a model."""

    name = "fake"
    dimension = 64

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            folded = fold(text)
            for pair in zip(folded, folded[1:] + " ", strict=False):
                vectors[row, zlib.crc32("".join(pair).encode("utf-8", "replace")) % self.dimension] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    encode_query = _encode
    encode_document = _encode


@pytest.fixture(scope="session")
def fake_encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "energy.txt").write_text(REPORT, encoding="utf-8")
    return folder


@pytest.fixture
def built(source: Path, tmp_path: Path, fake_encoder: FakeEncoder) -> Path:
    out = tmp_path / "index"
    build_index(source, out, encoder=fake_encoder)
    return out


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory, fake_encoder: FakeEncoder) -> Path:
    out = tmp_path_factory.mktemp("seed") / "index"
    build_index(SEED, out, encoder=fake_encoder)
    return out


@pytest.fixture
def seed_assistant(seed_index: Path, fake_encoder: FakeEncoder) -> Assistant:
    return Assistant.open(seed_index, encoder=fake_encoder, reader=OverlapReader())


def shared(*parts: str) -> Path:
    """Return a path of the public data, or skip the test where it is absent (never in CI)."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        assert not os.environ.get("CI"), f"{path} is absent in CI"
        pytest.skip(f"public data absent: {path}")
    return path


# At the end: they are built from what stands above.
from tests.browsing import browser, site, visit, workshop  # noqa: E402, F401
from tests.milvus_server import milvus_server, milvus_workshop  # noqa: E402, F401
