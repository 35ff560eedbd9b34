"""Train the gap detector: ``python -m qa.train_gaps DATA [--out FILE] [--epochs N] [--threads N]``.

DATA is a folder with ``news_train.txt.xz`` (one document a line) and ``cmrc2018_train.json.xz``; the written reports of
``qa/training_reports`` join them, but for every tenth. The last 2,000 news documents are never read here but for
dropping training documents that repeat them; the 1,000 before them tune the threshold and the calibration.

The weights shipped were trained on news and CMRC, then twice further with the reports (``--start … --rate 1.5e-3
--epochs 1``; ``--rate 2e-3 --epochs 3 --seed 3``), and are the ``--mean`` of both.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
import opencc
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from qa import damage, gap_network, gaps
from qa.damage import Damaged
from qa.datamodels import Gap
from qa.report_cases import chinese_texts

Vocabulary = NDArray[np.uint16]

UNSEEN, TUNING = 2000, 1000
CHANNELS, CHARACTER, PAIR, STYLE = 128, 56, 24, 16
LONG, SHORT = 384, 112
VOCABULARY = 5000
BATCH = 48 * LONG
"""Atoms in a batch."""
REPORTS = 10
"""How often each written report is met in a pass: there are few, and they count what news seldom does (宗, 例, 艘)."""


def read_news(folder: Path) -> list[str]:
    """Return the news documents in the order of the file."""
    with lzma.open(folder / "news_train.txt.xz", "rt", encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f]


def read_squad(path: Path) -> list[str]:
    """Return the distinct paragraphs of a SQuAD-style file."""
    with lzma.open(path, "rt", encoding="utf-8") as f:
        data = json.load(f)["data"]
    return list(dict.fromkeys(p["context"] for article in data for p in article["paragraphs"]))


def shingles(text: str) -> set[int]:
    """Return the hashes of an eighth of the 30-character pieces of ``text``, the same eighth for every text."""
    clean = re.sub(r"[^\u4e00-\u9fff]", "", text)
    pieces = {zlib.crc32(clean[i : i + 30].encode()) for i in range(len(clean) - 30)}
    return {h for h in pieces if h % 8 == 0}


def without_repeats(documents: list[str], others: list[str]) -> list[str]:
    """Drop the documents that share a fifth of their shingles with any of ``others``."""
    seen = set().union(*(shingles(t) for t in others))
    kept = []
    for text in documents:
        own = shingles(text)
        if len(own & seen) * 5 < max(1, len(own)):
            kept.append(text)
    return kept


def split(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Return training, tuning and unseen documents."""
    news = read_news(folder)
    unseen = news[-UNSEEN:]
    tuning = without_repeats(news[-UNSEEN - TUNING : -UNSEEN], unseen)
    training = without_repeats(news[: -UNSEEN - TUNING], unseen + tuning)
    return (
        training + 2 * read_squad(folder / "cmrc2018_train.json.xz") + REPORTS * chinese_texts(kept_out=False),
        tuning,
        unseen,
    )


def build_vocabulary(texts: list[str]) -> Vocabulary:
    """Return the id of each code point below 65536."""
    fold = opencc.OpenCC("t2s").convert
    table = np.full(65536, gap_network.OTHER, dtype=np.uint16)
    table[0x3400:0xA000] = gap_network.RARE_HANZI
    counts = np.zeros(65536, dtype=np.int64)
    for text in texts:
        codes = gaps._codes(text)
        counts += np.bincount(codes[codes < 65536], minlength=65536)
    order = [int(c) for c in np.argsort(-counts, kind="stable")[:VOCABULARY] if counts[c] >= 5]
    for rank, code in enumerate(order):
        table[code] = gap_network.FIRST + rank
    for code in range(0x4E00, 0xA000):
        simple = fold(chr(code))
        if simple != chr(code) and ord(simple) < 65536:
            table[code] = table[ord(simple)]
    for code in range(0xFF01, 0xFF5F):
        if chr(code) not in "，；：？！（）":
            table[code] = table[code - 0xFEE0]
    for code in (*range(0x30, 0x3A), *range(0xFF10, 0xFF1A)):
        table[code] = gap_network.NUMBER
    table[10] = gap_network.NEWLINE
    codes = np.arange(65536)
    table[gaps._is_space(codes)] = gap_network.SPACE
    return table


_SENTENCE = re.compile(r"[^。！？\n]*[。！？\n]+|[^。！？\n]+$")


def _cut(text: str, random: Random) -> str:
    """Return the whole text, some sentences of it, one sentence, or a piece cut anywhere."""
    draw = random.random()
    if draw < 0.6:
        return text
    if draw < 0.7:
        start = random.randrange(max(1, len(text) - 50))
        return text[start : start + random.randint(10, 150)]
    sentences = _SENTENCE.findall(text)
    if not sentences:
        return text
    first = random.randrange(len(sentences))
    return "".join(sentences[first : first + random.choice((1, 1, 1, 2, 3, 5))])[:400]


def _anonymise(text: str, random: Random) -> str:
    """Put a mark in place of a few words that are no numbers: 李某 -> 李**, 某公司 -> XX公司."""
    mark = random.choice(damage.PLACEHOLDERS)
    pieces = list(text)
    for _ in range(random.randint(1, 4)):
        i = random.randrange(max(1, len(text) - 3))
        width = random.randint(1, 3)
        if re.fullmatch(r"[\u4e00-\u9fff]{1,3}", text[i : i + width]):
            pieces[i : i + width] = [mark] + [""] * (width - 1)
    return "".join(pieces)


_OPTIONAL = ("、", "；：;:", '“”"‘’', "《》", "（）()", "！？", "%％", "\n", " ", "A-Za-z", "—…·\\-", "，", "。", "/.")


def _random_cleaner(random: Random) -> re.Pattern[str]:
    return re.compile(f"[\u4e00-\u9fff{''.join(o for o in _OPTIONAL if random.random() < 0.6)}]")


def _break_lines(text: str, random: Random) -> str:
    rate = random.choice((0.1, 0.3, 1.0))
    return re.sub(r"([。！？])", lambda m: m[1] + ("\n" if random.random() < rate else ""), text)


def _partly(random: Random) -> float:
    """Return the share of the numbers that goes: all of them, or any."""
    return random.choice((1.0, random.random()))


def _random_strip(text: str, random: Random) -> Damaged:
    collapse = random.choice(("", "", " "))
    return damage.drop_all_but(text, _random_cleaner(random), random, rate=_partly(random), collapse=collapse)


def _random_mark(text: str, random: Random) -> Damaged:
    mark = random.choice(damage.PLACEHOLDERS)
    return damage.replace_numbers(text, mark, len(mark) == 1 and random.random() < 0.7, random, _partly(random))


# What may befall a training text, and how often in a hundred. A good quarter loses no number.
MIX: tuple[tuple[int, Callable[[str, Random], Damaged]], ...] = (
    (22, lambda text, random: Damaged(text)),
    (4, lambda text, random: damage.strip_like_seed(text, random, rate=0.0)),
    (24, lambda text, random: damage.strip_like_seed(text)),
    (6, lambda text, random: damage.strip_like_seed(text, random, rate=_partly(random))),
    (10, lambda text, random: damage.drop_digits(text)),
    (6, lambda text, random: damage.drop_digits(text, percent=True)),
    (10, lambda text, random: damage.drop_digits(text, random, random.random(), percent=random.random() < 0.5)),
    (8, _random_strip),
    (4, lambda text, random: damage.replace_numbers(text, " ", random=random, rate=_partly(random))),
    (6, _random_mark),
)


def spoil(text: str, random: Random) -> Damaged:
    """Damage a text in a way drawn at random from ``MIX``."""
    if random.random() < 0.2:
        text = _break_lines(text, random)
    if random.random() < 0.04:
        text = damage.to_full_width(text)
    if random.random() < 0.03:
        text = _anonymise(text, random)
    (_, cleaner), *_ = random.choices(MIX, weights=[weight for weight, _ in MIX])
    return cleaner(text, random)


def _join(first: Damaged, second: Damaged, between: str) -> Damaged:
    """Return one text of which each part had a cleaner of its own."""
    text = first.text + between
    shift = len(text)
    found = {*first.gaps, *(a + shift for a in second.gaps)}
    names = {*first.names, *(a + shift for a in second.names)} - found
    return Damaged(text + second.text, tuple(sorted(found)), tuple(sorted(names)))


def label(damaged: Damaged, atoms: gap_network.Atoms) -> tuple[Any, Any]:
    """Return (n,) targets and (n,) weights; places where a name was dropped weigh nothing."""
    target = np.zeros(len(atoms.ids), dtype=np.float32)
    weight = np.ones(len(atoms.ids), dtype=np.float32)
    weight[np.minimum(np.searchsorted(atoms.at, damaged.names), len(weight) - 1)] = 0
    weight[gap_network.impossible(atoms)] = 0
    where = np.searchsorted(atoms.at, damaged.gaps)
    target[where] = 1
    return target, weight


@dataclass(frozen=True, slots=True)
class Recipe:
    """How texts of a language are cut, damaged and turned into atoms."""

    cut: Callable[[str, Random], str]
    spoil: Callable[[str, Random], Damaged]
    atomize: Callable[[str], gap_network.Atoms]


def chinese(vocabulary: Vocabulary) -> Recipe:
    """Return the recipe for Chinese text."""
    return Recipe(_cut, spoil, lambda text: gaps.atomize(text, vocabulary))


Row = tuple[Any, ...]


def rows(texts: list[str], recipe: Recipe, random: Random) -> Iterator[tuple[int, Row]]:
    """Yield (length, arrays padded to that length) of windows of the damaged texts."""
    for text in texts:
        piece = recipe.cut(text, random)
        # A sentence alone shows no cleaner's hand: so that it is not presumed damaged, more of them stay intact.
        damaged = Damaged(piece) if len(piece) < 150 and random.random() < 0.3 else recipe.spoil(piece, random)
        if random.random() < 0.06:
            other = recipe.spoil(recipe.cut(random.choice(texts), random), random)
            damaged = _join(damaged, other, random.choice(("", "\n")))
        atoms = recipe.atomize(damaged.text)
        target, weight = label(damaged, atoms)
        n = len(atoms.ids)
        length = SHORT if n <= SHORT else LONG
        start = -random.randrange(max(1, min(length - n, 40))) if n < length else -random.randrange(64)
        while start < n:
            low, high = max(start, 0), min(start + length, n)
            row = [np.zeros((length, *a.shape[1:]), a.dtype) for a in (atoms.ids, atoms.flags, target, weight)]
            for out, a in zip(row, (atoms.ids, atoms.flags, target, weight), strict=True):
                out[low - start : high - start] = a[low:high]
            # Now and then no style at all, so that the words alone must do.
            yield length, (*row, atoms.style * (random.random() > 0.05))
            start += length


def batches(texts: list[str], recipe: Recipe, random: Random, size: int) -> Iterator[list[torch.Tensor]]:
    """Yield tensors of ``size`` atoms in all."""
    waiting: dict[int, list[Row]] = {LONG: [], SHORT: []}
    for length, row in rows(texts, recipe, random):
        waiting[length].append(row)
        if len(waiting[length]) * length >= size:
            yield [torch.from_numpy(np.stack(column)) for column in zip(*waiting[length], strict=True)]
            waiting[length] = []


def _norm() -> nn.BatchNorm1d:
    norm = nn.BatchNorm1d(CHANNELS)
    # Blocks add to one another; a small gain keeps the sum tame at the start.
    nn.init.constant_(norm.weight, 0.5)
    return norm


class Blocks(nn.Module):
    """The network that ``qa.gap_network._forward`` runs, with batch normalisation still apart from the kernels."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.input = nn.Linear(inputs, CHANNELS)
        self.kernels = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, 3, padding=d, dilation=d, bias=False) for d in gap_network.DILATIONS
        )
        self.norms = nn.ModuleList(_norm() for _ in gap_network.DILATIONS)
        self.pool = nn.Linear(CHANNELS, CHANNELS)
        self.hidden = nn.Linear(CHANNELS, 64)
        self.output = nn.Linear(64, 1)

    def looked_up(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the vectors of the atoms, (batch, length, n)."""
        raise NotImplementedError

    def forward(self, ids: torch.Tensor, flags: torch.Tensor, style: torch.Tensor, drop: float = 0.0) -> torch.Tensor:
        """Return (batch, length) logits."""
        real = (ids != gap_network.PAD).unsqueeze(2).float()
        around = torch.cat([flags, style.unsqueeze(1).expand(-1, ids.shape[1], -1)], 2) * real
        x = torch.cat([self.looked_up(ids), around], 2)
        x = F.dropout(F.relu(self.input(x)), drop, self.training).transpose(1, 2)
        mask = real.transpose(1, 2)
        for i, (kernel, norm) in enumerate(zip(self.kernels, self.norms, strict=True)):
            if i == gap_network.POOL_AFTER:
                mean = (x * mask).sum(2) / mask.sum(2).clamp(min=1)
                x = x + F.relu(self.pool(mean)).unsqueeze(2)
            x = x + F.relu(norm(kernel(x)))
        x = F.dropout(x.transpose(1, 2), drop, self.training)
        logits: torch.Tensor = self.output(F.relu(self.hidden(x))).squeeze(2)
        return logits.float()

    def restore(self, weights: dict[str, Any]) -> None:
        """Take over unpacked weights of a file; the normalisation is folded into them, so it must stay frozen."""
        with torch.no_grad():
            for name in ("input", "pool", "hidden", "output"):
                getattr(self, name).weight.copy_(torch.from_numpy(weights[name].T))
                getattr(self, name).bias.copy_(torch.from_numpy(weights[name + "_bias"]))
            for i, (kernel, norm) in enumerate(zip(self.kernels, self.norms, strict=True)):
                assert isinstance(norm, nn.BatchNorm1d)
                assert isinstance(kernel, nn.Conv1d)
                folded = weights[f"kernel{i}"].reshape(3, CHANNELS, CHANNELS).transpose(2, 1, 0)
                kernel.weight.copy_(torch.from_numpy(folded))
                nn.init.constant_(norm.weight, (1 + norm.eps) ** 0.5)
                norm.bias.copy_(torch.from_numpy(weights[f"bias{i}"]))
        self.norms.eval()

    def export(self) -> dict[str, Any]:
        """Return the arrays of the weight file, as float16."""
        arrays: dict[str, Any] = {}
        for name in ("input", "pool", "hidden", "output"):
            layer = getattr(self, name)
            arrays[name] = layer.weight.detach().numpy().T.astype(np.float16)
            arrays[name + "_bias"] = layer.bias.detach().numpy().astype(np.float16)
        for i, (kernel, norm) in enumerate(zip(self.kernels, self.norms, strict=True)):
            assert isinstance(norm, nn.BatchNorm1d)
            assert isinstance(kernel, nn.Conv1d)
            assert norm.running_var is not None
            assert norm.running_mean is not None
            gain = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()
            folded = (kernel.weight * gain[:, None, None]).detach().numpy()
            arrays[f"kernel{i}"] = folded.transpose(2, 1, 0).reshape(-1, CHANNELS).astype(np.float16)
            arrays[f"bias{i}"] = (norm.bias - norm.running_mean * gain).detach().numpy().astype(np.float16)
        return arrays


def quantised(name: str, table: NDArray[np.float32]) -> dict[str, Any]:
    """Return a table of vectors as int8 with a scale a row."""
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127, 1e-6).astype(np.float16)
    rounded = np.round(table / scale.astype(np.float32)).clip(-127, 127).astype(np.int8)
    return {name: rounded, name + "_scale": scale}


class CharacterNetwork(Blocks):
    """The network over characters and pairs of them."""

    def __init__(self, characters: int) -> None:
        super().__init__(CHARACTER + PAIR + 2 + STYLE)
        self.characters = nn.Embedding(characters, CHARACTER)
        self.pairs = nn.Embedding(gap_network.BIGRAM_ROWS, PAIR)
        nn.init.normal_(self.characters.weight, std=0.3)
        nn.init.normal_(self.pairs.weight, std=0.1)

    def looked_up(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the vectors of characters and pairs."""
        pairs = torch.from_numpy(gap_network.bigrams(ids.numpy()))
        return torch.cat([self.characters(ids), self.pairs(pairs)], 2)

    def restore(self, weights: dict[str, Any]) -> None:
        """Take over the tables too."""
        super().restore(weights)
        with torch.no_grad():
            for name in ("characters", "pairs"):
                getattr(self, name).weight.copy_(torch.from_numpy(weights[name]))

    def export(self) -> dict[str, Any]:
        """Return the tables too."""
        tables = {name: getattr(self, name).weight.detach().numpy() for name in ("characters", "pairs")}
        return super().export() | quantised("characters", tables["characters"]) | quantised("pairs", tables["pairs"])


def train(
    network: Blocks, texts: list[str], recipe: Recipe, steps: int, rate: float, random: Random, drop: float = 0.1
) -> Blocks:
    """Train for ``steps`` batches, each text with fresh damage in each pass; return the average of the last ones."""
    average = torch.optim.swa_utils.AveragedModel(
        network,
        multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995),  # type: ignore[no-untyped-call]
        use_buffers=True,
    )
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.15)
    step, total, count, started = 0, 0.0, 0.0, time.time()
    while step < steps:
        random.shuffle(texts)
        for ids, flags, target, weight, style in batches(texts, recipe, random, BATCH):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = network(ids, flags, style, drop=drop)
            losses = F.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum")
            optimizer.zero_grad(set_to_none=True)
            (losses / weight.sum()).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average.update_parameters(network)
            step, total, count = step + 1, total + losses.item(), count + weight.sum().item()
            if step % 100 == 0:
                print(f"step {step}/{steps} loss {total / count:.5f} {time.time() - started:.0f} s", flush=True)
                total = count = 0.0
            if step >= steps:
                break
    average.eval()
    return cast("Blocks", average.module)


def calibrate(texts: list[str], weights: dict[str, Any], recipe: Recipe, seed: int) -> tuple[float, float]:
    """Return scale and shift that make the logits of the exported network probabilities, fitted on ``texts``."""
    random = Random(seed)
    logits, targets = [], []
    for text in texts:
        damaged = recipe.spoil(recipe.cut(text, random), random)
        atoms = recipe.atomize(damaged.text)
        target, weight = label(damaged, atoms)
        logits.append(gap_network.logits(atoms, weights)[weight > 0])
        targets.append(target[weight > 0])
    x, y = torch.from_numpy(np.concatenate(logits)).double(), torch.from_numpy(np.concatenate(targets)).double()
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([line], max_iter=50)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(x * line[0] + line[1], y)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    scale, shift = line.detach().tolist()
    return scale, shift


def report_thresholds(texts: list[str]) -> None:
    """Print, for thresholds, F1 on text stripped like the seed report and with one number in two gone, and silence."""
    kinds = ("like seed", "digits only", "one number in two", "one number in five")
    scored: dict[str, list[tuple[Damaged, list[Gap]]]] = {}
    for kind in (*kinds, "intact", "intact, punctuation gone"):
        spoiled = [damage.KINDS[kind](text, Random(i)) for i, text in enumerate(texts)]
        scored[kind] = [(d, gaps.score_gaps(d.text)) for d in spoiled]
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        line = f"threshold {threshold}:"
        for kind, pairs in scored.items():
            right = false = missed = 0
            for damaged, found in pairs:
                at = {g.at for g in found if g.confidence >= threshold} - set(damaged.names)
                right += len(at & set(damaged.gaps))
                false += len(at - set(damaged.gaps))
                missed += len(set(damaged.gaps) - at)
            if right + missed:
                line += f" {kind} F1 {2 * right / (2 * right + false + missed):.4f}"
            else:
                line += f" {kind} {false * 1e4 / sum(len(d.text) for d, _ in pairs):.2f} false per 10k"
        print(line)


def mean_of(paths: Sequence[Path]) -> dict[str, Any]:
    """Return the arrays of the weight file that is the mean of some: trained from one start, they are better so."""
    trained = [gap_network.load_weights(path) for path in paths]
    arrays = {name: np.mean([w[name] for w in trained], axis=0) for name in trained[0] if name != "calibration"}
    tables = quantised("characters", arrays.pop("characters")) | quantised("pairs", arrays.pop("pairs"))
    vocabulary = arrays.pop("vocabulary").astype(np.uint16)
    return {"vocabulary": vocabulary, **tables, **{name: a.astype(np.float16) for name, a in arrays.items()}}


def tune(path: Path, tuning: list[str], recipe: Recipe, seed: int) -> None:
    """Add the calibration to the weight file and print what each threshold would give."""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["calibration"] = np.array(calibrate(tuning, gap_network.load_weights(path), recipe, seed), dtype=np.float32)
    np.savez_compressed(path, **arrays)
    print("calibration", arrays["calibration"])
    if path == gaps.WEIGHTS:
        gap_network.load_weights.cache_clear()
        report_thresholds(tuning)


def main() -> None:
    """Train, write the weights, and tune threshold and calibration."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=gaps.WEIGHTS)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="go on from these weights, at a lower --rate")
    parser.add_argument("--mean", type=Path, nargs="+", help="no training: the mean of these weights")
    parser.add_argument("--tune-only", action="store_true", help="keep the weights, fit the calibration anew")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    training, tuning, _ = split(args.data)
    if args.mean:
        np.savez_compressed(args.out, **mean_of(args.mean))
    if args.mean or args.tune_only:
        tune(args.out, tuning, chinese(gap_network.load_weights(args.out)["vocabulary"]), args.seed)
        return
    print(f"{len(training)} training and {len(tuning)} tuning documents")
    start = gap_network.load_weights(args.start) if args.start else None
    vocabulary = start["vocabulary"] if start else build_vocabulary(training)
    torch.manual_seed(args.seed)
    network = CharacterNetwork(int(vocabulary.max()) + 1)
    if start:
        network.restore(start)
    steps = int(args.epochs * sum(min(len(t), 700) + 150 for t in training) * 0.78 / BATCH)
    recipe = chinese(vocabulary)
    trained = train(network, training, recipe, steps, args.rate, Random(args.seed))
    np.savez_compressed(args.out, vocabulary=vocabulary, **trained.export())
    tune(args.out, tuning, recipe, args.seed)


if __name__ == "__main__":
    main()
