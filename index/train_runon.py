"""Trains the weights of ``index.runon`` (``index/weights/runon.npz``) from documents whose structure is known.

    python -m index.train_runon ../shared/data

Where the labels come from, no one having written any:

* Paragraph starts. In part of the news collection the paragraph breaks survive as white space after a full stop; DRCD's
  articles are lists of paragraphs. Joined without a separator, the true starts are known.
* Headings. News items whose title stands twice before the body give exact titles; a title put before the body of its
  item, or before a later sentence of it, is a heading whose end is known.

Half of the training text is stripped to Chinese characters, ， and 。, as the digit-eating cleaners leave it. Documents
are dealt out by the hash of their text: one fold is only ever reported, one tunes
thresholds, the others train.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from index.runon import (
    LONGEST_HEADING,
    SHORTEST_HEADING,
    STOP_TEMPLATES,
    TABLE_SIZE,
    WEIGHTS_FILE,
    LineView,
    boundary_features,
    heading_features,
    heading_rows,
    ngram_rows,
)
from index.sentences import split_sentences

REPORT, TUNE, TRAIN = (0,), (1,), (2, 3, 4)
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Joined:
    """A document that has run together, and what it was."""

    text: str
    starts: tuple[int, ...]
    """Where its paragraphs began, the first excepted."""
    headings: tuple[tuple[int, int], ...] = ()


def fold_of(text: str) -> int:
    """Return the fold, 0 to ``FOLDS - 1``, of a document by its text."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS


def strip_as_cleaner(text: str) -> str:
    """Keep Chinese characters, ， and 。 only."""
    return re.sub(r"[^\u4e00-\u9fff，。]", "", text)


def _news(folder: Path, folds: tuple[int, ...]) -> list[str]:
    with lzma.open(folder / "news_train.txt.xz", "rt", encoding="utf-8") as file:
        lines = [re.sub(r"(?:返回搜狐，查看更多)?\s*责任编辑：\S{0,4}\s*$", "", line).strip() for line in file]
    return list(dict.fromkeys(line for line in lines if line and fold_of(line) in folds))


_BREAK = re.compile(r"(?<=[。！？”）])[ \u3000]+(?=\S)")


def news_paragraphs(folder: Path, folds: tuple[int, ...]) -> list[list[str]]:
    """Return the paragraphs of each news item that kept them as white space, at least three to an item."""
    items = []
    for line in _news(folder, folds):
        breaks = len(_BREAK.findall(line))
        runs = len(re.findall(r"[。！？][”）]?(?=[^\s”）])", line))
        if breaks < 2 or runs < breaks or len(re.findall(r"[^。！？”）\s][ \u3000]+(?=[\u4e00-\u9fff])", line)) > 6:
            continue
        paragraphs = [re.sub(r"[ \u3000]+", "", part) for part in _BREAK.split(line)]
        paragraphs = [part for part in paragraphs if len(part) >= 20 and "http" not in part]
        if len(paragraphs) >= 3 and 50 <= sum(map(len, paragraphs)) / len(paragraphs) <= 500:
            items.append(paragraphs)
    return items


def drcd_paragraphs(folder: Path, folds: tuple[int, ...]) -> list[list[str]]:
    """Return the paragraphs of each DRCD article that has several."""
    with lzma.open(folder / "drcd_dev.json.xz", "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    items = [[p["context"].strip() for p in article["paragraphs"]] for article in articles]
    return [item for item in items if len(item) >= 2 and fold_of(item[0]) in folds]


def titled_news(folder: Path, folds: tuple[int, ...]) -> list[tuple[str, str]]:
    """Return (title, body) of news items whose title stands twice before the body, which shows where it ends."""
    found = []
    for line in _news(folder, folds):
        match = re.match(r"(?:原标题：)?\s*(\S[^。；]{7,44}?)[ \u3000]*\1[ \u3000]*(\S.{100,})", line)
        if match and len(set(match[1])) > 5 and not re.search(r"[！？!?…～]|记者|原标题|编辑|讯$", match[1]):
            body = re.sub(r"[ \u3000]+", "", match[2])
            if not re.match(r"[，。、）：·-]|来源|作者|文|图|记者", body):
                found.append((match[1], body))
    return found


def join(paragraphs: list[str], *, stripped: bool) -> Joined:
    """Join paragraphs without a separator."""
    parts = [strip_as_cleaner(part) if stripped else part for part in paragraphs]
    starts, at = [], 0
    for part in parts:
        starts.append(at)
        at += len(part)
    return Joined("".join(parts), tuple(starts[1:]))


def title_clauses(folder: Path, folds: tuple[int, ...]) -> list[str]:
    """Return opening clauses of titles that end at a space: headings without a body of their own, for training."""
    found = []
    for line in _news(folder, folds):
        match = re.match(r"原标题：([^\s。；]{6,32})[ \u3000]+(?=\S{30})", line)
        if match and not re.search(r"[！？!?…～]|记者|通讯员|作者|来源|报|网|讯|日电", match[1]):
            half = len(match[1]) // 2
            twice = match[1][:half] == match[1][half:]
            found.append(match[1][:half] if twice else match[1])
    return list(dict.fromkeys(found))


def reports(
    titles: list[str], bodies: list[str], rng: random.Random, *, stripped: bool, sections: int = 6
) -> list[Joined]:
    """Assemble report-like documents: an opening paragraph, then sections of a title and 2 to 6 sentences.

    ``bodies[i]`` is put under ``titles[i]``.
    """
    order = list(range(len(titles)))
    rng.shuffle(order)
    documents = []
    for at in range(0, len(order) - sections, sections + 1):
        text = _body(bodies[order[at]], rng, stripped=stripped)
        headings: list[tuple[int, int]] = []
        starts: list[int] = []
        for number in order[at + 1 : at + 1 + sections]:
            heading = re.sub(r"[ \u3000]+", rng.choice(["，", "，", ""]), titles[number])
            heading = (strip_as_cleaner(heading) if stripped else heading).strip("，。！？!?")
            if len(heading) < SHORTEST_HEADING:
                continue
            headings.append((len(text), len(text) + len(heading)))
            starts.append(len(text))
            text += heading
            starts.append(len(text))
            text += _body(bodies[number], rng, stripped=stripped)
        documents.append(Joined(text, tuple(starts), tuple(headings)))
    return documents


def _body(body: str, rng: random.Random, *, stripped: bool) -> str:
    """Return some whole sentences of ``body``: from its lead, or from further on."""
    sentences = [body[a:b] for a, b in split_sentences(body) if body[b - 1] in "。！？”"]
    first = 0 if rng.random() < 0.5 or len(sentences) < 6 else rng.randrange(1, len(sentences) - 3)
    piece = "".join(sentences[first : first + rng.randint(2, 6)])
    piece = strip_as_cleaner(piece) if stripped else piece
    return piece if piece.endswith("。") else piece.rstrip("，！？”") + "。"


# ---------------------------------------------------------------------------------------------------------------------


def _fit(
    rows: np.ndarray,
    dense: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray | None,
    *,
    epochs: int,
    decay: float,
    rate: float = 0.02,
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a log-linear model on hashed n-grams and dense features.

    With ``groups`` None each row is a yes/no example. Otherwise ``rows`` is (examples, positions, templates),
    ``labels`` the right position of each example or -1 for none, and ``groups`` (examples, positions) tells which
    positions count.
    """
    torch.manual_seed(0)
    torch.set_num_threads(1)
    table = torch.zeros(TABLE_SIZE, requires_grad=True)
    weights = torch.zeros(dense.shape[-1], requires_grad=True)
    optimizer = torch.optim.Adam([{"params": [table], "lr": rate}, {"params": [weights], "lr": 0.03}])
    tensor_rows, tensor_dense = torch.from_numpy(rows.astype(np.int32)), torch.from_numpy(dense.astype(np.float32))
    target = torch.from_numpy(labels.astype(np.int64))
    mask = None if groups is None else torch.from_numpy(groups)
    size = 256 if mask is not None else 1024
    for epoch in range(epochs):
        order = torch.randperm(len(target))
        total = 0.0
        for at in range(0, len(order), size):
            batch = order[at : at + size]
            scores = table[tensor_rows[batch].long()].sum(-1) + tensor_dense[batch] @ weights
            if mask is None:
                loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, target[batch].float())
            else:
                scores = scores.masked_fill(~mask[batch], -1e9)
                scores = torch.cat([torch.zeros(len(batch), 1), scores], 1)
                loss = torch.nn.functional.cross_entropy(scores, target[batch] + 1)
            optimizer.zero_grad()
            (loss + decay * (table**2).sum()).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total += float(loss.detach()) * len(batch)
        print(f"  epoch {epoch + 1}: loss {total / len(order):.4f}", flush=True)
    return table.detach().numpy(), weights.detach().numpy()


def train_stops(texts: list[str], rng: random.Random, *, epochs: int, decay: float) -> np.ndarray:
    """Fit the model of the missing full stop: did one stand here before all were taken out."""
    rows: list[np.ndarray] = []
    labels: list[int] = []
    for text in texts:
        text = re.sub(r"[ \u3000]+", "", text[:1500])
        text = strip_as_cleaner(text) if rng.random() < 0.5 else text
        pieces = [piece for piece in re.split(r"。", text) if len(piece) > 3]
        joined, ends = "".join(pieces), np.cumsum([len(piece) for piece in pieces])[:-1]
        if len(ends) < 3:
            continue
        view = LineView(joined, np.zeros(TABLE_SIZE))
        others = np.array([rng.randrange(4, len(joined) - 4) for _ in range(5 * len(ends))])
        others = np.setdiff1d(others[view.cuttable[others]], ends)
        ends = ends[view.cuttable[ends]]
        rows.append(ngram_rows(view.codes, np.concatenate([ends, others]), STOP_TEMPLATES).astype(np.int32))
        labels += [1] * len(ends) + [0] * len(others)
    print(f"full stops: {len(labels)} places, {sum(labels)} with one", flush=True)
    stacked = np.concatenate(rows)
    dense = np.zeros((len(stacked), 1), np.float32)
    return _fit(stacked, dense, np.array(labels), None, epochs=epochs, decay=decay, rate=0.01)[0]


def train_headings(
    documents: list[Joined], stop: np.ndarray, *, epochs: int, decay: float
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the heading model: at which position after the start of a sentence does a heading end, if at all."""
    rows, dense, masks = [], [], []
    labels: list[int] = []
    width = LONGEST_HEADING + 1 - SHORTEST_HEADING + 1
    for document in documents:
        view = LineView(document.text, stop)
        ends = dict(document.headings)
        for start, end in split_sentences(document.text):
            positions, sentence_dense = heading_features(view, start, end)
            label = -1
            if start in ends:
                hit = np.flatnonzero(positions == ends[start])
                if not len(hit):
                    continue
                label = int(hit[0])
            if not len(positions):
                continue
            pad = width - len(positions)
            rows.append(np.pad(heading_rows(view, start, positions), ((0, pad), (0, 0))).astype(np.int32))
            dense.append(np.pad(sentence_dense, ((0, pad), (0, 0))).astype(np.float32))
            masks.append(np.arange(width) < len(positions))
            labels.append(label)
    print(f"headings: {len(labels)} sentences, {sum(label >= 0 for label in labels)} with a heading", flush=True)
    return _fit(np.stack(rows), np.stack(dense), np.array(labels), np.stack(masks), epochs=epochs, decay=decay)


def train_boundaries(documents: list[Joined], *, epochs: int, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Fit the boundary model: does a paragraph start at this sentence."""
    rows, dense = [], []
    labels: list[bool] = []
    for document in documents:
        sentences = split_sentences(document.text)
        if len(sentences) < 2:
            continue
        document_rows, document_dense = boundary_features(
            document.text, LineView(document.text, np.zeros(TABLE_SIZE)), sentences
        )
        rows.append(document_rows)
        dense.append(document_dense)
        starts = set(document.starts)
        labels.extend(start in starts for start, _ in sentences[1:])
    print(f"boundaries: {len(labels)} sentences, {sum(labels)} open a paragraph", flush=True)
    return _fit(
        np.concatenate(rows), np.concatenate(dense), np.array(labels), None, epochs=epochs, decay=decay, rate=0.005
    )


def main(folder: Path) -> None:
    """Train both models and write the weights."""
    rng = random.Random(0)
    paragraphs = news_paragraphs(folder, TRAIN) + drcd_paragraphs(folder, TRAIN)
    titled = titled_news(folder, TRAIN)
    clauses = title_clauses(folder, TRAIN)
    print(f"{len(paragraphs)} documents with paragraphs, {len(titled)} titles, {len(clauses)} clauses", flush=True)
    plain = [join(item, stripped=stripped) for item in paragraphs for stripped in (False, True)]
    boundary = train_boundaries(plain, epochs=6, decay=3e-4)
    titles = [title for title, _ in titled] * 3 + clauses * 2
    documents = []
    for number in range(6):
        others = ["".join(item[rng.randrange(len(item)) :]) for item in rng.choices(paragraphs, k=len(titles))]
        bodies = [titled[i][1] if i < len(titled) else other for i, other in enumerate(others)]
        documents += reports(titles, bodies, rng, stripped=number % 2 == 0)
    texts = rng.sample(_news(folder, TRAIN), 6000)
    stop = train_stops(texts, rng, epochs=3, decay=1e-5).astype(np.float16).astype(np.float64)
    heading = train_headings(documents + rng.sample(plain, len(plain) // 2), stop, epochs=4, decay=2e-4)
    WEIGHTS_FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        WEIGHTS_FILE,
        boundary=boundary[0].astype(np.float16),
        boundary_dense=boundary[1].astype(np.float32),
        stop=stop.astype(np.float16),
        heading=heading[0].astype(np.float16),
        heading_dense=heading[1].astype(np.float32),
    )
    print(f"{WEIGHTS_FILE}: {WEIGHTS_FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
